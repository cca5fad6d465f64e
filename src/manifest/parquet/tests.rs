use std::sync::Arc;

use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType,
    Int32Type, Int64Type, Int96, Int96Type,
};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use crate::manifest::tests_support::{JPEG, Outcome, damaged_rows, read_file, write_file};
use crate::manifest::{ManifestError, discover};
use crate::record::{Picture, Value};

/// One column chunk: its values, with definition and repetition levels where it has any.
trait Chunk {
    fn write(&self, writer: &mut parquet::file::writer::SerializedColumnWriter<'_>);
}

struct Of<T: DataType>(Vec<T::T>, Option<Vec<i16>>, Option<Vec<i16>>);

impl<T: DataType> Chunk for Of<T> {
    fn write(&self, writer: &mut parquet::file::writer::SerializedColumnWriter<'_>) {
        writer.typed::<T>().write_batch(&self.0, self.1.as_deref(), self.2.as_deref()).unwrap();
    }
}

fn parquet_of(schema: &str, groups: &[Vec<Box<dyn Chunk>>]) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut bytes = Vec::new();
    let mut writer =
        SerializedFileWriter::new(&mut bytes, schema, Arc::new(WriterProperties::builder().build())).unwrap();
    for group in groups {
        let mut group_writer = writer.next_row_group().unwrap();
        let mut chunks = group.iter();
        while let Some(mut column) = group_writer.next_column().unwrap() {
            chunks.next().unwrap().write(&mut column);
            column.close().unwrap();
        }
        group_writer.close().unwrap();
    }
    writer.close().unwrap();
    bytes
}

fn texts(texts: &[&str]) -> Vec<ByteArray> {
    texts.iter().map(|text| ByteArray::from(*text)).collect()
}

/// Rows as a LAION shard has them, in groups of 100.
fn laion(groups: usize) -> Vec<u8> {
    let schema = "message m { optional binary URL (UTF8); optional binary TEXT (UTF8); optional int32 WIDTH; \
                  optional double similarity; }";
    let group = |number: usize| -> Vec<Box<dyn Chunk>> {
        let urls: Vec<String> = (0..100).map(|row| format!("http://example.org/{number}/{row}.jpg")).collect();
        let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
        vec![
            Box::new(Of::<ByteArrayType>(texts(&urls), Some(vec![1; 100]), None)),
            Box::new(Of::<ByteArrayType>(texts(&["a dog"; 99]), Some([vec![0], vec![1; 99]].concat()), None)),
            Box::new(Of::<Int32Type>(vec![640; 100], Some(vec![1; 100]), None)),
            Box::new(Of::<DoubleType>(vec![0.33; 100], Some(vec![1; 100]), None)),
        ]
    };
    parquet_of(schema, &(0..groups).map(group).collect::<Vec<_>>())
}

#[test]
fn flat_columns_are_read_with_their_nulls_over_all_row_groups() {
    let outcome = read_file("a.parquet", &laion(3));
    assert_eq!(outcome.records.len(), 300);
    assert_eq!(outcome.columns(), ["URL", "TEXT", "WIDTH", "similarity"]);
    assert_eq!(outcome.records[100].value("URL"), Some(&Value::Text("http://example.org/1/0.jpg".into())));
    assert_eq!(outcome.records[100].value("TEXT"), Some(&Value::Null));
    assert_eq!(outcome.records[101].value("TEXT"), Some(&Value::Text("a dog".into())));
    assert_eq!(outcome.records[299].value("similarity"), Some(&Value::Float(0.33)));
    assert_eq!(outcome.records[299].row, 299);
    let digest = outcome.end.unwrap();
    assert_eq!((digest.sha256.len(), digest.bytes), (64, laion(3).len() as u64));
}

#[test]
fn logical_types_become_plain_text() {
    let schema = "message m { required int64 at (TIMESTAMP(MILLIS,true)); required int96 old; required int32 day (DATE); \
                  required int32 price (DECIMAL(9,2)); required boolean yes; required float score; \
                  required fixed_len_byte_array(16) id (UUID); required binary digest; required int64 big (INTEGER(64,false)); }";
    let mut old = Int96::new();
    old.set_data(0, 0, 2_440_588);
    let group: Vec<Box<dyn Chunk>> = vec![
        Box::new(Of::<Int64Type>(vec![1_732_626_300_000], None, None)),
        Box::new(Of::<Int96Type>(vec![old], None, None)),
        Box::new(Of::<Int32Type>(vec![20_053], None, None)),
        Box::new(Of::<Int32Type>(vec![-1205], None, None)),
        Box::new(Of::<BoolType>(vec![true], None, None)),
        Box::new(Of::<FloatType>(vec![0.3312], None, None)),
        Box::new(Of::<FixedLenByteArrayType>(vec![FixedLenByteArray::from(vec![0xab; 16])], None, None)),
        Box::new(Of::<ByteArrayType>(vec![ByteArray::from(vec![0xff, 0x01])], None, None)),
        Box::new(Of::<Int64Type>(vec![-1], None, None)),
    ];
    let outcome = read_file("a.parquet", &parquet_of(schema, &[group]));
    let row: Vec<String> =
        outcome.records[0].values.iter().map(|(_, value)| value.as_text().unwrap().into_owned()).collect();
    let expected = [
        "2024-11-26T13:05:00Z",
        "1970-01-01T00:00:00Z",
        "2024-11-26",
        "-12.05",
        "true",
        "0.3312",
        "abababab-abab-abab-abab-abababababab",
        "ff01",
        "18446744073709551615",
    ];
    assert_eq!(row, expected);
}

#[test]
fn lists_and_structs_become_json() {
    let schema = "message m { required binary uid (UTF8); \
                  optional group boxes (LIST) { repeated group list { optional double element; } } \
                  optional group meta { optional binary name (UTF8); optional int32 n; } }";
    let group: Vec<Box<dyn Chunk>> = vec![
        Box::new(Of::<ByteArrayType>(texts(&["u1", "u2", "u3"]), None, None)),
        Box::new(Of::<DoubleType>(vec![0.5, 1.0], Some(vec![3, 3, 0, 1]), Some(vec![0, 1, 0, 0]))),
        Box::new(Of::<ByteArrayType>(texts(&["a \"b\""]), Some(vec![2, 0, 1]), None)),
        Box::new(Of::<Int32Type>(vec![7], Some(vec![2, 0, 1]), None)),
    ];
    let outcome = read_file("a.parquet", &parquet_of(schema, &[group]));
    assert_eq!(outcome.texts("uid"), ["u1", "u2", "u3"]);
    let json = |text: &str| Value::Json(text.to_owned());
    assert_eq!(outcome.column("boxes"), [json("[0.5,1.0]"), Value::Null, json("[]")]);
    let meta = [json(r#"{"name":"a \"b\"","n":7}"#), Value::Null, json(r#"{"name":null,"n":null}"#)];
    assert_eq!(outcome.column("meta"), meta);
}

fn with_pictures() -> Vec<u8> {
    let schema = "message m { optional group image { optional binary bytes; optional binary path (UTF8); } \
                  required binary text (UTF8); }";
    let group: Vec<Box<dyn Chunk>> = vec![
        Box::new(Of::<ByteArrayType>(vec![ByteArray::from(JPEG.to_vec())], Some(vec![2, 1, 0]), None)),
        Box::new(Of::<ByteArrayType>(texts(&["1.jpg", "2.jpg"]), Some(vec![2, 2, 0]), None)),
        Box::new(Of::<ByteArrayType>(texts(&["one", "two", "three"]), None, None)),
    ];
    parquet_of(schema, &[group])
}

#[test]
fn the_bytes_of_an_image_column_are_the_picture_and_its_path_stays() {
    let outcome = read_file("a.parquet", &with_pictures());
    let pictures: Vec<_> = outcome.records.iter().map(|record| record.picture.clone()).collect();
    assert_eq!(pictures, [Some(Picture::Bytes(JPEG.to_vec())), None, None]);
    assert_eq!(outcome.columns(), ["image.path", "text"]);
    assert_eq!(outcome.texts("image.path"), ["1.jpg", "2.jpg"]);
}

#[test]
fn img2dataset_picture_columns_are_pictures_whatever_their_name() {
    let schema = "message m { required binary jpg; required binary blob; required binary url (UTF8); }";
    let png = b"\x89PNG\r\n\x1a\n\xff";
    let group: Vec<Box<dyn Chunk>> = vec![
        Box::new(Of::<ByteArrayType>(vec![ByteArray::from(Vec::new()), ByteArray::from(JPEG.to_vec())], None, None)),
        Box::new(Of::<ByteArrayType>(vec![ByteArray::from(png.to_vec()), ByteArray::from(vec![0xff])], None, None)),
        Box::new(Of::<ByteArrayType>(texts(&["http://a", "http://b"]), None, None)),
    ];
    let outcome = read_file("a.parquet", &parquet_of(schema, &[group]));
    assert_eq!(outcome.records[0].picture, Some(Picture::Bytes(png.to_vec())));
    assert_eq!(outcome.records[1].picture, Some(Picture::Bytes(JPEG.to_vec())));
    assert_eq!(outcome.records[1].value("blob"), Some(&Value::Text("ff".into())));
    assert_eq!(outcome.texts("url"), ["http://a", "http://b"]);
}

#[test]
fn a_cut_off_file_is_damaged_and_a_spoilt_group_comes_after_the_good_ones() {
    let whole = laion(3);
    let cut = read_file("a.parquet", &whole[..whole.len() - 100]);
    assert_eq!(damaged_rows(&cut), Some(0));
    let mut spoilt = whole.clone();
    let second = find(&spoilt, b"http://example.org/1/0.jpg");
    // The texts of the second group's first column, with the lengths between them.
    spoilt[second..second + 200].fill(0xff);
    let outcome = read_file("a.parquet", &spoilt);
    assert_eq!(damaged_rows(&outcome), Some(100));
    assert_eq!(outcome.records.len(), 100);
}

fn find(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).position(|window| window == wanted).unwrap()
}

#[test]
fn no_single_wrong_byte_makes_it_panic() {
    for whole in [laion(1), with_pictures()] {
        for at in (4..whole.len()).step_by(7) {
            for flip in [0x01, 0x80, 0xff] {
                let mut wrong = whole.clone();
                wrong[at] ^= flip;
                let outcome: Outcome = read_file("a.parquet", &wrong);
                let ended_well = matches!(
                    outcome.end,
                    Ok(_) | Err(ManifestError::Damaged { .. } | ManifestError::Unsupported { .. })
                );
                assert!(ended_well, "byte {at}: {:?}", outcome.end);
            }
        }
    }
}

#[test]
fn a_sample_stops_early_and_leaves_picture_bytes_out() {
    let folder = tempfile::tempdir().unwrap();
    write_file(folder.path(), "a.parquet", &with_pictures());
    let source = &discover(&[folder.path().to_owned()]).unwrap()[0];
    let sample = source.sample(2).unwrap();
    assert_eq!(sample.len(), 2);
    assert_eq!(sample[0].picture, Some(Picture::Bytes(Vec::new())));
}
