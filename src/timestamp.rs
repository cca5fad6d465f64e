//! A moment in time as manifests write it, in whatever way they write it.
//!
//! Used by [`crate::mapping`] for the `created_at` role and by the search room for `after:` and `before:`.
//! Never reads the clock: an incomplete date is not completed with today's.

use std::fmt;

mod parse;

/// A moment, to the millisecond, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    pub fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// Reads a date or a moment in any of the usual writings: ISO 8601 and its relatives, `20240131`, Unix time in
    /// seconds, milliseconds, microseconds or nanoseconds, `6/17/2016 0:01` (month first), RFC 2822, Twitter's
    /// `Wed Oct 10 20:19:24 +0000 2018`, `17 June 2016`, a bare year. No zone means UTC.
    /// `None` for anything else and for years outside 1000 to 2200.
    pub fn parse(text: &str) -> Option<Self> {
        parse::moment(text)
    }

    /// Reads a number: Unix time (the unit is told by the magnitude), `YYYYMMDD`, `YYYYMMDDhhmmss` or a year.
    /// Numbers below 100 million that are no date are not times: nothing of interest was made before March 1973 by
    /// something that counts seconds, while small counts stand in many columns.
    pub fn from_number(number: i64) -> Option<Self> {
        parse::number(number)
    }

    /// The same for a number with a fraction; Reddit's old dumps write `1360196475.0`.
    pub fn from_float(number: f64) -> Option<Self> {
        parse::float(number)
    }

    /// Reads what a person types as a bound: `2024`, `2024-11`, `2024-11-26` or a full ISO 8601 moment.
    /// Gives the start of that period, UTC.
    pub fn parse_bound(text: &str) -> Option<Self> {
        parse::bound(text)
    }
}

impl fmt::Display for Timestamp {
    /// ISO 8601 in UTC: `2024-11-26T13:05:00Z`; a whole day at midnight stays a full timestamp.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(timestamp) => timestamp.fmt(f),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}
