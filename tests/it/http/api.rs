//! The JSON of every address has the members and types of the contract, and every surface tells the same.

use std::process::Command;

use serde_json::{Map, Value, json};

use super::data::{GALLERY, picture, smaller_picture};
use super::server::{shared, visitor};
use super::surfaces::record_id;

/// Members of a JSON object with their types: `s` string, `s?` string or null, `n` number, `b` true or false, `o` object,
/// `a` list, `as` list of strings, `d` string of digits.
type Members = &'static [(&'static str, &'static str)];

const HIT: Members = &[
    ("id", "s"),
    ("dataset", "s"),
    ("revision", "s"),
    ("file", "s"),
    ("row", "d"),
    ("url", "s?"),
    ("caption", "s?"),
    ("author", "s?"),
    ("created_at", "s?"),
    ("highlights", "a"),
    ("score", "n"),
];
const COVERAGE: Members =
    &[("dataset", "s"), ("revision", "s"), ("indexed", "d"), ("total", "d"), ("searchable", "as"), ("hashed", "o")];
const MATCH: Members = &[("matched_by", "s"), ("distance", "n"), ("radius", "n"), ("variant", "s"), ("verdict", "s")];
const FACET: Members = &[("value", "s"), ("count", "n")];

fn has(value: &Value, members: Members) {
    for (name, kind) in members {
        let member = value.get(name).unwrap_or_else(|| panic!("no “{name}” in {value}"));
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let fits = match *kind {
            "s" => member.is_string(),
            "s?" => member.is_string() || member.is_null(),
            "n" => member.is_number(),
            "b" => member.is_boolean(),
            "o" => member.is_object(),
            "a" => member.is_array(),
            "as" => member.as_array().is_some_and(|all| all.iter().all(Value::is_string)),
            "d" => member.as_str().is_some_and(is_digits),
            other => panic!("no such kind: {other}"),
        };
        assert!(fits, "“{name}” is not {kind}: {member}");
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

#[test]
fn a_search_answers_as_the_contract_says() {
    let found = visitor().search("/api/v1/search", &[("q", "striped lantern"), ("limit", "7")]).expect(200).json();
    has(
        &found,
        &[
            ("query", "o"),
            ("total", "n"),
            ("total_is_exact", "b"),
            ("hits", "a"),
            ("facets", "o"),
            ("coverage", "a"),
            ("next", "s?"),
        ],
    );
    assert_eq!((&found["total"], &found["total_is_exact"]), (&json!(45), &json!(true)));
    for part in list(&found["query"]["read_as"]) {
        has(part, &[("kind", "s"), ("value", "s")]);
    }
    assert_eq!(list(&found["hits"]).len(), 7);
    for hit in list(&found["hits"]) {
        has(hit, HIT);
        assert!(hit["created_at"].as_str().unwrap().ends_with('Z'), "{hit}");
        assert!(!list(&hit["highlights"]).is_empty(), "{hit}");
        for highlight in list(&hit["highlights"]) {
            has(highlight, &[("field", "s"), ("html", "s")]);
        }
    }
    for facet in ["dataset", "domain"] {
        assert!(!list(&found["facets"][facet]).is_empty());
        for count in list(&found["facets"][facet]) {
            has(count, FACET);
        }
    }
    assert_eq!(list(&found["coverage"]).len(), 3, "every dataset is accounted for: {found}");
    for coverage in list(&found["coverage"]) {
        has(coverage, COVERAGE);
    }
    assert_eq!(found["query"]["read_as"][0]["kind"], "words");
    let gallery = list(&found["coverage"]).iter().find(|coverage| coverage["dataset"] == GALLERY).unwrap();
    assert_eq!(gallery["hashed"]["pdqa"], "4", "{gallery}");
}

#[test]
fn cursors_lead_through_all_hits_once() {
    let client = visitor();
    let mut ids = Vec::new();
    let mut cursor = String::new();
    loop {
        let parameters = [("q", "lantern"), ("limit", "11"), ("cursor", cursor.as_str())];
        let page = client.search("/api/v1/search", &parameters).expect(200).json();
        assert_eq!(page["total"], 45, "the total is the same on every page");
        ids.extend(list(&page["hits"]).iter().map(|hit| hit["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        cursor = next.to_owned();
    }
    assert_eq!(ids.len(), 45);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 45);
}

#[test]
fn a_picture_and_its_hashes_get_the_same_answer() {
    let client = visitor();
    let pictures: &[(&str, &[u8])] = &[("a.jpg", &picture(0)), ("b.jpg", &smaller_picture(1))];
    let found = client.post_pictures("/api/v1/match?limit=3", pictures).expect(200).json();
    has(&found, &[("queries", "a"), ("coverage", "a")]);
    for coverage in list(&found["coverage"]) {
        has(coverage, COVERAGE);
    }
    for (query, (name, _)) in list(&found["queries"]).iter().zip(pictures) {
        has(query, &[("name", "s"), ("quality", "n"), ("hits", "a"), ("problem", "s?")]);
        assert_eq!((&query["name"], list(&query["hits"]).len()), (&json!(name), 1), "{query}");
        has(&query["hits"][0], HIT);
        has(&query["hits"][0], MATCH);
    }
    let same = &found["queries"][0]["hits"][0];
    assert_eq!(
        (&same["verdict"], &same["matched_by"], &same["distance"]),
        (&json!("same file"), &json!("sha256"), &json!(0))
    );
    let near = &found["queries"][1]["hits"][0];
    assert_eq!(
        (&near["verdict"], &near["matched_by"], &near["variant"]),
        (&json!("almost surely"), &json!("pdqa"), &json!("as is"))
    );

    let record = client.get(&format!("/api/v1/records/{}", near["id"].as_str().unwrap())).expect(200).json();
    for (kind, hashes) in [
        ("pdqa", json!([record["hashes"]["pdqa"]])),
        ("sha256", record["sha256"].clone()),
        ("md5", record["md5"].clone()),
    ] {
        let body = json!({"queries": [{"name": "mine", "hashes": {kind: hashes}}], "radius": 31});
        let found = client.post_json("/api/v1/match", &body).expect(200).json();
        let query = &found["queries"][0];
        assert_eq!(
            (&query["name"], &query["quality"], &query["problem"]),
            (&json!("mine"), &json!(null), &json!(null))
        );
        has(&query["hits"][0], MATCH);
        assert_eq!((&query["hits"][0]["id"], &query["hits"][0]["matched_by"]), (&near["id"], &json!(kind)), "{query}");
    }
    let narrow = client.post_pictures("/api/v1/match?radius=0", &pictures[1..]).expect(200).json();
    assert_eq!(narrow["queries"][0]["hits"], json!([]), "a copy is no exact match: {narrow}");
}

#[test]
fn datasets_answer_as_the_contract_says() {
    let client = visitor();
    let all = client.get("/api/v1/datasets").expect(200).json();
    let summary: Members = &[
        ("slug", "s"),
        ("title", "s"),
        ("revision", "s"),
        ("records", "d"),
        ("licence", "s?"),
        ("publisher", "s?"),
        ("ingested_at", "s"),
        ("coverage", "o"),
    ];
    assert_eq!(list(&all["datasets"]).len(), 3);
    for dataset in list(&all["datasets"]) {
        has(dataset, summary);
        has(&dataset["coverage"], COVERAGE);
        assert_eq!(dataset["ingested_at"], "2026-11-21T18:40:00Z");
        let detail = client.get(&format!("/api/v1/datasets/{}", dataset["slug"].as_str().unwrap())).expect(200).json();
        for (name, value) in dataset.as_object().unwrap() {
            assert_eq!(&detail[name], value, "{name}");
        }
        has(
            &detail,
            &[
                ("sources", "as"),
                ("languages", "as"),
                ("revisions", "a"),
                ("files", "a"),
                ("rejected", "o"),
                ("mapping", "a"),
                ("top_domains", "a"),
                ("withdrawn", "s?"),
                ("contact", "s?"),
            ],
        );
        for file in list(&detail["files"]) {
            has(file, &[("path", "s"), ("sha256", "s"), ("bytes", "d"), ("rows_read", "d"), ("rows_indexed", "d")]);
        }
        for revision in list(&detail["revisions"]) {
            has(revision, &[("revision", "s"), ("records", "d"), ("ingested_at", "s"), ("is_current", "b")]);
        }
        for count in list(&detail["top_domains"]) {
            has(count, FACET);
        }
    }
}

/// The fields of a hit that must be the same wherever the record is shown.
fn identity(hit: &Value) -> Map<String, Value> {
    let names = ["id", "dataset", "revision", "file", "row", "url", "caption", "author", "created_at"];
    names.into_iter().map(|name| (name.to_owned(), hit[name].clone())).collect()
}

#[test]
fn the_same_record_is_told_the_same_by_every_surface() {
    let client = visitor();
    for (question, dataset) in [("number9", "posts"), ("plate 0", GALLERY), ("hostile caption", "hostile")] {
        let parameters = [("q", question), ("dataset", dataset)];
        let found = client.search("/api/v1/search", &parameters).expect(200).json();
        let hit = &found["hits"][0];
        let id = hit["id"].as_str().unwrap();
        let record = client.get(&format!("/api/v1/records/{id}")).expect(200).json();
        has(&record, HIT);
        has(&record, &[("urls", "as"), ("authors", "as"), ("hashes", "o"), ("cells", "a"), ("file_sha256", "s")]);
        for cell in list(&record["cells"]) {
            has(cell, &[("column", "s"), ("role", "s?"), ("value", "s?")]);
        }
        assert_eq!(identity(&record), identity(hit), "API: record");

        let detail = client.get(&format!("/api/v1/datasets/{dataset}")).expect(200).json();
        let file = list(&detail["files"]).iter().find(|file| file["path"] == hit["file"]);
        assert_eq!(file.map(|file| &file["sha256"]), Some(&record["file_sha256"]), "{detail}");

        let results = client.search("/search", &parameters).expect(200).page();
        assert_eq!(results.hrefs(".hits .do a")[0], format!("/records/{id}"));
        let page = client.get(&format!("/records/{id}")).expect(200).page().words();
        let shown = results.texts(".hits .hit")[0].clone();
        for name in ["revision", "file", "row", "caption", "author", "url"] {
            let Some(value) = hit[name].as_str() else { continue };
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(page.contains(&value), "record page: {name}: {value}: {page}");
            assert!(shown.contains(&value), "results page: {name}: {value}: {shown}");
        }
    }
    let id = record_id(&client);
    let found = client.post_pictures("/api/v1/match", &[("a.jpg", &picture(0))]).expect(200).json();
    let record = client.get(&format!("/api/v1/records/{id}")).expect(200).json();
    assert_eq!(identity(&found["queries"][0]["hits"][0]), identity(&record), "API: match");
}

#[test]
fn the_command_line_gives_the_same_answer_as_the_api() {
    let client = visitor();
    let rollcall = |arguments: &[&str]| -> Value {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        let out = command.args(arguments).arg("--data").arg(shared().data()).arg("--json").output().unwrap();
        assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_slice(&out.stdout).unwrap()
    };
    for question in ["striped lantern", "@ada.bsky.social", "attic.example", "zeppelin number7"] {
        let parameters = [("q", question), ("limit", "5")];
        let by_api = client.search("/api/v1/search", &parameters).expect(200).json();
        assert_eq!(rollcall(&["search", question, "--limit", "5"]), by_api, "{question}");
    }
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("mine.jpg");
    std::fs::write(&file, smaller_picture(1)).unwrap();
    let mut by_command = rollcall(&["match", file.to_str().unwrap()]);
    let by_api = client.post_pictures("/api/v1/match", &[("mine.jpg", &smaller_picture(1))]).expect(200).json();
    by_command["queries"][0]["name"] = json!("mine.jpg");
    assert_eq!(by_command, by_api);
    assert_eq!(rollcall(&["dataset", "show", "posts"]), client.get("/api/v1/datasets/posts").json());
}
