//! Web addresses as they are compared: one writing for all the ways in which the same address is written.
//!
//! `http` and `https`, `www.`, upper-case hosts, default ports, a trailing slash, a fragment and percent-encoding
//! make no difference. Everything else does.

use unicode_normalization::UnicodeNormalization;

/// Longest address that is looked at, in bytes: browsers stop near 2,000, some manifests hold data: URLs of megabytes.
const URL_BYTES_MAX: usize = 8 * 1024;

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
        let plausible = ascii.len() <= 253
            && ascii.contains('.')
            && ascii.split('.').all(|label| {
                !label.is_empty()
                    && label.len() <= 63
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

    proptest! {
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
