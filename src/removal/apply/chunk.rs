//! One column of one row group, written again without some of its rows: decoded to values and levels, filtered, and
//! encoded as it was, as near as can be told from its metadata.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Encoding, PageType, Type as PhysicalType};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::column::writer::{ColumnCloseResult, ColumnWriter, ColumnWriterImpl, get_column_writer};
use parquet::data_type::{DataType, FixedLenByteArray};
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};

use super::Mode;

/// Values decoded at once, bytes: enough that the cost of a call does not matter, few enough for columns of pictures.
const BATCH_BYTES: i64 = 4 << 20;
/// The same in rows, at least and at most.
const BATCH_ROWS_MIN: i64 = 16;
const BATCH_ROWS_MAX: i64 = 8192;

/// A chunk to be written again.
pub(super) struct Chunk {
    pub path: PathBuf,
    pub metadata: ColumnChunkMetaData,
    /// Rows of its row group.
    pub rows: usize,
    /// Sorted, counted from the first row of the group.
    pub removed: Arc<Vec<usize>>,
    pub mode: Mode,
    pub has_page_statistics: bool,
    pub has_offset_index: bool,
}

/// The chunk as it will stand in the file.
pub(super) struct Written {
    pub bytes: Bytes,
    pub close: ColumnCloseResult,
}

pub(super) fn write(chunk: &Chunk) -> Result<Written, ParquetError> {
    let file = Arc::new(File::open(&chunk.path)?);
    let descr = chunk.metadata.column_descr_ptr();
    let pages = SerializedPageReader::new(file, &chunk.metadata, chunk.rows, None)?;
    let reader = get_column_reader(descr.clone(), Box::new(pages));
    let mut sink = TrackedWrite::new(Vec::new());
    let writer =
        get_column_writer(descr.clone(), Arc::new(properties(chunk)), Box::new(SerializedPageWriter::new(&mut sink)));
    let close = match (reader, writer) {
        (ColumnReader::BoolColumnReader(reader), ColumnWriter::BoolColumnWriter(writer)) => {
            Copying::new(chunk, reader, writer, false).run()
        }
        (ColumnReader::Int32ColumnReader(reader), ColumnWriter::Int32ColumnWriter(writer)) => {
            Copying::new(chunk, reader, writer, 0).run()
        }
        (ColumnReader::Int64ColumnReader(reader), ColumnWriter::Int64ColumnWriter(writer)) => {
            Copying::new(chunk, reader, writer, 0).run()
        }
        (ColumnReader::Int96ColumnReader(reader), ColumnWriter::Int96ColumnWriter(writer)) => {
            Copying::new(chunk, reader, writer, parquet::data_type::Int96::from(vec![0, 0, 0])).run()
        }
        (ColumnReader::FloatColumnReader(reader), ColumnWriter::FloatColumnWriter(writer)) => {
            Copying::new(chunk, reader, writer, 0.0).run()
        }
        (ColumnReader::DoubleColumnReader(reader), ColumnWriter::DoubleColumnWriter(writer)) => {
            Copying::new(chunk, reader, writer, 0.0).run()
        }
        (ColumnReader::ByteArrayColumnReader(reader), ColumnWriter::ByteArrayColumnWriter(writer)) => {
            Copying::new(chunk, reader, writer, "".into()).run()
        }
        (ColumnReader::FixedLenByteArrayColumnReader(reader), ColumnWriter::FixedLenByteArrayColumnWriter(writer)) => {
            let zeros = vec![0; usize::try_from(descr.type_length()).unwrap_or(0)];
            Copying::new(chunk, reader, writer, FixedLenByteArray::from(zeros)).run()
        }
        _ => Err(ParquetError::General("a column changed its type".to_owned())),
    }?;
    Ok(Written { bytes: sink.into_inner()?.into(), close })
}

/// How the chunk was encoded and compressed, as far as its metadata tell.
fn properties(chunk: &Chunk) -> WriterProperties {
    let metadata = &chunk.metadata;
    let encodings: Vec<Encoding> = metadata.encodings().collect();
    let dictionary = [Encoding::RLE_DICTIONARY, PLAIN_DICTIONARY];
    let has_dictionary = encodings.iter().any(|encoding| dictionary.contains(encoding));
    let pages = metadata.page_encoding_stats();
    let is_v2 = pages.is_some_and(|pages| pages.iter().any(|page| page.page_type == PageType::DATA_PAGE_V2));
    let statistics = match (metadata.statistics().is_some(), chunk.has_page_statistics) {
        (_, true) => EnabledStatistics::Page,
        (true, false) => EnabledStatistics::Chunk,
        (false, false) => EnabledStatistics::None,
    };
    let mut builder = WriterProperties::builder()
        .set_writer_version(if is_v2 { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 })
        .set_compression(metadata.compression())
        .set_dictionary_enabled(has_dictionary)
        .set_encoding(value_encoding(&encodings, metadata.column_type()))
        .set_statistics_enabled(statistics)
        .set_offset_index_disabled(!chunk.has_offset_index);
    if metadata.bloom_filter_offset().is_some() {
        let values = u64::try_from(metadata.num_values()).unwrap_or(0).max(1);
        builder = builder.set_bloom_filter_enabled(true).set_bloom_filter_max_ndv(values);
    }
    builder.build()
}

/// The old name of a dictionary page's encoding, which most files in the world have.
const PLAIN_DICTIONARY: Encoding = Encoding::PLAIN_DICTIONARY;

/// The encoding of values outside of a dictionary. RLE is that of levels too, so for truth values it is left to what
/// the format's first version had.
fn value_encoding(encodings: &[Encoding], kind: PhysicalType) -> Encoding {
    use Encoding::{BYTE_STREAM_SPLIT, DELTA_BINARY_PACKED, DELTA_BYTE_ARRAY, DELTA_LENGTH_BYTE_ARRAY};
    let fits = |encoding: &Encoding| match kind {
        PhysicalType::INT32 | PhysicalType::INT64 => [DELTA_BINARY_PACKED, BYTE_STREAM_SPLIT].contains(encoding),
        PhysicalType::FLOAT | PhysicalType::DOUBLE => *encoding == BYTE_STREAM_SPLIT,
        PhysicalType::BYTE_ARRAY => [DELTA_BYTE_ARRAY, DELTA_LENGTH_BYTE_ARRAY].contains(encoding),
        PhysicalType::FIXED_LEN_BYTE_ARRAY => [DELTA_BYTE_ARRAY, BYTE_STREAM_SPLIT].contains(encoding),
        PhysicalType::BOOLEAN | PhysicalType::INT96 => false,
    };
    encodings.iter().copied().find(fits).unwrap_or(Encoding::PLAIN)
}

/// One chunk on its way from its reader to its writer.
struct Copying<'c, 'w, T: DataType> {
    chunk: &'c Chunk,
    reader: ColumnReaderImpl<T>,
    writer: ColumnWriterImpl<'w, T>,
    /// What stands for an emptied value that cannot be null.
    empty: T::T,
    def_max: i16,
    rep_max: i16,
    def: Vec<i16>,
    rep: Vec<i16>,
    values: Vec<T::T>,
    keeps: Vec<bool>,
}

impl<'c, 'w, T: DataType> Copying<'c, 'w, T> {
    fn new(chunk: &'c Chunk, reader: ColumnReaderImpl<T>, writer: ColumnWriterImpl<'w, T>, empty: T::T) -> Self {
        let descr = chunk.metadata.column_descr();
        let (def_max, rep_max) = (descr.max_def_level(), descr.max_rep_level());
        let (def, rep, values, keeps) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { chunk, reader, writer, empty, def_max, rep_max, def, rep, values, keeps }
    }

    fn run(mut self) -> Result<ColumnCloseResult, ParquetError> {
        let values = self.chunk.metadata.num_values().max(1);
        let bytes_a_value = (self.chunk.metadata.uncompressed_size() / values).max(1);
        let batch = (BATCH_BYTES / bytes_a_value).clamp(BATCH_ROWS_MIN, BATCH_ROWS_MAX) as usize;
        let mut row = 0;
        while row < self.chunk.rows {
            let wanted = batch.min(self.chunk.rows - row);
            self.fill(wanted)?;
            let end = row + wanted;
            let removed = &self.chunk.removed;
            let from = removed.partition_point(|removed| *removed < row);
            let to = removed.partition_point(|removed| *removed < end);
            if from < to {
                self.filter(row, from..to);
            }
            if !(self.values.is_empty() && self.def.is_empty()) {
                let def = (self.def_max > 0).then_some(self.def.as_slice());
                let rep = (self.rep_max > 0).then_some(self.rep.as_slice());
                self.writer.write_batch(&self.values, def, rep)?;
            }
            row = end;
        }
        self.writer.close()
    }

    /// Reads exactly so many rows.
    fn fill(&mut self, rows: usize) -> Result<(), ParquetError> {
        self.def.clear();
        self.rep.clear();
        self.values.clear();
        let mut total = 0;
        while total < rows {
            let (read, _, levels) =
                self.reader.read_records(rows - total, Some(&mut self.def), Some(&mut self.rep), &mut self.values)?;
            if read == 0 && levels == 0 {
                return Err(ParquetError::General(format!("a column ends {} rows too early", rows - total)));
            }
            total += read;
        }
        Ok(())
    }

    /// Takes the removed rows (positions in the list of them) out of the batch, or empties them.
    fn filter(&mut self, first_row: usize, removed: std::ops::Range<usize>) {
        let chunk = self.chunk;
        let removed = &chunk.removed[removed];
        let is_flat = self.rep_max == 0;
        if self.def_max == 0 {
            let mut next = removed.iter().map(|row| row - first_row).peekable();
            if chunk.mode == Mode::Blank {
                next.for_each(|place| self.values[place] = self.empty.clone());
                return;
            }
            let mut place = 0;
            self.values.retain(|_| {
                let is_kept = next.next_if_eq(&place).is_none();
                place += 1;
                is_kept
            });
            return;
        }
        let mut next = removed.iter().map(|row| row - first_row).peekable();
        let (mut row, mut is_removed, mut kept) = (0_usize, false, 0);
        self.keeps.clear();
        for level in 0..self.def.len() {
            let begins = is_flat || self.rep[level] == 0;
            if begins {
                is_removed = next.next_if_eq(&row).is_some();
                row += 1;
            }
            let def = self.def[level];
            if def == self.def_max {
                self.keeps.push(!is_removed);
            }
            // An emptied row is one level that says: nothing, from the outermost on.
            if !is_removed || (begins && chunk.mode == Mode::Blank) {
                self.def[kept] = if is_removed { 0 } else { def };
                if !is_flat {
                    self.rep[kept] = self.rep[level];
                }
                kept += 1;
            }
        }
        self.def.truncate(kept);
        if !is_flat {
            self.rep.truncate(kept);
        }
        let mut keeps = self.keeps.iter();
        self.values.retain(|_| keeps.next().is_none_or(|keeps| *keeps));
    }
}
