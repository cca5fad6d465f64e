//! A fingerprint held against one record's: how a match is shown again, from nothing but the two.

use super::engine::SearchError;
use super::results::{Comparison, RecordDetail};
use crate::hash_code::{HashCode, HashKind};

impl RecordDetail {
    /// Compares a checksum or picture hash, hexadecimal, with what the record has of the same kind: where it has several,
    /// with the nearest.
    pub fn compare(&self, by: &str, asked: &str) -> Result<Comparison, SearchError> {
        let asked = asked.to_ascii_lowercase();
        let held = self.all_hashes.get(by).map(Vec::as_slice).unwrap_or_default();
        let nearest = match by {
            "sha256" | "md5" => held.iter().find(|held| **held == asked).map(|held| (0, held)),
            _ => {
                let kind = HashKind::from_name(by).ok_or_else(|| bad(format!("“{by}” is no kind of fingerprint.")))?;
                let digits = kind.bytes() * 2;
                let wrong = || bad(format!("{by} is written with {digits} hexadecimal digits."));
                let asked = HashCode::from_hex(kind, &asked).ok_or_else(wrong)?;
                let distance = |held: &String| HashCode::from_hex(kind, held).map(|code| code.distance(&asked));
                held.iter().filter_map(|held| Some((distance(held)?, held))).min()
            }
        };
        let none = || bad(format!("This record has no {by} that could be compared with it."));
        let (distance, held) = nearest.ok_or_else(none)?;
        Ok(Comparison { by: by.to_owned(), held: held.clone(), asked, distance })
    }
}

fn bad(detail: String) -> SearchError {
    SearchError::BadQuery { field: "hash", detail }
}
