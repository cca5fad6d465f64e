//! “Show that it is yours”: what a person sets out to show about their case, and the looks at it.

use actix_multipart::Multipart;
use actix_web::web::{Path, Payload, ThinData};
use actix_web::{HttpRequest, HttpResponse};

use super::acts::back;
use super::credentials;
use crate::takedown::case::{Actor, Case};
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::proof_form::ProofForm;
use crate::web::proofs;
use crate::web::state::AppState;

/// `POST /cases/{number}/proofs`: begins to show something (`act=claim`), or looks whether it is shown (`act=check`).
pub(in crate::web) async fn act(
    request: HttpRequest,
    number: Path<String>,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let form = Form::read(payload).await?;
    let case = opened(&request, &number, &state).await?;
    match form.get("act") {
        "claim" => {
            proofs::claim(&state, &case, form.get("kind"), form.get("subject")).await?;
        }
        "check" => {
            proofs::check(&state, &case, form.get("id"), form.filled("code"), Actor::Requester).await?;
        }
        _ => return Err(AppError::bad("act", "“act” is claim or check.")),
    }
    Ok(back(&case.number, "proofs"))
}

/// `POST /cases/{number}/proofs/file`
pub(in crate::web) async fn file(
    request: HttpRequest,
    number: Path<String>,
    parts: Multipart,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    // Before a byte of a file is taken in.
    let case = opened(&request, &number, &state).await?;
    let _permit = state.upload_permit().await?;
    let form = ProofForm::read(parts, state.limits.upload_bytes_max).await?;
    proofs::upload(&state, &case, form.kind, form.file, form.is_identity).await?;
    Ok(back(&case.number, "proofs"))
}

async fn opened(request: &HttpRequest, number: &str, state: &AppState) -> Result<Case, AppError> {
    let (number, passphrase) = credentials(request, number, state)?;
    let case = state.desk.case(&number, &passphrase).await;
    state.counted(request, case)
}
