//! The public figures as JSON.

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{Query, ThinData};
use serde::{Deserialize, Serialize};

use crate::takedown::statistics::small_counts::THRESHOLD;
use crate::web::error::AppError;
use crate::web::state::AppState;
use crate::web::transparency::{self, Report};

#[derive(Deserialize)]
pub(in crate::web) struct Asked {
    #[serde(default)]
    pub(in crate::web) dataset: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    /// Counts below it are hidden.
    fewer_than_is_hidden: u64,
    #[serde(flatten)]
    report: Report,
}

/// `GET /api/v1/transparency`
pub(in crate::web) async fn report(
    asked: Query<Asked>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let slug = asked.dataset.as_deref().filter(|slug| !slug.is_empty());
    let report = transparency::of(&state, slug).await?;
    let answer = Answer { fewer_than_is_hidden: THRESHOLD, report };
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-cache")).json(answer))
}
