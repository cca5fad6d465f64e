//! Names that accounts go by: recognising them in what a visitor types, and the one writing they are compared in.

use crate::mapping::{Author, Role};
use crate::words;

/// A name of an account or a person, of a known kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identifier {
    /// A decentralized identifier: `did:plc:…`, `did:web:…`.
    Did(String),
    /// `@name`, `@name.bsky.social`, without the `@`, lower case.
    Handle(String),
    /// A Reddit user, without `u/`, lower case.
    RedditUser(String),
    /// A Flickr account number, `12345678@N00`, upper-case N.
    Nsid(String),
    /// `owner/repo`, lower case.
    Repo(String),
    /// A person's or studio's name, folded as words are, so that case and accents make no difference.
    Name(String),
}

impl Identifier {
    /// Recognises what somebody typed as an account name, where its form leaves no doubt. A plain word is not one.
    pub fn recognise(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.chars().any(char::is_whitespace) {
            return None;
        }
        if let Some(rest) = text.strip_prefix("did:") {
            let (method, id) = rest.split_once(':')?;
            let plausible = !method.is_empty()
                && method.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
                && !id.is_empty();
            return plausible.then(|| Self::Did(text.to_owned()));
        }
        if let Some(nsid) = parse_nsid(text) {
            return Some(Self::Nsid(nsid));
        }
        if let Some(name) =
            text.strip_prefix("/u/").or_else(|| text.strip_prefix("u/")).or_else(|| text.strip_prefix("user/"))
        {
            return is_user_name(name).then(|| Self::RedditUser(name.to_lowercase()));
        }
        if let Some(name) = text.strip_prefix('@') {
            // `@name@server.example` is Mastodon's full form; the server part is kept.
            let plausible = name.split('@').count() <= 2 && name.split('@').all(is_handle);
            return plausible.then(|| Self::Handle(name.to_lowercase()));
        }
        if text.to_ascii_lowercase().ends_with(".bsky.social") && is_handle(text) {
            return Some(Self::Handle(text.to_lowercase()));
        }
        let (owner, repo) = text.split_once('/')?;
        // A dot in the owner would be a host: `example.org/x` is an address.
        let plausible = is_user_name(owner) && !owner.contains(['.', '_']) && is_user_name(repo);
        plausible.then(|| Self::Repo(text.to_lowercase()))
    }

    /// Reads the author of a record by the role its column has.
    pub fn of_author(author: &Author) -> Vec<Self> {
        let value = author.value.as_str();
        let handle = |text: &str| Self::Handle(text.trim_start_matches('@').to_lowercase());
        match author.role {
            Role::Did => vec![Self::Did(value.to_owned())],
            Role::Handle | Role::UserName => vec![handle(value)],
            Role::RedditUser => {
                let name = value.trim_start_matches('/').trim_start_matches("u/").to_lowercase();
                vec![Self::Handle(name.clone()), Self::RedditUser(name)]
            }
            Role::Nsid => vec![parse_nsid(value).map_or_else(|| handle(value), Self::Nsid)],
            Role::Repo => {
                let repo = value.to_lowercase();
                let owner = repo.split('/').next().unwrap_or_default().to_owned();
                vec![Self::Repo(repo), Self::Handle(owner)]
            }
            Role::ProfileUrl => Vec::new(),
            _ => match Self::recognise(value) {
                Some(identifier) => vec![identifier],
                None if value.contains(char::is_whitespace) => vec![Self::name(value)],
                None => vec![Self::name(value), handle(value)],
            },
        }
    }

    /// A person's name, folded.
    pub fn name(text: &str) -> Self {
        Self::Name(words::fold_to_line(text))
    }

    /// The exact term that stands in the index.
    pub fn term(&self) -> String {
        match self {
            Self::Did(did) => did.clone(),
            Self::Handle(handle) => format!("@{handle}"),
            Self::RedditUser(name) => format!("u/{name}"),
            Self::Nsid(nsid) => format!("nsid:{nsid}"),
            Self::Repo(repo) => format!("repo:{repo}"),
            Self::Name(name) => format!("={name}"),
        }
    }

    /// How the page writes it.
    pub fn display(&self) -> String {
        match self {
            Self::Did(text) | Self::Nsid(text) | Self::Repo(text) | Self::Name(text) => text.clone(),
            Self::Handle(handle) => format!("@{handle}"),
            Self::RedditUser(name) => format!("u/{name}"),
        }
    }

    /// The `kind` in `read_as`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Did(_) => "did",
            Self::Handle(_) => "handle",
            Self::RedditUser(_) => "reddit_user",
            Self::Nsid(_) => "nsid",
            Self::Repo(_) => "repo",
            Self::Name(_) => "author",
        }
    }
}

fn parse_nsid(text: &str) -> Option<String> {
    let (number, tail) = text.split_once('@')?;
    let tail = tail.to_ascii_uppercase();
    let plausible = (5..=12).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
        && tail.len() == 3
        && tail.starts_with('N')
        && tail[1..].bytes().all(|b| b.is_ascii_digit());
    plausible.then(|| format!("{number}@{tail}"))
}

fn is_user_name(text: &str) -> bool {
    (1..=100).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

fn is_handle(text: &str) -> bool {
    (1..=253).contains(&text.len()) && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_without_doubt_are_recognised() {
        let table = [
            ("did:plc:ewvi7nxzyoun6zhxrhs64oiz", "did"),
            ("@Mira.Example", "handle"),
            ("@mira@social.example", "handle"),
            ("mira.bsky.social", "handle"),
            ("u/Tidewater_Mira", "reddit_user"),
            ("/u/mira", "reddit_user"),
            ("12345678@N00", "nsid"),
            ("rust-lang/cargo", "repo"),
        ];
        for (text, kind) in table {
            assert_eq!(Identifier::recognise(text).map(|found| found.kind()), Some(kind), "{text}");
        }
    }

    #[test]
    fn words_and_addresses_are_not_accounts() {
        for text in
            ["mira", "harbour at dawn", "example.org/x", "a/b/c", "and/or maybe", "did:", "@", "mira@mail.example"]
        {
            assert_eq!(Identifier::recognise(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_is_compared_without_case_and_accents() {
        assert_eq!(Identifier::name("Żoë  Ångström").term(), "=zoe angstrom");
    }
}
