//! A published revision, opened: its description, its text, its rows, its hashes.

use std::collections::BTreeMap;
use std::path::Path;

use super::hashes::{self, HashFile};
use super::revision::Revision;
use super::rows::RowStore;
use super::text::TextIndex;
use super::{IndexError, draft};
use crate::hash_code::HashKind;

/// Everything that a search of one revision needs. Cheap to share, never changed.
pub struct Generation {
    pub revision: Revision,
    pub text: TextIndex,
    pub rows: RowStore,
    pub hashes: BTreeMap<HashKind, HashFile>,
}

impl Generation {
    /// Opens a published directory. Checks every file of ours but the blocks of rows, which are checked when read.
    pub fn open(directory: &Path) -> Result<Self, IndexError> {
        let revision = Revision::load(directory)?;
        let rows = RowStore::open(&directory.join(draft::ROWS))?;
        if rows.rows() != revision.rows_indexed {
            return Err(IndexError::damaged(
                directory,
                "the row file holds another number of rows than the description says",
            ));
        }
        let text = TextIndex::open(&directory.join(draft::TEXT))?;
        let mut all = BTreeMap::new();
        for kind in HashKind::ALL {
            let path = directory.join(hashes::file_name(kind));
            if path.exists() {
                all.insert(kind, HashFile::open(directory, kind)?);
            } else if revision.hashed.contains_key(kind.name()) {
                return Err(IndexError::damaged(&path, "missing"));
            }
        }
        Ok(Self { revision, text, rows, hashes: all })
    }

    /// Reads every byte of every file in the directory it was opened from and compares checksums.
    pub fn verify(&self, directory: &Path) -> Result<(), IndexError> {
        self.rows.verify()?;
        self.hashes.keys().try_for_each(|kind| HashFile::verify(directory, *kind))?;
        self.text.verify()
    }
}
