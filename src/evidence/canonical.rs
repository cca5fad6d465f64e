//! JSON in the one writing that can be signed: RFC 8785, kept to what every language reads alike.
//!
//! Members sorted by their names in UTF-16, no white space, the shortest escapes. Numbers are whole and below 2^53;
//! anything larger or with a fraction is a string here, so that no reader's number type can matter.

use serde_json::Value;

/// Beyond, a JavaScript number is no longer exact.
pub const INTEGER_MAX: u64 = (1 << 53) - 1;
/// Levels of nesting; what reads JSON here allows as many.
const DEPTH_MAX: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    #[error("the number {0} cannot be signed: only whole numbers below 2^53 can, larger ones and fractions as text")]
    Number(String),
    #[error("it is nested more than {DEPTH_MAX} levels deep")]
    TooDeep,
}

/// The canonical bytes of a value.
pub fn to_bytes(value: &Value) -> Result<Vec<u8>, CanonicalError> {
    let mut out = Vec::new();
    write(value, DEPTH_MAX, &mut out)?;
    Ok(out)
}

fn write(value: &Value, depth: usize, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    let depth = depth.checked_sub(1).ok_or(CanonicalError::TooDeep)?;
    match value {
        Value::Null => out.extend(b"null"),
        Value::Bool(true) => out.extend(b"true"),
        Value::Bool(false) => out.extend(b"false"),
        Value::Number(number) => {
            let is_exact = number.as_i64().is_some_and(|whole| whole.unsigned_abs() <= INTEGER_MAX);
            if !is_exact {
                return Err(CanonicalError::Number(number.to_string()));
            }
            out.extend(number.to_string().as_bytes());
        }
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write(item, depth, out)?;
            }
            out.push(b']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push(b'{');
            for (at, (name, member)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write_text(name, out);
                out.push(b':');
                write(member, depth, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' => out.extend(b"\\\""),
            b'\\' => out.extend(b"\\\\"),
            0x08 => out.extend(b"\\b"),
            b'\t' => out.extend(b"\\t"),
            b'\n' => out.extend(b"\\n"),
            0x0c => out.extend(b"\\f"),
            b'\r' => out.extend(b"\\r"),
            0..0x20 => out.extend(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn text(value: &Value) -> String {
        String::from_utf8(to_bytes(value).unwrap()).unwrap()
    }

    #[test]
    fn members_are_sorted_by_utf_16_and_escapes_are_the_shortest() {
        let value = json!({"\u{20ac}": 1, "\r": [], "\u{fb33}": {}, "1": null, "\u{1f600}": true, "\u{80}": -5, "\u{f6}": "a/\u{7f}\u{1}\n\"\\"});
        assert_eq!(
            text(&value),
            "{\"\\r\":[],\"1\":null,\"\u{80}\":-5,\"ö\":\"a/\u{7f}\\u0001\\n\\\"\\\\\",\"€\":1,\"😀\":true,\"\u{fb33}\":{}}"
        );
    }

    #[test]
    fn numbers_that_some_reader_would_change_are_refused() {
        assert_eq!(
            text(&json!([9_007_199_254_740_991_u64, -9_007_199_254_740_991_i64, 0])),
            "[9007199254740991,-9007199254740991,0]"
        );
        for bad in [json!(9_007_199_254_740_992_u64), json!(u64::MAX), json!(1.5), json!(1.0), json!(-0.0)] {
            assert!(matches!(to_bytes(&bad), Err(CanonicalError::Number(_))), "{bad}");
        }
    }

    #[test]
    fn nesting_has_an_end() {
        let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(to_bytes(&deep), Err(CanonicalError::TooDeep));
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-(1_i64 << 53) + 1..1_i64 << 53).prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map(".{0,6}", inner, 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back_and_written_the_same(value in any_value()) {
            let bytes = to_bytes(&value).unwrap();
            let again: Value = serde_json::from_slice(&bytes).unwrap();
            prop_assert_eq!(&again, &value);
            prop_assert_eq!(to_bytes(&again).unwrap(), bytes);
        }
    }
}
