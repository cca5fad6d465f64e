//! A removal set: which rows of a dataset are to be taken out, naming nobody.
//!
//! Two forms stand in one set. For a release file that the portal knows, by its SHA-256, the row numbers as a roaring
//! bitmap. For any other copy, blinded hashes ([`super::blind`]) of what the rows are known by, all kinds in one sorted
//! list that is filled up with decoys to a power of two: it says neither how many nor of what kind. Ids of 32
//! hexadecimal digits, `DataComp`'s, stand as they are beside them, since its tools filter by nothing else.

use std::collections::{BTreeMap, BTreeSet};

use roaring::RoaringBitmap;

use super::RemovalError;
use super::blind::{self, Blinder, Drawn, Tag};
use super::granted::GrantedRow;
use crate::timestamp::Timestamp;

/// The fewest tags a set has: fewer would say that there are few.
const BUCKET_MIN: usize = 1024;
/// Ids that are numbers of fewer digits, or filled up with zeros, count rows of one file: the same id in another
/// release is another row. They are left out where a row is known by something better.
const COUNTER_DIGITS: usize = 12;

/// What a set is made from.
#[derive(Debug, Clone)]
pub struct SetInput<'a> {
    pub dataset: &'a str,
    /// 1 for the first.
    pub version: u32,
    pub created_at: Timestamp,
    /// SHA-256 of the version before.
    pub predecessor: Option<String>,
    /// The Merkle tree over the granted rows' leaves, which receipts refer to.
    pub tree: Option<TreeHead>,
    /// All rows that are granted as of this version, those of earlier versions with them.
    pub rows: &'a [GrantedRow],
    /// 32 secret random bytes, new for every version: salt and decoys are drawn from them. Who knows them can tell
    /// decoys from hashes.
    pub entropy: [u8; 32],
}

/// One version of a dataset's removal set.
#[derive(Debug, Clone, PartialEq)]
pub struct RemovalSet {
    pub dataset: String,
    pub version: u32,
    /// ISO 8601, UTC.
    pub created: String,
    pub predecessor: Option<String>,
    pub tree: Option<TreeHead>,
    pub salt: [u8; 32],
    /// Sorted by SHA-256.
    pub files: Vec<KnownFile>,
    /// Sorted, each once; decoys among them.
    pub tags: Vec<Tag>,
    /// Sorted, each once.
    pub uids: Vec<u128>,
}

/// What a set publishes of the tree of receipts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeHead {
    /// Hexadecimal.
    pub root: String,
    /// Leaves of the tree; whoever makes it fills it up, so that this does not count people.
    pub leaves: u64,
}

/// The rows to take out of one release file.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownFile {
    pub sha256: String,
    pub revision: String,
    pub rows: RoaringBitmap,
}

impl RemovalSet {
    /// Makes a set of granted rows.
    ///
    /// # Errors
    /// Where a row number does not fit a bitmap (2^32 rows in one file), or a row is of another dataset.
    pub fn build(input: &SetInput<'_>) -> Result<Self, RemovalError> {
        let drawn = Drawn::new(&input.entropy);
        let salt = drawn.salt();
        let blinder = Blinder::new(&salt);
        let mut files: BTreeMap<String, KnownFile> = BTreeMap::new();
        let mut tags = BTreeSet::new();
        let mut uids = BTreeSet::new();
        for row in input.rows {
            if row.dataset != input.dataset {
                return Err(RemovalError::WrongDataset {
                    wanted: input.dataset.to_owned(),
                    found: row.dataset.clone(),
                });
            }
            if is_sha256(&row.file_sha256) {
                let number = u32::try_from(row.row).map_err(|_| RemovalError::RowTooHigh(row.row))?;
                let file = files.entry(row.file_sha256.clone()).or_insert_with(|| KnownFile {
                    sha256: row.file_sha256.clone(),
                    revision: row.revision.clone(),
                    rows: RoaringBitmap::new(),
                });
                file.rows.insert(number);
            }
            tags.extend(tags_of(row, &blinder));
            uids.extend(row.source_id.as_deref().and_then(uid));
        }
        pad(&mut tags, &drawn);
        Ok(Self {
            dataset: input.dataset.to_owned(),
            version: input.version,
            created: input.created_at.to_string(),
            predecessor: input.predecessor.clone(),
            tree: input.tree.clone(),
            salt,
            files: files.into_values().collect(),
            tags: tags.into_iter().collect(),
            uids: uids.into_iter().collect(),
        })
    }

    /// The rows to take out of the release file with this SHA-256, where it is known.
    pub fn known(&self, sha256: &str) -> Option<&RoaringBitmap> {
        let place = self.files.binary_search_by(|file| file.sha256.as_str().cmp(sha256)).ok()?;
        Some(&self.files[place].rows)
    }

    /// Rows that stand in the bitmaps, over all files.
    pub fn known_rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows.len()).sum()
    }
}

/// A `DataComp` uid: 32 hexadecimal digits.
pub fn uid(source_id: &str) -> Option<u128> {
    let is_uid = source_id.len() == 32 && source_id.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_uid.then(|| u128::from_str_radix(source_id, 16).ok()).flatten()
}

pub(super) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether an id only counts the rows of its file.
pub(super) fn is_counter(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii_digit()) && (id.len() < COUNTER_DIGITS || id.starts_with('0'))
}

fn tags_of(row: &GrantedRow, blinder: &Blinder) -> Vec<Tag> {
    let mut tags = Vec::new();
    tags.extend(row.url.as_deref().map(|url| blinder.url(url)));
    tags.extend(row.sha256.as_deref().map(|digest| blinder.sha256(digest)));
    tags.extend(row.md5.as_deref().map(|digest| blinder.md5(digest)));
    for code in row.codes.iter().filter(|code| blind::tells_a_picture(code)) {
        tags.push(blinder.code(code));
        tags.extend(blinder.bands(code));
    }
    if let Some(id) = row.source_id.as_deref()
        && (tags.is_empty() || !is_counter(id))
    {
        tags.push(blinder.source_id(id));
    }
    tags
}

/// Fills the list up to a power of two.
fn pad(tags: &mut BTreeSet<Tag>, drawn: &Drawn) {
    let bucket = tags.len().next_power_of_two().max(BUCKET_MIN);
    let mut number = 0;
    while tags.len() < bucket {
        tags.insert(drawn.decoy(number));
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::removal::tests_support::{granted, set_of};

    #[test]
    fn decoys_fill_the_list_to_a_power_of_two_and_sets_of_unlike_size_look_alike() {
        let sizes: Vec<_> =
            [0, 1, 50].map(|rows| set_of(&(0..rows).map(granted).collect::<Vec<_>>()).tags.len()).into();
        assert_eq!(sizes, [BUCKET_MIN; 3]);
        let many: Vec<_> = (0..200).map(granted).collect();
        assert_eq!(set_of(&many).tags.len(), 2048);
    }

    #[test]
    fn other_randomness_draws_another_salt_and_other_hashes() {
        let rows = [granted(1)];
        let one = set_of(&rows);
        let input = SetInput {
            dataset: "seen",
            version: 2,
            created_at: Timestamp::from_millis(0),
            predecessor: None,
            tree: None,
            rows: &rows,
            entropy: [8; 32],
        };
        let other = RemovalSet::build(&input).unwrap();
        assert_ne!(one.salt, other.salt);
        assert!(one.tags.iter().all(|tag| other.tags.binary_search(tag).is_err()));
        assert_eq!(set_of(&rows), one);
    }

    #[test]
    fn rows_of_a_known_file_are_found_by_its_digest_only() {
        let set = set_of(&[granted(7), granted(9)]);
        assert_eq!(set.known(&"ab".repeat(32)).unwrap().iter().collect::<Vec<_>>(), [7, 9]);
        assert_eq!(set.known(&"00".repeat(32)), None);
        assert_eq!(set.known_rows(), 2);
    }

    #[test]
    fn an_id_that_counts_rows_is_used_only_where_nothing_better_is_known() {
        let mut row = granted(1);
        row.source_id = Some("000000017".into());
        let has = |row: &GrantedRow| {
            let set = set_of(std::slice::from_ref(row));
            set.tags.binary_search(&Blinder::new(&set.salt).source_id("000000017")).is_ok()
        };
        assert!(!has(&row));
        (row.url, row.sha256, row.md5, row.codes) = (None, None, None, Vec::new());
        assert!(has(&row));
        assert!(!is_counter("1125899906843180") && is_counter("17") && !is_counter("17a"));
    }

    #[test]
    fn a_row_of_another_dataset_or_beyond_a_bitmap_is_refused() {
        let mut row = granted(1 << 33);
        let build = |rows: &[GrantedRow]| {
            RemovalSet::build(&SetInput {
                dataset: "seen",
                version: 1,
                created_at: Timestamp::from_millis(0),
                predecessor: None,
                tree: None,
                rows,
                entropy: [0; 32],
            })
        };
        assert!(matches!(build(std::slice::from_ref(&row)), Err(RemovalError::RowTooHigh(_))));
        row.dataset = "other".into();
        assert!(matches!(build(&[row]), Err(RemovalError::WrongDataset { .. })));
    }
}
