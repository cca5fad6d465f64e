//! A dataset as its own page tells it.

use super::coverage;
use super::engine::SearchError;
use super::lineage;
use super::results::{DatasetDetail, DatasetSummary, FacetCount, RevisionInfo, SourceFileInfo};
use super::snapshot::{OpenDataset, Snapshot};
use crate::index::layout::Layout;
use crate::index::revision::Revision;
use crate::index::text::{After, Clause, TextQuery};
use crate::timestamp::Timestamp;

/// Most common domains told.
const DOMAINS: usize = 20;

pub(super) fn summary(dataset: &OpenDataset) -> DatasetSummary {
    let revision = &dataset.generation.revision;
    DatasetSummary {
        slug: dataset.slug.clone(),
        title: revision.title.clone(),
        revision: revision.revision.clone(),
        records: dataset.records().to_string(),
        licence: revision.card.licence.clone(),
        publisher: revision.card.publisher.clone(),
        ingested_at: Timestamp::from_millis(revision.published_at_ms).to_string(),
        coverage: coverage::of(dataset, &[]),
    }
}

/// Counts domains over all records: about 10 ms for a million.
pub(super) fn detail(
    dataset: &OpenDataset,
    snapshot: &Snapshot,
    layout: &Layout,
) -> Result<DatasetDetail, SearchError> {
    let revision = &dataset.generation.revision;
    let counts = |map: &std::collections::BTreeMap<String, u64>| {
        map.iter().map(|(name, n)| (name.clone(), n.to_string())).collect()
    };
    let everything = TextQuery { clause: Clause::Flat(Box::new(Clause::Everything), 1.0) };
    let text = &dataset.generation.text;
    let domains = match dataset.withdrawn {
        Some(_) => Vec::new(),
        None => dataset.page(&everything, &[text], 1, After::Start).map_err(anyhow::Error::from)?.domains,
    };
    let roles = revision.mappings.iter().flat_map(|used| &used.mapping.bindings);
    let mut decided_by: Vec<&str> = revision.mappings.iter().map(|used| used.decided_by.as_str()).collect();
    decided_by.dedup();
    Ok(DatasetDetail {
        summary: summary(dataset),
        description: revision.card.description.clone(),
        homepage: revision.card.homepage.clone(),
        sources: revision.card.sources.clone(),
        made_from: lineage::sources(snapshot, layout, dataset)?,
        used_for: lineage::used_for(snapshot, layout, &dataset.slug)?,
        languages: revision.card.languages.clone(),
        contact: revision.card.contact.clone(),
        revisions: revisions(dataset, layout)?,
        files: revision.files.iter().map(file).collect(),
        rejected: counts(&revision.rejected),
        mapping: roles.map(|binding| (binding.role.name().to_owned(), binding.column.clone())).collect(),
        mapping_decided_by: decided_by.join(", "),
        top_domains: domains.into_iter().take(DOMAINS).map(|(value, count)| FacetCount { value, count }).collect(),
        withdrawn: dataset.withdrawn.clone(),
    })
}

fn file(file: &crate::index::revision::SourceFile) -> SourceFileInfo {
    SourceFileInfo {
        path: file.name.clone(),
        sha256: file.sha256.clone(),
        bytes: file.bytes.to_string(),
        rows_read: file.rows_read.to_string(),
        rows_indexed: file.rows_indexed.to_string(),
    }
}

fn revisions(dataset: &OpenDataset, layout: &Layout) -> Result<Vec<RevisionInfo>, SearchError> {
    let current = &dataset.generation.revision;
    let mut all = vec![RevisionInfo { records: dataset.records().to_string(), ..revision_info(current, true) }];
    for name in layout.revisions(&dataset.slug).map_err(anyhow::Error::from)? {
        if name != current.revision {
            // One that cannot be read is not worth the page: it is not searched.
            if let Ok(revision) = Revision::load(&layout.revision(&dataset.slug, &name)) {
                all.push(revision_info(&revision, false));
            }
        }
    }
    Ok(all)
}

fn revision_info(revision: &Revision, is_current: bool) -> RevisionInfo {
    RevisionInfo {
        revision: revision.revision.clone(),
        records: revision.rows_indexed.to_string(),
        ingested_at: Timestamp::from_millis(revision.published_at_ms).to_string(),
        is_current,
    }
}
