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
use luma::{Alpha, Shrunk};
use parts::Variants;
use transform::Grid;

/// Below this quality (PDQ's figure, 0 to 100) a hash says too little to be matched: flat art matches flat art.
pub const QUALITY_MIN: u8 = 50;

/// Bytes given to one digest and then to the other while they are at hand.
const DIGEST_CHUNK: usize = 4096;

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

/// Decodes once to brightness and hashes. About a millisecond for a 500 px JPEG; most of it is decoding.
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
    let (shrunk, format) = decode::decode_shrunk(bytes, limits)?;
    let whole = pdqa::area_average_shrunk(&shrunk);
    let inside = inside_border(bytes, &shrunk, limits)?;
    let windows = match parts {
        IndexParts::Trimmed => Vec::new(),
        IndexParts::Windows if shrunk.step == 1 => parts::window_grids(&shrunk.plane),
        IndexParts::Windows => parts::window_grids(&decode(bytes, limits)?.luma),
    };
    let codes = IndexCodes::of(&whole, inside, windows);
    let (sha256, md5) = digests(bytes);
    Ok(PictureHashes {
        pdqa: codes.whole,
        parts: codes.parts,
        quality: codes.quality,
        width: shrunk.width,
        height: shrunk.height,
        format,
        sha256,
        md5,
    })
}

/// The picture inside its plain border. Where one shows in a plane of averages, the picture is decoded once more at full
/// size: the border's edge is wanted to the pixel.
fn inside_border(bytes: &[u8], shrunk: &Shrunk, limits: &DecodeLimits) -> Result<Option<Grid>, DecodeError> {
    let inside = |luma: &Luma| trim::inside_border(luma).map(|part| pdqa::area_average(&luma.cut(&part)));
    if shrunk.step == 1 {
        return Ok(inside(&shrunk.plane));
    }
    if trim::inside_border(&shrunk.plane).is_none() {
        return Ok(None);
    }
    Ok(inside(&decode(bytes, limits)?.luma))
}

/// SHA-256 and MD5 in one pass.
fn digests(bytes: &[u8]) -> ([u8; 32], [u8; 16]) {
    let (mut sha256, mut md5) = (Sha256::new(), Md5::new());
    for chunk in bytes.chunks(DIGEST_CHUNK) {
        sha256.update(chunk);
        md5.update(chunk);
    }
    (sha256.finalize().into(), md5.finalize().into())
}

/// All kinds of hashes, `pdqa` in its eight forms. Decodes three times: as [`hash_for_index`] does, so that the `pdqa` is
/// to the bit the one it computes; to brightness at full size, for the small parts; and to colours, since Python's hashes
/// are Python's. Many times the cost of the other.
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
    let (shrunk, format) = decode::decode_shrunk(bytes, limits)?;
    let whole = pdqa::area_average_shrunk(&shrunk);
    let (width, height) = (shrunk.width, shrunk.height);
    let luma = if shrunk.step == 1 { shrunk.plane } else { decode(bytes, limits)?.luma };
    let stored = decode::decode_stored(bytes, limits)?;
    let others = other_kinds(&stored);
    let mut small = image::DynamicImage::from(content_box::small(&stored.image));
    small.apply_orientation(stored.orientation);
    drop(stored);
    let mut variants = Variants::of(&whole, &luma, content_box::contents(&small.to_rgb8()), effort);
    for variant in others {
        variants.push(variant);
    }
    let (sha256, md5) = digests(bytes);
    Ok(QueryHashes { variants: variants.into_vec(), quality: whole.quality(), width, height, format, sha256, md5 })
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
