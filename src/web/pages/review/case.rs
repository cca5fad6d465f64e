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
use crate::takedown::decision::DecisionError;
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
    /// Which rows are looked at.
    pub(super) shown: Shown,
}

/// A page of the rows of one dataset; of the others the first.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    pub(super) dataset: String,
    /// Counts from 1; what is not there is the nearest that is.
    pub(super) page: usize,
}

impl Shown {
    fn of_query(query: &str) -> Self {
        let mut shown = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()).take(10) {
            match &*name {
                "dataset" => shown.dataset = value.into_owned(),
                "rows" => shown.page = value.parse().unwrap_or_default(),
                _ => {}
            }
        }
        shown
    }

    /// The address of a case's page that shows it.
    pub(super) fn href(number: &str, dataset: &str, page: usize) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("dataset", dataset)
            .append_pair("rows", &page.to_string())
            .finish();
        format!("/review/cases/{number}?{query}")
    }
}

/// `GET /review/cases/{number}`
pub(in crate::web) async fn page(
    request: HttpRequest,
    number: Path<String>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    let review = state.desk.review(&account, &number).await?;
    let shown = Shown::of_query(request.query_string());
    draw(&account, &review, &state, &Told { shown, ..Told::default() }, StatusCode::OK).await
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
        DeskError::Refused(DecisionError::ReasonsMissing("reasons.explanation")) => (
            "Nothing was decided. Write under “Why that leads here” why you decide so: the person receives it."
                .to_owned(),
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
    let shown = typed.shown.clone();
    draw(account, &review, state, &Told { notice: Some(notice), typed, shown }, status).await
}
