//! The parameters of a text search as they stand in an address: read once, written back for every link of the page.

use url::form_urlencoded;

use super::error::AppError;
use crate::config::WebLimits;
use crate::search::engine::{TEXT_LIMIT_MAX, TextRequest};

/// Most datasets one address may name: more than a portal holds, few enough to look through.
const DATASETS_MAX: usize = 200;
/// Longest value of a filter, characters: the longest host name has 253, addresses of posts are longer.
const FILTER_CHARS_MAX: usize = 1000;
/// Longest cursor. Ours are far shorter.
const CURSOR_CHARS_MAX: usize = 2000;

/// A checked search: sizes are within limits, blank parameters are absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SearchParams {
    pub(super) q: String,
    pub(super) dataset: Vec<String>,
    pub(super) domain: Option<String>,
    pub(super) author: Option<String>,
    pub(super) lang: Option<String>,
    pub(super) after: Option<String>,
    pub(super) before: Option<String>,
    /// 0 stands for the default.
    pub(super) limit: usize,
    pub(super) cursor: Option<String>,
    pub(super) as_words: bool,
    pub(super) any_word: bool,
}

impl SearchParams {
    /// Reads the part of an address after `?`. Unknown parameters are ignored.
    pub(super) fn parse(query_string: &str, limits: &WebLimits) -> Result<Self, AppError> {
        let mut params = Self::default();
        for (name, value) in form_urlencoded::parse(query_string.as_bytes()) {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            match &*name {
                "q" => params.q = within("q", value, limits.query_chars_max)?,
                "dataset" => params.add_dataset(value)?,
                "domain" => params.domain = Some(within("domain", value, FILTER_CHARS_MAX)?),
                "author" => params.author = Some(within("author", value, FILTER_CHARS_MAX)?),
                "lang" => params.lang = Some(within("lang", value, FILTER_CHARS_MAX)?),
                "after" => params.after = Some(within("after", value, FILTER_CHARS_MAX)?),
                "before" => params.before = Some(within("before", value, FILTER_CHARS_MAX)?),
                "cursor" => params.cursor = Some(within("cursor", value, CURSOR_CHARS_MAX)?),
                "limit" => params.limit = parse_limit(value, TEXT_LIMIT_MAX)?,
                "as" => params.as_words = one_of("as", value, "words")?,
                "match" => params.any_word = one_of("match", value, "any")?,
                _ => {}
            }
        }
        Ok(params)
    }

    fn add_dataset(&mut self, slug: &str) -> Result<(), AppError> {
        let slug = within("dataset", slug, FILTER_CHARS_MAX)?;
        if self.dataset.contains(&slug) {
            return Ok(());
        }
        if self.dataset.len() == DATASETS_MAX {
            return Err(AppError::bad(
                "dataset",
                format!("At most {DATASETS_MAX} datasets can be named in one search."),
            ));
        }
        self.dataset.push(slug);
        Ok(())
    }

    /// Nothing was asked yet: no words and no filter that alone would say whom or what to look for.
    pub(super) fn asks_nothing(&self) -> bool {
        self.q.is_empty() && self.author.is_none() && self.domain.is_none()
    }

    pub(super) fn request(&self) -> TextRequest {
        TextRequest {
            q: self.q.clone(),
            dataset: self.dataset.clone(),
            domain: self.domain.clone(),
            author: self.author.clone(),
            lang: self.lang.clone(),
            after: self.after.clone(),
            before: self.before.clone(),
            as_words: self.as_words,
            any_word: self.any_word,
            limit: self.limit,
            cursor: self.cursor.clone(),
        }
    }

    /// The address of this search's page.
    pub(super) fn href(&self) -> String {
        format!("/search?{}", self.query_string())
    }

    /// The address of its evidence.
    pub(super) fn evidence_href(&self) -> String {
        format!("/search/evidence?{}", self.query_string())
    }

    /// The part of those addresses after `?`.
    pub(super) fn query_string(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.q.is_empty() {
            query.append_pair("q", &self.q);
        }
        for slug in &self.dataset {
            query.append_pair("dataset", slug);
        }
        let filters = [
            ("domain", &self.domain),
            ("author", &self.author),
            ("lang", &self.lang),
            ("after", &self.after),
            ("before", &self.before),
        ];
        for (name, value) in filters {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        if self.as_words {
            query.append_pair("as", "words");
        }
        if self.any_word {
            query.append_pair("match", "any");
        }
        if self.limit > 0 {
            query.append_pair("limit", &self.limit.to_string());
        }
        if let Some(cursor) = &self.cursor {
            query.append_pair("cursor", cursor);
        }
        query.finish()
    }

    /// The same search changed by `change`, from its first page.
    pub(super) fn href_with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut changed = self.clone();
        changed.cursor = None;
        change(&mut changed);
        changed.href()
    }
}

/// Reads `limit`: a number from 1 to `limit_max`.
pub(super) fn parse_limit(value: &str, limit_max: usize) -> Result<usize, AppError> {
    match value.parse() {
        Ok(limit) if (1..=limit_max).contains(&limit) => Ok(limit),
        _ => Err(AppError::bad("limit", format!("“limit” must be a number from 1 to {limit_max}."))),
    }
}

fn within(field: &'static str, value: &str, chars_max: usize) -> Result<String, AppError> {
    if value.chars().count() > chars_max {
        let sentence = format!("“{field}” may have at most {chars_max} characters. Try a part of the text.");
        return Err(AppError::bad(field, sentence));
    }
    Ok(value.to_owned())
}

fn one_of(field: &'static str, value: &str, known: &str) -> Result<bool, AppError> {
    if value == known {
        return Ok(true);
    }
    Err(AppError::bad(field, format!("“{field}” can only be “{known}”, or be left out.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query_string: &str) -> Result<SearchParams, AppError> {
        SearchParams::parse(query_string, &WebLimits::for_testing())
    }

    #[test]
    fn an_address_is_read_and_written_back_the_same() {
        let address = "q=red+bicycle&dataset=a&dataset=b&domain=example.org&after=2024&match=any&limit=5";
        let params = parse(address).unwrap();
        assert_eq!(params.dataset, ["a", "b"]);
        assert_eq!(params.href(), format!("/search?{address}"));
    }

    #[test]
    fn blank_parameters_are_absent_and_strange_bytes_do_no_harm() {
        let params = parse("q=++&dataset=&domain=+&x=y&author=%FF%00&&=&q=%C3%A9").unwrap();
        assert_eq!(params.q, "é");
        assert!(params.dataset.is_empty() && params.domain.is_none());
        assert!(params.author.is_some());
    }

    #[test]
    fn values_out_of_bounds_are_named() {
        for (query_string, field) in [
            ("limit=0", "limit"),
            ("limit=many", "limit"),
            ("limit=201", "limit"),
            ("as=x", "as"),
            ("match=all", "match"),
        ] {
            let error = parse(query_string).unwrap_err();
            assert!(matches!(error, AppError::BadRequest { field: named, .. } if named == field), "{query_string}");
        }
        assert!(parse(&format!("q={}", "x".repeat(401))).is_err());
    }

    #[test]
    fn a_changed_search_starts_at_its_first_page() {
        let params = parse("q=a&cursor=abc").unwrap();
        assert_eq!(params.href_with(|params| params.as_words = true), "/search?q=a&as=words");
    }
}
