//! Finds the cells a binding speaks of: a column by its name, or values inside a JSON column by a path.
//!
//! A JSON cell is parsed once a row, however many bindings look into it. Nothing is copied out of the record.

use std::borrow::Cow;

use serde_json::Value as Json;

use crate::record::{Record, Value};

/// Most values one binding may give for one row: a post with 256 pictures is already a mistake of its maker, and
/// keeping each value once compares every pair.
const VALUES_MAX: usize = 256;

/// One value, wherever it stood.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'a str),
}

impl<'a> Cell<'a> {
    /// The value as a person would write it, trimmed.
    pub fn text(self) -> Cow<'a, str> {
        match self {
            Self::Bool(value) => value.to_string().into(),
            Self::Int(value) => value.to_string().into(),
            Self::Float(value) => value.to_string().into(),
            Self::Text(text) => text.trim().into(),
        }
    }
}

/// The cells of one record, with what was parsed of them so far.
pub struct Cells<'a> {
    record: &'a Record,
    /// Parsed JSON cells by position in the record; `None` where the text is no JSON.
    parsed: Vec<(usize, Option<Json>)>,
}

impl<'a> Cells<'a> {
    pub fn new(record: &'a Record) -> Self {
        Self { record, parsed: Vec::new() }
    }

    /// Calls `found` with every value the column or path stands for, in order.
    pub fn each(&mut self, column: &str, found: &mut dyn FnMut(Cell<'_>)) {
        let Some((index, path)) = locate(self.record, column) else { return };
        match &self.record.values[index].1 {
            Value::Null => {}
            Value::Bool(value) => found(Cell::Bool(*value)),
            Value::Int(value) => found(Cell::Int(*value)),
            Value::Float(value) => found(Cell::Float(*value)),
            Value::Text(text) if path.is_empty() => found(Cell::Text(text)),
            Value::Text(text) | Value::Json(text) => {
                if let Some(json) = self.json(index, text) {
                    let mut left = VALUES_MAX;
                    walk(json, path, &mut left, found);
                }
            }
        }
    }

    fn json(&mut self, index: usize, text: &str) -> Option<&Json> {
        let known = self.parsed.iter().position(|(at, _)| *at == index);
        let place = known.unwrap_or_else(|| {
            self.parsed.push((index, serde_json::from_str(text).ok()));
            self.parsed.len() - 1
        });
        self.parsed[place].1.as_ref()
    }
}

/// The column's position and the path below it. The whole name is tried first, then ever longer beginnings, so that
/// columns with dots in their own names can be reached too.
fn locate<'c>(record: &Record, column: &'c str) -> Option<(usize, &'c str)> {
    let position = |name: &str| record.values.iter().position(|(known, _)| &**known == name);
    if let Some(index) = position(column) {
        return Some((index, ""));
    }
    let ends = column.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'.' | b'[')).map(|(at, _)| at);
    ends.filter(|at| *at > 0).find_map(|at| Some((position(&column[..at])?, &column[at..])))
}

/// Follows `.key`, `[]` and `[3]`; lists met without brackets are entered anyway.
fn walk(json: &Json, path: &str, left: &mut usize, found: &mut dyn FnMut(Cell<'_>)) {
    if *left == 0 {
        return;
    }
    if let Json::Array(items) = json {
        let (index, rest) = match path.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((index, rest)) => (index, rest),
            None => ("", path),
        };
        if let Ok(index) = index.parse::<usize>() {
            if let Some(item) = items.get(index) {
                walk(item, rest, left, found);
            }
        } else {
            for item in items {
                walk(item, rest, left, found);
            }
        }
        return;
    }
    if path.is_empty() || path == "[]" {
        let cell = match json {
            Json::Bool(value) => Cell::Bool(*value),
            Json::String(text) => Cell::Text(text),
            Json::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(value), _) => Cell::Int(value),
                (None, Some(value)) => Cell::Float(value),
                (None, None) => return,
            },
            Json::Null | Json::Array(_) | Json::Object(_) => return,
        };
        *left -= 1;
        found(cell);
    } else if let (Json::Object(object), Some(path)) = (json, path.strip_prefix("[]").unwrap_or(path).strip_prefix('.'))
    {
        let key_end = path.find(['.', '[']).unwrap_or(path.len());
        // A key with dots of its own is found by its whole name first, as columns are.
        if let Some(value) = object.get(path) {
            walk(value, "", left, found);
        } else if let Some(value) = object.get(&path[..key_end]) {
            walk(value, &path[key_end..], left, found);
        }
    }
}
