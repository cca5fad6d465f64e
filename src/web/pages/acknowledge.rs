//! Where a recipient of a dataset says that a notice arrived. Whoever has the link of the notice may: it needs no account.

use actix_web::http::StatusCode;
use actix_web::web::{Payload, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use url::form_urlencoded;

use super::case_words::dataset_in_words;
use crate::takedown::recipient::Notice;
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::format;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::state::AppState;

/// Longest secret that is looked at, characters. Ours have 64.
const TOKEN_CHARS_MAX: usize = 100;

#[derive(Template)]
#[template(path = "acknowledge_page.html")]
struct AcknowledgePage {
    layout: Layout,
    dataset: String,
    slug: String,
    version: u32,
    written: String,
    acknowledged: Option<String>,
    token: String,
}

/// `GET /acknowledge?token=`: what it is about, and a button. Mail programs open links before people do: opening it
/// acknowledges nothing.
pub(in crate::web) async fn page(
    request: HttpRequest,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let mut fields = form_urlencoded::parse(request.query_string().as_bytes()).take(10);
    let token = fields.find(|(name, _)| name == "token").map(|(_, token)| token.into_owned()).unwrap_or_default();
    let token: String = token.chars().take(TOKEN_CHARS_MAX).collect();
    let notice = state.desk.notice(&token).await?;
    draw(&notice, token, &state)
}

/// `POST /acknowledge`
pub(in crate::web) async fn acknowledge(
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let form = Form::read(payload).await?;
    let token: String = form.get("token").chars().take(TOKEN_CHARS_MAX).collect();
    let notice = state.desk.acknowledge_notice(&token).await?;
    draw(&notice, token, &state)
}

fn draw(notice: &Notice, token: String, state: &AppState) -> Result<HttpResponse, AppError> {
    let day = |ms: i64| format::date(&state.desk.date_of(ms).to_string());
    let page = AcknowledgePage {
        layout: Layout::new("A notice of rows to remove", Nav::Elsewhere),
        dataset: dataset_in_words(&state.engine, &notice.dataset),
        slug: notice.dataset.clone(),
        version: notice.version,
        written: day(notice.written_ms),
        acknowledged: notice.acknowledged_ms.map(day),
        token,
    };
    send(&page, StatusCode::OK, Keep::Nothing)
}
