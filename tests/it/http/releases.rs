//! A new release, uploaded on the review pages: what is found, who may, what is too large.

use rollcall::takedown::accounts::Role;
use rollcall::takedown::decision::Act;
use rollcall::takedown::desk::block_on;
use serde_json::json;

use super::cases::portal;
use super::client::{Answer, Client, Page};
use super::data::POSTS;
use super::exports::signed_in;
use super::server::Server;

const BOUNDARY: &str = "release-boundary";

/// A form with a dataset, a revision and files.
fn body(dataset: &str, revision: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in [("dataset", dataset), ("revision", revision)] {
        body.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    for (name, bytes) in files {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"release\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

fn upload(client: &Client, cookie: &str, body: &[u8]) -> Answer {
    let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
    client.post("/review/releases", &[("content-type", &media_type), ("cookie", cookie)], body)
}

fn report(client: &Client, cookie: &str, answer: &Answer) -> Page {
    client.get_with(answer.header("location").unwrap(), &[("cookie", cookie)]).expect(200).page()
}

/// A granted and published case over one of the posts; gives its number and the address of the row.
fn granted(server: &Server) -> (String, String) {
    let client = server.client();
    let found = client.search("/api/v1/search", &[("q", "lantern"), ("dataset", POSTS)]).expect(200).json();
    let hit = &found["hits"][0];
    let case = json!({"basis": "plain", "records": [hit["id"]]});
    let case = client.post_json("/api/v1/cases", &case).expect(201).json();
    let number = case["number"].as_str().unwrap().to_owned();
    super::exports::grant(server, &number, "mira", POSTS);
    block_on(server.desk().portal_act(&number, POSTS, Act::Publish { version: 1 })).unwrap().unwrap();
    (number, hit["url"].as_str().unwrap().to_owned())
}

#[test]
fn a_release_is_looked_through_and_its_cases_are_told() {
    let server = portal();
    let client = server.client();
    let cookie = signed_in(&server, "mira", Role::Maintainer);
    let (number, url) = granted(&server);
    let page = client.get_with("/review/releases", &[("cookie", &cookie)]).expect(200).page();
    assert!(page.texts("select option").iter().any(|title| title == "posts"), "{:?}", page.texts("option"));

    let clean = b"url,caption\nhttps://elsewhere.example/1.jpg,another\n";
    let answer = upload(&client, &cookie, &body(POSTS, "r2", &[("rows.csv", clean)])).expect(303);
    let page = report(&client, &cookie, &answer);
    assert!(page.words().contains("None of the rows that are to be removed is in it. 1 file with 1 row read."));
    assert!(page.words().contains("Cases: 1 told that their rows are gone, 0 opened again"), "{}", page.words());
    report(&client, &cookie, &answer);

    let back = format!("url,caption\nhttps://elsewhere.example/1.jpg,another\n{url},back again\n");
    let answer = upload(&client, &cookie, &body(POSTS, "r3", &[("../x/rows.csv", back.as_bytes())])).expect(303);
    let page = report(&client, &cookie, &answer);
    assert!(page.words().contains("1 row is to be removed and still in it."), "{}", page.words());
    assert!(page.words().contains("rows.csv row 1, by url"), "{}", page.words());
    let review = client.get_with(&format!("/review/cases/{number}"), &[("cookie", &cookie)]).expect(200).page();
    assert!(review.words().contains("The release r3 holds 1 row again."));
    let dataset = client.get(&format!("/datasets/{POSTS}")).expect(200).page();
    let told = dataset.words();
    for said in [": it holds rows again that were to be removed.", ": no row that was to be removed was found in it."] {
        assert!(told.contains(said), "{said}: {told}");
    }

    let told = client.get("/api/v1/transparency?dataset=posts").expect(200).json();
    let checks = &told["datasets"][0]["releases_checked"];
    assert_eq!((checks[0]["release"].as_str(), checks[1]["release"].as_str()), (Some("r3"), Some("r2")));
    assert_eq!(checks[0]["rows"]["moved"], json!({"fewer_than": 5}));
    let left: Vec<_> = std::fs::read_dir(server.data().join("drafts")).unwrap().collect();
    assert!(left.is_empty(), "uploads are deleted: {left:?}");
}

#[test]
fn only_maintainers_of_the_dataset_may_and_nothing_larger_than_allowed_is_taken() {
    let server = portal();
    let client = server.client();
    let file: &[(&str, &[u8])] = &[("rows.csv", b"url\nhttps://a.example/1.jpg\n")];
    upload(&client, "", &body(POSTS, "r2", file)).expect(303);
    let reviewer = signed_in(&server, "rev", Role::Reviewer);
    upload(&client, &reviewer, &body(POSTS, "r2", file)).expect(403);
    client.get_with("/review/releases", &[("cookie", &reviewer)]).expect(403);
    let cookie = signed_in(&server, "mira", Role::Maintainer);
    upload(&client, &cookie, &body("none", "r2", file)).expect(404);
    upload(&client, &cookie, &body(POSTS, "", file)).expect(400);
    upload(&client, &cookie, &body(POSTS, "r2", &[])).expect(400);
    upload(&client, &cookie, &body(POSTS, "r2", &[("", b"")])).expect(400);
    let large = vec![b'x'; 4 << 20];
    upload(&client, &cookie, &body(POSTS, "r2", &[("rows.csv", &large)])).expect(413);
    let page = client.get_with("/review/releases?report=99", &[("cookie", &cookie)]).expect(200).page();
    assert!(page.words().contains("not kept any more"));
}
