//! What is personal is taken out of the tables once its time has come.

use std::collections::BTreeMap;

use sqlx::Row as _;

use super::{Kind, Store, StoreError, StoredTarget, Writing, clean, from_json, to_json};
use crate::takedown::case::{Case, Target};
use crate::takedown::desk::types::Proof;
use crate::takedown::event_log::ERASURE;
use crate::takedown::proof::{Claim, Kind as ProofKind};
use crate::takedown::retention::{MARK, Part};

/// When parts of a case were erased, milliseconds.
pub(in crate::takedown) type Erased = BTreeMap<Part, i64>;

/// A case of which nothing waits for anybody.
#[derive(Debug, Clone)]
pub(in crate::takedown) struct QuietCase {
    pub(in crate::takedown) number: String,
    /// The last thing that happened to it, erasures apart.
    pub(in crate::takedown) last_ms: i64,
    pub(in crate::takedown) erased: Erased,
}

impl Store {
    /// Cases filed before `filed_before_ms` of which nothing is open, by number from `after` on.
    pub(in crate::takedown) async fn quiet_cases(
        &self,
        after: &str,
        filed_before_ms: i64,
        limit: i64,
    ) -> Result<Vec<QuietCase>, StoreError> {
        let rows = sqlx::query(
            "SELECT c.number, c.erased, c.filed_ms,
                    (SELECT MAX(e.at_ms) FROM events e WHERE e.number = c.number AND e.kind <> $4) AS last_ms,
                    (SELECT MAX(p.made_ms) FROM proof_claims p WHERE p.number = c.number) AS claimed_ms
             FROM cases c
             WHERE c.number > $1 AND c.filed_ms < $2
                   AND NOT EXISTS (SELECT 1 FROM targets t WHERE t.number = c.number AND t.is_open = 1)
             ORDER BY c.number LIMIT $3",
        )
        .bind(after)
        .bind(filed_before_ms)
        .bind(limit)
        .bind(ERASURE)
        .fetch_all(&self.readers)
        .await?;
        let quiet = |row: &sqlx::any::AnyRow| {
            let erased: Option<String> = row.try_get(1)?;
            let last_ms: i64 = row.try_get::<Option<i64>, _>(3)?.map_or_else(|| row.try_get(2), Ok)?;
            // Setting out to show something is no event of the log, and names a domain all the same.
            let claimed_ms: Option<i64> = row.try_get(4)?;
            Ok(QuietCase {
                number: row.try_get(0)?,
                last_ms: claimed_ms.map_or(last_ms, |claimed_ms| last_ms.max(claimed_ms)),
                erased: erased
                    .as_deref()
                    .map_or_else(|| Ok(Erased::new()), |text| from_json("what was erased", text))?,
            })
        };
        rows.iter().map(quiet).collect()
    }
}

impl Store {
    /// Empties SQLite's journal, which may still hold pages from before an erasure. PostgreSQL clears up by itself, some
    /// time later.
    pub(in crate::takedown) async fn clear_journal(&self) -> Result<(), StoreError> {
        if self.kind == Kind::Sqlite {
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(&self.writers).await?;
        }
        Ok(())
    }
}

impl Writing {
    /// Keeps a case without what was taken out of it. `search`: what the queue finds it by from now on.
    pub(in crate::takedown) async fn keep_erased_case(
        &mut self,
        case: &Case,
        search: &str,
        erased: &Erased,
    ) -> Result<(), StoreError> {
        let body = Case { targets: Vec::new(), events: Vec::new(), ..case.clone() };
        self.replace_words(&case.number, search).await?;
        sqlx::query("UPDATE cases SET body = $1, search = $2, erased = $3 WHERE number = $4")
            .bind(to_json(&body)?)
            .bind(clean(search).into_owned())
            .bind(to_json(erased)?)
            .bind(&case.number)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    /// The same for a target; its version goes up, so that nobody who read it before writes it back as it was.
    pub(in crate::takedown) async fn keep_erased_target(
        &mut self,
        stored: &StoredTarget,
        target: &Target,
    ) -> Result<(), StoreError> {
        let without_rows = Target { rows: Vec::new(), ..target.clone() };
        sqlx::query("UPDATE targets SET body = $1, version = version + 1 WHERE id = $2")
            .bind(to_json(&without_rows)?)
            .bind(stored.id)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    /// Takes a part of a case out of the tables beside its own.
    pub(in crate::takedown) async fn erase_part(&mut self, number: &str, part: Part) -> Result<(), StoreError> {
        match part {
            Part::Contact => self.erase_contact(number).await,
            // In the case's own text and in the log.
            Part::Messages => Ok(()),
            Part::Attachments => self.erase_attachments(number).await,
            Part::Letters => self.erase_letters(number).await,
        }
    }

    async fn erase_contact(&mut self, number: &str) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE cases SET person = '', name = CASE WHEN name IS NULL THEN NULL ELSE $1 END, email = NULL,
                              email_confirmed_ms = NULL WHERE number = $2",
        )
        .bind(MARK)
        .bind(number)
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query("DELETE FROM mail_tokens WHERE number = $1").bind(number).execute(&mut *self.transaction).await?;
        sqlx::query(
            "UPDATE letters SET mail_to = NULL, post = CASE WHEN post = 'queued' THEN 'failed' ELSE post END
             WHERE number = $1",
        )
        .bind(number)
        .execute(&mut *self.transaction)
        .await?;
        // What somebody set out to show names their domain or account.
        sqlx::query("DELETE FROM proof_claims WHERE number = $1").bind(number).execute(&mut *self.transaction).await?;
        sqlx::query("DELETE FROM proof_checks WHERE number = $1").bind(number).execute(&mut *self.transaction).await?;
        // What was proved and how surely stays; about whom goes.
        self.erase_proofs(number, |proof| {
            MARK.clone_into(&mut proof.subject);
            MARK.clone_into(&mut proof.note);
        })
        .await
    }

    /// Writes the proofs of a case anew, without what `erase` takes out of each.
    async fn erase_proofs(&mut self, number: &str, erase: impl Fn(&mut Proof)) -> Result<(), StoreError> {
        let rows = sqlx::query("SELECT checked_ms, body FROM proofs WHERE number = $1 ORDER BY checked_ms")
            .bind(number)
            .fetch_all(&mut *self.transaction)
            .await?;
        sqlx::query("DELETE FROM proofs WHERE number = $1").bind(number).execute(&mut *self.transaction).await?;
        for row in &rows {
            let mut proof: Proof = from_json("a proof", &row.try_get::<String, _>(1)?)?;
            erase(&mut proof);
            sqlx::query("INSERT INTO proofs (number, checked_ms, body) VALUES ($1, $2, $3)")
                .bind(number)
                .bind(row.try_get::<i64, _>(0)?)
                .bind(to_json(&proof)?)
                .execute(&mut *self.transaction)
                .await?;
        }
        Ok(())
    }

    /// A file becomes a text that says so; its digest would tell whoever has the file.
    async fn erase_attachments(&mut self, number: &str) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE attachments SET name = $1, media_type = 'text/plain', size = $2, sha256 = '', content = $3
             WHERE number = $4",
        )
        .bind(MARK)
        .bind(MARK.len() as i64)
        .bind(MARK.as_bytes().to_vec())
        .bind(number)
        .execute(&mut *self.transaction)
        .await?;
        self.erase_file_names(number).await
    }

    /// A file that was to show something is called by its name in the claim and in the proof, too.
    async fn erase_file_names(&mut self, number: &str) -> Result<(), StoreError> {
        let rows = sqlx::query("SELECT id, body FROM proof_claims WHERE number = $1")
            .bind(number)
            .fetch_all(&mut *self.transaction)
            .await?;
        for row in &rows {
            let claim: Claim = from_json("a claim", &row.try_get::<String, _>(1)?)?;
            if claim.attachment.is_some() {
                self.keep_claim(number, &Claim { subject: MARK.to_owned(), ..claim }).await?;
            }
        }
        self.erase_proofs(number, |proof| {
            if proof.kind == ProofKind::Mandate.name() {
                MARK.clone_into(&mut proof.subject);
            }
        })
        .await
    }

    async fn erase_letters(&mut self, number: &str) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE letters SET subject = $1, text = $1, mail_to = NULL,
                                post = CASE WHEN post = 'queued' THEN 'failed' ELSE post END WHERE number = $2",
        )
        .bind(MARK)
        .bind(number)
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }
}
