//! A whole portfolio asked at once: 200 pictures in 8 forms and 33 parts, in the index and through the HTTP API.
//!
//! `cargo bench --bench batch -- DIR [CODES]` writes a manifest of as many codes as `near` has into DIR, takes it in with
//! the program, and asks the same batch twice: of the files directly, on one thread, and of a server. Prints one JSON
//! document.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use rollcall::demo::Rng;
use rollcall::hash_code::{HashCode, HashKind};
use rollcall::index::hashes::HashFile;
use serde_json::{Value, json};

#[path = "server.rs"]
mod server;
#[path = "synthetic_codes.rs"]
mod synthetic_codes;
use server::Server;
use synthetic_codes::{CODES, VARIANTS, batch, codes, query};

const GROUP_ROWS: usize = 500_000;
const RADIUS: u32 = 31;
/// Each way is asked so often; the fastest counts.
const RUNS: usize = 3;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let Some(directory) = arguments.first().map(PathBuf::from) else {
        println!("batch: give a directory to keep the data in: cargo bench --bench batch -- DIR [CODES]");
        return;
    };
    let n = arguments.get(1).map_or(CODES, |n| n.parse().expect("CODES is a number"));
    std::fs::create_dir_all(&directory).expect("the directory can be made");
    let mut rng = Rng::new(42);
    let codes = codes(n, HashKind::Pdq, &mut rng);
    let queries: Vec<HashCode> = (0..200).map(|i| query(&codes, i, HashKind::Pdq, &mut rng)).collect();
    let batch = batch(&queries, &mut rng);
    let data = directory.join("data");
    if !data.exists() {
        let manifest = directory.join("codes.parquet");
        write(&manifest, &codes);
        ingest(&manifest, &data);
    }
    drop(codes);
    let (direct, found) = ask_files(&data, &batch);
    let (http, hits) = ask_server(&data, &batch);
    let report = json!({
        "codes": n, "queries": batch.len(), "radius": RADIUS,
        "files_one_thread": {"seconds": direct, "found": found},
        "http": {"seconds": http, "hits": hits},
        "http_to_files": http / direct,
    });
    println!("{}", serde_json::to_string_pretty(&report).expect("plain values"));
}

fn write(path: &Path, codes: &[u8]) {
    let schema = "message rows { REQUIRED BYTE_ARRAY url (UTF8); REQUIRED BYTE_ARRAY pdq (UTF8); }";
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let file = File::create(path).expect("the directory takes files");
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).expect("a writer");
    for (group, codes) in codes.chunks(GROUP_ROWS * 32).enumerate() {
        let rows = codes.len() / 32;
        let address = |row| format!("https://pictures.example/{}.jpg", group * GROUP_ROWS + row);
        let columns: [Vec<ByteArray>; 2] = [
            (0..rows).map(|row| ByteArray::from(address(row).into_bytes())).collect(),
            codes.chunks_exact(32).map(|code| ByteArray::from(hex::encode(code).into_bytes())).collect(),
        ];
        let mut out = writer.next_row_group().expect("a group");
        for values in columns {
            let mut column = out.next_column().expect("a column").expect("two columns");
            column.typed::<ByteArrayType>().write_batch(&values, None, None).expect("the disk has room");
            column.close().expect("the disk has room");
        }
        out.close().expect("the disk has room");
    }
    writer.close().expect("the disk has room");
}

fn ingest(manifest: &Path, data: &Path) {
    let done = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(["ingest", "--dataset", "codes", "--revision", "1", "--map", "url=url,pdq=pdq", "--data"])
        .args([data, manifest])
        .stdout(Stdio::null())
        .status()
        .expect("the program starts");
    assert!(done.success(), "ingest failed");
}

/// Seconds of the search alone, and codes found.
fn ask_files(data: &Path, batch: &[HashCode]) -> (f64, usize) {
    let file = HashFile::open(&data.join("datasets/codes/revisions/1"), HashKind::Pdq).expect("it was just taken in");
    fastest(|| file.within_many(batch, RADIUS).iter().map(Vec::len).sum())
}

/// Seconds from a request's first byte to its answer's last, and hits in the answer.
fn ask_server(data: &Path, batch: &[HashCode]) -> (f64, usize) {
    let server = Server::start(data);
    let picture = |variants: &[HashCode]| {
        let hashes: Vec<_> = variants.iter().map(|code| json!({"code": code.to_hex(), "variant": "part"})).collect();
        json!({"hashes": {"pdq": hashes}})
    };
    // Variants of one picture stand 200 apart.
    let pictures: Vec<Value> =
        (0..200).map(|p| picture(&(0..VARIANTS).map(|v| batch[v * 200 + p]).collect::<Vec<_>>())).collect();
    let body = json!({"queries": pictures, "radius": RADIUS}).to_string();
    let (seconds, bytes) = fastest(|| {
        let mut answer = ureq::post(format!("{}/api/v1/match", server.address))
            .header("content-type", "application/json")
            .send(&body)
            .expect("the server answers");
        let answer = answer.body_mut().with_config().limit(1 << 30).read_to_vec().expect("a body");
        let answer: Value = serde_json::from_slice(&answer).expect("JSON");
        answer["queries"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|query| query["hits"].as_array().map_or(0, Vec::len))
            .sum()
    });
    (seconds, bytes)
}

fn fastest(mut run: impl FnMut() -> usize) -> (f64, usize) {
    let mut best = (f64::INFINITY, 0);
    for _ in 0..RUNS {
        let began = Instant::now();
        let found = run();
        best = (began.elapsed().as_secs_f64().min(best.0), found);
    }
    best
}
