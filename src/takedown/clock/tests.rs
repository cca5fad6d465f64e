use super::*;
use crate::takedown::basis::Basis;
use crate::takedown::rules::RuleBook;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// (received, term, due) in a region of the built-in holidays.
fn check(region: &str, table: &[(&str, Term, &str)]) {
    let book = RuleBook::built_in();
    let rules = match region {
        "eu" => book.of(Basis::GdprErasure, Some("DE")),
        "uk" => book.of(Basis::GdprErasure, Some("GB")),
        _ => book.of(Basis::Dmca, None),
    };
    assert_eq!(rules.region, region);
    for (received, term, expected) in table {
        let found = due(date(received), *term, book.calendar(rules));
        assert_eq!(found, date(expected), "{region}: {term:?} after {received}, a {:?}", date(received).weekday());
    }
}

#[test]
fn a_month_ends_on_the_same_day_or_the_last_or_the_next_working_day() {
    check(
        "eu",
        &[
            // The day of receipt is not counted.
            ("2026-03-05", Term::months(1), "2026-04-06"), // 5 April 2026 is a Sunday; Monday is no EU-wide holiday
            ("2026-09-03", Term::months(1), "2026-10-05"), // a Saturday
            ("2026-11-17", Term::months(1), "2026-12-17"),
            // Months without that day.
            ("2026-01-29", Term::months(1), "2026-03-02"), // 28 February 2026 is a Saturday
            ("2026-01-31", Term::months(1), "2026-03-02"),
            ("2027-01-31", Term::months(1), "2027-03-01"), // 28 February 2027 is a Sunday
            ("2026-08-31", Term::months(1), "2026-09-30"),
            ("2026-10-31", Term::months(1), "2026-11-30"),
            // Leap years.
            ("2028-01-31", Term::months(1), "2028-02-29"),
            ("2028-01-29", Term::months(1), "2028-02-29"),
            ("2028-02-29", Term::months(1), "2028-03-29"),
            ("2100-01-31", Term::months(1), "2100-03-01"), // no leap year; a Sunday
            // Over the turn of the year, and holidays.
            ("2026-12-01", Term::months(1), "2027-01-04"), // New Year's Day is a Friday
            ("2026-11-25", Term::months(1), "2026-12-28"), // 25 December is a Friday
            // Received on a day off.
            ("2026-11-22", Term::months(1), "2026-12-22"),
            // With the extension.
            ("2026-11-30", Term::months(3), "2027-03-01"), // 28 February 2027 is a Sunday
            ("2026-12-31", Term::months(2), "2027-03-01"),
        ],
    );
}

#[test]
fn the_united_kingdom_keeps_its_bank_holidays() {
    check(
        "uk",
        &[
            ("2026-03-03", Term::months(1), "2026-04-07"), // Good Friday, weekend, Easter Monday
            ("2026-03-05", Term::months(1), "2026-04-07"),
            ("2026-04-04", Term::months(1), "2026-05-05"), // the first Monday of May
            ("2026-11-26", Term::months(1), "2026-12-29"), // Boxing Day is a Saturday, kept on Monday
            ("2027-11-25", Term::months(1), "2027-12-29"), // both Christmas days are moved behind the weekend
            ("2026-07-31", Term::months(1), "2026-09-01"), // the last Monday of August
        ],
    );
}

#[test]
fn business_days_leave_out_weekends_and_federal_holidays() {
    check(
        "us",
        &[
            ("2026-11-02", Term::business_days(10), "2026-11-17"), // Veterans Day
            ("2026-11-02", Term::business_days(14), "2026-11-23"),
            ("2026-11-20", Term::business_days(10), "2026-12-07"), // Thanksgiving
            ("2026-11-20", Term::business_days(14), "2026-12-11"),
            ("2026-06-30", Term::business_days(2), "2026-07-02"),
            ("2026-07-01", Term::business_days(2), "2026-07-06"), // 4 July is a Saturday, kept on Friday
            ("2027-07-02", Term::business_days(1), "2027-07-06"), // a Sunday, kept on Monday
            ("2026-12-23", Term::business_days(10), "2027-01-08"), // Christmas and New Year
            ("2027-12-30", Term::business_days(1), "2028-01-03"), // New Year 2028 is a Saturday, kept on 31 December
            ("2026-11-21", Term::business_days(1), "2026-11-23"), // received on a Saturday
        ],
    );
}

#[test]
fn days_are_counted_as_they_come() {
    check(
        "us",
        &[
            ("2026-11-22", Term::days(45), "2027-01-06"),
            ("2026-11-22", Term::days(90), "2027-02-20"), // a Saturday
            ("2028-02-15", Term::days(14), "2028-02-29"),
            ("2027-02-15", Term::days(14), "2027-03-01"),
        ],
    );
}

#[test]
fn a_pause_moves_the_end_by_its_days_and_then_to_a_working_day() {
    let calendar = Calendar::weekends_only();
    let table = [
        ("2026-11-02", Term::months(1), 0, "2026-12-02"),
        ("2026-11-02", Term::months(1), 5, "2026-12-07"),
        ("2026-11-02", Term::months(1), 10, "2026-12-14"), // 12 December is a Saturday
        ("2026-11-02", Term::days(14), 3, "2026-11-19"),
        ("2026-11-02", Term::business_days(2), 7, "2026-11-11"),
    ];
    for (received, term, paused, expected) in table {
        assert_eq!(due_after_pause(date(received), term, paused, &calendar), date(expected), "{received} {term:?}");
    }
}

#[test]
fn easter_is_where_the_church_has_it() {
    for day in ["2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2038-04-25", "2285-03-22"] {
        assert_eq!(easter_sunday(date(day).year()), Some(date(day)));
    }
}

#[test]
fn a_due_date_turns_amber_then_red_then_over() {
    let warnings = Warnings { amber_days: 7, red_days: 2 };
    let table = [
        ("2026-11-22", DueState::InTime { days: 8 }, "in 8 days"),
        ("2026-11-23", DueState::Amber { days: 7 }, "in 7 days"),
        ("2026-11-28", DueState::Red { days: 2 }, "in 2 days"),
        ("2026-11-30", DueState::Red { days: 0 }, "today"),
        ("2026-12-01", DueState::Overdue { days: 1 }, "1 day over"),
    ];
    for (today, state, words) in table {
        let found = DueState::of(date("2026-11-30"), date(today), warnings);
        assert_eq!((found, found.words().as_str()), (state, words));
    }
}

#[test]
fn a_calendar_without_a_working_day_and_the_end_of_time_end_too() {
    use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    let week = vec![Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
    let never = Calendar::new(week, BTreeSet::new(), Vec::new());
    assert!(due(date("2026-11-22"), Term::months(1), &never) > date("2026-12-22"));
    assert_eq!(due(Date::MAX, Term { count: u32::MAX, unit: Unit::Days }, &Calendar::default()), Date::MAX);
}
