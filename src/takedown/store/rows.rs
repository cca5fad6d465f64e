//! The rows of a target as they are kept: the records in one compressed text, their states as one letter each, and
//! digests by which other targets with the same rows are found.

use std::io::Read as _;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::StoreError;
use crate::takedown::case::{RecordRef, RowState, TargetRow};

/// The level of compression: rows of one dataset repeat each other, the fastest level takes nine tenths away.
const LEVEL: i32 = 1;
/// Largest text of rows that is unpacked, bytes: a hundred thousand rows with long addresses. Ours are smaller.
const UNPACKED_MAX: u64 = 256 << 20;

const STATES: [RowState; 10] = [
    RowState::Pending,
    RowState::Restricted,
    RowState::Granted,
    RowState::SetAside,
    RowState::Answered,
    RowState::Refused,
    RowState::OutOfScope,
    RowState::Forwarded,
    RowState::Restored,
    RowState::Withdrawn,
];

/// Compresses any value of ours as JSON.
pub(super) fn pack<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    let text = serde_json::to_vec(value).map_err(|error| StoreError::Damaged(error.to_string()))?;
    zstd::bulk::compress(&text, LEVEL).map_err(|error| StoreError::Damaged(format!("rows cannot be packed: {error}")))
}

pub(super) fn unpack<T: serde::de::DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T, StoreError> {
    let damaged = |error: &dyn std::fmt::Display| StoreError::Damaged(format!("{what}: {error}"));
    let mut text = Vec::new();
    let unpacked = zstd::stream::read::Decoder::new(bytes).map_err(|error| damaged(&error))?;
    unpacked.take(UNPACKED_MAX).read_to_end(&mut text).map_err(|error| damaged(&error))?;
    serde_json::from_slice(&text).map_err(|error| damaged(&error))
}

pub(super) fn records_of(rows: &[TargetRow]) -> Result<Vec<u8>, StoreError> {
    pack(&rows.iter().map(|row| &*row.record).collect::<Vec<&RecordRef>>())
}

/// One letter a row.
pub(super) fn states_of(rows: &[TargetRow]) -> String {
    rows.iter().map(|row| letter_of(row.state)).collect()
}

/// A match, not the table: a new state does not compile before it has a letter.
fn letter_of(state: RowState) -> char {
    match state {
        RowState::Pending => 'p',
        RowState::Restricted => 'r',
        RowState::Granted => 'g',
        RowState::SetAside => 's',
        RowState::Answered => 'a',
        RowState::Refused => 'f',
        RowState::OutOfScope => 'o',
        RowState::Forwarded => 'w',
        RowState::Restored => 'b',
        RowState::Withdrawn => 'x',
    }
}

pub(super) fn rows_of(records: &[u8], states: &str) -> Result<Vec<TargetRow>, StoreError> {
    let records: Vec<RecordRef> = unpack("the rows of a case", records)?;
    if records.len() != states.len() {
        return Err(StoreError::Damaged(format!("{} rows with {} states", records.len(), states.len())));
    }
    let state = |letter| {
        let known = STATES.into_iter().find(|known| letter_of(*known) == letter);
        known.ok_or_else(|| StoreError::Damaged(format!("a row in the state {letter}")))
    };
    let row = |(record, letter)| Ok(TargetRow { record: Arc::new(record), state: state(letter)? });
    records.into_iter().zip(states.chars()).map(row).collect()
}

/// The same for a row in every case that asks about it.
pub(in crate::takedown) fn row_key(dataset: &str, id: &str) -> i64 {
    key(&["row", dataset, id])
}

/// The same for a picture wherever it is: by the digest of its file, else its hash, else its address.
pub(in crate::takedown) fn picture_key(record: &RecordRef) -> Option<i64> {
    let hash = || record.hashes.get("pdqa").or_else(|| record.hashes.values().next());
    let (kind, value) = (record.sha256.as_ref().map(|digest| ("sha256", digest)))
        .or_else(|| record.md5.as_ref().map(|digest| ("md5", digest)))
        .or_else(|| hash().map(|hash| ("hash", hash)))
        .or_else(|| record.url.as_ref().map(|url| ("url", url)))?;
    Some(key(&[kind, value]))
}

fn key(parts: &[&str]) -> i64 {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let digest = hasher.finalize();
    digest[..8].iter().fold(0_i64, |key, byte| key << 8 | i64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(in crate::takedown::store) fn record(id: &str) -> RecordRef {
        RecordRef {
            id: id.to_owned(),
            dataset: "demo".into(),
            revision: "1".into(),
            file: "part-0.parquet".into(),
            file_sha256: "00".repeat(32),
            row: 7,
            url: Some(format!("https://example.org/{id}.jpg")),
            source_id: None,
            sha256: None,
            md5: None,
            hashes: std::collections::BTreeMap::new(),
        }
    }

    #[test]
    fn rows_come_out_as_they_went_in_in_every_state() {
        let rows: Vec<TargetRow> = STATES
            .into_iter()
            .enumerate()
            .map(|(at, state)| TargetRow { record: Arc::new(record(&format!("r{at}"))), state })
            .collect();
        assert_eq!(rows_of(&records_of(&rows).unwrap(), &states_of(&rows)).unwrap(), rows);
        assert!(rows_of(&records_of(&[]).unwrap(), "").unwrap().is_empty());
    }

    #[test]
    fn damaged_rows_are_an_error_and_never_a_panic() {
        let packed = records_of(&[TargetRow { record: Arc::new(record("a")), state: RowState::Pending }]).unwrap();
        assert!(rows_of(&packed, "pp").is_err());
        assert!(rows_of(&packed, "?").is_err());
        for end in 0..packed.len() {
            assert!(rows_of(&packed[..end], "p").is_err());
        }
    }

    #[test]
    fn a_picture_is_known_by_its_file_before_its_address() {
        let mut one = record("a");
        let mut other = record("b");
        assert_ne!(picture_key(&one), picture_key(&other));
        one.sha256 = Some("ab".repeat(32));
        other.sha256.clone_from(&one.sha256);
        assert_eq!(picture_key(&one), picture_key(&other));
        assert_ne!(row_key("demo", "a"), row_key("dem", "oa"));
    }
}
