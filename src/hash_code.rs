//! Picture hashes as nouns: which kinds there are, a code of one kind, the distance between two.
//!
//! Computing them from a picture is [`crate::image_hash`]'s work; storing and finding them is [`crate::index`]'s.

use std::fmt;

/// The kinds of picture hash this portal knows. Kinds are never compared with one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HashKind {
    /// 256 bits: PDQ's transform over an exact area average to 64 x 64; the hash we compute for every picture at hand.
    Pdqa,
    /// 256 bits: Meta's PDQ from the full-size picture, as ThreatExchange and HMA publish it.
    Pdq,
    /// 64 bits: Python `imagehash.phash(image, 8)`; COYO-700M's `image_phash`.
    Phash,
    /// 64 bits: Python `imagehash.dhash(image, 8)`, the horizontal gradient.
    Dhash,
    /// 64 bits: Python `imagehash.average_hash(image, 8)`, the mean.
    Ahash,
    /// 64 bits: the `img_hash` crates' Gradient, 8 x 8, in their default settings.
    ImgGradient,
    /// 64 bits: the `img_hash` crates' Mean, 8 x 8.
    ImgMean,
    /// 64 bits: the `img_hash` crates' Blockhash, 8 x 8.
    ImgBlockhash,
}

impl HashKind {
    /// Every kind, in the order pages list them.
    pub const ALL: [Self; 8] = [
        Self::Pdqa,
        Self::Pdq,
        Self::Phash,
        Self::Dhash,
        Self::Ahash,
        Self::ImgGradient,
        Self::ImgMean,
        Self::ImgBlockhash,
    ];

    /// The name in JSON, in column maps and in file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pdqa => "pdqa",
            Self::Pdq => "pdq",
            Self::Phash => "phash",
            Self::Dhash => "dhash",
            Self::Ahash => "ahash",
            Self::ImgGradient => "img_gradient",
            Self::ImgMean => "img_mean",
            Self::ImgBlockhash => "img_blockhash",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Length of a code in bytes: 32 or 8.
    pub fn bytes(self) -> usize {
        match self {
            Self::Pdqa | Self::Pdq => 32,
            Self::Phash | Self::Dhash | Self::Ahash | Self::ImgGradient | Self::ImgMean | Self::ImgBlockhash => 8,
        }
    }
}

impl fmt::Display for HashKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One hash of one kind. Bits stand in the order of its usual hexadecimal writing, most significant first.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct HashCode {
    kind: HashKind,
    bytes: [u8; 32],
}

impl HashCode {
    /// `None` where the length does not fit the kind.
    pub fn new(kind: HashKind, code: &[u8]) -> Option<Self> {
        if code.len() != kind.bytes() {
            return None;
        }
        let mut bytes = [0; 32];
        bytes[..code.len()].copy_from_slice(code);
        Some(Self { kind, bytes })
    }

    /// Reads the usual hexadecimal writing (64 digits for 256 bits, 16 for 64), upper or lower case.
    pub fn from_hex(kind: HashKind, text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes[..kind.bytes()]).ok()?;
        Some(Self { kind, bytes })
    }

    pub fn kind(&self) -> HashKind {
        self.kind
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.kind.bytes()]
    }

    pub fn to_hex(self) -> String {
        hex::encode(self.as_bytes())
    }

    /// Number of differing bits. Both codes must be of one kind; of different kinds, the answer has no meaning.
    pub fn distance(&self, other: &Self) -> u32 {
        debug_assert_eq!(self.kind, other.kind);
        self.bytes.iter().zip(&other.bytes).map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    /// Number of set bits: a code far from half its bits set says little.
    pub fn popcount(&self) -> u32 {
        self.bytes.iter().map(|byte| byte.count_ones()).sum()
    }
}

impl fmt::Debug for HashCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.to_hex())
    }
}
