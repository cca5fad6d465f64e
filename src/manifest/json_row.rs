//! One JSON object to the cells of a row: scalars typed, lists and objects kept as compact JSON text.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::cells::Cells;
use crate::record::Value;

/// Adds the members of the object that `json` holds to the row. Fails with what is wrong, in words.
///
/// Text that is not UTF-8 is read as Windows-1252, and half a surrogate pair becomes the replacement character:
/// both are common in dumps and neither is a reason to lose the row.
pub(super) fn add_members(json: &[u8], cells: &mut Cells<'_>) -> Result<(), String> {
    match first_byte(json) {
        Some(b'{') => {}
        Some(_) => return Err("the row is not a JSON object".to_owned()),
        None => return Err("the row is empty".to_owned()),
    }
    let text = super::lines::text_of(json);
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    deserializer.deserialize_map(Members { cells }).map_err(|error| error.to_string())?;
    deserializer.end().map_err(|error| error.to_string())
}

/// A JSON value as a cell.
pub(super) fn value_of(json: &str) -> Value {
    match json.as_bytes().first() {
        None | Some(b'n') => Value::Null,
        Some(b't') => Value::Bool(true),
        Some(b'f') => Value::Bool(false),
        Some(b'"') => Value::Text(text_of_string(json)),
        Some(b'{' | b'[') => Value::Json(compact(json)),
        Some(_) => number_of(json),
    }
}

/// Numbers that fit neither kind (ids of 20 digits) stay text, digit by digit.
fn number_of(json: &str) -> Value {
    if let Ok(number) = json.parse::<i64>() {
        return Value::Int(number);
    }
    let is_whole = json.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    match json.parse::<f64>() {
        Ok(number) if !is_whole && number.is_finite() => Value::Float(number),
        _ => Value::Text(json.to_owned()),
    }
}

fn text_of_string(json: &str) -> String {
    let inner = json.get(1..json.len().saturating_sub(1)).unwrap_or_default();
    if !inner.as_bytes().contains(&b'\\') {
        return inner.to_owned();
    }
    serde_json::from_str(json)
        .or_else(|_| serde_json::from_str(&without_half_surrogates(json)))
        .unwrap_or_else(|_| inner.to_owned())
}

/// Replaces each escaped surrogate that stands alone by an escaped replacement character.
fn without_half_surrogates(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match escaped_unit(rest) {
            Some(0xd800..0xdc00) if matches!(rest.get(6..).and_then(escaped_unit), Some(0xdc00..0xe000)) => {
                text.push_str(&rest[..12]);
                12
            }
            Some(0xd800..0xe000) => {
                text.push_str("\\ufffd");
                6
            }
            // Any other escape is a backslash and one character, which may be a backslash itself.
            _ => {
                let taken = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
                text.push_str(&rest[..taken]);
                taken
            }
        };
        rest = &rest[taken..];
    }
    text.push_str(rest);
    text
}

/// The number of a `\uXXXX` that the text starts with.
fn escaped_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

/// JSON text without white space between its tokens.
pub(super) fn compact(json: &str) -> String {
    if !json.bytes().any(|byte| byte.is_ascii_whitespace()) {
        return json.to_owned();
    }
    let mut text = Vec::with_capacity(json.len());
    let (mut in_string, mut is_escaped) = (false, false);
    for byte in json.bytes() {
        if in_string {
            in_string = is_escaped || byte != b'"';
            is_escaped = !is_escaped && byte == b'\\';
        } else if byte.is_ascii_whitespace() {
            continue;
        } else {
            in_string = byte == b'"';
        }
        text.push(byte);
    }
    // Only ASCII bytes were left out, so the rest is still UTF-8.
    String::from_utf8(text).unwrap_or_else(|_| json.to_owned())
}

fn first_byte(json: &[u8]) -> Option<u8> {
    json.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

struct Members<'c, 'n> {
    cells: &'c mut Cells<'n>,
}

impl<'de> Visitor<'de> for Members<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        // The key is kept in one buffer: names are shared once they are known, so no row allocates them.
        let mut name = String::new();
        while map.next_key_seed(Name(&mut name))?.is_some() {
            let raw: &'de RawValue = map.next_value()?;
            self.cells.push(&name, value_of(raw.get()));
        }
        Ok(())
    }
}

struct Name<'b>(&'b mut String);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.clear();
        self.0.push_str(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::cells::ColumnNames;

    fn values(json: &str) -> Result<Vec<(String, Value)>, String> {
        let mut names = ColumnNames::default();
        let mut cells = Cells::new(&mut names);
        add_members(json.as_bytes(), &mut cells)?;
        Ok(cells.finish().into_iter().map(|(name, value)| (name.to_string(), value)).collect())
    }

    #[test]
    fn every_kind_of_value_keeps_its_type() {
        let row = values(
            r#"{"a": "x\n\u00e9", "b": 3, "c": 1.5, "d": null, "e": true, "f": [1, "a b"], "g": 18446744073709551615}"#,
        );
        let expected = [
            ("a", Value::Text("x\né".into())),
            ("b", Value::Int(3)),
            ("c", Value::Float(1.5)),
            ("d", Value::Null),
            ("e", Value::Bool(true)),
            ("f", Value::Json(r#"[1,"a b"]"#.into())),
            ("g", Value::Text("18446744073709551615".into())),
        ];
        assert_eq!(row.unwrap(), expected.map(|(name, value)| (name.to_owned(), value)));
    }

    #[test]
    fn half_a_surrogate_pair_does_not_lose_the_row() {
        let row = values(r#"{"t": "a\ud83d b\\ud83d \ud83d\ude00"}"#).unwrap();
        assert_eq!(row[0].1, Value::Text("a\u{fffd} b\\ud83d 😀".into()));
    }

    #[test]
    fn what_is_not_an_object_is_refused_in_words() {
        for bad in ["[1]", "7", "", "{\"a\":", "{\"a\":1} x", "{\"a\" 1}", "{\"a\":\"\u{1}\"}"] {
            assert!(values(bad).is_err(), "{bad:?}");
        }
    }
}
