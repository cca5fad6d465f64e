//! Filing, following, answering, withdrawing and appealing through the API.

use rollcall::config::{ServeConfig, WebLimits};
use rollcall::takedown::accounts::Role;
use rollcall::takedown::case::Decision;
use rollcall::takedown::decision::Rows;
use rollcall::takedown::desk::block_on;
use rollcall::takedown::desk::types::DecisionOrder;
use rollcall::takedown::reasons::{Ground, Reasons};
use serde_json::{Value, json};

use super::client::{Answer, Client};
use super::data::{GALLERY, POSTS, take_in_gallery, take_in_posts};
use super::openapi::Document;
use super::server::Server;

/// A server of its own with posts and pictures: requests hide rows, which other tests count.
pub(super) fn portal() -> Server {
    Server::own(fill)
}

pub(super) fn fill(data: &std::path::Path) {
    let source = data.parent().unwrap();
    take_in_posts(data, &source.join("posts"), "2024-11", 12);
    take_in_gallery(data, &source.join("gallery"));
}

/// Ids of the first posts that a search finds.
pub(super) fn posts(client: &Client, n: usize) -> Vec<String> {
    let found = client.search("/api/v1/search", &[("q", "lantern"), ("limit", "50")]).expect(200).json();
    let hits = found["hits"].as_array().unwrap().iter().take(n);
    hits.map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

/// Everything that any basis asks for.
fn complete(basis: &str, records: &[String]) -> Value {
    json!({
        "basis": basis,
        "records": records,
        "sweep": null,
        "requester": {
            "name": "Ada Lindqvist", "email": "ada@harbour.example", "relationship": "self", "country": "DE",
            "address": "Quay 4, 20457 Hamburg", "phone": "+49 40 123456",
        },
        "explanation": "The lantern in the picture is my own work, and I never agreed to its use.",
        "statements": {"good_faith": true, "accuracy": true, "perjury": true},
        "signature": "Ada Lindqvist",
        "answers": {"ground": "consent_withdrawn", "category": "intellectual_property"},
    })
}

fn file(client: &Client, basis: &str, n: usize) -> (String, String, Value) {
    let mut body = complete(basis, &posts(client, n));
    keep_known_answers(&mut body);
    let case = client.post_json("/api/v1/cases", &body).expect(201).json();
    (case["number"].as_str().unwrap().to_owned(), case["passphrase"].as_str().unwrap().to_owned(), case)
}

/// Answers are for questions of one basis: the first choice of each, as its rules have them.
fn keep_known_answers(body: &mut Value) {
    let book = rollcall::takedown::rules::RuleBook::built_in();
    let basis = rollcall::takedown::basis::Basis::from_name(body["basis"].as_str().unwrap()).unwrap();
    let mut answers = serde_json::Map::new();
    for field in &book.of(basis, Some("DE")).fields {
        let Some(name) = field.name.strip_prefix("answers.") else { continue };
        let value = field.choices.last().map_or("The same as above, in more words.", |choice| choice.value.as_str());
        answers.insert(name.to_owned(), json!(value));
    }
    body["answers"] = Value::Object(answers);
}

fn get(client: &Client, number: &str, passphrase: &str) -> Answer {
    client.get_with(&format!("/api/v1/cases/{number}"), &[("x-case-passphrase", passphrase)])
}

fn post(client: &Client, number: &str, passphrase: &str, what: &str, body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("x-case-passphrase", passphrase)];
    client.post(&format!("/api/v1/cases/{number}/{what}"), &headers, body.to_string().as_bytes())
}

fn missing(answer: &Answer) -> Vec<String> {
    let problem = answer.json();
    let names = problem["missing"].as_array().unwrap_or_else(|| panic!("{}: {problem}", answer.asked));
    names.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_basis_says_what_it_lacks_and_takes_what_is_complete() {
    let server = portal();
    let client = server.client();
    let document = Document::fetch();
    let dmca = ["explanation", "requester.name", "requester.email", "signature"];
    let statements = ["statements.good_faith", "statements.accuracy", "statements.perjury"];
    for (basis, lacks) in [
        ("plain", Vec::new()),
        ("gdpr_erasure", vec!["requester.relationship", "requester.country"]),
        ("gdpr_objection", vec!["requester.relationship", "requester.country", "explanation"]),
        ("gdpr_access", vec!["requester.country"]),
        ("gdpr_restriction", vec!["requester.country"]),
        ("dmca", [&dmca[..], &statements[..]].concat()),
        ("dsa", vec!["explanation", "requester.name", "requester.email", "statements.good_faith"]),
        ("ccpa", vec!["requester.relationship"]),
    ] {
        let bare = client.post_json("/api/v1/cases", &json!({"basis": basis})).expect(422);
        document.check("/api/v1/cases", "post", &bare);
        let told = missing(&bare);
        for field in lacks.iter().copied().chain(["records"]) {
            let is_told = told.iter().any(|name| name == field);
            // Access needs no record: the person asks which there are.
            assert!(is_told || (field == "records" && basis == "gdpr_access"), "{basis}: {field} is not in {told:?}");
        }
        let mut body = complete(basis, &posts(&client, 2));
        keep_known_answers(&mut body);
        let filed = client.post_json("/api/v1/cases", &body).expect(201);
        document.check("/api/v1/cases", "post", &filed);
        let case = filed.json();
        assert_eq!(case["passphrase"].as_str().unwrap().split_whitespace().count(), 6, "{basis}");
        assert!(case["events"].is_null(), "{basis}: {case}");
        assert_eq!(case["targets"].as_array().unwrap().len(), 1, "{basis}: {case}");
        let target = &case["targets"][0];
        assert_eq!((&target["dataset"], &target["records"]), (&json!(POSTS), &json!(2)), "{basis}");
        assert!(target["due"].as_str().is_some_and(|due| due.len() == 10) && case["due"] == target["due"], "{case}");
        let number = case["number"].as_str().unwrap();
        let seen = get(&client, number, case["passphrase"].as_str().unwrap()).expect(200);
        document.check("/api/v1/cases/{number}", "get", &seen);
        let seen = seen.json();
        assert!(seen["passphrase"].is_null(), "{seen}");
        assert_eq!(seen["events"][0]["kind"], "filed", "{seen}");
        assert_eq!(seen["basis"], basis);
        assert_eq!(seen["targets"][0]["rows"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn one_case_asks_every_dataset_of_its_records() {
    let server = portal();
    let client = server.client();
    let plate = client.search("/api/v1/search", &[("q", "plate")]).json()["hits"][0]["id"].clone();
    let mut records = posts(&client, 3);
    records.push(plate.as_str().unwrap().to_owned());
    records.push(records[0].clone());
    let case = client.post_json("/api/v1/cases", &json!({"basis": "plain", "records": records})).expect(201).json();
    let mut targets: Vec<_> = case["targets"].as_array().unwrap().iter().collect();
    targets.sort_by_key(|target| target["dataset"].as_str().unwrap().to_owned());
    assert_eq!((&targets[0]["dataset"], &targets[0]["records"]), (&json!(GALLERY), &json!(1)));
    assert_eq!(
        (&targets[1]["dataset"], &targets[1]["records"]),
        (&json!(POSTS), &json!(3)),
        "ids named twice count once"
    );
}

#[test]
fn what_is_not_known_is_named_and_nothing_is_filed() {
    let server = portal();
    let client = server.client();
    let mut records = posts(&client, 1);
    records.push("0123456789abcdef012345".to_owned());
    let refused = client.post_json("/api/v1/cases", &json!({"basis": "plain", "records": records})).expect(422);
    Document::fetch().check("/api/v1/cases", "post", &refused);
    let problem = refused.json();
    assert_eq!(problem["unknown"], json!(["0123456789abcdef012345"]), "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("0123456789abcdef012345"));
    let body = json!({"basis": "plain", "records": posts(&client, 1), "sweep": "s1"});
    assert_eq!(client.post_json("/api/v1/cases", &body).expect(400).json()["field"], "sweep");
    for bad in
        [json!([]), json!({"basis": "divine"}), json!({"records": []}), json!({"basis": "plain", "records": "x"})]
    {
        client.post_json("/api/v1/cases", &bad).expect(400);
    }
    client.post("/api/v1/cases", &[("content-type", "text/plain")], b"{}").expect(415);
    let cross_site = [("content-type", "application/json"), ("sec-fetch-site", "cross-site")];
    client.post("/api/v1/cases", &cross_site, b"{}").expect(403);
    let statistics = block_on(server.desk().statistics(None)).unwrap().unwrap();
    assert_eq!(statistics.cases, 0);
}

#[test]
fn too_much_is_refused_with_the_bound() {
    let server = portal();
    let client = server.client();
    let many: Vec<_> = (0..5_001).map(|n| format!("{n:022}")).collect();
    let refused = client.post_json("/api/v1/cases", &json!({"basis": "plain", "records": many})).expect(413);
    assert!(refused.text().contains("5000"), "{}", refused.text());
    let long = json!({"basis": "plain", "records": [], "explanation": "x".repeat(2 << 20)});
    client.post_json("/api/v1/cases", &long).expect(413);
    let long = json!({"basis": "plain", "records": posts(&client, 1), "explanation": "x".repeat(100_000)});
    let refused = client.post_json("/api/v1/cases", &long);
    assert!([413, 422].contains(&refused.status), "{}", refused.text());
}

#[test]
fn a_wrong_number_and_a_wrong_passphrase_get_the_same_answer() {
    let server = portal();
    let client = server.client();
    let (number, passphrase, _) = file(&client, "plain", 1);
    let document = Document::fetch();
    let answers = [
        get(&client, &number, "six words that are not right"),
        get(&client, "AAAA-AAAA", &passphrase),
        get(&client, &number, ""),
        client.get(&format!("/api/v1/cases/{number}")),
        client.get(&format!("/api/v1/cases/{number}/receipt")),
        post(&client, &number, "wrong", "withdraw", &json!({})),
        post(&client, &number, "wrong", "messages", &json!({"text": "x"})),
        post(&client, "AAAA-AAAA", &passphrase, "appeal", &json!({"why": "x"})),
    ];
    let first = answers[0].text();
    for answer in answers {
        let answer = answer.expect(404);
        assert_eq!(answer.text(), first, "{}", answer.asked);
    }
    document.check("/api/v1/cases/{number}", "get", &get(&client, &number, "wrong"));
    let loosely = passphrase.to_uppercase().replace(' ', "-");
    assert_eq!(get(&client, &number, &loosely).expect(200).header("cache-control"), Some("no-store"));
}

#[test]
fn a_message_is_added_and_a_case_withdrawn() {
    let server = portal();
    let client = server.client();
    let document = Document::fetch();
    let (number, passphrase, _) = file(&client, "gdpr_erasure", 2);
    let told = post(&client, &number, &passphrase, "messages", &json!({"text": "It was taken at Quay 4."})).expect(200);
    document.check("/api/v1/cases/{number}/messages", "post", &told);
    let events = told.json()["events"].as_array().unwrap().clone();
    assert!(events.iter().any(|event| event["kind"] == "message" && event["actor"] == "requester"), "{events:?}");
    post(&client, &number, &passphrase, "messages", &json!({"text": "  "})).expect(400);
    post(&client, &number, &passphrase, "messages", &json!({})).expect(400);

    let withdrawn = post(&client, &number, &passphrase, "withdraw", &json!({"dataset": POSTS})).expect(200);
    document.check("/api/v1/cases/{number}/withdraw", "post", &withdrawn);
    assert_eq!(withdrawn.json()["targets"][0]["state"], "withdrawn");
    let again = post(&client, &number, &passphrase, "withdraw", &json!({})).expect(409);
    document.check("/api/v1/cases/{number}/withdraw", "post", &again);
    let seqs: Vec<_> = get(&client, &number, &passphrase).json()["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["seq"].as_str().unwrap().parse::<u64>().unwrap())
        .collect();
    assert!(seqs.is_sorted() && seqs.len() >= 3, "{seqs:?}");
}

/// Refuses the case as a maintainer would.
pub(super) fn refuse(server: &Server, number: &str) {
    let desk = server.desk();
    let order = DecisionOrder {
        dataset: POSTS.to_owned(),
        rows: Rows::All,
        decision: Decision::Refused,
        reasons: Reasons {
            ground: Ground::Law,
            reference: "Art. 17(3)(a) GDPR".to_owned(),
            explanation: "The text is a news report.".to_owned(),
            facts: "The row holds the headline of a newspaper.".to_owned(),
            refusal: Some(rollcall::takedown::reasons::RefusalReason::ExceptionApplies),
        },
        scope: None,
        expected_version: None,
    };
    block_on(async {
        let account = desk.add_account("mira", Role::Admin, Vec::new(), "a long enough password").await.unwrap();
        desk.decide(&account, number, &order).await.unwrap();
    })
    .unwrap();
}

#[test]
fn a_decision_is_told_with_its_reasons_and_can_be_appealed() {
    let server = portal();
    let client = server.client();
    let document = Document::fetch();
    let (number, passphrase, _) = file(&client, "gdpr_erasure", 2);
    post(&client, &number, &passphrase, "appeal", &json!({"why": "Too early."})).expect(409);
    refuse(&server, &number);
    let case = get(&client, &number, &passphrase).expect(200);
    document.check("/api/v1/cases/{number}", "get", &case);
    let case = case.json();
    assert_eq!(case["targets"][0]["state"], "refused");
    assert_eq!(case["targets"][0]["reasons"]["reference"], "Art. 17(3)(a) GDPR");
    assert!(!case.to_string().contains("mira"), "who decides is not told");
    let receipt =
        client.get_with(&format!("/api/v1/cases/{number}/receipt"), &[("x-case-passphrase", &passphrase)]).expect(200);
    document.check("/api/v1/cases/{number}/receipt", "get", &receipt);
    let receipt = receipt.json();
    assert_eq!(receipt["rows"][0]["decision"], "refused", "{receipt}");
    assert!(!receipt.to_string().contains("Ada"), "a receipt names nobody");

    let appealed = post(&client, &number, &passphrase, "appeal", &json!({"why": "It is no report.", "dataset": POSTS}));
    document.check("/api/v1/cases/{number}/appeal", "post", &appealed);
    assert_eq!(appealed.expect(200).json()["targets"][0]["state"], "appeal_review");
    post(&client, &number, &passphrase, "appeal", &json!({"why": ""})).expect(400);
}

#[test]
fn an_address_may_file_so_many_requests_in_an_hour() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    fill(&data);
    let config = ServeConfig::for_testing(data);
    let n_allowed = WebLimits::for_testing().filings_an_hour;
    let server = Server::with(ServeConfig { public_url: Some("https://rollcall.example".to_owned()), ..config });
    let client = server.client();
    let body = json!({"basis": "plain", "records": posts(&client, 1)}).to_string();
    let file = |address: &str| {
        let headers = [("content-type", "application/json"), ("x-forwarded-for", address)];
        client.post("/api/v1/cases", &headers, body.as_bytes())
    };
    for _ in 0..n_allowed {
        // What the visitor claims stands before what the proxy saw.
        file("192.0.2.77, 203.0.113.9").expect(201);
    }
    let refused = file("198.51.100.1, 203.0.113.9").expect(429);
    Document::fetch().check("/api/v1/cases", "post", &refused);
    assert!(refused.header("retry-after").unwrap().parse::<u32>().unwrap() > 60);
    file("203.0.113.10").expect(201);
    file("127.0.0.1").expect(201);
}
