//! The log: appended to, read by case, walked through to be verified.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

use super::{Store, StoreError, Writing, clean, to_json};
use crate::takedown::case::{Actor, Event};
use crate::takedown::desk::types::LogCheck;
use crate::takedown::event_log::{Line, NO_DETAIL, Seal, Verifier};
use crate::takedown::retention::MARK;

/// Lines that are read at a time when the whole log is walked through.
const LINES_AT_A_TIME: i64 = 5_000;

const COLUMNS: &str = "seq, number, dataset, at_ms, actor, kind, text, detail, hash, text_salt, text_digest, \
                       detail_salt, detail_digest";

/// Something to be written into the log.
#[derive(Debug, Clone)]
pub(in crate::takedown) struct Happened<'a> {
    /// Empty where it belongs to no case (a sign-in).
    pub(in crate::takedown) case: &'a str,
    pub(in crate::takedown) dataset: Option<&'a str>,
    pub(in crate::takedown) at_ms: i64,
    pub(in crate::takedown) actor: &'a Actor,
    pub(in crate::takedown) kind: &'a str,
    pub(in crate::takedown) text: &'a str,
    pub(in crate::takedown) detail: &'a serde_json::Value,
    /// For text and detail: fresh randomness.
    pub(in crate::takedown) salts: [[u8; 16]; 2],
}

impl Writing {
    /// Adds a line to the log.
    pub(in crate::takedown) async fn log(&mut self, happened: &Happened<'_>) -> Result<(), StoreError> {
        let line = self.chain(Line {
            seq: 0,
            case: happened.case.to_owned(),
            dataset: happened.dataset.map(ToOwned::to_owned),
            at_ms: happened.at_ms,
            actor: to_json(happened.actor)?,
            kind: happened.kind.to_owned(),
            text: clean(happened.text).into_owned(),
            detail: to_json(happened.detail)?,
            text_seal: Seal::salted(&happened.salts[0]),
            detail_seal: Seal::salted(&happened.salts[1]),
            hash: String::new(),
        });
        sqlx::query(
            "INSERT INTO events (seq, number, dataset, at_ms, actor, kind, text, detail, hash, text_salt, detail_salt)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(line.seq)
        .bind(line.case)
        .bind(line.dataset)
        .bind(line.at_ms)
        .bind(line.actor)
        .bind(line.kind)
        .bind(line.text)
        .bind(line.detail)
        .bind(line.hash)
        .bind(line.text_seal.salt)
        .bind(line.detail_seal.salt)
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Erases the texts and details of a case's events of these kinds; gives the lines that were. Their hashes still hold.
    pub(in crate::takedown) async fn erase_events(
        &mut self,
        number: &str,
        texts: &[&str],
        details: &[&str],
    ) -> Result<Vec<i64>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM events WHERE number = $1 ORDER BY seq");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(number).fetch_all(&mut *self.transaction).await?;
        let mut erased = Vec::new();
        for row in &rows {
            let mut line = line_of(row)?;
            let text = texts.contains(&line.kind.as_str()) && line.text_seal.erased.is_none();
            let detail = details.contains(&line.kind.as_str()) && line.detail_seal.erased.is_none();
            if text {
                line.text_seal = line.text_seal.of_erased(&line.text);
                MARK.clone_into(&mut line.text);
            }
            if detail {
                line.detail_seal = line.detail_seal.of_erased(&line.detail);
                NO_DETAIL.clone_into(&mut line.detail);
            }
            if text || detail {
                self.blank_event(&line).await?;
                erased.push(line.seq);
            }
        }
        Ok(erased)
    }

    async fn blank_event(&mut self, line: &Line) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE events SET text = $1, text_salt = $2, text_digest = $3, detail = $4, detail_salt = $5,
                               detail_digest = $6 WHERE seq = $7",
        )
        .bind(&line.text)
        .bind(&line.text_seal.salt)
        .bind(&line.text_seal.erased)
        .bind(&line.detail)
        .bind(&line.detail_seal.salt)
        .bind(&line.detail_seal.erased)
        .bind(line.seq)
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }
}

impl Store {
    /// Everything that happened to a case, in order.
    pub(in crate::takedown) async fn events(&self, number: &str) -> Result<Vec<Event>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM events WHERE number = $1 ORDER BY seq");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(number).fetch_all(&self.readers).await?;
        rows.iter().map(|row| line_of(row).map(Line::into_event)).collect()
    }

    /// The number of the newest line.
    pub(in crate::takedown) async fn log_head(&self) -> Result<i64, StoreError> {
        let row = sqlx::query("SELECT seq FROM log_head WHERE id = 1").fetch_one(&self.readers).await?;
        Ok(row.try_get(0)?)
    }

    /// Walks through the whole log.
    pub(in crate::takedown) async fn verify_log(&self) -> Result<LogCheck, StoreError> {
        // One moment: lines that are added meanwhile, and what is erased meanwhile, are not looked at.
        let mut moment = self.read().await?;
        let head = sqlx::query("SELECT seq, hash FROM log_head WHERE id = 1").fetch_one(&mut *moment).await?;
        let (last, hash): (i64, String) = (head.try_get(0)?, head.try_get(1)?);
        let mut verifier = Verifier::default();
        let mut after = i64::MIN;
        loop {
            let sql = format!("SELECT {COLUMNS} FROM events WHERE seq > $1 ORDER BY seq LIMIT $2");
            let query = sqlx::query(AssertSqlSafe(sql)).bind(after).bind(LINES_AT_A_TIME);
            let rows = query.fetch_all(&mut *moment).await?;
            for row in &rows {
                let line = line_of(row)?;
                after = line.seq;
                verifier.take(&line);
            }
            if (rows.len() as i64) < LINES_AT_A_TIME {
                moment.rollback().await?;
                return Ok(verifier.finish(last, &hash));
            }
        }
    }
}

fn line_of(row: &AnyRow) -> Result<Line, StoreError> {
    Ok(Line {
        seq: row.try_get(0)?,
        case: row.try_get(1)?,
        dataset: row.try_get(2)?,
        at_ms: row.try_get(3)?,
        actor: row.try_get(4)?,
        kind: row.try_get(5)?,
        text: row.try_get(6)?,
        detail: row.try_get(7)?,
        hash: row.try_get(8)?,
        text_seal: Seal { salt: row.try_get(9)?, erased: row.try_get(10)? },
        detail_seal: Seal { salt: row.try_get(11)?, erased: row.try_get(12)? },
    })
}
