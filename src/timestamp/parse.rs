//! The writings of a moment. Reached only through [`Timestamp`]; never guesses a part that is not there.

use std::ops::RangeInclusive;

use super::Timestamp;

/// Longer texts are no dates; the longest usual one, RFC 2822 with a comment, has about 45 bytes.
const TEXT_BYTES_MAX: usize = 64;
/// Years a manifest can honestly speak of: manuscripts at one end, embargo dates at the other.
const YEARS: RangeInclusive<i64> = 1000..=2200;
/// Least count of seconds taken for Unix time (March 1973); below it, years and plain counts.
const UNIX_SECONDS_MIN: i64 = 100_000_000;
/// 1 January 2201 as Unix seconds.
const UNIX_SECONDS_MAX: i64 = 7_289_654_400;
/// 1 January 1000 as Unix seconds.
const UNIX_SECONDS_LEAST: i64 = -30_610_224_000;
const DAY_MILLIS: i64 = 86_400_000;
const MINUTE_MILLIS: i64 = 60_000;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Zone names of RFC 2822 with their distance from UTC in minutes.
const ZONES: [(&str, i64); 11] = [
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
];

pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > TEXT_BYTES_MAX || !text.is_ascii() {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-' || byte == b'+')
        && let Some(found) = numeric(text)
    {
        return Some(found);
    }
    iso(text).or_else(|| slashed(text)).or_else(|| worded(text))
}

pub(super) fn bound(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > TEXT_BYTES_MAX || !text.is_ascii() {
        return None;
    }
    if text.len() == 4 { year(text.parse().ok()?) } else { iso(text) }
}

pub(super) fn number(number: i64) -> Option<Timestamp> {
    if YEARS.contains(&number) {
        return year(number);
    }
    if (10_000_101..=22_001_231).contains(&number) {
        return Some(Timestamp(date(number / 10_000, number / 100 % 100, number % 100)?));
    }
    if (10_000_101_000_000..=22_001_231_235_959).contains(&number) {
        let (day, clock) = (number / 1_000_000, number % 1_000_000);
        let midnight = date(day / 10_000, day / 100 % 100, day % 100)?;
        return Some(Timestamp(midnight + time_of_day(clock / 10_000, clock / 100 % 100, clock % 100)?));
    }
    // Seconds, then milliseconds, microseconds and nanoseconds: their plausible ranges do not meet.
    for (per_second, to_millis) in [(1, 1_000.0), (1_000, 1.0), (1_000_000, 1e-3), (1_000_000_000, 1e-6)] {
        let range = UNIX_SECONDS_MIN.saturating_mul(per_second)..UNIX_SECONDS_MAX.saturating_mul(per_second);
        if range.contains(&number) {
            return Some(Timestamp(scaled(number, to_millis)));
        }
    }
    (UNIX_SECONDS_LEAST..=-UNIX_SECONDS_MIN).contains(&number).then(|| Timestamp(number * 1_000))
}

pub(super) fn float(value: f64) -> Option<Timestamp> {
    if !value.is_finite() || value.abs() >= 9.2e18 {
        return None;
    }
    let whole = number(float_to_int(value.trunc()))?;
    // A fraction counts only beside seconds; finer units carry it in the number itself.
    let fraction = if value.abs() < 1e10 && value.abs() >= 1e8 { value.fract() * 1_000.0 } else { 0.0 };
    Some(Timestamp(whole.0 + float_to_int(fraction.round())))
}

fn scaled(number: i64, to_millis: f64) -> i64 {
    if to_millis >= 1.0 { number * float_to_int(to_millis) } else { number / float_to_int((1.0 / to_millis).round()) }
}

/// Callers keep the value within the range of `i64`.
#[expect(clippy::cast_possible_truncation)]
fn float_to_int(value: f64) -> i64 {
    value as i64
}

/// A text of digits, sign and dots: an integer, or a number with a fraction. `2016-06-17` and `17.6.2016` fail here.
fn numeric(text: &str) -> Option<Timestamp> {
    if let Ok(whole) = text.parse::<i64>() {
        return number(whole);
    }
    // Only Unix seconds carry a fraction; `2004.05` is no year.
    let value = text.parse::<f64>().ok()?;
    if value.abs() >= 1e8 || value.fract() == 0.0 { float(value) } else { None }
}

/// 1 January of that year.
fn year(year: i64) -> Option<Timestamp> {
    date(year, 1, 1).map(Timestamp)
}

/// Milliseconds of that day's midnight.
fn date(year: i64, month: i64, day: i64) -> Option<i64> {
    if !YEARS.contains(&year) {
        return None;
    }
    let (year, month, day) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let date = jiff::civil::Date::new(year, month, day).ok()?;
    let since = date.since((jiff::Unit::Day, jiff::civil::date(1970, 1, 1))).ok()?;
    Some(i64::from(since.get_days()) * DAY_MILLIS)
}

/// Milliseconds since midnight. A leap second counts as the last whole one.
fn time_of_day(hours: i64, minutes: i64, seconds: i64) -> Option<i64> {
    let end_of_day = hours == 24 && minutes == 0 && seconds == 0;
    if !(0..24).contains(&hours) && !end_of_day || !(0..60).contains(&minutes) || !(0..=60).contains(&seconds) {
        return None;
    }
    Some(((hours * 60 + minutes) * 60 + seconds.min(59)) * 1_000)
}

/// `2016-06-17T00:01:02.5+02:00` and every shortening of it down to year and month; `/`, `.` and `:` (EXIF) between
/// the parts of the date, a blank or `_` instead of `T`; `20160617T000102Z`.
fn iso(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let (midnight, rest) = if bytes.len() > 8 && bytes[..8].iter().all(u8::is_ascii_digit) {
        (date(digits(&bytes[..4])?, digits(&bytes[4..6])?, digits(&bytes[6..8])?)?, &text[8..])
    } else {
        let (year, rest) = take_digits(text, 4, 4)?;
        let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.' | ':'))?;
        let (month, rest) = take_digits(&rest[1..], 1, 2)?;
        match rest.strip_prefix(separator) {
            Some(rest) => {
                let (day, rest) = take_digits(rest, 1, 2)?;
                (date(year, month, day)?, rest)
            }
            None if rest.is_empty() && matches!(separator, '-' | '/') => (date(year, month, 1)?, rest),
            None => return None,
        }
    };
    let rest = rest.trim_start_matches(['T', 't', ' ', '_']);
    clock_and_zone(midnight, rest)
}

/// `6/17/2016 0:01`: month first with slashes unless that cannot be; day first with dots and hyphens.
fn slashed(text: &str) -> Option<Timestamp> {
    let (first, rest) = take_digits(text, 1, 2)?;
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
    let (second, rest) = take_digits(&rest[1..], 1, 2)?;
    let rest = rest.strip_prefix(separator)?;
    let digits_of_year = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (year, rest) = take_digits(rest, 2, 4)?;
    let year = match digits_of_year {
        // The POSIX rule for two digits.
        2 if year < 69 => year + 2000,
        2 => year + 1900,
        4 => year,
        _ => return None,
    };
    let month_first = if separator == '/' { first <= 12 } else { second > 12 };
    let (month, day) = if month_first { (first, second) } else { (second, first) };
    clock_and_zone(date(year, month, day)?, rest.trim_start_matches([' ', 'T', ',']))
}

/// `Fri, 17 Jun 2016 00:01:02 +0000`, `Wed Oct 10 20:19:24 +0000 2018`, `June 17, 2016`: every word must be known.
fn worded(text: &str) -> Option<Timestamp> {
    let (mut year, mut month, mut day, mut clock, mut zone, mut half) = (None, None, None, None, None, None);
    for word in text.split([' ', ',', '(', ')']).filter(|word| !word.is_empty()) {
        let lower = word.trim_end_matches('.').to_ascii_lowercase();
        let starts = |names: &[&str]| names.iter().position(|name| lower.starts_with(name));
        let plain = lower.bytes().all(|byte| byte.is_ascii_digit());
        if word.contains(':') && clock.is_none() {
            clock = Some(clock_of(word).filter(|(_, rest)| rest.is_empty())?.0);
        } else if plain && lower.len() == 4 && year.is_none() {
            year = Some(lower.parse().ok()?);
        } else if plain && lower.len() <= 2 && day.is_none() {
            day = Some(lower.parse().ok()?);
        } else if lower == "am" || lower == "pm" {
            half = Some(lower == "pm");
        } else if let Some(minutes) = offset_minutes(&lower) {
            zone = Some(minutes);
        } else if lower.len() >= 3 && lower.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            match (starts(&MONTHS), starts(&DAYS)) {
                (Some(index), _) if month.is_none() => month = Some(i64::try_from(index).ok()? + 1),
                (None, Some(_)) => {}
                _ => return None,
            }
        } else {
            return None;
        }
    }
    let midnight = date(year?, month?, day.unwrap_or(1))?;
    let clock = half_day(clock.unwrap_or(0), half)?;
    Some(Timestamp(midnight + clock - zone.unwrap_or(0) * MINUTE_MILLIS))
}

/// What may follow a date: nothing, or a time of day with an optional half of the day and zone.
fn clock_and_zone(midnight: i64, rest: &str) -> Option<Timestamp> {
    let rest = rest.trim();
    if rest.is_empty() || offset_minutes(&rest.to_ascii_lowercase()) == Some(0) {
        return Some(Timestamp(midnight));
    }
    let (clock, rest) = clock_of(rest)?;
    let mut rest = rest.trim().to_ascii_lowercase();
    let mut half = None;
    for (mark, afternoon) in [("am", false), ("pm", true)] {
        if let Some(after) = rest.strip_prefix(mark) {
            half = Some(afternoon);
            rest = after.trim().to_owned();
            break;
        }
    }
    let zone = if rest.is_empty() { 0 } else { offset_minutes(&rest)? };
    Some(Timestamp(midnight + half_day(clock, half)? - zone * MINUTE_MILLIS))
}

/// Milliseconds since midnight of `h:mm`, `hh:mm:ss`, `hh:mm:ss.fff`, `hhmmss` at the start, and what follows it.
fn clock_of(text: &str) -> Option<(i64, &str)> {
    let bytes = text.as_bytes();
    if bytes.len() >= 6 && bytes[..6].iter().all(u8::is_ascii_digit) {
        let clock = time_of_day(digits(&bytes[..2])?, digits(&bytes[2..4])?, digits(&bytes[4..6])?)?;
        return Some(fraction(clock, &text[6..]));
    }
    let (hours, rest) = take_digits(text, 1, 2)?;
    let Some(rest) = rest.strip_prefix(':') else {
        // `2016-06-17T00Z` is allowed by the standard, and nobody writes it with a blank.
        return Some((time_of_day(hours, 0, 0)?, rest));
    };
    let (minutes, rest) = take_digits(rest, 2, 2)?;
    let Some(rest) = rest.strip_prefix(':') else { return Some((time_of_day(hours, minutes, 0)?, rest)) };
    let (seconds, rest) = take_digits(rest, 2, 2)?;
    Some(fraction(time_of_day(hours, minutes, seconds)?, rest))
}

/// Adds `.123456` or `,5`; digits finer than a millisecond are dropped.
fn fraction(clock: i64, rest: &str) -> (i64, &str) {
    let Some(digits) = rest.strip_prefix(['.', ',']) else { return (clock, rest) };
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    let millis = digits[..length].bytes().chain(*b"000").take(3).fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'));
    (clock + millis, &digits[length..])
}

/// Twelve-hour clocks: 12 AM is midnight, 1 PM is 13 hours.
fn half_day(clock: i64, afternoon: Option<bool>) -> Option<i64> {
    let noon = DAY_MILLIS / 2;
    match afternoon {
        None => Some(clock),
        Some(_) if clock >= noon + noon / 12 => None,
        Some(afternoon) => Some(clock % noon + if afternoon { noon } else { 0 }),
    }
}

/// `z`, `utc`, `+0200`, `-05:30`, `+02`, `utc+2`: minutes east of Greenwich. Expects lower case.
fn offset_minutes(text: &str) -> Option<i64> {
    if let Some((_, minutes)) = ZONES.iter().find(|(name, _)| *name == text) {
        return Some(*minutes);
    }
    let text = text.strip_prefix("utc").or_else(|| text.strip_prefix("gmt")).unwrap_or(text);
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let (hours, rest) = take_digits(rest, 1, 2)?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let (minutes, rest) = if rest.is_empty() { (0, rest) } else { take_digits(rest, 2, 2)? };
    (rest.is_empty() && hours <= 15 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// The number at the start, of `least` to `most` digits, and what follows (which may be further digits).
fn take_digits(text: &str, least: usize, most: usize) -> Option<(i64, &str)> {
    let length = text.bytes().take(most + 1).take_while(u8::is_ascii_digit).count();
    if length < least {
        return None;
    }
    let length = length.min(most);
    Some((digits(&text.as_bytes()[..length])?, &text[length..]))
}

/// Callers give at most six digits.
fn digits(bytes: &[u8]) -> Option<i64> {
    bytes.iter().try_fold(0_i64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
}

#[cfg(test)]
mod tests;
