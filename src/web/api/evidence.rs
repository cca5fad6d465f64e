//! Evidence packs: signed JSON, or the same as a table or on paper.

use actix_web::web::{self, ThinData};
use actix_web::{HttpRequest, HttpResponse};

use crate::web::error::AppError;
use crate::web::evidence::{self, Form, RecordRequest};
use crate::web::search_params::SearchParams;
use crate::web::state::AppState;

/// `GET /api/v1/records/{id}/evidence`
pub(in crate::web) async fn of_record(
    id: web::Path<String>,
    request: HttpRequest,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let asked = RecordRequest::parse(request.query_string())?;
    let signed = evidence::of_record(&state, id.into_inner(), &asked).await?;
    Ok(evidence::send(signed, asked.form.unwrap_or(Form::Json)))
}

/// `GET /api/v1/search/evidence`
pub(in crate::web) async fn of_result(
    request: HttpRequest,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let params = SearchParams::parse(request.query_string(), &state.limits)?;
    if params.asks_nothing() {
        return Err(AppError::bad("q", "Give “q”, or one of “author” and “domain”."));
    }
    let form = Form::parse(request.query_string())?.unwrap_or(Form::Json);
    Ok(evidence::send(evidence::of_result(&state, &params).await?, form))
}
