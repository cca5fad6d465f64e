//! A removal set applied to a LAION-shaped parquet file.
//!
//! `cargo bench --bench apply -- DIR [ROWS]` leaves `manifest.parquet` in DIR, so that `apply_peers.py DIR` (pyarrow) and
//! `apply_arrow` (arrow-rs, a package of its own beside this file) can copy the same. Prints one JSON document.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use rollcall::demo::Rng;
use rollcall::evidence::signing::PrivateKey;
use rollcall::removal::apply::{ApplyRequest, Mode, apply};
use rollcall::removal::granted::GrantedRow;
use rollcall::removal::identity::ColumnHints;
use rollcall::removal::set::{RemovalSet, SetInput};
use rollcall::removal::set_file::SetFile;
use rollcall::removal::signed::SignedSet;
use rollcall::timestamp::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// What the program itself allocates with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROWS: usize = 2_000_000;
const GROUP_ROWS: usize = 250_000;
const RUNS: usize = 3;
const SCHEMA: &str = "message rows {
  OPTIONAL INT64 SAMPLE_ID; OPTIONAL BYTE_ARRAY URL (UTF8); OPTIONAL BYTE_ARRAY TEXT (UTF8); OPTIONAL INT32 HEIGHT;
  OPTIONAL INT32 WIDTH; OPTIONAL BYTE_ARRAY LICENSE (UTF8); OPTIONAL BYTE_ARRAY NSFW (UTF8); OPTIONAL DOUBLE similarity;
}";
const WORDS: [&str; 16] = [
    "a", "photo", "of", "the", "old", "harbor", "at", "night", "with", "boats", "woman", "in", "red", "dress", "cat",
    "sofa",
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let Some(directory) = arguments.first().map(PathBuf::from) else {
        println!("apply: give a directory to keep the data in: cargo bench --bench apply -- DIR [ROWS]");
        return;
    };
    let rows = arguments.get(1).map_or(ROWS, |rows| rows.parse().expect("ROWS is a number"));
    std::fs::create_dir_all(&directory).expect("the directory can be made");
    let manifest = directory.join("manifest.parquet");
    if !manifest.exists() {
        write(&manifest, rows);
    }
    let bytes = std::fs::metadata(&manifest).expect("it was just written").len();
    let sha256 = hex::encode(Sha256::digest(std::fs::read(&manifest).expect("it fits in memory")));
    let every = |step: usize, end: usize| (0..end).step_by(step).collect::<Vec<_>>();
    let cases = [
        ("known file, 1 % of the rows", every(100, rows), true),
        ("known file, 1 % of the rows of one group", every(100, GROUP_ROWS.min(rows)), true),
        ("other copy, 1 % of the rows by address", every(100, rows), false),
    ];
    let mut report = serde_json::Map::new();
    for (name, removed, knows_file) in cases {
        let set = set(&removed, if knows_file { &sha256 } else { "" });
        for threads in [1, std::thread::available_parallelism().map_or(1, std::num::NonZero::get)] {
            report.insert(format!("{name}, {threads} threads"), run(&set, &manifest, &directory, threads, bytes));
        }
    }
    let report = json!({"rows": rows, "bytes": bytes, "cases": report});
    println!("{}", serde_json::to_string_pretty(&report).expect("plain values"));
}

fn run(set: &SetFile, manifest: &Path, directory: &Path, threads: usize, bytes: u64) -> Value {
    let out = directory.join("out.parquet");
    let hints = ColumnHints::default();
    let mut seconds = Vec::new();
    let mut removed = 0;
    for _ in 0..RUNS {
        let began = Instant::now();
        let request =
            ApplyRequest { set, manifest, out: &out, mode: Mode::Drop, hints, codes: None, threads, thorough: false };
        removed = apply(&request).expect("it applies").found.rows.len();
        seconds.push(began.elapsed().as_secs_f64());
    }
    let best = seconds.iter().copied().fold(f64::INFINITY, f64::min);
    json!({"seconds": seconds, "mib_a_second": bytes as f64 / best / f64::from(1 << 20), "removed": removed})
}

fn address(row: usize) -> String {
    let mixed = (row as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("https://images{}.example.org/{mixed:016x}/photo-{row}.jpg", mixed % 50_000)
}

fn set(removed: &[usize], file_sha256: &str) -> SetFile {
    let granted: Vec<GrantedRow> = removed
        .iter()
        .map(|row| GrantedRow {
            dataset: "bench".to_owned(),
            revision: "1".to_owned(),
            file: "manifest.parquet".to_owned(),
            file_sha256: file_sha256.to_owned(),
            row: *row as u64,
            url: Some(address(*row).trim_start_matches("https://").to_owned()),
            source_id: None,
            sha256: None,
            md5: None,
            codes: Vec::new(),
        })
        .collect();
    let set = RemovalSet::build(&SetInput {
        dataset: "bench",
        version: 1,
        created_at: Timestamp::from_millis(0),
        predecessor: None,
        tree: None,
        rows: &granted,
        entropy: [5; 32],
    });
    let signed = SignedSet::sign(&set.expect("a set"), &PrivateKey::from_seed(&[6; 32]));
    SetFile::of_signed(signed.expect("a signed set"))
}

fn write(path: &Path, rows: usize) {
    let schema = Arc::new(parse_message_type(SCHEMA).expect("a schema"));
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let file = File::create(path).expect("the directory takes files");
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).expect("a writer");
    let mut rng = Rng::new(42);
    let mut pick = |end: usize| (rng.next_u64() % end as u64) as usize;
    for begin in (0..rows).step_by(GROUP_ROWS) {
        let all: Vec<usize> = (begin..rows.min(begin + GROUP_ROWS)).collect();
        let levels = vec![1_i16; all.len()];
        let mut group = writer.next_row_group().expect("a group");
        let texts: [Vec<String>; 4] = [
            all.iter().map(|row| address(*row)).collect(),
            all.iter().map(|_| (0..4 + pick(14)).map(|_| WORDS[pick(16)]).collect::<Vec<_>>().join(" ")).collect(),
            all.iter().map(|_| ["?", "CC BY", "unknown"][pick(3)].to_owned()).collect(),
            all.iter().map(|_| ["UNLIKELY", "UNSURE", "NSFW"][pick(3)].to_owned()).collect(),
        ];
        let texts = texts.map(|cells| cells.iter().map(|cell| ByteArray::from(cell.as_str())).collect::<Vec<_>>());
        let sizes = [(); 2].map(|()| all.iter().map(|_| pick(2000) as i32).collect::<Vec<_>>());
        let ids: Vec<i64> = all.iter().map(|_| pick(1 << 50) as i64).collect();
        let scores: Vec<f64> = all.iter().map(|_| pick(1 << 40) as f64 / 1e12).collect();
        for column in 0..8 {
            let mut out = group.next_column().expect("a column").expect("eight columns");
            let some = Some(levels.as_slice());
            match column {
                0 => out.typed::<Int64Type>().write_batch(&ids, some, None),
                1 => out.typed::<ByteArrayType>().write_batch(&texts[0], some, None),
                2 => out.typed::<ByteArrayType>().write_batch(&texts[1], some, None),
                3 => out.typed::<Int32Type>().write_batch(&sizes[0], some, None),
                4 => out.typed::<Int32Type>().write_batch(&sizes[1], some, None),
                5 => out.typed::<ByteArrayType>().write_batch(&texts[2], some, None),
                6 => out.typed::<ByteArrayType>().write_batch(&texts[3], some, None),
                _ => out.typed::<DoubleType>().write_batch(&scores, some, None),
            }
            .expect("cells");
            out.close().expect("a column closes");
        }
        group.close().expect("a group closes");
    }
    writer.close().expect("a file closes");
}
