//! Files of every format applied to and read back; parquet against random nested files.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use roaring::RoaringBitmap;

use super::*;
use crate::evidence::signing::PrivateKey;
use crate::manifest::discover;
use crate::manifest::tests_support::{gzip, read_source, tar_of, zstd};
use crate::record::Record;
use crate::removal::granted::GrantedRow;
use crate::removal::identity::Identity;
use crate::removal::set::{RemovalSet, SetInput};
use crate::removal::signed::SignedSet;
use crate::timestamp::Timestamp;

mod both_ways;
mod random_parquet;
mod rewritten;

/// A set that grants rows of `file`; `knows_file` says whether by their numbers or only by what they hold.
fn set_for(file: &Path, rows: &[u64], knows_file: bool) -> SetFile {
    set_with(file, rows, knows_file, ColumnHints::default())
}

fn set_with(file: &Path, rows: &[u64], knows_file: bool, hints: ColumnHints<'_>) -> SetFile {
    let source = discover(&[file.to_owned()]).unwrap().remove(0);
    let identity = Identity::find(&source, hints).unwrap();
    let read = read_source(&source);
    let sha256 = if knows_file { read.end.unwrap().sha256 } else { String::new() };
    let granted: Vec<GrantedRow> = read
        .records
        .iter()
        .filter(|record| rows.contains(&record.row))
        .map(|record| {
            let facts = identity.facts(record, None);
            GrantedRow {
                dataset: "seen".into(),
                revision: "r1".into(),
                file: source.name.clone(),
                file_sha256: sha256.clone(),
                row: record.row,
                url: facts.urls.first().map(|url| url.as_str().to_owned()),
                source_id: facts.source_id,
                sha256: facts.sha256.first().cloned(),
                md5: facts.md5.first().cloned(),
                codes: facts.codes,
            }
        })
        .collect();
    assert_eq!(granted.len(), rows.len());
    let set = RemovalSet::build(&SetInput {
        dataset: "seen",
        version: 1,
        created_at: Timestamp::from_millis(1_795_000_000_000),
        predecessor: None,
        tree: None,
        rows: &granted,
        entropy: [3; 32],
    });
    SetFile::of_signed(SignedSet::sign(&set.unwrap(), &PrivateKey::from_seed(&[4; 32])).unwrap())
}

/// A set that takes out nothing.
fn set_for_nothing() -> SetFile {
    let set = RemovalSet::build(&SetInput {
        dataset: "seen",
        version: 1,
        created_at: Timestamp::from_millis(0),
        predecessor: None,
        tree: None,
        rows: &[],
        entropy: [3; 32],
    });
    SetFile::of_signed(SignedSet::sign(&set.unwrap(), &PrivateKey::from_seed(&[4; 32])).unwrap())
}

fn run(set: &SetFile, manifest: &Path, out: &Path, mode: Mode) -> Result<Applied, RemovalError> {
    let hints = ColumnHints::default();
    apply(&ApplyRequest { set, manifest, out, mode, hints, codes: None, threads: 2, thorough: false })
}

/// Rows without their numbers.
fn rows_of(path: &Path) -> Vec<Record> {
    let mut read = read_source(&discover(&[path.to_owned()]).unwrap()[0]);
    assert!(read.end.is_ok());
    read.records.iter_mut().for_each(|record| record.row = 0);
    read.records
}

struct Case {
    folder: tempfile::TempDir,
    manifest: PathBuf,
}

impl Case {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let manifest = folder.path().join(name);
        fs::write(&manifest, bytes).unwrap();
        Self { folder, manifest }
    }

    fn out(&self) -> PathBuf {
        let name = self.manifest.file_name().unwrap().to_str().unwrap();
        self.folder.path().join(format!("out-{name}"))
    }

    /// Applies both ways and compares with the input's rows; gives the bytes of the output.
    fn check(&self, removed: &[u64]) -> Vec<u8> {
        let mut expected = rows_of(&self.manifest);
        let mut row = 0;
        expected.retain(|_| {
            row += 1;
            !removed.contains(&(row - 1))
        });
        let mut outputs = Vec::new();
        for knows_file in [true, false] {
            let set = set_for(&self.manifest, removed, knows_file);
            let applied = run(&set, &self.manifest, &self.out(), Mode::Drop).unwrap();
            assert_eq!(rows_of(&self.out()), expected, "{}", self.manifest.display());
            assert_eq!(applied.found.rows.len(), removed.len() as u64);
            assert_eq!(applied.rows_out, expected.len() as u64);
            assert_eq!(applied.rows_in, applied.rows_out + removed.len() as u64);
            let bytes = fs::read(self.out()).unwrap();
            assert_eq!(applied.output.sha256, sha256(&bytes));
            outputs.push(bytes);
        }
        assert_eq!(outputs[0], outputs[1]);
        outputs.remove(0)
    }

    fn blank(&self, removed: &[u64]) -> Vec<u8> {
        run(&set_for(&self.manifest, removed, true), &self.manifest, &self.out(), Mode::Blank).unwrap();
        fs::read(self.out()).unwrap()
    }
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}

const CSV: &str = "\u{feff}url,caption\r\nhttps://a.example/0,\"a, \"\"b\"\"\r\nc\"\r\nhttps://a.example/1,one\r\n\r\n\
                   https://a.example/2,two\r\nhttps://a.example/3,three\r\n";

#[test]
fn what_stays_of_a_table_is_not_one_byte_different() {
    let case = Case::new("a.csv", CSV.as_bytes());
    let out = case.check(&[0, 2]);
    let kept = "\u{feff}url,caption\r\nhttps://a.example/1,one\r\n\r\nhttps://a.example/3,three\r\n";
    assert_eq!(String::from_utf8(out).unwrap(), kept);
    let blanked = String::from_utf8(case.blank(&[0, 3])).unwrap();
    assert_eq!(blanked, "\u{feff}url,caption\r\n,\r\nhttps://a.example/1,one\r\n\r\nhttps://a.example/2,two\r\n,\r\n");
}

#[test]
fn packed_tables_stay_packed_and_rows_that_cannot_be_read_stay_where_they_are() {
    let tsv =
        "a dog\thttps://a.example/0\na \"cat\thttps://a.example/1\n\"x\thttps://a.example/2\nlast\thttps://a.example/3";
    for (name, bytes) in [("a.tsv.gz", gzip(tsv.as_bytes())), ("a.tsv.zst", zstd(tsv.as_bytes()))] {
        let out = Case::new(name, &bytes).check(&[1]);
        assert_eq!(out[..2], bytes[..2], "{name}");
    }
    let jsonl =
        "{\"url\": \"https://a.example/0\", \"n\": 1}\nnot json\n\n{ \"url\":\"https://a.example/3\",\"n\":[2]}\r\n";
    let case = Case::new("a.jsonl", jsonl.as_bytes());
    let set = set_for(&case.manifest, &[0], false);
    let applied = run(&set, &case.manifest, &case.out(), Mode::Drop).unwrap();
    assert_eq!((applied.rows_in, applied.rows_out, applied.found.unreadable), (3, 2, 1));
    assert_eq!(fs::read_to_string(case.out()).unwrap(), jsonl.split_once('\n').unwrap().1);
    let blanked = String::from_utf8(case.blank(&[2])).unwrap();
    assert!(blanked.ends_with("not json\n\n{\"url\":null,\"n\":null}\r\n"), "{blanked}");
}

#[test]
fn a_shard_loses_all_files_of_a_row_and_nothing_else() {
    let jpeg = b"\xff\xd8\xff\xe0 one";
    let other = b"\xff\xd8\xff\xe0 two";
    let long = format!("{}/0003.jpg", "folder".repeat(30));
    let files: Vec<(&str, &[u8])> = vec![
        ("0001.jpg", jpeg),
        ("0001.json", b"{\"url\":\"https://a.example/1\"}"),
        ("0002.jpg", other),
        ("0002.json", b"{\"url\":\"https://a.example/2\"}"),
        (&long, b"\xff\xd8\xff\xe0 three"),
    ];
    let tar = tar_of(&files);
    for (name, bytes) in [("a.tar", tar.clone()), ("a.tar.gz", gzip(&tar))] {
        Case::new(name, &bytes).check(&[1]);
    }
    let out = Case::new("b.tar", &tar).check(&[0, 2]);
    assert_eq!(out, tar_of(&files[2..4]));
    let blanked = Case::new("c.tar", &tar).blank(&[0]);
    assert_eq!(blanked, tar_of(&[&[("0001.jpg", &b""[..]), ("0001.json", b"{}")], &files[2..]].concat()));
}

#[test]
fn what_cannot_be_applied_is_refused_and_leaves_nothing() {
    let case = Case::new("a.csv", CSV.as_bytes());
    let set = set_for(&case.manifest, &[0], true);
    let refused = |manifest: &Path, out: &Path| run(&set, manifest, out, Mode::Drop).unwrap_err();
    assert!(matches!(refused(&case.manifest, &case.manifest), RemovalError::OutIsInput));
    assert!(matches!(refused(case.folder.path(), &case.out()), RemovalError::NotOneFile { .. }));
    let colours = case.folder.path().join("colours.csv");
    fs::write(&colours, "edited,distance\na,3\nb,4\n").unwrap();
    assert!(matches!(refused(&colours, &case.out()), RemovalError::NothingToCompare { .. }));
    let lines = case.folder.path().join("one.csv");
    fs::write(&lines, "https://a.example/1\nhttps://a.example/2\nhttps://a.example/3\n").unwrap();
    let set = set_for(&lines, &[1], true);
    assert!(matches!(run(&set, &lines, &case.out(), Mode::Blank), Err(RemovalError::CannotBlank { row: 1, .. })));
    assert_eq!(fs::read_dir(case.folder.path()).unwrap().count(), 3);
}

#[test]
fn a_set_of_nothing_gives_the_same_table_back() {
    let case = Case::new("a.csv", CSV.as_bytes());
    assert_eq!(case.check(&[]), CSV.as_bytes());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_parquet_without_some_rows_is_its_other_rows(seed in any::<u64>(), layout in random_parquet::layout()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        random_parquet::write(&path, seed, &layout);
        let rows = random_parquet::some_rows(seed, &layout);
        let (dropped, again) = (folder.path().join("b.parquet"), folder.path().join("c.parquet"));
        rewritten::rewrite(&path, &dropped, &rows, Mode::Drop);
        rewritten::rewrite(&path, &again, &rows, Mode::Drop);
        prop_assert_eq!(fs::read(&dropped).unwrap(), fs::read(&again).unwrap());
        rewritten::compare(&path, &dropped, &rows);
    }
}

#[test]
fn a_blanked_parquet_row_is_null_where_it_may_be_and_empty_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let (path, out) = (folder.path().join("a.parquet"), folder.path().join("b.parquet"));
    let layout = random_parquet::Layout { rows: 50, group: 20, ..random_parquet::Layout::default() };
    random_parquet::write(&path, 5, &layout);
    rewritten::rewrite(&path, &out, &RoaringBitmap::from_iter([0, 19, 33]), Mode::Blank);
    let (before, after) = (rewritten::rows(&path), rewritten::rows(&out));
    for (row, (before, after)) in before.iter().zip(&after).enumerate() {
        if [0, 19, 33].contains(&row) {
            assert_eq!(after, random_parquet::EMPTY, "row {row}");
        } else {
            assert_eq!(before, after, "row {row}");
        }
    }
    assert_eq!(before.len(), after.len());
}
