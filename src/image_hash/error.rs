//! What went wrong with a picture, in words for the person who chose the file.
//!
//! Each variant's `Display` is one plain sentence or two: what happened, and what to do. No variant carries bytes of the
//! picture or a decoder's own wording.

/// Why a picture could not be hashed. The names of formats are the ones people see: JPEG, PNG, WebP, GIF, BMP, TIFF.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("This file is empty: choose the picture again, or save it once more from where you got it.")]
    Empty,
    #[error(
        "This is a HEIC picture, as iPhones take them. Rollcall cannot read that format: save it as JPEG and try again."
    )]
    Heic,
    #[error("This is an AVIF picture. Rollcall cannot read that format: save it as JPEG or PNG and try again.")]
    Avif,
    #[error(
        "This is an SVG drawing, which is made of lines and not of pixels. Export it as PNG in the size you published \
         and try again."
    )]
    Svg,
    #[error("This is a PDF document, not a picture. Save the page or the picture in it as JPEG or PNG and try again.")]
    Pdf,
    #[error(
        "This is a camera's raw file. Rollcall cannot read raw files: export it as JPEG, best the one you published, \
         and try again."
    )]
    Raw,
    #[error("This is an icon file. Rollcall cannot read that format: save it as PNG and try again.")]
    Icon,
    #[error("This is a {format} file. Rollcall cannot read that format: save it as JPEG or PNG and try again.")]
    Unsupported { format: &'static str },
    #[error("This is not a picture that Rollcall knows. It reads JPEG, PNG, WebP, GIF, BMP and TIFF.")]
    Unknown,
    #[error(
        "This {format} picture is written in a rare way that Rollcall cannot read. Open it in a picture program, save it \
         as an ordinary JPEG or PNG and try again."
    )]
    UnusualKind { format: &'static str },
    #[error(
        "This {format} picture is too large: {width} x {height} pixels, where Rollcall takes {pixels_max} pixels in all \
         and {side_max} on a side. Make it smaller and try again; a smaller copy is found just as well."
    )]
    TooLarge { format: &'static str, width: u32, height: u32, pixels_max: u64, side_max: u32 },
    #[error(
        "This {format} picture would need too much memory to open. Save it smaller or as an ordinary JPEG and try again; \
         a smaller copy is found just as well."
    )]
    TooMuchMemory { format: &'static str },
    #[error(
        "This {format} picture breaks off before its end, as after a download that was interrupted. Download or export \
         it again."
    )]
    Truncated { format: &'static str },
    #[error(
        "This {format} picture is damaged and cannot be opened. Try another copy of it, or save it again in a picture \
         program."
    )]
    Corrupt { format: &'static str },
}

impl DecodeError {
    /// A word for counters and JSON, stable across releases.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Heic => "heic",
            Self::Avif => "avif",
            Self::Svg => "svg",
            Self::Pdf => "pdf",
            Self::Raw => "raw",
            Self::Icon => "icon",
            Self::Unsupported { .. } => "unsupported",
            Self::Unknown => "unknown",
            Self::UnusualKind { .. } => "unusual_kind",
            Self::TooLarge { .. } => "too_large",
            Self::TooMuchMemory { .. } => "too_much_memory",
            Self::Truncated { .. } => "truncated",
            Self::Corrupt { .. } => "corrupt",
        }
    }
}
