//! Where a request stands, in the words of the Data Rights Protocol: its states, its reasons, its status object.
//!
//! Written against version 0.9.4 of the protocol, sections 3.02 and 3.03. Each dataset that a case asks is a request of
//! its own there.

use serde::Serialize;

use crate::takedown::basis::Basis;
use crate::takedown::case::{Case, Decision, Target, TargetState};
use crate::takedown::reasons::RefusalReason;
use crate::timestamp::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Open,
    InProgress,
    Fulfilled,
    Revoked,
    Denied,
    Expired,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    NeedUserVerification,
    SuspectedFraud,
    InsufVerification,
    NoMatch,
    ClaimNotCovered,
    OutsideJurisdiction,
    TooManyRequests,
    Other,
}

/// The right that is exercised, where the protocol has a word for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exercise {
    Deletion,
    Access,
}

/// The protocol's "Exercise Status" of one dataset of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExerciseStatus {
    pub request_id: String,
    pub status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    pub received_at: String,
    /// Where a date is due: the last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processing_details: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_verification_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// Ours: which dataset, and what is exercised under which regime.
    pub dataset: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exercise: Option<Exercise>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regime: Option<&'static str>,
}

/// A whole case: the status of the one request that is furthest from its end, and of each where there are several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseStatus {
    #[serde(flatten)]
    pub status: ExerciseStatus,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<ExerciseStatus>,
}

/// `None` for a case that asks nothing.
pub fn case_status(case: &Case, public_url: Option<&str>) -> Option<CaseStatus> {
    let requests: Vec<ExerciseStatus> =
        case.targets.iter().map(|target| exercise_status(case, target, public_url)).collect();
    // Something that still goes on speaks for the whole, then what is due first.
    let first = requests.iter().min_by_key(|request| (request.status, request.expected_by.clone()))?.clone();
    let status = ExerciseStatus { request_id: case.number.clone(), ..first };
    Some(CaseStatus { status, requests: if requests.len() > 1 { requests } else { Vec::new() } })
}

pub fn exercise_status(case: &Case, target: &Target, public_url: Option<&str>) -> ExerciseStatus {
    let (status, reason) = words(target);
    let page = public_url.map(|portal| format!("{}/cases/{}", portal.trim_end_matches('/'), case.number));
    let goes_on = matches!(status, Status::Open | Status::InProgress);
    let asks = reason == Some(Reason::NeedUserVerification);
    ExerciseStatus {
        request_id: format!("{}/{}", case.number, target.dataset),
        status,
        reason,
        received_at: Timestamp::from_millis(target.received_ms).to_string(),
        expected_by: target.due.clone().filter(|_| goes_on),
        processing_details: Some(details(target)),
        user_verification_url: page.filter(|_| asks),
        expires_at: target.memo.expires_on.clone().filter(|_| asks),
        dataset: target.dataset.clone(),
        exercise: match target.basis {
            Basis::Plain | Basis::GdprErasure | Basis::Ccpa => Some(Exercise::Deletion),
            Basis::GdprAccess => Some(Exercise::Access),
            Basis::GdprObjection | Basis::GdprRestriction | Basis::Dmca | Basis::Dsa => None,
        },
        regime: (target.basis == Basis::Ccpa).then_some("ccpa"),
    }
}

/// State and reason, by the protocol's table.
fn words(target: &Target) -> (Status, Option<Reason>) {
    let denied = || {
        let refusal = target.reasons.as_ref().and_then(|reasons| reasons.refusal);
        (Status::Denied, Some(refusal.map_or(Reason::Other, reason_of)))
    };
    let has_granted = target.rows.iter().any(|row| row.state.is_granted());
    match target.state {
        TargetState::Submitted => (Status::Open, None),
        TargetState::Acknowledged
        | TargetState::NeedsInfo
        | TargetState::InReview
        | TargetState::Duplicate
        | TargetState::AppealReview => (Status::InProgress, None),
        TargetState::Verifying => (Status::InProgress, Some(Reason::NeedUserVerification)),
        TargetState::Withdrawn => (Status::Revoked, None),
        TargetState::Expired => (Status::Expired, None),
        TargetState::OutOfScope | TargetState::Forwarded | TargetState::Restored => {
            (Status::Denied, Some(Reason::Other))
        }
        TargetState::Refused => denied(),
        TargetState::Granted
        | TargetState::Partial
        | TargetState::Published
        | TargetState::Verified
        | TargetState::CounterNotice
        | TargetState::LitigationHold => (Status::Fulfilled, None),
        // What was decided is told by the rows, and where a right to know was answered without any by the decision.
        TargetState::Closed | TargetState::Upheld | TargetState::Reversed => {
            if has_granted || (target.rows.is_empty() && target.memo.decision == Some(Decision::Granted)) {
                (Status::Fulfilled, None)
            } else {
                denied()
            }
        }
    }
}

fn reason_of(refusal: RefusalReason) -> Reason {
    match refusal {
        RefusalReason::NoMatch => Reason::NoMatch,
        RefusalReason::InsufficientVerification => Reason::InsufVerification,
        RefusalReason::SuspectedFraud => Reason::SuspectedFraud,
        RefusalReason::ClaimNotCovered => Reason::ClaimNotCovered,
        RefusalReason::OutsideJurisdiction => Reason::OutsideJurisdiction,
        RefusalReason::TooManyRequests => Reason::TooManyRequests,
        RefusalReason::ExceptionApplies
        | RefusalReason::IncompleteNotice
        | RefusalReason::NotOurData
        | RefusalReason::DuplicateOf
        | RefusalReason::Other => Reason::Other,
    }
}

/// What an agent may tell the person: our word for the state, and why where a decision says so.
fn details(target: &Target) -> String {
    let state = target.state.words();
    let extended = if target.extended { ", with more time" } else { "" };
    let asked = target.memo.asked.as_ref().filter(|_| target.state.is_open());
    let why = asked.or(target.reasons.as_ref()).map(|reasons| reasons.explanation.as_str()).unwrap_or_default();
    if why.is_empty() { format!("{state}{extended}") } else { format!("{state}{extended}: {why}") }
}
