//! What the tests share: temporary data directories, manifests written in a line, the program as a child process.
//!
//! Nothing here sleeps to be safe: a child is waited for, a server is ready when it has said so.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use rollcall::image_hash::DecodeLimits;
use rollcall::index::revision::Revision;
use rollcall::ingest::{IngestError, IngestRequest, Outcome, Progress, ingest};
use rollcall::search::engine::{Engine, PictureOptions, PictureQuery, TextRequest};
use rollcall::search::results::{PictureAnswer, TextResults};
use serde_json::Value as Json;

/// A moment that tests call now.
pub const NOW_MS: i64 = 1_795_000_000_000;

/// A directory of its own for one test: manifests beside the data directory.
pub struct Home {
    directory: tempfile::TempDir,
}

/// What a finished run of the program left.
pub struct Output {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Output {
    /// The one JSON document on standard output; anything before or after it fails the test.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("not one JSON document ({error}): {}\n{}", self.stdout, self.stderr))
    }

    /// Fails the test unless the program ended so.
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "standard output:\n{}\nstandard error:\n{}", self.stdout, self.stderr);
        self
    }
}

impl Home {
    pub fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// Writes a file, with the directories above it.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The program with these arguments on this home's data directory.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command.args(arguments).arg("--data").arg(self.data());
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        finish(&mut self.command(arguments))
    }

    /// `rollcall ingest`, as typed.
    pub fn run_ingest(&self, path: &Path, dataset: &str, revision: &str, more: &[&str]) -> Output {
        let path = path.to_str().unwrap();
        let mut arguments = vec!["ingest", path, "--dataset", dataset, "--revision", revision, "--json"];
        arguments.extend(more);
        self.run(&arguments)
    }

    pub fn try_ingest(&self, request: &IngestRequest) -> Result<Outcome, IngestError> {
        ingest(&self.data(), request, &|| NOW_MS, &Progress::default())
    }

    /// Takes in some files through the library; they must be new.
    pub fn take_in(&self, paths: &[&Path], dataset: &str, revision: &str) -> Revision {
        match self.try_ingest(&request(paths, dataset, revision)).unwrap() {
            Outcome::Published(revision) => revision,
            Outcome::AlreadyThere(_) => panic!("{dataset} {revision} was there already"),
        }
    }

    pub fn engine(&self) -> Engine {
        Engine::open(&self.data(), Vec::new()).unwrap()
    }

    /// Every file below the data directory with its bytes; not the empty lock files that readers of a text index make.
    pub fn data_files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = files_below(&self.data());
        files.retain(|path, _| !path.ends_with(".tantivy-meta.lock"));
        files
    }
}

pub fn files_below(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(directory).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    files
}

/// The program, without settings from whoever runs the tests.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    for setting in [
        "DATA",
        "LOG",
        "LISTEN",
        "PUBLIC_URL",
        "UPLOAD_MIB",
        "PICTURES",
        "FILINGS",
        "DATABASE",
        "RULES",
        "SMTP",
        "SMTP_FROM",
        "TIME_ZONE",
        "TWO_PERSON",
    ] {
        command.env_remove(format!("ROLLCALL_{setting}"));
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub fn finish(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    Output {
        code: output.status.code().expect("the program was ended by a signal"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

pub fn request(paths: &[&Path], dataset: &str, revision: &str) -> IngestRequest {
    IngestRequest {
        paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        dataset: dataset.to_owned(),
        revision: revision.to_owned(),
        title: None,
        preset: None,
        map: Vec::new(),
        strict: false,
        card: None,
        threads: 1,
        text_heap_bytes: 32 << 20,
        index_windows: false,
        limits: DecodeLimits::default(),
    }
}

/// `rollcall serve` on a free port; ended when dropped.
pub struct Server {
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// `http://127.0.0.1:40123`
    pub address: String,
    /// What it printed until then.
    pub lines: Vec<String>,
}

impl Server {
    pub fn start(home: &Home) -> Self {
        Self::of(&mut home.command(&["serve", "--listen", "127.0.0.1:0"]))
    }

    /// Starts a command that serves, and waits until it says where.
    pub fn of(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        // Made first, so that it is ended whatever happens below.
        let mut server = Self { child, stdout, address: String::new(), lines: Vec::new() };
        while server.address.is_empty() {
            let mut line = String::new();
            server.stdout.read_line(&mut line).unwrap();
            assert!(!line.is_empty(), "it ended without listening: {:?}", server.lines);
            if let Some(address) = line.trim_end().strip_prefix("listening on ") {
                server.address = address.to_owned();
            }
            server.lines.push(line);
        }
        server
    }

    /// Asks an address below the server's; gives the status and the body.
    pub fn get(&self, path: &str) -> (u16, String) {
        let agent = ureq::Agent::new_with_config(ureq::config::Config::builder().http_status_as_error(false).build());
        let mut answer = agent.get(format!("{}{path}", self.address)).call().unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    }

    pub fn get_json(&self, path: &str) -> Json {
        let (status, body) = self.get(path);
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Sends SIGTERM and waits; gives the exit code and what else stood on standard output.
    pub fn terminate(mut self) -> (Option<i32>, String) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code(), rest)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A text search by what is typed.
pub fn typed(q: &str) -> TextRequest {
    TextRequest { q: q.to_owned(), limit: 200, ..TextRequest::default() }
}

/// The captions found, sorted.
pub fn captions(results: &TextResults) -> Vec<String> {
    let mut all: Vec<_> = results.hits.iter().filter_map(|hit| hit.caption.clone()).collect();
    all.sort();
    all
}

/// Searches by one picture.
pub fn look_for(engine: &Engine, bytes: &[u8], radius: Option<u32>) -> PictureAnswer {
    let query = PictureQuery::Picture { name: "query".to_owned(), bytes: bytes.to_vec() };
    engine.pictures(vec![query], &PictureOptions { radius, ..PictureOptions::default() }).unwrap().queries.remove(0)
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

pub fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

/// A tar of these files.
pub fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, *bytes).unwrap();
    }
    tar.into_inner().unwrap()
}

/// A parquet file of texts: columns by name, rows in groups of `group` rows.
pub fn parquet_of(columns: &[&str], rows: &[Vec<String>], group: usize) -> Vec<u8> {
    use parquet::data_type::{ByteArray, ByteArrayType};
    let fields: String = columns.iter().flat_map(|name| ["REQUIRED BYTE_ARRAY ", name, " (UTF8); "]).collect();
    let schema = parquet::schema::parser::parse_message_type(&format!("message rows {{ {fields} }}")).unwrap();
    let mut writer =
        parquet::file::writer::SerializedFileWriter::new(Vec::new(), schema.into(), std::sync::Arc::default()).unwrap();
    for rows in rows.chunks(group) {
        let mut out = writer.next_row_group().unwrap();
        for column in 0..columns.len() {
            let cells: Vec<_> = rows.iter().map(|row| ByteArray::from(row[column].as_str())).collect();
            let mut column = out.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&cells, None, None).unwrap();
            column.close().unwrap();
        }
        out.close().unwrap();
    }
    writer.into_inner().unwrap()
}

/// A picture as a file of this format.
pub fn encoded(picture: &image::RgbImage, format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}

pub fn md5_hex(bytes: &[u8]) -> String {
    use md5::Digest as _;
    hex::encode(md5::Md5::digest(bytes))
}
