//! The picture of one row, from where it lies on the web: only after a maintainer asked for it, and blurred at first.
//!
//! The portal keeps no pictures. Looking at one tells the site at the other end that somebody looked, so nothing is
//! loaded before that was said; the page's security policy then allows pictures of that one site only.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use actix_web::web::{Path, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use url::Url;

use super::{Staff, row_of};
use crate::web::error::AppError;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::state::AppState;

#[derive(Template)]
#[template(path = "review_picture_page.html")]
struct PicturePage {
    layout: Layout,
    staff: Staff,
    number: String,
    id: String,
    address: String,
    host: String,
    is_loaded: bool,
}

/// `GET /review/cases/{number}/pictures/{id}`; with `?load=yes` the picture itself is on the page.
pub(in crate::web) async fn page(
    request: HttpRequest,
    path: Path<(String, String)>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let (staff, number, row) = row_of(&request, path.into_inner(), &state).await?;
    let url = row.url.as_deref().and_then(picture_address).ok_or(AppError::NoSuchRecord)?;
    let is_loaded = request.query_string() == "load=yes";
    let page = PicturePage {
        layout: Layout::new("Picture of a record", Nav::Elsewhere),
        staff,
        number,
        id: row.id.clone(),
        host: url.host_str().unwrap_or_default().to_owned(),
        address: url.to_string(),
        is_loaded,
    };
    let mut response = send(&page, StatusCode::OK, Keep::Nothing)?;
    if is_loaded {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy(&url)?);
    }
    Ok(response)
}

/// Addresses of records are kept without their scheme. A user name or a port has no place in one.
fn picture_address(address: &str) -> Option<Url> {
    let url = Url::parse(&format!("https://{address}")).ok()?;
    let is_plain = url.username().is_empty() && url.password().is_none() && url.domain().is_some();
    (is_plain && url.scheme() == "https").then_some(url)
}

/// Everything off but our own style sheet and pictures of this one site.
fn policy(url: &Url) -> Result<HeaderValue, AppError> {
    let origin = url.origin().ascii_serialization();
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self' {origin}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).map_err(|error| AppError::internal(&anyhow::Error::from(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_site_of_the_picture_is_let_in() {
        let url = picture_address("Pictures.example/a b.jpg?x=1").unwrap();
        assert_eq!(url.as_str(), "https://pictures.example/a%20b.jpg?x=1");
        let policy = policy(&url).unwrap();
        assert!(policy.to_str().unwrap().contains("img-src 'self' https://pictures.example;"), "{policy:?}");
        for bad in ["", "user@pictures.example/a", "127.0.0.1/a", "[::1]/a", "x y"] {
            assert!(picture_address(bad).is_none(), "{bad}");
        }
    }
}
