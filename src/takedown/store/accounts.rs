//! Accounts, their sessions and tokens, and how often a name was tried.

use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{Store, StoreError, Writing, from_json, to_json};
use crate::takedown::accounts::{Account, Role};

/// An account with its secrets.
#[derive(Debug, Clone)]
pub(in crate::takedown) struct AccountRow {
    pub(in crate::takedown) account: Account,
    pub(in crate::takedown) password_hash: String,
    pub(in crate::takedown) totp_secret: Option<String>,
    pub(in crate::takedown) totp_pending: Option<String>,
}

const ACCOUNT: &str = "SELECT name, role, datasets, password_hash, disabled, totp_secret, totp_pending, made_ms
    FROM accounts WHERE name = $1";

impl Writing {
    /// `false` where the name is taken.
    pub(in crate::takedown) async fn insert_account(&mut self, row: &AccountRow) -> Result<bool, StoreError> {
        let account = &row.account;
        let done = sqlx::query(
            "INSERT INTO accounts
             (name, role, datasets, password_hash, disabled, totp_secret, totp_pending, totp_step, made_ms)
             VALUES ($1, $2, $3, $4, 0, NULL, NULL, 0, $5) ON CONFLICT DO NOTHING",
        )
        .bind(&account.name)
        .bind(account.role.name())
        .bind(to_json(&account.datasets)?)
        .bind(&row.password_hash)
        .bind(account.made_ms)
        .execute(&mut *self.transaction)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Nobody signs in with it any more, and whoever is signed in is out; its API tokens are gone.
    pub(in crate::takedown) async fn disable_account(&mut self, name: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE accounts SET disabled = 1 WHERE name = $1")
            .bind(name)
            .execute(&mut *self.transaction)
            .await?;
        self.end_sessions(name).await?;
        sqlx::query("DELETE FROM api_tokens WHERE account = $1").bind(name).execute(&mut *self.transaction).await?;
        Ok(done.rows_affected() == 1)
    }

    /// A new password; sessions under the old one end, a disabled account is in use again.
    pub(in crate::takedown) async fn set_password(&mut self, name: &str, hash: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE accounts SET password_hash = $1, disabled = 0 WHERE name = $2")
            .bind(hash)
            .bind(name)
            .execute(&mut *self.transaction)
            .await?;
        self.end_sessions(name).await?;
        sqlx::query("DELETE FROM throttle WHERE name = $1").bind(name).execute(&mut *self.transaction).await?;
        Ok(done.rows_affected() == 1)
    }

    async fn end_sessions(&mut self, name: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE account = $1").bind(name).execute(&mut *self.transaction).await?;
        Ok(())
    }

    pub(in crate::takedown) async fn insert_token(
        &mut self,
        digest: &str,
        name: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO api_tokens (digest, account, made_ms) VALUES ($1, $2, $3)")
            .bind(digest)
            .bind(name)
            .bind(now_ms)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    /// Begins a session and forgets those that ended.
    pub(in crate::takedown) async fn insert_session(
        &mut self,
        digest: &str,
        name: &str,
        now_ms: i64,
        ended_before_ms: i64,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE made_ms < $1")
            .bind(ended_before_ms)
            .execute(&mut *self.transaction)
            .await?;
        sqlx::query("INSERT INTO sessions (digest, account, made_ms, seen_ms) VALUES ($1, $2, $3, $3)")
            .bind(digest)
            .bind(name)
            .bind(now_ms)
            .execute(&mut *self.transaction)
            .await?;
        sqlx::query("DELETE FROM throttle WHERE name = $1").bind(name).execute(&mut *self.transaction).await?;
        Ok(())
    }

    /// A second factor that is not in force yet.
    pub(in crate::takedown) async fn propose_totp(&mut self, name: &str, secret: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE accounts SET totp_pending = $1 WHERE name = $2")
            .bind(secret)
            .bind(name)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    /// Puts the proposed second factor in force, or takes the present one away.
    pub(in crate::takedown) async fn set_totp(&mut self, name: &str, secret: Option<&str>) -> Result<(), StoreError> {
        sqlx::query("UPDATE accounts SET totp_secret = $1, totp_pending = NULL WHERE name = $2")
            .bind(secret)
            .bind(name)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    /// Takes a step of the second factor; `false` where it was used before.
    pub(in crate::takedown) async fn take_totp_step(&mut self, name: &str, step: i64) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE accounts SET totp_step = $1 WHERE name = $2 AND totp_step < $1")
            .bind(step)
            .bind(name)
            .execute(&mut *self.transaction)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Counts a failed try of a name and forgets names that were not tried since `forget_before_ms`.
    pub(in crate::takedown) async fn count_failure(
        &mut self,
        name: &str,
        now_ms: i64,
        forget_before_ms: i64,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM throttle WHERE last_ms < $1")
            .bind(forget_before_ms)
            .execute(&mut *self.transaction)
            .await?;
        sqlx::query(
            "INSERT INTO throttle (name, failures, last_ms) VALUES ($1, 1, $2)
             ON CONFLICT (name) DO UPDATE SET failures = throttle.failures + 1, last_ms = excluded.last_ms",
        )
        .bind(name)
        .bind(now_ms)
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Takes the last count of a name back.
    pub(in crate::takedown) async fn forgive_failure(&mut self, name: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE throttle SET failures = failures - 1 WHERE name = $1 AND failures > 0")
            .bind(name)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    /// Failures in a row of a name and the moment of the last one.
    pub(in crate::takedown) async fn failures(&mut self, name: &str) -> Result<(i64, i64), StoreError> {
        let row = sqlx::query("SELECT failures, last_ms FROM throttle WHERE name = $1")
            .bind(name)
            .fetch_optional(&mut *self.transaction)
            .await?;
        row.map_or(Ok((0, 0)), |row| Ok((row.try_get(0)?, row.try_get(1)?)))
    }
}

impl Store {
    pub(in crate::takedown) async fn account(&self, name: &str) -> Result<Option<AccountRow>, StoreError> {
        let row = sqlx::query(ACCOUNT).bind(name).fetch_optional(&self.readers).await?;
        row.as_ref().map(account_of).transpose()
    }

    pub(in crate::takedown) async fn accounts(&self) -> Result<Vec<AccountRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT name, role, datasets, password_hash, disabled, totp_secret, totp_pending, made_ms
             FROM accounts ORDER BY name",
        )
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(account_of).collect()
    }

    /// The account behind an API token.
    pub(in crate::takedown) async fn token_account(&self, digest: &str) -> Result<Option<AccountRow>, StoreError> {
        let row = sqlx::query("SELECT account FROM api_tokens WHERE digest = $1")
            .bind(digest)
            .fetch_optional(&self.readers)
            .await?;
        match row {
            Some(row) => self.account(&row.try_get::<String, _>(0)?).await,
            None => Ok(None),
        }
    }

    /// The account behind a session, when it began and when it was last seen.
    pub(in crate::takedown) async fn session(
        &self,
        digest: &str,
    ) -> Result<Option<(AccountRow, i64, i64)>, StoreError> {
        let row = sqlx::query("SELECT account, made_ms, seen_ms FROM sessions WHERE digest = $1")
            .bind(digest)
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let account = self.account(&row.try_get::<String, _>(0)?).await?;
        let (made_ms, seen_ms) = (row.try_get(1)?, row.try_get(2)?);
        Ok(account.map(|account| (account, made_ms, seen_ms)))
    }

    pub(in crate::takedown) async fn touch_session(&self, digest: &str, now_ms: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE sessions SET seen_ms = $1 WHERE digest = $2")
            .bind(now_ms)
            .bind(digest)
            .execute(&self.writers)
            .await?;
        Ok(())
    }

    pub(in crate::takedown) async fn end_session(&self, digest: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE digest = $1").bind(digest).execute(&self.writers).await?;
        Ok(())
    }
}

fn account_of(row: &AnyRow) -> Result<AccountRow, StoreError> {
    let (role, datasets): (String, String) = (row.try_get(1)?, row.try_get(2)?);
    let totp_secret: Option<String> = row.try_get(5)?;
    let account = Account {
        name: row.try_get(0)?,
        role: Role::from_name(&role).ok_or_else(|| StoreError::Damaged(format!("the role {role}")))?,
        datasets: from_json("an account's datasets", &datasets)?,
        disabled: row.try_get::<i64, _>(4)? != 0,
        totp: totp_secret.is_some(),
        made_ms: row.try_get(7)?,
    };
    Ok(AccountRow { account, password_hash: row.try_get(3)?, totp_secret, totp_pending: row.try_get(6)? })
}
