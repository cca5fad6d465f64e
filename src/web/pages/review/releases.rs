//! A new release, uploaded: which of the rows that were to be removed does it still hold?

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Query, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::{Choice, Staff};
use crate::publishing::release::ReleaseReport;
use crate::removal::rescan::{Fate, RowFate};
use crate::takedown::accounts::{Account, Role};
use crate::web::error::AppError;
use crate::web::format;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::pages::case_words::dataset_in_words;
use crate::web::releases;
use crate::web::session;
use crate::web::state::AppState;

/// Rows listed: what is still there comes first. `rollcall removals rescan --json` names all.
const ROWS_SHOWN: usize = 200;

#[derive(Deserialize)]
pub(in crate::web) struct Asked {
    #[serde(default)]
    dataset: Option<String>,
    /// The number of a report.
    #[serde(default)]
    report: Option<u64>,
}

#[derive(Template)]
#[template(path = "review_releases_page.html")]
struct ReleasesPage {
    layout: Layout,
    staff: Staff,
    datasets: Vec<Choice>,
    most: String,
    is_lost: bool,
    report: Option<ReportView>,
}

struct ReportView {
    title: String,
    release: String,
    sha256: String,
    read: String,
    in_short: String,
    cases: String,
    counts: Vec<(&'static str, String)>,
    problems: Vec<String>,
    rows: Vec<RowView>,
    n_more: String,
}

struct RowView {
    old: String,
    fate: &'static str,
    detail: String,
}

/// `GET /review/releases`
pub(in crate::web) async fn form(
    request: HttpRequest,
    asked: Query<Asked>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = maintainer(&request, &state).await?;
    let report = asked.report.and_then(|number| state.releases.report(number));
    let report = report.filter(|report| account.covers(&report.dataset));
    let chosen = report.as_ref().map(|report| report.dataset.as_str()).or(asked.dataset.as_deref()).unwrap_or_default();
    let datasets = state.engine.datasets().into_iter().filter(|dataset| account.covers(&dataset.slug));
    let page = ReleasesPage {
        layout: Layout::new("New release", Nav::Elsewhere),
        staff: Staff::new(&account),
        datasets: datasets.map(|dataset| Choice::new(dataset.slug, dataset.title, chosen)).collect(),
        most: format::bytes(&state.limits.release_bytes_max.to_string()),
        is_lost: asked.report.is_some() && report.is_none(),
        report: report.map(|report| ReportView::new(&report, &state)),
    };
    send(&page, StatusCode::OK, Keep::Nothing)
}

/// `POST /review/releases`
pub(in crate::web) async fn look_through(
    request: HttpRequest,
    parts: Multipart,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = maintainer(&request, &state).await?;
    let held = state.engine.datasets();
    let may = |dataset: &str| {
        if !account.covers(dataset) {
            return Err(AppError::forbidden_dataset(dataset));
        }
        if held.iter().any(|known| known.slug == dataset) {
            Ok(())
        } else {
            Err(AppError::NoSuchDataset(dataset.to_owned()))
        }
    };
    let upload = releases::take_in(parts, &state, may).await?;
    let number = releases::look_through(&state, upload).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/review/releases?report={number}"))).finish())
}

async fn maintainer(request: &HttpRequest, state: &AppState) -> Result<Account, AppError> {
    let account = session::account(request, state).await?;
    if account.role < Role::Maintainer {
        return Err(AppError::Forbidden {
            detail: "This account may not look through releases: it needs the role maintainer or admin.".to_owned(),
        });
    }
    Ok(account)
}

impl ReportView {
    fn new(report: &ReleaseReport, state: &AppState) -> Self {
        let scanned = &report.scanned;
        let rows_read: u64 = scanned.files.iter().map(|file| file.rows).sum();
        let count = |fate: &str| scanned.counts.get(fate).copied().unwrap_or(0);
        let found = count("still_there") + count("moved");
        let mut rows: Vec<&RowFate> = scanned.rows.iter().collect();
        rows.sort_by_key(|row| match row.fate {
            Fate::StillThere { .. } => 0,
            Fate::Moved { .. } => 1,
            Fate::CannotTell { .. } => 2,
            Fate::Gone { .. } => 3,
        });
        let n_looked = scanned.rows.len() as u64;
        Self {
            title: dataset_in_words(&state.engine, &report.dataset),
            release: report.release.clone(),
            sha256: report.sha256.clone(),
            read: format!(
                "{} with {} read.",
                format::counted(scanned.files.len() as u64, "file", "files"),
                format::counted(rows_read, "row", "rows")
            ),
            in_short: match (n_looked, found, count("cannot_tell")) {
                (0, ..) => "No row of this dataset is to be removed, so there was nothing to look for.".to_owned(),
                (_, 0, 0) => "None of the rows that are to be removed is in it.".to_owned(),
                (_, 0, _) => {
                    "None of the rows that are to be removed was found, but not all could be looked for.".to_owned()
                }
                (_, found, _) => {
                    format!("{} to be removed and still in it.", format::counted(found, "row is", "rows are"))
                }
            },
            cases: format!(
                "Cases: {} told that their rows are gone, {} opened again, {} of which it cannot be told, {} left as they are (in no published set yet, or open for another reason).",
                format::count(report.verified),
                format::count(report.reopened),
                format::count(report.untold),
                format::count(report.unchanged)
            ),
            counts: ["gone", "still_there", "moved", "cannot_tell"]
                .map(|fate| (fate_in_words(fate), format::count(count(fate))))
                .to_vec(),
            problems: scanned
                .files
                .iter()
                .filter_map(|file| Some(format!("{}: {}", file.file, file.problem.as_ref()?)))
                .collect(),
            n_more: match rows.len().saturating_sub(ROWS_SHOWN) {
                0 => String::new(),
                n => format::count(n as u64),
            },
            rows: rows.into_iter().take(ROWS_SHOWN).map(RowView::new).collect(),
        }
    }
}

fn fate_in_words(fate: &str) -> &'static str {
    match fate {
        "gone" => "Gone",
        "still_there" => "Still there",
        "moved" => "Moved",
        _ => "Cannot be told",
    }
}

impl RowView {
    fn new(row: &RowFate) -> Self {
        let detail = match &row.fate {
            Fate::Gone { looked_by } => format!("looked for by {}", looked_by.join(", ")),
            Fate::StillThere { found } | Fate::Moved { found } => {
                let also = if row.also > 0 { format!(", and {} more", row.also) } else { String::new() };
                format!("{} row {}, by {}{also}", found.file, found.row, found.by.name())
            }
            Fate::CannotTell { reason } => reason.clone(),
        };
        Self {
            old: format!("{} row {} of {}", row.file, row.row, row.revision),
            fate: fate_in_words(row.fate.name()),
            detail,
        }
    }
}
