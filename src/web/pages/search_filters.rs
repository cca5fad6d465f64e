//! The filters beside the hits: datasets and websites with their counts, each a link that adds or removes it.

use crate::search::results::{FacetCount, TextResults};
use crate::web::format;
use crate::web::search_params::SearchParams;

pub(super) struct Filters {
    pub(super) datasets: Vec<FilterLink>,
    pub(super) domains: Vec<FilterLink>,
    /// What is narrowed now, each with the link that undoes it.
    pub(super) active: Vec<FilterLink>,
    pub(super) clear_href: String,
}

pub(super) struct FilterLink {
    pub(super) words: String,
    /// Number of records, written out; empty for active filters.
    pub(super) count: String,
    pub(super) href: String,
    pub(super) is_on: bool,
}

/// Most websites listed: the first ones hold nearly all hits, more is not read.
const DOMAINS_SHOWN_MAX: usize = 12;

impl Filters {
    pub(super) fn new(params: &SearchParams, results: &TextResults) -> Self {
        let title_of = |slug: &str| {
            let known = results.coverage.iter().find(|dataset| dataset.dataset == slug);
            let title = known.map(|dataset| dataset.dataset_title.as_str()).filter(|title| !title.is_empty());
            title.unwrap_or(slug).to_owned()
        };
        let datasets = results.facets.dataset.iter().map(|facet| dataset_link(params, facet, title_of(&facet.value)));
        let domains = results.facets.domain.iter().take(DOMAINS_SHOWN_MAX).map(|facet| domain_link(params, facet));
        Self {
            datasets: datasets.collect(),
            domains: domains.collect(),
            active: active(params, title_of),
            clear_href: SearchParams { q: params.q.clone(), as_words: params.as_words, ..SearchParams::default() }
                .href(),
        }
    }
}

fn dataset_link(params: &SearchParams, facet: &FacetCount, words: String) -> FilterLink {
    let is_on = params.dataset.contains(&facet.value);
    let href = params.href_with(|changed| {
        if is_on {
            changed.dataset.retain(|slug| *slug != facet.value);
        } else {
            changed.dataset.push(facet.value.clone());
        }
    });
    FilterLink { words, count: format::count(facet.count), href, is_on }
}

fn domain_link(params: &SearchParams, facet: &FacetCount) -> FilterLink {
    let is_on = params.domain.as_deref() == Some(&facet.value);
    let href = params.href_with(|changed| changed.domain = (!is_on).then(|| facet.value.clone()));
    FilterLink { words: facet.value.clone(), count: format::count(facet.count), href, is_on }
}

fn active(params: &SearchParams, title_of: impl Fn(&str) -> String) -> Vec<FilterLink> {
    let on = |words: String, href: String| FilterLink { words, count: String::new(), href, is_on: true };
    let mut active = Vec::new();
    for slug in &params.dataset {
        let href = params.href_with(|changed| changed.dataset.retain(|other| other != slug));
        active.push(on(format!("in {}", title_of(slug)), href));
    }
    if let Some(domain) = &params.domain {
        active.push(on(format!("on {domain}"), params.href_with(|changed| changed.domain = None)));
    }
    if let Some(author) = &params.author {
        active.push(on(format!("by {author}"), params.href_with(|changed| changed.author = None)));
    }
    if let Some(lang) = &params.lang {
        active.push(on(format!("in the language “{lang}”"), params.href_with(|changed| changed.lang = None)));
    }
    if let Some(after) = &params.after {
        let words = format!("dated {} or later", format::date(after));
        active.push(on(words, params.href_with(|changed| changed.after = None)));
    }
    if let Some(before) = &params.before {
        let words = format!("dated before {}", format::date(before));
        active.push(on(words, params.href_with(|changed| changed.before = None)));
    }
    // A link that undoes the only thing asked would lead to an empty page.
    if params.q.is_empty() && active.len() == 1 {
        active.clear();
    }
    active
}
