//! The program as a server, for benchmarks that ask it over HTTP.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running server; it stops when dropped.
pub struct Server {
    pub program: Child,
    pub address: String,
}

impl Server {
    /// Serves a data directory on a free port of this machine.
    pub fn start(data: &Path) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_rollcall"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(program.stdout.take().expect("it is piped")).read_line(&mut line).expect("one line is printed");
        let address = line.trim().rsplit(' ').next().expect("an address").to_owned();
        Self { program, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
