//! What maintainers do, as JSON: the queue, a case, a decision. Asked with an API token, which stands for an account.
//!
//! A case that the account has no dataset of is answered as one that is not there.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::cases::{answer, read};
use super::review_view::{ReviewView, queue_page};
use crate::takedown::accounts::Account;
use crate::takedown::case::{Decision, RowState, TargetState};
use crate::takedown::decision::{Act, DecisionError, Rows, Ruling};
use crate::takedown::desk::DeskError;
use crate::takedown::desk::types::{DecisionOrder, Review};
use crate::takedown::filing::{Check, Problem};
use crate::takedown::reasons::{Ground, Reasons, RefusalReason};
use crate::takedown::tombstone::Scope;
use crate::web::error::AppError;
use crate::web::queue_params::QueueParams;
use crate::web::records::CASE_RECORDS_MAX;
use crate::web::session::account_of_token;
use crate::web::state::AppState;

const GROUNDS: &str = "It is “law” or “terms”.";
const DECISIONS: &str = "It is one of granted, refused, partial, forwarded, out_of_scope, needs_info and extended.";

/// A decision as it was sent: members are looked at one by one, so that all that is missing can be named at once.
#[derive(Deserialize)]
struct NewDecision {
    dataset: Option<String>,
    records: Option<Records>,
    decision: Option<String>,
    reasons: Option<NewReasons>,
    scope: Option<String>,
    expected_version: Option<i64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Records {
    Ids(Vec<String>),
    /// `all`
    Word(String),
}

#[derive(Deserialize)]
struct NewReasons {
    ground: Option<String>,
    reference: Option<String>,
    explanation: Option<String>,
    facts: Option<String>,
    refusal: Option<String>,
}

/// `GET /api/v1/review/cases`
pub(in crate::web) async fn queue(
    request: HttpRequest,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = account_of_token(&request, &state).await?;
    let filter = QueueParams::read(request.query_string()).filter(&account, state.desk.today())?;
    let queue = state.desk.queue(&account, &filter).await?;
    answer(StatusCode::OK, &queue_page(&queue))
}

/// `GET /api/v1/review/cases/{number}`
pub(in crate::web) async fn one(
    request: HttpRequest,
    number: Path<String>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = account_of_token(&request, &state).await?;
    let review = state.desk.review(&account, &number).await.map_err(refusal)?;
    answer(StatusCode::OK, &ReviewView::new(&review))
}

/// `POST /api/v1/review/cases/{number}/decisions`
pub(in crate::web) async fn decide(
    request: HttpRequest,
    number: Path<String>,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = account_of_token(&request, &state).await?;
    let new: NewDecision = read(&request, payload).await?;
    let order = order(new)?;
    if !account.covers(&order.dataset) {
        return Err(AppError::forbidden_dataset(&order.dataset));
    }
    let review = match state.desk.decide(&account, &number, &order).await {
        Err(DeskError::Refused(DecisionError::WrongState { state: TargetState::AppealReview, .. }))
            if matches!(order.decision, Decision::Granted | Decision::Refused) =>
        {
            decide_appeal(&state, &account, &number, order).await?
        }
        outcome => outcome.map_err(refusal)?,
    };
    answer(StatusCode::OK, &ReviewView::new(&review))
}

/// An appeal is decided by the same call: the decision stays where it is the same again, and is changed otherwise. It is
/// decided as a whole.
async fn decide_appeal(
    state: &AppState,
    account: &Account,
    number: &str,
    order: DecisionOrder,
) -> Result<Review, AppError> {
    let review = state.desk.review(account, number).await.map_err(refusal)?;
    let target = review.case.targets.iter().find(|target| target.dataset == order.dataset);
    let rows = || target.into_iter().flat_map(|target| &target.rows).filter(|row| row.state != RowState::Withdrawn);
    let is_whole = match &order.rows {
        Rows::All => true,
        Rows::Ids(ids) => rows().all(|row| ids.contains(&row.record.id)),
    };
    if !is_whole || order.scope.is_some() {
        let what = "an appeal is decided as a whole: name all records or “all”, and no scope.".to_owned();
        let problem = Problem { field: "records".to_owned(), what };
        return Err(AppError::NotDecided(Check { missing: Vec::new(), problems: vec![problem] }));
    }
    let stays = (order.decision == Decision::Granted) == rows().all(|row| row.state.is_granted());
    let ruling = if stays { Ruling::Uphold } else { Ruling::Reverse };
    let act = Act::DecideAppeal { ruling, reasons: order.reasons, by: account.name.clone() };
    state.desk.act(account, number, &order.dataset, act, order.expected_version).await.map_err(refusal)
}

/// The order, or everything that it lacks.
fn order(new: NewDecision) -> Result<DecisionOrder, AppError> {
    let mut check = Check::default();
    let dataset = new.dataset.filter(|dataset| !dataset.is_empty());
    if dataset.is_none() {
        check.missing.push("dataset".to_owned());
    }
    let decision = one_of(&mut check, "decision", new.decision, DECISIONS);
    let rows = rows(&mut check, new.records, decision);
    let scope = new.scope.as_deref().filter(|scope| !scope.is_empty()).and_then(|name| {
        let scope = Scope::from_name(name);
        if scope.is_none() {
            wrong(&mut check, "scope", "It is “row”, “copies” or “everywhere”.");
        }
        scope
    });
    let reasons = reasons(&mut check, new.reasons);
    let (Some(dataset), Some(decision), Some(rows), Some(reasons)) = (dataset, decision, rows, reasons) else {
        return Err(AppError::NotDecided(check));
    };
    if !check.problems.is_empty() {
        return Err(AppError::NotDecided(check));
    }
    Ok(DecisionOrder { dataset, rows, decision, reasons, scope, expected_version: new.expected_version })
}

/// A question and more time are about the whole request, so they need no records.
fn rows(check: &mut Check, records: Option<Records>, decision: Option<Decision>) -> Option<Rows> {
    let whole = matches!(decision, Some(Decision::NeedsInfo | Decision::Extended));
    match records {
        Some(Records::Word(word)) if word == "all" => Some(Rows::All),
        Some(Records::Word(_)) => {
            wrong(check, "records", "It is a list of record ids, or “all”.");
            None
        }
        Some(Records::Ids(ids)) if ids.len() > CASE_RECORDS_MAX => {
            wrong(check, "records", &format!("A case holds at most {CASE_RECORDS_MAX} records."));
            None
        }
        Some(Records::Ids(ids)) if !ids.is_empty() => Some(Rows::Ids(ids)),
        _ if whole => Some(Rows::All),
        _ => {
            check.missing.push("records".to_owned());
            None
        }
    }
}

fn reasons(check: &mut Check, new: Option<NewReasons>) -> Option<Reasons> {
    let Some(new) = new else {
        check.missing.push("reasons".to_owned());
        return None;
    };
    let ground: Option<Ground> = one_of(check, "reasons.ground", new.ground, GROUNDS);
    let refusal: Option<RefusalReason> = match new.refusal.filter(|refusal| !refusal.is_empty()) {
        None => None,
        given => {
            one_of(check, "reasons.refusal", given, "It is not one of the reasons for refusing: see /api/openapi.json.")
        }
    };
    let text = |text: Option<String>| text.unwrap_or_default();
    let (explanation, facts) = (text(new.explanation), text(new.facts));
    if explanation.trim().is_empty() && facts.trim().is_empty() {
        check.missing.push("reasons.explanation".to_owned());
        return None;
    }
    Some(Reasons { ground: ground?, reference: text(new.reference), explanation, facts, refusal })
}

/// A member that is one of a few words.
fn one_of<T: serde::de::DeserializeOwned>(
    check: &mut Check,
    field: &str,
    given: Option<String>,
    choices: &str,
) -> Option<T> {
    let Some(word) = given.filter(|word| !word.is_empty()) else {
        check.missing.push(field.to_owned());
        return None;
    };
    let read = serde_json::from_value(serde_json::Value::String(word)).ok();
    if read.is_none() {
        wrong(check, field, choices);
    }
    read
}

fn wrong(check: &mut Check, field: &str, what: &str) {
    check.problems.push(Problem { field: field.to_owned(), what: format!("“{field}”: {what}") });
}

/// What the desk refused: 422 where the order itself is at fault, 409 where the case stands otherwise.
pub(in crate::web) fn refusal(error: DeskError) -> AppError {
    let missing = |field: &str| AppError::NotDecided(Check { missing: vec![field.to_owned()], problems: Vec::new() });
    let wrong = |field: &str, what: String| {
        let problem = Problem { field: field.to_owned(), what };
        AppError::NotDecided(Check { missing: Vec::new(), problems: vec![problem] })
    };
    match error {
        DeskError::Refused(DecisionError::ReasonsMissing(field)) => missing(field),
        DeskError::Refused(DecisionError::NoRecords) => missing("records"),
        DeskError::Refused(refused @ DecisionError::TooLong { field, .. }) => wrong(field, format!("{refused}.")),
        DeskError::Refused(refused @ (DecisionError::NoSuchRecord(_) | DecisionError::PartialOfAll)) => {
            wrong("records", format!("{refused}."))
        }
        DeskError::NoSuchTarget(dataset) => {
            wrong("dataset", format!("This case does not ask the dataset “{dataset}”."))
        }
        DeskError::Conflict { version } => AppError::NotPossible {
            detail: format!(
                "The case was changed meanwhile and is at version {version} now. Nothing was decided: look at it again."
            ),
        },
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(body: serde_json::Value) -> Result<DecisionOrder, AppError> {
        order(serde_json::from_value(body).unwrap())
    }

    #[test]
    fn a_decision_names_everything_that_it_lacks_at_once() {
        let Err(AppError::NotDecided(check)) = read(json!({"reasons": {}})) else { panic!("it is not complete") };
        assert_eq!(check.missing, ["dataset", "decision", "records", "reasons.ground", "reasons.explanation"]);
        let Err(AppError::NotDecided(check)) = read(json!({
            "dataset": "posts", "records": "some", "decision": "burned",
            "reasons": {"ground": "taste", "facts": "x", "refusal": "why not"}, "scope": "far",
        })) else {
            panic!("it is not right")
        };
        let fields: Vec<_> = check.problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["decision", "records", "scope", "reasons.ground", "reasons.refusal"]);
    }

    #[test]
    fn the_contracts_four_reasons_are_enough_and_may_be_fewer() {
        let reasons = json!({"ground": "law", "explanation": "It is a photograph of her."});
        let body = json!({"dataset": "posts", "records": "all", "decision": "refused", "reasons": reasons});
        let order = read(body).unwrap();
        assert_eq!((order.rows, order.decision, order.reasons.refusal), (Rows::All, Decision::Refused, None));
        let body = json!({"dataset": "posts", "decision": "extended", "reasons": reasons});
        assert_eq!(read(body).unwrap().rows, Rows::All);
    }
}
