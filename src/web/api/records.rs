//! One record as JSON.

use actix_web::web::{self, Json, ThinData};

use crate::search::results::RecordDetail;
use crate::web::error::AppError;
use crate::web::state::AppState;

/// `GET /api/v1/records/{id}`
pub(in crate::web) async fn one(
    id: web::Path<String>,
    ThinData(state): ThinData<AppState>,
) -> Result<Json<RecordDetail>, AppError> {
    let id = id.into_inner();
    Ok(Json(state.ask(move |engine| engine.record(&id)).await?))
}
