//! A fingerprint held against one record's: how a match is shown again, from nothing but the two.

use super::engine::SearchError;
use super::hits;
use super::results::Comparison;
use super::snapshot::OpenDataset;
use crate::hash_code::{HashCode, HashKind};

/// Compares a checksum or picture hash, hexadecimal, with what the record has of the same kind.
pub(super) fn compare(dataset: &OpenDataset, ordinal: u64, by: &str, asked: &str) -> Result<Comparison, SearchError> {
    let asked = asked.to_ascii_lowercase();
    let (held, distance) = match by {
        "sha256" | "md5" => (hits::digests(dataset, ordinal, by)?.into_iter().find(|held| *held == asked), 0),
        _ => match nearest(dataset, ordinal, by, &asked)? {
            Some((held, distance)) => (Some(held), distance),
            None => (None, 0),
        },
    };
    let held = held.ok_or_else(|| bad(format!("This record has no {by} that could be compared with it.")))?;
    Ok(Comparison { by: by.to_owned(), asked, held, distance })
}

/// Of the record's codes of this kind, the one that differs least.
fn nearest(dataset: &OpenDataset, ordinal: u64, by: &str, asked: &str) -> Result<Option<(String, u32)>, SearchError> {
    let kind = HashKind::from_name(by).ok_or_else(|| bad(format!("“{by}” is no kind of fingerprint.")))?;
    let digits = kind.bytes() * 2;
    let asked = HashCode::from_hex(kind, asked)
        .ok_or_else(|| bad(format!("{by} is written with {digits} hexadecimal digits.")))?;
    let file = dataset.generation.hashes.get(&kind);
    let codes = match (file, u32::try_from(ordinal)) {
        (Some(file), Ok(ordinal)) => file.of_record(ordinal),
        _ => Vec::new(),
    };
    let nearest = codes.into_iter().min_by_key(|held| held.distance(&asked));
    Ok(nearest.map(|held| (held.to_hex(), held.distance(&asked))))
}

fn bad(detail: String) -> SearchError {
    SearchError::BadQuery { field: "hash", detail }
}
