//! What is counted for the public: a few narrow columns beside each target, kept when it changes, so that counting reads
//! one index and no case.

use sqlx::Row as _;

use super::{Store, StoreError, Writing, from_json, named};
use crate::takedown::case::Target;
use crate::takedown::statistics::{Group, Outcome, facts_of};

/// In the log: a release was looked through. The store finds looks by it.
pub(in crate::takedown) const RELEASE_CHECKED: &str = "release_checked";

/// A line of the log about a release: when, and what was found.
pub(in crate::takedown) type ReleaseLine = (i64, serde_json::Value);

impl Writing {
    /// Keeps what is counted of a target. What once was (a decision, an appeal, a reversal) stays counted when the target
    /// goes on from there; only what was left without a decision can still get one.
    pub(super) async fn keep_facts(&mut self, id: i64, before: &Target, target: &Target) -> Result<(), StoreError> {
        let facts = facts_of(target);
        if facts == facts_of(before) {
            return Ok(());
        }
        let outcome = if facts.outcome == Outcome::Undecided { "" } else { facts.outcome.name() };
        sqlx::query(
            "UPDATE targets SET
                outcome = CASE WHEN $1 <> '' THEN $1 WHEN outcome IN ('withdrawn', 'expired') THEN '' ELSE outcome END,
                decide_days = CASE WHEN decide_days < 0 THEN $2 ELSE decide_days END,
                appealed = CASE WHEN $3 = 1 THEN 1 ELSE appealed END,
                reversed = CASE WHEN $4 = 1 THEN 1 ELSE reversed END,
                restored = CASE WHEN $5 = 1 THEN 1 ELSE restored END
             WHERE id = $6",
        )
        .bind(outcome)
        .bind(facts.days.map_or(-1, i64::from))
        .bind(i64::from(facts.appealed))
        .bind(i64::from(facts.reversed))
        .bind(i64::from(facts.restored))
        .bind(id)
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }
}

impl Store {
    /// All targets, those together that are alike.
    pub(in crate::takedown) async fn groups(&self) -> Result<Vec<Group>, StoreError> {
        let rows = sqlx::query(
            "SELECT dataset, basis, outcome, decide_days, appealed, reversed, restored, COUNT(*) FROM targets
             GROUP BY dataset, basis, outcome, decide_days, appealed, reversed, restored",
        )
        .fetch_all(&self.readers)
        .await?;
        let group = |row: &sqlx::any::AnyRow| {
            let outcome: String = row.try_get(2)?;
            let is = |at: usize| Ok::<bool, StoreError>(row.try_get::<i64, _>(at)? == 1);
            Ok(Group {
                dataset: row.try_get(0)?,
                basis: named(&row.try_get::<String, _>(1)?)?,
                outcome: Outcome::from_name(&outcome).unwrap_or(Outcome::Undecided),
                days: u32::try_from(row.try_get::<i64, _>(3)?).ok(),
                appealed: is(4)?,
                reversed: is(5)?,
                restored: is(6)?,
                targets: row.try_get::<i64, _>(7)?.unsigned_abs(),
            })
        };
        rows.iter().map(group).collect()
    }

    /// The newest looks at releases of a dataset, newest first.
    pub(in crate::takedown) async fn releases_checked(
        &self,
        dataset: &str,
        limit: i64,
    ) -> Result<Vec<ReleaseLine>, StoreError> {
        let rows = sqlx::query(
            "SELECT at_ms, detail FROM events WHERE number = '' AND kind = $1 AND dataset = $2
             ORDER BY seq DESC LIMIT $3",
        )
        .bind(RELEASE_CHECKED)
        .bind(dataset)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, from_json("the log", &row.try_get::<String, _>(1)?)?))).collect()
    }
}
