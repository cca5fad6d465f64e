//! The statement of reasons: what every decision comes with.

use serde::{Deserialize, Serialize};

/// Longest texts, characters: the limits of the EU's DSA Transparency Database.
pub const FACTS_CHARS_MAX: usize = 5_000;
pub const REFERENCE_CHARS_MAX: usize = 500;
pub const EXPLANATION_CHARS_MAX: usize = 2_000;

/// Why a decision was made, in the words the person receives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reasons {
    pub ground: Ground,
    /// The article of the law, or the clause of the terms.
    #[serde(default)]
    pub reference: String,
    /// How it applies here.
    #[serde(default)]
    pub explanation: String,
    /// What the decision rests on.
    #[serde(default)]
    pub facts: String,
    /// Why it was refused, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusalReason>,
}

/// What kind of rule a decision rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    Law,
    Terms,
}

/// Refusal reasons: those of the Data Rights Protocol 1.0 and a few more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    NoMatch,
    InsufficientVerification,
    SuspectedFraud,
    ClaimNotCovered,
    OutsideJurisdiction,
    TooManyRequests,
    ExceptionApplies,
    IncompleteNotice,
    NotOurData,
    DuplicateOf,
    Other,
}
