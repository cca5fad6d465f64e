//! Decides which rows of a file a removal set takes out, and where in the file they stand.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use crossbeam_channel::{Sender, bounded};
use roaring::RoaringBitmap;

use super::{ApplyRequest, flat};
use crate::manifest::{Format, Sink, Source, Span};
use crate::record::Record;
use crate::removal::RemovalError;
use crate::removal::identity::{Identity, KnownBy};
use crate::removal::matcher::{By, Matcher};

/// Rows handed to a thread at once, and their bytes: few where they carry pictures.
const BATCH_ROWS: usize = 1024;
const BATCH_BYTES: usize = 4 << 20;

/// The rows that were found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    pub rows: RoaringBitmap,
    /// How many by what.
    pub by: BTreeMap<By, u64>,
    /// What could be compared; `row` alone for a file that the set knows.
    pub compared: Vec<&'static str>,
    /// Rows that could not be read, and so not compared; they are kept.
    pub unreadable: u64,
    /// Rows whose picture is probably a copy of a removed one, not exactly the same; they are kept.
    pub near: u64,
    /// Rows of the file as far as it was read for this; for parquet its own count is taken.
    pub(super) rows_read: u64,
    /// Where the rows stand; nothing for parquet.
    pub(super) cuts: Vec<Cut>,
}

impl Found {
    /// Forgets rows behind the end of the file: those of the parquet beside a shard.
    pub(super) fn limit(&mut self, rows: u64) {
        if let Ok(end) = u32::try_from(rows) {
            self.rows.remove_range(end..);
        }
        let others: u64 = self.by.iter().filter(|(by, _)| **by != By::Row).map(|(_, rows)| rows).sum();
        if let Some(count) = self.by.get_mut(&By::Row) {
            *count = self.rows.len() - others;
        }
    }
}

/// A place of the unpacked file that belongs to a removed row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cut {
    pub span: Span,
    pub row: u64,
    /// Cells of the row.
    pub cells: usize,
}

pub(super) fn choose(source: &Source, sha256: &str, request: &ApplyRequest<'_>) -> Result<Found, RemovalError> {
    let known = request.set.known(sha256);
    if let Some(rows) = known.filter(|_| !request.thorough) {
        let compared = vec![By::Row.name()];
        if source.format == Format::Parquet {
            // Its rows need not even be found.
            let by = BTreeMap::from([(By::Row, rows.len())]);
            return Ok(Found { rows: rows.clone(), by, compared, ..Found::default() });
        }
        let ask = |record: &Record, _: &mut Found| {
            u32::try_from(record.row).is_ok_and(|row| rows.contains(row)).then_some(By::Row)
        };
        return Ok(Found { compared, ..read(source, &[], false, 1, &ask)? });
    }
    let mut identity = Identity::find(source, request.hints)?;
    if request.set.signed.is_none() {
        // A bare list of uids tells rows by these alone.
        identity.compares.retain(|name| *name == By::SourceId.name());
    }
    if identity.is_empty() {
        return Err(RemovalError::NothingToCompare { file: source.name.clone() });
    }
    let question = Question { known, matcher: Matcher::new(request.set) };
    let flat = if identity.has_pictures { None } else { source.flat_columns(&identity.columns)? };
    let mut found = if let Some(columns) = flat {
        flat::read(&columns, &identity, &question, request.threads)?
    } else {
        let ask = |record: &Record, found: &mut Found| {
            question.ask(record.row, || identity.facts(record, request.codes), found)
        };
        read(source, &identity.columns, identity.has_pictures, request.threads, &ask)?
    };
    found.compared = known.map(|_| By::Row.name()).into_iter().chain(identity.compares).collect();
    Ok(found)
}

/// What is asked of every row.
pub(super) struct Question<'s> {
    known: Option<&'s RoaringBitmap>,
    matcher: Matcher<'s>,
}

impl Question<'_> {
    /// What the row is found by, if it is; counts what is only near.
    pub fn ask<K: KnownBy>(&self, row: u64, what: impl FnOnce() -> K, found: &mut Found) -> Option<By> {
        if self.known.is_some_and(|rows| u32::try_from(row).is_ok_and(|row| rows.contains(row))) {
            return Some(By::Row);
        }
        let what = what();
        let by = self.matcher.find(&what);
        if by.is_none() && self.matcher.is_near(&what) {
            found.near += 1;
        }
        by
    }
}

/// Says what a row is found by, if it is; counts what is near.
type Ask<'a> = &'a (dyn Fn(&Record, &mut Found) -> Option<By> + Sync);

/// A row with the places it stands in.
type Row = (Record, Vec<Span>);

/// Reads a file on this thread and asks for its rows on others.
fn read(
    source: &Source,
    columns: &[String],
    pictures: bool,
    threads: usize,
    ask: Ask<'_>,
) -> Result<Found, RemovalError> {
    let needs_span = matches!(source.format, Format::Tar { .. });
    let (batches, queue) = bounded::<Vec<Row>>(threads.max(1) * 2);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.max(1))
            .map(|_| {
                let queue = queue.clone();
                scope.spawn(move || {
                    let mut asked = Asked::default();
                    queue.iter().flatten().for_each(|row| asked.take(row, ask));
                    asked
                })
            })
            .collect();
        drop(queue);
        let mut reader =
            Reader { batches, needs_span, batch: Vec::new(), bytes: 0, spans: Vec::new(), seen: Found::default() };
        let outcome = source.read_columns(columns, pictures, &mut reader);
        let _ = reader.send();
        let mut all = Asked { found: reader.seen, beyond: None };
        drop(reader.batches);
        for worker in workers {
            all.add(worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        outcome?;
        all.finish()
    })
}

/// What one thread has found.
#[derive(Default)]
pub(super) struct Asked {
    pub found: Found,
    /// A row to remove whose number does not fit a bitmap.
    beyond: Option<u64>,
}

impl Asked {
    fn take(&mut self, (record, spans): Row, ask: Ask<'_>) {
        let Some(by) = ask(&record, &mut self.found) else { return };
        self.put(record.row, by);
        let cells = record.values.len();
        self.found.cuts.extend(spans.into_iter().map(|span| Cut { span, row: record.row, cells }));
    }

    /// Notes a row that was found.
    pub fn put(&mut self, row: u64, by: By) {
        match u32::try_from(row) {
            Ok(row) => {
                self.found.rows.insert(row);
                *self.found.by.entry(by).or_insert(0) += 1;
            }
            Err(_) => self.beyond = Some(row),
        }
    }

    pub fn finish(self) -> Result<Found, RemovalError> {
        match self.beyond {
            Some(row) => Err(RemovalError::RowTooHigh(row)),
            None => Ok(self.found),
        }
    }

    pub fn add(&mut self, other: Self) {
        self.found.rows |= other.found.rows;
        for (by, rows) in other.found.by {
            *self.found.by.entry(by).or_insert(0) += rows;
        }
        self.found.near += other.found.near;
        self.found.cuts.extend(other.found.cuts);
        self.beyond = self.beyond.or(other.beyond);
    }
}

/// Hands rows over in batches.
struct Reader {
    batches: Sender<Vec<Row>>,
    /// Rows without a place of their own are no rows of this file: those that only the parquet beside a shard has.
    needs_span: bool,
    batch: Vec<Row>,
    bytes: usize,
    /// Where the next row stands.
    spans: Vec<Span>,
    /// Only counts.
    seen: Found,
}

impl Reader {
    /// Breaks where nobody takes rows any more.
    fn send(&mut self) -> ControlFlow<()> {
        self.bytes = 0;
        match self.batches.send(std::mem::take(&mut self.batch)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

impl Sink for Reader {
    fn record(&mut self, record: Record) -> ControlFlow<()> {
        let spans = std::mem::take(&mut self.spans);
        if self.needs_span && spans.is_empty() {
            return ControlFlow::Continue(());
        }
        self.seen.rows_read += 1;
        self.bytes += record.heap_bytes();
        self.batch.push((record, spans));
        if self.batch.len() < BATCH_ROWS && self.bytes < BATCH_BYTES { ControlFlow::Continue(()) } else { self.send() }
    }

    fn reject(&mut self, _row: u64, _reason: &'static str, _detail: String) -> ControlFlow<()> {
        self.spans.clear();
        self.seen.rows_read += 1;
        self.seen.unreadable += 1;
        ControlFlow::Continue(())
    }

    fn progress(&mut self, _bytes: u64) {}

    fn span(&mut self, span: Span) {
        self.spans.push(span);
    }
}
