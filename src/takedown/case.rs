//! A case: one person's story, with one target a dataset, each with its own basis, clock and decision.

use serde::{Deserialize, Serialize};

use std::collections::BTreeMap;
use std::sync::Arc;

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

impl RecordRef {
    /// What tells the row from all others: an id alone means another row where its revision was taken in again from
    /// other files under the same name.
    pub fn place(&self) -> String {
        format!("{}\n{}\n{}\n{}", self.dataset, self.id, self.file_sha256, self.row)
    }
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

impl TargetState {
    pub const ALL: [Self; 22] = [
        Self::Submitted,
        Self::Acknowledged,
        Self::NeedsInfo,
        Self::Verifying,
        Self::InReview,
        Self::Duplicate,
        Self::Granted,
        Self::Partial,
        Self::Refused,
        Self::OutOfScope,
        Self::Forwarded,
        Self::Published,
        Self::Verified,
        Self::Closed,
        Self::Withdrawn,
        Self::Expired,
        Self::AppealReview,
        Self::Upheld,
        Self::Reversed,
        Self::CounterNotice,
        Self::Restored,
        Self::LitigationHold,
    ];

    /// The name in the API and the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Acknowledged => "acknowledged",
            Self::NeedsInfo => "needs_info",
            Self::Verifying => "verifying",
            Self::InReview => "in_review",
            Self::Duplicate => "duplicate",
            Self::Granted => "granted",
            Self::Partial => "partial",
            Self::Refused => "refused",
            Self::OutOfScope => "out_of_scope",
            Self::Forwarded => "forwarded",
            Self::Published => "published",
            Self::Verified => "verified",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::AppealReview => "appeal_review",
            Self::Upheld => "upheld",
            Self::Reversed => "reversed",
            Self::CounterNotice => "counter_notice",
            Self::Restored => "restored",
            Self::LitigationHold => "litigation_hold",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// In words, for pages.
    pub fn words(self) -> &'static str {
        match self {
            Self::Submitted => "sent",
            Self::Acknowledged => "received",
            Self::NeedsInfo => "waits for an answer",
            Self::Verifying => "waits for a proof of who asks",
            Self::InReview => "being looked at",
            Self::Duplicate => "decided together with another case",
            Self::Granted => "granted",
            Self::Partial => "granted in part",
            Self::Refused => "not granted",
            Self::OutOfScope => "not ours to decide",
            Self::Forwarded => "handed on",
            Self::Published => "in a public removal set",
            Self::Verified => "gone from a later release",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "closed without an answer",
            Self::AppealReview => "looked at again by somebody else",
            Self::Upheld => "the decision stays",
            Self::Reversed => "the decision was changed",
            Self::CounterNotice => "waits after a counter-notice",
            Self::Restored => "shown again",
            Self::LitigationHold => "waits for a court",
        }
    }

    /// Not decided yet, for the first time or again after a regression.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::Submitted | Self::Acknowledged | Self::NeedsInfo | Self::Verifying | Self::InReview | Self::Duplicate
        )
    }

    /// Somebody has something to do about it: it belongs in the queue.
    pub fn is_waiting(self) -> bool {
        self.is_open() || matches!(self, Self::AppealReview | Self::CounterNotice | Self::LitigationHold)
    }
}

/// What became of one row of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    Pending,
    /// Not decided, and hidden from this portal until it is.
    Restricted,
    /// To be removed: hidden from this portal and part of the next removal set.
    Granted,
    /// Hidden from this portal and kept, in no removal set (GDPR Article 18).
    SetAside,
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

impl RowState {
    /// Nothing was decided about it.
    pub fn is_undecided(self) -> bool {
        matches!(self, Self::Pending | Self::Restricted)
    }

    /// The person got what they asked for.
    pub fn is_granted(self) -> bool {
        matches!(self, Self::Granted | Self::SetAside | Self::Answered)
    }

    /// Not shown in this portal.
    pub fn is_hidden(self) -> bool {
        matches!(self, Self::Granted | Self::SetAside | Self::Restricted)
    }
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
    /// Shared: a case has thousands, and is copied for every step that may not come to pass.
    #[serde(with = "shared")]
    pub record: Arc<RecordRef>,
    pub state: RowState,
}

/// Something shared is written and read as what it is.
mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<T: Serialize, S: Serializer>(value: &Arc<T>, output: S) -> Result<S::Ok, S::Error> {
        T::serialize(value, output)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(input: D) -> Result<Arc<T>, D::Error> {
        T::deserialize(input).map(Arc::new)
    }
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
