//! Proofs that are published over https, through the front door: with an authority of the operator's own, and without.

use std::sync::{Arc, Mutex};

use rollcall::config::ServeConfig;
use rollcall::outbound::{Authorities, OutboundConfig, Reach};

use super::cases::{fill, posts};
use super::proofs::{Case, assert_came};
use super::server::Server;
use crate::outside::{HOME, NameServer, Record, not_found, ok, redirect};
use crate::outside_tls::Authority;

fn portal(directory: &tempfile::TempDir, names: &NameServer, authorities: Option<Authorities>) -> Server {
    let data = directory.path().join("data");
    fill(&data);
    let dns_server = Some(names.address());
    let outbound = OutboundConfig { dns_server, authorities, ..OutboundConfig::new(Reach::Loopback) };
    Server::with(ServeConfig { outbound, ..ServeConfig::for_testing(data) })
}

fn names() -> NameServer {
    let names = NameServer::start();
    names.set("harbour.example", &[Record::A(HOME)]);
    names
}

#[test]
fn a_file_a_line_in_a_head_and_a_redirect_are_read_over_https() {
    let (names, own, directory) = (names(), Authority::new("Harbour"), tempfile::tempdir().unwrap());
    let server = portal(&directory, &names, Some(own.trusted()));
    let case = Case::file(&server, &posts(&server.client(), 12));
    let codes = Arc::new(Mutex::new([String::new(), String::new()]));
    let published = codes.clone();
    let web = own.server(&["harbour.example"], move |path, host| {
        let codes = published.lock().unwrap();
        match path {
            "/.well-known/rollcall-proof.txt" => redirect(&format!("https://{host}/proof.txt")),
            "/proof.txt" => ok(codes[0].as_bytes()),
            "/" => ok(format!("<head><meta name=\"rollcall-proof\" content=\"{}\"></head>", codes[1]).as_bytes()),
            "/down" => redirect(&format!("http://{host}/")),
            _ => not_found(),
        }
    });
    let host = format!("harbour.example:{}", web.port());
    let file = case.begin("well_known", &host);
    assert_eq!(file["put"][0]["where"], format!("https://{host}/.well-known/rollcall-proof.txt"));
    let head = case.begin("meta_tag", &format!("https://{host}/"));
    assert_came(&case.look(&head), "not_shown", None);
    for (at, claim) in [&file, &head].into_iter().enumerate() {
        codes.lock().unwrap()[at] = claim["code"].as_str().unwrap().to_owned();
        assert_came(&case.look(claim), "shown", Some("strong"));
    }
    let down = case.look(&case.begin("profile", &format!("https://{host}/down")));
    assert_came(&down, "not_shown", None);
    assert!(down["seen"].as_str().unwrap().contains("without encryption"), "{down}");
}

#[test]
fn a_certificate_of_an_authority_that_nobody_knows_is_refused_and_the_page_says_so() {
    let (names, directory) = (names(), tempfile::tempdir().unwrap());
    let server = portal(&directory, &names, None);
    let case = Case::file(&server, &posts(&server.client(), 1));
    let web = Authority::new("Harbour").server(&["harbour.example"], |_, _| ok(b"anything"));
    let claim = case.begin("meta_tag", &format!("https://harbour.example:{}/", web.port()));
    assert_came(&case.look(&claim), "not_shown", None);
    let words = case.page(&case.cookie()).words();
    assert!(words.contains("certificate comes from an authority that this portal does not know"), "{words}");
}
