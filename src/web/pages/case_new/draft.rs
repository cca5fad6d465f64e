//! A request while it is being written: everything travels in the form itself, the server keeps nothing of it.

use crate::search::engine::{Engine, SearchError, TextRequest};
use crate::takedown::basis::Basis;
use crate::takedown::case::{Requester, Statements};
use crate::takedown::filing::{About, Answers, Filing};
use crate::takedown::tombstone::Scope;
use crate::web::form::Form;
use crate::web::takes::{Take, Takes};
use crate::web_address::NormalizedUrl;

/// Fields that go from step to step. Those of a basis's own begin with [`ANSWERS`].
const CARRIED: [&str; 21] = [
    "about",
    "lives",
    "basis",
    "dataset",
    "typed_urls",
    "cannot_find",
    "requester.name",
    "requester.email",
    "requester.relationship",
    "requester.country",
    "requester.address",
    "requester.phone",
    "explanation",
    "statements.good_faith",
    "statements.accuracy",
    "statements.perjury",
    "signature",
    "scope",
    "share_name",
    "email_optin",
    "asked",
];
const ANSWERS: &str = "answers.";
/// Most fields carried: datasets may be many.
const FIELDS_MAX: usize = 300;
/// Addresses typed by hand that are read; the page says so.
pub(super) const TYPED_URLS_MAX: usize = 50;
/// Rows of one address that are taken: an address of a picture stands in a few datasets, not in a hundred rows.
const ROWS_OF_URL_MAX: usize = 100;

#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) takes: Takes,
    fields: Vec<(String, String)>,
}

impl Draft {
    pub(super) fn read(form: &Form) -> Self {
        let mut takes = Takes::default();
        form.all("take").for_each(|field| takes.add(field));
        let is_carried = |name: &str, value: &str| {
            !value.is_empty() && (CARRIED.contains(&name) || name.starts_with(ANSWERS) && name.len() < 60)
        };
        let fields = form.fields().filter(|(name, value)| is_carried(name, value)).take(FIELDS_MAX);
        Self { takes, fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect() }
    }

    pub(super) fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(known, _)| known == name)
    }

    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn filled(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
    }

    /// What the next page carries hidden: everything but what it shows.
    pub(super) fn hidden(&self, is_shown: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let takes = (!self.takes.is_empty()).then(|| ("take".to_owned(), self.takes.field()));
        let fields = self.fields.iter().filter(|(name, _)| !is_shown(name)).cloned();
        takes.into_iter().chain(fields).collect()
    }

    pub(super) fn answers(&self) -> Answers<'_> {
        let about = match self.get("about") {
            "my_work" => About::MyWork,
            "other" => About::Other,
            _ => About::Me,
        };
        let for_self = matches!(self.get("requester.relationship"), "" | "self" | "rightholder");
        Answers { about, for_self, country: Some(self.get("lives")).filter(|place| !place.is_empty()) }
    }

    /// The three questions have their answers.
    pub(super) fn is_answered(&self) -> bool {
        ["about", "requester.relationship", "lives"].iter().all(|name| self.has(name))
    }

    /// The request says what it is about.
    pub(super) fn has_subject(&self) -> bool {
        !self.takes.is_empty() || self.has("typed_urls") || self.has("cannot_find")
    }

    pub(super) fn basis(&self) -> Option<Basis> {
        Basis::from_name(self.get("basis"))
    }

    /// Where the person lives, also as the part of a country that the question knows (`US-CA`).
    pub(super) fn lives(&self) -> Option<&str> {
        let lives = self.get("lives");
        let country = self.get("requester.country");
        // Whoever corrects the country in the form means that one.
        let place = if lives.starts_with(country) && !lives.is_empty() { lives } else { country };
        Some(place).filter(|place| !place.is_empty())
    }

    pub(super) fn typed_urls(&self) -> Vec<String> {
        let lines = self.get("typed_urls").lines().map(str::trim).filter(|line| !line.is_empty());
        lines.take(TYPED_URLS_MAX).map(str::to_owned).collect()
    }

    /// Datasets asked although the person found no row in them.
    pub(super) fn datasets(&self) -> Vec<String> {
        self.all("dataset").map(str::to_owned).collect()
    }

    pub(super) fn filing(&self, basis: Basis) -> Filing {
        let answers = self
            .fields
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix(ANSWERS)?.to_owned(), value.clone())));
        Filing {
            basis,
            requester: Requester {
                name: self.filled("requester.name"),
                email: self.filled("requester.email"),
                relationship: self.filled("requester.relationship"),
                country: self.lives().map(|place| place.chars().take(2).collect()),
                address: self.filled("requester.address"),
                phone: self.filled("requester.phone"),
            },
            explanation: self.get("explanation").to_owned(),
            statements: Statements {
                good_faith: self.has("statements.good_faith"),
                accuracy: self.has("statements.accuracy"),
                perjury: self.has("statements.perjury"),
            },
            signature: self.filled("signature"),
            typed_urls: self.typed_urls(),
            cannot_find: self.filled("cannot_find"),
            scope: Scope::from_name(self.get("scope")).unwrap_or_default(),
            share_name: self.has("share_name"),
            answers: answers.collect(),
            email_optin: self.has("email_optin"),
        }
    }

    /// Looks for the rows behind the typed addresses. What is found becomes part of the request, the rest stays typed.
    pub(super) fn find_typed(&mut self, engine: &Engine) -> Result<(), SearchError> {
        let mut not_found = Vec::new();
        for typed in self.typed_urls() {
            let ids = rows_of(engine, &typed)?;
            if ids.is_empty() {
                not_found.push(typed);
            }
            for id in ids {
                self.takes.add(&Take::Record(id).format());
            }
        }
        self.set("typed_urls", &not_found.join("\n"));
        self.fields.retain(|(_, value)| !value.is_empty());
        Ok(())
    }
}

fn rows_of(engine: &Engine, typed: &str) -> Result<Vec<String>, SearchError> {
    if NormalizedUrl::parse(typed).is_none() {
        return Ok(Vec::new());
    }
    let q = format!("url:\"{}\"", typed.replace('"', "%22"));
    let request = TextRequest { q, limit: ROWS_OF_URL_MAX, ..TextRequest::default() };
    match engine.text(&request) {
        Ok(results) => Ok(results.hits.into_iter().map(|hit| hit.id).collect()),
        Err(SearchError::BadQuery { .. }) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
