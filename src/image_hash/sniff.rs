//! Which kind of file some bytes are, by their first bytes alone.
//!
//! Used by [`mod@super::decode`] before any decoder sees the file. Never looks at a name or a media type somebody claims, and
//! never reads past the slice.

use super::error::DecodeError;

/// How far into a text file the `<svg` tag may stand: behind a declaration, a doctype and a licence comment.
const SVG_HEAD_BYTES: usize = 4096;
/// Most directory entries of a TIFF looked at; real ones have a few dozen.
const TIFF_ENTRIES_MAX: usize = 512;

/// The formats decoded here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Jpeg,
    Png,
    WebP,
    Gif,
    Bmp,
    Tiff,
}

impl Format {
    /// The name as people write it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
        }
    }
}

/// Recognises a file. Every format that is known and not decoded has its own error.
pub(super) fn sniff(bytes: &[u8]) -> Result<Format, DecodeError> {
    if bytes.is_empty() {
        return Err(DecodeError::Empty);
    }
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"\xFF\xD8\xFF") {
        Ok(Format::Jpeg)
    } else if starts(b"\x89PNG\r\n\x1A\n") {
        Ok(Format::Png)
    } else if starts(b"GIF87a") || starts(b"GIF89a") {
        Ok(Format::Gif)
    } else if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Ok(Format::WebP)
    } else if starts(b"BM") && looks_like_bmp(bytes) {
        Ok(Format::Bmp)
    } else if starts(b"II*\0") || starts(b"MM\0*") {
        if is_camera_raw(bytes) { Err(DecodeError::Raw) } else { Ok(Format::Tiff) }
    } else {
        Err(refusal(bytes))
    }
}

/// The word for a file that no decoder here takes.
fn refusal(bytes: &[u8]) -> DecodeError {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if bytes.get(4..8) == Some(b"ftyp") {
        return iso_media(bytes);
    }
    if starts(b"%PDF") {
        return DecodeError::Pdf;
    }
    if starts(b"\0\0\x01\0") || starts(b"\0\0\x02\0") {
        return DecodeError::Icon;
    }
    let raw: [&[u8]; 6] = [b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FOVb"];
    if raw.iter().any(|magic| starts(magic)) {
        return DecodeError::Raw;
    }
    let others: [(&[u8], &'static str); 15] = [
        (b"8BPS", "Photoshop"),
        (b"\xFF\x0A", "JPEG XL"),
        (b"\0\0\0\x0CJXL ", "JPEG XL"),
        (b"\0\0\0\x0CjP  ", "JPEG 2000"),
        (b"\xFF\x4F\xFF\x51", "JPEG 2000"),
        (b"II\xBC\x01", "JPEG XR"),
        (b"II+\0", "BigTIFF"),
        (b"MM\0+", "BigTIFF"),
        (b"gimp xcf", "GIMP"),
        (b"qoif", "QOI"),
        (b"v/1\x01", "OpenEXR"),
        (b"#?RADIANCE", "Radiance HDR"),
        (b"PK\x03\x04", "ZIP"),
        (b"DDS ", "DDS"),
        (b"\x1A\x45\xDF\xA3", "video"),
    ];
    if let Some((_, format)) = others.iter().find(|(magic, _)| starts(magic)) {
        return DecodeError::Unsupported { format };
    }
    if let [b'P', b'1'..=b'7', b'\n' | b'\r' | b' ' | b'\t', ..] = bytes {
        return DecodeError::Unsupported { format: "Netpbm" };
    }
    if is_svg(bytes) { DecodeError::Svg } else { DecodeError::Unknown }
}

/// Files of the ISO base media family name themselves after `ftyp`: one main brand, then compatible ones.
fn iso_media(bytes: &[u8]) -> DecodeError {
    let length = bytes.get(..4).map_or(0, |word| u32::from_be_bytes([word[0], word[1], word[2], word[3]]));
    let end = usize::try_from(length).unwrap_or(usize::MAX).clamp(12, 256).min(bytes.len());
    let brands = || bytes.get(8..end).unwrap_or_default().chunks_exact(4);
    let has = |wanted: &[&[u8]]| brands().any(|brand| wanted.contains(&brand));
    if has(&[b"crx "]) {
        DecodeError::Raw
    } else if has(&[b"avif", b"avis"]) {
        DecodeError::Avif
    } else if has(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]) {
        DecodeError::Heic
    } else {
        DecodeError::Unsupported { format: "video" }
    }
}

/// `BM` alone also begins words; a bitmap's second header has one of a few lengths.
fn looks_like_bmp(bytes: &[u8]) -> bool {
    let Some(word) = bytes.get(14..18) else { return bytes.len() < 18 };
    matches!(u32::from_le_bytes([word[0], word[1], word[2], word[3]]), 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124)
}

/// DNG, CR2, NEF, ARW and the like are TIFF files. Their first directory says so: a DNG version, Canon's mark, or a
/// picture called a reduced one, which is only the preview.
fn is_camera_raw(bytes: &[u8]) -> bool {
    const NEW_SUBFILE_TYPE: u16 = 254;
    const DNG_VERSION: u16 = 0xC612;
    if bytes.get(8..10) == Some(b"CR") {
        return true;
    }
    let little = bytes.starts_with(b"II");
    let u16_at = |at: usize| {
        let pair: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let u32_at = |at: usize| {
        let word: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(word) } else { u32::from_be_bytes(word) })
    };
    let Some(directory) = u32_at(4).and_then(|at| usize::try_from(at).ok()) else { return false };
    let n_entries = u16_at(directory).map_or(0, usize::from).min(TIFF_ENTRIES_MAX);
    (0..n_entries).any(|entry| {
        let at = directory.saturating_add(2 + entry * 12);
        match u16_at(at) {
            Some(DNG_VERSION) => true,
            Some(NEW_SUBFILE_TYPE) => u32_at(at.saturating_add(8)).is_some_and(|kind| kind & 1 == 1),
            _ => false,
        }
    })
}

fn is_svg(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(SVG_HEAD_BYTES)];
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with("<svg") || (text.starts_with('<') && text.contains("<svg"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_are_not_read_are_called_by_their_names() {
        let cases: [(&[u8], DecodeError); 12] = [
            (b"", DecodeError::Empty),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", DecodeError::Heic),
            (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", DecodeError::Avif),
            (b"\0\0\0\x18ftypisom\0\0\0\0mp41avc1", DecodeError::Unsupported { format: "video" }),
            (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", DecodeError::Raw),
            (b"%PDF-1.7\n", DecodeError::Pdf),
            (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- c --><svg xmlns='x'/>", DecodeError::Svg),
            (b"\0\0\x01\0\x01\0", DecodeError::Icon),
            (b"II*\0\x10\0\0\0CR\x02\0", DecodeError::Raw),
            (b"P6\n1 1\n255\nabc", DecodeError::Unsupported { format: "Netpbm" }),
            (b"BMX is a word in a text file", DecodeError::Unknown),
            (b"<html><body>404</body></html>", DecodeError::Unknown),
        ];
        for (bytes, expected) in cases {
            assert_eq!(sniff(bytes), Err(expected), "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_tiff_whose_first_directory_is_a_preview_is_a_raw_file() {
        let mut dng = b"II*\0\x08\0\0\0\x01\0".to_vec();
        dng.extend([0x12, 0xC6, 1, 0, 4, 0, 0, 0, 1, 4, 0, 0]);
        assert_eq!(sniff(&dng), Err(DecodeError::Raw));
        let mut preview = b"MM\0*\0\0\0\x08\0\x01".to_vec();
        preview.extend([0, 254, 0, 4, 0, 0, 0, 1, 0, 0, 0, 1]);
        assert_eq!(sniff(&preview), Err(DecodeError::Raw));
        assert_eq!(sniff(b"MM\0*\0\0\0\x08\0\0"), Ok(Format::Tiff));
    }
}
