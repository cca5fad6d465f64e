//! Parts of pictures: screenshots, crops and looking harder on the query's side, parts in the index, one picture on very
//! many records.

use std::fmt::Write as _;

use image::{ImageFormat, Rgb, RgbImage, imageops};
use rollcall::demo::pictures::{crop, draw, jpeg, png, resize};
use rollcall::search::engine::{Engine, PictureOptions, PictureQuery, SearchError};
use rollcall::search::results::{PictureAnswer, Verdict};

use super::support::{Home, Server, encoded, look_for, request, sha256_hex};

const SEED: u64 = 104;

fn picture(seed: u64) -> RgbImage {
    draw(seed, 480, 360)
}

fn folder_of(home: &Home, seeds: std::ops::Range<u64>) {
    for seed in seeds {
        home.file(&format!("folder/{seed}.jpg"), jpeg(&picture(seed), 88).unwrap());
    }
}

fn ask(engine: &Engine, bytes: &[u8], options: &PictureOptions) -> PictureAnswer {
    let query = PictureQuery::Picture { name: "query".into(), bytes: bytes.to_vec() };
    engine.pictures(vec![query], options).unwrap().queries.remove(0)
}

fn first(answer: &PictureAnswer) -> Option<(&str, &str)> {
    answer.hits.first().map(|hit| (hit.hit.url.as_deref().unwrap_or_default(), hit.variant.as_str()))
}

#[test]
fn the_picture_in_a_screenshot_is_found_and_the_answer_says_so() {
    let home = Home::new();
    folder_of(&home, 100..108);
    home.take_in(&[&home.path("folder")], "folder", "r1");
    let engine = home.engine();
    let mut screen = RgbImage::from_pixel(480, 900, Rgb([250, 250, 252]));
    imageops::replace(&mut screen, &picture(SEED), 0, 180);
    for (x, y) in (20..300).flat_map(|x| [(x, 60), (x, 600), (x, 640)]).filter(|(x, _)| x % 7 < 4) {
        (0..12).for_each(|down| screen.put_pixel(x, y + down, Rgb([40, 40, 40])));
    }
    let answer = look_for(&engine, &png(&screen).unwrap(), None);
    assert_eq!(first(&answer).map(|(file, _)| file), Some("104.jpg"));
    let variants: Vec<_> = answer.hits.iter().map(|hit| hit.variant.as_str()).collect();
    assert!(["content of the screenshot", "border trimmed"].contains(&variants[0]), "{variants:?}");
}

#[test]
fn looking_harder_finds_a_corner_that_an_ordinary_search_misses() {
    let home = Home::new();
    for seed in 100..108 {
        let whole = picture(seed);
        let corner = imageops::crop_imm(&whole, 0, 0, 288, 216).to_image();
        home.file(&format!("folder/{seed}.jpg"), jpeg(&corner, 88).unwrap());
    }
    home.take_in(&[&home.path("folder")], "folder", "r1");
    let engine = home.engine();
    let bytes = png(&picture(SEED)).unwrap();
    assert!(ask(&engine, &bytes, &PictureOptions::default()).hits.is_empty());
    let harder = PictureOptions { harder: true, ..PictureOptions::default() };
    let found = ask(&engine, &bytes, &harder);
    assert_eq!(first(&found), Some(("104.jpg", "60 % off the centre")));
    assert!(found.expected_false > 0.0 && found.expected_false < 0.2);
    let shell = home.run(&["match", home.file("query.png", bytes).to_str().unwrap(), "--harder", "--json"]).json();
    assert_eq!(shell["queries"][0]["hits"][0]["variant"], "60 % off the centre");
}

#[test]
fn a_crop_finds_its_picture_where_the_index_holds_parts_and_the_run_remembers_that_it_does() {
    let home = Home::new();
    folder_of(&home, 100..108);
    let folder = home.path("folder");
    home.take_in(&[&folder], "plain", "r1");
    let mut with_parts = request(&[&folder], "parts", "r1");
    with_parts.index_windows = true;
    home.try_ingest(&with_parts).unwrap();
    // The same again is there already; without parts is there too, with parts where there are none is not.
    home.try_ingest(&with_parts).unwrap();
    home.try_ingest(&request(&[&folder], "parts", "r1")).unwrap();
    let mut missing = request(&[&folder], "plain", "r1");
    missing.index_windows = true;
    assert!(home.try_ingest(&missing).unwrap_err().to_string().contains("without hashes of parts"));

    let engine = home.engine();
    let query = jpeg(&resize(&crop(&picture(SEED), 0.2), 0.9), 80).unwrap();
    let answer = look_for(&engine, &query, None);
    let found: Vec<_> = answer.hits.iter().map(|hit| (hit.hit.dataset.as_str(), hit.record_part.as_deref())).collect();
    assert_eq!(found, [("parts", Some("inner 60 %"))]);
    assert_eq!(answer.hits[0].hit.url.as_deref(), Some("104.jpg"));
    let only = |slug: &str| PictureOptions { dataset: vec![slug.to_owned()], ..PictureOptions::default() };
    assert!(ask(&engine, &query, &only("plain")).hits.is_empty());
    assert!(matches!(engine.pictures(Vec::new(), &only("none")), Err(SearchError::BadQuery { field: "dataset", .. })));
    let told = home.run(&["dataset", "show", "parts"]).expect(0).stdout;
    assert!(told.contains("fingerprints of 12 parts"), "{told}");
    assert!(engine.dataset("parts").unwrap().summary.coverage.index_windows);
    assert!(!engine.dataset("plain").unwrap().summary.coverage.index_windows);
    // The hash shown of a record is that of its whole picture still.
    let whole = look_for(&engine, &jpeg(&picture(SEED), 88).unwrap(), None);
    let hashes: Vec<_> =
        whole.hits.iter().map(|hit| engine.record(&hit.hit.id).unwrap().hashes["pdqa"].clone()).collect();
    assert!(hashes.len() == 2 && hashes[0] == hashes[1]);
}

#[test]
fn one_picture_on_many_records_is_told_once_with_its_number() {
    let home = Home::new();
    let (logo, other) = (picture(SEED), picture(105));
    let mut rows = String::from("file_name,caption\n");
    for copy in 0..14 {
        home.file(&format!("folder/{copy:02}.png"), png(&logo).unwrap());
        writeln!(rows, "{copy:02}.png,copy {copy}").unwrap();
    }
    for (name, quality) in [("other.jpg", 80), ("again.jpg", 60)] {
        home.file(&format!("folder/{name}"), jpeg(&other, quality).unwrap());
        writeln!(rows, "{name},the other").unwrap();
    }
    home.file("folder/metadata.csv", rows);
    home.take_in(&[&home.path("folder")], "folder", "r1");
    let engine = home.engine();
    let same_file = look_for(&engine, &png(&logo).unwrap(), None);
    let copy = look_for(&engine, &encoded(&resize(&logo, 0.7), ImageFormat::Png), None);
    for (answer, by, verdict) in [(&same_file, "sha256", Verdict::SameFile), (&copy, "pdqa", Verdict::AlmostSurely)] {
        assert_eq!(answer.hits.len(), 1, "{by}");
        let hit = &answer.hits[0];
        assert_eq!((hit.copies, hit.matched_by.as_str(), hit.verdict), (14, by, verdict));
        assert_eq!(hit.hit.url.as_deref(), Some("00.png"));
    }
    let few = look_for(&engine, &jpeg(&other, 90).unwrap(), None);
    assert_eq!(few.hits.iter().map(|hit| hit.copies).collect::<Vec<_>>(), [1, 1]);

    let id = &same_file.hits[0].hit.id;
    let page = engine.copies(id, 0, 10).unwrap();
    assert_eq!(
        (page.total, page.hits.len(), page.next.as_deref(), page.same_by.as_str()),
        (14, 10, Some("10"), "pdqa")
    );
    let rest = engine.copies(id, 10, 10).unwrap();
    assert_eq!((rest.hits.len(), rest.next, rest.hits[3].caption.as_deref()), (4, None, Some("copy 13")));
    assert!(matches!(engine.copies("0123", 0, 0), Err(SearchError::NoSuchRecord(_))));

    let server = Server::start(&home);
    let json = server.get_json(&format!("/api/v1/records/{id}/copies?limit=3"));
    assert_eq!((json["total"].as_u64(), json["hits"].as_array().map(Vec::len)), (Some(14), Some(3)));
    let (status, html) = server.get(&format!("/records/{id}/copies"));
    assert_eq!(status, 200);
    assert!(html.contains("This picture appears 14 times in this dataset.") && html.contains("copy 13"));
    assert_eq!(server.get("/matching").0, 200);
}

#[test]
fn the_same_file_on_rows_without_pictures_is_told_once_too() {
    let home = Home::new();
    let digest = sha256_hex(b"a stock banner");
    let mut rows = String::from("url,caption,sha256\n");
    (0..600).for_each(|row| writeln!(rows, "https://a.example/{row}.jpg,banner,{digest}").unwrap());
    let manifest = home.file("banners.csv", rows);
    home.take_in(&[&manifest], "banners", "r1");
    let engine = home.engine();
    let hashes = [("sha256".to_owned(), vec![digest.into()])].into();
    let query = PictureQuery::Hashes { name: "banner".into(), hashes };
    let answer = engine.pictures(vec![query], &PictureOptions::default()).unwrap().queries.remove(0);
    assert_eq!((answer.hits.len(), answer.hits[0].copies), (1, 600));
    let page = engine.copies(&answer.hits[0].hit.id, 590, 50).unwrap();
    assert_eq!((page.total, page.hits.len(), page.same_by.as_str()), (600, 10, "sha256"));
}

#[test]
fn pictures_too_plain_to_be_told_apart_are_counted() {
    let home = Home::new();
    folder_of(&home, 100..103);
    for grey in [10, 250] {
        home.file(&format!("folder/blank-{grey}.png"), png(&RgbImage::from_pixel(90, 90, Rgb([grey; 3]))).unwrap());
    }
    // Little of it is picture, but what is inside its wide ground is enough.
    let mut framed = RgbImage::from_pixel(1200, 900, Rgb([255; 3]));
    imageops::replace(&mut framed, &picture(107), 360, 270);
    home.file("folder/framed.png", png(&framed).unwrap());
    let report = home.run_ingest(&home.path("folder"), "folder", "r1", &[]).expect(0).json();
    assert_eq!((report["images_hashed"].as_u64(), report["images_plain"].as_u64()), (Some(6), Some(2)));
    let engine = home.engine();
    assert_eq!(engine.dataset("folder").unwrap().summary.coverage.plain_pictures.as_deref(), Some("2"));
    let found = look_for(&engine, &jpeg(&picture(107), 85).unwrap(), None);
    let hit = found.hits.first().unwrap();
    assert_eq!((hit.hit.url.as_deref(), hit.record_part.as_deref()), (Some("framed.png"), Some("border trimmed")));
    assert_eq!(first(&look_for(&engine, &jpeg(&framed, 80).unwrap(), None)).map(|(file, _)| file), Some("framed.png"));
    let server = Server::start(&home);
    assert!(server.get("/datasets/folder").1.contains("2 pictures are too plain to be told apart"));
}

#[test]
fn pictures_asked_together_get_the_answers_they_get_alone() {
    let home = Home::new();
    folder_of(&home, 100..120);
    home.take_in(&[&home.path("folder")], "folder", "r1");
    let engine = home.engine();
    let files: Vec<Vec<u8>> = (96..112).map(|seed| jpeg(&resize(&picture(seed), 0.8), 70).unwrap()).collect();
    let batch = files.iter().map(|bytes| PictureQuery::Picture { name: "query".into(), bytes: bytes.clone() });
    let together = engine.pictures(batch.collect(), &PictureOptions::default()).unwrap().queries;
    for (answer, bytes) in together.iter().zip(&files) {
        let alone = look_for(&engine, bytes, None);
        assert_eq!(serde_json::to_value(answer).unwrap(), serde_json::to_value(&alone).unwrap());
    }
    assert_eq!(together.iter().filter(|answer| !answer.hits.is_empty()).count(), 12);
}
