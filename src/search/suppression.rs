//! What must not be shown: the one place where decisions meet the index.
//!
//! A decision names a record as it was when it was filed. Which ordinals of an opened revision that covers is worked out
//! here, when a revision is opened and again with every decision, so that a record stays away when its dataset is taken
//! in anew or in a later revision, and comes back when a decision is reversed. Every count, page, facet and match asks
//! [`Hidden`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::engine::SearchError;
use super::record_id;
use super::snapshot::Opened;
use crate::hash_code::{HashCode, HashKind};
use crate::image_hash::{INSIDE_BORDER, QUALITY_MIN};
use crate::index::hashes::Near;
use crate::index::text::{Clause, HiddenDocs, KeyKind, TextQuery, key};
use crate::takedown::case::RecordRef;
use crate::takedown::tombstone::{Scope, Tombstone};

/// Farthest a copy's hash may lie from the removed picture's, bits: “almost surely” the same picture.
const SAME_PICTURE_BITS: u32 = 31;

/// What of one opened revision is hidden.
#[derive(Clone, Default)]
pub(super) struct Hidden {
    /// The removed records by their place, with how far the removal of each reaches.
    standing: HashMap<String, (RecordRef, Scope)>,
    /// The last entry of the feed that was taken in.
    through: i64,
    /// How many of those cover an ordinal: it is shown again when the last one is lifted.
    by_ordinal: HashMap<u64, u32>,
    docs: HiddenDocs,
    /// Hidden records that carry a hash, by kind.
    hashed: BTreeMap<HashKind, u64>,
}

impl Hidden {
    /// Works the whole feed out for a revision. Costs some tens of microseconds an entry that concerns it.
    pub(super) fn of(opened: &Opened, feed: &[Tombstone]) -> Result<Self, SearchError> {
        Self::default().with(opened, feed)
    }

    /// The same after further entries of the feed.
    pub(super) fn with(&self, opened: &Opened, entries: &[Tombstone]) -> Result<Self, SearchError> {
        let mut next = self.clone();
        let mut changed = false;
        for entry in entries.iter().filter(|entry| entry.lifted || reaches(entry, &opened.slug)) {
            let place = entry.record.place();
            let before = next.standing.get(&place).map(|(_, scope)| *scope);
            // A lift takes back all of it; another entry widens what stands and never narrows it.
            let after = if entry.lifted { None } else { before.max(Some(entry.scope)) };
            if before == after {
                continue;
            }
            changed = true;
            if let Some((record, scope)) = next.standing.remove(&place) {
                next.uncover(covered(opened, &record, scope)?);
            }
            if let Some(scope) = after {
                next.cover(covered(opened, &entry.record, scope)?);
                next.standing.insert(place, (entry.record.clone(), scope));
            }
        }
        next.through = entries.last().map_or(next.through, |entry| entry.seq);
        if changed {
            next.docs = opened.generation.text.hidden_docs(next.by_ordinal.keys().copied());
            next.hashed = hashed(opened, &next.by_ordinal);
        }
        Ok(next)
    }

    fn cover(&mut self, ordinals: BTreeSet<u64>) {
        for ordinal in ordinals {
            *self.by_ordinal.entry(ordinal).or_insert(0) += 1;
        }
    }

    fn uncover(&mut self, ordinals: BTreeSet<u64>) {
        for ordinal in ordinals {
            let left = self.by_ordinal.get(&ordinal).map_or(0, |count| count.saturating_sub(1));
            if left == 0 {
                self.by_ordinal.remove(&ordinal);
            } else {
                self.by_ordinal.insert(ordinal, left);
            }
        }
    }

    /// The last entry that was taken in; what comes after it is still to be worked out.
    pub(super) fn through(&self) -> i64 {
        self.through
    }

    pub(super) fn has(&self, ordinal: u64) -> bool {
        self.by_ordinal.contains_key(&ordinal)
    }

    /// For the text index.
    pub(super) fn docs(&self) -> &HiddenDocs {
        &self.docs
    }

    pub(super) fn len(&self) -> u64 {
        self.by_ordinal.len() as u64
    }

    /// Hidden records that carry a hash of this kind.
    pub(super) fn hashed(&self, kind: &str) -> u64 {
        HashKind::from_name(kind).and_then(|kind| self.hashed.get(&kind)).copied().unwrap_or(0)
    }
}

fn hashed(opened: &Opened, ordinals: &HashMap<u64, u32>) -> BTreeMap<HashKind, u64> {
    let carries = |file: &crate::index::hashes::HashFile, ordinal: &u64| {
        u32::try_from(*ordinal).is_ok_and(|ordinal| !file.of_record(ordinal).is_empty())
    };
    let of =
        |(kind, file): (&HashKind, _)| (*kind, ordinals.keys().filter(|ordinal| carries(file, ordinal)).count() as u64);
    opened.generation.hashes.iter().map(of).collect()
}

fn reaches(entry: &Tombstone, slug: &str) -> bool {
    entry.record.dataset == slug || entry.scope == Scope::Everywhere
}

/// The ordinals of a revision that the removal of a record covers.
fn covered(opened: &Opened, record: &RecordRef, scope: Scope) -> Result<BTreeSet<u64>, SearchError> {
    let at_home = record.dataset == opened.slug;
    let row = if at_home { the_row(opened, record)? } else { None };
    if let (Scope::Row, Some(row)) = (scope, row) {
        return Ok(BTreeSet::from([row]));
    }
    let mut all: BTreeSet<u64> = row.into_iter().collect();
    let wanted = identities(record, scope, at_home);
    let keys: Vec<Clause> = wanted.iter().map(|(kind, value)| Clause::Key(key(*kind, value))).collect();
    if !keys.is_empty() {
        let query = TextQuery { clause: Clause::Any(keys) };
        all.extend(opened.generation.text.ordinals(&query).map_err(anyhow::Error::from)?);
    }
    if scope != Scope::Row {
        all.extend(near_pictures(opened, record));
    }
    Ok(all)
}

/// Records that show almost surely the same picture.
pub(super) fn near_pictures(opened: &Opened, record: &RecordRef) -> BTreeSet<u64> {
    let mut all = BTreeSet::new();
    for code in pictures(record) {
        let Some(file) = opened.generation.hashes.get(&code.kind()) else { continue };
        // A blank is near every other blank: that is no copy.
        let says_something = |near: &Near| near.quality.is_none_or(|quality| quality >= QUALITY_MIN);
        // A crop that looks like it is another picture; what stands inside a border is the same.
        let is_whole = |near: &Near| near.part.is_none_or(|part| part == INSIDE_BORDER);
        let near = file.within(&code, SAME_PICTURE_BITS).into_iter();
        let near = near.filter(says_something).filter(is_whole);
        all.extend(near.map(|near| u64::from(near.ordinal)));
    }
    all
}

/// What rows of a revision are known by, other than by their place. For [`Scope::Row`] the surest one only: two rows may
/// well share an address and be of two people.
pub(super) fn identities(record: &RecordRef, scope: Scope, at_home: bool) -> Vec<(KeyKind, &str)> {
    let mut all = Vec::new();
    // Source ids are numbers of their dataset: elsewhere the same number is another record.
    let source_id = record.source_id.as_deref().filter(|_| at_home);
    all.extend(source_id.map(|id| (KeyKind::SourceId, id)));
    all.extend(record.url.as_deref().map(|url| (KeyKind::Url, url)));
    all.extend(record.sha256.as_deref().map(|digest| (KeyKind::Sha256, digest)));
    all.extend(record.md5.as_deref().map(|digest| (KeyKind::Md5, digest)));
    if scope == Scope::Row {
        all.truncate(1);
    }
    all
}

fn pictures(record: &RecordRef) -> Vec<HashCode> {
    let long = |(kind, digits): (&String, &String)| {
        let kind = HashKind::from_name(kind).filter(|kind| matches!(kind, HashKind::Pdqa | HashKind::Pdq))?;
        HashCode::from_hex(kind, digits)
    };
    record.hashes.iter().filter_map(long).collect()
}

/// The row itself, where this revision holds the very file that the record stood in. The id is only trusted where file
/// and row agree with it: a revision may have been taken in again from other files under the same name.
fn the_row(opened: &Opened, record: &RecordRef) -> Result<Option<u64>, SearchError> {
    let revision = &opened.generation.revision;
    let row_of = |ordinal: u64| -> Result<Option<u64>, SearchError> {
        Ok(opened.generation.rows.record(ordinal).map_err(anyhow::Error::from)?.map(|record| record.row))
    };
    if let Some((tag, ordinal)) = record_id::parse(&record.id)
        && tag == opened.tag
        && revision.file_of(ordinal).is_some_and(|file| file.sha256 == record.file_sha256)
        && row_of(ordinal)? == Some(record.row)
    {
        return Ok(Some(ordinal));
    }
    for file in revision.files.iter().filter(|file| file.sha256 == record.file_sha256) {
        // Rows of a file rise with their ordinals; some may have been left out.
        let (mut low, mut high) = (file.first_ordinal, file.first_ordinal + file.rows_indexed);
        let end = high;
        while low < high {
            let middle = low.midpoint(high);
            if row_of(middle)?.is_some_and(|row| row < record.row) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if low < end && row_of(low)? == Some(record.row) {
            return Ok(Some(low));
        }
    }
    Ok(None)
}
