//! From what was typed to what is asked of the text index, and how hits rank: exact names and phrases first.

use super::query::{Query, QueryWord, Term};
use crate::identifier::Identifier;
use crate::index::text::{Clause, ExactField, KeyKind, WordField, key};
use crate::web_address::NormalizedUrl;

/// A name of an account or a whole address, found exactly: above any words.
const EXACT_SCORE: f32 = 100.0;
/// The words stand together in the order typed.
const PHRASE_BOOST: f32 = 2.0;
const AUTHOR_BOOST: f32 = 1.5;
/// A word only in the address counts less than one in the text.
const SLUG_BOOST: f32 = 0.6;
/// Words written as one in an address (`miraokonkwo`) are looked for up to this many, from this length.
const JOINED_WORDS_MAX: usize = 4;
const JOINED_CHARS_MIN: usize = 6;

/// The whole query. `any_word`: one of the words is enough.
pub(super) fn of_query(query: &Query, any_word: bool) -> Clause {
    let (words, others): (Vec<&Term>, Vec<&Term>) = query.terms.iter().partition(|term| matches!(term, Term::Word(_)));
    let mut must: Vec<Clause> = others.into_iter().map(of_term).collect();
    if !words.is_empty() {
        let words: Vec<&[QueryWord]> = words
            .iter()
            .filter_map(|term| if let Term::Word(words) = term { Some(words.as_slice()) } else { None })
            .collect();
        must.push(of_words(&words, any_word));
    }
    if !query.langs.is_empty() {
        let langs = query.langs.iter().map(|lang| Clause::Exact(ExactField::Lang, lang.clone())).collect();
        must.push(Clause::Flat(Box::new(Clause::Any(langs)), 0.0));
    }
    if query.after.is_some() || query.before.is_some() {
        let range = Clause::Created(
            query.after.map(super::super::timestamp::Timestamp::as_millis),
            query.before.map(super::super::timestamp::Timestamp::as_millis),
        );
        must.push(Clause::Flat(Box::new(range), 0.0));
    }
    let wanted = match must.len() {
        0 => Clause::Flat(Box::new(Clause::Everything), 1.0),
        1 => must.remove(0),
        _ => Clause::All(must),
    };
    if query.without.is_empty() {
        return wanted;
    }
    let unwanted = query.without.iter().map(of_term).collect();
    Clause::Without(Box::new(wanted), Box::new(Clause::Any(unwanted)))
}

fn of_words(units: &[&[QueryWord]], any_word: bool) -> Clause {
    let each: Vec<Clause> = units.iter().map(|unit| of_unit(unit)).collect();
    let together = if any_word { Clause::Any(each) } else { Clause::All(each) };
    if units.len() < 2 {
        return together;
    }
    let spaced = units.iter().all(|unit| unit.len() == 1);
    let joined: String = units.iter().flat_map(|unit| unit.iter()).map(|word| word.text.as_str()).collect();
    let found = if spaced && units.len() <= JOINED_WORDS_MAX && joined.chars().count() >= JOINED_CHARS_MIN {
        Clause::Best(vec![together, Clause::Boost(Box::new(Clause::Word(WordField::Slug, joined)), SLUG_BOOST)])
    } else {
        together
    };
    let phrase: Vec<(usize, String)> = phrase_of(units);
    let line: Vec<&str> = phrase.iter().map(|(_, word)| word.as_str()).collect();
    let name = Clause::Exact(ExactField::Ident, Identifier::Name(line.join(" ")).term());
    Clause::Prefer(
        Box::new(found),
        vec![
            Clause::Flat(Box::new(name), EXACT_SCORE),
            Clause::Boost(Box::new(Clause::Phrase(WordField::Caption, phrase.clone())), PHRASE_BOOST),
            Clause::Boost(Box::new(Clause::Phrase(WordField::Author, phrase)), PHRASE_BOOST * AUTHOR_BOOST),
        ],
    )
}

fn phrase_of(units: &[&[QueryWord]]) -> Vec<(usize, String)> {
    let mut at = 0;
    let mut phrase = Vec::new();
    for unit in units {
        phrase.extend(unit.iter().map(|word| (at + word.offset, word.text.clone())));
        at = phrase.last().map_or(0, |(last, _)| last + 1);
    }
    phrase
}

/// One word, or one run of a script without spaces, in any of the fields.
fn of_unit(unit: &[QueryWord]) -> Clause {
    let slug = Clause::All(unit.iter().map(|word| in_field(WordField::Slug, word)).collect());
    let slug = Clause::Boost(Box::new(slug), SLUG_BOOST);
    match unit {
        [word] => Clause::Best(vec![
            in_field(WordField::Caption, word),
            Clause::Boost(Box::new(in_field(WordField::Author, word)), AUTHOR_BOOST),
            slug,
        ]),
        _ => Clause::Best(vec![
            phrase(WordField::Caption, unit),
            Clause::Boost(Box::new(phrase(WordField::Author, unit)), AUTHOR_BOOST),
            slug,
        ]),
    }
}

fn in_field(field: WordField, word: &QueryWord) -> Clause {
    if word.is_prefix { Clause::Prefix(field, word.text.clone()) } else { Clause::Word(field, word.text.clone()) }
}

fn phrase(field: WordField, words: &[QueryWord]) -> Clause {
    if let [word] = words {
        return in_field(field, word);
    }
    Clause::Phrase(field, words.iter().map(|word| (word.offset, word.text.clone())).collect())
}

fn of_term(term: &Term) -> Clause {
    match term {
        Term::Word(unit) => of_unit(unit),
        Term::Phrase(words) => Clause::Best(vec![
            phrase(WordField::Caption, words),
            Clause::Boost(Box::new(phrase(WordField::Author, words)), AUTHOR_BOOST),
        ]),
        Term::Identifier(identifier) => of_identifier(identifier),
        Term::Author(name) => of_author(name),
        // A Bluesky handle is a domain: somebody who types theirs means both.
        Term::Domain(host) => exact_any(vec![
            Clause::Exact(ExactField::Host, host.clone()),
            Clause::Exact(ExactField::Ident, Identifier::Handle(host.clone()).term()),
        ]),
        Term::Url(url) => exact_any(url_keys(url)),
        Term::Post(uri) => exact_any(vec![Clause::Key(key(KeyKind::SourceId, uri))]),
        Term::Digest(digest) => {
            let kinds: &[KeyKind] = match digest.len() {
                32 => &[KeyKind::Md5, KeyKind::SourceId],
                40 => &[KeyKind::Sha1, KeyKind::SourceId],
                _ => &[KeyKind::Sha256, KeyKind::SourceId],
            };
            exact_any(kinds.iter().map(|kind| Clause::Key(key(*kind, digest))).collect())
        }
    }
}

fn exact_any(clauses: Vec<Clause>) -> Clause {
    Clause::Flat(Box::new(Clause::Any(clauses)), EXACT_SCORE)
}

/// An account's own records first, then those that mention the handle in their text.
fn of_identifier(identifier: &Identifier) -> Clause {
    let mut terms = vec![Clause::Exact(ExactField::Ident, identifier.term())];
    let Identifier::Handle(handle) = identifier else { return exact_any(terms) };
    if !handle.contains(['.', '@']) {
        terms.push(Clause::Exact(ExactField::Ident, Identifier::Handle(format!("{handle}.bsky.social")).term()));
    }
    let mention = super::query::query_words(handle);
    Clause::Best(vec![exact_any(terms), phrase(WordField::Caption, &mention)])
}

fn of_author(name: &str) -> Clause {
    let words = super::query::query_words(name);
    let lower = name.trim().to_lowercase();
    let exact = exact_any(vec![
        Clause::Exact(ExactField::Ident, Identifier::name(name).term()),
        Clause::Exact(ExactField::Ident, Identifier::Handle(lower.clone()).term()),
        Clause::Exact(ExactField::Ident, Identifier::RedditUser(lower).term()),
    ]);
    let each = Clause::All(words.iter().map(|word| in_field(WordField::Author, word)).collect());
    if words.is_empty() { exact } else { Clause::Best(vec![exact, each]) }
}

/// The address itself; for a Bluesky post's page also the post it shows.
fn url_keys(url: &NormalizedUrl) -> Vec<Clause> {
    let mut keys = vec![Clause::Key(key(KeyKind::Url, url.as_str()))];
    if url.host() == "bsky.app" {
        let mut parts = url.path().split('/').skip(1);
        if let (Some("profile"), Some(account), Some("post"), Some(post)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
            && account.starts_with("did:")
        {
            keys.push(Clause::Key(key(KeyKind::SourceId, &format!("at://{account}/app.bsky.feed.post/{post}"))));
        }
    }
    keys
}

/// The folded words of a name or address.
pub(super) fn phrase_words(text: &str) -> Vec<String> {
    super::query::query_words(text).into_iter().map(|word| word.text).collect()
}
