//! A due date as the queue says it: how long there is, and how urgent that is.

use jiff::civil::Date;

use crate::takedown::clock::{DueState, Warnings};
use crate::web::format;

pub(super) struct Due {
    /// `in 3 days`, `2 days over`, `the clock stands still`.
    pub(super) words: String,
    /// The day itself; empty where there is none.
    pub(super) date: String,
    pub(super) iso: String,
    /// A class of the style sheet. Never the only sign: the words say it too.
    pub(super) class: &'static str,
}

impl Due {
    pub(super) fn new(due: Option<&str>, is_paused: bool, warnings: Warnings, today: Date) -> Self {
        let none =
            |words: &str| Self { words: words.to_owned(), date: String::new(), iso: String::new(), class: "due-none" };
        if is_paused {
            return none("the clock stands still");
        }
        let Some((iso, date)) = due.and_then(|iso| Some((iso, iso.parse::<Date>().ok()?))) else {
            return none("nothing due");
        };
        let state = DueState::of(date, today, warnings);
        let class = match state {
            DueState::InTime { .. } => "due-fine",
            DueState::Amber { .. } => "due-amber",
            DueState::Red { .. } | DueState::Overdue { .. } => "due-red",
        };
        Self { words: state.words(), date: format::date(iso), iso: iso.to_owned(), class }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_due_date_is_said_in_words_and_coloured() {
        let warnings = Warnings { amber_days: 7, red_days: 2 };
        let today = date(2026, 11, 22);
        for (due, words, class) in [
            (Some("2026-12-22"), "in 30 days", "due-fine"),
            (Some("2026-11-25"), "in 3 days", "due-amber"),
            (Some("2026-11-22"), "today", "due-red"),
            (Some("2026-11-20"), "2 days over", "due-red"),
            (None, "nothing due", "due-none"),
        ] {
            let due = Due::new(due, false, warnings, today);
            assert_eq!((due.words.as_str(), due.class), (words, class));
        }
        assert_eq!(Due::new(Some("2026-11-20"), true, warnings, today).class, "due-none");
    }
}
