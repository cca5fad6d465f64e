//! Removal sets: made of granted rows, applied to a manifest, looked for in a later release.
//!
//! A [`set::RemovalSet`] names nobody. [`signed::SignedSet`] is its file; [`set_file`] opens that file or one of its
//! exports ([`export`]); [`apply`] writes a manifest again without the rows of a set, and [`rescan`] says which granted
//! rows a release still holds. Needs no index and no server: only nouns, manifests and signed documents are below.

use std::io;
use std::path::{Path, PathBuf};

use crate::evidence::canonical::CanonicalError;
use crate::evidence::document::DocumentError;
use crate::manifest::ManifestError;
use crate::manifest::columns::ColumnsError;

pub mod apply;
pub mod blind;
pub mod export;
pub mod granted;
pub mod identity;
pub mod matcher;
pub mod rescan;
pub mod set;
pub mod set_file;
pub mod signed;

mod base64;
mod tag_list;
#[cfg(test)]
mod tests_support;

#[derive(Debug, thiserror::Error)]
pub enum RemovalError {
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error("{file}: {source}")]
    Columns { file: String, source: ColumnsError },
    #[error("{path}: {detail}", path = path.display())]
    Parquet { path: PathBuf, detail: String },
    #[error("this is no removal set that can be relied on. {0}")]
    NotTheSet(String),
    #[error("it cannot be signed: {0}")]
    Document(#[from] DocumentError),
    #[error("it cannot be signed: {0}")]
    Canonical(#[from] CanonicalError),
    #[error("a row of dataset {found} cannot go into a removal set of {wanted}")]
    WrongDataset { wanted: String, found: String },
    #[error("row {0} cannot go into a removal set: files are numbered up to 4,294,967,295 rows")]
    RowTooHigh(u64),
    #[error("{path} is {what}: name one manifest file, parquet, CSV, TSV, JSON lines or tar", path = path.display())]
    NotOneFile { path: PathBuf, what: String },
    #[error(
        "{file} is not one of the files this set knows by number, and none of its columns was recognised as an address, \
         an id, a digest or a picture hash, so no row can be compared; say what the columns mean with --map url=COLUMN"
    )]
    NothingToCompare { file: String },
    #[error("the output is the input itself: choose another file for --out")]
    OutIsInput,
    #[error("{path} is being written by another run", path = path.display())]
    OutIsBusy { path: PathBuf },
    #[error("{path} was changed while it was read: nothing was written; run it again", path = path.display())]
    InputChanged { path: PathBuf },
    #[error("row {row} cannot be blanked: {detail}; use --mode drop")]
    CannotBlank { row: u64, detail: String },
}

impl RemovalError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}
