//! Decides which rows of a parquet go where all that tells them stands in plain columns: whole row groups on as many
//! threads as are given, with nothing kept of a row that stays.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::choose::{Asked, Found, Question};
use crate::manifest::{FlatColumns, ManifestError};
use crate::removal::RemovalError;
use crate::removal::identity::{CellsOfRow, Identity};

pub(super) fn read(
    columns: &FlatColumns,
    identity: &Identity,
    question: &Question<'_>,
    threads: usize,
) -> Result<Found, RemovalError> {
    let reading =
        Reading { columns, identity, question, next: AtomicUsize::new(0), has_failed: AtomicBool::new(false) };
    let outcomes = std::thread::scope(|scope| {
        let threads = threads.clamp(1, columns.groups().max(1));
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| reading.work())).collect();
        let joined = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
        joined.map(|end| end.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect::<Vec<_>>()
    });
    let mut all = Asked::default();
    let mut first_failure: Option<(usize, ManifestError)> = None;
    for (asked, failure) in outcomes {
        all.add(asked);
        let earlier = |(group, _): &(usize, _)| first_failure.as_ref().is_none_or(|(first, _)| group < first);
        if failure.as_ref().is_some_and(earlier) {
            first_failure = failure;
        }
    }
    match first_failure {
        Some((_, error)) => Err(error.into()),
        None => all.finish(),
    }
}

struct Reading<'a> {
    columns: &'a FlatColumns,
    identity: &'a Identity,
    question: &'a Question<'a>,
    /// The row group that nobody has begun.
    next: AtomicUsize,
    has_failed: AtomicBool,
}

impl Reading<'_> {
    /// Takes groups until none is left; says which one could not be read.
    fn work(&self) -> (Asked, Option<(usize, ManifestError)>) {
        let mut asked = Asked::default();
        while !self.has_failed.load(Ordering::Relaxed) {
            let group = self.next.fetch_add(1, Ordering::Relaxed);
            if group >= self.columns.groups() {
                break;
            }
            let read = self.columns.read_group(group, &mut |batch| {
                for row in 0..batch.rows {
                    let number = batch.first_row + row as u64;
                    let cells = || CellsOfRow { identity: self.identity, batch, row };
                    if let Some(by) = self.question.ask(number, cells, &mut asked.found) {
                        asked.put(number, by);
                    }
                }
            });
            if let Err(error) = read {
                self.has_failed.store(true, Ordering::Relaxed);
                return (asked, Some((group, error)));
            }
        }
        (asked, None)
    }
}
