//! What other rooms read: tombstones, rows to be removed, the log, numbers.

use std::sync::Arc;

use super::types::{GrantedRow, LogCheck, Statistics};
use super::{Desk, DeskError};
use crate::takedown::case::{Actor, RowState};
use crate::takedown::decision::Act;
use crate::takedown::tombstone::Tombstone;

/// Targets whose rows are unpacked at a time.
const TARGETS_AT_A_TIME: i64 = 100;

impl Desk {
    /// Entries of the feed after `seq`, oldest first: some twenty thousand at most, so ask again with the last `seq`
    /// until nothing comes. The feed only grows and is seen in order. An entry widens what was said of its record
    /// before and never narrows it; only a lift takes all of it back, and where another case still holds the record
    /// down, entries that say so follow the lift.
    pub async fn tombstones_after(&self, seq: i64) -> Result<Vec<Tombstone>, DeskError> {
        Ok(self.store.tombstones_after(seq).await?)
    }

    /// The whole feed.
    pub async fn all_tombstones(&self) -> Result<Vec<Tombstone>, DeskError> {
        let mut all: Vec<Tombstone> = Vec::new();
        loop {
            let next = self.tombstones_after(all.last().map_or(i64::MIN, |entry| entry.seq)).await?;
            if next.is_empty() {
                return Ok(all);
            }
            all.extend(next);
        }
    }

    /// The `seq` of the newest entry, for readers that look often.
    pub async fn newest_tombstone(&self) -> Result<i64, DeskError> {
        Ok(self.store.newest_tombstone().await?)
    }

    /// Every row of a dataset that is to be removed, by case and row; a row that several cases were granted comes once
    /// for each.
    pub async fn granted_rows(&self, dataset: &str) -> Result<Vec<GrantedRow>, DeskError> {
        let mut granted = Vec::new();
        let mut after = 0;
        loop {
            let targets = self.store.granted_after(dataset, after, TARGETS_AT_A_TIME).await?;
            let Some(last) = targets.last() else { return Ok(granted) };
            after = last.id;
            for stored in targets {
                let scope = stored.target.memo.scope;
                let decided_ms = stored.target.decided_ms.unwrap_or(stored.target.received_ms);
                let rows = stored.target.rows.into_iter().filter(|row| row.state == RowState::Granted);
                granted.extend(rows.map(|row| GrantedRow {
                    case: stored.number.clone(),
                    scope,
                    record: Arc::unwrap_or_clone(row.record),
                    state: row.state,
                    decided_ms,
                }));
            }
        }
    }

    /// Something the portal itself does to a target: a removal set was published, a release looked through.
    pub async fn portal_act(&self, number: &str, dataset: &str, act: Act) -> Result<(), DeskError> {
        self.change(number, &super::shelf::Extras::default(), |_| {
            Ok(vec![super::shelf::Step { dataset: dataset.to_owned(), act: act.clone(), expected: None }])
        })
        .await?;
        Ok(())
    }

    /// Keeps a line in the log that belongs to no case: what was published, restored from a backup, and so on. `text`
    /// names nobody.
    pub async fn note(&self, kind: &str, text: &str, detail: &serde_json::Value) -> Result<(), DeskError> {
        let mut writing = self.store.write().await?;
        self.log_one(&mut writing, ("", None), &Actor::Portal, (kind, text), detail).await?;
        Ok(writing.commit().await?)
    }

    /// Walks through the whole log: a line that was changed, removed or moved is named.
    pub async fn verify_log(&self) -> Result<LogCheck, DeskError> {
        Ok(self.store.verify_log().await?)
    }

    /// Numbers of one dataset or of all.
    pub async fn statistics(&self, dataset: Option<&str>) -> Result<Statistics, DeskError> {
        Ok(self.store.statistics(dataset, &self.today().to_string()).await?)
    }

    /// Writes a consistent copy of the cases to `file`; `false` where they lie in PostgreSQL, which has its own tools.
    pub async fn copy_store_to(&self, file: &std::path::Path) -> Result<bool, DeskError> {
        Ok(self.store.copy_to(file).await?)
    }
}
