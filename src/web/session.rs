//! Who of the staff asks: a browser by its cookie, a program by its token.
//!
//! The cookie holds a token of 256 bits, of which the store has only the digest. No script can read it, no other site's
//! page can make the browser send it, and it travels under `/review` only. The server ends the session; the browser
//! forgets the cookie when it is closed.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::Method;
use actix_web::http::header::AUTHORIZATION;

use super::error::AppError;
use super::state::AppState;
use crate::takedown::accounts::Account;
use crate::takedown::desk::DeskError;

const NAME: &str = "review";
/// Where the staff's pages live.
pub(super) const HOME: &str = "/review";
/// Longest address that a sign-in leads back to, bytes.
const WAY_BACK_BYTES_MAX: usize = 500;

pub(super) fn keep(token: &str, is_https: bool) -> Cookie<'static> {
    Cookie::build(NAME, token.to_owned())
        .path(HOME)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(is_https)
        .finish()
}

pub(super) fn forget() -> Cookie<'static> {
    let mut cookie = Cookie::build(NAME, "").path(HOME).http_only(true).same_site(SameSite::Strict).finish();
    cookie.make_removal();
    cookie
}

/// The token that the browser brought.
pub(super) fn token(request: &HttpRequest) -> Option<String> {
    request.cookie(NAME).map(|cookie| cookie.value().to_owned()).filter(|token| !token.is_empty())
}

/// The account that is signed in. Whoever is not is led to the sign-in page, and from there back.
pub(super) async fn account(request: &HttpRequest, state: &AppState) -> Result<Account, AppError> {
    // What a form sent cannot be sent again by a redirect: then the way leads to the queue.
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let asked = request.uri().path_and_query().map_or(HOME, |asked| asked.as_str());
    let to = way_back(if is_read { asked } else { HOME });
    let Some(token) = token(request) else { return Err(AppError::SignInFirst { to }) };
    match state.desk.session(&token).await {
        Ok(account) => Ok(account),
        Err(DeskError::NoSession) => Err(AppError::SignInFirst { to }),
        Err(error) => Err(error.into()),
    }
}

/// The account of the token in the `Authorization` header.
pub(super) async fn account_of_token(request: &HttpRequest, state: &AppState) -> Result<Account, AppError> {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, token) = header.trim().split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") || token.trim().is_empty() {
        return Err(AppError::TokenNeeded);
    }
    match state.desk.account_by_token(token).await {
        Ok(account) => Ok(account),
        Err(DeskError::NoSession) => Err(AppError::TokenNeeded),
        Err(error) => Err(error.into()),
    }
}

/// An address of the staff's pages, where it is one: a sign-in never leads anywhere else.
pub(super) fn way_back(asked: &str) -> String {
    let is_own = asked.strip_prefix(HOME).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        && !asked.starts_with("/review/sign-")
        && asked.len() <= WAY_BACK_BYTES_MAX
        && asked.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_own { asked.to_owned() } else { HOME.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_back_to_own_pages_only() {
        for own in ["/review", "/review?state=all&due=week", "/review/cases/K7Q2-M4XD"] {
            assert_eq!(way_back(own), own);
        }
        for other in [
            "",
            "/",
            "https://evil.example",
            "//evil.example",
            "/reviewed",
            "/review/x\r\nSet-Cookie: a=b",
            "/review/sign-in",
        ] {
            assert_eq!(way_back(other), HOME, "{other}");
        }
    }

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let cookie = keep("abc", true).to_string();
        for part in ["review=abc", "HttpOnly", "SameSite=Strict", "Secure", "Path=/review"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!keep("abc", false).to_string().contains("Secure"));
    }
}
