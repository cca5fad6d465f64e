//! Maintainers at work in the pages, as a browser without JavaScript sends its forms.

use rollcall::takedown::accounts::Role;
use rollcall::takedown::case::RecordRef;
use rollcall::takedown::desk::block_on;
use serde_json::json;

use super::cases::{portal, posts};
use super::client::{Client, Page};
use super::data::{GALLERY, POSTS};
use super::server::Server;

const PASSWORD: &str = "a long enough password";

fn add(server: &Server, name: &str, role: Role, datasets: &[&str]) {
    let datasets = datasets.iter().map(|&slug| slug.to_owned()).collect();
    block_on(server.desk().add_account(name, role, datasets, PASSWORD)).unwrap().unwrap();
}

/// A browser that is signed in.
pub(super) struct Staff {
    pub(super) client: Client,
    cookie: String,
}

impl Staff {
    pub(super) fn new(server: &Server, name: &str, role: Role) -> Self {
        add(server, name, role, &[]);
        Self::sign_in(server, name)
    }

    fn sign_in(server: &Server, name: &str) -> Self {
        let client = server.client();
        let fields = [("name", name), ("password", PASSWORD), ("code", ""), ("to", "/review")];
        let answer = client.post_form("/review/sign-in", "", &fields).expect(303);
        assert_eq!(answer.header("location"), Some("/review"));
        Self { cookie: answer.cookie(), client }
    }

    pub(super) fn page(&self, path: &str) -> Page {
        let answer = self.client.get_with(path, &[("cookie", &self.cookie)]).expect(200);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        answer.page()
    }

    pub(super) fn post(&self, path: &str, fields: &[(&str, &str)]) -> super::client::Answer {
        self.client.post_form(path, &self.cookie, fields)
    }
}

pub(super) fn file(client: &Client, records: &[String], name: &str) -> String {
    let body = json!({"basis": "plain", "records": records, "requester": {"name": name}});
    client.post_json("/api/v1/cases", &body).expect(201).json()["number"].as_str().unwrap().to_owned()
}

/// The fields of a decision, with the version that the page holds.
fn decision<'a>(page: &Page, dataset: &'a str, decision: &'a str) -> Vec<(&'a str, String)> {
    let version = page.one("form.decide-form input[name=version]").attr("value").unwrap().to_owned();
    vec![
        ("dataset", dataset.to_owned()),
        ("version", version),
        ("decision", decision.to_owned()),
        ("scope", "row".to_owned()),
        ("ground", "law".to_owned()),
        ("reference", String::new()),
        ("facts", "The row names her.".to_owned()),
        ("explanation", "She asked, and nothing speaks against it.".to_owned()),
        ("refusal", String::new()),
    ]
}

fn borrowed<'a>(fields: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[test]
fn nobody_sees_the_staffs_pages_without_signing_in() {
    let server = portal();
    let client = server.client();
    let number = file(&client, &posts(&client, 1), "Ada");
    for path in ["/review", "/review/account", &format!("/review/cases/{number}")] {
        let answer = client.get(path).expect(303);
        let to: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        assert_eq!(answer.header("location"), Some(format!("/review/sign-in?to={to}").as_str()));
    }
    client.post_form(&format!("/review/cases/{number}/decide"), "review=wrong", &[]).expect(303);
    add(&server, "mira", Role::Reviewer, &[]);
    for (name, password) in [("mira", "wrong"), ("nobody", PASSWORD), ("", "")] {
        let page =
            client.post_form("/review/sign-in", "", &[("name", name), ("password", password)]).expect(403).page();
        assert_eq!(page.texts(".notice"), ["Name, password or code is wrong."]);
        assert!(page.one("input[name=password]").attr("value").is_none());
    }
    let staff = Staff::sign_in(&server, "mira");
    assert!(staff.page("/review").heading().contains("1 to decide"));
    staff.post("/review/sign-out", &[]).expect(303);
    staff.client.get_with("/review", &[("cookie", &staff.cookie)]).expect(303);
}

/// A case of rows that the portal does not hold, straight to the desk: there are not so many here.
fn file_many(server: &Server, count: usize) -> String {
    let record = |at: usize| RecordRef {
        id: format!("{POSTS}-1-{at:x}"),
        dataset: POSTS.to_owned(),
        revision: "1".into(),
        file: "part-0.parquet".into(),
        file_sha256: "5e".repeat(32),
        row: at as u64,
        url: Some(format!("https://harbour.example/{at}.jpg")),
        source_id: None,
        sha256: None,
        md5: None,
        hashes: std::collections::BTreeMap::new(),
    };
    let filing = serde_json::from_value(json!({"basis": "plain", "requester": {"name": "Ada"}})).unwrap();
    block_on(server.desk().file(filing, (0..count).map(record).collect())).unwrap().unwrap().case.number
}

#[test]
fn a_large_case_is_read_page_by_page_and_decided_by_rows_of_a_page_or_whole() {
    let server = portal();
    let staff = Staff::new(&server, "mira", Role::Reviewer);
    let number = file_many(&server, 250);
    let place = format!("/review/cases/{number}");
    let first = staff.page(&place);
    assert_eq!(first.all("form.decide-form tbody tr").len(), 100);
    assert!(first.words().contains("Records 1 to 100 of 250"), "{}", first.words());
    let second = staff.page(&first.link("After these"));
    assert!(second.texts("form.decide-form tbody").join(" ").contains("harbour.example/100.jpg"));
    let last_link = first.link("Last");
    assert_eq!(staff.page(&last_link).all("form.decide-form tbody tr").len(), 50);
    assert_eq!(staff.page(&format!("{place}?dataset={POSTS}&rows=99")).all("form.decide-form tbody tr").len(), 50);
    assert_eq!(staff.page(&format!("{place}?rows=x")).all("form.decide-form tbody tr").len(), 100);

    // Something is missing: the same rows again, with their ticks.
    let ticked = second.all("form.decide-form input[name=record]")[7].attr("value").unwrap().to_owned();
    let mut fields = decision(&second, POSTS, "granted");
    fields.push(("rows", second.one("form.decide-form input[name=rows]").attr("value").unwrap().to_owned()));
    let mut both = fields.clone();
    both.extend([("record", ticked.clone()), ("which", "all".to_owned())]);
    let refused = staff.post(&format!("{place}/decide"), &borrowed(&both)).expect(400).page();
    assert_eq!(refused.one("form.decide-form input[checked][name=record]").attr("value"), Some(ticked.as_str()));

    let mut one = fields.clone();
    one.extend([("record", ticked.clone()), ("which", "ticked".to_owned())]);
    let answer = staff.post(&format!("{place}/decide"), &borrowed(&one)).expect(303);
    let page = staff.page(answer.header("location").unwrap());
    assert!(page.words().contains("Records 101 to 200 of 250"), "back among the same rows: {}", page.words());
    assert_eq!(page.all("form.decide-form input[name=record]").len(), 99, "what is decided has no box");
    assert!(page.words().contains("Decide all 249 open rows"), "{}", page.words());

    let mut all = decision(&page, POSTS, "granted");
    all.push(("which", "all".to_owned()));
    staff.post(&format!("{place}/decide"), &borrowed(&all)).expect(303);
    let granted = block_on(server.desk().granted_rows(POSTS)).unwrap().unwrap();
    assert_eq!(granted.len(), 250, "on all pages");
}

#[test]
fn the_cookie_is_kept_from_scripts_and_other_sites() {
    let server = portal();
    add(&server, "mira", Role::Reviewer, &[]);
    let fields = [("name", "mira"), ("password", PASSWORD), ("to", "https://evil.example/")];
    let answer = server.client().post_form("/review/sign-in", "", &fields).expect(303);
    assert_eq!(answer.header("location"), Some("/review"), "a sign-in leads to no other site");
    let cookie = answer.header("set-cookie").unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/review"] {
        assert!(cookie.contains(part), "{cookie}");
    }
}

#[test]
fn a_case_is_opened_from_the_queue_and_decided() {
    let server = portal();
    let staff = Staff::new(&server, "mira", Role::Reviewer);
    let records = posts(&staff.client, 3);
    let number = file(&staff.client, &records, "Ada Lindqvist");
    let queue = staff.page("/review");
    let line = queue.texts(".queue tbody tr").join(" ");
    for word in [number.as_str(), "Ada Lindqvist", "in ", "received"] {
        assert!(line.contains(word), "{word}: {line}");
    }
    let place = queue.link(&number);
    let page = staff.page(&place);
    assert_eq!(page.all("form.decide-form tbody tr").len(), 3);
    assert!(!page.has("main img"), "no picture is loaded unasked");

    let fields = decision(&page, POSTS, "granted");
    // Ticked rows, and the button for all: asked about instead of passed over.
    let mut both = fields.clone();
    both.extend([("record", records[0].clone()), ("which", "all".to_owned())]);
    let refused = staff.post(&format!("{place}/decide"), &borrowed(&both)).expect(400).page();
    assert!(refused.texts(".notice").join(" ").contains("rows are ticked"));
    assert!(refused.texts("textarea").join(" ").contains("nothing speaks against it"), "what was typed is still there");
    let mut none = fields.clone();
    none.push(("which", "ticked".to_owned()));
    staff.post(&format!("{place}/decide"), &borrowed(&none)).expect(400);

    let mut unexplained = decision(&page, POSTS, "refused");
    unexplained.retain(|(name, _)| *name != "explanation");
    unexplained.push(("which", "all".to_owned()));
    let refused = staff.post(&format!("{place}/decide"), &borrowed(&unexplained)).expect(409).page();
    assert!(refused.texts(".notice").join(" ").contains("Write under “Why that leads here”"), "{}", refused.words());

    let mut one = fields.clone();
    one.extend([("record", records[0].clone()), ("which", "ticked".to_owned())]);
    let done = staff.post(&format!("{place}/decide"), &borrowed(&one)).expect(303);
    assert_eq!(done.header("location"), Some(place.as_str()));
    staff.client.get(&format!("/records/{}", records[0])).expect(404);
    staff.client.get(&format!("/records/{}", records[1])).expect(200);

    // The page that was open before is behind: nothing is decided twice.
    let mut stale = fields;
    stale.push(("which", "all".to_owned()));
    let conflict = staff.post(&format!("{place}/decide"), &borrowed(&stale)).expect(409).page();
    assert!(conflict.texts(".notice").join(" ").contains("Somebody else decided meanwhile"));
    staff.client.get(&format!("/records/{}", records[1])).expect(200);

    let mut rest = decision(&staff.page(&place), POSTS, "refused");
    rest.push(("which", "all".to_owned()));
    staff.post(&format!("{place}/decide"), &borrowed(&rest)).expect(303);
    let page = staff.page(&place);
    assert!(page.texts(".state").join(" ").contains("granted in part"), "{}", page.words());
    assert!(page.texts(".timeline").join(" ").contains("mira"));
    assert!(!page.all("#letters ~ details").is_empty(), "letters were written");
}

#[test]
fn those_who_decide_read_a_hidden_record_and_nobody_else_does() {
    let server = portal();
    let client = server.client();
    let mira = Staff::new(&server, "mira", Role::Maintainer);
    let ids = posts(&client, 2);
    let caption = client.get(&format!("/api/v1/records/{}", ids[0])).expect(200).json()["caption"].clone();
    let caption = caption.as_str().unwrap().to_owned();
    let number = file(&client, &ids[..1], "Ada");
    let case = format!("/review/cases/{number}");
    let fields = decision(&mira.page(&case), POSTS, "granted");
    mira.post(&format!("{case}/decide"), &[&borrowed(&fields)[..], &[("which", "all")]].concat()).expect(303);
    client.get(&format!("/records/{}", ids[0])).expect(404);

    let page = mira.page(&case);
    assert!(page.words().contains(&caption), "{}", page.words());
    let place = format!("{case}/records/{}", ids[0]);
    assert!(page.hrefs("a").contains(&place), "{:?}", page.hrefs("a"));
    let record = mira.page(&place);
    assert!(record.words().contains(&caption) && record.has("table.raw"), "{}", record.words());
    // A row of no case of theirs is nobody's to read here.
    mira.client.get_with(&format!("{case}/records/{}", ids[1]), &[("cookie", &mira.cookie)]).expect(404);
    let signed_out = client.get(&place).expect(303);
    assert!(signed_out.header("location").unwrap().starts_with("/review/sign-in"));
    add(&server, "noor", Role::Reviewer, &[GALLERY]);
    let noor = Staff::sign_in(&server, "noor");
    let refused = noor.client.get_with(&place, &[("cookie", &noor.cookie)]).expect(404).page();
    assert!(!refused.words().contains(&caption) && refused.words().contains("among the datasets of this account"));
}

#[test]
fn one_case_leads_to_the_next() {
    let server = portal();
    let client = server.client();
    let mira = Staff::new(&server, "mira", Role::Maintainer);
    let next = |after: &str| {
        let path = format!("/review/next?after={after}");
        let answer = mira.client.get_with(&path, &[("cookie", &mira.cookie)]).expect(303);
        answer.header("location").unwrap().to_owned()
    };
    assert_eq!(next(""), "/review");
    let ids = posts(&client, 2);
    let (one, other) = (file(&client, &ids[..1], "Ada"), file(&client, &ids[1..], "Mary"));
    let (to_one, to_other) = (format!("/review/cases/{one}"), format!("/review/cases/{other}"));
    let mut both = [next(&one), next(&other)];
    both.sort();
    let mut wanted = [to_one, to_other];
    wanted.sort();
    assert_eq!(both, wanted);
    assert!(mira.page(&wanted[0]).hrefs("a").iter().any(|href| href.starts_with("/review/next?after=")));
}

#[test]
fn a_person_is_asked_and_written_to() {
    let server = portal();
    let staff = Staff::new(&server, "mira", Role::Maintainer);
    let number = file(&staff.client, &posts(&staff.client, 1), "Ada");
    let place = format!("/review/cases/{number}");
    staff.post(&format!("{place}/act"), &[("dataset", POSTS), ("act", "take")]).expect(303);
    assert!(staff.page("/review?mine=1").has(".queue tbody tr"));
    let text = "We look at it this week.";
    staff.post(&format!("{place}/act"), &[("dataset", POSTS), ("act", "reply"), ("text", text)]).expect(303);
    staff.post(&format!("{place}/act"), &[("dataset", POSTS), ("act", "reply"), ("text", " ")]).expect(400);
    staff.post(&format!("{place}/act"), &[("dataset", POSTS), ("act", "dance")]).expect(400);
    let mut question = decision(&staff.page(&place), POSTS, "needs_info");
    question.push(("which", "all".to_owned()));
    staff.post(&format!("{place}/decide"), &borrowed(&question)).expect(303);
    assert!(staff.page("/review?state=needs_info").has(".queue tbody tr"));
    let other = file(&staff.client, &posts(&staff.client, 1), "Ada");
    assert!(staff.page(&format!("/review/cases/{other}")).texts("#beside ~ form").join(" ").contains(&number));
    staff.post(&format!("/review/cases/{other}/act"), &[("dataset", GALLERY), ("act", "start")]).expect(409);
}

#[test]
fn many_are_decided_together_after_one_page_that_asks() {
    let server = portal();
    let staff = Staff::new(&server, "mira", Role::Maintainer);
    let records = posts(&staff.client, 3);
    let numbers: Vec<String> = records.iter().map(|id| file(&staff.client, std::slice::from_ref(id), "Ada")).collect();
    let picks: Vec<String> = numbers.iter().map(|number| format!("{number} {POSTS}")).collect();
    let mut fields: Vec<(&str, &str)> = picks.iter().map(|pick| ("pick", pick.as_str())).collect();
    let page = staff.post("/review/bulk", &fields).expect(200).page();
    assert!(page.heading().contains("3 requests"));
    staff.client.get(&format!("/records/{}", records[0])).expect(200);
    fields.extend([
        ("go", "1"),
        ("decision", "granted"),
        ("scope", ""),
        ("ground", "terms"),
        ("facts", "The same person wrote all of them."),
    ]);
    staff.post("/review/bulk", &fields).expect(409);
    staff.client.get(&format!("/records/{}", records[0])).expect(200);
    fields.push(("sure", "true"));
    let done = staff.post("/review/bulk", &fields).expect(303);
    assert!(staff.page(done.header("location").unwrap()).texts(".notice").join(" ").contains("3 requests"));
    for id in &records {
        staff.client.get(&format!("/records/{id}")).expect(404);
    }
    let again = staff.post("/review/bulk", &fields).expect(409).page();
    assert_eq!(again.texts("tbody tr").len(), 3, "each with why it cannot be decided again");
    let reviewer = Staff::new(&server, "noor", Role::Reviewer);
    reviewer.post("/review/bulk", &fields).expect(403);
}

#[test]
fn an_account_gets_its_second_factor_and_a_new_password() {
    let server = portal();
    let staff = Staff::new(&server, "mira", Role::Reviewer);
    let page = staff.post("/review/account/totp", &[]).expect(200).page();
    let secret = page.texts("#totp-secret").join("");
    assert!(secret.len() >= 32, "{secret}");
    assert!(!staff.page("/review/account").has("#totp-secret"), "it is shown once");
    staff.post("/review/account/totp/confirm", &[("code", "000000")]).expect(403);
    let new = "high tide at night";
    let wrong = [("password", "wrong"), ("new", new), ("again", new)];
    staff.post("/review/account/password", &wrong).expect(403);
    let unlike = [("password", PASSWORD), ("new", new), ("again", "high tide at noon")];
    staff.post("/review/account/password", &unlike).expect(403);
    let right = [("password", PASSWORD), ("new", new), ("again", new)];
    staff.post("/review/account/password", &right).expect(303);
    staff.client.get_with("/review", &[("cookie", &staff.cookie)]).expect(303);
    staff.client.post_form("/review/sign-in", "", &[("name", "mira"), ("password", new)]).expect(303);
}
