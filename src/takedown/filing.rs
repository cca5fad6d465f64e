//! What a person files, and what is missing from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::basis::Basis;
use super::case::{Requester, Statements};
pub use super::rules::About;
use super::rules::{self, Field, RuleBook, Rules};
use super::tombstone::Scope;

/// Longest name, signature, phone number, characters.
pub const LINE_CHARS_MAX: usize = 200;
/// Longest e-mail address, by RFC 5321.
pub const EMAIL_CHARS_MAX: usize = 254;
pub const ADDRESS_CHARS_MAX: usize = 500;
/// Longest explanation: two or three pages.
pub const EXPLANATION_CHARS_MAX: usize = 10_000;
/// Longest address typed by hand: what browsers and servers agree on.
pub const URL_CHARS_MAX: usize = 2_048;
/// Most addresses typed by hand: more belong into a search.
pub const TYPED_URLS_MAX: usize = 200;
/// Longer texts are no placeholder.
const PLACEHOLDER_BYTES_MAX: usize = 60;
/// Who somebody can be to the person or the work.
pub const RELATIONSHIPS: [&str; 6] = ["self", "parent", "agent", "heir", "rightholder", "authorised"];

/// A request as it comes in, before anything is known to be true. The records it is about are given beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    pub basis: Basis,
    #[serde(default)]
    pub requester: Requester,
    #[serde(default)]
    pub explanation: String,
    #[serde(default)]
    pub statements: Statements,
    #[serde(default)]
    pub signature: Option<String>,
    /// Addresses typed by hand.
    #[serde(default)]
    pub typed_urls: Vec<String>,
    /// "It is in there but I can't find the row": what, in the person's words.
    #[serde(default)]
    pub cannot_find: Option<String>,
    #[serde(default)]
    pub scope: Scope,
    /// The name may be handed on to the dataset's publisher.
    #[serde(default)]
    pub share_name: bool,
    /// Answers to questions that only this basis asks, by name without `answers.`.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    /// The person wants letters by e-mail too; the address has to be confirmed first.
    #[serde(default)]
    pub email_optin: bool,
}

/// What is wrong with a filing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Check {
    /// What the basis requires and is not there: names of the API (`requester.name`, `statements.good_faith`,
    /// `signature`, `explanation`, `records`, `answers.NAME`).
    pub missing: Vec<String>,
    /// What is there and cannot be right.
    pub problems: Vec<Problem>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub field: String,
    /// A sentence for the person.
    pub what: String,
}

/// The answers to the three questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answers<'a> {
    pub about: About,
    /// For oneself; otherwise for somebody one may speak for.
    pub for_self: bool,
    /// ISO 3166, also of a part (`US-CA`); `None`: rather not say.
    pub country: Option<&'a str>,
}

/// The names of what is missing; see [`Check::missing`].
pub fn missing(filing: &Filing, book: &RuleBook, n_records: usize) -> Vec<String> {
    check(filing, book, n_records).missing
}

/// Everything that is missing or wrong.
pub fn check(filing: &Filing, book: &RuleBook, n_records: usize) -> Check {
    let rules = book.of(filing.basis, filing.requester.country.as_deref());
    let given = |name: &str| has(filing, book, rules.exact_location, n_records, name);
    let mut missing = Vec::new();
    for field in &rules.fields {
        if field.required && !excused(filing, field) && !given(&field.name) {
            missing.push(field.name.clone());
        }
    }
    // Whatever a rule file leaves out: a case that is about nothing cannot be looked at.
    if !missing.iter().any(|name| name == "records") && !given("records") {
        missing.insert(0, "records".to_owned());
    }
    for statement in rules.statements.iter().filter(|statement| statement.required) {
        let declared = match statement.name.as_str() {
            "good_faith" => filing.statements.good_faith,
            "accuracy" => filing.statements.accuracy,
            _ => filing.statements.perjury,
        };
        if !declared {
            missing.push(format!("statements.{}", statement.name));
        }
    }
    Check { missing, problems: problems(filing, rules) }
}

/// The bases that fit, best first. A plain request always fits and comes last.
pub fn choose_basis(answers: Answers<'_>, book: &RuleBook) -> Vec<Basis> {
    let fits = |rules: &&Rules| {
        let suits = &rules.suits;
        let lives =
            suits.countries.is_empty() || answers.country.is_some_and(|home| rules::lives_in(home, &suits.countries));
        suits.about.contains(&answers.about) && lives
    };
    let mut fitting: Vec<_> = book.all().filter(|rules| rules.basis != Basis::Plain).filter(fits).collect();
    fitting.sort_by_key(|rules| rules.suits.order);
    fitting.into_iter().map(|rules| rules.basis).chain([Basis::Plain]).collect()
}

fn has(filing: &Filing, book: &RuleBook, exact: bool, n_records: usize, name: &str) -> bool {
    let says = |text: &str| !text.trim().is_empty() && !is_placeholder(text, book);
    let some = |text: &Option<String>| text.as_deref().is_some_and(says);
    let requester = &filing.requester;
    match name {
        "records" => {
            n_records > 0 || filing.typed_urls.iter().any(|url| says(url)) || (!exact && some(&filing.cannot_find))
        }
        "explanation" => says(&filing.explanation),
        "signature" => some(&filing.signature),
        "requester.name" => some(&requester.name),
        "requester.email" => some(&requester.email),
        "requester.relationship" => some(&requester.relationship),
        "requester.country" => some(&requester.country),
        "requester.address" => some(&requester.address),
        "requester.phone" => some(&requester.phone),
        other => {
            let answer = other.strip_prefix("answers.").and_then(|name| filing.answers.get(name));
            answer.is_some_and(|answer| says(answer))
        }
    }
}

/// `unless = "answers.offence=child_abuse"`.
fn excused(filing: &Filing, field: &Field) -> bool {
    let condition = field.unless.as_deref().and_then(|condition| condition.split_once('='));
    condition.is_some_and(|(name, value)| {
        let answer = name.strip_prefix("answers.").and_then(|name| filing.answers.get(name));
        answer.is_some_and(|answer| answer == value)
    })
}

/// A text that stood in the form before anybody wrote: `USERNAME`, `[Your name]`.
fn is_placeholder(text: &str, book: &RuleBook) -> bool {
    if text.len() > PLACEHOLDER_BYTES_MAX {
        return false;
    }
    let frame = |c: char| c.is_whitespace() || "[]<>{}()\"'*_.:".contains(c);
    let bare = text.trim_matches(frame).to_lowercase();
    book.placeholders.contains(&bare)
}

fn problems(filing: &Filing, rules: &Rules) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut problem = |field: &str, what: String| found.push(Problem { field: field.to_owned(), what });
    let requester = &filing.requester;
    let texts = [
        ("requester.name", requester.name.as_deref(), LINE_CHARS_MAX),
        ("requester.email", requester.email.as_deref(), EMAIL_CHARS_MAX),
        ("requester.address", requester.address.as_deref(), ADDRESS_CHARS_MAX),
        ("requester.phone", requester.phone.as_deref(), LINE_CHARS_MAX),
        ("signature", filing.signature.as_deref(), LINE_CHARS_MAX),
        ("explanation", Some(filing.explanation.as_str()), EXPLANATION_CHARS_MAX),
        ("cannot_find", filing.cannot_find.as_deref(), EXPLANATION_CHARS_MAX),
    ];
    for (field, text, max) in texts {
        if text.is_some_and(|text| is_longer(text, max)) {
            problem(field, format!("This is longer than {max} characters."));
        }
    }
    if filing.typed_urls.len() > TYPED_URLS_MAX {
        problem("typed_urls", format!("These are more than {TYPED_URLS_MAX} addresses."));
    }
    if filing.typed_urls.iter().any(|url| is_longer(url, URL_CHARS_MAX)) {
        problem("typed_urls", format!("An address is longer than {URL_CHARS_MAX} characters."));
    }
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    if filled(&requester.email).is_some_and(|email| !looks_like_email(email.trim())) {
        problem("requester.email", "This is no e-mail address.".to_owned());
    }
    if filing.email_optin && filled(&requester.email).is_none() {
        problem("requester.email", "Letters by e-mail need an address.".to_owned());
    }
    if filled(&requester.relationship).is_some_and(|who| !RELATIONSHIPS.contains(&who.trim())) {
        problem("requester.relationship", format!("One of: {}.", RELATIONSHIPS.join(", ")));
    }
    if filled(&requester.country).is_some_and(|code| !looks_like_country(code.trim())) {
        problem("requester.country", "A country is two letters, like DE; a part of one is like US-CA.".to_owned());
    }
    for (name, answer) in &filing.answers {
        let Some(field) = rules.field(&format!("answers.{name}")) else {
            problem("answers", "This request has no such question.".to_owned());
            continue;
        };
        let listed = field.choices.is_empty() || field.choices.iter().any(|choice| choice.value == *answer);
        if !(listed || answer.is_empty()) {
            problem(&field.name, "This is not one of the answers.".to_owned());
        } else if is_longer(answer, EXPLANATION_CHARS_MAX) {
            problem(&field.name, format!("This is longer than {EXPLANATION_CHARS_MAX} characters."));
        }
    }
    found
}

fn is_longer(text: &str, max: usize) -> bool {
    text.len() > max && text.chars().count() > max
}

/// Only what is surely wrong is refused; the confirmation shows the rest.
fn looks_like_email(email: &str) -> bool {
    let Some((local, domain)) = email.rsplit_once('@') else { return false };
    let plain = !email.chars().any(|c| c.is_whitespace() || c.is_control() || "<>,;".contains(c));
    plain && !local.is_empty() && !domain.is_empty() && !domain.starts_with('.') && !domain.ends_with('.')
}

fn looks_like_country(code: &str) -> bool {
    let (country, part) = code.split_once('-').unwrap_or((code, "A"));
    let short = country.len() == 2 && (1..=3).contains(&part.len());
    short
        && country.bytes().all(|byte| byte.is_ascii_alphabetic())
        && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests;
