//! What is personal in a case, and how it goes once its time has come.
//!
//! Pure: the desk finds cases that have ended, this room says what of them is due and takes it out, the store keeps what
//! is left. Decisions with their reasons, rows, dates and counts are not touched: they are what was done, and the rows
//! must stay away.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::case::{Case, Target, TargetState};
use super::clock::{self, Calendar, Term};
use super::memo::{CounterNotice, read_date};
use super::reasons::Reasons;

/// What stands in the place of what was erased.
pub const MARK: &str = "[erased]";

/// What is kept for a time of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Contact,
    Messages,
    Attachments,
    Letters,
}

impl Part {
    pub const ALL: [Self; 4] = [Self::Contact, Self::Messages, Self::Attachments, Self::Letters];

    pub fn name(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Messages => "messages",
            Self::Attachments => "attachments",
            Self::Letters => "letters",
        }
    }

    /// In words, for the log and the terminal.
    pub fn words(self) -> &'static str {
        match self {
            Self::Contact => "names and addresses",
            Self::Messages => "what was written",
            Self::Attachments => "attached files",
            Self::Letters => "letters",
        }
    }

    /// Kinds of events whose text is erased with this part.
    pub fn texts_of(self) -> &'static [&'static str] {
        match self {
            Self::Contact => &["proof"],
            Self::Messages => &["message"],
            Self::Attachments => &[],
            // A subject is the operator's to write, and may name the person.
            Self::Letters => &["letter"],
        }
    }

    /// Kinds of events whose detail is erased with this part.
    pub fn details_of(self) -> &'static [&'static str] {
        match self {
            Self::Messages => &["needs_info", "extended", "court_action"],
            // The digest of a file says what it was to whoever has it.
            Self::Attachments => &["attached"],
            Self::Contact | Self::Letters => &[],
        }
    }
}

/// How long each part is kept after the end of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms(BTreeMap<Part, Term>);

impl Terms {
    pub fn new(of: impl Fn(Part) -> Term) -> Self {
        Self(Part::ALL.into_iter().map(|part| (part, of(part))).collect())
    }

    pub fn each(&self) -> impl Iterator<Item = (Part, Term)> {
        self.0.iter().map(|(part, term)| (*part, *term))
    }

    /// The day on which each part of a case that ended on `ended` is to be erased.
    pub fn due(&self, ended: Date, calendar: &Calendar) -> BTreeMap<Part, Date> {
        self.each().map(|(part, term)| (part, clock::due(ended, term, calendar))).collect()
    }
}

/// When a case ended, where it has: `last` is the day of the last thing that happened to it.
pub fn ended<'a>(targets: impl IntoIterator<Item = &'a Target>, last: Date) -> Option<Date> {
    let mut end = last;
    for target in targets {
        if target.state.is_waiting() {
            return None;
        }
        // Somebody may still disagree: until then it is needed.
        let may_appeal = target.state != TargetState::Closed && !target.memo.appeal_decided;
        let appeal = read_date(target.memo.appeal_until.as_deref()).filter(|_| may_appeal);
        end = end.max(appeal.unwrap_or(last));
    }
    Some(end)
}

/// Takes a part out of a case. `is_choice` says of an answer (`answers.NAME`) that it is one of a few to choose from: those
/// say nothing of their own and stay.
pub fn erase_case(part: Part, case: &mut Case, is_choice: impl Fn(&str) -> bool) {
    match part {
        Part::Contact => {
            let person = &mut case.requester;
            for field in [&mut person.name, &mut person.email, &mut person.address, &mut person.phone] {
                mark_some(field);
            }
            mark_some(&mut case.signature);
        }
        Part::Messages => {
            mark(&mut case.explanation);
            case.typed_urls.iter_mut().for_each(mark);
            mark_some(&mut case.cannot_find);
            case.answers.iter_mut().filter(|(name, _)| !is_choice(name)).for_each(|(_, answer)| mark(answer));
        }
        Part::Attachments | Part::Letters => {}
    }
}

/// Takes a part out of what is remembered of a target.
pub fn erase_target(part: Part, target: &mut Target) {
    let memo = &mut target.memo;
    match part {
        Part::Contact => {
            if let Some(CounterNotice { name, address, phone, email, signature, .. }) = &mut memo.counter_notice {
                [name, address, phone, signature].into_iter().for_each(mark);
                mark_some(email);
            }
        }
        Part::Messages => {
            [&mut memo.message, &mut memo.appeal, &mut memo.court_action].into_iter().for_each(mark_some);
            for Reasons { explanation, facts, .. } in [&mut memo.asked, &mut memo.extension].into_iter().flatten() {
                mark(explanation);
                mark(facts);
            }
            if let Some(CounterNotice { material, explanation, .. }) = &mut memo.counter_notice {
                mark(material);
                mark(explanation);
            }
        }
        Part::Attachments | Part::Letters => {}
    }
}

fn mark(text: &mut String) {
    if !text.is_empty() {
        MARK.clone_into(text);
    }
}

fn mark_some(text: &mut Option<String>) {
    if let Some(text) = text {
        mark(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::takedown::basis::Basis;
    use crate::takedown::decision::{NewTarget, open};
    use crate::takedown::rules::RuleBook;
    use jiff::civil::date;

    fn target(state: TargetState) -> Target {
        let book = RuleBook::built_in();
        let rules = book.of(Basis::Plain, None);
        let new = NewTarget { dataset: "posts".into(), rows: Vec::new(), scope: super::super::tombstone::Scope::Row };
        let target = open(new, rules, book.calendar(rules), date(2026, 11, 22), 0).target;
        Target { state, ..target }
    }

    #[test]
    fn a_case_has_ended_when_nothing_waits_and_nobody_can_appeal_any_more() {
        let last = date(2026, 11, 22);
        let refused = |until: &str| {
            let mut target = target(TargetState::Refused);
            target.memo.appeal_until = Some(until.to_owned());
            target
        };
        assert_eq!(ended(&[target(TargetState::InReview)], last), None);
        assert_eq!(ended(&[refused("2027-05-24"), target(TargetState::AppealReview)], last), None);
        assert_eq!(ended(&[target(TargetState::Withdrawn)], last), Some(last));
        assert_eq!(ended(&[target(TargetState::Verified), refused("2027-05-24")], last), Some(date(2027, 5, 24)));
        assert_eq!(ended(&[refused("2026-01-01")], last), Some(last));
        let mut closed = refused("2027-05-24");
        closed.state = TargetState::Closed;
        assert_eq!(ended(&[closed], last), Some(last));
    }

    #[test]
    fn every_part_is_due_by_the_calendar() {
        let terms = Terms::new(|part| match part {
            Part::Contact => Term::months(24),
            Part::Messages => Term::months(3),
            Part::Attachments => Term::days(30),
            Part::Letters => Term::months(1),
        });
        let calendar = Calendar::weekends_only();
        // The end of January and three months is the last of April; a month that ends on a Sunday ends on Monday.
        let table = [
            (date(2027, 1, 31), Part::Messages, date(2027, 4, 30)),
            (date(2027, 1, 31), Part::Letters, date(2027, 3, 1)),
            (date(2027, 1, 31), Part::Attachments, date(2027, 3, 2)),
            (date(2026, 11, 22), Part::Contact, date(2028, 11, 22)),
        ];
        for (ended, part, due) in table {
            assert_eq!(terms.due(ended, &calendar)[&part], due, "{part:?} after {ended}");
        }
    }

    #[test]
    fn what_is_personal_goes_and_what_was_decided_stays() {
        let mut target = target(TargetState::Closed);
        let reasons: Reasons =
            serde_json::from_value(serde_json::json!({"ground": "law", "facts": "Ada was asked."})).unwrap();
        target.reasons = Some(reasons.clone());
        target.memo.asked = Some(reasons.clone());
        target.memo.appeal = Some("I am Ada.".into());
        target.memo.counter_notice =
            Some(CounterNotice { name: "Noor".into(), material: "Mine.".into(), ..CounterNotice::default() });
        for part in Part::ALL {
            erase_target(part, &mut target);
        }
        let text = serde_json::to_string(&target.memo).unwrap();
        assert!(!text.contains("Ada") && !text.contains("Noor") && !text.contains("Mine"), "{text}");
        assert_eq!(target.reasons, Some(reasons));
        assert_eq!(target.memo.counter_notice.unwrap().phone, "", "what was never there is not marked");
    }
}
