//! Datasets made from datasets: said on their pages, the same rows proposed and taken over, recipients told.

use std::path::Path;

use rollcall::index::layout::Layout;
use rollcall::takedown::accounts::{Account, Role};
use rollcall::takedown::case::Decision;
use rollcall::takedown::decision::Rows;
use rollcall::takedown::desk::block_on;
use rollcall::takedown::desk::types::DecisionOrder;
use rollcall::takedown::reasons::{Ground, Reasons};
use rollcall::takedown::tombstone::Scope;
use serde_json::json;

use super::cases::fill;
use super::client::Client;
use super::crawl;
use super::data::{GALLERY, POSTS, picture, smaller_picture, take_in};
use super::openapi::Document;
use super::review_pages::{Staff, file};
use super::server::{Server, wait_until};

const SMALL: &str = "posts-small";
const SMALLEST: &str = "posts-smallest";
const SCANS: &str = "scans";

/// The posts and the gallery; three of the posts once more in a dataset whose card says so, two of those in one of which
/// the operator says so; and a dataset with pictures of the gallery, smaller and under other addresses.
fn portal() -> Server {
    Server::own(|data| {
        fill(data);
        let source = data.parent().unwrap();
        derived(data, &source.join(SMALL), SMALL, 3, "source_datasets:\n- extended|someone/Posts\n");
        derived(data, &source.join(SMALLEST), SMALLEST, 2, "license: mit\n");
        Layout::new(data).set_named_sources(SMALLEST, &[SMALL.to_owned()]).unwrap();
        let scans = source.join(SCANS);
        std::fs::create_dir_all(&scans).unwrap();
        std::fs::write(scans.join("a.jpg"), smaller_picture(0)).unwrap();
        std::fs::write(scans.join("b.jpg"), picture(9)).unwrap();
        std::fs::write(scans.join("README.md"), "---\nsource_datasets:\n- gallery\n---\n# Scans\n\nScans.\n").unwrap();
        take_in(data, &scans, SCANS, "1", "");
    })
}

fn derived(data: &Path, source: &Path, slug: &str, n: usize, card: &str) {
    std::fs::create_dir_all(source).unwrap();
    let hosts = ["harbour.example", "img.harbour.example", "attic.example"];
    let row = |i: usize| format!("http://www.{}/pictures/2024-11-{i}.jpg,A copy of it,{i}\n", hosts[i % 3]);
    let rows: String = (0..n).map(row).collect();
    let csv = source.join("rows.csv");
    std::fs::write(&csv, format!("link,body,key\n{rows}")).unwrap();
    std::fs::write(source.join("README.md"), format!("---\npretty_name: {slug}\n{card}---\n# Rows\n\nRows.\n"))
        .unwrap();
    take_in(data, &csv, slug, "1", "url=link,caption=body");
}

/// The record of a post in one of the datasets.
fn post(client: &Client, dataset: &str, i: usize) -> String {
    let host = ["harbour.example", "img.harbour.example", "attic.example"][i % 3];
    let q = format!("https://{host}/pictures/2024-11-{i}.jpg");
    let found = client.search("/api/v1/search", &[("q", &q), ("dataset", dataset)]).expect(200).json();
    found["hits"][0]["id"].as_str().unwrap_or_else(|| panic!("{q} is not in {dataset}")).to_owned()
}

fn order(dataset: &str) -> DecisionOrder {
    let reasons = Reasons {
        ground: Ground::Terms,
        reference: String::new(),
        explanation: "They are hers.".to_owned(),
        facts: "She showed it.".to_owned(),
        refusal: None,
    };
    DecisionOrder {
        dataset: dataset.to_owned(),
        rows: Rows::All,
        decision: Decision::Granted,
        reasons,
        scope: Some(Scope::Row),
        expected_version: None,
    }
}

/// A case over these records, granted.
fn granted(server: &Server, dataset: &str, records: &[String]) -> String {
    let number = file(&server.client(), records, "Ada Lindqvist");
    block_on(async {
        let account = server.desk().accounts().await.unwrap().into_iter().find(Account::sees_all).unwrap();
        server.desk().decide(&account, &number, &order(dataset)).await.unwrap();
    })
    .unwrap();
    // Any page that changes something follows decisions; a search after one sees them.
    server.client().post_form("/review/sign-in", "", &[]).expect(403);
    number
}

fn is_shown(client: &Client, id: &str) -> bool {
    client.get(&format!("/records/{id}")).status == 200
}

#[test]
fn a_dataset_says_what_it_was_made_from_and_used_for() {
    let server = portal();
    let client = server.client();
    let page = client.get(&format!("/datasets/{SMALL}")).expect(200).page();
    assert_eq!(page.link("posts"), format!("/datasets/{POSTS}"), "{}", page.words());
    assert_eq!(page.link(SMALLEST), format!("/datasets/{SMALLEST}"));
    crawl::check(&page);
    let smallest = client.get(&format!("/datasets/{SMALLEST}")).expect(200).page();
    assert!(smallest.words().contains("named by the operator"), "{}", smallest.words());
    // A source that is not held here stays a name.
    assert!(client.get(&format!("/datasets/{GALLERY}")).expect(200).page().words().contains("attic-scans"));

    let answer = client.get(&format!("/api/v1/datasets/{SMALL}")).expect(200);
    let dataset = answer.json();
    assert_eq!(dataset["made_from"][0]["name"], "extended|someone/Posts");
    assert_eq!(dataset["made_from"][0]["dataset"], POSTS);
    assert_eq!(dataset["used_for"], json!([{"dataset": SMALLEST, "title": SMALLEST}]));
    Document::fetch().check("/api/v1/datasets/{slug}", "get", &answer);
}

#[test]
fn granted_rows_are_proposed_for_derived_datasets_and_go_only_when_somebody_says_so() {
    let server = portal();
    let staff = Staff::new(&server, "mira", Role::Maintainer);
    let client = &staff.client;
    let (first, second) = (post(client, POSTS, 0), post(client, POSTS, 1));
    let (small, small_other, smallest) = (post(client, SMALL, 0), post(client, SMALL, 1), post(client, SMALLEST, 0));
    assert!(staff.page("/review/same-rows").words().contains("Nothing waits"));
    let number = granted(&server, POSTS, &[first.clone(), second]);
    assert!(!is_shown(client, &first));
    assert!(is_shown(client, &small) && is_shown(client, &smallest), "nothing is removed unasked");

    let case = format!("/review/cases/{number}");
    assert!(staff.page(&case).texts("#spread").join("").contains("Same rows in 2 derived datasets"));
    let page = staff.page("/review/same-rows");
    crawl::check(&page);
    assert_eq!(page.all("section.target").len(), 2, "{}", page.words());
    assert!(page.words().contains("same address") && !page.words().contains("Ada"), "{}", page.words());
    assert!(!page.words().contains(&number), "the case it came from is not shown");

    // One of the two rows of the first proposal is taken over.
    let form = |page: &super::client::Page, id: &str| {
        let forms = page.all("section.target form").into_iter();
        let mut fitting = forms.filter(|form| form.html().contains(id));
        fitting.next().unwrap().attr("action").unwrap().to_owned()
    };
    let place = form(&page, &small);
    staff.post(&place, &[("act", "accept")]).expect(400);
    let reviewer = Staff::new(&server, "noor", Role::Reviewer);
    reviewer.post(&place, &[("act", "accept"), ("record", &small)]).expect(403);
    let done = staff.post(&place, &[("act", "accept"), ("record", &small)]).expect(303);
    assert!(!is_shown(client, &small) && is_shown(client, &small_other) && is_shown(client, &smallest));
    let page = staff.page(done.header("location").unwrap());
    assert!(page.texts(".notice").join("").contains("Taken over as case"), "{}", page.words());
    staff.post(&place, &[("act", "accept"), ("record", &small)]).expect(409);
    assert_eq!(page.all("section.target").len(), 1, "what was left unticked is not proposed again");
    let words = staff.page(&case).words();
    assert!(words.contains("2 rows proposed, taken over as case"), "{words}");

    // The other is refused as a whole, and stays.
    let other = form(&page, &smallest);
    staff.post(&other, &[("act", "dismiss")]).expect(303);
    assert!(is_shown(client, &smallest));
    assert!(staff.page("/review/same-rows").words().contains("Nothing waits"));
    assert_eq!(block_on(server.desk().verify_log()).unwrap().unwrap().problem, None);
}

#[test]
fn a_copy_of_a_granted_picture_is_proposed_and_a_grant_taken_back_takes_the_proposal_with_it() {
    let server = portal();
    let staff = Staff::new(&server, "mira", Role::Admin);
    let found = staff.client.search("/api/v1/search", &[("q", "plate 0"), ("dataset", GALLERY)]).expect(200).json();
    let number = granted(&server, GALLERY, &[found["hits"][0]["id"].as_str().unwrap().to_owned()]);
    let page = staff.page("/review/same-rows");
    assert!(page.texts("tbody tr").join("").contains("almost surely the same picture"), "{}", page.words());
    assert_eq!(page.all("tbody tr").len(), 1);
    let fields = [("dataset", GALLERY), ("act", "restore"), ("ground", "law"), ("explanation", "It was another's.")];
    staff.post(&format!("/review/cases/{number}/act"), &fields).expect(303);
    assert!(staff.page("/review/same-rows").words().contains("Nothing waits"));
}

/// The secret in the link of the only letter of the directory that has one.
fn token(data: &Path) -> Option<String> {
    let letters = std::fs::read_dir(data.join("letters")).ok()?;
    let texts = letters.map(|letter| std::fs::read_to_string(letter.unwrap().path()).unwrap_or_default());
    let texts = texts.map(|text| text.replace("=\r\n", "").replace("=3D", "="));
    let mut tokens = texts.filter_map(|text| Some(text.split_once("/acknowledge?token=")?.1[..64].to_owned()));
    tokens.next()
}

#[test]
fn recipients_are_told_once_a_version_and_say_that_it_arrived() {
    let server = portal();
    let admin = Staff::new(&server, "mira", Role::Admin);
    let client = &admin.client;
    let maintainer = Staff::new(&server, "noor", Role::Maintainer);
    let fields = [("dataset", POSTS), ("name", "Lab of Tides"), ("email", "data@tides.example")];
    maintainer.post("/review/recipients", &fields).expect(403);
    admin.post("/review/recipients", &[("dataset", POSTS), ("name", "Lab"), ("email", "nowhere")]).expect(400);
    admin.post("/review/recipients", &[("dataset", "none"), ("name", "Lab"), ("email", "a@b.example")]).expect(404);
    admin.post("/review/recipients", &fields).expect(303);
    admin.post("/review/recipients", &fields).expect(409);
    assert!(!admin.page("/review/recipients").has(".notices"), "nothing was granted yet");

    granted(&server, POSTS, &[post(client, POSTS, 0)]);
    granted(&server, POSTS, &[post(client, POSTS, 1)]);
    let page = maintainer.page("/review/recipients");
    crawl::check(&page);
    assert_eq!(page.texts(".notices tbody tr").len(), 1, "one notice a recipient and version: {}", page.words());
    wait_until("the notice is posted", || token(server.data()).is_some());
    let token = token(server.data()).unwrap();

    client.get("/acknowledge?token=0000").expect(404);
    client.get("/acknowledge").expect(404);
    let place = format!("/acknowledge?token={token}");
    let opened = client.get(&place).expect(200).page();
    crawl::check(&opened);
    assert!(opened.has("form[action='/acknowledge']") && opened.words().contains("version 1"));
    client.get(&place).expect(200);
    wait_until("the letter is noted as sent", || {
        maintainer.page("/review/recipients").texts(".notices td[data-label=State]") == ["sent"]
    });
    let said = client.post_form("/acknowledge", "", &[("token", &token)]).expect(200).page();
    assert!(said.texts(".notice").join("").contains("You told us on"), "{}", said.words());
    client.post_form("/acknowledge", "", &[("token", &token)]).expect(200);
    client.post_form("/acknowledge", "", &[("token", "")]).expect(404);
    let page = maintainer.page("/review/recipients");
    assert!(page.texts(".notices").join("").contains("acknowledged on"), "{}", page.words());
    let dataset = client.get(&format!("/datasets/{POSTS}")).expect(200).page();
    assert!(dataset.words().contains("Version 1: 1 recipient told, 1 acknowledged"), "{}", dataset.words());

    let remove = page.all(".recipients form").len();
    assert_eq!(remove, 0, "a maintainer removes nobody");
    let form = admin.page("/review/recipients").one(".recipients form").attr("action").unwrap().to_owned();
    admin.post(&form, &[]).expect(303);
    assert!(!admin.page("/review/recipients").has(".recipients li"));
}
