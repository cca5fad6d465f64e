use std::io::Write as _;
use std::process::Stdio;

use rollcall::takedown::desk::types::QueueFilter;

use super::*;
use crate::support::{Home, Output};

impl Home {
    /// Runs the program with a line on its standard input.
    fn run_typed(&self, arguments: &[&str], typed: &str) -> Output {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        // A program that does not read its input has closed it: that is for the test to see by the exit code.
        let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
        let output = child.wait_with_output().unwrap();
        Output {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    async fn desk_in_runtime(&self) -> Desk {
        let entropy = Arc::new(|bytes: &mut [u8]| getrandom::fill(bytes).unwrap());
        Desk::open(DeskConfig::new(self.data(), Arc::new(|| START_MS), entropy)).await.unwrap()
    }
}

#[test]
fn accounts_are_made_listed_changed_and_disabled_on_the_command_line() {
    let home = Home::new();
    let add = ["account", "add", "mira", "--role", "reviewer", "--dataset", "posts", "--dataset", "pictures"];
    home.run_typed(&add, "low tide at noon\n").expect(0);
    let again = home.run_typed(&add, "low tide at noon\n").expect(1);
    assert!(again.stderr.contains("there is an account mira already"), "{}", again.stderr);
    let short = home.run_typed(&["account", "add", "noor", "--role", "admin"], "short\n").expect(1);
    assert!(short.stderr.contains("at least 12 characters"), "{}", short.stderr);
    home.run_typed(&["account", "add", "noor", "--role", "admin"], "").expect(2);
    home.run_typed(&["account", "add", "Noor!", "--role", "admin"], "low tide at noon\n").expect(2);
    home.run_typed(&["account", "add", "noor", "--role", "queen"], "low tide at noon\n").expect(2);
    let listed = home.run(&["account", "list", "--json"]).expect(0).json();
    assert_eq!(listed[0]["name"], "mira");
    assert_eq!(listed[0]["role"], "reviewer");
    assert_eq!(listed[0]["datasets"], serde_json::json!(["posts", "pictures"]));
    assert!(!listed.to_string().contains("argon2"), "no hash is printed");
    let token = home.run(&["account", "token", "mira"]).expect(0).stdout.trim().to_owned();
    assert_eq!(token.len(), 64);
    home.run_typed(&["account", "password", "mira"], "high tide at night\n").expect(0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let desk = home.desk_in_runtime().await;
        assert_eq!(desk.account_by_token(&token).await.unwrap().name, "mira");
        desk.sign_in("mira", "high tide at night", None).await.unwrap();
        assert!(desk.sign_in("mira", "low tide at noon", None).await.is_err());
    });
    home.run(&["account", "disable", "mira"]).expect(0);
    assert!(home.run(&["account", "list"]).expect(0).stdout.contains("disabled"));
    home.run(&["account", "token", "mira"]).expect(1);
    home.run(&["account", "disable", "nobody"]).expect(1);
}

#[test]
fn a_backup_made_while_cases_come_in_brings_datasets_and_cases_back() {
    let home = Home::new();
    let rows = home.file("rows.csv", "caption,url\nlow tide,https://mira.example/1\n");
    home.run_ingest(&rows, "posts", "1", &[]).expect(0);
    let filed = block(&home, async |desk| desk.file(plain(), vec![record("posts", "a")]).await.unwrap());
    let backup = home.path("backup.tar.zst");
    let file = backup.to_str().unwrap();
    home.run(&["backup", file]).expect(0);
    home.run(&["backup", file]).expect(1);
    let later = block(&home, async |desk| desk.file(plain(), vec![record("posts", "b")]).await.unwrap());
    home.run(&["restore", file]).expect(1);
    let other = Home::new();
    other.run(&["restore", file]).expect(0);
    assert_eq!(other.run(&["search", "tide", "--json"]).expect(0).json()["total"], 1);
    block(&other, async |desk| {
        assert_eq!(desk.case(&filed.case.number, &filed.passphrase).await.unwrap(), filed.case);
        assert!(desk.case(&later.case.number, &later.passphrase).await.is_err(), "it was filed after the backup");
        assert_eq!(desk.verify_log().await.unwrap().problem, None);
        let account = desk.add_account("mira", Role::Admin, Vec::new(), PASSWORD).await.unwrap();
        assert_eq!(desk.queue(&account, &QueueFilter::default()).await.unwrap().lines.len(), 1);
    });
    let junk = other.file("junk.tar.zst", b"not a backup");
    Home::new().run(&["restore", junk.to_str().unwrap()]).expect(1);
}

fn block<T>(home: &Home, call: impl AsyncFnOnce(Desk) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { call(home.desk_in_runtime().await).await })
}

#[test]
fn sources_and_recipients_of_a_dataset_are_named_and_taken_back_on_the_command_line() {
    let home = Home::new();
    for slug in ["posts", "subset"] {
        let file = home.file(&format!("{slug}.csv"), "url,caption\nhttps://a.example/1.jpg,A lantern\n");
        home.run_ingest(&file, slug, "1", &[]).expect(0);
    }
    home.run(&["dataset", "derived-from", "nothing", "posts"]).expect(1);
    home.run(&["dataset", "derived-from", "posts", "posts"]).expect(1);
    home.run(&["dataset", "derived-from", "subset", "posts"]).expect(0);
    home.run(&["dataset", "derived-from", "subset", "posts"]).expect(0);
    let shown = home.run(&["dataset", "show", "subset", "--json"]).expect(0).json();
    assert_eq!(shown["made_from"].as_array().unwrap().len(), 1, "{shown}");
    assert_eq!(
        (&shown["made_from"][0]["dataset"], &shown["made_from"][0]["said_by"]),
        (&"posts".into(), &"operator".into())
    );
    assert!(home.run(&["dataset", "show", "posts"]).expect(0).stdout.contains("Used for: subset"));
    home.run(&["dataset", "derived-from", "subset", "posts", "--undo"]).expect(0);
    home.run(&["dataset", "derived-from", "subset", "posts", "--undo"]).expect(1);
    let shown = home.run(&["dataset", "show", "subset", "--json"]).expect(0).json();
    assert_eq!(shown["made_from"], serde_json::json!([]));

    let add = ["dataset", "recipient", "add", "posts", "--name", "Lab of Tides", "--email", "data@tides.example"];
    assert!(home.run(&["dataset", "recipient", "list", "posts"]).expect(0).stdout.contains("Nobody"));
    home.run(&add).expect(0);
    home.run(&add).expect(1);
    home.run(&["dataset", "recipient", "add", "posts", "--name", "Lab", "--email", "nowhere"]).expect(1);
    home.run(&["dataset", "recipient", "add", "nothing", "--name", "Lab", "--email", "a@b.example"]).expect(1);
    let listed = home.run(&["dataset", "recipient", "list", "posts", "--json"]).expect(0).json();
    assert_eq!(listed, serde_json::json!([{"name": "Lab of Tides", "email": "data@tides.example"}]));
    home.run(&["dataset", "recipient", "remove", "posts", "--email", "data@tides.example"]).expect(0);
    home.run(&["dataset", "recipient", "remove", "posts", "--email", "data@tides.example"]).expect(1);
}
