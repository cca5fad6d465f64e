//! What is never written down: words, names and pictures of visitors, neither in the log nor on the disk.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use super::client::{Client, MULTIPART, multipart};
use super::data::{picture, smaller_picture, take_in_gallery, take_in_posts};

/// What the visitor of these tests sends, in every place where something can be sent.
const SECRETS: &[&str] = &["wintergarden", "rosalind", "secretsite", "hiddenfile", "deadbeef", "veiledvalue"];

/// Asks everything that can be asked, well and badly.
fn ask_everything(client: &Client) {
    for path in [
        "/search?q=wintergarden",
        "/search?q=lantern+wintergarden",
        "/search?q=%40rosalind.bsky.social&as=words",
        "/search?author=rosalind&domain=secretsite.example&lang=veiledvalue&q=x",
        "/search?q=wintergarden&after=veiledvalue",
        "/search?q=wintergarden&cursor=deadbeef",
        "/search?q=wintergarden&dataset=veiledvalue",
        "/wintergarden?rosalind",
        "/records/deadbeef",
        "/records/deadbeefdeadbeefdeadbe",
        "/datasets/veiledvalue",
        "/api/v1/search?q=wintergarden&author=rosalind",
        "/api/v1/search?q=wintergarden&limit=veiledvalue",
        "/api/v1/records/deadbeef",
        "/api/v1/veiledvalue",
        "/search/evidence?q=lantern+wintergarden&author=rosalind",
        "/api/v1/search/evidence?q=lantern&format=veiledvalue",
        "/records/deadbeef/evidence?by=pdqa&hash=deadbeef",
    ] {
        client.get_with(path, &[("referer", "http://secretsite.example/"), ("cookie", "veiledvalue=1")]);
    }
    let pictures: &[(&str, &[u8])] = &[("hiddenfile.jpg", &picture(0)), ("hiddenfile.txt", b"wintergarden")];
    for path in ["/image", "/api/v1/match"] {
        client.post_pictures(path, pictures).expect(200);
        client.post_pictures(path, &[("hiddenfile-small.jpg", &smaller_picture(1))]).expect(200);
        client.post(path, &[("content-type", "text/plain"), ("origin", "http://secretsite.example")], b"wintergarden");
        client.post(path, &[("content-type", "multipart/form-data; boundary=deadbeef")], b"hiddenfile");
    }
    client.post_pictures("/verify", &[("hiddenfile.json", b"{\"wintergarden\":1}")]).expect(400);
    let form = multipart(&[("hiddenfile.json", b"{\"wintergarden\":1}")]);
    let form = String::from_utf8(form).unwrap().replace("name=\"image\"", "name=\"document\"");
    client.post("/verify", &[("content-type", MULTIPART)], form.as_bytes()).expect(200);
    let body = serde_json::json!({"queries": [{"name": "hiddenfile", "hashes": {"sha256": "deadbeef".repeat(8), "md5": "veiledvalue"}}]});
    client.post_json("/api/v1/match", &body).expect(200);
    client.post("/api/v1/match", &[("content-type", "application/json")], b"{\"queries\": wintergarden");
}

/// Every file under a directory with what would change were it written to.
fn listing(directory: &Path) -> BTreeMap<String, (u64, Option<SystemTime>)> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
        let about = entry.metadata().unwrap();
        let name = entry.path().display().to_string();
        // The database of cases makes and takes away these two as connections come and go.
        if name.ends_with("-wal") || name.ends_with("-shm") {
            continue;
        }
        if about.is_dir() {
            all.extend(listing(&entry.path()));
        }
        all.insert(name, (about.len(), about.modified().ok()));
    }
    all
}

/// The real program, its temporary directory and its log our own, at the most talkative level.
#[test]
fn nothing_a_visitor_sends_reaches_the_log_or_the_disk() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    take_in_posts(&data, &home.path().join("posts"), "1", 3);
    take_in_gallery(&data, &home.path().join("gallery"));
    let temporary = home.path().join("tmp");
    let log = home.path().join("log");
    fs::create_dir(&temporary).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(["--log", "trace", "serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .env("TMPDIR", &temporary)
        .current_dir(&temporary)
        .stdout(Stdio::piped())
        .stderr(File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(program.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line}"));
    let client = Client::new(address.parse().unwrap());
    client.get("/readyz").expect(200);

    let before = listing(&data);
    ask_everything(&client);
    assert_eq!(listing(&data), before, "the data directory changed");
    assert_eq!(listing(&temporary), BTreeMap::new(), "something was written to the temporary directory");
    let open = fs::read_dir(format!("/proc/{}/fd", program.id())).into_iter().flatten().flatten();
    let open: Vec<_> = open.filter_map(|link| fs::read_link(link.path()).ok()).collect();
    assert!(!open.iter().any(|path| path.to_string_lossy().ends_with("(deleted)")), "{open:?}");

    let told = Command::new("kill").args(["-TERM", &program.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(program.wait().unwrap().code(), Some(0), "a server that is told to stop ends well");
    let log = fs::read_to_string(&log).unwrap();
    for secret in SECRETS {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "“{secret}” is in the log");
    }
}
