//! Picture hashes of one kind: which record carries which code, in two columns that are mapped and scanned.
//!
//! Payload of the enveloped file: u64 codes, u8 bytes a code, u8 whether the ordinals are one run, 2 bytes reserved, u32
//! first ordinal, then `[u32 ordinal]` in ascending order (left out where they are one run: every record has its one
//! code), then `[u8 quality]`, padded to 64 bytes from the payload's start, then the codes back to back. A record may
//! carry several codes of one kind: first that of its whole picture, then those of parts of it, which carry the part's
//! number in place of a quality ([`mark_of_part`]). The codes stand alone, so that a [`super::mih`] file can be made from
//! them; beside a small hash file there is none.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use memmap2::Mmap;

use super::envelope::{self, EnvelopeWriter, HEADER_BYTES, Kind};
use super::mih::MihIndex;
use super::{IndexError, scan};
use crate::hash_code::{HashCode, HashKind};

const KIND: Kind = Kind { magic: b"RCHASH\0\0", version: 1 };
const HEAD_BYTES: usize = 16;
/// Fewer codes are always scanned: that takes microseconds.
const MIH_CODES_MIN: usize = 4096;

/// Quality of a code that a manifest gave without one.
pub const QUALITY_UNKNOWN: u8 = 255;
/// Qualities end at 100. From here on the byte is the number of a part of the picture: only parts with enough in them
/// are kept, so their quality need not be.
const PARTS_FROM: u8 = 128;

/// What stands in place of a quality beside the code of a part. Numbers are the caller's, 0 to 126.
pub fn mark_of_part(part: u8) -> u8 {
    PARTS_FROM.saturating_add(part).min(QUALITY_UNKNOWN - 1)
}

/// Name of the file of a kind inside a revision.
pub fn file_name(kind: HashKind) -> String {
    format!("hash-{kind}")
}

/// Name of the multi-index beside it.
pub fn mih_file_name(kind: HashKind) -> String {
    format!("mih-{kind}")
}

/// Builds the multi-index of a finished hash file, where it has enough codes to need one.
pub fn build_mih(directory: &Path, kind: HashKind, threads: usize) -> Result<(), IndexError> {
    let file = HashFile::open(directory, kind)?;
    if file.len() < MIH_CODES_MIN {
        return Ok(());
    }
    MihIndex::build(file.codes(), kind.bytes(), &directory.join(mih_file_name(kind)), threads)
}

/// Appends codes while a draft is filled: fixed-size entries, so that a checkpoint is a length.
pub struct HashWriter {
    path: PathBuf,
    file: BufWriter<File>,
    kind: HashKind,
    len: u64,
}

impl HashWriter {
    /// Starts a draft file, or goes on with one left at `len` bytes.
    pub fn open(path: &Path, kind: HashKind, len: u64) -> Result<Self, IndexError> {
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(IndexError::io(path))?;
        if file.metadata().map_err(IndexError::io(path))?.len() < len {
            return Err(IndexError::damaged(path, "shorter than its checkpoint says"));
        }
        file.set_len(len).and_then(|()| file.seek(SeekFrom::Start(len))).map_err(IndexError::io(path))?;
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file), kind, len })
    }

    /// Ordinals must come in ascending order.
    pub fn append(&mut self, ordinal: u32, quality: u8, code: &HashCode) -> Result<(), IndexError> {
        let mut entry = [0; 37];
        entry[..4].copy_from_slice(&ordinal.to_le_bytes());
        entry[4] = quality;
        entry[5..5 + self.kind.bytes()].copy_from_slice(code.as_bytes());
        let entry = &entry[..entry_bytes(self.kind)];
        self.file.write_all(entry).map_err(IndexError::io(&self.path))?;
        self.len += entry.len() as u64;
        Ok(())
    }

    pub fn checkpoint(&mut self) -> Result<u64, IndexError> {
        self.file.flush().and_then(|()| self.file.get_ref().sync_data()).map_err(IndexError::io(&self.path))?;
        Ok(self.len)
    }

    /// Writes the final file in columns, in three passes over the entries. The draft file stays: until the revision is
    /// published, a run that is killed goes on from it.
    pub fn finish(mut self, to: &Path) -> Result<(), IndexError> {
        self.checkpoint()?;
        let n = self.len / entry_bytes(self.kind) as u64;
        let run = self.ordinals_in_one_run().map_err(IndexError::io(&self.path))?;
        let out = BufWriter::with_capacity(1 << 20, File::create(to).map_err(IndexError::io(to))?);
        let written = (|| {
            let mut out = EnvelopeWriter::create(out, KIND)?;
            out.write_all(&n.to_le_bytes())?;
            out.write_all(&[self.kind.bytes() as u8, u8::from(run.is_some()), 0, 0])?;
            out.write_all(&run.unwrap_or(0).to_le_bytes())?;
            if run.is_none() {
                self.each_entry(|entry| out.write_all(&entry[..4]))?;
            }
            self.each_entry(|entry| out.write_all(&entry[4..5]))?;
            out.write_all(&vec![0; padding(n, run.is_some())])?;
            self.each_entry(|entry| out.write_all(&entry[5..]))?;
            let mut out = out.finish()?;
            out.flush()?;
            out.get_ref().sync_all()
        })();
        written.map_err(IndexError::io(to))
    }

    /// The first ordinal, where every other follows the one before it.
    fn ordinals_in_one_run(&self) -> std::io::Result<Option<u32>> {
        let (mut first, mut next, mut is_run) = (None, 0, true);
        self.each_entry(|entry| {
            let ordinal = u32_at(entry, 0);
            is_run &= first.is_none() || ordinal == next;
            first = first.or(Some(ordinal));
            next = ordinal.wrapping_add(1);
            Ok(())
        })?;
        Ok(first.filter(|_| is_run))
    }

    fn each_entry(&self, mut each: impl FnMut(&[u8]) -> std::io::Result<()>) -> std::io::Result<()> {
        let mut file = BufReader::with_capacity(1 << 20, File::open(&self.path)?);
        let mut entry = vec![0; entry_bytes(self.kind)];
        for _ in 0..self.len / entry.len() as u64 {
            file.read_exact(&mut entry)?;
            each(&entry)?;
        }
        Ok(())
    }
}

/// A code found within the radius asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    pub ordinal: u32,
    pub distance: u32,
    /// Of the picture; absent where it is not known or the code is of a part.
    pub quality: Option<u8>,
    /// Which part of the record's picture the code is of; `None` for the whole.
    pub part: Option<u8>,
    /// Of the code in its file.
    pub place: u32,
}

/// The codes of one kind of one revision, mapped read-only.
pub struct HashFile {
    kind: HashKind,
    n: usize,
    map: Mmap,
    /// First ordinal, where they are one run and not written out.
    run: Option<u32>,
    ordinals_at: usize,
    qualities_at: usize,
    codes_at: usize,
    mih: Option<MihIndex>,
}

impl HashFile {
    /// Opens and checks the finished file of a kind in a revision's directory: reads it once through, without keeping
    /// it. Of the multi-index beside it only frame and head are checked, see [`HashFile::verify`].
    pub fn open(directory: &Path, kind: HashKind) -> Result<Self, IndexError> {
        let path = directory.join(file_name(kind));
        let path = path.as_path();
        let payload = envelope::check(path, KIND)?;
        let file = File::open(path).map_err(IndexError::io(path))?;
        #[expect(unsafe_code, reason = "mapping a file is unsafe in Rust's book")]
        // SAFETY: published files are never written again by us. Another process that cuts the file short under us
        // can still end this one with SIGBUS; it cannot make us read other memory, as every access is in bounds.
        let map = unsafe { Mmap::map(&file) }.map_err(IndexError::io(path))?;
        let damaged = |detail: &str| IndexError::damaged(path, detail);
        let base = usize::try_from(HEADER_BYTES).unwrap_or(16);
        let head = map.get(base..base + HEAD_BYTES).ok_or_else(|| damaged("too short"))?;
        let n = u64::from_le_bytes(head[..8].try_into().unwrap_or_default());
        if usize::from(head[8]) != kind.bytes() {
            return Err(damaged("holds another kind of hash"));
        }
        let run = (head[9] == 1).then(|| u32_at(head, 12));
        let a_code = 1 + if run.is_some() { 0 } else { 4 } + kind.bytes() as u64;
        let expected = n.checked_mul(a_code).map(|bytes| bytes + (HEAD_BYTES + padding(n, run.is_some())) as u64);
        if expected != Some(payload) {
            return Err(damaged("holds another number of codes than it says"));
        }
        let n = usize::try_from(n).map_err(|_| damaged("too large"))?;
        let ordinals_at = base + HEAD_BYTES;
        let qualities_at = ordinals_at + if run.is_some() { 0 } else { n * 4 };
        let codes_at = qualities_at + n + padding(n as u64, run.is_some());
        let mih = directory.join(mih_file_name(kind));
        let mih = if mih.exists() { Some(MihIndex::open(&mih, n, kind.bytes())?) } else { None };
        Ok(Self { kind, n, map, run, ordinals_at, qualities_at, codes_at, mih })
    }

    /// Reads the multi-index through and compares its checksum; the rest was checked when it was opened.
    pub fn verify(directory: &Path, kind: HashKind) -> Result<(), IndexError> {
        let path = directory.join(mih_file_name(kind));
        if path.exists() { MihIndex::verify(&path) } else { Ok(()) }
    }

    pub fn kind(&self) -> HashKind {
        self.kind
    }

    pub fn len(&self) -> usize {
        self.n
    }

    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// All codes, back to back.
    fn codes(&self) -> &[u8] {
        &self.map[self.codes_at..self.codes_at + self.n * self.kind.bytes()]
    }

    /// Every code within `radius` bits of the query, in ascending order of ordinals. Exact. By the multi-index where that
    /// is faster (tens of microseconds), else by a scan of all codes at the speed of memory.
    pub fn within(&self, query: &HashCode, radius: u32) -> Vec<Near> {
        if query.kind() != self.kind {
            return Vec::new();
        }
        let indexed = self.mih_for(radius).and_then(|mih| mih.within(self.codes(), query.as_bytes(), radius));
        let found = indexed.unwrap_or_else(|| self.scan(query, radius));
        found.into_iter().map(|(index, distance)| self.near(index, distance)).collect()
    }

    /// [`HashFile::within`] for many queries of one radius, in their order: several times faster than one by one.
    pub fn within_many(&self, queries: &[HashCode], radius: u32) -> Vec<Vec<Near>> {
        if queries.iter().any(|query| query.kind() != self.kind) {
            return queries.iter().map(|query| self.within(query, radius)).collect();
        }
        let codes: Vec<&[u8]> = queries.iter().map(HashCode::as_bytes).collect();
        let indexed = self.mih_for(radius).and_then(|mih| mih.within_many(self.codes(), &codes, radius));
        let found = indexed.unwrap_or_else(|| queries.iter().map(|query| self.scan(query, radius)).collect());
        let near =
            |found: Vec<(u32, u32)>| found.into_iter().map(|(index, distance)| self.near(index, distance)).collect();
        found.into_iter().map(near).collect()
    }

    fn mih_for(&self, radius: u32) -> Option<&MihIndex> {
        self.mih.as_ref().filter(|mih| mih.is_faster_than_a_scan(radius))
    }

    fn scan(&self, query: &HashCode, radius: u32) -> Vec<(u32, u32)> {
        let mut found = Vec::new();
        scan::scan(self.codes(), query.as_bytes(), radius, |index, distance| found.push((index as u32, distance)));
        found
    }

    fn near(&self, index: u32, distance: u32) -> Near {
        let place = index;
        let index = index as usize;
        let mark = self.map[self.qualities_at + index];
        Near {
            ordinal: self.ordinal(index),
            distance,
            quality: (mark < PARTS_FROM).then_some(mark),
            part: (PARTS_FROM..QUALITY_UNKNOWN).contains(&mark).then(|| mark - PARTS_FROM),
            place,
        }
    }

    /// The first code of the record that the code at a place belongs to: that of its whole picture.
    pub fn first_code_at(&self, place: u32) -> Option<HashCode> {
        let mut index = (place as usize).min(self.n.checked_sub(1)?);
        if self.run.is_none() {
            let ordinal = self.ordinal(index);
            while index > 0 && self.ordinal(index - 1) == ordinal {
                index -= 1;
            }
        }
        let size = self.kind.bytes();
        HashCode::new(self.kind, &self.codes()[index * size..][..size])
    }

    /// The codes of one record, by binary search.
    pub fn of_record(&self, ordinal: u32) -> Vec<HashCode> {
        let mut low = 0;
        let mut high = self.n;
        while low < high {
            let middle = low.midpoint(high);
            if self.ordinal(middle) < ordinal {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let size = self.kind.bytes();
        (low..self.n)
            .take_while(|index| self.ordinal(*index) == ordinal)
            .filter_map(|index| HashCode::new(self.kind, &self.codes()[index * size..][..size]))
            .collect()
    }

    fn ordinal(&self, index: usize) -> u32 {
        self.run
            .map_or_else(|| u32_at(&self.map, self.ordinals_at + index * 4), |first| first.wrapping_add(index as u32))
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].try_into().map_or(u32::MAX, u32::from_le_bytes)
}

fn entry_bytes(kind: HashKind) -> usize {
    5 + kind.bytes()
}

/// Bytes of padding after `n` qualities, and ordinals where they are written out.
fn padding(n: u64, is_run: bool) -> usize {
    let used = (HEAD_BYTES as u64 + n * if is_run { 1 } else { 5 }) % 64;
    usize::try_from((64 - used) % 64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn write(path: &Path, kind: HashKind, codes: &[HashCode]) {
        let mut writer = HashWriter::open(&path.with_extension("draft"), kind, 0).unwrap();
        for (i, code) in codes.iter().enumerate() {
            writer.append(u32::try_from(i / 2).unwrap(), 90, code).unwrap();
        }
        writer.finish(path).unwrap();
    }

    proptest! {
        #[test]
        fn a_scan_finds_what_brute_force_finds(
            codes in prop::collection::vec(prop::array::uniform32(0_u8..4), 0..70),
            query in prop::array::uniform32(0_u8..4),
            radius in 0_u32..64,
        ) {
            for kind in [HashKind::Pdqa, HashKind::Phash] {
                let dir = tempfile::tempdir().unwrap();
                let path = dir.path().join(file_name(kind));
                let codes: Vec<_> = codes.iter().map(|code| HashCode::new(kind, &code[..kind.bytes()]).unwrap()).collect();
                let query = HashCode::new(kind, &query[..kind.bytes()]).unwrap();
                write(&path, kind, &codes);
                let file = HashFile::open(dir.path(), kind).unwrap();
                let found: Vec<_> = file.within(&query, radius).iter().map(|near| (near.ordinal, near.distance)).collect();
                let expected: Vec<_> = codes.iter().enumerate()
                    .map(|(i, code)| (u32::try_from(i / 2).unwrap(), code.distance(&query)))
                    .filter(|(_, distance)| *distance <= radius)
                    .collect();
                prop_assert_eq!(found, expected);
                if let Some(code) = codes.last() {
                    let last = u32::try_from((codes.len() - 1) / 2).unwrap();
                    prop_assert!(file.of_record(last).contains(code));
                }
            }
        }

        #[test]
        fn a_damaged_file_is_refused(at in 0_usize..300, bit in 0_u8..8, cut in any::<bool>()) {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join(file_name(HashKind::Phash));
            write(&path, HashKind::Phash, &[HashCode::new(HashKind::Phash, &[7; 8]).unwrap(); 9]);
            let mut bytes = std::fs::read(&path).unwrap();
            // Bytes 12 to 16 are reserved and read by nobody.
            let at = at % bytes.len();
            prop_assume!(!(12..16).contains(&at));
            if cut { bytes.truncate(at) } else { bytes[at] ^= 1 << bit }
            std::fs::write(&path, &bytes).unwrap();
            prop_assert!(HashFile::open(dir.path(), HashKind::Phash).is_err());
        }
    }
}
