//! Counts of a run: what was read, kept, left out and why. Saved with every checkpoint.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{IngestRequest, Plan};
use crate::facts::Facts;
use crate::index::revision::{FileProblem, MappingUse, Rejection, Revision, SourceFile};

/// Examples of rejected rows kept for the report.
const EXAMPLES_MAX: usize = 20;
/// Examples of one reason, so that a common one does not crowd out the others.
const EXAMPLES_A_REASON: usize = 3;

/// Counts of one batch, added up in order by the one thread that appends.
#[derive(Debug, Default)]
pub(super) struct BatchTally {
    pub rows_read: u64,
    pub rows_indexed: u64,
    /// Rows without a single value.
    pub empty: Vec<u64>,
    pub having: BTreeMap<&'static str, u64>,
    pub hashed: BTreeMap<&'static str, u64>,
    pub images_hashed: u64,
    pub images_plain: u64,
    pub images_refused: BTreeMap<String, u64>,
}

impl BatchTally {
    /// Counts which fields a record has.
    pub(super) fn count(&mut self, facts: &Facts) {
        let fields = &facts.fields;
        let has = [
            ("caption", fields.caption.is_some()),
            ("url", !facts.addresses.is_empty()),
            ("author", !fields.authors.is_empty()),
            ("created_at", fields.created_at.is_some()),
            ("language", fields.language.is_some()),
            ("licence", fields.licence.is_some()),
            ("sha256", fields.sha256.is_some() || facts.picture.is_some()),
            ("sha1", fields.sha1.is_some()),
            ("md5", fields.md5.is_some() || facts.picture.is_some()),
            ("source_id", fields.source_id.is_some()),
            ("file_name", !fields.file_names.is_empty()),
        ];
        for (name, _) in has.into_iter().filter(|(_, has)| *has) {
            *self.having.entry(name).or_insert(0) += 1;
        }
    }
}

/// Counts of the whole run so far.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
pub(super) struct Tally {
    /// Names and sizes of all files of the run: a continuation must have the same.
    plan: Vec<(String, u64)>,
    mappings: Vec<MappingUse>,
    #[serde(default)]
    index_windows: bool,
    pub files: Vec<SourceFile>,
    pub problems: Vec<FileProblem>,
    rows_read: u64,
    rows_indexed: u64,
    rejected: BTreeMap<String, u64>,
    examples: Vec<Rejection>,
    having: BTreeMap<String, u64>,
    hashed: BTreeMap<String, u64>,
    images_hashed: u64,
    #[serde(default)]
    images_plain: u64,
    images_refused: BTreeMap<String, u64>,
}

impl Tally {
    pub(super) fn new(plan: &Plan, index_windows: bool) -> Self {
        Self {
            plan: fingerprint(plan),
            mappings: mappings(plan),
            index_windows,
            problems: plan.broken.clone(),
            ..Self::default()
        }
    }

    pub(super) fn goes_on_with(&self, plan: &Plan, index_windows: bool) -> bool {
        self.plan == fingerprint(plan) && self.mappings == mappings(plan) && self.index_windows == index_windows
    }

    pub(super) fn rows_read(&self) -> u64 {
        self.rows_read
    }

    pub(super) fn add(&mut self, file: &str, batch: &BatchTally) {
        self.rows_read += batch.rows_read;
        self.rows_indexed += batch.rows_indexed;
        self.images_hashed += batch.images_hashed;
        self.images_plain += batch.images_plain;
        batch.having.iter().for_each(|(name, n)| *self.having.entry((*name).to_owned()).or_insert(0) += n);
        batch.hashed.iter().for_each(|(name, n)| *self.hashed.entry((*name).to_owned()).or_insert(0) += n);
        batch
            .images_refused
            .iter()
            .for_each(|(reason, n)| *self.images_refused.entry(reason.clone()).or_insert(0) += n);
        batch.empty.iter().for_each(|row| self.note_rejection(file, *row, "empty row", "no column has a value"));
    }

    /// A row that its file's reader could not read.
    pub(super) fn reject(&mut self, file: &str, row: u64, reason: &str, detail: &str) {
        self.rows_read += 1;
        self.note_rejection(file, row, reason, detail);
    }

    fn note_rejection(&mut self, file: &str, row: u64, reason: &str, detail: &str) {
        *self.rejected.entry(reason.to_owned()).or_insert(0) += 1;
        let of_reason = self.examples.iter().filter(|example| example.reason == reason).count();
        if self.examples.len() < EXAMPLES_MAX && of_reason < EXAMPLES_A_REASON {
            let detail = detail.chars().take(300).collect();
            self.examples.push(Rejection { file: file.to_owned(), row, reason: reason.to_owned(), detail });
        }
    }

    pub(super) fn why_nothing(&self) -> String {
        match (self.problems.first(), self.examples.first()) {
            (Some(problem), _) => problem.detail.clone(),
            (None, Some(example)) => {
                format!("{} row {}: {} ({})", example.file, example.row, example.reason, example.detail)
            }
            (None, None) => "they have no rows".to_owned(),
        }
    }

    pub(super) fn into_revision(self, request: &IngestRequest, plan: Plan) -> Revision {
        let title =
            request.title.clone().or_else(|| plan.card.title.clone()).unwrap_or_else(|| request.dataset.clone());
        Revision {
            dataset: request.dataset.clone(),
            revision: request.revision.clone(),
            title,
            card: plan.card,
            mappings: self.mappings,
            files: self.files,
            problems: self.problems,
            left_out: plan.left_out,
            rows_read: self.rows_read,
            rows_indexed: self.rows_indexed,
            rejected: self.rejected,
            rejection_examples: self.examples,
            having: self.having,
            hashed: self.hashed,
            images_hashed: self.images_hashed,
            images_plain: self.images_plain,
            index_windows: self.index_windows,
            images_refused: self.images_refused,
            published_at_ms: 0,
            seconds: 0.0,
        }
    }
}

fn fingerprint(plan: &Plan) -> Vec<(String, u64)> {
    plan.files.iter().map(|file| (file.source.name.clone(), file.source.bytes)).collect()
}

fn mappings(plan: &Plan) -> Vec<MappingUse> {
    let used = |known: &super::plan::PlannedMapping| MappingUse {
        mapping: known.mapping.clone(),
        decided_by: known.decided_by.clone(),
        notes: known.notes.clone(),
    };
    plan.mappings.iter().map(used).collect()
}
