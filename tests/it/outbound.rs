//! The one client that asks other servers, against servers of this machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rollcall::outbound::{Authorities, Limits, Outbound, OutboundConfig, OutboundError, Reach};

use super::outside::{HOME, NameServer, Record, Reply, WebServer, not_found, ok, redirect, silence};
use super::outside_tls::Authority;

/// Small enough to run into, long enough for a loaded machine where they are not meant to be reached.
const LIMITS: Limits =
    Limits { body_bytes: 1_000, time: Duration::from_secs(20), dns_time: Duration::from_secs(20), redirects: 5 };

fn client(reach: Reach, names: Option<&NameServer>) -> Outbound {
    Outbound::new(OutboundConfig {
        dns_server: names.map(NameServer::address),
        limits: LIMITS,
        ..OutboundConfig::new(reach)
    })
}

#[test]
fn a_page_is_read_with_its_redirects_and_cut_where_it_is_too_long() {
    let web = WebServer::start(|path, _| match path {
        "/a" => redirect("/b?x=1"),
        "/b?x=1" => ok(b"here"),
        "/long" => ok(&[b'x'; 5_000]),
        _ => not_found(),
    });
    let client = client(Reach::Loopback, None);
    let page = client.get(&web.url("/a#part")).unwrap();
    assert_eq!((page.status, page.body.as_slice()), (200, &b"here"[..]));
    assert_eq!(page.hops, [web.url("/a"), web.url("/b?x=1")]);
    assert_eq!(client.get(&web.url("/long")).unwrap().body, [b'x'; 1_000]);
    assert_eq!(client.get(&web.url("/nothing")).unwrap().status, 404);
}

#[test]
fn a_redirect_into_another_network_is_refused() {
    let names = NameServer::start();
    names.set("inside.example", &[Record::A("192.168.0.7".parse().unwrap())]);
    names.set("both.example", &[Record::A(HOME), Record::A("10.0.0.1".parse().unwrap())]);
    let web = WebServer::start(|path, _| match path {
        "/address" => redirect("http://10.0.0.1/"),
        "/metadata" => redirect("http://169.254.169.254/latest/"),
        "/name" => redirect("http://inside.example/"),
        "/both" => redirect("http://both.example/"),
        "/file" => redirect("file:///etc/passwd"),
        "/password" => redirect("http://me:word@127.0.0.1/"),
        "/round" => redirect("/round"),
        _ => not_found(),
    });
    let client = client(Reach::Loopback, Some(&names));
    for path in ["/address", "/metadata", "/name", "/both"] {
        let answer = client.get(&web.url(path));
        assert!(matches!(answer, Err(OutboundError::Private)), "{path}: {answer:?}");
    }
    for path in ["/file", "/password"] {
        let answer = client.get(&web.url(path));
        assert!(matches!(answer, Err(OutboundError::BadRedirect(_))), "{path}: {answer:?}");
    }
    assert!(matches!(client.get(&web.url("/round")), Err(OutboundError::TooManyRedirects(5))));
}

#[test]
fn a_public_name_that_leads_to_this_machine_is_refused_where_loopback_is_not_open() {
    let names = NameServer::start();
    names.set("rebound.example", &[Record::A(HOME)]);
    let public = client(Reach::Public, Some(&names));
    for address in ["http://rebound.example/", "https://rebound.example/", "http://127.0.0.1/", "http://[::1]/"] {
        let answer = public.get(address);
        assert!(matches!(answer, Err(OutboundError::Private)), "{address}: {answer:?}");
    }
    assert!(matches!(public.get("http://nobody.example/"), Err(OutboundError::NoSuchName(_))));
    assert!(matches!(public.get("http://rebound.example:8080/"), Err(OutboundError::Address(_))));
    assert!(matches!(client(Reach::Off, Some(&names)).get("http://1.1.1.1/"), Err(OutboundError::Off)));
    assert!(matches!(client(Reach::Off, Some(&names)).txt("a.example"), Err(OutboundError::Off)));
}

#[test]
fn a_name_is_asked_of_the_name_server_and_leads_to_its_host() {
    let names = NameServer::start();
    names.set("mira.example", &[Record::A(HOME)]);
    let web = WebServer::start(|_, host| ok(host.as_bytes()));
    let page = client(Reach::Loopback, Some(&names)).get(&format!("http://mira.example:{}/", web.port())).unwrap();
    assert_eq!(String::from_utf8(page.body).unwrap(), format!("mira.example:{}", web.port()));
}

#[test]
fn an_authority_of_ones_own_is_trusted_once_it_is_named_and_only_for_its_names() {
    let names = NameServer::start();
    for name in ["harbour.example", "elsewhere.example"] {
        names.set(name, &[Record::A(HOME)]);
    }
    let own = Authority::new("Harbour");
    let web = own.server(&["harbour.example"], |_, host| ok(host.as_bytes()));
    let at = |name: &str| format!("https://{name}:{}/", web.port());
    let asking = |authorities: Option<Authorities>| {
        let limits = LIMITS;
        let dns_server = Some(names.address());
        Outbound::new(OutboundConfig { dns_server, authorities, limits, ..OutboundConfig::new(Reach::Loopback) })
    };
    let page = asking(Some(own.trusted())).get(&at("harbour.example")).unwrap();
    assert_eq!(String::from_utf8(page.body).unwrap(), format!("harbour.example:{}", web.port()));
    for authorities in [None, Some(Authority::new("Elsewhere").trusted())] {
        let refused = asking(authorities).get(&at("harbour.example"));
        assert!(matches!(refused, Err(OutboundError::UnknownAuthority)), "{refused:?}");
    }
    let other_name = asking(Some(own.trusted())).get(&at("elsewhere.example")).unwrap_err().to_string();
    assert!(other_name.contains("its certificate is one of another name"), "{other_name}");
}

#[test]
fn a_redirect_from_https_leads_to_https_or_nowhere() {
    let asked = Arc::new(AtomicU32::new(0));
    let count = asked.clone();
    let plain = WebServer::start(move |_, _| {
        count.fetch_add(1, Ordering::SeqCst);
        ok(b"plain")
    });
    let (own, to_plain) = (Authority::new("Harbour"), plain.url("/"));
    let web = own.server(&["127.0.0.1"], move |path, host| match path {
        "/on" => redirect(&format!("https://{host}/there")),
        "/there" => ok(b"there"),
        "/down" => redirect(&to_plain),
        _ => not_found(),
    });
    let config =
        OutboundConfig { authorities: Some(own.trusted()), limits: LIMITS, ..OutboundConfig::new(Reach::Loopback) };
    let client = Outbound::new(config);
    let page = client.get(&web.url("/on")).unwrap();
    assert_eq!((page.body.as_slice(), page.hops), (&b"there"[..], vec![web.url("/on"), web.url("/there")]));
    let refused = client.get(&web.url("/down")).unwrap_err();
    assert!(refused.to_string().contains("it is without encryption"), "{refused}");
    assert_eq!(asked.load(Ordering::SeqCst), 0, "nothing was asked without encryption");
    assert_eq!(client.address_of("harbour.example", "/x"), "https://harbour.example/x");
}

#[test]
fn servers_that_do_not_answer_are_given_up_in_time() {
    let web = WebServer::start(|_, _| Reply::Stalled);
    let short = Duration::from_millis(200);
    let (_kept, nobody) = silence();
    let limits = Limits { time: short, dns_time: short, ..LIMITS };
    let client =
        Outbound::new(OutboundConfig { dns_server: Some(nobody), limits, ..OutboundConfig::new(Reach::Loopback) });
    let begun = Instant::now();
    let answers =
        [client.get(&web.url("/")).err(), client.get("http://a.example/").err(), client.txt("a.example").err()];
    for answer in answers {
        assert!(matches!(answer, Some(OutboundError::TimedOut)), "{answer:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(15));
}

#[test]
fn texts_of_a_name_come_whole_and_a_forged_answer_is_passed_over() {
    let names = NameServer::start();
    let long = "part ".repeat(100);
    names.set("a.example", &[Record::Txt("v=spf1 -all".into()), Record::Txt(long.clone())]);
    names.set("long.example", &[Record::LongTxt(long.clone())]);
    names.set("bare.example", &[Record::A(HOME)]);
    let client = client(Reach::Loopback, Some(&names));
    assert_eq!(client.txt("a.example").unwrap(), ["v=spf1 -all", &long]);
    assert_eq!(client.txt("long.example").unwrap(), [long]);
    assert!(client.txt("bare.example").unwrap().is_empty() && client.txt("nobody.example").unwrap().is_empty());
}
