//! Older revisions that are still kept: opened when an id of theirs is asked for, and held for the next question.

use std::sync::{Arc, Mutex, PoisonError};

use super::engine::SearchError;
use super::record_id::{self, Tag};
use super::snapshot::{OpenDataset, Snapshot};
use crate::index::layout::Layout;
use crate::takedown::tombstone::Tombstone;

/// Revisions held open. Links into old revisions are rare; a case over one asks for many of its records at once.
const KEPT_MAX: usize = 4;

/// The last few that were asked for, the newest question last.
#[derive(Default)]
pub(super) struct Older {
    kept: Mutex<Vec<Arc<OpenDataset>>>,
}

impl Older {
    /// The older revision with this tag, less what the feed hides in it; `None` where no dataset that may be searched has
    /// one.
    pub(super) fn revision(
        &self,
        layout: &Layout,
        snapshot: &Snapshot,
        feed: &[Tombstone],
        tag: Tag,
    ) -> Result<Option<Arc<OpenDataset>>, SearchError> {
        for dataset in snapshot.searchable() {
            for revision in layout.revisions(&dataset.slug).map_err(anyhow::Error::from)? {
                if record_id::tag(&dataset.slug, &revision) == tag {
                    let identity = layout.identity(&dataset.slug, &revision).map_err(anyhow::Error::from)?;
                    let opened = match self.taken_out(tag).filter(|kept| kept.identity() == identity) {
                        Some(kept) => kept.following(feed)?,
                        None => Arc::new(OpenDataset::open(layout, &dataset.slug, &revision, feed)?),
                    };
                    self.put_back(opened.clone());
                    return Ok(Some(opened));
                }
            }
        }
        Ok(None)
    }

    fn taken_out(&self, tag: Tag) -> Option<Arc<OpenDataset>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|kept| kept.tag == tag)?;
        Some(kept.remove(at))
    }

    fn put_back(&self, opened: Arc<OpenDataset>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|other| other.tag != opened.tag);
        if kept.len() == KEPT_MAX {
            kept.remove(0);
        }
        kept.push(opened);
    }
}
