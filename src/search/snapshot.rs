//! What is open at one moment: the current revision of every dataset that is not withdrawn.

use std::sync::Arc;

use super::engine::SearchError;
use super::record_id::{self, Tag};
use crate::index::generation::Generation;
use crate::index::layout::Layout;

/// A dataset as it was when the snapshot was taken.
pub(super) struct OpenDataset {
    pub slug: String,
    pub tag: Tag,
    pub generation: Generation,
    /// Of the directory it was opened from.
    identity: (u64, i64),
    /// The operator's reason, where it was taken out of search.
    pub withdrawn: Option<String>,
}

/// Datasets by slug. Requests keep the snapshot they began with.
#[derive(Default)]
pub(super) struct Snapshot {
    /// All datasets, the withdrawn ones too: only [`Snapshot::searchable`] may be searched.
    all: Vec<Arc<OpenDataset>>,
}

impl Snapshot {
    /// Opens what is published now, reusing what has not changed since `before`; `None` where nothing has.
    pub(super) fn next(layout: &Layout, before: &Self) -> Result<Option<Self>, SearchError> {
        let mut all = Vec::new();
        let mut changed = false;
        for slug in layout.slugs().map_err(anyhow::Error::from)? {
            let Some(revision) = layout.current(&slug).map_err(anyhow::Error::from)? else { continue };
            let withdrawn = layout.withdrawn(&slug).map_err(anyhow::Error::from)?;
            let tag = record_id::tag(&slug, &revision);
            let identity = layout.identity(&slug, &revision).map_err(anyhow::Error::from)?;
            match before.all.iter().find(|open| open.slug == slug) {
                Some(open) if open.tag == tag && open.identity == identity && open.withdrawn == withdrawn => {
                    all.push(open.clone());
                }
                _ => {
                    let generation =
                        Generation::open(&layout.revision(&slug, &revision)).map_err(anyhow::Error::from)?;
                    all.push(Arc::new(OpenDataset { slug, tag, generation, identity, withdrawn }));
                    changed = true;
                }
            }
        }
        changed |= all.len() != before.all.len();
        Ok(changed.then_some(Self { all }))
    }

    /// What may be searched and shown.
    pub(super) fn searchable(&self) -> impl Iterator<Item = &Arc<OpenDataset>> {
        self.all.iter().filter(|dataset| dataset.withdrawn.is_none())
    }

    /// By slug, withdrawn or not: for the dataset's own page, which says so.
    pub(super) fn dataset(&self, slug: &str) -> Option<&Arc<OpenDataset>> {
        self.all.iter().find(|dataset| dataset.slug == slug)
    }

    /// The dataset a record id points into: its current revision, or an older one that is still kept, opened for this
    /// one question.
    pub(super) fn by_tag(&self, layout: &Layout, tag: Tag) -> Result<Option<Arc<OpenDataset>>, SearchError> {
        if let Some(open) = self.searchable().find(|dataset| dataset.tag == tag) {
            return Ok(Some(open.clone()));
        }
        for dataset in self.searchable() {
            for revision in layout.revisions(&dataset.slug).map_err(anyhow::Error::from)? {
                if record_id::tag(&dataset.slug, &revision) == tag {
                    let generation =
                        Generation::open(&layout.revision(&dataset.slug, &revision)).map_err(anyhow::Error::from)?;
                    return Ok(Some(Arc::new(OpenDataset {
                        slug: dataset.slug.clone(),
                        tag,
                        generation,
                        identity: (0, 0),
                        withdrawn: None,
                    })));
                }
            }
        }
        Ok(None)
    }
}
