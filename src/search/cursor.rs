//! Where the next page begins: the rank of the last hit shown. Opaque to others.

use super::record_id::Tag;

/// The last hit of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cursor {
    pub score: f32,
    pub tag: Tag,
    pub ordinal: u64,
}

impl Cursor {
    pub(super) fn format(self) -> String {
        let mut bytes = self.score.to_bits().to_be_bytes().to_vec();
        bytes.extend(self.tag);
        bytes.extend(self.ordinal.to_be_bytes());
        hex::encode(bytes)
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 18];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        let score = f32::from_bits(u32::from_be_bytes(bytes[..4].try_into().ok()?));
        Some(Self {
            score,
            tag: bytes[4..10].try_into().ok()?,
            ordinal: u64::from_be_bytes(bytes[10..].try_into().ok()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back() {
        let cursor = Cursor { score: 3.25, tag: [1, 2, 3, 4, 5, 6], ordinal: 99 };
        assert_eq!(Cursor::parse(&cursor.format()), Some(cursor));
        assert_eq!(Cursor::parse("00"), None);
    }
}
