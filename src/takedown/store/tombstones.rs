//! The feed of what must not be shown, kept in batches: one line an act, however many rows it hides.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::rows::{pack, unpack};
use super::{Store, StoreError, Writing};
use crate::takedown::case::RecordRef;
use crate::takedown::tombstone::{Scope, Tombstone};

#[derive(Serialize)]
struct NewBatch<'a> {
    scope: Scope,
    lifted: bool,
    records: Vec<&'a RecordRef>,
}

#[derive(Deserialize)]
struct Batch {
    scope: Scope,
    lifted: bool,
    records: Vec<RecordRef>,
}

impl Writing {
    /// Hides records, or shows them again.
    pub(in crate::takedown) async fn bury(
        &mut self,
        dataset: &str,
        scope: Scope,
        lifted: bool,
        records: &[Arc<RecordRef>],
    ) -> Result<(), StoreError> {
        if records.is_empty() {
            return Ok(());
        }
        let first = self.next_tombstones(records.len());
        let body = pack(&NewBatch { scope, lifted, records: records.iter().map(|record| &**record).collect() })?;
        sqlx::query("INSERT INTO tombstones (first_seq, last_seq, dataset, body) VALUES ($1, $2, $3, $4)")
            .bind(first)
            .bind(first + records.len() as i64 - 1)
            .bind(dataset)
            .bind(body)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }
}

/// Entries that are given at once, but for the last batch: each may be a kilobyte with its addresses and hashes.
const ENTRIES_AT_ONCE: usize = 20_000;
/// Batches read at once: most hold a row or two.
const BATCHES_AT_ONCE: i64 = 500;

impl Store {
    /// Entries after `seq`, in order, some twenty thousand at most; none when the reader has them all. Numbers are
    /// given out under the log's head and so are seen in order: whoever has seen `n` has seen everything up to `n`.
    pub(in crate::takedown) async fn tombstones_after(&self, seq: i64) -> Result<Vec<Tombstone>, StoreError> {
        let mut entries = Vec::new();
        let mut after = seq;
        loop {
            let rows = sqlx::query(
                "SELECT first_seq, last_seq, dataset, body FROM tombstones WHERE last_seq > $1 ORDER BY last_seq LIMIT $2",
            )
            .bind(after)
            .bind(BATCHES_AT_ONCE)
            .fetch_all(&self.readers)
            .await?;
            for row in &rows {
                let (first, dataset, body): (i64, String, Vec<u8>) =
                    (row.try_get(0)?, row.try_get(2)?, row.try_get(3)?);
                after = row.try_get(1)?;
                let Batch { scope, lifted, records } = unpack("tombstones", &body)?;
                entries.extend(records.into_iter().enumerate().filter_map(|(at, record)| {
                    let own = first + at as i64;
                    (own > seq).then(|| Tombstone { seq: own, dataset: dataset.clone(), scope, record, lifted })
                }));
                if entries.len() >= ENTRIES_AT_ONCE {
                    return Ok(entries);
                }
            }
            if (rows.len() as i64) < BATCHES_AT_ONCE {
                return Ok(entries);
            }
        }
    }

    /// The number of the newest entry: what a reader asks first, since it costs nothing.
    pub(in crate::takedown) async fn newest_tombstone(&self) -> Result<i64, StoreError> {
        let row = sqlx::query("SELECT last_tombstone FROM log_head WHERE id = 1").fetch_one(&self.readers).await?;
        Ok(row.try_get(0)?)
    }
}
