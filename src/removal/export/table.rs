//! A signed set as a table of three columns, and back.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};

use crate::manifest::{Format, Sink, Source};
use crate::record::{Record, Value};
use crate::removal::RemovalError;
use crate::removal::set::{KnownFile, RemovalSet, TreeHead};
use crate::removal::signed::{Seal, SignedSet};

/// The first line of a table written as CSV.
pub(in crate::removal) const CSV_HEADER: &str = "kind,key,value\n";

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::removal) struct Line {
    pub kind: String,
    pub key: String,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::removal) struct Table {
    pub lines: Vec<Line>,
}

impl Table {
    pub fn of(signed: &SignedSet) -> Self {
        let set = &signed.set;
        let mut table = Self::default();
        let mut said = |key: &str, value: String| table.push("set", key, value);
        said("sha256", signed.sha256.clone());
        said("dataset", set.dataset.clone());
        said("version", set.version.to_string());
        said("made_at", set.created.clone());
        if let Some(predecessor) = &set.predecessor {
            said("predecessor", predecessor.clone());
        }
        if let Some(tree) = &set.tree {
            said("tree_root", tree.root.clone());
            said("tree_leaves", tree.leaves.to_string());
        }
        said("salt", hex::encode(set.salt));
        said("public_key", signed.seal.public_key.clone());
        said("signature", signed.seal.value.clone());
        for file in &set.files {
            table.push("file", &file.sha256, file.revision.clone());
            for row in &file.rows {
                table.push("row", &file.sha256, row.to_string());
            }
        }
        for tag in &set.tags {
            table.push("hash", "", hex::encode(tag));
        }
        for uid in &set.uids {
            table.push("uid", "", format!("{uid:032x}"));
        }
        table
    }

    /// Puts the set together again and checks that it is the one that was signed.
    pub fn into_set(self) -> Result<SignedSet, RemovalError> {
        let mut said = BTreeMap::new();
        let mut files: BTreeMap<String, KnownFile> = BTreeMap::new();
        let (mut tags, mut uids) = (Vec::new(), Vec::new());
        for Line { kind, key, value } in self.lines {
            let bad = || RemovalError::NotTheSet(format!("The table has a line it should not have: {kind}, {key}."));
            match kind.as_str() {
                "set" => drop(said.insert(key, value)),
                "file" => {
                    let file = KnownFile { sha256: key.clone(), revision: value, rows: RoaringBitmap::new() };
                    files.insert(key, file);
                }
                "row" => {
                    let row = value.parse().map_err(|_| bad())?;
                    files.get_mut(&key).ok_or_else(bad)?.rows.insert(row);
                }
                "hash" => {
                    let mut tag = [0; 16];
                    hex::decode_to_slice(&value, &mut tag).map_err(|_| bad())?;
                    tags.push(tag);
                }
                "uid" => uids.push(u128::from_str_radix(&value, 16).map_err(|_| bad())?),
                _ => return Err(bad()),
            }
        }
        tags.sort_unstable();
        uids.sort_unstable();
        let mut take = |key: &str| {
            said.remove(key).ok_or_else(|| RemovalError::NotTheSet(format!("The table does not say its {key}.")))
        };
        let (root, leaves) = (take("tree_root").ok(), take("tree_leaves").ok());
        let tree = root.zip(leaves.and_then(|leaves| leaves.parse().ok()));
        let salt = hex::decode(take("salt")?).ok().and_then(|salt| salt.try_into().ok());
        let bad = |what: &str| RemovalError::NotTheSet(format!("The table's {what} is none."));
        let set = RemovalSet {
            dataset: take("dataset")?,
            version: take("version")?.parse().map_err(|_| bad("version"))?,
            created: take("made_at")?,
            predecessor: take("predecessor").ok(),
            tree: tree.map(|(root, leaves)| TreeHead { root, leaves }),
            salt: salt.ok_or_else(|| bad("salt"))?,
            files: files.into_values().collect(),
            tags,
            uids,
        };
        SignedSet::rebuild(&set, &Seal { public_key: take("public_key")?, value: take("signature")? })
    }

    fn push(&mut self, kind: &str, key: &str, value: String) {
        self.lines.push(Line { kind: kind.to_owned(), key: key.to_owned(), value });
    }
}

/// Whether the bytes begin with a line of a table.
pub(in crate::removal) fn is_json_lines(bytes: &[u8]) -> bool {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    serde_json::from_slice::<Line>(first).is_ok()
}

pub(in crate::removal) fn of_json_lines(bytes: &[u8]) -> Result<Table, RemovalError> {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let lines = lines.map(serde_json::from_slice).collect::<Result<_, _>>();
    Ok(Table { lines: lines.map_err(|error| RemovalError::NotTheSet(error.to_string()))? })
}

pub(in crate::removal) fn of_csv(bytes: &[u8]) -> Result<Table, RemovalError> {
    let lines = csv::Reader::from_reader(bytes).into_deserialize().collect::<Result<_, _>>();
    Ok(Table { lines: lines.map_err(|error| RemovalError::NotTheSet(error.to_string()))? })
}

pub(in crate::removal) fn of_parquet(path: &Path) -> Result<Table, RemovalError> {
    let source = Source { path: path.to_owned(), name: String::new(), format: Format::Parquet, bytes: 0 };
    let mut lines = Lines::default();
    source.read(&mut lines)?;
    match lines.bad {
        0 => Ok(lines.table),
        bad => Err(RemovalError::NotTheSet(format!("{bad} rows of the table are not kind, key and value."))),
    }
}

/// Takes the lines of a table that is read as a manifest.
#[derive(Default)]
struct Lines {
    table: Table,
    bad: u64,
}

impl Sink for Lines {
    fn record(&mut self, record: Record) -> ControlFlow<()> {
        let text = |name: &str| record.value(name).and_then(Value::as_text).map(std::borrow::Cow::into_owned);
        match (text("kind"), text("key"), text("value")) {
            (Some(kind), Some(key), Some(value)) => self.table.lines.push(Line { kind, key, value }),
            _ => self.bad += 1,
        }
        ControlFlow::Continue(())
    }

    fn reject(&mut self, _row: u64, _reason: &'static str, _detail: String) -> ControlFlow<()> {
        self.bad += 1;
        ControlFlow::Continue(())
    }

    fn progress(&mut self, _bytes: u64) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::signing::PrivateKey;
    use crate::removal::export::{ExportFormat, export};
    use crate::removal::set_file::SetFile;
    use crate::removal::tests_support::{granted, set_of};

    fn signed() -> SignedSet {
        let rows: Vec<_> = (0..30).map(granted).collect();
        let mut set = set_of(&rows);
        set.tree = Some(TreeHead { root: "ef".repeat(32), leaves: 64 });
        SignedSet::sign(&set, &PrivateKey::from_seed(&[4; 32])).unwrap()
    }

    #[test]
    fn every_form_of_a_set_is_opened_as_the_same_set() {
        let signed = signed();
        let folder = tempfile::tempdir().unwrap();
        for name in ["json", "jsonl", "csv", "parquet"] {
            let mut bytes = Vec::new();
            export(&signed, ExportFormat::from_name(name).unwrap(), &mut bytes).unwrap();
            let path = folder.path().join(name);
            std::fs::write(&path, &bytes).unwrap();
            assert_eq!(SetFile::open(&path).unwrap(), SetFile::of_signed(signed.clone()), "{name}");
            let mut again = Vec::new();
            export(&signed, ExportFormat::from_name(name).unwrap(), &mut again).unwrap();
            assert_eq!(again, bytes, "{name}");
        }
        let mut bytes = Vec::new();
        export(&signed, ExportFormat::Npy, &mut bytes).unwrap();
        std::fs::write(folder.path().join("npy"), &bytes).unwrap();
        let opened = SetFile::open(&folder.path().join("npy")).unwrap();
        assert_eq!(opened.uids(), signed.set.uids);
        assert!(opened.signed.is_none());
    }

    #[test]
    fn a_table_with_a_row_added_or_left_out_is_refused() {
        let table = Table::of(&signed());
        let row = table.lines.iter().position(|line| line.kind == "row").unwrap();
        let mut less = table.clone();
        less.lines.remove(row);
        assert!(matches!(less.into_set(), Err(RemovalError::NotTheSet(_))));
        let mut more = table.clone();
        more.lines[row].value = "4000".into();
        assert!(matches!(more.into_set(), Err(RemovalError::NotTheSet(_))));
        assert!(table.into_set().is_ok());
    }
}
