//! What happens next to a target, by when, and whose turn it is.

use super::case::{RowState, Target, TargetState};
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
pub fn next(target: &Target, book: &RuleBook) -> Next {
    let rules = book.regime(target.basis, &target.memo.regime);
    let memo = &target.memo;
    let due = target.due.clone();
    let removed = target.rows.iter().any(|row| row.state == RowState::Granted);
    let step = |who: Who, what: &str, by: Option<String>| Next { who, what: what.to_owned(), by };
    match target.state {
        TargetState::Submitted => {
            step(Who::Portal, "We confirm that the request arrived.", memo.acknowledge_by.clone())
        }
        TargetState::InReview if memo.regression.is_some() => {
            let release = memo.regression.as_deref().unwrap_or_default();
            let what = format!(
                "A later release ({release}) holds records again that were to be removed. They stay hidden here. A maintainer takes it up with the publisher."
            );
            step(Who::Maintainer, &what, due)
        }
        TargetState::Acknowledged | TargetState::InReview => {
            step(Who::Maintainer, "A maintainer looks at the request and decides.", due)
        }
        TargetState::NeedsInfo => step(
            Who::Requester,
            "Please answer the question. Without an answer the request is closed.",
            memo.expires_on.clone(),
        ),
        TargetState::Verifying => step(
            Who::Requester,
            "Please show that you may ask this. Without that the request is closed.",
            memo.expires_on.clone(),
        ),
        TargetState::Duplicate => step(Who::Maintainer, "It is decided together with another case.", due),
        TargetState::AppealReview => step(Who::Maintainer, "Somebody else looks at the decision again.", due),
        TargetState::CounterNotice => {
            let from = memo.restore_from.as_deref().map(super::letters::long_date).unwrap_or_default();
            let what = format!(
                "Somebody objected to the notice. If you went to court about it, write here which court and its reference before {from}; otherwise the records are shown again."
            );
            step(Who::Requester, &what, memo.restore_until.clone())
        }
        TargetState::LitigationHold => step(Who::Nobody, "Everything waits for a court.", None),
        TargetState::Granted | TargetState::Partial | TargetState::Reversed if removed => {
            step(Who::Maintainer, "The records go into the next removal set.", None)
        }
        TargetState::Published => step(Who::Portal, "We look through the next release that we take in.", None),
        TargetState::Refused
        | TargetState::Partial
        | TargetState::OutOfScope
        | TargetState::Forwarded
        | TargetState::Expired
            if rules.appeal.is_some() && !memo.appeal_decided =>
        {
            step(
                Who::Requester,
                "If you disagree, you can ask that somebody looks at it again.",
                memo.appeal_until.clone(),
            )
        }
        _ => step(Who::Nobody, "Nothing more is to come.", None),
    }
}
