//! What the person does: file, follow, answer, narrow, withdraw, appeal.

use std::collections::{BTreeMap, HashSet};

use sha2::{Digest as _, Sha256};

use super::filing_queue::Prepared;
use super::shelf::{Extras, Step};
use super::types::{Attachment, Filed, Followed};
use super::{Desk, DeskError, aside};
use crate::takedown::accounts::{digest, new_secret};
use crate::takedown::case::{Actor, Case, RecordRef, Requester, Target};
use crate::takedown::decision::{self, Act, CounterNotice, NewTarget, Outcome};
use crate::takedown::filing::{self, Check, Filing};
use crate::takedown::letters;
use crate::takedown::passphrase;
use crate::takedown::rules::LetterKind;
use crate::takedown::store::CaseRow;

/// The dataset of a case that names none: somebody has to find out which one is meant.
pub const ANY_DATASET: &str = "any";
/// Most rows in a case, over all its datasets. What is more is filed in parts.
pub const ROWS_MAX: usize = 100_000;
/// Most files on a case, and their sizes: evidence, not an archive.
pub const ATTACHMENTS_MAX: usize = 20;
pub const ATTACHMENT_BYTES_MAX: usize = 16 << 20;
/// Longest message, characters: what the EU's transparency database takes for facts.
pub const MESSAGE_CHARS_MAX: usize = 5_000;
/// Longest file name that is kept, characters.
const FILE_NAME_CHARS_MAX: usize = 200;
/// How long a link that confirms an address works.
const CONFIRM_WITHIN_MS: i64 = 30 * 86_400_000;
/// How much of the explanation the queue's search looks through, characters.
const SEARCHED_CHARS: usize = 2_000;
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
        .await
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

/// A number as it is kept, from what somebody typed: `k7q2m4xd`, `K7Q2 M4XD`, O for 0, I and L for 1.
pub fn normal_number(typed: &str) -> String {
    let sign = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    // One more than a number has, so that a longer text is not taken for one.
    let signs: Vec<char> = typed.chars().filter(char::is_ascii_alphanumeric).map(sign).take(9).collect();
    let (left, right) = signs.split_at(signs.len().min(4));
    format!("{}-{}", left.iter().collect::<String>(), right.iter().collect::<String>())
}

/// Records of one dataset together, each once, and the datasets that are asked without a record.
fn by_dataset(records: Vec<RecordRef>, datasets: Vec<String>) -> BTreeMap<String, Vec<RecordRef>> {
    let mut all: BTreeMap<String, Vec<RecordRef>> = datasets.into_iter().map(|dataset| (dataset, Vec::new())).collect();
    let mut seen = HashSet::new();
    for record in records {
        if seen.insert((record.dataset.clone(), record.id.clone())) {
            all.entry(record.dataset.clone()).or_default().push(record);
        }
    }
    if all.is_empty() {
        all.insert(ANY_DATASET.to_owned(), Vec::new());
    }
    all
}

fn one_after_the_other(mut first: Outcome, second: Outcome) -> Outcome {
    first.target = second.target;
    first.events.extend(second.events);
    first.letters.extend(second.letters);
    first.hide.extend(second.hide);
    first.unhide.extend(second.unhide);
    first
}

fn case_of(number: &str, filing: &Filing, now_ms: i64) -> Case {
    let filing = filing.clone();
    Case {
        number: number.to_owned(),
        basis: filing.basis,
        filed_ms: now_ms,
        requester: filing.requester,
        explanation: filing.explanation,
        statements: filing.statements,
        signature: filing.signature,
        typed_urls: filing.typed_urls,
        cannot_find: filing.cannot_find,
        scope: filing.scope,
        share_name: filing.share_name,
        answers: filing.answers,
        targets: Vec::new(),
        events: Vec::new(),
    }
}

/// Who filed it, so that other cases of theirs are found: by address, else by name and country.
fn person_of(requester: &Requester) -> String {
    let plain = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_lowercase();
    let (email, name) = (plain(&requester.email), plain(&requester.name));
    let known_by = if !email.is_empty() {
        format!("email {email}")
    } else if !name.is_empty() {
        format!("name {name} {}", plain(&requester.country))
    } else {
        return String::new();
    };
    hex::encode(Sha256::digest(known_by.as_bytes()))
}

fn searched(case: &Case) -> String {
    let requester = &case.requester;
    let explanation: String = case.explanation.chars().take(SEARCHED_CHARS).collect();
    let mut parts = vec![case.number.as_str(), &explanation];
    parts.extend(
        [&requester.name, &requester.email, &case.signature, &case.cannot_find]
            .into_iter()
            .flatten()
            .map(String::as_str),
    );
    parts.extend(case.typed_urls.iter().map(String::as_str));
    parts.join("\n").to_lowercase()
}

/// A file's name without any folder and without what a terminal or a header would act on.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control()).take(FILE_NAME_CHARS_MAX).collect();
    if plain.trim_matches(['.', ' ']).is_empty() { "file".to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_however_it_was_typed() {
        for typed in ["K7Q2-M40D", "k7q2m40d", " K7Q2 M4OD ", "k7q2–m4od"] {
            assert_eq!(normal_number(typed), "K7Q2-M40D", "{typed}");
        }
        assert_ne!(normal_number("K7Q2-M40DX"), "K7Q2-M40D");
        assert_eq!(normal_number(""), "-");
    }

    #[test]
    fn the_same_person_is_known_again_by_address_or_by_name() {
        let of = |name: &str, email: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            person_of(&Requester { name: some(name), email: some(email), ..Requester::default() })
        };
        assert_eq!(of("Mira Okoye", "mira@example.org"), of("M. Okoye", " Mira@example.org"));
        assert_eq!(of("Mira Okoye", ""), of("mira okoye ", ""));
        assert_ne!(of("Mira Okoye", ""), of("Noor Haddad", ""));
        assert_eq!(of("", ""), "");
    }

    #[test]
    fn a_file_name_is_only_a_name() {
        for (name, plain) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\me\\a b.png", "a b.png"),
            ("a\r\nb", "ab"),
            ("..", "file"),
            ("", "file"),
        ] {
            assert_eq!(plain_name(name), plain);
        }
    }
}
