//! Datasets made from datasets: who was made from whom, and which rows of one stand in the other too.
//!
//! A source is named by a card (`source_datasets`, `prov:wasDerivedFrom`) or by the operator, as a text; here it becomes
//! a dataset of this portal where one answers to that name. Rows are found again as removals find them
//! ([`super::suppression`]), but nothing is hidden by it: what comes out is a proposal for somebody to look at.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::engine::SearchError;
use super::results::{DerivedInfo, SourceInfo};
use super::snapshot::{OpenDataset, Snapshot};
use super::suppression::{identities, near_pictures};
use crate::index::layout::Layout;
use crate::index::text::{Clause, KeyKind, TextQuery, key};
use crate::takedown::case::RecordRef;
use crate::takedown::proposal::{ProposedRow, SameBy};
use crate::takedown::tombstone::Scope;
use crate::web_address::NormalizedUrl;

/// Who says that a dataset was made from another.
const BY_CARD: &str = "card";
const BY_OPERATOR: &str = "operator";

/// One dataset that was made from another, over any number of steps. Both can be searched now.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Descent {
    pub source: String,
    pub derived: String,
    /// The derived dataset's current revision.
    pub revision: String,
}

/// What a dataset was made from, as its card and the operator say.
pub(super) fn sources(
    snapshot: &Snapshot,
    layout: &Layout,
    dataset: &OpenDataset,
) -> Result<Vec<SourceInfo>, SearchError> {
    let card = dataset.generation.revision.card.sources.iter().map(|name| (name.clone(), BY_CARD));
    let named = layout.named_sources(&dataset.slug).map_err(anyhow::Error::from)?;
    let mut all: Vec<SourceInfo> = Vec::new();
    for (name, said_by) in card.chain(named.into_iter().map(|name| (name, BY_OPERATOR))) {
        let found = snapshot.searchable().find(|other| other.slug != dataset.slug && answers_to(other, &name));
        let known = found.map(|other| other.slug.clone());
        let twice = all.iter().any(|other| other.name == name || (known.is_some() && other.dataset == known));
        if !twice {
            let title = found.map(|other| other.generation.revision.title.clone());
            all.push(SourceInfo { name, dataset: known, title, said_by: said_by.to_owned() });
        }
    }
    Ok(all)
}

/// Datasets that were made from this one directly.
pub(super) fn used_for(snapshot: &Snapshot, layout: &Layout, slug: &str) -> Result<Vec<DerivedInfo>, SearchError> {
    let mut all = Vec::new();
    for other in snapshot.searchable().filter(|other| other.slug != slug) {
        if sources(snapshot, layout, other)?.iter().any(|source| source.dataset.as_deref() == Some(slug)) {
            all.push(DerivedInfo { dataset: other.slug.clone(), title: other.generation.revision.title.clone() });
        }
    }
    Ok(all)
}

/// Every pair of datasets of which one was made from the other, directly or over others between.
pub(super) fn descents(snapshot: &Snapshot, layout: &Layout) -> Result<Vec<Descent>, SearchError> {
    let mut made_from: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for dataset in snapshot.searchable() {
        let direct = sources(snapshot, layout, dataset)?.into_iter().filter_map(|source| source.dataset);
        made_from.insert(&dataset.slug, direct.collect());
    }
    let mut all = Vec::new();
    for dataset in snapshot.searchable() {
        // Cards may name each other: whoever was seen is not gone through again.
        let mut seen: BTreeSet<&str> = BTreeSet::from([dataset.slug.as_str()]);
        let mut left = vec![dataset.slug.as_str()];
        while let Some(slug) = left.pop() {
            for source in made_from.get(slug).into_iter().flatten() {
                if seen.insert(source) {
                    left.push(source);
                    all.push(Descent {
                        source: source.clone(),
                        derived: dataset.slug.clone(),
                        revision: dataset.generation.revision.revision.clone(),
                    });
                }
            }
        }
    }
    all.sort();
    Ok(all)
}

/// Rows of `dataset` that are the same as any of `records`, which are of a dataset it was made from. What is hidden
/// already is left out.
pub(super) fn same_rows(
    dataset: &Arc<OpenDataset>,
    records: &[RecordRef],
    limit: usize,
) -> Result<Vec<ProposedRow>, SearchError> {
    // The surest reason of each row counts.
    let mut found: BTreeMap<u64, (SameBy, &RecordRef)> = BTreeMap::new();
    for record in records {
        let mut add = |ordinals: Vec<u64>, by: SameBy| {
            for ordinal in ordinals {
                let best = found.entry(ordinal).or_insert((by, record));
                if by < best.0 {
                    *best = (by, record);
                }
            }
        };
        for (kind, value) in identities(record, Scope::Copies, true) {
            let query = TextQuery { clause: Clause::Any(vec![Clause::Key(key(kind, value))]) };
            add(dataset.generation.text.ordinals(&query).map_err(anyhow::Error::from)?, by_key(kind));
        }
        add(near_pictures(dataset, record).into_iter().collect(), SameBy::Picture);
        if found.len() > limit.saturating_mul(2) {
            break;
        }
    }
    let mut rows = Vec::new();
    for (ordinal, (by, of)) in found {
        let Some(detail) = dataset.record(ordinal)? else { continue };
        let record = detail.reference();
        if by == SameBy::Id && is_another(of, &record) {
            continue;
        }
        rows.push(ProposedRow { record, by });
        if rows.len() == limit {
            break;
        }
    }
    Ok(rows)
}

fn by_key(kind: KeyKind) -> SameBy {
    match kind {
        KeyKind::Sha256 | KeyKind::Md5 => SameBy::File,
        KeyKind::SourceId => SameBy::Id,
        _ => SameBy::Address,
    }
}

/// Numbers may be given out anew by a derived dataset: the same one on another address or file is another row.
fn is_another(one: &RecordRef, other: &RecordRef) -> bool {
    let differ = |one: &Option<String>, other: &Option<String>| one.is_some() && other.is_some() && one != other;
    differ(&one.url, &other.url) || differ(&one.sha256, &other.sha256)
}

/// Whether a dataset is the one that a card means by `name`: its short name, its title or its own page, as it stands or
/// as the last part of `owner/name` or an address; `extended|name` as older cards have it.
fn answers_to(dataset: &OpenDataset, name: &str) -> bool {
    let revision = &dataset.generation.revision;
    let name = name.trim();
    let name = name.strip_prefix("extended|").unwrap_or(name).trim_end_matches('/');
    let home = revision.card.homepage.as_deref();
    if let (Some(named), Some(home)) = (NormalizedUrl::parse(name), home.and_then(NormalizedUrl::parse))
        && named.as_str().trim_end_matches('/') == home.as_str().trim_end_matches('/')
    {
        return true;
    }
    let whole = plain(name);
    let last = plain(name.rsplit('/').next().unwrap_or(name));
    let own = [plain(&dataset.slug), plain(&revision.title)];
    own.iter().any(|own| !own.is_empty() && (*own == whole || *own == last))
}

/// Letters and digits with single hyphens between: `LAION 400M` and `laion-400m` are one name.
fn plain(name: &str) -> String {
    let parts = name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_in_every_writing_that_cards_use() {
        for name in ["LAION 400M", "laion_400m", "laion-400m", " Laion--400M"] {
            assert_eq!(plain(name), "laion-400m", "{name}");
        }
    }

    #[test]
    fn a_number_on_another_address_is_another_row() {
        let record = |url: &str| RecordRef {
            id: "x".into(),
            dataset: "d".into(),
            revision: "1".into(),
            file: "f".into(),
            file_sha256: String::new(),
            row: 0,
            url: (!url.is_empty()).then(|| url.to_owned()),
            source_id: Some("7".into()),
            sha256: None,
            md5: None,
            hashes: BTreeMap::new(),
        };
        assert!(is_another(&record("a.example/1"), &record("a.example/2")));
        assert!(!is_another(&record("a.example/1"), &record("a.example/1")));
        assert!(!is_another(&record("a.example/1"), &record("")));
    }
}
