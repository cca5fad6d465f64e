//! From a picture's bytes to its hashes: the room that turns "this file" into something an index can be asked for.
//!
//! Used by indexing (one [`PictureHashes`] for every picture at hand) and by search (all kinds and forms of the picture
//! somebody asks about, [`QueryHashes`]). It recognises files by their bytes, never by name; it keeps nothing; it never
//! looks at the network, the clock or the disk; and no bytes make it panic.
//!
//! In reading order: `sniff` (which format), `decode` and `jpeg` (pixels), `luma` (brightness), `pdqa` and `pdq` (64 x 64
//! cells), `transform` (cells to 256 bits, in eight forms), `trim`, `content_box` and `windows` (the parts of a picture
//! that a copy may consist of), `parts` (the codes of all of them), `resample` and `phash` (Python's 64-bit hashes),
//! `img_hash_kinds` (those of the `img_hash` crates).

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixel arithmetic: values are bytes, sides of at most 65,535 and sums whose sizes the comments state"
)]

mod content_box;
mod decode;
mod error;
mod img_hash_kinds;
mod jpeg;
mod luma;
mod parts;
mod pdq;
mod pdqa;
mod phash;
mod resample;
mod sniff;
#[cfg(test)]
mod tests;
mod transform;
mod trim;
mod windows;

use md5::Md5;
use sha2::{Digest, Sha256};

pub use decode::{ALLOCATION_MAX, DecodeLimits, Decoded, PIXELS_MAX, SIDE_MAX, decode};
pub use error::DecodeError;
pub use luma::Luma;
pub use parts::{Effort, INSIDE_BORDER, IndexCodes, IndexParts, PartCode, index_codes, part_name, query_variants};
pub use transform::Form;

use crate::hash_code::{HashCode, HashKind};
use decode::Stored;
use luma::Alpha;
use parts::Variants;

/// Below this quality (PDQ's figure, 0 to 100) a hash says too little to be matched: flat art matches flat art.
pub const QUALITY_MIN: u8 = 50;

/// The name of a hash computed as programs do that ignore transparency and the camera's note about its position.
pub const AS_STORED: &str = "as stored";

/// What an index keeps of a picture at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureHashes {
    pub pdqa: HashCode,
    /// Of the picture inside its plain border and, where asked for, of its parts; those that differ enough.
    pub parts: Vec<PartCode>,
    /// PDQ's quality figure, 0 to 100; see [`QUALITY_MIN`].
    pub quality: u8,
    /// In pixels, upright.
    pub width: u32,
    pub height: u32,
    /// `JPEG`, `PNG`, `WebP`, `GIF`, `BMP` or `TIFF`.
    pub format: &'static str,
    /// Digests of the file's bytes.
    pub sha256: [u8; 32],
    pub md5: [u8; 16],
}

/// One hash of a picture in one form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant {
    /// Which part of the picture it is of; `None` for the whole.
    pub part: Option<&'static str>,
    /// What was done to it first: `as is`, a name of [`Form`], or [`AS_STORED`].
    pub name: &'static str,
    pub code: HashCode,
}

impl Variant {
    /// `as is`, `mirrored`, `centre square`, `centre square, mirrored`.
    pub fn label(&self) -> String {
        match self.part {
            None => self.name.to_owned(),
            Some(part) if self.name == Form::AsIs.name() => part.to_owned(),
            Some(part) => format!("{part}, {}", self.name),
        }
    }
}

/// Everything a picture can be looked for by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryHashes {
    /// All kinds and forms, `pdqa` first, no code twice within a kind.
    pub variants: Vec<Variant>,
    pub quality: u8,
    pub width: u32,
    pub height: u32,
    pub format: &'static str,
    pub sha256: [u8; 32],
    pub md5: [u8; 16],
}

impl PictureHashes {
    /// Whether it has too little in it to be told from other pictures, inside its border too.
    pub fn is_plain(&self) -> bool {
        self.quality < QUALITY_MIN && self.parts.is_empty()
    }
}

/// Decodes once to brightness and hashes. About a millisecond for a 500 px JPEG; nearly all of it is decoding.
///
/// # Errors
/// One of [`DecodeError`], whose text is for the person who chose the file.
pub fn hash_for_index(bytes: &[u8], limits: &DecodeLimits) -> Result<PictureHashes, DecodeError> {
    hash_for_index_with(bytes, limits, IndexParts::Trimmed)
}

/// [`hash_for_index`], with as many parts as asked for.
///
/// # Errors
/// One of [`DecodeError`], whose text is for the person who chose the file.
pub fn hash_for_index_with(
    bytes: &[u8],
    limits: &DecodeLimits,
    parts: IndexParts,
) -> Result<PictureHashes, DecodeError> {
    let Decoded { luma, format } = decode(bytes, limits)?;
    let codes = index_codes(&luma, parts);
    Ok(PictureHashes {
        pdqa: codes.whole,
        parts: codes.parts,
        quality: codes.quality,
        width: luma.width,
        height: luma.height,
        format,
        sha256: Sha256::digest(bytes).into(),
        md5: Md5::digest(bytes).into(),
    })
}

/// All kinds of hashes, `pdqa` in its eight forms. Decodes twice, to brightness and to colours: the `pdqa` is then to the
/// bit the one that [`hash_for_index`] computes, and Python's hashes are Python's. A few times the cost of the other.
///
/// # Errors
/// One of [`DecodeError`], whose text is for the person who chose the file.
pub fn hash_for_query(bytes: &[u8], limits: &DecodeLimits) -> Result<QueryHashes, DecodeError> {
    hash_for_query_with(bytes, limits, Effort::Ordinary)
}

/// [`hash_for_query`], looking as hard as asked for.
///
/// # Errors
/// One of [`DecodeError`], whose text is for the person who chose the file.
pub fn hash_for_query_with(bytes: &[u8], limits: &DecodeLimits, effort: Effort) -> Result<QueryHashes, DecodeError> {
    let Decoded { luma, format } = decode(bytes, limits)?;
    let (width, height) = (luma.width, luma.height);
    let stored = decode::decode_stored(bytes, limits)?;
    let others = other_kinds(&stored);
    let mut small = image::DynamicImage::from(content_box::small(&stored.image));
    small.apply_orientation(stored.orientation);
    drop(stored);
    let (mut variants, quality) = Variants::of(&luma, content_box::contents(&small.to_rgb8()), effort);
    for variant in others {
        variants.push(variant);
    }
    Ok(QueryHashes {
        variants: variants.into_vec(),
        quality,
        width,
        height,
        format,
        sha256: Sha256::digest(bytes).into(),
        md5: Md5::digest(bytes).into(),
    })
}

/// The kinds other people publish, of a picture that is decoded already and has no camera's note about its position.
pub fn other_kinds_of(image: &image::DynamicImage) -> Vec<Variant> {
    other_kinds(&Stored { image: image.clone(), orientation: image::metadata::Orientation::NoTransforms })
}

/// The kinds other people publish. They are computed from the pixels as stored, as those programs do, and from the picture
/// as a person sees it where the two differ.
fn other_kinds(stored: &Stored) -> Vec<Variant> {
    let shown = Luma::from_image(&stored.image, Alpha::OnWhite).oriented(stored.orientation);
    let mut variants = kinds_of_plane(Form::AsIs.name(), &shown);
    let plain = Luma::from_image(&stored.image, Alpha::Dropped);
    let name = if plain == shown { Form::AsIs.name() } else { AS_STORED };
    if plain != shown {
        variants.extend(kinds_of_plane(AS_STORED, &plain));
    }
    variants.extend(img_hash_kinds::img_hashes(&stored.image).into_iter().map(|code| Variant {
        part: None,
        name,
        code,
    }));
    variants
}

fn kinds_of_plane(name: &'static str, luma: &Luma) -> Vec<Variant> {
    let mut codes = vec![phash::phash(luma), phash::dhash(luma), phash::ahash(luma)];
    if let Some(grid) = pdq::blur_and_sample(luma) {
        codes.insert(0, grid.frequencies().code(HashKind::Pdq, Form::AsIs));
    }
    codes.into_iter().map(|code| Variant { part: None, name, code }).collect()
}
