//! Proposals: the same rows in derived datasets, and which targets were looked at for them.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

use super::rows::{pack, unpack};
use super::{Store, StoreError, StoredTarget, Writing, name_of, named};
use crate::takedown::proposal::{Proposal, ProposalState, ProposedRow};

const PROPOSAL: &str = "SELECT p.id, t.number, t.dataset, p.dataset, p.state, p.made_ms, p.decided_ms, p.decided_by,
    p.number, p.body FROM proposals p JOIN targets t ON t.id = p.target";

/// What was compared with what: a target as it stood, and a revision of a derived dataset.
#[derive(Debug, Clone)]
pub(in crate::takedown) struct Look<'a> {
    pub(in crate::takedown) target: i64,
    pub(in crate::takedown) version: i64,
    pub(in crate::takedown) dataset: &'a str,
    pub(in crate::takedown) revision: &'a str,
}

impl Store {
    /// Targets of `source` with granted rows that were not compared with this revision of `derived` since they last
    /// changed.
    pub(in crate::takedown) async fn not_looked_at(
        &self,
        source: &str,
        derived: &str,
        revision: &str,
        limit: i64,
    ) -> Result<Vec<StoredTarget>, StoreError> {
        let rows = sqlx::query(
            "SELECT t.id FROM targets t
             WHERE t.dataset = $1 AND t.granted_count > 0
                   AND NOT EXISTS (SELECT 1 FROM lineage_looks l WHERE l.target = t.id AND l.dataset = $2
                                   AND l.revision = $3 AND l.version = t.version)
             UNION
             SELECT t.id FROM proposals p JOIN targets t ON t.id = p.target
             WHERE p.state = 'pending' AND p.dataset = $2 AND t.dataset = $1
                   AND NOT EXISTS (SELECT 1 FROM lineage_looks l WHERE l.target = t.id AND l.dataset = $2
                                   AND l.revision = $3 AND l.version = t.version)
             ORDER BY 1 LIMIT $4",
        )
        .bind(source)
        .bind(derived)
        .bind(revision)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        let mut targets = Vec::with_capacity(rows.len());
        for row in &rows {
            targets.extend(self.target(row.try_get(0)?).await?);
        }
        Ok(targets)
    }

    pub(in crate::takedown) async fn proposal(&self, id: &str) -> Result<Option<Proposal>, StoreError> {
        let sql = format!("{PROPOSAL} WHERE p.id = $1");
        let row = sqlx::query(AssertSqlSafe(sql)).bind(id).fetch_optional(&self.readers).await?;
        row.as_ref().map(proposal_of).transpose()
    }

    /// Proposals that wait, oldest first, from the `offset`th on.
    pub(in crate::takedown) async fn pending_proposals(&self, limit: i64) -> Result<Vec<Proposal>, StoreError> {
        let sql = format!("{PROPOSAL} WHERE p.state IN ('pending', 'accepting') ORDER BY p.made_ms, p.id LIMIT $1");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(limit).fetch_all(&self.readers).await?;
        rows.iter().map(proposal_of).collect()
    }

    /// All that came of a case's granted rows.
    pub(in crate::takedown) async fn proposals_of_case(&self, number: &str) -> Result<Vec<Proposal>, StoreError> {
        let sql = format!("{PROPOSAL} WHERE t.number = $1 ORDER BY p.dataset, p.made_ms, p.id");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(number).fetch_all(&self.readers).await?;
        rows.iter().map(proposal_of).collect()
    }
}

impl Writing {
    /// Notes that a target was compared; `false` where it has changed since, and has to be compared again.
    pub(in crate::takedown) async fn looked(&mut self, look: &Look<'_>) -> Result<bool, StoreError> {
        let same = sqlx::query("SELECT 1 FROM targets WHERE id = $1 AND version = $2")
            .bind(look.target)
            .bind(look.version)
            .fetch_optional(&mut *self.transaction)
            .await?;
        if same.is_none() {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO lineage_looks (target, dataset, revision, version) VALUES ($1, $2, $3, $4)
             ON CONFLICT (target, dataset) DO UPDATE SET revision = excluded.revision, version = excluded.version",
        )
        .bind(look.target)
        .bind(look.dataset)
        .bind(look.revision)
        .bind(look.version)
        .execute(&mut *self.transaction)
        .await?;
        Ok(true)
    }

    /// Takes back what was proposed for a target and waits, and gives the rows that need not be proposed: those that were
    /// decided about for this target, and those that another proposal has.
    pub(in crate::takedown) async fn clear_pending(
        &mut self,
        target: i64,
        dataset: &str,
    ) -> Result<Vec<ProposedRow>, StoreError> {
        sqlx::query("DELETE FROM proposals WHERE target = $1 AND dataset = $2 AND state = 'pending'")
            .bind(target)
            .bind(dataset)
            .execute(&mut *self.transaction)
            .await?;
        let rows = sqlx::query("SELECT body FROM proposals WHERE dataset = $1 AND (target = $2 OR state = 'pending')")
            .bind(dataset)
            .bind(target)
            .fetch_all(&mut *self.transaction)
            .await?;
        let mut known = Vec::new();
        for row in &rows {
            known.extend(unpack::<Vec<ProposedRow>>("a proposal", &row.try_get::<Vec<u8>, _>(0)?)?);
        }
        Ok(known)
    }

    pub(in crate::takedown) async fn insert_proposal(
        &mut self,
        id: &str,
        target: i64,
        dataset: &str,
        rows: &[ProposedRow],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO proposals (id, target, dataset, state, made_ms, body) VALUES ($1, $2, $3, 'pending', $4, $5)",
        )
        .bind(id)
        .bind(target)
        .bind(dataset)
        .bind(now_ms)
        .bind(pack(&rows)?)
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Takes a proposal that waits, or one that somebody began to take over before `stale_ms` and did not finish; `false`
    /// where there is none.
    pub(in crate::takedown) async fn claim_proposal(
        &mut self,
        id: &str,
        state: ProposalState,
        by: &str,
        now_ms: i64,
        stale_ms: i64,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE proposals SET state = $1, decided_by = $2, decided_ms = $3
             WHERE id = $4 AND (state = 'pending' OR (state = 'accepting' AND decided_ms < $5))",
        )
        .bind(name_of(&state)?)
        .bind(by)
        .bind(now_ms)
        .bind(id)
        .bind(stale_ms)
        .execute(&mut *self.transaction)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// What became of one that was being taken over.
    pub(in crate::takedown) async fn settle_proposal(
        &mut self,
        id: &str,
        state: ProposalState,
        case: Option<&str>,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE proposals SET state = $1, number = $2 WHERE id = $3")
            .bind(name_of(&state)?)
            .bind(case)
            .bind(id)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }
}

fn proposal_of(row: &AnyRow) -> Result<Proposal, StoreError> {
    Ok(Proposal {
        id: row.try_get(0)?,
        source_case: row.try_get(1)?,
        source: row.try_get(2)?,
        dataset: row.try_get(3)?,
        state: named(&row.try_get::<String, _>(4)?)?,
        made_ms: row.try_get(5)?,
        decided_ms: row.try_get(6)?,
        decided_by: row.try_get(7)?,
        case: row.try_get(8)?,
        rows: unpack("a proposal", &row.try_get::<Vec<u8>, _>(9)?)?,
    })
}
