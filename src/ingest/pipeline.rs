//! One thread reads the files in order, several prepare batches, the calling thread appends them in order.
//!
//! Every queue is bounded, and a batch is bounded in rows and bytes, so memory does not grow with the files.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::Ordering::Relaxed;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::prepare::{PictureWork, prepare};
use super::tally::{BatchTally, Tally};
use super::{CHECKPOINT_BYTES, CHECKPOINT_ROWS, IngestError, IngestRequest, Plan, Progress};
use crate::image_hash::IndexParts;
use crate::index::IndexError;
use crate::index::draft::{Draft, Prepared};
use crate::index::revision::{FileProblem, SourceFile};
use crate::manifest::{ManifestError, Sink, SourceDigest};
use crate::record::Record;

/// Rows a batch: four blocks of the row store.
const BATCH_ROWS: usize = 1024;
/// A batch goes on its way early at this size: rows with pictures are large.
const BATCH_BYTES: usize = 16 << 20;
/// Batches waiting on each side of the workers, for each worker.
const QUEUE_BATCHES: usize = 2;

struct Rejected {
    row: u64,
    reason: &'static str,
    detail: String,
}

/// What the reader found, in order.
enum Work {
    Batch { file: usize, records: Vec<Record>, rejected: Vec<Rejected> },
    End { file: usize, result: Result<SourceDigest, ManifestError> },
}

/// The same, prepared.
enum Done {
    Batch { file: usize, prepared: Result<(Prepared, BatchTally), IndexError>, rejected: Vec<Rejected> },
    End { file: usize, result: Result<SourceDigest, ManifestError> },
}

/// Reads all files that are not done yet into the draft.
pub(super) fn run(
    request: &IngestRequest,
    plan: &Plan,
    draft: &mut Draft,
    tally: &mut Tally,
    progress: &Progress,
) -> Result<(), IngestError> {
    let threads = request.threads.max(1);
    let done_before = tally.files.len();
    progress.files_total.store(plan.files.len() as u64, Relaxed);
    progress.bytes_total.store(plan.files.iter().map(|file| file.source.bytes).sum(), Relaxed);
    progress.bytes.store(tally.files.iter().map(|file| file.bytes).sum(), Relaxed);
    progress.files.store(done_before as u64, Relaxed);
    progress.rows.store(tally.rows_read(), Relaxed);
    let (work_in, work_out) = bounded::<(u64, Work)>(threads * QUEUE_BATCHES);
    let (done_in, done_out) = bounded::<(u64, Done)>(threads * QUEUE_BATCHES);
    let text = draft.preparer();
    let text = &text;
    let parts = if request.index_windows { IndexParts::Windows } else { IndexParts::Trimmed };
    let pictures = PictureWork { limits: &request.limits, parts };
    std::thread::scope(|scope| {
        scope.spawn(move || read(plan, done_before, &work_in, progress));
        for _ in 0..threads {
            let (work, done) = (work_out.clone(), done_in.clone());
            scope.spawn(move || {
                for (seq, work) in work {
                    let done_work = match work {
                        Work::Batch { file, records, rejected } => {
                            let mapping = &plan.mappings[plan.files[file].mapping].mapping;
                            Done::Batch { file, prepared: prepare(records, mapping, pictures, text), rejected }
                        }
                        Work::End { file, result } => Done::End { file, result },
                    };
                    if done.send((seq, done_work)).is_err() {
                        return;
                    }
                }
            });
        }
        // The queues must close when their senders are gone: keep none here. Leaving early (an error) drops the
        // receiver, which ends the workers, which ends the reader.
        drop((work_out, done_in));
        Appender { plan, draft, tally, current: None, since: 0, bytes_since: 0 }.run(done_out)
    })
}

fn read(plan: &Plan, done_before: usize, work: &Sender<(u64, Work)>, progress: &Progress) {
    let mut seq = 0;
    for (file, planned) in plan.files.iter().enumerate().skip(done_before) {
        let before = progress.bytes.load(Relaxed);
        let mut sink = BatchSink {
            file,
            seq: &mut seq,
            work,
            progress,
            bytes_before: before,
            records: Vec::new(),
            bytes: 0,
            rejected: Vec::new(),
            gone: false,
        };
        let result = planned.source.read(&mut sink);
        let _ = sink.flush();
        if sink.gone {
            return;
        }
        progress.bytes.store(before + planned.source.bytes, Relaxed);
        progress.files.fetch_add(1, Relaxed);
        let seq_now = seq;
        seq += 1;
        if work.send((seq_now, Work::End { file, result })).is_err() {
            return;
        }
    }
}

struct BatchSink<'a> {
    file: usize,
    seq: &'a mut u64,
    work: &'a Sender<(u64, Work)>,
    progress: &'a Progress,
    bytes_before: u64,
    records: Vec<Record>,
    bytes: usize,
    rejected: Vec<Rejected>,
    /// The other side has given up.
    gone: bool,
}

impl BatchSink<'_> {
    fn flush(&mut self) -> ControlFlow<()> {
        if self.records.is_empty() && self.rejected.is_empty() {
            return ControlFlow::Continue(());
        }
        let batch = Work::Batch {
            file: self.file,
            records: std::mem::take(&mut self.records),
            rejected: std::mem::take(&mut self.rejected),
        };
        self.bytes = 0;
        let seq = *self.seq;
        *self.seq += 1;
        if self.work.send((seq, batch)).is_err() {
            self.gone = true;
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

impl Sink for BatchSink<'_> {
    fn record(&mut self, record: Record) -> ControlFlow<()> {
        self.progress.rows.fetch_add(1, Relaxed);
        self.bytes += record.heap_bytes();
        self.records.push(record);
        if self.records.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES {
            self.flush()
        } else {
            ControlFlow::Continue(())
        }
    }

    fn reject(&mut self, row: u64, reason: &'static str, detail: String) -> ControlFlow<()> {
        self.progress.rows.fetch_add(1, Relaxed);
        self.rejected.push(Rejected { row, reason, detail });
        if self.rejected.len() >= BATCH_ROWS { self.flush() } else { ControlFlow::Continue(()) }
    }

    fn progress(&mut self, bytes: u64) {
        self.progress.bytes.store(self.bytes_before + bytes, Relaxed);
    }
}

/// The file being appended.
struct Current {
    file: usize,
    first_ordinal: u64,
    rows_before: u64,
}

struct Appender<'a> {
    plan: &'a Plan,
    draft: &'a mut Draft,
    tally: &'a mut Tally,
    current: Option<Current>,
    /// Rows and bytes since the last checkpoint.
    since: u64,
    bytes_since: u64,
}

impl Appender<'_> {
    fn run(mut self, done: Receiver<(u64, Done)>) -> Result<(), IngestError> {
        let mut next = 0;
        let mut waiting = BTreeMap::new();
        for (seq, done) in done {
            waiting.insert(seq, done);
            while let Some(done) = waiting.remove(&next) {
                next += 1;
                match done {
                    Done::Batch { file, prepared, rejected } => self.append(file, prepared, rejected)?,
                    Done::End { file, result } => self.end(file, result)?,
                }
            }
        }
        self.draft.checkpoint(&*self.tally)?;
        Ok(())
    }

    fn enter(&mut self, file: usize) -> &Current {
        let (first_ordinal, rows_before) = (self.draft.records(), self.tally.rows_read());
        let entered = self.current.take().filter(|current| current.file == file);
        self.current.insert(entered.unwrap_or(Current { file, first_ordinal, rows_before }))
    }

    fn append(
        &mut self,
        file: usize,
        prepared: Result<(Prepared, BatchTally), IndexError>,
        rejected: Vec<Rejected>,
    ) -> Result<(), IngestError> {
        self.enter(file);
        let (prepared, batch) = prepared?;
        let name = &self.plan.files[file].source.name;
        for Rejected { row, reason, detail } in rejected {
            self.tally.reject(name, row, reason, &detail);
        }
        self.tally.add(name, &batch);
        self.since += batch.rows_read;
        self.draft.append(prepared)?;
        Ok(())
    }

    fn end(&mut self, file: usize, result: Result<SourceDigest, ManifestError>) -> Result<(), IngestError> {
        let planned = &self.plan.files[file];
        let &Current { first_ordinal, rows_before, .. } = self.enter(file);
        let (digest, detail) = match result {
            Ok(digest) => (digest, None),
            // The disk failed or the file is gone: trying again may help, so nothing is published.
            Err(error @ ManifestError::Io { .. }) => return Err(error.into()),
            Err(error) => (planned.source.digest()?, Some(error.to_string())),
        };
        if let Some(detail) = detail {
            self.tally.problems.push(FileProblem { file: planned.source.name.clone(), detail });
        }
        self.tally.files.push(SourceFile {
            name: planned.source.name.clone(),
            sha256: digest.sha256,
            bytes: digest.bytes,
            rows_read: self.tally.rows_read() - rows_before,
            rows_indexed: self.draft.records() - first_ordinal,
            first_ordinal,
            mapping: planned.mapping,
        });
        self.current = None;
        self.bytes_since += planned.source.bytes;
        if self.since >= CHECKPOINT_ROWS || self.bytes_since >= CHECKPOINT_BYTES {
            self.draft.checkpoint(&*self.tally)?;
            (self.since, self.bytes_since) = (0, 0);
        }
        Ok(())
    }
}
