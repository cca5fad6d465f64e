//! How a table of text is written: its delimiter, whether quotes mean anything, whether its first line names the
//! columns. Decided from the first few hundred rows; decides nothing about what columns mean.

use super::lines::{BOM, text_of};

/// Unpacked bytes that are looked at.
pub(super) const LOOK_BYTES: usize = 256 << 10;
/// Rows that are looked at.
const LOOK_ROWS: usize = 300;
/// Most fields of one row that are told apart: a row of nothing but delimiters must not cost gigabytes.
pub(super) const FIELDS_MAX: usize = 65_536;
/// Share of rows that must have the same width for a delimiter to be believed, with and without an extension
/// (.csv, .tsv) that says there is one.
const AGREEMENT_MIN: f64 = 0.9;
const AGREEMENT_MIN_HINTED: f64 = 0.3;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dialect {
    /// `None`: each line is one cell.
    pub delimiter: Option<u8>,
    pub quoting: bool,
    pub has_header: bool,
    /// The widest row seen.
    pub columns: usize,
    /// Whether this is surely a table (or a list of addresses) and not some other text.
    pub is_table: bool,
}

/// One cell inside a row's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field {
    pub start: usize,
    pub end: usize,
    /// The text has doubled quotes that stand for one.
    pub has_doubled_quotes: bool,
}

/// Splits one row, line by line, since quoted cells may hold line breaks.
#[derive(Debug, Default)]
pub(super) struct Split {
    pub fields: Vec<Field>,
    at: usize,
    /// The open quoted cell: its start, where to go on looking for its end, whether it has doubled quotes.
    open: Option<(usize, usize, bool)>,
}

impl Split {
    pub fn clear(&mut self) {
        self.fields.clear();
        self.at = 0;
        self.open = None;
    }

    /// Goes on with the row, of which one more line was appended (its line break with it). Returns whether the row is
    /// complete; if not, a quoted cell is still open.
    pub fn advance(&mut self, row: &[u8], delimiter: Option<u8>, quoting: bool) -> bool {
        let end = row.strip_suffix(b"\n").map_or(row, |line| line.strip_suffix(b"\r").unwrap_or(line)).len();
        loop {
            let Some((start, from, doubled)) = self.open else {
                if quoting && row.get(self.at) == Some(&b'"') {
                    self.open = Some((self.at + 1, self.at + 1, false));
                    continue;
                }
                let rest = row.get(self.at..end).unwrap_or_default();
                let length = delimiter.and_then(|delimiter| rest.iter().position(|byte| *byte == delimiter));
                self.push(Field {
                    start: self.at,
                    end: self.at + length.unwrap_or(rest.len()),
                    has_doubled_quotes: false,
                });
                match length {
                    Some(length) => self.at += length + 1,
                    None => return true,
                }
                continue;
            };
            let Some(quote) = row.get(from..).and_then(|rest| rest.iter().position(|byte| *byte == b'"')) else {
                self.open = Some((start, row.len(), doubled));
                return false;
            };
            let quote = from + quote;
            let next = row.get(quote + 1).copied().filter(|_| quote + 1 < end);
            if next == Some(b'"') {
                self.open = Some((start, quote + 2, true));
            } else if next.is_none() || next == delimiter {
                self.push(Field { start, end: quote, has_doubled_quotes: doubled });
                self.open = None;
                self.at = quote + 2;
                if next.is_none() {
                    return true;
                }
            } else {
                // A quote inside the text that nobody doubled: part of the text.
                self.open = Some((start, quote + 1, doubled));
            }
        }
    }

    fn push(&mut self, field: Field) {
        if self.fields.len() <= FIELDS_MAX {
            self.fields.push(field);
        }
    }
}

/// The text of a cell.
pub(super) fn cell_text(row: &[u8], field: Field) -> std::borrow::Cow<'_, str> {
    let text = text_of(row.get(field.start..field.end).unwrap_or_default());
    if field.has_doubled_quotes { text.replace("\"\"", "\"").into() } else { text }
}

/// Decides from the start of a text; `extension` is the file's, without compression, in lower case.
pub(super) fn detect(head: &[u8], extension: &str) -> Dialect {
    let head = head.strip_prefix(BOM).unwrap_or(head);
    let is_cut = head.len() + BOM.len() >= LOOK_BYTES;
    let hint = match extension {
        "csv" => Some(b','),
        "tsv" | "tab" => Some(b'\t'),
        _ => None,
    };
    let mut best: Option<(f64, u8, bool, Vec<Vec<String>>)> = None;
    for delimiter in [b'\t', b',', b'|', b';'] {
        for quoting in [false, true] {
            if !quoting && delimiter != b'\t' {
                continue;
            }
            if quoting && delimiter == b'\t' && !quotes_are_meant(head) {
                continue;
            }
            let rows = sample_rows(head, is_cut, Some(delimiter), quoting);
            let Some(agreement) = agreement(&rows) else { continue };
            if agreement < if hint == Some(delimiter) { AGREEMENT_MIN_HINTED } else { AGREEMENT_MIN } {
                continue;
            }
            let score = agreement + if hint == Some(delimiter) { 0.5 } else { 0.0 };
            // Of equals the first delimiter leads, but quotes that are meant lead over quotes that are not.
            if best.as_ref().is_none_or(|(top, other, ..)| score > *top || (score >= *top && *other == delimiter)) {
                best = Some((score, delimiter, quoting, rows));
            }
        }
    }
    if let Some((score, delimiter, quoting, rows)) = best {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let is_table = rows.len() >= 2 && score >= AGREEMENT_MIN;
        return Dialect { delimiter: Some(delimiter), quoting, has_header: has_header(&rows), columns, is_table };
    }
    let quoting =
        hint.is_some() && head.split(|byte| *byte == b'\n').take(LOOK_ROWS).any(|line| line.starts_with(b"\""));
    let rows = sample_rows(head, is_cut, None, quoting);
    let lines_of_addresses = rows.iter().filter(|row| row.first().is_some_and(|cell| is_address(cell))).count();
    let is_table = !rows.is_empty() && lines_of_addresses * 10 >= rows.len() * 9;
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    Dialect { delimiter: None, quoting, has_header: has_header(&rows), columns, is_table }
}

/// Whether cells in a tab-separated text are quoted on purpose: some start with a quote and end with one, and few
/// only start with one. Texts such as Conceptual Captions have stray quotes that mean nothing.
fn quotes_are_meant(head: &[u8]) -> bool {
    let (mut proper, mut stray) = (0, 0);
    for line in head.split(|byte| *byte == b'\n').take(LOOK_ROWS * 4) {
        for cell in line.strip_suffix(b"\r").unwrap_or(line).split(|byte| *byte == b'\t') {
            if cell.len() >= 2 && cell.starts_with(b"\"") && cell.ends_with(b"\"") {
                proper += 1;
            } else if cell.starts_with(b"\"") != cell.ends_with(b"\"") {
                stray += 1;
            }
        }
    }
    proper > 0 && proper >= stray
}

fn sample_rows(head: &[u8], is_cut: bool, delimiter: Option<u8>, quoting: bool) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut split = Split::default();
    let mut start = 0;
    let mut end = 0;
    while end < head.len() && rows.len() < LOOK_ROWS {
        end = head[end..].iter().position(|byte| *byte == b'\n').map_or(head.len(), |at| end + at + 1);
        let row = &head[start..end];
        let is_whole = split.advance(row, delimiter, quoting);
        if is_whole && !row.trim_ascii().is_empty() && !(is_cut && end == head.len()) {
            rows.push(split.fields.iter().map(|field| cell_text(row, *field).into_owned()).collect());
        }
        if is_whole {
            split.clear();
            start = end;
        }
    }
    rows
}

/// The share of rows that have the most common width; `None` where that is a single cell.
#[expect(clippy::cast_precision_loss, reason = "a few hundred rows at most")]
fn agreement(rows: &[Vec<String>]) -> Option<f64> {
    let mut counts = std::collections::BTreeMap::new();
    for row in rows {
        *counts.entry(row.len()).or_insert(0_usize) += 1;
    }
    let (width, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    (width >= 2).then(|| count as f64 / rows.len() as f64)
}

/// Names that only ever stand in a header.
const HEADER_NAMES: [&str; 26] = [
    "url",
    "text",
    "caption",
    "title",
    "imageurl",
    "author",
    "createdat",
    "createdutc",
    "uri",
    "link",
    "filename",
    "file",
    "description",
    "width",
    "height",
    "sha256",
    "md5",
    "username",
    "license",
    "licence",
    "hash",
    "phash",
    "filepath",
    "imagepath",
    "publishdate",
    "language",
];

/// Whether the first row names the columns of the others.
fn has_header(rows: &[Vec<String>]) -> bool {
    let Some((first, rest)) = rows.split_first() else { return false };
    let mut seen = std::collections::BTreeSet::new();
    let mut has_repeated = false;
    for (index, cell) in first.iter().enumerate() {
        let name = cell.trim();
        let is_nameless_index = name.is_empty() && (index == 0 || index + 1 == first.len());
        if is_nameless_index {
            continue;
        }
        let is_name = !name.is_empty()
            && name.len() <= 80
            && name.split_whitespace().count() <= 6
            && !is_address(name)
            && name.parse::<f64>().is_err()
            && !is_digest(name)
            && !name.contains('\n');
        if !is_name {
            return false;
        }
        has_repeated |= !seen.insert(name.to_owned());
    }
    let plain = |name: &str| name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    if first.iter().any(|cell| HEADER_NAMES.contains(&plain(cell).as_str())) {
        return true;
    }
    if has_repeated {
        return false;
    }
    // Otherwise some column must look unlike its name further down. A long word is no name, but may be an id.
    let short = |column: &usize| first[*column].trim().len() <= 40;
    (0..first.len()).filter(short).any(|column| {
        let cells: Vec<&str> = rest.iter().filter_map(|row| row.get(column)).map(|cell| cell.trim()).collect();
        let filled: Vec<&&str> = cells.iter().filter(|cell| !cell.is_empty()).collect();
        let unlike = filled
            .iter()
            .filter(|cell| is_address(cell) || cell.parse::<f64>().is_ok() || is_digest(cell) || cell.len() > 40)
            .count();
        !filled.is_empty() && unlike * 5 >= filled.len() * 4
    })
}

fn is_address(text: &str) -> bool {
    let text = text.trim_start();
    text.get(..24.min(text.len())).unwrap_or(text).contains("://")
        || text.starts_with("did:")
        || text.starts_with("www.")
}

fn is_digest(text: &str) -> bool {
    text.len() >= 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, extension: &str, delimiter: Option<u8>, quoting: bool, has_header: bool, columns: usize) {
        let dialect = detect(text.as_bytes(), extension);
        let found = (dialect.delimiter, dialect.quoting, dialect.has_header, dialect.columns);
        assert_eq!(found, (delimiter, quoting, has_header, columns), "{text}");
    }

    #[test]
    fn delimiters_and_headers_are_recognised() {
        check("url,caption\nhttp://a,\"x, y\"\nhttp://b,z\n", "csv", Some(b','), true, true, 2);
        check("url;caption\nhttp://a;x, y\nhttp://b;z\n", "csv", Some(b';'), true, true, 2);
        check("a dog , sitting\thttp://a\na \"cat\" runs\thttp://b\n", "tsv", Some(b'\t'), false, false, 2);
        check("http://a\tone\nhttp://b\ttwo\n", "tsv?_ga=2", Some(b'\t'), false, false, 2);
        check("http://a\t\"{'x': \"\"1\"\"}\"\nhttp://b\t{'y': 2}\n", "tsv", Some(b'\t'), true, false, 2);
        check("1\t11@N00\tnick\n2\t12@N00\tnack\n", "", Some(b'\t'), false, false, 3);
        check("edited|original|distance\na.jpg|b.jpg|3\nc.jpg|d.jpg|4\n", "txt", Some(b'|'), true, true, 3);
        check("http://a/x,y\nhttp://b\nhttp://c\nhttp://d\n", "txt", None, false, false, 1);
        check(
            "a.b/self\tbafyreia3zwwmogntyn7zhsr6kyzvelma2l77axbldfja6\na.c/x\tbafyreigmpffgbpgzfhvml36cecdcz7cn2v7kde2ar7i\n",
            "tsv",
            Some(b'\t'),
            false,
            false,
            2,
        );
        check(",name,when\n3,ann,2004-05-17\n9,bob,2004-05-11\n", "csv", Some(b','), true, true, 3);
    }

    #[test]
    fn prose_is_not_a_table() {
        let prose = "To whom it may concern,\n\nthis is a letter. It goes on, and on, and on,\nand ends.\nYours, A.\n";
        assert!(!detect(prose.as_bytes(), "txt").is_table);
    }

    #[test]
    fn a_quoted_cell_may_hold_delimiters_quotes_and_line_breaks() {
        let row = b"a,\"b, \"\"c\"\"\nd\",\"\",e\r\n";
        let mut split = Split::default();
        assert!(!split.advance(&row[..13], Some(b','), true));
        assert!(split.advance(row, Some(b','), true));
        let cells: Vec<_> = split.fields.iter().map(|field| cell_text(row, *field).into_owned()).collect();
        assert_eq!(cells, ["a", "b, \"c\"\nd", "", "e"]);
    }
}
