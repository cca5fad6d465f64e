//! What the state machine has to remember of a target between two acts, beside what a page shows.
//!
//! Dates are ISO 8601 texts (`2026-11-22`), as everywhere in the store. A field that is missing in an older store reads
//! as its default.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::case::Decision;
use super::reasons::Reasons;
use super::tombstone::Scope;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memo {
    /// The regime the rules were taken from at filing: empty, or a variant such as `uk`.
    pub regime: String,
    /// The day the clock started: that of filing, or a later one where the rules let the clock begin again.
    pub clock_from: Option<String>,
    /// The last day to say that the request arrived.
    pub acknowledge_by: Option<String>,
    /// How far the removal reaches.
    pub scope: Scope,

    /// The clock stands still since this day.
    pub paused_on: Option<String>,
    /// Days it stood still before.
    pub paused_days: u32,
    /// What was asked of the person.
    pub asked: Option<Reasons>,
    /// The day after which an unanswered question closes the target.
    pub expires_on: Option<String>,
    /// The last thing a maintainer wrote to the person.
    pub message: Option<String>,
    /// Why more time was taken.
    pub extension: Option<Reasons>,

    pub decision: Option<Decision>,
    pub decided_on: Option<String>,
    /// The day it was due, where a clock ran when it was decided.
    pub was_due: Option<String>,
    pub decided_by: Option<String>,
    /// The first of two persons, where two decided.
    pub proposed_by: Option<String>,
    /// A decision that waits for a second person.
    pub proposal: Option<Proposal>,

    pub appeal_until: Option<String>,
    /// Why the person appealed.
    pub appeal: Option<String>,
    pub appeal_decided: bool,

    /// The case whose outcome this one follows.
    pub duplicate_of: Option<String>,
    /// The version of the removal set that holds the rows.
    pub published_version: Option<u32>,
    /// The release that was looked through, and the digest of what was read.
    pub verified_release: Option<String>,
    pub verified_sha256: Option<String>,
    /// The release that holds removed rows again, until that is decided.
    pub regression: Option<String>,

    pub counter_notice: Option<CounterNotice>,
    /// First and last day to put the material back.
    pub restore_from: Option<String>,
    pub restore_until: Option<String>,
    /// What the complainant told of an action before a court.
    pub court_action: Option<String>,
}

/// What the first of two persons wants to decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub decision: Decision,
    /// Ids of the records, sorted; empty for all.
    pub rows: Vec<String>,
    pub scope: Option<Scope>,
    pub reasons: Reasons,
    pub by: String,
}

/// A counter-notice under 17 U.S.C. § 512(g)(3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CounterNotice {
    pub name: String,
    pub address: String,
    pub phone: String,
    pub email: Option<String>,
    /// What was removed and where it stood.
    pub material: String,
    /// Why the removal was a mistake.
    pub explanation: String,
    /// Declared under penalty of perjury.
    pub perjury: bool,
    /// Consents to the jurisdiction of the court and accepts service.
    pub jurisdiction: bool,
    pub signature: String,
}

impl CounterNotice {
    /// The elements that the law asks for and that are missing, by field name.
    pub fn missing(&self) -> Vec<&'static str> {
        let texts = [
            ("name", &self.name),
            ("address", &self.address),
            ("phone", &self.phone),
            ("material", &self.material),
            ("signature", &self.signature),
        ];
        let mut missing: Vec<_> =
            texts.into_iter().filter(|(_, text)| text.trim().is_empty()).map(|(name, _)| name).collect();
        missing.extend((!self.perjury).then_some("perjury"));
        missing.extend((!self.jurisdiction).then_some("jurisdiction"));
        missing
    }
}

/// A date of the memo or of [`super::case::Target::due`], read.
pub fn read_date(text: Option<&str>) -> Option<Date> {
    text.and_then(|text| text.parse().ok())
}
