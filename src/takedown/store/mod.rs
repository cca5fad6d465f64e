//! Where cases lie: SQLite in the data directory, or PostgreSQL. The only place that names a database.
//!
//! One set of SQL for both, through sqlx's `Any`: columns are text, 64-bit integers and bytes, so nothing depends on
//! how a database sees dates or truth. What is only ever read as a whole (a filing, a target's state) is one JSON
//! text; what is looked for has a column of its own. The thousands of rows a case may have are one compressed blob
//! beside one letter a row for their states: a decision over 5,000 rows writes a few kilobytes.
//!
//! All writing goes through [`Writing`]: it takes the log's head first, so writers queue up in one order on either
//! database, numbers are given out without gaps in sight, and the chain of events never forks.

mod accounts;
mod attachments;
mod cases;
mod claims;
mod events;
mod figures;
mod letters;
mod proposals;
mod queue;
mod recipients;
mod related;
mod reservations;
mod retention;
mod rows;
mod schema;
mod search_words;
mod tallies;
mod tombstones;
mod views;
mod writing;

use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::{Any, AnyConnection, Connection as _, Pool};

pub(in crate::takedown) use accounts::AccountRow;
pub(in crate::takedown) use cases::{CaseRow, StoredTarget};
pub(in crate::takedown) use events::Happened;
pub(in crate::takedown) use figures::RELEASE_CHECKED;
pub(in crate::takedown) use letters::NewLetter;
pub(in crate::takedown) use proposals::Look;
pub(in crate::takedown) use queue::Place;
pub(in crate::takedown) use recipients::NewNotice;
pub(in crate::takedown) use retention::{Erased, QuietCase};
pub(in crate::takedown) use rows::{picture_key, row_key};
pub(in crate::takedown) use writing::Writing;

/// SQLite's file in the data directory.
pub const FILE_NAME: &str = "cases.sqlite3";
/// Connections that read. Pages are short; more would only wait for the same cores.
const READERS: u32 = 8;
/// Connections to PostgreSQL: readers and a writer, with room for writers that wait for the log's head.
const POSTGRES_CONNECTIONS: u32 = 16;
/// What may not stand in the path of a database address.
const PATH_ESCAPES: &AsciiSet = &CONTROLS.add(b' ').add(b'%').add(b'?').add(b'#').add(b'&').add(b'+');

/// What goes wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database of cases cannot be opened ({place}): {source}")]
    Open { place: String, source: sqlx::Error },
    #[error("the data directory {} cannot be made: {source}", .path.display())]
    Directory { path: PathBuf, source: std::io::Error },
    #[error("--database must be a postgres:// address; leave it away for SQLite in the data directory")]
    Address,
    #[error(
        "the database of cases was written by a newer version of rollcall (schema {found}, this program knows up to {known}): install that version again"
    )]
    Newer { found: i64, known: i64 },
    #[error("the database of cases answered: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the database of cases holds something that cannot be read: {0}")]
    Damaged(String),
}

/// Which of the two databases answers: the few places where their SQL differs ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
}

/// The open store. Cheap to share.
pub struct Store {
    kind: Kind,
    readers: Pool<Any>,
    writers: Pool<Any>,
    /// SQLite's file, for backups.
    file: Option<PathBuf>,
}

impl Store {
    /// Opens the store and brings its tables up to date. Pools connect on first use, so a store that was opened in one
    /// runtime serves another.
    pub async fn open(data: &Path, database: Option<&str>) -> Result<Self, StoreError> {
        install_default_drivers();
        let (kind, address, place, file) = match database {
            Some(address) if address.starts_with("postgres://") || address.starts_with("postgresql://") => {
                // The address may hold a password: it is never repeated.
                (Kind::Postgres, address.to_owned(), "PostgreSQL".to_owned(), None)
            }
            Some(_) => return Err(StoreError::Address),
            None => {
                std::fs::create_dir_all(data)
                    .map_err(|source| StoreError::Directory { path: data.to_owned(), source })?;
                let file = std::path::absolute(data.join(FILE_NAME))
                    .map_err(|source| StoreError::Directory { path: data.to_owned(), source })?;
                // Made here and not by SQLite, which would let others of this machine read it; its companions get the
                // same mode.
                let made = std::fs::File::options().append(true).create(true).mode(0o600).open(&file);
                made.map_err(|source| StoreError::Directory { path: file.clone(), source })?;
                let path = utf8_percent_encode(&file.to_string_lossy(), PATH_ESCAPES).to_string();
                (Kind::Sqlite, format!("sqlite://{path}?mode=rwc"), file.display().to_string(), Some(file))
            }
        };
        let opening = |source| StoreError::Open { place: place.clone(), source };
        let mut connection = AnyConnection::connect(&address).await.map_err(opening)?;
        settle(kind, &mut connection).await.map_err(opening)?;
        schema::migrate(kind, &mut connection).await?;
        connection.close().await?;
        let (readers, writers) = match kind {
            // One writer: SQLite has no more, and a queue in our own process beats waiting on its lock.
            Kind::Sqlite => (pool(kind, READERS, &address)?, pool(kind, 1, &address)?),
            Kind::Postgres => {
                let both = pool(kind, POSTGRES_CONNECTIONS, &address)?;
                (both.clone(), both)
            }
        };
        Ok(Self { kind, readers, writers, file })
    }

    /// Writes a consistent copy of SQLite's file to `to`, which must not exist; `false` where the cases lie in
    /// PostgreSQL, which has its own tools for that.
    pub async fn copy_to(&self, to: &Path) -> Result<bool, StoreError> {
        if self.file.is_none() {
            return Ok(false);
        }
        sqlx::query("VACUUM INTO $1").bind(to.to_string_lossy().into_owned()).execute(&self.readers).await?;
        Ok(true)
    }
}

fn pool(kind: Kind, connections: u32, address: &str) -> Result<Pool<Any>, StoreError> {
    Ok(AnyPoolOptions::new()
        .max_connections(connections)
        .min_connections(0)
        // Connections live as long as the process: no task of the pool outlives the runtime that opened it.
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(std::time::Duration::from_secs(30))
        .test_before_acquire(kind == Kind::Postgres)
        .after_connect(move |connection, _| Box::pin(async move { settle(kind, connection).await }))
        .connect_lazy(address)?)
}

/// What every connection is told first.
async fn settle(kind: Kind, connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    if kind == Kind::Sqlite {
        // FULL: a commit that was answered survives a power cut, not only the end of the process.
        for pragma in [
            // Another process may be writing (a command on the terminal): ten seconds, then an error.
            "PRAGMA busy_timeout = 10000",
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "PRAGMA foreign_keys = ON",
            // What is erased is overwritten in the file, not only given free.
            "PRAGMA secure_delete = ON",
            "PRAGMA cache_size = -16384",
            "PRAGMA temp_store = MEMORY",
        ] {
            sqlx::query(pragma).execute(&mut *connection).await?;
        }
    }
    Ok(())
}

/// Text that PostgreSQL can keep: it knows no NUL.
fn clean(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}

fn from_json<T: serde::de::DeserializeOwned>(what: &str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(format!("{what}: {error}")))
}

fn to_json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// A state or basis as its name in the store.
fn name_of(value: &impl serde::Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        other => Err(StoreError::Damaged(format!("not a name: {other:?}"))),
    }
}

/// The value behind a name in the store.
fn named<T: serde::de::DeserializeOwned>(name: &str) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(name.to_owned()))
        .map_err(|error| StoreError::Damaged(format!("{name}: {error}")))
}
