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
        matched: Some(Matched { by: "pdqa".into(), asked: "00".into(), held: "01".into(), distance: 1, radius: 31 }),
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
            let around: Vec<_> = places.iter().filter(|(_, place)| place.start <= at + 1 && at <= place.end).collect();
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
