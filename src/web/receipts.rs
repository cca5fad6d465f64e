//! The signed receipt of a case: the same file from the page and from the API.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, LINK};
use actix_web::web;

use super::error::AppError;
use super::state::AppState;
use crate::publishing::receipts::receipt;
use crate::takedown::case::Case;

/// One target's receipt: that of `dataset`, or of the first where none is named. `Link` names those of the others.
pub(super) async fn send(state: &AppState, case: Case, dataset: Option<&str>) -> Result<HttpResponse, AppError> {
    let chosen = match dataset {
        Some(slug) => case.targets.iter().position(|target| target.dataset == slug),
        None => (!case.targets.is_empty()).then_some(0),
    };
    let Some(chosen) = chosen else {
        return Err(AppError::bad("dataset", "This case asks nothing of that dataset."));
    };
    let others = case.targets.iter().enumerate().filter(|(at, _)| *at != chosen);
    let links: Vec<String> =
        others.map(|(_, target)| format!("<?dataset={}>; rel=\"alternate\"", target.dataset)).collect();
    let name = format!("attachment; filename=\"receipt-{}-{}.json\"", case.number, case.targets[chosen].dataset);
    let (engine, keys, versions, now_ms) =
        (state.engine.clone(), state.keys.clone(), state.versions.clone(), (state.clock)());
    let signed = web::block(move || {
        let target = &case.targets[chosen];
        let title =
            engine.dataset(&target.dataset).map_or_else(|_| target.dataset.clone(), |known| known.summary.title);
        receipt(&case, target, &title, &keys, &versions, now_ms)
    });
    let signed = signed.await.map_err(|error| AppError::internal(&error.into()))?;
    let signed = signed.map_err(|error| AppError::internal(&error.into()))?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CACHE_CONTROL, "no-store")).insert_header((CONTENT_DISPOSITION, name));
    if !links.is_empty() {
        answer.insert_header((LINK, links.join(", ")));
    }
    Ok(answer.content_type("application/json").body(signed.into_bytes()))
}
