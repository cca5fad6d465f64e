//! Domains that their owners keep out of datasets as a whole.

use sqlx::Row as _;

use super::{Store, StoreError, Writing};

/// The table of this file, as a step of [`super::schema`]. A line is never deleted: others follow the changes.
pub(super) const TABLES: &[&str] = &["CREATE TABLE reservations (
        domain TEXT NOT NULL PRIMARY KEY,
        proof TEXT NOT NULL,
        stands BIGINT NOT NULL,
        changed_ms BIGINT NOT NULL
    )"];

impl Writing {
    /// Reserves a domain, or gives it up.
    pub(in crate::takedown) async fn keep_reservation(
        &mut self,
        domain: &str,
        proof: &str,
        stands: bool,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO reservations (domain, proof, stands, changed_ms) VALUES ($1, $2, $3, $4)
             ON CONFLICT (domain) DO UPDATE
             SET proof = excluded.proof, stands = excluded.stands, changed_ms = excluded.changed_ms",
        )
        .bind(domain)
        .bind(proof)
        .bind(i64::from(stands))
        .bind(now_ms)
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }
}

impl Store {
    /// Changes with every reservation and every one given up.
    pub(in crate::takedown) async fn reservations_version(&self) -> Result<(i64, i64, i64), StoreError> {
        let row = sqlx::query(
            "SELECT COUNT(*), CAST(COALESCE(SUM(stands), 0) AS BIGINT), COALESCE(MAX(changed_ms), 0) FROM reservations",
        )
        .fetch_one(&self.readers)
        .await?;
        Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
    }

    /// Every domain that is reserved now.
    pub(in crate::takedown) async fn reservations(&self) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query("SELECT domain FROM reservations WHERE stands = 1").fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }
}
