//! What happens next to a target, by when, and whose turn it is.

use super::case::{Case, Target};
use super::rules::RuleBook;

/// The next step, in words for the case page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    pub who: Who,
    pub what: String,
    /// ISO 8601 date.
    pub by: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Requester,
    Maintainer,
    /// The portal itself: publishing, looking through releases.
    Portal,
    /// Nothing more is to come.
    Nobody,
}

/// The next step of a target.
pub fn next(_case: &Case, target: &Target, _book: &RuleBook) -> Next {
    Next { who: Who::Nobody, what: String::new(), by: target.due.clone() }
}
