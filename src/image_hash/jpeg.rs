//! JPEG to brightness without the detour over colours, and to colours where the 64-bit hashes of Python need them.
//!
//! A JPEG stores brightness as its first component already, so most files are decoded to that alone. Files stored as
//! RGB, CMYK or with a coarser brightness than colour take the longer way. Used by [`mod@super::decode`] only.

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage};
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::decode::DecodeLimits;
use super::error::DecodeError;
use super::luma::{Alpha, Luma};

const NAME: &str = "JPEG";

/// What the frame header says, read before any decoder allocates.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Frame {
    width: u16,
    height: u16,
    /// Progressive files need all their coefficients at once, 2 bytes each.
    is_progressive: bool,
    /// Arithmetic coding, lossless and other kinds that hardly exist.
    is_unusual: bool,
    /// (identifier, horizontal sampling, vertical sampling) of each component.
    components: Vec<(u8, u8, u8)>,
    has_jfif: bool,
    /// Position of the Adobe marker's colour byte in the file, and the byte.
    adobe: Option<(usize, u8)>,
}

impl Frame {
    /// True if three components are red, green and blue themselves. The order of belief is libjpeg's: JFIF, Adobe, names.
    fn is_rgb(&self) -> bool {
        self.components.len() == 3
            && !self.has_jfif
            && match self.adobe {
                Some((_, transform)) => transform == 0,
                None => self.is_named_rgb(),
            }
    }

    fn is_named_rgb(&self) -> bool {
        self.components.iter().map(|component| component.0).eq(*b"RGB")
    }

    /// True if the first component is brightness at full resolution.
    fn has_plain_luma(&self) -> bool {
        let full =
            |axis: fn(&(u8, u8, u8)) -> u8| self.components.first().map(axis) == self.components.iter().map(axis).max();
        match self.components.len() {
            1 => true,
            3 => !self.is_rgb() && !self.is_named_rgb() && full(|c| c.1) && full(|c| c.2),
            _ => false,
        }
    }
}

/// A picture's brightness as stored, and how it is to be turned.
pub(super) fn decode_luma(bytes: &[u8], limits: &DecodeLimits) -> Result<(Luma, Orientation), DecodeError> {
    let frame = checked_frame(bytes, limits)?;
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

/// Decodes strictly first, since only that notices a file that breaks off; a file that is merely untidy is then decoded
/// leniently, as browsers do.
fn decode_as(bytes: &[u8], output: ColorSpace) -> Result<(Vec<u8>, Orientation), DecodeError> {
    match decode_once(bytes, output, true) {
        Ok(decoded) => Ok(decoded),
        Err(error) if is_premature_end(&error) => Err(DecodeError::Truncated { format: NAME }),
        Err(_) => decode_once(bytes, output, false).map_err(|error| match error {
            error if is_premature_end(&error) => DecodeError::Truncated { format: NAME },
            DecodeErrors::Unsupported(_) => DecodeError::UnusualKind { format: NAME },
            _ => DecodeError::Corrupt { format: NAME },
        }),
    }
}

fn decode_once(bytes: &[u8], output: ColorSpace, strict: bool) -> Result<(Vec<u8>, Orientation), DecodeErrors> {
    // The sides were checked against the caller's limits; the decoder's own limit would be lower.
    let options = DecoderOptions::default()
        .set_strict_mode(strict)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_out_colorspace(output);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let pixels = decoder.decode()?;
    let orientation = decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif));
    Ok((pixels, orientation.unwrap_or(Orientation::NoTransforms)))
}

fn is_premature_end(error: &DecodeErrors) -> bool {
    match error {
        DecodeErrors::ExhaustedData | DecodeErrors::IoErrors(_) => true,
        DecodeErrors::FormatStatic(text) => text.starts_with("Premature") || text.starts_with("No more bytes"),
        _ => false,
    }
}

fn checked_frame(bytes: &[u8], limits: &DecodeLimits) -> Result<Frame, DecodeError> {
    let frame = read_frame(bytes)?;
    limits.check_sides(NAME, frame.width.into(), frame.height.into())?;
    if frame.is_unusual || !matches!(frame.components.len(), 1 | 3 | 4) {
        return Err(DecodeError::UnusualKind { format: NAME });
    }
    let pixels = u64::from(frame.width) * u64::from(frame.height);
    let n_components = frame.components.len() as u64;
    let coefficients = if frame.is_progressive { 2 * n_components } else { 0 };
    limits.check_memory(NAME, pixels * (n_components + 1 + coefficients))?;
    Ok(frame)
}

/// Walks the segments up to the frame header.
fn read_frame(bytes: &[u8]) -> Result<Frame, DecodeError> {
    let truncated = || DecodeError::Truncated { format: NAME };
    let (mut at, mut has_jfif, mut adobe) = (2, false, None);
    loop {
        // Anything between segments is skipped, as every decoder does.
        while *bytes.get(at).ok_or_else(truncated)? != 0xFF {
            at += 1;
        }
        while *bytes.get(at).ok_or_else(truncated)? == 0xFF {
            at += 1;
        }
        let marker = bytes[at];
        at += 1;
        if matches!(marker, 0x00 | 0x01 | 0xD0..=0xD8) {
            continue;
        }
        if matches!(marker, 0xD9 | 0xDA) {
            return Err(DecodeError::Corrupt { format: NAME });
        }
        let length = bytes.get(at..at + 2).map(|pair| usize::from(u16::from_be_bytes([pair[0], pair[1]])));
        let length = length.ok_or_else(truncated)?;
        if length < 2 {
            return Err(DecodeError::Corrupt { format: NAME });
        }
        let segment = bytes.get(at + 2..at + length).ok_or_else(truncated)?;
        match marker {
            0xE0 if segment.starts_with(b"JFIF\0") => has_jfif = true,
            0xEE if segment.starts_with(b"Adobe") && segment.len() >= 12 => adobe = Some((at + 13, segment[11])),
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                return parse_frame(marker, segment, has_jfif, adobe).ok_or(DecodeError::Corrupt { format: NAME });
            }
            _ => {}
        }
        at += length;
    }
}

fn parse_frame(marker: u8, segment: &[u8], has_jfif: bool, adobe: Option<(usize, u8)>) -> Option<Frame> {
    let &[precision, h1, h0, w1, w0, n_components, ref rest @ ..] = segment else { return None };
    let components: Vec<_> =
        rest.chunks_exact(3).take(n_components.into()).map(|c| (c[0], c[1] >> 4, c[1] & 15)).collect();
    let frame = Frame {
        width: u16::from_be_bytes([w1, w0]),
        height: u16::from_be_bytes([h1, h0]),
        is_progressive: marker == 0xC2,
        is_unusual: marker > 0xC2 || precision != 8,
        components,
        has_jfif,
        adobe,
    };
    (frame.width > 0 && frame.height > 0 && frame.components.len() == usize::from(n_components)).then_some(frame)
}
