//! Asks a removal set of any form whether a row is in it.

use std::collections::HashSet;

use super::blind::{Blinder, Tag, tells_a_picture};
use super::identity::KnownBy;
use super::set::uid;
use super::set_file::SetFile;
use super::tag_list::TagList;

/// What a row was found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    /// Its number in a release file that the set knows.
    Row,
    Url,
    SourceId,
    Sha256,
    Md5,
    /// The very same picture code.
    Picture,
}

impl By {
    pub fn name(self) -> &'static str {
        match self {
            Self::Row => "row",
            Self::Url => "url",
            Self::SourceId => "source_id",
            Self::Sha256 => "sha256",
            Self::Md5 => "md5",
            Self::Picture => "picture",
        }
    }
}

/// A set made ready for many questions.
pub struct Matcher<'s> {
    blinder: Option<Blinder>,
    tags: TagList<'s>,
    uids: HashSet<u128>,
}

impl<'s> Matcher<'s> {
    pub fn new(set: &'s SetFile) -> Self {
        let tags = set.signed.as_ref().map(|signed| signed.set.tags.as_slice()).unwrap_or_default();
        Self {
            blinder: set.signed.as_ref().map(|signed| Blinder::new(&signed.set.salt)),
            tags: TagList::new(tags),
            uids: set.uids().iter().copied().collect(),
        }
    }

    /// Whether the set holds exactly something this row is known by.
    pub fn find(&self, row: &impl KnownBy) -> Option<By> {
        let id = row.source_id();
        let id = id.as_deref();
        if !self.uids.is_empty() && id.and_then(uid).is_some_and(|uid| self.uids.contains(&uid)) {
            return Some(By::SourceId);
        }
        let blinder = self.blinder.as_ref()?;
        let has = |tag: Tag| self.tags.contains(&tag);
        if row.urls().any(|url| has(blinder.url(&url))) {
            return Some(By::Url);
        }
        if id.is_some_and(|id| has(blinder.source_id(id))) {
            return Some(By::SourceId);
        }
        if row.sha256().any(|digest| has(blinder.sha256(&digest))) {
            return Some(By::Sha256);
        }
        if row.md5().any(|digest| has(blinder.md5(&digest))) {
            return Some(By::Md5);
        }
        row.codes().any(|code| tells_a_picture(&code) && has(blinder.code(&code))).then_some(By::Picture)
    }

    /// Whether a picture of the set shares a band with this row's: it is probably a copy, and is not proof enough to
    /// take a stranger's row out.
    pub fn is_near(&self, row: &impl KnownBy) -> bool {
        let Some(blinder) = &self.blinder else { return false };
        let mut telling = row.codes().filter(tells_a_picture);
        telling.any(|code| blinder.bands(&code).iter().any(|tag| self.tags.contains(tag)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::signing::PrivateKey;
    use crate::hash_code::{HashCode, HashKind};
    use crate::removal::identity::RowFacts;
    use crate::removal::signed::SignedSet;
    use crate::removal::tests_support::{granted, set_of};
    use crate::web_address::NormalizedUrl;

    fn set() -> SetFile {
        SetFile::of_signed(SignedSet::sign(&set_of(&[granted(3)]), &PrivateKey::from_seed(&[4; 32])).unwrap())
    }

    #[test]
    fn a_row_is_found_by_anything_it_is_known_by() {
        let (set, row) = (set(), granted(3));
        let matcher = Matcher::new(&set);
        let url = NormalizedUrl::parse("https://www.pictures.example/portrait-of-jane-3.jpg").unwrap();
        let nothing = RowFacts::default();
        assert_eq!(matcher.find(&nothing), None);
        assert_eq!(matcher.find(&RowFacts { urls: vec![url], ..nothing.clone() }), Some(By::Url));
        assert_eq!(matcher.find(&RowFacts { source_id: row.source_id, ..nothing.clone() }), Some(By::SourceId));
        assert_eq!(
            matcher.find(&RowFacts { sha256: row.sha256.into_iter().collect(), ..nothing.clone() }),
            Some(By::Sha256)
        );
        assert_eq!(matcher.find(&RowFacts { md5: row.md5.into_iter().collect(), ..nothing.clone() }), Some(By::Md5));
        assert_eq!(matcher.find(&RowFacts { codes: row.codes, ..nothing }), Some(By::Picture));
    }

    #[test]
    fn a_picture_off_by_two_bits_is_near_and_not_found() {
        let set = set();
        let matcher = Matcher::new(&set);
        let mut bytes: Vec<u8> = granted(3).codes[0].as_bytes().to_vec();
        bytes[0] ^= 1;
        bytes[31] ^= 0x80;
        let near = RowFacts { codes: vec![HashCode::new(HashKind::Pdqa, &bytes).unwrap()], ..RowFacts::default() };
        assert_eq!(matcher.find(&near), None);
        assert!(matcher.is_near(&near));
        let far = RowFacts { codes: vec![HashCode::new(HashKind::Pdqa, &[0x0f; 32]).unwrap()], ..RowFacts::default() };
        assert!(!matcher.is_near(&far));
    }
}
