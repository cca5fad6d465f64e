//! What hangs on a case: attached files, proofs of who asks, links that confirm an address.

use sqlx::Row as _;

use super::{Store, StoreError, Writing, clean, from_json, name_of, to_json};
use crate::takedown::case::Actor;
use crate::takedown::desk::types::{Attachment, AttachmentLine, Proof};

impl Writing {
    pub(in crate::takedown) async fn insert_attachment(
        &mut self,
        number: &str,
        line: &AttachmentLine,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO attachments (id, number, name, media_type, size, sha256, at_ms, actor, content)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(&line.id)
        .bind(number)
        .bind(clean(&line.name).into_owned())
        .bind(clean(&line.media_type).into_owned())
        .bind(bytes.len() as i64)
        .bind(&line.sha256)
        .bind(line.at_ms)
        .bind(to_json(&line.by)?)
        .bind(bytes.to_vec())
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// `false` where there is none.
    pub(in crate::takedown) async fn delete_attachment(&mut self, number: &str, id: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM attachments WHERE number = $1 AND id = $2")
            .bind(number)
            .bind(id)
            .execute(&mut *self.transaction)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Keeps a proof, and shows the strongest one in the queue.
    pub(in crate::takedown) async fn insert_proof(
        &mut self,
        number: &str,
        proof: &Proof,
        strongest: &Proof,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO proofs (number, checked_ms, body) VALUES ($1, $2, $3)")
            .bind(number)
            .bind(proof.checked_ms)
            .bind(to_json(proof)?)
            .execute(&mut *self.transaction)
            .await?;
        sqlx::query("UPDATE targets SET proof = $1 WHERE number = $2")
            .bind(name_of(&strongest.strength)?)
            .bind(number)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    pub(in crate::takedown) async fn insert_mail_token(
        &mut self,
        digest: &str,
        number: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO mail_tokens (digest, number, made_ms) VALUES ($1, $2, $3)")
            .bind(digest)
            .bind(number)
            .bind(now_ms)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    /// Confirms the address of the case behind a link made after `since_ms`; a link works again, since mail programs
    /// open links before people do. `None` for a link that was never made or is too old.
    pub(in crate::takedown) async fn confirm_mail(
        &mut self,
        digest: &str,
        since_ms: i64,
        now_ms: i64,
    ) -> Result<Option<(String, bool)>, StoreError> {
        let row = sqlx::query("SELECT number FROM mail_tokens WHERE digest = $1 AND made_ms > $2")
            .bind(digest)
            .bind(since_ms)
            .fetch_optional(&mut *self.transaction)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let number: String = row.try_get(0)?;
        let done =
            sqlx::query("UPDATE cases SET email_confirmed_ms = $1 WHERE number = $2 AND email_confirmed_ms IS NULL")
                .bind(now_ms)
                .bind(&number)
                .execute(&mut *self.transaction)
                .await?;
        Ok(Some((number, done.rows_affected() == 1)))
    }
}

impl Store {
    pub(in crate::takedown) async fn attachments(&self, number: &str) -> Result<Vec<AttachmentLine>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, name, media_type, size, sha256, at_ms, actor FROM attachments
             WHERE number = $1 ORDER BY at_ms, id",
        )
        .bind(number)
        .fetch_all(&self.readers)
        .await?;
        let line = |row: &sqlx::any::AnyRow| {
            let actor: String = row.try_get(6)?;
            Ok(AttachmentLine {
                id: row.try_get(0)?,
                name: row.try_get(1)?,
                media_type: row.try_get(2)?,
                bytes: row.try_get::<i64, _>(3)?.unsigned_abs(),
                sha256: row.try_get(4)?,
                at_ms: row.try_get(5)?,
                by: from_json::<Actor>("an attachment", &actor)?,
            })
        };
        rows.iter().map(line).collect()
    }

    pub(in crate::takedown) async fn attachment(
        &self,
        number: &str,
        id: &str,
    ) -> Result<Option<Attachment>, StoreError> {
        let row = sqlx::query("SELECT name, media_type, content FROM attachments WHERE number = $1 AND id = $2")
            .bind(number)
            .bind(id)
            .fetch_optional(&self.readers)
            .await?;
        let attachment = |row: sqlx::any::AnyRow| {
            Ok(Attachment { name: row.try_get(0)?, media_type: row.try_get(1)?, bytes: row.try_get(2)? })
        };
        row.map(attachment).transpose()
    }

    pub(in crate::takedown) async fn proofs(&self, number: &str) -> Result<Vec<Proof>, StoreError> {
        let rows = sqlx::query("SELECT body FROM proofs WHERE number = $1 ORDER BY checked_ms")
            .bind(number)
            .fetch_all(&self.readers)
            .await?;
        let proof = |row: &sqlx::any::AnyRow| from_json("a proof", &row.try_get::<String, _>(0)?);
        rows.iter().map(proof).collect()
    }
}
