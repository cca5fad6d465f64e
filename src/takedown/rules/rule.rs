//! What one basis asks for: fields, statements, terms, letters. One value a basis and regime.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::file;
use super::template::{LetterKind, Template};
use crate::takedown::basis::Basis;
use crate::takedown::clock::{Term, Unit, Warnings};

/// The rules of one basis under one regime, complete: what the file leaves out is filled in from the common files.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    pub basis: Basis,
    /// Empty, or the name of a variant of the basis's file, such as `uk`.
    pub regime: String,
    pub title: String,
    /// A few words, for lists.
    pub short: String,
    /// What this request is and what it leads to, in plain words.
    pub explanation: String,
    /// The law's full name with article; empty for a plain request.
    pub law: String,
    /// The law's short name with article, for statements of reasons.
    pub reference: String,
    /// Where the texts and numbers of the file were taken from.
    pub source: String,
    /// The region of the holidays file whose days off count.
    pub region: String,
    pub suits: Suits,
    pub effect: Effect,
    /// The rows are hidden from this portal from the moment of filing until the decision.
    pub hide_at_filing: bool,
    /// A record or an address has to be named; a description of what could not be found is not enough.
    pub exact_location: bool,
    pub proof: ProofRule,
    /// With [`ProofRule::Threshold`]: a target of fewer records needs no proof.
    pub proof_rows_min: Option<u32>,
    pub pause: Pause,
    pub after_pause: AfterPause,
    /// `None`: at once, with no term in law.
    pub acknowledge: Option<Deadline>,
    pub decide: Deadline,
    pub extension: Option<Deadline>,
    pub appeal: Option<AppealRule>,
    pub counter_notice: Option<CounterNoticeRule>,
    /// How long a question to the person stays open.
    pub expire: Deadline,
    pub fields: Vec<Field>,
    pub statements: Vec<StatementRule>,
    /// What the person can do about a decision. May name placeholders.
    pub redress: String,
    /// Complete: every kind of letter has a template.
    pub letters: BTreeMap<LetterKind, Template>,
    /// Letters that go to others when rows are granted.
    pub notices: Vec<LetterKind>,
    pub warnings: Warnings,
    /// Final decisions over at least so many rows need a second person; `None` switches the rule off.
    pub two_person_rows: Option<u32>,
}

impl Rules {
    /// Whether a proof may be demanded where so many records are asked about.
    pub fn may_ask_proof(&self, n_rows: usize) -> bool {
        match self.proof {
            ProofRule::Never => false,
            ProofRule::OnDoubt => true,
            ProofRule::Threshold => self.proof_rows_min.is_none_or(|least| n_rows >= least as usize),
        }
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub fn statement(&self, name: &str) -> Option<&StatementRule> {
        self.statements.iter().find(|statement| statement.name == name)
    }
}

/// Whom the basis is offered to, by the three questions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suits {
    pub about: Vec<About>,
    /// ISO 3166 codes, also of a part (`US-CA`). Empty: everybody.
    #[serde(default, deserialize_with = "file::countries")]
    pub countries: Vec<String>,
    /// Offered in this order, lowest first.
    pub order: u32,
}

/// The first of the three questions: is it about you, or your work?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    Me,
    MyWork,
    /// Something that should not be there at all.
    Other,
}

/// What a grant does to the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Hidden here, and part of the next removal set.
    Remove,
    /// Hidden here, in no removal set.
    Restrict,
    /// Nothing is hidden; the person is told what is there.
    Inform,
}

/// When a proof of who asks may be demanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofRule {
    Never,
    /// Only where there is reasonable doubt.
    OnDoubt,
    /// For requests above the operator's size.
    Threshold,
}

/// When the clock stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pause {
    Never,
    /// While it is in doubt who asks.
    Identity,
    /// While anything is asked of the person.
    AnyQuestion,
}

/// How it goes on afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterPause {
    /// The days that passed before count.
    Resume,
    /// The whole term begins on the day the answer came.
    Restart,
}

/// A term with the ground it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    #[serde(deserialize_with = "file::count")]
    pub count: u32,
    pub unit: Unit,
    pub binding: Binding,
    /// The article or guidance the number comes from, or who promises it.
    #[serde(deserialize_with = "file::line")]
    pub source: String,
}

impl Deadline {
    /// `one month (Art. 12(3) GDPR ...)`, for pages.
    pub fn words(&self) -> String {
        format!("{} ({})", self.term().words(), self.source)
    }

    pub fn term(&self) -> Term {
        Term { count: self.count, unit: self.unit }
    }
}

/// What a term rests on. Pages say "by law" only where it is the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    Law,
    /// The operator's own.
    Promise,
}

/// How long a decision can be appealed, and how long that takes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppealRule {
    pub within: Deadline,
    pub decide: Deadline,
}

/// When material is put back after a counter-notice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CounterNoticeRule {
    pub not_before: Deadline,
    pub not_after: Deadline,
}

/// A field of the form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// A name of the contract (`requester.name`, `explanation`, `signature`, `records`) or `answers.` and one of the
    /// basis's own.
    #[serde(deserialize_with = "file::field_name")]
    pub name: String,
    #[serde(deserialize_with = "file::line")]
    pub label: String,
    /// Why it is asked.
    #[serde(deserialize_with = "file::line")]
    pub why: String,
    #[serde(default)]
    pub required: bool,
    /// Not required where one of these answers was given: `answers.offence=child_abuse`.
    #[serde(default)]
    pub unless: Option<String>,
    #[serde(default)]
    pub choices: Vec<Choice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

/// A declaration of the form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementRule {
    /// `good_faith`, `accuracy`, `perjury`.
    #[serde(deserialize_with = "file::statement_name")]
    pub name: String,
    #[serde(deserialize_with = "file::line")]
    pub text: String,
    /// Why it is asked.
    #[serde(deserialize_with = "file::line")]
    pub why: String,
    #[serde(default)]
    pub required: bool,
}
