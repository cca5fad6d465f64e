//! What a person shows about their case, as JSON: begun, looked at, listed.

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Path, Payload, ThinData};
use actix_web::{FromRequest as _, HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Value, json};

use super::cases::{answer, moment, open, read};
use crate::takedown::case::{Actor, Case};
use crate::takedown::desk::types::ClaimLine;
use crate::takedown::proof::Kind;
use crate::web::error::AppError;
use crate::web::proof_form::ProofForm;
use crate::web::proofs;
use crate::web::state::AppState;

/// Either something new to be shown, or one that is looked at.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    subject: Option<String>,
    /// The id of what is looked at.
    #[serde(default)]
    check: Option<String>,
    /// The code of a letter.
    #[serde(default)]
    code: Option<String>,
}

/// `GET /api/v1/cases/{number}/proofs`
pub(in crate::web) async fn list(
    request: HttpRequest,
    number: Path<String>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let case = open(&request, &number, &state).await?;
    let lines = state.desk.claims(&case).await?;
    let offered = |kind: &Kind| state.outside.is_on() || !kind.asks_outside();
    let kinds: Vec<_> = Kind::ALL.into_iter().filter(offered).map(Kind::name).collect();
    let proofs: Vec<_> = lines.iter().map(|line| view(line, &state)).collect();
    answer(
        StatusCode::OK,
        &json!({ "may_be_demanded": may_be_demanded(&case, &state), "kinds": kinds, "proofs": proofs }),
    )
}

/// `POST /api/v1/cases/{number}/proofs`: JSON, or a form with a file.
pub(in crate::web) async fn act(
    request: HttpRequest,
    number: Path<String>,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let case = open(&request, &number, &state).await?;
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if content_type.to_ascii_lowercase().starts_with("multipart/") {
        let _permit = state.upload_permit().await?;
        let parts = Multipart::from_request(&request, &mut payload.into_inner()).await;
        let parts = parts.map_err(|_| AppError::bad("file", "This form cannot be read."))?;
        let form = ProofForm::read(parts, state.limits.upload_bytes_max).await?;
        let line = proofs::upload(&state, &case, form.kind, form.file, form.is_identity).await?;
        return answer(StatusCode::CREATED, &view(&line, &state));
    }
    let asked: Asked = read(&request, payload).await?;
    if let Some(id) = asked.check.filter(|id| !id.is_empty()) {
        let line = proofs::check(&state, &case, &id, asked.code, Actor::Requester).await?;
        return answer(StatusCode::OK, &view(&line, &state));
    }
    let line =
        proofs::claim(&state, &case, &asked.kind.unwrap_or_default(), &asked.subject.unwrap_or_default()).await?;
    answer(StatusCode::CREATED, &view(&line, &state))
}

/// Whether the rules let the maintainers ask for one.
fn may_be_demanded(case: &Case, state: &AppState) -> bool {
    let book = state.desk.rules();
    case.targets.iter().any(|target| book.regime(target.basis, &target.memo.regime).may_ask_proof(target.rows.len()))
}

fn view(line: &ClaimLine, state: &AppState) -> Value {
    let claim = &line.claim;
    let code = line.code.as_deref();
    let put: Vec<_> = code
        .into_iter()
        .flat_map(|code| proofs::places(state, claim, code))
        .map(|place| json!({ "where": place.spot, "what": place.what }))
        .collect();
    json!({
        "id": claim.id,
        "kind": claim.kind,
        "subject": claim.subject,
        "state": claim.state,
        "strength": claim.strength,
        "begun_at": moment(claim.made_ms),
        "checked_at": claim.checked_ms.map(moment),
        "seen": claim.note,
        "code": code,
        "put": put,
    })
}
