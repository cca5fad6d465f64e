//! Documents left out of every answer of one index: one bit each.

use super::read::{Columns, TextIndex};

/// What of one text index must not be found. Made for the index it was made from, and for no other.
#[derive(Debug, Clone, Default)]
pub struct HiddenDocs {
    /// A segment's documents, 64 to a word; nothing where the segment hides none.
    segments: Vec<Option<Vec<u64>>>,
}

/// The hidden documents of one segment.
#[derive(Clone, Copy)]
pub(super) struct HiddenIn<'a>(Option<&'a [u64]>);

impl HiddenDocs {
    pub(super) fn is_empty(&self) -> bool {
        self.segments.iter().all(Option::is_none)
    }

    pub(super) fn of_segment(&self, segment: usize) -> HiddenIn<'_> {
        HiddenIn(self.segments.get(segment).and_then(|words| words.as_deref()))
    }
}

impl HiddenIn<'_> {
    /// Costs a nanosecond where something is hidden, nothing where nothing is.
    pub(super) fn has(self, doc: u32) -> bool {
        self.0.is_some_and(|words| words.get(doc as usize / 64).is_some_and(|word| word >> (doc % 64) & 1 == 1))
    }
}

impl TextIndex {
    /// The documents of these records. A binary search a record, since documents lie in the order of their records.
    pub fn hidden_docs(&self, ordinals: impl Iterator<Item = u64>) -> HiddenDocs {
        let mut segments: Vec<Option<Vec<u64>>> = vec![None; self.segments().len()];
        for ordinal in ordinals {
            for (columns, words) in self.segments().iter().zip(&mut segments) {
                let Some(doc) = doc_of(columns, ordinal) else { continue };
                let words = words.get_or_insert_with(|| vec![0; columns.docs().div_ceil(64) as usize]);
                words[doc as usize / 64] |= 1 << (doc % 64);
            }
        }
        HiddenDocs { segments }
    }
}

fn doc_of(columns: &Columns, ordinal: u64) -> Option<u32> {
    let row = |doc: u32| columns.row.first(doc).unwrap_or(u64::MAX);
    if !columns.is_in_order {
        return (0..columns.docs()).find(|doc| row(*doc) == ordinal);
    }
    let (mut low, mut high) = (0, columns.docs());
    while low < high {
        let middle = low.midpoint(high);
        if row(middle) < ordinal {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    (low < columns.docs() && row(low) == ordinal).then_some(low)
}
