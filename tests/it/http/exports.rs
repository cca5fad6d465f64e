//! Single decisions in the shapes that others take; the portal's own reservation.

use rollcall::config::{ServeConfig, TdmConfig};
use rollcall::takedown::accounts::Role;
use rollcall::takedown::desk::block_on;
use serde_json::{Value, json};

use super::cases::{fill, portal, posts};
use super::client::{Answer, Client};
use super::openapi::Document;
use super::server::{Server, visitor};

const PASSWORD: &str = "a long enough password";

pub(super) fn signed_in(server: &Server, name: &str, role: Role) -> String {
    block_on(server.desk().add_account(name, role, Vec::new(), PASSWORD)).unwrap().unwrap();
    let fields = [("name", name), ("password", PASSWORD), ("code", ""), ("to", "/review")];
    server.client().post_form("/review/sign-in", "", &fields).expect(303).cookie()
}

/// Number and passphrase of a request by somebody with a name.
fn file(client: &Client) -> (String, String) {
    let body = json!({
        "basis": "plain", "records": posts(client, 2), "explanation": "I am Ada Lindqvist, ada@harbour.example.",
        "requester": {"name": "Ada Lindqvist", "email": "ada@harbour.example"},
    });
    let case = client.post_json("/api/v1/cases", &body).expect(201).json();
    (case["number"].as_str().unwrap().to_owned(), case["passphrase"].as_str().unwrap().to_owned())
}

pub(super) fn grant(server: &Server, number: &str, account: &str, dataset: &str) {
    let account = block_on(server.desk().accounts()).unwrap().unwrap().into_iter().find(|a| a.name == account);
    let order = serde_json::from_value(json!({
        "ground": "law", "reference": "GDPR Article 17", "explanation": "She asked.",
        "facts": "Ada Lindqvist wrote from ada@harbour.example.",
    }));
    let order = rollcall::takedown::desk::types::DecisionOrder {
        dataset: dataset.to_owned(),
        rows: rollcall::takedown::decision::Rows::All,
        decision: rollcall::takedown::case::Decision::Granted,
        reasons: order.unwrap(),
        scope: None,
        expected_version: None,
    };
    block_on(server.desk().decide(&account.unwrap(), number, &order)).unwrap().unwrap();
}

fn export(client: &Client, cookie: &str, number: &str, file: &str) -> Answer {
    client.get_with(&format!("/review/cases/{number}/export/{file}"), &[("cookie", cookie)])
}

#[test]
fn a_maintainer_exports_a_decision_that_names_nobody() {
    let server = portal();
    let client = server.client();
    let (number, _) = file(&client);
    let cookie = signed_in(&server, "mira", Role::Maintainer);
    export(&client, &cookie, &number, "dsa.json").expect(409);
    grant(&server, &number, "mira", "posts");
    let dsa = export(&client, &cookie, &number, "dsa.json").expect(200);
    assert!(dsa.header("content-disposition").unwrap().contains("dsa.json"));
    let statement = dsa.json();
    assert_eq!(statement["category"], "STATEMENT_CATEGORY_OTHER_VIOLATION_TC");
    assert_eq!(statement["illegal_content_legal_ground"], "GDPR Article 17");
    let puid = statement["puid"].as_str().unwrap();
    assert!(puid.len() == 32 && !puid.contains(&number));
    assert_eq!(export(&client, &cookie, &number, "dsa.json").json(), statement, "a decision keeps its pseudonym");
    let lumen = export(&client, &cookie, &number, "lumen.json").expect(200);
    assert_eq!(lumen.json()["notice"]["action_taken"], "Yes");
    for text in [dsa.text(), lumen.text()] {
        assert!(!["Ada", "Lindqvist", "harbour", &number].iter().any(|name| text.contains(name)), "{text}");
    }
    assert_eq!(export(&client, &cookie, &number, "drp.json").expect(200).json()["status"], "fulfilled");
    export(&client, &cookie, &number, "other.json").expect(404);
    let page = client.get_with(&format!("/review/cases/{number}"), &[("cookie", &cookie)]).expect(200).page();
    let link = page.link("Transparency Database");
    client.get_with(&link, &[("cookie", &cookie)]).expect(200);
}

#[test]
fn exports_are_for_maintainers_who_are_signed_in() {
    let server = portal();
    let client = server.client();
    let (number, _) = file(&client);
    export(&client, "", &number, "drp.json").expect(303);
    let cookie = signed_in(&server, "rev", Role::Reviewer);
    export(&client, &cookie, &number, "drp.json").expect(403);
    let page = client.get_with(&format!("/review/cases/{number}"), &[("cookie", &cookie)]).expect(200).page();
    assert!(!page.words().contains("Take this decision elsewhere"));
}

#[test]
fn a_person_reads_their_case_in_the_words_of_the_data_rights_protocol() {
    let server = portal();
    let client = server.client();
    let (number, passphrase) = file(&client);
    let headers = [("x-case-passphrase", passphrase.as_str())];
    let answer = client.get_with(&format!("/api/v1/cases/{number}/drp"), &headers).expect(200);
    Document::fetch().check("/api/v1/cases/{number}/drp", "get", &answer);
    let status = answer.json();
    assert_eq!((status["status"].as_str(), status["exercise"].as_str()), (Some("in_progress"), Some("deletion")));
    assert_eq!(status["request_id"], number.as_str());
    let place = format!("/api/v1/cases/{number}?format=drp");
    assert_eq!(client.get_with(&place, &headers).expect(200).json(), status);
    client.get(&place).expect(404);
    client.get_with(&format!("/api/v1/cases/{number}?format=xml"), &headers).expect(400);
    let withdraw = client.post(&format!("/api/v1/cases/{number}/withdraw"), &headers, b"");
    withdraw.expect(200);
    assert_eq!(client.get_with(&place, &headers).expect(200).json()["status"], "revoked");
}

#[test]
fn pages_are_reserved_and_removal_sets_are_not() {
    let client = visitor();
    let rules = client.get("/.well-known/tdmrep.json").expect(200).json();
    assert_eq!(rules.as_array().unwrap().last(), Some(&json!({"location": "/", "tdm-reservation": 1})));
    for (path, reserved) in [
        ("/", "1"),
        ("/search?q=lantern", "1"),
        ("/no-such-page", "1"),
        ("/api/v1/search?q=lantern", "1"),
        ("/api/v1/removals/posts/versions", "0"),
    ] {
        assert_eq!(client.get(path).header("tdm-reservation"), Some(reserved), "{path}");
        assert_eq!(client.get(path).header("tdm-policy"), None, "{path}");
    }
    let server = Server::own_with(fill, |config| ServeConfig {
        tdm: TdmConfig { reserved: true, policy: Some("https://rollcall.example/terms".into()) },
        ..config
    });
    let answer = server.client().get("/").expect(200);
    assert_eq!(answer.header("tdm-policy"), Some("https://rollcall.example/terms"));
    let rules: Value = server.client().get("/.well-known/tdmrep.json").expect(200).json();
    assert_eq!(rules[4]["tdm-policy"], "https://rollcall.example/terms");
}
