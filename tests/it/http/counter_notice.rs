//! A counter-notice by whoever's material was taken down, who has no passphrase.

use serde_json::json;

use super::cases::{portal, posts};
use super::crawl::check;
use super::data::POSTS;

#[test]
fn a_counter_notice_never_tells_which_cases_there_are() {
    let server = portal();
    let client = server.client();
    let case = json!({"basis": "plain", "records": posts(&client, 1)});
    let case = client.post_json("/api/v1/cases", &case).expect(201).json();
    let number = case["number"].as_str().unwrap().to_owned();
    let whole = [
        ("dataset", POSTS),
        ("material", "Row 3"),
        ("explanation", "It is my own picture."),
        ("name", "Grace Holm"),
        ("address", "Quay 9"),
        ("phone", "+1 555 0100"),
        ("perjury", "true"),
        ("jurisdiction", "true"),
        ("signature", "Grace Holm"),
    ];
    let send = |number: &str, fields: &[(&str, &str)]| {
        client.post_form(&format!("/cases/{number}/counter-notice"), "", fields)
    };
    let lacking = send(&number, &whole[..4]).expect(422).page();
    check(&lacking);
    assert!(lacking.words().contains("your signature"), "{}", lacking.words());
    let real = send(&number, &whole).expect(200).page().words();
    let other = send("ZZZZ-ZZZZ", &whole).expect(200).page().words();
    assert_eq!(real.replace(&number, ""), other.replace("ZZZZ-ZZZZ", ""));
}
