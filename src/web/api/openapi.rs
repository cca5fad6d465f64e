//! The description of the API in the `OpenAPI` 3.1 format. Written by hand; a test holds it against the route table.

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;

pub(in crate::web) const DOCUMENT: &str = include_str!("openapi.json");

/// `GET /api/openapi.json`
pub(in crate::web) async fn document() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").insert_header((CACHE_CONTROL, "no-cache")).body(DOCUMENT)
}
