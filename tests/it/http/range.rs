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
    let address =
        |hit: &serde_json::Value| NormalizedUrl::parse(hit["url"].as_str().filter(|url| url.contains("://"))?);
    let url = hits.iter().find_map(address).unwrap();
    let digest = sha256_hex(url.as_str().as_bytes());
    assert!(ask(&client, "url", &digest).contains_key(&digest), "{}", url.as_str());
    let digest = sha256_hex(b"@ada.bsky.social");
    let of_ada = client.search("/api/v1/search", &[("q", "author:ada.bsky.social")]).expect(200).json();
    let found = ask(&client, "identifier", &digest)[&digest].clone();
    let counted: u64 = found.as_object().unwrap().values().map(|n| n.as_str().unwrap().parse::<u64>().unwrap()).sum();
    assert!(counted > 0 && Some(counted) == of_ada["total"].as_u64(), "{found}");
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
