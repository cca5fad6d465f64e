//! What a person files, and what is missing from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::basis::Basis;
use super::case::{Requester, Statements};
pub use super::rules::About;
use super::rules::RuleBook;
use super::tombstone::Scope;

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
pub fn check(_filing: &Filing, _book: &RuleBook, _n_records: usize) -> Check {
    Check::default()
}

/// The bases that fit, best first. A plain request always fits and comes last.
pub fn choose_basis(_answers: Answers<'_>, _book: &RuleBook) -> Vec<Basis> {
    vec![Basis::Plain]
}
