//! How many targets stand where: kept with every change, so that the queue's figures cost the same however many there are.

use sqlx::Row as _;

use super::cases::NEVER;
use super::{Store, StoreError, Writing, name_of};
use crate::takedown::case::Target;

/// The table, as a step of [`super::schema`]. The index it takes the place of was written at every change.
pub(super) const TABLES: &[&str] = &[
    "CREATE TABLE tallies (
        dataset TEXT NOT NULL,
        state TEXT NOT NULL,
        is_open BIGINT NOT NULL,
        due_key TEXT NOT NULL,
        targets BIGINT NOT NULL,
        PRIMARY KEY (dataset, state, is_open, due_key)
    ){compact}",
    "INSERT INTO tallies (dataset, state, is_open, due_key, targets)
        SELECT dataset, state, is_open, due_key, COUNT(*) FROM targets GROUP BY dataset, state, is_open, due_key",
    "DROP INDEX targets_counts",
];

/// Where a target stands in the queue: the columns it is found and counted by.
#[derive(PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) state: String,
    pub(super) is_open: i64,
    pub(super) due_key: String,
}

impl Standing {
    pub(super) fn of(target: &Target) -> Result<Self, StoreError> {
        let open = target.state.is_waiting();
        let due = target.due.as_deref().filter(|_| open);
        let due_key = due.unwrap_or(NEVER).to_owned();
        Ok(Self { state: name_of(&target.state)?, is_open: i64::from(open), due_key })
    }
}

impl Writing {
    /// Counts a target where it stands now, and no longer where it stood.
    pub(super) async fn tally(&mut self, before: Option<&Target>, now: &Target) -> Result<(), StoreError> {
        let (before, standing) = (before.map(Standing::of).transpose()?, Standing::of(now)?);
        if before.as_ref() == Some(&standing) {
            return Ok(());
        }
        for (standing, more) in [(before, -1_i64), (Some(standing), 1)] {
            let Some(Standing { state, is_open, due_key }) = standing else { continue };
            sqlx::query(
                "INSERT INTO tallies (dataset, state, is_open, due_key, targets) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (dataset, state, is_open, due_key)
                 DO UPDATE SET targets = tallies.targets + excluded.targets",
            )
            .bind(&now.dataset)
            .bind(state)
            .bind(is_open)
            .bind(due_key)
            .bind(more)
            .execute(&mut *self.transaction)
            .await?;
        }
        Ok(())
    }
}

impl Store {
    /// By dataset: targets that wait for somebody to decide, and those of them that were due before `today`.
    pub(in crate::takedown) async fn waiting(
        &self,
        today: &str,
    ) -> Result<std::collections::BTreeMap<String, (u64, u64)>, StoreError> {
        let rows = sqlx::query(
            "SELECT dataset, CAST(SUM(targets) AS BIGINT),
                    CAST(SUM(CASE WHEN due_key < $1 THEN targets ELSE 0 END) AS BIGINT)
             FROM tallies WHERE is_open = 1 GROUP BY dataset HAVING SUM(targets) > 0",
        )
        .bind(today)
        .fetch_all(&self.readers)
        .await?;
        let line = |row: &sqlx::any::AnyRow| {
            let number = |at: usize| Ok::<u64, StoreError>(row.try_get::<i64, _>(at)?.unsigned_abs());
            Ok((row.try_get(0)?, (number(1)?, number(2)?)))
        };
        rows.iter().map(line).collect()
    }
}
