//! Manifest files to a stream of records. Knows only nouns.
//!
//! Formats push rows into a [`Sink`] instead of being pulled: streaming JSON parsers, tar walkers and parquet row
//! groups are all simplest that way, and a sink stops them early by returning [`ControlFlow::Break`].
//!
//! [`discover()`] finds the sources, [`Source::read`] reads one, [`Source::sample`] looks at its first rows. A format
//! never decides what a column means, never opens the network, and never panics on a file's bytes: a bad row is
//! handed to [`Sink::reject`] and the reading goes on; a file that ends early gives its good rows and then
//! [`ManifestError::Damaged`].

use std::fmt;
use std::io::{self, BufRead};
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};

use crate::record::{Picture, Record};

pub mod card;
pub mod columns;

mod cells;
mod coco;
mod delimited;
mod dialect;
mod discover;
mod image_folder;
mod input;
mod json;
mod json_row;
mod json_scan;
mod jsonl;
mod lines;
mod members;
mod parallel;
mod parquet;
mod parquet_batch;
mod parquet_columns;
mod parquet_nested;
mod parquet_value;
mod rows;
mod sniff;
mod tar;

pub use discover::{LeftOut, Survey, survey};
pub use parquet_columns::{FlatColumns, RowBatch};

use input::Input;
use rows::{Rows, Stop};

/// Takes rows as a file gives them.
pub trait Sink {
    /// A good row. `Break` ends the reading without an error.
    fn record(&mut self, record: Record) -> ControlFlow<()>;
    /// A row that could not be read: its position, a reason from a small fixed set (for counting), what was wrong.
    fn reject(&mut self, row: u64, reason: &'static str, detail: String) -> ControlFlow<()>;
    /// Bytes of the file on disk consumed so far: for progress only; may be called seldom.
    fn progress(&mut self, bytes: u64);
    /// Where the bytes of the next row stand, before it is handed over: for whoever copies a file without some rows.
    /// Called more than once where they do not stand together. CSV, JSON lines and tars tell, parquet and JSON do not.
    fn span(&mut self, span: Span) {
        let _ = span;
    }
}

/// A place in the unpacked bytes of a file that is one row or a part of it, line break and padding with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub bytes: Range<u64>,
    pub written_as: WrittenAs,
}

/// How the bytes of a [`Span`] say what the row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenAs {
    /// Cells between delimiters; without a delimiter the line is one cell.
    Cells { delimiter: Option<u8>, quoting: bool },
    /// One JSON object on a line.
    JsonObject,
    /// A file of a tar, with its headers.
    TarMember,
}

/// The unpacked bytes of a file, and how they were packed.
pub struct Unpacked {
    pub reader: Box<dyn BufRead>,
    pub packing: Packing,
}

/// How a file is compressed as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    Plain,
    Gzip,
    Zstd,
}

/// A manifest file (or picture folder) ready to be read.
#[derive(Debug, Clone)]
pub struct Source {
    pub path: PathBuf,
    /// How it is called in reports and on pages: the path relative to the argument it was found under.
    pub name: String,
    pub format: Format,
    /// Size on disk; for a folder the sum of its files.
    pub bytes: u64,
}

/// What a fully read source was. Rows are counted by the sink.
///
/// For a file this is the SHA-256 and the size of the file as it lies on disk (compressed files are not unpacked for
/// it). For a picture folder it is the SHA-256 over the sorted list of its pictures' relative names and sizes and the
/// bytes of its metadata file: the pictures themselves are read later, once, by whoever hashes them.
/// When the sink stopped the reading early nothing more was hashed, and `sha256` is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceDigest {
    pub sha256: String,
    pub bytes: u64,
}

/// How a source is laid out. Whether it is gzip- or zstd-compressed is seen when it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    Parquet,
    /// CSV, TSV and their relatives; delimiter, quotes and header are looked at when it is opened.
    Delimited,
    /// One JSON object a line.
    JsonLines,
    /// One JSON document that holds the rows somewhere.
    Json,
    /// A webdataset shard; `metadata` is the parquet that img2dataset wrote beside it.
    Tar {
        metadata: Option<PathBuf>,
    },
    /// A directory of pictures; `metadata` is the manifest that describes them.
    Folder {
        metadata: Option<PathBuf>,
    },
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Parquet => "parquet",
            Self::Delimited => "CSV/TSV",
            Self::JsonLines => "JSON lines",
            Self::Json => "JSON",
            Self::Tar { metadata: None } => "tar shard",
            Self::Tar { metadata: Some(_) } => "tar shard with parquet",
            Self::Folder { metadata: None } => "picture folder",
            Self::Folder { metadata: Some(_) } => "picture folder with metadata",
        })
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: io::Error },
    /// The file ended early or lies about itself; `rows` good rows came before.
    #[error("{path} {}: {detail}", cut(*rows), path = path.display())]
    Damaged { path: PathBuf, rows: u64, detail: String },
    #[error("{path}: {detail}", path = path.display())]
    Unsupported { path: PathBuf, detail: String },
}

fn cut(rows: u64) -> String {
    if rows == 0 { "cannot be read".to_owned() } else { format!("is damaged after {rows} rows") }
}

/// What a reading is for: the whole file with its digest, or a first look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading<'c> {
    /// Whether the file's SHA-256 is taken on the way.
    hash: bool,
    /// Whether picture bytes are loaded. Without, a row that has a picture carries an empty one.
    pictures: bool,
    /// The only columns wanted, where a format can leave the others unread.
    columns: Option<&'c [String]>,
}

/// Finds the manifest files under the given paths, sorted by name so that a second run sees the same order.
/// What was left out of a directory, and why, is told by [`survey`].
///
/// # Errors
/// When a path named here cannot be read as a manifest, or when a directory holds none at all.
pub fn discover(paths: &[PathBuf]) -> Result<Vec<Source>, ManifestError> {
    survey(paths).map(|survey| survey.sources)
}

impl Source {
    /// Reads all rows, in order, and hashes the file on the way.
    ///
    /// Memory stays bounded whatever the size of the file. A sink that breaks ends the reading with `Ok`.
    ///
    /// # Errors
    /// [`ManifestError::Damaged`] after the good rows of a file that ends early or lies about itself; the others
    /// before any row.
    pub fn read(&self, sink: &mut dyn Sink) -> Result<SourceDigest, ManifestError> {
        self.read_for(Reading { hash: true, pictures: true, columns: None }, sink)
    }

    /// As [`Source::read`], but parquet columns other than these are not read and the file is not hashed: a faster way
    /// for whoever needs only an address and a digest. Text formats give all they have. A path into a column
    /// (`images[].url`) reads that column. Picture bytes come only where `pictures` says so.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub fn read_columns(&self, columns: &[String], pictures: bool, sink: &mut dyn Sink) -> Result<(), ManifestError> {
        self.read_for(Reading { hash: false, pictures, columns: Some(columns) }, sink).map(|_| ())
    }

    /// Columns of a parquet file to be looked at without making records; `None` for other formats and where one of them
    /// is more than a name and single values.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub fn flat_columns(&self, columns: &[String]) -> Result<Option<FlatColumns>, ManifestError> {
        if self.format != Format::Parquet {
            return Ok(None);
        }
        FlatColumns::open(&self.path, columns).map_err(|stop| self.error(stop, 0))
    }

    /// The unpacked bytes of the file, from its start: what [`Span`] counts in.
    pub fn unpacked(&self) -> Result<Unpacked, ManifestError> {
        let packing = input::packing_of(&self.path).map_err(|stop| self.error(stop, 0))?;
        let reader = input::open_unpacked(&self.path).map_err(|stop| self.error(stop, 0))?;
        Ok(Unpacked { reader, packing })
    }

    /// The first `rows` good rows, without hashing the file and without loading pictures: a row that has a picture in
    /// a tar or a parquet carries empty picture bytes here. Rows read before a damaged place are given.
    ///
    /// # Errors
    /// As [`Source::read`], when there is not a single good row.
    pub fn sample(&self, rows: usize) -> Result<Vec<Record>, ManifestError> {
        let mut sample = Sample { records: Vec::new(), wanted: rows, rejected_in_a_row: 0 };
        if rows == 0 {
            return Ok(sample.records);
        }
        match self.read_for(Reading { hash: false, pictures: false, columns: None }, &mut sample) {
            Err(error) if sample.records.is_empty() => Err(error),
            _ => Ok(sample.records),
        }
    }

    /// SHA-256 and size of the file as it lies on disk, without reading its rows: what a damaged file is known by.
    pub fn digest(&self) -> Result<SourceDigest, ManifestError> {
        if matches!(self.format, Format::Folder { .. }) {
            return Ok(SourceDigest { sha256: String::new(), bytes: self.bytes });
        }
        let finished = Input::open(&self.path, true).and_then(|input| input.finish());
        finished.map_err(|source| ManifestError::Io { path: self.path.clone(), source })
    }

    fn read_for(&self, reading: Reading<'_>, sink: &mut dyn Sink) -> Result<SourceDigest, ManifestError> {
        let fail = |source| ManifestError::Io { path: self.path.clone(), source };
        if let Format::Folder { metadata } = &self.format {
            let mut rows = Rows::new(sink);
            let outcome = image_folder::read(&self.path, metadata.as_deref(), reading, &mut rows);
            return match outcome {
                Ok(digest) => Ok(digest),
                Err(Stop::Sink) => Ok(SourceDigest { sha256: String::new(), bytes: self.bytes }),
                Err(stop) => Err(self.error(stop, rows.good_rows())),
            };
        }
        let input = Input::open(&self.path, reading.hash).map_err(fail)?;
        let mut rows = Rows::new(sink).with_progress(input.consumed());
        let outcome = match &self.format {
            Format::Parquet => parquet::read(&self.path, reading, &mut rows),
            Format::Delimited => delimited::read(&input, &mut rows),
            Format::JsonLines => jsonl::read(&input, &mut rows),
            Format::Json => json::read(&input, &mut rows),
            Format::Tar { metadata } => tar::read(&input, metadata.as_deref(), reading, &mut rows),
            Format::Folder { .. } => Ok(()),
        };
        match outcome {
            Ok(()) => {
                let digest = input.finish().map_err(fail)?;
                rows.tell_progress(digest.bytes);
                Ok(digest)
            }
            Err(Stop::Sink) => Ok(SourceDigest { sha256: String::new(), bytes: self.bytes }),
            Err(stop) => Err(self.error(stop, rows.good_rows())),
        }
    }

    fn error(&self, stop: Stop, rows: u64) -> ManifestError {
        stop.of_file(&self.path, rows)
    }
}

/// Bad rows in a row after which a sample gives up: a file of nothing but bad rows is not read to its end for a look.
const SAMPLE_REJECTS_MAX: u32 = 10_000;

/// Keeps the first rows and stops.
struct Sample {
    records: Vec<Record>,
    wanted: usize,
    rejected_in_a_row: u32,
}

impl Sink for Sample {
    fn record(&mut self, record: Record) -> ControlFlow<()> {
        self.rejected_in_a_row = 0;
        self.records.push(record);
        if self.records.len() < self.wanted { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    fn reject(&mut self, _row: u64, _reason: &'static str, _detail: String) -> ControlFlow<()> {
        self.rejected_in_a_row += 1;
        if self.rejected_in_a_row < SAMPLE_REJECTS_MAX { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    fn progress(&mut self, _bytes: u64) {}
}

/// The picture file types that a row may carry, by extension.
fn is_picture_extension(extension: &str) -> bool {
    const PICTURES: [&str; 9] = ["jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "jfif"];
    PICTURES.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Whether these bytes begin like a picture file.
fn is_picture_magic(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xd8\xff")
        || bytes.starts_with(b"\x89PNG\r\n\x1a\n")
        || bytes.starts_with(b"GIF8")
        || bytes.starts_with(b"II*\0")
        || bytes.starts_with(b"MM\0*")
        || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"))
        || (bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0; 4]))
}

/// Picture bytes for a row; only their presence where they are not wanted.
fn picture_of(bytes: &[u8], reading: Reading<'_>) -> Picture {
    Picture::Bytes(if reading.pictures { bytes.to_vec() } else { Vec::new() })
}

/// A path's last extension in lower case, or nothing.
fn extension_of(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests_support;
