//! What a maintainer does to a case. Every act ends on the case page again.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Path, Payload, ThinData};
use actix_web::{HttpRequest, HttpResponse};

use super::case::{Shown, refuse, say};
use super::decision_form::{Typed, order, reasons, word};
use crate::takedown::accounts::Account;
use crate::takedown::case::{Actor, Decision};
use crate::takedown::decision::{Act, Rows, Ruling};
use crate::takedown::desk::DeskError;
use crate::takedown::desk::types::Review;
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::pages::case::as_download;
use crate::web::records::{CASE_RECORDS_MAX, RefsError, refs};
use crate::web::session;
use crate::web::state::AppState;

/// `POST /review/cases/{number}/decide`
pub(in crate::web) async fn decide(
    request: HttpRequest,
    number: Path<String>,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    let form = Form::read(payload).await?;
    let typed = Typed::of(&form);
    let rows = match which(&form) {
        Ok(rows) => rows,
        Err(why) => return say(&account, &number, &state, why.to_owned(), typed, StatusCode::BAD_REQUEST).await,
    };
    let outcome = if form.get("decision") == "ask_proof" {
        let reasons = match reasons(&form) {
            Ok(reasons) => reasons,
            Err(error) => {
                return say(&account, &number, &state, error.to_string(), typed, StatusCode::BAD_REQUEST).await;
            }
        };
        let act = Act::AskProof { reasons, by: account.name.clone() };
        state.desk.act(&account, &number, form.get("dataset"), act, form.get("version").parse().ok()).await
    } else {
        match order(&form, rows) {
            Ok(order) => state.desk.decide(&account, &number, &order).await,
            Err(error) => {
                return say(&account, &number, &state, error.to_string(), typed, StatusCode::BAD_REQUEST).await;
            }
        }
    };
    ended(&account, &number, &state, outcome, typed).await
}

/// Which rows a decision is about. A tick that would be passed over in silence is asked about instead.
fn which(form: &Form) -> Result<Rows, &'static str> {
    let decision: Option<Decision> = word(form.get("decision"));
    let whole =
        matches!(decision, Some(Decision::NeedsInfo | Decision::Extended)) || form.get("decision") == "ask_proof";
    let ticked: Vec<String> = form.all("record").map(str::to_owned).collect();
    if whole {
        return Ok(Rows::All);
    }
    let names_rows = form.get("which") == "ticked" || decision == Some(Decision::Partial);
    match (names_rows, ticked.is_empty()) {
        (true, true) => Err("Nothing was decided: no row is ticked."),
        (true, false) => Ok(Rows::Ids(ticked)),
        (false, true) => Ok(Rows::All),
        (false, false) => Err("Nothing was decided: rows are ticked, and the button for all rows was pressed."),
    }
}

/// `POST /review/cases/{number}/act`: everything that is not a decision; the field `act` says what.
pub(in crate::web) async fn act(
    request: HttpRequest,
    number: Path<String>,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    let form = Form::read(payload).await?;
    let desk = &state.desk;
    let dataset = form.get("dataset");
    let text = form.get("text");
    let by = account.name.clone();
    let typed = Typed::of(&form);
    let wants_text = ["reply", "court", "duplicate", "add_rows"].contains(&form.get("act"));
    if wants_text && text.is_empty() {
        let what = "Nothing was written, so nothing was done.".to_owned();
        return say(&account, &number, &state, what, typed, StatusCode::BAD_REQUEST).await;
    }
    let outcome = match form.get("act") {
        "reply" => desk.reply(&account, &number, dataset, text).await,
        "take" => desk.assign(&account, &number, dataset, Some(&account.name)).await,
        "give_back" => desk.assign(&account, &number, dataset, None).await,
        "start" => desk.act(&account, &number, dataset, Act::Start { by }, None).await,
        "court" => {
            desk.act(&account, &number, dataset, Act::CourtAction { reference: text.to_owned(), by }, None).await
        }
        "duplicate" => desk.act(&account, &number, dataset, Act::MarkDuplicate { of: text.to_owned(), by }, None).await,
        "close" => desk.act(&account, &number, dataset, Act::Close { by: Actor::Staff(by) }, None).await,
        "uphold" => desk.decide_appeal(&account, &number, dataset, Ruling::Uphold, reasons(&form)?).await,
        "reverse" => desk.decide_appeal(&account, &number, dataset, Ruling::Reverse, reasons(&form)?).await,
        "restore" => desk.restore(&account, &number, dataset, reasons(&form)?).await,
        "add_rows" => match rows_to_add(&state, dataset, text).await? {
            Ok(rows) => desk.act(&account, &number, dataset, Act::AddRows { rows, by }, None).await,
            Err(why) => return say(&account, &number, &state, why, typed, StatusCode::BAD_REQUEST).await,
        },
        _ => return Err(AppError::bad("act", "This form is not one of ours. Nothing was done.")),
    };
    ended(&account, &number, &state, outcome, typed).await
}

/// Records by id, or by the address of their page, one a line.
async fn rows_to_add(
    state: &AppState,
    dataset: &str,
    text: &str,
) -> Result<Result<Vec<crate::takedown::case::RecordRef>, String>, AppError> {
    let ids: Vec<String> = text
        .split_whitespace()
        .take(CASE_RECORDS_MAX)
        .map(|line| line.trim_end_matches('/').rsplit('/').next().unwrap_or(line).to_owned())
        .collect();
    let found = match state.ask(move |engine| Ok(refs(engine, &ids))).await? {
        Ok(found) => found,
        Err(RefsError::Unknown(unknown)) => {
            return Ok(Err(format!("Nothing was added: there is no record {}.", unknown.join(", "))));
        }
        Err(error) => return Err(error.into()),
    };
    if let Some(other) = found.iter().find(|record| record.dataset != dataset) {
        return Ok(Err(format!("Nothing was added: the record {} stands in {}.", other.id, other.dataset)));
    }
    Ok(Ok(found))
}

/// `GET /review/cases/{number}/attachments/{id}`: to be saved, never shown.
pub(in crate::web) async fn attachment(
    request: HttpRequest,
    path: Path<(String, String)>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    let (number, id) = path.into_inner();
    let file = state.desk.staff_attachment(&account, &number, &id).await?;
    Ok(as_download(&file.name, file.bytes))
}

/// `POST /review/cases/{number}/attachments/{id}/delete`
pub(in crate::web) async fn delete_attachment(
    request: HttpRequest,
    path: Path<(String, String)>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    let (number, id) = path.into_inner();
    let outcome = state.desk.delete_attachment(&account, &number, &id).await;
    ended(&account, &number, &state, outcome, Typed::default()).await
}

async fn ended(
    account: &Account,
    number: &str,
    state: &AppState,
    outcome: Result<Review, DeskError>,
    typed: Typed,
) -> Result<HttpResponse, AppError> {
    match outcome {
        Ok(review) => {
            let number = &review.case.number;
            let shown = &typed.shown;
            let place = match shown.page {
                0 | 1 => format!("/review/cases/{number}"),
                page => Shown::href(number, &shown.dataset, page),
            };
            Ok(HttpResponse::SeeOther().insert_header((LOCATION, place)).finish())
        }
        Err(error) => refuse(account, number, state, error, typed).await,
    }
}
