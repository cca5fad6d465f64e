use crate::manifest::tests_support::{JPEG, Outcome, read_source, write_file};
use crate::manifest::{Format, discover};
use crate::record::Picture;

/// Finds exactly one source in a folder of these files, and reads it.
fn read_folder(folder: &std::path::Path, files: &[(&str, &[u8])]) -> Outcome {
    for (name, bytes) in files {
        write_file(folder, name, bytes);
    }
    let sources = discover(&[folder.to_owned()]).unwrap();
    assert_eq!(sources.len(), 1, "{sources:?}");
    assert!(matches!(sources[0].format, Format::Folder { .. }));
    read_source(&sources[0])
}

#[test]
fn rows_of_metadata_carry_their_files_and_other_pictures_are_rows_too() {
    let folder = tempfile::tempdir().unwrap();
    let metadata =
        b"{\"file_name\":\"cats/1.jpg\",\"text\":\"a cat\"}\n{\"file_name\":\"gone.jpg\",\"text\":\"gone\"}\n";
    let files: [(&str, &[u8]); 4] =
        [("metadata.jsonl", metadata), ("cats/1.jpg", JPEG), ("dogs/2.jpg", JPEG), ("notes/x.md", b"# x")];
    let outcome = read_folder(folder.path(), &files);
    assert_eq!(outcome.texts("file_name"), ["cats/1.jpg", "gone.jpg", "dogs/2.jpg"]);
    assert_eq!(outcome.records[0].picture, Some(Picture::File(folder.path().join("cats/1.jpg"))));
    assert_eq!(outcome.records[1].picture, None);
    assert!(outcome.records[2].picture.is_some());
    assert_eq!(outcome.end.unwrap().sha256.len(), 64);
}

#[test]
fn any_table_that_names_the_files_describes_them() {
    let folder = tempfile::tempdir().unwrap();
    let files: [(&str, &[u8]); 3] =
        [("images.csv", b"file,caption\n./1.jpg,one\n2.png,two\n"), ("1.jpg", JPEG), ("2.png", JPEG)];
    let outcome = read_folder(folder.path(), &files);
    assert_eq!(outcome.texts("caption"), ["one", "two"]);
    assert_eq!(outcome.records.iter().filter(|record| record.picture.is_some()).count(), 2);
}

#[test]
fn files_outside_the_folder_are_refused_as_pictures() {
    let outside = tempfile::tempdir().unwrap();
    write_file(outside.path(), "secret.jpg", JPEG);
    let folder = tempfile::tempdir_in(outside.path()).unwrap();
    let absolute = outside.path().join("secret.jpg");
    let metadata = format!(
        "file_name,text\n1.jpg,ok\n2.jpg,ok\n3.jpg,ok\n../secret.jpg,x\n{},y\nlink.jpg,z\n",
        absolute.display()
    );
    #[cfg(unix)]
    std::os::unix::fs::symlink(&absolute, folder.path().join("link.jpg")).unwrap();
    let files: [(&str, &[u8]); 4] =
        [("metadata.csv", metadata.as_bytes()), ("1.jpg", JPEG), ("2.jpg", JPEG), ("3.jpg", JPEG)];
    let outcome = read_folder(folder.path(), &files);
    let pictures: Vec<bool> = outcome.records.iter().map(|record| record.picture.is_some()).collect();
    assert_eq!(pictures, [true, true, true, false, false, false]);
}

#[test]
fn texts_beside_pictures_belong_to_them() {
    let folder = tempfile::tempdir().unwrap();
    let files: [(&str, &[u8]); 5] = [
        ("0001.jpg", JPEG),
        ("0001.txt", b"a dog\n"),
        ("0001.json", b"{\"url\":\"http://a\"}"),
        ("0002.jpg", JPEG),
        ("0002.png", JPEG),
    ];
    let outcome = read_folder(folder.path(), &files);
    assert_eq!(outcome.texts("file_name"), ["0001.jpg", "0002.jpg", "0002.png"]);
    assert_eq!((outcome.texts("txt"), outcome.texts("url")), (vec!["a dog".into()], vec!["http://a".into()]));
}

#[test]
fn a_broken_metadata_file_is_told_and_the_digest_follows_the_files() {
    let digest = |pictures: &[(&str, &[u8])]| {
        let folder = tempfile::tempdir().unwrap();
        read_folder(folder.path(), pictures).end.unwrap().sha256
    };
    assert_eq!(digest(&[("a.jpg", JPEG)]), digest(&[("a.jpg", JPEG)]));
    assert_ne!(digest(&[("a.jpg", JPEG)]), digest(&[("b.jpg", JPEG)]));
    assert_ne!(digest(&[("a.jpg", JPEG)]), digest(&[("a.jpg", &JPEG[1..])]));
}
