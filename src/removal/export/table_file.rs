//! Writes a table of a set as JSON lines, CSV or parquet.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::table::{CSV_HEADER, Line, Table};

/// Lines of a row group: enough to compress well, few enough to stand in memory twice.
const GROUP_LINES: usize = 256 << 10;

pub(super) fn write_json_lines(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    for line in &table.lines {
        serde_json::to_writer(&mut out, line)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

pub(super) fn write_csv(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(CSV_HEADER.as_bytes())?;
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(out);
    for line in &table.lines {
        writer.serialize(line).map_err(io::Error::other)?;
    }
    writer.flush()
}

pub(super) fn write_parquet(table: &Table, out: &mut (dyn Write + Send)) -> io::Result<()> {
    parquet_bytes(table, out).map_err(io::Error::other)
}

fn parquet_bytes(table: &Table, out: &mut (dyn Write + Send)) -> Result<(), ParquetError> {
    let schema = parse_message_type(
        "message removals { REQUIRED BYTE_ARRAY kind (UTF8); REQUIRED BYTE_ARRAY key (UTF8); REQUIRED BYTE_ARRAY value (UTF8); }",
    )?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(concat!("rollcall ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let mut writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))?;
    let columns: [fn(&Line) -> &str; 3] = [|line| &line.kind, |line| &line.key, |line| &line.value];
    for lines in table.lines.chunks(GROUP_LINES) {
        let mut group = writer.next_row_group()?;
        for column in columns {
            let cells: Vec<_> = lines.iter().map(|line| ByteArray::from(column(line))).collect();
            let mut column = group.next_column()?.ok_or_else(|| ParquetError::General("three columns".to_owned()))?;
            column.typed::<ByteArrayType>().write_batch(&cells, None, None)?;
            column.close()?;
        }
        group.close()?;
    }
    writer.close().map(|_| ())
}
