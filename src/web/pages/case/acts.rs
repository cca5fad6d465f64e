//! What a person does to their case. Every act ends on the case page again.

use actix_multipart::Multipart;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, LOCATION};
use actix_web::web::{Path, Payload, ThinData};
use actix_web::{HttpRequest, HttpResponse};

use super::message_form::MessageForm;
use super::{credentials, readable_number};
use crate::web::case_cookie;
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::state::AppState;

/// `POST /cases/{number}/messages`: words, files, or both.
pub(in crate::web) async fn message(
    request: HttpRequest,
    number: Path<String>,
    parts: Multipart,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let (number, passphrase) = credentials(&request, &number, &state)?;
    // Before a byte of a file is taken in: only who may write to the case may send files.
    let answer = state.desk.case(&number, &passphrase).await;
    state.counted(&request, answer)?;
    let _permit = state.upload_permit().await?;
    let form = MessageForm::read(parts).await?;
    if form.text.is_empty() && form.attachments.is_empty() {
        return Err(AppError::bad("text", "There was nothing in the message. Write something, or attach a file."));
    }
    let answer = state.desk.message(&number, &passphrase, &form.text, form.attachments).await;
    state.counted(&request, answer)?;
    Ok(back(&number, "said"))
}

/// `POST /cases/{number}/withdraw`
pub(in crate::web) async fn withdraw(
    request: HttpRequest,
    number: Path<String>,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let (number, passphrase) = credentials(&request, &number, &state)?;
    let form = Form::read(payload).await?;
    if !form.has("sure") {
        return Err(AppError::bad("sure", "Nothing was withdrawn. Tick “I am sure” first, since it cannot be undone."));
    }
    let answer = state.desk.withdraw(&number, &passphrase, form.filled("dataset").as_deref()).await;
    state.counted(&request, answer)?;
    Ok(back(&number, "happened"))
}

/// `POST /cases/{number}/appeal`
pub(in crate::web) async fn appeal(
    request: HttpRequest,
    number: Path<String>,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let (number, passphrase) = credentials(&request, &number, &state)?;
    let form = Form::read(payload).await?;
    let why = form.get("why");
    if why.is_empty() {
        return Err(AppError::bad("why", "Say why the decision should be looked at again. Nothing was sent."));
    }
    let answer = state.desk.appeal(&number, &passphrase, form.filled("dataset").as_deref(), why).await;
    state.counted(&request, answer)?;
    Ok(back(&number, "happened"))
}

/// `POST /cases/{number}/narrow`: takes ticked records out of the case.
pub(in crate::web) async fn narrow(
    request: HttpRequest,
    number: Path<String>,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let (number, passphrase) = credentials(&request, &number, &state)?;
    let form = Form::read(payload).await?;
    let ids: Vec<String> = form.all("drop").map(str::to_owned).collect();
    if ids.is_empty() {
        return Err(AppError::bad("drop", "No record was ticked, so nothing was taken out."));
    }
    let answer = state.desk.narrow(&number, &passphrase, &ids).await;
    state.counted(&request, answer)?;
    Ok(back(&number, "happened"))
}

/// `POST /cases/{number}/leave`
pub(in crate::web) async fn leave(number: Path<String>) -> Result<HttpResponse, AppError> {
    let number = readable_number(&number).ok_or(AppError::NoSuchCase)?;
    let mut response = HttpResponse::SeeOther();
    response.insert_header((LOCATION, "/cases")).cookie(case_cookie::forget(&number));
    Ok(response.finish())
}

/// `GET /cases/{number}/attachments/{id}`: to be saved, never shown: it may be anything.
pub(in crate::web) async fn attachment(
    request: HttpRequest,
    path: Path<(String, String)>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let (number, id) = path.into_inner();
    let (number, passphrase) = credentials(&request, &number, &state)?;
    let answer = state.desk.attachment(&number, &passphrase, &id).await;
    let file = state.counted(&request, answer)?;
    Ok(as_download(&file.name, file.bytes))
}

/// A file that somebody sent, as something to save. Its own type and name are not trusted.
pub(in crate::web) fn as_download(name: &str, bytes: Vec<u8>) -> HttpResponse {
    let plain: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ')).collect();
    let plain = plain.trim_matches(['.', ' ']);
    let shown = if plain.is_empty() { "file" } else { plain };
    HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{shown}\"")))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(bytes)
}

pub(super) fn back(number: &str, place: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, format!("/cases/{number}#{place}"))).finish()
}
