//! Webdataset shards: a tar in which the files of one row stand beside each other and share their name up to the
//! first dot. Also img2dataset's shards, whose parquet tells of rows that have no picture.
//!
//! The walk over the archive is our own (the library parses the headers) because long names and extended headers are
//! read here with a cap, whatever the archive says their size is.

use std::io::{self, BufRead, Read};
use std::ops::Range;
use std::path::Path;

use super::cells::{Cells, ColumnNames};
use super::input::{Counted, Input};
use super::members::{
    FILES_OF_A_ROW_MAX, JSON_BYTES_MAX, KEY_COLUMN, Kind, LEFT_OUT_COLUMN, Metadata, PICTURE_BYTES_MAX, TEXT_BYTES_MAX,
    add_file, key_and_extension, kind_of,
};
use super::rows::{Rows, Stop};
use super::{Reading, WrittenAs, picture_of};
use crate::record::{Picture, Value};

/// A tar's unit, bytes.
const BLOCK: usize = 512;
/// Longest file name or extended header that is read, bytes.
const HEADER_BYTES_MAX: u64 = 64 << 10;

/// Reads every row of the shard, then the rows that only its parquet has.
pub(super) fn read(
    input: &Input,
    metadata: Option<&Path>,
    reading: Reading<'_>,
    rows: &mut Rows<'_>,
) -> Result<(), Stop> {
    let mut shard =
        Shard { metadata: Metadata::load(metadata)?, names: ColumnNames::default(), group: Group::default() };
    let mut archive = Archive { reader: Counted::new(input.reader()?) };
    while let Some(mut file) = archive.next()? {
        if let Some((key, extension)) = key_and_extension(&std::mem::take(&mut file.path)) {
            if key != shard.group.key {
                shard.flush(reading, rows)?;
                key.clone_into(&mut shard.group.key);
            }
            shard.group.add(&extension, &mut archive, &mut file, reading)?;
            archive.skip(&file)?;
            shard.group.spans.push(file.begin..archive.reader.position());
        } else {
            archive.skip(&file)?;
        }
    }
    shard.flush(reading, rows)?;
    for values in shard.metadata.rest() {
        rows.deliver(values, None)?;
    }
    shard.metadata.damage.map_or(Ok(()), |damage| Err(Stop::Damaged(damage)))
}

struct Shard {
    metadata: Metadata,
    names: ColumnNames,
    group: Group,
}

/// The files of one row, as far as they were read.
#[derive(Default)]
struct Group {
    key: String,
    picture: Option<Vec<u8>>,
    texts: Vec<(String, Vec<u8>)>,
    left_out: Vec<String>,
    /// Where its files stand in the archive, headers and padding with them.
    spans: Vec<Range<u64>>,
}

impl Shard {
    fn flush(&mut self, reading: Reading<'_>, rows: &mut Rows<'_>) -> Result<(), Stop> {
        let group = std::mem::take(&mut self.group);
        if group.key.is_empty() || (group.picture.is_none() && group.texts.is_empty() && group.left_out.is_empty()) {
            return Ok(());
        }
        for span in group.spans {
            rows.span(span, WrittenAs::TarMember);
        }
        let mut cells = Cells::new(&mut self.names);
        cells.push(KEY_COLUMN, Value::Text(group.key.clone()));
        for (extension, bytes) in &group.texts {
            add_file(extension, bytes, &mut cells);
        }
        self.metadata.add_to(&group.key, &mut cells);
        if !group.left_out.is_empty() {
            cells.push(LEFT_OUT_COLUMN, Value::Text(group.left_out.join("; ")));
        }
        let picture =
            group.picture.map(|bytes| if reading.pictures { Picture::Bytes(bytes) } else { picture_of(&[], reading) });
        rows.deliver(cells.finish(), picture)
    }
}

impl Group {
    /// Takes in one file, or notes why not.
    fn add(
        &mut self,
        extension: &str,
        archive: &mut Archive,
        file: &mut File,
        reading: Reading<'_>,
    ) -> Result<(), Stop> {
        let kind = kind_of(extension);
        let bytes_max = match kind {
            Kind::Picture => PICTURE_BYTES_MAX,
            Kind::Json => JSON_BYTES_MAX,
            Kind::Text => TEXT_BYTES_MAX,
        };
        let is_second_picture = kind == Kind::Picture && self.picture.is_some();
        if file.bytes > bytes_max || is_second_picture || self.texts.len() >= FILES_OF_A_ROW_MAX {
            if self.left_out.len() < FILES_OF_A_ROW_MAX {
                self.left_out.push(format!(".{extension}, {} bytes", file.bytes));
            }
            return Ok(());
        }
        if kind == Kind::Picture {
            self.picture = Some(if reading.pictures { archive.content(file)? } else { Vec::new() });
        } else {
            self.texts.push((extension.to_owned(), archive.content(file)?));
        }
        Ok(())
    }
}

struct Archive {
    reader: Counted,
}

/// A regular file in the archive, and how much of it was not read yet.
struct File {
    path: String,
    /// Where its first header begins.
    begin: u64,
    bytes: u64,
    unread: u64,
}

fn cut_off() -> Stop {
    Stop::from(io::Error::from(io::ErrorKind::UnexpectedEof))
}

impl Archive {
    /// The next regular file; `None` at the end of the archive.
    fn next(&mut self) -> Result<Option<File>, Stop> {
        let mut long_path = None;
        let mut long_size = None;
        let mut begin = None;
        loop {
            let mut block = [0; BLOCK];
            let at = self.reader.position();
            // Archives without the closing zero blocks are common and whole.
            if self.reader.fill_buf()?.is_empty() {
                return Ok(None);
            }
            self.reader.read_exact(&mut block)?;
            if block.iter().all(|byte| *byte == 0) {
                return Ok(None);
            }
            let header = tar::Header::from_byte_slice(&block);
            check(&block, header)?;
            let bytes = long_size.unwrap_or(header.entry_size()?);
            let mut file = File { path: String::new(), begin: *begin.get_or_insert(at), bytes, unread: bytes };
            match header.entry_type() {
                tar::EntryType::Regular | tar::EntryType::Continuous => {
                    let path = long_path.unwrap_or_else(|| header.path_bytes().into_owned());
                    file.path = String::from_utf8_lossy(&path).into_owned();
                    return Ok(Some(file));
                }
                tar::EntryType::GNULongName => {
                    let mut name = self.header_content(&mut file)?;
                    name.truncate(name.iter().position(|byte| *byte == 0).unwrap_or(name.len()));
                    long_path = Some(name);
                }
                tar::EntryType::XHeader => {
                    let content = self.header_content(&mut file)?;
                    long_path = pax(&content, b"path").map(<[u8]>::to_vec).or(long_path);
                    long_size = pax(&content, b"size")
                        .and_then(|size| std::str::from_utf8(size).ok()?.parse().ok())
                        .or(long_size);
                }
                other => {
                    if !matches!(other, tar::EntryType::XGlobalHeader | tar::EntryType::GNULongLink) {
                        (long_path, long_size) = (None, None);
                    }
                    begin = None;
                }
            }
            self.skip(&file)?;
        }
    }

    /// The bytes of a file; its size was checked against a cap by the caller.
    fn content(&mut self, file: &mut File) -> Result<Vec<u8>, Stop> {
        let mut content = Vec::new();
        let read = (&mut self.reader).take(file.unread).read_to_end(&mut content)? as u64;
        if read < file.unread {
            return Err(cut_off());
        }
        file.unread = 0;
        Ok(content)
    }

    fn header_content(&mut self, file: &mut File) -> Result<Vec<u8>, Stop> {
        if file.bytes > HEADER_BYTES_MAX {
            return Err(Stop::Damaged(format!("a file name in the tar is said to have {} bytes", file.bytes)));
        }
        self.content(file)
    }

    /// Passes over what is left of a file and over the padding after it.
    fn skip(&mut self, file: &File) -> Result<(), Stop> {
        let padding = file.bytes.wrapping_neg() % BLOCK as u64;
        let rest = file.unread.saturating_add(padding);
        let skipped = io::copy(&mut (&mut self.reader).take(rest), &mut io::sink())?;
        // Some writers leave the last padding away.
        if skipped < file.unread { Err(cut_off()) } else { Ok(()) }
    }
}

/// The checksum of a header: the sum of its bytes, its own eight counted as spaces.
fn check(block: &[u8], header: &tar::Header) -> Result<(), Stop> {
    let sum: u32 =
        block.iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) }).sum();
    if header.cksum().is_ok_and(|stored| stored == sum) {
        return Ok(());
    }
    Err(Stop::Damaged("a file header in the tar has the wrong checksum".to_owned()))
}

/// A value in a pax header: lines of `length key=value`.
fn pax<'c>(content: &'c [u8], key: &[u8]) -> Option<&'c [u8]> {
    let mut rest = content;
    let mut found = None;
    while let Some(space) = rest.iter().position(|byte| *byte == b' ') {
        let length: usize = std::str::from_utf8(&rest[..space]).ok()?.parse().ok()?;
        let line = rest.get(space + 1..length.checked_sub(1)?)?;
        if let Some(value) = line.strip_prefix(key).and_then(|line| line.strip_prefix(b"=")) {
            found = Some(value);
        }
        rest = rest.get(length..)?;
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::manifest::discover;
    use crate::manifest::tests_support::{JPEG, damaged_rows, gzip, read_file, tar_of, write_file};
    use crate::record::{Picture, Value};

    #[test]
    fn files_with_one_key_are_one_row() {
        let tar = tar_of(&[
            ("a/0001.jpg", JPEG),
            ("a/0001.json", b"{\"url\":\"http://a\",\"width\":3}"),
            ("a/0001.txt", b"a dog\n"),
            ("a/0002.txt", b"no picture"),
            ("a/0003.png", b"\x89PNG\r\n\x1a\n"),
            ("a/0003.json", b"{broken"),
        ]);
        for (name, bytes) in [("a.tar", tar.clone()), ("a.tar.gz", gzip(&tar))] {
            let outcome = read_file(name, &bytes);
            assert_eq!(outcome.texts("__key__"), ["a/0001", "a/0002", "a/0003"]);
            let first = &outcome.records[0];
            assert_eq!(first.picture, Some(Picture::Bytes(JPEG.to_vec())));
            assert_eq!(first.value("width"), Some(&Value::Int(3)));
            assert_eq!(outcome.texts("txt"), ["a dog", "no picture"]);
            assert_eq!(outcome.records[1].picture, None);
            assert_eq!(outcome.texts("json"), ["{broken"]);
            assert!(outcome.records[2].picture.is_some());
        }
    }

    #[test]
    fn a_cut_off_shard_gives_its_rows_and_then_an_error() {
        let tar = tar_of(&[("1.jpg", JPEG), ("2.jpg", JPEG), ("3.jpg", &[0xff; 5000])]);
        let outcome = read_file("a.tar", &tar[..512 * 6]);
        assert_eq!(damaged_rows(&outcome), Some(2));
        let mut lying = tar.clone();
        lying[1024 + 10] ^= 1;
        assert!(damaged_rows(&read_file("b.tar", &lying)).is_some());
    }

    #[test]
    fn long_names_are_read() {
        let name = format!("{}/000.jpg", "folder".repeat(40));
        let outcome = read_file("a.tar", &tar_of(&[(&name, JPEG)]));
        assert_eq!(outcome.texts("__key__"), [name.trim_end_matches(".jpg")]);
    }

    #[test]
    fn a_sample_says_that_there_is_a_picture_without_loading_it() {
        let folder = tempfile::tempdir().unwrap();
        write_file(folder.path(), "a.tar", &tar_of(&[("1.jpg", JPEG), ("2.jpg", JPEG)]));
        let sample = discover(&[folder.path().to_owned()]).unwrap()[0].sample(1).unwrap();
        assert_eq!(sample.len(), 1);
        assert_eq!(sample[0].picture, Some(Picture::Bytes(Vec::new())));
    }
}
