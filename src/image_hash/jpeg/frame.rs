//! What a JPEG's frame header says, read and checked before any decoder allocates.

use super::NAME;
use crate::image_hash::decode::DecodeLimits;
use crate::image_hash::error::DecodeError;

/// What the frame header says, read before any decoder allocates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) width: u16,
    pub(super) height: u16,
    /// Progressive files need all their coefficients at once, 2 bytes each.
    pub(super) is_progressive: bool,
    /// Arithmetic coding, lossless and other kinds that hardly exist.
    is_unusual: bool,
    /// (identifier, horizontal sampling, vertical sampling) of each component.
    pub(super) components: Vec<(u8, u8, u8)>,
    has_jfif: bool,
    /// Position of the Adobe marker's colour byte in the file, and the byte.
    pub(super) adobe: Option<(usize, u8)>,
}

impl Frame {
    /// True if three components are red, green and blue themselves. The order of belief is libjpeg's: JFIF, Adobe, names.
    pub(super) fn is_rgb(&self) -> bool {
        self.components.len() == 3
            && !self.has_jfif
            && match self.adobe {
                Some((_, transform)) => transform == 0,
                None => self.is_named_rgb(),
            }
    }

    pub(super) fn is_named_rgb(&self) -> bool {
        self.components.iter().map(|component| component.0).eq(*b"RGB")
    }

    /// True if the first component is brightness at full resolution.
    pub(super) fn has_plain_luma(&self) -> bool {
        let full =
            |axis: fn(&(u8, u8, u8)) -> u8| self.components.first().map(axis) == self.components.iter().map(axis).max();
        match self.components.len() {
            1 => true,
            3 => !self.is_rgb() && !self.is_named_rgb() && full(|c| c.1) && full(|c| c.2),
            _ => false,
        }
    }
}

pub(super) fn checked_frame(bytes: &[u8], limits: &DecodeLimits) -> Result<Frame, DecodeError> {
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
