//! From a grant to a set, a cleaned manifest, a look at the next release, and a receipt that anybody can check.

use rollcall::evidence::key_ring::KeyRing;
use rollcall::publishing::notices::write_due;
use rollcall::publishing::receipts::receipt;
use rollcall::publishing::versions::Versions;
use rollcall::takedown::accounts::{Account, Role};
use rollcall::takedown::basis::Basis;
use rollcall::takedown::case::{Actor, Decision, RecordRef, TargetState};
use rollcall::takedown::decision::Rows;
use rollcall::takedown::desk::types::DecisionOrder;
use rollcall::takedown::desk::{Desk, DeskConfig, block_on};
use rollcall::takedown::filing::Filing;
use rollcall::takedown::reasons::{Ground, Reasons};
use std::sync::Arc;

use super::support::{Home, NOW_MS, typed};

const ROWS: usize = 40;

fn desk(home: &Home) -> Desk {
    let entropy = |bytes: &mut [u8]| getrandom::fill(bytes).unwrap();
    Desk::open_blocking(DeskConfig::new(home.data(), Arc::new(|| NOW_MS), Arc::new(entropy))).unwrap()
}

fn manifest(home: &Home, name: &str, without: &[usize]) -> std::path::PathBuf {
    let rows: Vec<String> = (0..ROWS)
        .filter(|row| !without.contains(row))
        .map(|row| format!("https://pictures.example/{row}.jpg,a lantern of number{row}"))
        .collect();
    home.file(name, format!("url,caption\n{}\n", rows.join("\n")))
}

/// Files a case over these rows and grants it; gives number and passphrase.
fn granted(home: &Home, desk: &Desk, rows: &[usize]) -> (String, String) {
    let engine = home.engine();
    let reference = |row: &usize| {
        let found = engine.text(&typed(&format!("number{row}"))).unwrap();
        engine.record(&found.hits[0].id).unwrap().reference()
    };
    let records: Vec<RecordRef> = rows.iter().map(reference).collect();
    let filing: Filing =
        serde_json::from_value(serde_json::json!({ "basis": Basis::Plain, "explanation": "They are mine." })).unwrap();
    block_on(async {
        let filed = desk.file(filing, records).await.unwrap();
        let account = staff(desk).await;
        let order = DecisionOrder {
            dataset: "lanterns".to_owned(),
            rows: Rows::All,
            decision: Decision::Granted,
            reasons: Reasons {
                ground: Ground::Terms,
                reference: String::new(),
                explanation: "Granted.".to_owned(),
                facts: "They ask.".to_owned(),
                refusal: None,
            },
            scope: None,
            expected_version: None,
        };
        desk.decide(&account, &filed.case.number, &order).await.unwrap();
        (filed.case.number.clone(), filed.passphrase.clone())
    })
    .unwrap()
}

async fn staff(desk: &Desk) -> Account {
    let known = desk.accounts().await.unwrap();
    match known.into_iter().find(|account| account.name == "mira") {
        Some(account) => account,
        None => desk.add_account("mira", Role::Admin, Vec::new(), "a long enough password").await.unwrap(),
    }
}

#[test]
fn what_is_granted_is_published_taken_out_looked_for_and_proved() {
    let home = Home::new();
    let first = manifest(&home, "r1.csv", &[]);
    home.take_in(&[&first], "lanterns", "r1");
    let desk = desk(&home);
    let (number, passphrase) = granted(&home, &desk, &[3, 17]);
    let set = home.path("set.json");
    let set = set.to_str().unwrap();
    let exported = home.run(&["removals", "export", "lanterns", "--format", "json", "--out", set]).expect(0).json();
    assert_eq!(exported["version"], 1);
    let text = std::fs::read_to_string(set).unwrap();
    assert!(!text.contains("pictures.example") && !text.contains(&number), "a set names nobody");

    let cleaned = home.path("cleaned.csv");
    let applied = home.run(&[
        "removals",
        "apply",
        set,
        "--manifest",
        first.to_str().unwrap(),
        "--out",
        cleaned.to_str().unwrap(),
    ]);
    applied.expect(0);
    assert_eq!(std::fs::read(&cleaned).unwrap(), std::fs::read(manifest(&home, "want.csv", &[3, 17])).unwrap());

    let versions = Versions::new(&home.data());
    let keys = KeyRing::new(&home.data());
    let look = |release: &str, path: &std::path::Path| {
        let path = path.to_str().unwrap();
        let arguments = ["removals", "rescan", path, "--dataset", "lanterns", "--revision", release, "--json"];
        home.run(&arguments).expect(0).json()
    };
    assert_eq!(look("r2", &cleaned)["verified"], 1);
    let case = block_on(desk.case(&number, &passphrase)).unwrap().unwrap();
    assert_eq!(case.targets[0].state, TargetState::Verified);
    let signed = receipt(&case, &case.targets[0], "Lanterns", &keys, &versions).unwrap();
    let file = home.file("receipt.json", signed.bytes());
    let checked = home.run(&["verify", file.to_str().unwrap(), "--json"]).expect(0).json();
    assert_eq!(checked["valid"], true, "{checked}");
    let receipt = String::from_utf8(signed.bytes().to_vec()).unwrap();
    assert!(receipt.contains("absent from release r2"), "{receipt}");
    assert_eq!(receipt.matches("\"leaf\"").count(), 2);
    let broken = receipt.replacen("\"index\":\"", "\"index\":\"1", 1);
    let file = home.file("broken.json", broken);
    home.run(&["verify", file.to_str().unwrap()]).expect(1);

    let log = home.run(&["verify", "--log-of-cases", "--json"]).expect(0).json();
    assert!(log["problem"].is_null() && log["events"].as_u64().is_some_and(|events| events > 3), "{log}");

    // A release that holds a row again opens the case again.
    let back = manifest(&home, "r3.csv", &[17]);
    let report = look("r3", &back);
    assert_eq!((report["reopened"].as_u64(), report["verified"].as_u64()), (Some(1), Some(0)), "{report}");
    let told = || {
        let case = block_on(desk.case(&number, &passphrase)).unwrap().unwrap();
        let signed =
            rollcall::publishing::receipts::receipt(&case, &case.targets[0], "Lanterns", &keys, &versions).unwrap();
        (case.targets[0].state, String::from_utf8(signed.bytes().to_vec()).unwrap())
    };
    let (state, receipt) = told();
    assert_eq!(state, TargetState::InReview);
    assert_eq!(receipt.matches("still there in release r3 (SHA-256 ").count(), 1, "{receipt}");
    assert_eq!(receipt.matches("absent from release r3 (SHA-256 ").count(), 1, "the other row is not in it: {receipt}");
    assert_eq!(told().1, receipt, "the same state is the same file");

    // One that does not closes it.
    let report = look("r4", &cleaned);
    assert_eq!((report["reopened"].as_u64(), report["verified"].as_u64()), (Some(0), Some(1)), "{report}");
    let (state, receipt) = told();
    assert_eq!(state, TargetState::Verified);
    assert_eq!(receipt.matches("absent from release r4").count(), 2, "{receipt}");
}

#[test]
fn a_receipt_never_calls_absent_what_could_not_be_told() {
    let home = Home::new();
    let first = manifest(&home, "r1.csv", &[]);
    home.take_in(&[&first], "lanterns", "r1");
    let desk = desk(&home);
    let (number, passphrase) = granted(&home, &desk, &[3, 17]);
    let set = home.path("set.json");
    home.run(&["removals", "export", "lanterns", "--format", "json", "--out", set.to_str().unwrap()]).expect(0);
    // One row stands in what can be read; of the other file nothing can be compared.
    let back = manifest(&home, "r2.csv", &[17]);
    let silent = home.file("captions.csv", "caption\na lantern of number17\n");
    let paths = [back.to_str().unwrap(), silent.to_str().unwrap()];
    let more = ["--dataset", "lanterns", "--revision", "r2", "--json"];
    let report = home.run(&[&["removals", "rescan"][..], &paths, &more].concat()).expect(0).json();
    assert_eq!(report["reopened"], 1, "{report}");
    let case = block_on(desk.case(&number, &passphrase)).unwrap().unwrap();
    let (keys, versions) = (KeyRing::new(&home.data()), Versions::new(&home.data()));
    let signed = receipt(&case, &case.targets[0], "Lanterns", &keys, &versions).unwrap();
    let receipt = String::from_utf8(signed.bytes().to_vec()).unwrap();
    assert_eq!(receipt.matches("still there in release r2").count(), 1, "{receipt}");
    assert_eq!(receipt.matches("it could not be told whether it is in release r2").count(), 1, "{receipt}");
    assert_eq!(receipt.matches("absent from release").count(), 0, "{receipt}");
}

#[test]
fn a_list_without_uids_says_so_and_is_not_applied() {
    let home = Home::new();
    let first = manifest(&home, "r1.csv", &[]);
    home.take_in(&[&first], "lanterns", "r1");
    granted(&home, &desk(&home), &[1]);
    let (list, out) = (home.path("set.npy"), home.path("of_list.csv"));
    let list = list.to_str().unwrap();
    let listed = home.run(&["removals", "export", "lanterns", "--format", "npy", "--out", list]).expect(0).json();
    assert!(listed["note"].as_str().unwrap().contains("the list is empty"), "{listed}");
    let refused =
        home.run(&["removals", "apply", list, "--manifest", first.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(refused.expect(1).stderr.contains("holds none") && !out.exists());
}

#[test]
fn a_version_follows_what_was_decided_and_names_the_one_before() {
    let home = Home::new();
    let first = manifest(&home, "r1.csv", &[]);
    home.take_in(&[&first], "lanterns", "r1");
    let desk = desk(&home);
    let out = home.path("set.npy");
    let export = || {
        let arguments = ["removals", "export", "lanterns", "--format", "jsonl", "--out", out.to_str().unwrap()];
        home.run(&arguments)
    };
    assert_eq!(export().code, 1, "nothing was granted yet");
    granted(&home, &desk, &[1]);
    assert_eq!(export().expect(0).json()["version"], 1);
    assert_eq!(export().expect(0).json()["version"], 1, "nothing new was decided");
    granted(&home, &desk, &[2, 5]);
    assert_eq!(export().expect(0).json()["version"], 2);
    let listed = home.run(&["removals", "list", "lanterns", "--json"]).expect(0).json();
    assert_eq!(listed[1]["predecessor"], listed[0]["sha256"]);
    assert_eq!(listed[0]["leaves"], listed[1]["leaves"], "the number of leaves does not count people");
    let old = ["removals", "export", "lanterns", "--version", "1", "--format", "json", "--out"];
    let path = home.path("old.json");
    home.run(&[&old[..], &[path.to_str().unwrap()]].concat()).expect(0);
    assert_eq!(super::support::sha256_hex(&std::fs::read(path).unwrap()), listed[0]["sha256"].as_str().unwrap());
}

#[test]
fn recipients_are_told_of_the_version_that_will_hold_a_grant_and_of_its_digest_once_it_is_signed() {
    let home = Home::new();
    let first = manifest(&home, "r1.csv", &[]);
    home.take_in(&[&first], "lanterns", "r1");
    let desk = desk(&home);
    let versions = Versions::new(&home.data());
    let due = || block_on(write_due(&desk, &versions)).unwrap().unwrap();
    let publish = || {
        let out = home.path("set.json");
        let arguments = ["removals", "export", "lanterns", "--format", "json", "--out", out.to_str().unwrap()];
        home.run(&arguments).expect(0);
    };
    block_on(desk.add_recipient("lanterns", "Lab of Tides", "data@tides.example", &Actor::Portal)).unwrap().unwrap();
    assert_eq!(due(), 0, "nothing was granted yet");
    granted(&home, &desk, &[1]);
    assert_eq!((due(), due()), (1, 0));
    granted(&home, &desk, &[2]);
    assert_eq!(due(), 0, "the same version will hold it");
    publish();
    assert_eq!(due(), 0);
    granted(&home, &desk, &[3]);
    assert_eq!((due(), due()), (1, 0), "that one is in the next version");
    publish();
    assert_eq!(due(), 0);
    block_on(desk.add_recipient("lanterns", "Noor", "noor@example.org", &Actor::Portal)).unwrap().unwrap();
    assert_eq!(due(), 1, "who is registered later is told of the version that holds now");
    let admin = block_on(staff(&desk)).unwrap();
    let (_, notices) = block_on(desk.recipients_of(&admin)).unwrap().unwrap();
    let told: Vec<_> = notices.iter().map(|notice| (notice.version, notice.digest.clone())).collect();
    let digests: Vec<_> = versions.list("lanterns").unwrap().into_iter().map(|line| line.sha256).collect();
    for (version, digest) in &told {
        assert_eq!(digest.as_ref(), digests.get(*version as usize - 1), "{told:?}");
    }
    assert_eq!(told.len(), 3);
}
