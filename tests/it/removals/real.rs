//! The manifests of ../shared/data, with every seventh row removed.

use std::path::{Path, PathBuf};

use rollcall::record::Record;
use rollcall::removal::granted::GrantedRow;
use rollcall::removal::identity::RowFacts;

use super::made::{Rows, set_file};
use crate::support::{Home, finish, gzip, program};

const MANIFESTS: [&str; 7] = [
    "manifests/laion_style_url_text_1000.parquet",
    "hf/webdataset_img2dataset_layout/00000.parquet",
    "manifests/cc3m_validation_dev.tsv",
    "manifests/usda_pomological_metadata.csv",
    "manifests/artic_artworks.jsonl",
    "social/bluesky_posts_dev.csv",
    "hf/webdataset_img2dataset_layout/00000.tar",
];

fn data(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if !path.exists() {
        eprintln!("left out: {} is not here", path.display());
        return None;
    }
    Some(path)
}

fn is(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == extension)
}

fn apply(set: &Path, manifest: &Path, out: &Path, more: &[&str]) -> serde_json::Value {
    let mut command = program();
    command.args(["removals", "apply"]).arg(set).arg("--manifest").arg(manifest).arg("--out").arg(out).arg("--json");
    finish(command.args(more)).expect(0).json()
}

fn without_numbers(mut records: Vec<Record>) -> Vec<Record> {
    records.iter_mut().for_each(|record| record.row = 0);
    records
}

/// Does a row share with a granted one something that a set keeps?
fn is_shared(facts: &RowFacts, granted: &[GrantedRow]) -> bool {
    let counter = |id: &str| id.bytes().all(|byte| byte.is_ascii_digit());
    granted.iter().any(|row| {
        facts.urls.iter().any(|url| row.url.as_deref() == Some(url.as_str()))
            || (facts.source_id.is_some()
                && facts.source_id == row.source_id
                && !facts.source_id.as_deref().is_some_and(counter))
            || facts.sha256.iter().any(|digest| row.sha256.as_ref() == Some(digest))
            || facts.md5.iter().any(|digest| row.md5.as_ref() == Some(digest))
    })
}

#[test]
fn real_manifests_lose_exactly_the_removed_rows() {
    for name in MANIFESTS {
        let Some(path) = data(name) else { continue };
        let home = Home::new();
        let rows = Rows::of(&path);
        let in_file = |at: &usize| !is(name, "tar") || rows.records[*at].picture.is_some();
        let granted: Vec<_> = (0..rows.records.len()).step_by(7).filter(in_file).map(|at| rows.granted(at)).collect();
        assert!(!granted.is_empty(), "{name}");
        let set = set_file(&home, &granted);
        // The very file, by row numbers.
        let out = home.path(&rows.name);
        let said = apply(&set, &path, &out, &[]);
        let numbers: Vec<u64> = granted.iter().map(|row| row.row).collect();
        let kept = rows.records.iter().filter(|record| !numbers.contains(&record.row)).cloned().collect();
        assert_eq!(without_numbers(Rows::of(&out).records), without_numbers(kept), "{name}");
        assert_eq!(said["removed_by"], serde_json::json!({"row": numbers.len()}), "{name}");
        assert_eq!(said["output"]["sha256"], Rows::of(&out).digest.sha256.as_str(), "{name}");
        let again = home.path("again");
        apply(&set, &path, &again, &[]);
        assert_eq!(std::fs::read(&again).unwrap(), std::fs::read(&out).unwrap(), "{name}: a second run");
    }
}

#[test]
fn other_copies_of_real_manifests_lose_whatever_is_known_of_the_removed_rows() {
    for name in MANIFESTS {
        let Some(path) = data(name) else { continue };
        let home = Home::new();
        let rows = Rows::of(&path);
        let granted: Vec<_> = (0..rows.records.len()).step_by(7).map(|at| rows.granted(at)).collect();
        let set = set_file(&home, &granted);
        // Another file of the same rows: packed, or for parquet written by somebody else (here: one row shorter).
        let (copy, copied) = if is(name, "parquet") {
            let one = Home::new();
            let last = rows.records.len() - 1;
            let shorter = home.path("copy.parquet");
            apply(&set_file(&one, &[rows.granted(last)]), &path, &shorter, &[]);
            let copied = Rows::of(&shorter);
            (shorter, copied)
        } else {
            let packed = home.file(&format!("copy-{}.gz", rows.name), gzip(&std::fs::read(&path).unwrap()));
            let copied = Rows::of(&packed);
            (packed, copied)
        };
        assert_ne!(copied.digest.sha256, rows.digest.sha256);
        let out = home.path(&format!("out-{}", copied.name));
        let said = apply(&set, &copy, &out, &[]);
        let kept: Vec<Record> = copied
            .records
            .iter()
            .zip(&copied.facts)
            .filter(|(_, facts)| !is_shared(facts, &granted))
            .map(|(record, _)| record.clone())
            .collect();
        assert!(kept.len() < copied.records.len(), "{name}");
        assert_eq!(said["removed"], copied.records.len() - kept.len(), "{name}: {said}");
        assert_eq!(without_numbers(Rows::of(&out).records), without_numbers(kept), "{name}");
    }
}

#[test]
fn a_real_release_is_looked_through_before_and_after() {
    let Some(path) = data("manifests/laion_style_url_text_1000.parquet") else { return };
    let home = Home::new();
    let rows = Rows::of(&path);
    let granted: Vec<_> = [5, 500, 999].map(|at| rows.granted(at)).into();
    let set = set_file(&home, &granted);
    let out = home.path("release-2.parquet");
    apply(&set, &path, &out, &[]);
    let rescan = |path: &Path| {
        let mut command = program();
        finish(command.args(["removals", "rescan", "--json", "--set"]).arg(&set).arg(path)).expect(0).json()
    };
    let before = rescan(&path);
    let places: Vec<_> = before["still_there"].as_array().unwrap().iter().map(|place| place["row"].clone()).collect();
    assert_eq!(places, ["5", "500", "999"]);
    let after = rescan(&out);
    assert_eq!(after["still_there"], serde_json::json!([]));
    assert_eq!(after["files"][0]["rows"], 997);
}
