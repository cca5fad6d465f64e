//! The sample datasets of `rollcall demo`: pictures, captions, posts and people, all invented, all from one seed.
//!
//! [`write_datasets`] writes ordinary dataset files of six kinds into a directory; the command then takes them in
//! through the ordinary path. Tests and benchmarks use [`pictures`] and [`write_laion_parquet`]. Nothing here reads a
//! clock, the environment or the network, and no name, account or domain belongs to anybody: hosts end in `.example`.

mod canvas;
mod cards;
mod comments;
mod english;
mod laion;
mod languages;
mod lantern;
mod ledger;
mod palette;
mod parquet_file;
mod people;
pub mod pictures;
mod posts;
mod prints;
mod random;
mod scenes;
mod talk;
mod try_out;
mod vocabulary;
mod web_address;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use sha2::{Digest, Sha256};

pub use laion::write_laion_parquet;
pub use random::Rng;

/// Rows in each of the two shards of `harbour-pairs`.
const PAIRS_SHARD_ROWS: usize = 1000;
/// Drawing threads: enough to halve the wait, few enough for a small machine.
const DRAWING_THREADS: usize = 2;

/// What was written, and what a visitor might try.
#[derive(Debug, Clone)]
pub struct DemoData {
    pub datasets: Vec<DemoDataset>,
    /// What to type, and what it shows.
    pub try_words: Vec<(String, String)>,
    /// Pictures to drop on the page, and what each shows.
    pub query_pictures: Vec<(PathBuf, String)>,
}

/// One dataset, ready for `rollcall ingest`.
#[derive(Debug, Clone)]
pub struct DemoDataset {
    pub slug: &'static str,
    pub revision: &'static str,
    pub title: &'static str,
    pub paths: Vec<PathBuf>,
    /// A README with front matter, or a Croissant file.
    pub card: Option<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{}: {source}", path.display())]
    Csv { path: PathBuf, source: csv::Error },
    #[error("{}: {source}", path.display())]
    Parquet { path: PathBuf, source: parquet::errors::ParquetError },
    #[error("{}: {source}", path.display())]
    Picture { path: PathBuf, source: image::ImageError },
}

impl DemoError {
    fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }

    fn csv(path: &Path, source: csv::Error) -> Self {
        Self::Csv { path: path.to_owned(), source }
    }

    fn parquet(path: &Path, source: parquet::errors::ParquetError) -> Self {
        Self::Parquet { path: path.to_owned(), source }
    }

    fn picture(path: &Path, source: image::ImageError) -> Self {
        Self::Picture { path: path.to_owned(), source }
    }
}

/// Writes six datasets and a folder `try` into a directory, the same for the same seed.
pub fn write_datasets(dir: &Path, seed: u64) -> Result<DemoData, DemoError> {
    let folder = |name: &str| {
        let path = dir.join(name);
        std::fs::create_dir_all(&path).map_err(|source| DemoError::io(&path, source)).map(|()| path)
    };
    let pairs = folder("harbour-pairs")?;
    let shards = [pairs.join("part-00000.snappy.parquet"), pairs.join("part-00001.snappy.parquet")];
    for (shard, path) in (0..).zip(&shards) {
        laion::write_pairs(path, PAIRS_SHARD_ROWS, seed, shard)?;
    }
    write_file(&pairs.join("README.md"), cards::HARBOUR_PAIRS.as_bytes())?;

    let skyline = folder("skyline-posts")?;
    posts::write_csv(&skyline.join("posts.csv"), seed)?;
    posts::write_croissant(&skyline.join("metadata.json"), &skyline.join("posts.csv"), "2024-11")?;

    let comments_file = folder("threadbare-comments")?.join("RC_2021-03.zst");
    comments::write_jsonl_zst(&comments_file, seed)?;

    let orchard = folder("orchard-prints")?;
    let train = folder("orchard-prints/train")?;
    prints::write_folder(&train, seed)?;
    write_file(&orchard.join("README.md"), cards::ORCHARD_PRINTS.as_bytes())?;

    let lantern = folder("lantern-shards")?;
    lantern::write_shards(&lantern, seed)?;

    let ledger_file = folder("ledger-tsv")?.join("train.tsv.gz");
    ledger::write_tsv_gz(&ledger_file, seed)?;

    let dataset = |slug, revision, title, paths, card| DemoDataset { slug, revision, title, paths, card };
    let datasets = vec![
        dataset("harbour-pairs", "2022-04", "Harbour pairs", shards.to_vec(), Some(pairs.join("README.md"))),
        dataset(
            "skyline-posts",
            "2024-11",
            "Skyline posts",
            vec![skyline.join("posts.csv")],
            Some(skyline.join("metadata.json")),
        ),
        dataset("threadbare-comments", "2021-03", "Threadbare comments", vec![comments_file], None),
        dataset("orchard-prints", "v1", "Orchard prints", vec![train], Some(orchard.join("README.md"))),
        dataset("lantern-shards", "2023-11", "Lantern shards", vec![lantern], None),
        dataset("ledger-tsv", "train", "Ledger captions", vec![ledger_file], None),
    ];
    let query_pictures = try_out::write_pictures(&folder("try")?, seed)?;
    Ok(DemoData { datasets, try_words: try_out::words(), query_pictures })
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), DemoError> {
    std::fs::write(path, bytes).map_err(|source| DemoError::io(path, source))
}

fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// A second since 1970 as ISO 8601, UTC.
fn moment(second: i64) -> String {
    jiff::Timestamp::from_second(second).map_or_else(|_| String::new(), |time| time.to_string())
}

/// Does `count` pieces of work on a few threads; the results are in order, the first error ends the rest.
fn parallel<T: Send>(count: usize, work: impl Fn(usize) -> Result<T, DemoError> + Sync) -> Result<Vec<T>, DemoError> {
    let next = AtomicUsize::new(0);
    let run = || -> Result<Vec<(usize, T)>, DemoError> {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return Ok(done);
            }
            match work(number) {
                Ok(result) => done.push((number, result)),
                Err(error) => {
                    next.store(count, Ordering::Relaxed);
                    return Err(error);
                }
            }
        }
    };
    let mut results = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..DRAWING_THREADS).map(|_| scope.spawn(run)).collect();
        let mut results = Vec::with_capacity(count);
        for thread in threads {
            // A panic in our own drawing code is a bug: let it be seen.
            results.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(results)
    })?;
    results.sort_by_key(|(number, _)| *number);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests;
