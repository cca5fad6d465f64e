//! Every link of every page leads somewhere; every page is whole without JavaScript and reaches for no other site.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::client::{Page, text_of};
use super::data::{picture, smaller_picture};
use super::server::visitor;

/// Searches link to searches that are narrowed further, without end: followed this deep.
const SEARCHES_DEEP: usize = 2;

/// Pages that no link leads to: what a visitor types.
const TYPED: &[&str] = &[
    "/search",
    "/search?q=lantern",
    "/search?q=hostile",
    "/search?q=zeppelin",
    "/search/evidence?q=lantern",
    "/search?q=number7+number8+zeppelin",
    "/search?q=%40ada.bsky.social",
    "/search?q=plate&limit=0",
    "/search?q=lantern&after=yesterday",
    "/no-such-page",
    "/search/evidence",
    "/records/none/evidence",
    "/datasets/none",
    "/records/none",
    "/basket",
    "/cases/K7Q2-M4XD",
    "/cases/K7Q2-M4XD/counter-notice",
];

#[test]
fn every_link_of_every_page_leads_somewhere() {
    let client = visitor();
    let mut seen = BTreeSet::new();
    let mut waiting: VecDeque<(String, usize)> = VecDeque::from([("/".to_owned(), 0)]);
    let mut by_kind: BTreeMap<String, usize> = BTreeMap::new();
    while let Some((path, depth)) = waiting.pop_front() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let answer = client.get(&path).expect(200);
        let kind = path.split(['/', '?']).nth(1).unwrap().to_owned();
        *by_kind.entry(kind).or_default() += 1;
        if !answer.header("content-type").unwrap().starts_with("text/html") {
            continue;
        }
        let page = answer.page();
        check(&page);
        let depth = if path.starts_with("/search") { depth + 1 } else { depth };
        if depth <= SEARCHES_DEEP {
            waiting.extend(own_links(&page).into_iter().map(|link| (link, depth)));
        }
        if path == "/" {
            waiting.extend(TYPED[..7].iter().map(|typed| ((*typed).to_owned(), 0)));
        }
    }
    for kind in ["search", "records", "datasets", "image", "about", "privacy", "cases", "basket", "api", "static"] {
        assert!(by_kind.contains_key(kind), "{kind} was never reached: {by_kind:?}");
    }
    assert!(by_kind["records"] > 20 && by_kind["datasets"] >= 4, "{by_kind:?}");
}

#[test]
fn error_pages_and_picture_results_are_whole_too() {
    let client = visitor();
    for typed in TYPED {
        let page = client.get(typed).page();
        check(&page);
        for link in own_links(&page) {
            client.get(&link).expect(200);
        }
    }
    let pictures: &[(&str, &[u8])] =
        &[("a.jpg", &picture(0)), ("b.jpg", &smaller_picture(1)), ("<b>c.jpg", b"no picture"), ("d.jpg", b"")];
    let page = client.post_pictures("/image", pictures).expect(200).page();
    check(&page);
    for link in own_links(&page) {
        client.get(&link).expect(200);
    }
}

/// Addresses of this server that the page names, without the part after `#`.
fn own_links(page: &Page) -> Vec<String> {
    let named = page.all("a[href], link[href]").into_iter().filter_map(|link| link.attr("href"));
    let loaded = page.all("[src]").into_iter().filter_map(|element| element.attr("src"));
    let all = named.chain(loaded).filter(|address| address.starts_with('/'));
    all.map(|address| address.split('#').next().unwrap().to_owned()).collect()
}

/// What holds of every page.
pub(super) fn check(page: &Page) {
    let asked = &page.asked;
    assert_eq!(page.one("html").attr("lang"), Some("en"), "{asked}");
    assert!(text_of(page.one("head > title")).ends_with(" · Rollcall"), "{asked}");
    assert!(!page.heading().is_empty(), "{asked}");
    assert_eq!(page.one("a.skip").attr("href"), Some("#main"), "{asked}");
    assert_eq!(page.one("main").attr("id"), Some("main"), "{asked}");
    assert!(page.has("meta[name=viewport]"), "{asked}");
    check_that_nothing_is_inline(page);
    check_that_nothing_is_foreign(page);
    check_names(page);
}

fn check_that_nothing_is_inline(page: &Page) {
    for script in page.all("script") {
        assert!(script.attr("src").is_some() && text_of(script).is_empty(), "{}: an inline script", page.asked);
    }
    assert!(!page.has("style") && !page.has("[style]"), "{}: an inline style", page.asked);
    for element in page.all("*") {
        for (name, value) in element.value().attrs() {
            assert!(!name.starts_with("on"), "{}: <{} {name}>", page.asked, element.value().name());
            let is_code = value.trim_start().to_ascii_lowercase().starts_with("javascript:");
            assert!(!(is_code && ["href", "src", "action", "formaction"].contains(&name)), "{}: {value}", page.asked);
        }
    }
}

fn check_that_nothing_is_foreign(page: &Page) {
    for address in page.all("link[href], [src]") {
        let address = address.attr("href").or(address.attr("src")).unwrap();
        assert!(address.starts_with('/') && !address.starts_with("//"), "{}: {address}", page.asked);
    }
    for form in page.all("form") {
        let is_own = |action: &str| {
            let own = [
                "/search",
                "/image",
                "/private",
                "/verify",
                "/basket",
                "/cases",
                "/reservations",
                "/acknowledge",
                "/review",
            ];
            own.iter().any(|own| action.starts_with(own))
        };
        assert!(form.attr("action").is_some_and(is_own), "{}", page.asked);
        assert_eq!(form.attr("onsubmit"), None);
    }
    for link in page.all("a[href]") {
        let href = link.attr("href").unwrap();
        if href.starts_with("http") {
            assert!(link.attr("rel").is_some_and(|rel| rel.contains("noreferrer")), "{}: {href}", page.asked);
        } else {
            assert!(
                href.starts_with('/') || href.starts_with('#') || href.starts_with("mailto:"),
                "{}: {href}",
                page.asked
            );
        }
    }
}

/// Every field has a label, every id is there once, everything that is referred to is there.
fn check_names(page: &Page) {
    let mut ids = BTreeSet::new();
    for element in page.all("[id]") {
        let id = element.attr("id").unwrap();
        assert!(ids.insert(id), "{}: two elements are called {id}", page.asked);
    }
    let labels: Vec<_> = page.all("label").into_iter().filter_map(|label| label.attr("for")).collect();
    for field in page.all("input:not([type=hidden]), select, textarea") {
        let id = field.attr("id").unwrap_or_default();
        assert!(labels.contains(&id), "{}: the field {:?} has no label", page.asked, field.attr("name"));
    }
    let referred = page.all("[aria-labelledby]").into_iter().filter_map(|element| element.attr("aria-labelledby"));
    for id in labels.iter().copied().chain(referred) {
        assert!(ids.contains(id), "{}: nothing is called {id}", page.asked);
    }
    for image in page.all("img") {
        assert!(image.attr("alt").is_some(), "{}: a picture without words", page.asked);
    }
    for button in page.all("button, a[href]") {
        assert!(!text_of(button).is_empty(), "{}: a link or button without words", page.asked);
    }
}
