//! The house kept tidy: who may import whom, ceilings, words that must not stand in the code.

use std::path::{Path, PathBuf};

/// Nouns: they know no room.
const NOUNS: [&str; 9] =
    ["dataset", "facts", "hash_code", "identifier", "mapping", "record", "timestamp", "web_address", "words"];
/// Every room with the rooms it may import; nouns may be imported by all.
const ROOMS: [(&str, &[&str]); 14] = [
    ("config", &["outbound"]),
    ("outbound", &[]),
    ("manifest", &[]),
    ("image_hash", &[]),
    ("index", &[]),
    ("ingest", &["manifest", "image_hash", "index"]),
    ("takedown", &["image_hash"]),
    ("search", &["index", "image_hash", "takedown"]),
    ("evidence", &[]),
    ("removal", &["manifest", "evidence"]),
    ("publishing", &["takedown", "removal", "evidence"]),
    ("demo", &[]),
    ("web", &["search", "takedown", "evidence", "removal", "publishing", "config", "outbound"]),
    (
        "cli",
        &[
            "config",
            "manifest",
            "image_hash",
            "index",
            "ingest",
            "search",
            "takedown",
            "evidence",
            "removal",
            "publishing",
            "outbound",
            "demo",
            "web",
        ],
    ),
];
const LINES_MAX: usize = 400;
/// Templates that may print markup as it is, with the reason.
const UNESCAPED: [(&str, &str); 0] = [];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_with(directory: &str, extension: &str) -> Vec<PathBuf> {
    fn walk(directory: &Path, extension: &str, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, extension, found);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(directory), extension, &mut found);
    found.sort();
    found
}

/// A source file: its path below the project and its text.
struct Source {
    name: String,
    text: String,
}

impl Source {
    fn all(directory: &str) -> Vec<Self> {
        let read = |path: PathBuf| Self {
            name: path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned(),
            text: std::fs::read_to_string(&path).unwrap(),
        };
        files_with(directory, "rs").into_iter().map(read).collect()
    }

    /// `search` for `src/search/text.rs`, `record` for `src/record.rs`.
    fn room(&self) -> &str {
        let below = self.name.trim_start_matches("src/");
        below.split('/').next().unwrap().trim_end_matches(".rs")
    }

    fn is_test(&self) -> bool {
        self.name.starts_with("tests/") || self.name.contains("/tests") || self.name.ends_with("tests_support.rs")
    }

    /// Lines of the program itself with their numbers: no tests, no comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let begin = |tests: &str| self.text.find(&format!("\n#[cfg(test)]\n{tests} {{"));
        let tests = ["mod tests", "pub(super) mod tests"].into_iter().find_map(begin);
        let end = if self.is_test() { 0 } else { tests.unwrap_or(self.text.len()) };
        let is_code = |(_, line): &(usize, &str)| !line.trim_start().starts_with("//");
        self.text[..end].lines().enumerate().map(|(at, line)| (at + 1, line)).filter(is_code)
    }

    /// First names after `crate::` in code: what it imports of the house.
    fn imports(&self) -> Vec<(usize, String)> {
        let mut all = Vec::new();
        for (at, line) in self.code() {
            for part in line.split("crate::").skip(1) {
                let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if !name.is_empty() {
                    all.push((at, name));
                }
            }
        }
        all
    }
}

fn expect_none(found: &[String], what: &str) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

#[test]
fn every_room_imports_only_the_rooms_it_may() {
    let mut wrong = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for source in Source::all("src") {
        let room = source.room().to_owned();
        if matches!(room.as_str(), "lib" | "main") {
            continue;
        }
        let known = ROOMS.iter().find(|(name, _)| *name == room);
        if known.is_none() && !NOUNS.contains(&room.as_str()) {
            wrong.push(format!("{}: {room} is neither a noun nor a room of tests/it/tidy.rs", source.name));
        }
        let allowed = known.map_or(&[][..], |(_, allowed)| allowed);
        for (at, name) in source.imports() {
            seen.insert((room.clone(), name.clone()));
            let fine = name == room || NOUNS.contains(&name.as_str()) || allowed.contains(&name.as_str());
            if !fine {
                wrong.push(format!("{}:{at}: {room} must not import {name}", source.name));
            }
        }
    }
    expect_none(&wrong, "arrows that are not in ARCHITECTURE.md");
    for arrow in [("ingest", "index"), ("search", "index"), ("web", "search"), ("cli", "ingest"), ("index", "record")] {
        assert!(seen.contains(&(arrow.0.to_owned(), arrow.1.to_owned())), "the test no longer sees {arrow:?}");
    }
}

#[test]
fn only_main_names_the_command_line_and_only_the_library_lists_the_rooms() {
    let named = |source: &Source| source.code().any(|(_, line)| line.contains("cli::"));
    let namers: Vec<_> = Source::all("src").into_iter().filter(named).map(|source| source.name).collect();
    assert_eq!(namers, ["src/main.rs"]);
    let library = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    for name in NOUNS.iter().chain(ROOMS.iter().map(|(name, _)| name)) {
        assert!(library.contains(&format!("pub mod {name};")), "{name} is gone from lib.rs: take it out of this test");
    }
}

#[test]
fn heavy_crates_stay_in_their_room() {
    let homes: [(&[&str], &str); 7] = [
        (&["actix_web::", "actix_multipart::", "askama::"], "src/web/"),
        (&["tantivy::"], "src/index/text/"),
        (&["clap::", "indicatif::"], "src/cli/"),
        (&["img_hash::"], "src/image_hash/"),
        (&["sqlx::"], "src/takedown/store/"),
        (&["lettre::"], "src/takedown/post"),
        (&["ureq::", "hickory_proto::"], "src/outbound/"),
    ];
    let mut wrong = Vec::new();
    for source in Source::all("src") {
        for (crates, home) in homes {
            for (at, line) in source.code() {
                if !source.name.starts_with(home) && crates.iter().any(|name| line.contains(name)) {
                    wrong.push(format!("{}:{at}: {}", source.name, line.trim()));
                }
            }
        }
    }
    expect_none(&wrong, "crates named outside their room");
}

#[test]
fn no_file_is_longer_than_four_hundred_lines() {
    let mut wrong = Vec::new();
    for directory in ["src", "tests", "benches"] {
        for source in Source::all(directory) {
            let lines = source.text.lines().count();
            if lines > LINES_MAX {
                wrong.push(format!("{}: {lines} lines", source.name));
            }
        }
    }
    expect_none(&wrong, "files to split");
}

#[test]
fn every_file_opens_by_saying_what_it_is() {
    let silent = |source: &Source| !source.text.starts_with("//!");
    let wrong: Vec<_> = Source::all("src").into_iter().filter(silent).map(|source| source.name).collect();
    // A file of nothing but tests of the file beside it says it with its name.
    let wrong: Vec<_> = wrong.into_iter().filter(|name| !name.contains("/tests")).collect();
    expect_none(&wrong, "files without a module document");
}

#[test]
fn nothing_outside_tests_unwraps_or_is_left_to_do() {
    let mut wrong = Vec::new();
    let later = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("todo", "!("), concat!("unimple", "mented!(")];
    for directory in ["src", "tests", "benches", "templates", "static"] {
        let sources = ["rs", "html", "css", "js"].into_iter().flat_map(|extension| files_with(directory, extension));
        for path in sources {
            let text = std::fs::read_to_string(&path).unwrap();
            for (at, line) in text.lines().enumerate() {
                if later.iter().any(|word| line.contains(word)) {
                    wrong.push(format!("{}:{}: {}", path.display(), at + 1, line.trim()));
                }
            }
        }
    }
    for source in Source::all("src") {
        for (at, line) in source.code() {
            if [".unwrap()", "panic!(", "unreachable!("].iter().any(|call| line.contains(call)) {
                wrong.push(format!("{}:{at}: {}", source.name, line.trim()));
            }
        }
    }
    expect_none(&wrong, "panics and things left to do");
}

#[test]
fn a_hidden_record_is_read_to_compare_proofs_with_it_and_by_those_who_decide_about_it() {
    let may = ["src/search/engine.rs", "src/search/snapshot.rs", "src/web/proofs.rs", "src/web/pages/review/record.rs"];
    let mut wrong = Vec::new();
    for source in Source::all("src").into_iter().filter(|source| !may.contains(&source.name.as_str())) {
        for (at, line) in source.code().filter(|(_, line)| line.contains("record_though_hidden")) {
            wrong.push(format!("{}:{at}: {}", source.name, line.trim()));
        }
    }
    expect_none(&wrong, "reads past what hides records");
}

#[test]
fn templates_escape_everything_and_carry_no_script_and_no_style_of_their_own() {
    let mut wrong = Vec::new();
    for path in files_with("templates", "html") {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        for (at, line) in text.lines().enumerate() {
            let unescaped =
                ["|safe", "| safe", "escape \"none\"", "{% autoescape"].iter().any(|mark| line.contains(mark));
            let allowed = UNESCAPED.iter().any(|(template, mark)| *template == name && line.contains(mark));
            let inline =
                [" style=", "<style", "javascript:", " onclick=", " onload=", " onerror=", " onsubmit=", " onchange="]
                    .iter()
                    .any(|mark| line.contains(mark));
            let script = line.contains("<script") && !line.contains(" src=\"{{ layout.asset(");
            let outside = ["src=\"http", "src=\"//", "<link rel=\"stylesheet\" href=\"http", "@import"]
                .iter()
                .any(|mark| line.contains(mark));
            if (unescaped && !allowed) || inline || script || outside {
                wrong.push(format!("{name}:{}: {}", at + 1, line.trim()));
            }
        }
    }
    expect_none(&wrong, "templates with unescaped, inline or foreign parts");
}

#[test]
fn nothing_names_a_path_of_the_machine_it_was_written_on() {
    let mut wrong = Vec::new();
    let places = [
        concat!("/wo", "rk/shared"),
        concat!("/wo", "rk/.lib"),
        concat!("/tmp", "/wt"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
    ];
    for directory in ["src", "tests", "benches", "templates", "static", "docs"] {
        for extension in ["rs", "html", "css", "js", "md", "json", "sh"] {
            for path in files_with(directory, extension) {
                let text = std::fs::read_to_string(&path).unwrap();
                if let Some(place) = places.iter().find(|place| text.contains(**place)) {
                    wrong.push(format!("{}: {place}", path.display()));
                }
            }
        }
    }
    expect_none(&wrong, "paths of one machine");
}

/// Every setting that the program reads from the environment, found where clap is told of it.
fn settings() -> Vec<String> {
    let mut all = Vec::new();
    for source in Source::all("src") {
        for (_, line) in source.code() {
            if let Some((_, after)) = line.split_once("env = \"") {
                all.push(after.split('"').next().unwrap().to_owned());
            }
        }
    }
    all.sort();
    all.dedup();
    all
}

#[test]
fn every_setting_is_in_the_help_of_its_command() {
    let all = settings();
    assert!(all.len() >= 6, "the test no longer sees the settings: {all:?}");
    let serve = super::support::finish(super::support::program().args(["serve", "--help"])).expect(0).stdout;
    for setting in &all {
        assert!(serve.contains(setting.as_str()), "{setting} is not in rollcall serve --help");
    }
}

#[test]
fn every_setting_is_in_the_readme() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let table = readme.split("## Settings").nth(1).unwrap_or_default().split("\n## ").next().unwrap();
    let missing: Vec<_> = settings().into_iter().filter(|setting| !table.contains(&format!("`{setting}`"))).collect();
    expect_none(&missing, "settings that README.md does not list");
}
