//! How a browser stays signed in to one case for a while.
//!
//! The cookie holds the passphrase itself: the store has only its hash, and a server that remembered who is signed in
//! would have to keep it in memory instead. The browser sends it to that one case only, no script can read it, no other
//! site's page can make the browser send it, and it ends after half an hour or when the person leaves.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

const NAME: &str = "case";
/// Long enough to read a decision and write an appeal; every page of the case begins it anew.
const MINUTES: i64 = 30;

/// The passphrase that the browser brought for this case. No answer may hold it.
pub(super) fn read(request: &HttpRequest) -> Option<String> {
    let cookie = request.cookie(NAME)?;
    String::from_utf8(hex::decode(cookie.value()).ok()?).ok().filter(|passphrase| !passphrase.is_empty())
}

pub(super) fn keep(number: &str, passphrase: &str, is_https: bool) -> Cookie<'static> {
    Cookie::build(NAME, hex::encode(passphrase))
        .path(path(number))
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(is_https)
        .max_age(Duration::minutes(MINUTES))
        .finish()
}

pub(super) fn forget(number: &str) -> Cookie<'static> {
    let mut cookie = Cookie::build(NAME, "").path(path(number)).http_only(true).same_site(SameSite::Strict).finish();
    cookie.make_removal();
    cookie
}

fn path(number: &str) -> String {
    format!("/cases/{number}")
}
