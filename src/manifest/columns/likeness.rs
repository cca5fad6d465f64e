//! What one value looks like on its own, its column's name unseen.

use crate::mapping::authors::is_nsid;
use crate::mapping::values::{is_host, is_url};
use crate::timestamp::Timestamp;

const PICTURE_ENDINGS: [&str; 12] =
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".avif", ".svg", ".heic", ".jfif"];
const MEDIA_ENDINGS: [&str; 6] = [".mp4", ".webm", ".mov", ".mp3", ".wav", ".pdf"];
/// Hosts below which Bluesky and its kin give out names.
const HANDLE_SUFFIXES: [&str; 3] = [".bsky.social", ".bsky.team", ".brid.gy"];

#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools)] // They are independent observations, not a state.
pub(super) struct Seen {
    pub chars: usize,
    pub count: usize,
    pub url: bool,
    /// An address that ends like a picture's or another medium's file.
    pub media: bool,
    /// A relative path or bare name of a picture's or another medium's file.
    pub file: bool,
    pub at_uri: bool,
    pub did: bool,
    pub handle: bool,
    pub nsid: bool,
    pub email: bool,
    pub date: bool,
    pub number: bool,
    pub pixels: bool,
    pub scores: bool,
    pub hex16: bool,
    pub hex32: bool,
    pub hex40: bool,
    pub hex64: bool,
    pub base64_md5: bool,
    pub licence: bool,
    pub repo: bool,
    /// Words of a language: letters, and no kind of code.
    pub words: bool,
    pub tags: bool,
    pub entities: bool,
}

impl Seen {
    /// Looks at a trimmed, non-blank text.
    pub fn of(text: &str, is_number: bool) -> Self {
        let lower: String = text.chars().take(2_000).collect::<String>().to_ascii_lowercase();
        let one_word = !text.contains(char::is_whitespace);
        let number = is_number || text.parse::<f64>().is_ok_and(f64::is_finite);
        let hex = |digits: usize| text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let url = !number && is_url(text) && text.split_whitespace().count() <= 4;
        let mut seen = Self {
            chars: text.chars().count(),
            count: text.split_whitespace().count(),
            url,
            at_uri: lower.starts_with("at://"),
            did: one_word && lower.starts_with("did:") && lower.matches(':').count() >= 2,
            handle: one_word && !url && is_handle(&lower),
            nsid: is_nsid(text),
            email: one_word && !url && is_email(&lower),
            date: Timestamp::parse(text).is_some(),
            number,
            pixels: text.parse::<f64>().is_ok_and(|n| n.fract() == 0.0 && (1.0..=100_000.0).contains(&n)),
            scores: text.contains(',') && text.split(',').all(|part| part.trim().parse::<f64>().is_ok()),
            hex16: hex(16),
            hex32: hex(32),
            hex40: hex(40),
            hex64: hex(64),
            base64_md5: text.len() == 24 && text.ends_with("==") && one_word,
            licence: is_licence(&lower),
            repo: one_word && !url && is_repo(text),
            tags: ["<p>", "<p ", "<br", "<a ", "<i>", "<em>", "<b>", "<div", "<span", "<li>"]
                .iter()
                .any(|t| lower.contains(t)),
            entities: ["&amp;", "&lt;", "&gt;", "&quot;", "&#", "&nbsp;"].iter().any(|entity| lower.contains(entity)),
            ..Self::default()
        };
        let path = lower.split(['?', '#']).next().unwrap_or_default();
        let ends_well = |path: &str| PICTURE_ENDINGS.iter().chain(&MEDIA_ENDINGS).any(|ending| path.ends_with(ending));
        seen.media = url && ends_well(path);
        seen.file = !lower.contains("://") && seen.chars <= 300 && ends_well(&lower);
        let code = url || number || seen.date || seen.did || seen.email || seen.hex32 || seen.hex40 || seen.hex64;
        let code = code || seen.hex16 && text.contains(|c: char| c.is_ascii_digit());
        let structured = ["{'", "{\"", "['", "[\"", "[{", "[["].iter().any(|start| text.starts_with(start));
        seen.words = !code && !structured && text.contains(char::is_alphabetic) && !is_uuid(text);
        seen
    }
}

/// `@name`, or a host name that is an account's: `name.bsky.social`.
fn is_handle(lower: &str) -> bool {
    if let Some(name) = lower.strip_prefix('@') {
        return name.chars().count() > 1 && name.chars().all(|c| c.is_alphanumeric() || "._-@".contains(c));
    }
    is_host(lower) && HANDLE_SUFFIXES.iter().any(|suffix| lower.ends_with(suffix))
}

fn is_email(lower: &str) -> bool {
    lower.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && is_host(host)
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte))
    })
}

fn is_licence(lower: &str) -> bool {
    lower.contains("creativecommons.org/") && (lower.contains("/licenses/") || lower.contains("/publicdomain/"))
        || lower.starts_with("cc-by")
        || lower.starts_with("cc by")
        || matches!(lower, "cc0" | "cc0-1.0" | "mit" | "apache-2.0" | "public domain" | "odc-by")
}

/// `owner/name`, as code hosts write it.
fn is_repo(text: &str) -> bool {
    text.split_once('/').is_some_and(|(owner, name)| {
        let fine = |part: &str| {
            !part.is_empty()
                && part.len() <= 100
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        };
        fine(owner) && fine(name) && !owner.contains('.')
    })
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
