//! A record of a case as it stands in the manifest, for those who decide about it: also where it is hidden from everybody
//! else, since nobody can decide about a row that they cannot read.

use actix_web::http::StatusCode;
use actix_web::web::{Path, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{Staff, row_of};
use crate::search::engine::Engine;
use crate::search::results::RecordDetail;
use crate::web::error::AppError;
use crate::web::format;
use crate::web::hits::dataset_title;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::pages::record::{CellView, Fact, facts};
use crate::web::state::AppState;

/// As long as two lines of the case page's table.
const CAPTION_CHARS_MAX: usize = 160;

#[derive(Template)]
#[template(path = "review_record_page.html")]
struct ReviewRecordPage {
    layout: Layout,
    staff: Staff,
    number: String,
    id: String,
    dataset: String,
    revision: String,
    file: String,
    file_sha256: String,
    row: String,
    caption: Option<String>,
    facts: Vec<Fact>,
    cells: Vec<CellView>,
    has_address: bool,
}

/// `GET /review/cases/{number}/records/{id}`: of a case that this account may read, and of its rows only.
pub(in crate::web) async fn page(
    request: HttpRequest,
    path: Path<(String, String)>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let (staff, number, row) = row_of(&request, path.into_inner(), &state).await?;
    let record = state.ask(move |engine| engine.record_though_hidden(&row.id)).await?;
    let page = ReviewRecordPage::new(record, staff, number);
    send(&page, StatusCode::OK, Keep::Nothing)
}

/// What a row says of itself, for the list on the case's page; `None` for a revision that is gone or a row without words.
pub(super) fn caption(engine: &Engine, id: &str) -> Option<String> {
    let caption = engine.record_though_hidden(id).ok()?.hit.caption?;
    Some(format::shortened(&caption, CAPTION_CHARS_MAX))
}

impl ReviewRecordPage {
    fn new(record: RecordDetail, staff: Staff, number: String) -> Self {
        Self {
            layout: Layout::new(format!("Record of case {number}"), Nav::Elsewhere),
            staff,
            number,
            dataset: dataset_title(&record.hit).into_owned(),
            row: format::number(&record.hit.row),
            facts: facts(&record),
            has_address: !record.urls.is_empty(),
            id: record.hit.id,
            revision: record.hit.revision,
            file: record.hit.file,
            file_sha256: record.file_sha256,
            caption: record.hit.caption,
            cells: record.cells.into_iter().map(CellView::new).collect(),
        }
    }
}
