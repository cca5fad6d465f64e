//! Numbers, dates and sizes as people write them.

use serde::de::IgnoredAny;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `1234567` gives `1,234,567`. Text that is not a number stays as it is.
pub(super) fn number(digits: &str) -> String {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.to_owned();
    }
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

pub(super) fn count(n: u64) -> String {
    number(&n.to_string())
}

/// `1 record`, `12 records`.
pub(super) fn counted(n: u64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{} {many}", count(n)) }
}

/// An ISO 8601 moment as its day: `2026-11-21T10:00:00Z` gives `21 November 2026`. Anything else stays as it is.
pub(super) fn date(iso: &str) -> String {
    parse_day(iso).unwrap_or_else(|| iso.to_owned())
}

fn parse_day(iso: &str) -> Option<String> {
    let day: jiff::civil::Date = iso.get(..10)?.parse().ok()?;
    let month = MONTHS.get(usize::try_from(day.month() - 1).ok()?)?;
    Some(format!("{} {month} {}", day.day(), day.year()))
}

/// `1536` gives `1.5 KB`; powers of 1,000, as disks and networks count.
pub(super) fn bytes(digits: &str) -> String {
    const UNITS: [&str; 5] = ["bytes", "KB", "MB", "GB", "TB"];
    let Ok(n) = digits.parse::<u64>() else { return digits.to_owned() };
    let mut unit = 0;
    let mut divisor = 1_u64;
    while n / divisor >= 1000 && unit + 1 < UNITS.len() {
        divisor *= 1000;
        unit += 1;
    }
    let tenths = n / (divisor / 10).max(1);
    match (unit, tenths / 10) {
        (0, _) => format!("{} {}", count(n), UNITS[0]),
        (_, whole) if whole >= 100 => format!("{} {}", count(whole), UNITS[unit]),
        (_, whole) => format!("{whole}.{} {}", tenths % 10, UNITS[unit]),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [firsts @ .., last] => format!("{} and {last}", firsts.join(", ")),
    }
}

/// The first `chars_max` characters, cut at a word where one ends near, with `…` where something was left out.
pub(super) fn shortened(text: &str, chars_max: usize) -> String {
    let Some((cut, _)) = text.char_indices().nth(chars_max) else { return text.to_owned() };
    let head = &text[..cut];
    let word_end = head.rfind(char::is_whitespace).filter(|&end| end * 5 >= cut * 4).unwrap_or(cut);
    format!("{} …", head[..word_end].trim_end())
}

/// `the rows` gives `The rows`.
pub(super) fn capitalised(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// A JSON list or object laid out over lines; other text as it is.
pub(super) fn cell(text: &str) -> String {
    let is_nested = text.starts_with(['[', '{']) && serde_json::from_str::<IgnoredAny>(text).is_ok();
    if !is_nested {
        return text.to_owned();
    }
    let pretty = serde_json::from_str::<serde_json::Value>(text).and_then(|value| serde_json::to_string_pretty(&value));
    pretty.unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_thousands_separators() {
        assert_eq!(number("0"), "0");
        assert_eq!(number("999"), "999");
        assert_eq!(number("1000"), "1,000");
        assert_eq!(number("5850000000"), "5,850,000,000");
        assert_eq!(number("about 5"), "about 5");
        assert_eq!(counted(1, "record", "records"), "1 record");
        assert_eq!(counted(1200, "record", "records"), "1,200 records");
    }

    #[test]
    fn dates_are_written_with_the_month_in_words() {
        assert_eq!(date("2026-11-21T10:00:00Z"), "21 November 2026");
        assert_eq!(date("2024-02-01"), "1 February 2024");
        assert_eq!(date("2024-13-01"), "2024-13-01");
        assert_eq!(date("yesterday"), "yesterday");
        assert_eq!(date("größer als je"), "größer als je");
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(bytes("812"), "812 bytes");
        assert_eq!(bytes("1536"), "1.5 KB");
        assert_eq!(bytes("27400000"), "27.4 MB");
        assert_eq!(bytes("327400000000"), "327 GB");
    }

    #[test]
    fn long_texts_are_cut_at_a_word() {
        assert_eq!(shortened("a short one", 40), "a short one");
        assert_eq!(shortened("the red bicycle by the sea", 24), "the red bicycle by the …");
        assert_eq!(shortened(&"ä".repeat(50), 10), format!("{} …", "ä".repeat(10)));
    }

    #[test]
    fn lists_end_with_and() {
        assert_eq!(list(&["a".into()]), "a");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
