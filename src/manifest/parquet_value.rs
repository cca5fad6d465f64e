//! Parquet's physical values to cells, by what the column's type says they stand for.

use jiff::Timestamp;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as PhysicalType};
use parquet::data_type::Int96;
use parquet::schema::types::BasicTypeInfo;

use crate::record::{Value, decimal_of};

/// Longest binary cell that is written out in hexadecimal, bytes: digests and keys are far shorter; longer ones are
/// files (sound, arrays), which are named by their size.
const HEX_BYTES_MAX: usize = 4096;
/// Deepest decimal scale that is believed: 38 digits is the standard's most, a few more do no harm.
const DECIMAL_SCALE_MAX: usize = 80;

/// What the values of a column stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Whatever the physical type says: numbers as numbers, bytes as text or, if they are not text, hexadecimal.
    Plain,
    /// Bytes declared to be text.
    Text,
    Unsigned,
    Date,
    /// Time of day in so many parts of a second.
    TimeOfDay(i64),
    /// A moment in so many parts of a second since 1970.
    Moment(i64),
    Decimal(usize),
    Uuid,
    Float16,
}

/// Reads a column's meaning from its type; the old annotation is used where there is no new one.
pub(super) fn meaning(info: &BasicTypeInfo, scale: i32) -> Meaning {
    let parts = |unit: &TimeUnit| match unit {
        TimeUnit::MILLIS => 1_000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    };
    let decimal = |scale: i32| Meaning::Decimal(usize::try_from(scale).unwrap_or(0).min(DECIMAL_SCALE_MAX));
    match info.logical_type_ref() {
        Some(LogicalType::String | LogicalType::Enum | LogicalType::Json) => return Meaning::Text,
        Some(LogicalType::Date) => return Meaning::Date,
        Some(LogicalType::Uuid) => return Meaning::Uuid,
        Some(LogicalType::Float16) => return Meaning::Float16,
        Some(LogicalType::Integer(integer)) if !integer.is_signed => return Meaning::Unsigned,
        Some(LogicalType::Timestamp(timestamp)) => return Meaning::Moment(parts(&timestamp.unit)),
        Some(LogicalType::Time(time)) => return Meaning::TimeOfDay(parts(&time.unit)),
        Some(LogicalType::Decimal(of)) => return decimal(of.scale),
        _ => {}
    }
    match info.converted_type() {
        ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Meaning::Text,
        ConvertedType::DATE => Meaning::Date,
        ConvertedType::TIMESTAMP_MILLIS => Meaning::Moment(1_000),
        ConvertedType::TIMESTAMP_MICROS => Meaning::Moment(1_000_000),
        ConvertedType::TIME_MILLIS => Meaning::TimeOfDay(1_000),
        ConvertedType::TIME_MICROS => Meaning::TimeOfDay(1_000_000),
        ConvertedType::DECIMAL => decimal(scale),
        ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64 => {
            Meaning::Unsigned
        }
        _ => Meaning::Plain,
    }
}

/// A 32- or 64-bit integer.
pub(super) fn of_integer(value: i64, physical: PhysicalType, meaning: Meaning) -> Value {
    match meaning {
        Meaning::Date => Value::Text(date(value)),
        Meaning::Moment(parts) => Value::Text(moment(value, parts)),
        Meaning::TimeOfDay(parts) => Value::Text(time_of_day(value, parts)),
        Meaning::Decimal(scale) => Value::Text(decimal(&value.to_string(), scale)),
        Meaning::Unsigned if physical == PhysicalType::INT32 => Value::Int(value & 0xffff_ffff),
        Meaning::Unsigned if value < 0 => Value::Text(value.cast_unsigned().to_string()),
        _ => Value::Int(value),
    }
}

/// The moment that old writers (Impala, Spark) store in twelve bytes.
pub(super) fn of_int96(value: &Int96) -> Value {
    Value::Text(moment(value.to_micros(), 1_000_000))
}

/// A 32-bit float, as the short decimal number it was written from.
pub(super) fn of_f32(value: f32) -> Value {
    Value::Float(decimal_of(value))
}

/// Bytes, of fixed or of variable length.
pub(super) fn of_bytes(bytes: &[u8], meaning: Meaning) -> Value {
    match meaning {
        Meaning::Text => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        Meaning::Uuid if bytes.len() == 16 => {
            let hex = hex::encode(bytes);
            Value::Text(format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]))
        }
        Meaning::Decimal(scale) if bytes.len() <= 16 => Value::Text(decimal(&big_endian(bytes).to_string(), scale)),
        Meaning::Float16 if bytes.len() == 2 => Value::Float(half(u16::from_le_bytes([bytes[0], bytes[1]]))),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Value::Text(text.to_owned()),
            Err(_) if bytes.len() <= HEX_BYTES_MAX => Value::Text(hex::encode(bytes)),
            Err(_) => Value::Text(format!("({} bytes of binary data)", bytes.len())),
        },
    }
}

/// `2024-11-26`; the plain number where it is no day of this calendar.
pub(super) fn date(days: i64) -> String {
    let moment = days.checked_mul(86_400).and_then(|seconds| Timestamp::from_second(seconds).ok());
    moment.map_or_else(|| days.to_string(), |moment| moment.strftime("%Y-%m-%d").to_string())
}

/// `2024-11-26T13:05:00.25Z`; the plain number where it is beyond the calendar.
pub(super) fn moment(value: i64, parts: i64) -> String {
    let moment = match parts {
        1_000 => Timestamp::from_millisecond(value),
        1_000_000 => Timestamp::from_microsecond(value),
        _ => Timestamp::from_nanosecond(i128::from(value)),
    };
    moment.map_or_else(|_| value.to_string(), |moment| moment.to_string())
}

/// `13:05:00.25`.
pub(super) fn time_of_day(value: i64, parts: i64) -> String {
    let seconds = value.div_euclid(parts);
    let text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let rest = value.rem_euclid(parts);
    if rest == 0 {
        return text;
    }
    let width = parts.ilog10() as usize;
    format!("{text}.{rest:0width$}").trim_end_matches('0').to_owned()
}

/// Puts the point into the digits of a decimal number.
pub(super) fn decimal(digits: &str, scale: usize) -> String {
    if scale == 0 {
        return digits.to_owned();
    }
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, part) = padded.split_at(padded.len() - scale);
    format!("{sign}{whole}.{part}")
}

/// A two's complement number of at most 16 bytes.
pub(super) fn big_endian(bytes: &[u8]) -> i128 {
    let start = if bytes.first().is_some_and(|byte| *byte >= 0x80) { -1 } else { 0 };
    bytes.iter().take(16).fold(start, |number, byte| (number << 8) | i128::from(*byte))
}

/// A 16-bit float: one bit sign, five exponent, ten fraction (IEEE 754 binary16).
fn half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(bits >> 10 & 0x1f);
    let fraction = f64::from(bits & 0x3ff);
    sign * match exponent {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction / 1024.0) * 2_f64.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_days_and_decimals_are_written_plainly() {
        assert_eq!(moment(1_732_626_300_250, 1_000), "2024-11-26T13:05:00.25Z");
        assert_eq!(moment(-1, 1_000_000_000), "1969-12-31T23:59:59.999999999Z");
        assert_eq!(moment(i64::MAX, 1_000), i64::MAX.to_string());
        assert_eq!(date(20_053), "2024-11-26");
        assert_eq!(date(i64::MAX), i64::MAX.to_string());
        assert_eq!(time_of_day(47_100_250, 1_000), "13:05:00.25");
        assert_eq!(decimal("-5", 2), "-0.05");
        assert_eq!(decimal("12345", 2), "123.45");
        assert_eq!(big_endian(&[0xff, 0xfe]), -2);
        assert_eq!(of_f32(0.3312), Value::Float(0.3312));
        assert_eq!(of_f32(1234.56), Value::Float(1234.56));
        assert!((half(0x3555) - 0.333_25).abs() < 1e-5);
    }

    #[test]
    fn bytes_that_are_no_text_become_hexadecimal() {
        assert_eq!(of_bytes(b"\xff\x00", Meaning::Plain), Value::Text("ff00".into()));
        assert_eq!(of_bytes(b"plain", Meaning::Plain), Value::Text("plain".into()));
        assert_eq!(of_bytes(&[0xff; 5000], Meaning::Plain), Value::Text("(5000 bytes of binary data)".into()));
        let uuid = of_bytes(&[0x55; 16], Meaning::Uuid);
        assert_eq!(uuid, Value::Text("55555555-5555-5555-5555-555555555555".into()));
    }
}
