//! What the queue is asked for, as it stands in an address: the same names for the page and the API.

use jiff::ToSpan as _;
use jiff::civil::Date;
use url::form_urlencoded;

use super::error::AppError;
use crate::takedown::accounts::Account;
use crate::takedown::basis::Basis;
use crate::takedown::case::TargetState;
use crate::takedown::desk::types::QueueFilter;

/// Longest search text, characters.
const TEXT_CHARS_MAX: usize = 200;
/// Most parameters that are looked at.
const PARAMETERS_MAX: usize = 50;
const ALL: &str = "all";
const OPEN: &str = "open";

/// The parameters as they were given; empty where they were not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct QueueParams {
    /// `open` (also when empty), `all`, or the name of a state.
    pub(super) state: String,
    pub(super) dataset: String,
    pub(super) basis: String,
    /// ISO 8601 date.
    pub(super) due_before: String,
    /// For the page: `over`, `today`, `week`, counted from today.
    pub(super) due: String,
    pub(super) q: String,
    /// For the page: only what was given to whom asks.
    pub(super) mine: String,
    pub(super) cursor: String,
    pub(super) limit: String,
}

impl QueueParams {
    /// The first of each name counts.
    pub(super) fn read(query: &str) -> Self {
        let mut params = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()).take(PARAMETERS_MAX) {
            let place = match name.as_ref() {
                "state" => &mut params.state,
                "dataset" => &mut params.dataset,
                "basis" => &mut params.basis,
                "due_before" => &mut params.due_before,
                "due" => &mut params.due,
                "q" => &mut params.q,
                "mine" => &mut params.mine,
                "cursor" => &mut params.cursor,
                "limit" => &mut params.limit,
                _ => continue,
            };
            if place.is_empty() {
                value.trim().clone_into(place);
            }
        }
        params
    }

    /// What the desk is asked.
    pub(super) fn filter(&self, account: &Account, today: Date) -> Result<QueueFilter, AppError> {
        let state = match self.state.as_str() {
            "" | OPEN | ALL => None,
            name => Some(TargetState::from_name(name).ok_or_else(|| {
                AppError::bad("state", "“state” is “open”, “all”, or the name of a state, such as “in_review”.")
            })?),
        };
        let basis = match self.basis.as_str() {
            "" => None,
            name => Some(Basis::from_name(name).ok_or_else(|| {
                AppError::bad("basis", "“basis” is the name of a legal basis, such as “gdpr_erasure”.")
            })?),
        };
        if !self.dataset.is_empty() && !account.covers(&self.dataset) {
            return Err(AppError::forbidden_dataset(&self.dataset));
        }
        if self.q.chars().count() > TEXT_CHARS_MAX {
            return Err(AppError::bad("q", format!("“q” is longer than {TEXT_CHARS_MAX} characters.")));
        }
        let limit = match self.limit.as_str() {
            "" => 0,
            typed => {
                typed.parse::<usize>().ok().filter(|limit| (1..=QueueFilter::LINES_MAX).contains(limit)).ok_or_else(
                    || AppError::bad("limit", format!("“limit” is a number from 1 to {}.", QueueFilter::LINES_MAX)),
                )?
            }
        };
        Ok(QueueFilter {
            state,
            closed_too: self.state == ALL,
            dataset: filled(&self.dataset),
            basis,
            due_before: self.due_before(today)?,
            text: filled(&self.q),
            assigned: (!self.mine.is_empty()).then(|| account.name.clone()),
            cursor: filled(&self.cursor),
            limit,
        })
    }

    fn due_before(&self, today: Date) -> Result<Option<String>, AppError> {
        if !self.due_before.is_empty() {
            let date: Date = self
                .due_before
                .parse()
                .map_err(|_| AppError::bad("due_before", "“due_before” is a date, such as 2026-12-24."))?;
            return Ok(Some(date.to_string()));
        }
        let last = match self.due.as_str() {
            "" => return Ok(None),
            "over" => today.saturating_sub(1.day()),
            "today" => today,
            "week" => today.saturating_add(7.days()),
            _ => return Err(AppError::bad("due", "“due” is “over”, “today” or “week”.")),
        };
        Ok(Some(last.to_string()))
    }

    /// The address of the page after this one.
    pub(super) fn next_page(&self, path: &str, cursor: &str) -> String {
        format!("{path}?{}", self.written([("limit", self.limit.as_str()), ("cursor", cursor)]))
    }

    /// The filter alone, in one writing: what a view keeps, and how a page tells which view it shows.
    pub(super) fn view(&self) -> String {
        self.written([])
    }

    fn written<const N: usize>(&self, more: [(&str, &str); N]) -> String {
        let filters = [
            ("state", self.state.as_str()),
            ("dataset", &self.dataset),
            ("basis", &self.basis),
            ("due", &self.due),
            ("due_before", &self.due_before),
            ("q", &self.q),
            ("mine", &self.mine),
        ];
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(filters.into_iter().chain(more).filter(|(_, value)| !value.is_empty()));
        query.finish()
    }
}

fn filled(text: &str) -> Option<String> {
    Some(text).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::takedown::accounts::Role;
    use jiff::civil::date;

    fn account(datasets: &[&str]) -> Account {
        let datasets = datasets.iter().map(|&slug| slug.to_owned()).collect();
        Account { name: "mira".to_owned(), role: Role::Reviewer, datasets, disabled: false, totp: false, made_ms: 0 }
    }

    fn filter(query: &str) -> Result<QueueFilter, AppError> {
        QueueParams::read(query).filter(&account(&["posts"]), date(2026, 11, 22))
    }

    #[test]
    fn nothing_asked_is_all_that_is_open() {
        assert_eq!(filter("").unwrap(), QueueFilter::default());
        assert_eq!(filter("state=open&state=all").unwrap(), QueueFilter::default());
        assert!(filter("state=all").unwrap().closed_too);
    }

    #[test]
    fn days_count_from_today() {
        assert_eq!(filter("due=over").unwrap().due_before.as_deref(), Some("2026-11-21"));
        assert_eq!(filter("due=week").unwrap().due_before.as_deref(), Some("2026-11-29"));
        assert_eq!(filter("due_before=2026-12-24&due=over").unwrap().due_before.as_deref(), Some("2026-12-24"));
    }

    #[test]
    fn what_cannot_be_is_named() {
        for (query, field) in [
            ("state=lost", "state"),
            ("basis=divine", "basis"),
            ("due=soon", "due"),
            ("due_before=x", "due_before"),
            ("limit=0", "limit"),
        ] {
            assert!(
                matches!(filter(query), Err(AppError::BadRequest { field: named, .. }) if named == field),
                "{query}"
            );
        }
        assert!(matches!(filter("dataset=gallery"), Err(AppError::Forbidden { .. })));
        assert_eq!(filter("dataset=posts").unwrap().dataset.as_deref(), Some("posts"));
    }

    #[test]
    fn a_view_is_the_filter_in_one_writing_wherever_its_page_stands() {
        let asked = QueueParams::read("q=a+b&state=all&cursor=2026-11-22~7&limit=20&strange=1");
        assert_eq!(asked.view(), "state=all&q=a+b");
        assert_eq!(QueueParams::read(&asked.view()).view(), asked.view());
        assert_eq!(QueueParams::read("decided=3").view(), "");
    }

    #[test]
    fn the_next_page_keeps_the_filters() {
        let params = QueueParams::read("state=all&q=a+b&cursor=old");
        assert_eq!(params.next_page("/review", "2026-11-22~7"), "/review?state=all&q=a+b&cursor=2026-11-22%7E7");
    }
}
