//! `holidays.toml`: regions with their weekends and days off.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use crate::takedown::clock::{Calendar, Calendars, Observed, Yearly};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HolidaysFile {
    regions: BTreeMap<String, Region>,
}

impl HolidaysFile {
    pub(super) fn calendars(self) -> Calendars {
        self.regions.into_iter().map(|(name, region)| (name, region.into())).collect()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Region {
    #[serde(default)]
    weekend: Vec<Day>,
    #[serde(default)]
    dates: Vec<OneDate>,
    #[serde(default)]
    yearly: Vec<OneYearly>,
}

impl From<Region> for Calendar {
    fn from(region: Region) -> Self {
        let weekend = region.weekend.into_iter().map(Weekday::from).collect();
        let dates: BTreeSet<Date> = region.dates.into_iter().map(|date| date.0).collect();
        Self::new(weekend, dates, region.yearly.into_iter().map(|holiday| holiday.0).collect())
    }
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct OneDate(Date);

impl TryFrom<String> for OneDate {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("{text:?} is no date like 2027-05-14"))
    }
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "RawYearly")]
struct OneYearly(Yearly);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawYearly {
    month: Option<i8>,
    day: Option<i8>,
    observed: Option<Observed>,
    weekday: Option<Day>,
    nth: Option<i8>,
    easter: Option<i16>,
}

impl TryFrom<RawYearly> for OneYearly {
    type Error = &'static str;

    fn try_from(raw: RawYearly) -> Result<Self, Self::Error> {
        match raw {
            // A leap year, so that 29 February can be named.
            RawYearly { month: Some(month), day: Some(day), observed, weekday: None, nth: None, easter: None } => {
                Date::new(2024, month, day).map_err(|_| "there is no such day in any year")?;
                Ok(Self(Yearly::Fixed { month, day, observed: observed.unwrap_or_default() }))
            }
            RawYearly {
                easter: Some(offset @ -180..=180),
                month: None,
                day: None,
                observed: None,
                weekday: None,
                nth: None,
            } => Ok(Self(Yearly::Easter { offset })),
            RawYearly {
                month: Some(month @ 1..=12),
                weekday: Some(day),
                nth: Some(nth @ (-1 | 1..=4)),
                day: None,
                observed: None,
                easter: None,
            } => Ok(Self(Yearly::Nth { month, weekday: day.into(), nth })),
            _ => Err("a yearly holiday is month and day, or easter, or month, weekday and nth (1 to 4, or -1)"),
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl From<Day> for Weekday {
    fn from(day: Day) -> Self {
        match day {
            Day::Monday => Self::Monday,
            Day::Tuesday => Self::Tuesday,
            Day::Wednesday => Self::Wednesday,
            Day::Thursday => Self::Thursday,
            Day::Friday => Self::Friday,
            Day::Saturday => Self::Saturday,
            Day::Sunday => Self::Sunday,
        }
    }
}
