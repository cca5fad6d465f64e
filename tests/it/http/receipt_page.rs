//! A receipt to read and to print, beside the signed file.

use rollcall::evidence::key_ring::KeyRing;
use rollcall::evidence::verify::verify;
use rollcall::publishing::publish::publish;
use rollcall::publishing::versions::Versions;
use rollcall::takedown::accounts::Role;
use rollcall::takedown::desk::block_on;
use serde_json::json;

use super::cases::{portal, posts};
use super::crawl::check;
use super::data::NOW_MS;
use super::exports::{grant, signed_in};

#[test]
fn a_receipt_is_read_on_a_page_and_carried_away_as_file_and_paper() {
    let server = portal();
    let client = server.client();
    let body = json!({"basis": "plain", "records": posts(&client, 2)});
    let case = client.post_json("/api/v1/cases", &body).expect(201).json();
    let [number, passphrase] = ["number", "passphrase"].map(|name| case[name].as_str().unwrap().to_owned());
    let place = format!("/cases/{number}/receipt");
    client.get(&place).expect(403);
    let entered = client.post_form("/cases", "", &[("number", &number), ("passphrase", &passphrase)]).expect(303);
    let cookie = entered.cookie();
    let get = |place: &str| client.get_with(place, &[("cookie", &cookie)]);
    let page = get(&place).expect(200).page();
    check(&page);
    assert!(page.words().contains("nothing can be proved yet"), "{}", page.words());
    assert!(page.words().contains("What it does not prove."));

    signed_in(&server, "mira", Role::Maintainer);
    grant(&server, &number, "mira", "posts");
    let (keys, versions) = (KeyRing::new(server.data()), Versions::new(server.data()));
    block_on(publish(server.desk(), &keys, &versions, "posts", [3; 32], NOW_MS)).unwrap().unwrap();
    let case_page = get(&format!("/cases/{number}")).expect(200).page();
    let page = get(&case_page.link("Receipt")).expect(200);
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let page = page.page();
    check(&page);
    let words = page.words();
    assert!(words.contains("2 are to be removed, and 2 stand in version 1 of the public removal set."), "{words}");
    assert_eq!(page.all(".exhibit").len(), 2);

    let json = get(&page.link("Signed file")).expect(200);
    assert!(json.header("content-disposition").unwrap().starts_with("attachment"));
    assert!(verify(&json.body, None).valid);
    let digest = crate::support::sha256_hex(&json.body);
    assert!(words.contains(&digest), "the page names the digest of the file that is fetched later: {words}");
    let leaf = json.json()["rows"][0]["proof"]["leaf"].as_str().unwrap().to_owned();
    assert!(words.contains(&leaf), "what stands on the page is what was signed");
    let pdf = get(&page.link("To print")).expect(200);
    assert_eq!(pdf.header("content-type"), Some("application/pdf"));
    assert!(pdf.body.starts_with(b"%PDF-"));
    get(&format!("{place}?dataset=none")).expect(400);
    get(&format!("{place}?format=xml")).expect(400);
}
