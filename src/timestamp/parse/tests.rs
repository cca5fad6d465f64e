use proptest::prelude::*;

use super::*;

fn shown(text: &str) -> String {
    Timestamp::parse(text).map_or_else(|| "none".to_owned(), |moment| moment.to_string())
}

#[test]
fn every_usual_writing_of_a_moment_is_read() {
    for (text, expected) in [
        ("2024-11-26T13:05:00Z", "2024-11-26T13:05:00Z"),
        ("2024-11-26t13:05:00.250z", "2024-11-26T13:05:00.25Z"),
        ("2023-07-03T19:07:07.682Z", "2023-07-03T19:07:07.682Z"),
        ("2024-11-26T13:05:00.123456789+02:00", "2024-11-26T11:05:00.123Z"),
        ("2024-11-26 13:05:00", "2024-11-26T13:05:00Z"),
        ("2024-11-26 13:05", "2024-11-26T13:05:00Z"),
        ("2024-11-26 13:05:00 UTC", "2024-11-26T13:05:00Z"),
        ("2024-11-26 13:05:00+0530", "2024-11-26T07:35:00Z"),
        ("2023-12-13T13:43:01-06:00", "2023-12-13T19:43:01Z"),
        ("2024-11-26T23:59:60Z", "2024-11-26T23:59:59Z"),
        ("2004-05-17 00:44:29.0", "2004-05-17T00:44:29Z"),
        ("2016:06:17 00:01:02", "2016-06-17T00:01:02Z"),
        ("20160617T000102Z", "2016-06-17T00:01:02Z"),
        ("2024-11-26", "2024-11-26T00:00:00Z"),
        ("2024/1/6", "2024-01-06T00:00:00Z"),
        ("2024-11", "2024-11-01T00:00:00Z"),
        ("20030219", "2003-02-19T00:00:00Z"),
        ("20240110101500", "2024-01-10T10:15:00Z"),
        ("1899", "1899-01-01T00:00:00Z"),
        ("1360196475", "2013-02-07T00:21:15Z"),
        ("1360196475.0", "2013-02-07T00:21:15Z"),
        ("1360196475.5", "2013-02-07T00:21:15.5Z"),
        ("1360196475123", "2013-02-07T00:21:15.123Z"),
        ("1783175888085434", "2026-07-04T14:38:08.085Z"),
        ("1360196475123456789", "2013-02-07T00:21:15.123Z"),
        ("6/17/2016 0:01", "2016-06-17T00:01:00Z"),
        ("10/16/17 22:59", "2017-10-16T22:59:00Z"),
        ("17/6/2016", "2016-06-17T00:00:00Z"),
        ("17.6.2016", "2016-06-17T00:00:00Z"),
        ("01-02-2016", "2016-02-01T00:00:00Z"),
        ("6/17/2016 1:05 PM", "2016-06-17T13:05:00Z"),
        ("6/17/2016 12:05:00 AM", "2016-06-17T00:05:00Z"),
        ("Fri, 17 Jun 2016 00:01:02 +0200", "2016-06-16T22:01:02Z"),
        ("Fri, 17 Jun 2016 00:01:02 GMT", "2016-06-17T00:01:02Z"),
        ("17 Jun 2016 00:01:02 EST", "2016-06-17T05:01:02Z"),
        ("Wed Oct 10 20:19:24 +0000 2018", "2018-10-10T20:19:24Z"),
        ("June 17, 2016", "2016-06-17T00:00:00Z"),
        ("Sept. 3 2016, 9:15 pm", "2016-09-03T21:15:00Z"),
    ] {
        assert_eq!(shown(text), expected, "{text:?}");
    }
}

#[test]
fn what_is_no_moment_is_refused() {
    for text in [
        "",
        " ",
        "0",
        "12",
        "-1",
        "999",
        "3000",
        "2201-01-01",
        "0999-12-31",
        "2024-13-01",
        "2023-02-29",
        "1662/65",
        "c. 1867-1869",
        "1966/1991",
        "25:00",
        "2024-11-26T25:00",
        "nan",
        "None",
        "2004.05",
        "1.2.3.4",
        "12:30",
        "-62135596800",
        "9999999999999999999",
        "May I help you",
        "monday",
        "２０２４-01-01",
        "2024-11-26Tfoo",
    ] {
        assert_eq!(shown(text), "none", "{text:?}");
    }
}

#[test]
fn numbers_are_told_apart_by_magnitude() {
    assert_eq!(Timestamp::from_number(0), None);
    assert_eq!(Timestamp::from_number(20_030_219), Timestamp::parse("2003-02-19"));
    assert_eq!(Timestamp::from_number(-315_619_200), Timestamp::parse("1960-01-01"));
    assert_eq!(Timestamp::from_number(i64::MIN), None);
    assert_eq!(Timestamp::from_number(i64::MAX), None);
    assert_eq!(Timestamp::from_float(f64::NAN), None);
    assert_eq!(Timestamp::from_float(1e300), None);
    assert_eq!(Timestamp::from_float(1899.0), Timestamp::parse("1899"));
}

#[test]
fn a_bound_is_the_start_of_its_period() {
    for (text, expected) in [
        ("2024", "2024-01-01"),
        ("2024-11", "2024-11-01"),
        ("2024-11-26", "2024-11-26"),
        (" 2024-11-26T13:05Z ", "2024-11-26T13:05:00Z"),
    ] {
        assert_eq!(Timestamp::parse_bound(text), Timestamp::parse(expected), "{text:?}");
        assert!(Timestamp::parse_bound(text).is_some());
    }
    for text in ["", "24", "1360196475", "yesterday", "20240", "2024-"] {
        assert_eq!(Timestamp::parse_bound(text), None, "{text:?}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in ".{0,70}") {
        let _ = (Timestamp::parse(&text), Timestamp::parse_bound(&text));
    }

    #[test]
    fn no_date_like_text_makes_the_parser_panic(text in "[0-9]{0,9}[-/:. TZ+]?[0-9]{0,4}[-/:. apmTZ+]{0,2}[0-9]{0,4}[ :.TZ+-]?[0-9]{0,9}") {
        if let Some(moment) = Timestamp::parse(&text) {
            prop_assert!(moment.to_string().ends_with('Z'));
        }
    }

    #[test]
    fn no_number_makes_the_parser_panic(whole in any::<i64>(), real in any::<f64>()) {
        let _ = (Timestamp::from_number(whole), Timestamp::from_float(real));
    }

    #[test]
    fn what_is_written_is_read_back(millis in -30_000_000_000_000_i64..7_000_000_000_000) {
        let moment = Timestamp::from_millis(millis);
        prop_assert_eq!(Timestamp::parse(&moment.to_string()), Some(moment));
    }
}
