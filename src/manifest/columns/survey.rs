//! What the sampled rows show: every column, fields inside JSON columns included, and what its values look like.

use std::collections::HashSet;

use serde_json::Value as Json;

use super::likeness::Seen;
use super::names;
use crate::record::{Record, Value};

/// Most columns and JSON paths looked at: an object used as a dictionary can have a key for every row.
const COLUMNS_MAX: usize = 400;
/// How deep JSON is explored: `commit.record.text` is two down, `commit.record.embed.images` three.
const DEPTH_MAX: usize = 3;
/// Elements of one list looked at.
const ITEMS_MAX: usize = 8;
/// Values kept a column: shares are steady long before.
const VALUES_MAX: usize = 300;

/// One column or JSON path.
#[derive(Debug)]
pub(super) struct Column {
    /// As it is bound: `images[].image_url`.
    pub name: String,
    /// The name in lower-case words: `flickrLarge_source` is `flickr`, `large`, `source`.
    pub words: Vec<String>,
    pub seen: Vec<Seen>,
    distinct: HashSet<String>,
}

#[derive(Debug)]
pub(super) struct Survey {
    /// Names of the columns themselves, in file order.
    pub top: Vec<String>,
    pub columns: Vec<Column>,
    /// Were the names made up by the reader because the file has none?
    pub headerless: bool,
}

impl Survey {
    pub fn of(sample: &[Record]) -> Self {
        let mut survey = Self { top: Vec::new(), columns: Vec::new(), headerless: false };
        for record in sample {
            for (name, value) in &record.values {
                if survey.top.len() < COLUMNS_MAX && !survey.top.iter().any(|known| **known == **name) {
                    survey.top.push(name.to_string());
                }
                survey.value(name, value);
            }
        }
        survey.headerless = !survey.top.is_empty() && survey.top.iter().all(|name| names::is_made_up(name));
        survey
    }

    /// All columns and paths, for error messages.
    pub fn columns(&self) -> Vec<String> {
        if self.columns.is_empty() { self.top.clone() } else { self.columns.iter().map(|c| c.name.clone()).collect() }
    }

    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    pub fn top_named(&self, name: &str) -> Option<&String> {
        self.top.iter().find(|known| *known == name).or_else(|| {
            self.top.iter().find(|known| known.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(name))
        })
    }

    /// The column or path with the file's own spelling of the column. `None` where no such column is there; a path
    /// inside a column that is there is believed, since a sample need not show it.
    pub fn spelled(&self, column: &str) -> Option<String> {
        if let Some(name) = self.top_named(column) {
            return Some(name.clone());
        }
        let ends = column.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'.' | b'[')).map(|(at, _)| at);
        ends.filter(|at| *at > 0).find_map(|at| Some(format!("{}{}", self.top_named(&column[..at])?, &column[at..])))
    }

    fn value(&mut self, name: &str, value: &Value) {
        match value {
            Value::Null => {}
            Value::Json(text) => self.json_text(name, text),
            Value::Text(text) if text.trim_start().starts_with(['{', '[']) && text.trim_end().ends_with(['}', ']']) => {
                self.json_text(name, text);
            }
            Value::Text(text) => self.note(name, text, false),
            // A flag is never anything to search by, so it is not worth a place.
            Value::Bool(value) => self.note(name, if *value { "true" } else { "false" }, false),
            Value::Int(_) | Value::Float(_) => self.note(name, &value.as_text().unwrap_or_default(), true),
        }
    }

    fn json_text(&mut self, name: &str, text: &str) {
        match serde_json::from_str(text) {
            Ok(json) => self.json(name, &json, 0),
            Err(_) => self.note(name, text, false),
        }
    }

    fn json(&mut self, path: &str, json: &Json, depth: usize) {
        match json {
            Json::Object(object) if depth < DEPTH_MAX => {
                for (key, value) in object.iter().filter(|(key, _)| !key.contains(['.', '[', ']'])) {
                    self.json(&format!("{path}.{key}"), value, depth + 1);
                }
            }
            Json::Array(items) => {
                let objects = items.iter().any(Json::is_object);
                let path = if objects { format!("{path}[]") } else { path.to_owned() };
                items.iter().take(ITEMS_MAX).for_each(|item| self.json(&path, item, depth));
            }
            Json::String(text) => self.note(path, text, false),
            Json::Number(number) => self.note(path, &number.to_string(), true),
            Json::Null | Json::Bool(_) | Json::Object(_) => {}
        }
    }

    fn note(&mut self, name: &str, text: &str, is_number: bool) {
        let text = text.trim();
        let index = match self.columns.iter().position(|column| column.name == name) {
            Some(index) => index,
            None if self.columns.len() < COLUMNS_MAX => {
                let words = names::words(name);
                self.columns.push(Column { name: name.to_owned(), words, seen: Vec::new(), distinct: HashSet::new() });
                self.columns.len() - 1
            }
            None => return,
        };
        let column = &mut self.columns[index];
        if !text.is_empty() && column.seen.len() < VALUES_MAX {
            column.seen.push(Seen::of(text, is_number));
            column.distinct.insert(text.chars().take(200).collect());
        }
    }
}

impl Column {
    /// Share of the filled cells of which `test` holds; 0 where all are blank.
    pub fn share(&self, test: impl Fn(&Seen) -> bool) -> f64 {
        if self.seen.is_empty() {
            return 0.0;
        }
        count(self.seen.iter().filter(|seen| test(seen)).count()) / count(self.seen.len())
    }

    /// Share of the values that are not repetitions.
    pub fn distinct(&self) -> f64 {
        if self.seen.is_empty() { 0.0 } else { count(self.distinct.len()) / count(self.seen.len()) }
    }

    /// Does the column say the same in every row?
    pub fn is_constant(&self) -> bool {
        self.seen.len() > 1 && self.distinct.len() == 1
    }

    /// Mean length of a value in characters.
    pub fn mean_chars(&self) -> f64 {
        if self.seen.is_empty() { 0.0 } else { count(self.seen.iter().map(|s| s.chars).sum()) / count(self.seen.len()) }
    }

    /// Mean number of words in a value.
    pub fn mean_words(&self) -> f64 {
        if self.seen.is_empty() { 0.0 } else { count(self.seen.iter().map(|s| s.count).sum()) / count(self.seen.len()) }
    }
}

/// Samples are small: no count comes near the numbers a float cannot hold.
#[expect(clippy::cast_precision_loss)]
fn count(number: usize) -> f64 {
    number as f64
}
