//! Signed documents as visitors bring them back, and what they are checked against.

use std::time::Duration;

use actix_multipart::Multipart;
use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{self, Json, ThinData};
use futures_util::StreamExt as _;

use super::error::AppError;
use super::format;
use super::state::AppState;
use crate::evidence::key_ring::PublishedKey;
use crate::evidence::verify::{KeyCheck, KnownKeys, Report, verify};
use crate::evidence::well_known::{self, PublishedRoot};

/// A connection that sends nothing for this long is given up.
const IDLE_MAX: Duration = Duration::from_secs(30);
/// Parts of the form that are looked at: ours has one.
const PARTS_MAX: usize = 8;

/// `GET /.well-known/rollcall.json`
pub(super) async fn well_known(ThinData(state): ThinData<AppState>) -> Result<HttpResponse, AppError> {
    let (keys, roots) = published(&state).await?;
    let document = Json(well_known::document(&keys, &roots));
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-cache")).json(document.0))
}

/// The portal's keys, and the roots of its removal sets.
async fn published(state: &AppState) -> Result<(Vec<PublishedKey>, Vec<PublishedRoot>), AppError> {
    let ring = state.keys.clone();
    let keys = web::block(move || ring.keys()).await.map_err(|error| AppError::internal(&error.into()))?;
    let keys = keys.map_err(|error| AppError::internal(&error.into()))?;
    let versions = state.versions.clone();
    let roots = web::block(move || versions.roots()).await.map_err(|error| AppError::internal(&error.into()))?;
    let roots = roots.map_err(|error| AppError::internal(&error.into()))?;
    Ok((keys, roots))
}

/// What this portal can say of a document.
pub(super) struct Checked {
    pub(super) report: Report,
    /// Whole and well signed, by a key that is not this portal's: a maintainer's, or another portal's.
    pub(super) is_of_another: bool,
}

/// Checks a document against the portal's own keys.
pub(super) async fn check(state: &AppState, bytes: Vec<u8>) -> Result<Checked, AppError> {
    let (keys, roots) = published(state).await?;
    let known = KnownKeys::of(&keys, roots).map_err(|error| AppError::internal(&error.into()))?;
    let checked = move || {
        let report = verify(&bytes, Some(&known));
        if report.valid || report.key != KeyCheck::Other {
            return Checked { report, is_of_another: false };
        }
        let alone = verify(&bytes, None);
        if alone.valid {
            Checked { report: alone, is_of_another: true }
        } else {
            Checked { report, is_of_another: false }
        }
    };
    web::block(checked).await.map_err(|error| AppError::internal(&error.into()))
}

/// Takes in the file of a form's `document` part, in memory.
pub(super) async fn take_in(mut parts: Multipart, state: &AppState) -> Result<Vec<u8>, AppError> {
    let _permit = state.upload_permit().await?;
    let unreadable = |_| bad("The upload broke off or is damaged. Nothing of it was kept; send it again.");
    for _ in 0..PARTS_MAX {
        let Some(field) = in_time(parts.next()).await? else { break };
        let mut field = field.map_err(unreadable)?;
        let is_document = field.name() == Some("document");
        let (mut bytes, mut n_bytes) = (Vec::new(), 0);
        let (most, most_read) = (state.limits.upload_bytes_max, state.limits.request_bytes_max);
        while let Some(chunk) = in_time(field.next()).await? {
            let chunk = chunk.map_err(unreadable)?;
            n_bytes += chunk.len();
            if n_bytes > most_read {
                return Err(too_large(most));
            }
            // What is too large is read on without being kept, so that the browser hears the answer.
            if n_bytes <= most {
                bytes.extend_from_slice(&chunk);
            }
        }
        if n_bytes > most {
            return Err(too_large(most));
        }
        if is_document && !bytes.is_empty() {
            return Ok(bytes);
        }
    }
    Err(bad("No file came with this request. Choose the file to check."))
}

fn too_large(most: usize) -> AppError {
    let most = format::bytes(&most.to_string());
    bad(format!("This file is larger than {most}. Check it on your own machine: rollcall verify FILE."))
}

fn bad(detail: impl Into<String>) -> AppError {
    AppError::bad("document", detail)
}

async fn in_time<F: Future>(next: F) -> Result<F::Output, AppError> {
    tokio::time::timeout(IDLE_MAX, next).await.map_err(|_| AppError::UploadTimedOut)
}
