//! Hands rows to the sink, counting positions: every format delivers through [`Rows`], so that positions, progress
//! and early stops mean the same everywhere.

use std::cell::Cell;
use std::io;
use std::ops::{ControlFlow, Range};
use std::path::Path;
use std::rc::Rc;

use super::{ManifestError, Sink, Span, WrittenAs};
use crate::record::{ColumnName, Picture, Record, Value};

/// Why a reading ended before the end of the file.
#[derive(Debug)]
pub(super) enum Stop {
    /// The sink had enough.
    Sink,
    Damaged(String),
    Unsupported(String),
    Io(io::Error),
}

impl Stop {
    /// What it is called outside of this room, after so many good rows of this file.
    pub fn of_file(self, path: &Path, rows: u64) -> ManifestError {
        let path = path.to_owned();
        match self {
            Self::Io(source) => ManifestError::Io { path, source },
            Self::Unsupported(detail) => ManifestError::Unsupported { path, detail },
            Self::Damaged(detail) => ManifestError::Damaged { path, rows, detail },
            Self::Sink => ManifestError::Damaged { path, rows, detail: "the reading was stopped".to_owned() },
        }
    }
}

impl From<io::Error> for Stop {
    /// An error of the operating system is an IO error; any other is made by a decoder, which met bytes that do not
    /// follow its format.
    fn from(error: io::Error) -> Self {
        if error.raw_os_error().is_some() {
            Self::Io(error)
        } else if error.kind() == io::ErrorKind::UnexpectedEof {
            Self::Damaged("it ends in the middle; the file was cut off".to_owned())
        } else {
            Self::Damaged(error.to_string())
        }
    }
}

/// Rows between two calls of [`Sink::progress`]: often enough for a bar, seldom enough to cost nothing.
const ROWS_A_PROGRESS: u64 = 1024;

/// The way to the sink.
pub(super) struct Rows<'a> {
    sink: &'a mut dyn Sink,
    position: u64,
    good: u64,
    consumed: Rc<Cell<u64>>,
}

impl<'a> Rows<'a> {
    pub fn new(sink: &'a mut dyn Sink) -> Self {
        Self { sink, position: 0, good: 0, consumed: Rc::default() }
    }

    /// Tells the sink from time to time what this counter says.
    pub fn with_progress(mut self, consumed: Rc<Cell<u64>>) -> Self {
        self.consumed = consumed;
        self
    }

    /// Good rows delivered so far.
    pub fn good_rows(&self) -> u64 {
        self.good
    }

    /// Delivers a good row.
    pub fn deliver(&mut self, values: Vec<(ColumnName, Value)>, picture: Option<Picture>) -> Result<(), Stop> {
        let row = self.next_position();
        self.good += 1;
        follow(self.sink.record(Record { row, values, picture }))
    }

    /// Counts a bad row.
    pub fn reject(&mut self, reason: &'static str, detail: String) -> Result<(), Stop> {
        let row = self.next_position();
        follow(self.sink.reject(row, reason, detail))
    }

    /// Tells where the next row stands.
    pub fn span(&mut self, bytes: Range<u64>, written_as: WrittenAs) {
        self.sink.span(Span { bytes, written_as });
    }

    pub fn tell_progress(&mut self, bytes: u64) {
        self.sink.progress(bytes);
    }

    fn next_position(&mut self) -> u64 {
        let row = self.position;
        self.position += 1;
        if self.position.is_multiple_of(ROWS_A_PROGRESS) {
            self.sink.progress(self.consumed.get());
        }
        row
    }
}

fn follow(flow: ControlFlow<()>) -> Result<(), Stop> {
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Stop::Sink),
    }
}
