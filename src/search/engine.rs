//! The engine: opened datasets, and the calls that every page, API answer and command goes through.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use arc_swap::ArcSwap;

use super::lineage::{self, Descent};
use super::older::Older;
use super::opt_outs::OptOuts;
use super::results::{
    CopiesPage, DatasetDetail, DatasetSummary, PictureResults, RangeResults, RecordDetail, TextResults,
};
use super::snapshot::{OpenDataset, Snapshot};
use super::{biography, copies, pictures, range, record_id, text};
use crate::image_hash::{DecodeLimits, Effort};
use crate::index::layout::Layout;
use crate::takedown::case::RecordRef;
use crate::takedown::proposal::ProposedRow;
use crate::takedown::tombstone::Tombstone;

/// Most hits one text page may ask for.
pub const TEXT_LIMIT_MAX: usize = 200;
/// Most hits one picture may ask for.
pub const PICTURE_LIMIT_MAX: usize = 500;
/// Largest radius anybody may ask for, bits: beyond, unrelated pictures begin to meet.
pub const PICTURE_RADIUS_MAX: u32 = 63;

/// A text question as a visitor asks it: the box and the filters beside it, all unparsed.
#[derive(Debug, Clone, Default)]
pub struct TextRequest {
    pub q: String,
    /// Dataset slugs; empty asks all.
    pub dataset: Vec<String>,
    pub domain: Option<String>,
    pub author: Option<String>,
    pub lang: Option<String>,
    /// A date or moment: `2024`, `2024-11`, `2024-11-26`, or ISO 8601. `after` is inclusive.
    pub after: Option<String>,
    /// Exclusive.
    pub before: Option<String>,
    /// Read the box as plain words, whatever it looks like.
    pub as_words: bool,
    /// Any of the words is enough.
    pub any_word: bool,
    /// 0 stands for the default of 20.
    pub limit: usize,
    pub cursor: Option<String>,
}

/// One picture asked about.
#[derive(Debug, Clone)]
pub enum PictureQuery {
    /// The file itself. Decoded and hashed in memory, then forgotten.
    Picture { name: String, bytes: Vec<u8> },
    /// Hashes only, by kind name: `{"pdqa": ["..."], "sha256": ["..."]}`.
    Hashes { name: String, hashes: BTreeMap<String, Vec<GivenHash>> },
}

/// A hash as a caller gives it, unparsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenHash {
    /// Hexadecimal digits.
    pub code: String,
    /// What was done to the picture before: `mirrored`, `centre square`; `None` where it is of the whole picture as it lies.
    pub variant: Option<String>,
}

impl From<String> for GivenHash {
    fn from(code: String) -> Self {
        Self { code, variant: None }
    }
}

/// How pictures are to be compared.
#[derive(Debug, Clone, Default)]
pub struct PictureOptions {
    /// Most differing bits; `None` takes what keeps chance matches rare.
    pub radius: Option<u32>,
    /// Hits a picture; 0 stands for the default of 50.
    pub limit: usize,
    /// Try four times as many parts of each picture.
    pub harder: bool,
    /// Dataset slugs; empty asks all.
    pub dataset: Vec<String>,
    /// Every record on its own, however many hold one picture.
    pub every_copy: bool,
}

impl PictureOptions {
    pub(super) fn effort(&self) -> Effort {
        if self.harder { Effort::Harder } else { Effort::Ordinary }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("there is no dataset called {0}")]
    NoSuchDataset(String),
    #[error("there is no record with the id {0}")]
    NoSuchRecord(String),
    /// The visitor's words: `field` names the parameter, `detail` is a sentence for them.
    #[error("{field}: {detail}")]
    BadQuery { field: &'static str, detail: String },
    #[error(transparent)]
    Index(#[from] anyhow::Error),
}

/// The datasets of one data directory, open for searching. Shared by all threads; a request works on the snapshot it
/// began with, whatever is published meanwhile.
pub struct Engine {
    layout: Layout,
    snapshot: ArcSwap<Snapshot>,
    /// Every entry so far; held while the snapshot is replaced, so that no replacement undoes another.
    feed: Mutex<Arc<Vec<Tombstone>>>,
    opt_outs: RwLock<OptOuts>,
    older: Older,
    limits: DecodeLimits,
}

impl Engine {
    /// Opens every published dataset of a data directory. An empty or absent directory is an engine without datasets.
    /// `feed` is what has been decided so far: there is no engine without it, so none can show what it has not heard of.
    ///
    /// # Errors
    /// When a published dataset cannot be read: better no answer than one that silently left a dataset out.
    pub fn open(data: &Path, feed: Vec<Tombstone>) -> Result<Self, SearchError> {
        let layout = Layout::new(data);
        let snapshot = Snapshot::next(&layout, &Snapshot::default(), &feed)?.unwrap_or_default();
        let limits = DecodeLimits::default();
        let mut opt_outs = OptOuts::default();
        opt_outs.take_in(&feed);
        let snapshot = ArcSwap::from_pointee(snapshot);
        Ok(Self {
            layout,
            snapshot,
            feed: Mutex::new(Arc::new(feed)),
            opt_outs: RwLock::new(opt_outs),
            older: Older::default(),
            limits,
        })
    }

    /// Takes in further decisions. When it returns, no new answer shows what they hide. Entries known already (by their
    /// number) are passed over.
    pub fn suppress(&self, entries: Vec<Tombstone>) -> Result<(), SearchError> {
        let mut feed = self.feed();
        let known = feed.last().map_or(i64::MIN, |entry| entry.seq);
        let new: Vec<Tombstone> = entries.into_iter().filter(|entry| entry.seq > known).collect();
        if new.is_empty() {
            return Ok(());
        }
        let next = self.snapshot.load().suppressing(&new)?;
        self.snapshot.store(Arc::new(next));
        self.opt_outs.write().unwrap_or_else(PoisonError::into_inner).take_in(&new);
        Arc::make_mut(&mut feed).extend(new);
        Ok(())
    }

    /// The number of the last entry taken in.
    pub fn suppressed_through(&self) -> i64 {
        self.feed().last().map_or(0, |entry| entry.seq)
    }

    /// Whether an address in any writing, or a digest or picture hash in hexadecimal, is of a record that is removed or
    /// hidden in any dataset.
    pub fn is_opted_out(&self, asked: &str) -> bool {
        self.opt_outs.read().unwrap_or_else(PoisonError::into_inner).has(asked)
    }

    fn feed(&self) -> MutexGuard<'_, Arc<Vec<Tombstone>>> {
        // The list is only ever extended by whole entries: it is sound whoever held it last.
        self.feed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks for generations published, withdrawn or dropped since; swaps them in and says whether there were any.
    /// Cheap when nothing changed: reads two small files a dataset.
    pub fn refresh(&self) -> Result<bool, SearchError> {
        let feed = self.feed();
        let next = Snapshot::next(&self.layout, &self.snapshot.load(), &feed)?;
        let changed = next.is_some();
        if let Some(next) = next {
            self.snapshot.store(Arc::new(next));
        }
        Ok(changed)
    }

    /// Every dataset that can be searched, by name.
    pub fn datasets(&self) -> Vec<DatasetSummary> {
        self.snapshot.load().searchable().map(|dataset| biography::summary(dataset)).collect()
    }

    pub fn dataset(&self, slug: &str) -> Result<DatasetDetail, SearchError> {
        let snapshot = self.snapshot.load();
        let dataset = snapshot.dataset(slug).ok_or_else(|| SearchError::NoSuchDataset(slug.to_owned()))?;
        biography::detail(dataset, &snapshot, &self.layout)
    }

    /// Every pair of datasets of which one was made from the other, over any number of steps.
    pub fn descents(&self) -> Result<Vec<Descent>, SearchError> {
        lineage::descents(&self.snapshot.load(), &self.layout)
    }

    /// Rows of `slug` that are the same as any of `records`, of a dataset it was made from: by file, address, picture or
    /// number. Rows that are hidden already are not among them.
    pub fn same_rows(&self, slug: &str, records: &[RecordRef], limit: usize) -> Result<Vec<ProposedRow>, SearchError> {
        let snapshot = self.snapshot.load();
        match snapshot.searchable().find(|dataset| dataset.slug == slug) {
            Some(dataset) => lineage::same_rows(dataset, records, limit),
            None => Ok(Vec::new()),
        }
    }

    /// Searches by words, names, addresses.
    pub fn text(&self, request: &TextRequest) -> Result<TextResults, SearchError> {
        text::search(&self.snapshot.load(), request)
    }

    /// Searches by picture: all of a request together.
    pub fn pictures(
        &self,
        queries: Vec<PictureQuery>,
        options: &PictureOptions,
    ) -> Result<PictureResults, SearchError> {
        pictures::search(&self.snapshot.load(), queries, options, &self.limits)
    }

    /// Every record of its dataset's current revision that holds the same picture as a record, from the `offset`th on.
    pub fn copies(&self, id: &str, offset: usize, limit: usize) -> Result<CopiesPage, SearchError> {
        let missing = || SearchError::NoSuchRecord(id.to_owned());
        let snapshot = self.snapshot.load();
        let (dataset, ordinal) = snapshot.current(id).ok_or_else(missing)?;
        copies::of(dataset, ordinal, offset, limit)
    }

    /// Everything of a kind (one of [`range::KINDS`]) whose digest begins with these five digits.
    pub fn range(&self, kind: &str, prefix: &str) -> Result<RangeResults, SearchError> {
        range::search(&self.snapshot.load(), kind, prefix)
    }

    /// Everything known of the record an id points to, in the current revision of a dataset or in an older one that is
    /// still kept.
    pub fn record(&self, id: &str) -> Result<RecordDetail, SearchError> {
        self.record_by(id, OpenDataset::record)
    }

    /// The same, though it may be hidden: for holding a proof against the rows of a case, and for those
    /// who decide about it. Nothing that the public sees is read this way.
    pub fn record_though_hidden(&self, id: &str) -> Result<RecordDetail, SearchError> {
        self.record_by(id, OpenDataset::record_though_hidden)
    }

    fn record_by(
        &self,
        id: &str,
        read: impl Fn(&OpenDataset, u64) -> Result<Option<RecordDetail>, SearchError>,
    ) -> Result<RecordDetail, SearchError> {
        let missing = || SearchError::NoSuchRecord(id.to_owned());
        let (tag, ordinal) = record_id::parse(id).ok_or_else(missing)?;
        // Not held while rows are read.
        let feed = self.feed().clone();
        let snapshot = self.snapshot.load_full();
        let detail = match snapshot.searchable().find(|dataset| dataset.tag == tag) {
            Some(dataset) => read(dataset, ordinal)?,
            None => match self.older.revision(&self.layout, &snapshot, &feed, tag)? {
                Some(dataset) => read(&dataset, ordinal)?,
                None => None,
            },
        };
        detail.ok_or_else(missing)
    }
}
