use std::collections::BTreeSet;
use std::fs;

use parquet::file::reader::{FileReader, SerializedFileReader};

use super::*;

fn all_files(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(all_files(&path));
        } else {
            files.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    files.sort();
    files
}

fn parquet_rows(path: &Path) -> i64 {
    SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap().metadata().file_metadata().num_rows()
}

#[test]
fn the_same_seed_writes_the_same_bytes_and_every_path_is_there() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let demo = write_datasets(first.path(), 7).unwrap();
    write_datasets(second.path(), 7).unwrap();
    let strip = |dir: &Path| -> Vec<(PathBuf, Vec<u8>)> {
        all_files(dir).into_iter().map(|(path, bytes)| (path.strip_prefix(dir).unwrap().to_owned(), bytes)).collect()
    };
    assert!(strip(first.path()) == strip(second.path()));

    assert_eq!(demo.datasets.len(), 6);
    assert_eq!(demo.datasets.iter().map(|dataset| dataset.slug).collect::<BTreeSet<_>>().len(), 6);
    let paths = demo.datasets.iter().flat_map(|dataset| dataset.paths.iter().chain(&dataset.card));
    for path in paths.chain(demo.query_pictures.iter().map(|(path, _)| path)) {
        assert!(path.exists(), "{}", path.display());
    }

    let pairs: i64 = demo.datasets[0].paths.iter().map(|path| parquet_rows(path)).sum();
    assert_eq!(pairs, 2000);
    assert_eq!(parquet_rows(&first.path().join("lantern-shards/00001.parquet")), 55);
    let metadata = fs::read_to_string(first.path().join("orchard-prints/train/metadata.jsonl")).unwrap();
    assert_eq!(metadata.lines().count(), 135);
    for line in metadata.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let picture = first.path().join("orchard-prints/train").join(row["file_name"].as_str().unwrap());
        assert!(picture.exists(), "{}", picture.display());
    }
    let mut posts = csv::Reader::from_path(first.path().join("skyline-posts/posts.csv")).unwrap();
    let authors: Vec<String> = posts.records().map(|post| post.unwrap()[2].to_owned()).collect();
    assert_eq!(authors.len(), 600);
    assert!(authors.iter().filter(|author| *author == people::MIRA.did).count() >= 10);
}

#[test]
fn every_host_is_a_reserved_name() {
    let mut rng = Rng::new(3);
    for _ in 0..500 {
        let caption = english::caption(&mut rng);
        let person = rng.choose(&people::PEOPLE);
        for address in [web_address::picture_url(&mut rng, &caption), web_address::picture_url_of(&mut rng, person)] {
            let parsed = url::Url::parse(&address).unwrap();
            assert!(parsed.host_str().unwrap().ends_with(".example"), "{address}");
        }
    }
}

#[test]
fn captions_are_complete_and_vary() {
    let mut rng = Rng::new(4);
    let mut seen = BTreeSet::new();
    for _ in 0..1000 {
        let (foreign, _) = languages::caption(&mut rng);
        let english = english::caption(&mut rng);
        assert!(!foreign.contains('{') && !english.contains('{'));
        seen.extend([foreign, english]);
    }
    assert!(seen.len() > 1500, "{} of 2000 differ", seen.len());
}

#[test]
fn benchmark_rows_are_as_many_as_asked_and_as_wide_as_the_real_ones() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("laion.parquet");
    write_laion_parquet(&path, 5000, 1).unwrap();
    assert_eq!(parquet_rows(&path), 5000);
    let bytes_per_row = fs::metadata(&path).unwrap().len() / 5000;
    assert!((90..260).contains(&bytes_per_row), "{bytes_per_row} bytes a row");
}
