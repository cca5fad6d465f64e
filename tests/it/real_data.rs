//! Manifests and pictures that others made, taken in as their operator would: no `--map`, the report believed.
//!
//! The folder is not part of the project. Where it is missing these tests say so and pass.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rollcall::demo::pictures;
use rollcall::index::revision::Revision;
use rollcall::ingest::{IngestRequest, Outcome, Progress, ingest};
use rollcall::manifest::discover;
use rollcall::search::engine::{Engine, PictureOptions, PictureQuery, TextRequest};
use rollcall::search::results::{PictureHit, Verdict};

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: there is no folder {} with real data", folder.display());
    None
}

fn request(paths: Vec<PathBuf>, dataset: &str) -> IngestRequest {
    IngestRequest {
        paths,
        dataset: dataset.to_owned(),
        revision: "r1".to_owned(),
        title: None,
        preset: None,
        map: Vec::new(),
        strict: false,
        card: None,
        threads: 1,
        text_heap_bytes: 64 << 20,
        index_windows: false,
        limits: rollcall::image_hash::DecodeLimits::default(),
    }
}

fn take_in(data: &Path, paths: Vec<PathBuf>, dataset: &str) -> Revision {
    match ingest(data, &request(paths, dataset), &|| 0, &Progress::default()).unwrap() {
        Outcome::Published(revision) | Outcome::AlreadyThere(revision) => revision,
    }
}

/// What is asked of a dataset once it is in.
#[derive(Clone, Copy)]
enum Ask {
    Text(&'static str),
    /// What the cell of the expected row says. For posts of real people, whose names have no place in this file.
    Cell(&'static str),
}
use Ask::{Cell, Text};

/// File or folder, who decided what its columns mean, rows, question, name of the file and row that must answer it.
type Case = (&'static str, &'static str, u64, Ask, &'static str, u64);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("manifests/artic_artworks.jsonl", "guess", 60, Text("author:kandinsky"), "artic_artworks.jsonl", 20),
    ("manifests/bbc_image_urls.parquet", "guess", 182, Text("https://www.abc.net.au/news/image/12618100-16x9-220x124.jpg"), "bbc_image_urls.parquet", 100),
    ("manifests/bl_flickr_1801_plates.tsv", "guess", 938, Text("flickr.com/photos/britishlibrary/10998491024/"), "bl_flickr_1801_plates.tsv", 500),
    ("manifests/bl_flickr_1801_plates.tsv", "guess", 938, Text("http://farm3.staticflickr.com/2844/10998491024_3312980cda.jpg"), "bl_flickr_1801_plates.tsv", 500),
    ("manifests/cc3m_download_report_dev.tsv", "guess", 1500, Text("domain:christmaspresspicturebooks.files.wordpress.com"), "cc3m_download_report_dev.tsv", 1000),
    ("manifests/cc3m_validation_dev.tsv", "preset cc3m", 3122, Text("\"cityscape from the roof of hotel\""), "cc3m_validation_dev.tsv", 2000),
    ("manifests/cmoa_artworks_dev.jsonl", "guess", 800, Text("http://collection.cmoa.org/CollectionImage.aspx?irn=2744&size=Medium"), "cmoa_artworks_dev.jsonl", 300),
    ("manifests/coco_captions_val2017_dev.json", "preset coco", 6473, Text("\"three men who are walking in the sand\""), "coco_captions_val2017_dev.json", 3000),
    ("manifests/img2dataset_sample_image_sha256.parquet", "guess", 2, Text("08dc1f9bc6a55a04882a2cc3ac792fec7030362ddd62990c74b708fe1606ef47"), "img2dataset_sample_image_sha256.parquet", 1),
    ("manifests/laion_art_urls.tsv", "guess", 2000, Text("i.pinimg.com/236x/b9/d3/ea/b9d3eaffc356a09d8c2c1bac9afc463d.jpg"), "laion_art_urls.tsv", 1234),
    ("manifests/laion_style_url_text_1000.parquet", "preset laion", 1000, Text("Henry's Sisters"), "laion_style_url_text_1000.parquet", 777),
    ("manifests/nypl_public_domain_dev.csv", "guess", 2309, Text("http://images.nypl.org/index.php?id=442089&t=w"), "nypl_public_domain_dev.csv", 1500),
    ("manifests/openbeelden_items.json", "guess", 800, Text("https://openbeelden.nl/media/15992"), "openbeelden_items.json", 400),
    ("manifests/reddit_top_Art.csv", "preset reddit-submissions", 1000, Text("friend's children on Bristol smooth"), "reddit_top_Art.csv", 500),
    ("manifests/reddit_top_itookapicture.csv", "preset reddit-submissions", 1000, Cell("url"), "reddit_top_itookapicture.csv", 600),
    ("manifests/tate_artworks_dev.jsonl", "guess", 1500, Text("author:\"Terry Winters\" field note"), "tate_artworks_dev.jsonl", 900),
    ("manifests/tate_artworks_dev.jsonl", "guess", 1500, Text("\"Frink Estate\""), "tate_artworks_dev.jsonl", 134),
    ("manifests/usda_pomological_metadata.csv", "guess", 447, Text("author:Shull paragon"), "usda_pomological_metadata.csv", 200),
    ("social/bluesky_posts_dev.csv", "preset bluesky", 1590, Cell("uri"), "bluesky_posts_dev.csv", 700),
    ("social/bluesky_posts_dev.csv", "preset bluesky", 1590, Cell("author"), "bluesky_posts_dev.csv", 701),
    ("social/bluesky_pilot_posts.csv", "preset bluesky", 361, Cell("author_handle"), "bluesky_pilot_posts.csv", 300),
    ("social/bluesky_firehose/expected_v1.jsonl", "preset bluesky-jetstream", 152, Cell("did"), "expected_v1.jsonl", 100),
    ("social/mastodon_archive/outbox.json", "preset mastodon", 1511, Cell("object/url"), "outbox.json", 5),
    ("social/hacker_news_dev.csv", "guess", 2789, Cell("author"), "hacker_news_dev.csv", 1000),
    ("social/tweets_BarackObama.csv", "guess", 3207, Text("\"the next great grassroots organizer\""), "tweets_BarackObama.csv", 2000),
    ("text/abc_headlines.csv", "guess", 1037, Text("st helens super league"), "abc_headlines.csv", 800),
    ("text/reddit_posts_dev.csv", "preset reddit-submissions", 28686, Text("livememe quickmeme traffic after banned"), "reddit_posts_dev.csv", 20000),
    ("hf/croissant/1.0/coco2014-mini/data/captions_train2014.json", "preset coco", 8, Text("kitchen appliances"), "captions_train2014.json", 1),
    ("hf/croissant/1.0/pass-mini", "guess", 18, Text("author:\"Chiara Marra\""), "data/pass_metadata.csv", 5),
    ("hf/croissant/1.0/simple-parquet", "guess", 10, Text("person3"), "data/dataframe.parquet", 3),
    ("hf/webdataset_img2dataset_layout", "preset img2dataset", 150, Text("ameri du surville"), "00000.tar", 70),
    ("hf/imagefolder", "guess", 60, Text("image-4070"), "train", 30),
    ("images/openimages_cc_by/credits.csv", "preset open-images", 18, Text("author:losmocanos"), "credits.csv", 9),
    ("images/near_dups/PDQMD5TestData.csv", "guess", 18, Text("wee.jpg"), "PDQMD5TestData.csv", 3),
    ("images/near_dups", "guess", 69, Text("office tumblr"), "near_dups", 25),
    ("images/tuxpaint_stamps", "guess", 45, Text("fruit pomegranate"), "tuxpaint_stamps", 22),
    ("images/gcompris_detail_crops", "guess", 106, Text("Neuschwanstein_9"), "gcompris_detail_crops", 53),
];

/// What the cell of a row says, read past the index.
fn cell(path: &Path, row: u64, column: &str) -> String {
    let sample = discover(&[path.to_owned()]).unwrap()[0].sample(usize::try_from(row).unwrap() + 1).unwrap();
    let (name, inside) = column.split_once('/').map_or((column, None), |(name, inside)| (name, Some(inside)));
    let text = sample[usize::try_from(row).unwrap()].value(name).unwrap().as_text().unwrap().into_owned();
    let Some(inside) = inside else { return text };
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    json[inside].as_str().unwrap().to_owned()
}

#[test]
fn every_real_manifest_is_understood_without_help_and_its_rows_are_found_where_they_stand() {
    let Some(folder) = folder() else { return };
    let data = tempfile::tempdir().unwrap();
    let slug = |path: &str| -> String {
        path.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
    };
    let mut todo: Vec<&Case> = CASES.iter().collect();
    todo.dedup_by_key(|case| case.0);
    let todo = Mutex::new(todo);
    let next = || todo.lock().unwrap().pop();
    // Publishing waits for the disk: several at a time wait together.
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some((path, decided_by, rows, ..)) = next() {
                    let revision = take_in(data.path(), vec![folder.join(path)], &slug(path));
                    let decided = &revision.mappings[0].decided_by;
                    assert!(decided.starts_with(decided_by), "{path}: {decided}");
                    assert_eq!((revision.rows_read, revision.rows_indexed), (*rows, *rows), "{path}");
                    assert!(revision.problems.is_empty() && revision.rejected.is_empty(), "{path}");
                }
            });
        }
    });
    let engine = Engine::open(data.path(), Vec::new()).unwrap();
    for (path, _, _, ask, file, row) in CASES {
        let q = match ask {
            Text(text) => (*text).to_owned(),
            Cell(column) => cell(&folder.join(path), *row, column),
        };
        let request = TextRequest { q, dataset: vec![slug(path)], limit: 200, ..TextRequest::default() };
        let found = engine.text(&request).unwrap();
        let is_there = found.hits.iter().any(|hit| hit.file == *file && hit.row == row.to_string());
        let places: Vec<_> = found.hits.iter().take(5).map(|hit| format!("{} {}", hit.file, hit.row)).collect();
        assert!(is_there, "{path} row {row} is not among the {} hits: {places:?}", found.total);
    }
}

/// A picture folder, one of its pictures, the file and row it stands in.
const PICTURES: &[(&str, &str, &str, u64)] = &[
    ("images/coco_cc_free", "000000525891.jpg", "coco_cc_free", 24),
    ("images/openimages_cc_by", "0074216764592579.jpg", "openimages_cc_by", 9),
    ("hf/imagefolder/train", "image-4070.jpg", "train", 30),
];

/// The picture at 60 % of its size and saved anew at a low quality.
fn shrunken_copy(path: &Path) -> Vec<u8> {
    let picture = image::open(path).unwrap().to_rgb8();
    pictures::jpeg(&pictures::resize(&picture, 0.6), 60).unwrap()
}

fn hits_of(engine: &Engine, bytes: Vec<u8>) -> Vec<PictureHit> {
    let query = PictureQuery::Picture { name: "copy".to_owned(), bytes };
    let mut answer = engine.pictures(vec![query], &PictureOptions::default()).unwrap();
    assert_eq!(answer.queries[0].problem, None);
    answer.queries.remove(0).hits
}

#[test]
fn a_shrunken_recompressed_copy_of_a_real_picture_leads_to_its_row() {
    let Some(folder) = folder() else { return };
    let data = tempfile::tempdir().unwrap();
    for (at, (path, ..)) in PICTURES.iter().enumerate() {
        take_in(data.path(), vec![folder.join(path)], &format!("pictures-{at}"));
    }
    let engine = Engine::open(data.path(), Vec::new()).unwrap();
    for (path, picture, file, row) in PICTURES {
        let original = folder.join(path).join(picture);
        for (bytes, verdict) in
            [(std::fs::read(&original).unwrap(), Verdict::SameFile), (shrunken_copy(&original), Verdict::AlmostSurely)]
        {
            let hits = hits_of(&engine, bytes);
            let best = hits.first().unwrap();
            assert_eq!((best.hit.file.as_str(), best.hit.row.as_str()), (*file, row.to_string().as_str()), "{path}");
            assert_eq!(best.verdict, verdict, "{path}");
        }
    }
}

#[test]
fn a_picture_that_left_a_webdataset_shard_is_found_in_it() {
    let Some(folder) = folder() else { return };
    let data = tempfile::tempdir().unwrap();
    take_in(data.path(), vec![folder.join("hf/webdataset_img2dataset_layout"), folder.join("hf/webdataset")], "shards");
    let engine = Engine::open(data.path(), Vec::new()).unwrap();
    // Three of the bare shard's pictures also lie in another folder, under their names in the shard.
    let hits = hits_of(&engine, shrunken_copy(&folder.join("images/near_dups/img2dataset_321_421.jpg")));
    assert_eq!((hits[0].hit.file.as_str(), hits[0].hit.row.as_str()), ("image1.tar", "2"));
}

#[test]
fn a_side_table_is_left_out_of_a_folder_and_refused_when_it_is_asked_for() {
    let Some(folder) = folder() else { return };
    let data = tempfile::tempdir().unwrap();
    let revision = take_in(data.path(), vec![folder.join("images/near_dups")], "near-dups");
    let left_out: Vec<_> = revision.left_out.iter().map(|file| file.file.as_str()).collect();
    assert_eq!(left_out, ["pairs.csv"]);
    let alone = request(vec![folder.join("images/near_dups/pairs.csv")], "pairs");
    let refused = ingest(data.path(), &alone, &|| 0, &Progress::default()).unwrap_err().to_string();
    assert!(refused.contains("edited, original, relation") && refused.contains("--map"), "{refused}");
}

#[test]
fn archives_and_descriptions_are_refused_with_what_to_do() {
    let Some(folder) = folder() else { return };
    let data = tempfile::tempdir().unwrap();
    for (path, advice) in [
        ("manifests/format_samples/cc12m_sample.zip", "unpack it first"),
        ("hf/cards/beans/README.md", "--card"),
        ("hf/croissant/1.0/huggingface-c4/metadata.json", "--card"),
        ("images/coco_cc_free/000000525891.jpg", "name the folder"),
        ("social/stackexchange_conlang_meta/Posts.xml", "neither parquet"),
    ] {
        let asked = request(vec![folder.join(path)], "refused");
        let refused = ingest(data.path(), &asked, &|| 0, &Progress::default()).unwrap_err().to_string();
        assert!(refused.contains(advice), "{refused}");
    }
}
