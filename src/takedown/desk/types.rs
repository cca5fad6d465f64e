//! What goes into the desk and what comes out, beside the case itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::takedown::basis::Basis;
use crate::takedown::case::{Actor, Case, Decision, RecordRef, RowState, TargetState};
use crate::takedown::decision::Rows;
use crate::takedown::proof::Claim;
use crate::takedown::reasons::Reasons;
use crate::takedown::tombstone::Scope;

/// A case that was taken in. The passphrase is shown once: only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    pub case: Case,
    /// Six words.
    pub passphrase: String,
}

/// A case as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    pub case: Case,
    pub letters: Vec<LetterLine>,
    pub attachments: Vec<AttachmentLine>,
    pub proofs: Vec<Proof>,
    /// What they set out to show, and what came of it.
    pub claims: Vec<ClaimLine>,
    /// The address was confirmed: letters go there.
    pub email_confirmed: bool,
}

/// A file that comes with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// As the sender called it; shown, never used as a path.
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// An attachment that is kept, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentLine {
    pub id: String,
    pub name: String,
    pub media_type: String,
    pub bytes: u64,
    pub sha256: String,
    pub at_ms: i64,
    pub by: Actor,
}

/// A letter that was written, as the case page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterLine {
    pub id: String,
    pub dataset: Option<String>,
    /// The name of its [`crate::takedown::rules::LetterKind`].
    pub kind: String,
    /// `None` where the person gave no address or has not confirmed it: then the letter is on the case page only.
    pub to: Option<String>,
    pub subject: String,
    pub text: String,
    pub written_ms: i64,
    pub post: PostState,
}

/// Where a letter is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostState {
    /// Nobody to post it to: it is on the case page.
    Page,
    /// Waits to be handed to the mail server or written to the letters directory.
    Queued,
    /// Handed over.
    Sent,
    /// Refused too often; the operator sees why in the log.
    Failed,
}

/// How surely somebody is who they say, and how that was found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// `dns_txt`, `well_known`, `meta_tag`, `profile`, `row_email`, `original_file`, `mandate`, ...
    pub kind: String,
    /// What was shown to be theirs: a domain, an account, an address of a page.
    pub subject: String,
    pub strength: Strength,
    pub checked_ms: i64,
    /// A sentence for the reviewer.
    pub note: String,
}

/// Something to be shown, with the code to publish, where it is one that is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimLine {
    pub claim: Claim,
    pub code: Option<String>,
}

/// The rungs of the ladder of proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    None,
    Weak,
    Fair,
    Strong,
}

/// What a reviewer decides about one dataset of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionOrder {
    pub dataset: String,
    pub rows: Rows,
    pub decision: Decision,
    pub reasons: Reasons,
    /// How far a grant reaches; `None` takes what the person asked for.
    pub scope: Option<Scope>,
    /// The version the reviewer saw ([`Review::versions`]); `None` decides whatever has happened since.
    pub expected_version: Option<i64>,
}

/// Which targets the queue shows. The default is everything that is open, soonest due first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueFilter {
    /// `None`: every open state; with [`QueueFilter::closed_too`] every state.
    pub state: Option<TargetState>,
    pub closed_too: bool,
    pub dataset: Option<String>,
    pub basis: Option<Basis>,
    /// ISO 8601 date: due on or before it.
    pub due_before: Option<String>,
    /// Words, or how they begin, that all stand in number, name, e-mail address, explanation or typed addresses.
    pub text: Option<String>,
    /// An account's name.
    pub assigned: Option<String>,
    /// From [`Queue::next`].
    pub cursor: Option<String>,
    /// 0 means [`QueueFilter::LINES_DEFAULT`].
    pub limit: usize,
}

impl QueueFilter {
    /// A screenful.
    pub const LINES_DEFAULT: usize = 50;
    /// A page of the API.
    pub const LINES_MAX: usize = 500;
}

/// A page of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Queue {
    pub lines: Vec<QueueLine>,
    /// Targets by dataset and state, of all the datasets that the account may see, whatever the filter says.
    pub counts: Vec<QueueCount>,
    /// Open targets past their due date.
    pub overdue: u64,
    pub next: Option<String>,
}

/// One target in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueueLine {
    pub number: String,
    pub dataset: String,
    pub basis: Basis,
    pub state: TargetState,
    pub received_ms: i64,
    pub due: Option<String>,
    pub extended: bool,
    /// The clock stands still.
    pub paused: bool,
    pub rows: u64,
    pub rows_granted: u64,
    pub name: Option<String>,
    pub relationship: Option<String>,
    pub proof: Option<Strength>,
    pub assigned: Option<String>,
    pub version: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueueCount {
    pub dataset: String,
    pub state: TargetState,
    pub targets: u64,
}

/// A case as a reviewer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    pub case: Case,
    /// By dataset: what a decision must name to be sure that nobody was faster.
    pub versions: BTreeMap<String, i64>,
    /// By dataset: the account that works on it.
    pub assigned: BTreeMap<String, String>,
    /// Other cases of the same person, rows or pictures, nearest first.
    pub related: Vec<RelatedCase>,
    pub proofs: Vec<Proof>,
    /// What the person set out to show.
    #[serde(skip)]
    pub claims: Vec<Claim>,
    pub letters: Vec<LetterLine>,
    pub attachments: Vec<AttachmentLine>,
    /// What the basis asks for and the notice does not hold: names of the API.
    pub missing: Vec<String>,
}

/// Another case that has to do with this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RelatedCase {
    pub number: String,
    pub dataset: String,
    pub state: TargetState,
    pub filed_ms: i64,
    pub same_person: bool,
    /// Rows both ask about.
    pub same_rows: u64,
    /// Pictures (same file, or same hash) both ask about.
    pub same_pictures: u64,
}

/// A row that must be left out of the dataset: what a removal set is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantedRow {
    pub case: String,
    pub scope: Scope,
    pub record: RecordRef,
    pub state: RowState,
    pub decided_ms: i64,
}

/// What was found in the event log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogCheck {
    pub events: u64,
    /// Hash of the last event: written down elsewhere, it proves later that nothing before it was changed.
    pub head: String,
    /// The first line that does not fit, and what is wrong with it.
    pub problem: Option<LogProblem>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogProblem {
    pub seq: i64,
    pub what: String,
}

/// Numbers for the transparency page. Small counts are for the page to hide, not kept from its caller.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Statistics {
    pub cases: u64,
    pub targets: u64,
    pub rows_asked: u64,
    pub rows_granted: u64,
    pub open: u64,
    pub overdue: u64,
    pub by_basis: BTreeMap<String, u64>,
    pub by_state: BTreeMap<String, u64>,
    /// Of decided targets.
    pub median_days: Option<f64>,
    /// Decided on or before the day that was due.
    pub decided_in_time: u64,
    pub decided: u64,
}
