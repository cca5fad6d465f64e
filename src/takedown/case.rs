//! A case: one person's story, with one target a dataset, each with its own basis, clock and decision.

use serde::{Deserialize, Serialize};

use std::collections::BTreeMap;

use super::basis::Basis;
use super::memo::Memo;
use super::reasons::Reasons;
use super::tombstone::Scope;

/// A row that a case asks about, as it was when it was filed. Given by the caller, who looked it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRef {
    /// The record's id at filing.
    pub id: String,
    pub dataset: String,
    pub revision: String,
    pub file: String,
    pub file_sha256: String,
    pub row: u64,
    /// In the normalized writing of [`crate::web_address`].
    pub url: Option<String>,
    pub source_id: Option<String>,
    /// Digests of the picture's file, hexadecimal.
    pub sha256: Option<String>,
    pub md5: Option<String>,
    /// Picture hashes by kind, hexadecimal.
    pub hashes: BTreeMap<String, String>,
}

/// Where a target stands. Names are those of the API and the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetState {
    Submitted,
    Acknowledged,
    NeedsInfo,
    Verifying,
    InReview,
    /// Follows the outcome of another case.
    Duplicate,
    /// Decided: every row is removed ...
    Granted,
    /// ... some are ...
    Partial,
    /// ... none is.
    Refused,
    OutOfScope,
    Forwarded,
    /// The removal set that holds the rows is signed and public.
    Published,
    /// A later release was looked through and does not hold the rows.
    Verified,
    Closed,
    Withdrawn,
    Expired,
    /// The person asked that somebody else looks at the decision.
    AppealReview,
    Upheld,
    Reversed,
    /// DMCA: a counter-notice is in, 10 to 14 business days run.
    CounterNotice,
    Restored,
    LitigationHold,
}

/// What became of one row of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    Pending,
    /// Hidden from this portal, but in no removal set: while the case is open, or for good under GDPR Article 18.
    Restricted,
    /// To be removed: hidden from this portal and part of the next removal set.
    Granted,
    /// The person was given what they asked to know (GDPR Article 15). Nothing is hidden.
    Answered,
    Refused,
    OutOfScope,
    Forwarded,
    /// A grant that was taken back.
    Restored,
    /// The person took the row out of the case.
    Withdrawn,
}

/// What a maintainer decides. Names are those of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Granted,
    Refused,
    Partial,
    Forwarded,
    OutOfScope,
    NeedsInfo,
    Extended,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "name")]
pub enum Actor {
    Requester,
    /// An account, by name.
    Staff(String),
    /// The portal itself: a clock ran out, a letter went out.
    Portal,
}

/// Something that happened. Events are only ever added, and each carries the hash of the one before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Counts from 1 over the whole portal.
    pub seq: i64,
    pub case: String,
    pub dataset: Option<String>,
    /// Milliseconds since 1970, UTC.
    pub at_ms: i64,
    pub actor: Actor,
    /// `filed`, `acknowledged`, `message`, `decided`, `extended`, `withdrawn`, `appealed`, `proof`, `letter`, ...
    pub kind: String,
    /// A sentence for the person.
    pub text: String,
    /// What else belongs to it, as JSON.
    pub detail: serde_json::Value,
    /// SHA-256, hexadecimal, of the previous event's hash and this event's content.
    pub hash: String,
}

/// A dataset asked by a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    pub dataset: String,
    pub basis: Basis,
    pub state: TargetState,
    pub received_ms: i64,
    /// The last day to decide, ISO 8601 date; `None` where the clock stands still or nothing is due any more.
    pub due: Option<String>,
    pub extended: bool,
    /// The clock stands still since (milliseconds).
    pub paused_ms: Option<i64>,
    pub decided_ms: Option<i64>,
    pub reasons: Option<Reasons>,
    pub rows: Vec<TargetRow>,
    /// What else [`super::decision`] has to remember. The store keeps it as one JSON text.
    #[serde(default)]
    pub memo: Memo,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetRow {
    pub record: RecordRef,
    pub state: RowState,
}

/// What the person said of themselves; only what the basis requires.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Requester {
    pub name: Option<String>,
    pub email: Option<String>,
    /// `self`, `parent`, `agent`, `heir`, `rightholder`, `authorised`.
    pub relationship: Option<String>,
    /// ISO 3166 two letters.
    pub country: Option<String>,
    pub address: Option<String>,
    pub phone: Option<String>,
}

/// What the person declares. A statement is required or not by the basis.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Statements {
    pub good_faith: bool,
    pub accuracy: bool,
    pub perjury: bool,
}

/// A whole case as its owner or a reviewer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Like `K7Q2-M4XD`.
    pub number: String,
    pub basis: Basis,
    pub filed_ms: i64,
    pub requester: Requester,
    pub explanation: String,
    pub statements: Statements,
    pub signature: Option<String>,
    /// Addresses typed by hand, and what the person could not find.
    pub typed_urls: Vec<String>,
    pub cannot_find: Option<String>,
    /// How far the person wants the removal to reach.
    #[serde(default)]
    pub scope: Scope,
    /// The person lets their name be handed on to the dataset's publisher.
    #[serde(default)]
    pub share_name: bool,
    /// Answers to the questions that only this basis asks, by field name.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    pub targets: Vec<Target>,
    pub events: Vec<Event>,
}
