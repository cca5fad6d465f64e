//! Search by picture as JSON: the pictures themselves as multipart, or only their hashes as JSON.

use std::collections::BTreeMap;

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Json, Payload, ThinData};
use futures_util::StreamExt as _;
use serde::Deserialize;
use url::form_urlencoded;

use crate::search::engine::{GivenHash, PICTURE_LIMIT_MAX, PICTURE_RADIUS_MAX, PictureQuery};
use crate::search::results::PictureResults;
use crate::web::error::AppError;
use crate::web::search_params::parse_limit;
use crate::web::state::AppState;
use crate::web::upload::{self, MatchOptions};

/// Largest JSON body: 200 pictures of 264 hashes (33 windows in 8 forms) with 64 digits each are 3.6 MB.
const JSON_BYTES_MAX: usize = 8 << 20;
/// Hashes of one kind a picture may bring: the 264 of a thorough client, and some air.
const HASHES_MAX: usize = 512;
/// Kinds of hash a picture may bring. There are seven.
const KINDS_MAX: usize = 16;
/// Longest name of a picture, characters.
const NAME_CHARS_MAX: usize = 200;
/// Longest name of a variant, characters: ours have at most 30, and each comes back with every hit.
const VARIANT_CHARS_MAX: usize = 60;

#[derive(Deserialize)]
struct MatchBody {
    queries: Vec<MatchQuery>,
    radius: Option<u32>,
}

#[derive(Deserialize)]
struct MatchQuery {
    #[serde(default)]
    name: String,
    hashes: BTreeMap<String, OneOrMany>,
}

/// A checksum stands alone, fingerprints come in lists; either way round is understood.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(Hash),
    Many(Vec<Hash>),
}

/// A hash alone is of the whole picture as it lies; one with a variant says what was done to the picture before.
#[derive(Deserialize)]
#[serde(untagged)]
enum Hash {
    Plain(String),
    OfVariant { code: String, variant: Option<String> },
}

/// `POST /api/v1/match`
pub(in crate::web) async fn search(
    request: HttpRequest,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<Json<PictureResults>, AppError> {
    let mut options = parse_options(request.query_string())?;
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if media_type == "multipart/form-data" {
        let parts = Multipart::new(request.headers(), payload);
        return Ok(Json(upload::search(parts, &state, options).await?));
    }
    if media_type != "application/json" {
        return Err(AppError::UnsupportedMedia {
            detail: "Send pictures as multipart/form-data, each in a part called “image”, or hashes as application/json.",
        });
    }
    let body = parse_body(&read_body(payload).await?)?;
    options.radius = body.radius.or(options.radius);
    check_radius(options.radius)?;
    let queries = checked_queries(body.queries, state.limits.pictures_max)?;
    Ok(Json(state.ask(move |engine| engine.pictures(queries, options.radius, options.limit)).await?))
}

fn parse_options(query_string: &str) -> Result<MatchOptions, AppError> {
    let mut options = MatchOptions { radius: None, limit: 0 };
    for (name, value) in form_urlencoded::parse(query_string.as_bytes()) {
        match &*name {
            "limit" => options.limit = parse_limit(&value, PICTURE_LIMIT_MAX)?,
            "radius" => options.radius = Some(value.parse().map_err(|_| bad_radius())?),
            _ => {}
        }
    }
    check_radius(options.radius)?;
    Ok(options)
}

fn check_radius(radius: Option<u32>) -> Result<(), AppError> {
    if radius.is_some_and(|radius| radius > PICTURE_RADIUS_MAX) { Err(bad_radius()) } else { Ok(()) }
}

fn bad_radius() -> AppError {
    AppError::bad("radius", format!("“radius” must be a number of bits from 0 to {PICTURE_RADIUS_MAX}."))
}

async fn read_body(mut payload: Payload) -> Result<Vec<u8>, AppError> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| AppError::bad("body", "The request broke off. Send it again."))?;
        if body.len() + chunk.len() > JSON_BYTES_MAX {
            let detail = "A JSON body may have at most 8 MiB. Send the hashes in smaller batches.".to_owned();
            return Err(AppError::TooLarge { detail });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn parse_body(body: &[u8]) -> Result<MatchBody, AppError> {
    // The parser's words name our types; the place is what helps.
    serde_json::from_slice(body).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        AppError::bad(
            "body",
            format!("The body is not the JSON this address takes; it went wrong at {place}. See /api/openapi.json."),
        )
    })
}

fn checked_queries(queries: Vec<MatchQuery>, pictures_max: usize) -> Result<Vec<PictureQuery>, AppError> {
    if queries.is_empty() {
        return Err(AppError::bad("queries", "“queries” is empty. Give at least one picture's hashes."));
    }
    if queries.len() > pictures_max {
        return Err(AppError::TooLarge { detail: format!("At most {pictures_max} pictures can be asked at once.") });
    }
    queries.into_iter().enumerate().map(|(index, query)| query.checked(index + 1)).collect()
}

impl MatchQuery {
    fn checked(self, number: usize) -> Result<PictureQuery, AppError> {
        let hashes: BTreeMap<_, _> = self.hashes.into_iter().map(|(kind, hashes)| (kind, hashes.into_vec())).collect();
        if hashes.len() > KINDS_MAX || hashes.values().any(|of_kind| of_kind.len() > HASHES_MAX) {
            let detail =
                format!("Picture {number} brings too many hashes: at most {HASHES_MAX} of a kind are compared.");
            return Err(AppError::TooLarge { detail });
        }
        let variants = hashes.values().flatten().filter_map(|hash| hash.variant.as_ref());
        if variants.into_iter().any(|variant| variant.chars().nth(VARIANT_CHARS_MAX).is_some()) {
            let detail = format!("Picture {number}: the name of a variant has at most {VARIANT_CHARS_MAX} characters.");
            return Err(AppError::bad("variant", detail));
        }
        let name: String = self.name.chars().take(NAME_CHARS_MAX).collect();
        let name = if name.is_empty() { format!("picture {number}") } else { name };
        Ok(PictureQuery::Hashes { name, hashes })
    }
}

impl OneOrMany {
    fn into_vec(self) -> Vec<GivenHash> {
        match self {
            Self::One(hash) => vec![hash.into()],
            Self::Many(hashes) => hashes.into_iter().map(Hash::into).collect(),
        }
    }
}

impl From<Hash> for GivenHash {
    fn from(hash: Hash) -> Self {
        match hash {
            Hash::Plain(code) => Self { code, variant: None },
            Hash::OfVariant { code, variant } => Self { code, variant },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_come_alone_or_in_lists_with_and_without_a_variant() {
        let body = br#"{"queries": [{"name": "a", "hashes": {"sha256": "00ff",
            "pdqa": ["11", {"code": "22", "variant": "mirrored"}, {"code": "33"}]}}], "radius": 31}"#;
        let body = parse_body(body).unwrap();
        assert_eq!(body.radius, Some(31));
        let queries = checked_queries(body.queries, 5).unwrap();
        let PictureQuery::Hashes { name, hashes } = &queries[0] else { panic!("a picture came out of hashes") };
        assert_eq!(name, "a");
        let given = |code: &str, variant: Option<&str>| GivenHash {
            code: code.to_owned(),
            variant: variant.map(str::to_owned),
        };
        assert_eq!(hashes["sha256"], [given("00ff", None)]);
        assert_eq!(hashes["pdqa"], [given("11", None), given("22", Some("mirrored")), given("33", None)]);
    }

    #[test]
    fn a_variant_with_an_endless_name_is_refused() {
        let body =
            format!(r#"{{"queries": [{{"hashes": {{"pdqa": {{"code": "11", "variant": "{}"}}}}}}]}}"#, "x".repeat(61));
        let body = parse_body(body.as_bytes()).unwrap();
        assert!(checked_queries(body.queries, 5).is_err());
    }

    #[test]
    fn a_wrong_body_is_told_its_place_and_nothing_of_our_types() {
        let error = parse_body(br#"{"queries": 5}"#).err().unwrap().to_string();
        assert!(error.contains("line 1") && !error.contains("Match") && !error.contains("expected"), "{error}");
    }

    #[test]
    fn options_out_of_bounds_are_refused() {
        assert!(parse_options("limit=500&radius=31").is_ok());
        assert!(parse_options("limit=501").is_err());
        assert!(parse_options("radius=64").is_err());
        assert!(parse_options("radius=-1").is_err());
    }
}
