//! What people set out to show, how often it was looked at, and the secret that codes are made with.

use sqlx::Row as _;

use super::{Store, StoreError, Writing, from_json, to_json};
use crate::takedown::proof::Claim;
use crate::takedown::proof::code::SECRET_BYTES;

/// The tables of this file, as a step of [`super::schema`].
pub(super) const TABLES: &[&str] = &[
    "CREATE TABLE portal_secrets (
        name TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL
    )",
    "CREATE TABLE proof_claims (
        number TEXT NOT NULL,
        id TEXT NOT NULL,
        made_ms BIGINT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (number, id)
    )",
    "CREATE TABLE proof_checks (
        number TEXT NOT NULL,
        at_ms BIGINT NOT NULL
    )",
    "CREATE INDEX proof_checks_case ON proof_checks (number, at_ms)",
];

const PROOF_SECRET: &str = "proof";

impl Writing {
    /// The secret that codes are made with; `fresh` becomes it where there is none yet.
    pub(in crate::takedown) async fn proof_secret(
        &mut self,
        fresh: &[u8; SECRET_BYTES],
    ) -> Result<[u8; SECRET_BYTES], StoreError> {
        sqlx::query("INSERT INTO portal_secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(PROOF_SECRET)
            .bind(hex::encode(fresh))
            .execute(&mut *self.transaction)
            .await?;
        let row = sqlx::query("SELECT value FROM portal_secrets WHERE name = $1")
            .bind(PROOF_SECRET)
            .fetch_one(&mut *self.transaction)
            .await?;
        read_secret(&row.try_get::<String, _>(0)?)
    }

    /// Keeps a claim, in place of what was kept of it before.
    pub(in crate::takedown) async fn keep_claim(&mut self, number: &str, claim: &Claim) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO proof_claims (number, id, made_ms, body) VALUES ($1, $2, $3, $4)
             ON CONFLICT (number, id) DO UPDATE SET body = excluded.body",
        )
        .bind(number)
        .bind(&claim.id)
        .bind(claim.made_ms)
        .bind(to_json(claim)?)
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Counts a look at a case's proofs, where there were fewer than `most` after `since_ms`; else says when the oldest
    /// of them was.
    pub(in crate::takedown) async fn count_proof_check(
        &mut self,
        number: &str,
        since_ms: i64,
        most: i64,
        now_ms: i64,
    ) -> Result<Option<i64>, StoreError> {
        sqlx::query("DELETE FROM proof_checks WHERE number = $1 AND at_ms <= $2")
            .bind(number)
            .bind(since_ms)
            .execute(&mut *self.transaction)
            .await?;
        let row = sqlx::query("SELECT COUNT(*), MIN(at_ms) FROM proof_checks WHERE number = $1")
            .bind(number)
            .fetch_one(&mut *self.transaction)
            .await?;
        let count: i64 = row.try_get(0)?;
        if count >= most {
            return Ok(row.try_get::<Option<i64>, _>(1)?);
        }
        sqlx::query("INSERT INTO proof_checks (number, at_ms) VALUES ($1, $2)")
            .bind(number)
            .bind(now_ms)
            .execute(&mut *self.transaction)
            .await?;
        Ok(None)
    }
}

impl Store {
    /// `None` until the first claim is made.
    pub(in crate::takedown) async fn proof_secret(&self) -> Result<Option<[u8; SECRET_BYTES]>, StoreError> {
        let row = sqlx::query("SELECT value FROM portal_secrets WHERE name = $1")
            .bind(PROOF_SECRET)
            .fetch_optional(&self.readers)
            .await?;
        row.map(|row| read_secret(&row.try_get::<String, _>(0)?)).transpose()
    }

    /// The claims of a case, oldest first.
    pub(in crate::takedown) async fn claims(&self, number: &str) -> Result<Vec<Claim>, StoreError> {
        let rows = sqlx::query("SELECT body FROM proof_claims WHERE number = $1 ORDER BY made_ms, id")
            .bind(number)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(|row| from_json("a claim", &row.try_get::<String, _>(0)?)).collect()
    }
}

fn read_secret(text: &str) -> Result<[u8; SECRET_BYTES], StoreError> {
    let mut secret = [0; SECRET_BYTES];
    hex::decode_to_slice(text, &mut secret).map_err(|_| StoreError::Damaged("the portal's secret".to_owned()))?;
    Ok(secret)
}
