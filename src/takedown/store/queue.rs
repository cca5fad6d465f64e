//! The maintainers' queue: a page of targets by due date, their counts, and the numbers of the transparency page.

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe, Row as _};

use super::cases::NEVER;
use super::{Store, StoreError, from_json, name_of, named};
use crate::takedown::case::Target;
use crate::takedown::desk::types::{QueueCount, QueueFilter, QueueLine, Statistics};
use crate::takedown::search_words::{after_prefix, typed};

/// A value that stands for one `$n`.
enum Bound {
    Text(String),
    Number(i64),
    Bytes(Vec<u8>),
}

/// Conditions of a query, with what stands for their placeholders. Texts of visitors are only ever bound.
#[derive(Default)]
struct Conditions {
    sql: String,
    values: Vec<Bound>,
}

impl Conditions {
    /// Adds a condition; each `?` in it stands for the next of `values`.
    fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Bound>) {
        self.sql.push_str(if self.sql.is_empty() { " WHERE " } else { " AND " });
        let mut values = values.into_iter();
        for (at, part) in condition.split('?').enumerate() {
            if at > 0 {
                self.values.extend(values.next());
                self.sql.push('$');
                self.sql.push_str(&self.values.len().to_string());
            }
            self.sql.push_str(part);
        }
    }

    /// What stands in SQL for a value.
    fn place(&mut self, value: Bound) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    /// Only these datasets; `None` is all of them.
    fn and_datasets(&mut self, datasets: Option<&[String]>) {
        let Some(datasets) = datasets else { return };
        let places = vec!["?"; datasets.len().max(1)].join(", ");
        let names = datasets.iter().cloned().map(Bound::Text);
        // An account with no dataset at all sees nothing: no dataset is called so.
        let nothing = datasets.is_empty().then(|| Bound::Text(String::new()));
        self.and(&format!("t.dataset IN ({places})"), names.chain(nothing));
    }

    fn query(self, before: &str, after: &str) -> Query<'static, Any, AnyArguments> {
        let sql = format!("{before}{}{after}", self.sql);
        let query = sqlx::query(AssertSqlSafe(sql));
        self.values.into_iter().fold(query, |query, value| match value {
            Bound::Text(text) => query.bind(text),
            Bound::Number(number) => query.bind(number),
            Bound::Bytes(bytes) => query.bind(bytes),
        })
    }
}

/// A place in the queue: the last line of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::takedown) struct Place {
    due_key: String,
    id: i64,
}

impl Place {
    pub(in crate::takedown) fn read(cursor: &str) -> Option<Self> {
        let (due_key, id) = cursor.split_once('~')?;
        let plausible = due_key.len() == NEVER.len() && due_key.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        Some(Self { due_key: due_key.to_owned(), id: id.parse().ok().filter(|_| plausible)? })
    }

    fn write(&self) -> String {
        format!("{}~{}", self.due_key, self.id)
    }
}

impl Store {
    /// A page of the queue and the cursor of the next one. `datasets`: those the account may see, `None` for all.
    pub(in crate::takedown) async fn queue(
        &self,
        datasets: Option<&[String]>,
        filter: &QueueFilter,
        after: Option<&Place>,
    ) -> Result<(Vec<QueueLine>, Option<String>), StoreError> {
        let limit =
            if filter.limit == 0 { QueueFilter::LINES_DEFAULT } else { filter.limit.min(QueueFilter::LINES_MAX) };
        let mut conditions = Conditions::default();
        let typed = filter.text.as_deref().filter(|text| !text.trim().is_empty()).map(typed);
        let rarest = match typed.as_deref() {
            // Signs alone stand in no word.
            Some([]) => return Ok((Vec::new(), None)),
            Some(words) => self.rarest(words).await?,
            None => None,
        };
        let of_word = match rarest {
            // Read first, whatever the database thinks: a rare word leads to its few targets.
            Some(word) => {
                let (from, to) = (word.as_bytes().to_vec(), after_prefix(word));
                let (from, to) = (conditions.place(Bound::Bytes(from)), conditions.place(Bound::Bytes(to)));
                conditions.and("t.id = w.target", []);
                format!("(SELECT DISTINCT target FROM target_words WHERE word >= {from} AND word < {to}) w CROSS JOIN ")
            }
            None => String::new(),
        };
        conditions.and("c.number = t.number", []);
        narrow(&mut conditions, datasets, filter, after)?;
        for word in typed.iter().flatten() {
            // The signs that mean something to LIKE mean themselves.
            let plain = word.replace('!', "!!").replace('%', "!%").replace('_', "!_");
            conditions.and("c.search LIKE ? ESCAPE '!'", [Bound::Text(format!("% {plain}%"))]);
        }
        let rows = conditions
            .query(
                &format!(
                    "SELECT t.id, t.number, t.dataset, t.state, t.due_key, t.version, t.assigned, t.proof, t.row_count,
                            t.granted_count, t.body, c.name, c.relationship
                     FROM {of_word}targets t CROSS JOIN cases c"
                ),
                // One line more tells whether there is a next page.
                &format!(" ORDER BY t.due_key, t.id LIMIT {}", limit + 1),
            )
            .fetch_all(&self.readers)
            .await?;
        let more = rows.len() > limit;
        let lines = rows.iter().take(limit).map(line_of).collect::<Result<Vec<_>, StoreError>>()?;
        let last = if more { rows.get(limit - 1) } else { None };
        let next = last.map(|row| Ok::<_, StoreError>(Place { due_key: row.try_get(4)?, id: row.try_get(0)? }.write()));
        Ok((lines, next.transpose()?))
    }

    /// Targets by dataset and state.
    pub(in crate::takedown) async fn counts(&self, datasets: Option<&[String]>) -> Result<Vec<QueueCount>, StoreError> {
        let mut conditions = Conditions::default();
        conditions.and_datasets(datasets);
        let rows = conditions
            .query(
                "SELECT t.dataset, t.state, CAST(SUM(t.targets) AS BIGINT) FROM tallies t",
                " GROUP BY t.dataset, t.state HAVING SUM(t.targets) > 0 ORDER BY t.dataset, t.state",
            )
            .fetch_all(&self.readers)
            .await?;
        let count = |row: &AnyRow| {
            Ok(QueueCount {
                dataset: row.try_get(0)?,
                state: named(&row.try_get::<String, _>(1)?)?,
                targets: row.try_get::<i64, _>(2)?.unsigned_abs(),
            })
        };
        rows.iter().map(count).collect()
    }

    /// Open targets that were due before `today`.
    pub(in crate::takedown) async fn overdue(
        &self,
        datasets: Option<&[String]>,
        today: &str,
    ) -> Result<u64, StoreError> {
        let mut conditions = Conditions::default();
        conditions.and("t.is_open = 1 AND t.due_key < ?", [Bound::Text(today.to_owned())]);
        conditions.and_datasets(datasets);
        let sum = "SELECT CAST(COALESCE(SUM(t.targets), 0) AS BIGINT) FROM tallies t";
        let row = conditions.query(sum, "").fetch_one(&self.readers).await?;
        Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
    }

    /// Targets that wait for an answer of the person.
    pub(in crate::takedown) async fn waiting_for_people(&self) -> Result<Vec<(String, String)>, StoreError> {
        let rows =
            sqlx::query("SELECT number, dataset FROM targets WHERE state IN ('needs_info', 'verifying') ORDER BY id")
                .fetch_all(&self.readers)
                .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// Targets of a dataset that follow the outcome of another case, with that case's number as it was typed.
    pub(in crate::takedown) async fn duplicates(&self, dataset: &str) -> Result<Vec<(String, String)>, StoreError> {
        let rows =
            sqlx::query("SELECT number, body FROM targets WHERE state = 'duplicate' AND dataset = $1 ORDER BY id")
                .bind(dataset)
                .fetch_all(&self.readers)
                .await?;
        let mut found = Vec::new();
        for row in &rows {
            let target: Target = from_json("a target", &row.try_get::<String, _>(1)?)?;
            if let Some(of) = target.memo.duplicate_of {
                found.push((row.try_get(0)?, of));
            }
        }
        Ok(found)
    }

    pub(in crate::takedown) async fn statistics(
        &self,
        dataset: Option<&str>,
        today: &str,
    ) -> Result<Statistics, StoreError> {
        let only = dataset.map(|dataset| [dataset.to_owned()]);
        let only = only.as_ref().map(<[String; 1]>::as_slice);
        let of = |extra: &str| {
            let mut conditions = Conditions::default();
            conditions.and_datasets(only);
            if !extra.is_empty() {
                conditions.and(extra, []);
            }
            conditions
        };
        let totals = of("")
            .query(
                "SELECT COUNT(*), CAST(COALESCE(SUM(t.row_count), 0) AS BIGINT),
                        CAST(COALESCE(SUM(t.granted_count), 0) AS BIGINT), CAST(COALESCE(SUM(t.is_open), 0) AS BIGINT),
                        COUNT(DISTINCT t.number) FROM targets t",
                "",
            )
            .fetch_one(&self.readers)
            .await?;
        let number = |row: &AnyRow, at: usize| Ok::<u64, StoreError>(row.try_get::<i64, _>(at)?.unsigned_abs());
        let decided = of("t.decided_ms IS NOT NULL")
            .query("SELECT COUNT(*), CAST(COALESCE(SUM(t.decided_late), 0) AS BIGINT) FROM targets t", "")
            .fetch_one(&self.readers)
            .await?;
        let (decided, late) = (number(&decided, 0)?, number(&decided, 1)?);
        let mut statistics = Statistics {
            targets: number(&totals, 0)?,
            rows_asked: number(&totals, 1)?,
            rows_granted: number(&totals, 2)?,
            open: number(&totals, 3)?,
            cases: number(&totals, 4)?,
            overdue: self.overdue(only, today).await?,
            decided,
            decided_in_time: decided.saturating_sub(late),
            ..Statistics::default()
        };
        for (column, counts) in [("basis", &mut statistics.by_basis), ("state", &mut statistics.by_state)] {
            let rows = of("")
                .query(&format!("SELECT t.{column}, COUNT(*) FROM targets t"), &format!(" GROUP BY t.{column}"))
                .fetch_all(&self.readers)
                .await?;
            for row in &rows {
                counts.insert(row.try_get(0)?, number(row, 1)?);
            }
        }
        if decided > 0 {
            let row = of("t.decided_ms IS NOT NULL")
                .query(
                    "SELECT t.decided_ms - t.received_ms AS took FROM targets t",
                    &format!(" ORDER BY took LIMIT 1 OFFSET {}", (decided - 1) / 2),
                )
                .fetch_optional(&self.readers)
                .await?;
            let took: Option<i64> = row.map(|row| row.try_get(0)).transpose()?;
            statistics.median_days = took.map(|ms| ms as f64 / 86_400_000.0);
        }
        Ok(statistics)
    }
}

/// What a filter asks, but for its words.
fn narrow(
    conditions: &mut Conditions,
    datasets: Option<&[String]>,
    filter: &QueueFilter,
    after: Option<&Place>,
) -> Result<(), StoreError> {
    let text = |text: &str| Bound::Text(text.to_owned());
    match &filter.state {
        Some(state) => conditions.and("t.state = ?", [Bound::Text(name_of(state)?)]),
        None if filter.closed_too => {}
        None => conditions.and("t.is_open = ?", [Bound::Number(1)]),
    }
    match &filter.dataset {
        // One that the account may not see gives nothing, like one that is not there.
        Some(dataset) if datasets.is_some_and(|own| !own.contains(dataset)) => conditions.and_datasets(Some(&[])),
        Some(dataset) => conditions.and("t.dataset = ?", [text(dataset)]),
        None => conditions.and_datasets(datasets),
    }
    if let Some(basis) = filter.basis {
        conditions.and("t.basis = ?", [text(basis.name())]);
    }
    if let Some(due_before) = &filter.due_before {
        conditions.and("t.due_key <= ?", [text(due_before)]);
    }
    if let Some(assigned) = &filter.assigned {
        conditions.and("t.assigned = ?", [text(assigned)]);
    }
    if let Some(place) = after {
        conditions.and("(t.due_key, t.id) > (?, ?)", [text(&place.due_key), Bound::Number(place.id)]);
    }
    Ok(())
}

fn line_of(row: &AnyRow) -> Result<QueueLine, StoreError> {
    let target: Target = from_json("a target", &row.try_get::<String, _>(10)?)?;
    let proof: Option<String> = row.try_get(7)?;
    Ok(QueueLine {
        number: row.try_get(1)?,
        dataset: row.try_get(2)?,
        basis: target.basis,
        state: target.state,
        received_ms: target.received_ms,
        due: target.due,
        extended: target.extended,
        paused: target.paused_ms.is_some(),
        rows: row.try_get::<i64, _>(8)?.unsigned_abs(),
        rows_granted: row.try_get::<i64, _>(9)?.unsigned_abs(),
        name: row.try_get(11)?,
        relationship: row.try_get(12)?,
        proof: proof.as_deref().map(named).transpose()?,
        assigned: row.try_get(6)?,
        version: row.try_get(5)?,
    })
}
