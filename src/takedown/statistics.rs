//! What the public is told of requests: figures counted from targets, and what of them may be shown.
//!
//! Pure: [`facts_of`] says what the store keeps of a target for counting, [`Figures::of`] adds up what the store counted,
//! [`Shown::of`] hides what is small ([`small_counts`] has the rule). No figure here is about one person alone.

pub mod small_counts;

use std::collections::BTreeMap;

use serde::Serialize;

use self::small_counts::{Count, part_of, protect};
use super::basis::Basis;
use super::case::{Decision, Target, TargetState};
use super::clock::days_between;
use super::memo::read_date;

/// What became of a request. Names are those of the API and the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    Granted,
    Partial,
    Refused,
    OutOfScope,
    Forwarded,
    Withdrawn,
    Expired,
    Undecided,
}

impl Outcome {
    pub const ALL: [Self; 8] = [
        Self::Granted,
        Self::Partial,
        Self::Refused,
        Self::OutOfScope,
        Self::Forwarded,
        Self::Withdrawn,
        Self::Expired,
        Self::Undecided,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Partial => "partial",
            Self::Refused => "refused",
            Self::OutOfScope => "out_of_scope",
            Self::Forwarded => "forwarded",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Undecided => "undecided",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }

    fn is_decision(self) -> bool {
        !matches!(self, Self::Withdrawn | Self::Expired | Self::Undecided)
    }
}

/// What is kept of a target so that it can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    pub outcome: Outcome,
    /// Days from the start of its clock to the first decision, without those on which the clock stood still.
    pub days: Option<u32>,
    pub appealed: bool,
    /// An appeal changed the decision.
    pub reversed: bool,
    /// A grant was taken back, after a counter-notice or as a mistake.
    pub restored: bool,
}

pub fn facts_of(target: &Target) -> Facts {
    let outcome = match (target.memo.decision, target.state) {
        (Some(Decision::Granted), _) => Outcome::Granted,
        (Some(Decision::Partial), _) => Outcome::Partial,
        (Some(Decision::OutOfScope), _) => Outcome::OutOfScope,
        (Some(Decision::Forwarded), _) => Outcome::Forwarded,
        (Some(Decision::Refused | Decision::NeedsInfo | Decision::Extended), _) => Outcome::Refused,
        (None, TargetState::Withdrawn) => Outcome::Withdrawn,
        (None, TargetState::Expired) => Outcome::Expired,
        (None, _) => Outcome::Undecided,
    };
    let from = read_date(target.memo.clock_from.as_deref());
    let to = read_date(target.memo.decided_on.as_deref());
    let days = from.zip(to).map(|(from, to)| days_between(from, to).saturating_sub(target.memo.paused_days));
    Facts {
        outcome,
        days: days.filter(|_| outcome.is_decision()),
        appealed: target.memo.appeal.is_some(),
        reversed: target.state == TargetState::Reversed,
        restored: target.state == TargetState::Restored,
    }
}

/// Targets that are alike in everything that is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub dataset: String,
    pub basis: Basis,
    pub outcome: Outcome,
    pub days: Option<u32>,
    pub appealed: bool,
    pub reversed: bool,
    pub restored: bool,
    pub targets: u64,
}

/// The exact figures of one dataset. They are not for showing: [`Shown`] is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    by_basis: BTreeMap<Basis, u64>,
    by_outcome: BTreeMap<Outcome, u64>,
    /// Decided targets by the days that it took.
    days: BTreeMap<u32, u64>,
    appeals: u64,
    reversed: u64,
    restored: u64,
    /// Waiting for a decision, of whatever kind, past the day it was due.
    overdue: u64,
    waiting: u64,
}

impl Figures {
    /// Adds up by dataset. `waiting`: by dataset, targets that wait for somebody to decide, and those of them whose day
    /// has passed.
    pub fn of(groups: &[Group], waiting: &BTreeMap<String, (u64, u64)>) -> BTreeMap<String, Self> {
        let mut all: BTreeMap<String, Self> = BTreeMap::new();
        for group in groups {
            let figures = all.entry(group.dataset.clone()).or_default();
            let n = group.targets;
            *figures.by_basis.entry(group.basis).or_default() += n;
            *figures.by_outcome.entry(group.outcome).or_default() += n;
            if let Some(days) = group.days {
                *figures.days.entry(days).or_default() += n;
            }
            figures.appeals += if group.appealed { n } else { 0 };
            figures.reversed += if group.reversed { n } else { 0 };
            figures.restored += if group.restored { n } else { 0 };
        }
        for (dataset, (waiting, overdue)) in waiting {
            let figures = all.entry(dataset.clone()).or_default();
            (figures.waiting, figures.overdue) = (*waiting, *overdue);
        }
        all
    }

    fn outcome(&self, outcome: Outcome) -> u64 {
        self.by_outcome.get(&outcome).copied().unwrap_or(0)
    }

    fn sum(&self, keep: impl Fn(Outcome) -> bool) -> u64 {
        self.by_outcome.iter().filter(|(outcome, _)| keep(**outcome)).map(|(_, n)| n).sum()
    }

    /// The day at or below which `percent` of all decisions were made, by nearest rank.
    fn days_at(&self, percent: u64) -> Option<u32> {
        let n: u64 = self.days.values().sum();
        let rank = (n * percent).div_ceil(100).max(1);
        let mut seen = 0;
        self.days.iter().find_map(|(days, n)| {
            seen += n;
            (seen >= rank).then_some(*days)
        })
    }
}

/// The figures of one dataset as everybody may see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// How many there were at least: never an exact total, which would give away what is hidden in a part.
    pub requests: Count,
    pub by_basis: BTreeMap<&'static str, Count>,
    pub by_outcome: BTreeMap<&'static str, Count>,
    /// `None` where fewer than five were decided.
    pub days_to_decide: Option<Days>,
    pub overdue: Count,
    pub appeals: Count,
    pub reversed: Count,
    pub restored: Count,
}

/// Days that decisions took, by nearest rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Days {
    pub median: u32,
    pub percentile_90: u32,
}

impl Shown {
    pub fn of(figures: &Figures) -> Self {
        let bases = Basis::ALL.map(|basis| figures.by_basis.get(&basis).copied().unwrap_or(0));
        let outcomes = Outcome::ALL.map(|outcome| figures.outcome(outcome));
        let [bases, outcomes] = protect([&bases, &outcomes], None);
        let shown_of = |keep: fn(Outcome) -> bool| -> u64 {
            Outcome::ALL.iter().zip(&outcomes).filter(|(outcome, _)| keep(**outcome)).map(|(_, n)| n.at_least()).sum()
        };
        let can_be_appealed = |outcome: Outcome| outcome.is_decision() || outcome == Outcome::Expired;
        let is_grant = |outcome: Outcome| matches!(outcome, Outcome::Granted | Outcome::Partial);
        let appeals = part_of(figures.appeals, figures.sum(can_be_appealed), shown_of(can_be_appealed));
        let decided: u64 = figures.days.values().sum();
        let days = figures.days_at(50).zip(figures.days_at(90));
        Self {
            requests: Count::total(figures.sum(|_| true), bases.iter().map(Count::at_least).sum()),
            overdue: part_of(figures.overdue, figures.waiting, shown_of(|_| true)),
            reversed: part_of(figures.reversed, figures.appeals, appeals.exact().unwrap_or(0)),
            restored: part_of(figures.restored, figures.sum(is_grant), shown_of(is_grant)),
            appeals,
            days_to_decide: days
                .filter(|_| decided >= small_counts::THRESHOLD)
                .map(|(median, percentile_90)| Days { median, percentile_90 }),
            by_basis: Basis::ALL.iter().map(|basis| basis.name()).zip(bases).collect(),
            by_outcome: Outcome::ALL.iter().map(|outcome| outcome.name()).zip(outcomes).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
