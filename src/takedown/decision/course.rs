//! The steps on the way: received, looked at, asked and answered, published, looked through, closed.

use serde_json::json;

use super::step::{Step, counted, staff, within};
use super::{DecisionError, LetterKind, decide};
use crate::takedown::case::{Actor, RecordRef, RowState, TargetState};
use crate::takedown::reasons::{FACTS_CHARS_MAX, REFERENCE_CHARS_MAX, Reasons};

pub(super) fn acknowledge(step: &mut Step<'_>) -> Result<(), DecisionError> {
    step.only_in("acknowledge", &[TargetState::Submitted])?;
    step.target.state = TargetState::Acknowledged;
    step.target.memo.acknowledge_by = None;
    step.event(Actor::Portal, "acknowledged", "We confirmed that the request arrived.", json!({}));
    step.letter(LetterKind::Acknowledgement);
    Ok(())
}

pub(super) fn start(step: &mut Step<'_>, by: &str) -> Result<(), DecisionError> {
    step.only_in("start", &[TargetState::Submitted, TargetState::Acknowledged])?;
    step.target.state = TargetState::InReview;
    step.event(staff(by), "review_started", "Somebody began to look at the request.", json!({}));
    Ok(())
}

pub(super) fn ask_proof(step: &mut Step<'_>, reasons: &Reasons, by: &str) -> Result<(), DecisionError> {
    step.only_in(
        "ask for a proof",
        &[
            TargetState::Submitted,
            TargetState::Acknowledged,
            TargetState::InReview,
            TargetState::NeedsInfo,
            TargetState::Verifying,
        ],
    )?;
    if !step.rules.may_ask_proof(step.target.rows.len()) {
        return Err(DecisionError::NoProof);
    }
    let reasons = step.reasons(reasons)?;
    step.ask(&reasons, true);
    step.target.state = TargetState::Verifying;
    let detail = json!({ "paused": step.is_paused(), "expires": step.target.memo.expires_on });
    step.event(staff(by), "proof_asked", "We asked for a proof of who asks.", detail);
    step.letter(LetterKind::ProofAsked);
    Ok(())
}

/// A message never closes anything; one by the person answers an open question.
pub(super) fn message(step: &mut Step<'_>, text: &str, by: &Actor) -> Result<(), DecisionError> {
    if text.trim().is_empty() {
        return Err(DecisionError::ReasonsMissing("text"));
    }
    within("text", text, FACTS_CHARS_MAX)?;
    if *by == Actor::Requester && step.target.state == TargetState::NeedsInfo {
        step.answered();
        step.target.state = TargetState::InReview;
    }
    if matches!(by, Actor::Staff(_)) {
        step.target.memo.message = Some(text.to_owned());
        step.letter(LetterKind::Message);
    }
    let due = step.target.due.clone();
    step.event(by.clone(), "message", text, json!({ "due": due }));
    Ok(())
}

pub(super) fn proof_checked(step: &mut Step<'_>, summary: &str, by: &Actor) -> Result<(), DecisionError> {
    step.only_open("check a proof")?;
    within("summary", summary, REFERENCE_CHARS_MAX)?;
    if matches!(step.target.state, TargetState::Verifying | TargetState::NeedsInfo) {
        step.answered();
        step.target.state = TargetState::InReview;
    }
    let due = step.target.due.clone();
    step.event(by.clone(), "proof", format!("A proof of who asks was looked at: {summary}"), json!({ "due": due }));
    Ok(())
}

pub(super) fn withdraw(step: &mut Step<'_>) -> Result<(), DecisionError> {
    step.only_open("withdraw")?;
    withdrawn(step);
    Ok(())
}

fn withdrawn(step: &mut Step<'_>) {
    step.settle_undecided(RowState::Withdrawn);
    step.stop_clock();
    step.target.memo.proposal = None;
    step.target.state = TargetState::Withdrawn;
    step.event(Actor::Requester, "withdrawn", "The request was withdrawn.", json!({}));
    step.letter(LetterKind::Withdrawn);
}

/// Takes rows out of the case. What is left may be decided by that, or nothing may be left.
pub(super) fn narrow(step: &mut Step<'_>, drop: &[String]) -> Result<(), DecisionError> {
    step.only_open("narrow")?;
    if drop.is_empty() {
        return Err(DecisionError::NoRecords);
    }
    let places = decide::places(&step.target, drop)?;
    if places.iter().any(|at| !step.target.rows[*at].state.is_undecided()) {
        return Err(DecisionError::RowDecided);
    }
    for at in &places {
        step.target.rows[*at].state = RowState::Withdrawn;
    }
    // A decision that waits for a second person was about other rows.
    step.target.memo.proposal = None;
    let left = step.target.rows.iter().filter(|row| row.state != RowState::Withdrawn).count();
    let text = format!("{} were taken out of the request; {} are left.", counted(places.len()), counted(left));
    step.event(Actor::Requester, "narrowed", text, json!({ "dropped": places.len(), "left": left }));
    if left == 0 {
        withdrawn(step);
    } else if step.target.rows.iter().any(|row| row.state.is_undecided()) {
        step.letter(LetterKind::RowsChanged);
    } else {
        let by = step.target.memo.decided_by.clone();
        decide::conclude(step, by.as_deref(), None);
    }
    Ok(())
}

pub(super) fn add_rows(step: &mut Step<'_>, rows: &[RecordRef], by: &str) -> Result<(), DecisionError> {
    step.only_open("add rows")?;
    let added = step.add_rows(rows.to_vec());
    if added == 0 {
        return Err(DecisionError::NoRecords);
    }
    step.target.memo.proposal = None;
    step.event(
        staff(by),
        "rows_added",
        format!("{} were added to the request.", counted(added)),
        json!({
            "added": added,
        }),
    );
    step.letter(LetterKind::RowsChanged);
    Ok(())
}

/// Nothing is refused by a clock: the person can have it looked at again.
pub(super) fn expire(step: &mut Step<'_>) -> Result<(), DecisionError> {
    step.only_in("expire", &[TargetState::NeedsInfo, TargetState::Verifying])?;
    if let Some(until) = step.target.memo.expires_on.clone()
        && step.today.to_string() <= until
    {
        return Err(DecisionError::NotExpired(until));
    }
    step.settle_undecided(RowState::Pending);
    step.stop_clock();
    step.set_appeal_until();
    step.target.state = TargetState::Expired;
    step.event(
        Actor::Portal,
        "expired",
        "A question had no answer for too long. The request was closed, not refused.",
        json!({}),
    );
    step.letter(LetterKind::Expired);
    Ok(())
}

/// The clock runs on: the person did nothing to stop it.
pub(super) fn mark_duplicate(step: &mut Step<'_>, of: &str, by: &str) -> Result<(), DecisionError> {
    step.only_open("mark as duplicate")?;
    if of.trim().is_empty() {
        return Err(DecisionError::BadDuplicate);
    }
    within("duplicate of", of, REFERENCE_CHARS_MAX)?;
    step.answered();
    step.target.state = TargetState::Duplicate;
    step.target.memo.duplicate_of = Some(of.to_owned());
    step.event(staff(by), "duplicate", "The request is decided together with another.", json!({ "of": of }));
    step.letter(LetterKind::Duplicate);
    Ok(())
}

pub(super) fn publish(step: &mut Step<'_>, version: u32) -> Result<(), DecisionError> {
    step.only_in("publish", &[TargetState::Granted, TargetState::Partial, TargetState::Reversed])?;
    if !step.has_removed_rows() {
        return Err(DecisionError::NothingRemoved);
    }
    step.target.state = TargetState::Published;
    step.target.memo.published_version = Some(version);
    let text = format!("Version {version} of the removal set has the rows. It is signed and public.");
    step.event(Actor::Portal, "published", text, json!({ "version": version }));
    step.letter(LetterKind::Published);
    Ok(())
}

pub(super) fn verify(step: &mut Step<'_>, release: &str, sha256: &str) -> Result<(), DecisionError> {
    // A case that was opened since a release held its rows again ends when a later one does not.
    if step.target.memo.regression.is_none() || step.target.state != TargetState::InReview {
        step.only_in("verify", &[TargetState::Published, TargetState::Verified])?;
    }
    within("release", release, REFERENCE_CHARS_MAX)?;
    within("sha256", sha256, REFERENCE_CHARS_MAX)?;
    step.target.state = TargetState::Verified;
    step.target.memo.regression = None;
    step.stop_clock();
    step.target.memo.verified_release = Some(release.to_owned());
    step.target.memo.verified_sha256 = Some(sha256.to_owned());
    let text = format!("The release {release} was looked through. It does not hold the rows.");
    step.event(Actor::Portal, "verified", text, json!({ "release": release, "sha256": sha256 }));
    step.letter(LetterKind::Verified);
    Ok(())
}

pub(super) fn close(step: &mut Step<'_>, by: &Actor) -> Result<(), DecisionError> {
    step.only_in(
        "close",
        &[
            TargetState::Granted,
            TargetState::Partial,
            TargetState::Refused,
            TargetState::OutOfScope,
            TargetState::Forwarded,
            TargetState::Published,
            TargetState::Verified,
            TargetState::Upheld,
            TargetState::Reversed,
            TargetState::Restored,
        ],
    )?;
    step.target.state = TargetState::Closed;
    step.event(by.clone(), "closed", "Nothing is left to do. The case is closed.", json!({}));
    step.letter(LetterKind::Closed);
    Ok(())
}

/// A later release holds removed rows again. They stay hidden; a maintainer takes it up with the publisher.
pub(super) fn reopen(
    step: &mut Step<'_>,
    (release, sha256): (&str, &str),
    found: &[String],
    untold: &[String],
) -> Result<(), DecisionError> {
    step.only_in("reopen", &[TargetState::Published, TargetState::Verified, TargetState::Closed])?;
    within("release", release, REFERENCE_CHARS_MAX)?;
    within("sha256", sha256, REFERENCE_CHARS_MAX)?;
    if !step.has_removed_rows() {
        return Err(DecisionError::NothingRemoved);
    }
    step.target.state = TargetState::InReview;
    step.target.extended = false;
    step.target.memo.decision = None;
    step.target.memo.verified_release = Some(release.to_owned());
    step.target.memo.verified_sha256 = None;
    step.target.memo.regression = Some(release.to_owned());
    step.start_clock();
    let text = format!("The release {release} holds {} again. The case is open again.", counted(found.len()));
    let detail = json!({
        "release": release, "sha256": sha256, "found": found.len(), "records": found, "untold": untold,
    });
    step.event(Actor::Portal, "regression", text, detail);
    step.letter(LetterKind::Regression);
    Ok(())
}
