//! Who received a dataset, and the notices they were sent.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

use super::{Store, StoreError, Writing, clean, named};
use crate::takedown::recipient::{Notice, NoticeCounts, Recipient};

const RECIPIENT: &str = "SELECT id, dataset, name, email, added_ms, removed_ms FROM recipients";
const NOTICE: &str =
    "SELECT n.dataset, r.name, n.version, n.digest, n.written_ms, n.acknowledged_ms, l.post, n.recipient
    FROM notices n JOIN recipients r ON r.id = n.recipient JOIN letters l ON l.id = n.letter";
/// Targets that are decided, with granted rows that no published set holds yet: publishing moves them on.
const UNPUBLISHED: &str = "SELECT 1 FROM targets WHERE dataset = $1 AND granted_count > 0
    AND state IN ('granted', 'partial', 'reversed') LIMIT 1";

/// A notice to be kept.
#[derive(Debug, Clone)]
pub(in crate::takedown) struct NewNotice<'a> {
    pub(in crate::takedown) id: &'a str,
    pub(in crate::takedown) recipient: &'a str,
    pub(in crate::takedown) dataset: &'a str,
    pub(in crate::takedown) version: u32,
    pub(in crate::takedown) digest: Option<&'a str>,
    /// Digest of the secret in its link.
    pub(in crate::takedown) token: &'a str,
    pub(in crate::takedown) letter: &'a str,
    pub(in crate::takedown) written_ms: i64,
}

impl Writing {
    /// `false` where the dataset has a recipient with this address.
    pub(in crate::takedown) async fn insert_recipient(&mut self, new: &Recipient) -> Result<bool, StoreError> {
        let known = sqlx::query("SELECT 1 FROM recipients WHERE dataset = $1 AND email = $2 AND removed_ms IS NULL")
            .bind(&new.dataset)
            .bind(&new.email)
            .fetch_optional(&mut *self.transaction)
            .await?;
        if known.is_some() {
            return Ok(false);
        }
        sqlx::query("INSERT INTO recipients (id, dataset, name, email, added_ms) VALUES ($1, $2, $3, $4, $5)")
            .bind(&new.id)
            .bind(&new.dataset)
            .bind(clean(&new.name).into_owned())
            .bind(clean(new.email.as_deref().unwrap_or_default()).into_owned())
            .bind(new.added_ms)
            .execute(&mut *self.transaction)
            .await?;
        Ok(true)
    }

    /// Nobody writes to it any more. Its name stays beside the notices it was sent; its address goes.
    pub(in crate::takedown) async fn remove_recipient(&mut self, id: &str, now_ms: i64) -> Result<bool, StoreError> {
        let done =
            sqlx::query("UPDATE recipients SET removed_ms = $1, email = NULL WHERE id = $2 AND removed_ms IS NULL")
                .bind(now_ms)
                .bind(id)
                .execute(&mut *self.transaction)
                .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Recipients of a dataset that were told of no version from this one on.
    pub(in crate::takedown) async fn not_told(
        &mut self,
        dataset: &str,
        version: u32,
    ) -> Result<Vec<Recipient>, StoreError> {
        let sql = format!(
            "{RECIPIENT} WHERE dataset = $1 AND removed_ms IS NULL
             AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.recipient = recipients.id AND n.version >= $2) ORDER BY id"
        );
        let query = sqlx::query(AssertSqlSafe(sql)).bind(dataset).bind(i64::from(version));
        query.fetch_all(&mut *self.transaction).await?.iter().map(recipient_of).collect()
    }

    pub(in crate::takedown) async fn insert_notice(&mut self, new: &NewNotice<'_>) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO notices (id, recipient, dataset, version, digest, token, letter, written_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(new.id)
        .bind(new.recipient)
        .bind(new.dataset)
        .bind(i64::from(new.version))
        .bind(new.digest)
        .bind(new.token)
        .bind(new.letter)
        .bind(new.written_ms)
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// The digest of a version that was announced before it was signed.
    pub(in crate::takedown) async fn name_digest(
        &mut self,
        dataset: &str,
        version: u32,
        digest: &str,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE notices SET digest = $1 WHERE dataset = $2 AND version = $3 AND digest IS NULL")
            .bind(digest)
            .bind(dataset)
            .bind(i64::from(version))
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    /// The notice behind a link, marked as acknowledged; the first time counts. `None` for a link that was never made.
    pub(in crate::takedown) async fn acknowledge(
        &mut self,
        token: &str,
        now_ms: i64,
    ) -> Result<Option<(Notice, bool)>, StoreError> {
        let done = sqlx::query("UPDATE notices SET acknowledged_ms = $1 WHERE token = $2 AND acknowledged_ms IS NULL")
            .bind(now_ms)
            .bind(token)
            .execute(&mut *self.transaction)
            .await?;
        let sql = format!("{NOTICE} WHERE n.token = $1");
        let row = sqlx::query(AssertSqlSafe(sql)).bind(token).fetch_optional(&mut *self.transaction).await?;
        row.as_ref().map(|row| Ok((notice_of(row)?, done.rows_affected() == 1))).transpose()
    }
}

impl Store {
    /// Everybody who is or was told of a dataset, or of any.
    pub(in crate::takedown) async fn recipients(&self, dataset: Option<&str>) -> Result<Vec<Recipient>, StoreError> {
        let sql = format!("{RECIPIENT} WHERE ($1 = '' OR dataset = $1) ORDER BY dataset, added_ms, id");
        let query = sqlx::query(AssertSqlSafe(sql)).bind(dataset.unwrap_or_default().to_owned());
        query.fetch_all(&self.readers).await?.iter().map(recipient_of).collect()
    }

    /// Datasets that somebody is to be told about.
    pub(in crate::takedown) async fn datasets_with_recipients(&self) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query("SELECT DISTINCT dataset FROM recipients WHERE removed_ms IS NULL ORDER BY dataset")
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    pub(in crate::takedown) async fn has_unpublished_grants(&self, dataset: &str) -> Result<bool, StoreError> {
        Ok(sqlx::query(UNPUBLISHED).bind(dataset).fetch_optional(&self.readers).await?.is_some())
    }

    /// The lowest of the versions that recipients of a dataset were last told of; `None` where one was told of none.
    pub(in crate::takedown) async fn told_through(&self, dataset: &str) -> Result<Option<u32>, StoreError> {
        let rows = sqlx::query(
            "SELECT (SELECT MAX(n.version) FROM notices n WHERE n.recipient = r.id) AS last FROM recipients r
             WHERE r.dataset = $1 AND r.removed_ms IS NULL",
        )
        .bind(dataset)
        .fetch_all(&self.readers)
        .await?;
        let mut lowest = u32::MAX;
        for row in &rows {
            match row.try_get::<Option<i64>, _>(0)? {
                Some(last) => lowest = lowest.min(u32::try_from(last).unwrap_or(0)),
                None => return Ok(None),
            }
        }
        Ok(Some(lowest))
    }

    /// Whether notices of a version were written before it was signed and do not have its digest yet.
    pub(in crate::takedown) async fn lacks_digest(&self, dataset: &str, version: u32) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM notices WHERE dataset = $1 AND version = $2 AND digest IS NULL LIMIT 1")
            .bind(dataset)
            .bind(i64::from(version))
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.is_some())
    }

    pub(in crate::takedown) async fn notice(&self, token: &str) -> Result<Option<Notice>, StoreError> {
        let sql = format!("{NOTICE} WHERE n.token = $1");
        let row = sqlx::query(AssertSqlSafe(sql)).bind(token).fetch_optional(&self.readers).await?;
        row.as_ref().map(notice_of).transpose()
    }

    /// Notices of all datasets, newest first.
    pub(in crate::takedown) async fn notices(&self, limit: i64) -> Result<Vec<Notice>, StoreError> {
        let sql = format!("{NOTICE} ORDER BY n.written_ms DESC, n.id LIMIT $1");
        sqlx::query(AssertSqlSafe(sql)).bind(limit).fetch_all(&self.readers).await?.iter().map(notice_of).collect()
    }

    /// Notices of a dataset and how many of them were acknowledged, by version.
    pub(in crate::takedown) async fn notice_counts(
        &self,
        dataset: &str,
    ) -> Result<BTreeMap<u32, NoticeCounts>, StoreError> {
        let rows = sqlx::query(
            "SELECT version, COUNT(*), COUNT(acknowledged_ms) FROM notices WHERE dataset = $1 GROUP BY version",
        )
        .bind(dataset)
        .fetch_all(&self.readers)
        .await?;
        let counts = |row: &AnyRow| {
            let version = u32::try_from(row.try_get::<i64, _>(0)?).unwrap_or_default();
            let (written, acknowledged) = (row.try_get::<i64, _>(1)?, row.try_get::<i64, _>(2)?);
            Ok((version, NoticeCounts { written: written.unsigned_abs(), acknowledged: acknowledged.unsigned_abs() }))
        };
        rows.iter().map(counts).collect()
    }

    /// Another text for a letter: without a secret that it held, once it was sent.
    pub(in crate::takedown) async fn replace_letter_text(&self, id: &str, text: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE letters SET text = $1 WHERE id = $2").bind(text).bind(id).execute(&self.writers).await?;
        Ok(())
    }
}

fn recipient_of(row: &AnyRow) -> Result<Recipient, StoreError> {
    Ok(Recipient {
        id: row.try_get(0)?,
        dataset: row.try_get(1)?,
        name: row.try_get(2)?,
        email: row.try_get(3)?,
        added_ms: row.try_get(4)?,
        removed_ms: row.try_get(5)?,
    })
}

fn notice_of(row: &AnyRow) -> Result<Notice, StoreError> {
    Ok(Notice {
        dataset: row.try_get(0)?,
        recipient: row.try_get(1)?,
        version: u32::try_from(row.try_get::<i64, _>(2)?).unwrap_or_default(),
        digest: row.try_get(3)?,
        written_ms: row.try_get(4)?,
        acknowledged_ms: row.try_get(5)?,
        post: named(&row.try_get::<String, _>(6)?)?,
        recipient_id: row.try_get(7)?,
    })
}
