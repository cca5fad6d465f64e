//! An evidence pack: records found, exactly where each stands, how it was found, and what that does and does not prove.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::document::{Document, DocumentError, EVIDENCE};
use super::signing::PrivateKey;
use crate::timestamp::Timestamp;

/// What a pack proves, and what it does not: printed and signed with every pack.
pub const PROVES: &str = "At the time below, the row shown stood in the named file of the named revision of the dataset, as this portal had taken it in. Anyone who has that file can check it by the file's SHA-256 and the row number.";
pub const DOES_NOT_PROVE: &str = "It does not prove that any model was trained on this row: those who use a dataset filter it, and many listed addresses no longer work. It does not say who put the row into the dataset, nor whether they were allowed to. Records that are not in this pack may still exist, here or elsewhere.";
/// What the signature is worth.
pub const SIGNED_MEANS: &str = "The signature shows that this portal said so at that time, and that nothing was changed since. Its keys are at /.well-known/rollcall.json of the portal; check this file with “rollcall verify”, or on the portal's page /verify.";

/// Everything a pack tells.
#[derive(Debug, Clone, Default)]
pub struct Pack {
    pub made_at_ms: i64,
    /// The portal's public address, where its operator named one.
    pub portal: Option<String>,
    /// The search whose result this is; `None` for a single record.
    pub question: Option<Question>,
    pub records: Vec<PackRecord>,
    pub coverage: Vec<PackCoverage>,
}

/// The search that gave the records.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// What was typed.
    pub q: String,
    /// The filters beside it, by name.
    pub filters: Vec<(String, String)>,
    /// How it was read, a sentence.
    pub read_as: String,
    pub total: u64,
    pub total_is_exact: bool,
}

#[derive(Debug, Clone, Default)]
pub struct PackRecord {
    pub id: String,
    pub dataset: String,
    pub dataset_title: String,
    pub revision: String,
    pub file: String,
    pub file_sha256: String,
    pub row: String,
    /// When the index generation that was asked was published here (ISO 8601), and how many records it holds.
    pub indexed_at: String,
    pub indexed_records: String,
    pub url: Option<String>,
    pub caption: Option<String>,
    pub author: Option<String>,
    pub created_at: Option<String>,
    /// The raw row, every column in the file's order.
    pub columns: Vec<Column>,
    pub matched: Option<Matched>,
}

#[derive(Debug, Clone, Default)]
pub struct Column {
    pub name: String,
    /// What the column was read as.
    pub role: Option<String>,
    pub value: Option<String>,
}

/// How a picture was matched: both fingerprints, so that the distance can be counted again.
#[derive(Debug, Clone, Default)]
pub struct Matched {
    /// `sha256`, `md5`, `pdqa`, ...
    pub by: String,
    /// The fingerprint of the picture that was asked, and the one the record holds; hexadecimal.
    pub asked: String,
    pub held: String,
    /// Bits in which they differ, and how many were allowed to.
    pub distance: u32,
    pub radius: u32,
}

/// What of a dataset could be searched.
#[derive(Debug, Clone, Default)]
pub struct PackCoverage {
    pub dataset: String,
    pub revision: String,
    pub indexed: String,
    pub total: String,
    pub searchable: Vec<String>,
    pub hashed: BTreeMap<String, String>,
}

impl Pack {
    /// The signed pack.
    pub fn sign(&self, key: &PrivateKey) -> Result<Document, DocumentError> {
        let mut parts = Map::new();
        let mut add = |name: &str, part: Value| parts.insert(name.to_owned(), part);
        add("made_at", Value::from(self.made_at()));
        add("portal", json!({"address": self.portal, "program": concat!("rollcall ", env!("CARGO_PKG_VERSION"))}));
        match (&self.question, self.records.as_slice()) {
            (None, [record]) => add("record", record.to_json()),
            _ => add("records", self.records.iter().map(PackRecord::to_json).collect()),
        };
        if let Some(question) = &self.question {
            add("question", question.to_json(self.records.len()));
        }
        add("coverage", self.coverage.iter().map(PackCoverage::to_json).collect());
        add("meaning", json!({"proves": PROVES, "does_not_prove": DOES_NOT_PROVE, "signature": SIGNED_MEANS}));
        add("forms", json!({"csv_sha256": hex::encode(Sha256::digest(self.csv()))}));
        Document::sign(EVIDENCE, parts, key)
    }

    /// When it was made: ISO 8601.
    pub fn made_at(&self) -> String {
        Timestamp::from_millis(self.made_at_ms).to_string()
    }

    /// The same records as a table; its SHA-256 stands in the signed pack. Cells that a spreadsheet would run as a
    /// formula have an apostrophe before them; `raw_row` is exact.
    pub fn csv(&self) -> Vec<u8> {
        let mut out = csv::Writer::from_writer(Vec::new());
        // Writing into memory cannot fail.
        let _ = out.write_record(CSV_COLUMNS);
        for record in &self.records {
            let _ = out.write_record(record.cells());
        }
        out.into_inner().unwrap_or_default()
    }
}

const CSV_COLUMNS: [&str; 17] = [
    "id",
    "dataset",
    "revision",
    "file",
    "file_sha256",
    "row",
    "indexed_at",
    "url",
    "caption",
    "author",
    "created_at",
    "matched_by",
    "asked",
    "held",
    "distance",
    "radius",
    "raw_row",
];

impl PackRecord {
    fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "dataset": self.dataset,
            "dataset_title": self.dataset_title,
            "revision": self.revision,
            "file": self.file,
            "file_sha256": self.file_sha256,
            "row": self.row,
            "index": {"published_at": self.indexed_at, "records": self.indexed_records},
            "url": self.url,
            "caption": self.caption,
            "author": self.author,
            "created_at": self.created_at,
            "columns": self.columns.iter().map(|column| {
                json!({"column": column.name, "role": column.role, "value": column.value})
            }).collect::<Vec<_>>(),
            "matched": self.matched.as_ref().map(|matched| json!({
                "by": matched.by,
                "asked": matched.asked,
                "held": matched.held,
                "distance": matched.distance,
                "radius": matched.radius,
            })),
        })
    }

    fn cells(&self) -> [String; CSV_COLUMNS.len()] {
        let text = |text: &Option<String>| safe_cell(text.as_deref().unwrap_or_default());
        let row: Map<String, Value> =
            self.columns.iter().map(|column| (column.name.clone(), Value::from(column.value.clone()))).collect();
        let matched = self.matched.clone().unwrap_or_default();
        let number = |n: u32| self.matched.as_ref().map(|_| n.to_string()).unwrap_or_default();
        [
            self.id.clone(),
            self.dataset.clone(),
            self.revision.clone(),
            safe_cell(&self.file),
            self.file_sha256.clone(),
            self.row.clone(),
            self.indexed_at.clone(),
            text(&self.url),
            text(&self.caption),
            text(&self.author),
            text(&self.created_at),
            matched.by,
            matched.asked,
            matched.held,
            number(matched.distance),
            number(matched.radius),
            Value::Object(row).to_string(),
        ]
    }

    /// Bytes of text in it, roughly: what bounds a pack.
    pub fn text_bytes(&self) -> usize {
        let column = |column: &Column| column.name.len() + column.value.as_ref().map_or(0, String::len) + 40;
        let caption = self.caption.as_ref().map_or(0, String::len);
        500 + caption + self.columns.iter().map(column).sum::<usize>()
    }
}

fn safe_cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

impl Question {
    fn to_json(&self, n_included: usize) -> Value {
        let filters: Map<_, _> = self.filters.iter().fold(Map::new(), |mut all, (name, value)| {
            let values = all.entry(name.clone()).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(values) = values {
                values.push(Value::from(value.clone()));
            }
            all
        });
        json!({
            "q": self.q,
            "filters": filters,
            "read_as": self.read_as,
            "total": self.total,
            "total_is_exact": self.total_is_exact,
            "included": n_included,
        })
    }
}

impl PackCoverage {
    fn to_json(&self) -> Value {
        json!({
            "dataset": self.dataset,
            "revision": self.revision,
            "indexed": self.indexed,
            "total": self.total,
            "searchable": self.searchable,
            "hashed": self.hashed,
        })
    }
}

#[cfg(test)]
pub(super) mod tests;
