//! The public figures, on the page and as JSON: small counts are hidden in both, and nobody is named.

use serde_json::{Value, json};

use super::cases::{portal, posts};
use super::client::Client;
use super::crawl::check;
use super::data::{GALLERY, POSTS};
use super::openapi::Document;

fn file(client: &Client, name: &str) -> String {
    let body = json!({"basis": "plain", "records": posts(client, 1), "requester": {"name": name}});
    client.post_json("/api/v1/cases", &body).expect(201).json()["number"].as_str().unwrap().to_owned()
}

fn of_dataset<'a>(report: &'a Value, slug: &str) -> &'a Value {
    let all = report["datasets"].as_array().unwrap();
    all.iter().find(|dataset| dataset["dataset"] == slug).unwrap_or_else(|| panic!("{slug}: {report}"))
}

#[test]
fn small_counts_are_hidden_on_the_page_and_in_the_api() {
    let server = portal();
    let client = server.client();
    let number = file(&client, "Ada Lindqvist");
    file(&client, "Bo");
    let answer = client.get("/api/v1/transparency").expect(200);
    Document::fetch().check("/api/v1/transparency", "get", &answer);
    let report = answer.json();
    let posts = of_dataset(&report, POSTS);
    assert_eq!(posts["requests"], json!({"fewer_than": 5}));
    assert_eq!(posts["by_basis"]["plain"], json!({"fewer_than": 5}));
    assert_eq!(posts["by_outcome"]["undecided"], json!({"fewer_than": 5}));
    assert_eq!(posts["by_basis"], of_dataset(&report, GALLERY)["by_basis"], "two and none look alike");
    let page = client.get("/transparency").expect(200).page();
    check(&page);
    assert!(page.words().contains("fewer than five"));
    for told in [answer.text(), page.words()] {
        assert!(!told.contains("Ada") && !told.contains(&number), "{told}");
    }

    for at in 0..4 {
        file(&client, &format!("Person {at}"));
    }
    let report = client.get("/api/v1/transparency?dataset=posts").expect(200).json();
    assert_eq!(report["datasets"].as_array().unwrap().len(), 1);
    let posts = of_dataset(&report, POSTS);
    assert_eq!(posts["by_basis"]["plain"], 6);
    assert_eq!(posts["requests"], json!({"at_least": 6}));
    assert_eq!(posts["by_basis"]["dmca"], json!({"fewer_than": 5}));
    let page = client.get("/transparency?dataset=posts").expect(200).page();
    assert!(page.heading().starts_with("Requests in figures: "));
    assert!(page.texts(".facts tr").iter().any(|line| line == "Not decided yet 6"), "{:?}", page.texts(".facts tr"));
}

#[test]
fn a_dataset_that_is_not_there_has_no_figures() {
    let client = super::server::visitor();
    client.get("/transparency?dataset=none").expect(404);
    client.get("/api/v1/transparency?dataset=none").expect(404);
    client.get("/api/v1/transparency?dataset=").expect(200);
    let page = client.get("/datasets/posts").expect(200).page();
    let link = page.link("figures");
    assert_eq!(link, "/transparency?dataset=posts");
    assert_eq!(page.one("footer a[href='/transparency']").attr("href"), Some("/transparency"));
    client.get(&link).expect(200);
}
