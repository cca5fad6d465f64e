//! Walks through a JSON document of any size without holding it: finds where values begin and end, and hands out the
//! bytes of those that are asked for.
//!
//! It checks only as much as it needs to find the ends (strings, brackets); what is handed out is parsed in full by
//! [`super::json_row`]. So one bad element in a document costs that element, not the rest.

use std::io::BufRead;

use super::rows::Stop;

/// Longest member name that is kept, bytes.
const NAME_BYTES_MAX: usize = 64 << 10;

pub(super) struct Scanner {
    reader: Box<dyn BufRead>,
}

/// What is asked of a value's bytes.
pub(super) enum Keep<'a> {
    Nothing,
    /// Append to this buffer, at most so many bytes.
    In(&'a mut Vec<u8>, usize),
}

/// Whether a value fitted into the buffer it was to be kept in.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) enum Fit {
    Fits,
    TooLong,
}

fn broken(detail: &str) -> Stop {
    Stop::Damaged(format!("not JSON: {detail}"))
}

fn cut_off() -> Stop {
    Stop::Damaged("it ends in the middle; the file was cut off".to_owned())
}

impl Scanner {
    pub fn new(mut reader: Box<dyn BufRead>) -> Result<Self, Stop> {
        let head = reader.fill_buf()?;
        if super::lines::is_utf16(head) {
            return Err(Stop::Unsupported(super::lines::UTF16_REFUSED.to_owned()));
        }
        if head.starts_with(super::lines::BOM) {
            reader.consume(super::lines::BOM.len());
        }
        Ok(Self { reader })
    }

    /// The next byte that is not white space, not taken; `None` at the end.
    pub fn peek(&mut self) -> Result<Option<u8>, Stop> {
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(None);
            }
            if let Some(at) = buffer.iter().position(|byte| !byte.is_ascii_whitespace()) {
                let byte = buffer[at];
                self.reader.consume(at);
                return Ok(Some(byte));
            }
            let all = buffer.len();
            self.reader.consume(all);
        }
    }

    /// Takes this byte if it is the next one.
    pub fn take(&mut self, byte: u8) -> Result<bool, Stop> {
        let is_next = self.peek()? == Some(byte);
        if is_next {
            self.reader.consume(1);
        }
        Ok(is_next)
    }

    /// Takes this byte, which must be the next one.
    pub fn expect(&mut self, byte: u8) -> Result<(), Stop> {
        match self.peek()? {
            Some(next) if next == byte => {
                self.reader.consume(1);
                Ok(())
            }
            Some(next) => Err(broken(&format!("{:?} where {:?} should be", char::from(next), char::from(byte)))),
            None => Err(cut_off()),
        }
    }

    /// Inside an array or object, before a value or at the end: whether there is one more. `is_first` is for the
    /// comma, and is set to false.
    pub fn has_next(&mut self, close: u8, is_first: &mut bool) -> Result<bool, Stop> {
        if self.take(close)? {
            return Ok(false);
        }
        if !*is_first {
            self.expect(b',')?;
            // A comma before the end, as people who edit by hand leave it.
            if self.take(close)? {
                return Ok(false);
            }
        }
        *is_first = false;
        Ok(true)
    }

    /// Takes a member's name and the colon after it.
    pub fn name(&mut self) -> Result<String, Stop> {
        if self.peek()? != Some(b'"') {
            return Err(if self.peek()?.is_none() { cut_off() } else { broken("a member has no name") });
        }
        let mut raw = Vec::new();
        if self.value(Keep::In(&mut raw, NAME_BYTES_MAX))? == Fit::TooLong {
            return Err(broken("a member's name is longer than 64 KiB"));
        }
        self.expect(b':')?;
        match super::json_row::value_of(&super::lines::text_of(&raw)) {
            crate::record::Value::Text(name) => Ok(name),
            _ => Err(broken("a member has no name")),
        }
    }

    /// Takes a whole value of any kind.
    pub fn value(&mut self, keep: Keep<'_>) -> Result<Fit, Stop> {
        let first = self.peek()?.ok_or_else(cut_off)?;
        if matches!(first, b',' | b':' | b']' | b'}') {
            return Err(broken(&format!("{:?} where a value should be", char::from(first))));
        }
        let mut walk =
            Walk { depth: 0, in_string: false, is_escaped: false, is_bare: !matches!(first, b'"' | b'{' | b'[') };
        let mut kept = keep;
        let mut fit = Fit::Fits;
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                // A bare number may end with the file.
                return if walk.is_bare { Ok(fit) } else { Err(cut_off()) };
            }
            let (taken, is_done) = walk.through(buffer);
            if let Keep::In(out, max) = &mut kept {
                if fit == Fit::Fits && out.len() + taken <= *max {
                    out.extend_from_slice(&buffer[..taken]);
                } else {
                    fit = Fit::TooLong;
                }
            }
            self.reader.consume(taken);
            if is_done {
                return Ok(fit);
            }
        }
    }
}

/// Where the walk through one value stands.
struct Walk {
    depth: u64,
    in_string: bool,
    is_escaped: bool,
    /// A number or a word: it ends before the byte that cannot belong to it.
    is_bare: bool,
}

impl Walk {
    /// How many bytes belong to the value, and whether it ends there.
    fn through(&mut self, bytes: &[u8]) -> (usize, bool) {
        if self.is_bare {
            let end = bytes.iter().position(|byte| byte.is_ascii_whitespace() || b",:]}[{\"".contains(byte));
            return end.map_or((bytes.len(), false), |end| (end, true));
        }
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            at += 1;
            if self.in_string {
                if self.is_escaped {
                    self.is_escaped = false;
                } else if byte == b'\\' {
                    self.is_escaped = true;
                } else if byte == b'"' {
                    self.in_string = false;
                    if self.depth == 0 {
                        return (at, true);
                    }
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return (at, true);
                    }
                }
                _ => {}
            }
        }
        (at, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    /// Reads a byte at a time, so that every value crosses a buffer's end.
    fn scanner(json: &'static str) -> Scanner {
        Scanner::new(Box::new(BufReader::with_capacity(1, json.as_bytes()))).unwrap()
    }

    #[test]
    fn values_end_where_json_says_they_end() {
        let mut scanner = scanner(r#" [ {"a":"]}\"", "b":[1,{}]} , 12.5e3, "x" ,null]"#);
        scanner.expect(b'[').unwrap();
        let (mut is_first, mut found) = (true, Vec::new());
        while scanner.has_next(b']', &mut is_first).unwrap() {
            let mut bytes = Vec::new();
            scanner.value(Keep::In(&mut bytes, 100)).unwrap();
            found.push(String::from_utf8(bytes).unwrap());
        }
        assert_eq!(found, [r#"{"a":"]}\"", "b":[1,{}]}"#, "12.5e3", "\"x\"", "null"]);
        assert_eq!(scanner.peek().unwrap(), None);
    }

    #[test]
    fn a_value_over_the_cap_is_passed_over() {
        let mut scanner = scanner(r#"["0123456789", 2]"#);
        scanner.expect(b'[').unwrap();
        let mut bytes = Vec::new();
        assert_eq!(scanner.value(Keep::In(&mut bytes, 5)).unwrap(), Fit::TooLong);
        assert!(bytes.len() <= 5);
        scanner.expect(b',').unwrap();
        assert_eq!(scanner.value(Keep::Nothing).unwrap(), Fit::Fits);
    }

    #[test]
    fn a_document_that_ends_early_is_damaged() {
        for cut in ["[{\"a\":1", "[\"abc", "[{\"a\": [}"] {
            let mut scanner = scanner(cut);
            scanner.expect(b'[').unwrap();
            assert!(matches!(scanner.value(Keep::Nothing), Err(Stop::Damaged(_))), "{cut}");
        }
    }
}
