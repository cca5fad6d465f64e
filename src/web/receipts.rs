//! The signed receipt of a case: the same file from the page and from the API.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, LINK};
use actix_web::web;

use super::error::AppError;
use super::state::AppState;
use crate::evidence::document::Document;
use crate::evidence::receipt_pdf;
use crate::publishing::receipts::receipt;
use crate::takedown::case::Case;

/// The forms a receipt is sent in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Pdf,
}

impl Form {
    /// `None` is the form of the address: a page, or JSON.
    pub(super) fn read(format: Option<&str>) -> Result<Option<Self>, AppError> {
        match format {
            None | Some("") => Ok(None),
            Some("json") => Ok(Some(Self::Json)),
            Some("pdf") => Ok(Some(Self::Pdf)),
            Some(_) => Err(AppError::bad("format", "“format” can be “json” or “pdf”.")),
        }
    }
}

/// A receipt, signed.
pub(super) struct Signed {
    pub(super) number: String,
    /// The dataset it is about, and the others that the case asks.
    pub(super) dataset: String,
    pub(super) others: Vec<String>,
    pub(super) document: Document,
}

/// One target's receipt: that of `dataset`, or of the first where none is named.
pub(super) async fn make(state: &AppState, case: Case, dataset: Option<&str>) -> Result<Signed, AppError> {
    let chosen = match dataset {
        Some(slug) => case.targets.iter().position(|target| target.dataset == slug),
        None => (!case.targets.is_empty()).then_some(0),
    };
    let Some(chosen) = chosen else {
        return Err(AppError::bad("dataset", "This case asks nothing of that dataset."));
    };
    let (number, dataset) = (case.number.clone(), case.targets[chosen].dataset.clone());
    let others = case.targets.iter().map(|target| target.dataset.clone()).filter(|slug| *slug != dataset).collect();
    let (engine, keys, versions) = (state.engine.clone(), state.keys.clone(), state.versions.clone());
    let signed = web::block(move || {
        let target = &case.targets[chosen];
        let title =
            engine.dataset(&target.dataset).map_or_else(|_| target.dataset.clone(), |known| known.summary.title);
        receipt(&case, target, &title, &keys, &versions)
    });
    let signed = signed.await.map_err(|error| AppError::internal(&error.into()))?;
    let document = signed.map_err(|error| AppError::internal(&error.into()))?;
    Ok(Signed { number, dataset, others, document })
}

/// Sends a receipt as a file. `Link` names those of the other datasets.
pub(super) fn send(signed: Signed, form: Form) -> HttpResponse {
    let links: Vec<String> = signed.others.iter().map(|slug| format!("<?dataset={slug}>; rel=\"alternate\"")).collect();
    let (kind, media_type, body) = match form {
        Form::Json => ("json", "application/json", signed.document.into_bytes()),
        Form::Pdf => ("pdf", "application/pdf", receipt_pdf::draw(&signed.document)),
    };
    let name = format!("attachment; filename=\"receipt-{}-{}.{kind}\"", signed.number, signed.dataset);
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CACHE_CONTROL, "no-store")).insert_header((CONTENT_DISPOSITION, name));
    if !links.is_empty() {
        answer.insert_header((LINK, links.join(", ")));
    }
    answer.content_type(media_type).body(body)
}
