//! A file that stands under its name only when it is whole: written beside it, hashed on the way, renamed at the end.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::manifest::SourceDigest;
use crate::removal::RemovalError;

/// Written to disk at once, bytes.
const BUFFER_BYTES: usize = 1 << 20;

/// A file being written. Dropped before [`Output::finish`], it is gone; after a kill, what was written so far lies
/// under a name of its own (`.NAME.partial`) and the next run writes over it.
pub struct Output {
    file: BufWriter<File>,
    hasher: Sha256,
    bytes: u64,
    partial: PathBuf,
    path: PathBuf,
    is_finished: bool,
}

impl Output {
    pub fn create(path: &Path) -> Result<Self, RemovalError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let partial = path.with_file_name(format!(".{name}.partial"));
        let open = OpenOptions::new().create(true).write(true).truncate(false).open(&partial);
        let file = open.map_err(RemovalError::io(&partial))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(RemovalError::OutIsBusy { path: path.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(RemovalError::io(&partial)(error)),
        }
        file.set_len(0).map_err(RemovalError::io(&partial))?;
        Ok(Self {
            file: BufWriter::with_capacity(BUFFER_BYTES, file),
            hasher: Sha256::new(),
            bytes: 0,
            partial,
            path: path.to_owned(),
            is_finished: false,
        })
    }

    /// Puts the file in its place.
    pub fn finish(mut self) -> Result<SourceDigest, RemovalError> {
        let put = |output: &mut Self| {
            output.file.flush()?;
            output.file.get_ref().sync_all()?;
            fs::rename(&output.partial, &output.path)?;
            output.is_finished = true;
            let directory = output.path.parent().filter(|parent| !parent.as_os_str().is_empty());
            File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
        };
        put(&mut self).map_err(RemovalError::io(&self.path))?;
        let hasher = std::mem::take(&mut self.hasher);
        Ok(SourceDigest { sha256: hex::encode(hasher.finalize()), bytes: self.bytes })
    }

    /// Where it will stand.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if !self.is_finished {
            // Nothing can be done where this fails; the next run writes over it.
            let _ = fs::remove_file(&self.partial);
        }
    }
}

/// Writes a small file whole.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), RemovalError> {
    let mut out = Output::create(path)?;
    out.write_all(bytes).map_err(RemovalError::io(path))?;
    out.finish().map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_stands_under_the_name_before_the_end_and_nothing_is_left_after_a_failure() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        let mut out = Output::create(&path).unwrap();
        out.write_all(b"half").unwrap();
        assert_eq!(names(folder.path()), [".out.csv.partial"]);
        assert!(matches!(Output::create(&path), Err(RemovalError::OutIsBusy { .. })));
        drop(out);
        assert!(names(folder.path()).is_empty());
        // What a killed run left is written over.
        fs::write(folder.path().join(".out.csv.partial"), b"longer than what comes").unwrap();
        let mut out = Output::create(&path).unwrap();
        out.write_all(b"abc").unwrap();
        let digest = out.finish().unwrap();
        assert_eq!((digest.bytes, names(folder.path())), (3, vec!["out.csv".to_owned()]));
        assert!(digest.sha256.starts_with("ba7816bf"));
        assert_eq!(fs::read(&path).unwrap(), b"abc");
    }
}
