//! A portal over datasets of a test's own, as child processes of the built program.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A running portal; ended when dropped.
pub struct Portal {
    program: Child,
    pub address: String,
    _data: TempDir,
}

impl Portal {
    /// Takes in each dataset, a name and its files, and serves them.
    pub fn over(datasets: &[(&str, &Path)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let program = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
            command.env("ROLLCALL_DATA", data.path());
            command
        };
        for (slug, path) in datasets {
            let taken_in =
                program().arg("ingest").arg(path).args(["--dataset", slug, "--revision", "1"]).output().unwrap();
            assert!(taken_in.status.success(), "{slug}: {}", String::from_utf8_lossy(&taken_in.stderr));
        }
        let mut program = program()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines().map(Result::unwrap);
        let address =
            lines.by_ref().find_map(|line| line.strip_prefix("listening on ").map(|said| said.trim().to_owned()));
        std::thread::spawn(move || lines.for_each(drop));
        Self { program, address: address.expect("the portal prints its address"), _data: data }
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
