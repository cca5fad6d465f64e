//! What is written down about a published revision: where it came from, how it was read, what it holds.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::IndexError;
use super::envelope::{self, EnvelopeWriter, HEADER_BYTES, Kind};
use crate::dataset::DatasetCard;
use crate::mapping::Mapping;

const KIND: Kind = Kind { magic: b"RCREVIS\0", version: 1 };
const FILE_NAME: &str = "revision";
/// Largest description believed: some datasets have a hundred thousand files.
const BYTES_MAX: u64 = 256 << 20;

/// One manifest file (or picture folder) of a revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    pub name: String,
    pub sha256: String,
    pub bytes: u64,
    pub rows_read: u64,
    pub rows_indexed: u64,
    /// Ordinal of its first record.
    pub first_ordinal: u64,
    /// Index into [`Revision::mappings`].
    pub mapping: usize,
}

/// A file that ended early or lied about itself: what came before was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileProblem {
    pub file: String,
    pub detail: String,
}

/// How the columns of some files were read, and who decided it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingUse {
    pub mapping: Mapping,
    /// `preset laion`, `guess`, `--map`.
    pub decided_by: String,
    /// Lines that explain a guess.
    pub notes: Vec<String>,
}

/// A row that was left out, as an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    pub file: String,
    pub row: u64,
    pub reason: String,
    pub detail: String,
}

/// Everything known of a revision besides its records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct Revision {
    pub dataset: String,
    pub revision: String,
    pub title: String,
    pub card: DatasetCard,
    /// Milliseconds since 1970, when it was published.
    pub published_at_ms: i64,
    pub mappings: Vec<MappingUse>,
    pub files: Vec<SourceFile>,
    pub problems: Vec<FileProblem>,
    /// Files beside the manifests that were not taken in, and why.
    pub left_out: Vec<FileProblem>,
    pub rows_read: u64,
    pub rows_indexed: u64,
    pub rejected: BTreeMap<String, u64>,
    pub rejection_examples: Vec<Rejection>,
    /// Records that have each field: `caption`, `url`, `author`, `created_at`, `sha256`, ...
    pub having: BTreeMap<String, u64>,
    /// Records that carry each kind of picture hash.
    pub hashed: BTreeMap<String, u64>,
    pub images_hashed: u64,
    /// Pictures of those with too little in them to be told from others.
    pub images_plain: u64,
    /// Whether codes of parts of every picture are kept, so that crops find it.
    pub index_windows: bool,
    /// Pictures at hand that could not be hashed, by reason.
    pub images_refused: BTreeMap<String, u64>,
    pub seconds: f64,
}

impl Revision {
    /// Reads and checks the description in a revision's directory.
    pub fn load(directory: &Path) -> Result<Self, IndexError> {
        let path = directory.join(FILE_NAME);
        let len = envelope::check(&path, KIND)?;
        if len > BYTES_MAX {
            return Err(IndexError::damaged(&path, "too large"));
        }
        let bytes = std::fs::read(&path).map_err(IndexError::io(&path))?;
        let from = usize::try_from(HEADER_BYTES).unwrap_or(16);
        let to = from + usize::try_from(len).unwrap_or(0);
        let payload = bytes.get(from..to).ok_or_else(|| IndexError::damaged(&path, "cut short"))?;
        serde_json::from_slice(payload).map_err(|error| IndexError::damaged(&path, error.to_string()))
    }

    /// Writes the description. Durable when it returns.
    pub fn save(&self, directory: &Path) -> Result<(), IndexError> {
        let path = directory.join(FILE_NAME);
        let written = (|| {
            let mut out = EnvelopeWriter::create(Vec::new(), KIND)?;
            serde_json::to_writer(&mut out, self)?;
            out.finish()
        })();
        super::layout::write_durably(&path, &written.map_err(IndexError::io(&path))?)
    }

    /// The file a record stands in.
    pub fn file_of(&self, ordinal: u64) -> Option<&SourceFile> {
        let after = self.files.partition_point(|file| file.first_ordinal <= ordinal);
        // Files without records share their first ordinal with the next one: the last that has any is meant.
        self.files[..after].iter().rev().find(|file| file.rows_indexed > 0)
    }

    /// How the columns of a file are read.
    pub fn mapping_of(&self, file: &SourceFile) -> Option<&Mapping> {
        self.mappings.get(file.mapping).map(|used| &used.mapping)
    }

    /// Records the dataset has in all, as far as anybody said.
    pub fn total_records(&self) -> u64 {
        self.card.total_records.unwrap_or(0).max(self.rows_read)
    }
}
