//! Bulk look-up for those who train: is this address, or this digest, one whose removal was granted?
//!
//! Answers from the same feed of decisions that hides records, over all datasets: an address that was granted in one is
//! opted out wherever else it stands.

use std::collections::{HashMap, HashSet};

use crate::takedown::case::RecordRef;
use crate::takedown::tombstone::Tombstone;
use crate::web_address::NormalizedUrl;

/// What stands of the feed, by what trainers can ask.
#[derive(Default)]
pub(super) struct OptOuts {
    /// Removed records by their place.
    standing: HashSet<String>,
    /// How many standing records have an address or a digest.
    known: HashMap<String, u32>,
}

impl OptOuts {
    pub(super) fn take_in(&mut self, entries: &[Tombstone]) {
        for entry in entries {
            let place = entry.record.place();
            let changes = if entry.lifted { self.standing.remove(&place) } else { self.standing.insert(place) };
            if !changes {
                continue;
            }
            for key in keys(&entry.record) {
                let count = self.known.entry(key).or_insert(0);
                *count = if entry.lifted { count.saturating_sub(1) } else { *count + 1 };
            }
        }
        self.known.retain(|_, count| *count > 0);
    }

    /// Whether an address in any writing, or a digest or picture hash in hexadecimal, is opted out.
    pub(super) fn has(&self, asked: &str) -> bool {
        let asked = asked.trim();
        let is_hex = matches!(asked.len(), 32 | 64) && asked.bytes().all(|b| b.is_ascii_hexdigit());
        if is_hex {
            return self.known.contains_key(&asked.to_ascii_lowercase());
        }
        NormalizedUrl::parse(asked).is_some_and(|url| self.known.contains_key(url.as_str()))
    }
}

fn keys(record: &RecordRef) -> impl Iterator<Item = String> {
    let digests = [&record.sha256, &record.md5, &record.url].into_iter().flatten().cloned();
    digests.chain(record.hashes.values().filter(|hash| hash.len() == 64).cloned()).collect::<HashSet<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::takedown::tombstone::Scope;

    fn entry(seq: i64, id: &str, url: &str, lifted: bool) -> Tombstone {
        let record = RecordRef {
            id: id.into(),
            dataset: "d".into(),
            revision: "r".into(),
            file: "f".into(),
            file_sha256: String::new(),
            row: 0,
            url: Some(url.into()),
            source_id: None,
            sha256: Some("ab".repeat(32)),
            md5: None,
            hashes: std::collections::BTreeMap::new(),
        };
        Tombstone { seq, dataset: "d".into(), scope: Scope::Row, record, lifted }
    }

    #[test]
    fn an_address_in_any_writing_is_opted_out_until_its_last_grant_is_taken_back() {
        let mut known = OptOuts::default();
        known
            .take_in(&[entry(1, "a", "pictures.example/1.jpg", false), entry(2, "b", "pictures.example/1.jpg", false)]);
        known.take_in(&[entry(3, "a", "pictures.example/1.jpg", false), entry(4, "a", "pictures.example/1.jpg", true)]);
        assert!(known.has("https://www.pictures.example/1.jpg") && known.has(&"AB".repeat(32)));
        assert!(!known.has("https://pictures.example/2.jpg") && !known.has("") && !known.has(&"00".repeat(32)));
        known.take_in(&[entry(5, "b", "pictures.example/1.jpg", true)]);
        assert!(!known.has("https://pictures.example/1.jpg"));
    }
}
