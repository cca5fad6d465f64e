//! A flat parquet column read in batches of typed values: the fast way, without building a tree for each row.

use parquet::basic::Type as PhysicalType;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType, FixedLenByteArray, Int96};
use parquet::errors::ParquetError;

use super::parquet_value::{Meaning, of_bytes, of_f32, of_int96, of_integer};
use crate::record::Value;

/// The values of a batch, nulls left out.
enum Values {
    Bool(Vec<bool>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Int96(Vec<Int96>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    Bytes(Vec<ByteArray>),
    Fixed(Vec<FixedLenByteArray>),
}

/// One column chunk and the batch of it that is at hand.
pub(super) struct Batch {
    reader: ColumnReader,
    values: Values,
    /// How deep each row's value is defined; empty for columns that are never null.
    levels: Vec<i16>,
    level_max: i16,
    meaning: Meaning,
    row: usize,
    value: usize,
}

/// A cell before it is made into a value.
pub(super) enum Raw<'b> {
    Value(Value),
    Bytes(&'b [u8]),
}

impl Batch {
    pub fn new(reader: ColumnReader, level_max: i16, meaning: Meaning) -> Self {
        let values = match reader {
            ColumnReader::BoolColumnReader(_) => Values::Bool(Vec::new()),
            ColumnReader::Int32ColumnReader(_) => Values::Int32(Vec::new()),
            ColumnReader::Int64ColumnReader(_) => Values::Int64(Vec::new()),
            ColumnReader::Int96ColumnReader(_) => Values::Int96(Vec::new()),
            ColumnReader::FloatColumnReader(_) => Values::Float(Vec::new()),
            ColumnReader::DoubleColumnReader(_) => Values::Double(Vec::new()),
            ColumnReader::ByteArrayColumnReader(_) => Values::Bytes(Vec::new()),
            ColumnReader::FixedLenByteArrayColumnReader(_) => Values::Fixed(Vec::new()),
        };
        Self { reader, values, levels: Vec::new(), level_max, meaning, row: 0, value: 0 }
    }

    /// Reads the next batch, which must have exactly `rows` rows.
    pub fn fill(&mut self, rows: usize) -> Result<(), ParquetError> {
        self.levels.clear();
        (self.row, self.value) = (0, 0);
        let levels = &mut self.levels;
        let read = match (&mut self.reader, &mut self.values) {
            (ColumnReader::BoolColumnReader(reader), Values::Bool(values)) => read(reader, rows, levels, values),
            (ColumnReader::Int32ColumnReader(reader), Values::Int32(values)) => read(reader, rows, levels, values),
            (ColumnReader::Int64ColumnReader(reader), Values::Int64(values)) => read(reader, rows, levels, values),
            (ColumnReader::Int96ColumnReader(reader), Values::Int96(values)) => read(reader, rows, levels, values),
            (ColumnReader::FloatColumnReader(reader), Values::Float(values)) => read(reader, rows, levels, values),
            (ColumnReader::DoubleColumnReader(reader), Values::Double(values)) => read(reader, rows, levels, values),
            (ColumnReader::ByteArrayColumnReader(reader), Values::Bytes(values)) => read(reader, rows, levels, values),
            (ColumnReader::FixedLenByteArrayColumnReader(reader), Values::Fixed(values)) => {
                read(reader, rows, levels, values)
            }
            _ => Err(ParquetError::General("a column changed its type".to_owned())),
        }?;
        if read == rows {
            return Ok(());
        }
        Err(ParquetError::General(format!("a column has {read} values where {rows} rows remain")))
    }

    /// The next row's cell; `None` for null and past the end of the batch.
    pub fn next(&mut self) -> Option<Raw<'_>> {
        let row = self.row;
        self.row += 1;
        if self.level_max > 0 && self.levels.get(row).is_none_or(|level| *level < self.level_max) {
            return None;
        }
        let index = self.value;
        self.value += 1;
        let meaning = self.meaning;
        Some(match &self.values {
            Values::Bool(values) => Raw::Value(Value::Bool(*values.get(index)?)),
            Values::Int32(values) => {
                Raw::Value(of_integer(i64::from(*values.get(index)?), PhysicalType::INT32, meaning))
            }
            Values::Int64(values) => Raw::Value(of_integer(*values.get(index)?, PhysicalType::INT64, meaning)),
            Values::Int96(values) => Raw::Value(of_int96(values.get(index)?)),
            Values::Float(values) => Raw::Value(of_f32(*values.get(index)?)),
            Values::Double(values) => Raw::Value(Value::Float(*values.get(index)?)),
            Values::Bytes(values) => Raw::Bytes(values.get(index)?.data()),
            Values::Fixed(values) => Raw::Bytes(values.get(index)?.data()),
        })
    }

    /// Whether the values are bytes of any length.
    pub fn is_bytes(&self) -> bool {
        matches!(self.values, Values::Bytes(_))
    }

    /// All cells of the batch, of a column of bytes of any length.
    pub fn all_bytes(&self) -> Vec<Option<&[u8]>> {
        let values: &[ByteArray] = if let Values::Bytes(values) = &self.values { values } else { &[] };
        let mut values = values.iter().map(ByteArray::data);
        if self.level_max == 0 {
            return values.map(Some).collect();
        }
        self.levels.iter().map(|level| if *level < self.level_max { None } else { values.next() }).collect()
    }

    pub fn meaning(&self) -> Meaning {
        self.meaning
    }
}

impl Raw<'_> {
    pub fn into_value(self, meaning: Meaning) -> Value {
        match self {
            Raw::Value(value) => value,
            Raw::Bytes(bytes) => of_bytes(bytes, meaning),
        }
    }
}

fn read<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    levels: &mut Vec<i16>,
    values: &mut Vec<T::T>,
) -> Result<usize, ParquetError> {
    values.clear();
    let mut total = 0;
    while total < rows {
        let (read, ..) = reader.read_records(rows - total, Some(levels), None, values)?;
        if read == 0 {
            break;
        }
        total += read;
    }
    Ok(total)
}
