//! The link in a first letter: is this e-mail address yours? Opening it changes nothing, since mail programs open links
//! by themselves; the button does.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, ThinData};
use askama::Template;

use crate::takedown::desk::DeskError;
use crate::web::error::AppError;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::state::AppState;

/// Longest secret that is looked at, characters. Ours have 43.
const TOKEN_CHARS_MAX: usize = 100;

#[derive(Template)]
#[template(path = "case_confirm_page.html")]
struct ConfirmPage {
    layout: Layout,
    token: String,
    is_confirmed: bool,
}

/// `GET /cases/confirm/{token}`
pub(in crate::web) async fn ask(token: Path<String>) -> Result<HttpResponse, AppError> {
    show(readable(&token)?, false)
}

/// `POST /cases/confirm/{token}`
pub(in crate::web) async fn confirm(
    token: Path<String>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let token = readable(&token)?;
    match state.desk.confirm_email(&token).await {
        Ok(_) => show(token, true),
        Err(DeskError::NoSuchLink) => Err(AppError::NoSuchLink),
        Err(error) => Err(error.into()),
    }
}

fn readable(token: &str) -> Result<String, AppError> {
    let is_fine = !token.is_empty()
        && token.len() <= TOKEN_CHARS_MAX
        && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if is_fine { Ok(token.to_owned()) } else { Err(AppError::NoSuchLink) }
}

fn show(token: String, is_confirmed: bool) -> Result<HttpResponse, AppError> {
    let page = ConfirmPage { layout: Layout::new("Your e-mail address", Nav::Removal), token, is_confirmed };
    send(&page, StatusCode::OK, Keep::Nothing)
}
