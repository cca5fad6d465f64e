//! Nested parquet columns (lists, maps, structs) to JSON text, through the library's own row reader: slower than the
//! flat way, and used for the nested columns only.

use parquet::data_type::Decimal;
use parquet::record::Field;

use super::cells::{push_json, push_json_text};
use super::parquet_value::{Meaning, big_endian, date, decimal, moment, of_bytes, of_f32, time_of_day};
use crate::record::Value;

/// A nested value as a cell: null, or JSON text.
pub(super) fn nested_value(field: &Field) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_) => {
            let mut json = String::new();
            push_field(field, &mut json);
            Value::Json(json)
        }
        scalar => scalar_value(scalar),
    }
}

fn push_field(field: &Field, json: &mut String) {
    match field {
        Field::Group(row) => {
            push_members(row.get_column_iter().map(|(name, field)| (name.clone(), field)), json);
        }
        Field::ListInternal(list) => {
            json.push('[');
            for (index, element) in list.elements().iter().enumerate() {
                if index > 0 {
                    json.push(',');
                }
                push_field(element, json);
            }
            json.push(']');
        }
        Field::MapInternal(map) => {
            let name =
                |field: &Field| scalar_value(field).as_text().map(std::borrow::Cow::into_owned).unwrap_or_default();
            push_members(map.entries().iter().map(|(key, field)| (name(key), field)), json);
        }
        scalar => push_json(&scalar_value(scalar), json),
    }
}

fn push_members<'f>(members: impl Iterator<Item = (String, &'f Field)>, json: &mut String) {
    json.push('{');
    for (index, (name, field)) in members.enumerate() {
        if index > 0 {
            json.push(',');
        }
        push_json_text(&name, json);
        json.push(':');
        push_field(field, json);
    }
    json.push('}');
}

fn scalar_value(field: &Field) -> Value {
    match field {
        Field::Bool(value) => Value::Bool(*value),
        Field::Byte(value) => Value::Int(i64::from(*value)),
        Field::Short(value) => Value::Int(i64::from(*value)),
        Field::Int(value) => Value::Int(i64::from(*value)),
        Field::Long(value) => Value::Int(*value),
        Field::UByte(value) => Value::Int(i64::from(*value)),
        Field::UShort(value) => Value::Int(i64::from(*value)),
        Field::UInt(value) => Value::Int(i64::from(*value)),
        Field::ULong(value) => i64::try_from(*value).map_or_else(|_| Value::Text(value.to_string()), Value::Int),
        Field::Float16(value) => Value::Float(f64::from(f32::from(*value))),
        Field::Float(value) => of_f32(*value),
        Field::Double(value) => Value::Float(*value),
        Field::Decimal(value) => Value::Text(decimal_text(value)),
        Field::Str(text) => Value::Text(text.clone()),
        Field::Bytes(bytes) => of_bytes(bytes.data(), Meaning::Plain),
        Field::Date(days) => Value::Text(date(i64::from(*days))),
        Field::TimeMillis(value) => Value::Text(time_of_day(i64::from(*value), 1_000)),
        Field::TimeMicros(value) => Value::Text(time_of_day(*value, 1_000_000)),
        Field::TimestampMillis(value) => Value::Text(moment(*value, 1_000)),
        Field::TimestampMicros(value) => Value::Text(moment(*value, 1_000_000)),
        Field::Null | Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_) => Value::Null,
    }
}

fn decimal_text(value: &Decimal) -> String {
    let scale = usize::try_from(value.scale()).unwrap_or(0).min(80);
    decimal(&big_endian(value.data()).to_string(), scale)
}
