//! The row store: every column of every record as the manifest gave it, in compressed blocks.
//!
//! A block holds up to [`BLOCK_ROWS`] rows, laid out by column (all urls, then all captions ...), since alike values
//! compress together: LAION-shaped rows take about 70-90 bytes each. Blocks are compressed with zstd and carry their
//! own CRC-32, checked whenever one is read; the directory of blocks at the end is covered by the envelope's checks.
//!
//! File: header, blocks `[u32 compressed length][u32 raw length][u32 rows][u32 crc]bytes`, directory of
//! `[u64 offset][u64 first ordinal]`, `u64 blocks`, `u64 rows`, `u32 crc of the directory`, `RCOK`.

mod codec;

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::IndexError;
use crate::record::Record;
use codec::{decode_row, encode};

/// Rows a block: reading one row costs unpacking all of its block, about 20 us for LAION-shaped rows.
pub const BLOCK_ROWS: usize = 256;
/// A block ends early at this size, so that one reading never unpacks much more: documents can be megabytes each.
const BLOCK_BYTES: usize = 1 << 20;
/// Largest block believed when reading: one row of a huge document, with room.
const BLOCK_BYTES_MAX: u32 = 256 << 20;
const MAGIC: &[u8; 8] = b"RCROWS\0\0";
const VERSION: u32 = 1;
const HEADER_BYTES: u64 = 16;
const TAIL_BYTES: u64 = 24;
const ZSTD_LEVEL: i32 = 3;

/// One compressed block, made on any thread, written in order by one.
#[derive(Debug)]
pub struct Block {
    rows: u32,
    raw_len: u32,
    crc: u32,
    bytes: Vec<u8>,
}

/// Packs records into blocks, in order.
pub fn pack(records: &[Record]) -> std::io::Result<Vec<Block>> {
    let mut blocks = Vec::with_capacity(records.len() / BLOCK_ROWS + 1);
    let mut from = 0;
    while from < records.len() {
        let mut bytes = 0;
        let mut to = from;
        while to < records.len() && to - from < BLOCK_ROWS && (to == from || bytes < BLOCK_BYTES) {
            bytes += records[to].values.iter().map(|(_, value)| value.heap_bytes() + 8).sum::<usize>();
            to += 1;
        }
        blocks.push(pack_block(&records[from..to])?);
        from = to;
    }
    Ok(blocks)
}

fn pack_block(records: &[Record]) -> std::io::Result<Block> {
    let raw = encode(records);
    let bytes = zstd::bulk::compress(&raw, ZSTD_LEVEL)?;
    Ok(Block {
        rows: u32::try_from(records.len()).map_err(std::io::Error::other)?,
        raw_len: u32::try_from(raw.len()).map_err(std::io::Error::other)?,
        crc: crc32fast::hash(&bytes),
        bytes,
    })
}

/// Appends blocks to a row file that is not finished yet.
pub struct RowWriter {
    path: PathBuf,
    file: BufWriter<File>,
    offset: u64,
    rows: u64,
    directory: Vec<(u64, u64)>,
}

impl RowWriter {
    /// Starts a file, or goes on with one that was left at `len` bytes by a checkpoint (0 starts anew).
    pub fn open(path: &Path, len: u64) -> Result<Self, IndexError> {
        let io = IndexError::io;
        let mut file =
            File::options().read(true).write(true).create(true).truncate(false).open(path).map_err(io(path))?;
        let mut directory = Vec::new();
        let mut rows = 0;
        let offset = if len < HEADER_BYTES {
            file.set_len(0).map_err(io(path))?;
            let mut header = [0; 16];
            header[..8].copy_from_slice(MAGIC);
            header[8..12].copy_from_slice(&VERSION.to_le_bytes());
            file.write_all(&header).map_err(io(path))?;
            HEADER_BYTES
        } else {
            if file.metadata().map_err(io(path))?.len() < len {
                return Err(IndexError::damaged(path, "shorter than its checkpoint says"));
            }
            file.set_len(len).map_err(io(path))?;
            let mut at = HEADER_BYTES;
            while at < len {
                let head = BlockHead::read(&file, at, path)?;
                directory.push((at, rows));
                rows += u64::from(head.rows);
                at += 16 + u64::from(head.len);
            }
            file.seek(SeekFrom::Start(len)).map_err(io(path))?;
            len
        };
        Ok(Self { path: path.to_owned(), file: BufWriter::with_capacity(1 << 20, file), offset, rows, directory })
    }

    /// Rows written so far: the ordinal of the next one.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    pub fn append(&mut self, block: &Block) -> Result<(), IndexError> {
        let len = u32::try_from(block.bytes.len()).unwrap_or(u32::MAX);
        let mut head = [0; 16];
        for (i, number) in [len, block.raw_len, block.rows, block.crc].into_iter().enumerate() {
            head[i * 4..i * 4 + 4].copy_from_slice(&number.to_le_bytes());
        }
        self.file
            .write_all(&head)
            .and_then(|()| self.file.write_all(&block.bytes))
            .map_err(IndexError::io(&self.path))?;
        self.directory.push((self.offset, self.rows));
        self.offset += 16 + u64::from(len);
        self.rows += u64::from(block.rows);
        Ok(())
    }

    /// Makes what was appended durable; gives the length to go on from.
    pub fn checkpoint(&mut self) -> Result<u64, IndexError> {
        self.file.flush().and_then(|()| self.file.get_ref().sync_data()).map_err(IndexError::io(&self.path))?;
        Ok(self.offset)
    }

    /// Writes the directory and closes. Must be called, or the file cannot be opened for reading.
    pub fn finish(mut self) -> Result<(), IndexError> {
        let mut tail = Vec::with_capacity(self.directory.len() * 16 + 24);
        for (offset, first) in &self.directory {
            tail.extend(offset.to_le_bytes());
            tail.extend(first.to_le_bytes());
        }
        tail.extend((self.directory.len() as u64).to_le_bytes());
        tail.extend(self.rows.to_le_bytes());
        let crc = crc32fast::hash(&tail);
        tail.extend(crc.to_le_bytes());
        tail.extend(b"RCOK");
        self.file
            .write_all(&tail)
            .and_then(|()| self.file.flush())
            .and_then(|()| self.file.get_ref().sync_all())
            .map_err(IndexError::io(&self.path))
    }
}

/// Reads rows by ordinal. Uses plain reads, not a mapping: rows are wanted few at a time, and a mapping would count
/// every touched page as this process's memory.
pub struct RowStore {
    path: PathBuf,
    file: File,
    directory: Vec<(u64, u64)>,
    rows: u64,
}

struct BlockHead {
    len: u32,
    raw_len: u32,
    rows: u32,
    crc: u32,
}

impl BlockHead {
    fn read(file: &File, at: u64, path: &Path) -> Result<Self, IndexError> {
        let mut head = [0; 16];
        file.read_exact_at(&mut head, at).map_err(|_| IndexError::damaged(path, "a block begins past the end"))?;
        let number = |i: usize| u32::from_le_bytes([head[i], head[i + 1], head[i + 2], head[i + 3]]);
        let head = Self { len: number(0), raw_len: number(4), rows: number(8), crc: number(12) };
        if head.len > BLOCK_BYTES_MAX
            || head.raw_len > BLOCK_BYTES_MAX
            || head.rows as usize > BLOCK_ROWS
            || head.rows == 0
        {
            return Err(IndexError::damaged(path, "a block's head makes no sense"));
        }
        Ok(head)
    }
}

impl RowStore {
    /// Opens a finished file; reads the directory (16 bytes for 256 rows) into memory.
    pub fn open(path: &Path) -> Result<Self, IndexError> {
        let mut file = File::open(path).map_err(IndexError::io(path))?;
        let total = file.metadata().map_err(IndexError::io(path))?.len();
        let damaged = |detail: &str| IndexError::damaged(path, detail);
        if total < HEADER_BYTES + TAIL_BYTES {
            return Err(damaged("too short"));
        }
        let mut header = [0; 16];
        file.read_exact(&mut header).map_err(IndexError::io(path))?;
        if &header[..8] != MAGIC {
            return Err(damaged("not a row file"));
        }
        let found = u32::from_le_bytes([header[8], header[9], header[10], header[11]]);
        if found != VERSION {
            return Err(IndexError::Version { path: path.to_owned(), found, expected: VERSION });
        }
        let mut tail = [0; 24];
        file.read_exact_at(&mut tail, total - TAIL_BYTES).map_err(IndexError::io(path))?;
        let u64_at = |bytes: &[u8], i: usize| u64::from_le_bytes(bytes[i..i + 8].try_into().unwrap_or_default());
        let (blocks, rows) = (u64_at(&tail, 0), u64_at(&tail, 8));
        let room = total - HEADER_BYTES - TAIL_BYTES;
        if &tail[20..] != b"RCOK" || blocks.checked_mul(16).is_none_or(|bytes| bytes > room) {
            return Err(damaged("cut short"));
        }
        let start = total - TAIL_BYTES - blocks * 16;
        let mut bytes = vec![0; usize::try_from(blocks * 16 + 16).map_err(|_| damaged("too large"))?];
        file.read_exact_at(&mut bytes, start).map_err(IndexError::io(path))?;
        if crc32fast::hash(&bytes).to_le_bytes() != tail[16..20] {
            return Err(damaged("checksum differs"));
        }
        let directory: Vec<_> =
            (0..bytes.len() / 16 - 1).map(|i| (u64_at(&bytes, i * 16), u64_at(&bytes, i * 16 + 8))).collect();
        Ok(Self { path: path.to_owned(), file, directory, rows })
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The record at an ordinal; `None` past the end. Costs unpacking one block.
    pub fn record(&self, ordinal: u64) -> Result<Option<Record>, IndexError> {
        if ordinal >= self.rows {
            return Ok(None);
        }
        let block = self.directory.partition_point(|(_, first)| *first <= ordinal).saturating_sub(1);
        let Some(&(offset, first)) = self.directory.get(block) else { return Ok(None) };
        let raw = self.unpack(offset)?;
        let index = usize::try_from(ordinal - first).unwrap_or(usize::MAX);
        decode_row(&raw, index)
            .map(Some)
            .ok_or_else(|| IndexError::damaged(&self.path, "a block does not hold its row"))
    }

    /// Reads every block: what `dataset show --verify` and the publisher of a draft run.
    pub fn verify(&self) -> Result<(), IndexError> {
        self.directory.iter().try_for_each(|(offset, _)| self.unpack(*offset).map(|_| ()))
    }

    fn unpack(&self, offset: u64) -> Result<Vec<u8>, IndexError> {
        let head = BlockHead::read(&self.file, offset, &self.path)?;
        let mut bytes = vec![0; head.len as usize];
        let damaged = |detail: &str| IndexError::damaged(&self.path, detail);
        self.file.read_exact_at(&mut bytes, offset + 16).map_err(|_| damaged("a block ends past the end"))?;
        if crc32fast::hash(&bytes) != head.crc {
            return Err(damaged("a block's checksum differs"));
        }
        zstd::bulk::decompress(&bytes, head.raw_len as usize).map_err(|_| damaged("a block cannot be unpacked"))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::record::Value;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            (-1e9_f64..1e9).prop_map(Value::Float),
            ".{0,30}".prop_map(Value::Text),
            Just(Value::Json("{\"a\":[1]}".to_owned())),
        ]
    }

    fn records() -> impl Strategy<Value = Vec<Record>> {
        prop::collection::vec((any::<u64>(), prop::collection::vec(("[a-e]", value()), 0..5)), 0..40).prop_map(|rows| {
            rows.into_iter()
                .map(|(row, values)| Record {
                    row,
                    values: values.into_iter().map(|(name, value)| (Arc::from(name), value)).collect(),
                    picture: None,
                })
                .collect()
        })
    }

    /// Cells by name, in a stable order: a block may order the columns of a row by the rows before it.
    fn cells(record: &Record) -> Vec<(String, String)> {
        let mut cells: Vec<_> =
            record.values.iter().map(|(name, value)| (name.to_string(), format!("{value:?}"))).collect();
        cells.sort();
        cells
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(all in records()) {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("rows");
            let mut writer = RowWriter::open(&path, 0).unwrap();
            for block in pack(&all).unwrap() {
                writer.append(&block).unwrap();
            }
            writer.finish().unwrap();
            let store = RowStore::open(&path).unwrap();
            prop_assert_eq!(store.rows(), all.len() as u64);
            for (i, record) in all.iter().enumerate() {
                let read = store.record(i as u64).unwrap().unwrap();
                prop_assert_eq!(read.row, record.row);
                prop_assert_eq!(cells(&read), cells(record));
            }
            prop_assert!(store.record(all.len() as u64).unwrap().is_none());
        }

        #[test]
        fn a_flipped_bit_or_a_cut_is_an_error_or_harmless_never_a_wrong_row(at in 0_usize..400, bit in 0_u8..8, cut in any::<bool>()) {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("rows");
            let all: Vec<_> = (0..20).map(|row| Record { row, values: vec![(Arc::from("caption"), Value::Text(format!("row {row}")))], picture: None }).collect();
            let mut writer = RowWriter::open(&path, 0).unwrap();
            for block in pack(&all).unwrap() {
                writer.append(&block).unwrap();
            }
            writer.finish().unwrap();
            let mut bytes = std::fs::read(&path).unwrap();
            let at = at % bytes.len();
            if cut { bytes.truncate(at) } else { bytes[at] ^= 1 << bit }
            std::fs::write(&path, &bytes).unwrap();
            if let Ok(store) = RowStore::open(&path) {
                for i in 0..20 {
                    if let Ok(Some(record)) = store.record(i) {
                        prop_assert_eq!(&record, &all[usize::try_from(i).unwrap()]);
                    }
                }
            }
        }
    }
}
