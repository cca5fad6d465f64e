//! From a picture's bytes to its hashes: the room that turns "this file" into something an index can be asked for.
//!
//! Used by indexing (one [`PictureHashes`] for every picture at hand) and by search (all kinds and forms of the picture
//! somebody asks about, [`QueryHashes`]). It recognises files by their bytes, never by name; it keeps nothing; it never
//! looks at the network, the clock or the disk; and no bytes make it panic.
//!
//! In reading order: `sniff` (which format), `decode` and `jpeg` (pixels), `luma` (brightness), `pdqa` and `pdq` (64 x 64
//! cells), `transform` (cells to 256 bits, in eight forms), `trim` and `windows` (the parts of a picture that a copy may
//! consist of), `resample` and `phash` (Python's 64-bit hashes),
//! `img_hash_kinds` (those of the `img_hash` crates).

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixel arithmetic: values are bytes, sides of at most 65,535 and sums whose sizes the comments state"
)]

mod decode;
mod error;
mod img_hash_kinds;
mod jpeg;
mod luma;
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
pub use transform::Form;

use crate::hash_code::{HashCode, HashKind};
use decode::Stored;
use luma::{Alpha, Shrunk};
use transform::Grid;
use windows::Sums;

/// Below this quality (PDQ's figure, 0 to 100) a hash says too little to be matched: flat art matches flat art.
pub const QUALITY_MIN: u8 = 50;

/// A border that changes fewer bits than this is not worth a second hash in the index.
const TRIMMED_BITS_MIN: u32 = 6;

/// Bytes given to one digest and then to the other while they are at hand.
const DIGEST_CHUNK: usize = 4096;

/// The name of a hash computed as programs do that ignore transparency and the camera's note about its position.
pub const AS_STORED: &str = "as stored";

/// What an index keeps of a picture at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureHashes {
    pub pdqa: HashCode,
    /// Of the picture inside its plain border, where it has one and the hash differs.
    pub trimmed: Option<HashCode>,
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

/// Decodes once to brightness and hashes. About a millisecond for a 500 px JPEG; most of it is decoding.
///
/// # Errors
/// One of [`DecodeError`], whose text is for the person who chose the file.
pub fn hash_for_index(bytes: &[u8], limits: &DecodeLimits) -> Result<PictureHashes, DecodeError> {
    let (shrunk, format) = decode::decode_shrunk(bytes, limits)?;
    let grid = pdqa::area_average_shrunk(&shrunk);
    let pdqa = grid.frequencies().code(HashKind::Pdqa, Form::AsIs);
    let trimmed = inside_border(bytes, &shrunk, limits)?
        .filter(|grid| grid.quality() >= QUALITY_MIN)
        .map(|grid| grid.frequencies().code(HashKind::Pdqa, Form::AsIs));
    let (sha256, md5) = digests(bytes);
    Ok(PictureHashes {
        pdqa,
        trimmed: trimmed.filter(|code| code.distance(&pdqa) >= TRIMMED_BITS_MIN),
        quality: grid.quality(),
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
    let (shrunk, format) = decode::decode_shrunk(bytes, limits)?;
    let grid = pdqa::area_average_shrunk(&shrunk);
    let frequencies = grid.frequencies();
    let mut variants: Vec<Variant> = Vec::new();
    for form in Form::ALL {
        push(&mut variants, Variant { part: None, name: form.name(), code: frequencies.code(HashKind::Pdqa, form) });
    }
    let (width, height) = (shrunk.width, shrunk.height);
    let luma = if shrunk.step == 1 { shrunk.plane } else { decode(bytes, limits)?.luma };
    push_parts(&mut variants, &luma);
    drop(luma);
    for variant in other_kinds(&decode::decode_stored(bytes, limits)?) {
        push(&mut variants, variant);
    }
    let (sha256, md5) = digests(bytes);
    Ok(QueryHashes { variants, quality: grid.quality(), width, height, format, sha256, md5 })
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

/// The picture inside its border and the parts that crops leave, each in eight forms; parts with little in them left out.
fn push_parts(variants: &mut Vec<Variant>, luma: &Luma) {
    let sums = Sums::of(luma);
    let parts = trim::inside_border(luma).into_iter().chain(windows::parts(luma.width, luma.height));
    for part in parts {
        let grid = sums.grid(&part);
        if grid.quality() >= QUALITY_MIN {
            let frequencies = grid.frequencies();
            for form in Form::ALL {
                let code = frequencies.code(HashKind::Pdqa, form);
                push(variants, Variant { part: Some(part.name), name: form.name(), code });
            }
        }
    }
}

/// Symmetric pictures have fewer forms than eight; the first name of a code is kept.
fn push(variants: &mut Vec<Variant>, variant: Variant) {
    if !variants.iter().any(|known| known.code == variant.code) {
        variants.push(variant);
    }
}
