//! What a search gives back: the one shape that pages, the API and the command line all show.

use serde::Serialize;

use crate::takedown::case::RecordRef;
use crate::web_address::NormalizedUrl;

/// One found record, short enough for a list.
#[derive(Debug, Clone, Serialize)]
pub struct Hit {
    pub id: String,
    pub dataset: String,
    /// Title of the dataset, for people.
    #[serde(skip)]
    pub dataset_title: String,
    pub revision: String,
    /// Manifest file, as named in the dataset's file list.
    pub file: String,
    /// Row in that file, counted from 0. A string: 64-bit numbers do not survive JavaScript.
    pub row: String,
    pub url: Option<String>,
    pub caption: Option<String>,
    pub author: Option<String>,
    /// ISO 8601, UTC.
    pub created_at: Option<String>,
    pub highlights: Vec<Highlight>,
    pub score: f32,
}

/// A piece of a field with what was searched marked. `html` holds escaped text and `<mark>` only.
#[derive(Debug, Clone, Serialize)]
pub struct Highlight {
    /// `caption`, `url`, `author` or `source_id`.
    pub field: String,
    pub html: String,
}

/// How one part of a query was read.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct ReadAs {
    /// `words`, `phrase`, `not`, `author`, `handle`, `did`, `post`, `reddit_user`, `nsid`, `repo`, `domain`, `url`,
    /// `digest`, `dataset`, `lang`, `after`, `before`.
    pub kind: String,
    pub value: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct QueryReading {
    pub read_as: Vec<ReadAs>,
    /// The query can also be searched as plain words (`?as=words`): the page offers that with one click.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub can_be_plain_words: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct FacetCount {
    pub value: String,
    pub count: u64,
}

#[derive(Debug, Clone, Serialize, Default)]
pub struct Facets {
    pub dataset: Vec<FacetCount>,
    pub domain: Vec<FacetCount>,
}

/// What of a dataset could be searched, and so what an empty answer does and does not say.
#[derive(Debug, Clone, Serialize)]
pub struct Coverage {
    pub dataset: String,
    #[serde(skip)]
    pub dataset_title: String,
    pub revision: String,
    /// Records in the index.
    pub indexed: String,
    /// Records the dataset has in all, where its card or its files say so; else as many as were read.
    pub total: String,
    /// Names of what can be searched: `caption`, `url`, `author`, `sha256`, `md5`, `phash`, `pdq`, `pdqa`, ...
    pub searchable: Vec<String>,
    /// Records that carry each kind of picture hash.
    pub hashed: std::collections::BTreeMap<String, String>,
    /// Pictures with too little in them to be told from others; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plain_pictures: Option<String>,
    /// Whether hashes of parts of its pictures are kept, so that crops find them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub index_windows: bool,
    /// Whether this query could be asked of this dataset at all (it has accounts, dates, hashes ... as asked).
    #[serde(skip)]
    pub answers_query: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct TextResults {
    pub query: QueryReading,
    pub total: u64,
    pub total_is_exact: bool,
    pub hits: Vec<Hit>,
    pub facets: Facets,
    pub coverage: Vec<Coverage>,
    /// Where the next page starts; hand it back as `cursor`.
    pub next: Option<String>,
    /// When nothing has all the words: how many records have any of them (`?match=any` shows those).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub any_word_total: Option<u64>,
}

/// How sure a picture match is, in the words the pages use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Verdict {
    #[serde(rename = "same file")]
    SameFile,
    #[serde(rename = "almost surely")]
    AlmostSurely,
    #[serde(rename = "probably")]
    Probably,
    #[serde(rename = "maybe")]
    Maybe,
}

impl Verdict {
    pub fn words(self) -> &'static str {
        match self {
            Self::SameFile => "same file",
            Self::AlmostSurely => "almost surely",
            Self::Probably => "probably",
            Self::Maybe => "maybe",
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct PictureHit {
    #[serde(flatten)]
    pub hit: Hit,
    /// `sha256`, `md5`, or the name of a picture hash kind.
    pub matched_by: String,
    /// Differing bits; 0 for the same file.
    pub distance: u32,
    pub radius: u32,
    /// The checksum or fingerprint of the asked picture that was near; with the record's own it gives the distance again.
    pub query_hash: String,
    /// `as is`, `mirrored`, `rotated 90`, ...
    pub variant: String,
    /// The part of the record's picture that was met, where it was not the whole: `border trimmed`, `centre square`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_part: Option<String>,
    pub verdict: Verdict,
    /// Records of the dataset that hold this very picture, this one included. Many are told as one hit;
    /// `/api/v1/records/{id}/copies` lists them.
    pub copies: u64,
}

#[derive(Debug, Clone, Serialize)]
pub struct PictureAnswer {
    pub name: String,
    /// PDQ's quality figure of the query picture, 0 to 100; absent when only hashes were sent.
    pub quality: Option<u8>,
    pub hits: Vec<PictureHit>,
    /// Why this one picture could not be searched, and what to do; the others of the batch are not touched by it.
    pub problem: Option<String>,
    /// Pictures that have nothing to do with this one that chance alone is expected to bring among all searched.
    pub expected_false: f64,
}

/// Records that hold one and the same picture.
#[derive(Debug, Clone, Serialize)]
pub struct CopiesPage {
    /// The record asked about.
    pub of: Hit,
    /// What is the same: the kind of a picture hash, `sha256`, `md5`; `record` where it has none of these.
    pub same_by: String,
    pub total: u64,
    pub hits: Vec<Hit>,
    /// Where the next page starts; hand it back as `cursor`.
    pub next: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct PictureResults {
    pub queries: Vec<PictureAnswer>,
    pub coverage: Vec<Coverage>,
}

/// One row of the table on a record page.
#[derive(Debug, Clone, Serialize)]
pub struct Cell {
    pub column: String,
    /// The role it was read in, if any: `url`, `caption`, `author`, ...
    pub role: Option<String>,
    /// As given; `None` is an empty cell.
    pub value: Option<String>,
}

/// Everything known of one record.
#[derive(Debug, Clone, Serialize)]
pub struct RecordDetail {
    #[serde(flatten)]
    pub hit: Hit,
    pub urls: Vec<String>,
    pub authors: Vec<String>,
    pub language: Option<String>,
    pub licence: Option<String>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub sha256: Option<String>,
    pub md5: Option<String>,
    pub source_id: Option<String>,
    pub nsfw: Option<String>,
    /// Picture hashes by kind, hexadecimal.
    pub hashes: std::collections::BTreeMap<String, String>,
    /// The raw row, every column.
    pub cells: Vec<Cell>,
    /// SHA-256 of the manifest file it stands in.
    pub file_sha256: String,
    /// When the index generation that it was read from was published here (ISO 8601).
    #[serde(skip)]
    pub indexed_at: String,
    /// Every checksum and fingerprint known of it, by kind, hexadecimal.
    #[serde(skip)]
    pub all_hashes: std::collections::BTreeMap<String, Vec<String>>,
    /// What can be searched in its dataset.
    #[serde(skip)]
    pub coverage: Coverage,
}

/// A fingerprint held against a record's.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// `sha256`, `md5`, or the name of a picture hash kind.
    pub by: String,
    /// Hexadecimal, both.
    pub asked: String,
    pub held: String,
    pub distance: u32,
}

impl RecordDetail {
    /// The record as a case keeps it: what it is known by, whatever becomes of this revision.
    pub fn reference(&self) -> RecordRef {
        let url = self.urls.first().and_then(|url| NormalizedUrl::parse(url));
        RecordRef {
            id: self.hit.id.clone(),
            dataset: self.hit.dataset.clone(),
            revision: self.hit.revision.clone(),
            file: self.hit.file.clone(),
            file_sha256: self.file_sha256.clone(),
            row: self.hit.row.parse().unwrap_or_default(),
            url: url.map(|url| url.as_str().to_owned()),
            source_id: self.source_id.clone(),
            sha256: self.sha256.clone(),
            md5: self.md5.clone(),
            hashes: self.hashes.clone(),
        }
    }
}

/// A dataset as lists show it.
#[derive(Debug, Clone, Serialize)]
pub struct DatasetSummary {
    pub slug: String,
    pub title: String,
    /// The current revision.
    pub revision: String,
    pub records: String,
    pub licence: Option<String>,
    pub publisher: Option<String>,
    /// ISO 8601: when the current revision was published here.
    pub ingested_at: String,
    pub coverage: Coverage,
}

/// A source file of a revision.
#[derive(Debug, Clone, Serialize)]
pub struct SourceFileInfo {
    pub path: String,
    pub sha256: String,
    pub bytes: String,
    pub rows_read: String,
    pub rows_indexed: String,
}

/// The biography of a dataset.
#[derive(Debug, Clone, Serialize)]
pub struct DatasetDetail {
    #[serde(flatten)]
    pub summary: DatasetSummary,
    pub description: Option<String>,
    pub homepage: Option<String>,
    /// Datasets this one was made from, as its card says.
    pub sources: Vec<String>,
    /// The same and what the operator named, with the datasets of this portal that are meant.
    pub made_from: Vec<SourceInfo>,
    /// Datasets of this portal that were made from this one.
    pub used_for: Vec<DerivedInfo>,
    pub languages: Vec<String>,
    /// Where to ask for removal at the source, if the card says.
    pub contact: Option<String>,
    /// All revisions here, the current one first.
    pub revisions: Vec<RevisionInfo>,
    pub files: Vec<SourceFileInfo>,
    /// Rows left out, by reason.
    pub rejected: std::collections::BTreeMap<String, String>,
    /// How the columns were read: `(role, column)`, with how that was decided.
    pub mapping: Vec<(String, String)>,
    pub mapping_decided_by: String,
    pub top_domains: Vec<FacetCount>,
    /// `Some(reason)` when the operator has withdrawn it from search.
    pub withdrawn: Option<String>,
}

/// A dataset that another was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceInfo {
    /// As it was named.
    pub name: String,
    /// Short name and title, where it is a dataset of this portal.
    pub dataset: Option<String>,
    pub title: Option<String>,
    /// `card` or `operator`.
    pub said_by: String,
}

/// A dataset of this portal that was made from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DerivedInfo {
    pub dataset: String,
    pub title: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct RevisionInfo {
    pub revision: String,
    pub records: String,
    pub ingested_at: String,
    pub is_current: bool,
}

/// All that begins with some digits.
#[derive(Debug, Clone, Serialize)]
pub struct RangeResults {
    pub kind: String,
    pub prefix: String,
    /// In the order of their digits.
    pub suffixes: Vec<RangeEntry>,
}

/// One digest, without the digits that were asked for, with its number of records a dataset.
#[derive(Debug, Clone, Serialize)]
pub struct RangeEntry {
    pub suffix: String,
    pub datasets: std::collections::BTreeMap<String, String>,
}
