//! Names, captions and questions that try to become code.

use scraper::Html;
use serde_json::json;

use super::client::Page;
use super::data::{HOSTILE, IMG, SCRIPT, picture};
use super::server::visitor;

/// What people try.
const QUESTIONS: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
    "\" autofocus onfocus=alert(1) x=\"",
    "</title><svg/onload=alert(1)>",
    "<!--><svg onload=alert(1)>-->",
    "javascript:alert(1)",
    "{{7*7}} {% raw %} ${7*7}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "hostile\u{202e}txt.exe",
    "\u{0}\u{1}\u{7f}",
    "author:<script>alert(1)</script>",
    "domain:\"><svg onload=alert(1)>",
    "https://evil.example/<script>alert(1)</script>?a=\"onmouseover=alert(1)",
    "hostile <script>",
    "+OR+1=1; DROP TABLE records;--",
    "\"unclosed phrase",
    "((((((",
    "title:* AND [a TO z] ^5 ~2 \\",
    "-",
    "\"\"",
];

/// What the page's own markup is made of: nothing that a visitor or a dataset wrote may add to it.
fn check(page: &Page, what: &str) {
    for script in page.all("script") {
        assert!(script.attr("src").is_some_and(|src| src.starts_with("/static/drop.")), "{what}: {}", script.html());
    }
    for image in page.all("img") {
        assert!(image.attr("src").is_none(), "{what}: {}", image.html());
    }
    assert!(!page.has("svg, iframe, object, embed, base, meta[http-equiv], style"), "{what}");
    for element in page.all("*") {
        for (name, value) in element.value().attrs() {
            assert!(!name.starts_with("on") && name != "autofocus" && name != "style", "{what}: {}", element.html());
            let leads = ["href", "src", "action", "formaction"].contains(&name);
            assert!(!(leads && value.contains("javascript:") && !value.starts_with('/')), "{what}: {}", element.html());
        }
    }
}

#[test]
fn a_question_is_shown_as_text_and_never_becomes_code() {
    let client = visitor();
    for question in QUESTIONS {
        for parameters in [
            &[("q", *question)][..],
            &[("q", *question), ("as", "words")],
            &[("q", *question), ("match", "any")],
            &[("q", "hostile"), ("author", question)],
            &[("q", "hostile"), ("domain", question)],
            &[("q", "hostile"), ("lang", question)],
            &[("q", "hostile"), ("after", question)],
            &[("q", "hostile"), ("dataset", question)],
            &[("q", "hostile"), ("cursor", question)],
            &[("q", "hostile"), ("limit", question)],
        ] {
            let answer = client.search("/search", parameters);
            assert!(matches!(answer.status, 200 | 400 | 404), "{parameters:?}: {}", answer.status);
            check(&answer.page(), &format!("{parameters:?}"));
            let json = client.search("/api/v1/search", parameters);
            assert!(matches!(json.status, 200 | 400 | 404), "{parameters:?}: {}", json.status);
            json.json();
        }
        let page = client.search("/search", &[("q", question)]).page();
        if page.has("input#q") {
            let shown = page.one("input#q").attr("value").unwrap();
            assert_eq!(shown.replace('\u{fffd}', "\0"), question.trim(), "the box keeps what was typed");
        }
        let escaped: String = url::form_urlencoded::byte_serialize(question.as_bytes()).collect();
        for path in [format!("/records/{escaped}"), format!("/datasets/{escaped}"), format!("/{escaped}")] {
            check(&client.get(&path).expect(404).page(), &path);
        }
    }
}

#[test]
fn a_hostile_record_is_shown_as_text_on_every_page() {
    let client = visitor();
    let found = client.search("/api/v1/search", &[("q", "hostile"), ("dataset", HOSTILE)]).expect(200).json();
    assert_eq!(found["total"], 2, "{found}");
    let mut pages = vec![
        "/search?q=hostile".to_owned(),
        "/search?q=script".to_owned(),
        "/search?q=alert".to_owned(),
        "/search?q=onerror".to_owned(),
        "/search?q=lantern".to_owned(),
        "/datasets".to_owned(),
        format!("/datasets/{HOSTILE}"),
        "/".to_owned(),
    ];
    for hit in found["hits"].as_array().unwrap() {
        pages.push(format!("/records/{}", hit["id"].as_str().unwrap()));
    }
    for path in &pages {
        check(&client.get(path).expect(200).page(), path);
    }
    let record = client.get(&pages[8]).page().words() + &client.get(&pages[9]).page().words();
    for shown in [SCRIPT, "javascript:alert(1)", IMG, "\"><svg onload=alert(1)>", "'-alert(1)-'"] {
        assert!(record.contains(shown), "the words themselves are shown: {shown}: {record}");
    }
    assert!(record.contains(&format!("{IMG}.csv")), "the file's name is shown: {record}");
    let dataset = client.get(&format!("/datasets/{HOSTILE}")).page();
    assert_eq!(dataset.heading(), format!("Hostile {SCRIPT}"));
    for shown in [format!("Licence {IMG}"), format!("{IMG}.csv")] {
        assert!(dataset.words().contains(&shown), "{shown}: {}", dataset.words());
    }
}

#[test]
fn highlights_hold_escaped_text_and_marks_only() {
    let client = visitor();
    for question in ["hostile", "script", "alert", "javascript", "evil.example", "author:'-alert(1)-'"] {
        let found = client.search("/api/v1/search", &[("q", question)]).expect(200).json();
        for hit in found["hits"].as_array().unwrap() {
            for highlight in hit["highlights"].as_array().unwrap() {
                let html = highlight["html"].as_str().unwrap();
                let fragment = Html::parse_fragment(html);
                let names = fragment.root_element().descendants().filter_map(|node| node.value().as_element());
                let names: Vec<_> = names.map(scraper::node::Element::name).filter(|name| *name != "html").collect();
                assert!(!names.is_empty() && names.iter().all(|name| *name == "mark"), "{question}: {html}");
            }
        }
    }
}

#[test]
fn a_hostile_file_name_is_shown_as_text_and_without_its_path() {
    let client = visitor();
    for (name, shown) in [
        (SCRIPT, "script>"),
        (IMG, IMG),
        ("../../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\self.jpg", "self.jpg"),
        ("{{7*7}}.jpg", "{{7*7}}.jpg"),
    ] {
        let page = client.post_pictures("/image", &[(name, &picture(0))]).expect(200).page();
        check(&page, name);
        assert_eq!(page.texts(".file-name"), [shown], "{name}");
        let page = client.post_pictures("/image", &[(name, b"no picture")]).expect(200).page();
        check(&page, name);
    }
    let body = json!({"queries": [{"name": SCRIPT, "hashes": {"sha256": SCRIPT}}]});
    let answer = client.post_json("/api/v1/match", &body).expect(200);
    assert_eq!(answer.header("content-type"), Some("application/json"), "nosniff keeps it from being read as a page");
    assert_eq!(answer.json()["queries"][0]["name"], SCRIPT);
}
