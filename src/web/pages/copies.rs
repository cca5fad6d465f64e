//! All records of a dataset that hold one and the same picture.

use actix_web::http::StatusCode;
use actix_web::web::{self, Query, ThinData};
use actix_web::{HttpResponse, Result};
use askama::Template;
use serde::Deserialize;

use crate::search::results::CopiesPage;
use crate::web::error::AppError;
use crate::web::format;
use crate::web::hits::HitView;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::search_params::parse_limit;
use crate::web::state::AppState;

#[derive(Template)]
#[template(path = "copies_page.html")]
struct CopiesView {
    layout: Layout,
    of: HitView,
    sentence: String,
    why: String,
    hits: Vec<HitView>,
    next: Option<String>,
}

/// Where a page of copies begins, and how long it is.
#[derive(Deserialize)]
pub(in crate::web) struct CopiesParams {
    #[serde(default)]
    cursor: String,
    #[serde(default)]
    limit: String,
}

impl CopiesParams {
    /// Offset and limit; 0 stands for the default limit.
    pub(in crate::web) fn checked(&self) -> Result<(usize, usize), AppError> {
        let bad = || AppError::bad("cursor", "This page’s place cannot be read. Start again from the first page.");
        let offset = if self.cursor.is_empty() { 0 } else { self.cursor.parse().map_err(|_| bad())? };
        let limit =
            if self.limit.is_empty() { 0 } else { parse_limit(&self.limit, crate::search::engine::PICTURE_LIMIT_MAX)? };
        Ok((offset, limit))
    }
}

/// `GET /records/{id}/copies`
pub(in crate::web) async fn page(
    id: web::Path<String>,
    params: Query<CopiesParams>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let id = id.into_inner();
    let (offset, limit) = params.checked()?;
    let copies = state.ask(move |engine| engine.copies(&id, offset, limit)).await?;
    send(&CopiesView::new(copies), StatusCode::OK, Keep::Nothing)
}

impl CopiesView {
    fn new(copies: CopiesPage) -> Self {
        let of = HitView::new(&copies.of);
        let next = copies.next.map(|cursor| format!("{}/copies?cursor={cursor}", of.href));
        Self {
            layout: Layout::new("Records with the same picture", Nav::Picture),
            sentence: match copies.total {
                0 | 1 => "This picture appears once in this dataset.".to_owned(),
                n => format!("This picture appears {} times in this dataset.", format::count(n)),
            },
            why: match copies.same_by.as_str() {
                "record" => "The record has no fingerprint and no checksum to find others by.".to_owned(),
                "sha256" | "md5" => "The files have the same checksum.".to_owned(),
                kind => format!("The pictures have the same fingerprint ({kind})."),
            },
            hits: copies.hits.iter().map(HitView::new).collect(),
            of,
            next,
        }
    }
}
