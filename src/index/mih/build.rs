//! Building a multi-index file: every band's codes sorted by bucket, in memory that does not grow with their number.
//!
//! Each band is sorted in two passes that both run through memory in order: first into 256 parts by the upper byte of
//! the bucket, then each part (small enough for the processor's cache) by the lower byte, and from there to the file. Two
//! bands are split in one pass over the codes, since reading those is what it mostly waits for. Pairs of bands are
//! sorted on several threads.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use memmap2::MmapMut;

use super::layout::{BUCKETS, Layout};
use super::plan::BAND_BITS;
use crate::index::IndexError;
use crate::index::envelope;

/// Entries of one band that are sorted in anonymous memory (128 MiB); more go through a temporary file, which the system
/// can page out.
const ENTRIES_IN_MEMORY: usize = 16 << 20;
/// Bands split in one pass over the codes. Their number, 16 or 4, is a multiple of it.
const TOGETHER: usize = 2;
/// Bytes of an array that are written at once.
const CHUNK_BYTES: usize = 1 << 20;

/// How many codes have each upper byte of a band's bucket.
type Counts = [u32; 256];

/// Writes the multi-index of codes that stand back to back, `size` bytes each. Durable when it returns.
pub(super) fn build(codes: &[u8], size: usize, path: &Path, threads: usize) -> Result<(), IndexError> {
    let io = |error| IndexError::io(path)(error);
    let layout = Layout::new(codes.len() / size, size);
    let file = File::options().read(true).write(true).create(true).truncate(true).open(path).map_err(io)?;
    file.set_len(layout.file_bytes() as u64).map_err(io)?;
    let counts = counts(codes, size, layout.bands);
    let bands: Vec<_> = (0..layout.bands).map(|_| Mutex::new(crc32fast::Hasher::new())).collect();
    let next = AtomicUsize::new(0);
    let work = || -> std::io::Result<()> {
        let mut sorter = Sorter::new(layout.n, path)?;
        loop {
            let first = next.fetch_add(TOGETHER, Ordering::Relaxed);
            if first >= layout.bands {
                return Ok(());
            }
            sorter.split(codes, size, first, &layout, &counts);
            for band in first..first + TOGETHER {
                let checksum = sorter.write(&file, band, &layout, &counts[band])?;
                *bands[band].lock().unwrap_or_else(std::sync::PoisonError::into_inner) = checksum;
            }
        }
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.clamp(1, layout.bands / TOGETHER)).map(|_| scope.spawn(work)).collect();
        let mine = work();
        others.into_iter().fold(mine, |all, other| {
            all.and(other.join().unwrap_or_else(|_| Err(std::io::Error::other("a thread gave up"))))
        })
    })
    .map_err(io)?;
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(&layout.head());
    file.write_all_at(&layout.head(), envelope::HEADER_BYTES).map_err(io)?;
    for band in bands {
        checksum.combine(&band.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
    envelope::seal(&file, path, super::KIND, checksum)
}

/// The sizes of all parts of all bands, in one pass over the codes.
fn counts(codes: &[u8], size: usize, bands: usize) -> Vec<Counts> {
    let mut counts = vec![[0; 256]; bands];
    for code in codes.chunks_exact(size) {
        for (counts, band) in counts.iter_mut().zip(code.as_chunks::<{ BAND_BITS / 8 }>().0) {
            counts[usize::from(band[1])] += 1;
        }
    }
    counts
}

/// Room for the entries of some bands, reused from one pass to the next.
struct Sorter {
    /// `[id u32][next band u16][lower byte][0]`, grouped by the upper byte of the bucket.
    entries: [MmapMut; TOGETHER],
}

impl Sorter {
    fn new(n: usize, beside: &Path) -> std::io::Result<Self> {
        let room = || {
            let bytes = (n * 8).max(8);
            if n <= ENTRIES_IN_MEMORY {
                let memory = MmapMut::map_anon(bytes)?;
                // 256 places of it are written to in turn: fewer, larger pages are found faster.
                #[cfg(target_os = "linux")]
                let _ = memory.advise(memmap2::Advice::HugePage);
                return Ok(memory);
            }
            let file = tempfile::tempfile_in(beside.parent().unwrap_or(Path::new(".")))?;
            file.set_len(bytes as u64)?;
            #[expect(unsafe_code, reason = "mapping a file is unsafe in Rust's book")]
            // SAFETY: a nameless temporary file that only this process has open.
            unsafe {
                MmapMut::map_mut(&file)
            }
        };
        Ok(Self { entries: [room()?, room()?] })
    }

    /// Fills the entries of the bands from `first` on.
    fn split(&mut self, codes: &[u8], size: usize, first: usize, layout: &Layout, counts: &[Counts]) {
        let at = first * BAND_BITS / 8;
        let after = (first + TOGETHER) % layout.bands * BAND_BITS / 8;
        let [one, two] = self.entries.each_mut().map(|room| bytemuck::cast_slice_mut::<u8, u64>(&mut room[..]));
        let (mut ones, mut twos) = (starts(&counts[first]), starts(&counts[first + 1]));
        let put = |entries: &mut [u64], places: &mut [u32; 256], id: usize, [lower, upper]: [u8; 2], next: u16| {
            let place = &mut places[usize::from(upper)];
            if let Some(entry) = entries.get_mut(*place as usize) {
                *entry = u64::from(id as u32) | u64::from(next) << 32 | u64::from(lower) << 48;
            }
            *place += 1;
        };
        for (id, code) in codes.chunks_exact(size).enumerate() {
            let (a, b) = ([code[at], code[at + 1]], [code[at + 2], code[at + 3]]);
            let c = u16::from_le_bytes([code[after], code[after + 1]]);
            put(one, &mut ones, id, a, u16::from_le_bytes(b));
            put(two, &mut twos, id, b, c);
        }
    }

    /// Sorts the parts of one band, writes them, and gives the checksum of what was written.
    fn write(&self, file: &File, band: usize, layout: &Layout, counts: &Counts) -> std::io::Result<crc32fast::Hasher> {
        let entries: &[u64] = bytemuck::cast_slice(&self.entries[band % TOGETHER][..]);
        let mut directory = vec![0_u32; BUCKETS + 1];
        let (directory_at, values_at, ids_at) = layout.band_offsets(band);
        let (mut values, mut ids) = (Column::new(file, values_at), Column::new(file, ids_at));
        let mut from = 0;
        for (upper, count) in counts.iter().enumerate() {
            let part = &entries[from..from + *count as usize];
            let mut places = [0_u32; 256];
            for entry in part {
                places[lower(*entry)] += 1;
            }
            places = starts(&places);
            for (bucket, place) in directory[upper * 256..].iter_mut().zip(places) {
                *bucket = from as u32 + place;
            }
            let (part_values, part_ids) = (values.room(part.len() * 2), ids.room(part.len() * 4));
            for entry in part {
                let place = &mut places[lower(*entry)];
                let at = *place as usize;
                *place += 1;
                part_values[at * 2..at * 2 + 2].copy_from_slice(&((entry >> 32) as u16).to_le_bytes());
                part_ids[at * 4..at * 4 + 4].copy_from_slice(&(*entry as u32).to_le_bytes());
            }
            values.put()?;
            ids.put()?;
            from += part.len();
        }
        directory[BUCKETS] = layout.n as u32;
        let mut column = Column::new(file, directory_at);
        for bucket in directory {
            column.room(4).copy_from_slice(&bucket.to_le_bytes());
        }
        let mut checksum = column.finish(values_at)?;
        checksum.combine(&values.finish(ids_at)?);
        checksum.combine(&ids.finish(layout.band_start(band + 1))?);
        Ok(checksum)
    }
}

/// Lower byte of an entry's bucket.
fn lower(entry: u64) -> usize {
    (entry >> 48) as usize & 255
}

/// Where each group begins.
fn starts(counts: &Counts) -> Counts {
    let mut sum = 0;
    counts.map(|count| {
        sum += count;
        sum - count
    })
}

/// One array of the file, written front to back.
struct Column<'a> {
    file: &'a File,
    at: usize,
    waiting: Vec<u8>,
    checksum: crc32fast::Hasher,
}

impl<'a> Column<'a> {
    fn new(file: &'a File, at: usize) -> Self {
        Self { file, at, waiting: Vec::with_capacity(CHUNK_BYTES * 2), checksum: crc32fast::Hasher::new() }
    }

    /// The next bytes of the array, to be filled in.
    fn room(&mut self, bytes: usize) -> &mut [u8] {
        let from = self.waiting.len();
        self.waiting.resize(from + bytes, 0);
        &mut self.waiting[from..]
    }

    /// Writes what waits, if it is enough to be worth it.
    fn put(&mut self) -> std::io::Result<()> {
        if self.waiting.len() >= CHUNK_BYTES { self.put_all() } else { Ok(()) }
    }

    fn put_all(&mut self) -> std::io::Result<()> {
        self.file.write_all_at(&self.waiting, self.at as u64)?;
        self.checksum.update(&self.waiting);
        self.at += self.waiting.len();
        self.waiting.clear();
        Ok(())
    }

    /// Writes the rest, with zeros up to where the next array begins.
    fn finish(mut self, end: usize) -> std::io::Result<crc32fast::Hasher> {
        let padding = end - self.at - self.waiting.len();
        self.room(padding);
        self.put_all()?;
        Ok(self.checksum)
    }
}
