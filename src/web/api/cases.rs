//! Cases as JSON: filing, following, withdrawing, writing, appealing, the receipt.
//!
//! The passphrase travels in a header of its own, so that no log of addresses holds it; a wrong number and a wrong
//! passphrase get the same answer.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{Path, Payload, Query, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use crate::takedown::case::{Actor, Case, Event, Target, TargetState};
use crate::takedown::export::drp;
use crate::takedown::filing::Filing;
use crate::web::error::AppError;
use crate::web::form::body;
use crate::web::receipts;
use crate::web::records::{CASE_RECORDS_MAX, refs};
use crate::web::state::AppState;

/// Largest body, bytes: five thousand ids are 130 KB, texts at their limits some 60 KB more, all perhaps escaped.
const JSON_BYTES_MAX: usize = 1 << 20;
const PASSPHRASE_HEADER: &str = "x-case-passphrase";
/// Most datasets named in a request.
const DATASETS_MAX: usize = 200;

#[derive(Deserialize)]
struct NewCase {
    #[serde(default)]
    records: Vec<String>,
    /// For a sweep of this portal; its records are taken, too.
    #[serde(default)]
    sweep: Option<String>,
    /// Datasets asked although no record in them is named.
    #[serde(default)]
    datasets: Vec<String>,
    #[serde(flatten)]
    filing: Filing,
}

#[derive(Deserialize)]
pub(in crate::web) struct OfDataset {
    /// Only for this dataset; all of them where absent.
    #[serde(default)]
    dataset: Option<String>,
}

#[derive(Deserialize)]
pub(in crate::web) struct Form {
    /// `drp`: the state alone, in the words of the Data Rights Protocol.
    #[serde(default)]
    format: Option<String>,
}

#[derive(Deserialize)]
struct NewMessage {
    text: String,
}

#[derive(Deserialize)]
struct NewAppeal {
    #[serde(default)]
    dataset: Option<String>,
    why: String,
}

#[derive(Serialize)]
struct CaseView<'a> {
    number: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    passphrase: Option<&'a str>,
    basis: &'static str,
    /// Of the target that is furthest from its end.
    state: TargetState,
    /// The soonest day that anything is due.
    due: Option<&'a str>,
    filed_at: String,
    targets: Vec<TargetView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Vec<EventView<'a>>>,
}

#[derive(Serialize)]
struct TargetView<'a> {
    dataset: &'a str,
    basis: &'static str,
    state: TargetState,
    due: Option<&'a str>,
    extended: bool,
    records: usize,
    rows: Vec<RowView<'a>>,
    reasons: Option<&'a crate::takedown::reasons::Reasons>,
}

#[derive(Serialize)]
struct RowView<'a> {
    id: &'a str,
    revision: &'a str,
    file: &'a str,
    row: String,
    state: crate::takedown::case::RowState,
}

#[derive(Serialize)]
struct EventView<'a> {
    seq: String,
    at: String,
    dataset: Option<&'a str>,
    /// `requester`, `staff` or `portal`; who of the staff is not told.
    actor: &'static str,
    kind: &'a str,
    text: &'a str,
    hash: &'a str,
}

/// `POST /api/v1/cases`
pub(in crate::web) async fn file(
    request: HttpRequest,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let new: NewCase = read(&request, payload).await?;
    if new.records.len() > CASE_RECORDS_MAX {
        let detail = format!("A case holds up to {CASE_RECORDS_MAX} records. File a second one for the others.");
        return Err(AppError::TooLarge { detail });
    }
    if new.datasets.len() > DATASETS_MAX {
        return Err(AppError::TooLarge { detail: format!("A case asks up to {DATASETS_MAX} datasets.") });
    }
    if let Some(sweep) = new.sweep.filter(|sweep| !sweep.is_empty()) {
        let sweep: String = sweep.chars().take(100).collect();
        return Err(AppError::bad("sweep", format!("There is no sweep “{sweep}” here.")));
    }
    state.count_filing(&request)?;
    let ids = new.records;
    let found = state.ask(move |engine| Ok(refs(engine, &ids))).await??;
    let filed = state.desk.file_with(new.filing, found, new.datasets).await?;
    let view = CaseView { passphrase: Some(&filed.passphrase), events: None, ..CaseView::new(&filed.case) };
    answer(StatusCode::CREATED, &view)
}

/// `GET /api/v1/cases/{number}`, as JSON of ours or with `?format=drp`
pub(in crate::web) async fn one(
    request: HttpRequest,
    number: Path<String>,
    form: Query<Form>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    match form.format.as_deref() {
        None | Some("" | "json") => answer(StatusCode::OK, &CaseView::new(&open(&request, &number, &state).await?)),
        Some("drp") => status(request, number, ThinData(state)).await,
        Some(_) => Err(AppError::bad("format", "“format” can be “json” or “drp”.")),
    }
}

/// `GET /api/v1/cases/{number}/drp`
pub(in crate::web) async fn status(
    request: HttpRequest,
    number: Path<String>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let case = open(&request, &number, &state).await?;
    answer(StatusCode::OK, &drp::case_status(&case, state.public_origin.as_deref()))
}

/// `POST /api/v1/cases/{number}/withdraw`
pub(in crate::web) async fn withdraw(
    request: HttpRequest,
    number: Path<String>,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let passphrase = passphrase(&request)?;
    let asked: OfDataset = read_or_empty(payload).await?;
    state.check_wrong_passphrases(&request)?;
    let case = state.desk.withdraw(&number, passphrase, asked.dataset.as_deref()).await;
    answer(StatusCode::OK, &CaseView::new(&state.counted(&request, case)?))
}

/// `POST /api/v1/cases/{number}/messages`
pub(in crate::web) async fn message(
    request: HttpRequest,
    number: Path<String>,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let passphrase = passphrase(&request)?;
    let message: NewMessage = read(&request, payload).await?;
    if message.text.trim().is_empty() {
        return Err(AppError::bad("text", "“text” is empty. Nothing was sent."));
    }
    state.check_wrong_passphrases(&request)?;
    let case = state.desk.message(&number, passphrase, message.text.trim(), Vec::new()).await;
    answer(StatusCode::OK, &CaseView::new(&state.counted(&request, case)?))
}

/// `POST /api/v1/cases/{number}/appeal`
pub(in crate::web) async fn appeal(
    request: HttpRequest,
    number: Path<String>,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let passphrase = passphrase(&request)?;
    let appeal: NewAppeal = read(&request, payload).await?;
    if appeal.why.trim().is_empty() {
        return Err(AppError::bad("why", "“why” is empty. Say why the decision should be looked at again."));
    }
    state.check_wrong_passphrases(&request)?;
    let case = state.desk.appeal(&number, passphrase, appeal.dataset.as_deref(), appeal.why.trim()).await;
    answer(StatusCode::OK, &CaseView::new(&state.counted(&request, case)?))
}

/// `GET /api/v1/cases/{number}/receipt`: how the case was decided, row by row, signed. `?dataset=` where it asks several.
pub(in crate::web) async fn receipt(
    request: HttpRequest,
    number: Path<String>,
    query: Query<OfDataset>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let case = open(&request, &number, &state).await?;
    Ok(receipts::send(receipts::make(&state, case, query.dataset.as_deref()).await?, receipts::Form::Json))
}

impl<'a> CaseView<'a> {
    /// As its owner sees it, with what has happened.
    fn new(case: &'a Case) -> Self {
        let targets: Vec<_> = case.targets.iter().map(TargetView::new).collect();
        Self {
            number: &case.number,
            passphrase: None,
            basis: case.basis.name(),
            state: overall(case),
            due: targets.iter().filter_map(|target| target.due).min(),
            filed_at: moment(case.filed_ms),
            targets,
            events: Some(case.events.iter().map(EventView::new).collect()),
        }
    }
}

impl<'a> TargetView<'a> {
    fn new(target: &'a Target) -> Self {
        let row = |row: &'a crate::takedown::case::TargetRow| RowView {
            id: &row.record.id,
            revision: &row.record.revision,
            file: &row.record.file,
            row: row.record.row.to_string(),
            state: row.state,
        };
        Self {
            dataset: &target.dataset,
            basis: target.basis.name(),
            state: target.state,
            due: target.due.as_deref(),
            extended: target.extended,
            records: target.rows.len(),
            rows: target.rows.iter().map(row).collect(),
            reasons: target.reasons.as_ref(),
        }
    }
}

impl<'a> EventView<'a> {
    fn new(event: &'a Event) -> Self {
        Self {
            seq: event.seq.to_string(),
            at: moment(event.at_ms),
            dataset: event.dataset.as_deref(),
            actor: match event.actor {
                Actor::Requester => "requester",
                Actor::Staff(_) => "staff",
                Actor::Portal => "portal",
            },
            kind: &event.kind,
            text: &event.text,
            hash: &event.hash,
        }
    }
}

/// The state of a case of many targets: that of the target with the soonest due day, while any is due; else the first.
fn overall(case: &Case) -> TargetState {
    let due = case.targets.iter().filter(|target| target.due.is_some()).min_by(|a, b| a.due.cmp(&b.due));
    due.or(case.targets.first()).map_or(TargetState::Submitted, |target| target.state)
}

pub(super) async fn open(request: &HttpRequest, number: &str, state: &AppState) -> Result<Case, AppError> {
    let passphrase = passphrase(request)?;
    state.check_wrong_passphrases(request)?;
    let case = state.desk.case(number, passphrase).await;
    state.counted(request, case)
}

/// Without one there is no case to see, as with a wrong one.
fn passphrase(request: &HttpRequest) -> Result<&str, AppError> {
    let header = request.headers().get(PASSPHRASE_HEADER).and_then(|value| value.to_str().ok());
    header.map(str::trim).filter(|passphrase| !passphrase.is_empty()).ok_or(AppError::NoSuchCase)
}

pub(super) async fn read<T: serde::de::DeserializeOwned>(
    request: &HttpRequest,
    payload: Payload,
) -> Result<T, AppError> {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(AppError::UnsupportedMedia { detail: "Send the request as application/json." });
    }
    parse(&body(payload, JSON_BYTES_MAX).await?)
}

/// A body that may be left away.
async fn read_or_empty<T: serde::de::DeserializeOwned>(payload: Payload) -> Result<T, AppError> {
    let bytes = body(payload, JSON_BYTES_MAX).await?;
    parse(if bytes.trim_ascii().is_empty() { b"{}" } else { &bytes })
}

fn parse<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, AppError> {
    serde_json::from_slice(bytes).map_err(|error| {
        // Serde's sentence names the member, not what stood in it, unless a type is wrong: then only the place is told.
        let place = format!("line {}, column {}", error.line(), error.column());
        let what = if error.is_data() { "a member is missing or has another type" } else { "it is not JSON" };
        AppError::bad(
            "body",
            format!("The body is not what this address takes: {what}, at {place}. See /api/openapi.json."),
        )
    })
}

pub(super) fn answer(status: StatusCode, value: &impl Serialize) -> Result<HttpResponse, AppError> {
    let json = serde_json::to_string(value).map_err(|error| AppError::internal(&anyhow::Error::from(error)))?;
    Ok(HttpResponse::build(status)
        .content_type("application/json")
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(json))
}

pub(in crate::web) fn moment(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map_or_else(|_| ms.to_string(), |moment| moment.to_string())
}
