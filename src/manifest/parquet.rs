//! Parquet files: flat columns in typed batches, nested columns as JSON text, picture bytes as the row's picture.
//!
//! The library is told to read damaged files too; where it panics on one, the panic is caught at its call and the
//! file is called damaged. Nothing of a sink's runs inside such a call.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Repetition, Type as PhysicalType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, RowGroupReader};
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::record::Row;
use parquet::record::reader::RowIter;
use parquet::schema::types::{SchemaDescriptor, Type};

use super::cells::{COLUMNS_MAX, Cells, ColumnNames};
use super::parquet_batch::{Batch, Raw};
use super::parquet_nested::nested_value;
use super::parquet_value::{Meaning, meaning};
use super::rows::{Rows, Stop};
use super::{Reading, is_picture_extension, is_picture_magic, picture_of};
use crate::record::{ColumnName, Picture, Value};

/// Rows decoded at once: enough that the cost of a call does not matter.
const BATCH_ROWS: usize = 1024;
/// The same where rows carry pictures of some hundred kilobytes each.
const BATCH_ROWS_WITH_PICTURES: usize = 64;

/// Reads all row groups, one at a time.
pub(super) fn read(path: &Path, reading: Reading<'_>, rows: &mut Rows<'_>) -> Result<(), Stop> {
    let file = File::open(path)?;
    let reader = guarded(|| SerializedFileReader::new(file))?;
    let metadata = reader.metadata();
    let layout = Layout::of(metadata.file_metadata().schema_descr(), reading);
    if layout.columns.is_empty() {
        // Its row count could be any lie, with nothing to tell it by.
        return Err(Stop::Unsupported("it has no columns".to_owned()));
    }
    for index in 0..metadata.num_row_groups() {
        let group = guarded(|| reader.get_row_group(index))?;
        read_group(&*group, &layout, reading, rows)?;
    }
    Ok(())
}

/// Calls into the library; its errors and its panics both mean that the file is damaged.
pub(super) fn guarded<T>(call: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, Stop> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(ParquetError::NYI(detail))) => Err(Stop::Unsupported(format!("parquet: {detail}"))),
        Ok(Err(error)) => Err(Stop::Damaged(error.to_string())),
        Err(_) => Err(Stop::Damaged("its bytes make no sense to the parquet reader".to_owned())),
    }
}

/// How a column of the table is read.
enum Column {
    /// A column of single values: its name and its leaf.
    Flat(String, Leaf),
    /// Bytes of a picture, with the column's name for the case that they are none.
    Picture(String, Leaf),
    /// A list, map or struct: its place among the nested ones.
    Nested(String, usize),
}

/// A column of single values, as it is stored.
pub(super) struct Leaf {
    pub index: usize,
    pub level_max: i16,
    pub meaning: Meaning,
    /// Bytes that nobody said to be text: they may be a picture.
    pub is_plain_bytes: bool,
}

impl Leaf {
    pub fn of(schema: &SchemaDescriptor, index: usize) -> Self {
        let column = schema.column(index);
        let meaning = meaning(column.self_type().get_basic_info(), column.type_scale());
        let is_bytes = matches!(column.physical_type(), PhysicalType::BYTE_ARRAY | PhysicalType::FIXED_LEN_BYTE_ARRAY);
        let is_plain_bytes = is_bytes && meaning == Meaning::Plain;
        Self { index, level_max: column.max_def_level(), meaning, is_plain_bytes }
    }
}

struct Layout {
    columns: Vec<Column>,
    /// The schema of the nested columns alone, if there are any.
    nested: Option<Type>,
    /// The columns' names, shared, where there are not too many.
    names: Vec<ColumnName>,
    has_pictures: bool,
}

impl Layout {
    fn of(schema: &SchemaDescriptor, reading: Reading<'_>) -> Self {
        let root = schema.root_schema();
        let mut columns = Vec::new();
        let mut nested = Vec::new();
        let mut leaf = 0;
        for field in root.get_fields() {
            let leaves = leaves_of(field);
            let repeated =
                field.get_basic_info().has_repetition() && field.get_basic_info().repetition() == Repetition::REPEATED;
            let name = field.name().to_owned();
            if !is_wanted(&name, field, repeated, reading) {
                leaf += leaves;
                continue;
            }
            if field.is_primitive() && !repeated {
                columns.push(flat(schema, leaf, name));
            } else if let (false, Some(parts)) = (repeated, image_parts(field)) {
                for (offset, part) in parts.into_iter().enumerate() {
                    let Column::Flat(name, part_leaf) = flat(schema, leaf + offset, format!("{name}.{part}")) else {
                        continue;
                    };
                    columns.push(if part == "bytes" {
                        Column::Picture(name, part_leaf)
                    } else {
                        Column::Flat(name, part_leaf)
                    });
                }
            } else {
                columns.push(Column::Nested(name, nested.len()));
                nested.push(Arc::clone(field));
            }
            leaf += leaves;
        }
        let has_pictures = columns.iter().any(|column| matches!(column, Column::Picture(..)));
        let nested = (!nested.is_empty())
            .then(|| Type::group_type_builder(root.name()).with_fields(nested).build().ok())
            .flatten();
        let names = if columns.len() <= COLUMNS_MAX {
            columns.iter().map(|column| column.name().into()).collect()
        } else {
            Vec::new()
        };
        Self { columns, nested, names, has_pictures }
    }
}

impl Column {
    fn name(&self) -> &str {
        match self {
            Self::Flat(name, _) | Self::Picture(name, _) | Self::Nested(name, _) => name,
        }
    }
}

/// Whether a column is read at all: it is asked for by name or by a path that begins with its name, or holds a picture.
fn is_wanted(name: &str, field: &Type, repeated: bool, reading: Reading<'_>) -> bool {
    let Some(columns) = reading.columns else { return true };
    let named =
        |column: &String| column.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    let may_be_picture =
        || if field.is_primitive() { is_picture_name(name) } else { !repeated && image_parts(field).is_some() };
    columns.iter().any(named) || (reading.pictures && may_be_picture())
}

fn is_picture_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    is_picture_extension(&lower) || matches!(lower.as_str(), "image" | "img" | "picture" | "image_bytes" | "bytes")
}

fn flat(schema: &SchemaDescriptor, index: usize, name: String) -> Column {
    let leaf = Leaf::of(schema, index);
    let is_binary = leaf.is_plain_bytes && schema.column(index).physical_type() == PhysicalType::BYTE_ARRAY;
    if is_binary && is_picture_name(&name) { Column::Picture(name, leaf) } else { Column::Flat(name, leaf) }
}

pub(super) fn leaves_of(field: &Type) -> usize {
    if field.is_primitive() { 1 } else { field.get_fields().iter().map(|child| leaves_of(child)).sum() }
}

/// The member names of a Hugging Face image column, `{bytes, path}` in either order.
fn image_parts(field: &Type) -> Option<Vec<&'static str>> {
    if field.is_primitive() {
        return None;
    }
    let parts: Option<Vec<_>> = field
        .get_fields()
        .iter()
        .map(|child| {
            let single = child.is_primitive()
                && child.get_basic_info().repetition() != Repetition::REPEATED
                && child.get_physical_type() == PhysicalType::BYTE_ARRAY;
            match child.name() {
                "bytes" if single => Some("bytes"),
                "path" if single => Some("path"),
                _ => None,
            }
        })
        .collect();
    parts.filter(|parts| parts.contains(&"bytes"))
}

fn read_group(
    group: &dyn RowGroupReader,
    layout: &Layout,
    reading: Reading<'_>,
    rows: &mut Rows<'_>,
) -> Result<(), Stop> {
    let mut batches: Vec<Option<Batch>> = Vec::with_capacity(layout.columns.len());
    for column in &layout.columns {
        batches.push(match column {
            Column::Flat(_, leaf) | Column::Picture(_, leaf) => {
                let reader = guarded(|| group.get_column_reader(leaf.index))?;
                Some(Batch::new(reader, leaf.level_max, leaf.meaning))
            }
            Column::Nested(..) => None,
        });
    }
    let mut nested_rows = match &layout.nested {
        Some(schema) => Some(guarded(|| RowIter::from_row_group(Some(schema.clone()), group))?),
        None => None,
    };
    let batch_rows = if layout.has_pictures { BATCH_ROWS_WITH_PICTURES } else { BATCH_ROWS };
    let mut remaining = usize::try_from(group.metadata().num_rows()).map_err(|_| damaged_count())?;
    while remaining > 0 {
        let count = remaining.min(batch_rows);
        for batch in batches.iter_mut().flatten() {
            guarded(|| batch.fill(count))?;
        }
        for _ in 0..count {
            let nested = match &mut nested_rows {
                Some(iter) => Some(next_nested(iter)?),
                None => None,
            };
            deliver(layout, &mut batches, nested, reading, rows)?;
        }
        remaining -= count;
    }
    Ok(())
}

fn damaged_count() -> Stop {
    Stop::Damaged("a row group has a negative number of rows".to_owned())
}

fn next_nested(iter: &mut RowIter<'_>) -> Result<Row, Stop> {
    guarded(|| iter.next().unwrap_or_else(|| Err(ParquetError::General("a nested column ends too early".to_owned()))))
}

fn deliver(
    layout: &Layout,
    batches: &mut [Option<Batch>],
    nested: Option<Row>,
    reading: Reading<'_>,
    rows: &mut Rows<'_>,
) -> Result<(), Stop> {
    let nested: Vec<Value> =
        nested.map(|row| row.get_column_iter().map(|(_, field)| nested_value(field)).collect()).unwrap_or_default();
    let mut picture = None;
    let mut cell_of = |column: &Column, batch: &mut Option<Batch>| match (column, batch) {
        (Column::Nested(_, place), _) => Some(nested.get(*place).cloned().unwrap_or(Value::Null)),
        (column, Some(batch)) => cell(column, batch, reading, &mut picture),
        (_, None) => None,
    };
    let columns = layout.columns.iter().zip(batches);
    if layout.names.len() == layout.columns.len() {
        let mut values = Vec::with_capacity(layout.columns.len());
        for ((column, batch), name) in columns.zip(&layout.names) {
            if let Some(value) = cell_of(column, batch) {
                values.push((name.clone(), value));
            }
        }
        return rows.deliver(values, picture);
    }
    let mut names = ColumnNames::default();
    let mut cells = Cells::new(&mut names);
    for (column, batch) in columns {
        if let Some(value) = cell_of(column, batch) {
            cells.push(column.name(), value);
        }
    }
    rows.deliver(cells.finish(), picture)
}

/// The cell of a flat column; `None` where it held a picture, which is kept apart.
fn cell(column: &Column, batch: &mut Batch, reading: Reading<'_>, picture: &mut Option<Picture>) -> Option<Value> {
    let meaning = batch.meaning();
    let is_picture_column = matches!(column, Column::Picture(..));
    match batch.next() {
        // A struct's picture bytes are often null, with the path beside them: an absent cell, not an empty one.
        None if is_picture_column => None,
        None => Some(Value::Null),
        Some(Raw::Bytes(bytes)) if meaning == Meaning::Plain && is_picture(bytes, is_picture_column) => {
            if picture.is_none() {
                *picture = Some(picture_of(bytes, reading));
                return None;
            }
            Some(Value::Text(format!("(another picture, {} bytes)", bytes.len())))
        }
        Some(raw) => Some(raw.into_value(meaning)),
    }
}

/// Bytes in a picture column are a picture even where we do not know the format (AVIF), unless they are text.
fn is_picture(bytes: &[u8], is_picture_column: bool) -> bool {
    is_picture_magic(bytes) || (is_picture_column && !bytes.is_empty() && std::str::from_utf8(bytes).is_err())
}

#[cfg(test)]
mod tests;
