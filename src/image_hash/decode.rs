//! A picture's bytes to pixels: recognised by its first bytes, measured before anything is allocated, turned upright.
//!
//! Used by the rest of this room. Never trusts a file name, never keeps the bytes, never panics: some decoders do on
//! hostile bytes, so they run behind a catch.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::codecs::{bmp::BmpDecoder, gif::GifDecoder, png::PngDecoder, tiff::TiffDecoder, webp::WebPDecoder};
use image::error::{ImageError, LimitErrorKind, UnsupportedErrorKind};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, Limits};

use super::error::DecodeError;
use super::jpeg;
use super::luma::{Alpha, Luma, Shrunk};
use super::sniff::{Format, sniff};

/// 100 megapixels: above every camera's ordinary pictures, and about a second of work.
pub const PIXELS_MAX: u64 = 100_000_000;
/// Longest side in pixels: above the longest web comics; a longer side makes rows that no decoder handles well.
pub const SIDE_MAX: u32 = 30_000;
/// Most memory one picture's decoding may ask for: enough for the largest progressive JPEG (7 bytes a pixel), and small
/// enough that a few at a time fit a small server.
pub const ALLOCATION_MAX: u64 = 768 * 1024 * 1024;

/// What a picture may cost. [`Default`] takes the constants of this module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecodeLimits {
    pub pixels_max: u64,
    /// In pixels.
    pub side_max: u32,
    pub allocation_bytes_max: u64,
}

impl Default for DecodeLimits {
    fn default() -> Self {
        Self { pixels_max: PIXELS_MAX, side_max: SIDE_MAX, allocation_bytes_max: ALLOCATION_MAX }
    }
}

impl DecodeLimits {
    pub(super) fn check_sides(&self, format: &'static str, width: u32, height: u32) -> Result<(), DecodeError> {
        if width == 0 || height == 0 {
            return Err(DecodeError::Corrupt { format });
        }
        let (pixels_max, side_max) = (self.pixels_max, self.side_max);
        if width > side_max || height > side_max || u64::from(width) * u64::from(height) > pixels_max {
            return Err(DecodeError::TooLarge { format, width, height, pixels_max, side_max });
        }
        Ok(())
    }

    pub(super) fn check_memory(&self, format: &'static str, bytes: u64) -> Result<(), DecodeError> {
        if bytes > self.allocation_bytes_max { Err(DecodeError::TooMuchMemory { format }) } else { Ok(()) }
    }
}

/// A picture as a person sees it: upright, laid on white, the first frame of an animation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    pub luma: Luma,
    /// `JPEG`, `PNG`, `WebP`, `GIF`, `BMP` or `TIFF`.
    pub format: &'static str,
}

/// A picture in its colours as stored, with its transparency and not yet turned: what programs that ignore both hash.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) image: DynamicImage,
    pub(super) orientation: Orientation,
}

/// Decodes to brightness. JPEG files are decoded straight to it.
///
/// # Errors
/// One of [`DecodeError`], whose text is for the person who chose the file.
pub fn decode(bytes: &[u8], limits: &DecodeLimits) -> Result<Decoded, DecodeError> {
    let format = sniff(bytes)?;
    let (luma, orientation) = guarded(format, || {
        if format == Format::Jpeg {
            return jpeg::decode_luma(bytes, limits);
        }
        let stored = decode_other(format, bytes, limits)?;
        Ok((Luma::from_image(&stored.image, Alpha::OnWhite), stored.orientation))
    })?;
    Ok(Decoded { luma: luma.oriented(orientation), format: format.name() })
}

/// Decodes to brightness, large JPEG files to averages over boxes: all that the hash of a whole picture needs. Gives the
/// format's name beside it.
pub(super) fn decode_shrunk(bytes: &[u8], limits: &DecodeLimits) -> Result<(Shrunk, &'static str), DecodeError> {
    let format = sniff(bytes)?;
    if format != Format::Jpeg {
        return decode(bytes, limits).map(|decoded| (Shrunk::whole(decoded.luma), decoded.format));
    }
    let (shrunk, orientation) = guarded(format, || jpeg::decode_shrunk(bytes, limits))?;
    Ok((shrunk.oriented(orientation), format.name()))
}

/// Decodes to colours.
pub(super) fn decode_stored(bytes: &[u8], limits: &DecodeLimits) -> Result<Stored, DecodeError> {
    let format = sniff(bytes)?;
    guarded(format, || {
        if format == Format::Jpeg {
            return jpeg::decode_image(bytes, limits).map(|(image, orientation)| Stored { image, orientation });
        }
        decode_other(format, bytes, limits)
    })
}

/// A decoder that panics has met bytes its authors did not think of: the picture is damaged, the process goes on.
fn guarded<T>(format: Format, decode: impl FnOnce() -> Result<T, DecodeError>) -> Result<T, DecodeError> {
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or(Err(DecodeError::Corrupt { format: format.name() }))
}

fn decode_other(format: Format, bytes: &[u8], limits: &DecodeLimits) -> Result<Stored, DecodeError> {
    let reader = Cursor::new(bytes);
    let decoded = match format {
        Format::Png => PngDecoder::with_limits(reader, image_limits(limits)).map(|d| finish(format, d, limits)),
        Format::WebP => WebPDecoder::new(reader).map(|d| finish(format, d, limits)),
        Format::Gif => GifDecoder::new(reader).map(|d| finish(format, d, limits)),
        Format::Bmp => BmpDecoder::new(reader).map(|d| finish(format, d, limits)),
        Format::Tiff => TiffDecoder::new(reader).map(|d| finish(format, d, limits)),
        Format::Jpeg => return Err(DecodeError::Corrupt { format: format.name() }),
    };
    match decoded.map_err(|error| explain(format, &error)).flatten() {
        Err(DecodeError::Corrupt { format }) if is_shorter_than_it_says(bytes) => {
            Err(DecodeError::Truncated { format })
        }
        other => other,
    }
}

/// WebP states its length at the start, and its decoder does not tell a missing end from damage.
fn is_shorter_than_it_says(bytes: &[u8]) -> bool {
    let stated = bytes.get(4..8).map_or(0, |word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]));
    bytes.starts_with(b"RIFF") && u64::from(stated) + 8 > bytes.len() as u64
}

/// Measures, then decodes.
fn finish(format: Format, mut decoder: impl ImageDecoder, limits: &DecodeLimits) -> Result<Stored, DecodeError> {
    let name = format.name();
    let (width, height) = decoder.dimensions();
    limits.check_sides(name, width, height)?;
    // The decoded picture, its brightness and, for deep colours, the 8-bit copy in between.
    let deep = if decoder.total_bytes() > 4 * u64::from(width) * u64::from(height) { 4 } else { 0 };
    let pixels = u64::from(width) * u64::from(height);
    limits.check_memory(name, decoder.total_bytes().saturating_add(pixels * (1 + deep)))?;
    decoder.set_limits(image_limits(limits)).map_err(|error| explain(format, &error))?;
    let orientation = orientation_of(&mut decoder);
    let image = DynamicImage::from_decoder(decoder).map_err(|error| explain(format, &error))?;
    Ok(Stored { image, orientation })
}

/// The camera's note about its position. Some programs write it into PNG and WebP with JPEG's prefix before it; an
/// unreadable note is no reason to refuse the picture.
fn orientation_of(decoder: &mut impl ImageDecoder) -> Orientation {
    let exif = decoder.exif_metadata().ok().flatten();
    let prefixed = exif.as_deref().and_then(|exif| exif.strip_prefix(b"Exif\0\0"));
    let noted = prefixed.and_then(Orientation::from_exif_chunk).or_else(|| decoder.orientation().ok());
    noted.unwrap_or(Orientation::NoTransforms)
}

fn image_limits(limits: &DecodeLimits) -> Limits {
    let mut image_limits = Limits::no_limits();
    image_limits.max_alloc = Some(limits.allocation_bytes_max);
    image_limits
}

/// A decoder's complaint as one of ours.
fn explain(format: Format, error: &ImageError) -> DecodeError {
    let format = format.name();
    match error {
        ImageError::Limits(limit) if matches!(limit.kind(), LimitErrorKind::InsufficientMemory) => {
            DecodeError::TooMuchMemory { format }
        }
        ImageError::Unsupported(kind) if !matches!(kind.kind(), UnsupportedErrorKind::Format(_)) => {
            DecodeError::UnusualKind { format }
        }
        error if ends_early(error) => DecodeError::Truncated { format },
        _ => DecodeError::Corrupt { format },
    }
}

/// Decoders report a file that breaks off as an io error somewhere in the chain, or only in words.
fn ends_early(error: &ImageError) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && io.kind() == std::io::ErrorKind::UnexpectedEof
        {
            return true;
        }
        cause = error.source();
    }
    let words = error.to_string().to_ascii_lowercase();
    ["unexpected end", "unexpected eof", "failed to fill whole buffer", "premature", "truncated"]
        .iter()
        .any(|word| words.contains(word))
}
