//! Datasets as JSON.

use actix_web::web::{self, Json, ThinData};
use serde::Serialize;

use crate::search::results::{DatasetDetail, DatasetSummary};
use crate::web::error::AppError;
use crate::web::state::AppState;

#[derive(Serialize)]
pub(in crate::web) struct DatasetList {
    datasets: Vec<DatasetSummary>,
}

/// `GET /api/v1/datasets`
pub(in crate::web) async fn list(ThinData(state): ThinData<AppState>) -> Json<DatasetList> {
    Json(DatasetList { datasets: state.engine.datasets() })
}

/// `GET /api/v1/datasets/{slug}`
pub(in crate::web) async fn one(
    slug: web::Path<String>,
    ThinData(state): ThinData<AppState>,
) -> Result<Json<DatasetDetail>, AppError> {
    let slug = slug.into_inner();
    Ok(Json(state.ask(move |engine| engine.dataset(&slug)).await?))
}
