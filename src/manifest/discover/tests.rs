use crate::manifest::tests_support::{JPEG, read_source, tar_of, write_file};
use crate::manifest::{Format, ManifestError, discover, survey};

const CSV: &[u8] = b"url,text\nhttp://a,x\nhttp://b,y\n";

#[test]
fn manifests_are_found_in_folders_and_the_rest_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write_file(root, "b.csv", CSV);
    write_file(root, "a/part.jsonl.gz", &crate::manifest::tests_support::gzip(b"{\"a\":1}\n"));
    write_file(root, "GCC-training.tsv?_ga=2.1", b"one thing\thttp://a\nother thing\thttp://b\n");
    write_file(root, "README.md", b"# hello, world");
    write_file(root, "LICENSE", b"do, what, you, want\n");
    write_file(root, "00000_stats.json", b"{\"count\":1}");
    write_file(root, "dataset_infos.json", b"{\"default\":{\"x\":{}}}");
    write_file(root, "metadata.json", br#"{"@context":{"@vocab":"https://schema.org/"},"@type":"sc:Dataset"}"#);
    write_file(root, ".hidden.csv", CSV);
    write_file(root, "archive.zip", b"PK\x03\x04....");
    let survey = survey(&[root.to_owned()]).unwrap();
    let names: Vec<&str> = survey.sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["GCC-training.tsv?_ga=2.1", "a/part.jsonl.gz", "b.csv"]);
    assert_eq!(survey.left_out.len(), 1);
    assert!(survey.left_out[0].reason.contains("zip"));
}

#[test]
fn a_path_named_that_cannot_be_read_is_an_error_that_says_why() {
    let folder = tempfile::tempdir().unwrap();
    write_file(folder.path(), "a.zip", b"PK\x03\x04....");
    let error = discover(&[folder.path().join("a.zip")]).unwrap_err();
    assert!(matches!(&error, ManifestError::Unsupported { detail, .. } if detail.contains("unpack")), "{error}");
    assert!(matches!(discover(&[folder.path().to_owned()]), Err(ManifestError::Unsupported { .. })));
    assert!(matches!(discover(&[folder.path().join("none")]), Err(ManifestError::Io { .. })));
}

#[test]
fn files_of_one_name_under_several_paths_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    write_file(folder.path(), "one/a.csv", CSV);
    write_file(folder.path(), "two/a.csv", CSV);
    let sources = discover(&[folder.path().join("one"), folder.path().join("two")]).unwrap();
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["a.csv", "two/a.csv"]);
}

#[test]
fn a_shard_and_its_parquet_are_one_source_and_failed_downloads_are_rows() {
    let folder = tempfile::tempdir().unwrap();
    write_file(folder.path(), "00000.tar", &tar_of(&[("000000001.jpg", JPEG), ("000000001.txt", b"a dog")]));
    write_file(folder.path(), "00000.parquet", &keyed_parquet());
    write_file(folder.path(), "00000_stats.json", b"{\"count\":2}");
    let sources = discover(&[folder.path().to_owned()]).unwrap();
    assert_eq!(sources.len(), 1);
    assert!(matches!(sources[0].format, Format::Tar { metadata: Some(_) }));
    let outcome = read_source(&sources[0]);
    assert_eq!(outcome.texts("key"), ["000000001", "000000000"]);
    assert_eq!(outcome.texts("url"), ["http://b", "http://a"]);
    let pictures: Vec<bool> = outcome.records.iter().map(|record| record.picture.is_some()).collect();
    assert_eq!(pictures, [true, false]);
}

#[test]
fn img2dataset_folders_are_joined_with_their_parquet() {
    let folder = tempfile::tempdir().unwrap();
    write_file(folder.path(), "00000/000000001.jpg", JPEG);
    write_file(folder.path(), "00000/000000001.json", b"{\"caption\":\"a dog\"}");
    write_file(folder.path(), "00000.parquet", &keyed_parquet());
    let sources = discover(&[folder.path().to_owned()]).unwrap();
    assert_eq!(sources.len(), 1, "{sources:?}");
    let outcome = read_source(&sources[0]);
    assert_eq!(
        (outcome.texts("url"), outcome.texts("caption")),
        (vec!["http://b".into(), "http://a".into()], vec!["a dog".into()])
    );
}

/// Two rows as img2dataset writes them: the first one failed.
fn keyed_parquet() -> Vec<u8> {
    use parquet::data_type::{ByteArray, ByteArrayType};
    use parquet::file::writer::SerializedFileWriter;
    let schema = "message m { required binary key (UTF8); required binary url (UTF8); }";
    let schema = std::sync::Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, std::sync::Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for values in [["000000000", "000000001"], ["http://a", "http://b"]] {
        let values: Vec<ByteArray> = values.iter().map(|value| ByteArray::from(*value)).collect();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}
