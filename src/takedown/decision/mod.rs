//! The state machine of a target: pure, one act in, one outcome out.
//!
//! The caller keeps the outcome in one transaction: the changed target, the events, the letters, and which rows are
//! hidden or shown again. Nothing here reads a clock: `today` is the day in the operator's time zone, `now_ms` the same
//! moment.
//!
//! [`course`] has the steps on the way, [`decide`] what a maintainer decides, [`appeal`] what comes after; [`step`] is
//! the work bench they share.

mod appeal;
mod course;
mod decide;
mod step;

use jiff::civil::Date;
use serde_json::{Value, json};

pub use super::memo::CounterNotice;
pub use super::rules::LetterKind;

use self::step::Step;
use super::case::{Actor, Decision, RecordRef, Target, TargetState};
use super::clock::Calendar;
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
    /// `scope`: how far a grant reaches; `None` takes what the person asked for. [`Decision::Partial`] grants the rows
    /// that are named and refuses those that are not decided yet. A question whose `reasons.refusal` is
    /// [`RefusalReason::InsufficientVerification`](super::reasons::RefusalReason) puts in doubt who asks.
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
        sha256: String,
        /// Ids of the records that it holds, sorted.
        found: Vec<String>,
        /// Ids of those of which it cannot be told.
        untold: Vec<String>,
    },
}

/// Which rows a decision is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    /// All that are not decided yet; all there are where nothing is left.
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
    /// Places in `target.rows` to hide from this portal: as far as `target.memo.scope` says where the row is granted or
    /// set aside, the row alone where it is only restricted while the case is open. Rows that were hidden before and
    /// are hidden further now are among them.
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
    #[error("this is not possible now ({act}): the request is {}", .state.words())]
    WrongState { act: &'static str, state: TargetState },
    #[error("a decision needs reasons: write why that leads to it ({0} is empty)")]
    ReasonsMissing(&'static str),
    #[error("{field} is longer than {max} characters")]
    TooLong { field: &'static str, max: usize },
    #[error("record {0} is not part of this request")]
    NoSuchRecord(String),
    #[error("one of the records is decided already; it cannot be taken out any more")]
    RowDecided,
    #[error("no record was named")]
    NoRecords,
    #[error("the request names no record that could be granted; add the rows it is about first")]
    NothingToGrant,
    #[error("partly granted: name the records that are granted")]
    PartialOfAll,
    #[error("the rules of this basis allow no extension")]
    NoExtension,
    #[error("the term was extended before; it can be extended only once")]
    ExtendedBefore,
    #[error("an extension had to be told by {0}")]
    ExtensionTooLate(String),
    #[error("the clock stands still until the person answers; there is nothing to extend")]
    ClockStopped,
    #[error("the rules allow no proof to be asked for here")]
    NoProof,
    #[error("an appeal was possible until {0}")]
    AppealTooLate(String),
    #[error("no removal was granted here")]
    NothingRemoved,
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
    #[error("the other case has to be named")]
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
    let target = Target {
        dataset: new.dataset,
        basis: rules.basis,
        state: TargetState::Submitted,
        received_ms: now_ms,
        due: None,
        extended: false,
        paused_ms: None,
        decided_ms: None,
        reasons: None,
        rows: Vec::new(),
        memo: Memo {
            regime: rules.regime.clone(),
            clock_from: Some(today.to_string()),
            scope: new.scope,
            ..Memo::default()
        },
    };
    let mut step = Step::new(&target, rules, calendar, today, now_ms);
    step.add_rows(new.rows);
    step.start_clock();
    if let Some(acknowledge) = &rules.acknowledge {
        step.target.memo.acknowledge_by = Some(step.date_after(acknowledge));
    }
    let rows = step.target.rows.len();
    step.event(
        Actor::Requester,
        "filed",
        format!("The request arrived. It is about {}.", step::counted(rows)),
        json!({
            "basis": rules.basis.name(), "regime": rules.regime, "rows": rows, "due": step.target.due,
        }),
    );
    step.outcome()
}

/// What an act makes of a target, or why it cannot be.
pub fn transition(
    target: &Target,
    act: &Act,
    rules: &Rules,
    calendar: &Calendar,
    today: Date,
    now_ms: i64,
) -> Result<Outcome, DecisionError> {
    let mut step = Step::new(target, rules, calendar, today, now_ms);
    match act {
        Act::Acknowledge => course::acknowledge(&mut step)?,
        Act::Start { by } => course::start(&mut step, by)?,
        Act::AskProof { reasons, by } => course::ask_proof(&mut step, reasons, by)?,
        Act::Message { text, by } => course::message(&mut step, text, by)?,
        Act::ProofChecked { summary, by } => course::proof_checked(&mut step, summary, by)?,
        Act::Withdraw => course::withdraw(&mut step)?,
        Act::Narrow { drop } => course::narrow(&mut step, drop)?,
        Act::AddRows { rows, by } => course::add_rows(&mut step, rows, by)?,
        Act::Expire => course::expire(&mut step)?,
        Act::MarkDuplicate { of, by } => course::mark_duplicate(&mut step, of, by)?,
        Act::Publish { version } => course::publish(&mut step, *version)?,
        Act::Verify { release, sha256 } => course::verify(&mut step, release, sha256)?,
        Act::Close { by } => course::close(&mut step, by)?,
        Act::Reopen { release, sha256, found, untold } => {
            course::reopen(&mut step, (release, sha256), found, untold)?;
        }
        Act::Decide { decision, rows, reasons, scope, by } => {
            let order = decide::Order { decision: *decision, rows, reasons, scope: *scope, by };
            decide::decide(&mut step, &order)?;
        }
        Act::Appeal { why } => appeal::appeal(&mut step, why)?,
        Act::DecideAppeal { ruling, reasons, by } => appeal::decide_appeal(&mut step, *ruling, reasons, by)?,
        Act::CounterNotice { notice, by } => appeal::counter_notice(&mut step, notice, by)?,
        Act::CourtAction { reference, by } => appeal::court_action(&mut step, reference, by)?,
        Act::Restore { reasons, by } => appeal::restore(&mut step, reasons, by)?,
    }
    Ok(step.outcome())
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
