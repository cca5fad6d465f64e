//! Removal sets, for those who train on a dataset or publish it. A version never changes, so its `ETag` is its SHA-256.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::web::{self, Path, Query, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::json;

use crate::publishing::PublishingError;
use crate::publishing::versions::Versions;
use crate::removal::export::{ExportFormat, export};
use crate::removal::signed::SignedSet;
use crate::web::error::AppError;
use crate::web::state::AppState;

#[derive(Deserialize)]
pub(in crate::web) struct Form {
    format: Option<String>,
}

/// `GET /api/v1/removals/{slug}`: the version that holds now.
pub(in crate::web) async fn newest(
    request: HttpRequest,
    slug: Path<String>,
    form: Query<Form>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let slug = slug.into_inner();
    let name = slug.clone();
    let set = look(&state, move |versions| versions.latest(&slug)).await?;
    let set = set.ok_or(AppError::NoSuchSet { dataset: name })?;
    send(&request, &set, form.format.as_deref(), "no-cache")
}

/// `GET /api/v1/removals/{slug}/{version}`
pub(in crate::web) async fn version(
    request: HttpRequest,
    path: Path<(String, u32)>,
    form: Query<Form>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let (slug, version) = path.into_inner();
    let set = look(&state, move |versions| versions.load(&slug, version)).await?;
    send(&request, &set, form.format.as_deref(), "public, max-age=31536000, immutable")
}

/// `GET /api/v1/removals/{slug}/versions`
pub(in crate::web) async fn list(
    slug: Path<String>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let slug = slug.into_inner();
    let name = slug.clone();
    let versions = look(&state, move |versions| versions.list(&slug)).await?;
    Ok(HttpResponse::Ok().json(json!({ "dataset": name, "versions": versions })))
}

/// Sets are files: they are read where that holds up nobody.
async fn look<T: Send + 'static>(
    state: &AppState,
    question: impl FnOnce(&Versions) -> Result<T, PublishingError> + Send + 'static,
) -> Result<T, AppError> {
    let versions = state.versions.clone();
    let found = web::block(move || question(&versions)).await.map_err(|error| AppError::internal(&error.into()))?;
    found.map_err(|error| match error {
        PublishingError::NoSuchVersion { dataset, .. } => AppError::NoSuchSet { dataset },
        error => AppError::internal(&error.into()),
    })
}

fn send(
    request: &HttpRequest,
    set: &SignedSet,
    format: Option<&str>,
    caching: &'static str,
) -> Result<HttpResponse, AppError> {
    let name = format.unwrap_or("json");
    let format = ExportFormat::from_name(name)
        .ok_or_else(|| AppError::bad("format", "“format” must be json, jsonl, csv, parquet or npy."))?;
    let tag = format!("\"{}-{name}\"", set.sha256);
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known
        .is_some_and(|known| known == "*" || known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag))
    {
        return Ok(HttpResponse::NotModified()
            .insert_header((ETAG, tag))
            .insert_header((CACHE_CONTROL, caching))
            .finish());
    }
    let mut body = Vec::new();
    export(set, format, &mut body).map_err(|error| AppError::internal(&error.into()))?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type(format)))
        .insert_header((ETAG, tag))
        .insert_header((CACHE_CONTROL, caching))
        .body(body))
}

fn media_type(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Json => "application/json",
        ExportFormat::JsonLines => "application/jsonl",
        ExportFormat::Csv => "text/csv; charset=utf-8",
        ExportFormat::Parquet => "application/vnd.apache.parquet",
        ExportFormat::Npy => "application/octet-stream",
    }
}
