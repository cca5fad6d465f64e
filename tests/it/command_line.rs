//! Flags, exit codes, JSON on standard output: the contract of the command line.

use rollcall::demo::pictures::{draw, jpeg, png, resize};
use serde_json::{Value as Json, json};

use super::support::{Home, Output, Server, finish, program};

const POSTS: &str = "{\"uri\": \"at://did:plc:a/app.bsky.feed.post/1\", \"text\": \"boats at dawn\", \"author\": \"pell.bsky.social\", \"created_at\": \"2024-05-01T10:00:00Z\"}\n\
                     {\"uri\": \"at://did:plc:a/app.bsky.feed.post/2\", \"text\": \"gulls and boats\", \"author\": \"wren.bsky.social\", \"created_at\": \"2024-05-02T10:00:00Z\"}\n\
                     not json\n";

/// A home with two datasets: posts and a folder of pictures.
fn stocked() -> Home {
    let home = Home::new();
    let posts = home.file("posts.jsonl", POSTS);
    home.run_ingest(&posts, "posts", "2024-05", &["--title", "Posts of May"]).expect(0);
    for seed in 1..4 {
        home.file(&format!("folder/{seed}.png"), png(&draw(seed, 160, 120)).unwrap());
    }
    home.run_ingest(&home.path("folder"), "folder", "r1", &[]).expect(0);
    home
}

fn members(json: &Json) -> Vec<&str> {
    json.as_object().unwrap().keys().map(String::as_str).collect()
}

fn has_members(json: &Json, names: &[&str]) {
    for name in names {
        assert!(json.get(name).is_some(), "{name} is missing in {json}");
    }
}

#[test]
fn wrong_use_ends_with_two_and_says_so_on_standard_error() {
    let home = stocked();
    let picture = home.path("folder/1.png");
    let picture = picture.to_str().unwrap();
    let cases: &[&[&str]] = &[
        &[],
        &["nonsense"],
        &["search"],
        &["search", "boats", "--nonsense"],
        &["search", "boats", "--limit", "many"],
        &["search", "boats", "--dataset", "nowhere"],
        &["search", "after:yesterday"],
        &["search", "boats", "--cursor", "zz"],
        &["match"],
        &["match", picture, "--radius", "64"],
        &["match", picture, "--radius", "-1"],
        &["ingest"],
        &["ingest", picture],
        &["ingest", picture, "--dataset", "x"],
        &["ingest", picture, "--dataset", "Not A Slug", "--revision", "r1"],
        &["ingest", picture, "--dataset", "../up", "--revision", "r1"],
        &["ingest", picture, "--dataset", "x", "--revision", "a/b"],
        &["ingest", picture, "--dataset", "x", "--revision", "r1", "--map", "nonsense"],
        &["ingest", picture, "--dataset", "x", "--revision", "r1", "--map", "colour=a"],
        &["ingest", picture, "--dataset", "x", "--revision", "r1", "--map", "url=a", "--preset", "laion"],
        &["dataset"],
        &["dataset", "show"],
        &["dataset", "withdraw", "posts"],
        &["dataset", "withdraw", "posts", "--reason", "x", "--undo"],
        &["serve", "--nonsense"],
        &["dataset", "list", "--log", "rollcall=loud=quiet"],
    ];
    for arguments in cases {
        let output = home.run(arguments);
        assert_eq!(output.code, 2, "{arguments:?}: {}{}", output.stdout, output.stderr);
        assert!(output.stdout.is_empty() && output.stderr.len() > 20, "{arguments:?}: {}", output.stderr);
    }
}

#[test]
fn what_fails_ends_with_one_and_a_sentence() {
    let home = stocked();
    let (picture, missing) = (home.path("folder/1.png"), home.path("missing.csv"));
    let (picture, missing) = (picture.to_str().unwrap(), missing.to_str().unwrap());
    let nothing = home.file("nothing.csv", "colour,shape\nred,round\nblue,square\n");
    let nothing = nothing.to_str().unwrap();
    let cases: &[(&[&str], &str)] = &[
        (&["ingest", missing, "--dataset", "x", "--revision", "r1"], "missing.csv"),
        (&["ingest", picture, "--dataset", "x", "--revision", "r1"], "folder"),
        (&["ingest", nothing, "--dataset", "x", "--revision", "r1"], "--map"),
        (&["match", missing], "missing.csv"),
        (&["dataset", "show", "nowhere"], "nowhere"),
        (&["dataset", "drop", "nowhere"], "nowhere"),
        (&["dataset", "drop", "posts", "--revision", "nowhere"], "nowhere"),
        (&["dataset", "drop", "posts", "--revision", ".."], ".."),
        (&["dataset", "withdraw", "nowhere", "--reason", "x"], "nowhere"),
        (&["dataset", "withdraw", "posts", "--reason", "  "], "--reason"),
        (&["serve", "--listen", "no address"], "no address"),
        (&["health", "--listen", "127.0.0.1:1"], "127.0.0.1:1"),
    ];
    let before = home.data_files();
    for (arguments, says) in cases {
        let output = home.run(arguments);
        assert_eq!(output.code, 1, "{arguments:?}: {}{}", output.stdout, output.stderr);
        assert!(output.stdout.is_empty(), "{arguments:?}: {}", output.stdout);
        assert!(output.stderr.contains(says), "{arguments:?}: {}", output.stderr);
        assert!(!output.stderr.contains("panicked"), "{}", output.stderr);
    }
    assert!(home.data_files() == before, "a command that failed changed something");
}

#[test]
fn help_names_every_flag_of_the_contract() {
    let table: &[(&[&str], &[&str])] = &[
        (
            &[],
            &[
                "demo",
                "serve",
                "ingest",
                "search",
                "match",
                "dataset",
                "--data",
                "--log",
                "ROLLCALL_DATA",
                "./rollcall-data",
            ],
        ),
        (&["demo"], &["--listen"]),
        (&["serve"], &["--listen"]),
        (
            &["ingest"],
            &["PATH", "--dataset", "--revision", "--title", "--preset", "--map", "--card", "--json", "--strict"],
        ),
        (&["search"], &["QUERY", "--dataset", "--limit", "--json"]),
        (&["match"], &["IMAGE", "--radius", "--json"]),
        (&["dataset"], &["list", "show", "withdraw", "drop"]),
        (&["dataset", "withdraw"], &["SLUG", "--reason"]),
        (&["dataset", "drop"], &["SLUG", "--revision"]),
    ];
    for (command, names) in table {
        let output = finish(program().args(*command).arg("--help")).expect(0);
        for name in *names {
            assert!(output.stdout.contains(name), "{command:?} --help lacks {name}:\n{}", output.stdout);
        }
    }
    let version = finish(program().arg("--version")).expect(0).stdout;
    assert_eq!(version.trim(), format!("rollcall {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn ingest_reports_as_json_what_was_read_and_what_was_not() {
    let home = Home::new();
    let posts = home.file("posts.jsonl", POSTS);
    let output = home.run_ingest(&posts, "posts", "2024-05", &[]).expect(0);
    let report = output.json();
    has_members(
        &report,
        &["dataset", "revision", "files", "rows_read", "rows_indexed", "rejected", "images_hashed", "seconds"],
    );
    assert_eq!((&report["dataset"], &report["revision"]), (&json!("posts"), &json!("2024-05")));
    assert_eq!((&report["rows_read"], &report["rows_indexed"]), (&json!(3), &json!(2)));
    assert_eq!(report["rejected"].as_object().unwrap().values().cloned().collect::<Vec<_>>(), [json!(1)]);
    assert_eq!(report["images_hashed"], json!(0));
    assert!(report["seconds"].is_number());
    let file = &report["files"][0];
    assert_eq!(members(file), ["path", "sha256", "bytes", "rows_read", "rows_indexed"]);
    assert_eq!(file["path"], json!("posts.jsonl"));
    assert_eq!(file["sha256"], json!(super::support::sha256_hex(POSTS.as_bytes())));
    assert_eq!(
        (&file["bytes"], &file["rows_read"], &file["rows_indexed"]),
        (&json!(POSTS.len()), &json!(3), &json!(2))
    );
    assert_eq!(report["examples"][0]["row"], json!(2));
}

#[test]
fn ingest_tells_people_how_the_columns_were_read() {
    let home = Home::new();
    let file = home
        .file("odd.csv", "headline,photo_url\nboats at dawn,https://a.example/1.jpg\ngulls,https://a.example/2.jpg\n");
    let output = home.run(&["ingest", file.to_str().unwrap(), "--dataset", "odd", "--revision", "r1"]).expect(0);
    assert!(output.stdout.contains("headline") && output.stdout.contains("photo_url"), "{}", output.stdout);
    assert!(output.stdout.contains("--map"), "a guess says how to override it: {}", output.stdout);
}

#[test]
fn search_prints_what_the_api_gives() {
    let home = stocked();
    let server = Server::start(&home);
    for (q, address) in [
        ("boats", "boats"),
        ("@pell.bsky.social", "%40pell.bsky.social"),
        ("zeppelin boats", "zeppelin+boats"),
        ("after:2024-05-02", "after%3A2024-05-02"),
    ] {
        let printed = home.run(&["search", q, "--json"]).expect(0).json();
        assert_eq!(printed, server.get_json(&format!("/api/v1/search?q={address}")), "{q}");
    }
    let printed = home.run(&["search", "boats", "--dataset", "posts", "--limit", "1", "--json"]).expect(0).json();
    assert_eq!(printed, server.get_json("/api/v1/search?q=boats&dataset=posts&limit=1"));
    let next = printed["next"].as_str().unwrap().to_owned();
    let second = home
        .run(&["search", "boats", "--dataset", "posts", "--limit", "1", "--cursor", &next, "--json"])
        .expect(0)
        .json();
    assert_eq!(second["hits"][0]["caption"], json!("gulls and boats"));
    assert_eq!(second["next"], Json::Null);
}

#[test]
fn search_json_has_the_members_and_types_of_the_contract() {
    let home = stocked();
    let found = home.run(&["search", "dawn", "--json"]).expect(0).json();
    has_members(&found, &["query", "total", "total_is_exact", "hits", "facets", "coverage", "next"]);
    assert_eq!(found["query"]["read_as"], json!([{"kind": "words", "value": "dawn"}]));
    assert_eq!((&found["total"], &found["total_is_exact"], &found["next"]), (&json!(1), &json!(true), &Json::Null));
    let hit = &found["hits"][0];
    assert_eq!(
        members(hit),
        ["id", "dataset", "revision", "file", "row", "url", "caption", "author", "created_at", "highlights", "score"]
    );
    assert_eq!(
        (&hit["file"], &hit["row"], &hit["caption"]),
        (&json!("posts.jsonl"), &json!("0"), &json!("boats at dawn"))
    );
    assert_eq!((&hit["author"], &hit["created_at"]), (&json!("pell.bsky.social"), &json!("2024-05-01T10:00:00Z")));
    assert_eq!(hit["highlights"], json!([{"field": "caption", "html": "boats at <mark>dawn</mark>"}]));
    assert!(hit["id"].is_string() && hit["score"].is_number());
    assert_eq!(found["facets"], json!({"dataset": [{"value": "posts", "count": 1}], "domain": []}));
    let coverage = &found["coverage"][1];
    assert_eq!(members(coverage), ["dataset", "revision", "indexed", "total", "searchable", "hashed"]);
    assert_eq!(
        (&coverage["dataset"], &coverage["indexed"], &coverage["total"]),
        (&json!("posts"), &json!("2"), &json!("3"))
    );
    assert_eq!(found["coverage"][0]["hashed"], json!({"pdqa": "3"}));
}

#[test]
fn search_takes_its_words_one_by_one_and_prints_for_people_too() {
    let home = stocked();
    let output = home.run(&["search", "boats", "at", "dawn"]).expect(0);
    assert!(output.stdout.starts_with("1 record. Read as: words boats at dawn."), "{}", output.stdout);
    assert!(output.stdout.contains("posts 2024-05  posts.jsonl row 0"), "{}", output.stdout);
    let any = home.run(&["search", "zeppelin", "dawn"]).expect(0).stdout;
    assert!(any.contains("1 records have any of them: add --any"), "{any}");
    assert_eq!(home.run(&["search", "zeppelin", "dawn", "--any", "--json"]).expect(0).json()["total"], json!(1));
    let words = home.run(&["search", "pell.bsky.social", "--words", "--json"]).expect(0).json();
    assert_eq!(words["query"]["read_as"][0]["kind"], json!("words"));
    let none = home.run(&["search", "2024", "--json"]).expect(0).json();
    assert_eq!((&none["total"], &none["hits"]), (&json!(0), &json!([])), "no hits is an answer, not a failure");
}

#[test]
fn match_prints_what_the_api_gives_and_one_bad_picture_is_its_own_problem() {
    let home = stocked();
    let copy = home.file("copy.jpg", jpeg(&resize(&draw(2, 160, 120), 0.8), 80).unwrap());
    let broken = home.file("broken.jpg", b"\xff\xd8\xff\xe0 nothing");
    let arguments = ["match", copy.to_str().unwrap(), broken.to_str().unwrap(), "--radius", "40", "--json"];
    let found = home.run(&arguments).expect(0).json();
    assert_eq!(members(&found), ["queries", "coverage"]);
    let query = &found["queries"][0];
    assert_eq!(members(query), ["name", "quality", "hits", "problem", "expected_false"]);
    let hit = &query["hits"][0];
    has_members(hit, &["id", "dataset", "revision", "file", "row", "url", "caption", "author", "created_at", "score"]);
    assert_eq!((&hit["url"], &hit["matched_by"], &hit["variant"]), (&json!("2.png"), &json!("pdqa"), &json!("as is")));
    assert_eq!((&hit["radius"], &hit["verdict"]), (&json!(40), &json!("almost surely")));
    assert!(hit["distance"].as_u64().unwrap() <= 31 && hit["row"].is_string());
    assert!(found["queries"][1]["problem"].is_string() && found["queries"][1]["hits"] == json!([]));

    let server = Server::start(&home);
    let form = ureq::unversioned::multipart::Form::new();
    let form = form.file("image", &copy).unwrap();
    let mut answer = ureq::post(format!("{}/api/v1/match?radius=40", server.address)).send(form).unwrap();
    let answer: Json = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    assert_eq!(answer["queries"][0]["hits"], query["hits"]);
    assert_eq!(answer["coverage"], found["coverage"]);
    let people = home.run(&["match", copy.to_str().unwrap()]).expect(0).stdout;
    assert!(people.contains("almost surely"), "{people}");
}

#[test]
fn datasets_are_listed_shown_withdrawn_and_dropped() {
    let home = stocked();
    let list = home.run(&["dataset", "list"]).expect(0).stdout;
    assert!(list.contains("posts  2024-05  2 records  Posts of May"), "{list}");
    let listed = home.run(&["dataset", "list", "--json"]).expect(0).json();
    assert_eq!(listed[1]["slug"], json!("posts"));
    let shown = home.run(&["dataset", "show", "posts", "--json"]).expect(0).json();
    assert_eq!((&shown["title"], &shown["files"][0]["path"]), (&json!("Posts of May"), &json!("posts.jsonl")));
    let people = home.run(&["dataset", "show", "posts", "--verify"]).expect(0).stdout;
    assert!(people.contains("Posts of May (posts)") && people.contains("is whole"), "{people}");

    home.run(&["dataset", "withdraw", "posts", "--reason", "its publisher asked"]).expect(0);
    assert_eq!(home.run(&["search", "boats", "--json"]).expect(0).json()["total"], json!(0));
    assert!(home.run(&["dataset", "show", "posts"]).expect(0).stdout.contains("its publisher asked"));
    home.run(&["dataset", "withdraw", "posts", "--undo"]).expect(0);
    assert_eq!(home.run(&["search", "boats", "--json"]).expect(0).json()["total"], json!(2));
    home.run(&["dataset", "drop", "posts"]).expect(0);
    assert_eq!(home.run(&["dataset", "list", "--json"]).expect(0).json().as_array().unwrap().len(), 1);
    home.run(&["dataset", "drop", "folder"]).expect(0);
    assert!(home.run(&["dataset", "list"]).expect(0).stdout.contains("rollcall ingest"));
}

#[test]
fn serve_prints_one_line_and_ends_well_when_told_to() {
    let home = stocked();
    let server = Server::start(&home);
    let port = server.address.strip_prefix("http://127.0.0.1:").expect(&server.lines[0]);
    assert!(port.parse::<u16>().unwrap() > 0);
    assert_eq!(server.lines, [format!("listening on {}\n", server.address)]);
    assert_eq!(server.get("/healthz").0, 200);
    let listen = server.address.trim_start_matches("http://").to_owned();
    home.run(&["health", "--listen", &listen]).expect(0);
    let second: Output = home.run(&["serve", "--listen", &listen]);
    assert_eq!((second.code, second.stdout.as_str()), (1, ""), "two servers on one address: {}", second.stderr);
    assert_eq!(server.terminate(), (Some(0), String::new()));
    home.run(&["health", "--listen", &listen]).expect(1);
}

#[test]
fn the_environment_names_the_data_directory_and_the_flag_wins() {
    let home = stocked();
    let by_environment = finish(program().args(["dataset", "list", "--json"]).env("ROLLCALL_DATA", home.data()));
    assert_eq!(by_environment.expect(0).json().as_array().unwrap().len(), 2);
    let both = finish(home.command(&["dataset", "list", "--json"]).env("ROLLCALL_DATA", home.path("elsewhere")));
    assert_eq!(both.expect(0).json().as_array().unwrap().len(), 2);
    let default = finish(program().args(["dataset", "list", "--json"]).current_dir(home.path("folder")));
    assert_eq!(default.expect(0).json(), json!([]), "nothing there yet is an empty list");
    let file = home.file("a-file", "x");
    finish(program().args(["dataset", "list", "--data"]).arg(file)).expect(1);
}

#[test]
fn the_demo_makes_its_own_datasets_serves_them_and_leaves_nothing_behind() {
    let home = Home::new();
    home.file("tmp/keep", "");
    let demo = Server::of(program().args(["demo", "--listen", "127.0.0.1:0"]).env("TMPDIR", home.path("tmp")));
    assert!(demo.lines.len() > 5, "it tells what it takes in: {:?}", demo.lines);
    assert_eq!(demo.get_json("/api/v1/datasets")["datasets"].as_array().map(Vec::len), Some(6));
    let found = demo.get_json("/api/v1/search?q=Mira+Okonkwo-Lindqvist");
    assert!(found["facets"]["dataset"].as_array().unwrap().len() > 1, "one artist in several datasets");
    let (code, told) = demo.terminate();
    assert!(told.contains("Open http://127.0.0.1:") && told.contains("Mira Okonkwo-Lindqvist"), "{told}");
    assert_eq!(code, Some(0));
    assert_eq!(super::support::files_below(&home.path("tmp")).len(), 1, "its directory is deleted");
}
