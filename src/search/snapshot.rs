//! What is open at one moment: the current revision of every dataset that is not withdrawn, less what is hidden in it.

use std::ops::Deref;
use std::sync::Arc;

use super::engine::SearchError;
use super::hits;
use super::record_id::{self, Tag};
use super::results::RecordDetail;
use super::suppression::Hidden;
use crate::hash_code::{HashCode, HashKind};
use crate::index::IndexError;
use crate::index::generation::Generation;
use crate::index::hashes::Near;
use crate::index::layout::Layout;
use crate::index::text::{After, Page, TextIndex, TextQuery};
use crate::takedown::tombstone::Tombstone;

/// A revision, opened.
pub(super) struct Opened {
    pub slug: String,
    pub tag: Tag,
    pub generation: Generation,
    /// Of the directory it was opened from.
    identity: (u64, i64),
}

/// A dataset as it was when the snapshot was taken. What is found in it is asked here, where the hidden is left out.
pub(super) struct OpenDataset {
    opened: Arc<Opened>,
    pub hidden: Hidden,
    /// The operator's reason, where it was taken out of search.
    pub withdrawn: Option<String>,
}

impl Deref for OpenDataset {
    type Target = Opened;

    fn deref(&self) -> &Opened {
        &self.opened
    }
}

impl OpenDataset {
    /// Opens a revision, less what the feed hides in it.
    pub(super) fn open(layout: &Layout, slug: &str, revision: &str, feed: &[Tombstone]) -> Result<Self, SearchError> {
        let generation = Generation::open(&layout.revision(slug, revision)).map_err(anyhow::Error::from)?;
        let identity = layout.identity(slug, revision).map_err(anyhow::Error::from)?;
        let opened = Opened { slug: slug.to_owned(), tag: record_id::tag(slug, revision), generation, identity };
        let hidden = Hidden::of(&opened, feed)?;
        Ok(Self { opened: Arc::new(opened), hidden, withdrawn: None })
    }

    /// The same after what the feed brought since.
    pub(super) fn following(self: Arc<Self>, feed: &[Tombstone]) -> Result<Arc<Self>, SearchError> {
        let known = feed.partition_point(|entry| entry.seq <= self.hidden.through());
        if known == feed.len() {
            return Ok(self);
        }
        let hidden = self.hidden.with(&self.opened, &feed[known..])?;
        Ok(Arc::new(Self { opened: self.opened.clone(), hidden, withdrawn: None }))
    }

    /// Of the directory it was opened from.
    pub(super) fn identity(&self) -> (u64, i64) {
        self.opened.identity
    }

    /// Everything known of a record, where it is one and may be shown.
    pub(super) fn record(&self, ordinal: u64) -> Result<Option<RecordDetail>, SearchError> {
        if self.hidden.has(ordinal) { Ok(None) } else { self.record_though_hidden(ordinal) }
    }

    /// The same, shown or not.
    pub(super) fn record_though_hidden(&self, ordinal: u64) -> Result<Option<RecordDetail>, SearchError> {
        let is_there = ordinal < self.generation.rows.rows();
        if is_there { hits::detail(self, &self.hidden, ordinal).map(Some) } else { Ok(None) }
    }

    /// The best records of this dataset; see [`TextIndex::page`].
    pub(super) fn page(
        &self,
        query: &TextQuery,
        all: &[&TextIndex],
        limit: usize,
        after: After,
    ) -> Result<Page, IndexError> {
        self.generation.text.page(query, all, limit, after, self.hidden.docs())
    }

    pub(super) fn count(&self, query: &TextQuery) -> Result<u64, IndexError> {
        self.generation.text.count(query, self.hidden.docs())
    }

    /// Records with a hash of this kind near each of the codes; see `HashFile::within_many`.
    pub(super) fn near(&self, kind: HashKind, codes: &[HashCode], radius: u32) -> Vec<Vec<Near>> {
        let Some(file) = self.generation.hashes.get(&kind) else { return vec![Vec::new(); codes.len()] };
        let mut found = file.within_many(codes, radius);
        if self.hidden.len() > 0 {
            for near in &mut found {
                near.retain(|near| !self.hidden.has(u64::from(near.ordinal)));
            }
        }
        found
    }

    /// Records that may be shown.
    pub(super) fn records(&self) -> u64 {
        self.generation.revision.rows_indexed.saturating_sub(self.hidden.len())
    }
}

/// Datasets by slug. Requests keep the snapshot they began with.
#[derive(Default)]
pub(super) struct Snapshot {
    /// All datasets, the withdrawn ones too: only [`Snapshot::searchable`] may be searched.
    all: Vec<Arc<OpenDataset>>,
}

impl Snapshot {
    /// Opens what is published now, reusing what has not changed since `before`; `None` where nothing has.
    pub(super) fn next(layout: &Layout, before: &Self, feed: &[Tombstone]) -> Result<Option<Self>, SearchError> {
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
                    let opened = OpenDataset::open(layout, &slug, &revision, feed)?;
                    all.push(Arc::new(OpenDataset { withdrawn, ..opened }));
                    changed = true;
                }
            }
        }
        changed |= all.len() != before.all.len();
        Ok(changed.then_some(Self { all }))
    }

    /// The same datasets after further decisions.
    pub(super) fn suppressing(&self, entries: &[Tombstone]) -> Result<Self, SearchError> {
        let next = |dataset: &Arc<OpenDataset>| {
            Ok(Arc::new(OpenDataset {
                opened: dataset.opened.clone(),
                hidden: dataset.hidden.with(&dataset.opened, entries)?,
                withdrawn: dataset.withdrawn.clone(),
            }))
        };
        Ok(Self { all: self.all.iter().map(next).collect::<Result<_, SearchError>>()? })
    }

    /// What may be searched and shown.
    pub(super) fn searchable(&self) -> impl Iterator<Item = &Arc<OpenDataset>> {
        self.all.iter().filter(|dataset| dataset.withdrawn.is_none())
    }

    /// By slug, withdrawn or not: for the dataset's own page, which says so.
    pub(super) fn dataset(&self, slug: &str) -> Option<&Arc<OpenDataset>> {
        self.all.iter().find(|dataset| dataset.slug == slug)
    }

    /// The dataset and record an id points to, where that is in a current revision and may be shown.
    pub(super) fn current(&self, id: &str) -> Option<(&Arc<OpenDataset>, u64)> {
        let (tag, ordinal) = record_id::parse(id)?;
        let dataset = self.searchable().find(|dataset| dataset.tag == tag)?;
        let is_there = ordinal < dataset.generation.rows.rows() && !dataset.hidden.has(ordinal);
        is_there.then_some((dataset, ordinal))
    }
}
