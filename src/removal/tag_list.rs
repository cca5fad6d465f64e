//! The tags of a set, to be asked millions of times: nearly every question is answered with no by one bit of a table.

use std::borrow::Cow;

use super::blind::Tag;

/// Bits of the table for each tag: of fifteen strangers one needs a second look, and a table for ten million tags
/// takes 32 MiB.
const BITS_A_TAG: usize = 16;
/// The least bits of a table: one word.
const BITS_MIN: usize = u64::BITS as usize;

/// Sorted tags, with one bit for each beginning that one of them has.
pub struct TagList<'s> {
    sorted: Cow<'s, [Tag]>,
    bits: Vec<u64>,
    /// How many of a tag's first bits are its place in the table.
    width: u32,
}

impl<'s> TagList<'s> {
    pub fn new(tags: &'s [Tag]) -> Self {
        let mut sorted = Cow::Borrowed(tags);
        if !tags.is_sorted() {
            sorted.to_mut().sort_unstable();
        }
        let size = tags.len().saturating_mul(BITS_A_TAG).max(BITS_MIN).next_power_of_two();
        let mut list = Self { sorted, bits: vec![0; size / BITS_MIN], width: size.ilog2() };
        for tag in tags {
            let (word, bit) = list.place(tag);
            list.bits[word] |= bit;
        }
        list
    }

    pub fn contains(&self, tag: &Tag) -> bool {
        let (word, bit) = self.place(tag);
        self.bits[word] & bit != 0 && self.sorted.binary_search(tag).is_ok()
    }

    /// Tags are as good as random, so their first bits spread evenly.
    fn place(&self, tag: &Tag) -> (usize, u64) {
        let [first @ .., _, _, _, _, _, _, _, _] = *tag;
        let place = u64::from_be_bytes(first) >> (u64::BITS - self.width);
        ((place / u64::from(u64::BITS)) as usize, 1 << (place % u64::from(u64::BITS)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::removal::blind::Blinder;

    #[test]
    fn a_list_has_its_tags_and_no_others_in_whatever_order_they_came() {
        let blinder = Blinder::new(&[1; 32]);
        let tag = |number: usize| blinder.source_id(&number.to_string());
        for count in [0, 1, 3, 1000] {
            let mut tags: Vec<Tag> = (0..count).map(tag).collect();
            for _ in 0..2 {
                let list = TagList::new(&tags);
                assert!((0..count).all(|number| list.contains(&tag(number))), "{count}");
                assert!((count..5000).all(|number| !list.contains(&tag(number))), "{count}");
                tags.sort_unstable();
            }
        }
        // Neighbors that share the table's bit.
        let tags = [[7; 16], [9; 16]];
        let mut near = tags[0];
        near[15] = 8;
        let list = TagList::new(&tags);
        assert!(list.contains(&tags[0]) && list.contains(&tags[1]) && !list.contains(&near));
    }
}
