//! A run that is killed leaves nothing under the name of its output.

use std::os::unix::process::ExitStatusExt as _;

use super::made::{Rows, set_file};
use crate::support::{Home, gzip, program};

/// Packs to a few hundred kilobytes and takes seconds to pack again: long enough to be killed in the middle.
const ROWS: usize = 400_000;

#[test]
fn a_killed_run_leaves_no_output_and_the_next_one_finishes() {
    let home = Home::new();
    let head = "url,caption\nhttps://a.example/one.jpg,the one\n";
    let padding = "a caption that is long and always the same, so that it packs well and is slow to pack ".repeat(3);
    let line = format!("https://a.example/other.jpg,{padding}\n");
    let small = home.file("small.csv", format!("{head}{line}"));
    let set = set_file(&home, &[Rows::of(&small).granted(0)]);
    let manifest = home.file("large.csv.gz", gzip(format!("{head}{}", line.repeat(ROWS)).as_bytes()));
    let out = home.path("out.csv.gz");
    let command = || {
        let mut command = program();
        command.args(["removals", "apply"]).arg(&set).arg("--manifest").arg(&manifest).arg("--out").arg(&out);
        command
    };
    let mut child = command().spawn().unwrap();
    let partial = home.path(".out.csv.gz.partial");
    while !partial.exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it began to write");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    assert!(!out.exists());
    assert!(!home.path("out.csv.gz.attestation.json").exists());
    let status = command().stdout(std::process::Stdio::null()).status().unwrap();
    assert!(status.success());
    assert!(out.exists() && !partial.exists());
}
