//! Manifest files to a stream of records. Knows only nouns.
//!
//! Formats push rows into a [`Sink`] instead of being pulled: streaming JSON parsers, tar walkers and parquet row
//! groups are all simplest that way, and a sink stops them early by returning [`ControlFlow::Break`].

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::record::Record;

pub mod card;
pub mod columns;

/// Takes rows as a file gives them.
pub trait Sink {
    /// A good row. `Break` ends the reading without an error.
    fn record(&mut self, record: Record) -> ControlFlow<()>;
    /// A row that could not be read: its position, a reason from a small fixed set (for counting), what was wrong.
    fn reject(&mut self, row: u64, reason: &'static str, detail: String) -> ControlFlow<()>;
    /// Bytes of the file on disk consumed so far: for progress only; may be called seldom.
    fn progress(&mut self, bytes: u64);
}

/// A manifest file (or picture folder) ready to be read.
#[derive(Debug, Clone)]
pub struct Source {
    pub path: PathBuf,
    /// How it is called in reports and on pages: the path relative to the argument it was found under.
    pub name: String,
    pub format: Format,
    /// Size on disk; for a folder the sum of its files.
    pub bytes: u64,
}

/// What a fully read source was. Rows are counted by the sink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceDigest {
    pub sha256: String,
    pub bytes: u64,
}

/// See the formats' files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    Todo,
}

#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
    /// The file ended early or lies about itself; `rows` good rows came before.
    #[error("{path} is damaged after {rows} rows: {detail}", path = path.display())]
    Damaged { path: PathBuf, rows: u64, detail: String },
    #[error("{path}: {detail}", path = path.display())]
    Unsupported { path: PathBuf, detail: String },
}

/// Finds the manifest files under the given paths, sorted by name so that a second run sees the same order.
pub fn discover(_paths: &[PathBuf]) -> Result<Vec<Source>, ManifestError> {
    todo!()
}

impl Source {
    /// Reads all rows, in order, and hashes the file on the way.
    pub fn read(&self, _sink: &mut dyn Sink) -> Result<SourceDigest, ManifestError> {
        todo!()
    }
    #[allow(dead_code)]
    fn path(&self) -> &Path { &self.path }
}
