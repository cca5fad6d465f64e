//! The words by which the queue finds cases: one line a word and target, in the order of the words.
//!
//! Words are bytes here and not text, so that both databases order them alike, whatever language they were set up for.
//! Numbers of targets only grow: new lines of a frequent word stand side by side at its end, and writing them costs little.

use sqlx::{Any, AnyConnection, Executor, Row as _};

use super::{Kind, Store, StoreError, Writing, to_json};
use crate::takedown::search_words::{after_prefix, line, of_line};

/// The table, as a step of [`super::schema`]; [`fill`] follows it.
pub(super) const TABLES: &[&str] = &["CREATE TABLE target_words (
        word {bytes} NOT NULL,
        target BIGINT NOT NULL,
        PRIMARY KEY (word, target)
    ){compact}"];

/// A word that so many targets have is no help: going through the queue finds a page of them sooner.
const FEW: i64 = 5_000;
/// Fewer than this are looked through at once: no need to ask how many have the other words.
const VERY_FEW: i64 = 100;
/// Cases that are read at a time when an older store gets its words.
const CASES_AT_A_TIME: i64 = 500;

/// Words of the cases of an older store, which kept the text as it was written.
pub(super) async fn fill(kind: Kind, connection: &mut AnyConnection) -> Result<(), StoreError> {
    let mut after = String::new();
    loop {
        let cases = sqlx::query("SELECT number, search FROM cases WHERE number > $1 ORDER BY number LIMIT $2")
            .bind(after.clone())
            .bind(CASES_AT_A_TIME)
            .fetch_all(&mut *connection)
            .await?;
        for case in &cases {
            let (number, search): (String, String) = (case.try_get(0)?, case.try_get(1)?);
            let line = line(&format!("{search}\n{}", number.replace('-', "")));
            sqlx::query("UPDATE cases SET search = $1 WHERE number = $2")
                .bind(line.clone())
                .bind(number.clone())
                .execute(&mut *connection)
                .await?;
            let targets = sqlx::query("SELECT id FROM targets WHERE number = $1")
                .bind(number.clone())
                .fetch_all(&mut *connection)
                .await?;
            for target in &targets {
                insert(kind, &mut *connection, target.try_get(0)?, &line).await?;
            }
            after = number;
        }
        if (cases.len() as i64) < CASES_AT_A_TIME {
            return Ok(());
        }
    }
}

impl Writing {
    /// A target is found by the words of this line.
    pub(in crate::takedown) async fn insert_words(&mut self, target: i64, line: &str) -> Result<(), StoreError> {
        insert(self.kind, &mut *self.transaction, target, line).await
    }

    /// The targets of a case are found by the words of another line from now on. Before the case itself is changed.
    pub(super) async fn replace_words(&mut self, number: &str, line: &str) -> Result<(), StoreError> {
        let rows =
            sqlx::query("SELECT t.id, c.search FROM targets t JOIN cases c ON c.number = t.number WHERE t.number = $1")
                .bind(number)
                .fetch_all(&mut *self.transaction)
                .await?;
        let delete = match self.kind {
            Kind::Sqlite => {
                "DELETE FROM target_words WHERE target = $2
                 AND word IN (SELECT CAST(value AS BLOB) FROM json_each($1))"
            }
            Kind::Postgres => {
                "DELETE FROM target_words WHERE target = $2
                 AND word IN (SELECT convert_to(value, 'UTF8') FROM json_array_elements_text($1::json) AS value)"
            }
        };
        for row in &rows {
            let (target, old): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
            sqlx::query(delete).bind(to_json(&of_line(&old))?).bind(target).execute(&mut *self.transaction).await?;
            self.insert_words(target, line).await?;
        }
        Ok(())
    }
}

impl Store {
    /// The word of these that the fewest targets have, where those are few.
    pub(super) async fn rarest<'a>(&self, words: &'a [String]) -> Result<Option<&'a str>, StoreError> {
        let mut rarest = None;
        let mut fewest = FEW;
        for word in words {
            let row = sqlx::query(
                "SELECT COUNT(*) FROM (SELECT 1 FROM target_words WHERE word >= $1 AND word < $2 LIMIT $3) AS found",
            )
            .bind(word.as_bytes().to_vec())
            .bind(after_prefix(word))
            .bind(fewest)
            .fetch_one(&self.readers)
            .await?;
            let count: i64 = row.try_get(0)?;
            if count < fewest {
                (rarest, fewest) = (Some(word.as_str()), count);
            }
            if fewest < VERY_FEW {
                break;
            }
        }
        Ok(rarest)
    }
}

async fn insert<'e>(
    kind: Kind,
    at: impl Executor<'e, Database = Any>,
    target: i64,
    line: &str,
) -> Result<(), StoreError> {
    let insert = match kind {
        Kind::Sqlite => {
            "INSERT OR IGNORE INTO target_words (word, target) SELECT CAST(value AS BLOB), $2 FROM json_each($1)"
        }
        Kind::Postgres => {
            "INSERT INTO target_words (word, target)
             SELECT convert_to(value, 'UTF8'), $2 FROM json_array_elements_text($1::json) AS value
             ON CONFLICT DO NOTHING"
        }
    };
    let words = of_line(line);
    if !words.is_empty() {
        sqlx::query(insert).bind(to_json(&words)?).bind(target).execute(at).await?;
    }
    Ok(())
}
