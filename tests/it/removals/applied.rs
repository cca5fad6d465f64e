//! The command line of `removals`: attestations, forms of a set, refusals.

use std::path::Path;

use rollcall::evidence::signing::PrivateKey;
use rollcall::evidence::verify::{KnownKeys, verify};

use super::made::{Rows, set_file, signed};
use crate::support::{Home, Output, finish, program, sha256_hex};

const UIDS: &str = "uid,url,text\n\
    ffffffffffffffff0000000000000001,https://a.example/0.jpg,zero\n\
    00000000000000020000000000000003,https://a.example/1.jpg,one\n\
    00000000000000020000000000000001,https://a.example/2.jpg,two\n\
    0000000000000000ffffffffffffffff,https://a.example/3.jpg,three\n";

fn removals(arguments: &[&str]) -> Output {
    finish(program().arg("removals").args(arguments))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn an_attestation_says_what_was_done_and_is_signed_with_the_maintainers_key() {
    let home = Home::new();
    let manifest = home.file("part.csv", UIDS);
    let rows = Rows::of(&manifest);
    let set = set_file(&home, &[rows.granted(1)]);
    let key = PrivateKey::from_seed(&[77; 32]);
    let pem = home.file("mine.pem", key.to_pem().unwrap());
    let out = home.path("clean.csv");
    let arguments =
        ["apply", text(&set), "--manifest", text(&manifest), "--out", text(&out), "--key", text(&pem), "--json"];
    let said = removals(&arguments).expect(0).json();
    let file = std::fs::read(home.path("clean.csv.attestation.json")).unwrap();
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&file).unwrap(), said);
    let keys = KnownKeys::read(&key.public().to_pem().unwrap()).unwrap();
    let report = verify(&file, Some(&keys));
    assert!(report.valid, "{:?}", report.sentences());
    assert_eq!(said["input"]["sha256"], sha256_hex(UIDS.as_bytes()).as_str());
    assert_eq!(said["output"]["sha256"], sha256_hex(&std::fs::read(&out).unwrap()).as_str());
    let counts = [&said["rows_in"], &said["removed"], &said["rows_out"]].map(|count| count.as_u64().unwrap());
    assert_eq!(counts, [4, 1, 3]);
    assert_eq!((&said["mode"], &said["set"]["version"]), (&"drop".into(), &1.into()));
    let mut changed = file;
    let at = changed.windows(12).position(|window| window == b"\"rows_out\":3").unwrap() + 11;
    changed[at] = b'4';
    assert!(!verify(&changed, Some(&keys)).valid);
}

#[test]
fn every_form_of_a_set_removes_the_same_rows() {
    let home = Home::new();
    let manifest = home.file("part.csv", UIDS);
    let rows = Rows::of(&manifest);
    let set = set_file(&home, &[rows.granted(0), rows.granted(2)]);
    let expected =
        UIDS.lines().enumerate().filter(|(line, _)| ![1, 3].contains(line)).map(|(_, line)| format!("{line}\n"));
    let expected: String = expected.collect();
    for format in ["json", "jsonl", "csv", "parquet", "npy"] {
        let form = home.path(&format!("set.{format}"));
        removals(&["export", "--set", text(&set), "--format", format, "--out", text(&form)]).expect(0);
        let out = home.path(&format!("out-{format}.csv"));
        removals(&["apply", text(&form), "--manifest", text(&manifest), "--out", text(&out)]).expect(0);
        assert_eq!(std::fs::read_to_string(&out).unwrap(), expected, "{format}");
    }
    let npy = std::fs::read(home.path("set.npy")).unwrap();
    // Sorted by the first half, then the second.
    let data: Vec<u64> = npy[128..].as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect();
    assert_eq!(data, [2, 1, u64::MAX, 1]);
}

#[test]
fn what_is_no_set_or_was_changed_is_refused_and_nothing_is_written() {
    let home = Home::new();
    let manifest = home.file("part.csv", UIDS);
    let signed = signed(&[Rows::of(&manifest).granted(0)]);
    let mut changed = signed.bytes().to_vec();
    let at = changed.windows(8).rposition(|window| window == b"\"uids\":\"").unwrap() + 8;
    changed[at] ^= 1;
    let (out, changed) = (home.path("out.csv"), home.file("changed.json", changed));
    for (set, code, says) in [(&changed, 1, "uids"), (&manifest, 1, "no removal set"), (&out, 1, "out.csv")] {
        let refused = removals(&["apply", text(set), "--manifest", text(&manifest), "--out", text(&out)]).expect(code);
        assert!(refused.stderr.contains(says), "{}", refused.stderr);
    }
    let set = home.file("set.json", signed.bytes());
    removals(&["export", "--set", text(&set), "--format", "xml", "--out", text(&out)]).expect(2);
    let blank = ["apply", text(&set), "--manifest", text(&manifest), "--out", text(&out), "--mode", "burn"];
    removals(&blank).expect(2);
    assert!(!out.exists());
}
