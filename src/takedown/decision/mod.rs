//! The state machine of a target: pure, one act in, one outcome out.
//!
//! The caller keeps the outcome in one transaction: the changed target, the events, the letters, and which rows are
//! hidden or shown again. Nothing here reads a clock: `today` is the day in the operator's time zone, `now_ms` the same
//! moment.

use jiff::civil::Date;
use serde_json::Value;

pub use super::memo::CounterNotice;
pub use super::rules::LetterKind;

use super::case::{Actor, Decision, RecordRef, Target, TargetState};
use super::clock::{self, Calendar};
use super::memo::Memo;
use super::reasons::Reasons;
use super::rules::Rules;
use super::tombstone::Scope;

/// Something that somebody does to a target. `by` is the name of an account.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Says that the request arrived.
    Acknowledge,
    /// A maintainer begins to look at it.
    Start {
        by: String,
    },
    /// Who asks is in doubt; `reasons.explanation` says why.
    AskProof {
        reasons: Reasons,
        by: String,
    },
    /// `scope`: how far a grant reaches; `None` takes what the person asked for.
    Decide {
        decision: Decision,
        rows: Rows,
        reasons: Reasons,
        scope: Option<Scope>,
        by: String,
    },
    /// By the requester or by staff.
    Message {
        text: String,
        by: Actor,
    },
    /// A proof of who asks was looked at; `summary` goes into the log.
    ProofChecked {
        summary: String,
        by: Actor,
    },
    Withdraw,
    /// The person takes rows out, by id.
    Narrow {
        drop: Vec<String>,
    },
    /// A maintainer found the rows that the person could not.
    AddRows {
        rows: Vec<RecordRef>,
        by: String,
    },
    Appeal {
        why: String,
    },
    DecideAppeal {
        ruling: Ruling,
        reasons: Reasons,
        by: String,
    },
    CounterNotice {
        notice: CounterNotice,
        by: Actor,
    },
    /// The complainant told of an action before a court.
    CourtAction {
        reference: String,
        by: String,
    },
    /// Takes a grant back: after a counter-notice, or because it was a mistake.
    Restore {
        reasons: Reasons,
        by: Actor,
    },
    /// The removal set of this version is signed and public.
    Publish {
        version: u32,
    },
    /// A later release was looked through and does not hold the rows.
    Verify {
        release: String,
        sha256: String,
    },
    Close {
        by: Actor,
    },
    /// A question stayed open for too long.
    Expire,
    MarkDuplicate {
        of: String,
        by: String,
    },
    /// A later release holds the rows again.
    Reopen {
        release: String,
        found: u32,
    },
}

/// Which rows a decision is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    /// All that are not withdrawn.
    All,
    /// Record ids.
    Ids(Vec<String>),
}

/// What becomes of a decision that was appealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    Uphold,
    /// Rows that were not granted are granted; where all were granted, they are shown again.
    Reverse,
}

/// What an act leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub target: Target,
    pub events: Vec<NewEvent>,
    /// To be written by [`super::letters::write`] from the case as it is after this outcome. A letter that several
    /// targets of one case call for at once (acknowledgement, withdrawal) needs to be written only once, without target.
    pub letters: Vec<LetterKind>,
    /// Places in `target.rows` to hide from this portal, to `target.memo.scope` for grants and to the row alone while
    /// a case is open.
    pub hide: Vec<usize>,
    /// Places to show again.
    pub unhide: Vec<usize>,
}

/// An event before the log gives it a number, a time and a hash.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    pub dataset: Option<String>,
    pub actor: Actor,
    pub kind: &'static str,
    /// A sentence for the person.
    pub text: String,
    pub detail: Value,
}

/// Why an act cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecisionError {
    #[error("a {act} is not possible while the request is {state:?}")]
    WrongState { act: &'static str, state: TargetState },
    #[error("a decision needs reasons: {0} is missing")]
    ReasonsMissing(&'static str),
    #[error("{field} is longer than {max} characters")]
    TooLong { field: &'static str, max: usize },
    #[error("record {0} is not part of this request")]
    NoSuchRecord(String),
    #[error("no record was named")]
    NoRecords,
    #[error("the rules of this basis allow no extension")]
    NoExtension,
    #[error("the term was extended before; it can be extended only once")]
    ExtendedBefore,
    #[error("an extension had to be told by {0}")]
    ExtensionTooLate(String),
    #[error("the clock stands still until the person answers; there is nothing to extend")]
    ClockStopped,
    #[error("the rules of this basis allow no proof to be asked for")]
    NoProof,
    #[error("an appeal was possible until {0}")]
    AppealTooLate(String),
    #[error("the rules of this basis have no appeal")]
    NoAppeal,
    #[error("the decision was appealed before; what was decided then is final here")]
    AppealedBefore,
    #[error("{0} made the decision; an appeal is decided by somebody else")]
    SameReviewer(String),
    #[error("{0} proposed this decision; a second person has to confirm it")]
    SecondPersonNeeded(String),
    #[error("a counter-notice is only known to the DMCA")]
    NoCounterNotice,
    #[error("the counter-notice lacks: {}", .0.join(", "))]
    CounterNoticeIncomplete(Vec<&'static str>),
    #[error("the material can be put back from {0} on")]
    RestoreTooEarly(String),
    #[error("the question stays open until {0}")]
    NotExpired(String),
    #[error("a case cannot be a duplicate of itself or of nothing")]
    BadDuplicate,
}

/// What a target is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTarget {
    pub dataset: String,
    pub rows: Vec<RecordRef>,
    pub scope: Scope,
}

/// A new target: received, its clock running, hidden at once where the basis says so. The caller follows it with
/// [`Act::Acknowledge`].
pub fn open(new: NewTarget, rules: &Rules, calendar: &Calendar, today: Date, now_ms: i64) -> Outcome {
    let due = clock::due(today, rules.decide.term(), calendar);
    let target = Target {
        dataset: new.dataset,
        basis: rules.basis,
        state: TargetState::Submitted,
        received_ms: now_ms,
        due: Some(due.to_string()),
        extended: false,
        paused_ms: None,
        decided_ms: None,
        reasons: None,
        rows: Vec::new(),
        memo: Memo { scope: new.scope, ..Memo::default() },
    };
    Outcome { target, events: Vec::new(), letters: Vec::new(), hide: Vec::new(), unhide: Vec::new() }
}

/// What an act makes of a target, or why it cannot be.
pub fn transition(
    target: &Target,
    _act: &Act,
    _rules: &Rules,
    _calendar: &Calendar,
    _today: Date,
    _now_ms: i64,
) -> Result<Outcome, DecisionError> {
    Ok(Outcome {
        target: target.clone(),
        events: Vec::new(),
        letters: Vec::new(),
        hide: Vec::new(),
        unhide: Vec::new(),
    })
}
