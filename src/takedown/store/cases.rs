//! Cases and their targets: written, changed by compare-and-set, read.

use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::rows::{picture_key, records_of, row_key, rows_of, states_of};
use super::tallies::Standing;
use super::{Kind, Store, StoreError, Writing, clean, from_json, to_json};
use crate::takedown::case::{Case, RowState, Target};

/// The due date of what is not due: after all others.
pub(super) const NEVER: &str = "9999-12-31";

/// A case without its targets and events.
#[derive(Debug, Clone)]
pub(in crate::takedown) struct CaseRow {
    pub(in crate::takedown) case: Case,
    pub(in crate::takedown) passphrase_hash: String,
    /// Digest of who filed it; empty where nothing is known of them.
    pub(in crate::takedown) person: String,
    /// What the queue finds it by: a line of its words.
    pub(in crate::takedown) search: String,
    pub(in crate::takedown) email_confirmed_ms: Option<i64>,
}

/// A target with what the store knows beside it.
#[derive(Debug, Clone)]
pub(in crate::takedown) struct StoredTarget {
    pub(in crate::takedown) id: i64,
    pub(in crate::takedown) number: String,
    pub(in crate::takedown) version: i64,
    pub(in crate::takedown) assigned: Option<String>,
    pub(in crate::takedown) target: Target,
}

/// The columns that follow from a target.
struct Columns {
    basis: String,
    standing: Standing,
    row_count: i64,
    granted_count: i64,
    body: String,
}

impl Columns {
    fn of(target: &Target) -> Result<Self, StoreError> {
        let granted = target.rows.iter().filter(|row| row.state == RowState::Granted).count();
        let without_rows = Target { rows: Vec::new(), ..target.clone() };
        Ok(Self {
            basis: target.basis.name().to_owned(),
            standing: Standing::of(target)?,
            row_count: target.rows.len() as i64,
            granted_count: granted as i64,
            body: to_json(&without_rows)?,
        })
    }
}

impl Writing {
    /// `false` where the number is taken.
    pub(in crate::takedown) async fn insert_case(&mut self, row: &CaseRow) -> Result<bool, StoreError> {
        let case = &row.case;
        let body = Case { targets: Vec::new(), events: Vec::new(), ..case.clone() };
        let done = sqlx::query(
            "INSERT INTO cases
             (number, passphrase_hash, filed_ms, person, search, name, relationship, email, email_confirmed_ms, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        )
        .bind(&case.number)
        .bind(&row.passphrase_hash)
        .bind(case.filed_ms)
        .bind(&row.person)
        .bind(clean(&row.search).into_owned())
        .bind(case.requester.name.as_deref().map(|name| clean(name).into_owned()))
        .bind(case.requester.relationship.as_deref().map(|name| clean(name).into_owned()))
        .bind(case.requester.email.as_deref().map(|email| clean(email).into_owned()))
        .bind(row.email_confirmed_ms)
        .bind(to_json(&body)?)
        .execute(&mut *self.transaction)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// A new target, at version 1.
    pub(in crate::takedown) async fn insert_target(
        &mut self,
        number: &str,
        target: &Target,
    ) -> Result<i64, StoreError> {
        let id = self.next_target();
        let columns = Columns::of(target)?;
        sqlx::query(
            "INSERT INTO targets (id, number, dataset, basis, state, is_open, due_key, received_ms, decided_ms,
                                  decided_late, version, row_count, granted_count, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 1, $10, $11, $12)",
        )
        .bind(id)
        .bind(number)
        .bind(&target.dataset)
        .bind(columns.basis)
        .bind(columns.standing.state)
        .bind(columns.standing.is_open)
        .bind(columns.standing.due_key)
        .bind(target.received_ms)
        .bind(target.decided_ms)
        .bind(columns.row_count)
        .bind(columns.granted_count)
        .bind(columns.body)
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query("INSERT INTO target_rows (target, records, states) VALUES ($1, $2, $3)")
            .bind(id)
            .bind(records_of(&target.rows)?)
            .bind(states_of(&target.rows))
            .execute(&mut *self.transaction)
            .await?;
        self.tally(None, target).await?;
        self.insert_keys(id, target).await?;
        Ok(id)
    }

    /// Replaces a target that is still at `version`; `false` where it is not, and nothing was changed.
    pub(in crate::takedown) async fn update_target(
        &mut self,
        old: &StoredTarget,
        target: &Target,
    ) -> Result<bool, StoreError> {
        let columns = Columns::of(target)?;
        // The due date goes when a decision is made: whether it was kept is seen only now.
        let decided_now = target.decided_ms.is_some() && target.decided_ms != old.target.decided_ms;
        let late = match (&target.memo.decided_on, &old.target.due) {
            (Some(decided), Some(due)) if decided_now => i64::from(decided > due),
            _ => -1,
        };
        let done = sqlx::query(
            "UPDATE targets SET state = $1, is_open = $2, due_key = $3, decided_ms = $4,
                                decided_late = CASE WHEN $5 < 0 THEN decided_late ELSE $5 END,
                                row_count = $6, granted_count = $7, body = $8, version = version + 1
             WHERE id = $9 AND version = $10",
        )
        .bind(columns.standing.state)
        .bind(columns.standing.is_open)
        .bind(columns.standing.due_key)
        .bind(target.decided_ms)
        .bind(late)
        .bind(columns.row_count)
        .bind(columns.granted_count)
        .bind(columns.body)
        .bind(old.id)
        .bind(old.version)
        .execute(&mut *self.transaction)
        .await?;
        if done.rows_affected() != 1 {
            return Ok(false);
        }
        self.keep_facts(old.id, &old.target, target).await?;
        self.tally(Some(&old.target), target).await?;
        let before = &old.target.rows;
        let same_records = before.len() == target.rows.len()
            && before.iter().zip(&target.rows).all(|(before, after)| before.record == after.record);
        if !same_records {
            sqlx::query("UPDATE target_rows SET records = $1, states = $2 WHERE target = $3")
                .bind(records_of(&target.rows)?)
                .bind(states_of(&target.rows))
                .bind(old.id)
                .execute(&mut *self.transaction)
                .await?;
            self.insert_keys(old.id, target).await?;
        } else if *before != target.rows {
            sqlx::query("UPDATE target_rows SET states = $1 WHERE target = $2")
                .bind(states_of(&target.rows))
                .bind(old.id)
                .execute(&mut *self.transaction)
                .await?;
        }
        Ok(true)
    }

    /// Gives a target to an account, or to nobody; `false` where it is not at `version` any more.
    pub(in crate::takedown) async fn assign(
        &mut self,
        id: i64,
        version: i64,
        to: Option<&str>,
    ) -> Result<bool, StoreError> {
        let done =
            sqlx::query("UPDATE targets SET assigned = $1, version = version + 1 WHERE id = $2 AND version = $3")
                .bind(to)
                .bind(id)
                .bind(version)
                .execute(&mut *self.transaction)
                .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn insert_keys(&mut self, id: i64, target: &Target) -> Result<(), StoreError> {
        let rows = target.rows.iter().map(|row| row_key(&target.dataset, &row.record.id));
        let pictures = target.rows.iter().filter_map(|row| picture_key(&row.record));
        let mut keys: Vec<i64> = rows.chain(pictures).collect();
        // In order: neighbors in the index are written together.
        keys.sort_unstable();
        keys.dedup();
        if keys.is_empty() {
            return Ok(());
        }
        let insert = match self.kind {
            Kind::Sqlite => "INSERT OR IGNORE INTO row_keys (row_key, target) SELECT value, $2 FROM json_each($1)",
            Kind::Postgres => {
                "INSERT INTO row_keys (row_key, target)
                 SELECT value::bigint, $2 FROM json_array_elements_text($1::json) AS value ON CONFLICT DO NOTHING"
            }
        };
        sqlx::query(insert).bind(to_json(&keys)?).bind(id).execute(&mut *self.transaction).await?;
        Ok(())
    }

    /// A case as it is inside this transaction: nobody else can change it before the commit.
    pub(in crate::takedown) async fn targets_with_rows(
        &mut self,
        ids: &[i64],
    ) -> Result<Vec<StoredTarget>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            let row = sqlx::query(TARGETS_BY_ID).bind(*id).fetch_optional(&mut *self.transaction).await?;
            found.extend(row.as_ref().map(stored).transpose()?);
        }
        Ok(found)
    }
}

const TARGETS_BY_CASE: &str = "SELECT t.id, t.number, t.version, t.assigned, t.body, r.records, r.states
    FROM targets t JOIN target_rows r ON r.target = t.id WHERE t.number = $1 ORDER BY t.id";
const TARGETS_BY_ID: &str = "SELECT t.id, t.number, t.version, t.assigned, t.body, r.records, r.states
    FROM targets t JOIN target_rows r ON r.target = t.id WHERE t.id = $1";
const TARGETS_GRANTED: &str = "SELECT t.id, t.number, t.version, t.assigned, t.body, r.records, r.states
    FROM targets t JOIN target_rows r ON r.target = t.id
    WHERE t.dataset = $1 AND t.granted_count > 0 AND t.id > $2 ORDER BY t.id LIMIT $3";

impl Store {
    /// One moment of the store, for several questions about one case.
    pub(super) async fn read(&self) -> Result<Transaction<'static, Any>, StoreError> {
        let begin = match self.kind {
            Kind::Sqlite => "BEGIN",
            Kind::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        Ok(self.readers.begin_with(begin).await?)
    }

    /// The passphrase's hash of a case.
    pub(in crate::takedown) async fn passphrase_hash(&self, number: &str) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT passphrase_hash FROM cases WHERE number = $1")
            .bind(number)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    /// A case and its targets with all their rows, as they are at one moment; its events are read apart.
    pub(in crate::takedown) async fn case(
        &self,
        number: &str,
    ) -> Result<Option<(CaseRow, Vec<StoredTarget>)>, StoreError> {
        let mut moment = self.read().await?;
        let row = sqlx::query(
            "SELECT body, passphrase_hash, person, search, email_confirmed_ms FROM cases WHERE number = $1",
        )
        .bind(number)
        .fetch_optional(&mut *moment)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let body: String = row.try_get(0)?;
        let case = CaseRow {
            case: from_json("a case", &body)?,
            passphrase_hash: row.try_get(1)?,
            person: row.try_get(2)?,
            search: row.try_get(3)?,
            email_confirmed_ms: row.try_get(4)?,
        };
        let rows = sqlx::query(TARGETS_BY_CASE).bind(number).fetch_all(&mut *moment).await?;
        moment.rollback().await?;
        let targets = rows.iter().map(stored).collect::<Result<_, _>>()?;
        Ok(Some((case, targets)))
    }

    /// A target with all its rows.
    pub(in crate::takedown) async fn target(&self, id: i64) -> Result<Option<StoredTarget>, StoreError> {
        let row = sqlx::query(TARGETS_BY_ID).bind(id).fetch_optional(&self.readers).await?;
        row.as_ref().map(stored).transpose()
    }

    /// Targets of a dataset that hold granted rows, by number from `after` on.
    pub(in crate::takedown) async fn granted_after(
        &self,
        dataset: &str,
        after: i64,
        limit: i64,
    ) -> Result<Vec<StoredTarget>, StoreError> {
        let rows = sqlx::query(TARGETS_GRANTED).bind(dataset).bind(after).bind(limit).fetch_all(&self.readers).await?;
        rows.iter().map(stored).collect()
    }
}

fn stored(row: &AnyRow) -> Result<StoredTarget, StoreError> {
    let body: String = row.try_get(4)?;
    let (records, states): (Vec<u8>, String) = (row.try_get(5)?, row.try_get(6)?);
    let target: Target = from_json("a target", &body)?;
    Ok(StoredTarget {
        id: row.try_get(0)?,
        number: row.try_get(1)?,
        version: row.try_get(2)?,
        assigned: row.try_get(3)?,
        target: Target { rows: rows_of(&records, &states)?, ..target },
    })
}
