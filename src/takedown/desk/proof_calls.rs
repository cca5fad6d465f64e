//! Claims to be shown, and what came of looking at them.
//!
//! The calls take a [`Case`] that the caller has opened before, with its passphrase or as one of the staff: to have it is
//! to be let in.

use serde_json::json;

use super::intake::plain_name;
use super::person::{ATTACHMENT_BYTES_MAX, ATTACHMENTS_MAX};
use super::types::{Attachment, ClaimLine, Proof, Review, Strength};
use super::{Desk, DeskError};
use crate::takedown::accounts::{Account, new_secret};
use crate::takedown::case::{Actor, Case};
use crate::takedown::letters;
use crate::takedown::proof::code::SECRET_BYTES;
use crate::takedown::proof::{self, Claim, ClaimState, Kind, Outcome, RowFacts, Subject};

/// Claims of one case: somebody with more domains than this shows a few of them.
pub const CLAIMS_MAX: usize = 20;
/// Looks an hour at the proofs of one case: a new DNS record is tried again and again, other servers are not asked
/// endlessly.
const CHECKS_AN_HOUR: i64 = 20;
const HOUR_MS: i64 = 3_600_000;
/// A letter with a code is written again after this long: nobody's mailbox is filled through this portal.
const LETTER_AGAIN_MS: i64 = HOUR_MS;
/// Longest note of a reviewer about a mandate, characters.
const NOTE_CHARS_MAX: usize = 300;

/// A claim that is being looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    pub claim: Claim,
    /// What is to be found.
    pub code: String,
}

impl Desk {
    /// A claim that something is theirs; the same one again where it was made before. For a mailbox, the letter with the
    /// code is written, if the mailbox stands in a row.
    pub async fn claim(
        &self,
        case: &Case,
        kind: Kind,
        subject: &Subject,
        rows: &[RowFacts],
    ) -> Result<ClaimLine, DeskError> {
        let subject = subject.as_str();
        if kind == Kind::RowEmail && !proof::stands_in_a_row(rows, subject) {
            return Err(DeskError::NotClaimed(
                "This address does not stand in any record of the case, so no letter was sent to it.".to_owned(),
            ));
        }
        let id = claim_id(kind, subject);
        let known = self.store.claims(&case.number).await?;
        let now_ms = self.now_ms();
        let mut claim = match known.iter().find(|claim| claim.id == id) {
            Some(claim) => claim.clone(),
            None if known.len() >= CLAIMS_MAX => {
                return Err(DeskError::TooMuch(format!("a case has at most {CLAIMS_MAX} things to be shown")));
            }
            None => Claim::new(id, kind, subject, now_ms),
        };
        let mut fresh = [0; SECRET_BYTES];
        (self.config.entropy)(&mut fresh);
        let mut writing = self.store.write().await?;
        let secret = writing.proof_secret(&fresh).await?;
        let code = proof::code::of(&secret, &case.number, kind, subject);
        if kind == Kind::RowEmail && claim.mailed_ms.is_none_or(|at| now_ms - at >= LETTER_AGAIN_MS) {
            let letter = letters::proof_code(&case.number, subject, &code, &self.rules);
            self.post(&mut writing, &case.number, None, &letter, true).await?;
            claim.mailed_ms = Some(now_ms);
        }
        writing.keep_claim(&case.number, &claim).await?;
        writing.commit().await?;
        Ok(ClaimLine { code: kind.publishes_code().then_some(code), claim })
    }

    /// A file that a person has to look at: a mandate.
    pub async fn claim_file(
        &self,
        case: &Case,
        kind: Kind,
        file: Attachment,
        is_identity: bool,
    ) -> Result<ClaimLine, DeskError> {
        if file.bytes.len() > ATTACHMENT_BYTES_MAX {
            let mib = ATTACHMENT_BYTES_MAX >> 20;
            return Err(DeskError::TooMuch(format!("an attached file has at most {mib} MiB")));
        }
        if self.store.attachments(&case.number).await?.len() >= ATTACHMENTS_MAX
            || self.store.claims(&case.number).await?.len() >= CLAIMS_MAX
        {
            return Err(DeskError::TooMuch(format!("a case has at most {ATTACHMENTS_MAX} attached files")));
        }
        let file = Attachment { name: plain_name(&file.name), ..file };
        let id = new_secret(&*self.config.entropy)[..16].to_owned();
        let mut claim = Claim::new(id, kind, &file.name, self.now_ms());
        let mut writing = self.store.write().await?;
        let attachment = self.keep_attachment(&mut writing, &case.number, &file, Some(&Actor::Requester)).await?;
        claim.attachment = Some(attachment);
        claim.is_identity = is_identity;
        claim.state = ClaimState::WithStaff;
        writing.keep_claim(&case.number, &claim).await?;
        writing.commit().await?;
        Ok(ClaimLine { claim, code: None })
    }

    /// Everything of a case that was to be shown, with the codes that are published.
    pub async fn claims(&self, case: &Case) -> Result<Vec<ClaimLine>, DeskError> {
        self.claim_lines(&case.number).await
    }

    pub(super) async fn claim_lines(&self, number: &str) -> Result<Vec<ClaimLine>, DeskError> {
        let claims = self.store.claims(number).await?;
        let secret = self.store.proof_secret().await?;
        let line = |claim: Claim| {
            let secret = secret.as_ref().filter(|_| claim.kind.publishes_code());
            let code = secret.map(|secret| proof::code::of(secret, number, claim.kind, &claim.subject));
            ClaimLine { claim, code }
        };
        Ok(claims.into_iter().map(line).collect())
    }

    /// Before a look: counts it against the case and says what is to be found.
    ///
    /// # Errors
    /// [`DeskError::Throttled`] where the case was looked at too often.
    pub async fn begin_look(&self, case: &Case, id: &str) -> Result<Look, DeskError> {
        let claims = self.store.claims(&case.number).await?;
        let claim = claims.into_iter().find(|claim| claim.id == id).ok_or_else(no_such_claim)?;
        if claim.state == ClaimState::WithStaff {
            return Err(DeskError::NotClaimed("One of the maintainers looks at this file.".to_owned()));
        }
        let now_ms = self.now_ms();
        let mut writing = self.store.write().await?;
        let oldest = writing.count_proof_check(&case.number, now_ms - HOUR_MS, CHECKS_AN_HOUR, now_ms).await?;
        if let Some(oldest) = oldest {
            let seconds = (oldest + HOUR_MS - now_ms).max(1_000) / 1_000;
            return Err(DeskError::Throttled { seconds });
        }
        let mut fresh = [0; SECRET_BYTES];
        (self.config.entropy)(&mut fresh);
        let secret = writing.proof_secret(&fresh).await?;
        writing.commit().await?;
        let code = proof::code::of(&secret, &case.number, claim.kind, &claim.subject);
        Ok(Look { claim, code })
    }

    /// After a look: keeps what came of it. A proof is kept for good, with its date; a look of the staff's that found
    /// nothing is in the log.
    pub async fn end_look(&self, case: &Case, look: Look, outcome: Outcome, by: Actor) -> Result<ClaimLine, DeskError> {
        let mut claim = look.claim;
        let now_ms = self.now_ms();
        claim.checked_ms = Some(now_ms);
        let proof = match outcome {
            Outcome::Shown { strength, note } => {
                claim.state = ClaimState::Shown;
                claim.strength = Some(strength);
                claim.note.clone_from(&note);
                let (kind, subject) = (claim.kind.name().to_owned(), claim.subject.clone());
                Some(Proof { kind, subject, strength, checked_ms: now_ms, note })
            }
            Outcome::NotShown { note } => {
                claim.state = ClaimState::NotShown;
                claim.strength = None;
                claim.note = note;
                None
            }
        };
        let mut writing = self.store.write().await?;
        writing.keep_claim(&case.number, &claim).await?;
        if proof.is_none() && matches!(by, Actor::Staff(_)) {
            let what = ("proof_not_found", "A proof of who asks was looked for again and not found.");
            self.log_one(&mut writing, (&case.number, None), &by, what, &json!({ "kind": claim.kind })).await?;
        }
        writing.commit().await?;
        if let Some(proof) = proof {
            self.add_proof(&case.number, proof, by).await?;
        }
        let code = claim.kind.publishes_code().then_some(look.code);
        Ok(ClaimLine { claim, code })
    }

    /// What one of the staff makes of a file that was sent as a proof. A document of identity is deleted with the verdict,
    /// whoever said that it is one.
    pub async fn judge_file(
        &self,
        account: &Account,
        number: &str,
        id: &str,
        is_enough: bool,
        is_identity: bool,
        note: &str,
    ) -> Result<Review, DeskError> {
        let number = self.seen_by(account, number).await?;
        let mut claim =
            self.store.claims(&number).await?.into_iter().find(|claim| claim.id == id).ok_or_else(no_such_claim)?;
        if claim.attachment.is_none() {
            return Err(DeskError::NotClaimed("This is not a file to be looked at.".to_owned()));
        }
        let words = if is_enough {
            "A maintainer looked at the file: it is enough."
        } else {
            "A maintainer looked at the file: it is not enough."
        };
        let note: String = note.trim().chars().take(NOTE_CHARS_MAX).collect();
        claim.note = if note.is_empty() { words.to_owned() } else { format!("{words} {note}") };
        claim.state = if is_enough { ClaimState::Shown } else { ClaimState::NotShown };
        claim.strength = is_enough.then_some(Strength::Fair);
        claim.checked_ms = Some(self.now_ms());
        let actor = Actor::Staff(account.name.clone());
        let goes = claim.is_identity || is_identity;
        let mut writing = self.store.write().await?;
        if let Some(attachment) = claim.attachment.clone().filter(|_| goes) {
            if writing.delete_attachment(&number, &attachment).await? {
                let what = ("attachment_deleted", "An attached file was deleted after it was looked at.");
                let detail = json!({ "attachment": attachment });
                self.log_one(&mut writing, (&number, None), &actor, what, &detail).await?;
            }
            // The file's name may say who somebody is.
            "a deleted file".clone_into(&mut claim.subject);
            claim.is_identity = true;
        }
        writing.keep_claim(&number, &claim).await?;
        if !is_enough {
            let what = ("proof_not_found", "A file that was sent as a proof was looked at: it is not enough.");
            self.log_one(&mut writing, (&number, None), &actor, what, &json!({ "kind": claim.kind })).await?;
        }
        writing.commit().await?;
        if is_enough {
            let proof = Proof {
                kind: claim.kind.name().to_owned(),
                subject: claim.subject.clone(),
                strength: Strength::Fair,
                checked_ms: self.now_ms(),
                // A reviewer's own words may name somebody: they stay with the claim and out of the log.
                note: words.to_owned(),
            };
            self.add_proof(&number, proof, actor).await?;
        }
        self.review(account, &number).await
    }
}

fn no_such_claim() -> DeskError {
    DeskError::NotClaimed("There is no such proof in this case.".to_owned())
}

/// The same for the same thing, so that it is not asked for twice.
fn claim_id(kind: Kind, subject: &str) -> String {
    let digest = <sha2::Sha256 as sha2::Digest>::digest(format!("{}\n{subject}", kind.name()));
    hex::encode(&digest[..8])
}
