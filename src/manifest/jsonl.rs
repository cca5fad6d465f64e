//! JSON lines: one object a line, as Hugging Face, C4 and the Reddit dumps write them.

use std::io::BufRead as _;

use super::WrittenAs;
use super::cells::{Cells, ColumnNames};
use super::input::{Counted, Input};
use super::json_row::add_members;
use super::lines::{BOM, Line, UTF16_REFUSED, append_line, is_utf16};
use super::rows::{Rows, Stop};

/// Longest line, bytes: whole books are single lines in text datasets, the largest some tens of megabytes.
pub(super) const LINE_BYTES_MAX: usize = 64 << 20;
/// A line buffer that grew over this is given back after its line, bytes.
const LINE_BYTES_KEPT: usize = 1 << 20;

/// Reads every line.
pub(super) fn read(input: &Input, rows: &mut Rows<'_>) -> Result<(), Stop> {
    let mut reader = Counted::new(input.reader()?);
    if is_utf16(reader.fill_buf()?) {
        return Err(Stop::Unsupported(UTF16_REFUSED.to_owned()));
    }
    let mut names = ColumnNames::default();
    let mut line = Vec::new();
    let mut is_first = true;
    loop {
        line.clear();
        line.shrink_to(LINE_BYTES_KEPT);
        let begin = reader.position();
        match append_line(&mut reader, &mut line, LINE_BYTES_MAX, false)? {
            Line::End => return Ok(()),
            Line::TooLong => {
                rows.reject("row too long", format!("the line is longer than {} MiB", LINE_BYTES_MAX >> 20))?;
                continue;
            }
            Line::Whole => {}
        }
        let mut json = line.as_slice();
        if is_first {
            json = json.strip_prefix(BOM).unwrap_or(json);
            is_first = false;
        }
        json = json.trim_ascii();
        if json.is_empty() {
            continue;
        }
        rows.span(begin..reader.position(), WrittenAs::JsonObject);
        let mut cells = Cells::new(&mut names);
        match add_members(json, &mut cells) {
            Ok(()) => rows.deliver(cells.finish(), None)?,
            Err(detail) => rows.reject("not JSON", detail)?,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::manifest::tests_support::{Outcome, damaged_rows, gzip, read_file, zstd};
    use crate::record::Value;

    #[test]
    fn a_bad_line_is_counted_and_the_next_ones_are_read() {
        let outcome = read_file("a.jsonl", b"\xef\xbb\xbf{\"text\":\"one\"}\n\nnot json\n[1]\n{\"text\":\"two\"}");
        assert_eq!(outcome.texts("text"), ["one", "two"]);
        assert_eq!(outcome.reasons(), [(1, "not JSON"), (2, "not JSON")]);
        assert_eq!(outcome.records[1].row, 3);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_read_as_windows_1252() {
        let outcome = read_file("a.jsonl", b"{\"text\":\"caf\xe9\"}\n");
        assert_eq!(outcome.texts("text"), ["café"]);
    }

    #[test]
    fn a_cut_off_gzip_file_gives_its_rows_and_then_an_error() {
        let line = |n: u32| format!("{{\"n\":{n},\"x\":{}}}\n", n.wrapping_mul(2_654_435_761));
        let lines = (0..50_000).map(line).collect::<Vec<_>>().concat();
        for packed in [gzip(lines.as_bytes()), zstd(lines.as_bytes())] {
            let whole = read_file("a.jsonl", &packed);
            assert_eq!(whole.records.len(), 50_000);
            let cut = read_file("a.jsonl", &packed[..packed.len() / 2]);
            assert_eq!(damaged_rows(&cut), Some(cut.records.len() as u64));
            assert!(cut.records.len() > 1000);
            assert_eq!(cut.records[999].value("n"), Some(&Value::Int(999)));
        }
    }

    #[test]
    fn the_digest_is_that_of_the_file_as_it_lies_on_disk() {
        let outcome: Outcome = read_file("a.jsonl", b"{}\n");
        let digest = outcome.end.unwrap();
        assert_eq!(digest.bytes, 3);
        assert_eq!(digest.sha256, "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356");
    }
}
