//! The id of a record: opaque to others, stable for a revision wherever it is taken in.

use sha2::{Digest, Sha256};

/// Bytes that name the revision.
const TAG_BYTES: usize = 6;
/// Bytes that name the record in it.
const ORDINAL_BYTES: usize = 5;

/// Names a revision inside record ids and cursors.
pub(super) type Tag = [u8; TAG_BYTES];

pub(super) fn tag(dataset: &str, revision: &str) -> Tag {
    let digest = Sha256::new().chain_update(dataset).chain_update([0]).chain_update(revision).finalize();
    let mut tag = Tag::default();
    tag.copy_from_slice(&digest[..TAG_BYTES]);
    tag
}

/// 22 hexadecimal digits.
pub(super) fn format(tag: Tag, ordinal: u64) -> String {
    let mut bytes = tag.to_vec();
    bytes.extend(&ordinal.to_be_bytes()[8 - ORDINAL_BYTES..]);
    hex::encode(bytes)
}

pub(super) fn parse(text: &str) -> Option<(Tag, u64)> {
    let mut bytes = [0; TAG_BYTES + ORDINAL_BYTES];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    let mut tag = Tag::default();
    tag.copy_from_slice(&bytes[..TAG_BYTES]);
    let mut ordinal = [0; 8];
    ordinal[8 - ORDINAL_BYTES..].copy_from_slice(&bytes[TAG_BYTES..]);
    Some((tag, u64::from_be_bytes(ordinal)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back() {
        let tag = tag("laion-400m", "2021");
        assert_eq!(parse(&format(tag, 412_999_999)), Some((tag, 412_999_999)));
        assert_eq!(parse("zz"), None);
        assert_ne!(tag, super::tag("laion-400m", "2022"));
    }
}
