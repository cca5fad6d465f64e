//! Rewrites parquet files by row numbers, and compares what the library reads back.

use std::fs::File;
use std::path::Path;

use parquet::file::metadata::{KeyValue, ParquetMetaData};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use roaring::RoaringBitmap;

use crate::manifest::discover;
use crate::removal::apply::output::Output;
use crate::removal::apply::{ApplyRequest, Mode, parquet as rewriting};
use crate::removal::identity::ColumnHints;
use crate::removal::set_file::SetFile;

pub(super) fn rewrite(path: &Path, out: &Path, rows: &RoaringBitmap, mode: Mode) {
    let source = discover(&[path.to_owned()]).unwrap().remove(0);
    let set: SetFile = super::set_for_nothing();
    let hints = ColumnHints::default();
    let request =
        ApplyRequest { set: &set, manifest: path, out, mode, hints, codes: None, threads: 2, thorough: false };
    let (output, _) = rewriting::rewrite(&source, Output::create(out).unwrap(), rows, &request).unwrap();
    output.finish().unwrap();
}

/// Every row as text.
pub(super) fn rows(path: &Path) -> Vec<String> {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect()
}

/// The output has the rows that were not removed, in order, and is written as the input was.
pub(super) fn compare(input: &Path, output: &Path, removed: &RoaringBitmap) {
    let mut row = 0;
    let mut expected = rows(input);
    expected.retain(|_| {
        row += 1;
        !removed.contains(row - 1)
    });
    assert_eq!(rows(output), expected);
    let metadata = |path: &Path| -> ParquetMetaData {
        SerializedFileReader::new(File::open(path).unwrap()).unwrap().metadata().clone()
    };
    let (before, after) = (metadata(input), metadata(output));
    let (file, new_file) = (before.file_metadata(), after.file_metadata());
    assert_eq!(file.schema(), new_file.schema());
    assert_eq!(file.created_by(), new_file.created_by());
    let theirs = |all: Option<&Vec<KeyValue>>| all.cloned();
    assert_eq!(theirs(file.key_value_metadata()), theirs(new_file.key_value_metadata()));
    assert_eq!(new_file.num_rows(), expected.len() as i64);
    let mut first = 0_u32;
    let mut kept = after.row_groups().iter();
    for group in before.row_groups() {
        let end = first + u32::try_from(group.num_rows()).unwrap();
        let left = u64::from(end - first) - removed.range_cardinality(first..end);
        if left > 0 || end == first {
            let new = kept.next().unwrap();
            assert_eq!(new.num_rows() as u64, left);
            for (old, new) in group.columns().iter().zip(new.columns()) {
                assert_eq!(old.compression(), new.compression());
                let has_dictionary = old.dictionary_page_offset().is_some();
                // A column of which only nulls are left has no dictionary to write.
                assert!(has_dictionary || new.dictionary_page_offset().is_none());
                assert_eq!(old.statistics().is_some(), new.statistics().is_some());
            }
        }
        first = end;
    }
    assert!(kept.next().is_none());
}
