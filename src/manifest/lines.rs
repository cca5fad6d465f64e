//! Lines of a text of any length, with a cap on how much of one line is ever held.

use std::io::{self, BufRead, Read};

/// What [`append_line`] found.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) enum Line {
    /// A line was appended, without its line break.
    Whole,
    /// A line was longer than allowed: it was skipped to its end, and what was appended of it is of no use.
    TooLong,
    /// There are no more lines.
    End,
}

/// Appends the next line to `text`, which may grow to `bytes_max` bytes. The line break stays if `keep_break`.
pub(super) fn append_line(
    reader: &mut dyn BufRead,
    text: &mut Vec<u8>,
    bytes_max: usize,
    keep_break: bool,
) -> io::Result<Line> {
    let line = append_start_of_line(reader, text, bytes_max, keep_break)?;
    if line == Line::TooLong {
        reader.skip_until(b'\n')?;
    }
    Ok(line)
}

/// As [`append_line`], but a line that is too long is left where its first bytes end.
pub(super) fn append_start_of_line(
    reader: &mut dyn BufRead,
    text: &mut Vec<u8>,
    bytes_max: usize,
    keep_break: bool,
) -> io::Result<Line> {
    let before = text.len();
    let room = bytes_max.saturating_sub(before) as u64 + 1;
    let read = (&mut *reader).take(room).read_until(b'\n', text)?;
    if read == 0 {
        return Ok(Line::End);
    }
    if text.last() == Some(&b'\n') {
        if !keep_break {
            text.pop();
            if text.len() > before && text.last() == Some(&b'\r') {
                text.pop();
            }
        }
        return Ok(Line::Whole);
    }
    if text.len() <= bytes_max {
        return Ok(Line::Whole);
    }
    Ok(Line::TooLong)
}

/// Bytes as text: UTF-8, or, where they are not that, Windows-1252, in which every byte means something.
pub(super) fn text_of(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// The UTF-8 byte order mark that spreadsheet programs write.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

/// Whether a text starts with the byte order mark of UTF-16.
pub(super) fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff")
}

pub(super) const UTF16_REFUSED: &str = "the text is UTF-16: convert it to UTF-8 first (iconv -f UTF-16 -t UTF-8)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_skipped_and_the_next_one_is_read() {
        let mut reader: &[u8] = b"0123456789\nab\r\ncd";
        let mut lines = Vec::new();
        loop {
            let mut text = Vec::new();
            let line = append_line(&mut reader, &mut text, 4, false).unwrap();
            if line == Line::End {
                break;
            }
            lines.push((line, text));
        }
        assert_eq!(lines[0].0, Line::TooLong);
        assert_eq!(lines[1..], [(Line::Whole, b"ab".to_vec()), (Line::Whole, b"cd".to_vec())]);
    }
}
