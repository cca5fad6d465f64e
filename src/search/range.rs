//! Look-up by the beginning of a digest: the caller learns whether something is here without saying what it asks for.
//!
//! The model is the range look-up of Have I Been Pwned: five hexadecimal digits go out, all that begin so come back, and
//! the comparing is done at home.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::engine::SearchError;
use super::hits;
use super::results::{RangeEntry, RangeResults};
use super::snapshot::{OpenDataset, Snapshot};
use crate::facts::Facts;
use crate::index::text::{KeyKind, key};

/// Digits a caller sends.
pub const PREFIX_DIGITS: usize = 5;
/// Most entries a dataset may answer with: some ten times what a prefix of five digits leaves of a billion records.
const ENTRIES_MAX: usize = 10_000;
/// The kinds that can be asked, as the API names them.
pub const KINDS: [&str; 4] = ["sha256", "md5", "url", "identifier"];

pub(super) fn search(snapshot: &Snapshot, kind: &str, prefix: &str) -> Result<RangeResults, SearchError> {
    let key_kind = match kind {
        "sha256" => KeyKind::Sha256,
        "md5" => KeyKind::Md5,
        "url" => KeyKind::Url,
        "identifier" => KeyKind::Identifier,
        _ => {
            let detail = format!("There is no such kind. Ask for one of: {}.", KINDS.join(", "));
            return Err(SearchError::BadQuery { field: "kind", detail });
        }
    };
    let number = (prefix.len() == PREFIX_DIGITS && prefix.bytes().all(|b| b.is_ascii_hexdigit()))
        .then(|| u32::from_str_radix(prefix, 16).ok())
        .flatten()
        .ok_or_else(|| SearchError::BadQuery {
            field: "prefix",
            detail: format!("Send the first {PREFIX_DIGITS} hexadecimal digits, no more and no fewer."),
        })?;
    let prefix = prefix.to_ascii_lowercase();
    let mut suffixes: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for dataset in snapshot.searchable() {
        let bits = PREFIX_DIGITS as u32 * 4;
        let keys = dataset.generation.text.keys_beginning(key_kind, number, bits, ENTRIES_MAX, dataset.hidden.docs());
        for count in keys.map_err(anyhow::Error::from)? {
            let Some(digest) = digest_of(dataset, key_kind, count.key, count.ordinal)? else { continue };
            let counts = suffixes.entry(digest[PREFIX_DIGITS..].to_owned()).or_default();
            counts.insert(dataset.slug.clone(), count.records.to_string());
        }
    }
    let entry = |(suffix, datasets)| RangeEntry { suffix, datasets };
    Ok(RangeResults { kind: kind.to_owned(), prefix, suffixes: suffixes.into_iter().map(entry).collect() })
}

/// The whole digest, worked out from the record: the index keeps only its first bits.
fn digest_of(dataset: &OpenDataset, kind: KeyKind, wanted: u64, ordinal: u64) -> Result<Option<String>, SearchError> {
    let facts = hits::facts(dataset, ordinal)?;
    Ok(values(&facts, kind).into_iter().find(|value| key(kind, value) == wanted).map(|value| match kind {
        KeyKind::Sha256 | KeyKind::Md5 | KeyKind::Sha1 => value,
        KeyKind::Url | KeyKind::Identifier | KeyKind::SourceId => hex::encode(Sha256::digest(value.as_bytes())),
    }))
}

fn values(facts: &Facts, kind: KeyKind) -> Vec<String> {
    match kind {
        KeyKind::Sha256 => facts.sha256().into_iter().map(str::to_owned).collect(),
        KeyKind::Md5 => facts.md5().into_iter().map(str::to_owned).collect(),
        KeyKind::Url => facts.addresses.iter().map(|address| address.as_str().to_owned()).collect(),
        KeyKind::Identifier => facts.identifiers().iter().map(crate::identifier::Identifier::display).collect(),
        KeyKind::Sha1 | KeyKind::SourceId => Vec::new(),
    }
}
