//! JPEG to brightness without the detour over colours, and to colours where the 64-bit hashes of Python need them.
//!
//! A JPEG stores brightness as its first component already. Plain files (baseline or extended Huffman coding, 8 bits, grey
//! or brightness at full resolution with two colours, one scan, not a bit out of place) are decoded to that alone by this
//! folder, which passes over the colours' bits and, where the picture is large enough, averages over boxes of 2, 4 or 8
//! pixels before the cosine transform is undone. Everything else, progressive and damaged files among it, takes the longer
//! way through `zune-jpeg`, whose word on damage counts. Used by [`mod@super::decode`] only.
//!
//! In reading order: `frame` (what it is, within limits), `headers` (tables of a plain file), `bits`, `huffman`, `cosine`
//! (coefficients to pixels), `scan` (all of it in order), `zune` (the longer way).

mod bits;
mod cosine;
mod frame;
mod headers;
mod huffman;
mod scan;
#[cfg(test)]
mod tests;
mod zune;

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage};
use zune_jpeg::zune_core::colorspace::ColorSpace;

use super::decode::DecodeLimits;
use super::error::DecodeError;
use super::luma::{Alpha, Luma, Shrunk};
use frame::{Frame, checked_frame};
use headers::Headers;
use zune::decode_as;

const NAME: &str = "JPEG";

/// Both sides of a picture must keep at least this many pixels when it is averaged over boxes: three for each of 64 cells.
/// Over 644 pictures of other people no hash then moves by more than 2 bits of 256 (half as many pixels: up to 4).
const SHRUNK_SIDE_MIN: usize = 192;

/// A picture's brightness as stored, and how it is to be turned.
pub(super) fn decode_luma(bytes: &[u8], limits: &DecodeLimits) -> Result<(Luma, Orientation), DecodeError> {
    let frame = checked_frame(bytes, limits)?;
    match plain(bytes, &frame, limits, 1) {
        Some((shrunk, orientation)) => Ok((shrunk.plane, orientation)),
        None => decode_any(bytes, &frame, limits),
    }
}

/// The same averaged over boxes of as many pixels as its size allows.
pub(super) fn decode_shrunk(bytes: &[u8], limits: &DecodeLimits) -> Result<(Shrunk, Orientation), DecodeError> {
    let frame = checked_frame(bytes, limits)?;
    let shorter = usize::from(frame.width.min(frame.height));
    let step = [8, 4, 2].into_iter().find(|step| shorter / step >= SHRUNK_SIDE_MIN).unwrap_or(1);
    match plain(bytes, &frame, limits, step) {
        Some(decoded) => Ok(decoded),
        None => decode_any(bytes, &frame, limits).map(|(luma, orientation)| (Shrunk::whole(luma), orientation)),
    }
}

/// A plain file's brightness, averaged over boxes of `step` pixels a side; `None` if it is not as plain as that.
fn plain(bytes: &[u8], frame: &Frame, limits: &DecodeLimits, step: usize) -> Option<(Shrunk, Orientation)> {
    if frame.is_progressive || !frame.has_plain_luma() {
        return None;
    }
    let mut headers = Headers::read(bytes)?;
    let (width, height) = (headers.width, headers.height);
    // A plane with a narrower last column has it first after turning; that is not worth an offset to everybody.
    let turns = headers.orientation != Orientation::NoTransforms;
    let step = if turns && !(width.is_multiple_of(step) && height.is_multiple_of(step)) { 1 } else { step };
    let (across, down) = (width.div_ceil(step), height.div_ceil(step));
    // The plane, and a copy of the scan.
    limits.check_memory(NAME, (across * down + bytes.len()) as u64).ok()?;
    let pixels = scan::decode(bytes, &mut headers, step)?;
    let plane = Luma { width: across as u32, height: down as u32, pixels };
    Some((Shrunk { plane, step, width: width as u32, height: height as u32 }, headers.orientation))
}

/// Any file's brightness by way of the other decoder.
fn decode_any(bytes: &[u8], frame: &Frame, limits: &DecodeLimits) -> Result<(Luma, Orientation), DecodeError> {
    if frame.has_plain_luma() {
        let (pixels, orientation) = decode_as(bytes, ColorSpace::Luma)?;
        let luma = Luma { width: frame.width.into(), height: frame.height.into(), pixels };
        if luma.pixels.len() != usize::from(frame.width) * usize::from(frame.height) {
            return Err(DecodeError::Corrupt { format: NAME });
        }
        return Ok((luma, orientation));
    }
    let (image, orientation) = decode_image(bytes, limits)?;
    Ok((Luma::from_image(&image, Alpha::Dropped), orientation))
}

/// The picture in colours (grey files stay grey) as stored, and how it is to be turned.
pub(super) fn decode_image(bytes: &[u8], limits: &DecodeLimits) -> Result<(DynamicImage, Orientation), DecodeError> {
    let frame = checked_frame(bytes, limits)?;
    let (width, height) = (u32::from(frame.width), u32::from(frame.height));
    let corrupt = || DecodeError::Corrupt { format: NAME };
    if frame.components.len() == 1 {
        let (pixels, orientation) = decode_as(bytes, ColorSpace::Luma)?;
        let grey = GrayImage::from_raw(width, height, pixels).ok_or_else(corrupt)?;
        return Ok((DynamicImage::ImageLuma8(grey), orientation));
    }
    let (pixels, orientation) = if frame.is_rgb() && !frame.is_named_rgb() {
        decode_stored_rgb(bytes, &frame)?
    } else {
        decode_as(bytes, ColorSpace::RGB)?
    };
    let rgb = RgbImage::from_raw(width, height, pixels).ok_or_else(corrupt)?;
    Ok((DynamicImage::ImageRgb8(rgb), orientation))
}

/// Red, green and blue stand in the file as they are, but are not named so. The decoder would take an Adobe mark of "no
/// transform" for CMYK, so the mark is changed in a copy to "YCbCr" and the three components are asked for untransformed.
fn decode_stored_rgb(bytes: &[u8], frame: &Frame) -> Result<(Vec<u8>, Orientation), DecodeError> {
    let mut copy = bytes.to_vec();
    if let Some((position, _)) = frame.adobe
        && let Some(byte) = copy.get_mut(position)
    {
        *byte = 1;
    }
    decode_as(&copy, ColorSpace::YCbCr)
}
