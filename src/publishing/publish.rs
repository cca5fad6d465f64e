//! The next version of a removal set: what has been granted as of now, signed.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::PublishingError;
use super::versions::{OwnedLeaf, Private, Versions};
use crate::evidence::key_ring::KeyRing;
use crate::evidence::merkle::{Hash, Tree};
use crate::evidence::receipt::{RowIdentity, SALT_BYTES};
use crate::hash_code::{HashCode, HashKind};
use crate::removal::granted::GrantedRow;
use crate::removal::set::{RemovalSet, SetInput, TreeHead};
use crate::removal::signed::SignedSet;
use crate::takedown::case::RecordRef;
use crate::takedown::decision::Act;
use crate::takedown::desk::{Desk, DeskError};
use crate::timestamp::Timestamp;

/// The fewest leaves a tree has: fewer would say how few were granted.
const LEAVES_MIN: usize = 64;

/// What happened.
#[derive(Debug)]
pub enum Published {
    Next(SignedSet),
    /// Nothing was granted or taken back since this version.
    Same(SignedSet),
    /// Nothing was ever granted.
    Nothing,
}

impl Published {
    /// The version that holds now.
    pub fn set(&self) -> Option<&SignedSet> {
        match self {
            Self::Next(set) | Self::Same(set) => Some(set),
            Self::Nothing => None,
        }
    }
}

/// Signs and keeps the next version of a dataset's set, where something was decided since the last, and tells the cases.
/// A run that is cut short is finished by the next. `seed`: 32 secret random bytes, new for every call.
///
/// # Errors
/// Where the key, the store or the disk fail; what was published before stays as it is.
pub async fn publish(
    desk: &Desk,
    keys: &KeyRing,
    versions: &Versions,
    dataset: &str,
    seed: [u8; 32],
    now_ms: i64,
) -> Result<Published, PublishingError> {
    let granted = desk.granted_rows(dataset).await?;
    let mut owners: Vec<(String, String)> =
        granted.iter().map(|row| (row.case.clone(), row.record.id.clone())).collect();
    owners.sort_unstable();
    owners.dedup();
    let _lock = versions.lock(dataset)?;
    let last = versions.latest(dataset)?;
    if owners.is_empty() && last.is_none() {
        return Ok(Published::Nothing);
    }
    if let Some(last) = last.as_ref() {
        let private = versions.private(dataset, last.set.version)?;
        let before = private.owned.iter().map(|leaf| (leaf.case.clone(), leaf.record.clone()));
        if before.eq(owners.iter().cloned()) {
            tell(desk, versions, dataset, last.set.version, &owners).await?;
            return Ok(Published::Same(last.clone()));
        }
    }
    let records: BTreeMap<&str, &RecordRef> = granted.iter().map(|row| (row.record.id.as_str(), &row.record)).collect();
    let (private, tree) = leaves(&owners, &records, &seed);
    let version = last.as_ref().map_or(1, |last| last.set.version + 1);
    let rows: Vec<GrantedRow> = records.values().map(|record| row_of(record)).collect();
    let set = RemovalSet::build(&SetInput {
        dataset,
        version,
        created_at: Timestamp::from_millis(now_ms),
        predecessor: last.map(|last| last.sha256),
        tree: Some(tree),
        rows: &rows,
        entropy: derived(&seed, "set", 0),
    })?;
    let signed = SignedSet::sign(&set, &keys.signer()?)?;
    versions.add(&signed, &private)?;
    tell(desk, versions, dataset, version, &owners).await?;
    Ok(Published::Next(signed))
}

/// Tells every case of the version that its rows are in it, once.
async fn tell(
    desk: &Desk,
    versions: &Versions,
    dataset: &str,
    version: u32,
    owners: &[(String, String)],
) -> Result<(), PublishingError> {
    if versions.is_told(dataset, version) {
        return Ok(());
    }
    let mut cases: Vec<&str> = owners.iter().map(|(case, _)| case.as_str()).collect();
    cases.dedup();
    for case in cases {
        match desk.portal_act(case, dataset, Act::Publish { version }).await {
            // It has heard of an earlier version, or has gone on since.
            Ok(()) | Err(DeskError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    versions.set_told(dataset, version)
}

/// A leaf for every row of every case, filled up to a power of two, in the order of their hashes: a place says nothing.
fn leaves(owners: &[(String, String)], records: &BTreeMap<&str, &RecordRef>, seed: &[u8; 32]) -> (Private, TreeHead) {
    let mut owned = Vec::with_capacity(owners.len());
    let mut hashes: Vec<Hash> = Vec::new();
    for (number, (case, record)) in owners.iter().enumerate() {
        let Some(reference) = records.get(record.as_str()) else { continue };
        let mut salt = [0; SALT_BYTES];
        salt.copy_from_slice(&derived(seed, "salt", number as u64)[..SALT_BYTES]);
        hashes.push(identity(reference).leaf(&salt));
        owned.push(OwnedLeaf { case: case.clone(), record: record.clone(), salt: hex::encode(salt) });
    }
    let filled = hashes.len().next_power_of_two().max(LEAVES_MIN);
    hashes.extend((hashes.len()..filled).map(|number| derived(seed, "decoy", number as u64)));
    hashes.sort_unstable();
    let tree = Tree::new(hashes.clone());
    let head = TreeHead { root: hex::encode(tree.root()), leaves: hashes.len() as u64 };
    (Private { owned, leaves: hashes.iter().map(hex::encode).collect() }, head)
}

fn derived(seed: &[u8; 32], purpose: &str, number: u64) -> [u8; 32] {
    Sha256::new().chain_update(seed).chain_update(purpose).chain_update(number.to_be_bytes()).finalize().into()
}

/// What tells a record from all others.
pub(super) fn identity(record: &RecordRef) -> RowIdentity {
    RowIdentity {
        dataset: record.dataset.clone(),
        revision: record.revision.clone(),
        file: record.file.clone(),
        file_sha256: record.file_sha256.clone(),
        row: record.row,
    }
}

/// A granted record as the removal room knows it.
pub(super) fn row_of(record: &RecordRef) -> GrantedRow {
    let code = |(kind, digits): (&String, &String)| HashCode::from_hex(HashKind::from_name(kind)?, digits);
    GrantedRow {
        dataset: record.dataset.clone(),
        revision: record.revision.clone(),
        file: record.file.clone(),
        file_sha256: record.file_sha256.clone(),
        row: record.row,
        url: record.url.clone(),
        source_id: record.source_id.clone(),
        sha256: record.sha256.clone(),
        md5: record.md5.clone(),
        codes: record.hashes.iter().filter_map(code).collect(),
    }
}
