//! A transaction that writes: it holds the head of the log from its first statement to its commit.

use sqlx::{Any, Row as _, Transaction};

use super::{Kind, Store, StoreError};
use crate::takedown::event_log::Line;

/// What is to be written, all of it or nothing. Dropped without [`Writing::commit`], nothing happened.
pub(in crate::takedown) struct Writing {
    pub(super) kind: Kind,
    pub(super) transaction: Transaction<'static, Any>,
    seq: i64,
    hash: String,
    last_target: i64,
    last_tombstone: i64,
}

impl Store {
    /// Begins to write; waits for writers before.
    pub(in crate::takedown) async fn write(&self) -> Result<Writing, StoreError> {
        let begin = match self.kind {
            Kind::Sqlite => "BEGIN IMMEDIATE",
            Kind::Postgres => "BEGIN",
        };
        let mut transaction = self.writers.begin_with(begin).await?;
        // An UPDATE, not a SELECT: it is what locks the line on PostgreSQL until the commit.
        let head =
            sqlx::query("UPDATE log_head SET id = 1 WHERE id = 1 RETURNING seq, hash, last_target, last_tombstone")
                .fetch_one(&mut *transaction)
                .await?;
        Ok(Writing {
            kind: self.kind,
            transaction,
            seq: head.try_get(0)?,
            hash: head.try_get(1)?,
            last_target: head.try_get(2)?,
            last_tombstone: head.try_get(3)?,
        })
    }
}

impl Writing {
    /// The number of a new target.
    pub(super) fn next_target(&mut self) -> i64 {
        self.last_target += 1;
        self.last_target
    }

    /// The first of `count` new numbers of tombstones.
    pub(super) fn next_tombstones(&mut self, count: usize) -> i64 {
        let first = self.last_tombstone + 1;
        self.last_tombstone += count as i64;
        first
    }

    /// Gives a line its number and its hash.
    pub(super) fn chain(&mut self, mut line: Line) -> Line {
        self.seq += 1;
        line.seq = self.seq;
        line.hash = line.hash_after(&self.hash);
        self.hash.clone_from(&line.hash);
        line
    }

    /// On the disk when this returns.
    pub(in crate::takedown) async fn commit(mut self) -> Result<(), StoreError> {
        sqlx::query("UPDATE log_head SET seq = $1, hash = $2, last_target = $3, last_tombstone = $4 WHERE id = 1")
            .bind(self.seq)
            .bind(&self.hash)
            .bind(self.last_target)
            .bind(self.last_tombstone)
            .execute(&mut *self.transaction)
            .await?;
        self.transaction.commit().await?;
        Ok(())
    }
}
