//! How many pictures a second one core hashes, ours beside the `img_hash` crate, as one JSON object on standard output.
//!
//! ```text
//! cargo bench --bench hash_images -- FOLDER
//! ```
//!
//! The folder may be given in `ROLLCALL_BENCH_IMAGES` instead. Every file in it that can be decoded is read into memory
//! first; then each way of hashing gets one pass to warm up and whole passes for at least [`SECONDS_MIN`]. Times include
//! decoding, since a hash without it is not what anybody waits for. `hash_peers.py` measures Python's in the same way.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark prints, reads its settings and compares with plain decoding"
)]

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use img_hash::{HashAlg, HasherConfig};
use rollcall::image_hash::{DecodeLimits, decode, hash_for_index, hash_for_query};

/// Long enough that a pass more or less does not show.
const SECONDS_MIN: f64 = 3.0;

fn main() {
    let argument = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let Some(folder) = argument.or_else(|| std::env::var("ROLLCALL_BENCH_IMAGES").ok()) else {
        println!("{{\"skipped\": \"name a folder of pictures, or set ROLLCALL_BENCH_IMAGES\"}}");
        return;
    };
    let limits = DecodeLimits::default();
    let pictures = read_pictures(&PathBuf::from(folder));
    let gradient = HasherConfig::with_bytes_type::<[u8; 8]>().hash_alg(HashAlg::Gradient).hash_size(8, 8).to_hasher();
    let dct = HasherConfig::with_bytes_type::<[u8; 32]>()
        .hash_alg(HashAlg::Median)
        .hash_size(16, 16)
        .preproc_dct()
        .to_hasher();
    let load = |bytes: &[u8]| image::load_from_memory(bytes).ok();
    let results = serde_json::json!({
        "pictures": pictures.len(),
        "bytes": pictures.iter().map(Vec::len).sum::<usize>(),
        "threads": 1,
        "rollcall_index": measure(&pictures, |bytes| drop(black_box(hash_for_index(bytes, &limits)))),
        "rollcall_query_all_kinds": measure(&pictures, |bytes| drop(black_box(hash_for_query(bytes, &limits)))),
        "rollcall_decode_only": measure(&pictures, |bytes| drop(black_box(decode(bytes, &limits)))),
        "img_hash_gradient": measure(&pictures, |bytes| {
            black_box(load(bytes).map(|image| gradient.hash_image(&image)));
        }),
        "img_hash_median_dct_256": measure(&pictures, |bytes| {
            black_box(load(bytes).map(|image| dct.hash_image(&image)));
        }),
    });
    println!("{results:#}");
}

/// The files of a folder that are pictures, in the order of their names.
fn read_pictures(folder: &PathBuf) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    let files = paths.iter().filter_map(|path| std::fs::read(path).ok());
    files.filter(|bytes| decode(bytes, &DecodeLimits::default()).is_ok()).collect()
}

fn measure(pictures: &[Vec<u8>], mut hash: impl FnMut(&[u8])) -> serde_json::Value {
    let mut pass = || pictures.iter().for_each(|bytes| hash(bytes));
    pass();
    let (start, mut n_passes) = (Instant::now(), 0u32);
    while start.elapsed().as_secs_f64() < SECONDS_MIN {
        pass();
        n_passes += 1;
    }
    let seconds = start.elapsed().as_secs_f64();
    let n_images = pictures.len() as f64 * f64::from(n_passes);
    let bytes = pictures.iter().map(Vec::len).sum::<usize>() as f64 * f64::from(n_passes);
    serde_json::json!({
        "images_per_s": (n_images / seconds).round(),
        "mb_per_s": (bytes / seconds / 1e5).round() / 10.0,
        "ms_per_image": (seconds / n_images * 1e5).round() / 100.0,
    })
}
