//! What comes after a decision: somebody else looks again, a counter-notice, a grant taken back.

use serde_json::json;

use super::step::{Step, counted, staff, within};
use super::{CounterNotice, DecisionError, LetterKind, Ruling, decide};
use crate::takedown::case::{Actor, RowState, TargetState};
use crate::takedown::letters::long_date;
use crate::takedown::reasons::{FACTS_CHARS_MAX, REFERENCE_CHARS_MAX, Reasons};

/// States in which rows are removed and stay so unless somebody acts.
const REMOVED: [TargetState; 6] = [
    TargetState::Granted,
    TargetState::Partial,
    TargetState::Published,
    TargetState::Verified,
    TargetState::Reversed,
    TargetState::Closed,
];

pub(super) fn appeal(step: &mut Step<'_>, why: &str) -> Result<(), DecisionError> {
    let Some(rule) = &step.rules.appeal else { return Err(DecisionError::NoAppeal) };
    if step.target.memo.appeal_decided {
        return Err(DecisionError::AppealedBefore);
    }
    let decided = [
        TargetState::Granted,
        TargetState::Partial,
        TargetState::Refused,
        TargetState::OutOfScope,
        TargetState::Forwarded,
        TargetState::Published,
        TargetState::Verified,
        TargetState::Closed,
        TargetState::Restored,
        TargetState::Expired,
    ];
    step.only_in("appeal", &decided)?;
    if why.trim().is_empty() {
        return Err(DecisionError::ReasonsMissing("why"));
    }
    within("why", why, FACTS_CHARS_MAX)?;
    if let Some(until) = step.target.memo.appeal_until.clone()
        && step.today.to_string() > until
    {
        return Err(DecisionError::AppealTooLate(until));
    }
    step.target.memo.appeal = Some(why.to_owned());
    if step.target.state == TargetState::Expired {
        // Nothing was decided: it is taken up again where it was left.
        let undecided = step.undecided_row();
        step.settle_undecided(undecided);
        step.target.state = TargetState::InReview;
        step.start_clock();
    } else {
        step.target.state = TargetState::AppealReview;
        step.target.due = Some(step.date_after(&rule.decide));
    }
    let due = step.target.due.clone();
    step.event(Actor::Requester, "appealed", "The person asked us to look again.", json!({ "due": due }));
    step.letter(LetterKind::AppealReceived);
    Ok(())
}

pub(super) fn decide_appeal(
    step: &mut Step<'_>,
    ruling: Ruling,
    reasons: &Reasons,
    by: &str,
) -> Result<(), DecisionError> {
    step.only_in("decide an appeal", &[TargetState::AppealReview])?;
    let memo = &step.target.memo;
    if let Some(same) = [&memo.decided_by, &memo.proposed_by].into_iter().flatten().find(|name| *name == by) {
        return Err(DecisionError::SameReviewer(same.clone()));
    }
    let reasons = step.reasons(reasons)?;
    let (state, text, granted) = match ruling {
        Ruling::Uphold => (TargetState::Upheld, "Somebody else looked again: the decision stays.", false),
        Ruling::Reverse => {
            let granted = reverse(step);
            (TargetState::Reversed, "Somebody else looked again: the decision was changed.", granted)
        }
    };
    step.target.reasons = Some(reasons);
    step.decided_by(Some(by));
    step.target.memo.appeal_decided = true;
    step.target.memo.appeal_until = None;
    step.target.state = state;
    let detail = json!({ "reasons": step.target.reasons, "scope": step.target.memo.scope.name() });
    step.event(staff(by), "appeal_decided", text, detail);
    step.letter(if ruling == Ruling::Uphold { LetterKind::Upheld } else { LetterKind::Reversed });
    decide::notices(step, granted);
    Ok(())
}

/// Grants what was not granted; where everything was, takes it back. Says whether rows were granted.
fn reverse(step: &mut Step<'_>) -> bool {
    let refused = |state: RowState| !state.is_granted() && state != RowState::Withdrawn;
    let grants = step.target.rows.iter().any(|row| refused(row.state));
    let granted = step.granted_row();
    for row in &mut step.target.rows {
        if grants && refused(row.state) {
            row.state = granted;
        } else if !grants && row.state.is_hidden() {
            row.state = RowState::Restored;
        }
    }
    grants
}

pub(super) fn counter_notice(step: &mut Step<'_>, notice: &CounterNotice, by: &Actor) -> Result<(), DecisionError> {
    let Some(rule) = &step.rules.counter_notice else { return Err(DecisionError::NoCounterNotice) };
    step.only_in("take a counter-notice", &REMOVED)?;
    if !step.has_removed_rows() {
        return Err(DecisionError::NothingRemoved);
    }
    let missing = notice.missing();
    if !missing.is_empty() {
        return Err(DecisionError::CounterNoticeIncomplete(missing));
    }
    let email = notice.email.clone().unwrap_or_default();
    let short = [&notice.name, &notice.address, &notice.phone, &email, &notice.signature];
    for text in short {
        within("counter-notice", text, REFERENCE_CHARS_MAX)?;
    }
    within("material", &notice.material, FACTS_CHARS_MAX)?;
    within("explanation", &notice.explanation, FACTS_CHARS_MAX)?;
    let (from, until) = (step.date_after(&rule.not_before), step.date_after(&rule.not_after));
    step.target.state = TargetState::CounterNotice;
    step.target.due = Some(until.clone());
    let text = format!(
        "A counter-notice arrived. Unless a court is asked, the records are shown again between {} and {}.",
        long_date(&from),
        long_date(&until)
    );
    // Name and address are in the memo only: the log can never be cleaned of them.
    step.event(by.clone(), "counter_notice", text, json!({ "restore_from": from, "restore_until": until }));
    step.target.memo.counter_notice = Some(notice.clone());
    step.target.memo.restore_from = Some(from);
    step.target.memo.restore_until = Some(until);
    step.letter(LetterKind::CounterNoticeCopy);
    step.letter(LetterKind::CounterNoticeReceived);
    Ok(())
}

pub(super) fn court_action(step: &mut Step<'_>, reference: &str, by: &str) -> Result<(), DecisionError> {
    step.only_in("note a court action", &[TargetState::CounterNotice])?;
    if reference.trim().is_empty() {
        return Err(DecisionError::ReasonsMissing("reference"));
    }
    within("reference", reference, REFERENCE_CHARS_MAX)?;
    step.target.state = TargetState::LitigationHold;
    step.target.due = None;
    step.target.memo.court_action = Some(reference.to_owned());
    let detail = json!({ "reference": reference });
    step.event(staff(by), "court_action", "We were told of a court action. Everything stays as it is.", detail);
    step.letter(LetterKind::LitigationHold);
    Ok(())
}

pub(super) fn restore(step: &mut Step<'_>, reasons: &Reasons, by: &Actor) -> Result<(), DecisionError> {
    if !matches!(step.target.state, TargetState::CounterNotice | TargetState::LitigationHold) {
        step.only_in("restore", &REMOVED)?;
    }
    if step.target.state == TargetState::CounterNotice
        && let Some(from) = step.target.memo.restore_from.clone()
        && step.today.to_string() < from
    {
        return Err(DecisionError::RestoreTooEarly(from));
    }
    let reasons = step.reasons(reasons)?;
    let mut restored = 0;
    for row in step.target.rows.iter_mut().filter(|row| row.state.is_hidden()) {
        row.state = RowState::Restored;
        restored += 1;
    }
    if restored == 0 {
        return Err(DecisionError::NothingRemoved);
    }
    let name = match by {
        Actor::Staff(name) => Some(name.as_str()),
        Actor::Requester | Actor::Portal => None,
    };
    step.target.state = TargetState::Restored;
    step.target.reasons = Some(reasons);
    step.decided_by(name);
    let detail = json!({ "rows": restored, "reasons": step.target.reasons });
    step.event(by.clone(), "restored", format!("{} are shown in this portal again.", counted(restored)), detail);
    step.letter(LetterKind::Restored);
    Ok(())
}
