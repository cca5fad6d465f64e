//! Reads a parquet file into Arrow batches and writes them again, in the same codec: `apply_arrow IN OUT [RUNS]`.
//! Prints the seconds of each run as one JSON document.

use std::fs::File;
use std::time::Instant;

use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::WriterProperties;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, input, output, ..] = arguments.as_slice() else { return Err("apply_arrow IN OUT [RUNS]".into()) };
    let runs = arguments.get(3).map_or(Ok(3), |runs| runs.parse::<usize>())?;
    let mut seconds = Vec::new();
    for _ in 0..runs {
        let began = Instant::now();
        let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(input)?)?.with_batch_size(8192);
        let metadata = builder.metadata().clone();
        let group = metadata.row_group(0);
        let properties = WriterProperties::builder()
            .set_compression(group.column(0).compression())
            .set_max_row_group_row_count(Some(usize::try_from(group.num_rows())?))
            .build();
        let mut writer = ArrowWriter::try_new(File::create(output)?, builder.schema().clone(), Some(properties))?;
        for batch in builder.build()? {
            writer.write(&batch?)?;
        }
        let file = writer.into_inner()?;
        file.sync_all()?;
        seconds.push(began.elapsed().as_secs_f64());
    }
    println!("{{\"seconds\": {seconds:?}}}");
    Ok(())
}
