//! The bytes of one block of rows, before they are compressed.
//!
//! Varint rows, varint columns, then the rows' positions (varint of the difference to the one before), then each
//! column: its name, a tag byte a row, the fixed-size values, the lengths, the texts.

use std::sync::Arc;

use super::BLOCK_ROWS;
use crate::record::{ColumnName, Record, Value, decimal_of};

const ABSENT: u8 = 0;
const NULL: u8 = 1;
const FALSE: u8 = 2;
const TRUE: u8 = 3;
const INT: u8 = 4;
const FLOAT: u8 = 5;
const TEXT: u8 = 6;
const JSON: u8 = 7;
/// A number that a 32-bit float stands for.
const SINGLE: u8 = 8;
/// A whole number so large that eight bytes are shorter than a varint.
const WIDE: u8 = 9;
/// Whole numbers from here on are wide.
const WIDE_FROM: u64 = 1 << 55;

pub(super) fn encode(records: &[Record]) -> Vec<u8> {
    let mut names: Vec<&ColumnName> = Vec::new();
    // cells[c][r] is the value of column c in row r. A name that occurs twice in a row gets a second column.
    let mut cells: Vec<Vec<Option<&Value>>> = Vec::new();
    for (row, record) in records.iter().enumerate() {
        for (at, (name, value)) in record.values.iter().enumerate() {
            // Rows mostly have the same columns in the same order: the first look is at the same place.
            let fits = |c: usize| {
                names.get(c).is_some_and(|known| Arc::ptr_eq(known, name) || **known == *name)
                    && cells[c][row].is_none()
            };
            let column = if fits(at) { Some(at) } else { (0..names.len()).find(|c| fits(*c)) };
            let column = column.unwrap_or_else(|| {
                names.push(name);
                cells.push(vec![None; records.len()]);
                names.len() - 1
            });
            cells[column][row] = Some(value);
        }
    }
    let mut out = Vec::with_capacity(records.len() * 256);
    put_varint(&mut out, records.len() as u64);
    put_varint(&mut out, names.len() as u64);
    let mut before = 0;
    for record in records {
        put_varint(&mut out, zigzag(record.row.wrapping_sub(before).cast_signed()));
        before = record.row;
    }
    for (name, column) in names.iter().zip(&cells) {
        put_varint(&mut out, name.len() as u64);
        out.extend(name.as_bytes());
        encode_column(&mut out, column);
    }
    out
}

fn encode_column(out: &mut Vec<u8>, column: &[Option<&Value>]) {
    out.extend(column.iter().map(|value| match value {
        None => ABSENT,
        Some(Value::Null) => NULL,
        Some(Value::Bool(false)) => FALSE,
        Some(Value::Bool(true)) => TRUE,
        Some(Value::Int(number)) if zigzag(*number) >= WIDE_FROM => WIDE,
        Some(Value::Int(_)) => INT,
        Some(Value::Float(number)) if is_single(*number) => SINGLE,
        Some(Value::Float(_)) => FLOAT,
        Some(Value::Text(_)) => TEXT,
        Some(Value::Json(_)) => JSON,
    }));
    for value in column.iter().flatten() {
        match value {
            Value::Int(number) if zigzag(*number) >= WIDE_FROM => out.extend(number.to_le_bytes()),
            Value::Int(number) => put_varint(out, zigzag(*number)),
            Value::Float(number) if is_single(*number) => out.extend((*number as f32).to_le_bytes()),
            Value::Float(number) => out.extend(number.to_le_bytes()),
            Value::Text(text) | Value::Json(text) => put_varint(out, text.len() as u64),
            _ => {}
        }
    }
    for value in column.iter().flatten() {
        if let Value::Text(text) | Value::Json(text) = value {
            out.extend(text.as_bytes());
        }
    }
}

/// Reads one row out of an unpacked block; `None` where the bytes make no sense.
pub(super) fn decode_row(raw: &[u8], index: usize) -> Option<Record> {
    let mut input = Input { bytes: raw };
    let rows = usize::try_from(input.varint()?).ok().filter(|rows| *rows <= BLOCK_ROWS && index < *rows)?;
    let columns = input.varint()?;
    let mut record = Record::default();
    let mut position = 0_u64;
    for row in 0..rows {
        position = position.wrapping_add(unzigzag(input.varint()?).cast_unsigned());
        if row == index {
            record.row = position;
        }
    }
    for _ in 0..columns {
        let name = input.text()?;
        if let Some(value) = decode_cell(&mut input, rows, index)? {
            record.values.push((Arc::from(name), value));
        }
    }
    Some(record)
}

#[expect(clippy::option_option, reason = "damage is the outer None, an absent cell the inner one")]
fn decode_cell(input: &mut Input<'_>, rows: usize, index: usize) -> Option<Option<Value>> {
    let tags = input.take(rows)?;
    let mut found = None;
    let mut text_at = None;
    let mut texts = 0_usize;
    for (row, tag) in tags.iter().enumerate() {
        let value = match *tag {
            ABSENT => None,
            NULL => Some(Value::Null),
            FALSE | TRUE => Some(Value::Bool(*tag == TRUE)),
            INT => Some(Value::Int(unzigzag(input.varint()?))),
            WIDE => Some(Value::Int(i64::from_le_bytes(input.take(8)?.try_into().ok()?))),
            SINGLE => Some(Value::Float(decimal_of(f32::from_le_bytes(input.take(4)?.try_into().ok()?)))),
            FLOAT => Some(Value::Float(f64::from_le_bytes(input.take(8)?.try_into().ok()?))),
            TEXT | JSON => {
                let len = usize::try_from(input.varint()?).ok()?;
                if row == index {
                    text_at = Some((texts, len, *tag));
                }
                texts = texts.checked_add(len)?;
                None
            }
            _ => return None,
        };
        if row == index {
            found = value;
        }
    }
    let bytes = input.take(texts)?;
    if let Some((from, len, tag)) = text_at {
        let text = std::str::from_utf8(&bytes[from..from + len]).ok()?.to_owned();
        found = Some(if tag == TEXT { Value::Text(text) } else { Value::Json(text) });
    }
    Some(found)
}

struct Input<'a> {
    bytes: &'a [u8],
}

impl<'a> Input<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.bytes.split_at_checked(n)?;
        self.bytes = rest;
        Some(head)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'a str> {
        let len = usize::try_from(self.varint()?).ok()?;
        std::str::from_utf8(self.take(len)?).ok()
    }
}

fn is_single(number: f64) -> bool {
    decimal_of(number as f32).to_bits() == number.to_bits()
}

fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}
