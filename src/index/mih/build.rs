//! Building a multi-index file: every band's codes sorted by bucket, in memory that does not grow with their number.
//!
//! Each band is sorted in two passes that both run through memory in order: first into 256 parts by the upper byte of
//! the bucket, then each part (small enough for the processor's cache) by the lower byte, straight into the mapped
//! output file. Bands are sorted on several threads.

use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use memmap2::MmapMut;

use super::layout::{BUCKETS, Layout};
use super::plan::BAND_BITS;
use crate::index::IndexError;
use crate::index::envelope;

/// Entries that are sorted in anonymous memory (128 MiB); more go through a temporary file, which the system can page
/// out.
const ENTRIES_IN_MEMORY: usize = 16 << 20;

/// Writes the multi-index of codes that stand back to back, `size` bytes each. Durable when it returns.
pub(super) fn build(codes: &[u8], size: usize, path: &Path, threads: usize) -> Result<(), IndexError> {
    let io = |error| IndexError::io(path)(error);
    let layout = Layout::new(codes.len() / size, size);
    let file = File::options().read(true).write(true).create(true).truncate(true).open(path).map_err(io)?;
    file.set_len(layout.file_bytes() as u64).map_err(io)?;
    #[expect(unsafe_code, reason = "mapping a file is unsafe in Rust's book")]
    // SAFETY: the file was just made by this process in a draft directory that is locked for it alone.
    let mut map = unsafe { MmapMut::map_mut(&file) }.map_err(io)?;
    let (head, mut rest) = map.split_at_mut(layout.band_start(0));
    layout.write_head(head);
    // One slice a band, handed out to the threads.
    let mut bands = Vec::with_capacity(layout.bands);
    for _ in 0..layout.bands {
        let (band, after) = rest.split_at_mut(layout.band_bytes());
        bands.push(std::sync::Mutex::new(Some(band)));
        rest = after;
    }
    let next = AtomicUsize::new(0);
    let work = || -> std::io::Result<()> {
        let mut sorter = Sorter::new(layout.n, path)?;
        loop {
            let band = next.fetch_add(1, Ordering::Relaxed);
            let Some(slot) = bands.get(band) else { return Ok(()) };
            let Some(out) = slot.lock().ok().and_then(|mut slot| slot.take()) else { return Ok(()) };
            sorter.sort(codes, size, band, &layout, out);
        }
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.clamp(1, layout.bands)).map(|_| scope.spawn(work)).collect();
        let mine = work();
        others.into_iter().fold(mine, |all, other| {
            all.and(other.join().unwrap_or_else(|_| Err(std::io::Error::other("a thread gave up"))))
        })
    })
    .map_err(io)?;
    drop(bands);
    map.flush().map_err(io)?;
    envelope::seal(&file, path, super::KIND)
}

/// Room for one band's entries, reused from band to band.
struct Sorter {
    entries: MmapMut,
    /// Where each upper byte's part begins, and ends.
    parts: [usize; 257],
}

impl Sorter {
    fn new(n: usize, beside: &Path) -> std::io::Result<Self> {
        let bytes = (n * 8).max(8);
        let entries = if n <= ENTRIES_IN_MEMORY {
            MmapMut::map_anon(bytes)?
        } else {
            let file = tempfile::tempfile_in(beside.parent().unwrap_or(Path::new(".")))?;
            file.set_len(bytes as u64)?;
            #[expect(unsafe_code, reason = "mapping a file is unsafe in Rust's book")]
            // SAFETY: a nameless temporary file that only this process has open.
            unsafe { MmapMut::map_mut(&file) }?
        };
        Ok(Self { entries, parts: [0; 257] })
    }

    fn sort(&mut self, codes: &[u8], size: usize, band: usize, layout: &Layout, out: &mut [u8]) {
        self.split(codes, size, band, layout);
        let (directory, filters, ids) = layout.band_parts(out);
        let mut starts = [0_usize; 257];
        for upper in 0..256 {
            let (from, to) = (self.parts[upper], self.parts[upper + 1]);
            let part = &self.entries[from * 8..to * 8];
            starts.fill(0);
            for entry in part.chunks_exact(8) {
                starts[usize::from(entry[6]) + 1] += 1;
            }
            for lower in 0..256 {
                starts[lower + 1] += starts[lower];
                put_u32(directory, upper * 256 + lower, from + starts[lower]);
            }
            for entry in part.chunks_exact(8) {
                let at = &mut starts[usize::from(entry[6])];
                let place = from + *at;
                *at += 1;
                ids[place * 4..place * 4 + 4].copy_from_slice(&entry[..4]);
                filters[place * 2..place * 2 + 2].copy_from_slice(&entry[4..6]);
            }
        }
        put_u32(directory, BUCKETS, layout.n);
    }

    /// Entries `[id u32][next band u16][lower byte][0]`, grouped by the upper byte of the bucket.
    fn split(&mut self, codes: &[u8], size: usize, band: usize, layout: &Layout) {
        let at = band * BAND_BITS / 8;
        let next = (band + 1) % layout.bands * BAND_BITS / 8;
        let mut counts = [0_usize; 257];
        for code in codes.chunks_exact(size) {
            counts[usize::from(code[at + 1]) + 1] += 1;
        }
        for upper in 0..256 {
            counts[upper + 1] += counts[upper];
        }
        self.parts = counts;
        let mut places = counts;
        for (id, code) in codes.chunks_exact(size).enumerate() {
            let place = &mut places[usize::from(code[at + 1])];
            let entry = &mut self.entries[*place * 8..*place * 8 + 8];
            *place += 1;
            entry[..4].copy_from_slice(&(id as u32).to_le_bytes());
            entry[4..6].copy_from_slice(&code[next..next + 2]);
            entry[6] = code[at];
        }
    }
}

fn put_u32(out: &mut [u8], index: usize, value: usize) {
    out[index * 4..index * 4 + 4].copy_from_slice(&(value as u32).to_le_bytes());
}
