//! Search by words as JSON.

use actix_web::HttpRequest;
use actix_web::web::{Json, ThinData};

use crate::search::results::TextResults;
use crate::web::error::AppError;
use crate::web::search_params::SearchParams;
use crate::web::state::AppState;

/// `GET /api/v1/search`
pub(in crate::web) async fn search(
    request: HttpRequest,
    ThinData(state): ThinData<AppState>,
) -> Result<Json<TextResults>, AppError> {
    let params = SearchParams::parse(request.query_string(), &state.limits)?;
    if params.asks_nothing() {
        return Err(AppError::bad("q", "Give “q”, or one of “author” and “domain”."));
    }
    let question = params.request();
    Ok(Json(state.ask(move |engine| engine.text(&question)).await?))
}
