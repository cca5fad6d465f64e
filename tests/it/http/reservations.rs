//! A domain's owner reserves it whole, and those who train are told so.

use rollcall::config::ServeConfig;
use rollcall::outbound::{OutboundConfig, Reach};
use serde_json::{Value, json};

use super::cases::fill;
use super::client::{Client, Page};
use super::crawl::check;
use super::openapi::Document;
use super::server::Server;
use crate::outside::{HOME, NameServer, Record, WebServer, not_found, ok};

fn told(client: &Client, urls: &[&str]) -> Vec<Value> {
    let answer = client.post_json("/api/v1/optouts", &json!({ "urls": urls })).expect(200);
    Document::fetch().check("/api/v1/optouts", "post", &answer);
    answer.json()["urls"].as_array().unwrap().iter().map(|url| url["reason"].clone()).collect()
}

fn act(client: &Client, act: &str, kind: &str, wish: &str, domain: &str) -> Page {
    let fields = [("act", act), ("kind", kind), ("wish", wish), ("domain", domain)];
    let page = client.post_form("/reservations", "", &fields).expect(200).page();
    check(&page);
    page
}

#[test]
fn a_reserved_domain_is_opted_out_with_all_below_it_until_it_is_given_up() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    fill(&data);
    let names = NameServer::start();
    names.set("mira.example", &[Record::A(HOME)]);
    let outbound = OutboundConfig { dns_server: Some(names.address()), ..OutboundConfig::new(Reach::Loopback) };
    let config = ServeConfig { outbound, ..ServeConfig::for_testing(data.clone()) };
    let server = Server::with(config);
    let other = Server::over(&data);
    let client = server.client();
    check(&client.get("/reservations").expect(200).page());
    let asked =
        ["https://www.mira.example/1.jpg", "http://img.mira.example/2.jpg", "https://mirae.example/", "mira.example"];
    assert_eq!(told(&client, &asked), [Value::Null, Value::Null, Value::Null, Value::Null]);

    let code = act(&client, "code", "dns_txt", "reserve", "Mira.example").texts("code")[0].clone();
    let not_yet = act(&client, "look", "dns_txt", "reserve", "mira.example");
    assert!(not_yet.words().contains("No TXT record was found."), "{}", not_yet.words());
    names.set("_rollcall.mira.example", &[Record::Txt(code)]);
    let done = act(&client, "look", "dns_txt", "reserve", "mira.example").words();
    assert!(done.contains("The domain is reserved."), "{done}");
    let reserved = json!("reserved by the domain's owner");
    for client in [&client, &other.client()] {
        assert_eq!(told(client, &asked), [reserved.clone(), reserved.clone(), Value::Null, reserved.clone()]);
    }
    let spawning =
        client.post("/api/v2/query/urls/", &[], b"https://mira.example/x\nhttps://noor.example/x").expect(200);
    let spawning = spawning.json();
    assert_eq!((&spawning["urls"][0]["optOut"], &spawning["urls"][1]["optOut"]), (&json!(true), &json!(false)));

    // The code that stands there still does not undo it; giving up has one of its own.
    act(&client, "look", "dns_txt", "give_up", "mira.example");
    assert_eq!(told(&client, &asked[..1]), [reserved]);
    let web = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let published = web.clone();
    let site = WebServer::start(move |path, _| match path {
        "/.well-known/rollcall-proof.txt" => ok(published.lock().unwrap().as_bytes()),
        _ => not_found(),
    });
    let domain = format!("mira.example:{}", site.port());
    *web.lock().unwrap() = act(&client, "code", "well_known", "give_up", &domain).texts("code")[0].clone();
    let done = act(&client, "look", "well_known", "give_up", &domain).words();
    assert!(done.contains("not reserved any more"), "{done}");
    assert_eq!(told(&client, &asked[..1]), [Value::Null]);

    client.post_form("/reservations", "", &[("act", "look"), ("kind", "profile"), ("wish", "reserve")]).expect(400);
    let off = other.client().post_form(
        "/reservations",
        "",
        &[("act", "code"), ("kind", "dns_txt"), ("wish", "reserve"), ("domain", "a.example")],
    );
    off.expect(409);
    check(&other.client().get("/reservations").expect(200).page());
}
