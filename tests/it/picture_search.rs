//! Searching by picture: same file, near copies, refusals in plain words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use image::{ImageFormat, RgbImage, imageops};
use rollcall::demo::pictures::{draw, jpeg, mirror, png, recompress, resize};
use rollcall::search::engine::{Engine, GivenHash, PictureQuery, SearchError};
use rollcall::search::results::{PictureAnswer, Verdict};

use super::support::{Home, encoded, look_for, md5_hex, sha256_hex};

/// Seeds of the pictures in the folder.
const SEEDS: std::ops::Range<u64> = 100..112;
/// The one that copies are made of.
const SEED: u64 = 104;

fn picture(seed: u64) -> RgbImage {
    draw(seed, 256, 192)
}

/// A folder of drawn pictures, taken in as the dataset `folder`: `104.png` and so on.
fn folder(home: &Home) -> Engine {
    let mut captions = String::from("file_name,caption\n");
    for seed in SEEDS {
        home.file(&format!("folder/{seed}.png"), png(&picture(seed)).unwrap());
        writeln!(captions, "{seed}.png,picture number {seed}").unwrap();
    }
    home.file("folder/metadata.csv", captions);
    let revision = home.take_in(&[&home.path("folder")], "folder", "r1");
    assert_eq!(revision.images_hashed, SEEDS.count() as u64);
    home.engine()
}

/// The first hit's file name, way, variant and verdict.
fn best(answer: &PictureAnswer) -> Option<(&str, &str, &str, Verdict)> {
    let hit = answer.hits.first()?;
    Some((hit.hit.url.as_deref()?, &hit.matched_by, &hit.variant, hit.verdict))
}

#[test]
fn the_very_same_file_is_found_by_its_digest() {
    let home = Home::new();
    let engine = folder(&home);
    let bytes = png(&picture(SEED)).unwrap();
    let answer = look_for(&engine, &bytes, None);
    assert_eq!(best(&answer), Some(("104.png", "sha256", "as is", Verdict::SameFile)));
    assert_eq!((answer.hits[0].distance, answer.hits[0].hit.caption.as_deref()), (0, Some("picture number 104")));
    assert_eq!((answer.hits.len(), answer.problem), (1, None));
}

#[test]
fn copies_are_found_with_what_was_done_to_them() {
    let home = Home::new();
    let engine = folder(&home);
    let original = picture(SEED);
    let small = resize(&original, 0.6);
    let copies: Vec<(&str, Vec<u8>, &str)> = vec![
        ("resized", png(&small).unwrap(), "as is"),
        ("recompressed", jpeg(&original, 40).unwrap(), "as is"),
        ("resized and recompressed", jpeg(&recompress(&small, 60).unwrap(), 50).unwrap(), "as is"),
        ("mirrored", jpeg(&mirror(&original), 85).unwrap(), "mirrored"),
        ("turned", png(&imageops::rotate180(&original)).unwrap(), "rotated 180"),
        ("on its side", png(&imageops::rotate90(&small)).unwrap(), "rotated 270"),
        ("on its other side", png(&imageops::rotate270(&small)).unwrap(), "rotated 90"),
        ("upside down", png(&imageops::flip_vertical(&original)).unwrap(), "flipped"),
    ];
    for (what, bytes, variant) in copies {
        let answer = look_for(&engine, &bytes, None);
        let hit = answer.hits.first().unwrap_or_else(|| panic!("{what}: nothing found"));
        assert_eq!(hit.hit.url.as_deref(), Some("104.png"), "{what}");
        assert_eq!((hit.matched_by.as_str(), hit.variant.as_str()), ("pdqa", variant), "{what}");
        assert_eq!(hit.verdict, Verdict::AlmostSurely, "{what} at {}", hit.distance);
        assert!(hit.distance <= hit.radius);
    }
}

#[test]
fn every_format_that_is_read_finds_its_picture() {
    let home = Home::new();
    let engine = folder(&home);
    let original = picture(SEED);
    let formats =
        [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif, ImageFormat::Bmp, ImageFormat::Tiff, ImageFormat::Jpeg];
    for format in formats {
        let answer = look_for(&engine, &encoded(&resize(&original, 0.9), format), None);
        let hit = answer.hits.first().unwrap_or_else(|| panic!("{format:?}: nothing found"));
        assert_eq!(hit.hit.url.as_deref(), Some("104.png"), "{format:?}");
        assert_eq!(hit.verdict, Verdict::AlmostSurely, "{format:?} at {}", hit.distance);
    }
}

#[test]
fn pictures_of_every_format_in_a_dataset_are_found() {
    let home = Home::new();
    let formats = [
        ("a.png", ImageFormat::Png),
        ("b.webp", ImageFormat::WebP),
        ("c.gif", ImageFormat::Gif),
        ("d.bmp", ImageFormat::Bmp),
        ("e.tiff", ImageFormat::Tiff),
        ("f.jpg", ImageFormat::Jpeg),
    ];
    for (name, format) in formats {
        home.file(&format!("folder/{name}"), encoded(&picture(SEED), format));
    }
    assert_eq!(home.take_in(&[&home.path("folder")], "folder", "r1").images_hashed, 6);
    let answer = look_for(&home.engine(), &jpeg(&resize(&picture(SEED), 0.8), 90).unwrap(), None);
    let mut found: Vec<_> = answer.hits.iter().filter_map(|hit| hit.hit.url.as_deref()).collect();
    found.sort_unstable();
    assert_eq!(found, ["a.png", "b.webp", "c.gif", "d.bmp", "e.tiff", "f.jpg"]);
}

#[test]
fn unrelated_pictures_are_not_found() {
    let home = Home::new();
    let engine = folder(&home);
    for seed in 200..216 {
        let answer = look_for(&engine, &jpeg(&picture(seed), 85).unwrap(), None);
        assert!(answer.hits.is_empty(), "{seed} finds {:?}", best(&answer));
        assert_eq!(answer.problem, None);
    }
}

#[test]
fn a_flat_picture_is_looked_for_only_as_the_very_same_file() {
    let home = Home::new();
    let flat = png(&RgbImage::from_pixel(200, 200, image::Rgb([240, 240, 240]))).unwrap();
    home.file("folder/flat.png", &flat);
    home.file("folder/other.png", png(&picture(SEED)).unwrap());
    home.take_in(&[&home.path("folder")], "folder", "r1");
    let engine = home.engine();
    let same = look_for(&engine, &flat, None);
    assert_eq!(best(&same), Some(("flat.png", "sha256", "as is", Verdict::SameFile)));
    assert!(same.problem.unwrap().contains("too little in it"));
    let other = png(&RgbImage::from_pixel(300, 200, image::Rgb([240, 240, 240]))).unwrap();
    let other = look_for(&engine, &other, None);
    assert!(other.hits.is_empty() && other.problem.is_some());
}

#[test]
fn what_cannot_be_read_gets_a_sentence_that_says_what_to_do_and_spoils_no_batch() {
    let home = Home::new();
    let engine = folder(&home);
    let good = png(&picture(SEED)).unwrap();
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    let avif = b"\0\0\0\x18ftypavif\0\0\0\0mif1avif".to_vec();
    let mut corrupt = jpeg(&picture(SEED), 85).unwrap();
    corrupt.truncate(300);
    // A header that promises 60,000 x 60,000 pixels.
    let mut huge = good.clone();
    huge[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    huge[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    let crc = crc32fast::hash(&huge[12..29]);
    huge[29..33].copy_from_slice(&crc.to_be_bytes());
    let table: [(&str, Vec<u8>, &str); 7] = [
        ("heic", heic, "save it as JPEG"),
        ("avif", avif, "save it as JPEG or PNG"),
        ("corrupt", corrupt, "again"),
        ("cut", good[..good.len() / 2].to_vec(), "again"),
        ("huge", huge, "smaller"),
        ("empty", Vec::new(), "choose the picture again"),
        ("text", b"hello, I am no picture".to_vec(), "JPEG, PNG, WebP, GIF, BMP and TIFF"),
    ];
    let mut batch: Vec<_> = table
        .iter()
        .map(|(name, bytes, _)| PictureQuery::Picture { name: (*name).into(), bytes: bytes.clone() })
        .collect();
    batch.insert(3, PictureQuery::Picture { name: "good".into(), bytes: good });
    let results = engine.pictures(batch, None, 0).unwrap();
    assert_eq!(results.queries.len(), 8);
    for (name, _, advice) in table {
        let answer = results.queries.iter().find(|answer| answer.name == name).unwrap();
        let problem = answer.problem.as_deref().unwrap_or_else(|| panic!("{name}: no problem"));
        assert!(problem.contains(advice), "{name}: {problem}");
        assert!(answer.hits.is_empty());
    }
    let answer = &results.queries[3];
    assert_eq!((answer.name.as_str(), answer.problem.as_deref(), answer.hits.len()), ("good", None, 1));
}

/// A query of hashes only.
fn hashes(engine: &Engine, hashes: &[(&str, &str)], radius: Option<u32>) -> PictureAnswer {
    let mut map: BTreeMap<String, Vec<GivenHash>> = BTreeMap::new();
    for (kind, value) in hashes {
        map.entry((*kind).to_owned()).or_default().push((*value).to_owned().into());
    }
    let query = PictureQuery::Hashes { name: "hashes".into(), hashes: map };
    engine.pictures(vec![query], radius, 0).unwrap().queries.remove(0)
}

fn flip_bits(hex_code: &str, bits: usize) -> String {
    let mut bytes = hex::decode(hex_code).unwrap();
    for bit in 0..bits {
        let place = bit * 5 % (bytes.len() * 8);
        bytes[place / 8] ^= 1 << (place % 8);
    }
    hex::encode(bytes)
}

#[test]
fn hashes_alone_are_enough_to_ask() {
    let home = Home::new();
    let engine = folder(&home);
    let bytes = png(&picture(SEED)).unwrap();
    for (kind, digest) in [("sha256", sha256_hex(&bytes)), ("md5", md5_hex(&bytes).to_uppercase())] {
        let answer = hashes(&engine, &[(kind, &digest)], None);
        assert_eq!(best(&answer), Some(("104.png", kind, "as is", Verdict::SameFile)));
        assert_eq!(answer.quality, None);
    }
    let id = look_for(&engine, &bytes, None).hits[0].hit.id.clone();
    let pdqa = engine.record(&id).unwrap().hashes["pdqa"].clone();
    let answer = hashes(&engine, &[("pdqa", &flip_bits(&pdqa, 7))], None);
    assert_eq!(best(&answer), Some(("104.png", "pdqa", "as is", Verdict::AlmostSurely)));
    assert_eq!(answer.hits[0].distance, 7);
    let wrong: [(&str, &str); 5] =
        [("pdqa", "12"), ("sha256", "xyz"), ("md5", ""), ("colour", "00"), ("phash", "not hexadecimal!")];
    for (kind, value) in wrong {
        let answer = hashes(&engine, &[(kind, value)], None);
        assert!(
            answer.problem.as_deref().is_some_and(|problem| problem.starts_with(kind)),
            "{kind}: {:?}",
            answer.problem
        );
    }
}

#[test]
fn the_radius_is_kept_to_and_verdicts_follow_the_distance() {
    let home = Home::new();
    let engine = folder(&home);
    let id = look_for(&engine, &png(&picture(SEED)).unwrap(), None).hits[0].hit.id.clone();
    let pdqa = engine.record(&id).unwrap().hashes["pdqa"].clone();
    let at = |distance: usize, radius: Option<u32>| {
        let answer = hashes(&engine, &[("pdqa", &flip_bits(&pdqa, distance))], radius);
        answer.hits.iter().find(|hit| hit.hit.id == id).map(|hit| (hit.distance as usize, hit.radius, hit.verdict))
    };
    assert_eq!(at(31, None), Some((31, 60, Verdict::AlmostSurely)));
    assert_eq!(at(32, None), Some((32, 60, Verdict::Probably)));
    assert_eq!(at(48, None), Some((48, 60, Verdict::Probably)));
    assert_eq!(at(49, None), Some((49, 60, Verdict::Maybe)));
    assert_eq!(at(60, None), Some((60, 60, Verdict::Maybe)));
    assert_eq!(at(61, None), None);
    assert_eq!(at(12, Some(12)), Some((12, 12, Verdict::AlmostSurely)));
    assert_eq!(at(13, Some(12)), None);
    assert_eq!(at(0, Some(0)), Some((0, 0, Verdict::AlmostSurely)));
    assert_eq!(at(63, Some(63)), Some((63, 63, Verdict::Maybe)));
    let refused = engine.pictures(Vec::new(), Some(64), 0);
    assert!(matches!(refused, Err(SearchError::BadQuery { field: "radius", .. })));
}

#[test]
fn coverage_says_how_many_pictures_each_dataset_can_be_asked_for() {
    let home = Home::new();
    folder(&home);
    let words = home.file("words.csv", "caption\na boat\n");
    home.take_in(&[&words], "words", "r1");
    let engine = home.engine();
    let results = engine.pictures(Vec::new(), None, 0).unwrap();
    let told: Vec<_> = results
        .coverage
        .iter()
        .map(|of| (of.dataset.as_str(), of.hashed.get("pdqa").map(String::as_str), of.answers_query))
        .collect();
    assert_eq!(told, [("folder", Some("12"), true), ("words", None, false)]);
}

#[test]
fn hits_are_limited_and_the_nearest_come_first() {
    let home = Home::new();
    for copy in 0..6_u8 {
        home.file(&format!("folder/{copy}.jpg"), jpeg(&picture(SEED), 90 - copy * 12).unwrap());
    }
    home.take_in(&[&home.path("folder")], "folder", "r1");
    let engine = home.engine();
    let query = || vec![PictureQuery::Picture { name: "q".into(), bytes: jpeg(&picture(SEED), 90).unwrap() }];
    let all = engine.pictures(query(), None, 0).unwrap().queries.remove(0).hits;
    assert_eq!((all.len(), all[0].verdict, all[0].hit.url.as_deref()), (6, Verdict::SameFile, Some("0.jpg")));
    assert!(all[1..].is_sorted_by_key(|hit| hit.distance));
    assert_eq!(engine.pictures(query(), None, 2).unwrap().queries[0].hits.len(), 2);
}
