//! All records that hold the same picture as one, as JSON.

use actix_web::web::{self, Json, Query, ThinData};

use crate::search::results::CopiesPage;
use crate::web::error::AppError;
use crate::web::pages::copies::CopiesParams;
use crate::web::state::AppState;

/// `GET /api/v1/records/{id}/copies`
pub(in crate::web) async fn list(
    id: web::Path<String>,
    params: Query<CopiesParams>,
    ThinData(state): ThinData<AppState>,
) -> Result<Json<CopiesPage>, AppError> {
    let id = id.into_inner();
    let (offset, limit) = params.checked()?;
    Ok(Json(state.ask(move |engine| engine.copies(&id, offset, limit)).await?))
}
