//! A removal set of some rows of a file, made as the portal makes it.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use rollcall::evidence::signing::PrivateKey;
use rollcall::manifest::{Sink, SourceDigest, discover};
use rollcall::record::Record;
use rollcall::removal::granted::GrantedRow;
use rollcall::removal::identity::{ColumnHints, Identity, RowFacts};
use rollcall::removal::set::{RemovalSet, SetInput};
use rollcall::removal::signed::SignedSet;
use rollcall::timestamp::Timestamp;

use crate::support::{Home, NOW_MS};

/// A file's rows with what each is known by.
pub struct Rows {
    pub name: String,
    pub records: Vec<Record>,
    pub facts: Vec<RowFacts>,
    pub digest: SourceDigest,
}

#[derive(Default)]
struct Everything(Vec<Record>);

impl Sink for Everything {
    fn record(&mut self, record: Record) -> ControlFlow<()> {
        self.0.push(record);
        ControlFlow::Continue(())
    }

    fn reject(&mut self, _row: u64, _reason: &'static str, _detail: String) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn progress(&mut self, _bytes: u64) {}
}

impl Rows {
    pub fn of(path: &Path) -> Self {
        let source = discover(&[path.to_owned()]).unwrap().remove(0);
        let mut all = Everything::default();
        let digest = source.read(&mut all).unwrap();
        let identity = Identity::find(&source, ColumnHints::default()).unwrap();
        let facts = all.0.iter().map(|record| identity.facts(record, None)).collect();
        Self { name: source.name, records: all.0, facts, digest }
    }

    pub fn granted(&self, at: usize) -> GrantedRow {
        let facts = &self.facts[at];
        GrantedRow {
            dataset: "real".into(),
            revision: "r1".into(),
            file: self.name.clone(),
            file_sha256: self.digest.sha256.clone(),
            row: self.records[at].row,
            url: facts.urls.first().map(|url| url.as_str().to_owned()),
            source_id: facts.source_id.clone(),
            sha256: facts.sha256.first().cloned(),
            md5: facts.md5.first().cloned(),
            codes: facts.codes.clone(),
        }
    }
}

/// A signed set of these rows.
pub fn signed(granted: &[GrantedRow]) -> SignedSet {
    let set = RemovalSet::build(&SetInput {
        dataset: "real",
        version: 1,
        created_at: Timestamp::from_millis(NOW_MS),
        predecessor: None,
        tree: None,
        rows: granted,
        entropy: [11; 32],
    });
    SignedSet::sign(&set.unwrap(), &PrivateKey::from_seed(&[12; 32])).unwrap()
}

/// The set's file.
pub fn set_file(home: &Home, granted: &[GrantedRow]) -> PathBuf {
    home.file("set.json", signed(granted).bytes())
}
