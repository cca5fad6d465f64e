//! Some flat columns of a parquet file side by side, row group by row group and on any thread: for whoever looks at
//! every row and keeps none. Cells are what [`super::parquet`] makes of them, but no record is built, and a text stays
//! where the page has it.

use std::borrow::Cow;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::Repetition;
use parquet::column::reader::get_column_reader;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::{SchemaDescriptor, Type};

use super::ManifestError;
use super::parquet::{Leaf, guarded, leaves_of};
use super::parquet_batch::Batch;
use super::parquet_value::Meaning;
use super::rows::Stop;
use crate::mapping::Cell;
use crate::record::Value;

/// Rows decoded at once: enough that the cost of a call does not matter, few enough to stay in the processor's cache.
const BATCH_ROWS: usize = 1024;

/// The chosen columns of one file.
pub struct FlatColumns {
    path: PathBuf,
    metadata: Arc<ParquetMetaData>,
    /// In the order in which they were asked for; `None` for a column that this file does not have.
    leaves: Vec<Option<Leaf>>,
}

/// Rows that stand together, column by column.
pub struct RowBatch<'b> {
    /// The number of the first in the file.
    pub first_row: u64,
    pub rows: usize,
    columns: Vec<Option<Column<'b>>>,
}

enum Column<'b> {
    Texts(Vec<Option<Cow<'b, str>>>),
    Values(Vec<Value>),
}

impl FlatColumns {
    /// `None` where one of the columns is nested, might hold pictures, or is not told by its name alone: then rows must
    /// be read whole.
    pub(super) fn open(path: &Path, columns: &[String]) -> Result<Option<Self>, Stop> {
        let file = File::open(path)?;
        let metadata = guarded(|| ParquetMetaDataReader::new().parse_and_finish(&file))?;
        let schema = metadata.file_metadata().schema_descr();
        let leaves: Result<Vec<_>, NotFlat> = columns.iter().map(|column| leaf_named(schema, column)).collect();
        Ok(leaves.ok().map(|leaves| Self { path: path.to_owned(), metadata: Arc::new(metadata), leaves }))
    }

    pub fn groups(&self) -> usize {
        self.metadata.num_row_groups()
    }

    /// Reads one row group; batches come in the order of the rows.
    ///
    /// # Errors
    /// [`ManifestError::Damaged`] where the group is not what the file says of it.
    pub fn read_group(&self, group: usize, look: &mut dyn FnMut(&RowBatch<'_>)) -> Result<(), ManifestError> {
        let before: u64 = self.metadata.row_groups()[..group].iter().map(|group| group.num_rows().max(0) as u64).sum();
        let mut row = before;
        self.read(group, &mut row, look).map_err(|stop| stop.of_file(&self.path, row))
    }

    fn read(&self, group: usize, row: &mut u64, look: &mut dyn FnMut(&RowBatch<'_>)) -> Result<(), Stop> {
        let metadata = self.metadata.row_group(group);
        let negative = |_| Stop::Damaged("a row group has a negative number of rows".to_owned());
        let mut remaining = usize::try_from(metadata.num_rows()).map_err(negative)?;
        // A place in a file belongs to whoever opened it: threads must not share one.
        let file = Arc::new(File::open(&self.path)?);
        let mut batches = Vec::with_capacity(self.leaves.len());
        for leaf in &self.leaves {
            let Some(leaf) = leaf else {
                batches.push(None);
                continue;
            };
            let chunk = metadata.column(leaf.index);
            let pages = guarded(|| SerializedPageReader::new(file.clone(), chunk, remaining, None))?;
            let reader = get_column_reader(chunk.column_descr_ptr(), Box::new(pages));
            batches.push(Some(Batch::new(reader, leaf.level_max, leaf.meaning)));
        }
        while remaining > 0 {
            let rows = remaining.min(BATCH_ROWS);
            for batch in batches.iter_mut().flatten() {
                guarded(|| batch.fill(rows))?;
            }
            let columns = batches.iter_mut().map(|batch| Some(column(batch.as_mut()?, rows))).collect();
            look(&RowBatch { first_row: *row, rows, columns });
            remaining -= rows;
            *row += rows as u64;
        }
        Ok(())
    }
}

impl RowBatch<'_> {
    /// The cell of a row of this batch, in the column that was asked for in this place; `None` for null.
    pub(crate) fn cell(&self, column: usize, row: usize) -> Option<Cell<'_>> {
        match self.columns.get(column)?.as_ref()? {
            Column::Texts(texts) => texts.get(row)?.as_deref().map(Cell::Text),
            Column::Values(values) => match values.get(row)? {
                Value::Null => None,
                Value::Bool(value) => Some(Cell::Bool(*value)),
                Value::Int(value) => Some(Cell::Int(*value)),
                Value::Float(value) => Some(Cell::Float(*value)),
                Value::Text(text) | Value::Json(text) => Some(Cell::Text(text)),
            },
        }
    }
}

/// Rows must be read whole to know what the column's name means.
struct NotFlat;

/// Where a column is stored, if at all.
fn leaf_named(schema: &SchemaDescriptor, column: &str) -> Result<Option<Leaf>, NotFlat> {
    // A name that may be a path into another column.
    if column.contains(['.', '[']) {
        return Err(NotFlat);
    }
    let (mut first, mut found) = (0, None);
    for field in schema.root_schema().get_fields() {
        if field.name() == column && found.replace((field, first)).is_some() {
            return Err(NotFlat);
        }
        first += leaves_of(field);
    }
    let Some((field, index)) = found else { return Ok(None) };
    let leaf = is_single(field).then(|| Leaf::of(schema, index));
    leaf.filter(|leaf| !leaf.is_plain_bytes).map(Some).ok_or(NotFlat)
}

fn is_single(field: &Type) -> bool {
    let info = field.get_basic_info();
    field.is_primitive() && info.has_repetition() && info.repetition() != Repetition::REPEATED
}

fn column(batch: &mut Batch, rows: usize) -> Column<'_> {
    let meaning = batch.meaning();
    if meaning == Meaning::Text && batch.is_bytes() {
        return Column::Texts(batch.all_bytes().into_iter().map(|bytes| bytes.map(text)).collect());
    }
    let next = |_| batch.next().map_or(Value::Null, |raw| raw.into_value(meaning));
    Column::Values((0..rows).map(next).collect())
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    // Checking is much faster than replacing, and nearly every text is one.
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}
