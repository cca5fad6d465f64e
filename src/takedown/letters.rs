//! Letters: the templates of the rule files, filled in.

use super::case::{Case, RowState, Target};
use super::memo::CounterNotice;
use super::reasons::{Ground, Reasons, RefusalReason};
use super::rules::{LetterKind, RuleBook, Rules};

/// Most rows a letter lists; the case page and the removal set have all.
const ROWS_LISTED_MAX: usize = 100;

/// A letter, ready to be sent and to be kept on the case page. Plain text, lines of any length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub kind: LetterKind,
    pub to: Addressee,
    /// The e-mail address, where one is known. Whether it was confirmed is for the caller to check.
    pub email: Option<String>,
    pub subject: String,
    pub text: String,
}

/// To whom a letter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addressee {
    /// The person who filed the case. Also shown on the case page.
    Requester,
    /// The publisher and others who received the dataset. Never shown what the person did not agree to share.
    Recipients,
    /// Whoever's material was taken down.
    AffectedParty,
    /// Whoever reads an address that stands in a row. Shown nowhere: it holds a code that has to come back.
    Mailbox,
}

/// Writes a letter about one target, or about the whole case, from the case as it is after the change.
///
/// Without a target the rules are those of the case's own basis, and `{dataset}` names all of its datasets.
pub fn write(kind: LetterKind, case: &Case, target: Option<&Target>, book: &RuleBook) -> Letter {
    let rules = match target {
        Some(target) => book.regime(target.basis, &target.memo.regime),
        None => book.of(case.basis, case.requester.country.as_deref()),
    };
    let to = addressee(kind);
    let email = match kind {
        LetterKind::CounterNoticeReceived => {
            target.and_then(|target| target.memo.counter_notice.as_ref()).and_then(|notice| notice.email.clone())
        }
        _ if to == Addressee::Requester => case.requester.email.clone(),
        _ => None,
    };
    let writer = Writer { case, target, rules, book, to };
    finish(kind, to, email, rules, |name| writer.value(name))
}

/// The letter with the link that confirms an e-mail address.
pub fn confirm_email(number: &str, email: &str, link: &str, book: &RuleBook) -> Letter {
    let rules = book.of(super::basis::Basis::Plain, None);
    let value = |name: &str| match name {
        "number" => number.to_owned(),
        "link" => link.to_owned(),
        "operator" => book.operator.name.clone(),
        "contact" => book.operator.contact.clone(),
        _ => String::new(),
    };
    finish(LetterKind::ConfirmEmail, Addressee::Requester, Some(email.to_owned()), rules, value)
}

/// The letter with the code that shows that somebody reads an address.
pub fn proof_code(number: &str, email: &str, code: &str, book: &RuleBook) -> Letter {
    let rules = book.of(super::basis::Basis::Plain, None);
    let value = |name: &str| match name {
        "number" => number.to_owned(),
        "code" => code.to_owned(),
        "operator" => book.operator.name.clone(),
        "contact" => book.operator.contact.clone(),
        _ => String::new(),
    };
    finish(LetterKind::ProofCode, Addressee::Mailbox, Some(email.to_owned()), rules, value)
}

/// To whom a kind of letter goes.
pub fn addressee(kind: LetterKind) -> Addressee {
    match kind {
        LetterKind::Recipients => Addressee::Recipients,
        LetterKind::AffectedParty | LetterKind::CounterNoticeReceived => Addressee::AffectedParty,
        LetterKind::ProofCode => Addressee::Mailbox,
        _ => Addressee::Requester,
    }
}

/// The statement of reasons, as letters and pages give it.
pub fn statement(reasons: &Reasons) -> String {
    let mut parts = Vec::new();
    let reference = match (reasons.ground, reasons.reference.trim()) {
        (Ground::Law, "") => String::new(),
        (Ground::Law, reference) => format!("It rests on the law: {reference}."),
        (Ground::Terms, "") => "It rests on the rules of this portal.".to_owned(),
        (Ground::Terms, reference) => format!("It rests on the rules of this portal: {reference}."),
    };
    if !reasons.facts.trim().is_empty() {
        parts.push(format!("What we found: {}", reasons.facts.trim()));
    }
    parts.push(reference);
    if !reasons.explanation.trim().is_empty() {
        parts.push(format!("Why: {}", reasons.explanation.trim()));
    }
    parts.push("A person decided this, not a program.".to_owned());
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// Why something was refused, in a sentence.
pub fn refusal_words(refusal: RefusalReason) -> &'static str {
    match refusal {
        RefusalReason::NoMatch => "The records do not match what you told us.",
        RefusalReason::InsufficientVerification => {
            "We could not see that the request comes from the person it is about."
        }
        RefusalReason::SuspectedFraud => "We have reason to think that the request does not come from whom it says.",
        RefusalReason::ClaimNotCovered => "What you ask for is not something this right gives.",
        RefusalReason::OutsideJurisdiction => "The law you name does not hold here.",
        RefusalReason::TooManyRequests => "The request is the same as earlier ones, again and again.",
        RefusalReason::ExceptionApplies => "The law has an exception, and it applies.",
        RefusalReason::IncompleteNotice => "The notice lacks something that the law asks for.",
        RefusalReason::NotOurData => "The data is not ours; somebody else has to answer.",
        RefusalReason::DuplicateOf => "The same request was decided before.",
        RefusalReason::Other => "We did not grant it, for the reason given here.",
    }
}

fn finish(
    kind: LetterKind,
    to: Addressee,
    email: Option<String>,
    rules: &Rules,
    value: impl Fn(&str) -> String,
) -> Letter {
    let (subject, text) = rules.letters.get(&kind).map(|template| template.fill(value)).unwrap_or_default();
    // A line break in a subject would begin a new header of the mail.
    let subject = subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    Letter { kind, to, email, subject, text: tidy(&text) }
}

/// Placeholders without a value leave empty lines; two in a row are one.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.trim().lines().map(str::trim_end) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            tidied.push_str(line);
            tidied.push('\n');
        }
    }
    tidied
}

/// What the placeholders stand for.
struct Writer<'a> {
    case: &'a Case,
    target: Option<&'a Target>,
    rules: &'a Rules,
    book: &'a RuleBook,
    to: Addressee,
}

impl Writer<'_> {
    fn value(&self, name: &str) -> String {
        let memo = self.target.map(|target| &target.memo);
        let text = |value: Option<&String>| value.cloned().unwrap_or_default();
        let date = |value: Option<&String>| value.map(|date| long_date(date)).unwrap_or_default();
        match name {
            "number" => self.case.number.clone(),
            "page" => self.page(""),
            "counter_notice_page" => self.page("/counter-notice"),
            "greeting" => self.greeting(),
            "operator" => self.book.operator.name.clone(),
            "contact" => self.book.operator.contact.clone(),
            "title" => self.rules.title.clone(),
            "law" if self.rules.law.is_empty() => "no law; a plain request".to_owned(),
            "law" => self.rules.law.clone(),
            "reference" => self.rules.reference.clone(),
            "dataset" => self.target.map_or_else(|| self.datasets(), |target| target.dataset.clone()),
            "datasets" => self.datasets(),
            "rows" => counted(self.count(|state| state != RowState::Withdrawn)),
            "rows_granted" => counted(self.count(RowState::is_granted)),
            "rows_refused" => counted(self.count(is_refused)),
            "records" => self.records(),
            "received" => self.received(),
            "due" => self.due(),
            "acknowledge_by" => date(memo.and_then(|memo| memo.acknowledge_by.as_ref())),
            "decide_term" => self.rules.decide.words(),
            "reasons" => self.target.and_then(|target| target.reasons.as_ref()).map(statement).unwrap_or_default(),
            "refusal" => self.refusal(),
            "question" => self.question(),
            "message" => text(memo.and_then(|memo| memo.message.as_ref())),
            "redress" => self.redress(),
            "appeal_until" => self.appeal_until(),
            "scope" => memo.map_or(self.case.scope, |memo| memo.scope).words().to_owned(),
            "requester" => self.requester(),
            "explanation" if self.to == Addressee::Requester => self.case.explanation.clone(),
            "version" => memo.and_then(|memo| memo.published_version).map(|v| v.to_string()).unwrap_or_default(),
            "release" => text(memo.and_then(|memo| memo.verified_release.as_ref())),
            "other_case" => text(memo.and_then(|memo| memo.duplicate_of.as_ref())),
            "counter_notice" => {
                memo.and_then(|memo| memo.counter_notice.as_ref()).map(counter_notice).unwrap_or_default()
            }
            "restore_from" => date(memo.and_then(|memo| memo.restore_from.as_ref())),
            "restore_until" => date(memo.and_then(|memo| memo.restore_until.as_ref())),
            _ => String::new(),
        }
    }

    fn targets(&self) -> impl Iterator<Item = &Target> {
        let all = self.target.is_none();
        self.case.targets.iter().filter(move |_| all).chain(self.target)
    }

    fn count(&self, counts: impl Fn(RowState) -> bool) -> usize {
        self.targets().flat_map(|target| &target.rows).filter(|row| counts(row.state)).count()
    }

    /// Where the case is read, or a page below that.
    fn page(&self, below: &str) -> String {
        let path = format!("/cases/{}{below}", self.case.number);
        match &self.book.operator.public_url {
            Some(address) => format!("{address}{path}"),
            None => format!("{path} on this portal"),
        }
    }

    fn greeting(&self) -> String {
        let name = self.case.requester.name.as_deref().map(one_line);
        match name.filter(|name| !name.is_empty() && name != super::retention::MARK) {
            Some(name) => format!("Hello {name},"),
            None => "Hello,".to_owned(),
        }
    }

    /// The name goes to others only where the person agreed.
    fn requester(&self) -> String {
        let shared = self.to == Addressee::Requester || self.case.share_name;
        let name = self.case.requester.name.as_deref().map(one_line).filter(|name| shared && !name.is_empty());
        name.unwrap_or_else(|| "a person who did not give their name on".to_owned())
    }

    fn datasets(&self) -> String {
        self.case.targets.iter().map(|target| target.dataset.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Rows that a letter is about: for others only those that were granted.
    fn records(&self) -> String {
        let granted_only = self.to != Addressee::Requester;
        let rows: Vec<_> = self
            .targets()
            .flat_map(|target| &target.rows)
            .filter(|row| row.state != RowState::Withdrawn && (!granted_only || row.state.is_granted()))
            .collect();
        let mut lines: Vec<String> = rows
            .iter()
            .take(ROWS_LISTED_MAX)
            .map(|row| {
                let record = &row.record;
                let url = record.url.as_deref().map(|url| format!(", {}", one_line(url))).unwrap_or_default();
                let file = one_line(&record.file);
                format!("- {} {}, file {file}, row {}{url}", record.dataset, record.revision, record.row)
            })
            .collect();
        if rows.len() > ROWS_LISTED_MAX {
            lines.push(format!("- and {} more", rows.len() - ROWS_LISTED_MAX));
        }
        lines.join("\n")
    }

    fn received(&self) -> String {
        let target = self.target.or_else(|| self.case.targets.first());
        let ms = target.map_or(self.case.filed_ms, |target| target.received_ms);
        let day = jiff::Timestamp::from_millisecond(ms).map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
        // The clock's own day is that of the operator's time zone.
        let own =
            target.filter(|target| target.memo.paused_days == 0).and_then(|target| target.memo.clock_from.clone());
        own.or_else(|| day.ok().map(|day| day.to_string())).map(|day| long_date(&day)).unwrap_or_default()
    }

    fn due(&self) -> String {
        let due = self.targets().filter_map(|target| target.due.as_deref()).max();
        due.map_or_else(|| "as soon as we have your answer".to_owned(), long_date)
    }

    fn appeal_until(&self) -> String {
        let until = self.target.and_then(|target| target.memo.appeal_until.as_deref());
        if let (None, Some(rule)) = (until, &self.rules.appeal) {
            return format!("{} after the decision", rule.within.term().words());
        }
        until.map(long_date).unwrap_or_default()
    }

    fn redress(&self) -> String {
        let template = super::rules::Template { subject: String::new(), text: self.rules.redress.clone() };
        // The redress may name anything but itself.
        template.fill(|name| if name == "redress" { String::new() } else { self.value(name) }).1
    }

    fn refusal(&self) -> String {
        let reasons = self.target.and_then(|target| target.reasons.as_ref());
        reasons.and_then(|reasons| reasons.refusal).map(refusal_words).unwrap_or_default().to_owned()
    }

    /// What was asked, or why more time is needed, or which court was named.
    fn question(&self) -> String {
        let Some(target) = self.target else { return String::new() };
        if let Some(reference) = &target.memo.court_action {
            return reference.clone();
        }
        let reasons = target.memo.asked.as_ref().or(target.memo.extension.as_ref());
        let parts = reasons.map(|reasons| [reasons.explanation.trim(), reasons.facts.trim()]);
        let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("\n\n")
    }
}

fn is_refused(state: RowState) -> bool {
    matches!(state, RowState::Refused | RowState::OutOfScope | RowState::Forwarded)
}

fn counter_notice(notice: &CounterNotice) -> String {
    let lines = [
        ("Name", notice.name.as_str()),
        ("Address", &notice.address),
        ("Phone", &notice.phone),
        ("E-mail", notice.email.as_deref().unwrap_or_default()),
        ("Material", &notice.material),
        ("Why", &notice.explanation),
    ];
    let mut text: Vec<String> = lines
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(label, value)| format!("{label}: {}", value.trim()))
        .collect();
    text.push(
        "Declared under penalty of perjury: I believe in good faith that the material was taken down by mistake or \
         because it was taken for something else."
            .to_owned(),
    );
    text.push(
        "I consent to the jurisdiction of the federal district court the law names, and accept service of process \
         from the person who sent the notice."
            .to_owned(),
    );
    text.push(format!("Signed: {}", notice.signature.trim()));
    text.join("\n")
}

fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn counted(rows: usize) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}

/// `22 November 2026`.
pub fn long_date(iso: &str) -> String {
    iso.parse::<jiff::civil::Date>().map_or_else(|_| iso.to_owned(), |date| date.strftime("%-d %B %Y").to_string())
}

#[cfg(test)]
mod tests;
