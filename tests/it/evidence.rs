//! Documents saved from a server and checked by the program, offline, byte by byte; keys on the disk.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rollcall::evidence::verify::verify;
use serde_json::json;

use super::support::{Home, Output, Server, finish, program};

const POSTS: &str = "{\"text\": \"boats at dawn \u{6f22}\u{5b57}\", \"author\": \"pell.bsky.social\"}\n";

/// A home with the evidence of its one record and the portal's keys saved as files.
fn with_evidence() -> Home {
    let home = Home::new();
    let posts = home.file("posts.jsonl", POSTS);
    home.run_ingest(&posts, "posts", "1", &[]).expect(0);
    let server = Server::start(&home);
    let found = server.get_json("/api/v1/search?q=boats");
    let id = found["hits"][0]["id"].as_str().unwrap();
    home.file("pack.json", server.get(&format!("/api/v1/records/{id}/evidence")).1);
    home.file("keys.json", server.get("/.well-known/rollcall.json").1);
    home
}

/// `rollcall verify`, with no data directory.
fn check(home: &Home, arguments: &[&str]) -> Output {
    finish(program().arg("verify").args(arguments).current_dir(home.path("")))
}

#[test]
fn a_saved_pack_is_checked_offline_with_and_without_the_portals_keys() {
    let home = with_evidence();
    let alone = check(&home, &["pack.json"]).expect(0).stdout;
    assert!(alone.contains("Valid: this is an evidence pack"), "{alone}");
    assert!(alone.contains("was not compared with the portal's"), "{alone}");
    let compared = check(&home, &["pack.json", "--key", "keys.json"]).expect(0).stdout;
    assert!(compared.contains("which is one of those given"), "{compared}");

    let report = check(&home, &["pack.json", "--key", "keys.json", "--json"]).expect(0).json();
    assert_eq!(report["valid"], true);
    assert_eq!(report["format"], "rollcall-evidence/1");
    assert_eq!(report["key"], "known");
    assert_eq!(report["faults"], json!([]));

    let made = check_key(&home, &["make", "--out", "mine.pem"]).expect(0).stdout;
    let public = &made[made.find("-----BEGIN PUBLIC KEY").unwrap()..];
    home.file("mine.pub", public);
    let other = check(&home, &["pack.json", "--key", "mine.pub"]).expect(1).stdout;
    assert!(other.contains("NOT valid") && other.contains("a key that is not the given one"), "{other}");
}

fn check_key(home: &Home, arguments: &[&str]) -> Output {
    finish(home.command(&["key"]).args(arguments).current_dir(home.path("")))
}

#[test]
fn any_changed_byte_of_a_saved_pack_is_told_with_its_part() {
    let home = with_evidence();
    let pack = fs::read(home.path("pack.json")).unwrap();
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&pack).unwrap();
    for at in 0..pack.len() {
        let mut changed = pack.clone();
        changed[at] = if changed[at] == b'7' { b'8' } else { b'7' };
        let report = verify(&changed, None);
        assert!(!report.valid && !report.faults.is_empty(), "byte {at}");
        // A part whose own name was changed is told under its new name and missed under its old.
        assert!(
            report.faults.iter().any(|fault| members.contains_key(&fault.part) || fault.part == "layout"),
            "byte {at}: {:?}",
            report.faults
        );
    }
    let text = String::from_utf8(pack).unwrap();
    for (from, to, part) in [
        ("boats at dawn", "boats at dusk", "record"),
        ("\"proves\":\"At", "\"proves\":\"It", "meaning"),
        ("\"row\":\"0\"", "\"row\":\"1\"", "record"),
        ("\"program\":\"rollcall", "\"program\":\"rollcalm", "portal"),
        ("{\"coverage", "{ \"coverage", "layout"),
        ("\"value\":\"", "\"value\":\"0", "record"),
        ("\"signature\":{", "\"signature\":(", "signature"),
    ] {
        assert!(text.contains(from), "{from}: {text}");
        home.file("changed.json", text.replacen(from, to, 1));
        let said = check(&home, &["changed.json"]).expect(1).stdout;
        assert!(said.contains("NOT valid"), "{said}");
        let report = check(&home, &["changed.json", "--json"]).expect(1).json();
        assert_eq!(report["faults"][0]["part"], part, "{from}: {report}");
    }
}

#[test]
fn what_cannot_be_checked_is_told() {
    let home = with_evidence();
    assert!(check(&home, &["nowhere.json"]).expect(1).stderr.contains("nowhere.json cannot be read"));
    assert!(check(&home, &["pack.json", "--key", "pack.json"]).expect(1).stderr.contains("no Ed25519 public key"));
    check(&home, &[]).expect(2);
    home.file("picture.jpg", [0xff, 0xd8, 0xff]);
    assert!(check(&home, &["picture.jpg"]).expect(1).stdout.contains("NOT valid"));
}

#[test]
fn the_portals_keys_are_made_at_first_start_and_only_their_owner_can_read_them() {
    let home = with_evidence();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let keys = home.path("data/keys");
    assert_eq!(mode(&keys), 0o700);
    let mut files: Vec<_> = fs::read_dir(&keys).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 3, "{files:?}");
    assert!(files.iter().all(|file| mode(file) == 0o600), "{files:?}");
    let pem = files.iter().find(|file| file.extension().is_some_and(|extension| extension == "pem")).unwrap();
    assert!(fs::read_to_string(pem).unwrap().starts_with("-----BEGIN PRIVATE KEY-----\n"));
}

#[test]
fn keys_are_listed_and_rotated_and_what_was_signed_stays_valid() {
    let home = with_evidence();
    let listed = check_key(&home, &["list", "--json"]).expect(0).json();
    let first = listed["keys"][0]["key_id"].as_str().unwrap().to_owned();
    let new = check_key(&home, &["rotate", "--json"]).expect(0).json();
    assert_ne!(new["key_id"], first.as_str());
    let listed = check_key(&home, &["list"]).expect(0).stdout;
    assert!(listed.contains(&first) && listed.contains("retired") && listed.contains("signs now"), "{listed}");

    let server = Server::start(&home);
    home.file("keys.json", server.get("/.well-known/rollcall.json").1);
    let said = check(&home, &["pack.json", "--key", "keys.json"]).expect(0).stdout;
    assert!(said.contains("was retired since"), "{said}");
    let id = server.get_json("/api/v1/search?q=boats")["hits"][0]["id"].as_str().unwrap().to_owned();
    let pack = server.get_json(&format!("/api/v1/records/{id}/evidence"));
    assert_eq!(pack["signature"]["key_id"], new["key_id"]);
}

#[test]
fn a_key_of_ones_own_is_private_and_never_written_over() {
    let home = Home::new();
    let made = check_key(&home, &["make", "--out", "mine.pem"]).expect(0).stdout;
    assert!(!made.contains("PRIVATE"), "{made}");
    let path = home.path("mine.pem");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let before = fs::read(&path).unwrap();
    assert!(check_key(&home, &["make", "--out", "mine.pem"]).expect(1).stderr.contains("never written over"));
    assert_eq!(fs::read(&path).unwrap(), before);
    assert!(check_key(&home, &["list"]).expect(1).stderr.contains("no signing key yet"));
    check_key(&home, &[]).expect(2);
}
