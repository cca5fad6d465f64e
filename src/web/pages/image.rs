//! Search by picture: the form, what was found in pictures that were sent, and the empty answer that the page fills where
//! pictures are fingerprinted on the visitor's device.

use actix_multipart::Multipart;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Query, ThinData};
use askama::Template;
use serde::Deserialize;

use super::picture_answer::PictureAnswerView;
use crate::web::coverage::CoverageView;
use crate::web::error::AppError;
use crate::web::format;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::security::with_own_pictures;
use crate::web::state::AppState;
use crate::web::upload::{self, MatchOptions};

#[derive(Template)]
#[template(path = "image_page.html")]
struct ImagePage {
    layout: Layout,
    pictures_max: usize,
    picture_bytes_max: String,
}

/// An answer, or an empty one.
#[derive(Template)]
#[template(path = "image_results_page.html")]
struct ImageResultsPage {
    layout: Layout,
    answer: PictureAnswerView,
}

/// `GET /image`
pub(in crate::web) async fn form(ThinData(state): ThinData<AppState>) -> Result<HttpResponse, AppError> {
    let page = ImagePage {
        layout: Layout::new("Search by picture", Nav::Picture),
        pictures_max: state.limits.pictures_max,
        picture_bytes_max: format::bytes(&state.limits.upload_bytes_max.to_string()),
    };
    Ok(with_own_pictures(send(&page, StatusCode::OK, Keep::Revalidated)?))
}

/// `POST /image`
pub(in crate::web) async fn results(
    parts: Multipart,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let options = MatchOptions { radius: None, limit: 0 };
    let found = upload::search(parts, &state, options).await?;
    let page = ImageResultsPage {
        layout: Layout::new("Picture results", Nav::Picture),
        answer: PictureAnswerView::new(&found.queries, CoverageView::of_pictures(&found.coverage)),
    };
    Ok(with_own_pictures(send(&page, StatusCode::OK, Keep::Nothing)?))
}

#[derive(Deserialize)]
pub(in crate::web) struct BlankParams {
    /// `1` where the visitor sends the pictures themselves: then other kinds of fingerprint are compared, too.
    sent: Option<String>,
}

/// `GET /image/blank`: an answer about no picture, for `answer.js` to fill.
pub(in crate::web) async fn blank(
    Query(params): Query<BlankParams>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let held = state.ask(|engine| engine.pictures(Vec::new(), None, 0)).await?.coverage;
    let coverage = if params.sent.as_deref() == Some("1") {
        CoverageView::of_pictures(&held)
    } else {
        CoverageView::of_hashed_pictures(&held)
    };
    let page = ImageResultsPage {
        layout: Layout::new("Picture results", Nav::Picture),
        answer: PictureAnswerView::blank(coverage),
    };
    Ok(with_own_pictures(send(&page, StatusCode::OK, Keep::Nothing)?))
}
