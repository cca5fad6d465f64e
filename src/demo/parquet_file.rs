//! Writes flat parquet files through the column writers (no Arrow), one row group after the other.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;

use super::DemoError;

/// The cells of one column of one row group; `None` is null.
pub enum Cells {
    Text(Vec<Option<String>>),
    Int(Vec<Option<i32>>),
    Long(Vec<Option<i64>>),
    Double(Vec<Option<f64>>),
}

/// A parquet file being written. Nothing is readable before [`ParquetFile::finish`].
pub struct ParquetFile {
    path: PathBuf,
    writer: SerializedFileWriter<File>,
}

impl ParquetFile {
    /// `columns` in the message language of parquet: `OPTIONAL BYTE_ARRAY url (UTF8)`. All must be optional.
    pub fn create(path: &Path, columns: &[&str]) -> Result<Self, DemoError> {
        let file = File::create(path).map_err(|source| DemoError::io(path, source))?;
        let open = || {
            let schema = parse_message_type(&format!("message schema {{ {}; }}", columns.join("; ")))?;
            let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
            SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties))
        };
        Ok(Self { path: path.to_owned(), writer: open().map_err(|source| DemoError::parquet(path, source))? })
    }

    /// One row group: the cells of every column, in the order the columns were declared.
    pub fn write_group(&mut self, columns: Vec<Cells>) -> Result<(), DemoError> {
        let write = || {
            let mut group = self.writer.next_row_group()?;
            for cells in columns {
                let mut column = group
                    .next_column()?
                    .ok_or_else(|| ParquetError::General("more columns given than declared".into()))?;
                match cells {
                    Cells::Text(cells) => {
                        let bytes = cells.into_iter().map(|cell| cell.map(|text| ByteArray::from(text.into_bytes())));
                        write_cells::<ByteArrayType>(&mut column, bytes)?;
                    }
                    Cells::Int(cells) => write_cells::<Int32Type>(&mut column, cells.into_iter())?,
                    Cells::Long(cells) => write_cells::<Int64Type>(&mut column, cells.into_iter())?,
                    Cells::Double(cells) => write_cells::<DoubleType>(&mut column, cells.into_iter())?,
                }
                column.close()?;
            }
            group.close().map(|_| ())
        };
        write().map_err(|source| DemoError::parquet(&self.path, source))
    }

    pub fn finish(self) -> Result<(), DemoError> {
        let path = self.path;
        self.writer.close().map(|_| ()).map_err(|source| DemoError::parquet(&path, source))
    }
}

fn write_cells<T: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    cells: impl Iterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let mut levels = Vec::new();
    let mut values = Vec::new();
    for cell in cells {
        levels.push(i16::from(cell.is_some()));
        values.extend(cell);
    }
    column.typed::<T>().write_batch(&values, Some(&levels), None).map(|_| ())
}
