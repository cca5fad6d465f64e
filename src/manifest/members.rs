//! What tars and folders share: files that belong to one row because they share a key, and the parquet that
//! img2dataset writes beside them, joined by that key.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

use super::cells::Cells;
use super::json_row::add_members;
use super::rows::Stop;
use super::{Format, ManifestError, Reading, Sink, Source};
use crate::record::{ColumnName, Record, Value};

/// The column that webdataset calls a row's key by.
pub(super) const KEY_COLUMN: &str = "__key__";
/// Tells which files of a row were not taken in, and why.
pub(super) const LEFT_OUT_COLUMN: &str = "(left out)";
/// Largest picture kept in memory, bytes: an uncompressed TIFF of 20 megapixels.
pub(super) const PICTURE_BYTES_MAX: u64 = 64 << 20;
/// Largest JSON file of a row, bytes.
pub(super) const JSON_BYTES_MAX: u64 = 16 << 20;
/// Largest text file of a row, bytes.
pub(super) const TEXT_BYTES_MAX: u64 = 1 << 20;
/// Most files that belong to one row.
pub(super) const FILES_OF_A_ROW_MAX: usize = 64;
/// Most memory for a shard's parquet, bytes: shards have ten thousand rows of about a kilobyte.
const METADATA_BYTES_MAX: usize = 512 << 20;

/// What a file of a row is taken for, by its extension in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Picture,
    Json,
    Text,
}

pub(super) fn kind_of(extension: &str) -> Kind {
    let last = extension.rsplit('.').next().unwrap_or_default();
    if super::is_picture_extension(last) {
        Kind::Picture
    } else if last == "json" {
        Kind::Json
    } else {
        Kind::Text
    }
}

/// Adds the content of a row's file that is not its picture: JSON's members as columns, texts under their extension.
/// Bytes that are no text (arrays, sound) are left out.
pub(super) fn add_file(extension: &str, bytes: &[u8], cells: &mut Cells<'_>) {
    if kind_of(extension) == Kind::Json {
        if add_members(bytes, cells).is_err() {
            // What is not JSON is kept as it is, so that the row and its picture are not lost.
            cells.push("json", Value::Text(super::lines::text_of(bytes).into_owned()));
        }
        return;
    }
    let column = if matches!(extension, "caption" | "text") { "txt" } else { extension };
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains('\0')
        && !cells.has(column)
    {
        cells.push(column, Value::Text(text.trim_end_matches(['\n', '\r']).to_owned()));
    }
}

/// Splits a path inside an archive into the row's key (folder and name up to the first dot) and the extension.
/// `None` for hidden files, which macOS strews into archives.
pub(super) fn key_and_extension(path: &str) -> Option<(&str, String)> {
    let path = path.trim_start_matches("./");
    let base = path.rfind('/').map_or(0, |slash| slash + 1);
    let name = &path[base..];
    if name.is_empty() || name.starts_with('.') {
        return None;
    }
    let dot = name.find('.').unwrap_or(name.len());
    Some((&path[..base + dot], name.get(dot + 1..).unwrap_or_default().to_ascii_lowercase()))
}

type Row = Vec<(ColumnName, Value)>;

/// The rows of the parquet beside a shard, to be taken by key.
#[derive(Default)]
pub(super) struct Metadata {
    rows: Vec<Option<Row>>,
    place: HashMap<String, usize>,
    bytes: usize,
    /// What was wrong with the file, if anything: told after the shard itself was read.
    pub damage: Option<String>,
}

impl Metadata {
    /// Reads it all; at most [`METADATA_BYTES_MAX`].
    pub fn load(path: Option<&Path>) -> Result<Self, Stop> {
        let mut metadata = Self::default();
        let Some(path) = path else { return Ok(metadata) };
        let source = Source { path: path.to_owned(), name: String::new(), format: Format::Parquet, bytes: 0 };
        match source.read_for(Reading { hash: false, pictures: false, columns: None }, &mut metadata) {
            Ok(_) => {}
            Err(ManifestError::Io { source, .. }) => return Err(Stop::Io(source)),
            Err(error) => metadata.damage = Some(error.to_string()),
        }
        if metadata.bytes > METADATA_BYTES_MAX {
            return Err(Stop::Unsupported(format!(
                "{} beside it takes more than {} MiB of memory; move it away, or ingest it alone",
                path.display(),
                METADATA_BYTES_MAX >> 20
            )));
        }
        Ok(metadata)
    }

    /// Adds what the parquet knows of this key and the row does not say itself.
    pub fn add_to(&mut self, key: &str, cells: &mut Cells<'_>) {
        let name = key.rsplit('/').next().unwrap_or(key);
        let row = self.place.get(name).and_then(|place| self.rows.get_mut(*place)).and_then(Option::take);
        for (column, value) in row.unwrap_or_default() {
            if !cells.has(&column) {
                cells.push(&column, value);
            }
        }
    }

    /// The rows nobody took: those whose picture could not be downloaded.
    pub fn rest(&mut self) -> impl Iterator<Item = Row> {
        std::mem::take(&mut self.rows).into_iter().flatten()
    }
}

impl Sink for Metadata {
    fn record(&mut self, record: Record) -> ControlFlow<()> {
        self.bytes += 128 + record.heap_bytes();
        if self.bytes > METADATA_BYTES_MAX {
            return ControlFlow::Break(());
        }
        if let Some(key) = record.value("key").and_then(Value::as_text) {
            self.place.insert(key.into_owned(), self.rows.len());
        }
        self.rows.push(Some(record.values));
        ControlFlow::Continue(())
    }

    fn reject(&mut self, _row: u64, _reason: &'static str, _detail: String) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn progress(&mut self, _bytes: u64) {}
}

#[cfg(test)]
mod tests {
    use super::key_and_extension;

    #[test]
    fn the_key_ends_at_the_first_dot_of_the_name() {
        assert_eq!(key_and_extension("./a.b/000.seg.PNG"), Some(("a.b/000", "seg.png".to_owned())));
        assert_eq!(key_and_extension("x"), Some(("x", String::new())));
        assert_eq!(key_and_extension("a/._x.jpg"), None);
        assert_eq!(key_and_extension("a/"), None);
    }
}
