//! Reads a new release and says of each granted row what became of it.
//!
//! A row is looked for by everything it is known by and the release can be asked for. "Gone" is said only where every
//! file of the release could be asked; where one could not, the answer is that it cannot be told, and why. Rows that
//! the reader could not make sense of are counted beside that.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use serde::{Serialize, Serializer};

use super::RemovalError;
use super::granted::GrantedRow;
use super::identity::{ColumnHints, Identity, PictureCodes, RowFacts};
use super::matcher::{By, Matcher};
use super::set_file::SetFile;
use crate::manifest::{Format, ManifestError, Sink, Source, survey};
use crate::record::Record;

mod wanted;

use wanted::Wanted;

/// What is looked through, and how.
pub struct RescanRequest<'a> {
    /// Anything that ingest reads.
    pub paths: &'a [PathBuf],
    pub hints: ColumnHints<'a>,
    /// Decodes pictures that come with the rows.
    pub codes: Option<PictureCodes<'a>>,
}

/// What became of a granted row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum Fate {
    /// Nothing of it was found; by what it was looked for.
    Gone {
        looked_by: Vec<&'static str>,
    },
    /// In the same file at the same row.
    StillThere {
        found: Place,
    },
    /// Somewhere else in the release.
    Moved {
        found: Place,
    },
    CannotTell {
        reason: String,
    },
}

/// A row of the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    pub file: String,
    #[serde(serialize_with = "as_text")]
    pub row: u64,
    #[serde(serialize_with = "by_name")]
    pub by: By,
    /// Bits in which the picture's code differs, where that is all it was found by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance: Option<u32>,
}

/// A granted row by its old place, and its fate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowFate {
    pub revision: String,
    pub file: String,
    #[serde(serialize_with = "as_text")]
    pub row: u64,
    #[serde(flatten)]
    pub fate: Fate,
    /// Rows of the release that are this row, above the one that is named.
    pub also: u64,
}

/// A file of the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScannedFile {
    pub file: String,
    /// Empty where it could not be read to its end.
    pub sha256: String,
    pub rows: u64,
    pub unreadable: u64,
    pub compares: Vec<&'static str>,
    pub problem: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RescanReport {
    pub files: Vec<ScannedFile>,
    /// In the order in which the rows were given.
    pub rows: Vec<RowFate>,
    /// Rows by fate: `gone`, `still_there`, `moved`, `cannot_tell`.
    pub counts: BTreeMap<&'static str, u64>,
}

/// What a rescan with nothing but a set can say: which rows of the release are in it. A set does not tell hashes from
/// decoys, so what is gone cannot be listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetRescanReport {
    pub set: String,
    pub files: Vec<ScannedFile>,
    pub still_there: Vec<Place>,
    /// Rows whose picture is probably a copy of one in the set.
    pub near_copies: Vec<Place>,
    /// Files in which no row could be compared, with the reason.
    pub cannot_tell: Vec<String>,
}

impl Fate {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Gone { .. } => "gone",
            Self::StillThere { .. } => "still_there",
            Self::Moved { .. } => "moved",
            Self::CannotTell { .. } => "cannot_tell",
        }
    }
}

/// Looks for granted rows in a release.
///
/// # Errors
/// Where the paths hold no manifest at all. A file that cannot be read is told in the report.
pub fn rescan(granted: &[GrantedRow], request: &RescanRequest<'_>) -> Result<RescanReport, RemovalError> {
    let mut wanted = Wanted::new(granted);
    let mut files = Vec::new();
    for source in survey(request.paths)?.sources {
        let name = source.name.clone();
        let file = scan(&source, request, &mut |row, facts| wanted.look(&name, row, facts));
        wanted.meet_file(&file);
        files.push(file);
    }
    let rows = wanted.fates(&files);
    let mut counts = BTreeMap::from([("gone", 0), ("still_there", 0), ("moved", 0), ("cannot_tell", 0)]);
    for row in &rows {
        *counts.entry(row.fate.name()).or_insert(0) += 1;
    }
    Ok(RescanReport { files, rows, counts })
}

/// Looks for rows of a set in a release.
///
/// # Errors
/// As [`rescan`].
pub fn rescan_set(set: &SetFile, request: &RescanRequest<'_>) -> Result<SetRescanReport, RemovalError> {
    let matcher = Matcher::new(set);
    let mut report = SetRescanReport {
        set: set.sha256.clone(),
        files: Vec::new(),
        still_there: Vec::new(),
        near_copies: Vec::new(),
        cannot_tell: Vec::new(),
    };
    for source in survey(request.paths)?.sources {
        let before = report.still_there.len();
        let place = |row, by| Place { file: source.name.clone(), row, by, distance: None };
        let file = scan(&source, request, &mut |row, facts| {
            if let Some(by) = matcher.find(facts) {
                report.still_there.push(place(row, by));
            } else if matcher.is_near(facts) {
                report.near_copies.push(place(row, By::Picture));
            }
        });
        if let Some(rows) = set.known(&file.sha256) {
            // The very file that the set was made for: all its rows are there, whatever they could be compared by.
            report.still_there.truncate(before);
            report.still_there.extend(rows.iter().map(|row| place(u64::from(row), By::Row)));
        } else if let Some(problem) = &file.problem {
            report.cannot_tell.push(format!("{}: {problem}", file.file));
        }
        report.files.push(file);
    }
    Ok(report)
}

type Look<'a> = &'a mut dyn FnMut(u64, &RowFacts);

/// Reads one file, as far as it can be read.
fn scan(source: &Source, request: &RescanRequest<'_>, look: Look<'_>) -> ScannedFile {
    let mut file = ScannedFile {
        file: source.name.clone(),
        sha256: String::new(),
        rows: 0,
        unreadable: 0,
        compares: Vec::new(),
        problem: None,
    };
    let identity = match Identity::find(source, request.hints) {
        Ok(identity) => identity,
        Err(error) => {
            file.problem = Some(error.to_string());
            return file;
        }
    };
    file.compares.clone_from(&identity.compares);
    if identity.is_empty() {
        file.problem = Some("no column of it is an address, an id, a digest or a picture hash".to_owned());
    }
    let mut sink = Looker { identity: &identity, codes: request.codes, look, rows: 0, unreadable: 0 };
    match read(source, &identity, &mut sink) {
        Ok(sha256) => file.sha256 = sha256,
        Err(error) => file.problem = Some(format!("it could not be read whole: {error}")),
    }
    (file.rows, file.unreadable) = (sink.rows, sink.unreadable);
    file
}

/// Reads the rows and gives the file's SHA-256. Of a parquet file only the needed columns are read.
fn read(source: &Source, identity: &Identity, sink: &mut Looker<'_>) -> Result<String, ManifestError> {
    if source.format == Format::Parquet && !identity.is_empty() {
        source.read_columns(&identity.columns, identity.has_pictures, sink)?;
        return source.digest().map(|digest| digest.sha256);
    }
    source.read(sink).map(|digest| digest.sha256)
}

struct Looker<'a> {
    identity: &'a Identity,
    codes: Option<PictureCodes<'a>>,
    look: Look<'a>,
    rows: u64,
    unreadable: u64,
}

impl Sink for Looker<'_> {
    fn record(&mut self, record: Record) -> ControlFlow<()> {
        self.rows += 1;
        (self.look)(record.row, &self.identity.facts(&record, self.codes));
        ControlFlow::Continue(())
    }

    fn reject(&mut self, _row: u64, _reason: &'static str, _detail: String) -> ControlFlow<()> {
        self.unreadable += 1;
        ControlFlow::Continue(())
    }

    fn progress(&mut self, _bytes: u64) {}
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn as_text<S: Serializer>(row: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(row)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn by_name<S: Serializer>(by: &By, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(by.name())
}

#[cfg(test)]
mod tests;
