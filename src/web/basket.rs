//! The basket: what a visitor has taken so far, kept in one cookie of their own browser.
//!
//! A cookie needs no account, no script and no memory of the server, and works from page to page. It is sent to
//! `/basket` only, is gone when the browser closes, and holds record ids and questions: nothing about the visitor that
//! they did not search for. Addresses stay free of all that, so no log along the way can hold it.
//!
//! Ids that begin alike are written once: a record that follows another is the number of characters it shares with it,
//! as a letter, and the rest. So some 400 records fit where a plain list would hold 150.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};

use super::takes::{Take, Takes};

const NAME: &str = "basket";
/// Where the browser sends it.
const PATH: &str = "/basket";
/// Browsers keep cookies of 4,096 bytes with name and attributes; these take less than a hundred.
const BYTES_MAX: usize = 3_900;
/// Between two entries. No id and no percent-encoded question has it.
const BETWEEN: char = '!';
/// Shared characters are counted by one letter: `a` is 0.
const SHARED_MAX: usize = 25;

/// What the visitor's browser brought.
pub(super) fn read(request: &HttpRequest) -> Takes {
    request.cookie(NAME).map(|cookie| decode(cookie.value())).unwrap_or_default()
}

/// The cookie that keeps these; `None` where they are too many for one.
pub(super) fn keep(takes: &Takes, is_https: bool) -> Option<Cookie<'static>> {
    if takes.is_empty() {
        return Some(forget());
    }
    let value = encode(takes);
    let cookie = Cookie::build(NAME, value).path(PATH).http_only(true).same_site(SameSite::Strict).secure(is_https);
    let cookie = cookie.finish();
    (cookie.value().len() <= BYTES_MAX).then_some(cookie)
}

/// The cookie that empties the basket.
pub(super) fn forget() -> Cookie<'static> {
    let mut cookie = Cookie::build(NAME, "").path(PATH).http_only(true).same_site(SameSite::Strict).finish();
    cookie.make_removal();
    cookie
}

fn encode(takes: &Takes) -> String {
    let mut out = String::new();
    let mut before = String::new();
    for take in takes.iter() {
        if !out.is_empty() {
            out.push(BETWEEN);
        }
        let text = take.format();
        match take {
            Take::Record(_) => {
                let shared = shared(&before, &text);
                out.push(letter(shared));
                out.push_str(&text[shared..]);
                before = text;
            }
            // A question is written whole. Its percent signs become tildes (which it cannot have): readers of cookies
            // decode percent signs.
            Take::Copies(_) | Take::Search(_) => {
                out.push('=');
                out.push_str(&text.replace('%', "~"));
            }
        }
    }
    out
}

fn decode(value: &str) -> Takes {
    let mut takes = Takes::default();
    let mut before = String::new();
    for entry in value.split(BETWEEN) {
        let mut rest = entry.chars();
        match rest.next() {
            Some('=') => {
                takes.add(&rest.as_str().replace('~', "%"));
            }
            Some(count) => {
                let shared = usize::from(u8::try_from(count).unwrap_or(0).wrapping_sub(b'a'));
                let Some(head) = before.get(..shared) else { continue };
                before = format!("{head}{}", rest.as_str());
                takes.add(&before);
            }
            None => {}
        }
    }
    takes
}

fn letter(shared: usize) -> char {
    char::from(b'a' + u8::try_from(shared.min(SHARED_MAX)).unwrap_or(0))
}

/// Characters that both begin with; ids are plain ASCII.
fn shared(before: &str, text: &str) -> usize {
    before.bytes().zip(text.bytes()).take(SHARED_MAX).take_while(|(a, b)| a == b && a.is_ascii()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(fields: &[&str]) -> Takes {
        let mut takes = Takes::default();
        for field in fields {
            takes.add(field);
        }
        takes
    }

    #[test]
    fn a_basket_is_read_back() {
        let all = takes(&[
            "r:0123456789ab0000000017",
            "r:0123456789ab0000000018",
            "s:q=a%21b%25;c~&dataset=x!",
            "c:ffff",
            "r:0123456789ab00000000ff",
        ]);
        assert_eq!(decode(&encode(&all)), all);
        assert_eq!(decode(""), Takes::default());
    }

    #[test]
    fn hundreds_of_records_fit_and_thousands_are_refused() {
        let list = |n: u64| (0..n).map(|i| Take::Record(format!("0123456789ab{:010x}", i * 977))).collect::<Takes>();
        assert!(keep(&list(400), false).is_some());
        assert!(keep(&list(4_000), false).is_none());
    }

    #[test]
    fn a_damaged_cookie_does_no_harm() {
        for value in ["zzz", "!!!", "=", "~r:1", "az", "é!é", "ar:1!zz", "\u{7f}"] {
            assert!(decode(value).iter().count() <= 1, "{value}");
        }
    }
}
