//! CSV, TSV and their relatives, with and without a header, quoted or not.
//!
//! The splitting is our own and not a CSV library's because a library's row has no upper size, and because one stray
//! quote must cost one row and not the rest of the file: a quoted cell that never closes is given back to the reader
//! after its first line.

use std::io::{self, BufRead, Read};

use super::WrittenAs;
use super::cells::{COLUMNS_MAX, Cells, ColumnNames};
use super::dialect::{Dialect, FIELDS_MAX, LOOK_BYTES, Split, cell_text, detect};
use super::input::{Counted, Input, look_ahead};
use super::lines::{BOM, Line, UTF16_REFUSED, append_line, append_start_of_line, is_utf16, text_of};
use super::rows::{Rows, Stop};
use super::sniff::inner_extension;
use crate::record::{ColumnName, Value};

/// Longest row, bytes.
const ROW_BYTES_MAX: usize = 16 << 20;
/// Quotes never closed that are searched for over a whole [`ROW_BYTES_MAX`]; after so many only over the next number
/// of bytes, so that a file full of stray quotes is still read in reasonable time.
const PATIENT_SEARCHES: u32 = 16;
const IMPATIENT_ROW_BYTES_MAX: usize = 64 << 10;

/// Reads every row.
pub(super) fn read(input: &Input, rows: &mut Rows<'_>) -> Result<(), Stop> {
    let (head, reader) = look_ahead(input.reader()?, LOOK_BYTES);
    if is_utf16(&head) {
        return Err(Stop::Unsupported(UTF16_REFUSED.to_owned()));
    }
    let dialect = detect(&head, &inner_extension(&input.path));
    let mut reader = PushBack { front: Vec::new(), at: 0, behind: Counted::new(reader) };
    if head.starts_with(BOM) {
        reader.behind.consume(BOM.len());
    }
    drop(head);
    let mut table = Table::new(dialect, reader);
    let columns = table.columns()?;
    table.dialect.columns = columns.names.len();
    let written_as = WrittenAs::Cells { delimiter: table.dialect.delimiter, quoting: table.dialect.quoting };
    loop {
        let begin = table.reader.position();
        let Some(next) = table.next_row()? else { return Ok(()) };
        if matches!(next, Next::Row) {
            rows.span(begin..table.reader.position(), written_as);
        }
        match next {
            Next::Blank => {}
            Next::Rejected(reason, detail) => rows.reject(reason, detail)?,
            Next::Row => match columns.row(&table.row, &table.split) {
                Ok(values) => rows.deliver(values, None)?,
                Err(detail) => rows.reject("wrong number of columns", detail)?,
            },
        }
    }
}

/// The names of a table's columns.
struct Columns {
    names: Vec<String>,
    /// The same, shared, where there are not too many of them.
    shared: Vec<ColumnName>,
}

impl Columns {
    /// Empty names become `column_3` after their place; repeated ones get `_2`.
    fn new(header: Vec<String>) -> Self {
        let mut seen = std::collections::HashSet::new();
        let mut names = Vec::with_capacity(header.len());
        for (index, name) in header.into_iter().enumerate() {
            let name = if name.trim().is_empty() { format!("column_{}", index + 1) } else { name };
            let mut unique = name.clone();
            let mut copy = 1;
            while !seen.insert(unique.clone()) {
                copy += 1;
                unique = format!("{name}_{copy}");
            }
            names.push(unique);
        }
        let shared = if names.len() <= COLUMNS_MAX {
            names.iter().map(|name| name.as_str().into()).collect()
        } else {
            Vec::new()
        };
        Self { names, shared }
    }

    fn row(&self, row: &[u8], split: &Split) -> Result<Vec<(ColumnName, Value)>, String> {
        let fields = &split.fields;
        if fields.len() > self.names.len() {
            let extra = &fields[self.names.len()..];
            if extra.iter().any(|field| field.end > field.start) || fields.len() > FIELDS_MAX {
                return Err(format!("{} cells where there are {} columns", fields.len(), self.names.len()));
            }
        }
        // One check for the whole row: a row is in one encoding.
        let is_utf8 = std::str::from_utf8(row).is_ok();
        let values = fields.iter().take(self.names.len()).map(|field| {
            let text = if is_utf8 { cell_text(row, *field) } else { windows_1252(row, *field) };
            if text.is_empty() { Value::Null } else { Value::Text(text.into_owned()) }
        });
        if self.shared.len() == self.names.len() {
            return Ok(self.shared.iter().cloned().zip(values).collect());
        }
        let mut names = ColumnNames::default();
        let mut cells = Cells::new(&mut names);
        for (name, value) in self.names.iter().zip(values) {
            cells.push(name, value);
        }
        Ok(cells.finish())
    }
}

fn windows_1252(row: &[u8], field: super::dialect::Field) -> std::borrow::Cow<'_, str> {
    let bytes = row.get(field.start..field.end).unwrap_or_default();
    let text = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0;
    if field.has_doubled_quotes { text.replace("\"\"", "\"").into() } else { text }
}

enum Next {
    Row,
    Blank,
    Rejected(&'static str, String),
}

struct Table {
    dialect: Dialect,
    reader: PushBack,
    row: Vec<u8>,
    split: Split,
    /// Quotes that were opened and never closed.
    unclosed: u32,
}

impl Table {
    fn new(dialect: Dialect, reader: PushBack) -> Self {
        Self { dialect, reader, row: Vec::new(), split: Split::default(), unclosed: 0 }
    }

    /// Reads the header where there is one.
    fn columns(&mut self) -> Result<Columns, Stop> {
        if !self.dialect.has_header {
            return Ok(Columns::new((1..=self.dialect.columns).map(|number| format!("column_{number}")).collect()));
        }
        loop {
            match self.next_row()? {
                Some(Next::Blank) => {}
                Some(Next::Row) => {
                    let row = &self.row;
                    let cells = self.split.fields.iter().map(|field| cell_text(row, *field).trim().to_owned());
                    return Ok(Columns::new(cells.collect()));
                }
                _ => return Ok(Columns::new(Vec::new())),
            }
        }
    }

    /// Reads one row into `row` and `split`.
    fn next_row(&mut self) -> Result<Option<Next>, Stop> {
        self.row.clear();
        self.row.shrink_to(IMPATIENT_ROW_BYTES_MAX);
        self.split.clear();
        match append_line(&mut self.reader, &mut self.row, ROW_BYTES_MAX, true)? {
            Line::End => return Ok(None),
            Line::TooLong => return Ok(Some(too_long())),
            Line::Whole => {}
        }
        if self.row.trim_ascii().is_empty() && !(self.dialect.delimiter == Some(b'\t') && self.row.contains(&b'\t')) {
            return Ok(Some(Next::Blank));
        }
        let first_line = self.row.len();
        let bytes_max =
            if self.unclosed < PATIENT_SEARCHES { ROW_BYTES_MAX } else { first_line + IMPATIENT_ROW_BYTES_MAX };
        while !self.split.advance(&self.row, self.dialect.delimiter, self.dialect.quoting) {
            if append_start_of_line(&mut self.reader, &mut self.row, bytes_max, true)? != Line::Whole {
                return Ok(Some(self.give_back_after(first_line)));
            }
        }
        Ok(Some(Next::Row))
    }

    /// A quote never closed: the lines after the first one are read again, and the first one is taken literally if
    /// that gives the right number of cells.
    fn give_back_after(&mut self, first_line: usize) -> Next {
        self.unclosed += 1;
        self.reader.push_back(self.row.split_off(first_line));
        self.split.clear();
        self.split.advance(&self.row, self.dialect.delimiter, false);
        if self.split.fields.len() == self.dialect.columns {
            return Next::Row;
        }
        let start: String = text_of(&self.row).chars().take(80).collect();
        Next::Rejected("quote never closed", start)
    }
}

fn too_long() -> Next {
    Next::Rejected("row too long", format!("the row is longer than {} MiB", ROW_BYTES_MAX >> 20))
}

/// A reader that takes bytes back.
struct PushBack {
    front: Vec<u8>,
    at: usize,
    behind: Counted,
}

impl PushBack {
    /// The place of the next byte in the text.
    fn position(&self) -> u64 {
        self.behind.position() - (self.front.len() - self.at) as u64
    }

    fn push_back(&mut self, mut bytes: Vec<u8>) {
        bytes.extend_from_slice(&self.front[self.at..]);
        self.front = bytes;
        self.at = 0;
    }
}

impl Read for PushBack {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let taken = available.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&available[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}

impl BufRead for PushBack {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at < self.front.len() { Ok(&self.front[self.at..]) } else { self.behind.fill_buf() }
    }

    fn consume(&mut self, bytes: usize) {
        if self.at < self.front.len() {
            self.at += bytes;
            if self.at == self.front.len() {
                self.front = Vec::new();
                self.at = 0;
            }
        } else {
            self.behind.consume(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::manifest::tests_support::{gzip, read_file};
    use crate::record::Value;

    #[test]
    fn a_csv_keeps_its_column_names_and_quoted_cells() {
        let outcome = read_file("a.csv", b"\xef\xbb\xbfURL,Caption\r\nhttp://a,\"x, \"\"y\"\"\r\nz\"\r\nhttp://b,\r\n");
        assert_eq!(outcome.columns(), ["URL", "Caption"]);
        assert_eq!(outcome.texts("Caption"), ["x, \"y\"\r\nz"]);
        assert_eq!(outcome.records[1].value("Caption"), Some(&Value::Null));
        assert_eq!(outcome.records[1].row, 1);
    }

    #[test]
    fn a_headerless_tsv_with_stray_quotes_is_read_whole() {
        let outcome = read_file("a.tsv", b"\"unclosed is fine\thttp://a\nand 5\" wide\thttp://b\n");
        assert_eq!(outcome.texts("column_1"), ["\"unclosed is fine", "and 5\" wide"]);
        assert_eq!(outcome.texts("column_2"), ["http://a", "http://b"]);
    }

    #[test]
    fn short_rows_miss_cells_and_long_rows_are_rejected() {
        let outcome = read_file("a.csv", b"url,text,n\nhttp://a,one,1\nhttp://b\nhttp://c,x,y,z\nhttp://d,two,2,,\n");
        assert_eq!(outcome.texts("url"), ["http://a", "http://b", "http://d"]);
        assert_eq!(outcome.records[1].value("text"), None);
        assert_eq!(outcome.reasons(), [(2, "wrong number of columns")]);
    }

    #[test]
    fn a_quote_never_closed_costs_one_row() {
        let mut csv = b"url,text\nhttp://a,one\nhttp://b,\"two\n".to_vec();
        csv.extend(b"http://c,three\n".repeat(3));
        let outcome = read_file("a.csv", &csv);
        assert_eq!(outcome.texts("text"), ["one", "\"two", "three", "three", "three"]);
    }

    #[test]
    fn a_row_of_32_mib_is_rejected_and_the_next_one_is_read() {
        let mut csv = b"url,text\nhttp://a,one\n".to_vec();
        csv.extend(b"x".repeat(32 << 20));
        csv.extend(b"\nhttp://b,two\n");
        let outcome = read_file("a.csv.gz", &gzip(&csv));
        assert_eq!(outcome.texts("text"), ["one", "two"]);
        assert_eq!(outcome.reasons(), [(1, "row too long")]);
    }

    #[test]
    fn a_row_that_is_not_utf8_is_decoded() {
        let outcome = read_file("a.csv", b"url,text\nhttp://a,caf\xe9 \x93x\x94\nhttp://b,caf\xc3\xa9\n");
        assert_eq!(outcome.texts("text"), ["café “x”", "café"]);
    }

    #[test]
    fn repeated_and_missing_column_names_are_told_apart() {
        let outcome = read_file("a.csv", b",url,x,x\n0,http://a,1,2\n1,http://b,1,2\n");
        assert_eq!(outcome.columns(), ["column_1", "url", "x", "x_2"]);
    }

    #[test]
    fn yfcc_rows_without_header_keep_all_their_columns() {
        let row = |id: u32| {
            format!(
                "{id}\t11@N00\tnick+name\t2010-01-01 10:00:00.0\t1262340000\tCanon\ttitle+%28one%29\t\ttag,tag\t\t-1.5\t52.0\t16\t\
                 http://www.flickr.com/photos/11@N00/{id}/\thttp://farm1.staticflickr.com/{id}_a.jpg\tAttribution License\t\
                 http://creativecommons.org/licenses/by/2.0/\t1\t1\ta\tb\tjpg\t0\n"
            )
        };
        let text: String = [row(1), row(2), row(3)].concat();
        let outcome = read_file("yfcc100m_dataset-0.gz", &gzip(text.as_bytes()));
        assert_eq!(outcome.records.len(), 3);
        assert_eq!(outcome.records[0].values.len(), 23);
        assert_eq!(outcome.texts("column_7"), ["title+%28one%29"; 3]);
        assert_eq!(outcome.records[2].value("column_8"), Some(&Value::Null));
    }

    #[test]
    fn a_list_of_addresses_is_one_column() {
        let outcome = read_file("urls.txt", b"http://a/1,2\nhttp://b\n\nhttp://c\n");
        assert_eq!(outcome.texts("column_1"), ["http://a/1,2", "http://b", "http://c"]);
    }
}
