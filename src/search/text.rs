//! Searching by words, names and addresses over all datasets as over one.

use std::collections::HashMap;
use std::sync::Arc;

use super::cursor::Cursor;
use super::engine::{SearchError, TEXT_LIMIT_MAX, TextRequest};
use super::highlight::Marker;
use super::query::{Query, Term};
use super::results::{FacetCount, Facets, QueryReading, TextResults};
use super::snapshot::{OpenDataset, Snapshot};
use super::{clauses, coverage, hits};
use crate::index::text::{After, Found, Page, TextIndex, TextQuery};

const LIMIT_DEFAULT: usize = 20;
/// Domains counted on a results page.
const DOMAINS: usize = 12;

pub(super) fn search(snapshot: &Snapshot, request: &TextRequest) -> Result<TextResults, SearchError> {
    let query = Query::read(request)?;
    let all: Vec<&Arc<OpenDataset>> = snapshot.searchable().collect();
    if let Some(unknown) = query.datasets.iter().find(|slug| !all.iter().any(|dataset| dataset.slug == **slug)) {
        return Err(SearchError::BadQuery {
            field: "dataset",
            detail: format!("There is no dataset called “{unknown}” here."),
        });
    }
    let chosen: Vec<&Arc<OpenDataset>> = all
        .iter()
        .filter(|dataset| query.datasets.is_empty() || query.datasets.contains(&dataset.slug))
        .copied()
        .collect();
    let needs = coverage::needs(&query);
    let mut results = TextResults {
        query: QueryReading { read_as: query.read_as.clone(), can_be_plain_words: query.can_be_plain_words },
        total: 0,
        total_is_exact: true,
        hits: Vec::new(),
        facets: Facets::default(),
        coverage: chosen.iter().map(|dataset| coverage::of(dataset, &needs)).collect(),
        next: None,
        any_word_total: None,
    };
    if query.is_empty() && query.datasets.is_empty() {
        return Ok(results);
    }
    let asked = TextQuery { clause: clauses::of_query(&query, request.any_word) };
    let limit = if request.limit == 0 { LIMIT_DEFAULT } else { request.limit.min(TEXT_LIMIT_MAX) };
    let cursor = request.cursor.as_deref().map(|text| cursor(text, &chosen)).transpose()?;
    let pages = pages(&chosen, &asked, limit + 1, cursor)?;
    results.total = pages.iter().map(|page| page.total).sum();
    results.facets = facets(&all, &chosen, &pages, &asked)?;
    let (found, more) = merge(&pages, limit);
    let marker = Marker::new(&query);
    for (dataset, found) in &found {
        results.hits.push(hits::hit(chosen[*dataset], found.ordinal, found.score, Some(&marker))?);
    }
    if let (true, Some((dataset, last))) = (more, found.last()) {
        results.next = Some(Cursor { score: last.score, tag: chosen[*dataset].tag, ordinal: last.ordinal }.format());
    }
    let words = query.terms.iter().filter(|term| matches!(term, Term::Word(_))).count();
    if results.total == 0 && words > 1 && !request.any_word {
        let any = TextQuery { clause: clauses::of_query(&query, true) };
        let total = chosen.iter().map(|dataset| dataset.count(&any)).sum::<Result<u64, _>>();
        results.any_word_total = Some(total.map_err(anyhow::Error::from)?).filter(|total| *total > 0);
    }
    Ok(results)
}

fn cursor(text: &str, chosen: &[&Arc<OpenDataset>]) -> Result<(usize, Cursor), SearchError> {
    let bad = || SearchError::BadQuery {
        field: "cursor",
        detail: "This page’s place is gone: a dataset has changed since. Start again from the first page.".to_owned(),
    };
    let cursor = Cursor::parse(text).ok_or_else(bad)?;
    let dataset = chosen.iter().position(|dataset| dataset.tag == cursor.tag).ok_or_else(bad)?;
    Ok((dataset, cursor))
}

/// Asks every dataset for its best. At equal score, datasets rank in the order of their names.
fn pages(
    chosen: &[&Arc<OpenDataset>],
    asked: &TextQuery,
    limit: usize,
    cursor: Option<(usize, Cursor)>,
) -> Result<Vec<Page>, SearchError> {
    let indexes: Vec<&TextIndex> = chosen.iter().map(|dataset| &dataset.generation.text).collect();
    let page = |(i, dataset): (usize, &&Arc<OpenDataset>)| {
        let after = match cursor {
            None => After::Start,
            Some((at, place)) if i == at => After::Hit(Found { score: place.score, ordinal: place.ordinal }),
            Some((at, place)) if i < at => After::Below(place.score),
            Some((_, place)) => After::AtOrBelow(place.score),
        };
        dataset.page(asked, &indexes, limit, after).map_err(|error| SearchError::Index(error.into()))
    };
    chosen.iter().enumerate().map(page).collect()
}

/// The best of all datasets, and whether there are more.
fn merge(pages: &[Page], limit: usize) -> (Vec<(usize, Found)>, bool) {
    let mut all: Vec<(usize, Found)> =
        pages.iter().enumerate().flat_map(|(i, page)| page.found.iter().map(move |found| (i, *found))).collect();
    all.sort_by(|(i, a), (j, b)| b.score.total_cmp(&a.score).then(i.cmp(j)).then(a.ordinal.cmp(&b.ordinal)));
    let more = all.len() > limit;
    all.truncate(limit);
    (all, more)
}

/// Counts by dataset (of all datasets, chosen or not, so that another can be chosen) and by domain (of the chosen).
fn facets(
    all: &[&Arc<OpenDataset>],
    chosen: &[&Arc<OpenDataset>],
    pages: &[Page],
    asked: &TextQuery,
) -> Result<Facets, SearchError> {
    let mut facets = Facets::default();
    for dataset in all {
        let count = match chosen.iter().position(|chosen| chosen.slug == dataset.slug) {
            Some(at) => pages[at].total,
            None => dataset.count(asked).map_err(anyhow::Error::from)?,
        };
        if count > 0 {
            facets.dataset.push(FacetCount { value: dataset.slug.clone(), count });
        }
    }
    facets.dataset.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    let mut domains: HashMap<&str, u64> = HashMap::new();
    for (name, count) in pages.iter().flat_map(|page| &page.domains) {
        *domains.entry(name).or_insert(0) += count;
    }
    facets.domain = domains.into_iter().map(|(value, count)| FacetCount { value: value.to_owned(), count }).collect();
    facets.domain.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    facets.domain.truncate(DOMAINS);
    Ok(facets)
}
