//! Views of the queue that accounts have kept.

use sqlx::Row as _;

use super::{Store, StoreError, Writing, clean};
use crate::takedown::desk::views::View;

impl Writing {
    pub(in crate::takedown) async fn insert_view(
        &mut self,
        account: &str,
        view: &View,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "INSERT INTO views (id, account, name, filter, made_ms) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )
        .bind(&view.id)
        .bind(account)
        .bind(clean(&view.name).into_owned())
        .bind(clean(&view.filter).into_owned())
        .bind(now_ms)
        .execute(&mut *self.transaction)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whether the account has another view of this name.
    pub(in crate::takedown) async fn has_view(
        &mut self,
        account: &str,
        name: &str,
        but: &str,
    ) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT COUNT(*) FROM views WHERE account = $1 AND name = $2 AND id <> $3")
            .bind(account)
            .bind(clean(name).into_owned())
            .bind(but)
            .fetch_one(&mut *self.transaction)
            .await?;
        Ok(row.try_get::<i64, _>(0)? > 0)
    }

    /// `false` where the account has no such view.
    pub(in crate::takedown) async fn rename_view(
        &mut self,
        account: &str,
        id: &str,
        name: &str,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE views SET name = $1 WHERE account = $2 AND id = $3")
            .bind(clean(name).into_owned())
            .bind(account)
            .bind(id)
            .execute(&mut *self.transaction)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// `false` where the account has no such view.
    pub(in crate::takedown) async fn delete_view(&mut self, account: &str, id: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM views WHERE account = $1 AND id = $2")
            .bind(account)
            .bind(id)
            .execute(&mut *self.transaction)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}

impl Store {
    /// The views of an account, by age.
    pub(in crate::takedown) async fn views(&self, account: &str) -> Result<Vec<View>, StoreError> {
        let rows = sqlx::query("SELECT id, name, filter FROM views WHERE account = $1 ORDER BY made_ms, id")
            .bind(account)
            .fetch_all(&self.readers)
            .await?;
        let view =
            |row: &sqlx::any::AnyRow| Ok(View { id: row.try_get(0)?, name: row.try_get(1)?, filter: row.try_get(2)? });
        rows.iter().map(view).collect()
    }
}
