//! Folders of pictures: with a manifest inside that names the files, with texts beside the pictures, or bare.
//!
//! The pictures themselves are not opened here: a row carries the path, and only of files that really lie inside the
//! folder.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::cells::{Cells, ColumnNames};
use super::members::{FILES_OF_A_ROW_MAX, JSON_BYTES_MAX, KEY_COLUMN, Metadata, TEXT_BYTES_MAX, add_file};
use super::rows::{Rows, Stop};
use super::{Format, ManifestError, Reading, Sink, Source, SourceDigest, extension_of, is_picture_extension, sniff};
use crate::record::{ColumnName, Picture, Record, Value};

/// The column that names a picture's file, as Hugging Face calls it.
pub(super) const FILE_COLUMN: &str = "file_name";
/// Deepest folder in a folder.
pub(super) const DEPTH_MAX: usize = 32;
/// Most files of one folder: their names are held in memory.
const FILES_MAX: usize = 20_000_000;
/// Rows of a manifest that are looked at to see whether a column names files.
const LOOK_ROWS: usize = 40;
/// Columns that usually name files, best first; any other column that does is taken after them.
const FILE_COLUMNS: [&str; 9] =
    ["file_name", "file", "filename", "path", "file_path", "filepath", "image", "image_path", "image_file"];

/// Reads every row of the manifest, then a row for each picture that no row named.
pub(super) fn read(
    folder: &Path,
    metadata: Option<&Path>,
    reading: Reading<'_>,
    rows: &mut Rows<'_>,
) -> Result<SourceDigest, Stop> {
    let describes_inside = metadata.is_some_and(|path| path.parent() == Some(folder));
    let files = list(folder, describes_inside)?;
    let mut digest = FolderDigest::new(&files);
    let mut named = HashSet::new();
    let mut by_key = Metadata::default();
    if let Some(path) = metadata.filter(|_| describes_inside) {
        named = read_described(folder, path, &files, reading, rows, &mut digest)?;
    } else {
        by_key = Metadata::load(metadata)?;
    }
    read_rest(folder, &files, &named, &mut by_key, rows)?;
    if let Some(path) = metadata.filter(|_| !describes_inside) {
        digest.add_file(path)?;
    }
    match by_key.damage {
        Some(damage) => Err(Stop::Damaged(damage)),
        None => Ok(digest.finish()),
    }
}

/// The column of a manifest that names files in its folder; `None` where none does.
pub(super) fn file_column(folder: &Path, manifest: &Path) -> Option<String> {
    let source = source_of(manifest).ok()?;
    let sample = source.sample(LOOK_ROWS).ok()?;
    let mut columns: Vec<&str> = Vec::new();
    for (name, _) in sample.iter().flat_map(|record| &record.values) {
        if !columns.contains(&&**name) {
            columns.push(name);
        }
    }
    let place = |name: &str| FILE_COLUMNS.iter().position(|known| name.eq_ignore_ascii_case(known));
    columns.sort_by_key(|name| place(name).unwrap_or(FILE_COLUMNS.len()));
    let names_files = |column: &str| {
        let cells: Vec<_> = sample.iter().filter_map(|record| record.value(column)?.as_text()).collect();
        let is_there = |cell: &str| inside(cell).is_some_and(|name| folder.join(name).is_file());
        !cells.is_empty() && cells.iter().filter(|cell| is_there(cell)).count() * 2 >= cells.len()
    };
    columns.into_iter().find(|column| names_files(column)).map(str::to_owned)
}

fn source_of(manifest: &Path) -> Result<Source, Stop> {
    let format = sniff::format_of(manifest, true)?;
    let format = format.ok_or_else(|| Stop::Unsupported(format!("{} is no manifest", manifest.display())))?;
    Ok(Source { path: manifest.to_owned(), name: String::new(), format, bytes: fs::metadata(manifest)?.len() })
}

/// A relative path that stays inside its folder, in the form that [`list`] uses; `None` for any other.
fn inside(text: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in Path::new(text.trim()).components() {
        match part {
            std::path::Component::Normal(part) => parts.push(part.to_str()?),
            std::path::Component::CurDir => {}
            _ => return None,
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// Files of a folder by relative name, with their sizes. Hidden files, links that lead out of the folder and names
/// that are not text are left out.
fn list(folder: &Path, deep: bool) -> Result<BTreeMap<String, u64>, Stop> {
    let root = folder.canonicalize()?;
    let mut files = BTreeMap::new();
    let mut folders = vec![(folder.to_owned(), String::new(), 0)];
    while let Some((path, prefix, depth)) = folders.pop() {
        for entry in fs::read_dir(&path)? {
            let entry = entry?;
            let Some(name) = entry.file_name().to_str().filter(|name| !name.starts_with('.')).map(str::to_owned) else {
                continue;
            };
            let relative = format!("{prefix}{name}");
            let kind = entry.file_type()?;
            if kind.is_dir() {
                if deep && depth < DEPTH_MAX {
                    folders.push((entry.path(), format!("{relative}/"), depth + 1));
                }
                continue;
            }
            let leads_out = || entry.path().canonicalize().map_or(true, |target| !target.starts_with(&root));
            if kind.is_symlink() && leads_out() {
                continue;
            }
            let Ok(metadata) = fs::metadata(entry.path()) else { continue };
            if metadata.is_file() {
                files.insert(relative, metadata.len());
            }
            if files.len() > FILES_MAX {
                return Err(Stop::Unsupported(format!("a folder of more than {FILES_MAX} files")));
            }
        }
    }
    Ok(files)
}

/// Reads the manifest inside the folder; gives the names of the files its rows named.
fn read_described(
    folder: &Path,
    manifest: &Path,
    files: &BTreeMap<String, u64>,
    reading: Reading<'_>,
    rows: &mut Rows<'_>,
    digest: &mut FolderDigest,
) -> Result<HashSet<String>, Stop> {
    let column = file_column(folder, manifest).unwrap_or_else(|| FILE_COLUMN.to_owned());
    let source = source_of(manifest)?;
    let mut described = Described { folder, files, column: &column, named: HashSet::new(), rows, stop: None };
    let outcome = source.read_for(reading, &mut described);
    let Described { named, stop, .. } = described;
    if let Some(stop) = stop {
        return Err(stop);
    }
    match outcome {
        Ok(of_manifest) => digest.add_digest(&of_manifest),
        Err(ManifestError::Io { source, .. }) => return Err(Stop::Io(source)),
        Err(ManifestError::Damaged { detail, .. }) => {
            return Err(Stop::Damaged(format!("{}: {detail}", manifest.display())));
        }
        Err(ManifestError::Unsupported { detail, .. }) => return Err(Stop::Unsupported(detail)),
    }
    Ok(named)
}

/// Passes a manifest's rows on with the pictures they name.
struct Described<'d, 's> {
    folder: &'d Path,
    files: &'d BTreeMap<String, u64>,
    column: &'d str,
    named: HashSet<String>,
    rows: &'d mut Rows<'s>,
    stop: Option<Stop>,
}

impl Described<'_, '_> {
    fn follow(&mut self, outcome: Result<(), Stop>) -> ControlFlow<()> {
        match outcome {
            Ok(()) => ControlFlow::Continue(()),
            Err(stop) => {
                self.stop = Some(stop);
                ControlFlow::Break(())
            }
        }
    }
}

impl Sink for Described<'_, '_> {
    fn record(&mut self, record: Record) -> ControlFlow<()> {
        let name = record.value(self.column).and_then(Value::as_text).and_then(|text| inside(&text));
        let name = name.filter(|name| self.files.contains_key(name));
        let picture = name.as_ref().map(|name| Picture::File(self.folder.join(name)));
        self.named.extend(name);
        let outcome = self.rows.deliver(record.values, picture.or(record.picture));
        self.follow(outcome)
    }

    fn reject(&mut self, _row: u64, reason: &'static str, detail: String) -> ControlFlow<()> {
        let outcome = self.rows.reject(reason, detail);
        self.follow(outcome)
    }

    fn progress(&mut self, bytes: u64) {
        self.rows.tell_progress(bytes);
    }
}

/// A row for each picture that no row named, with the texts beside it, then the rows that only the parquet has.
fn read_rest(
    folder: &Path,
    files: &BTreeMap<String, u64>,
    named: &HashSet<String>,
    by_key: &mut Metadata,
    rows: &mut Rows<'_>,
) -> Result<(), Stop> {
    let texts = texts_by_stem(files);
    let mut columns = ColumnNames::default();
    let mut bytes_passed = 0;
    for (name, bytes) in files {
        bytes_passed += bytes;
        if !is_picture_extension(&extension_of(Path::new(name))) || named.contains(name) {
            continue;
        }
        let stem = stem_of(name);
        let mut cells = Cells::new(&mut columns);
        cells.push(FILE_COLUMN, Value::Text(name.clone()));
        if let Some(texts) = texts.get(stem) {
            cells.push(KEY_COLUMN, Value::Text(stem.to_owned()));
            for text in texts.iter().take(FILES_OF_A_ROW_MAX) {
                add_file(&extension_of(Path::new(text)), &fs::read(folder.join(text))?, &mut cells);
            }
        }
        by_key.add_to(stem, &mut cells);
        rows.deliver(cells.finish(), Some(Picture::File(folder.join(name))))?;
        rows.tell_progress(bytes_passed);
    }
    for values in by_key.rest() {
        let values: Vec<(ColumnName, Value)> = values;
        rows.deliver(values, None)?;
    }
    Ok(())
}

/// The small texts that may stand beside a picture, by their name without extension.
fn texts_by_stem(files: &BTreeMap<String, u64>) -> HashMap<&str, Vec<&str>> {
    let mut texts: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, bytes) in files {
        let bytes_max = match extension_of(Path::new(name)).as_str() {
            "json" => JSON_BYTES_MAX,
            "txt" | "caption" | "cls" => TEXT_BYTES_MAX,
            _ => continue,
        };
        if *bytes <= bytes_max {
            texts.entry(stem_of(name)).or_default().push(name);
        }
    }
    texts
}

pub(super) fn stem_of(name: &str) -> &str {
    let base = name.rfind('/').map_or(0, |slash| slash + 1);
    name.rfind('.').filter(|dot| *dot > base).map_or(name, |dot| &name[..dot])
}

/// See [`SourceDigest`] for what it is taken over.
struct FolderDigest {
    hasher: Sha256,
    bytes: u64,
}

impl FolderDigest {
    fn new(files: &BTreeMap<String, u64>) -> Self {
        let mut digest = Self { hasher: Sha256::new(), bytes: 0 };
        for (name, bytes) in files {
            digest.hasher.update(format!("{name}\t{bytes}\n"));
            digest.bytes += bytes;
        }
        digest
    }

    fn add_digest(&mut self, of_manifest: &SourceDigest) {
        self.hasher.update(&of_manifest.sha256);
    }

    fn add_file(&mut self, path: &Path) -> io::Result<()> {
        let input = super::input::Input::open(path, true)?;
        let digest = input.finish()?;
        self.bytes += digest.bytes;
        self.add_digest(&digest);
        Ok(())
    }

    fn finish(self) -> SourceDigest {
        SourceDigest { sha256: hex::encode(self.hasher.finalize()), bytes: self.bytes }
    }
}

/// The folder as a source; `bytes` is the sum of its files.
pub(super) fn source(folder: PathBuf, name: String, metadata: Option<PathBuf>) -> Result<Source, Stop> {
    let deep = metadata.as_ref().is_some_and(|path| path.parent() == Some(&folder));
    let bytes = list(&folder, deep)?.values().sum();
    Ok(Source { path: folder, name, format: Format::Folder { metadata }, bytes })
}

#[cfg(test)]
mod tests;
