//! What is refused, how it is said, and what the visitor can do next.

use serde_json::{Value, json};

use super::client::{Answer, MULTIPART, multipart};
use super::data::{other_picture, picture};
use super::server::{shared, visitor};

/// An address that fails, with the status and a piece of the sentence that says why.
const PAGES: &[(&str, u16, &str)] = &[
    ("/nowhere", 404, "no page at this address"),
    ("/search/", 404, "no page"),
    ("/static/style.css", 404, "no page"),
    ("/static/..%2f..%2fCargo.toml", 404, "no page"),
    ("/datasets/nothing", 404, "no dataset called “nothing”"),
    ("/datasets/..%2f..%2fetc", 404, "no dataset"),
    ("/records/0123", 404, "no record with this id"),
    ("/records/ffffffffffffffffffffff", 404, "no record with this id"),
    ("/records/%00%ff", 404, "no record with this id"),
    ("/search?q=x&limit=0", 400, "from 1 to 200"),
    ("/search?q=x&limit=-1", 400, "from 1 to 200"),
    ("/search?q=x&as=poem", 400, "can only be “words”"),
    ("/search?q=x&cursor=zz", 400, "first page"),
    ("/search?q=x&after=yesterday", 400, "after"),
    ("/search?q=x&dataset=nothing", 400, "no dataset called “nothing”"),
];

#[test]
fn a_page_that_fails_says_why_and_offers_the_next_step() {
    for (path, status, why) in PAGES {
        let page = visitor().get(path).expect(*status).page();
        let words = page.words();
        assert!(words.to_lowercase().contains(&why.to_lowercase()), "{path}: {words}");
        assert!(page.all("main a[href]").iter().any(|link| link.attr("href").unwrap().starts_with('/')), "{path}");
        assert!(!words.contains("panicked") && !words.contains("Error"), "{path}: {words}");
    }
}

#[test]
fn a_bad_search_keeps_the_words_in_the_box() {
    let page = visitor().get("/search?q=red+bicycle&after=yesterday").expect(400).page();
    assert_eq!(page.one("input#q").attr("value"), Some("red bicycle"));
    let long = "x".repeat(401);
    let page = visitor().search("/search", &[("q", &long)]).expect(400).page();
    assert!(page.words().contains("at most 400 characters"), "{}", page.words());
}

#[test]
fn another_method_is_told_which_ones_there_are() {
    for (path, allowed) in [
        ("/", "GET, HEAD"),
        ("/search", "GET, HEAD"),
        ("/image", "GET, HEAD, POST"),
        ("/records/x", "GET, HEAD"),
        ("/datasets", "GET, HEAD"),
    ] {
        let answer = send("PUT", path, "");
        assert_eq!((answer.status, answer.header("allow")), (405, Some(allowed)), "{path}");
        assert!(answer.page().words().contains(allowed), "{path}");
    }
    for (path, allowed) in [
        ("/api/v1/datasets", "GET, HEAD"),
        ("/api/v1/search", "GET, HEAD"),
        ("/api/v1/match", "POST"),
        ("/api/v1/records/x", "GET, HEAD"),
        ("/api/openapi.json", "GET, HEAD"),
    ] {
        let answer = send("DELETE", path, "");
        assert_eq!(answer.header("allow"), Some(allowed), "{path}");
        check_problem(&answer, 405, None, allowed);
    }
    check_problem(&visitor().get("/api/v1/match"), 405, None, "POST");
}

#[test]
fn every_failure_of_the_api_has_one_shape() {
    let client = visitor();
    for (path, status, field, why) in [
        ("/api/v1/nowhere", 404, None, "/api/openapi.json"),
        ("/api/v1", 404, None, "/api/openapi.json"),
        ("/api/v2/search", 404, None, "/api/openapi.json"),
        ("/api", 404, None, "/api/openapi.json"),
        ("/api/v1/datasets/nothing", 404, None, "no dataset called “nothing”"),
        ("/api/v1/records/nothing", 404, None, "no record"),
        ("/api/v1/search", 400, Some("q"), "Give “q”"),
        ("/api/v1/search?q=%20", 400, Some("q"), "Give “q”"),
        ("/api/v1/search?q=x&cursor=0", 400, Some("cursor"), "first page"),
        ("/api/v1/search?q=x&cursor=00000000ffffffffffff0000000000000000", 400, Some("cursor"), "first page"),
        ("/api/v1/search?q=x&limit=201", 400, Some("limit"), "from 1 to 200"),
        ("/api/v1/search?q=x&limit=x", 400, Some("limit"), "from 1 to 200"),
        ("/api/v1/search?q=x&match=all", 400, Some("match"), "any"),
        ("/api/v1/search?q=x&before=soon", 400, Some("before"), ""),
        ("/api/v1/search?q=x&dataset=nothing", 400, Some("dataset"), "no dataset called “nothing”"),
    ] {
        check_problem(&client.get(path), status, field, why);
    }
}

#[test]
fn a_bad_match_request_is_told_what_is_wrong() {
    let client = visitor();
    let hashes = json!({"queries": [{"name": "a", "hashes": {"sha256": "00".repeat(32)}}]});
    client.post_json("/api/v1/match", &hashes).expect(200);
    for (path, field) in [
        ("/api/v1/match?radius=x", "radius"),
        ("/api/v1/match?radius=-1", "radius"),
        ("/api/v1/match?radius=64", "radius"),
        ("/api/v1/match?limit=0", "limit"),
        ("/api/v1/match?limit=501", "limit"),
    ] {
        check_problem(&client.post_json(path, &hashes), 400, Some(field), "");
    }
    for (body, field) in [
        (r"{", "body"),
        ("", "body"),
        ("[]", "body"),
        (r#"{"queries": 5}"#, "body"),
        (r#"{"queries": []}"#, "queries"),
        (r#"{"queries": [{"hashes": {}}], "radius": 64}"#, "radius"),
        (r#"{"queries": [{"hashes": {}}], "radius": -1}"#, "body"),
        (r#"{"queries": [{"hashes": {"sha256": 5}}]}"#, "body"),
    ] {
        let answer = client.post("/api/v1/match", &[("content-type", "application/json")], body.as_bytes());
        check_problem(&answer, 400, Some(field), "");
        assert!(!answer.text().contains("Match"), "{body}: names of our own types: {}", answer.text());
    }
    let answer = client.post("/api/v1/match", &[("content-type", "text/plain")], b"hello");
    check_problem(&answer, 415, None, "multipart/form-data");
    // One bad hash is its own problem.
    let body = json!({"queries": [
        {"name": "bad", "hashes": {"sha256": "xyz"}},
        {"name": "unknown", "hashes": {"crystal": "00"}},
        {"name": "good", "hashes": {"sha256": "00".repeat(32)}},
    ]});
    let found = client.post_json("/api/v1/match", &body).expect(200).json();
    let problems: Vec<_> =
        found["queries"].as_array().unwrap().iter().map(|query| query["problem"].is_string()).collect();
    assert_eq!(problems, [true, true, false], "{found}");
}

#[test]
fn bad_multipart_is_refused_in_plain_words() {
    let client = visitor();
    let whole = multipart(&[("a.jpg", &picture(0))]);
    let cut = &whole[..whole.len() / 2];
    let elsewhere = String::from_utf8_lossy(&multipart(&[])).replace("--\r\n", "\r\n").into_bytes();
    for (content_type, body, status, why) in [
        (MULTIPART, &b""[..], 400, "damaged"),
        (MULTIPART, b"not a form", 400, "damaged"),
        (MULTIPART, cut, 400, "damaged"),
        (MULTIPART, &elsewhere, 400, "damaged"),
        (MULTIPART, &multipart(&[]), 400, "No picture came"),
        (MULTIPART, &multipart(&[("", b"")]), 400, "No picture came"),
        ("multipart/form-data", &whole, 415, "multipart/form-data"),
        ("multipart/form-data; boundary=other", &whole, 400, "damaged"),
    ] {
        let headers = [("content-type", content_type)];
        let page = client.post("/image", &headers, body).expect(status).page();
        assert!(page.words().contains(why), "{content_type}: {}", page.words());
        assert!(page.hrefs("main a").contains(&"/image".to_owned()), "{content_type}");
        let field = (status == 400).then_some("image");
        check_problem(&client.post("/api/v1/match", &headers, body), status, field, why);
    }
    let page = client.post("/image", &[("content-type", "application/x-www-form-urlencoded")], b"image=x");
    assert!(page.expect(415).page().words().contains("multipart/form-data"));
}

#[test]
fn too_much_at_once_is_refused_and_the_bound_is_named() {
    let small = other_picture();
    let six: Vec<_> = (0..6).map(|_| ("a.jpg", small.as_slice())).collect();
    let large = vec![0; (2 << 20) - 1000];
    let heavy: Vec<_> = (0..4).map(|_| ("a.jpg", large.as_slice())).collect();
    for (pictures, why) in [(six, "At most 5 pictures"), (heavy, "larger than 6.2 MB")] {
        let body = multipart(&pictures);
        let answer = post_raw("/image", MULTIPART, &body);
        assert_eq!(answer.status, 413, "{}", answer.text());
        let page = answer.page();
        assert!(page.words().contains(why), "{}", page.words());
        assert!(page.hrefs("main a").contains(&"/image".to_owned()));
        check_problem(&post_raw("/api/v1/match", MULTIPART, &body), 413, None, why);
    }
    let many: Vec<_> = (0..6).map(|_| json!({"hashes": {}})).collect();
    check_problem(&visitor().post_json("/api/v1/match", &json!({"queries": many})), 413, None, "At most 5 pictures");
    let hashes: Vec<_> = (0..1281).map(|_| "00".repeat(32)).collect();
    let body = json!({"queries": [{"hashes": {"pdqa": hashes}}]});
    check_problem(&visitor().post_json("/api/v1/match", &body), 413, None, "at most 1280 of a kind");
    let endless = format!("{{\"queries\": [{}", " ".repeat((8 << 20) + 1));
    check_problem(&post_raw("/api/v1/match", "application/json", endless.as_bytes()), 413, None, "8 MiB");
}

#[test]
fn one_bad_picture_in_a_batch_is_only_its_own_problem() {
    let client = visitor();
    let too_large = vec![0; (2 << 20) + 1];
    let cut = &picture(1)[..300];
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    let good = picture(0);
    let pictures: &[(&str, &[u8])] = &[
        ("text.jpg", b"this is no picture"),
        ("good.jpg", &good),
        ("large.jpg", &too_large),
        ("cut.jpg", cut),
        ("phone.heic", heic),
    ];
    let found = client.post_pictures("/api/v1/match", pictures).expect(200).json();
    let queries = found["queries"].as_array().unwrap();
    for (query, (name, _)) in queries.iter().zip(pictures) {
        assert_eq!(query["name"], *name);
        assert_eq!(query["problem"].is_null(), *name == "good.jpg", "{query}");
        assert_eq!(query["hits"].as_array().unwrap().len(), usize::from(*name == "good.jpg"), "{query}");
    }
    assert!(queries[2]["problem"].as_str().unwrap().contains("larger than 2.0 MB"), "{}", queries[2]);
    assert!(queries[4]["problem"].as_str().unwrap().contains("HEIC"), "{}", queries[4]);
    let page = client.post_pictures("/image", pictures).expect(200).page();
    assert_eq!(page.heading(), "1 of your 5 pictures was found in 1 dataset.");
    assert_eq!(page.texts(".picture .notice").len(), 4);
    assert_eq!(page.all(".verdict .hit").len(), 1);
    // A file that is empty, chosen along with another one.
    let found = client.post_pictures("/api/v1/match", &[("empty.jpg", b""), ("good.jpg", &good)]).expect(200).json();
    assert!(found["queries"][0]["problem"].as_str().unwrap().contains("empty"), "{found}");
    assert!(found["queries"][1]["problem"].is_null());
}

#[test]
fn malformed_requests_get_an_answer_and_harm_nothing() {
    let client = visitor();
    for request in [
        "GET / HTTP/1.1\r\nconnection: close\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        "GET /search?q=%ff%fe%00 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        "GET //etc/passwd HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        "GET /../../etc/passwd HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        "BREW / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        "nonsense\r\n\r\n",
    ] {
        let answer = client.raw(request.as_bytes());
        assert!(answer.status < 500, "{request}: {}", answer.text());
        assert!(!answer.text().contains("root:"));
    }
    client.get("/healthz").expect(200);
}

/// An answer of the API that says no, in the one shape that all of them have.
fn check_problem(answer: &Answer, status: u16, field: Option<&str>, why: &str) {
    let asked = &answer.asked;
    assert_eq!(answer.status, status, "{asked}: {}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{asked}");
    let problem: Value = serde_json::from_slice(&answer.body).unwrap();
    let mut members: Vec<_> = problem.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    members.retain(|member| *member != "field");
    assert_eq!(members, ["detail", "status", "title", "type"], "{asked}: {problem}");
    assert_eq!(problem["status"], status, "{asked}: {problem}");
    assert_eq!(problem["type"], "about:blank", "{asked}: {problem}");
    assert_eq!(problem["field"].as_str(), field, "{asked}: {problem}");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains(why) && detail.ends_with(['.', '!', '?']), "{asked}: {detail}");
    assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()), "{asked}");
}

fn send(method: &str, path: &str, more: &str) -> Answer {
    let address = shared().address();
    visitor().raw(format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{more}\r\n").as_bytes())
}

/// A request whose answer may come before all of it is sent.
fn post_raw(path: &str, content_type: &str, body: &[u8]) -> Answer {
    let address = shared().address();
    let n = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: {content_type}\r\ncontent-length: {n}\r\n\r\n"
    );
    visitor().raw(&[head.as_bytes(), body].concat())
}
