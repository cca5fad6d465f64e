//! Decisions made public: versions of removal sets, receipts, and whether later releases keep to them.
//!
//! Stands above [`crate::takedown`] (what was granted), [`crate::removal`] (what a set is) and [`crate::evidence`] (who
//! signs). Used by the command line and the web room. Clock and randomness are parameters.
//!
//! [`versions`] is where sets lie on the disk, [`publish`] makes the next one, [`receipts`] prove a person's rows in it,
//! [`release`] looks through a later release, [`notices`] tell those who received the dataset.

pub mod notices;
pub mod publish;
pub mod receipts;
pub mod release;
pub mod versions;

use std::path::{Path, PathBuf};

use crate::evidence::document::DocumentError;
use crate::evidence::signing::SigningError;
use crate::removal::RemovalError;
use crate::takedown::desk::DeskError;

#[derive(Debug, thiserror::Error)]
pub enum PublishingError {
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{path} is damaged ({detail}); take it from a backup: what is published must not change", path = path.display())]
    Damaged { path: PathBuf, detail: String },
    #[error("there is no dataset called {0}")]
    NoSuchDataset(String),
    #[error("there is no version {version} of the removal set of {dataset}")]
    NoSuchVersion { dataset: String, version: u32 },
    #[error(transparent)]
    Removal(#[from] RemovalError),
    #[error(transparent)]
    Signing(#[from] SigningError),
    #[error(transparent)]
    Document(#[from] DocumentError),
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl PublishingError {
    fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    fn damaged(path: &Path, detail: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), detail: detail.into() }
    }
}
