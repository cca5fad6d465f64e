//! Decides which rows of a file a removal set takes out, and where in the file they stand.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use roaring::RoaringBitmap;

use super::ApplyRequest;
use crate::manifest::{Format, Sink, Source, Span};
use crate::record::Record;
use crate::removal::RemovalError;
use crate::removal::identity::Identity;
use crate::removal::matcher::{By, Matcher};

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
        if let Some(count) = self.by.get_mut(&By::Row) {
            *count = self.rows.len();
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
    if let Some(rows) = request.set.known(sha256) {
        return by_number(source, rows);
    }
    let identity = Identity::find(source, request.hints)?;
    if identity.is_empty() {
        return Err(RemovalError::NothingToCompare { file: source.name.clone() });
    }
    let matcher = Matcher::new(request.set);
    let ask = |record: &Record, found: &mut Found| {
        let facts = identity.facts(record, request.codes);
        let by = matcher.find(&facts);
        if by.is_none() && matcher.is_near(&facts) {
            found.near += 1;
        }
        by
    };
    let mut chooser = Chooser {
        ask: &ask,
        needs_span: matches!(source.format, Format::Tar { .. }),
        found: Found::default(),
        spans: Vec::new(),
        beyond: None,
    };
    source.read_columns(&identity.columns, identity.has_pictures, &mut chooser)?;
    let mut found = chooser.finish()?;
    found.compared = identity.compares;
    Ok(found)
}

/// A file that the set knows: its rows need not be understood, only found.
fn by_number(source: &Source, rows: &RoaringBitmap) -> Result<Found, RemovalError> {
    let compared = vec![By::Row.name()];
    let count = BTreeMap::from([(By::Row, rows.len())]);
    if source.format == Format::Parquet {
        return Ok(Found { rows: rows.clone(), by: count, compared, ..Found::default() });
    }
    let ask = |record: &Record, _: &mut Found| {
        let is_in = u32::try_from(record.row).is_ok_and(|row| rows.contains(row));
        is_in.then_some(By::Row)
    };
    let mut chooser = Chooser {
        ask: &ask,
        needs_span: matches!(source.format, Format::Tar { .. }),
        found: Found::default(),
        spans: Vec::new(),
        beyond: None,
    };
    source.read_columns(&[], false, &mut chooser)?;
    Ok(Found { compared, ..chooser.finish()? })
}

type Ask<'a> = &'a dyn Fn(&Record, &mut Found) -> Option<By>;

/// Reads the rows and keeps those that are found.
struct Chooser<'a> {
    ask: Ask<'a>,
    /// Rows without a place of their own are no rows of this file: those that only the parquet beside a shard has.
    needs_span: bool,
    found: Found,
    /// Where the next row stands.
    spans: Vec<Span>,
    /// A row to remove whose number does not fit a bitmap.
    beyond: Option<u64>,
}

impl Chooser<'_> {
    fn finish(self) -> Result<Found, RemovalError> {
        match self.beyond {
            Some(row) => Err(RemovalError::RowTooHigh(row)),
            None => Ok(self.found),
        }
    }
}

impl Sink for Chooser<'_> {
    fn record(&mut self, record: Record) -> ControlFlow<()> {
        let spans = std::mem::take(&mut self.spans);
        if self.needs_span && spans.is_empty() {
            return ControlFlow::Continue(());
        }
        self.found.rows_read += 1;
        let Some(by) = (self.ask)(&record, &mut self.found) else { return ControlFlow::Continue(()) };
        let Ok(row) = u32::try_from(record.row) else {
            self.beyond = Some(record.row);
            return ControlFlow::Break(());
        };
        self.found.rows.insert(row);
        *self.found.by.entry(by).or_insert(0) += 1;
        let cells = record.values.len();
        self.found.cuts.extend(spans.into_iter().map(|span| Cut { span, row: record.row, cells }));
        ControlFlow::Continue(())
    }

    fn reject(&mut self, _row: u64, _reason: &'static str, _detail: String) -> ControlFlow<()> {
        self.spans.clear();
        self.found.rows_read += 1;
        self.found.unreadable += 1;
        ControlFlow::Continue(())
    }

    fn progress(&mut self, _bytes: u64) {}

    fn span(&mut self, span: Span) {
        self.spans.push(span);
    }
}
