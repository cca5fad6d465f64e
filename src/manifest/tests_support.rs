//! What the format tests share: a sink that remembers everything, and files made in a temporary directory.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;

use super::{ManifestError, Sink, Source, SourceDigest, discover};
use crate::record::{Record, Value};

/// Everything that one reading gave.
pub(crate) struct Outcome {
    pub records: Vec<Record>,
    pub rejects: Vec<(u64, &'static str, String)>,
    pub end: Result<SourceDigest, ManifestError>,
}

impl Outcome {
    /// The column as text, rows without it left out.
    pub fn texts(&self, column: &str) -> Vec<String> {
        self.records
            .iter()
            .filter_map(|record| record.value(column)?.as_text().map(std::borrow::Cow::into_owned))
            .collect()
    }

    pub fn column(&self, column: &str) -> Vec<Value> {
        self.records.iter().filter_map(|record| record.value(column).cloned()).collect()
    }

    pub fn reasons(&self) -> Vec<(u64, &'static str)> {
        self.rejects.iter().map(|(row, reason, _)| (*row, *reason)).collect()
    }

    /// The names of the first row's columns.
    pub fn columns(&self) -> Vec<String> {
        self.records
            .first()
            .map(|record| record.values.iter().map(|(name, _)| name.to_string()).collect())
            .unwrap_or_default()
    }
}

#[derive(Default)]
struct Everything {
    records: Vec<Record>,
    rejects: Vec<(u64, &'static str, String)>,
}

impl Sink for Everything {
    fn record(&mut self, record: Record) -> ControlFlow<()> {
        self.records.push(record);
        ControlFlow::Continue(())
    }

    fn reject(&mut self, row: u64, reason: &'static str, detail: String) -> ControlFlow<()> {
        self.rejects.push((row, reason, detail));
        ControlFlow::Continue(())
    }

    fn progress(&mut self, _bytes: u64) {}
}

pub(crate) fn read_source(source: &Source) -> Outcome {
    let mut sink = Everything::default();
    let end = source.read(&mut sink);
    Outcome { records: sink.records, rejects: sink.rejects, end }
}

/// Writes a file of this name and these bytes, finds it and reads it.
pub(crate) fn read_file(name: &str, bytes: &[u8]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    write_file(folder.path(), name, bytes);
    let sources = discover(&[folder.path().join(name)]).unwrap();
    assert_eq!(sources.len(), 1);
    read_source(&sources[0])
}

pub(crate) fn write_file(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// The good rows before the damage, where the file turned out to be damaged.
pub(crate) fn damaged_rows(outcome: &Outcome) -> Option<u64> {
    match &outcome.end {
        Err(ManifestError::Damaged { rows, .. }) => Some(*rows),
        _ => None,
    }
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

/// Bytes that begin like a JPEG file.
pub(crate) const JPEG: &[u8] = b"\xff\xd8\xff\xe0not really a picture";

/// A tar of these files.
pub(crate) fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, *bytes).unwrap();
    }
    tar.into_inner().unwrap()
}
