//! What has to hold of every page that a code is looked for in.

use super::SeenPage;
use crate::web_address::{Host, NormalizedUrl, host_and_parents};

/// The page's text, where it can be taken for one of the host that was named: it was there, every address on the way lies
/// on that host (or, where `below` is allowed, under it), and none of them holds the code, which a page that repeats its
/// own address would show.
pub(super) fn text<'a>(
    page: &'a SeenPage,
    host: &str,
    below: bool,
    code: &str,
) -> Result<std::borrow::Cow<'a, str>, String> {
    let is_at_home = |address: &String| {
        let found = NormalizedUrl::parse(address);
        found.is_some_and(|found| {
            found.host() == host || (below && host_and_parents(found.host()).any(|part| part == host))
        })
    };
    if !page.hops.iter().all(is_at_home) {
        return Err("The page leads on to another site, so what stands there shows nothing about this one.".to_owned());
    }
    if page.hops.iter().any(|address| address.to_ascii_lowercase().contains(code)) {
        return Err("The address of the page holds the code itself, so it shows nothing.".to_owned());
    }
    if !(200..300).contains(&page.status) {
        return Err(format!("The page could not be read: the server answered with {}.", page.status));
    }
    Ok(String::from_utf8_lossy(&page.body))
}

/// The host of a domain (which may carry a port) or of a page, without `www.`.
pub(super) fn host_of(subject: &str) -> String {
    let of_page = NormalizedUrl::parse(subject).map(|url| url.host().to_owned());
    of_page.or_else(|| Host::parse(subject).map(|host| host.0)).unwrap_or_default()
}
