//! The ladder of proofs through the front door: pages without JavaScript, the API, the maintainers' page.

use rollcall::config::ServeConfig;
use rollcall::demo::pictures::{draw, jpeg, resize};
use rollcall::outbound::{OutboundConfig, Reach};
use rollcall::takedown::accounts::Role;
use rollcall::takedown::desk::block_on;
use serde_json::{Value, json};

use super::cases::{fill, posts};
use super::client::{Answer, Client, Page};
use super::crawl::check;
use super::data::{picture, take_in};
use super::openapi::Document;
use super::server::{Server, wait_until};
use crate::outside::{HOME, NameServer, Record, WebServer, not_found, ok, redirect};

const PASSWORD: &str = "a long enough password";
const PROOFS: &str = "/api/v1/cases/{number}/proofs";

/// A portal that may ask this machine, and the name server it asks.
struct Outside {
    server: Server,
    names: NameServer,
    _directory: tempfile::TempDir,
}

fn outside() -> Outside {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    fill(&data);
    let file = directory.path().join("letters.csv");
    let rows = "link,body\nhttps://studio.example/1.jpg,Prints: write to Mira@Studio.Example.\nhttps://studio.example/2.jpg,More prints\n";
    std::fs::write(&file, rows).unwrap();
    take_in(&data, &file, "letters", "1", "url=link,caption=body");
    let names = NameServer::start();
    for name in ["harbour.example", "elsewhere.example"] {
        names.set(name, &[Record::A(HOME)]);
    }
    let outbound = OutboundConfig { dns_server: Some(names.address()), ..OutboundConfig::new(Reach::Loopback) };
    let server = Server::with(ServeConfig { outbound, ..ServeConfig::for_testing(data) });
    Outside { server, names, _directory: directory }
}

/// A case as a program holds it.
pub(super) struct Case {
    client: Client,
    number: String,
    passphrase: String,
    document: Document,
}

impl Case {
    pub(super) fn file(server: &Server, records: &[String]) -> Self {
        Self::file_on(server, "plain", records)
    }

    fn file_on(server: &Server, basis: &str, records: &[String]) -> Self {
        let client = server.client();
        let requester = json!({"name": "Ada", "email": "ada@harbour.example", "relationship": "self", "country": "DE"});
        let body = json!({"basis": basis, "records": records, "requester": requester, "explanation": "It is mine."});
        let case = client.post_json("/api/v1/cases", &body).expect(201).json();
        let text = |name: &str| case[name].as_str().unwrap().to_owned();
        let (number, passphrase) = (text("number"), text("passphrase"));
        Self { client, number, passphrase, document: Document::fetch() }
    }

    fn path(&self) -> String {
        format!("/api/v1/cases/{}/proofs", self.number)
    }

    fn try_post(&self, body: &Value) -> Answer {
        let headers = [("content-type", "application/json"), ("x-case-passphrase", &*self.passphrase)];
        let answer = self.client.post(&self.path(), &headers, body.to_string().as_bytes());
        self.document.check(PROOFS, "post", &answer);
        answer
    }

    pub(super) fn begin(&self, kind: &str, subject: &str) -> Value {
        self.try_post(&json!({"kind": kind, "subject": subject})).expect(201).json()
    }

    pub(super) fn look(&self, claim: &Value) -> Value {
        self.try_post(&json!({"check": claim["id"]})).expect(200).json()
    }

    fn upload(&self, kind: &str, more: &[(&str, &str)], file: &[u8]) -> Answer {
        let body = form(&[&[("kind", kind)][..], more].concat(), file);
        let headers = [("content-type", super::client::MULTIPART), ("x-case-passphrase", &*self.passphrase)];
        let answer = self.client.post(&self.path(), &headers, &body);
        self.document.check(PROOFS, "post", &answer);
        answer
    }

    pub(super) fn list(&self) -> Value {
        let answer = self.client.get_with(&self.path(), &[("x-case-passphrase", &self.passphrase)]).expect(200);
        self.document.check(PROOFS, "get", &answer);
        answer.json()
    }

    pub(super) fn cookie(&self) -> String {
        let fields = [("number", &*self.number), ("passphrase", &self.passphrase)];
        self.client.post_form("/cases", "", &fields).expect(303).cookie()
    }

    pub(super) fn page(&self, cookie: &str) -> Page {
        let page = self.client.get_with(&format!("/cases/{}", self.number), &[("cookie", cookie)]).expect(200).page();
        check(&page);
        page
    }
}

/// What a form with one file sends.
fn form(fields: &[(&str, &str)], file: &[u8]) -> Vec<u8> {
    let field = |(name, value): &(&str, &str)| {
        format!("--rollcall-test-boundary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let mut body: String = fields.iter().map(field).collect();
    body.push_str("--rollcall-test-boundary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"mine.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n");
    [body.as_bytes(), file, b"\r\n--rollcall-test-boundary--\r\n"].concat()
}

pub(super) fn assert_came(claim: &Value, state: &str, strength: Option<&str>) {
    assert_eq!((claim["state"].as_str(), claim["strength"].as_str()), (Some(state), strength), "{claim}");
}

#[test]
fn a_code_in_the_dns_is_strong_for_rows_of_the_domain_and_weak_for_others() {
    let outside = outside();
    let case = Case::file(&outside.server, &posts(&outside.server.client(), 12));
    let own = case.begin("dns_txt", "https://www.Harbour.example/about");
    assert_eq!(own["subject"], "harbour.example");
    assert_eq!(own["put"][0]["where"], "TXT record of _rollcall.harbour.example");
    assert_eq!(case.begin("dns_txt", "harbour.example"), own, "the same thing has the same code");
    assert_came(&case.look(&own), "not_shown", None);

    let code = own["code"].as_str().unwrap().to_owned();
    outside.names.set("_rollcall.harbour.example", &[Record::Txt(code.clone())]);
    let shown = case.look(&own);
    assert_came(&shown, "shown", Some("strong"));
    assert!(shown["seen"].as_str().unwrap().contains("8 of 12 records"), "{shown}");

    // The other writing, at the domain itself; it has nothing to do with the rows. Another code does not help.
    let other = case.begin("dns_txt", "elsewhere.example");
    outside.names.set("elsewhere.example", &[Record::Txt(format!("rollcall-proof={code}"))]);
    assert_came(&case.look(&other), "not_shown", None);
    let code = other["code"].as_str().unwrap();
    outside.names.set("elsewhere.example", &[Record::Txt("x".into()), Record::Txt(format!("rollcall-proof={code}"))]);
    assert_came(&case.look(&other), "shown", Some("weak"));

    let list = case.list();
    assert_eq!(list["may_be_demanded"], false);
    assert_eq!(list["proofs"].as_array().unwrap().len(), 2);
    for (kind, subject) in
        [("dns_txt", "co.uk"), ("dns_txt", "10.0.0.1"), ("profile", "ftp://x.example/"), ("face", "x")]
    {
        case.try_post(&json!({"kind": kind, "subject": subject})).expect(400);
    }
    case.try_post(&json!({"check": "no such"})).expect(409);
}

#[test]
fn a_code_in_a_file_in_the_head_of_a_page_and_in_a_profile_is_found() {
    let outside = outside();
    let case = Case::file(&outside.server, &posts(&outside.server.client(), 12));
    let codes = std::sync::Arc::new(std::sync::Mutex::new(Vec::<String>::new()));
    let published = codes.clone();
    let web = WebServer::start(move |path, _| {
        let codes = published.lock().unwrap();
        let code = |at: usize| codes.get(at).cloned().unwrap_or_default();
        match path {
            "/.well-known/rollcall-proof.txt" => redirect("/proof.txt"),
            "/proof.txt" => ok(format!("# ours\n{}\n", code(0)).as_bytes()),
            "/" => ok(format!("<head><meta name=\"rollcall-proof\" content=\"{}\"></head>", code(1)).as_bytes()),
            "/profile/ada.bsky.social" => {
                ok(format!("<head><meta property=\"og:description\" content=\"Painter {}\">", code(2)).as_bytes())
            }
            "/profile/grace.bsky.social" => ok(format!("<body><p>Nice! {}</p>", code(3)).as_bytes()),
            "/led" => redirect("http://elsewhere.example/"),
            _ => not_found(),
        }
    });
    let host = format!("harbour.example:{}", web.port());
    let claims = [
        case.begin("well_known", &host),
        case.begin("meta_tag", &format!("http://{host}/")),
        case.begin("profile", &format!("http://{host}/profile/ada.bsky.social")),
        case.begin("profile", &format!("http://{host}/profile/grace.bsky.social")),
    ];
    assert_came(&case.look(&claims[0]), "not_shown", None);
    *codes.lock().unwrap() = claims.iter().map(|claim| claim["code"].as_str().unwrap().to_owned()).collect();
    assert_came(&case.look(&claims[0]), "shown", Some("strong"));
    assert_came(&case.look(&claims[1]), "shown", Some("strong"));
    assert_came(&case.look(&claims[2]), "shown", Some("strong"));
    assert_came(&case.look(&claims[3]), "shown", Some("fair"));
    let led = case.begin("profile", &format!("http://{host}/led"));
    assert_came(&case.look(&led), "not_shown", None);
    let gone = case.begin("profile", &format!("http://{host}/gone"));
    let gone = case.look(&gone);
    assert!(gone["seen"].as_str().unwrap().contains("404"), "{gone}");
}

#[test]
fn a_letter_goes_only_to_an_address_of_a_row_and_its_code_comes_back() {
    let outside = outside();
    let client = outside.server.client();
    let found = client.search("/api/v1/search", &[("q", "prints"), ("dataset", "letters")]).expect(200).json();
    let ids: Vec<String> =
        found["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect();
    // An objection hides the rows at once: they are looked at all the same.
    let case = Case::file_on(&outside.server, "gdpr_objection", &ids);
    client.get(&format!("/api/v1/records/{}", ids[0])).expect(404);
    case.try_post(&json!({"kind": "row_email", "subject": "noor@studio.example"})).expect(409);
    let claim = case.begin("row_email", " mira@studio.example ");
    assert_eq!((claim["code"].is_null(), claim["put"].as_array().unwrap().len()), (true, 0), "{claim}");
    case.begin("row_email", "mira@studio.example");

    // The portal posts by itself, too: whoever is faster.
    block_on(outside.server.desk().post_letters()).unwrap().unwrap();
    let letters = || -> Vec<String> {
        let files = std::fs::read_dir(outside.server.data().join("letters")).into_iter().flatten();
        let texts = files.filter_map(|entry| std::fs::read_to_string(entry.unwrap().path()).ok());
        texts.filter(|letter| letter.contains("mira@studio.example") && letter.contains("rollcall-")).collect()
    };
    wait_until("the letter", || !letters().is_empty());
    let letters = letters();
    assert_eq!(letters.len(), 1, "asked twice, written once");
    let code: String = letters[0].lines().find(|line| line.starts_with("rollcall-")).unwrap().trim().to_owned();

    // Nobody sees the code but who reads the letter.
    let cookie = case.cookie();
    let page = case.page(&cookie);
    assert!(page.words().contains("A letter with a code is on its way there.") && !page.html.html().contains(&code));
    assert_came(
        &case.try_post(&json!({"check": claim["id"], "code": "rollcall-0"})).expect(200).json(),
        "not_shown",
        None,
    );
    case.try_post(&json!({"check": claim["id"]})).expect(400);
    let shown = case.try_post(&json!({"check": claim["id"], "code": code})).expect(200).json();
    assert_came(&shown, "shown", Some("strong"));
    assert!(shown["seen"].as_str().unwrap().contains("1 of 2 records"), "{shown}");
    let log =
        case.client.get_with(&format!("/api/v1/cases/{}", case.number), &[("x-case-passphrase", &case.passphrase)]);
    assert!(!log.text().contains("mira@studio") && !log.text().contains(&code));
}

#[test]
fn the_original_is_compared_and_forgotten_and_a_mandate_waits_for_a_person() {
    let outside = outside();
    let client = outside.server.client();
    let found = client.search("/api/v1/search", &[("q", "plate 0"), ("dataset", "gallery")]).expect(200).json();
    let case = Case::file(&outside.server, &[found["hits"][0]["id"].as_str().unwrap().to_owned()]);
    let larger = jpeg(&resize(&draw(7_000, 320, 240), 2.0), 92).unwrap();
    assert_came(&case.upload("original_file", &[], &larger).expect(201).json(), "shown", Some("fair"));
    assert_came(&case.upload("original_file", &[], &picture(0)).expect(201).json(), "shown", Some("weak"));
    assert_came(&case.upload("original_file", &[], &picture(1)).expect(201).json(), "not_shown", None);
    assert_eq!(case.list()["proofs"].as_array().unwrap().len(), 1);
    case.upload("original_file", &[], b"PK\x03\x04\xff").expect(415);
    case.upload("dns_txt", &[], &larger).expect(400);

    let mandate = case.upload("mandate", &[("identity", "yes")], b"%PDF-1.7 I let Ada ask").expect(201).json();
    assert_came(&mandate, "with_staff", None);
    let staff = Staff::new(&outside.server, "mia");
    let path = format!("/review/cases/{}", case.number);
    let page = staff.page(&path);
    assert!(page.words().contains("A mandate to ask for somebody: mine.jpg, waits for one of you"), "{}", page.words());
    let file = page.link("The file");
    assert_eq!(client.get_with(&file, &[("cookie", &staff.cookie)]).expect(200).body, b"%PDF-1.7 I let Ada ask");
    let fields = [("act", "enough"), ("id", mandate["id"].as_str().unwrap()), ("note", "Signed by hand.")];
    staff.post(&format!("{path}/proofs"), &fields).expect(303);
    // Marked by the sender, so it is gone though the maintainer did not tick it.
    client.get_with(&file, &[("cookie", &staff.cookie)]).expect(404);
    let words = staff.page(&path).words();
    assert!(words.contains("A mandate to ask for somebody: a deleted file, fair proof"), "{words}");
    assert!(words.contains("An attached file was deleted after it was looked at."), "{words}");
    let list = case.list();
    assert!(
        list.to_string().contains("It is enough. Signed by hand.")
            || list.to_string().contains("it is enough. Signed by hand."),
        "{list}"
    );
}

#[test]
fn the_page_leads_through_a_proof_without_a_script_and_the_queue_shows_it() {
    let outside = outside();
    let case = Case::file(&outside.server, &posts(&outside.server.client(), 3));
    let cookie = case.cookie();
    let page = case.page(&cookie);
    assert!(page.words().contains("A request for fewer than 100 records needs no proof"), "{}", page.words());
    let offered = page.all("#proof-domains option");
    assert_eq!(offered.first().and_then(|option| option.attr("value")), Some("harbour.example"));
    let action = format!("/cases/{}/proofs", case.number);
    assert!(page.has(&format!("form[action='{action}'] #proof-subject")));
    let claim = [("act", "claim"), ("kind", "dns_txt"), ("subject", "harbour.example")];
    let begun = case.client.post_form(&action, &cookie, &claim).expect(303);
    assert_eq!(begun.header("location"), Some(format!("/cases/{}#proofs", case.number).as_str()));
    let page = case.page(&cookie);
    let code = page.texts("section code")[0].clone();
    outside.names.set("_rollcall.harbour.example", &[Record::Txt(code)]);
    let id = page.one("input[name=id]").attr("value").unwrap().to_owned();
    case.client.post_form(&action, &cookie, &[("act", "check"), ("id", &id)]).expect(303);
    let words = case.page(&cookie).words();
    assert!(words.contains("a strong proof") && words.contains("The code stands in the DNS of the domain."), "{words}");

    let staff = Staff::new(&outside.server, "mia");
    assert!(staff.page("/review").texts("td[data-label=Proof]").contains(&"strong".to_owned()));
    let path = format!("/review/cases/{}", case.number);
    let words = staff.page(&path).words();
    assert!(words.contains("A record in a domain’s DNS: harbour.example, strong proof, checked"), "{words}");
    // Looked at again when it is gone: that is said, and what was seen before stays.
    outside.names.set("_rollcall.harbour.example", &[]);
    staff.post(&format!("{path}/proofs"), &[("act", "look"), ("id", &id)]).expect(303);
    let words = staff.page(&path).words();
    assert!(words.contains("not shown, looked at on") && words.contains("strong proof, checked"), "{words}");
    assert!(words.contains("A proof of who asks was looked for again and not found."), "{words}");
}

#[test]
fn nobody_looks_without_the_passphrase_nor_endlessly_nor_where_it_is_switched_off() {
    let outside = outside();
    let case = Case::file(&outside.server, &posts(&outside.server.client(), 1));
    let client = &case.client;
    client.get_with(&case.path(), &[("x-case-passphrase", "wrong")]).expect(404);
    client.post_form(&format!("/cases/{}/proofs", case.number), "", &[("act", "claim")]).expect(403);
    let claim = case.begin("dns_txt", "harbour.example");
    for _ in 0..20 {
        case.look(&claim);
    }
    let refused = case.try_post(&json!({"check": claim["id"]})).expect(429);
    assert!(refused.header("retry-after").is_some());

    let server = super::cases::portal();
    let case = Case::file(&server, &posts(&server.client(), 1));
    assert_eq!(case.list()["kinds"], json!(["row_email", "original_file", "mandate"]));
    case.try_post(&json!({"kind": "dns_txt", "subject": "harbour.example"})).expect(409);
}

/// A maintainer's browser.
struct Staff {
    client: Client,
    cookie: String,
}

impl Staff {
    fn new(server: &Server, name: &str) -> Self {
        block_on(server.desk().add_account(name, Role::Maintainer, Vec::new(), PASSWORD)).unwrap().unwrap();
        let client = server.client();
        let fields = [("name", name), ("password", PASSWORD), ("code", ""), ("to", "/review")];
        let cookie = client.post_form("/review/sign-in", "", &fields).expect(303).cookie();
        Self { client, cookie }
    }

    fn page(&self, path: &str) -> Page {
        self.client.get_with(path, &[("cookie", &self.cookie)]).expect(200).page()
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.client.post_form(path, &self.cookie, fields)
    }
}
