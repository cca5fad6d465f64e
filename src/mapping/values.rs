//! One cell to the value of its role, or nothing. Called for every cell of every row: allocates only what is kept.

use std::borrow::Cow;

use super::Transform;
use super::cells::Cell;
use super::transform;
use crate::hash_code::{HashCode, HashKind};
use crate::timestamp::Timestamp;
use crate::web_address::Host;

/// What stands where nobody is named. Compared without regard to case.
const NOBODY: [&str; 20] = [
    "[deleted]",
    "[removed]",
    "[unknown]",
    "unknown",
    "unknown author",
    "unknown artist",
    "none",
    "nan",
    "null",
    "nil",
    "undefined",
    "?",
    "-",
    "--",
    "n/a",
    "na",
    "<na>",
    "\\n",
    "[]",
    "{}",
];
/// What stands where a text was taken away.
const REMOVED: [&str; 4] = ["[removed]", "[deleted]", "[deleted by user]", "[ removed by reddit ]"];

fn is_one_of(text: &str, list: &[&str]) -> bool {
    // All of them are short; a long text is not compared at all.
    text.len() <= 24 && list.iter().any(|known| text.eq_ignore_ascii_case(known))
}

fn unwrapped(cell: Cell<'_>, transform: Transform) -> Option<Cow<'_, str>> {
    let text = match cell.text() {
        Cow::Borrowed(text) => transform::apply(transform, text),
        // A number or a truth value: nothing of it is wrapped.
        Cow::Owned(text) => Cow::Owned(text),
    };
    (!text.trim().is_empty()).then_some(text)
}

fn kept(text: &str) -> String {
    text.trim().to_owned()
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(kept(&text)),
    }
}

pub fn caption(cell: Cell<'_>, transform: Transform) -> Option<String> {
    let text = unwrapped(cell, transform)?;
    (!is_one_of(text.trim(), &REMOVED)).then(|| kept(&text))
}

/// Something with a host; placeholders and bare file names are none. Kept as given.
pub fn url(cell: Cell<'_>, transform: Transform) -> Option<Cow<'_, str>> {
    let Cell::Text(_) = cell else { return None };
    let text = trimmed(unwrapped(cell, transform)?);
    if let Some(path) = reddit_path(&text) {
        return Some(Cow::Owned(path));
    }
    is_url(&text).then_some(text)
}

/// Reddit's dumps give permalinks without the host, and always mean this one.
fn reddit_path(text: &str) -> Option<String> {
    let is_post = (text.starts_with("/r/") || text.starts_with("/user/")) && text.contains("/comments/");
    is_post.then(|| format!("https://www.reddit.com{text}"))
}

/// `scheme://rest`, `//host/path` or `host.tld/path` with a top-level domain that exists.
pub(crate) fn is_url(text: &str) -> bool {
    // Where it nearly always stands, then anywhere.
    let known = if text.starts_with("https://") { Some(5) } else { text.starts_with("http://").then_some(4) };
    if let Some(at) = known.or_else(|| text.find("://")) {
        let scheme = &text.as_bytes()[..at];
        if (1..=12).contains(&at) && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)) {
            return text.len() > at + 3 && !text[at + 3..].starts_with(char::is_whitespace);
        }
    }
    let bare = text.strip_prefix("//");
    let rest = bare.unwrap_or(text);
    let Some((host, _)) = rest.split_once('/') else { return false };
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    // Without a scheme only a suffix that exists tells `example.org/a` from `app.bsky.actor.profile/self`.
    is_host(host) && (bare.is_some() || Host::parse(host).is_some_and(|host| host.has_known_suffix()))
}

/// `example.org`: labels of letters, digits and hyphens, the last of two letters or more.
pub(crate) fn is_host(host: &str) -> bool {
    let Some((labels, last)) = host.rsplit_once('.') else { return false };
    last.len() >= 2
        && host.len() <= 253
        && last.bytes().all(|byte| byte.is_ascii_alphabetic())
        && labels.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        })
}

pub fn author(cell: Cell<'_>, transform: Transform) -> Option<String> {
    let text = unwrapped(cell, transform)?;
    let text = text.trim();
    (!is_one_of(text, &NOBODY) && !matches!(cell, Cell::Bool(_))).then(|| text.to_owned())
}

/// A language, an id, a flag: the text, unless it says that there is none.
pub fn plain(cell: Cell<'_>, transform: Transform) -> Option<Cow<'_, str>> {
    let text = trimmed(unwrapped(cell, transform)?);
    (!is_one_of(&text, &NOBODY[6..])).then_some(text)
}

/// A licence by name or address. A bare number points into a table that is not here.
pub fn licence(cell: Cell<'_>, transform: Transform) -> Option<Cow<'_, str>> {
    let Cell::Text(_) = cell else { return None };
    plain(cell, transform).filter(|text| !text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Pixels, written as 640, 640.0 or "640". Zero, negative and broken numbers are no sizes.
pub fn dimension(cell: Cell<'_>) -> Option<u32> {
    let pixels = match cell {
        Cell::Int(value) => u32::try_from(value).ok()?,
        Cell::Float(value) => whole(value)?,
        Cell::Text(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| whole(text.parse().ok()?))?
        }
        Cell::Bool(_) => return None,
    };
    (pixels > 0).then_some(pixels)
}

fn whole(value: f64) -> Option<u32> {
    // The guard makes the cast exact.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    (value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value)).then_some(value as u32)
}

pub fn moment(cell: Cell<'_>, transform: Transform) -> Option<Timestamp> {
    match cell {
        Cell::Int(value) => Timestamp::from_number(value),
        Cell::Float(value) => Timestamp::from_float(value),
        Cell::Text(text) => Timestamp::parse(&transform::apply(transform, text.trim())),
        Cell::Bool(_) => None,
    }
}

/// Lower-case hexadecimal of exactly `bytes` bytes, or `None`.
pub fn digest(cell: Cell<'_>, bytes: usize, transform: Transform) -> Option<String> {
    let Cell::Text(text) = cell else { return None };
    let text = text.trim();
    if transform == Transform::Base64 {
        let mut decoded = [0; 32];
        let length = transform::base64(text, &mut decoded)?;
        return (length == bytes).then(|| hex::encode(&decoded[..length]));
    }
    // `sha256:…` and `md5:…` name what the column says already.
    let text = text.rsplit_once(':').map_or(text, |(_, digits)| digits);
    let is_hex = text.len() == bytes * 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| text.to_ascii_lowercase())
}

/// A picture hash in hexadecimal, or, for 64 bits, as a signed or unsigned decimal number.
pub fn hash(kind: HashKind, cell: Cell<'_>) -> Option<HashCode> {
    let number = |bits: u64| HashCode::new(kind, &bits.to_be_bytes());
    match cell {
        Cell::Int(value) => number(value.cast_unsigned()),
        Cell::Text(text) => {
            let text = text.trim();
            let text = text.strip_prefix("0x").unwrap_or(text);
            HashCode::from_hex(kind, text).or_else(|| match text.parse::<u64>() {
                Ok(bits) => number(bits),
                Err(_) => number(text.parse::<i64>().ok()?.cast_unsigned()),
            })
        }
        Cell::Bool(_) | Cell::Float(_) => None,
    }
}
