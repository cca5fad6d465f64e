//! Accounts that an address gives away: the DID in a post's URI, the name in a profile's or post's address.
//!
//! Only addresses whose form names the *maker* of what they point to are read; a mere mention is not.

use super::{Fields, Role};

/// Flickr's own pages under `/photos/`, which are nobody's.
const FLICKR_PAGES: [&str; 5] = ["tags", "search", "groups", "map", "upload"];
/// GitHub's own pages at the place of an owner.
const GITHUB_PAGES: [&str; 14] = [
    "about",
    "apps",
    "collections",
    "explore",
    "features",
    "login",
    "marketplace",
    "orgs",
    "search",
    "settings",
    "site",
    "sponsors",
    "topics",
    "trending",
];
/// X's own pages at the place of a handle.
const X_PAGES: [&str; 4] = ["i", "search", "hashtag", "intent"];

/// Adds the accounts named by the row's addresses and by its id.
pub fn derive(fields: &mut Fields) {
    let mut found: Vec<(Role, String)> = Vec::new();
    if let Some(did) = fields.source_id.as_deref().and_then(did_of_uri) {
        found.push((Role::Did, did.to_owned()));
    }
    found.extend(fields.urls.iter().filter_map(|url| account(url)));
    for (role, value) in found {
        fields.add_author(role, value);
    }
}

/// `at://did:plc:abc/app.bsky.feed.post/xyz` names `did:plc:abc`.
fn did_of_uri(uri: &str) -> Option<&str> {
    let rest = uri.strip_prefix("at://did:")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    (end > 4).then(|| &uri["at://".len().."at://did:".len() + end])
}

fn account(url: &str) -> Option<(Role, String)> {
    if let Some(did) = did_of_uri(url) {
        return Some((Role::Did, did.to_owned()));
    }
    let (_, rest) = url.split_once("//")?;
    let (host, path) = rest.split_once('/')?;
    let host = ["www.", "m.", "mobile.", "old."].iter().find_map(|sub| host.strip_prefix(sub)).unwrap_or(host);
    // One look at the host decides for nearly every address of a web crawl.
    match host {
        "bsky.app"
        | "flickr.com"
        | "reddit.com"
        | "twitter.com"
        | "x.com"
        | "github.com"
        | "raw.githubusercontent.com" => on_site(host, path),
        _ => None,
    }
}

fn on_site(host: &str, path: &str) -> Option<(Role, String)> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let (first, second, third) = (parts.next()?, parts.next(), parts.next());
    let (role, name) = match host {
        "bsky.app" => {
            // Feeds and lists under a profile are collections of other people's posts.
            let own = first == "profile" && matches!(third, None | Some("post"));
            let name = second.filter(|name| own && name.contains(['.', ':']))?;
            (if name.starts_with("did:") { Role::Did } else { Role::Handle }, name)
        }
        "flickr.com" => {
            let own = first == "photos" || first == "people";
            let name = second.filter(|name| own && !FLICKR_PAGES.contains(name))?;
            (if is_nsid(name) { Role::Nsid } else { Role::UserName }, name)
        }
        "reddit.com" => (Role::RedditUser, second.filter(|_| first == "user" || first == "u")?),
        "twitter.com" | "x.com" => {
            (Role::Handle, (second == Some("status") && !X_PAGES.contains(&first)).then_some(first)?)
        }
        _ => {
            let repo = second.filter(|_| !GITHUB_PAGES.contains(&first))?;
            return Some((Role::Repo, format!("{first}/{}", repo.strip_suffix(".git").unwrap_or(repo))));
        }
    };
    Some((role, percent_encoding::percent_decode_str(name).decode_utf8_lossy().into_owned()))
}

/// Flickr's account number: `12345678@N00`.
pub(crate) fn is_nsid(text: &str) -> bool {
    text.split_once("@N").is_some_and(|(number, suffix)| {
        (4..=12).contains(&number.len())
            && suffix.len() == 2
            && number.bytes().chain(suffix.bytes()).all(|byte| byte.is_ascii_digit())
    })
}
