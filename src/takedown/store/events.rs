//! The log: appended to, read by case, walked through to be verified.

use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{Store, StoreError, Writing, clean, to_json};
use crate::takedown::case::{Actor, Event};
use crate::takedown::desk::types::LogCheck;
use crate::takedown::event_log::{Line, Verifier};

/// Lines that are read at a time when the whole log is walked through.
const LINES_AT_A_TIME: i64 = 5_000;

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
            hash: String::new(),
        });
        sqlx::query(
            "INSERT INTO events (seq, number, dataset, at_ms, actor, kind, text, detail, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
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
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }
}

impl Store {
    /// Everything that happened to a case, in order.
    pub(in crate::takedown) async fn events(&self, number: &str) -> Result<Vec<Event>, StoreError> {
        let rows = sqlx::query(
            "SELECT seq, number, dataset, at_ms, actor, kind, text, detail, hash FROM events
             WHERE number = $1 ORDER BY seq",
        )
        .bind(number)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| line_of(row).map(Line::into_event)).collect()
    }

    /// Walks through the whole log.
    pub(in crate::takedown) async fn verify_log(&self) -> Result<LogCheck, StoreError> {
        // The head first: lines that are added meanwhile are beyond it and not looked at.
        let head = sqlx::query("SELECT seq, hash FROM log_head WHERE id = 1").fetch_one(&self.readers).await?;
        let (last, hash): (i64, String) = (head.try_get(0)?, head.try_get(1)?);
        let grown = |seq: i64| async move {
            let head = sqlx::query("SELECT seq FROM log_head WHERE id = 1").fetch_one(&self.readers).await?;
            Ok::<bool, StoreError>(head.try_get::<i64, _>(0)? > seq)
        };
        let mut verifier = Verifier::default();
        let mut after = i64::MIN;
        loop {
            let rows = sqlx::query(
                "SELECT seq, number, dataset, at_ms, actor, kind, text, detail, hash FROM events
                 WHERE seq > $1 ORDER BY seq LIMIT $2",
            )
            .bind(after)
            .bind(LINES_AT_A_TIME)
            .fetch_all(&self.readers)
            .await?;
            for row in &rows {
                let line = line_of(row)?;
                after = line.seq;
                // A line beyond the head is new, unless the head is still where it was: then nobody wrote it properly.
                if line.seq > last && grown(last).await? {
                    return Ok(verifier.finish(last, &hash));
                }
                verifier.take(&line);
            }
            if (rows.len() as i64) < LINES_AT_A_TIME {
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
    })
}
