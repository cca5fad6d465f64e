//! Bad rows, files that end early, and published files with a flipped bit.

use std::fmt::Write as _;

use rollcall::demo::pictures::{draw, png};
use rollcall::search::engine::Engine;
use serde_json::json;

use crate::support::{Home, gzip, look_for, parquet_of, typed, zst};

#[test]
fn a_bad_row_is_counted_with_its_place_and_ends_nothing() {
    let home = Home::new();
    let path = home.file(
        "posts.jsonl",
        b"{\"url\": \"https://a.example/1.jpg\", \"caption\": \"a boat\"}\n{\"url\": broken}\n\n[1, 2]\n{\"url\": \"https://a.example/2.jpg\", \"caption\": \"a gull\"}\n{}\n\xff\xfe\xff\n{\"url\": \"https://a.example/3.jpg\", \"caption\": \"a rope\"}",
    );
    let report = home.run_ingest(&path, "posts", "r1", &[]).expect(0).json();
    assert_eq!(report["rows_indexed"], json!(3));
    let rejected: u64 = report["rejected"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(report["rows_read"].as_u64().unwrap(), 3 + rejected, "{report}");
    assert!(rejected >= 3, "{report}");
    let examples = report["examples"].as_array().unwrap();
    assert_eq!(examples.len() as u64, rejected);
    for example in examples {
        assert_eq!(example["file"], json!("posts.jsonl"));
        assert!(!example["reason"].as_str().unwrap().is_empty() && example["row"].is_u64(), "{example}");
    }
    assert_eq!(examples[0]["row"], json!(1));
    assert_eq!(home.engine().text(&typed("rope")).unwrap().total, 1);
    let detail = home.engine().dataset("posts").unwrap();
    assert_eq!(detail.rejected.values().map(|n| n.parse::<u64>().unwrap()).sum::<u64>(), rejected);
}

#[test]
fn many_bad_rows_are_counted_in_full_and_told_in_part() {
    let home = Home::new();
    let mut lines = String::from("{\"caption\": \"a boat\"}\n");
    (0..500).for_each(|_| lines.push_str("{\"caption\": \n"));
    let path = home.file("posts.jsonl", lines);
    let report = home.run_ingest(&path, "posts", "r1", &[]).expect(0).json();
    assert_eq!(report["rejected"].as_object().unwrap().values().next(), Some(&json!(500)));
    assert!((1..=20).contains(&report["examples"].as_array().unwrap().len()));
}

fn long_csv() -> String {
    let mut rng = rollcall::demo::Rng::for_part(3, "long", 0);
    let mut text = String::from("url,caption\n");
    for row in 0..3000 {
        writeln!(text, "https://a.example/{row}.jpg,picture {row} {}", rng.hex(30)).unwrap();
    }
    text
}

#[test]
fn a_file_cut_short_ends_with_what_was_read_and_says_so() {
    let home = Home::new();
    let text = long_csv();
    let (gz, zst) = (gzip(text.as_bytes()), zst(text.as_bytes()));
    for (name, bytes) in [("cut.csv.gz", &gz), ("cut.csv.zst", &zst)] {
        let path = home.file(name, &bytes[..bytes.len() * 2 / 3]);
        let slug = if bytes == &gz { "gz" } else { "zst" };
        let output = home.run_ingest(&path, slug, "r1", &[]).expect(1);
        let report = output.json();
        let rows = report["rows_indexed"].as_u64().unwrap();
        assert!((1..3000).contains(&rows), "{name}: {rows}");
        let problem = report["problems"][0]["detail"].as_str().unwrap();
        assert!(problem.contains("damaged after") && report["problems"][0]["file"] == json!(name), "{problem}");
        assert_eq!(report["files"][0]["sha256"], json!(crate::support::sha256_hex(&bytes[..bytes.len() * 2 / 3])));
        let found = home.run(&["search", "https://a.example/0.jpg", "--dataset", slug, "--json"]).expect(0).json();
        assert_eq!(found["total"], json!(1), "what was read is found");
        let people = home.run(&["ingest", path.to_str().unwrap(), "--dataset", slug, "--revision", "r1"]);
        assert!(people.code == 1 && people.stdout.contains("Damaged:"), "{}", people.stdout);
    }
}

#[test]
fn a_parquet_file_without_its_end_is_named_and_the_others_are_taken() {
    let home = Home::new();
    let rows: Vec<_> =
        (0..40).map(|row| vec![format!("https://a.example/{row}.jpg"), format!("picture {row}")]).collect();
    let whole = parquet_of(&["url", "caption"], &rows, 10);
    let cut = &whole[..whole.len() - 20];
    let path = home.file("alone/cut.parquet", cut);
    let output = home.run_ingest(&path, "alone", "r1", &[]).expect(1);
    assert!(output.stdout.is_empty() && output.stderr.contains("cut.parquet"), "{}", output.stderr);
    assert!(home.engine().datasets().is_empty(), "nothing was read, so nothing is there");

    home.file("both/a-cut.parquet", cut);
    home.file("both/b.parquet", &whole);
    let report = home.run_ingest(&home.path("both"), "both", "r1", &[]).expect(1).json();
    assert_eq!((&report["rows_indexed"], &report["problems"][0]["file"]), (&json!(40), &json!("a-cut.parquet")));
    assert_eq!(home.engine().text(&typed("\"picture 39\"")).unwrap().total, 1);
}

#[test]
fn a_parquet_file_with_a_damaged_page_gives_the_rows_before_it() {
    let home = Home::new();
    let rows: Vec<_> =
        (0..400).map(|row| vec![format!("https://a.example/{row}.jpg"), format!("picture {row}")]).collect();
    let mut bytes = parquet_of(&["url", "caption"], &rows, 100);
    let at = bytes.len() / 2;
    bytes[at..at + 400].fill(0xff);
    let path = home.file("page.parquet", bytes);
    let report = home.run_ingest(&path, "page", "r1", &[]).expect(1).json();
    let read = report["rows_indexed"].as_u64().unwrap();
    assert!((100..400).contains(&read), "{report}");
    assert_eq!(home.engine().text(&typed("\"picture 0\"")).unwrap().total, 1);
}

/// Everything asked of a dataset, as text: what two indexes that say the same have in common.
fn answers(engine: &Engine, picture: &[u8]) -> Result<String, String> {
    let mut all = String::new();
    for q in [
        "boat",
        "\"a boat\"",
        "gull",
        "@pell",
        "a.example",
        "https://a.example/7.jpg",
        "after:2024",
        "dataset:set",
        "boat -gull",
    ] {
        let found = engine.text(&typed(q)).map_err(|error| format!("{error:#}"))?;
        all += &serde_json::to_string(&(found.total, found.hits, found.facets)).unwrap();
    }
    let query = rollcall::search::engine::PictureQuery::Picture { name: "q".into(), bytes: picture.to_vec() };
    let found = engine
        .pictures(vec![query], &rollcall::search::engine::PictureOptions::default())
        .map_err(|error| format!("{error:#}"))?;
    all += &serde_json::to_string(&found.queries).unwrap();
    Ok(all)
}

#[test]
fn a_flipped_bit_in_any_published_file_is_told_and_never_a_wrong_answer() {
    let home = Home::new();
    let picture = png(&draw(5, 160, 120)).unwrap();
    home.file("set/pictures/7.png", &picture);
    let mut lines = String::new();
    for row in 0..300 {
        let word = ["boat", "gull", "rope"][row % 3];
        writeln!(lines, "{}", json!({"url": format!("https://a.example/{row}.jpg"), "caption": format!("a {word} {row}"), "handle": "pell", "created_at": "2024-05-01"})).unwrap();
    }
    home.file("set/rows.jsonl", lines);
    home.take_in(&[&home.path("set")], "set", "r1");
    let whole = answers(&home.engine(), &picture).unwrap();
    assert_eq!(look_for(&home.engine(), &picture, None).hits.len(), 1);

    let mut rng = rollcall::demo::Rng::for_part(11, "bits", 0);
    let mut told = 0;
    let files: Vec<_> = home.data_files().into_iter().filter(|(path, _)| !path.ends_with("CURRENT")).collect();
    assert!(files.len() >= 10, "{} files", files.len());
    for (path, bytes) in files {
        for _ in 0..6 {
            let at = rng.below(bytes.len());
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << rng.below(8);
            std::fs::write(&path, &damaged).unwrap();
            let outcome = Engine::open(&home.data(), Vec::new())
                .map_err(|error| format!("{error:#}"))
                .and_then(|engine| answers(&engine, &picture));
            match outcome {
                Ok(same) => assert!(same == whole, "{} at {at} gives another answer", path.display()),
                Err(error) => {
                    told += 1;
                    assert!(error.contains("ingest this revision again"), "{} at {at}: {error}", path.display());
                }
            }
        }
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        let cut = Engine::open(&home.data(), Vec::new()).map_err(|error| format!("{error:#}"));
        assert!(cut.err().is_some_and(|error| error.contains("ingest this revision again")), "{} cut", path.display());
        std::fs::remove_file(&path).unwrap();
        assert!(Engine::open(&home.data(), Vec::new()).is_err(), "{} gone", path.display());
        std::fs::write(&path, &bytes).unwrap();
    }
    assert!(told > 40, "{told} flipped bits were noticed");
    assert_eq!(answers(&home.engine(), &picture).unwrap(), whole);
}
