//! Rows of a dataset that are the same as rows granted in a dataset it was made from: proposed to its maintainers, and
//! removed only if they say so.

use serde::{Deserialize, Serialize};

use super::case::RecordRef;

/// By what a row was found to be the same; the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SameBy {
    /// The file's digest.
    File,
    Address,
    /// Nearly the same fingerprint.
    Picture,
    /// The number that the source gave it.
    Id,
}

impl SameBy {
    pub fn words(self) -> &'static str {
        match self {
            Self::File => "same file",
            Self::Address => "same address",
            Self::Picture => "almost surely the same picture",
            Self::Id => "same number in the source",
        }
    }
}

/// A row that is proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedRow {
    pub record: RecordRef,
    pub by: SameBy,
}

/// Where a proposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    Pending,
    /// Somebody has said yes, and the case is being made.
    Accepting,
    Accepted,
    Dismissed,
}

impl ProposalState {
    pub fn words(self) -> &'static str {
        match self {
            Self::Pending => "waits for a maintainer",
            Self::Accepting => "is being taken over",
            Self::Accepted => "taken over",
            Self::Dismissed => "not taken over",
        }
    }
}

/// The same rows in one derived dataset, for one target whose rows were granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub id: String,
    /// The case whose rows were granted. For its own maintainers: to those of the derived dataset it is not shown.
    pub source_case: String,
    pub source: String,
    pub dataset: String,
    pub state: ProposalState,
    pub made_ms: i64,
    pub decided_ms: Option<i64>,
    pub decided_by: Option<String>,
    /// The case that was made when it was taken over.
    pub case: Option<String>,
    pub rows: Vec<ProposedRow>,
}
