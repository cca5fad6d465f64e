//! Parquet without some rows: row groups that keep all their rows are copied byte by byte, the others are written
//! again column by column, each in its own codec and encoding ([`super::chunk`]), on as many threads as are given.
//!
//! Schema, order, row groups, key-value metadata and the writer's name stay. A row group of which nothing stays is left
//! out. Bloom filters, statistics and page indexes of what is written again are made anew: the old ones would still
//! tell of the removed rows.

use std::collections::VecDeque;
use std::fs::File;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, bounded};
use parquet::bloom_filter::Sbbf;
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::{
    ColumnChunkMetaData, PageIndexPolicy, ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader,
    RowGroupMetaData, SortingColumn,
};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use roaring::RoaringBitmap;

use super::chunk::{self, Chunk, Written};
use super::output::Output;
use super::{ApplyRequest, Mode};
use crate::manifest::Source;
use crate::removal::RemovalError;

/// Chunks written ahead of the one that is next in the file, for each thread: their compressed bytes stand in memory.
const AHEAD_A_THREAD: usize = 2;

type Job = (Chunk, Sender<Result<Written, ParquetError>>);

/// Gives the output, not yet in its place, and the number of rows that the input has.
pub(super) fn rewrite(
    source: &Source,
    out: Output,
    rows: &RoaringBitmap,
    request: &ApplyRequest<'_>,
) -> Result<(Output, u64), RemovalError> {
    let fail = |error: ParquetError| RemovalError::Parquet { path: source.path.clone(), detail: error.to_string() };
    let file = File::open(&source.path).map_err(RemovalError::io(&source.path))?;
    let metadata = guarded(|| {
        let full = ParquetMetaDataOptions::new().with_encoding_stats_as_mask(false);
        ParquetMetaDataReader::new()
            .with_page_index_policy(PageIndexPolicy::Optional)
            .with_metadata_options(Some(full))
            .parse_and_finish(&file)
    })
    .map_err(fail)?;
    let plan = Plan::make(&metadata, rows, request.mode);
    let rows_in = plan.groups.iter().map(|group| group.rows.end - group.rows.start).sum();
    let rewriting = Rewriting { source, file: &file, metadata: &metadata, plan: &plan, mode: request.mode };
    let out = guarded(|| rewriting.run(out, request.threads.max(1))).map_err(fail)?;
    Ok((out, rows_in))
}

/// Calls into the library; where it panics on a damaged file, that is an error of the file.
fn guarded<T>(call: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    catch_unwind(AssertUnwindSafe(call))
        .unwrap_or_else(|_| Err(ParquetError::General("its bytes make no sense to the parquet reader".to_owned())))
}

/// What happens to each row group.
struct Plan {
    groups: Vec<Group>,
}

struct Group {
    /// The rows of the file that stand in it.
    rows: Range<u64>,
    /// Rows to remove, counted from the first of the group.
    removed: Arc<Vec<usize>>,
    is_left_out: bool,
}

impl Plan {
    fn make(metadata: &ParquetMetaData, rows: &RoaringBitmap, mode: Mode) -> Self {
        let mut groups = Vec::with_capacity(metadata.num_row_groups());
        let mut begin = 0_u64;
        for group in metadata.row_groups() {
            let end = begin + u64::try_from(group.num_rows()).unwrap_or(0);
            let first = u32::try_from(begin).unwrap_or(u32::MAX);
            let last = u32::try_from(end).unwrap_or(u32::MAX);
            let removed: Vec<usize> = rows.range(first..last).map(|row| (u64::from(row) - begin) as usize).collect();
            let is_left_out = mode == Mode::Drop && !removed.is_empty() && removed.len() as u64 == end - begin;
            groups.push(Group { rows: begin..end, removed: Arc::new(removed), is_left_out });
            begin = end;
        }
        Self { groups }
    }
}

struct Rewriting<'a> {
    source: &'a Source,
    file: &'a File,
    metadata: &'a ParquetMetaData,
    plan: &'a Plan,
    mode: Mode,
}

impl Rewriting<'_> {
    fn run(&self, out: Output, threads: usize) -> Result<Output, ParquetError> {
        let schema = self.metadata.file_metadata().schema_descr().root_schema_ptr();
        let mut writer = SerializedFileWriter::new(out, schema, Arc::new(self.properties()))?;
        let (jobs, queue) = bounded::<Job>(threads * AHEAD_A_THREAD);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                let queue: Receiver<Job> = queue.clone();
                scope.spawn(move || {
                    for (chunk, answer) in queue {
                        // Nobody waits for the answer any more where another chunk has failed.
                        let _ = answer.send(guarded(|| chunk::write(&chunk)));
                    }
                });
            }
            drop(queue);
            self.write_groups(&mut writer, jobs, threads * AHEAD_A_THREAD)
        })?;
        writer.into_inner()
    }

    /// Writes the groups in order; chunks that are made anew are asked for some way ahead.
    fn write_groups(
        &self,
        writer: &mut SerializedFileWriter<Output>,
        jobs: Sender<Job>,
        ahead: usize,
    ) -> Result<(), ParquetError> {
        let mut chunks = self.chunks().into_iter();
        let mut answers: VecDeque<Receiver<Result<Written, ParquetError>>> = VecDeque::new();
        let gone = || ParquetError::General("a thread has ended early".to_owned());
        for (index, group) in self.metadata.row_groups().iter().enumerate() {
            let plan = &self.plan.groups[index];
            if plan.is_left_out {
                continue;
            }
            let mut out = writer.next_row_group()?;
            for (column, chunk) in group.columns().iter().enumerate() {
                if !Self::is_anew(plan, chunk) {
                    out.append_column(self.file, self.as_it_is(index, column, group, chunk))?;
                    continue;
                }
                while answers.len() < ahead {
                    let Some(chunk) = chunks.next() else { break };
                    let (answer, receiver) = bounded(1);
                    jobs.send((chunk, answer)).map_err(|_| gone())?;
                    answers.push_back(receiver);
                }
                let written = answers.pop_front().ok_or_else(gone)?.recv().map_err(|_| gone())??;
                out.append_column(&written.bytes, written.close)?;
            }
            out.close()?;
        }
        // No more chunks: the threads end.
        drop(jobs);
        Ok(())
    }

    /// The chunks that are made anew, in the order of the file.
    fn chunks(&self) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        for (index, group) in self.metadata.row_groups().iter().enumerate() {
            let plan = &self.plan.groups[index];
            for (column, metadata) in group.columns().iter().enumerate() {
                if !plan.is_left_out && Self::is_anew(plan, metadata) {
                    let page_index = self.metadata.page_index();
                    chunks.push(Chunk {
                        path: self.source.path.clone(),
                        metadata: metadata.clone(),
                        rows: (plan.rows.end - plan.rows.start) as usize,
                        removed: plan.removed.clone(),
                        mode: self.mode,
                        has_page_statistics: page_index.is_some_and(|all| all.column_index(index, column).is_some()),
                        has_offset_index: page_index.is_some_and(|all| all.offset_index(index, column).is_some()),
                    });
                }
            }
        }
        chunks
    }

    /// Whether a chunk must be written again: rows of it go, or where it begins is not said well enough to copy it.
    fn is_anew(plan: &Group, chunk: &ColumnChunkMetaData) -> bool {
        let data = chunk.data_page_offset();
        let is_well_placed = chunk.dictionary_page_offset().is_none_or(|place| place > 0 && place < data)
            && chunk.index_page_offset().is_none_or(|place| place > data)
            && data > 0;
        !plan.removed.is_empty() || !is_well_placed
    }

    fn as_it_is(
        &self,
        index: usize,
        column: usize,
        group: &RowGroupMetaData,
        chunk: &ColumnChunkMetaData,
    ) -> ColumnCloseResult {
        let page_index = self.metadata.page_index();
        ColumnCloseResult {
            bytes_written: u64::try_from(chunk.compressed_size()).unwrap_or(0),
            rows_written: u64::try_from(group.num_rows()).unwrap_or(0),
            metadata: chunk.clone(),
            bloom_filter: Sbbf::read_from_column_chunk(chunk, self.file).ok().flatten(),
            column_index: page_index.and_then(|all| all.column_index(index, column)).cloned(),
            offset_index: page_index.and_then(|all| all.offset_index(index, column)).cloned(),
        }
    }

    /// What the file says of itself as a whole.
    fn properties(&self) -> WriterProperties {
        let file = self.metadata.file_metadata();
        let version = if file.version() >= 2 { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 };
        let has_offsets = self.metadata.row_groups().iter().flat_map(RowGroupMetaData::columns);
        let has_offsets = has_offsets.into_iter().any(|chunk| chunk.offset_index_offset().is_some());
        let builder = WriterProperties::builder()
            .set_writer_version(version)
            .set_key_value_metadata(file.key_value_metadata().cloned())
            .set_sorting_columns(self.sorting())
            .set_offset_index_disabled(!has_offsets);
        // Readers decide by the writer's name which of its statistics to trust, and some chunks are still its own.
        match file.created_by() {
            Some(created_by) => builder.set_created_by(created_by.to_owned()).build(),
            None => builder.build(),
        }
    }

    /// The order the rows are in, where all groups say the same and no row was emptied in its place.
    fn sorting(&self) -> Option<Vec<SortingColumn>> {
        let mut all = self.metadata.row_groups().iter().map(RowGroupMetaData::sorting_columns);
        let first = all.next().flatten()?;
        (self.mode == Mode::Drop && all.all(|other| other == Some(first))).then(|| first.clone())
    }
}
