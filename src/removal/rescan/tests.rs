//! Granted rows looked for in small releases.

use std::path::PathBuf;

use super::*;
use crate::hash_code::{HashCode, HashKind};
use crate::removal::granted::GrantedRow;

fn granted(row: u64, url: Option<&str>, id: Option<&str>) -> GrantedRow {
    GrantedRow {
        dataset: "seen".into(),
        revision: "r1".into(),
        file: "a.csv".into(),
        file_sha256: "00".repeat(32),
        row,
        url: url.map(str::to_owned),
        source_id: id.map(str::to_owned),
        sha256: None,
        md5: None,
        codes: Vec::new(),
    }
}

fn rescan_files(granted: &[GrantedRow], files: &[(&str, &[u8])], codes: Option<PictureCodes<'_>>) -> RescanReport {
    let folder = tempfile::tempdir().unwrap();
    let mut paths: Vec<PathBuf> = Vec::new();
    for (name, bytes) in files {
        paths.push(folder.path().join(name));
        std::fs::write(paths.last().unwrap(), bytes).unwrap();
    }
    rescan(granted, &RescanRequest { paths: &paths, hints: ColumnHints::default(), codes }).unwrap()
}

fn fates(report: &RescanReport) -> Vec<&'static str> {
    report.rows.iter().map(|row| row.fate.name()).collect()
}

const RELEASE: &[u8] =
    b"url,caption\nhttps://a.example/0.jpg,x\nhttps://www.a.example/1.jpg#f,y\nhttps://a.example/2.jpg,z\n";

#[test]
fn a_row_is_still_there_or_moved_or_gone() {
    let rows = [
        granted(0, Some("a.example/0.jpg"), None),
        granted(7, Some("a.example/1.jpg"), None),
        granted(2, Some("a.example/gone.jpg"), None),
    ];
    let report = rescan_files(&rows, &[("a.csv", RELEASE)], None);
    assert_eq!(fates(&report), ["still_there", "moved", "gone"]);
    assert_eq!(report.counts, BTreeMap::from([("cannot_tell", 0), ("gone", 1), ("moved", 1), ("still_there", 1)]));
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["rows"][1]["found"], serde_json::json!({"file": "a.csv", "row": "1", "by": "url"}));
    assert_eq!(json["rows"][2]["looked_by"], serde_json::json!(["url"]));
    assert_eq!(report.files[0].sha256.len(), 64);
}

#[test]
fn what_a_release_cannot_be_asked_for_cannot_be_told() {
    let by_id = granted(0, None, Some("7d9f-aa"));
    let by_nothing = granted(1, None, None);
    let report = rescan_files(&[by_id, by_nothing], &[("a.csv", RELEASE)], None);
    assert_eq!(fates(&report), ["cannot_tell", "cannot_tell"]);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["rows"][0]["reason"], "a.csv has no source_id to look for");
    // One file that cannot be read is enough not to know.
    let url = granted(9, Some("a.example/gone.jpg"), None);
    let cut = [b"PAR1".as_slice(), &[0; 64]].concat();
    let report = rescan_files(&[url], &[("a.csv", RELEASE), ("b.parquet", &cut)], None);
    assert_eq!(fates(&report), ["cannot_tell"]);
    assert!(report.files[1].problem.is_some());
}

#[test]
fn the_very_file_a_row_was_granted_in_still_holds_it() {
    use sha2::Digest as _;
    let mut row = granted(1, None, None);
    row.file_sha256 = hex::encode(sha2::Sha256::digest(RELEASE));
    let report = rescan_files(&[row], &[("renamed.csv", RELEASE)], None);
    assert_eq!(fates(&report), ["still_there"]);
}

#[test]
fn a_picture_is_found_by_its_bytes_and_by_a_near_code() {
    use crate::manifest::tests_support::{JPEG, tar_of};
    use md5::Digest as _;
    let tar = tar_of(&[("1.jpg", JPEG), ("2.jpg", b"\xff\xd8\xff\xe0 another")]);
    let mut same = granted(5, None, None);
    same.md5 = Some(hex::encode(md5::Md5::digest(JPEG)));
    let mut near = granted(6, None, None);
    near.codes = vec![HashCode::new(HashKind::Pdqa, &[0x0f; 32]).unwrap()];
    let mut far = granted(7, None, None);
    far.codes = vec![HashCode::new(HashKind::Pdqa, &[0x3c; 32]).unwrap()];
    let codes = |bytes: &[u8]| {
        let mut code = [0x0f; 32];
        code[3] ^= 0x11;
        let is_other = bytes.ends_with(b"another");
        if is_other { vec![HashCode::new(HashKind::Pdqa, &code).unwrap()] } else { Vec::new() }
    };
    let report = rescan_files(&[same, near, far], &[("a.tar", &tar)], Some(&codes));
    assert_eq!(fates(&report), ["moved", "moved", "gone"]);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["rows"][0]["found"]["by"], "md5");
    assert_eq!(
        json["rows"][1]["found"],
        serde_json::json!({"file": "a.tar", "row": "1", "by": "picture", "distance": 2})
    );
}
