//! The seal of a text index: name, size and checksum of each of its files, in an enveloped file of ours.
//!
//! The text index's own checksums are looked at only when asked, and its descriptions have none: a flipped bit could
//! be a wrong answer. So they are sealed when the index is finished and checked when it is opened.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::index::IndexError;
use crate::index::envelope::{self, EnvelopeWriter, HEADER_BYTES, Kind};
use crate::index::layout::write_durably;

const KIND: Kind = Kind { magic: b"RCSEAL\0\0", version: 2 };
const FILE_NAME: &str = "seal";
/// Largest seal believed: an index has some hundred files.
const SEAL_BYTES_MAX: u64 = 16 << 20;
/// Files of an index up to this size together are read through whenever it is opened: a second at most. Of larger ones
/// only small files are, and all of them by `dataset show --verify`.
const CHECKED_BYTES_MAX: u64 = 2 << 30;
/// A file this small is always read through.
const SMALL_BYTES: u64 = 1 << 20;

#[derive(Serialize, Deserialize, PartialEq)]
struct Sealed {
    bytes: u64,
    crc: u32,
}

/// Seals a finished index. Durable when it returns.
pub(super) fn write(directory: &Path) -> Result<(), IndexError> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(directory).map_err(IndexError::io(directory))? {
        let entry = entry.map_err(IndexError::io(directory))?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let is_part = name != FILE_NAME && Path::new(&name).extension().is_none_or(|end| end != "lock");
        if is_part && entry.path().is_file() {
            files.insert(name, read(&entry.path())?);
        }
    }
    let path = directory.join(FILE_NAME);
    let written = (|| {
        let mut out = EnvelopeWriter::create(Vec::new(), KIND)?;
        out.write_all(&serde_json::to_vec(&files)?)?;
        out.finish()
    })();
    write_durably(&path, &written.map_err(IndexError::io(&path))?)
}

/// Compares the files of an index with its seal; `whole` reads large ones through too.
pub(super) fn check(directory: &Path, whole: bool) -> Result<(), IndexError> {
    let files = load(&directory.join(FILE_NAME))?;
    let total: u64 = files.values().map(|sealed| sealed.bytes).sum();
    for (name, sealed) in &files {
        let path = directory.join(name);
        let bytes = match std::fs::metadata(&path) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(IndexError::damaged(&path, "missing"));
            }
            Err(error) => return Err(IndexError::io(&path)(error)),
        };
        if bytes != sealed.bytes {
            return Err(IndexError::damaged(&path, "has another size than when it was written"));
        }
        let is_read = whole || total <= CHECKED_BYTES_MAX || bytes <= SMALL_BYTES;
        if is_read && read(&path)? != *sealed {
            return Err(IndexError::damaged(&path, "checksum differs"));
        }
    }
    Ok(())
}

fn load(path: &Path) -> Result<BTreeMap<String, Sealed>, IndexError> {
    if !path.exists() {
        return Err(IndexError::damaged(path, "missing"));
    }
    let len = envelope::check(path, KIND)?;
    if len > SEAL_BYTES_MAX {
        return Err(IndexError::damaged(path, "too large"));
    }
    let bytes = std::fs::read(path).map_err(IndexError::io(path))?;
    let from = usize::try_from(HEADER_BYTES).unwrap_or(16);
    let payload = bytes.get(from..from + usize::try_from(len).unwrap_or(0));
    payload
        .and_then(|payload| serde_json::from_slice(payload).ok())
        .ok_or_else(|| IndexError::damaged(path, "cannot be read"))
}

/// Reads a file once through, without mapping it: mapped pages would count as this process's memory.
fn read(path: &Path) -> Result<Sealed, IndexError> {
    let mut file = File::open(path).map_err(IndexError::io(path))?;
    let mut sealed = Sealed { bytes: 0, crc: 0 };
    let mut crc = crc32fast::Hasher::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer).map_err(IndexError::io(path))? {
            0 => break,
            n => {
                crc.update(&buffer[..n]);
                sealed.bytes += n as u64;
            }
        }
    }
    sealed.crc = crc.finalize();
    Ok(sealed)
}
