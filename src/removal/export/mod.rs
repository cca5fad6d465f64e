//! A removal set in other people's formats: tables of three columns as JSON lines, CSV or parquet, and numpy's array of
//! uids as `DataComp`'s tools read it.
//!
//! A table holds everything the signed set holds, signature and all, so that it can be put together again and checked:
//! `kind` (`set`, `file`, `row`, `hash`, `uid`), `key` (a member's name, or a file's SHA-256), `value`.

use std::io::Write;

use super::RemovalError;
use super::signed::SignedSet;

pub mod npy;
pub mod table;

mod table_file;

/// The formats a set can be had in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// The signed document itself.
    Json,
    JsonLines,
    Csv,
    Parquet,
    /// Only the uids.
    Npy,
}

impl ExportFormat {
    /// By the name it has on the command line.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "json" => Self::Json,
            "jsonl" => Self::JsonLines,
            "csv" => Self::Csv,
            "parquet" => Self::Parquet,
            "npy" => Self::Npy,
            _ => return None,
        })
    }
}

/// Writes a set. The same set always gives the same bytes.
pub fn export(signed: &SignedSet, format: ExportFormat, out: &mut (dyn Write + Send)) -> Result<(), RemovalError> {
    let written = match format {
        ExportFormat::Json => out.write_all(signed.bytes()),
        ExportFormat::Npy => npy::write(&signed.set.uids, out),
        ExportFormat::JsonLines => table_file::write_json_lines(&table::Table::of(signed), out),
        ExportFormat::Csv => table_file::write_csv(&table::Table::of(signed), out),
        ExportFormat::Parquet => table_file::write_parquet(&table::Table::of(signed), out),
    };
    written.map_err(RemovalError::io(std::path::Path::new("the export")))
}
