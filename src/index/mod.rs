//! Our files on disk: one directory a dataset revision, immutable once published.
//!
//! Used by [`crate::ingest`] (which writes a [`draft::Draft`] and publishes it) and by [`crate::search`] (which opens a
//! [`generation::Generation`]). Knows only nouns. Never sees a removal request: what must not be shown is decided by
//! `search`. Bytes on disk are never trusted: every file of ours carries magic, version and checksum, and damage is an
//! error that says what to run.

pub mod draft;
pub mod envelope;
pub mod generation;
pub mod hashes;
pub mod layout;
mod mih;
pub mod revision;
pub mod rows;
pub mod scan;
pub mod text;

use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
    /// A file of ours that does not say what it should.
    #[error("{path} is damaged ({detail}): ingest this revision again", path = path.display())]
    Damaged { path: PathBuf, detail: String },
    #[error("{path} was written in format {found}, this program reads format {expected}: ingest this revision again", path = path.display())]
    Version { path: PathBuf, found: u32, expected: u32 },
    #[error("the text index at {path}: {detail}", path = path.display())]
    Text { path: PathBuf, detail: String },
    #[error("{0}")]
    Refused(String),
}

impl IndexError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_owned(), source }
    }

    pub(crate) fn damaged(path: &Path, detail: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), detail: detail.into() }
    }

    pub(crate) fn text<E: std::fmt::Display>(path: &Path) -> impl FnOnce(E) -> Self + '_ {
        move |error| Self::Text { path: path.to_owned(), detail: error.to_string() }
    }
}
