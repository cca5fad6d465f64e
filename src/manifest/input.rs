//! A file on disk as the text or bytes inside it: unpacks gzip and zstd by their magic bytes, and hashes and counts
//! what is read from disk on the way.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use sha2::{Digest, Sha256};

use super::rows::Stop;
use super::{Packing, SourceDigest};

/// Read from disk at once, bytes: large enough that system calls do not matter.
const DISK_READ_BYTES: usize = 256 << 10;
/// Largest zstd window: Reddit dumps use 2 GiB. Only a file that says so itself costs that much memory.
const ZSTD_WINDOW_LOG_MAX: u32 = 31;

/// A file being read, once, from its start to its end.
pub(super) struct Input {
    pub path: PathBuf,
    disk: Rc<Disk>,
}

struct Disk {
    file: File,
    hasher: Option<RefCell<Sha256>>,
    consumed: Rc<Cell<u64>>,
}

impl Input {
    pub fn open(path: &Path, hash: bool) -> io::Result<Self> {
        let file = File::open(path)?;
        let hasher = hash.then(|| RefCell::new(Sha256::new()));
        Ok(Self { path: path.to_owned(), disk: Rc::new(Disk { file, hasher, consumed: Rc::default() }) })
    }

    /// Bytes read from disk so far.
    pub fn consumed(&self) -> Rc<Cell<u64>> {
        self.disk.consumed.clone()
    }

    /// The unpacked bytes. To be called once: a second reader would go on where the first one stands.
    pub fn reader(&self) -> Result<Box<dyn BufRead>, Stop> {
        unpack(Box::new(Tee(self.disk.clone())))
    }

    /// The same file from its start once more, neither hashed nor counted.
    pub fn second_look(&self) -> Result<Box<dyn BufRead>, Stop> {
        open_unpacked(&self.path)
    }

    /// Reads what nobody read yet and gives the digest of the whole file; an empty one where hashing was off.
    pub fn finish(&self) -> io::Result<SourceDigest> {
        let Some(hasher) = &self.disk.hasher else {
            return Ok(SourceDigest { sha256: String::new(), bytes: self.disk.file.metadata()?.len() });
        };
        let mut rest = Tee(self.disk.clone());
        let mut buffer = vec![0; DISK_READ_BYTES];
        while rest.read(&mut buffer)? > 0 {}
        let sha256 = hex::encode(hasher.borrow().clone().finalize());
        Ok(SourceDigest { sha256, bytes: self.disk.consumed.get() })
    }
}

/// How a file is compressed, by its first bytes.
pub(super) fn packing_of(path: &Path) -> Result<Packing, Stop> {
    let mut magic = Vec::new();
    File::open(path)?.take(4).read_to_end(&mut magic)?;
    Ok(packing(&magic))
}

fn packing(magic: &[u8]) -> Packing {
    if magic.starts_with(b"\x1f\x8b") {
        Packing::Gzip
    } else if magic.starts_with(b"\x28\xb5\x2f\xfd") {
        Packing::Zstd
    } else {
        Packing::Plain
    }
}

/// Opens a file that is neither hashed nor counted, unpacked.
pub(super) fn open_unpacked(path: &Path) -> Result<Box<dyn BufRead>, Stop> {
    unpack(Box::new(File::open(path)?))
}

/// The first `bytes` unpacked bytes of a reader, or all of it, and a reader that gives them again.
/// A damaged start gives what could be read: the error comes back when the reader gets there.
pub(super) fn look_ahead(mut reader: Box<dyn BufRead>, bytes: usize) -> (Vec<u8>, Box<dyn BufRead>) {
    let mut head = Vec::new();
    let outcome = (&mut reader).take(bytes as u64).read_to_end(&mut head);
    let again = Cursor::new(head.clone());
    match outcome {
        Ok(_) => (head, Box::new(again.chain(reader))),
        Err(error) => (head, Box::new(again.chain(BufReader::new(Failing(Some(error)))))),
    }
}

fn unpack(raw: Box<dyn Read>) -> Result<Box<dyn BufRead>, Stop> {
    let mut raw = BufReader::with_capacity(DISK_READ_BYTES, raw);
    let head = raw.fill_buf()?;
    if packing(head) == Packing::Gzip {
        let unpacked = flate2::bufread::MultiGzDecoder::new(raw);
        return Ok(Box::new(BufReader::with_capacity(DISK_READ_BYTES, unpacked)));
    }
    if packing(head) == Packing::Zstd {
        let mut unpacked = zstd::stream::read::Decoder::with_buffer(raw)?;
        unpacked.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
        return Ok(Box::new(BufReader::with_capacity(DISK_READ_BYTES, unpacked)));
    }
    if head.starts_with(b"BZh") {
        return Err(Stop::Unsupported("bzip2 is not read here: unpack it first (bunzip2)".to_owned()));
    }
    Ok(Box::new(raw))
}

/// A reader that knows how many bytes were taken from it.
pub(super) struct Counted {
    inner: Box<dyn BufRead>,
    taken: u64,
}

impl Counted {
    pub fn new(inner: Box<dyn BufRead>) -> Self {
        Self { inner, taken: 0 }
    }

    /// Bytes taken so far: the place of the next one.
    pub fn position(&self) -> u64 {
        self.taken
    }
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.taken += read as u64;
        Ok(read)
    }
}

impl BufRead for Counted {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.inner.consume(bytes);
        self.taken += bytes as u64;
    }
}

/// Reads the file, hashing and counting.
struct Tee(Rc<Disk>);

impl Read for Tee {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = (&self.0.file).read(buffer)?;
        if let Some(hasher) = &self.0.hasher {
            hasher.borrow_mut().update(&buffer[..read]);
        }
        self.0.consumed.set(self.0.consumed.get() + read as u64);
        Ok(read)
    }
}

/// Gives the error that ended a look ahead, when the reading gets to that place.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _buffer: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
