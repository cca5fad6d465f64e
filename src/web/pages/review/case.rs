//! The page of one case, as its maintainers work with it.

use actix_web::http::StatusCode;
use actix_web::web::{Path, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use url::form_urlencoded;

use super::case_view::CasePage;
use super::decision_form::Typed;
use super::same_rows;
use crate::takedown::accounts::Account;
use crate::takedown::case::RowState;
use crate::takedown::desk::DeskError;
use crate::takedown::desk::types::Review;
use crate::web::error::AppError;
use crate::web::layout::{Keep, send};
use crate::web::session;
use crate::web::state::AppState;

/// What a page says beside the case itself.
#[derive(Default)]
pub(super) struct Told {
    pub(super) notice: Option<String>,
    /// What stood in a form that could not be taken.
    pub(super) typed: Typed,
    pub(super) all_rows: bool,
}

/// `GET /review/cases/{number}`
pub(in crate::web) async fn page(
    request: HttpRequest,
    number: Path<String>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    let review = state.desk.review(&account, &number).await?;
    let all_rows = form_urlencoded::parse(request.query_string().as_bytes())
        .take(10)
        .any(|(name, value)| name == "rows" && value == "all");
    draw(&account, &review, &state, &Told { all_rows, ..Told::default() }, StatusCode::OK).await
}

pub(super) async fn draw(
    account: &Account,
    review: &Review,
    state: &AppState,
    told: &Told,
    status: StatusCode,
) -> Result<HttpResponse, AppError> {
    let granted = review.case.targets.iter().any(|target| target.rows.iter().any(|row| row.state == RowState::Granted));
    if granted {
        state.propose_same_rows().await.map_err(|error| AppError::internal(&error))?;
    }
    let spread = same_rows::spread(account, &review.case.number, state).await?;
    send(&CasePage::new(account, review, spread, state, told), status, Keep::Nothing)
}

/// The page again, saying why what was asked was not done; what was typed still stands in it.
pub(super) async fn refuse(
    account: &Account,
    number: &str,
    state: &AppState,
    error: DeskError,
    typed: Typed,
) -> Result<HttpResponse, AppError> {
    let (notice, status) = match error {
        DeskError::Conflict { .. } => (
            "Somebody else decided meanwhile. Nothing of yours was done. This is the case as it stands now.".to_owned(),
            StatusCode::CONFLICT,
        ),
        DeskError::Refused(why) => (format!("Nothing was changed: {why}."), StatusCode::CONFLICT),
        other => return Err(other.into()),
    };
    say(account, number, state, notice, typed, status).await
}

pub(super) async fn say(
    account: &Account,
    number: &str,
    state: &AppState,
    notice: String,
    typed: Typed,
    status: StatusCode,
) -> Result<HttpResponse, AppError> {
    let review = state.desk.review(account, number).await?;
    draw(account, &review, state, &Told { notice: Some(notice), typed, all_rows: false }, status).await
}
