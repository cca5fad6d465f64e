//! What a domain, a page or a mailbox has to do with rows.

use std::collections::HashMap;

use super::RowFacts;
use crate::web_address::{Host, NormalizedUrl, host_and_parents, is_public_suffix, registrable_domain};

/// Where large sites keep the pictures of their members' pages: the registrable domain of the pictures, and of the pages.
const PICTURES_OF: [(&str, &str); 12] = [
    ("bsky.social", "bsky.app"),
    ("cdninstagram.com", "instagram.com"),
    ("flic.kr", "flickr.com"),
    ("pinimg.com", "pinterest.com"),
    ("redd.it", "reddit.com"),
    ("redditmedia.com", "reddit.com"),
    ("staticflickr.com", "flickr.com"),
    ("tumblr.com", "tumblr.com"),
    ("twimg.com", "twitter.com"),
    ("twimg.com", "x.com"),
    ("wixmp.com", "deviantart.com"),
    ("ytimg.com", "youtube.com"),
];

/// Rows that lie on a domain or below it, or whose author goes by it (a handle that is a domain).
pub(super) fn rows_on_domain(rows: &[RowFacts], domain: &str) -> usize {
    let domain = without_port(domain);
    if is_public_suffix(domain) {
        return 0;
    }
    let is_on = |host: &str| host_and_parents(host).any(|part| part == domain);
    let fits = |row: &&RowFacts| {
        addresses(row).any(|address| is_on(address.host()))
            || row.authors.iter().filter_map(|author| Host::parse(account(author))).any(|host| is_on(&host.0))
    };
    rows.iter().filter(fits).count()
}

/// Rows that lie in the folder of a page, or are it: whoever writes the head of `/~mira/index.html` has `/~mira/`.
pub(super) fn rows_below_page(rows: &[RowFacts], page: &str) -> usize {
    let Some(page) = NormalizedUrl::parse(page) else { return 0 };
    let path = page.path().split('?').next().unwrap_or_default();
    // Whoever has the first page of a host has the host.
    if path.is_empty() {
        return rows_on_domain(rows, page.host());
    }
    let folder = &path[..path.rfind('/').map_or(0, |at| at + 1)];
    let fits = |row: &&RowFacts| {
        let is_below = |address: &NormalizedUrl| {
            // A page at the top shows nothing of what others have beside it.
            address.host() == page.host() && folder.len() > 1 && address.path().starts_with(folder)
        };
        addresses(row).any(|address| is_below(&address) || address == page) || is_profile_of(row, &page)
    };
    rows.iter().filter(fits).count()
}

/// Rows that a profile or a post has to do with: the row is the page or lies under it, or its author is who the page's
/// address names, at the site the row was taken from.
pub(super) fn rows_of_profile(rows: &[RowFacts], page: &str) -> usize {
    let Some(page) = NormalizedUrl::parse(page) else { return 0 };
    let fits = |row: &&RowFacts| {
        addresses(row).any(|address| address == page || lies_under(&address, &page))
            || is_profile_of(row, &page)
            || (is_site_of(row, page.host()) && row.authors.iter().any(|author| names_account(&page, account(author))))
    };
    rows.iter().filter(fits).count()
}

/// Rows in which a mailbox stands, as a word of its own.
pub(super) fn rows_with_mailbox(rows: &[RowFacts], mailbox: &str) -> usize {
    let holds = |row: &&RowFacts| row.cells.iter().chain(&row.authors).any(|cell| has_word(cell, mailbox));
    rows.iter().filter(holds).count()
}

pub(super) fn domains(rows: &[RowFacts], most: usize) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for row in rows {
        if let Some(address) = addresses(row).next() {
            *counts.entry(registrable_domain(address.host()).to_owned()).or_default() += 1;
        }
    }
    let mut all: Vec<_> = counts.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.into_iter().take(most).map(|(domain, _)| domain).collect()
}

pub(super) fn without_port(domain: &str) -> &str {
    domain.split(':').next().unwrap_or_default()
}

fn addresses(row: &RowFacts) -> impl Iterator<Item = NormalizedUrl> {
    row.urls.iter().filter_map(|url| NormalizedUrl::parse(url))
}

/// Whether an address lies under a page, by whole parts of the path. A host's first page is not looked at so: on large
/// sites everybody lies under it.
fn lies_under(address: &NormalizedUrl, page: &NormalizedUrl) -> bool {
    let rest = address.path().strip_prefix(page.path());
    address.host() == page.host() && page.path().len() > 1 && rest.is_some_and(|rest| rest.starts_with(['/', '?']))
}

/// The row names this page as its author's.
fn is_profile_of(row: &RowFacts, page: &NormalizedUrl) -> bool {
    let is_page = |author: &&String| author.contains("://") && NormalizedUrl::parse(author).as_ref() == Some(page);
    row.authors.iter().any(|author| is_page(&author))
}

/// Whether a host is of the site that a row was taken from, or the one at home for accounts of its author's kind.
fn is_site_of(row: &RowFacts, host: &str) -> bool {
    let site = registrable_domain(host);
    let same = |other: &str| {
        let other = registrable_domain(other);
        other == site || PICTURES_OF.iter().any(|(pictures, pages)| *pictures == other && *pages == site)
    };
    let home = |author: &String| {
        let is = |sites: &[&str]| sites.contains(&site);
        let author = author.trim();
        (author.starts_with("did:") || author.ends_with(".bsky.social")) && is(&["bsky.app"])
            || author.starts_with("u/") && is(&["reddit.com"])
            || author.contains("@N") && is(&["flickr.com"])
    };
    addresses(row).any(|address| same(address.host())) || row.authors.iter().any(home)
}

/// Whether one part of a page's path is the account: `/@mira`, `/profile/mira`, `/~mira/`, `/user/mira`.
fn names_account(page: &NormalizedUrl, account: &str) -> bool {
    let path = page.path().split('?').next().unwrap_or_default();
    let parts = path.split('/').map(|part| part.trim_start_matches(['@', '~']));
    account.chars().count() > 1 && parts.into_iter().any(|part| part.to_lowercase() == account.to_lowercase())
}

fn account(author: &str) -> &str {
    let author = author.trim().trim_start_matches('/');
    author.strip_prefix("u/").unwrap_or(author).trim_start_matches('@')
}

fn has_word(text: &str, word: &str) -> bool {
    // Lower case in both: addresses are typed in any.
    let text = text.to_lowercase();
    let is_part = |c: char| c.is_alphanumeric() || "._%+-@".contains(c);
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(is_part);
        // A full stop behind an address ends the sentence, unless something follows it.
        let mut behind = text[at + word.len()..].chars();
        let after = match behind.next() {
            Some('.') => behind.next().is_some_and(is_part),
            Some(c) => is_part(c),
            None => false,
        };
        !before && !after
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::row;
    use super::*;

    #[test]
    fn a_domain_has_to_do_with_what_lies_on_it_or_below() {
        let rows = [row("https://img.mira.example/1.jpg", &[]), row("https://other.example/1.jpg", &["@mira.example"])];
        assert_eq!(rows_on_domain(&rows, "mira.example"), 2);
        assert_eq!(rows_on_domain(&rows, "img.mira.example"), 1);
        assert_eq!(rows_on_domain(&rows, "mira.example:8080"), 2);
        for other in ["a.example", "ra.example", "www2.mira.example", "example", "1.jpg"] {
            assert_eq!(rows_on_domain(&rows, other), 0, "{other}");
        }
        let hosted = [row("https://mira.github.io/1.jpg", &[])];
        assert_eq!(rows_on_domain(&hosted, "mira.github.io"), 1);
        assert_eq!(rows_on_domain(&hosted, "github.io"), 0);
    }

    #[test]
    fn the_head_of_a_page_has_to_do_with_its_folder() {
        let rows = [row("https://uni.example/~mira/pics/1.jpg", &[]), row("https://uni.example/~noor/1.jpg", &[])];
        assert_eq!(rows_below_page(&rows, "https://uni.example/~mira/index.html"), 1);
        assert_eq!(rows_below_page(&rows, "https://uni.example/about"), 0);
        assert_eq!(rows_below_page(&rows, "https://uni.example/"), 2);
        assert_eq!(rows_below_page(&rows, "https://elsewhere.example/~mira/"), 0);
    }

    #[test]
    fn a_profile_has_to_do_with_what_its_owner_posted_on_that_site() {
        let rows = [row("https://live.staticflickr.com/1/2.jpg", &["12345@N00"])];
        assert_eq!(rows_of_profile(&rows, "https://www.flickr.com/people/12345@N00/"), 1);
        assert_eq!(rows_of_profile(&rows, "https://www.flickr.com/people/54321@N00/"), 0);
        assert_eq!(rows_of_profile(&rows, "https://evil.example/12345@N00"), 0);
        let rows = [row("https://art.example/mira/post/7", &["mira"])];
        for page in ["https://art.example/mira/post/7", "https://art.example/mira", "https://art.example/@Mira/about"] {
            assert_eq!(rows_of_profile(&rows, page), 1, "{page}");
        }
        for page in
            ["https://art.example/", "https://art.example/mir", "https://art.example/miranda", "https://b.example/mira"]
        {
            assert_eq!(rows_of_profile(&rows, page), 0, "{page}");
        }
        let rows = [row("https://cdn.example/7.jpg", &["https://art.example/users/7"])];
        assert_eq!(rows_of_profile(&rows, "https://art.example/users/7/"), 1);
    }

    #[test]
    fn a_mailbox_is_found_as_a_word_of_its_own() {
        for (text, there) in [
            ("Write to Mira@Studio.example.", true),
            ("<mira@studio.example>", true),
            ("almira@studio.example", false),
            ("mira@studio.example.org", false),
            ("mira@studio.example-x", false),
        ] {
            assert_eq!(has_word(text, "mira@studio.example"), there, "{text}");
        }
    }

    #[test]
    fn domains_are_offered_most_frequent_first() {
        let rows = ["https://a.b.example/1", "https://c.example/2", "https://b.example/3"].map(|url| row(url, &[]));
        assert_eq!(domains(&rows, 5), ["b.example", "c.example"]);
        assert_eq!(domains(&rows, 1), ["b.example"]);
    }
}
