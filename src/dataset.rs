//! What is said about a dataset as a whole: the part of its biography that its publisher wrote.

use serde::{Deserialize, Serialize};

/// Facts from a dataset card or a Croissant file. Everything may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct DatasetCard {
    pub title: Option<String>,
    pub description: Option<String>,
    pub licence: Option<String>,
    pub publisher: Option<String>,
    pub homepage: Option<String>,
    /// Where to ask for removal at the source.
    pub contact: Option<String>,
    /// Datasets this one was made from.
    pub sources: Vec<String>,
    pub languages: Vec<String>,
    /// Records in the whole dataset, all files of it.
    pub total_records: Option<u64>,
    pub total_bytes: Option<u64>,
    /// Column names the card declares, with the role it gives away, if any (Croissant `extract.column`).
    pub columns: Vec<String>,
}
