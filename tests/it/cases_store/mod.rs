//! The desk and its store, on SQLite always and on PostgreSQL where `ROLLCALL_TEST_POSTGRES` names one.

mod accounts; // sign-in, sessions, second factor, tokens
mod cases; // filing, following, deciding; two at once; what is found again
mod command_line; // rollcall account, backup, restore
mod durability; // killed right after the answer; opened again; tampered logs
mod feed; // tombstones: monotone, lifted, held down by another case
mod figures; // what the public may count, from filing to reversal
mod post; // letters: confirmed addresses, files, retries
mod proofs; // what is to be shown: codes, looks, verdicts
mod recipients; // notices to those who received a dataset; proposals of the same rows
mod retention; // what is personal goes when its time has come; the log still holds
mod views; // filters of the queue, kept by account

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use rollcall::takedown::accounts::{Account, Role};
use rollcall::takedown::basis::Basis;
use rollcall::takedown::case::{Decision, RecordRef, Requester};
use rollcall::takedown::decision::Rows;
use rollcall::takedown::desk::types::{DecisionOrder, Filed};
use rollcall::takedown::desk::{Desk, DeskConfig};
use rollcall::takedown::filing::Filing;
use rollcall::takedown::reasons::{Ground, Reasons};
use sqlx::Connection as _;
use tempfile::TempDir;

/// Sunday, 22 November 2026, noon UTC.
const START_MS: i64 = 1_795_348_800_000;
const DAY_MS: i64 = 86_400_000;
const PASSWORD: &str = "low tide at noon";

/// A desk of its own, with a clock that is moved by hand.
struct Fixture {
    desk: Desk,
    clock: Arc<AtomicI64>,
    directory: TempDir,
    database: Option<String>,
}

impl Fixture {
    async fn new(database: Option<String>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(START_MS));
        let desk = Desk::open(config(&directory, &clock, database.clone())).await.unwrap();
        Self { desk, clock, directory, database }
    }

    fn pass(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    /// Another desk over the same store: another process would see the same.
    async fn another(&self) -> Desk {
        Desk::open(config(&self.directory, &self.clock, self.database.clone())).await.unwrap()
    }

    /// Does to the store what no desk would.
    async fn tamper(&self, sql: &'static str) {
        let address = self.database.clone().unwrap_or_else(|| format!("sqlite://{}", self.file().display()));
        let mut connection = sqlx::AnyConnection::connect(&address).await.unwrap();
        sqlx::query(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("cases.sqlite3")
    }

    async fn reviewer(&self, name: &str, datasets: &[&str]) -> Account {
        let datasets = datasets.iter().map(|&slug| slug.to_owned()).collect();
        self.desk.add_account(name, Role::Maintainer, datasets, PASSWORD).await.unwrap()
    }

    async fn file_rows(&self, rows: &[(&str, &str)]) -> Filed {
        self.desk.file(plain(), rows.iter().map(|(dataset, id)| record(dataset, id)).collect()).await.unwrap()
    }
}

fn config(directory: &TempDir, clock: &Arc<AtomicI64>, database: Option<String>) -> DeskConfig {
    let clock = clock.clone();
    let clock = Arc::new(move || clock.load(Ordering::SeqCst));
    let entropy = Arc::new(|bytes: &mut [u8]| getrandom::fill(bytes).unwrap());
    DeskConfig { database, ..DeskConfig::new(directory.path().to_owned(), clock, entropy) }
}

/// Runs `test` on SQLite, and on a new database of the PostgreSQL server that the environment names.
fn on_every_store(test: impl AsyncFn(Fixture)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        test(Fixture::new(None).await).await;
        match std::env::var_os("ROLLCALL_TEST_POSTGRES") {
            Some(server) => {
                let (address, drop_it) = new_database(&server.into_string().unwrap()).await;
                test(Fixture::new(Some(address)).await).await;
                drop_it.await;
            }
            None => eprintln!("ROLLCALL_TEST_POSTGRES is not set: tried on SQLite only"),
        }
    });
}

/// A database of its own on the server, and what takes it away again.
async fn new_database(server: &str) -> (String, impl Future<Output = ()> + use<>) {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    sqlx::any::install_default_drivers();
    let name = format!("rollcall_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
    let (before, _) = server.rsplit_once('/').unwrap();
    let address = format!("{before}/{name}");
    on_server(server, format!("CREATE DATABASE {name}")).await;
    let server = server.to_owned();
    (address, async move { on_server(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await })
}

async fn on_server(server: &str, sql: String) {
    let mut connection = sqlx::AnyConnection::connect(server).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

fn record(dataset: &str, id: &str) -> RecordRef {
    RecordRef {
        id: id.to_owned(),
        dataset: dataset.to_owned(),
        revision: "1".into(),
        file: "part-0.parquet".into(),
        file_sha256: "5e".repeat(32),
        row: 1,
        url: Some(format!("https://{dataset}.example/{id}.jpg")),
        source_id: None,
        sha256: None,
        md5: None,
        hashes: std::collections::BTreeMap::new(),
    }
}

fn filing(basis: Basis) -> Filing {
    serde_json::from_value(serde_json::json!({ "basis": basis.name() })).unwrap()
}

fn plain() -> Filing {
    filing(Basis::Plain)
}

/// A plain request of somebody with a name and an address, who wants letters.
fn signed(name: &str, email: &str) -> Filing {
    let requester = Requester { name: Some(name.to_owned()), email: Some(email.to_owned()), ..Requester::default() };
    Filing { requester, email_optin: true, ..plain() }
}

fn reasons() -> Reasons {
    Reasons {
        ground: Ground::Terms,
        reference: "promise to remove".into(),
        explanation: "The rows are yours.".into(),
        facts: "You named the rows.".into(),
        refusal: None,
    }
}

fn order(dataset: &str, decision: Decision, rows: Rows) -> DecisionOrder {
    let refusal = (decision == Decision::Refused).then_some(rollcall::takedown::reasons::RefusalReason::NoMatch);
    let reasons = Reasons { refusal, ..reasons() };
    DecisionOrder { dataset: dataset.to_owned(), rows, decision, reasons, scope: None, expected_version: None }
}

fn grant(dataset: &str) -> DecisionOrder {
    order(dataset, Decision::Granted, Rows::All)
}
