//! Search by picture: the form, and what was found.

use actix_multipart::Multipart;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::ThinData;
use askama::Template;

use super::picture_view::PictureView;
use crate::search::engine::PictureOptions;
use crate::web::coverage::CoverageView;
use crate::web::error::AppError;
use crate::web::format;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::state::AppState;
use crate::web::upload;

#[derive(Template)]
#[template(path = "image_page.html")]
struct ImagePage {
    layout: Layout,
    pictures_max: usize,
    picture_bytes_max: String,
}

#[derive(Template)]
#[template(path = "image_results_page.html")]
struct ImageResultsPage {
    layout: Layout,
    sentence: String,
    pictures: Vec<PictureView>,
    has_hits: bool,
    coverage: CoverageView,
}

/// `GET /image`
pub(in crate::web) async fn form(ThinData(state): ThinData<AppState>) -> Result<HttpResponse, AppError> {
    let page = ImagePage {
        layout: Layout::new("Search by picture", Nav::Picture),
        pictures_max: state.limits.pictures_max,
        picture_bytes_max: format::bytes(&state.limits.upload_bytes_max.to_string()),
    };
    send(&page, StatusCode::OK, Keep::Revalidated)
}

/// `POST /image`
pub(in crate::web) async fn results(
    parts: Multipart,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let found = upload::search(parts, &state, PictureOptions::default()).await?;
    let n_found = found.queries.iter().filter(|picture| !picture.hits.is_empty()).count() as u64;
    let n_asked = found.queries.len() as u64;
    let page = ImageResultsPage {
        layout: Layout::new("Picture results", Nav::Picture),
        sentence: sentence(n_found, n_asked),
        has_hits: n_found > 0,
        pictures: found.queries.iter().map(PictureView::new).collect(),
        coverage: CoverageView::of_pictures(&found.coverage),
    };
    send(&page, StatusCode::OK, Keep::Nothing)
}

fn sentence(n_found: u64, n_asked: u64) -> String {
    match (n_found, n_asked) {
        (0, 1) => "Your picture was not found.".to_owned(),
        (_, 1) => "Your picture has matches.".to_owned(),
        (0, asked) => format!("None of your {} pictures was found.", format::count(asked)),
        (found, asked) if found == asked => format!("All {} pictures have matches.", format::count(asked)),
        (found, asked) => format!("{} of {} pictures have matches.", format::count(found), format::count(asked)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_counts_pictures_with_matches() {
        assert_eq!(sentence(0, 1), "Your picture was not found.");
        assert_eq!(sentence(2, 40), "2 of 40 pictures have matches.");
        assert_eq!(sentence(0, 3), "None of your 3 pictures was found.");
    }
}
