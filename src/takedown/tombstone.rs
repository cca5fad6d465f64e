//! What keeps a removed record out of this portal and out of later ingests.
//!
//! Tombstones are a feed that only grows: taking one back is a later entry for the same record with `lifted` set. A
//! reader keeps the highest `seq` it has seen and asks for what came after.

use serde::{Deserialize, Serialize};

use super::case::RecordRef;

/// One entry of the feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// Counts up over the whole portal; gaps are possible.
    pub seq: i64,
    pub dataset: String,
    pub scope: Scope,
    pub record: RecordRef,
    /// The record may be shown again.
    pub lifted: bool,
}

/// How far a removal reaches beyond the row it was decided on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// This row in this revision, and rows with the same source id, address or file digest in later revisions of the
    /// same dataset: without the second half a removal would be undone by the next release.
    #[default]
    Row,
    /// Also every other row of the dataset with the same file or the same picture.
    Copies,
    /// Also other datasets.
    Everywhere,
}

impl Scope {
    pub const ALL: [Self; 3] = [Self::Row, Self::Copies, Self::Everywhere];

    /// The name in the API and the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Row => "row",
            Self::Copies => "copies",
            Self::Everywhere => "everywhere",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// In words, for pages and letters.
    pub fn words(self) -> &'static str {
        match self {
            Self::Row => "these rows, also in later releases of the dataset",
            Self::Copies => "these rows and every copy of the same picture in the dataset",
            Self::Everywhere => "these rows and every copy of the same picture in all datasets of this portal",
        }
    }
}
