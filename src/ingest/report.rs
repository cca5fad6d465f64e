//! The report of a run, as the command line prints it.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::index::revision::{FileProblem, Rejection, Revision};

/// Files left out that are told one by one.
const LEFT_OUT_SHOWN_MAX: usize = 20;

/// `ingest --json`.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub dataset: String,
    pub revision: String,
    /// `published` or `already there`.
    pub outcome: &'static str,
    pub files: Vec<FileReport>,
    pub rows_read: u64,
    pub rows_indexed: u64,
    pub rejected: BTreeMap<String, u64>,
    pub examples: Vec<Rejection>,
    pub problems: Vec<FileProblem>,
    /// Files of the given directories that were not taken in, and why.
    pub left_out: Vec<FileProblem>,
    pub images_hashed: u64,
    /// Pictures with too little in them to be told from others.
    pub images_plain: u64,
    /// Whether hashes of parts of every picture were kept.
    pub index_windows: bool,
    pub images_refused: BTreeMap<String, u64>,
    /// Records that can be searched by each field and each kind of picture hash.
    pub searchable: BTreeMap<String, u64>,
    pub columns_read_by: Vec<ColumnsReport>,
    pub seconds: f64,
}

#[derive(Debug, Clone, Serialize)]
pub struct FileReport {
    pub path: String,
    pub sha256: String,
    pub bytes: u64,
    pub rows_read: u64,
    pub rows_indexed: u64,
}

#[derive(Debug, Clone, Serialize)]
pub struct ColumnsReport {
    pub decided_by: String,
    /// Role and column, in order.
    pub roles: Vec<(String, String)>,
    pub notes: Vec<String>,
}

impl Report {
    pub fn new(revision: &Revision, outcome: &'static str) -> Self {
        let file = |file: &crate::index::revision::SourceFile| FileReport {
            path: file.name.clone(),
            sha256: file.sha256.clone(),
            bytes: file.bytes,
            rows_read: file.rows_read,
            rows_indexed: file.rows_indexed,
        };
        let columns = |used: &crate::index::revision::MappingUse| ColumnsReport {
            decided_by: used.decided_by.clone(),
            roles: used
                .mapping
                .bindings
                .iter()
                .map(|binding| (binding.role.name().to_owned(), binding.column.clone()))
                .collect(),
            notes: used.notes.clone(),
        };
        let searchable = revision.having.iter().chain(&revision.hashed).map(|(name, n)| (name.clone(), *n)).collect();
        Self {
            dataset: revision.dataset.clone(),
            revision: revision.revision.clone(),
            outcome,
            files: revision.files.iter().map(file).collect(),
            rows_read: revision.rows_read,
            rows_indexed: revision.rows_indexed,
            rejected: revision.rejected.clone(),
            examples: revision.rejection_examples.clone(),
            problems: revision.problems.clone(),
            left_out: revision.left_out.clone(),
            images_hashed: revision.images_hashed,
            images_plain: revision.images_plain,
            index_windows: revision.index_windows,
            images_refused: revision.images_refused.clone(),
            searchable,
            columns_read_by: revision.mappings.iter().map(columns).collect(),
            seconds: revision.seconds,
        }
    }
}

fn counted(n: u64, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// For people: a few lines, the troubles last, where they are seen.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for columns in &self.columns_read_by {
            writeln!(f, "Columns read by {}:", columns.decided_by)?;
            for (role, column) in &columns.roles {
                writeln!(f, "  {role:<12} {column}")?;
            }
            columns.notes.iter().try_for_each(|note| writeln!(f, "  {note}"))?;
        }
        writeln!(
            f,
            "{} {}: {} records from {} file(s) in {:.1} s",
            self.dataset,
            self.revision,
            self.rows_indexed,
            self.files.len(),
            self.seconds
        )?;
        let searchable: Vec<_> = self.searchable.iter().map(|(name, n)| format!("{name} {n}")).collect();
        writeln!(f, "Searchable: {}", searchable.join(", "))?;
        if self.images_hashed > 0 || !self.images_refused.is_empty() {
            let refused: Vec<_> = self.images_refused.iter().map(|(reason, n)| format!("{n} {reason}")).collect();
            let refused =
                if refused.is_empty() { String::new() } else { format!("; could not read {}", refused.join(", ")) };
            let parts = if self.index_windows { ", with parts of each" } else { "" };
            writeln!(f, "Pictures hashed: {}{parts}{refused}", self.images_hashed)?;
        }
        if self.images_plain > 0 {
            writeln!(f, "Too plain to be told apart: {}", counted(self.images_plain, "picture"))?;
        }
        for file in self.left_out.iter().take(LEFT_OUT_SHOWN_MAX) {
            writeln!(f, "Not taken in: {}: {}", file.file, file.detail)?;
        }
        if self.left_out.len() > LEFT_OUT_SHOWN_MAX {
            writeln!(f, "Not taken in: {} more files", self.left_out.len() - LEFT_OUT_SHOWN_MAX)?;
        }
        for (reason, n) in &self.rejected {
            writeln!(f, "Left out: {n} x {reason}")?;
        }
        for example in &self.examples {
            writeln!(f, "  {} row {}: {} ({})", example.file, example.row, example.reason, example.detail)?;
        }
        self.problems.iter().try_for_each(|problem| writeln!(f, "Damaged: {}: {}", problem.file, problem.detail))
    }
}
