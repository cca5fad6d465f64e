//! Blinded hashes: what a removal set holds in place of an address, an id, a digest or a picture hash.
//!
//! A tag is the first 16 bytes of HMAC-SHA256 under the set's public salt, over the kind of the fact and the fact. It
//! tells nothing to somebody who does not know the fact already. Somebody who does (who holds the original manifest)
//! can compute the tag and ask: that cannot be prevented by any list that others can apply, and is said in the set.
//! Salts are new with every version, so that two versions cannot be laid beside each other.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::hash_code::{HashCode, HashKind};

/// Bytes kept of a hash: two facts have the same tag once in 2^128.
pub const TAG_BYTES: usize = 16;
/// Rows for which the rate of false matches is stated: more than any published dataset has.
pub const ROWS_STATED: u64 = 10_000_000_000;
/// Facts asked for one row at most, for the same statement: addresses, id, digests, codes.
pub const FACTS_A_ROW: u64 = 16;
/// A picture code is cut into so many bands of 64 bits. A copy that differs by up to three bits keeps one of them.
pub const BANDS: usize = 4;
/// A code with nearly all bits alike is a flat picture, which many strangers share: it says nothing of anybody.
const POPCOUNT_SHARE_MIN: u32 = 16;

pub type Tag = [u8; TAG_BYTES];

/// Makes tags under one salt. The kinds of which every row has one stand ready, begun.
#[derive(Clone)]
pub struct Blinder {
    any: Hmac<Sha256>,
    url: Hmac<Sha256>,
    source_id: Hmac<Sha256>,
}

impl Blinder {
    pub fn new(salt: &[u8; 32]) -> Self {
        let any = keyed(salt);
        Self { url: begun(&any, b"url"), source_id: begun(&any, b"source_id"), any }
    }

    /// An address in its comparable writing.
    pub fn url(&self, normalized: &str) -> Tag {
        of_fact(self.url.clone(), normalized.as_bytes())
    }

    pub fn source_id(&self, id: &str) -> Tag {
        of_fact(self.source_id.clone(), id.as_bytes())
    }

    /// Digests in lower-case hexadecimal.
    pub fn sha256(&self, digest: &str) -> Tag {
        self.tag(b"sha256", digest.as_bytes())
    }

    pub fn md5(&self, digest: &str) -> Tag {
        self.tag(b"md5", digest.as_bytes())
    }

    /// A whole picture code: only the very same code has this tag.
    pub fn code(&self, code: &HashCode) -> Tag {
        self.tag(code.kind().name().as_bytes(), code.as_bytes())
    }

    /// The bands of a code of 256 bits; none for shorter codes, whose bands anybody could try out.
    pub fn bands(&self, code: &HashCode) -> Vec<Tag> {
        if code.as_bytes().len() != BANDS * 8 {
            return Vec::new();
        }
        let band =
            |(place, band): (usize, &[u8])| self.tag(format!("{} band {place}", code.kind().name()).as_bytes(), band);
        code.as_bytes().chunks_exact(8).enumerate().map(band).collect()
    }

    fn tag(&self, kind: &[u8], fact: &[u8]) -> Tag {
        of_fact(begun(&self.any, kind), fact)
    }
}

/// The part of a tag that says its kind.
fn begun(keyed: &Hmac<Sha256>, kind: &[u8]) -> Hmac<Sha256> {
    let mut mac = keyed.clone();
    mac.update(kind);
    mac.update(&[0]);
    mac
}

fn of_fact(mut mac: Hmac<Sha256>, fact: &[u8]) -> Tag {
    mac.update(fact);
    first_bytes(mac)
}

/// Bytes for decoys and for the salt, drawn from 32 secret bytes. The same bytes always draw the same, so that a set
/// made twice is one set.
pub struct Drawn(Hmac<Sha256>);

impl Drawn {
    pub fn new(entropy: &[u8; 32]) -> Self {
        Self(keyed(entropy))
    }

    pub fn salt(&self) -> [u8; 32] {
        let mut mac = self.0.clone();
        mac.update(b"salt");
        mac.finalize().into_bytes().into()
    }

    pub fn decoy(&self, number: u64) -> Tag {
        let mut mac = self.0.clone();
        mac.update(b"decoy");
        mac.update(&number.to_le_bytes());
        first_bytes(mac)
    }
}

/// Whether a code may go into a set and be asked for: of 256 bits, and not that of a flat picture.
pub fn tells_a_picture(code: &HashCode) -> bool {
    let bits = code.popcount();
    matches!(code.kind(), HashKind::Pdqa | HashKind::Pdq)
        && (256 / POPCOUNT_SHARE_MIN..=256 - 256 / POPCOUNT_SHARE_MIN).contains(&bits)
}

/// False matches to expect when [`ROWS_STATED`] rows are asked against so many tags.
pub fn false_matches(tags: usize) -> f64 {
    tags as f64 * (ROWS_STATED * FACTS_A_ROW) as f64 / 2_f64.powi(8 * TAG_BYTES as i32)
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    // A key of 32 bytes is shorter than a block, and is then only padded with zeros: the same as a key of 64.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    <Hmac<Sha256> as hmac::digest::KeyInit>::new(&block.into())
}

fn first_bytes(mac: Hmac<Sha256>) -> Tag {
    let whole: [u8; 32] = mac.finalize().into_bytes().into();
    let mut tag = [0; TAG_BYTES];
    tag.copy_from_slice(&whole[..TAG_BYTES]);
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_hmac_sha256_as_anybody_can_compute_it() {
        // python3: hmac.new(bytes([7]*32), b"url\0example.org/a", "sha256").hexdigest()[:32]
        let tag = Blinder::new(&[7; 32]).url("example.org/a");
        assert_eq!(hex::encode(tag), "99f72b9b1c4d2fd5b3c7e1ff75494957");
    }

    #[test]
    fn kinds_and_salts_are_kept_apart() {
        let (one, other) = (Blinder::new(&[1; 32]), Blinder::new(&[2; 32]));
        assert_ne!(one.url("a"), one.source_id("a"));
        assert_ne!(one.url("a"), other.url("a"));
        let pdq = HashCode::new(HashKind::Pdq, &[0x55; 32]).unwrap();
        let pdqa = HashCode::new(HashKind::Pdqa, &[0x55; 32]).unwrap();
        assert_ne!(one.code(&pdq), one.code(&pdqa));
        let bands = one.bands(&pdq);
        assert_eq!(bands.len(), BANDS);
        assert_ne!(bands[0], bands[1], "the same bits at another place are another band");
    }

    #[test]
    fn a_flat_picture_is_not_asked_for() {
        let code = |byte| HashCode::new(HashKind::Pdqa, &[byte; 32]).unwrap();
        assert!(!tells_a_picture(&code(0)) && !tells_a_picture(&code(0xff)) && tells_a_picture(&code(0x0f)));
        assert!(!tells_a_picture(&HashCode::new(HashKind::Phash, &[0x0f; 8]).unwrap()));
    }

    #[test]
    fn false_matches_stay_below_one_in_a_thousand_million_for_a_hundred_million_tags() {
        assert!(false_matches(100_000_000) < 1e-9);
    }
}
