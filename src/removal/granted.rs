//! A row whose removal was granted, as the cases' store hands it to this room.

use crate::hash_code::HashCode;

/// One granted row. Never written anywhere as it stands: a removal set is made of blinded hashes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantedRow {
    pub dataset: String,
    pub revision: String,
    /// The file's path as in the manifest.
    pub file: String,
    /// SHA-256 of that file as it lies on the publisher's disk, 64 hexadecimal digits; empty where it has none (a
    /// folder of pictures).
    pub file_sha256: String,
    /// Position in the file, counted from 0.
    pub row: u64,
    /// The first address of the row, in the writing of [`crate::web_address::NormalizedUrl`].
    pub url: Option<String>,
    /// The publisher's own id of the row.
    pub source_id: Option<String>,
    /// Digests of the picture's file, lower-case hexadecimal.
    pub sha256: Option<String>,
    pub md5: Option<String>,
    /// Picture hashes, as computed (`pdqa`) or as the manifest carried them (`pdq`).
    pub codes: Vec<HashCode>,
}
