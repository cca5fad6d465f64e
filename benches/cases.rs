//! Fills a store with cases of very different sizes, then asks what maintainers and people ask, and files as fast as it can.
//!
//! `cargo bench --bench cases -- DIR [CASES]` keeps the store in DIR (SQLite); it must be new or empty. Sizes are skewed as in a public
//! queue: most cases have one row, one in a thousand has 5,000 (about 14 rows a case in the mean, 1.4 million in all for
//! 100,000 cases). Prints one JSON document.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Instant;

use rollcall::takedown::accounts::Role;
use rollcall::takedown::case::{Decision, RecordRef};
use rollcall::takedown::decision::Rows;
use rollcall::takedown::desk::types::{DecisionOrder, Filed, QueueFilter};
use rollcall::takedown::desk::{Desk, DeskConfig};
use rollcall::takedown::filing::Filing;
use rollcall::takedown::reasons::{Ground, Reasons};
use serde_json::{Value, json};

/// The server's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CASES: usize = 100_000;
/// 22 November 2026; the cases were filed over the six weeks before.
const NOW_MS: i64 = 1_795_348_800_000;
const SIX_WEEKS_MS: i64 = 42 * 86_400_000;
/// People who file at the same moment.
const AT_ONCE: usize = 32;
/// Calls of each kind that are timed.
const CALLS: usize = 200;
const DATASETS: [&str; 4] = ["posts", "pictures", "captions", "code"];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let Some(directory) = arguments.first().map(PathBuf::from) else {
        println!("cases: give a directory to keep the store in: cargo bench --bench cases -- DIR [CASES]");
        return;
    };
    let cases = arguments.get(1).map_or(CASES, |cases| cases.parse().expect("CASES is a number"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let report = runtime.block_on(run(&directory, cases));
    println!("{}", serde_json::to_string_pretty(&report).expect("plain values"));
}

async fn run(directory: &Path, cases: usize) -> Value {
    let clock = Arc::new(AtomicI64::new(NOW_MS - SIX_WEEKS_MS));
    let ticking = clock.clone();
    let random = AtomicU64::new(1);
    let config = DeskConfig::new(
        directory.to_owned(),
        Arc::new(move || ticking.load(Ordering::Relaxed)),
        Arc::new(move |bytes: &mut [u8]| bytes.fill_with(|| (splitmix(&random) >> 56) as u8)),
    );
    let desk = Desk::open(config).await.expect("the store can be opened");
    let account = desk.add_account("bench", Role::Admin, Vec::new(), "low tide at noon").await.expect("a new store");
    let began = Instant::now();
    let mut kept: BTreeMap<usize, Vec<Filed>> = BTreeMap::new();
    let mut rows = 0;
    for first in (0..cases).step_by(AT_ONCE) {
        clock.store(NOW_MS - SIX_WEEKS_MS + SIX_WEEKS_MS / cases as i64 * first as i64, Ordering::Relaxed);
        let filings = (first..cases.min(first + AT_ONCE)).map(|case| {
            let size = size_of(case);
            rows += size;
            desk.file(filing(case), records(case, size))
        });
        for filed in futures_util::future::join_all(filings).await {
            let filed = filed.expect("the filing is complete");
            let of_size = kept.entry(filed.case.targets.iter().map(|target| target.rows.len()).sum()).or_default();
            if of_size.len() < CALLS {
                of_size.push(filed);
            }
        }
    }
    let filled = began.elapsed().as_secs_f64();
    clock.store(NOW_MS, Ordering::Relaxed);
    let mut report = json!({
        "cases": cases,
        "rows": rows,
        "fill_seconds": filled,
        "filings_per_second_while_filling": cases as f64 / filled,
        "store_bytes": std::fs::metadata(directory.join("cases.sqlite3")).map_or(0, |file| file.len()),
    });
    report["filings"] = file_as_fast_as_it_goes(&desk, cases).await;
    report["queue_ms"] = queues(&desk, &account).await;
    for (size, filed) in [1, 50, 5_000].into_iter().filter_map(|size| Some((size, kept.remove(&size)?))) {
        report[format!("cases_of_{size}_rows_ms")] = look_and_decide(&desk, &account, filed).await;
    }
    let mut times = Vec::new();
    for _ in 0..CALLS / 10 {
        let began = Instant::now();
        desk.public_figures().await.expect("the store answers");
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    report["public_figures_ms"] = json!(median(times));
    let began = Instant::now();
    let check = desk.verify_log().await.expect("the log can be read");
    assert_eq!(check.problem, None);
    report["verify_log"] = json!({ "events": check.events, "seconds": began.elapsed().as_secs_f64() });
    report
}

/// Filings a second of one row each, by as many people at once, and that none was lost.
async fn file_as_fast_as_it_goes(desk: &Desk, cases: usize) -> Value {
    let before = desk.statistics(None).await.expect("the store answers").cases;
    let began = Instant::now();
    let mut times = Vec::new();
    for round in 0..2_000 / AT_ONCE {
        let filings = (0..AT_ONCE).map(|at| async move {
            let case = cases + round * AT_ONCE + at;
            let began = Instant::now();
            desk.file(filing(case), records(case, 1)).await.expect("the filing is complete");
            began.elapsed().as_secs_f64() * 1e3
        });
        times.extend(futures_util::future::join_all(filings).await);
    }
    let seconds = began.elapsed().as_secs_f64();
    let after = desk.statistics(None).await.expect("the store answers").cases;
    assert_eq!(after - before, times.len() as u64, "a filing was lost");
    json!({ "at_once": AT_ONCE, "filed": times.len(), "per_second": times.len() as f64 / seconds, "median_ms": median(times) })
}

async fn queues(desk: &Desk, account: &rollcall::takedown::accounts::Account) -> Value {
    let filters = [
        ("first page", QueueFilter::default()),
        ("of one dataset", QueueFilter { dataset: Some("posts".into()), ..QueueFilter::default() }),
        ("due before a day", QueueFilter { due_before: Some("2026-11-25".into()), ..QueueFilter::default() }),
        ("a later page", QueueFilter { cursor: Some("2026-11-20~50000".into()), ..QueueFilter::default() }),
        ("by a name", QueueFilter { text: Some("person 77777".into()), ..QueueFilter::default() }),
        ("by a word of all", QueueFilter { text: Some("person".into()), ..QueueFilter::default() }),
        (
            "by an address that is not there",
            QueueFilter { text: Some("nobody@example.org".into()), ..QueueFilter::default() },
        ),
    ];
    let mut report = json!({});
    for (what, filter) in filters {
        let mut times = Vec::new();
        for _ in 0..CALLS / 4 {
            let began = Instant::now();
            desk.queue(account, &filter).await.expect("the store answers");
            times.push(began.elapsed().as_secs_f64() * 1e3);
        }
        report[what] = json!(median(times));
    }
    report
}

async fn look_and_decide(desk: &Desk, account: &rollcall::takedown::accounts::Account, filed: Vec<Filed>) -> Value {
    let (mut person, mut review, mut decide) = (Vec::new(), Vec::new(), Vec::new());
    for filed in &filed {
        let number = &filed.case.number;
        let began = Instant::now();
        desk.case(number, &filed.passphrase).await.expect("the case is there");
        person.push(began.elapsed().as_secs_f64() * 1e3);
        let began = Instant::now();
        desk.review(account, number).await.expect("the case is there");
        review.push(began.elapsed().as_secs_f64() * 1e3);
        for target in &filed.case.targets {
            let began = Instant::now();
            let order = order(&target.dataset);
            let act = rollcall::takedown::decision::Act::Decide {
                decision: order.decision,
                rows: order.rows,
                reasons: order.reasons,
                scope: None,
                by: account.name.clone(),
            };
            desk.do_act(account, number, &target.dataset, act, None).await.expect("it can be decided");
            decide.push(began.elapsed().as_secs_f64() * 1e3);
        }
    }
    json!({ "cases": filed.len(), "person's page": median(person), "reviewer's page": median(review), "decision": median(decide) })
}

fn order(dataset: &str) -> DecisionOrder {
    let reasons = Reasons {
        ground: Ground::Terms,
        reference: "promise to remove".into(),
        explanation: "The rows are theirs.".into(),
        facts: "They named the rows.".into(),
        refusal: None,
    };
    DecisionOrder {
        dataset: dataset.to_owned(),
        rows: Rows::All,
        decision: Decision::Granted,
        reasons,
        scope: None,
        expected_version: None,
    }
}

fn filing(case: usize) -> Filing {
    serde_json::from_value(json!({
        "basis": "plain",
        "requester": { "name": format!("Person {case}"), "email": format!("person{case}@example.org") },
        "explanation": "These are mine and I never agreed to their being in there.",
    }))
    .expect("the fields of a filing")
}

/// One row mostly; one case in a hundred has 50 to 500, one in a thousand 5,000.
fn size_of(case: usize) -> usize {
    match case % 1_000 {
        0 => 5_000,
        at if at % 100 == 1 => 50,
        at if at % 100 == 2 => 500,
        at if at % 10 == 3 => 10,
        _ => 1,
    }
}

fn records(case: usize, count: usize) -> Vec<RecordRef> {
    let dataset = DATASETS[case % DATASETS.len()];
    let record = |at: usize| RecordRef {
        id: format!("{dataset}-1-{:x}", case * 5_000 + at),
        dataset: dataset.to_owned(),
        revision: "2026-10".into(),
        file: format!("part-{:05}.parquet", at % 128),
        file_sha256: format!("{:064x}", at % 128),
        row: (case * 5_000 + at) as u64,
        url: Some(format!("https://images{}.example.org/person{case}/{at}.jpg", at % 10)),
        source_id: None,
        sha256: None,
        md5: None,
        hashes: BTreeMap::from([("pdqa".to_owned(), format!("{:064x}", (case * 5_000 + at) as u64 * 0x9e37_79b9))]),
    };
    (0..count).map(record).collect()
}

fn splitmix(state: &AtomicU64) -> u64 {
    let mut z = state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
