//! Writes a manifest file again without the rows of a removal set.
//!
//! First it is decided which rows go ([`choose`]): by number where the set knows the file by its SHA-256, else by what
//! each row is known by. Then the file is copied: parquet row group by row group ([`parquet`]), everything else as the
//! bytes it is made of ([`cuts`]), so that whatever stays is not one byte different. The output appears under its name
//! when it is whole ([`output`]), and an [`attestation`] says what was done.

use std::path::Path;

use crate::manifest::{Format, Source, SourceDigest, survey};

use super::RemovalError;
use super::identity::{ColumnHints, PictureCodes};
use super::set_file::SetFile;

pub mod attestation;
pub mod output;

mod choose;
mod chunk;
mod cuts;
mod flat;
mod parquet;

pub use choose::Found;

/// What happens to a row that is to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is left out; the rows after it move up.
    Drop,
    /// It stays in its place with nothing in it: null where the type allows, else an empty text, zero or false. A JSON
    /// line keeps its keys with null; files of a tar keep their names, a JSON file with `{}`, all others with no bytes.
    Blank,
}

impl Mode {
    pub fn name(self) -> &'static str {
        match self {
            Self::Drop => "drop",
            Self::Blank => "blank",
        }
    }
}

/// What is to be applied to what.
pub struct ApplyRequest<'a> {
    pub set: &'a SetFile,
    pub manifest: &'a Path,
    pub out: &'a Path,
    pub mode: Mode,
    pub hints: ColumnHints<'a>,
    /// Decodes pictures that come with the rows; without it they are compared by their digests only.
    pub codes: Option<PictureCodes<'a>>,
    pub threads: usize,
    /// Compare the rows of a file that the set knows too, and not only count them: takes out rows that were granted in
    /// another file, or that repeat a granted one.
    pub thorough: bool,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    pub input: SourceDigest,
    pub output: SourceDigest,
    pub rows_in: u64,
    pub rows_out: u64,
    pub found: Found,
    /// The shard's parquet lies beside it and holds the same rows.
    pub has_parquet_beside: bool,
}

/// Applies a set to one file.
///
/// # Errors
/// Whatever goes wrong, nothing stands under the name of the output that was not there before.
pub fn apply(request: &ApplyRequest<'_>) -> Result<Applied, RemovalError> {
    let source = one_file(request.manifest)?;
    if is_same_file(request.manifest, request.out) {
        return Err(RemovalError::OutIsInput);
    }
    let stamp = Stamp::of(&source.path)?;
    let input = source.digest()?;
    let mut found = choose::choose(&source, &input.sha256, request)?;
    let out = output::Output::create(request.out)?;
    let (out, rows) = match source.format {
        Format::Parquet => parquet::rewrite(&source, out, &found.rows, request)?,
        _ => (cuts::copy(&source, out, &found.cuts, request.mode)?, found.rows_read),
    };
    found.limit(rows);
    if Stamp::of(&source.path)? != stamp {
        return Err(RemovalError::InputChanged { path: source.path });
    }
    let output = out.finish()?;
    let rows_out = if request.mode == Mode::Drop { rows - found.rows.len() } else { rows };
    let has_parquet_beside = matches!(source.format, Format::Tar { metadata: Some(_) });
    Ok(Applied { input, output, rows_in: rows, rows_out, found, has_parquet_beside })
}

fn one_file(path: &Path) -> Result<Source, RemovalError> {
    let refuse = |what: &str| RemovalError::NotOneFile { path: path.to_owned(), what: what.to_owned() };
    if path.is_dir() {
        return Err(refuse("a directory"));
    }
    let source = survey(&[path.to_owned()])?.sources.pop().ok_or_else(|| refuse("no manifest"))?;
    match source.format {
        Format::Json => Err(refuse("one JSON document, which cannot be copied row by row")),
        Format::Folder { .. } => Err(refuse("a folder of pictures")),
        _ => Ok(source),
    }
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// Tells whether a file was written to between two looks.
#[derive(PartialEq)]
struct Stamp(u64, std::time::SystemTime);

impl Stamp {
    fn of(path: &Path) -> Result<Self, RemovalError> {
        let of = || {
            let metadata = std::fs::metadata(path)?;
            Ok(Self(metadata.len(), metadata.modified()?))
        };
        of().map_err(RemovalError::io(path))
    }
}

#[cfg(test)]
mod tests;
