//! One decision to take elsewhere: for the DSA Transparency Database, for Lumen, in the Data Rights Protocol's words.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::{Path, Query, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use crate::takedown::accounts::Role;
use crate::takedown::case::Case;
use crate::takedown::export::{ExportError, Source, drp, dsa, lumen};
use crate::web::error::AppError;
use crate::web::pages::case_words::dataset_in_words;
use crate::web::session;
use crate::web::state::AppState;

#[derive(Deserialize)]
pub(in crate::web) struct Asked {
    /// Whose decision, where the case asks several datasets.
    #[serde(default)]
    dataset: Option<String>,
}

/// `GET /review/cases/{number}/export/{file}`: `dsa.json`, `lumen.json`, `drp.json`.
pub(in crate::web) async fn export(
    request: HttpRequest,
    path: Path<(String, String)>,
    asked: Query<Asked>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    if account.role < Role::Maintainer {
        return Err(AppError::Forbidden {
            detail: "This account may not export decisions: it needs the role maintainer or admin.".to_owned(),
        });
    }
    let (number, file) = path.into_inner();
    // Only targets that the account may see.
    let case = state.desk.review(&account, &number).await?.case;
    match file.as_str() {
        "dsa.json" => dsa_statement(&state, &case, asked.dataset.as_deref()).await,
        "lumen.json" => {
            let (target, title) = chosen(&state, &case, asked.dataset.as_deref())?;
            let received = state.desk.date_of(case.targets[target].received_ms).to_string();
            let notice =
                lumen::notice(&source(&state, &case, target, &title), &received).map_err(|error| refused(&error))?;
            send(&notice, "lumen.json")
        }
        "drp.json" => send(&drp::case_status(&case, state.public_origin.as_deref()), "drp.json"),
        _ => Err(AppError::NoSuchPage),
    }
}

async fn dsa_statement(state: &AppState, case: &Case, dataset: Option<&str>) -> Result<HttpResponse, AppError> {
    let (target, title) = chosen(state, case, dataset)?;
    let slug = &case.targets[target].dataset;
    // A later decision about the same rows is another statement.
    let decided = case.targets[target].decided_ms.unwrap_or_default();
    let puid = state.desk.pseudonym(&case.number, &format!("dsa statement\n{slug}\n{decided}")).await?;
    let received = state.desk.date_of(case.targets[target].received_ms).to_string();
    let statement =
        dsa::statement(&source(state, case, target, &title), &received, puid).map_err(|error| refused(&error))?;
    send(&statement, "dsa.json")
}

/// The place of a target, and its dataset's title.
fn chosen(state: &AppState, case: &Case, dataset: Option<&str>) -> Result<(usize, String), AppError> {
    let place = match dataset.filter(|slug| !slug.is_empty()) {
        Some(slug) => case.targets.iter().position(|target| target.dataset == slug),
        None => (!case.targets.is_empty()).then_some(0),
    };
    let place = place.ok_or_else(|| AppError::bad("dataset", "This case asks nothing of that dataset."))?;
    Ok((place, dataset_in_words(&state.engine, &case.targets[place].dataset)))
}

fn source<'a>(state: &'a AppState, case: &'a Case, target: usize, dataset_title: &'a str) -> Source<'a> {
    Source {
        case,
        target: &case.targets[target],
        dataset_title,
        operator: &state.desk.rules().operator.name,
        public_url: state.public_origin.as_deref(),
    }
}

fn refused(error: &ExportError) -> AppError {
    AppError::NotPossible { detail: format!("There is no such export: {error}.") }
}

fn send(value: &impl Serialize, name: &str) -> Result<HttpResponse, AppError> {
    let json = serde_json::to_vec_pretty(value).map_err(|error| AppError::internal(&error.into()))?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(json))
}
