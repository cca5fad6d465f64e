//! The same rows in every format: all are read, reported and found.

use rollcall::demo::pictures::{draw, jpeg, png};
use serde_json::{Value as Json, json};

use crate::support::{Home, gzip, look_for, parquet_of, sha256_hex, tar_of, typed, zst};

const ROWS: [(&str, &str); 3] = [
    ("https://a.example/boat.jpg", "a boat, at \"dawn\""),
    ("https://b.example/gull.jpg", "three gulls"),
    ("https://c.example/rope.jpg", "青い rope\ton a quay"),
];

fn delimited(separator: char) -> String {
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let line = |(url, caption): &(&str, &str)| format!("{}{separator}{}\n", cell(url), cell(caption));
    format!("url{separator}caption\n{}", ROWS.iter().map(line).collect::<String>())
}

fn json_lines() -> String {
    let lines: Vec<_> = ROWS.iter().map(|(url, caption)| json!({"url": url, "caption": caption}).to_string()).collect();
    lines.join("\n") + "\n"
}

fn texts() -> Vec<Vec<String>> {
    ROWS.iter().map(|(url, caption)| vec![(*url).to_owned(), (*caption).to_owned()]).collect()
}

/// File names with what is in them.
fn every_format() -> Vec<(&'static str, Vec<u8>)> {
    let lines = json_lines();
    let array: Vec<Json> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let redcaps = json!({"info": {"year": 2020}, "annotations": array});
    vec![
        ("rows.csv", delimited(',').into_bytes()),
        ("rows.tsv", delimited('\t').into_bytes()),
        ("rows.csv.gz", gzip(delimited(',').as_bytes())),
        ("rows.tsv.zst", zst(delimited('\t').as_bytes())),
        ("rows.jsonl", lines.clone().into_bytes()),
        ("rows.jsonl.gz", gzip(lines.as_bytes())),
        ("rows.jsonl.zst", zst(lines.as_bytes())),
        ("rows.json", Json::Array(array).to_string().into_bytes()),
        ("annotations.json", redcaps.to_string().into_bytes()),
        ("rows.parquet", parquet_of(&["url", "caption"], &texts(), 2)),
    ]
}

#[test]
fn the_same_rows_are_read_reported_and_found_in_every_format() {
    let home = Home::new();
    for (at, (name, bytes)) in every_format().into_iter().enumerate() {
        let path = home.file(name, &bytes);
        let slug = format!("d{at}");
        let revision = home.take_in(&[&path], &slug, "r1");
        assert_eq!((revision.rows_read, revision.rows_indexed), (3, 3), "{name}");
        assert!(revision.rejected.is_empty() && revision.problems.is_empty(), "{name}: {revision:?}");
        let file = &revision.files[0];
        assert_eq!((file.name.as_str(), file.bytes, file.rows_read), (name, bytes.len() as u64, 3));
        assert_eq!(file.sha256, sha256_hex(&bytes), "{name}");
    }
    let engine = home.engine();
    for (row, (url, caption)) in ROWS.iter().enumerate() {
        let found = engine.text(&typed(url)).unwrap();
        assert_eq!(found.total, 10, "{url}");
        for hit in &found.hits {
            assert_eq!((hit.caption.as_deref(), hit.url.as_deref()), (Some(*caption), Some(*url)), "{}", hit.file);
            assert_eq!(hit.row, row.to_string(), "{}", hit.file);
        }
    }
}

#[test]
fn a_file_without_a_header_is_read_by_its_values() {
    let home = Home::new();
    let path =
        home.file("pairs.tsv", "a boat at dawn\thttps://a.example/1.jpg\nthree gulls\thttps://a.example/2.jpg\n");
    let revision = home.take_in(&[&path], "pairs", "r1");
    assert_eq!(revision.rows_indexed, 2);
    let found = home.engine().text(&typed("boat")).unwrap();
    assert_eq!(found.hits[0].url.as_deref(), Some("https://a.example/1.jpg"));
    assert_eq!(found.hits[0].row, "0", "the first line is a row");
}

#[test]
fn a_shard_brings_its_pictures_and_their_texts() {
    let home = Home::new();
    let (one, two) = (jpeg(&draw(1, 160, 120), 85).unwrap(), jpeg(&draw(2, 160, 120), 85).unwrap());
    let meta = json!({"url": "https://a.example/two.jpg", "author": "Mira Okonkwo"}).to_string();
    let shard = tar_of(&[
        ("000.jpg", &one),
        ("000.txt", b"a boat"),
        ("001.jpg", &two),
        ("001.txt", b"two gulls"),
        ("001.json", meta.as_bytes()),
    ]);
    let path = home.file("00000.tar", shard);
    let revision = home.take_in(&[&path], "shards", "r1");
    assert_eq!((revision.rows_indexed, revision.images_hashed), (2, 2));
    let engine = home.engine();
    let hit = look_for(&engine, &two, None).hits.remove(0).hit;
    assert_eq!((hit.caption.as_deref(), hit.author.as_deref()), (Some("two gulls"), Some("Mira Okonkwo")));
    assert_eq!((hit.file.as_str(), hit.row.as_str()), ("00000.tar", "1"));
    assert_eq!(engine.text(&typed(&sha256_hex(&one))).unwrap().total, 1);
}

#[test]
fn a_folder_of_pictures_brings_what_its_metadata_says_and_counts_what_cannot_be_read() {
    let home = Home::new();
    home.file("folder/a.png", png(&draw(1, 120, 90)).unwrap());
    home.file("folder/sub/b.jpg", jpeg(&draw(2, 120, 90), 80).unwrap());
    home.file("folder/broken.jpg", b"\xff\xd8\xff\xe0 nothing");
    home.file(
        "folder/metadata.jsonl",
        "{\"file_name\": \"a.png\", \"text\": \"a lighthouse\"}\n{\"file_name\": \"sub/b.jpg\", \"text\": \"a pier\"}\n",
    );
    let revision = home.take_in(&[&home.path("folder")], "folder", "r1");
    assert_eq!((revision.rows_indexed, revision.images_hashed), (3, 2), "{revision:?}");
    assert_eq!(revision.images_refused.values().sum::<u64>(), 1);
    let engine = home.engine();
    assert_eq!(engine.text(&typed("lighthouse")).unwrap().hits[0].url.as_deref(), Some("a.png"));
    let broken = engine.text(&typed("broken")).unwrap();
    assert_eq!(broken.hits[0].url.as_deref(), Some("broken.jpg"), "its name is still found");
    assert!(broken.coverage[0].answers_query && broken.coverage[0].searchable.contains(&"file_name".to_owned()));
}

#[test]
fn a_directory_of_shards_with_two_layouts_is_one_dataset() {
    let home = Home::new();
    home.file("many/one.csv", "url,caption\nhttps://a.example/1.jpg,a boat\n");
    home.file("many/two.jsonl", "{\"post\": \"a gull\", \"user\": \"pell\", \"created\": \"2024-02-03\"}\n");
    home.file("many/deep/three.csv.gz", gzip(b"url,caption\nhttps://a.example/3.jpg,a rope\n"));
    home.file("many/notes.txt", "nothing to see");
    let mut request = crate::support::request(&[&home.path("many")], "many", "r1");
    request.threads = 2;
    request.text_heap_bytes = 64 << 20;
    home.try_ingest(&request).unwrap();
    let engine = home.engine();
    let place = |q: &str| engine.text(&typed(q)).unwrap().hits.remove(0).file;
    assert_eq!([place("boat"), place("rope"), place("gull")], ["one.csv", "deep/three.csv.gz", "two.jsonl"]);
    assert_eq!(engine.text(&typed("@pell")).unwrap().total, 1);
    assert_eq!(engine.text(&typed("after:2024")).unwrap().total, 1);
    let files: Vec<_> = engine.dataset("many").unwrap().files.into_iter().map(|file| file.path).collect();
    assert_eq!(files, ["deep/three.csv.gz", "one.csv", "two.jsonl"]);
}

#[test]
fn several_paths_are_one_revision_and_an_empty_file_among_them_is_no_trouble() {
    let home = Home::new();
    let empty = home.file("a.csv", "url,caption\n");
    let good = home.file("b.csv", "url,caption\nhttps://a.example/1.jpg,a boat\n");
    let revision = home.take_in(&[&good, &empty], "two", "r1");
    let rows: Vec<_> = revision.files.iter().map(|file| (file.name.as_str(), file.rows_read)).collect();
    assert_eq!(rows, [("a.csv", 0), ("b.csv", 1)]);
    assert_eq!(home.engine().text(&typed("boat")).unwrap().hits[0].file, "b.csv");
}

#[test]
fn a_file_of_nothing_is_refused_with_a_sentence() {
    let home = Home::new();
    for (name, bytes) in
        [("none.csv", ""), ("header.csv", "url,caption\n"), ("none.jsonl", "\n\n"), ("none.json", "[]")]
    {
        let path = home.file(name, bytes);
        let output = home.run_ingest(&path, "none", "r1", &[]).expect(1);
        assert!(output.stdout.is_empty() && output.stderr.contains(name), "{name}: {}", output.stderr);
    }
    assert!(home.engine().datasets().is_empty());
}
