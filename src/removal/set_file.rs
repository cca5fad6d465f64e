//! Opens a removal set in any of its forms: the signed document, a table made of it (JSON lines, CSV, parquet), or a
//! numpy array of uids. Which it is, is seen in its first bytes.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::RemovalError;
use super::export::{npy, table};
use super::signed::SignedSet;

/// Largest set that is read, bytes: ten million rows in all their kinds.
const SET_BYTES_MAX: u64 = 2 << 30;

/// A removal set as it was found in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct SetFile {
    /// The set, its signature checked; `None` for a bare array of uids.
    pub signed: Option<SignedSet>,
    /// SHA-256 of the signed set; of an array, that of the file.
    pub sha256: String,
    bare_uids: Vec<u128>,
}

impl SetFile {
    /// Reads and checks a set.
    ///
    /// # Errors
    /// Where it is no set, where it was changed after it was signed, or where a table is not complete.
    pub fn open(path: &Path) -> Result<Self, RemovalError> {
        let file = File::open(path).map_err(RemovalError::io(path))?;
        let mut bytes = Vec::new();
        file.take(SET_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(RemovalError::io(path))?;
        if bytes.len() as u64 > SET_BYTES_MAX {
            return Err(RemovalError::NotTheSet(format!("It is larger than {} GiB.", SET_BYTES_MAX >> 30)));
        }
        if bytes.starts_with(npy::MAGIC) {
            let sha256 = hex::encode(Sha256::digest(&bytes));
            let bare_uids = npy::read(&bytes)?;
            if bare_uids.is_empty() {
                let why = "It is a list of uids, and holds none: nothing can be removed with it. Take another form of the set.";
                return Err(RemovalError::NotTheSet(why.to_owned()));
            }
            return Ok(Self { signed: None, sha256, bare_uids });
        }
        let signed = if bytes.starts_with(b"PAR1") {
            table::of_parquet(path)?.into_set()?
        } else if bytes.starts_with(table::CSV_HEADER.as_bytes()) {
            table::of_csv(&bytes)?.into_set()?
        } else if table::is_json_lines(&bytes) {
            table::of_json_lines(&bytes)?.into_set()?
        } else {
            SignedSet::parse(bytes)?
        };
        Ok(Self::of_signed(signed))
    }

    pub fn of_signed(signed: SignedSet) -> Self {
        Self { sha256: signed.sha256.clone(), signed: Some(signed), bare_uids: Vec::new() }
    }

    /// Ids of 32 hexadecimal digits that are to be taken out.
    pub fn uids(&self) -> &[u128] {
        self.signed.as_ref().map_or(&self.bare_uids, |signed| &signed.set.uids)
    }

    /// Rows of the file with this SHA-256, where the set knows it.
    pub fn known(&self, sha256: &str) -> Option<&roaring::RoaringBitmap> {
        self.signed.as_ref()?.set.known(sha256)
    }
}
