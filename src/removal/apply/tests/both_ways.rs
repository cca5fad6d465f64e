//! Rows read column by column are known by exactly what the same rows are known by as records: random cells, of the odd
//! kinds that manifests hold, under random mappings.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, Int32Type,
    Int64Type,
};
use parquet::file::metadata::ParquetMetaDataReader;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use proptest::prelude::*;

use super::set_with;
use crate::hash_code::HashCode;
use crate::manifest::tests_support::read_source;
use crate::manifest::{ManifestError, discover};
use crate::mapping::{Binding, Mapping, Role, Transform};
use crate::removal::RemovalError;
use crate::removal::apply::{ApplyRequest, Mode, apply};
use crate::removal::identity::{CellsOfRow, ColumnHints, Identity, KnownBy};
use crate::removal::matcher::By;

const SCHEMA: &str = "message rows {
  OPTIONAL BYTE_ARRAY a (UTF8); OPTIONAL GROUP nested { OPTIONAL INT32 inner; } REQUIRED BYTE_ARRAY b (UTF8);
  OPTIONAL BYTE_ARRAY c (UTF8); OPTIONAL INT64 number; REQUIRED INT32 day (DATE); OPTIONAL INT64 cents (DECIMAL(18, 2));
  OPTIONAL FIXED_LEN_BYTE_ARRAY(16) uuid (UUID); OPTIONAL DOUBLE score; OPTIONAL BOOLEAN flag;
  OPTIONAL BYTE_ARRAY plain; OPTIONAL INT32 last;
}";
const COLUMNS: [&str; 10] = ["a", "b", "c", "number", "day", "cents", "uuid", "score", "flag", "not there"];
const ROLES: [Role; 8] =
    [Role::Url, Role::Url, Role::PageUrl, Role::SourceId, Role::Sha256, Role::Md5, Role::Pdq, Role::Caption];
const TRANSFORMS: [Transform; 4] = [Transform::AsIs, Transform::UrlDecoded, Transform::Html, Transform::Base64];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let known: [&[u8]; 14] = [
        b"https://images7.example.org/0a/photo-1.jpg",
        b" https://www.Example.org:443/a%20b/?q=1#top ",
        b"https%3A%2F%2Fexample.org%2Fa+b",
        b"https://example.org/?a=1&amp;b=2",
        b"/r/pics/comments/abc/of_me",
        b"//cdn.example.org/a.png",
        b"example.org/a",
        b"None",
        b"",
        b"https://example.org/caf\xe9.jpg",
        b"sha256:9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08",
        b"098f6bcd4621d373cade4e832627b4f6",
        b"CY9rzUYh03PK3k6DJie09g==",
        b"0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f",
    ];
    prop_oneof![
        8 => proptest::sample::select(known.to_vec()).prop_map(<[u8]>::to_vec),
        2 => "https?://[a-z.]{1,12}/[ -~]{0,12}".prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 0..20),
    ]
}

/// The cells of one row; a number stands for all columns that are no text.
type Row = ([Option<Vec<u8>>; 3], Option<i64>);

fn row() -> impl Strategy<Value = Row> {
    let text = || proptest::option::weighted(0.8, text());
    let number = prop_oneof![any::<i64>(), -5_i64..5, Just(1_125_899_906_843_180)];
    ([text(), text(), text()], proptest::option::weighted(0.8, number))
}

fn binding() -> impl Strategy<Value = Binding> {
    let picks = (0..ROLES.len(), 0..COLUMNS.len(), 0..TRANSFORMS.len() * 3);
    picks.prop_map(|(role, column, transform)| Binding {
        role: ROLES[role],
        column: COLUMNS[column].to_owned(),
        transform: TRANSFORMS.get(transform).copied().unwrap_or_default(),
    })
}

fn write(path: &Path, rows: &[Row], group_rows: usize) {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_data_page_row_count_limit(7).build());
    let mut writer = SerializedFileWriter::new(File::create(path).unwrap(), schema, properties).unwrap();
    for rows in rows.chunks(group_rows) {
        let mut group = writer.next_row_group().unwrap();
        let texts = |place: usize| rows.iter().map(move |row| row.0[place].clone().map(ByteArray::from));
        let numbers = || rows.iter().map(|row| row.1);
        put::<ByteArrayType>(&mut group, texts(0));
        put::<Int32Type>(&mut group, numbers().map(|_| None));
        put::<ByteArrayType>(&mut group, texts(1).map(|text| Some(text.unwrap_or_else(|| ByteArray::from("")))));
        put::<ByteArrayType>(&mut group, texts(2));
        put::<Int64Type>(&mut group, numbers());
        put::<Int32Type>(&mut group, numbers().map(|number| Some(number.unwrap_or(0) as i32)));
        put::<Int64Type>(&mut group, numbers());
        let uuid = |number: i64| FixedLenByteArray::from(number.to_be_bytes().repeat(2));
        put::<FixedLenByteArrayType>(&mut group, numbers().map(|number| number.map(uuid)));
        put::<DoubleType>(&mut group, numbers().map(|number| number.map(|number| number as f64 / 8.0)));
        put::<BoolType>(&mut group, numbers().map(|number| number.map(|number| number > 0)));
        put::<ByteArrayType>(&mut group, texts(0));
        put::<Int32Type>(&mut group, numbers().map(|_| None));
        group.close().unwrap();
    }
    writer.close().unwrap();
}

/// The next column of a group.
fn put<T: DataType>(group: &mut SerializedRowGroupWriter<'_, File>, cells: impl Iterator<Item = Option<T::T>>) {
    let mut column = group.next_column().unwrap().unwrap();
    let cells: Vec<_> = cells.collect();
    let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
    let values: Vec<T::T> = cells.into_iter().flatten().collect();
    column.typed::<T>().write_batch(&values, Some(&levels), None).unwrap();
    column.close().unwrap();
}

#[derive(Debug, PartialEq)]
struct Known {
    source_id: Option<String>,
    urls: Vec<String>,
    sha256: Vec<String>,
    md5: Vec<String>,
    codes: Vec<HashCode>,
}

fn known(row: &impl KnownBy) -> Known {
    let mut urls: Vec<String> = Vec::new();
    for url in row.urls().map(std::borrow::Cow::into_owned) {
        if !urls.contains(&url) {
            urls.push(url);
        }
    }
    Known {
        source_id: row.source_id().map(std::borrow::Cow::into_owned),
        urls,
        sha256: row.sha256().map(std::borrow::Cow::into_owned).collect(),
        md5: row.md5().map(std::borrow::Cow::into_owned).collect(),
        codes: row.codes().collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_row_is_known_by_the_same_both_ways(
        rows in proptest::collection::vec(row(), 1..40),
        bindings in proptest::collection::vec(binding(), 1..7),
        group_rows in 1_usize..50,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        write(&path, &rows, group_rows);
        let source = discover(&[path]).unwrap().remove(0);
        let identity = Identity::of(&Mapping { bindings }, false);
        let expected: Vec<_> = read_source(&source).records.iter().map(|row| known(&identity.facts(row, None))).collect();
        let columns = source.flat_columns(&identity.columns).unwrap().unwrap();
        let mut found = Vec::new();
        for group in 0..columns.groups() {
            let mut look = |batch: &crate::manifest::RowBatch<'_>| {
                prop_assert_eq!(batch.first_row, found.len() as u64);
                found.extend((0..batch.rows).map(|row| known(&CellsOfRow { identity: &identity, batch, row })));
                Ok(())
            };
            let mut outcome = Ok(());
            columns.read_group(group, &mut |batch| outcome = look(batch)).unwrap();
            outcome?;
        }
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn any_number_of_threads_finds_the_same_rows_and_writes_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (path, out) = (folder.path().join("a.parquet"), folder.path().join("b.parquet"));
    let row = |number: i64| ([Some(format!("https://a.example/{number}").into_bytes()), None, None], Some(number));
    write(&path, &(0..60).map(row).collect::<Vec<_>>(), 7);
    let map = [Binding { role: Role::Url, column: "a".to_owned(), transform: Transform::AsIs }];
    let hints = ColumnHints { map: &map, preset: None };
    let set = set_with(&path, &[0, 13, 14, 59], false, hints);
    let mut outputs = Vec::new();
    for threads in [1, 2, 5, 20] {
        let (manifest, mode) = (path.as_path(), Mode::Drop);
        let request =
            ApplyRequest { set: &set, manifest, out: &out, mode, hints, codes: None, threads, thorough: false };
        let applied = apply(&request).unwrap();
        assert_eq!(applied.found.rows.iter().collect::<Vec<_>>(), [0, 13, 14, 59], "{threads} threads");
        assert_eq!(applied.found.by.get(&By::Url), Some(&4));
        outputs.push(std::fs::read(&out).unwrap());
    }
    assert!(outputs.windows(2).all(|two| two[0] == two[1]));
}

#[test]
fn a_file_that_is_damaged_behind_its_first_rows_is_said_to_be_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (path, out) = (folder.path().join("a.parquet"), folder.path().join("b.parquet"));
    let row = |number: i64| ([Some(format!("https://a.example/{number}").into_bytes()), None, None], Some(number));
    write(&path, &(0..400).map(row).collect::<Vec<_>>(), 200);
    let map = [Binding { role: Role::Url, column: "a".to_owned(), transform: Transform::AsIs }];
    let hints = ColumnHints { map: &map, preset: None };
    let set = set_with(&path, &[3], false, hints);
    // The pages of the second group's addresses are overwritten; what the file says of itself stays.
    let mut bytes = std::fs::read(&path).unwrap();
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&File::open(&path).unwrap()).unwrap();
    let (start, length) = metadata.row_group(1).column(0).byte_range();
    bytes[start as usize..(start + length) as usize].fill(0xff);
    std::fs::write(&path, bytes).unwrap();
    for threads in [1, 2] {
        let (manifest, mode) = (path.as_path(), Mode::Drop);
        let request =
            ApplyRequest { set: &set, manifest, out: &out, mode, hints, codes: None, threads, thorough: false };
        let error = apply(&request).unwrap_err();
        assert!(matches!(error, RemovalError::Manifest(ManifestError::Damaged { rows: 200, .. })), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn what_a_name_alone_does_not_tell_is_read_as_records() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    write(&path, &[([None, None, None], None)], 1);
    let source = discover(&[path]).unwrap().remove(0);
    let is_flat = |column: &str| source.flat_columns(&["a".to_owned(), column.to_owned()]).unwrap().is_some();
    assert!(is_flat("b") && is_flat("uuid") && is_flat("not there"));
    for column in ["nested", "nested.inner", "plain", "a[]"] {
        assert!(!is_flat(column), "{column}");
    }
}
