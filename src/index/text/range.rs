//! Keys whose digests begin alike: what a look-up by prefix is answered from.

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED};

use super::hidden::HiddenDocs;
use super::read::TextIndex;
use super::{KIND_BITS, KeyKind, key_of};
use crate::index::IndexError;

/// A key and how many records have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyCount {
    pub key: u64,
    /// One of the records.
    pub ordinal: u64,
    pub records: u64,
}

impl TextIndex {
    /// All keys of a kind whose digest begins with the low `bits` bits of `prefix`, in order, with the records that are
    /// not hidden. At most `limit`: a prefix of 20 bits leaves about one key in a million records.
    pub fn keys_beginning(
        &self,
        kind: KeyKind,
        prefix: u32,
        bits: u32,
        limit: usize,
        hidden: &HiddenDocs,
    ) -> Result<Vec<KeyCount>, IndexError> {
        let bits = bits.clamp(1, 32);
        let from = u64::from(prefix) << (64 - bits);
        let until = from | u64::MAX >> bits;
        let mut found = Vec::new();
        let mut run = || {
            for (number, segment) in self.searcher().segment_readers().iter().enumerate() {
                let inverted = segment.inverted_index(self.key_field())?;
                let mut terms = inverted
                    .terms()
                    .range()
                    .ge(key_of(kind, from).to_be_bytes())
                    .le(key_of(kind, until | ((1 << KIND_BITS) - 1)).to_be_bytes())
                    .into_stream()?;
                let hidden = hidden.of_segment(number);
                while let Some((term, info)) = terms.next() {
                    let key = term.try_into().map_or(0, u64::from_be_bytes);
                    let mut postings = inverted.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
                    let mut count = KeyCount { key, ordinal: u64::MAX, records: 0 };
                    while postings.doc() != TERMINATED {
                        if !hidden.has(postings.doc()) {
                            count.records += 1;
                            count.ordinal = count.ordinal.min(self.ordinal(number, postings.doc()));
                        }
                        postings.advance();
                    }
                    if count.records > 0 {
                        found.push(count);
                    }
                    if found.len() >= limit {
                        break;
                    }
                }
            }
            Ok(())
        };
        run().map_err(|error: tantivy::TantivyError| IndexError::text(self.path())(error))?;
        Ok(joined(found))
    }
}

/// One entry a key, over all segments.
fn joined(mut found: Vec<KeyCount>) -> Vec<KeyCount> {
    found.sort_unstable_by_key(|count| (count.key, count.ordinal));
    found.dedup_by(|later, first| {
        let same = later.key == first.key;
        first.records += if same { later.records } else { 0 };
        same
    });
    found
}
