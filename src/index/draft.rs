//! A revision being written: filled in order, made durable at checkpoints, published by one rename.
//!
//! The text index's commit carries the checkpoint's note; rows and hashes are cut back to the lengths it names when a
//! run goes on. So whatever moment a run is killed at, the three agree.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::hashes::{self, HashWriter};
use super::layout::{Layout, sync_directory};
use super::revision::Revision;
use super::rows::{Block, RowWriter};
use super::text::{PreparedText, TextDoc, TextWriter};
use super::{IndexError, rows};
use crate::hash_code::{HashCode, HashKind};
use crate::record::Record;

pub(super) const ROWS: &str = "rows";
pub(super) const TEXT: &str = "text";
/// Held by the run that fills a draft; in a published revision, a sign that nobody points at it yet.
const LOCK: &str = "lock";

/// Threads and memory for the text index.
#[derive(Debug, Clone, Copy)]
pub struct DraftConfig {
    pub text_threads: usize,
    pub text_heap_bytes: usize,
}

/// Some records ready to be appended: made on any thread.
pub struct Prepared {
    pub blocks: Vec<Block>,
    pub docs: Vec<PreparedText>,
    /// Index of the record among `docs`, quality, code; in ascending order of the index.
    pub hashes: Vec<(usize, u8, HashCode)>,
}

/// Packs rows for the row store; the expensive half of an append.
pub fn pack_rows(records: &[Record]) -> Result<Vec<Block>, IndexError> {
    rows::pack(records).map_err(IndexError::io(Path::new(ROWS)))
}

#[derive(Serialize, Deserialize)]
struct Note<T> {
    rows: u64,
    hashes: BTreeMap<String, u64>,
    state: T,
}

/// A draft directory, open for appending. One at a time: guarded by a lock file.
pub struct Draft {
    directory: PathBuf,
    _lock: fs::File,
    threads: usize,
    text: TextWriter,
    rows: RowWriter,
    hashes: BTreeMap<HashKind, HashWriter>,
}

impl Draft {
    /// Opens the draft of a revision; gives back what the last checkpoint noted, if an earlier run left one.
    pub fn open<T: DeserializeOwned>(
        layout: &Layout,
        slug: &str,
        revision: &str,
        config: DraftConfig,
    ) -> Result<(Self, Option<T>), IndexError> {
        let directory = layout.draft(slug, revision);
        fs::create_dir_all(&directory).map_err(IndexError::io(&directory))?;
        let lock = lock(&directory.join(LOCK), slug, revision)?;
        let (text, note) = TextWriter::open(&directory.join(TEXT), config.text_threads, config.text_heap_bytes)?;
        let note: Option<Note<T>> = match note {
            None => None,
            Some(note) => Some(
                serde_json::from_str(&note)
                    .map_err(|_| IndexError::damaged(&directory, "its checkpoint cannot be read"))?,
            ),
        };
        let rows = RowWriter::open(&directory.join(ROWS), note.as_ref().map_or(0, |note| note.rows))?;
        let mut all = BTreeMap::new();
        for kind in HashKind::ALL {
            let path = draft_file(&directory, kind);
            match note.as_ref().and_then(|note| note.hashes.get(kind.name())) {
                Some(len) => {
                    all.insert(kind, HashWriter::open(&path, kind, *len)?);
                }
                None if path.exists() => fs::remove_file(&path).map_err(IndexError::io(&path))?,
                None => {}
            }
        }
        Ok((
            Self { directory, _lock: lock, threads: config.text_threads, text, rows, hashes: all },
            note.map(|note| note.state),
        ))
    }

    /// Forgets a draft that cannot be gone on with (its files have changed since).
    pub fn discard(layout: &Layout, slug: &str, revision: &str) -> Result<(), IndexError> {
        let directory = layout.draft(slug, revision);
        match fs::remove_dir_all(&directory) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(IndexError::io(&directory)(error)),
            _ => Ok(()),
        }
    }

    pub fn preparer(&self) -> impl Fn(&TextDoc<'_>) -> PreparedText + Send + Sync + use<> {
        self.text.preparer()
    }

    /// Records appended so far: the ordinal of the next one.
    pub fn records(&self) -> u64 {
        self.rows.rows()
    }

    pub fn append(&mut self, prepared: Prepared) -> Result<(), IndexError> {
        let first = self.rows.rows();
        for block in &prepared.blocks {
            self.rows.append(block)?;
        }
        for (ordinal, doc) in (first..).zip(prepared.docs) {
            self.text.add(ordinal, doc)?;
        }
        for (index, quality, code) in &prepared.hashes {
            let ordinal = u32::try_from(first + *index as u64).map_err(|_| {
                IndexError::Refused(
                    "a revision holds at most 4,294,967,295 records: split it into several datasets".into(),
                )
            })?;
            let kind = code.kind();
            if !self.hashes.contains_key(&kind) {
                self.hashes.insert(kind, HashWriter::open(&draft_file(&self.directory, kind), kind, 0)?);
            }
            if let Some(writer) = self.hashes.get_mut(&kind) {
                writer.append(ordinal, *quality, code)?;
            }
        }
        Ok(())
    }

    /// Makes everything appended so far durable, with `state` to go on from.
    pub fn checkpoint<T: Serialize>(&mut self, state: &T) -> Result<(), IndexError> {
        let rows = self.rows.checkpoint()?;
        let mut hashes = BTreeMap::new();
        for (kind, writer) in &mut self.hashes {
            hashes.insert(kind.name().to_owned(), writer.checkpoint()?);
        }
        sync_directory(&self.directory)?;
        let note = serde_json::to_string(&Note { rows, hashes, state })
            .map_err(|error| IndexError::damaged(&self.directory, error.to_string()))?;
        self.text.checkpoint(&note)
    }

    /// Closes all files, writes the description, moves the directory to its place and makes it the one searched.
    pub fn publish(self, layout: &Layout, revision: &Revision) -> Result<(), IndexError> {
        let Self { directory, _lock, threads, text, rows, hashes } = self;
        text.finish()?;
        rows.finish()?;
        for (kind, writer) in hashes {
            writer.finish(&directory.join(hashes::file_name(kind)))?;
            hashes::build_mih(&directory, kind, threads)?;
        }
        revision.save(&directory)?;
        sync_directory(&directory.join(TEXT))?;
        sync_directory(&directory)?;
        let target = layout.revision(&revision.dataset, &revision.revision);
        let parent = target.parent().unwrap_or(&target).to_owned();
        fs::create_dir_all(&parent).map_err(IndexError::io(&parent))?;
        fs::rename(&directory, &target).map_err(IndexError::io(&target))?;
        sync_directory(&parent)?;
        sync_directory(&layout.dataset(&revision.dataset))?;
        finish_publishing(layout, &revision.dataset, &revision.revision)
    }
}

/// The last step of publishing: points at a revision that was moved to its place, unless that was done before. A run
/// killed just before it leaves the lock file in the revision, and the next run of the same revision comes by here.
pub fn finish_publishing(layout: &Layout, slug: &str, revision: &str) -> Result<(), IndexError> {
    let directory = layout.revision(slug, revision);
    if !directory.join(LOCK).exists() {
        return Ok(());
    }
    layout.set_current(slug, revision)?;
    // Only now: a run killed before the move needs them to go on. The lock goes last.
    let drafts = HashKind::ALL.map(|kind| draft_file(&directory, kind));
    let locks = ["text/.tantivy-writer.lock", "text/.tantivy-meta.lock", LOCK].map(|name| directory.join(name));
    for leftover in drafts.iter().chain(&locks) {
        let _ = fs::remove_file(leftover);
    }
    Ok(())
}

fn draft_file(directory: &Path, kind: HashKind) -> PathBuf {
    directory.join(format!("{}.draft", hashes::file_name(kind)))
}

fn lock(path: &Path, slug: &str, revision: &str) -> Result<fs::File, IndexError> {
    let file = fs::File::options().write(true).create(true).truncate(false).open(path).map_err(IndexError::io(path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(IndexError::Refused(format!(
            "another run is taking in {slug} {revision} at this moment: wait for it, or stop it first"
        ))),
        Err(fs::TryLockError::Error(error)) => Err(IndexError::io(path)(error)),
    }
}
