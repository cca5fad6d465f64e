//! `rollcall demo` as a child process.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running demo; ended when dropped.
pub struct Demo {
    program: Child,
    /// `http://127.0.0.1:40001`
    pub address: String,
    /// The pictures it offers to try.
    pictures: Vec<PathBuf>,
    /// Where all of it lies.
    directory: PathBuf,
}

impl Demo {
    /// Starts it on a free port and reads what it prints.
    pub fn start() -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_rollcall"))
            .args(["demo", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let mut address = None;
        let mut pictures = Vec::new();
        let mut directory = None;
        // The last line that is of use says where everything lies.
        while directory.is_none() {
            let line = lines.next().expect("the demo says where everything lies").unwrap();
            if let Some(rest) = line.strip_prefix("Everything lies in ") {
                directory = rest.split(" and is deleted").next().map(PathBuf::from);
            }
            if let Some(found) = line.strip_prefix("listening on ") {
                address = Some(found.trim().to_owned());
            }
            let word = line.split_whitespace().next().unwrap_or_default();
            if Path::new(word).is_absolute() {
                pictures.push(PathBuf::from(word));
            }
        }
        // Whatever it might print later must find a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            program,
            address: address.expect("the demo prints its address"),
            pictures,
            directory: directory.unwrap(),
        }
    }

    /// Its data directory, for the program's other commands.
    pub fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    /// One of the pictures to try, by its name.
    pub fn picture(&self, name: &str) -> &Path {
        let found = self.pictures.iter().find(|path| path.ends_with(name));
        found.unwrap_or_else(|| panic!("the demo offers no {name}: {:?}", self.pictures))
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // By its own signal, so that it deletes its directory.
        let _ = Command::new("kill").args(["-TERM", &self.program.id().to_string()]).status();
        let _ = self.program.wait();
    }
}
