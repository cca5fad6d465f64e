//! Range search over synthetic 256-bit codes: the multi-index beside the linear scan.
//!
//! `cargo bench --bench near -- DIR [CODES]` leaves `codes.bin` and `queries.bin` in DIR, so that `near_peers.py DIR` can
//! ask faiss the same. 70 % of the codes are random, 30 % are near copies of others, as pictures are. Prints one JSON
//! document.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use rollcall::demo::Rng;
use rollcall::hash_code::{HashCode, HashKind};
use rollcall::index::hashes::{HashFile, HashWriter, build_mih, file_name, mih_file_name};
use rollcall::index::scan::scan;
use serde_json::{Value, json};

#[path = "synthetic_codes.rs"]
mod synthetic_codes;
use synthetic_codes::{CODES, batch, codes, query};

const QUERIES: usize = 200;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let Some(directory) = arguments.first().map(PathBuf::from) else {
        println!("near: give a directory to keep the data in: cargo bench --bench near -- DIR [CODES]");
        return;
    };
    let n = arguments.get(1).map_or(CODES, |n| n.parse().expect("CODES is a number"));
    std::fs::create_dir_all(&directory).expect("the directory can be made");
    let mut rng = Rng::new(42);
    let codes = codes(n, HashKind::Pdqa, &mut rng);
    let queries: Vec<HashCode> = (0..QUERIES).map(|i| query(&codes, i, HashKind::Pdqa, &mut rng)).collect();
    std::fs::write(directory.join("codes.bin"), &codes).expect("the directory takes files");
    let bytes: Vec<u8> = queries.iter().flat_map(|query| query.as_bytes().to_vec()).collect();
    std::fs::write(directory.join("queries.bin"), bytes).expect("the directory takes files");
    let build_seconds = build(&directory, &codes);
    let size = |name: String| std::fs::metadata(directory.join(name)).expect("it was just built").len();
    let bytes = size(file_name(HashKind::Pdqa)) + size(mih_file_name(HashKind::Pdqa));
    let file = HashFile::open(&directory, HashKind::Pdqa).expect("what was just built opens");
    let radii: serde_json::Map<String, Value> =
        [31, 40, 48, 60].into_iter().map(|radius| (radius.to_string(), ask(&file, &codes, &queries, radius))).collect();
    let batch = batch(&queries, &mut rng);
    let began = Instant::now();
    let found: usize = file.within_many(&batch, 31).iter().map(Vec::len).sum();
    let report = json!({
        "codes": n,
        "bytes_a_code": bytes as f64 / n as f64,
        "build_codes_a_second_one_core": n as f64 / build_seconds,
        "by_radius": radii,
        "batch": {"queries": batch.len(), "radius": 31, "seconds": began.elapsed().as_secs_f64(), "found": found},
    });
    println!("{}", serde_json::to_string_pretty(&report).expect("plain values"));
}

/// Seconds of the multi-index alone, on one thread.
fn build(directory: &Path, codes: &[u8]) -> f64 {
    let mut writer = HashWriter::open(&directory.join("draft"), HashKind::Pdqa, 0).expect("the directory takes files");
    for (i, code) in codes.chunks_exact(32).enumerate() {
        let ordinal = u32::try_from(i).expect("fewer than 2^32");
        writer
            .append(ordinal, 100, &HashCode::new(HashKind::Pdqa, code).expect("32 bytes"))
            .expect("the disk has room");
    }
    writer.finish(&directory.join(file_name(HashKind::Pdqa))).expect("the disk has room");
    let began = Instant::now();
    build_mih(directory, HashKind::Pdqa, 1).expect("the disk has room");
    began.elapsed().as_secs_f64()
}

fn ask(file: &HashFile, codes: &[u8], queries: &[HashCode], radius: u32) -> Value {
    let mut found = 0;
    let mut times: Vec<f64> = Vec::new();
    for round in 0..2 {
        for query in queries {
            let began = Instant::now();
            let near = file.within(query, radius);
            if round == 1 {
                times.push(began.elapsed().as_secs_f64() * 1e6);
                found += near.len();
            }
        }
    }
    let mut linear: Vec<f64> = Vec::new();
    let mut scanned = 0;
    for query in queries.iter().take(20) {
        let began = Instant::now();
        scan(codes, query.as_bytes(), radius, |_, _| scanned += 1);
        linear.push(began.elapsed().as_secs_f64() * 1e6);
    }
    let checked: usize = queries.iter().take(20).map(|query| file.within(query, radius).len()).sum();
    assert_eq!(checked, scanned, "the multi-index and the scan must agree");
    times.sort_unstable_by(f64::total_cmp);
    linear.sort_unstable_by(f64::total_cmp);
    let at = |times: &[f64], share: f64| (times[((times.len() - 1) as f64 * share) as usize] * 10.0).round() / 10.0;
    json!({"p50_us": at(&times, 0.5), "p99_us": at(&times, 0.99), "scan_p50_us": at(&linear, 0.5), "found": found})
}
