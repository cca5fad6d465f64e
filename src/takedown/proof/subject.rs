//! What a claim is about, as somebody typed it, brought to one writing: a domain, a page, a mailbox.

use url::Url;

use super::Kind;
use crate::web_address::{Host, is_public_suffix};

/// Longest address of a page, characters: what is typed, not what is generated.
const PAGE_CHARS_MAX: usize = 1_000;
/// Longest mailbox, characters, by the standard.
const MAILBOX_CHARS_MAX: usize = 254;
/// Longest name of a file.
const NAME_CHARS_MAX: usize = 120;

/// A subject that can be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    #[error("Type a domain, like example.org.")]
    NoDomain,
    #[error("Everybody can have a place under this name, so it shows nothing. Type your own domain under it.")]
    Suffix,
    #[error("Type the address of a page, like https://example.org/about.")]
    NoPage,
    #[error("The address must have no port and no name or password in it.")]
    Crowded,
    #[error("Type an e-mail address, like name@example.org.")]
    NoMailbox,
}

impl Subject {
    /// Reads what was typed. `at_home`: ports and plain http are taken as they are, since only this machine is asked.
    pub fn read(kind: Kind, typed: &str, at_home: bool) -> Result<Self, SubjectError> {
        let typed = typed.trim();
        match kind {
            Kind::DnsTxt | Kind::WellKnown => domain(typed, at_home && kind == Kind::WellKnown).map(Self),
            Kind::MetaTag | Kind::Profile => page(typed, at_home).map(Self),
            Kind::RowEmail => mailbox(typed).map(Self),
            Kind::OriginalFile => Ok(Self("the uploaded picture".to_owned())),
            Kind::Mandate => Ok(Self(typed.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect())),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn domain(typed: &str, with_port: bool) -> Result<String, SubjectError> {
    let rest = typed.split_once("://").map_or(typed, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(SubjectError::Crowded);
    }
    let Host(host) = Host::parse(authority).ok_or(SubjectError::NoDomain)?;
    if host.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Err(SubjectError::NoDomain);
    }
    if is_public_suffix(&host) {
        return Err(SubjectError::Suffix);
    }
    match authority.rsplit_once(':') {
        Some((_, port)) if with_port => Ok(format!("{host}:{port}")),
        Some(_) => Err(SubjectError::Crowded),
        None => Ok(host),
    }
}

fn page(typed: &str, at_home: bool) -> Result<String, SubjectError> {
    if typed.chars().count() > PAGE_CHARS_MAX {
        return Err(SubjectError::NoPage);
    }
    let whole = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let mut url = Url::parse(&whole).map_err(|_| SubjectError::NoPage)?;
    let is_web = matches!(url.scheme(), "http" | "https");
    let Some(url::Host::Domain(host)) = url.host() else { return Err(SubjectError::NoPage) };
    if !is_web || Host::parse(host).is_none() {
        return Err(SubjectError::NoPage);
    }
    if !url.username().is_empty() || url.password().is_some() || (url.port().is_some() && !at_home) {
        return Err(SubjectError::Crowded);
    }
    // What comes without encryption could be anybody's words. A page that has no https cannot be used.
    if !at_home && url.set_scheme("https").is_err() {
        return Err(SubjectError::NoPage);
    }
    url.set_fragment(None);
    Ok(url.into())
}

fn mailbox(typed: &str) -> Result<String, SubjectError> {
    let lower = typed.to_lowercase();
    let (name, host) = lower.rsplit_once('@').ok_or(SubjectError::NoMailbox)?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let fine = !name.is_empty()
        && name.chars().all(is_plain)
        && Host::parse(host).is_some()
        && !host.contains(':')
        && lower.len() <= MAILBOX_CHARS_MAX;
    if fine { Ok(lower) } else { Err(SubjectError::NoMailbox) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: Kind, typed: &str) -> Result<String, SubjectError> {
        Subject::read(kind, typed, false).map(|subject| subject.0)
    }

    #[test]
    fn a_domain_is_read_however_it_was_typed() {
        for typed in ["Mira.Example", "https://www.mira.example/about?x", " mira.example. "] {
            assert_eq!(read(Kind::DnsTxt, typed).unwrap(), "mira.example", "{typed}");
        }
        for (typed, error) in [
            ("", SubjectError::NoDomain),
            ("mira", SubjectError::NoDomain),
            ("192.0.2.1", SubjectError::NoDomain),
            ("co.uk", SubjectError::Suffix),
            ("github.io", SubjectError::Suffix),
            ("mira.example:8080", SubjectError::Crowded),
            ("me@mira.example", SubjectError::Crowded),
        ] {
            assert_eq!(read(Kind::WellKnown, typed).unwrap_err(), error, "{typed}");
        }
        let at_home = Subject::read(Kind::WellKnown, "mira.example:8080", true).unwrap();
        assert_eq!(at_home.as_str(), "mira.example:8080");
    }

    #[test]
    fn a_page_is_asked_with_encryption_and_without_a_name() {
        assert_eq!(read(Kind::Profile, "mira.example/me#top").unwrap(), "https://mira.example/me");
        assert_eq!(read(Kind::MetaTag, "http://mira.example").unwrap(), "https://mira.example/");
        for bad in ["", "ftp://mira.example/", "https://127.0.0.1/", "https://localhost/", "javascript:1"] {
            assert_eq!(read(Kind::Profile, bad).unwrap_err(), SubjectError::NoPage, "{bad}");
        }
        for bad in ["https://me:x@mira.example/", "https://mira.example:8443/"] {
            assert_eq!(read(Kind::Profile, bad).unwrap_err(), SubjectError::Crowded, "{bad}");
        }
    }

    #[test]
    fn a_mailbox_is_one_address_and_nothing_else() {
        assert_eq!(read(Kind::RowEmail, " Mira@Studio.Example ").unwrap(), "mira@studio.example");
        for bad in [
            "mira",
            "@studio.example",
            "a b@studio.example",
            "a@b",
            "x@studio.example\nBcc: y@z.example",
            "<a@b.example>",
        ] {
            assert_eq!(read(Kind::RowEmail, bad).unwrap_err(), SubjectError::NoMailbox, "{bad}");
        }
    }
}
