//! The tables, and how an older store becomes a newer one.

use sqlx::{AnyConnection, Row as _};

use super::{Kind, StoreError};

/// Statements that lead from one version to the next; a list is never changed once released, only followed by another.
/// `{bytes}` is the type for bytes, `{compact}` what keeps a table in the order of its key, `{memo:NAME}` a member of what
/// a target remembers.
const MIGRATIONS: &[&[&str]] = &[
    FIRST,
    VIEWS,
    RETENTION,
    LINEAGE,
    super::claims::TABLES,
    super::reservations::TABLES,
    FIGURES,
    super::search_words::TABLES,
    super::tallies::TABLES,
];
/// The version that knows the words of every case.
const WORDS_SINCE: i64 = 8;

/// Filters of the queue that an account has kept under a name; the filter as it stands in the queue's address.
const VIEWS: &[&str] = &[
    "CREATE TABLE views (
        id TEXT NOT NULL PRIMARY KEY,
        account TEXT NOT NULL,
        name TEXT NOT NULL,
        filter TEXT NOT NULL,
        made_ms BIGINT NOT NULL
    )",
    "CREATE UNIQUE INDEX views_account ON views (account, name)",
];

/// What an erased text leaves behind in the log (see `event_log`), and what of a case was erased when: a JSON object of
/// parts and moments.
const RETENTION: &[&str] = &[
    "ALTER TABLE events ADD COLUMN text_salt TEXT",
    "ALTER TABLE events ADD COLUMN text_digest TEXT",
    "ALTER TABLE events ADD COLUMN detail_salt TEXT",
    "ALTER TABLE events ADD COLUMN detail_digest TEXT",
    "ALTER TABLE cases ADD COLUMN erased TEXT",
];

/// The same rows in derived datasets, and what was compared for them; who received a dataset, and what they were told.
const LINEAGE: &[&str] = &[
    "CREATE TABLE proposals (
        id TEXT NOT NULL PRIMARY KEY,
        target BIGINT NOT NULL REFERENCES targets (id),
        dataset TEXT NOT NULL,
        state TEXT NOT NULL,
        made_ms BIGINT NOT NULL,
        decided_ms BIGINT,
        decided_by TEXT,
        number TEXT,
        body {bytes} NOT NULL
    )",
    "CREATE INDEX proposals_target ON proposals (target, dataset)",
    "CREATE INDEX proposals_state ON proposals (state, made_ms, id)",
    // Of many targets few have rows that go.
    "CREATE INDEX targets_granted ON targets (dataset, id) WHERE granted_count > 0",
    "CREATE TABLE lineage_looks (
        target BIGINT NOT NULL,
        dataset TEXT NOT NULL,
        revision TEXT NOT NULL,
        version BIGINT NOT NULL,
        PRIMARY KEY (target, dataset)
    )",
    "CREATE TABLE recipients (
        id TEXT NOT NULL PRIMARY KEY,
        dataset TEXT NOT NULL,
        name TEXT NOT NULL,
        email TEXT,
        added_ms BIGINT NOT NULL,
        removed_ms BIGINT
    )",
    "CREATE INDEX recipients_dataset ON recipients (dataset, added_ms)",
    "CREATE TABLE notices (
        id TEXT NOT NULL PRIMARY KEY,
        recipient TEXT NOT NULL REFERENCES recipients (id),
        dataset TEXT NOT NULL,
        version BIGINT NOT NULL,
        digest TEXT,
        token TEXT NOT NULL,
        letter TEXT NOT NULL REFERENCES letters (id),
        written_ms BIGINT NOT NULL,
        acknowledged_ms BIGINT
    )",
    "CREATE UNIQUE INDEX notices_recipient ON notices (recipient, version)",
    "CREATE UNIQUE INDEX notices_token ON notices (token)",
    "CREATE INDEX notices_dataset ON notices (dataset, version)",
];

const FIRST: &[&str] = &[
    // A case: what was filed, as one text; beside it what is looked for.
    "CREATE TABLE cases (
        number TEXT NOT NULL PRIMARY KEY,
        passphrase_hash TEXT NOT NULL,
        filed_ms BIGINT NOT NULL,
        person TEXT NOT NULL,
        search TEXT NOT NULL,
        name TEXT,
        relationship TEXT,
        email TEXT,
        email_confirmed_ms BIGINT,
        body TEXT NOT NULL
    )",
    "CREATE INDEX cases_person ON cases (person)",
    // One dataset of a case. `due_key` is the due date, or a date after all others where nothing is due.
    "CREATE TABLE targets (
        id BIGINT NOT NULL PRIMARY KEY,
        number TEXT NOT NULL REFERENCES cases (number),
        dataset TEXT NOT NULL,
        basis TEXT NOT NULL,
        state TEXT NOT NULL,
        is_open BIGINT NOT NULL,
        due_key TEXT NOT NULL,
        received_ms BIGINT NOT NULL,
        decided_ms BIGINT,
        decided_late BIGINT NOT NULL,
        version BIGINT NOT NULL,
        assigned TEXT,
        proof TEXT,
        row_count BIGINT NOT NULL,
        granted_count BIGINT NOT NULL,
        body TEXT NOT NULL
    )",
    "CREATE UNIQUE INDEX targets_case ON targets (number, dataset)",
    "CREATE INDEX targets_queue ON targets (is_open, due_key, id)",
    "CREATE INDEX targets_dataset ON targets (dataset, is_open, due_key, id)",
    "CREATE INDEX targets_state ON targets (state, due_key, id)",
    "CREATE INDEX targets_counts ON targets (dataset, state, is_open, due_key)",
    // Its rows: the records as one compressed text that is never changed, and one letter a row for their states.
    "CREATE TABLE target_rows (
        target BIGINT NOT NULL PRIMARY KEY REFERENCES targets (id),
        records {bytes} NOT NULL,
        states TEXT NOT NULL
    )",
    // Digests of rows and pictures, to find other targets with the same ones.
    "CREATE TABLE row_keys (
        row_key BIGINT NOT NULL,
        target BIGINT NOT NULL,
        PRIMARY KEY (row_key, target)
    ){compact}",
    "CREATE TABLE events (
        seq BIGINT NOT NULL PRIMARY KEY,
        number TEXT NOT NULL,
        dataset TEXT,
        at_ms BIGINT NOT NULL,
        actor TEXT NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        detail TEXT NOT NULL,
        hash TEXT NOT NULL
    )",
    "CREATE INDEX events_case ON events (number, seq)",
    // One line: the last event's number and hash, and the last numbers given out for targets and tombstones.
    "CREATE TABLE log_head (
        id BIGINT NOT NULL PRIMARY KEY,
        seq BIGINT NOT NULL,
        hash TEXT NOT NULL,
        last_target BIGINT NOT NULL,
        last_tombstone BIGINT NOT NULL
    )",
    "INSERT INTO log_head (id, seq, hash, last_target, last_tombstone) VALUES
        (1, 0, '0000000000000000000000000000000000000000000000000000000000000000', 0, 0)",
    // Tombstones of one act as one compressed text, numbered from first to last.
    "CREATE TABLE tombstones (
        last_seq BIGINT NOT NULL PRIMARY KEY,
        first_seq BIGINT NOT NULL,
        dataset TEXT NOT NULL,
        body {bytes} NOT NULL
    )",
    "CREATE TABLE letters (
        id TEXT NOT NULL PRIMARY KEY,
        number TEXT NOT NULL,
        dataset TEXT,
        kind TEXT NOT NULL,
        addressee TEXT NOT NULL,
        mail_to TEXT,
        subject TEXT NOT NULL,
        text TEXT NOT NULL,
        written_ms BIGINT NOT NULL,
        post TEXT NOT NULL,
        attempts BIGINT NOT NULL,
        next_ms BIGINT NOT NULL
    )",
    "CREATE INDEX letters_case ON letters (number, written_ms)",
    "CREATE INDEX letters_post ON letters (post, next_ms)",
    "CREATE TABLE attachments (
        id TEXT NOT NULL PRIMARY KEY,
        number TEXT NOT NULL,
        name TEXT NOT NULL,
        media_type TEXT NOT NULL,
        size BIGINT NOT NULL,
        sha256 TEXT NOT NULL,
        at_ms BIGINT NOT NULL,
        actor TEXT NOT NULL,
        content {bytes} NOT NULL
    )",
    "CREATE INDEX attachments_case ON attachments (number, at_ms)",
    "CREATE TABLE proofs (
        number TEXT NOT NULL,
        checked_ms BIGINT NOT NULL,
        body TEXT NOT NULL
    )",
    "CREATE INDEX proofs_case ON proofs (number, checked_ms)",
    "CREATE TABLE mail_tokens (
        digest TEXT NOT NULL PRIMARY KEY,
        number TEXT NOT NULL,
        made_ms BIGINT NOT NULL
    )",
    "CREATE TABLE accounts (
        name TEXT NOT NULL PRIMARY KEY,
        role TEXT NOT NULL,
        datasets TEXT NOT NULL,
        password_hash TEXT NOT NULL,
        disabled BIGINT NOT NULL,
        totp_secret TEXT,
        totp_pending TEXT,
        totp_step BIGINT NOT NULL,
        made_ms BIGINT NOT NULL
    )",
    "CREATE TABLE sessions (
        digest TEXT NOT NULL PRIMARY KEY,
        account TEXT NOT NULL,
        made_ms BIGINT NOT NULL,
        seen_ms BIGINT NOT NULL
    )",
    "CREATE INDEX sessions_account ON sessions (account)",
    "CREATE TABLE api_tokens (
        digest TEXT NOT NULL PRIMARY KEY,
        account TEXT NOT NULL,
        made_ms BIGINT NOT NULL
    )",
    "CREATE INDEX api_tokens_account ON api_tokens (account)",
    "CREATE TABLE throttle (
        name TEXT NOT NULL PRIMARY KEY,
        failures BIGINT NOT NULL,
        last_ms BIGINT NOT NULL
    )",
];

/// What is counted for the public, beside each target; see [`super::figures`]. Days of what was decided before are
/// counted by the hours that passed.
const FIGURES: &[&str] = &[
    "ALTER TABLE targets ADD COLUMN outcome TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE targets ADD COLUMN decide_days BIGINT NOT NULL DEFAULT -1",
    "ALTER TABLE targets ADD COLUMN appealed BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE targets ADD COLUMN reversed BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE targets ADD COLUMN restored BIGINT NOT NULL DEFAULT 0",
    "UPDATE targets SET
        outcome = COALESCE({memo:decision}, CASE WHEN state IN ('withdrawn', 'expired') THEN state ELSE '' END),
        decide_days = CASE WHEN decided_ms IS NULL OR {memo:decision} IS NULL THEN -1
                           ELSE (decided_ms - received_ms) / 86400000 END,
        appealed = CASE WHEN {memo:appeal} IS NULL THEN 0 ELSE 1 END,
        reversed = CASE WHEN state = 'reversed' THEN 1 ELSE 0 END,
        restored = CASE WHEN state = 'restored' THEN 1 ELSE 0 END",
    "CREATE INDEX targets_figures
        ON targets (dataset, basis, outcome, decide_days, appealed, reversed, restored)",
];

/// PostgreSQL's lock that keeps two servers from making the tables at the same time: any number, always the same.
const POSTGRES_LOCK: &str = "SELECT pg_advisory_xact_lock(7165514420261122)";

/// Brings the tables to the newest version, all in one transaction.
pub(super) async fn migrate(kind: Kind, connection: &mut AnyConnection) -> Result<(), StoreError> {
    let known = MIGRATIONS.len() as i64;
    match kind {
        Kind::Sqlite => sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?,
        Kind::Postgres => sqlx::query("BEGIN").execute(&mut *connection).await?,
    };
    if kind == Kind::Postgres {
        sqlx::query(POSTGRES_LOCK).execute(&mut *connection).await?;
    }
    sqlx::query("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")
        .execute(&mut *connection)
        .await?;
    let row = sqlx::query("SELECT MAX(version) AS version FROM schema_version").fetch_one(&mut *connection).await?;
    let found: i64 = row.try_get::<Option<i64>, _>(0)?.unwrap_or(0);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for statement in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)).copied().flatten() {
        let (bytes, compact) = match kind {
            Kind::Sqlite => ("BLOB", " WITHOUT ROWID"),
            Kind::Postgres => ("BYTEA", ""),
        };
        let mut statement = statement.replace("{bytes}", bytes).replace("{compact}", compact);
        for name in ["decision", "appeal"] {
            let member = match kind {
                Kind::Sqlite => format!("json_extract(body, '$.memo.{name}')"),
                Kind::Postgres => format!("(body::json #>> '{{memo,{name}}}')"),
            };
            statement = statement.replace(&format!("{{memo:{name}}}"), &member);
        }
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut *connection).await?;
    }
    if found < WORDS_SINCE {
        super::search_words::fill(kind, &mut *connection).await?;
    }
    if found < known {
        sqlx::query("INSERT INTO schema_version (version) VALUES ($1)").bind(known).execute(&mut *connection).await?;
    }
    sqlx::query("COMMIT").execute(&mut *connection).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::Connection as _;
    use sqlx::any::install_default_drivers;

    use super::*;

    #[test]
    fn an_older_store_gets_its_figures_and_its_words() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            install_default_drivers();
            let mut connection = AnyConnection::connect("sqlite::memory:").await.unwrap();
            for statement in MIGRATIONS[0] {
                let statement = statement.replace("{bytes}", "BLOB").replace("{compact}", " WITHOUT ROWID");
                sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
            }
            // The other targets below have no cases.
            sqlx::query("PRAGMA foreign_keys = OFF").execute(&mut connection).await.unwrap();
            let day = 86_400_000_i64;
            for (id, state, decided, memo) in [
                (1, "published", Some(9 * day), r#"{"decision":"granted","appeal":null}"#),
                (2, "reversed", Some(3 * day + 5), r#"{"decision":"refused","appeal":"No."}"#),
                (3, "withdrawn", None, r#"{"decision":null,"appeal":null}"#),
                (4, "in_review", None, "{}"),
            ] {
                sqlx::query(
                    "INSERT INTO targets (id, number, dataset, basis, state, is_open, due_key, received_ms, decided_ms,
                                          decided_late, version, row_count, granted_count, body)
                     VALUES ($1, $1, 'posts', 'plain', $2, 0, '', 0, $3, 0, 1, 1, 0, $4)",
                )
                .bind(i64::from(id))
                .bind(state)
                .bind(decided)
                .bind(format!(r#"{{"memo":{memo}}}"#))
                .execute(&mut connection)
                .await
                .unwrap();
            }
            sqlx::query(
                "INSERT INTO cases (number, passphrase_hash, filed_ms, person, search, body)
                 VALUES ('2', '', 0, '', '2\nchloé okoye\nchloe@example.org', '{}')",
            )
            .execute(&mut connection)
            .await
            .unwrap();
            sqlx::query("CREATE TABLE schema_version (version BIGINT NOT NULL)")
                .execute(&mut connection)
                .await
                .unwrap();
            sqlx::query("INSERT INTO schema_version (version) VALUES (1)").execute(&mut connection).await.unwrap();
            migrate(Kind::Sqlite, &mut connection).await.unwrap();
            let rows = sqlx::query("SELECT outcome, decide_days, appealed, reversed FROM targets ORDER BY id")
                .fetch_all(&mut connection)
                .await
                .unwrap();
            let kept: Vec<(String, i64, i64, i64)> =
                rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect();
            let line = |outcome: &str, days, appealed, reversed| (outcome.to_owned(), days, appealed, reversed);
            let wanted =
                [line("granted", 9, 0, 0), line("refused", 3, 1, 1), line("withdrawn", -1, 0, 0), line("", -1, 0, 0)];
            assert_eq!(kept, wanted);
            let words: Vec<(Vec<u8>, i64)> = sqlx::query("SELECT word, target FROM target_words ORDER BY word")
                .fetch_all(&mut connection)
                .await
                .unwrap()
                .iter()
                .map(|row| (row.get(0), row.get(1)))
                .collect();
            let wanted = ["2", "chloe", "example", "okoye", "org"].map(|word| (word.as_bytes().to_vec(), 2));
            assert_eq!(words, wanted);
            let tallied: i64 =
                sqlx::query("SELECT SUM(targets) FROM tallies").fetch_one(&mut connection).await.unwrap().get(0);
            assert_eq!(tallied, 4);
        });
    }
}
