//! What somebody typed, read: words, phrases, exclusions, filters, and names and addresses recognised for what they are.

mod pieces;
mod word_units;

use super::engine::{SearchError, TextRequest};
use super::results::ReadAs;
use crate::identifier::Identifier;
use crate::timestamp::Timestamp;
use crate::web_address::{Host, NormalizedUrl};
use pieces::{Piece, pieces};
use word_units::units;
pub(super) use word_units::{QueryWord, query_words};

/// Most words of a query that are looked for: a pasted passage is found by far fewer.
const WORDS_MAX: usize = 64;
/// Longest query, characters.
const QUERY_CHARS_MAX: usize = 10_000;
/// Top-level names reserved for examples and tests, which no registry lists.
const RESERVED_SUFFIXES: [&str; 3] = [".example", ".test", ".invalid"];

/// One thing asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Term {
    /// Words that stand together: a single word, or a run of a script without spaces.
    Word(Vec<QueryWord>),
    Phrase(Vec<QueryWord>),
    Identifier(Identifier),
    /// A person by name, wherever the words of an author stand.
    Author(String),
    Domain(String),
    Url(NormalizedUrl),
    /// The uri of a post or record: `at://…`.
    Post(String),
    /// 32, 40 or 64 hexadecimal digits, lower case.
    Digest(String),
}

/// A query, understood.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Query {
    pub terms: Vec<Term>,
    pub without: Vec<Term>,
    pub datasets: Vec<String>,
    pub langs: Vec<String>,
    pub after: Option<Timestamp>,
    pub before: Option<Timestamp>,
    pub read_as: Vec<ReadAs>,
    /// Something was recognised that could be plain words too.
    pub can_be_plain_words: bool,
}

impl Query {
    /// Reads a request. An empty query is one without terms.
    pub(super) fn read(request: &TextRequest) -> Result<Self, SearchError> {
        let text = request.q.trim();
        if text.chars().count() > QUERY_CHARS_MAX {
            return Err(bad("q", format!("This is too long: paste at most {QUERY_CHARS_MAX} characters.")));
        }
        let mut query = Self::default();
        if request.as_words {
            query.add_words(&text.replace('"', " "));
        } else {
            query.add_typed(text)?;
        }
        for dataset in &request.dataset {
            query.add_filter("dataset", dataset)?;
        }
        let filters = [
            ("domain", &request.domain),
            ("author", &request.author),
            ("lang", &request.lang),
            ("after", &request.after),
            ("before", &request.before),
        ];
        for (name, value) in filters {
            if let Some(value) = value.as_deref().map(str::trim).filter(|value| !value.is_empty()) {
                query.add_filter(name, value)?;
            }
        }
        Ok(query)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty()
            && self.without.is_empty()
            && self.langs.is_empty()
            && self.after.is_none()
            && self.before.is_none()
    }

    fn add_typed(&mut self, text: &str) -> Result<(), SearchError> {
        let mut plain = String::new();
        for piece in pieces(text) {
            let Piece { negated, field, quoted, text } = piece;
            if let Some(field) = field {
                if negated {
                    self.exclude(&field, &text)?;
                } else {
                    self.add_filter(&field, &text)?;
                }
                continue;
            }
            let recognised = if quoted { None } else { recognise(&text) };
            let term = match recognised {
                Some(term) => {
                    self.can_be_plain_words = true;
                    Some(term)
                }
                None if quoted => {
                    let words = query_words(&text);
                    (!words.is_empty()).then_some(Term::Phrase(words))
                }
                None if negated => units(&text).into_iter().next().map(Term::Word),
                None => {
                    plain.push_str(&text);
                    plain.push(' ');
                    None
                }
            };
            let Some(term) = term else { continue };
            if negated {
                self.read_as.push(ReadAs { kind: "not".into(), value: text });
                self.without.push(term);
            } else {
                self.read_as.push(ReadAs { kind: term.kind().into(), value: term.display(&text) });
                self.terms.push(term);
            }
        }
        self.add_words(&plain);
        Ok(())
    }

    fn add_words(&mut self, text: &str) {
        let mut units = units(text);
        units.truncate(WORDS_MAX);
        if !units.is_empty() {
            let value = text.split_whitespace().collect::<Vec<_>>().join(" ");
            self.read_as.push(ReadAs { kind: "words".into(), value });
            self.terms.extend(units.into_iter().map(Term::Word));
        }
    }

    fn add_filter(&mut self, name: &str, value: &str) -> Result<(), SearchError> {
        let value = value.trim();
        match name {
            "dataset" => self.datasets.push(value.to_owned()),
            "lang" => self.langs.push(value.to_lowercase()),
            "after" => self.after = Some(date("after", value)?),
            "before" => self.before = Some(date("before", value)?),
            _ => self.terms.push(field_term(name, value)?),
        }
        self.read_as.push(ReadAs { kind: name.to_owned(), value: value.to_owned() });
        Ok(())
    }

    fn exclude(&mut self, name: &str, value: &str) -> Result<(), SearchError> {
        if !matches!(name, "author" | "domain" | "url") {
            return Err(bad(
                "q",
                format!("“-{name}:” cannot be left out of a search. Words, phrases, author:, domain: and url: can."),
            ));
        }
        self.without.push(field_term(name, value)?);
        self.read_as.push(ReadAs { kind: "not".into(), value: format!("{name}:{value}") });
        Ok(())
    }
}

impl Term {
    /// The `kind` in `read_as`.
    fn kind(&self) -> &'static str {
        match self {
            Self::Word(_) => "words",
            Self::Phrase(_) => "phrase",
            Self::Identifier(identifier) => identifier.kind(),
            Self::Author(_) => "author",
            Self::Domain(_) => "domain",
            Self::Url(_) => "url",
            Self::Post(_) => "post",
            Self::Digest(_) => "digest",
        }
    }

    fn display(&self, typed: &str) -> String {
        match self {
            Self::Identifier(identifier) => identifier.display(),
            Self::Domain(host) => host.clone(),
            Self::Url(url) => url.as_str().to_owned(),
            Self::Digest(digest) => digest.clone(),
            _ => typed.to_owned(),
        }
    }
}

/// What a piece of a query is, where its form leaves little doubt.
fn recognise(text: &str) -> Option<Term> {
    let text = text.trim_matches(|c: char| matches!(c, ',' | ';' | '<' | '>' | '(' | ')'));
    if text.starts_with("at://") {
        return Some(Term::Post(text.trim_end_matches('/').to_owned()));
    }
    let hex = text.strip_prefix("sha256:").or_else(|| text.strip_prefix("md5:")).unwrap_or(text);
    if matches!(hex.len(), 32 | 40 | 64) && hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Some(Term::Digest(hex.to_ascii_lowercase()));
    }
    if let Some(identifier) = Identifier::recognise(text) {
        return Some(Term::Identifier(identifier));
    }
    let has_scheme = text.contains("://");
    let url = NormalizedUrl::parse(text)?;
    let host = Host(url.host().to_owned());
    let known = host.has_known_suffix() || RESERVED_SUFFIXES.iter().any(|suffix| host.0.ends_with(suffix));
    match (has_scheme, known, url.path().is_empty()) {
        (true, _, false) | (false, true, false) => Some(Term::Url(url)),
        (true, _, true) | (false, true, true) => Some(Term::Domain(host.0)),
        (false, false, _) => None,
    }
}

/// `author:`, `domain:` or `url:` with a value.
fn field_term(name: &str, value: &str) -> Result<Term, SearchError> {
    match name {
        "author" => Ok(Identifier::recognise(value).map_or_else(|| Term::Author(value.to_owned()), Term::Identifier)),
        "domain" => match NormalizedUrl::parse(value) {
            Some(url) => Ok(Term::Domain(url.host().to_owned())),
            None => Err(bad("domain", format!("“{value}” is not a domain. Write it as in domain:example.org."))),
        },
        _ => match NormalizedUrl::parse(value) {
            Some(url) => Ok(Term::Url(url)),
            None => Err(bad(
                "url",
                format!("“{value}” is not a web address. Write it as in url:https://example.org/picture.jpg."),
            )),
        },
    }
}

fn date(field: &'static str, value: &str) -> Result<Timestamp, SearchError> {
    Timestamp::parse_bound(value).ok_or_else(|| {
        bad(field, format!("“{value}” is not a date. Write it as in {field}:2024-11-26, or just the year."))
    })
}

fn bad(field: &'static str, detail: String) -> SearchError {
    SearchError::BadQuery { field, detail }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(q: &str) -> Query {
        Query::read(&TextRequest { q: q.to_owned(), ..TextRequest::default() }).unwrap()
    }

    fn kinds(q: &str) -> Vec<String> {
        read(q).read_as.into_iter().map(|read| format!("{}={}", read.kind, read.value)).collect()
    }

    #[test]
    fn what_is_typed_is_recognised() {
        let table = [
            ("harbour at dawn", "words=harbour at dawn"),
            ("\"harbour at dawn\"", "phrase=harbour at dawn"),
            ("https://www.Example.org/a%20b/", "url=example.org/a b"),
            ("example.org", "domain=example.org"),
            ("did:plc:ewvi7nxzyoun6zhxrhs64oiz", "did=did:plc:ewvi7nxzyoun6zhxrhs64oiz"),
            ("at://did:plc:x/app.bsky.feed.post/3k", "post=at://did:plc:x/app.bsky.feed.post/3k"),
            ("@Mira.Example", "handle=@mira.example"),
            ("u/Mira", "reddit_user=u/mira"),
            ("12345678@N00", "nsid=12345678@N00"),
            ("rust-lang/cargo", "repo=rust-lang/cargo"),
            ("D41D8CD98F00B204E9800998ECF8427E", "digest=d41d8cd98f00b204e9800998ecf8427e"),
            ("author:\"Mira Okonkwo\"", "author=Mira Okonkwo"),
            ("before:2024", "before=2024"),
        ];
        for (typed, expected) in table {
            assert_eq!(kinds(typed), [expected], "{typed}");
        }
    }

    #[test]
    fn pieces_combine() {
        let query = read("boat -fog \"old harbour\" domain:example.org lang:EN -domain:spam.example");
        assert_eq!((query.terms.len(), query.without.len(), query.langs.as_slice()), (3, 2, &["en".to_owned()][..]));
    }

    #[test]
    fn anything_can_be_plain_words() {
        let request = TextRequest { q: "example.org \"x".into(), as_words: true, ..TextRequest::default() };
        let query = Query::read(&request).unwrap();
        assert_eq!(query.terms.len(), 3);
        assert!(!query.can_be_plain_words && read("example.org").can_be_plain_words);
    }

    #[test]
    fn runs_without_spaces_stay_together() {
        let query = read("青空写真");
        let Term::Word(words) = &query.terms[0] else { panic!("{query:?}") };
        assert_eq!(words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), ["青空", "空写", "写真"]);
        let Term::Word(words) = &read("空").terms[0] else { panic!() };
        assert!(words[0].is_prefix);
    }

    #[test]
    fn a_date_that_is_none_is_refused_with_its_field() {
        let request = TextRequest { q: "after:yesterday".into(), ..TextRequest::default() };
        assert!(matches!(Query::read(&request), Err(SearchError::BadQuery { field: "after", .. })));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,60}") {
            let _ = Query::read(&TextRequest { q: text, ..TextRequest::default() });
        }
    }
}
