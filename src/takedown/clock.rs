//! Days and months by the book: when something is due.
//!
//! Months follow Regulation (EEC, Euratom) No 1182/71, Article 3: the day of receipt is not counted, a month ends on the
//! day with the same number, or on the last day of a month that has no such day; where that is no working day, on the
//! next working day. (The United Kingdom's guidance comes to the same dates.) Business days count only working days.
//! Nothing here knows the time: the days are given.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// Longest term of any rule file, in any unit: ten years of days. Keeps sums far from the end of the calendar.
pub const TERM_COUNT_MAX: u32 = 3_660;
/// Most days in a row that are looked through for a working day. A year without one is a mistake in the holidays file.
const IDLE_DAYS_MAX: u32 = 366;

/// A span of time as a rule states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    pub count: u32,
    pub unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Calendar months that end on a working day.
    Months,
    /// Working days.
    BusinessDays,
    /// Days as they come; the last may be a Sunday.
    Days,
}

impl Term {
    pub const fn months(count: u32) -> Self {
        Self { count, unit: Unit::Months }
    }

    pub const fn business_days(count: u32) -> Self {
        Self { count, unit: Unit::BusinessDays }
    }

    pub const fn days(count: u32) -> Self {
        Self { count, unit: Unit::Days }
    }

    /// `one month`, `10 business days`.
    pub fn words(self) -> String {
        let unit = match self.unit {
            Unit::Months => "month",
            Unit::BusinessDays => "business day",
            Unit::Days => "day",
        };
        if self.count == 1 { format!("one {unit}") } else { format!("{} {unit}s", self.count) }
    }
}

/// Which days are no working days, in one region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    weekend: Vec<Weekday>,
    /// Holidays by date.
    dates: BTreeSet<Date>,
    /// Holidays that return every year.
    yearly: Vec<Yearly>,
}

/// A holiday that returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Yearly {
    /// The same day every year; `Observed` says what happens on a weekend.
    Fixed { month: i8, day: i8, observed: Observed },
    /// Days from Easter Sunday (Gregorian): -2 is Good Friday.
    Easter { offset: i16 },
    /// The first (1) to fourth (4) or the last (-1) of a weekday in a month.
    Nth { month: i8, weekday: Weekday, nth: i8 },
}

/// Where a fixed holiday goes when it falls on a weekend.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Observed {
    /// It is lost.
    #[default]
    SameDay,
    /// Saturday's is kept on Friday, Sunday's on Monday (United States).
    Nearest,
    /// On the next working day that is no holiday of its own (United Kingdom).
    Next,
}

impl Default for Calendar {
    fn default() -> Self {
        Self::weekends_only()
    }
}

impl Calendar {
    /// Saturdays and Sundays, no holidays.
    pub fn weekends_only() -> Self {
        Self { weekend: vec![Weekday::Saturday, Weekday::Sunday], dates: BTreeSet::new(), yearly: Vec::new() }
    }

    pub fn new(weekend: Vec<Weekday>, dates: BTreeSet<Date>, yearly: Vec<Yearly>) -> Self {
        Self { weekend, dates, yearly }
    }

    pub fn is_working_day(&self, day: Date) -> bool {
        !self.is_weekend(day) && !self.is_holiday(day)
    }

    /// The day itself where it is a working day, else the next that is.
    pub fn working_day_from(&self, day: Date) -> Date {
        let mut day = day;
        for _ in 0..IDLE_DAYS_MAX {
            if self.is_working_day(day) {
                break;
            }
            day = plus_days(day, 1);
        }
        day
    }

    fn is_weekend(&self, day: Date) -> bool {
        self.weekend.contains(&day.weekday())
    }

    fn is_holiday(&self, day: Date) -> bool {
        if self.dates.contains(&day) {
            return true;
        }
        // A holiday at the turn of the year may be kept in the year before or after.
        let years = [day.year().saturating_sub(1), day.year(), day.year().saturating_add(1)];
        years.into_iter().any(|year| self.kept_in(year).contains(&day))
    }

    /// The days on which the yearly holidays of a year are kept.
    fn kept_in(&self, year: i16) -> Vec<Date> {
        let mut kept: Vec<Date> = Vec::with_capacity(self.yearly.len());
        let mut moved = Vec::new();
        for holiday in &self.yearly {
            let Some(day) = holiday.in_year(year) else { continue };
            match holiday {
                Yearly::Fixed { observed: Observed::Nearest, .. } => kept.push(nearest_working(day)),
                Yearly::Fixed { observed: Observed::Next, .. } if self.is_weekend(day) => moved.push(day),
                _ => kept.push(day),
            }
        }
        moved.sort();
        for mut day in moved {
            for _ in 0..IDLE_DAYS_MAX {
                if !self.is_weekend(day) && !kept.contains(&day) {
                    break;
                }
                day = plus_days(day, 1);
            }
            kept.push(day);
        }
        kept
    }
}

impl Yearly {
    fn in_year(self, year: i16) -> Option<Date> {
        match self {
            Self::Fixed { month, day, .. } => Date::new(year, month, day).ok(),
            Self::Easter { offset } => Some(plus_days(easter_sunday(year)?, i32::from(offset))),
            Self::Nth { month, weekday, nth } => {
                Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
            }
        }
    }
}

/// The last day of a term that began with something received on `received`.
pub fn due(received: Date, term: Term, calendar: &Calendar) -> Date {
    due_after_pause(received, term, 0, calendar)
}

/// As [`due`], where the clock stood still for `paused_days` calendar days: the end moves by as many days, and then to
/// a working day where the term asks for one.
pub fn due_after_pause(received: Date, term: Term, paused_days: u32, calendar: &Calendar) -> Date {
    let count = term.count.min(TERM_COUNT_MAX);
    let paused = paused_days.min(TERM_COUNT_MAX) as i32;
    match term.unit {
        // Adding months keeps the number of the day or takes the last one of a shorter month.
        Unit::Months => calendar.working_day_from(plus_days(plus_months(received, count), paused)),
        Unit::Days => plus_days(received, count as i32 + paused),
        Unit::BusinessDays => plus_business_days(plus_days(received, paused), count, calendar),
    }
}

/// The `count`-th working day after `day`. Zero gives the day itself.
pub fn plus_business_days(day: Date, count: u32, calendar: &Calendar) -> Date {
    let mut day = day;
    for _ in 0..count.min(TERM_COUNT_MAX) {
        day = calendar.working_day_from(plus_days(day, 1));
    }
    day
}

/// Days from `from` to `to`; nothing where `to` is earlier.
pub fn days_between(from: Date, to: Date) -> u32 {
    signed_days(from, to).max(0) as u32
}

/// How a due date looks from today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum DueState {
    InTime {
        days: u32,
    },
    /// Few days are left.
    Amber {
        days: u32,
    },
    /// Hardly any; zero is today.
    Red {
        days: u32,
    },
    Overdue {
        days: u32,
    },
}

/// When a due date turns amber and red.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warnings {
    pub amber_days: u32,
    pub red_days: u32,
}

impl DueState {
    pub fn of(due: Date, today: Date, warnings: Warnings) -> Self {
        if today > due {
            return Self::Overdue { days: days_between(due, today) };
        }
        let days = days_between(today, due);
        if days <= warnings.red_days {
            Self::Red { days }
        } else if days <= warnings.amber_days {
            Self::Amber { days }
        } else {
            Self::InTime { days }
        }
    }

    /// `in 3 days`, `today`, `2 days over`.
    pub fn words(self) -> String {
        match self {
            Self::Red { days: 0 } | Self::Amber { days: 0 } | Self::InTime { days: 0 } => "today".to_owned(),
            Self::InTime { days } | Self::Amber { days } | Self::Red { days } => format!("in {}", counted(days)),
            Self::Overdue { days } => format!("{} over", counted(days)),
        }
    }
}

/// Calendars by region name, from the holidays file.
pub type Calendars = BTreeMap<String, Calendar>;

fn counted(days: u32) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

fn plus_days(day: Date, days: i32) -> Date {
    day.saturating_add(days.days())
}

fn plus_months(day: Date, months: u32) -> Date {
    day.saturating_add((months as i32).months())
}

fn signed_days(from: Date, to: Date) -> i32 {
    // Dates count days only, so the span has no larger unit and cannot fail.
    from.until(to).map_or(0, |span| span.get_days())
}

fn nearest_working(day: Date) -> Date {
    match day.weekday() {
        Weekday::Saturday => plus_days(day, -1),
        Weekday::Sunday => plus_days(day, 1),
        _ => day,
    }
}

/// Easter Sunday of the Gregorian calendar (the "anonymous" computation of 1876).
#[expect(clippy::many_single_char_names, reason = "the letters of the computation as it was published")]
fn easter_sunday(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests;
