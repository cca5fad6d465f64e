//! JPEG by the `zune-jpeg` crate: every kind of file it knows, every file that is not quite clean, and colours.

use image::metadata::Orientation;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::NAME;
use crate::image_hash::error::DecodeError;

/// Decodes strictly first, since only that notices a file that breaks off; a file that is merely untidy is then decoded
/// leniently, as browsers do.
pub(super) fn decode_as(bytes: &[u8], output: ColorSpace) -> Result<(Vec<u8>, Orientation), DecodeError> {
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
