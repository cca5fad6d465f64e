//! Letters as they were written, and the queue of those that wait to be posted.

use sqlx::Row as _;

use super::{Store, StoreError, Writing, clean, name_of, named};
use crate::takedown::desk::types::{LetterLine, PostState};

/// A letter to be kept.
#[derive(Debug, Clone)]
pub(in crate::takedown) struct NewLetter<'a> {
    pub(in crate::takedown) id: &'a str,
    pub(in crate::takedown) number: &'a str,
    pub(in crate::takedown) dataset: Option<&'a str>,
    pub(in crate::takedown) kind: &'a str,
    /// `requester`, `recipients`, `affected_party`, `mailbox`.
    pub(in crate::takedown) addressee: String,
    pub(in crate::takedown) to: Option<&'a str>,
    pub(in crate::takedown) subject: &'a str,
    pub(in crate::takedown) text: &'a str,
    pub(in crate::takedown) written_ms: i64,
}

/// A letter that is due to be posted.
#[derive(Debug, Clone)]
pub(in crate::takedown) struct QueuedLetter {
    pub(in crate::takedown) id: String,
    pub(in crate::takedown) number: String,
    pub(in crate::takedown) kind: String,
    pub(in crate::takedown) to: String,
    pub(in crate::takedown) subject: String,
    pub(in crate::takedown) text: String,
    pub(in crate::takedown) written_ms: i64,
    /// Attempts before this one.
    pub(in crate::takedown) attempts: i64,
    next_ms: i64,
}

impl Writing {
    /// Keeps a letter, queued where it has an address.
    pub(in crate::takedown) async fn insert_letter(&mut self, letter: &NewLetter<'_>) -> Result<(), StoreError> {
        let post = if letter.to.is_some() { PostState::Queued } else { PostState::Page };
        sqlx::query(
            "INSERT INTO letters
             (id, number, dataset, kind, addressee, mail_to, subject, text, written_ms, post, attempts, next_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $9)",
        )
        .bind(letter.id)
        .bind(letter.number)
        .bind(letter.dataset)
        .bind(letter.kind)
        .bind(letter.addressee.clone())
        .bind(letter.to.map(|to| clean(to).into_owned()))
        .bind(clean(letter.subject).into_owned())
        .bind(clean(letter.text).into_owned())
        .bind(letter.written_ms)
        .bind(name_of(&post)?)
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }
}

impl Store {
    /// The letters of a case, oldest first; only those to the person, or all. A letter to a mailbox of a row is shown to
    /// nobody: its code is what has to come back.
    pub(in crate::takedown) async fn letters(&self, number: &str, all: bool) -> Result<Vec<LetterLine>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, dataset, kind, mail_to, subject, text, written_ms, post FROM letters
             WHERE number = $1 AND addressee <> 'mailbox' AND ($2 = 1 OR addressee = 'requester')
             ORDER BY written_ms, id",
        )
        .bind(number)
        .bind(i64::from(all))
        .fetch_all(&self.readers)
        .await?;
        let line = |row: &sqlx::any::AnyRow| {
            let post: String = row.try_get(7)?;
            Ok(LetterLine {
                id: row.try_get(0)?,
                dataset: row.try_get(1)?,
                kind: row.try_get(2)?,
                to: row.try_get(3)?,
                subject: row.try_get(4)?,
                text: row.try_get(5)?,
                written_ms: row.try_get(6)?,
                post: named(&post)?,
            })
        };
        rows.iter().map(line).collect()
    }

    /// All letters of a case, those to a mailbox too.
    pub(in crate::takedown) async fn letter_ids(&self, number: &str) -> Result<Vec<String>, StoreError> {
        let rows =
            sqlx::query("SELECT id FROM letters WHERE number = $1").bind(number).fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// Letters whose time has come, oldest first.
    pub(in crate::takedown) async fn due_letters(
        &self,
        now_ms: i64,
        limit: i64,
    ) -> Result<Vec<QueuedLetter>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, number, mail_to, subject, text, written_ms, attempts, next_ms, kind FROM letters
             WHERE post = 'queued' AND next_ms <= $1 ORDER BY next_ms, id LIMIT $2",
        )
        .bind(now_ms)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        let letter = |row: &sqlx::any::AnyRow| {
            Ok(QueuedLetter {
                id: row.try_get(0)?,
                number: row.try_get(1)?,
                to: row.try_get::<Option<String>, _>(2)?.unwrap_or_default(),
                subject: row.try_get(3)?,
                text: row.try_get(4)?,
                written_ms: row.try_get(5)?,
                attempts: row.try_get(6)?,
                next_ms: row.try_get(7)?,
                kind: row.try_get(8)?,
            })
        };
        rows.iter().map(letter).collect()
    }

    /// Takes a letter for posting until `until_ms`; `false` where another process was faster.
    pub(in crate::takedown) async fn claim_letter(
        &self,
        letter: &QueuedLetter,
        until_ms: i64,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE letters SET next_ms = $1, attempts = attempts + 1
             WHERE id = $2 AND post = 'queued' AND next_ms = $3",
        )
        .bind(until_ms)
        .bind(&letter.id)
        .bind(letter.next_ms)
        .execute(&self.writers)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// What became of it: sent, given up, or to be tried again at `next_ms`.
    pub(in crate::takedown) async fn settle_letter(
        &self,
        id: &str,
        post: PostState,
        next_ms: i64,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE letters SET post = $1, next_ms = $2 WHERE id = $3")
            .bind(name_of(&post)?)
            .bind(next_ms)
            .bind(id)
            .execute(&self.writers)
            .await?;
        Ok(())
    }
}
