//! Signed packs in every form, and what checks them.

use rollcall::evidence::key_ring::KeyRing;
use rollcall::evidence::signing::PrivateKey;
use rollcall::evidence::verify::{KeyCheck, KnownKeys, verify};

use super::client::{Answer, Client, MULTIPART, multipart};
use super::data::{GALLERY, picture, smaller_picture, take_in_gallery};
use super::server::{Server, visitor};
use super::surfaces::record_id;
use crate::support::sha256_hex;

/// The address of evidence that a picture match leads to.
pub(super) fn matched_evidence(client: &Client) -> String {
    let found = client.post_pictures("/api/v1/match", &[("a.jpg", &smaller_picture(1))]).expect(200).json();
    let hit = &found["queries"][0]["hits"][0];
    let text = |name: &str| hit[name].as_str().unwrap();
    let (id, by, hash, radius) = (text("id"), text("matched_by"), text("query_hash"), &hit["radius"]);
    format!("/api/v1/records/{id}/evidence?by={by}&hash={hash}&radius={radius}")
}

/// Sends a file through the form of the page.
fn check(client: &Client, file: &[u8]) -> Answer {
    let form = multipart(&[("pack.json", file)]);
    let name = b"name=\"image\"";
    let at = form.windows(name.len()).position(|window| window == name).unwrap();
    let form = [&form[..at], b"name=\"document\"", &form[at + name.len()..]].concat();
    client.post("/verify", &[("content-type", MULTIPART)], &form)
}

#[test]
fn a_pack_tells_the_row_its_place_and_its_match_and_is_valid() {
    let client = visitor();
    let answer = client.get(&matched_evidence(&client)).expect(200);
    assert!(answer.header("content-disposition").unwrap().starts_with("attachment; filename=\"rollcall-evidence-"));
    let pack = answer.json();
    let record = &pack["record"];
    let detail = client.get(&format!("/api/v1/records/{}", record["id"].as_str().unwrap())).expect(200).json();
    for name in ["id", "dataset", "revision", "file", "file_sha256", "row", "caption"] {
        assert_eq!(record[name], detail[name], "{name}");
    }
    assert_eq!(record["dataset"], GALLERY);
    let cells = detail["cells"].as_array().unwrap();
    assert_eq!(record["columns"].as_array().unwrap().len(), cells.len());
    for (column, cell) in record["columns"].as_array().unwrap().iter().zip(cells) {
        assert_eq!((&column["column"], &column["value"]), (&cell["column"], &cell["value"]));
    }
    let matched = &record["matched"];
    assert_eq!(matched["by"], "pdqa");
    let bits = |name: &str| hex::decode(matched[name].as_str().unwrap()).unwrap();
    let differing: u32 = bits("asked").iter().zip(bits("held")).map(|(a, b)| (a ^ b).count_ones()).sum();
    assert_eq!(matched["distance"], differing);
    assert!(differing <= matched["radius"].as_u64().unwrap() as u32);
    assert!(pack["meaning"]["does_not_prove"].as_str().unwrap().contains("does not prove that any model was trained"));
    assert_eq!(pack["coverage"][0]["dataset"], GALLERY);
    assert_eq!(record["index"]["published_at"], "2026-11-21T18:40:00Z");

    let listed = client.get("/.well-known/rollcall.json").expect(200);
    let report = verify(&answer.body, Some(&KnownKeys::read(&listed.text()).unwrap()));
    assert!(report.valid && report.key == KeyCheck::Known, "{:?}", report.sentences());
}

#[test]
fn the_table_and_the_paper_are_those_of_the_signed_pack() {
    let client = visitor();
    let id = record_id(&client);
    let address = format!("/api/v1/records/{id}/evidence");
    let pack = client.get(&address).expect(200).json();
    let table = client.get(&format!("{address}?format=csv")).expect(200);
    assert_eq!(table.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(pack["forms"]["csv_sha256"], sha256_hex(&table.body).as_str());
    assert!(table.text().contains(&id));

    let paper = client.get(&format!("{address}?format=pdf")).expect(200);
    assert_eq!(paper.header("content-type"), Some("application/pdf"));
    assert!(paper.body.starts_with(b"%PDF-"));
    let holds = |part: &[u8]| paper.body.windows(part.len()).position(|window| window == part);
    assert!(holds(id.as_bytes()).is_some());
    // The signed document is inside, byte for byte.
    let start = holds(b"{\"coverage\":").unwrap();
    let attached = paper.body[start..].split_inclusive(|byte| *byte == b'\n').next().unwrap();
    assert!(verify(attached, None).valid);
}

#[test]
fn a_whole_result_is_one_pack_that_says_what_was_asked() {
    let client = visitor();
    let answer = client.get("/api/v1/search/evidence?q=lantern&dataset=posts&lang=de").expect(200);
    let pack = answer.json();
    assert!(verify(&answer.body, None).valid);
    assert_eq!(pack["question"]["q"], "lantern");
    assert_eq!(pack["question"]["filters"]["dataset"][0], "posts");
    assert_eq!(pack["question"]["total"], 9);
    assert_eq!(pack["records"].as_array().unwrap().len(), 9);
    let page = client.get("/search/evidence?q=lantern&dataset=posts&lang=de").expect(200).page();
    assert_eq!(page.heading(), "Evidence: 9 records");
    assert_eq!(page.all(".exhibit").len(), 9);
    assert!(page.words().contains("all of them are in this pack"));
    for words in ["Signed file", "To print", "Table"] {
        client.get(&page.link(words)).expect(200);
    }
    assert!(client.get("/search?q=lantern&dataset=posts").page().link("Evidence").starts_with("/search/evidence?"));
}

#[test]
fn the_page_of_a_record_can_be_printed_and_leads_to_the_files() {
    let client = visitor();
    let id = record_id(&client);
    let evidence = client.get(&format!("/records/{id}")).page().link("Evidence");
    assert_eq!(evidence, format!("/records/{id}/evidence"));
    let page = client.get(&evidence).expect(200).page();
    assert!(page.words().contains(&id));
    assert!(page.words().contains("It does not prove that any model was trained on this row"));
    for (words, kind) in
        [("Signed file", "application/json"), ("To print", "application/pdf"), ("Table", "text/csv; charset=utf-8")]
    {
        assert_eq!(client.get(&page.link(words)).expect(200).header("content-type"), Some(kind));
    }
    let results = client.post_pictures("/image", &[("a.jpg", &picture(0))]).expect(200).page();
    let matched = client.get(&results.link("Evidence")).expect(200).page();
    assert!(matched.words().contains("How it was matched By checksum (SHA256): equal"), "{}", matched.words());
}

#[test]
fn a_match_that_is_none_is_not_signed() {
    let client = visitor();
    let id = record_id(&client);
    let pdqa = client.get(&format!("/api/v1/records/{id}")).json()["hashes"]["pdqa"].as_str().unwrap().to_owned();
    let far: String = pdqa.chars().map(|digit| if digit == '0' { 'f' } else { '0' }).collect();
    let asked = |query: &str| client.get(&format!("/api/v1/records/{id}/evidence?{query}"));
    asked(&format!("by=pdqa&hash={pdqa}&radius=0")).expect(200);
    for (query, says) in [
        (format!("by=pdqa&hash={far}&radius=31"), "they are no match"),
        (format!("by=pdqa&hash={}", &pdqa[..62]), "64 hexadecimal digits"),
        (format!("by=sha256&hash={}", "0".repeat(64)), "no sha256 that could be compared"),
        (format!("by=phash&hash={}", "0".repeat(16)), "no phash that could be compared"),
        (format!("by=nonsense&hash={pdqa}"), "no kind of fingerprint"),
        ("by=pdqa".to_owned(), "go together"),
        (format!("by=pdqa&hash={pdqa}&radius=64"), "0 to 63"),
    ] {
        let detail = asked(&query).expect(400).json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(says), "{query}: {detail}");
    }
}

#[test]
fn the_server_checks_a_file_where_the_browser_cannot() {
    let client = visitor();
    let pack = client.get(&format!("/api/v1/records/{}/evidence", record_id(&client))).expect(200);
    let page = check(&client, &pack.body).expect(200).page();
    assert_eq!(page.texts("#answer h2"), ["Valid"]);
    assert!(page.words().contains("signed by this portal’s key"));

    let changed = pack.text().replace("plate 0", "plate 1");
    let page = check(&client, changed.as_bytes()).expect(200).page();
    assert_eq!(page.texts("#answer h2"), ["Not valid"]);
    assert!(page.texts("#answer p").contains(&"“record” was changed.".to_owned()), "{}", page.words());

    let other = rollcall::evidence::pack::Pack::default().sign(&PrivateKey::from_seed(&[9; 32])).unwrap();
    let page = check(&client, other.bytes()).expect(200).page();
    assert_eq!(page.texts("#answer h2"), ["Unchanged, but not signed by this portal"]);

    let page = check(&client, b"<b>no document").expect(200).page();
    assert_eq!(page.texts("#answer h2"), ["Not valid"]);
    assert!(check(&client, b"").expect(400).page().words().contains("Choose the file to check"));
    assert!(check(&client, &vec![b' '; 3 << 20]).expect(400).page().words().contains("rollcall verify FILE"));
}

#[test]
fn a_key_rotated_while_the_server_runs_signs_from_then_on_and_the_old_one_stays_listed() {
    let sources = tempfile::tempdir().unwrap();
    let server = Server::own(|data| take_in_gallery(data, sources.path()));
    let client = server.client();
    let evidence = format!("/api/v1/records/{}/evidence", record_id(&client));
    let before = client.get(&evidence).expect(200);
    let new = KeyRing::new(server.data()).rotate(&[8; 32], 1_795_300_000_001).unwrap();
    let after = client.get(&evidence).expect(200);
    assert_eq!(after.json()["signature"]["key_id"], new.key_id.as_str());
    let listed = client.get("/.well-known/rollcall.json").expect(200);
    assert_eq!(listed.json()["keys"].as_array().unwrap().len(), 2);
    let known = KnownKeys::read(&listed.text()).unwrap();
    let old = verify(&before.body, Some(&known));
    assert!(old.valid && old.key == KeyCheck::Retired, "{:?}", old.sentences());
    assert!(verify(&after.body, Some(&known)).valid);
    let page = check(&client, &before.body).expect(200).page();
    assert!(page.words().contains("was retired since"), "{}", page.words());
}
