//! Look-up by the first digits of a digest: the answer does not show what was asked for.

use actix_web::HttpResponse;
use actix_web::http::header::ContentType;
use actix_web::web::{self, ThinData};
use serde::Serialize;

use crate::search::results::RangeResults;
use crate::web::error::AppError;
use crate::web::state::AppState;

/// Answers are as long as the next multiple of this, so that their length on the wire says little of what is in them.
const PADDED_TO_BYTES: usize = 4096;

#[derive(Serialize)]
struct Padded<'a> {
    #[serde(flatten)]
    results: &'a RangeResults,
    /// Zeros. Mean nothing.
    padding: &'a str,
}

/// `GET /api/v1/range/{kind}/{prefix}`
pub(in crate::web) async fn search(
    path: web::Path<(String, String)>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let (kind, prefix) = path.into_inner();
    let results = state.ask(move |engine| engine.range(&kind, &prefix)).await?;
    let write = |padding: &str| {
        serde_json::to_vec(&Padded { results: &results, padding }).map_err(|error| AppError::internal(&error.into()))
    };
    let bare = write("")?.len();
    let body = write(&"0".repeat(bare.next_multiple_of(PADDED_TO_BYTES) - bare))?;
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(body))
}
