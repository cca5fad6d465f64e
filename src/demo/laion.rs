//! LAION-shaped parquet: the demo's `harbour-pairs`, and as many rows as a benchmark wants.

use std::path::Path;

use super::DemoError;
use super::parquet_file::{Cells, ParquetFile};
use super::people::{MIRA, PEOPLE};
use super::random::Rng;
use super::vocabulary::Vocabulary;
use super::{english, languages, web_address};

/// Rows of one row group in benchmark files: what Spark writes for LAION's width of row.
const GROUP_ROWS: usize = 100_000;

/// The columns of laion2B-multi-joined, in its order.
const COLUMNS: [&str; 11] = [
    "OPTIONAL BYTE_ARRAY URL (UTF8)",
    "OPTIONAL BYTE_ARRAY TEXT (UTF8)",
    "OPTIONAL INT32 WIDTH",
    "OPTIONAL INT32 HEIGHT",
    "OPTIONAL DOUBLE similarity",
    "OPTIONAL BYTE_ARRAY LICENSE (UTF8)",
    "OPTIONAL BYTE_ARRAY NSFW (UTF8)",
    "OPTIONAL BYTE_ARRAY LANGUAGE (UTF8)",
    "OPTIONAL INT64 hash",
    "OPTIONAL DOUBLE punsafe",
    "OPTIONAL DOUBLE pwatermark",
];

/// The columns of a row group while it grows.
#[derive(Default)]
struct Group {
    url: Vec<Option<String>>,
    text: Vec<Option<String>>,
    width: Vec<Option<i32>>,
    height: Vec<Option<i32>>,
    similarity: Vec<Option<f64>>,
    license: Vec<Option<String>>,
    nsfw: Vec<Option<String>>,
    language: Vec<Option<String>>,
    hash: Vec<Option<i64>>,
    unsafe_share: Vec<Option<f64>>,
    watermark_share: Vec<Option<f64>>,
}

impl Group {
    fn push(&mut self, rng: &mut Rng, url: String, text: Option<String>, language: &str) {
        self.url.push(Some(url));
        self.text.push(text);
        let (width, height) = (rng.count(200, 1600), rng.count(200, 1200));
        self.width.push(i32::try_from(width).ok());
        self.height.push(i32::try_from(height).ok());
        self.similarity.push(Some(f64::from(rng.between(0.28, 0.42))));
        let license =
            if rng.chance(0.96) { "?" } else { rng.pick(&["cc-by-4.0", "cc-by-sa-3.0", "cc0-1.0", "cc-by-nc-2.0"]) };
        self.license.push(Some(license.to_owned()));
        let nsfw = if rng.chance(0.94) { "UNLIKELY" } else { rng.pick(&["UNSURE", "NSFW"]) };
        self.nsfw.push(Some(nsfw.to_owned()));
        self.language.push(Some(language.to_owned()));
        self.hash.push(Some(rng.next_u64().cast_signed()));
        self.unsafe_share.push(rng.chance(0.97).then(|| f64::from(rng.unit().powi(6))));
        self.watermark_share.push(rng.chance(0.97).then(|| f64::from(rng.unit().powi(2))));
    }

    fn into_cells(self) -> Vec<Cells> {
        vec![
            Cells::Text(self.url),
            Cells::Text(self.text),
            Cells::Int(self.width),
            Cells::Int(self.height),
            Cells::Double(self.similarity),
            Cells::Text(self.license),
            Cells::Text(self.nsfw),
            Cells::Text(self.language),
            Cells::Long(self.hash),
            Cells::Double(self.unsafe_share),
            Cells::Double(self.watermark_share),
        ]
    }
}

/// Writes one shard of `harbour-pairs`: readable captions in ten languages, some by the invented people.
pub(super) fn write_pairs(path: &Path, rows: usize, seed: u64, shard: u64) -> Result<(), DemoError> {
    let mut rng = Rng::for_part(seed, "harbour-pairs", shard);
    let mut file = ParquetFile::create(path, &COLUMNS)?;
    let mut left = rows;
    while left > 0 {
        let mut group = Group::default();
        // Several groups in a small file, so that the demo takes the way of large ones.
        for _ in 0..left.min(400) {
            push_pair(&mut group, &mut rng);
        }
        left -= group.url.len();
        file.write_group(group.into_cells())?;
    }
    file.finish()
}

fn push_pair(group: &mut Group, rng: &mut Rng) {
    match rng.below(100) {
        0..6 => {
            let person = if rng.chance(0.4) { MIRA } else { rng.choose(&PEOPLE) };
            // Sometimes the name is in the caption, sometimes only in the address.
            let (text, url) = if rng.chance(0.5) {
                let text = english::caption_by(rng, person);
                let url = web_address::picture_url(rng, &text);
                (text, url)
            } else {
                (english::caption(rng), web_address::picture_url_of(rng, person))
            };
            group.push(rng, url, Some(text), "en");
        }
        6..52 => {
            let (text, language) = languages::caption(rng);
            let url = web_address::picture_url(rng, &text);
            group.push(rng, url, Some(text), language);
        }
        52 => {
            let url = web_address::picture_url(rng, "");
            group.push(rng, url, None, "nolang");
        }
        _ => {
            let text = english::caption(rng);
            let url = web_address::picture_url(rng, &text);
            group.push(rng, url, Some(text), "en");
        }
    }
}

/// Writes `rows` LAION-shaped rows of realistic entropy: a long tail of words and hosts, random ids and hashes in
/// addresses. About 150 bytes a row on disk with snappy, as the real files have. For benchmarks.
pub fn write_laion_parquet(path: &Path, rows: usize, seed: u64) -> Result<(), DemoError> {
    let vocabulary = Vocabulary::new(seed);
    let mut rng = Rng::for_part(seed, "laion", 0);
    let mut file = ParquetFile::create(path, &COLUMNS)?;
    let mut left = rows;
    while left > 0 {
        let mut group = Group::default();
        for _ in 0..left.min(GROUP_ROWS) {
            let text = wild_caption(&vocabulary, &mut rng);
            let url = wild_url(&vocabulary, &mut rng, &text);
            let language =
                if rng.chance(0.6) { "en" } else { rng.pick(&["de", "fr", "es", "ru", "nl", "it", "ja", "pl", "pt"]) };
            group.push(&mut rng, url, Some(text), language);
        }
        left -= group.url.len();
        file.write_group(group.into_cells())?;
    }
    file.finish()
}

/// Some twelve words, with names, years and article codes between them.
fn wild_caption(vocabulary: &Vocabulary, rng: &mut Rng) -> String {
    let words = rng.count(3, 9) + if rng.chance(0.2) { rng.count(4, 24) } else { 0 };
    let mut text = String::new();
    for at in 0..words {
        if at > 0 {
            text.push_str(if rng.chance(0.06) { ", " } else { " " });
        }
        match rng.below(24) {
            0 => text.push_str(&english::title(vocabulary.name(rng))),
            1 => text.push_str(&rng.below(2100).to_string()),
            2 if rng.chance(0.4) => text.push_str(&rng.text(b"ABCDEFGHKLMNPRSTXZ0123456789", 7)),
            3..8 => text.push_str(&english::title(vocabulary.word(rng))),
            _ => text.push_str(vocabulary.word(rng)),
        }
    }
    text
}

fn wild_url(vocabulary: &Vocabulary, rng: &mut Rng, text: &str) -> String {
    let ending = rng.pick(&["com", "com", "com", "net", "org", "de", "co.uk", "shop"]);
    // A Zipf-like choice of sites: some hosts hold thousands of pictures, most a few.
    let site = if rng.chance(0.5) { vocabulary.word(rng) } else { vocabulary.name(rng) };
    let host = format!(
        "{}.{site}{}.{ending}.example",
        rng.pick(&["www", "cdn", "images", "i0", "static", "media"]),
        rng.below(4)
    );
    match rng.below(5) {
        0 => format!("https://{host}/{}/{}/{}_{}.jpg", rng.hex(2), rng.hex(2), rng.hex(24), rng.below(1000)),
        1 => format!(
            "https://{host}/wp-content/uploads/{}/{:02}/{}-{}.jpg",
            2008 + rng.below(15),
            1 + rng.below(12),
            web_address::slug(text),
            rng.count(150, 1024)
        ),
        2 => format!("http://{host}/images/products/{}/{}.jpg", rng.below(100_000_000), web_address::slug(text)),
        3 => format!(
            "https://{host}/{}/{}/s{}/{}.jpg",
            rng.text(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 12),
            rng.text(b"ABCDEFabcdef0123456789", 11),
            rng.below(16) * 100,
            vocabulary.name(rng)
        ),
        _ => format!("https://{host}/image/{}?w={}", rng.below(10_000_000_000), rng.below(1200)),
    }
}
