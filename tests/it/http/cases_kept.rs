//! A case that was answered is on the disk, whatever happens next; nothing personal is in the log.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::json;

use super::cases::{fill, posts};
use super::client::Client;

/// The real program at its most talkative.
fn serve(data: &Path, log: &Path) -> (Child, Client) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(["--log", "trace", "serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(File::options().create(true).append(true).open(log).unwrap())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(program.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line}"));
    let client = Client::new(address.parse().unwrap());
    client.get("/readyz").expect(200);
    (program, client)
}

#[test]
fn a_case_is_there_though_the_server_was_killed_right_after_its_answer() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    fill(&data);
    let log = home.path().join("log");
    let (mut program, client) = serve(&data, &log);
    let body = json!({
        "basis": "plain",
        "records": posts(&client, 2),
        "requester": {"name": "Rosalind Wintergarden", "email": "rosalind@secretsite.example"},
        "explanation": "It shows the veiled terrace.",
        "typed_urls": ["https://secretsite.example/hiddenfile.jpg"],
    });
    let filed = client.post_json("/api/v1/cases", &body).expect(201).json();
    // SIGKILL: nothing is flushed, nothing is closed.
    program.kill().unwrap();
    program.wait().unwrap();
    let number = filed["number"].as_str().unwrap();
    let passphrase = filed["passphrase"].as_str().unwrap();

    let (mut program, client) = serve(&data, &log);
    let path = format!("/api/v1/cases/{number}");
    let case = client.get_with(&path, &[("x-case-passphrase", passphrase)]).expect(200).json();
    assert_eq!(case["targets"][0]["records"], 2, "{case}");
    let entered = client.post_form("/cases", "", &[("number", number), ("passphrase", passphrase)]).expect(303);
    let cookie = entered.cookie();
    let page = client.get_with(&format!("/cases/{number}"), &[("cookie", &cookie)]).expect(200);
    assert!(page.text().contains("veiled terrace"));
    client.get_with(&path, &[("x-case-passphrase", "wrong words altogether")]).expect(404);
    client.post_form("/cases", "", &[("number", number), ("passphrase", "wrong words altogether")]).expect(404);
    client.post_form(&format!("/cases/{number}/withdraw"), &cookie, &[("sure", "1")]).expect(303);
    client.post_json("/api/v1/cases", &json!({"basis": "dmca", "explanation": "veiled terrace"})).expect(422);
    let told = Command::new("kill").args(["-TERM", &program.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(program.wait().unwrap().code(), Some(0));

    let log = std::fs::read_to_string(&log).unwrap();
    let words: Vec<&str> = passphrase.split(' ').collect();
    let pairs = words.windows(2).map(|pair| pair.join(" "));
    let secrets = ["Wintergarden", "rosalind", "secretsite", "hiddenfile", "veiled terrace", "wrong words"];
    let cookie = cookie.split_once('=').unwrap().1.to_owned();
    for secret in pairs.chain(secrets.map(str::to_owned)).chain([cookie]) {
        let line = log.lines().find(|line| line.contains(&secret));
        assert_eq!(line, None, "“{secret}” is in the log");
    }
}
