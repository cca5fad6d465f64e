//! Bulk look-up of opt-outs, for those who train: our own shape, and the one that the client `datadiligence` speaks.

use actix_web::HttpRequest;
use actix_web::web::{Json, Payload, ThinData};
use serde::{Deserialize, Serialize};

use crate::search::engine::Engine;
use crate::web::error::AppError;
use crate::web::form::body;
use crate::web::reserved::{REMOVED, RESERVED, Reserved};
use crate::web::state::AppState;

/// Most addresses and hashes in one call.
const ASKED_MAX: usize = 10_000;
/// Largest body, bytes: ten thousand addresses of 400 characters.
const BYTES_MAX: usize = 4 << 20;

const NO_DIGEST: &str = "Not a digest or picture hash: 64 hexadecimal digits, or 32 of MD5.";

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    urls: Vec<String>,
    #[serde(default)]
    hashes: Vec<String>,
}

#[derive(Serialize)]
pub(in crate::web) struct Told {
    urls: Vec<Address>,
    hashes: Vec<Digest>,
}

#[derive(Serialize)]
struct Address {
    url: String,
    opt_out: bool,
    /// Why, where it is.
    reason: Option<&'static str>,
}

#[derive(Serialize)]
struct Digest {
    hash: String,
    opt_out: bool,
    /// What is wrong with it, where it is no digest: nothing was looked up then.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'static str>,
}

/// As `datadiligence` reads it.
#[derive(Serialize)]
pub(in crate::web) struct Spawning {
    urls: Vec<SpawningAddress>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SpawningAddress {
    url: String,
    opt_out: bool,
}

/// `POST /api/v1/optouts`
pub(in crate::web) async fn look_up(
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<Json<Told>, AppError> {
    let bytes = body(payload, BYTES_MAX).await?;
    let asked: Asked = serde_json::from_slice(&bytes)
        .map_err(|error| AppError::bad("body", format!("Send {{\"urls\": [...], \"hashes\": [...]}}: {error}.")))?;
    check(asked.urls.len() + asked.hashes.len())?;
    state.follow_reservations().await.map_err(|error| AppError::internal(&error))?;
    let reserved = state.reserved.clone();
    let told = state
        .ask(move |engine| {
            let urls = asked.urls.into_iter().map(|url| {
                let reason = reason(engine, &reserved, &url);
                Address { opt_out: reason.is_some(), reason, url }
            });
            let urls = urls.collect();
            let hashes = asked.hashes.into_iter().map(|hash| {
                let problem = (!is_digest(&hash)).then_some(NO_DIGEST);
                Digest { opt_out: problem.is_none() && engine.is_opted_out(&hash), problem, hash }
            });
            Ok(Told { urls, hashes: hashes.collect() })
        })
        .await?;
    Ok(Json(told))
}

/// `POST /api/v2/query/urls/`: plain text, an address a line, as the client `datadiligence` asks.
pub(in crate::web) async fn spawning(
    _request: HttpRequest,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<Json<Spawning>, AppError> {
    let bytes = body(payload, BYTES_MAX).await?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let lines: Vec<String> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    check(lines.len())?;
    state.follow_reservations().await.map_err(|error| AppError::internal(&error))?;
    let reserved = state.reserved.clone();
    let told = state
        .ask(move |engine| {
            let urls = lines
                .into_iter()
                .map(|url| SpawningAddress { opt_out: reason(engine, &reserved, &url).is_some(), url });
            Ok(Spawning { urls: urls.collect() })
        })
        .await?;
    Ok(Json(told))
}

/// SHA-256, `pdqa`, PDQ or MD5 in hexadecimal.
fn is_digest(hash: &str) -> bool {
    matches!(hash.len(), 64 | 32) && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn reason(engine: &Engine, reserved: &Reserved, url: &str) -> Option<&'static str> {
    if engine.is_opted_out(url) {
        return Some(REMOVED);
    }
    reserved.has(url).then_some(RESERVED)
}

fn check(asked: usize) -> Result<(), AppError> {
    if asked > ASKED_MAX {
        return Err(AppError::TooLarge { detail: format!("At most {ASKED_MAX} can be asked in one call.") });
    }
    Ok(())
}
