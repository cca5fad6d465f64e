//! Web addresses as they are compared: one writing for all the ways in which the same address is written.
//!
//! `http` and `https`, `www.`, upper-case hosts, default ports, a trailing slash, a fragment and percent-encoding
//! make no difference. Everything else does.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// Longest address that is looked at, in bytes: browsers stop near 2,000, some manifests hold data: URLs of megabytes.
const URL_BYTES_MAX: usize = 8 * 1024;
/// Longest host name and longest part of one between dots, bytes: the limits of the DNS.
const HOST_BYTES_MAX: usize = 253;
const LABEL_BYTES_MAX: usize = 63;

/// An address in its one comparable writing: `example.org/a/b c?q=1`, no scheme, host in lower-case ASCII.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NormalizedUrl {
    text: String,
    host_len: usize,
}

impl NormalizedUrl {
    /// Reads an address with or without scheme. `None` where there is no plausible host.
    /// Idempotent: parsing the result's text gives the same result.
    pub fn parse(text: &str) -> Option<Self> {
        match plain(text) {
            Some(Plain { whole, host_len }) => Some(Self { text: text[whole].to_owned(), host_len }),
            None => Self::parse_any(text),
        }
    }

    /// The comparable writing alone; of an address that is written plainly already it is a part of the text.
    pub fn text_of(text: &str) -> Option<Cow<'_, str>> {
        match plain(text) {
            Some(Plain { whole, .. }) => Some(Cow::Borrowed(&text[whole])),
            None => Self::parse_any(text).map(|url| Cow::Owned(url.text)),
        }
    }

    fn parse_any(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.len() > URL_BYTES_MAX {
            return None;
        }
        let rest = strip_scheme(text)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at(end);
        // Without a scheme, `a@b.example` is somebody's e-mail address.
        if authority.contains('@') && !text.contains("://") {
            return None;
        }
        let host = Host::parse(authority)?.0;
        let tail = tail.split('#').next().unwrap_or_default();
        let mut tail = decode(tail);
        // "/?q=1" and "?q=1" name the same thing.
        if tail.starts_with("/?") {
            tail.remove(0);
        }
        let tail = tail.trim_end_matches(|c: char| c == '/' || c.is_whitespace());
        let host_len = host.len();
        let mut text = host;
        text.push_str(tail);
        Some(Self { text, host_len })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Host without `www.`.
    pub fn host(&self) -> &str {
        &self.text[..self.host_len]
    }

    /// Path and query, percent-decoded; empty for a bare host.
    pub fn path(&self) -> &str {
        &self.text[self.host_len..]
    }
}

/// A host name in lower-case ASCII (punycode), without `www.`, user, port or final dot.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Host(pub String);

impl Host {
    /// Reads `user@Host.Example:443`. `None` where it has no dot, or labels no host can have.
    pub fn parse(authority: &str) -> Option<Self> {
        let authority = authority.rsplit('@').next().unwrap_or_default();
        let name = match authority.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            Some(_) => return None,
            None => authority,
        };
        let name = name.trim_end_matches('.');
        let ascii = if name.is_ascii() {
            name.to_ascii_lowercase()
        } else {
            match url::Host::parse(name).ok()? {
                url::Host::Domain(domain) => domain,
                _ => return None,
            }
        };
        let ascii = match ascii.strip_prefix("www.") {
            Some(rest) if rest.contains('.') => rest.to_owned(),
            _ => ascii,
        };
        let plausible = ascii.len() <= HOST_BYTES_MAX
            && ascii.contains('.')
            && ascii.split('.').all(|label| {
                !label.is_empty()
                    && label.len() <= LABEL_BYTES_MAX
                    && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            });
        plausible.then_some(Self(ascii))
    }

    /// A host whose last label is a public suffix that exists: what tells `example.org` from `report.pdf`.
    pub fn has_known_suffix(&self) -> bool {
        use psl::Psl as _;
        psl::List.suffix(self.0.as_bytes()).is_some_and(|suffix| suffix.is_known())
    }
}

/// The part of a host that one owner registers (`example.co.uk` of `a.b.example.co.uk`), by the Public Suffix List;
/// the host itself where the list has no answer (an IP address).
pub fn registrable_domain(host: &str) -> &str {
    if host.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return host;
    }
    psl::domain_str(host).unwrap_or(host)
}

/// Whether a host is a name under which anybody can have a place (`co.uk`, `github.io`), so that it is nobody's own.
pub fn is_public_suffix(host: &str) -> bool {
    psl::suffix_str(host) == Some(host)
}

/// A host without its public suffix: `i.cdn.example` of `i.cdn.example.co.uk`. The part whose words somebody chose.
pub fn chosen_part(host: &str) -> &str {
    let domain = registrable_domain(host);
    let label = domain.find('.').unwrap_or(domain.len());
    &host[..host.len() - domain.len() + label]
}

/// The host and every parent of at least two labels, so that a domain finds what lies under its sub-domains.
pub fn host_and_parents(host: &str) -> impl Iterator<Item = &str> {
    let is_ip = host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    std::iter::successors(Some(host), move |host| {
        let (_, parent) = host.split_once('.')?;
        (!is_ip && parent.contains('.')).then_some(parent)
    })
}

/// Where an address that needs no rewriting has its comparable part.
struct Plain {
    whole: Range<usize>,
    host_len: usize,
}

/// Nearly every address of a web crawl: `https://`, a host in small letters, and visible ASCII without an escape. Its
/// comparable writing stands in it as it is, and is found in one walk. `None` says only that it must be looked at.
fn plain(text: &str) -> Option<Plain> {
    let bytes = text.as_bytes();
    let scheme = ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme))?.len();
    if bytes.len() > URL_BYTES_MAX {
        return None;
    }
    let (mut label, mut at, mut dots) = (scheme, scheme, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => {}
            b'.' if at > label && at - label <= LABEL_BYTES_MAX => {
                (label, dots) = (at + 1, dots + 1);
            }
            b'/' | b'?' => break,
            _ => return None,
        }
        at += 1;
    }
    // "/?" is written "?", which is no part of the text.
    if dots == 0 || at == label || at - label > LABEL_BYTES_MAX || bytes[at..].starts_with(b"/?") {
        return None;
    }
    // Every byte is looked at, with no way out between: so the processor looks at many at once.
    let is_visible = |byte: u8| byte.is_ascii_graphic() && byte != b'%' && byte != b'#';
    if !bytes[at..].iter().fold(true, |all, byte| all & is_visible(*byte)) {
        return None;
    }
    let start = if dots > 1 && bytes[scheme..].starts_with(b"www.") { scheme + 4 } else { scheme };
    let end = at + text[at..].trim_end_matches('/').len();
    (at - start <= HOST_BYTES_MAX).then_some(Plain { whole: start..end, host_len: at - start })
}

fn strip_scheme(text: &str) -> Option<&str> {
    if let Some((scheme, rest)) = text.split_once("://") {
        return match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" | "ftp" => Some(rest),
            // `example.org/?u=http://other` has no scheme of its own.
            _ if scheme.contains(['.', '/', '?']) => Some(text),
            _ => None,
        };
    }
    Some(text.strip_prefix("//").unwrap_or(text))
}

/// Percent-decodes what can be decoded without changing where the parts of an address begin; composes Unicode.
fn decode(tail: &str) -> String {
    if tail.is_ascii() && !tail.contains('%') {
        return tail.to_owned();
    }
    let bytes = tail.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let decoded = (bytes[i] == b'%').then(|| bytes.get(i + 1..i + 3)).flatten().and_then(hex_pair);
        match decoded {
            Some(byte) if !matches!(byte, b'%' | b'#' | b'?' | 0..=0x1f | 0x7f) => {
                out.push(byte);
                i += 3;
            }
            Some(_) => {
                out.extend(tail[i..i + 3].to_ascii_uppercase().bytes());
                i += 3;
            }
            None => {
                out.push(bytes[i]);
                i += 1;
            }
        }
    }
    match String::from_utf8(out) {
        Ok(text) => text.nfc().collect(),
        // Not UTF-8 once decoded (an old Latin-1 path): compared as written, in upper-case escapes.
        Err(_) => uppercase_escapes(tail),
    }
}

fn uppercase_escapes(tail: &str) -> String {
    let mut out = String::with_capacity(tail.len());
    let mut left = 0;
    for c in tail.nfc() {
        if c == '%' {
            left = 3;
        }
        out.push(if left > 0 { c.to_ascii_uppercase() } else { c });
        left = left.max(1) - 1;
    }
    out
}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16);
    u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn normal(text: &str) -> String {
        NormalizedUrl::parse(text).map(|url| url.text).unwrap_or_default()
    }

    #[test]
    fn the_usual_differences_make_no_difference() {
        let same = [
            "http://example.org/a/b",
            "https://www.example.org/a/b/",
            "HTTPS://Example.ORG:443/a/b#top",
            "example.org/%61/b",
        ];
        for text in same {
            assert_eq!(normal(text), "example.org/a/b", "{text}");
        }
        assert_eq!(normal("https://example.org/Stra%C3%9Fe"), normal("example.org/Straße"));
        assert_eq!(normal("https://exämple.org/"), "xn--exmple-cua.org");
        assert_ne!(normal("example.org/a%2Fb?x=1"), normal("example.org/a/b?x=2"));
    }

    #[test]
    fn what_has_no_host_is_no_address() {
        for text in [
            "",
            "hello",
            "mailto:a@b.example",
            "data:image/png;base64,AAAA",
            "javascript://x.y/",
            "a b.example/x",
            "at://did:plc:x/y",
        ] {
            assert_eq!(NormalizedUrl::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_host_lies_under_its_parents() {
        let all: Vec<_> = host_and_parents("i.cdn.example.co.uk").collect();
        assert_eq!(all, ["i.cdn.example.co.uk", "cdn.example.co.uk", "example.co.uk", "co.uk"]);
        assert_eq!(registrable_domain("i.cdn.example.co.uk"), "example.co.uk");
        assert_eq!(registrable_domain("10.1.2.3"), "10.1.2.3");
        assert_eq!(chosen_part("i.cdn.example.co.uk"), "i.cdn.example");
        assert_eq!(chosen_part("fineartamerica.com"), "fineartamerica");
    }

    /// Held against the long way, which knows nothing of plain addresses.
    fn is_read_alike(text: &str) -> bool {
        let slow = NormalizedUrl::parse_any(text);
        let short = NormalizedUrl::text_of(text).map(Cow::into_owned);
        NormalizedUrl::parse(text) == slow && short == slow.map(|url| url.text)
    }

    #[test]
    fn plain_addresses_are_read_the_short_way_and_odd_ones_the_long_way_with_one_result() {
        for (text, is_plain) in [
            ("https://images7.example.org/0a/photo-1.jpg?w=1&h=2", true),
            ("http://www.example.org/a//", true),
            ("https://www.example/a", true),
            ("https://www.co.uk", true),
            ("https://example.org?q=1/", true),
            ("https://example.org/?q=1", false),
            ("https://example.org/a b", false),
            ("https://example.org/a%20b", false),
            ("https://example.org/a#b", false),
            ("https://Example.org/a", false),
            ("https://example.org:443/a", false),
            ("https://a@example.org/a", false),
            ("https://example.org./a", false),
            ("https://.example.org/a", false),
            ("https://example..org/a", false),
            ("https://localhost/a", false),
            ("https://exämple.org/ä", false),
            ("https://example.org/ä", false),
            (" https://example.org/a", false),
            ("https://", false),
            ("example.org/a", false),
        ] {
            assert_eq!(plain(text).is_some(), is_plain, "{text}");
            assert!(is_read_alike(text), "{text}");
        }
        for length in 60..260 {
            let label = "a".repeat(length);
            assert!(is_read_alike(&format!("https://{label}.org/")), "{length}");
            let labels = format!("{}.{}.{}.{}", "b".repeat(63), "c".repeat(63), "d".repeat(63), &label[..length / 4]);
            assert!(is_read_alike(&format!("https://www.{labels}/a")), "{length}");
        }
        for length in URL_BYTES_MAX - 30..URL_BYTES_MAX + 30 {
            assert!(is_read_alike(&format!("https://example.org/{}", "a".repeat(length - 20))), "{length}");
        }
    }

    proptest! {
        #[test]
        fn the_short_way_gives_what_the_long_way_gives(
            scheme in "(https?://|HTTP://|//|ftp://|http:/)?",
            host in "(www\\.){0,2}([a-zA-Z0-9_.-]{0,8}\\.)?[a-z]{0,4}",
            tail in "([/?#][ -~]{0,12}){0,3}/{0,2}",
        ) {
            let text = format!("{scheme}{host}{tail}");
            prop_assert!(is_read_alike(&text), "{}", text);
        }

        #[test]
        fn any_text_is_read_alike_both_ways(start in "(https?://)?", text in ".{0,40}") {
            let text = start + &text;
            prop_assert!(is_read_alike(&text), "{}", text);
        }

        #[test]
        fn normalizing_twice_is_normalizing_once(tail in "[ -~äé%]{0,40}") {
            if let Some(once) = NormalizedUrl::parse(&format!("https://example.org/{tail}")) {
                prop_assert_eq!(NormalizedUrl::parse(once.as_str()), Some(once));
            }
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,80}") {
            let _ = NormalizedUrl::parse(&text);
        }
    }
}
