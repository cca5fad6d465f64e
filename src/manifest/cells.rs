//! Column names shared by all rows of a source, and the cells of one row under construction.

use std::collections::HashMap;

use crate::record::{ColumnName, Value};

/// Most distinct columns a source may have. Real manifests have under 200; a JSON object used as a map (user id to
/// something) would otherwise make every key a column. What is beyond goes into the column [`MORE`].
pub(super) const COLUMNS_MAX: usize = 1024;
/// Longest column name, bytes: a longer key is data, not a name.
const NAME_BYTES_MAX: usize = 256;
/// The column that holds everything beyond [`COLUMNS_MAX`], as one JSON object.
pub(super) const MORE: &str = "(more)";

/// The names seen so far, each once, in the order they came.
#[derive(Default)]
pub(super) struct ColumnNames {
    names: Vec<ColumnName>,
    index: HashMap<ColumnName, usize>,
}

impl ColumnNames {
    /// The position of a name, new or known; `None` when there are too many names already.
    /// `hint` is where it probably stands: rows repeat the order of their keys.
    fn position(&mut self, name: &str, hint: usize) -> Option<usize> {
        if self.names.get(hint).is_some_and(|known| &**known == name) {
            return Some(hint);
        }
        if let Some(position) = self.index.get(name) {
            return Some(*position);
        }
        if self.names.len() >= COLUMNS_MAX || name.len() > NAME_BYTES_MAX {
            return None;
        }
        let shared: ColumnName = name.into();
        self.names.push(shared.clone());
        self.index.insert(shared, self.names.len() - 1);
        Some(self.names.len() - 1)
    }

    /// The shared form of a name outside any row; `None` when there are too many names already.
    pub fn shared(&mut self, name: &str) -> Option<ColumnName> {
        let position = self.position(name, 0)?;
        self.names.get(position).cloned()
    }
}

/// The cells of one row.
pub(super) struct Cells<'n> {
    names: &'n mut ColumnNames,
    values: Vec<(ColumnName, Value)>,
    /// Where the next name probably stands among the names.
    hint: usize,
    more: Vec<(String, Value)>,
}

impl<'n> Cells<'n> {
    pub fn new(names: &'n mut ColumnNames) -> Self {
        let values = Vec::with_capacity(names.names.len().min(64));
        Self { names, values, hint: 0, more: Vec::new() }
    }

    /// Adds a cell. A name that this row has already is overwritten, as JSON readers do.
    pub fn push(&mut self, name: &str, value: Value) {
        let Some(position) = self.names.position(name, self.hint) else {
            self.more.push((name.to_owned(), value));
            return;
        };
        let shared = self.names.names[position].clone();
        if position < self.hint
            && let Some(cell) = self.values.iter_mut().find(|(known, _)| *known == shared)
        {
            cell.1 = value;
            return;
        }
        // A name behind the hint leaves the hint alone, so that `position < hint` catches every repetition.
        self.hint = self.hint.max(position + 1);
        self.values.push((shared, value));
    }

    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(known, _)| &**known == name)
    }

    pub fn finish(mut self) -> Vec<(ColumnName, Value)> {
        if !self.more.is_empty() {
            self.values.push((MORE.into(), Value::Json(json_object(&self.more))));
        }
        self.values
    }
}

/// Named values as one compact JSON object.
fn json_object(members: &[(String, Value)]) -> String {
    let mut json = String::from("{");
    for (name, value) in members {
        if json.len() > 1 {
            json.push(',');
        }
        push_json_text(name, &mut json);
        json.push(':');
        push_json(value, &mut json);
    }
    json.push('}');
    json
}

/// Appends a value as JSON.
pub(super) fn push_json(value: &Value, json: &mut String) {
    match value {
        Value::Null => json.push_str("null"),
        Value::Bool(flag) => json.push_str(if *flag { "true" } else { "false" }),
        Value::Int(number) => json.push_str(&number.to_string()),
        // JSON has no infinities and no NaN.
        Value::Float(number) => {
            let number = serde_json::Number::from_f64(*number);
            json.push_str(&number.map_or_else(|| "null".to_owned(), |number| number.to_string()));
        }
        Value::Text(text) => push_json_text(text, json),
        Value::Json(text) => json.push_str(text),
    }
}

/// Appends a JSON string.
pub(super) fn push_json_text(text: &str, json: &mut String) {
    // Writing a str as JSON cannot fail; an empty string would only follow from a failing allocator.
    json.push_str(&serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_beyond_the_limit_go_into_one_json_column() {
        let mut names = ColumnNames::default();
        let mut cells = Cells::new(&mut names);
        for number in 0..COLUMNS_MAX + 2 {
            cells.push(&format!("k{number}"), Value::Int(7));
        }
        let values = cells.finish();
        assert_eq!(values.len(), COLUMNS_MAX + 1);
        assert_eq!(values[COLUMNS_MAX], (MORE.into(), Value::Json(r#"{"k1024":7,"k1025":7}"#.into())));
    }

    #[test]
    fn a_repeated_key_keeps_its_last_value_whatever_the_order() {
        let mut names = ColumnNames::default();
        let _ = (names.shared("a"), names.shared("b"), names.shared("c"));
        let mut cells = Cells::new(&mut names);
        for (name, value) in [("c", 1), ("a", 2), ("b", 3), ("a", 4), ("c", 5)] {
            cells.push(name, Value::Int(value));
        }
        let values = cells.finish();
        assert_eq!(values, vec![("c".into(), Value::Int(5)), ("a".into(), Value::Int(4)), ("b".into(), Value::Int(3))]);
    }
}
