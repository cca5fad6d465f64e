//! What the person does: file, follow, answer, narrow, withdraw, appeal.

use std::collections::{BTreeMap, HashSet};

use super::filing_queue::Prepared;
pub use super::intake::{ANY_DATASET, normal_number};
use super::intake::{by_dataset, case_of, one_after_the_other, person_of, plain_name, searched};
use super::shelf::{Extras, Step};
use super::types::{Attachment, Filed, Followed};
use super::{Desk, DeskError, aside};
use crate::takedown::accounts::{digest, new_secret};
use crate::takedown::case::{Actor, Case, RecordRef, Target};
use crate::takedown::decision::{self, Act, CounterNotice, NewTarget};
use crate::takedown::filing::{self, Check, Filing};
use crate::takedown::letters;
use crate::takedown::passphrase;
use crate::takedown::rules::LetterKind;
use crate::takedown::store::CaseRow;

/// Most rows in a case, over all its datasets. What is more is filed in parts.
pub const ROWS_MAX: usize = 100_000;
/// Most files on a case, and their sizes: evidence, not an archive.
pub const ATTACHMENTS_MAX: usize = 20;
pub const ATTACHMENT_BYTES_MAX: usize = 16 << 20;
/// Longest message, characters: what the EU's transparency database takes for facts.
pub const MESSAGE_CHARS_MAX: usize = 5_000;
/// What stands in the timeline where somebody sent files without a word.
const FILES_ONLY: &str = "(files, without words)";
/// How long a link that confirms an address works.
const CONFIRM_WITHIN_MS: i64 = 30 * 86_400_000;
/// Numbers that are tried before filing gives up. They have 40 bits: the second is hardly ever needed.
const NUMBERS_TRIED: usize = 4;
/// Letters and digits of case numbers (Crockford's): no I, L, O, U, so nothing is misread over the telephone.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Desk {
    /// What [`Desk::file`] would find missing or wrong.
    pub fn check(&self, filing: &Filing, n_records: usize) -> Check {
        filing::check(filing, &self.rules, n_records)
    }

    /// Takes in a case: one target a dataset of `records`, each with its clock. On the disk before it returns.
    ///
    /// # Errors
    /// [`DeskError::Missing`] says what the basis lacks.
    pub async fn file(&self, filing: Filing, records: Vec<RecordRef>) -> Result<Filed, DeskError> {
        self.file_with(filing, records, Vec::new()).await
    }

    /// The same, asking `datasets` too, in which the person could not name a row. Where there are neither records nor
    /// datasets, the one target is called [`ANY_DATASET`].
    pub async fn file_with(
        &self,
        filing: Filing,
        records: Vec<RecordRef>,
        datasets: Vec<String>,
    ) -> Result<Filed, DeskError> {
        let check = self.check(&filing, records.len());
        if !check.missing.is_empty() || !check.problems.is_empty() {
            return Err(DeskError::Missing(check));
        }
        if records.len() > ROWS_MAX {
            return Err(DeskError::TooMuch(format!(
                "a case has at most {ROWS_MAX} rows: file the others in another one"
            )));
        }
        let by_dataset = by_dataset(records, datasets);
        let passphrase = passphrase::generate(&*self.config.entropy);
        let (typed, entropy) = (passphrase.clone(), self.config.entropy.clone());
        let hash = aside(move || passphrase::hash(&typed, &*entropy)).await?;
        let hash = hash.map_err(|error| DeskError::TooMuch(format!("the passphrase cannot be hashed: {error}")))?;
        for _ in 0..NUMBERS_TRIED {
            let prepared = self.prepare(&self.new_number(), &filing, &by_dataset, &hash)?;
            let case = Case {
                targets: prepared.outcomes.iter().map(|outcome| outcome.target.clone()).collect(),
                ..prepared.row.case.clone()
            };
            if self.write_filing(prepared).await? {
                let events = self.store.events(&case.number).await?;
                return Ok(Filed { case: Case { events, ..case }, passphrase });
            }
        }
        Err(DeskError::TooMuch("no free case number was found".into()))
    }

    fn prepare(
        &self,
        number: &str,
        filing: &Filing,
        by_dataset: &BTreeMap<String, Vec<RecordRef>>,
        hash: &str,
    ) -> Result<Prepared, DeskError> {
        let (now_ms, today) = (self.now_ms(), self.today());
        let rules = self.rules.of(filing.basis, filing.requester.country.as_deref());
        let calendar = self.rules.calendar(rules);
        let mut outcomes = Vec::with_capacity(by_dataset.len());
        for (dataset, rows) in by_dataset {
            let new = NewTarget { dataset: dataset.clone(), rows: rows.clone(), scope: filing.scope };
            let opened = decision::open(new, rules, calendar, today, now_ms);
            let acknowledged = decision::transition(&opened.target, &Act::Acknowledge, rules, calendar, today, now_ms)?;
            outcomes.push(one_after_the_other(opened, acknowledged));
        }
        let case = case_of(number, filing, now_ms);
        let after = Case { targets: outcomes.iter().map(|outcome| outcome.target.clone()).collect(), ..case.clone() };
        let calls: Vec<(LetterKind, &Target)> =
            outcomes.iter().flat_map(|outcome| outcome.letters.iter().map(|kind| (*kind, &outcome.target))).collect();
        let mut letters = self.letters_of(&after, &calls);
        let email = filing.requester.email.as_deref().filter(|_| filing.email_optin);
        let mail_token = email.map(|email| {
            let token = new_secret(&*self.config.entropy);
            let site = self.config.public_url.as_deref().unwrap_or_default().trim_end_matches('/');
            let link = format!("{site}/cases/confirm/{token}");
            letters.push((letters::confirm_email(number, email, &link, &self.rules), None));
            digest(&token)
        });
        let row = CaseRow {
            person: person_of(&filing.requester),
            search: searched(&case),
            case,
            passphrase_hash: hash.to_owned(),
            email_confirmed_ms: None,
        };
        Ok(Prepared { row, outcomes, letters, mail_token })
    }

    /// The case behind a number and a passphrase. A wrong number takes as long as a wrong passphrase and is told the
    /// same way.
    pub async fn case(&self, number: &str, passphrase: &str) -> Result<Case, DeskError> {
        let number = self.unlock(number, passphrase).await?;
        Ok(self.whole(&number).await?.1)
    }

    /// The case with its letters, attachments and proofs.
    pub async fn follow(&self, number: &str, passphrase: &str) -> Result<Followed, DeskError> {
        let number = self.unlock(number, passphrase).await?;
        let (taken, case) = self.whole(&number).await?;
        Ok(Followed {
            case,
            letters: self.store.letters(&number, false).await?,
            attachments: self.store.attachments(&number).await?,
            proofs: self.store.proofs(&number).await?,
            claims: self.claim_lines(&number).await?,
            email_confirmed: taken.row.email_confirmed_ms.is_some(),
        })
    }

    /// Adds information, or answers a question: every target that waits for one goes on.
    pub async fn message(
        &self,
        number: &str,
        passphrase: &str,
        text: &str,
        attachments: Vec<Attachment>,
    ) -> Result<Case, DeskError> {
        let number = self.unlock(number, passphrase).await?;
        if text.chars().count() > MESSAGE_CHARS_MAX {
            return Err(DeskError::TooMuch(format!("a message has at most {MESSAGE_CHARS_MAX} characters")));
        }
        let attachments = self.acceptable(&number, attachments).await?;
        // A file says enough by itself.
        let text = if text.trim().is_empty() && !attachments.is_empty() { FILES_ONLY } else { text };
        let extras = Extras { attachments: &attachments, by: Some(Actor::Requester) };
        let act = Act::Message { text: text.to_owned(), by: Actor::Requester };
        self.on_all_that_can(&number, None, &extras, &act).await
    }

    pub async fn withdraw(&self, number: &str, passphrase: &str, dataset: Option<&str>) -> Result<Case, DeskError> {
        let number = self.unlock(number, passphrase).await?;
        self.on_all_that_can(&number, dataset, &Extras::default(), &Act::Withdraw).await
    }

    pub async fn appeal(
        &self,
        number: &str,
        passphrase: &str,
        dataset: Option<&str>,
        why: &str,
    ) -> Result<Case, DeskError> {
        let number = self.unlock(number, passphrase).await?;
        self.on_all_that_can(&number, dataset, &Extras::default(), &Act::Appeal { why: why.to_owned() }).await
    }

    /// Takes rows out of the case, by record id.
    pub async fn narrow(&self, number: &str, passphrase: &str, drop_ids: &[String]) -> Result<Case, DeskError> {
        let number = self.unlock(number, passphrase).await?;
        let wanted: HashSet<&str> = drop_ids.iter().map(String::as_str).collect();
        self.change(&number, &Extras::default(), |taken| {
            let mut steps = Vec::new();
            for stored in &taken.targets {
                let rows = stored.target.rows.iter().filter(|row| wanted.contains(row.record.id.as_str()));
                let drop: Vec<String> = rows.map(|row| row.record.id.clone()).collect();
                if !drop.is_empty() {
                    let dataset = stored.target.dataset.clone();
                    steps.push(Step { dataset, act: Act::Narrow { drop }, expected: None });
                }
            }
            if steps.is_empty() { Err(decision::DecisionError::NoRecords.into()) } else { Ok(steps) }
        })
        .await?;
        Ok(self.whole(&number).await?.1)
    }

    pub async fn attachment(&self, number: &str, passphrase: &str, id: &str) -> Result<Attachment, DeskError> {
        let number = self.unlock(number, passphrase).await?;
        self.store.attachment(&number, id).await?.ok_or(DeskError::NoSuchAttachment)
    }

    /// A counter-notice (DMCA): of whoever's material was taken down, so it needs no passphrase of the case.
    pub async fn counter_notice(
        &self,
        number: &str,
        dataset: &str,
        notice: CounterNotice,
        by: Actor,
    ) -> Result<(), DeskError> {
        let number = normal_number(number);
        let act = Act::CounterNotice { notice, by };
        self.change(&number, &Extras::default(), |_| {
            Ok(vec![Step { dataset: dataset.to_owned(), act: act.clone(), expected: None }])
        })
        .await?;
        Ok(())
    }

    /// Confirms an e-mail address by the secret in its link; gives the case's number. A link that was used works again.
    pub async fn confirm_email(&self, token: &str) -> Result<String, DeskError> {
        let now_ms = self.now_ms();
        let mut writing = self.store.write().await?;
        let confirmed = writing.confirm_mail(&digest(token), now_ms - CONFIRM_WITHIN_MS, now_ms).await?;
        let (number, first) = confirmed.ok_or(DeskError::NoSuchLink)?;
        if first {
            let what = ("email_confirmed", "The e-mail address was confirmed: letters go there from now on.");
            self.log_one(&mut writing, (&number, None), &super::FILER, what, &serde_json::Value::Null).await?;
        }
        writing.commit().await?;
        Ok(number)
    }

    /// The number in its own writing, once the passphrase was found to be right.
    pub(super) async fn unlock(&self, number: &str, passphrase: &str) -> Result<String, DeskError> {
        let number = normal_number(number);
        let hash = self.store.passphrase_hash(&number).await?;
        let there = hash.is_some();
        let hash = hash.unwrap_or_else(|| passphrase::decoy().to_owned());
        let typed = passphrase.to_owned();
        let opens = aside(move || passphrase::verify(&typed, &hash)).await?;
        if there && opens { Ok(number) } else { Err(DeskError::NoSuchCase) }
    }

    /// Does `act` to one target, or to all in whose state it is possible; an error where it is possible in none.
    async fn on_all_that_can(
        &self,
        number: &str,
        dataset: Option<&str>,
        extras: &Extras<'_>,
        act: &Act,
    ) -> Result<Case, DeskError> {
        self.change(number, extras, |taken| {
            let step = |dataset: &str| Step { dataset: dataset.to_owned(), act: act.clone(), expected: None };
            if let Some(dataset) = dataset {
                return Ok(vec![step(dataset)]);
            }
            let mut refused = None;
            let mut steps = Vec::new();
            for stored in &taken.targets {
                match self.outcome(&stored.target, act) {
                    Ok(_) => steps.push(step(&stored.target.dataset)),
                    Err(error) => refused = Some(error),
                }
            }
            match refused {
                Some(error) if steps.is_empty() => Err(error),
                _ => Ok(steps),
            }
        })
        .await?;
        Ok(self.whole(number).await?.1)
    }

    async fn acceptable(&self, number: &str, attachments: Vec<Attachment>) -> Result<Vec<Attachment>, DeskError> {
        if attachments.is_empty() {
            return Ok(attachments);
        }
        if self.store.attachments(number).await?.len() + attachments.len() > ATTACHMENTS_MAX {
            return Err(DeskError::TooMuch(format!("a case has at most {ATTACHMENTS_MAX} attached files")));
        }
        if attachments.iter().any(|attachment| attachment.bytes.len() > ATTACHMENT_BYTES_MAX) {
            let mib = ATTACHMENT_BYTES_MAX >> 20;
            return Err(DeskError::TooMuch(format!("an attached file has at most {mib} MiB")));
        }
        let named = |attachment: Attachment| Attachment { name: plain_name(&attachment.name), ..attachment };
        Ok(attachments.into_iter().map(named).collect())
    }

    /// Eight letters and digits, 40 bits.
    fn new_number(&self) -> String {
        let mut bytes = [0; 8];
        (self.config.entropy)(&mut bytes[..5]);
        let bits = u64::from_le_bytes(bytes);
        let sign = |at: u64| char::from(ALPHABET[(bits >> (at * 5) & 31) as usize]);
        (0..4).map(sign).chain(['-']).chain((4..8).map(sign)).collect()
    }
}
