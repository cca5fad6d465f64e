//! Deciding through the API: what is granted is gone everywhere at once, what is refused is explained, what is reversed
//! is back.

use rollcall::takedown::accounts::Role;
use rollcall::takedown::desk::block_on;
use serde_json::{Value, json};

use super::cases::{portal, posts};
use super::client::{Answer, Client};
use super::data::{GALLERY, N_PICTURES, POSTS, picture};
use super::openapi::Document;
use super::server::Server;
use super::surfaces::record_id;
use crate::support::sha256_hex;

const PASSWORD: &str = "a long enough password";

/// A new account's API token.
fn token(server: &Server, name: &str, role: Role, datasets: &[&str]) -> String {
    let datasets = datasets.iter().map(|&slug| slug.to_owned()).collect();
    block_on(async {
        let desk = server.desk();
        desk.add_account(name, role, datasets, PASSWORD).await.unwrap();
        desk.make_token(name).await.unwrap()
    })
    .unwrap()
}

struct Staff {
    client: Client,
    bearer: String,
}

impl Staff {
    fn new(server: &Server, name: &str, datasets: &[&str]) -> Self {
        Self::with_role(server, name, Role::Reviewer, datasets)
    }

    fn with_role(server: &Server, name: &str, role: Role, datasets: &[&str]) -> Self {
        let token = token(server, name, role, datasets);
        Self { client: server.client(), bearer: format!("Bearer {token}") }
    }

    fn get(&self, path: &str) -> Answer {
        self.client.get_with(&format!("/api/v1/review/cases{path}"), &[("authorization", &self.bearer)])
    }

    fn decide(&self, number: &str, body: &Value) -> Answer {
        let headers = [("content-type", "application/json"), ("authorization", self.bearer.as_str())];
        self.client.post(&format!("/api/v1/review/cases/{number}/decisions"), &headers, body.to_string().as_bytes())
    }
}

/// A case of these records: its number and passphrase.
fn file(client: &Client, records: &[String]) -> (String, String) {
    let body = json!({"basis": "plain", "records": records, "requester": {"name": "Ada Lindqvist"}});
    let case = client.post_json("/api/v1/cases", &body).expect(201).json();
    (case["number"].as_str().unwrap().to_owned(), case["passphrase"].as_str().unwrap().to_owned())
}

fn decision(dataset: &str, records: &Value, decision: &str) -> Value {
    json!({
        "dataset": dataset, "records": records, "decision": decision,
        "reasons": {
            "ground": "terms", "reference": "", "explanation": "We grant what can be granted.",
            "facts": "The row shows the harbour.",
        },
    })
}

/// One way to see a record of the gallery from outside.
type Surface = (&'static str, fn(&Client, &str) -> bool);

const SURFACES: &[Surface] = &[
    ("hits of a search", |client, id| {
        let page = client.search("/search", &[("q", "plate"), ("dataset", GALLERY)]).expect(200);
        page.text().contains(id)
    }),
    ("API: hits of a search", |client, id| {
        client.search("/api/v1/search", &[("q", "plate")]).expect(200).json()["hits"].to_string().contains(id)
    }),
    ("API: total of a search", |client, _| {
        client.search("/api/v1/search", &[("q", "plate")]).expect(200).json()["total"] == json!(N_PICTURES)
    }),
    ("API: facets of a search", |client, _| {
        let found = client.search("/api/v1/search", &[("q", "plate")]).expect(200).json();
        found["facets"]["dataset"][0]["count"] == json!(N_PICTURES)
    }),
    ("page of the record", |client, id| client.get(&format!("/records/{id}")).status == 200),
    ("API: the record", |client, id| client.get(&format!("/api/v1/records/{id}")).status == 200),
    ("API: evidence of the record", |client, id| client.get(&format!("/api/v1/records/{id}/evidence")).status == 200),
    ("page of its evidence", |client, id| client.get(&format!("/records/{id}/evidence")).status == 200),
    ("page of its picture", |client, id| client.get(&format!("/records/{id}/picture")).status == 200),
    ("picture results", |client, id| {
        client.post_pictures("/image", &[("a.jpg", &picture(0))]).expect(200).text().contains(id)
    }),
    ("API: hits of a picture", |client, id| {
        client.post_pictures("/api/v1/match", &[("a.jpg", &picture(0))]).expect(200).text().contains(id)
    }),
    ("API: digests by their first digits", |client, _| {
        let digest = sha256_hex(&picture(0));
        client.get(&format!("/api/v1/range/sha256/{}", &digest[..5])).expect(200).text().contains(&digest[5..])
    }),
    ("API: count of the dataset", |client, _| {
        client.get(&format!("/api/v1/datasets/{GALLERY}")).expect(200).json()["records"].as_str()
            == Some(N_PICTURES.to_string().as_str())
    }),
];

/// The names of the surfaces where the record is seen.
fn seen(client: &Client, id: &str) -> Vec<&'static str> {
    SURFACES.iter().filter(|(_, shows)| shows(client, id)).map(|(name, _)| *name).collect()
}

#[test]
fn a_granted_record_is_gone_from_every_surface_in_the_next_request_and_a_reversal_brings_it_back() {
    let server = portal();
    let client = server.client();
    let document = Document::fetch();
    let staff = Staff::with_role(&server, "mira", Role::Maintainer, &[GALLERY]);
    let id = record_id(&client);
    let before = seen(&client, &id);
    assert_eq!(before.len(), SURFACES.len(), "it is seen everywhere: {before:?}");
    let (number, passphrase) = file(&client, std::slice::from_ref(&id));

    let queue = staff.get("").expect(200);
    document.check("/api/v1/review/cases", "get", &queue);
    let queue = queue.json();
    assert_eq!(queue["cases"][0]["number"], json!(number), "{queue}");
    assert_eq!(queue["cases"][0]["targets"][0]["records"], 1);
    let case = staff.get(&format!("/{number}")).expect(200);
    document.check("/api/v1/review/cases/{number}", "get", &case);
    let case = case.json();
    assert_eq!(case["targets"][0]["rows"][0]["id"], json!(id));
    assert_eq!(case["requester"]["name"], "Ada Lindqvist");
    assert_eq!(seen(&client, &id), before, "nothing is hidden before it is decided");

    let mut order = decision(GALLERY, &json!([id]), "granted");
    order["expected_version"] = case["versions"][GALLERY].clone();
    let decided = staff.decide(&number, &order).expect(200);
    assert_eq!(seen(&client, &id), Vec::<&str>::new());
    document.check("/api/v1/review/cases/{number}/decisions", "post", &decided);
    let decided = decided.json();
    assert_eq!((&decided["state"], &decided["targets"][0]["rows"][0]["state"]), (&json!("granted"), &json!("granted")));
    assert!(decided["events"].as_array().unwrap().iter().any(|event| event["by"] == "mira"), "{decided}");
    assert_eq!(staff.get("").json()["cases"], json!([]), "nothing waits");
    assert_eq!(staff.get("?state=granted").json()["cases"][0]["number"], json!(number));

    // The person thinks better of it; somebody else changes the decision.
    let headers = [("content-type", "application/json"), ("x-case-passphrase", passphrase.as_str())];
    let why = br#"{"why": "It is another harbour after all."}"#;
    client.post(&format!("/api/v1/cases/{number}/appeal"), &headers, why).expect(200);
    let order = decision(GALLERY, &json!("all"), "refused");
    staff.decide(&number, &order).expect(409);
    Staff::new(&server, "noor", &[GALLERY]).decide(&number, &order).expect(403);
    let other = Staff::with_role(&server, "ola", Role::Maintainer, &[GALLERY]);
    let mut partly = order.clone();
    partly["scope"] = json!("copies");
    other.decide(&number, &partly).expect(422);
    let reversed = other.decide(&number, &order).expect(200).json();
    assert_eq!(reversed["state"], "reversed", "{reversed}");
    assert_eq!(seen(&client, &id), before);
}

#[test]
fn a_refusal_tells_the_person_why_and_an_appeal_is_decided_by_somebody_else() {
    let server = portal();
    let client = server.client();
    let staff = Staff::new(&server, "mira", &[]);
    let (number, passphrase) = file(&client, &posts(&client, 2));
    staff.decide(&number, &decision(POSTS, &json!("all"), "refused")).expect(200);
    let headers = [("x-case-passphrase", passphrase.as_str())];
    let told = client.get_with(&format!("/api/v1/cases/{number}"), &headers).expect(200).json();
    let reasons = &told["targets"][0]["reasons"];
    assert_eq!((&told["state"], &reasons["refusal"]), (&json!("refused"), &json!("other")), "{told}");
    assert_eq!(reasons["facts"], "The row shows the harbour.");
    assert!(!told.to_string().contains("mira"), "who decides is not told");

    let headers = [("content-type", "application/json"), ("x-case-passphrase", passphrase.as_str())];
    client.post(&format!("/api/v1/cases/{number}/appeal"), &headers, br#"{"why": "Look again."}"#).expect(200);
    let review = staff.get(&format!("/{number}")).expect(200).json();
    assert_eq!(review["targets"][0]["appeal"], "Look again.", "{review}");
    let granted = decision(POSTS, &json!("all"), "granted");
    let refused = staff.decide(&number, &granted).expect(409).json();
    assert!(refused["detail"].as_str().unwrap().contains("somebody else"), "{refused}");
    let other = Staff::new(&server, "noor", &[]);
    let reversed = other.decide(&number, &granted).expect(200).json();
    assert_eq!(reversed["state"], "reversed");
    assert!(posts(&client, 50).iter().all(|id| !reversed.to_string().contains(id.as_str())), "they are hidden now");
}

#[test]
fn without_a_token_or_with_a_wrong_one_nothing_is_told() {
    let server = portal();
    let client = server.client();
    let document = Document::fetch();
    let (number, _) = file(&client, &posts(&client, 1));
    let one = format!("/api/v1/review/cases/{number}");
    for path in ["/api/v1/review/cases", &one, "/api/v1/review/cases/AAAA-AAAA"] {
        for headers in [&[][..], &[("authorization", "Bearer wrong")], &[("authorization", "Basic bWlyYTp4")]] {
            let refused = client.get_with(path, headers).expect(401);
            assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
            document.check(
                if path.ends_with("cases") { "/api/v1/review/cases" } else { "/api/v1/review/cases/{number}" },
                "get",
                &refused,
            );
        }
    }
    let body = decision(POSTS, &json!("all"), "granted");
    let refused = client.post_json(&format!("{one}/decisions"), &body).expect(401);
    document.check("/api/v1/review/cases/{number}/decisions", "post", &refused);
    let gone = token(&server, "left", Role::Admin, &[]);
    block_on(server.desk().disable_account("left")).unwrap().unwrap();
    client.get_with(&one, &[("authorization", &format!("Bearer {gone}"))]).expect(401);
}

#[test]
fn an_account_sees_and_decides_its_own_datasets_only() {
    let server = portal();
    let client = server.client();
    let staff = Staff::new(&server, "mira", &[GALLERY]);
    let mut records = posts(&client, 2);
    let (other, _) = file(&client, &records);
    records.push(record_id(&client));
    let (both, _) = file(&client, &records);
    let queue = staff.get("?state=all").expect(200).json();
    assert_eq!(queue["cases"].as_array().unwrap().len(), 1, "{queue}");
    assert_eq!(queue["cases"][0]["number"], json!(both));
    staff.get("?dataset=posts").expect(403);
    staff.get(&format!("/{other}")).expect(404);
    let seen = staff.get(&format!("/{both}")).expect(200).json();
    assert_eq!(seen["targets"].as_array().unwrap().len(), 1, "{seen}");
    let refused = staff.decide(&both, &decision(POSTS, &json!("all"), "granted")).expect(403);
    Document::fetch().check("/api/v1/review/cases/{number}/decisions", "post", &refused);
    staff.decide("AAAA-AAAA", &decision(GALLERY, &json!("all"), "granted")).expect(404);
}

#[test]
fn what_a_decision_lacks_is_named_and_what_the_state_does_not_allow_is_a_conflict() {
    let server = portal();
    let client = server.client();
    let document = Document::fetch();
    let staff = Staff::new(&server, "mira", &[]);
    let records = posts(&client, 2);
    let (number, _) = file(&client, &records);
    let lacking = staff.decide(&number, &json!({"dataset": POSTS})).expect(422);
    document.check("/api/v1/review/cases/{number}/decisions", "post", &lacking);
    assert_eq!(lacking.json()["missing"], json!(["decision", "records", "reasons"]));
    let mut empty = decision(POSTS, &json!("all"), "refused");
    empty["reasons"] = json!({"ground": "law"});
    assert_eq!(staff.decide(&number, &empty).expect(422).json()["missing"], json!(["reasons.explanation"]));
    let unknown = staff.decide(&number, &decision(POSTS, &json!(["nothing"]), "granted")).expect(422).json();
    assert_eq!(unknown["problems"][0]["field"], "records", "{unknown}");
    assert_eq!(
        staff.decide(&number, &decision(GALLERY, &json!("all"), "granted")).expect(422).json()["problems"][0]["field"],
        "dataset"
    );
    assert_eq!(
        staff.decide(&number, &decision(POSTS, &json!("all"), "partial")).expect(422).json()["problems"][0]["field"],
        "records"
    );
    let mut stale = decision(POSTS, &json!("all"), "granted");
    stale["expected_version"] = json!(99_999);
    let conflict = staff.decide(&number, &stale).expect(409);
    document.check("/api/v1/review/cases/{number}/decisions", "post", &conflict);

    let partly = staff.decide(&number, &decision(POSTS, &json!([records[0]]), "partial")).expect(200).json();
    assert_eq!(partly["state"], "partial", "{partly}");
    staff.decide(&number, &decision(POSTS, &json!("all"), "granted")).expect(409);
    staff.get("?state=lost").expect(400);
    staff.get("?cursor=nonsense").expect(400);
}

#[test]
fn the_queue_is_paged_and_filtered() {
    let server = portal();
    let client = server.client();
    let staff = Staff::new(&server, "mira", &[]);
    let numbers: Vec<String> = posts(&client, 5).iter().map(|id| file(&client, std::slice::from_ref(id)).0).collect();
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = staff.get(&format!("?limit=2{cursor}")).expect(200).json();
        found.extend(page["cases"].as_array().unwrap().iter().map(|case| case["number"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        cursor = format!("&cursor={next}");
    }
    assert_eq!(found, numbers, "each once, in the order of their due days");
    let due = staff.get("").json()["cases"][0]["due"].as_str().unwrap().to_owned();
    assert_eq!(staff.get(&format!("?due_before={due}")).json()["cases"].as_array().unwrap().len(), 5);
    assert_eq!(staff.get("?due_before=2020-01-01").json()["cases"], json!([]));
    assert_eq!(staff.get("?dataset=gallery").json()["cases"], json!([]));
    assert_eq!(staff.get("?basis=dmca").json()["cases"], json!([]));
    assert_eq!(staff.get(&format!("?q={}", numbers[3])).json()["cases"].as_array().unwrap().len(), 1);
}

#[test]
fn those_who_train_are_told_what_was_granted() {
    let server = portal();
    let client = server.client();
    let staff = Staff::new(&server, "mira", &[]);
    let ids = posts(&client, 1);
    let record = client.get(&format!("/api/v1/records/{}", ids[0])).expect(200).json();
    let (url, other) = (record["url"].as_str().unwrap(), "https://nowhere.example/x");
    let ask = || {
        let answer =
            client.post_json("/api/v1/optouts", &json!({"urls": [url, other], "hashes": ["00".repeat(32), "zz"]}));
        Document::fetch().check("/api/v1/optouts", "post", &answer);
        let told = answer.expect(200).json();
        assert_eq!((&told["urls"][1]["opt_out"], &told["hashes"][0]["opt_out"]), (&json!(false), &json!(false)));
        let problem = &told["hashes"][1]["problem"];
        assert!(problem.is_string() && told["hashes"][0]["problem"].is_null(), "{told}");
        told["urls"][0]["opt_out"] == true
    };
    assert!(!ask());
    let (number, _) = file(&client, &ids);
    assert!(!ask(), "a request is not yet a decision");
    staff.decide(&number, &decision(POSTS, &json!("all"), "granted")).expect(200);
    assert!(ask());
    let lines = format!("{url}\n{other}");
    let answer = client.post("/api/v2/query/urls/", &[("content-type", "text/plain")], lines.as_bytes()).expect(200);
    let expected = json!({"urls": [{"url": url, "optOut": true}, {"url": other, "optOut": false}]});
    assert_eq!(answer.json(), expected, "as the client datadiligence reads it");
}
