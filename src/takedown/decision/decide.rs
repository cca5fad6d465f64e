//! What a maintainer decides: granted, refused, a question, more time.

use std::collections::HashMap;

use serde_json::json;

use super::step::{Step, counted, staff};
use super::{DecisionError, LetterKind, Rows};
use crate::takedown::case::{Decision, RowState, Target, TargetState};
use crate::takedown::memo::Proposal;
use crate::takedown::reasons::{Reasons, RefusalReason};
use crate::takedown::rules::Effect;
use crate::takedown::tombstone::Scope;

/// A decision as it was given.
pub(super) struct Order<'a> {
    pub(super) decision: Decision,
    pub(super) rows: &'a Rows,
    pub(super) reasons: &'a Reasons,
    pub(super) scope: Option<Scope>,
    pub(super) by: &'a str,
}

pub(super) fn decide(step: &mut Step<'_>, order: &Order<'_>) -> Result<(), DecisionError> {
    step.only_open("decide")?;
    let mut reasons = step.reasons(order.reasons)?;
    // What was found is no reason yet: whoever gets less than they asked for has to read why that leads there.
    let gives_less = [Decision::Refused, Decision::Partial, Decision::OutOfScope, Decision::Forwarded];
    if gives_less.contains(&order.decision) && reasons.explanation.trim().is_empty() {
        return Err(DecisionError::ReasonsMissing("reasons.explanation"));
    }
    match order.decision {
        Decision::NeedsInfo => return needs_info(step, &reasons, order.by),
        Decision::Extended => return extend(step, reasons, order.by),
        Decision::Refused | Decision::Partial => {
            // The contract's reasons need no kind; a refusal without one is told by its explanation.
            reasons.refusal.get_or_insert(RefusalReason::Other);
        }
        Decision::Granted | Decision::Forwarded | Decision::OutOfScope => {}
    }
    let places = asked_about(&step.target, order)?;
    let can_be_empty = step.rules.effect == Effect::Inform && order.decision == Decision::Granted;
    let grants = matches!(order.decision, Decision::Granted | Decision::Partial);
    if grants && places.is_empty() && !can_be_empty {
        return Err(DecisionError::NothingToGrant);
    }
    if waits_for_second(step, order, &reasons, places.len())? {
        return Ok(());
    }
    apply(step, order, &places);
    let undecided = step.target.rows.iter().any(|row| row.state.is_undecided());
    if !undecided {
        conclude(step, Some(order.by), Some((order.decision, reasons)));
        return Ok(());
    }
    step.target.state = TargetState::InReview;
    step.answered();
    step.target.reasons = Some(reasons);
    step.target.memo.decided_by = Some(order.by.to_owned());
    let left = step.target.rows.iter().filter(|row| row.state.is_undecided()).count();
    let text =
        format!("{} were decided ({}); {} are left.", counted(places.len()), words(order.decision), counted(left));
    step.event(
        staff(order.by),
        "decided",
        text,
        json!({
            "decision": order.decision, "rows": places.len(), "left": left, "scope": step.target.memo.scope.name(),
        }),
    );
    step.letter(LetterKind::RowsDecided);
    notices(step, grants);
    Ok(())
}

/// Every row is decided: the target is too. `made` is `None` where the last open rows were withdrawn.
pub(super) fn conclude(step: &mut Step<'_>, by: Option<&str>, made: Option<(Decision, Reasons)>) {
    let decision = made.as_ref().map(|(decision, _)| *decision);
    let state = sum(&step.target, decision);
    let summed = decision_of(state);
    let newly_granted = matches!(decision, Some(Decision::Granted | Decision::Partial));
    if let Some((_, reasons)) = made {
        step.target.reasons = Some(reasons);
    }
    step.target.state = state;
    step.target.memo.decision = Some(summed);
    step.target.memo.regression = None;
    step.decided_by(by);
    let rows = step.target.rows.iter().filter(|row| row.state != RowState::Withdrawn).count();
    let granted = step.target.rows.iter().filter(|row| row.state.is_granted()).count();
    let detail = json!({
        "decision": summed, "rows": rows, "granted": granted, "scope": step.target.memo.scope.name(),
        "reasons": step.target.reasons, "proposed_by": step.target.memo.proposed_by,
    });
    let actor = by.map_or(crate::takedown::case::Actor::Portal, staff);
    step.event(actor, "decided", format!("Decided: {}.", words(summed)), detail);
    step.letter(letter_of(state));
    notices(step, newly_granted);
}

/// Places of records in the target, in the order given.
pub(super) fn places(target: &Target, ids: &[String]) -> Result<Vec<usize>, DecisionError> {
    let by_id: HashMap<&str, usize> =
        target.rows.iter().enumerate().map(|(at, row)| (row.record.id.as_str(), at)).collect();
    let mut places = Vec::with_capacity(ids.len());
    for id in ids {
        let at = by_id.get(id.as_str()).filter(|at| target.rows[**at].state != RowState::Withdrawn);
        places.push(*at.ok_or_else(|| DecisionError::NoSuchRecord(id.clone()))?);
    }
    places.sort_unstable();
    places.dedup();
    Ok(places)
}

pub(super) fn notices(step: &mut Step<'_>, newly_granted: bool) {
    if newly_granted && step.has_granted_rows() {
        for kind in step.rules.notices.clone() {
            step.letter(kind);
        }
    }
}

fn asked_about(target: &Target, order: &Order<'_>) -> Result<Vec<usize>, DecisionError> {
    match order.rows {
        Rows::Ids(ids) if ids.is_empty() => Err(DecisionError::NoRecords),
        Rows::Ids(ids) => places(target, ids),
        Rows::All if order.decision == Decision::Partial => Err(DecisionError::PartialOfAll),
        Rows::All => {
            let all = |keep: fn(RowState) -> bool| -> Vec<usize> {
                let rows = target.rows.iter().enumerate();
                rows.filter(|(_, row)| keep(row.state)).map(|(at, _)| at).collect()
            };
            let undecided = all(RowState::is_undecided);
            Ok(if undecided.is_empty() { all(|state| state != RowState::Withdrawn) } else { undecided })
        }
    }
}

fn apply(step: &mut Step<'_>, order: &Order<'_>, places: &[usize]) {
    let state = match order.decision {
        Decision::Granted | Decision::Partial => step.granted_row(),
        Decision::Forwarded => RowState::Forwarded,
        Decision::OutOfScope => RowState::OutOfScope,
        Decision::Refused | Decision::NeedsInfo | Decision::Extended => RowState::Refused,
    };
    if let Some(scope) = order.scope {
        step.target.memo.scope = scope;
    }
    for at in places {
        step.target.rows[*at].state = state;
    }
    if order.decision == Decision::Partial {
        step.settle_undecided(RowState::Refused);
    }
}

/// With the two-person rule, the first order is only written down.
fn waits_for_second(
    step: &mut Step<'_>,
    order: &Order<'_>,
    reasons: &Reasons,
    rows: usize,
) -> Result<bool, DecisionError> {
    let needed = step.rules.two_person_rows.is_some_and(|min| rows.max(1) >= min as usize);
    if !needed {
        return Ok(false);
    }
    let mut ids = match order.rows {
        Rows::All => Vec::new(),
        Rows::Ids(ids) => ids.clone(),
    };
    ids.sort();
    ids.dedup();
    let proposal = Proposal {
        decision: order.decision,
        rows: ids,
        scope: order.scope,
        reasons: reasons.clone(),
        by: order.by.to_owned(),
    };
    if let Some(first) = &step.target.memo.proposal
        && (first.decision, &first.rows, first.scope) == (proposal.decision, &proposal.rows, proposal.scope)
    {
        if first.by == order.by {
            return Err(DecisionError::SecondPersonNeeded(order.by.to_owned()));
        }
        step.target.memo.proposed_by = Some(first.by.clone());
        step.target.memo.proposal = None;
        return Ok(false);
    }
    step.target.memo.proposal = Some(proposal);
    step.event(
        staff(order.by),
        "proposed",
        "A decision was prepared. A second person looks at it.",
        json!({
            "decision": order.decision, "rows": rows,
        }),
    );
    Ok(true)
}

fn needs_info(step: &mut Step<'_>, reasons: &Reasons, by: &str) -> Result<(), DecisionError> {
    let states = [
        TargetState::Submitted,
        TargetState::Acknowledged,
        TargetState::InReview,
        TargetState::NeedsInfo,
        TargetState::Verifying,
    ];
    step.only_in("ask", &states)?;
    let about_identity = reasons.refusal == Some(RefusalReason::InsufficientVerification);
    step.ask(reasons, about_identity);
    step.target.state = TargetState::NeedsInfo;
    let detail = json!({ "paused": step.is_paused(), "expires": step.target.memo.expires_on, "question": reasons });
    step.event(staff(by), "needs_info", "We asked a question.", detail);
    step.letter(LetterKind::NeedsInfo);
    Ok(())
}

/// Once, and told before the first term ends.
fn extend(step: &mut Step<'_>, reasons: Reasons, by: &str) -> Result<(), DecisionError> {
    let Some(extension) = &step.rules.extension else { return Err(DecisionError::NoExtension) };
    if step.target.extended {
        return Err(DecisionError::ExtendedBefore);
    }
    if step.is_paused() {
        return Err(DecisionError::ClockStopped);
    }
    let last = step.first_due();
    if step.today > last {
        return Err(DecisionError::ExtensionTooLate(last.to_string()));
    }
    let source = extension.source.clone();
    step.extend();
    let detail = json!({ "due": step.target.due, "source": source, "reasons": reasons });
    step.target.memo.extension = Some(reasons);
    let due = step.target.due.clone().unwrap_or_default();
    step.event(staff(by), "extended", format!("We need more time. The new date is {due}."), detail);
    step.letter(LetterKind::Extension);
    Ok(())
}

/// What the rows' decisions come to together.
fn sum(target: &Target, decision: Option<Decision>) -> TargetState {
    let rows: Vec<RowState> =
        target.rows.iter().map(|row| row.state).filter(|state| *state != RowState::Withdrawn).collect();
    if rows.is_empty() {
        return state_of(decision.unwrap_or(Decision::Refused));
    }
    let granted = rows.iter().filter(|state| state.is_granted()).count();
    if granted == rows.len() {
        TargetState::Granted
    } else if granted > 0 {
        TargetState::Partial
    } else if rows.iter().all(|state| *state == RowState::Forwarded) {
        TargetState::Forwarded
    } else if rows.iter().all(|state| *state == RowState::OutOfScope) {
        TargetState::OutOfScope
    } else {
        TargetState::Refused
    }
}

fn state_of(decision: Decision) -> TargetState {
    match decision {
        Decision::Granted => TargetState::Granted,
        Decision::Partial => TargetState::Partial,
        Decision::Forwarded => TargetState::Forwarded,
        Decision::OutOfScope => TargetState::OutOfScope,
        Decision::Refused | Decision::NeedsInfo | Decision::Extended => TargetState::Refused,
    }
}

fn decision_of(state: TargetState) -> Decision {
    match state {
        TargetState::Granted => Decision::Granted,
        TargetState::Partial => Decision::Partial,
        TargetState::Forwarded => Decision::Forwarded,
        TargetState::OutOfScope => Decision::OutOfScope,
        _ => Decision::Refused,
    }
}

fn letter_of(state: TargetState) -> LetterKind {
    match state {
        TargetState::Granted => LetterKind::Granted,
        TargetState::Partial => LetterKind::Partial,
        TargetState::Forwarded => LetterKind::Forwarded,
        TargetState::OutOfScope => LetterKind::OutOfScope,
        _ => LetterKind::Refused,
    }
}

fn words(decision: Decision) -> &'static str {
    match decision {
        Decision::Granted => "granted",
        Decision::Refused => "not granted",
        Decision::Partial => "granted in part",
        Decision::Forwarded => "handed on",
        Decision::OutOfScope => "not ours to decide",
        Decision::NeedsInfo => "a question",
        Decision::Extended => "more time",
    }
}
