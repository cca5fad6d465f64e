//! What keeps a removed record out of search, now and when its dataset is taken in again.

use serde::{Deserialize, Serialize};

use super::case::RecordRef;

/// One entry of the feed that search follows: a record to hide, or one to show again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// Rises with every entry.
    pub seq: i64,
    pub scope: Scope,
    pub record: RecordRef,
    /// Takes back one earlier entry for the same record and scope.
    pub lifted: bool,
}

/// How far a decision reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// This row; in other revisions of the dataset, the rows with its source id, else its address, else its file.
    Row,
    /// Also every other row of the dataset with its address, its source id, its file or its picture.
    Copies,
    /// Also rows of other datasets with its address, its file or its picture.
    Everywhere,
}
