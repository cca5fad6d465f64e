//! Takes in LAION-shaped rows as a whole process, then asks the questions visitors ask, and weighs the server.
//!
//! `cargo bench --bench portal -- DIR [ROWS]` keeps the data in DIR, so that `portal_peers.py DIR` can take in the same
//! rows with SQLite FTS5 and DuckDB FTS and ask the same words. Prints one JSON document.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rollcall::demo::write_laion_parquet;
use rollcall::search::engine::{Engine, TextRequest};
use serde_json::{Value, json};

#[path = "server.rs"]
mod server;
use server::Server;

const ROWS: usize = 1_000_000;
const SEED: u64 = 7;
/// Questions of each class; each is asked twice, the second answer is timed.
const QUESTIONS: usize = 60;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let Some(directory) = arguments.first().map(PathBuf::from) else {
        println!("portal: give a directory to keep the data in: cargo bench --bench portal -- DIR [ROWS]");
        return;
    };
    let rows = arguments.get(1).map_or(ROWS, |rows| rows.parse().expect("ROWS is a number"));
    std::fs::create_dir_all(&directory).expect("the directory can be made");
    let manifest = directory.join("laion.parquet");
    if !manifest.exists() {
        write_laion_parquet(&manifest, rows, SEED).expect("the rows can be written");
    }
    let data = directory.join("data");
    let _ = std::fs::remove_dir_all(&data);
    let ingest = ingest(&manifest, &data);
    let parquet_bytes = std::fs::metadata(&manifest).expect("it was just written").len();
    let index_bytes = bytes_under(&data);
    let questions = questions(&data, rows);
    let text = serde_json::to_string(&questions).expect("questions are plain text");
    std::fs::write(directory.join("questions.json"), text).expect("the directory takes files");
    let queries = ask(&data, &questions);
    let report = json!({
        "rows": rows,
        "parquet_bytes": parquet_bytes,
        "index_bytes": index_bytes,
        "index_to_parquet": index_bytes as f64 / parquet_bytes as f64,
        "index_bytes_by_part": parts(&data),
        "ingest": ingest,
        "queries_us": queries,
        "serve": weigh_server(&data, &questions),
    });
    println!("{}", serde_json::to_string_pretty(&report).expect("plain values"));
}

fn ingest(manifest: &Path, data: &Path) -> Value {
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(["ingest", "--dataset", "laion", "--revision", "1", "--json", "--data"])
        .arg(data)
        .arg(manifest)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait().expect("the child can be waited for") {
            break status;
        }
        peak = peak.max(memory(&child, "VmHWM:"));
        std::thread::sleep(Duration::from_millis(20));
    };
    let seconds = began.elapsed().as_secs_f64();
    assert!(status.success(), "ingest failed");
    let report: Value =
        serde_json::from_reader(child.stdout.take().expect("it is piped")).expect("ingest --json is JSON");
    let rows = report["rows_indexed"].as_f64().expect("a number");
    json!({"seconds": seconds, "rows_a_second": rows / seconds, "peak_resident_kib": peak})
}

/// Words by how common they are, pairs, phrases, domains and addresses that are truly there, and some that are not.
fn questions(data: &Path, rows: usize) -> BTreeMap<&'static str, Vec<String>> {
    let engine = Engine::open(data, Vec::new()).expect("what was just published opens");
    let request = TextRequest { q: "lang:en".to_owned(), limit: 200, ..TextRequest::default() };
    let mut captions: Vec<String> = Vec::new();
    let mut urls: Vec<String> = Vec::new();
    let mut cursor = None;
    while captions.len() < 20_000.min(rows / 2) {
        let page = engine.text(&TextRequest { cursor: cursor.take(), ..request.clone() }).expect("a plain question");
        captions.extend(page.hits.iter().filter_map(|hit| hit.caption.clone()));
        urls.extend(page.hits.iter().filter_map(|hit| hit.url.clone()));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    for caption in &captions {
        for word in caption.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 2) {
            *counts.entry(word.to_lowercase()).or_insert(0) += 1;
        }
    }
    let mut by_count: Vec<(usize, String)> = counts.into_iter().map(|(word, n)| (n, word)).collect();
    by_count.sort_unstable_by(|a, b| b.cmp(a));
    let spread = |from: usize, to: usize| -> Vec<String> {
        let some = &by_count[from.min(by_count.len())..to.min(by_count.len())];
        some.iter().step_by((some.len() / QUESTIONS).max(1)).take(QUESTIONS).map(|(_, word)| word.clone()).collect()
    };
    let of_captions = |words: usize, quoted: bool| -> Vec<String> {
        let pick = |caption: &String| {
            let all: Vec<&str> =
                caption.split_whitespace().filter(|word| word.bytes().all(|b| b.is_ascii_alphabetic())).collect();
            let text = all.get(1..=words)?.join(" ").to_lowercase();
            Some(if quoted { format!("\"{text}\"") } else { text })
        };
        captions.iter().step_by(37).filter_map(pick).take(QUESTIONS).collect()
    };
    let host = |url: &String| url.split('/').nth(2).map(|host| format!("domain:{host}"));
    BTreeMap::from([
        ("common word", spread(0, 60)),
        ("usual word", spread(200, 3000)),
        ("rare word", spread(by_count.len().saturating_sub(4000), by_count.len())),
        ("two words", of_captions(2, false)),
        ("phrase", of_captions(2, true)),
        ("domain", urls.iter().step_by(53).filter_map(host).take(QUESTIONS).collect()),
        ("address", urls.iter().step_by(59).take(QUESTIONS).cloned().collect()),
        ("nothing", (0..QUESTIONS).map(|i| format!("zzyzx{i} qqvxw{i}")).collect()),
    ])
}

fn ask(data: &Path, questions: &BTreeMap<&'static str, Vec<String>>) -> Value {
    let engine = Engine::open(data, Vec::new()).expect("what was just published opens");
    let mut out = serde_json::Map::new();
    for (class, all) in questions {
        let mut times: Vec<f64> = Vec::new();
        let mut hits = 0;
        for q in all {
            let request = TextRequest { q: q.clone(), ..TextRequest::default() };
            hits += engine.text(&request).expect("a plain question").total;
            let began = Instant::now();
            let _ = std::hint::black_box(engine.text(&request));
            times.push(began.elapsed().as_secs_f64() * 1e6);
        }
        times.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].round();
        out.insert(
            (*class).to_owned(),
            json!({"p50": at(0.5), "p90": at(0.9), "max": at(1.0), "mean_hits": hits / all.len().max(1) as u64}),
        );
    }
    Value::Object(out)
}

/// Resident memory of `serve`, idle and after every question was asked over HTTP.
fn weigh_server(data: &Path, questions: &BTreeMap<&'static str, Vec<String>>) -> Value {
    let server = Server::start(data);
    let page = |path: &str| {
        ureq::get(format!("{}{path}", server.address))
            .call()
            .expect("the server answers")
            .into_body()
            .read_to_vec()
            .expect("a body")
    };
    page("/");
    std::thread::sleep(Duration::from_secs(3));
    let idle = memory(&server.program, "VmRSS:");
    let idle_own = memory(&server.program, "RssAnon:");
    let mut times: Vec<f64> = Vec::new();
    for q in questions.values().flatten() {
        let q = q.bytes().fold(String::new(), |q, b| q + &format!("%{b:02x}"));
        let began = Instant::now();
        page(&format!("/api/v1/search?q={q}"));
        times.push(began.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_unstable_by(f64::total_cmp);
    let busy = memory(&server.program, "VmRSS:");
    json!({"idle_resident_kib": idle, "idle_own_kib": idle_own, "resident_after_questions_kib": busy, "http_p50_us": times[times.len() / 2].round()})
}

fn memory(child: &Child, field: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}

fn parts(data: &Path) -> Value {
    let revision = data.join("datasets/laion/revisions/1");
    let mut out = serde_json::Map::new();
    for entry in std::fs::read_dir(&revision).into_iter().flatten().flatten() {
        out.insert(entry.file_name().to_string_lossy().into_owned(), json!(bytes_under(&entry.path())));
    }
    for entry in std::fs::read_dir(revision.join("text")).into_iter().flatten().flatten() {
        let kind = entry.path().extension().map(|ext| format!("text .{}", ext.to_string_lossy())).unwrap_or_default();
        let sum = out.get(&kind).and_then(Value::as_u64).unwrap_or(0) + bytes_under(&entry.path());
        out.insert(kind, json!(sum));
    }
    Value::Object(out)
}

fn bytes_under(path: &Path) -> u64 {
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().map(|entry| bytes_under(&entry.path())).sum(),
        Err(_) => std::fs::metadata(path).map_or(0, |meta| meta.len()),
    }
}
