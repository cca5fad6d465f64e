//! Look-up by the first digits of a digest.

use std::collections::BTreeMap;

use rollcall::web_address::NormalizedUrl;

use super::client::Client;
use super::data::{GALLERY, picture};
use super::server::visitor;
use crate::support::{md5_hex, sha256_hex};

fn ask(client: &Client, kind: &str, digest: &str) -> BTreeMap<String, serde_json::Value> {
    let answer = client.get(&format!("/api/v1/range/{kind}/{}", &digest[..5])).expect(200);
    assert_eq!(answer.text().len() % 4096, 0, "the length says nothing");
    let found = answer.json();
    assert_eq!((found["kind"].as_str(), found["prefix"].as_str()), (Some(kind), Some(&digest[..5])));
    let pair = |entry: &serde_json::Value| {
        let suffix = entry["suffix"].as_str().unwrap();
        (format!("{}{suffix}", &digest[..5]), entry["datasets"].clone())
    };
    found["suffixes"].as_array().unwrap().iter().map(pair).collect()
}

#[test]
fn a_file_an_address_and_an_account_are_found_by_the_first_digits_of_their_digest() {
    let client = visitor();
    let file = picture(0);
    for (kind, digest) in [("sha256", sha256_hex(&file)), ("md5", md5_hex(&file))] {
        assert_eq!(ask(&client, kind, &digest)[&digest][GALLERY], "1", "{kind}");
    }
    let found = client.search("/api/v1/search", &[("q", "the"), ("limit", "200")]).expect(200).json();
    let hits = found["hits"].as_array().unwrap();
    let url = hits.iter().find_map(|hit| NormalizedUrl::parse(hit["url"].as_str()?)).unwrap();
    let digest = sha256_hex(url.as_str().as_bytes());
    assert!(ask(&client, "url", &digest).contains_key(&digest), "{}", url.as_str());
    let did = hits.iter().find_map(|hit| hit["author"].as_str().filter(|author| author.starts_with("did:"))).unwrap();
    let digest = sha256_hex(did.as_bytes());
    let by_name = client.search("/api/v1/search", &[("q", did)]).expect(200).json();
    let counted: u64 = ask(&client, "identifier", &digest)[&digest]
        .as_object()
        .unwrap()
        .values()
        .map(|n| n.as_str().unwrap().parse::<u64>().unwrap())
        .sum();
    assert_eq!(Some(counted), by_name["total"].as_u64(), "{did}");
}

#[test]
fn what_is_not_five_digits_of_a_known_kind_is_told_so() {
    for path in ["sha256/12", "sha256/123456", "sha256/12g45", "phash/12345", "url/%00%00%00%00%00"] {
        let problem = visitor().get(&format!("/api/v1/range/{path}")).expect(400).json();
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 20), "{path}");
    }
    let nothing = visitor().get("/api/v1/range/sha256/00000").expect(200).json();
    assert_eq!(nothing["suffixes"].as_array().map(Vec::len), Some(0));
}
