//! How columns are understood: presets, maps, guesses, cards; and that none is ever lost.

use serde_json::json;

use crate::support::{Home, look_for, request, typed};

const ODD: &str =
    "ref,blurb,who\nhttps://a.example/1.jpg,a boat,Mira Okonkwo\nhttps://a.example/2.jpg,a gull,Jonas Lindqvist\n";

#[test]
fn a_map_says_what_columns_mean() {
    let home = Home::new();
    let path = home.file("odd.csv", ODD);
    let report = home.run_ingest(&path, "odd", "r1", &["--map", "url=ref,caption=who,author=blurb"]).expect(0).json();
    assert_eq!(report["columns_read_by"][0]["decided_by"], json!("--map"));
    let engine = home.engine();
    let hit = engine.text(&typed("author:\"a boat\"")).unwrap().hits.remove(0);
    assert_eq!((hit.author.as_deref(), hit.caption.as_deref()), (Some("a boat"), Some("Mira Okonkwo")));
    let absent = home.run_ingest(&path, "odd", "r2", &["--map", "url=nowhere"]).expect(1).stderr;
    assert!(absent.contains("nowhere") && absent.contains("blurb"), "{absent}");
}

#[test]
fn a_preset_is_taken_by_name_and_an_unknown_one_lists_those_there_are() {
    let home = Home::new();
    let path = home.file("laion.csv", "URL,TEXT\nhttps://a.example/1.jpg,a boat\n");
    let report = home.run_ingest(&path, "laion", "r1", &["--preset", "laion"]).expect(0).json();
    assert_eq!(report["columns_read_by"][0]["decided_by"], json!("preset laion"));
    let unknown = home.run_ingest(&path, "laion", "r2", &["--preset", "nonsense"]).expect(2).stderr;
    assert!(unknown.contains("nonsense") && unknown.contains("datacomp"), "{unknown}");
    let other = home.file("odd.csv", "size,weight\n1,2\n");
    let unfit = home.run_ingest(&other, "odd", "r1", &["--preset", "laion"]).expect(1).stderr;
    assert!(unfit.contains("does not fit") && unfit.contains("weight"), "{unfit}");
}

#[test]
fn a_known_family_is_recognised_without_being_told() {
    let home = Home::new();
    let path = home
        .file("part.csv", "url,text,width,height,similarity,punsafe\nhttps://a.example/1.jpg,a boat,640,480,0.3,0.1\n");
    let report = home.run_ingest(&path, "laion", "r1", &["--strict"]).expect(0).json();
    assert!(report["columns_read_by"][0]["decided_by"].as_str().unwrap().starts_with("preset"), "{report}");
}

#[test]
fn strict_refuses_a_guess_and_shows_it() {
    let home = Home::new();
    let path = home.file("odd.csv", "photo_link,headline\nhttps://a.example/1.jpg,a boat in the harbour\n");
    let refused = home.run_ingest(&path, "odd", "r1", &["--strict"]).expect(1).stderr;
    assert!(refused.contains("headline") && refused.contains("--map"), "{refused}");
    let report = home.run_ingest(&path, "odd", "r1", &[]).expect(0).json();
    assert_eq!(report["columns_read_by"][0]["decided_by"], json!("guess"));
    assert!(!report["columns_read_by"][0]["notes"].as_array().unwrap().is_empty());
}

#[test]
fn unknown_columns_and_large_numbers_are_kept_as_they_were() {
    let home = Home::new();
    let path = home.file(
        "rows.jsonl",
        "{\"url\": \"https://a.example/1.jpg\", \"caption\": \"a boat\", \"id\": 9223372036854775807, \"big\": 18446744073709551615, \
         \"shelf\": {\"row\": [1, 2]}, \"nothing\": null, \"ok\": true, \"share\": 0.5}\n",
    );
    home.take_in(&[&path], "rows", "r1");
    let engine = home.engine();
    let id = engine.text(&typed("boat")).unwrap().hits.remove(0).id;
    let record = engine.record(&id).unwrap();
    let value = |column: &str| record.cells.iter().find(|cell| cell.column == column).unwrap().value.clone();
    assert_eq!(value("id").as_deref(), Some("9223372036854775807"));
    assert_eq!(value("big").as_deref(), Some("18446744073709551615"));
    assert_eq!(value("shelf").as_deref(), Some("{\"row\":[1,2]}"));
    assert_eq!(
        (value("nothing"), value("ok").as_deref(), value("share").as_deref()),
        (None, Some("true"), Some("0.5"))
    );
    assert_eq!(record.source_id.as_deref(), Some("9223372036854775807"));
}

#[test]
fn hashes_that_a_manifest_carries_are_searched_by() {
    let home = Home::new();
    let picture = rollcall::demo::pictures::draw(7, 256, 192);
    let bytes = rollcall::demo::pictures::png(&picture).unwrap();
    let hashes = rollcall::image_hash::hash_for_query(&bytes, &rollcall::image_hash::DecodeLimits::default()).unwrap();
    let code =
        |kind: &str| hashes.variants.iter().find(|variant| variant.code.kind().name() == kind).unwrap().code.to_hex();
    let table = format!(
        "url,caption,phash,pdq_hash\nhttps://a.example/1.jpg,a boat,{},{}\nhttps://a.example/2.jpg,a gull,,\n",
        code("phash"),
        code("pdq")
    );
    let path = home.file("hashes.csv", table);
    let mut request = request(&[&path], "hashes", "r1");
    request.map = rollcall::manifest::columns::parse_map("url=url,caption=caption,phash=phash,pdq=pdq_hash").unwrap();
    home.try_ingest(&request).unwrap();
    let engine = home.engine();
    let hits = look_for(&engine, &rollcall::demo::pictures::jpeg(&picture, 90).unwrap(), None).hits;
    assert_eq!((hits.len(), hits[0].hit.caption.as_deref()), (1, Some("a boat")));
    assert_eq!(hits[0].matched_by, "pdq");
    let record = engine.record(&hits[0].hit.id).unwrap();
    assert_eq!((record.hashes["phash"].clone(), record.hashes["pdq"].clone()), (code("phash"), code("pdq")));
    let coverage = engine.text(&typed("boat")).unwrap().coverage.remove(0);
    assert_eq!((coverage.hashed["phash"].as_str(), coverage.hashed["pdq"].as_str()), ("1", "1"));
}

#[test]
fn a_card_fills_in_title_licence_and_total() {
    let home = Home::new();
    let rows = "url,caption\nhttps://a.example/1.jpg,a boat\n";
    let path = home.file("set/rows.csv", rows);
    home.file(
        "set/README.md",
        "---\npretty_name: Boats of the Bay\nlicense: cc-by-4.0\nlanguage:\n- en\ndataset_info:\n  splits:\n  - name: train\n    num_examples: 5000\n---\n# Boats\n\nPictures of boats.\n",
    );
    home.take_in(&[&home.path("set")], "boats", "r1");
    let detail = home.engine().dataset("boats").unwrap();
    assert_eq!(
        (detail.summary.title.as_str(), detail.summary.licence.as_deref()),
        ("Boats of the Bay", Some("cc-by-4.0"))
    );
    assert_eq!((detail.summary.coverage.total.as_str(), detail.summary.coverage.indexed.as_str()), ("5000", "1"));
    assert_eq!((detail.files.len(), detail.languages), (1, vec!["en".to_owned()]));

    let croissant = json!({
        "@context": {"@vocab": "https://schema.org/"}, "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "Gulls", "license": "https://creativecommons.org/publicdomain/zero/1.0/", "publisher": {"name": "The Bay Library", "email": "ask@bay.example"},
        "url": "https://bay.example/gulls", "distribution": [{"@type": "cr:FileObject", "contentSize": "1000 B"}]
    });
    let card = home.file("croissant.json", croissant.to_string());
    home.run_ingest(&path, "gulls", "r1", &["--card", card.to_str().unwrap()]).expect(0);
    let detail = home.engine().dataset("gulls").unwrap();
    assert_eq!(
        (detail.summary.title.as_str(), detail.summary.publisher.as_deref()),
        ("Gulls", Some("The Bay Library"))
    );
    assert_eq!(
        (detail.homepage.as_deref(), detail.contact.as_deref()),
        (Some("https://bay.example/gulls"), Some("ask@bay.example"))
    );
    home.run_ingest(&path, "gulls", "r2", &["--card", card.to_str().unwrap(), "--title", "My Gulls"]).expect(0);
    assert_eq!(home.engine().dataset("gulls").unwrap().summary.title, "My Gulls", "what is typed goes before the card");
}
