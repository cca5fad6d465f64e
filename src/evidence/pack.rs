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
pub(super) mod tests {
    use super::*;
    use crate::evidence::damage::part_at;
    use crate::evidence::document::{PARTS, SIGNATURE};
    use crate::evidence::verify::{KeyCheck, KnownKeys, verify};

    pub(in crate::evidence) fn sample() -> Pack {
        let column =
            |name: &str, value: Option<&str>| Column { name: name.into(), role: None, value: value.map(str::to_owned) };
        let record = PackRecord {
            id: "0123456789abcdef012345".into(),
            dataset: "gallery".into(),
            dataset_title: "A “gallery”".into(),
            revision: "2026".into(),
            file: "part-0.csv".into(),
            file_sha256: "ab".repeat(32),
            row: "18446744073709551615".into(),
            indexed_at: "2026-11-22T00:00:00Z".into(),
            indexed_records: "3".into(),
            caption: Some("=1+1, said\n\"she\" \u{6f22}\u{5b57}".into()),
            columns: vec![column("TEXT", Some("=1+1, said\n\"she\" \u{6f22}\u{5b57}")), column("NSFW", None)],
            matched: Some(Matched {
                by: "pdqa".into(),
                asked: "00".into(),
                held: "01".into(),
                distance: 1,
                radius: 31,
            }),
            ..PackRecord::default()
        };
        let coverage =
            PackCoverage { dataset: "gallery".into(), searchable: vec!["caption".into()], ..PackCoverage::default() };
        Pack { made_at_ms: 1_795_000_000_000, records: vec![record], coverage: vec![coverage], ..Pack::default() }
    }

    fn key() -> PrivateKey {
        PrivateKey::from_seed(&[5; 32])
    }

    #[test]
    fn a_pack_is_valid_and_says_by_which_key() {
        let pack = sample().sign(&key()).unwrap();
        let report = verify(pack.bytes(), None);
        assert!(report.valid && report.key == KeyCheck::NotCompared, "{:?}", report.sentences());
        let ours = KnownKeys::read(&key().public().to_pem().unwrap()).unwrap();
        assert_eq!(verify(pack.bytes(), Some(&ours)).key, KeyCheck::Known);
        let other = KnownKeys::read(&PrivateKey::from_seed(&[6; 32]).public().to_pem().unwrap()).unwrap();
        let report = verify(pack.bytes(), Some(&other));
        assert!(!report.valid && report.key == KeyCheck::Other);
        assert!(report.faults[0].sentence.contains("a key that is not the given one"));
    }

    /// Where every top-level member of a document stands in its bytes.
    fn places(bytes: &[u8], members: &Map<String, Value>) -> Vec<(String, std::ops::Range<usize>)> {
        let text = std::str::from_utf8(bytes).unwrap();
        let mut all: Vec<(String, std::ops::Range<usize>)> = Vec::new();
        let mut names: Vec<_> = members.keys().cloned().collect();
        names.sort();
        for name in names {
            let from = all.last().map_or(0, |(_, place)| place.end);
            let start = from + text[from..].find(&format!("\"{name}\":")).unwrap();
            let value = crate::evidence::canonical::to_bytes(&members[&name]).unwrap();
            all.push((name.clone(), start..start + name.len() + 3 + value.len()));
        }
        all
    }

    #[test]
    fn whatever_byte_is_changed_it_is_told_and_in_which_part() {
        let pack = sample().sign(&key()).unwrap();
        let places = places(pack.bytes(), pack.members());
        for at in 0..pack.bytes().len() {
            for bit in [1, 2, 4, 8, 16, 32, 64, 128] {
                let mut changed = pack.bytes().to_vec();
                changed[at] ^= bit;
                let report = verify(&changed, None);
                assert!(!report.valid, "byte {at} ^ {bit}");
                // Between the parts, either neighbor or the layout may be named.
                let around: Vec<_> =
                    places.iter().filter(|(_, place)| place.start <= at + 1 && at <= place.end).collect();
                let named = |fault: &crate::evidence::verify::Fault| {
                    let is_inside = around.iter().any(|(name, _)| *name == fault.part);
                    let is_between = !around.iter().any(|(_, place)| place.start < at && at + 1 < place.end);
                    // A part whose name was changed is told as missing under its old name, or added under its new one.
                    let is_name = around.iter().any(|(name, place)| at < place.start + name.len() + 3);
                    is_inside || is_between && fault.part == "layout" || is_name
                };
                assert!(report.faults.iter().any(named), "byte {at} ^ {bit} of {around:?}: {:?}", report.faults);
            }
        }
    }

    #[test]
    fn what_was_rewritten_is_told_apart() {
        let pack = sample().sign(&key()).unwrap();
        let text = String::from_utf8(pack.bytes().to_vec()).unwrap();
        let parts_of = |text: &str| {
            let report = verify(text.as_bytes(), None);
            assert!(!report.valid);
            report.faults.into_iter().map(|fault| fault.part).collect::<Vec<_>>()
        };
        assert_eq!(parts_of(&text.replace("part-0.csv", "part-1.csv")), ["record"]);
        assert_eq!(parts_of(&text.replace("\"A “gallery”\"", "\"A \\u201cgallery”\"")), ["layout"]);
        assert_eq!(parts_of(&text.replace("{\"coverage\"", "{ \"coverage\"")), ["layout"]);
        assert_eq!(parts_of(text.trim_end()), ["layout"]);
        assert_eq!(parts_of(&format!("{text}\n")), ["layout"]);
        assert_eq!(parts_of("[1]"), ["layout"]);
        assert_eq!(parts_of("{}"), ["layout"]);
        assert_eq!(parts_of(""), ["layout"]);
        let listed = pack.part(PARTS).unwrap()["record"].as_str().unwrap();
        assert_eq!(parts_of(&text.replace(listed, &"0".repeat(64))), [PARTS]);
        // Content, list and all, signed again with another key under the old key's name.
        let mut other = sample();
        other.records[0].row = "1".into();
        let other = other.sign(&PrivateKey::from_seed(&[6; 32])).unwrap();
        let mut forged = other.members().clone();
        forged.insert(SIGNATURE.into(), pack.part(SIGNATURE).unwrap().clone());
        let forged = crate::evidence::document::file_bytes(&forged).unwrap();
        assert_eq!(parts_of(std::str::from_utf8(&forged).unwrap()), [SIGNATURE]);
    }

    #[test]
    fn the_table_is_safe_to_open_and_exact_in_its_raw_row() {
        let pack = sample();
        let table = String::from_utf8(pack.csv()).unwrap();
        let mut rows = csv::Reader::from_reader(table.as_bytes());
        let row: BTreeMap<String, String> = rows.deserialize().next().unwrap().unwrap();
        assert!(row["caption"].starts_with("'=1+1"));
        let raw: Value = serde_json::from_str(&row["raw_row"]).unwrap();
        assert_eq!(raw["TEXT"], pack.records[0].columns[0].value.clone().unwrap());
        assert_eq!(row["distance"], "1");
        let signed = pack.sign(&key()).unwrap();
        assert_eq!(signed.part("forms").unwrap()["csv_sha256"], hex::encode(Sha256::digest(pack.csv())));
        assert_eq!(part_at(signed.bytes(), 3).as_deref(), Some("coverage"));
    }
}
