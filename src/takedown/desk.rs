//! The only door to cases: filing, following, deciding, accounts, the log.
//!
//! Every call that changes something is one transaction: the case, its events in the hash-chained log, its letters and
//! its tombstones are all there or none is, and they are on the disk before the call returns. What may happen is
//! decided by the pure rooms ([`super::decision`], [`super::filing`]); the desk reads, asks them, and writes.

mod account_calls;
mod error;
mod feeds;
mod filing_queue;
mod intake;
pub mod lineage;
mod mail_calls;
pub mod person;
mod proof_calls;
mod pseudonym;
pub mod public_figures;
pub mod recipients;
mod reservation_calls;
pub mod retention;
mod shelf;
mod sign_in;
mod staff;
mod staff_more;
pub mod types;
pub mod views;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;

pub use self::account_calls::Enrolment;
pub use self::error::DeskError;
use self::filing_queue::FilingQueue;
pub use self::person::ANY_DATASET;
pub use self::proof_calls::{CLAIMS_MAX, Look};
pub use self::reservation_calls::Wish;
pub use self::sign_in::SignedIn;
use super::case::Actor;
use super::post::{PostConfig, Postman};
use super::rules::RuleBook;
use super::store::Store;

/// Who files a case.
const FILER: Actor = Actor::Requester;

/// Milliseconds since 1970.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;
/// Fills a buffer with bytes that nobody can guess.
pub type Entropy = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// What a desk needs.
#[derive(Clone)]
pub struct DeskConfig {
    /// The data directory: the store's file and the letters lie here.
    pub data: PathBuf,
    /// `postgres://...`; `None` for SQLite in the data directory.
    pub database: Option<String>,
    /// Rule files of the operator's; each replaces the built-in one of its name.
    pub rules_dir: Option<PathBuf>,
    pub clock: Clock,
    pub entropy: Entropy,
    /// Where days begin and end.
    pub time_zone: TimeZone,
    pub post: PostConfig,
    /// The address people use; stands in letters.
    pub public_url: Option<String>,
    /// Decisions over at least so many rows wait for a second reviewer; `None` leaves it to the rule files.
    pub two_person_rows: Option<u32>,
}

impl DeskConfig {
    /// Everything in `data`, UTC, letters to the letters directory.
    pub fn new(data: PathBuf, clock: Clock, entropy: Entropy) -> Self {
        Self {
            data,
            database: None,
            rules_dir: None,
            clock,
            entropy,
            time_zone: TimeZone::UTC,
            post: PostConfig::Files,
            public_url: None,
            two_person_rows: None,
        }
    }
}

/// The desk, opened. Shared by all handlers as `Arc<Desk>`.
pub struct Desk {
    config: DeskConfig,
    rules: RuleBook,
    store: Store,
    filings: FilingQueue,
    postman: Postman,
}

impl Desk {
    /// Reads the rules and opens the store, bringing its tables up to date.
    ///
    /// # Errors
    /// A rule file that cannot be used, with file and line; a store that cannot be opened or was written by a newer
    /// version of the program.
    pub async fn open(config: DeskConfig) -> Result<Self, DeskError> {
        let rules = match &config.rules_dir {
            Some(directory) => RuleBook::load(directory)?,
            None => RuleBook::built_in(),
        };
        let rules = rules.with_public_url(config.public_url.as_deref());
        let rules =
            if config.two_person_rows.is_some() { rules.with_two_person(config.two_person_rows) } else { rules };
        let store = Store::open(&config.data, config.database.as_deref()).await?;
        let postman = Postman::new(&config.post, &config.data)?;
        Ok(Self { config, rules, store, filings: FilingQueue::default(), postman })
    }

    /// Whether a data directory holds cases.
    pub fn is_in(data: &std::path::Path) -> bool {
        data.join(super::store::FILE_NAME).exists()
    }

    /// [`Desk::open`] from a plain thread.
    pub fn open_blocking(config: DeskConfig) -> Result<Self, DeskError> {
        block_on(Self::open(config))?
    }

    /// The rules in force.
    pub fn rules(&self) -> &RuleBook {
        &self.rules
    }

    /// The day it is where the operator is.
    pub fn today(&self) -> jiff::civil::Date {
        self.date_of(self.now_ms())
    }

    /// The day a moment falls on where the operator is.
    pub fn date_of(&self, ms: i64) -> jiff::civil::Date {
        self.at(ms).date()
    }

    /// The hour and minute of a moment where the operator is: `14:05`.
    pub fn time_of(&self, ms: i64) -> String {
        self.at(ms).strftime("%H:%M").to_string()
    }

    fn at(&self, ms: i64) -> jiff::Zoned {
        let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        moment.to_zoned(self.config.time_zone.clone())
    }

    fn now_ms(&self) -> i64 {
        (self.config.clock)()
    }
}

/// Runs a call of the desk from a plain thread (the command line).
pub fn block_on<T>(call: impl Future<Output = T>) -> Result<T, DeskError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(DeskError::Runtime)?;
    Ok(runtime.block_on(call))
}

/// Runs slow work (password hashing, unpacking many rows) where it holds up nobody.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, DeskError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| DeskError::Runtime(std::io::Error::other(error)))
}
