//! What a person has taken for a request: single records, all of a search, all copies of a picture.
//!
//! Large selections travel as the question itself and are answered here again, so that five thousand rows are as short
//! as one. A take is written `r:ID`, `c:ID` (copies of that record's picture) or `s:QUERY-STRING`; several stand side by
//! side with a space between them. They travel in the bodies of forms and in one cookie, never in an address.

use std::collections::{BTreeMap, HashSet};

use url::form_urlencoded;

use super::records::CASE_RECORDS_MAX;
use super::search_params::SearchParams;
use crate::config::WebLimits;
use crate::search::engine::{
    Engine, GivenHash, PICTURE_LIMIT_MAX, PictureOptions, PictureQuery, SearchError, TEXT_LIMIT_MAX,
};
use crate::search::results::{RecordDetail, Verdict};
use crate::takedown::case::RecordRef;

/// Longest record id that is looked at, characters. Ours have 22.
const ID_CHARS_MAX: usize = 100;
/// Longest question, bytes: a box of 4,000 characters may be percent-encoded.
const QUERY_BYTES_MAX: usize = 16_000;
/// Searches and pictures in one request: each is answered again at every step.
const QUESTIONS_MAX: usize = 50;

/// One thing taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Take {
    Record(String),
    /// Every copy of the picture of this record.
    Copies(String),
    /// Every record that a search finds: the part of its address after `?`.
    Search(String),
}

/// Things taken, each once, in the order they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Takes(Vec<Take>);

/// The records behind a list of takes.
pub(super) struct Taken {
    pub(super) records: Vec<RecordRef>,
    /// There were more than a case may have.
    pub(super) is_cut: bool,
    /// Records that have gone since they were taken.
    pub(super) n_gone: usize,
}

impl Take {
    fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(':')?;
        let is_id = || {
            !rest.is_empty()
                && rest.len() <= ID_CHARS_MAX
                && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        match kind {
            "r" if is_id() => Some(Self::Record(rest.to_owned())),
            "c" if is_id() => Some(Self::Copies(rest.to_owned())),
            "s" if !rest.is_empty() && rest.len() <= QUERY_BYTES_MAX => Some(Self::Search(in_one_writing(rest))),
            _ => None,
        }
    }

    pub(super) fn format(&self) -> String {
        match self {
            Self::Record(id) => format!("r:{id}"),
            Self::Copies(id) => format!("c:{id}"),
            Self::Search(query) => format!("s:{query}"),
        }
    }
}

/// Percent-encoded as a form does it: letters, digits and `*-._+%&=` only, so that it fits a cookie.
fn in_one_writing(query: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form_urlencoded::parse(query.as_bytes())).finish()
}

impl Takes {
    /// Adds what a form's field holds. What is no take is left out: only a form that is not ours would send it.
    pub(super) fn add(&mut self, field: &str) {
        for take in field.split_ascii_whitespace().filter_map(Take::parse) {
            if !self.0.contains(&take) && self.has_room_for(&take) {
                self.0.push(take);
            }
        }
    }

    fn has_room_for(&self, take: &Take) -> bool {
        let is_question = |take: &Take| !matches!(take, Take::Record(_));
        if is_question(take) {
            self.0.iter().filter(|take| is_question(take)).count() < QUESTIONS_MAX
        } else {
            self.0.len() < CASE_RECORDS_MAX
        }
    }

    pub(super) fn remove(&mut self, field: &str) {
        if let Some(gone) = Take::parse(field) {
            self.0.retain(|take| *take != gone);
        }
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Take> {
        self.0.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As a form's field carries it.
    pub(super) fn field(&self) -> String {
        self.0.iter().map(Take::format).collect::<Vec<_>>().join(" ")
    }
}

impl FromIterator<Take> for Takes {
    fn from_iter<T: IntoIterator<Item = Take>>(takes: T) -> Self {
        Self(takes.into_iter().collect())
    }
}

/// Looks everything up. A record that is gone is counted, not an error: it may have been taken hours ago.
pub(super) fn resolve(engine: &Engine, takes: &Takes, limits: &WebLimits) -> Result<Taken, SearchError> {
    let mut gathered = Gathered::default();
    for take in takes.iter() {
        match take {
            Take::Record(id) => gathered.record(engine, id)?,
            Take::Copies(id) => gathered.copies(engine, id)?,
            Take::Search(query) => gathered.search(engine, query, limits)?,
        }
        if gathered.is_cut {
            break;
        }
    }
    Ok(Taken { records: gathered.records, is_cut: gathered.is_cut, n_gone: gathered.n_gone })
}

/// The ids of all copies of a record's picture, itself first: the same file, and what is almost surely the same picture.
pub(super) fn copies_of(engine: &Engine, record: &RecordDetail) -> Result<Vec<String>, SearchError> {
    let mut ids = vec![record.hit.id.clone()];
    let mut hashes: BTreeMap<String, Vec<GivenHash>> =
        record.hashes.iter().map(|(kind, hash)| (kind.clone(), vec![hash.clone().into()])).collect();
    for (kind, digest) in [("sha256", &record.sha256), ("md5", &record.md5)] {
        if let Some(digest) = digest {
            hashes.insert(kind.to_owned(), vec![digest.clone().into()]);
        }
    }
    if hashes.is_empty() {
        return Ok(ids);
    }
    let query = PictureQuery::Hashes { name: String::new(), hashes };
    let options = PictureOptions { limit: PICTURE_LIMIT_MAX, every_copy: true, ..PictureOptions::default() };
    let found = engine.pictures(vec![query], &options)?;
    let sure = found.queries.iter().flat_map(|answer| &answer.hits).filter(|hit| hit.verdict <= Verdict::AlmostSurely);
    ids.extend(sure.map(|hit| hit.hit.id.clone()).filter(|id| *id != record.hit.id));
    Ok(ids)
}

#[derive(Default)]
struct Gathered {
    records: Vec<RecordRef>,
    ids: HashSet<String>,
    is_cut: bool,
    n_gone: usize,
}

impl Gathered {
    fn record(&mut self, engine: &Engine, id: &str) -> Result<(), SearchError> {
        if self.ids.contains(id) {
            return Ok(());
        }
        if self.records.len() == CASE_RECORDS_MAX {
            self.is_cut = true;
            return Ok(());
        }
        match engine.record(id) {
            Ok(detail) => {
                self.ids.insert(id.to_owned());
                self.records.push(detail.reference());
            }
            Err(SearchError::NoSuchRecord(_)) => self.n_gone += 1,
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn copies(&mut self, engine: &Engine, id: &str) -> Result<(), SearchError> {
        match engine.record(id) {
            Ok(detail) => {
                for id in copies_of(engine, &detail)? {
                    self.record(engine, &id)?;
                }
            }
            Err(SearchError::NoSuchRecord(_)) => self.n_gone += 1,
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn search(&mut self, engine: &Engine, query: &str, limits: &WebLimits) -> Result<(), SearchError> {
        let Some(mut request) = search_request(query, limits) else { return Ok(()) };
        while !self.is_cut {
            let page = engine.text(&request)?;
            for hit in &page.hits {
                self.record(engine, &hit.id)?;
            }
            let Some(next) = page.next else { break };
            request.cursor = Some(next);
        }
        Ok(())
    }
}

/// The search behind a take, from its first record; `None` for what asks nothing.
pub(super) fn search_request(query: &str, limits: &WebLimits) -> Option<crate::search::engine::TextRequest> {
    let params = SearchParams::parse(query, limits).ok()?;
    if params.asks_nothing() {
        return None;
    }
    let mut request = params.request();
    request.cursor = None;
    request.limit = TEXT_LIMIT_MAX;
    Some(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(field: &str) -> Takes {
        let mut takes = Takes::default();
        takes.add(field);
        takes
    }

    #[test]
    fn takes_are_written_and_read_back_each_once() {
        let field = "r:0a1b r:0a1c s:q=red+bicycle&dataset=a c:0a1b";
        assert_eq!(takes(&format!("{field} r:0a1b  ")).field(), field);
    }

    #[test]
    fn what_is_no_take_is_left_out() {
        assert!(takes("r: x:1 r:../../etc s: nothing r:<b>").is_empty());
        assert!(takes(&format!("r:{}", "a".repeat(101))).is_empty());
    }

    #[test]
    fn a_take_is_given_back() {
        let mut all = takes("r:0a r:0b");
        all.remove("r:0a");
        all.remove("r:0c");
        assert_eq!(all.field(), "r:0b");
    }

    #[test]
    fn questions_have_a_bound_of_their_own() {
        let many = (0..60).map(|n| format!("s:q={n}")).collect::<Vec<_>>().join(" ");
        assert_eq!(takes(&many).iter().count(), QUESTIONS_MAX);
    }
}
