//! What the browser is told to refuse, and which requests we refuse ourselves.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::{DefaultHeaders, Next};
use actix_web::web::ThinData;
use actix_web::{Error, HttpResponse};
use anyhow::Context;

use super::error::AppError;
use super::state::AppState;

/// Everything is off but our own files.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// For the pages where pictures are chosen and answered. `blob:` pictures are the visitor's own, shown from the local file;
/// `worker-src` lets fingerprints be worked out beside the page; `frame-src` admits the frame of [`REMOTE_PICTURE_POLICY`].
/// No place outside is in it: a page that holds somebody's picture has no way to let it out, and that was the reason to
/// put the remote picture into a document of its own instead of widening `img-src` here.
const PICTURE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
     worker-src 'self'; frame-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// For the one document that shows a record's picture from its own address, opened by a click that says so. It runs no
/// script and sends no form; only our own pages may frame it. Both schemes are allowed, and every host, because addresses
/// in old datasets lead elsewhere before they lead to a picture.
const REMOTE_PICTURE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src https: http:; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'self'";

const PERMISSIONS_POLICY: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
     magnetometer=(), microphone=(), payment=(), usb=(), browsing-topics=()";

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// On every answer, refusals and failures too. A handler that sets one of these itself keeps its own.
pub(super) fn default_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::X_FRAME_OPTIONS, "DENY"))
        .add((header::REFERRER_POLICY, "no-referrer"))
        .add(("Permissions-Policy", PERMISSIONS_POLICY))
        .add(("Cross-Origin-Opener-Policy", "same-origin"))
        .add(("Cross-Origin-Resource-Policy", "same-origin"))
        .add((header::CACHE_CONTROL, "no-store"))
}

/// Lets a page show the visitor's own pictures, work on them beside the page, and frame a remote picture.
pub(super) fn with_own_pictures(mut response: HttpResponse) -> HttpResponse {
    let policy = HeaderValue::from_static(PICTURE_POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// Lets a page load one picture from outside, and be framed by ours.
pub(super) fn with_remote_picture(mut response: HttpResponse) -> HttpResponse {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(REMOTE_PICTURE_POLICY));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response
}

/// Only where the portal's public address is https: a browser that saw it once never comes by http again.
pub(super) fn hsts_header() -> DefaultHeaders {
    DefaultHeaders::new().add((header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"))
}

/// `https://rollcall.example/` gives `https://rollcall.example`: what browsers send as `Origin`.
pub(super) fn origin_of(public_url: &str) -> anyhow::Result<String> {
    let url = url::Url::parse(public_url).with_context(|| format!("the public address {public_url} is not a URL"))?;
    anyhow::ensure!(
        matches!(url.scheme(), "http" | "https") && url.has_host(),
        "the public address {public_url} must be http:// or https:// with a host name"
    );
    Ok(url.origin().ascii_serialization())
}

/// Refuses requests that could change something and come from another site's page.
pub(super) async fn same_origin(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let public_origin = request.app_data::<ThinData<AppState>>().and_then(|state| state.public_origin.clone());
    if is_cross_site(request.method(), request.headers(), public_origin.as_deref()) {
        // A response, not an `Err`: an error would pass by the default headers.
        return Ok(request.error_response(AppError::CrossSite).map_into_boxed_body());
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Browsers say where a request comes from: by `Sec-Fetch-Site`, older ones by `Origin`. A request with neither does not
/// come from a browser, and cross-site requests are an attack by way of a browser only.
fn is_cross_site(method: &Method, headers: &HeaderMap, public_origin: Option<&str>) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        return !matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return false };
    let Ok(origin) = origin.to_str() else { return true };
    if let Some(public_origin) = public_origin {
        return !origin.eq_ignore_ascii_case(public_origin);
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    origin.split_once("://").is_none_or(|(_, origin_host)| !origin_host.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(method: &Method, headers: &[(&'static str, &'static str)], public_origin: Option<&str>) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        is_cross_site(method, &map, public_origin)
    }

    #[test]
    fn reading_is_never_refused() {
        assert!(!decide(&Method::GET, &[("sec-fetch-site", "cross-site")], None));
    }

    #[test]
    fn a_form_of_another_site_is_refused() {
        assert!(decide(&Method::POST, &[("sec-fetch-site", "cross-site")], None));
        assert!(decide(&Method::POST, &[("sec-fetch-site", "same-site")], None));
        assert!(decide(&Method::POST, &[("origin", "https://evil.example"), ("host", "rollcall.example")], None));
        assert!(decide(&Method::POST, &[("origin", "null"), ("host", "rollcall.example")], None));
    }

    #[test]
    fn the_own_form_and_programs_pass() {
        assert!(!decide(&Method::POST, &[("sec-fetch-site", "same-origin")], None));
        assert!(!decide(&Method::POST, &[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")], None));
        assert!(!decide(&Method::POST, &[], None));
    }

    #[test]
    fn behind_a_proxy_the_public_address_counts() {
        let headers = [("origin", "https://rollcall.example"), ("host", "127.0.0.1:8080")];
        assert!(!decide(&Method::POST, &headers, Some("https://rollcall.example")));
        assert!(decide(&Method::POST, &headers, Some("https://other.example")));
    }

    #[test]
    fn a_public_address_gives_its_origin_or_a_reason() {
        assert_eq!(origin_of("https://rollcall.example/").unwrap(), "https://rollcall.example");
        assert_eq!(origin_of("http://localhost:8080/x").unwrap(), "http://localhost:8080");
        assert!(origin_of("rollcall.example").is_err());
        assert!(origin_of("ftp://rollcall.example").is_err());
    }
}
