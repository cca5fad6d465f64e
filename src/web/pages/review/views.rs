//! Views of the queue that somebody keeps under a name: kept, renamed, removed.

use actix_web::web::{Path, Payload, ThinData};
use actix_web::{HttpRequest, HttpResponse};

use super::see_other;
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::queue_params::QueueParams;
use crate::web::session;
use crate::web::state::AppState;

const QUEUE: &str = "/review";

/// `POST /review/views`: the filter of the page it was sent from, under a name.
pub(in crate::web) async fn add(
    request: HttpRequest,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    let form = Form::read(payload).await?;
    let params = QueueParams::read(form.get("filter"));
    // What could not be shown is not kept.
    params.filter(&account, state.desk.today())?;
    let filter = params.view();
    if filter.is_empty() {
        return Err(AppError::bad(
            "filter",
            "Choose a filter first: without one this is the view of all that is open.",
        ));
    }
    state.desk.add_view(&account, form.get("name"), &filter).await?;
    Ok(see_other(&address(&filter)))
}

/// `POST /review/views/{id}`: another name for it, or away with it.
pub(in crate::web) async fn change(
    request: HttpRequest,
    id: Path<String>,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    let form = Form::read(payload).await?;
    match form.get("act") {
        "rename" => state.desk.rename_view(&account, &id, form.get("name")).await?,
        "remove" => state.desk.remove_view(&account, &id).await?,
        _ => return Err(AppError::bad("act", "“act” is “rename” or “remove”.")),
    }
    Ok(see_other(&address(&QueueParams::read(form.get("filter")).view())))
}

/// Where the queue is shown under a filter.
pub(super) fn address(filter: &str) -> String {
    if filter.is_empty() { QUEUE.to_owned() } else { format!("{QUEUE}?{filter}") }
}
