use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use super::*;

#[test]
fn what_was_answered_is_there_when_the_desk_is_opened_again() {
    on_every_store(async |fixture| {
        let account = fixture.reviewer("mira", &[]).await;
        let filed = fixture.file_rows(&[("posts", "a")]).await;
        fixture.desk.decide(&account, &filed.case.number, &grant("posts")).await.unwrap();
        let before = fixture.desk.case(&filed.case.number, &filed.passphrase).await.unwrap();
        let check = fixture.desk.verify_log().await.unwrap();
        let again = fixture.another().await;
        assert_eq!(again.case(&filed.case.number, &filed.passphrase).await.unwrap(), before);
        assert_eq!(again.verify_log().await.unwrap(), check);
        assert_eq!(again.accounts().await.unwrap(), [account]);
    });
}

#[test]
fn a_log_that_was_tampered_with_is_found_out_and_the_line_named() {
    let tampered: [(&str, &str, i64); 6] = [
        ("a text", "UPDATE events SET text = 'nothing happened' WHERE seq = 3", 3),
        ("an actor", r#"UPDATE events SET actor = '{"kind":"portal"}' WHERE seq = 1"#, 1),
        ("a line taken out", "DELETE FROM events WHERE seq = 2", 2),
        ("the last line taken out", "DELETE FROM events WHERE seq = (SELECT MAX(seq) FROM events)", -1),
        (
            "two lines changed places",
            "UPDATE events SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3)",
            -3,
        ),
        (
            "a line too many",
            "INSERT INTO events (seq, number, dataset, at_ms, actor, kind, text, detail, hash, text_salt, detail_salt)
            SELECT seq + 1, number, dataset, at_ms, actor, kind, text, detail, hash, text_salt, detail_salt
            FROM events WHERE seq = (SELECT MAX(seq) FROM events)",
            0,
        ),
    ];
    for (what, sql, named) in tampered {
        on_every_store(async |fixture| {
            for at in 0..3 {
                fixture.file_rows(&[("posts", &format!("r{at}"))]).await;
            }
            let check = fixture.desk.verify_log().await.unwrap();
            assert!(check.problem.is_none() && check.events >= 3, "{check:?}");
            fixture.tamper(sql).await;
            if named == -3 {
                // A key cannot be changed to one that is taken: the second half of the exchange.
                fixture.tamper("UPDATE events SET seq = -seq WHERE seq < 0").await;
            }
            let problem = fixture.desk.verify_log().await.unwrap().problem;
            let problem = problem.unwrap_or_else(|| panic!("{what} was not found out"));
            let expected = match named {
                -1 => check.events as i64,
                0 => check.events as i64 + 1,
                -3 => 2,
                named => named,
            };
            assert_eq!(problem.seq, expected, "{what}: {}", problem.what);
        });
    }
}

#[test]
fn a_store_of_a_newer_version_is_not_touched() {
    on_every_store(async |fixture| {
        fixture.tamper("INSERT INTO schema_version (version) VALUES (99)").await;
        let refused = Desk::open(config(&fixture.directory, &fixture.clock, fixture.database.clone())).await;
        let error = refused.err().unwrap().to_string();
        assert!(error.contains("newer version") && error.contains("99"), "{error}");
    });
}

#[test]
fn an_address_that_is_no_database_is_told_without_repeating_it() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Arc::new(AtomicI64::new(START_MS));
    for address in ["mysql://me:hush@localhost/x", "postgres://me:hush@127.0.0.1:1/x"] {
        let error = Desk::open_blocking(config(&directory, &clock, Some(address.into()))).err().unwrap().to_string();
        assert!(!error.contains("hush"), "{error}");
    }
}

/// Set in the child of the next test: the data directory it files into until it is killed.
const CHILD: &str = "ROLLCALL_TEST_FILING_CHILD";

#[test]
fn a_case_is_there_after_the_process_was_killed_right_after_the_answer() {
    let directory = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "cases_store::durability::files_until_it_is_killed", "--nocapture"])
        .env(CHILD, directory.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut filed = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let Some((number, passphrase)) = line.split_once(" opens with ") else { continue };
        filed.push((number.to_owned(), passphrase.to_owned()));
        if filed.len() == 20 {
            break;
        }
    }
    // SIGKILL: nothing of the child runs any more, whatever it was in the middle of.
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(filed.len(), 20);
    let clock = Arc::new(AtomicI64::new(START_MS));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let desk = Desk::open(config(&directory, &clock, None)).await.unwrap();
        for (number, passphrase) in &filed {
            assert_eq!(desk.case(number, passphrase).await.unwrap().targets.len(), 1);
        }
        assert_eq!(desk.verify_log().await.unwrap().problem, None);
    });
}

/// The child of the test above; by itself it does nothing.
#[test]
fn files_until_it_is_killed() {
    let Some(data) = std::env::var_os(CHILD) else { return };
    let clock = || START_MS;
    let entropy = |bytes: &mut [u8]| getrandom::fill(bytes).unwrap();
    let config = DeskConfig::new(Path::new(&data).to_owned(), Arc::new(clock), Arc::new(entropy));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let desk = Desk::open(config).await.unwrap();
        for at in 0..10_000 {
            let filed = desk.file(plain(), vec![record("posts", &format!("r{at}"))]).await.unwrap();
            writeln!(std::io::stdout(), "{} opens with {}", filed.case.number, filed.passphrase).unwrap();
        }
    });
}
