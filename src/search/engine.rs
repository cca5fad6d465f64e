//! The engine: opened datasets, and the calls that every page, API answer and command goes through.

use std::collections::BTreeMap;
use std::path::Path;

use super::results::{DatasetDetail, DatasetSummary, PictureResults, RecordDetail, TextResults};

/// Most hits one text page may ask for.
pub const TEXT_LIMIT_MAX: usize = 200;
/// Most hits one picture may ask for.
pub const PICTURE_LIMIT_MAX: usize = 500;

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
    Hashes { name: String, hashes: BTreeMap<String, Vec<String>> },
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

pub struct Engine;

impl Engine {
    /// Opens every published dataset of a data directory. An empty or absent directory is an engine without datasets.
    pub fn open(_data: &Path) -> Result<Self, SearchError> {
        todo!()
    }
    /// Looks for generations published, withdrawn or dropped since; swaps them in. Cheap when nothing changed.
    pub fn refresh(&self) -> Result<bool, SearchError> {
        todo!()
    }
    pub fn datasets(&self) -> Vec<DatasetSummary> {
        todo!()
    }
    pub fn dataset(&self, _slug: &str) -> Result<DatasetDetail, SearchError> {
        todo!()
    }
    pub fn text(&self, _request: &TextRequest) -> Result<TextResults, SearchError> {
        todo!()
    }
    /// `radius` `None` takes the default of each kind; `limit` 0 the default of 50 hits a picture.
    pub fn pictures(
        &self,
        _queries: Vec<PictureQuery>,
        _radius: Option<u32>,
        _limit: usize,
    ) -> Result<PictureResults, SearchError> {
        todo!()
    }
    pub fn record(&self, _id: &str) -> Result<RecordDetail, SearchError> {
        todo!()
    }
}
