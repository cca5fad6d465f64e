//! Multi-index hashing: every code within a radius, exactly, without looking at most of them.
//!
//! Used by [`super::hashes`] for files too large for a plain scan. The file holds, for each band of 16 bits, the codes
//! sorted by that band's value ([`build`], [`layout`]); a query visits the few buckets that [`plan`] names, sieves them
//! by the next band ([`runs`]), and compares what is left with the whole codes. About 96 bytes a 256-bit code beside the
//! code itself; a query touches only the pages it visits.

mod batch;
mod build;
mod layout;
mod plan;
mod runs;

use std::fs::File;
use std::path::Path;

use memmap2::Mmap;

use super::IndexError;
use super::envelope::{self, Kind};
use layout::{BUCKETS, Layout};
use plan::{BAND_BITS, Masks};
use runs::Sieve;

const KIND: Kind = Kind { magic: b"RCMIH\0\0\0", version: 1 };
/// Visiting a bucket takes as long as scanning this many codes (measured: benches/runs).
const CODES_A_VISIT: usize = 8;
/// Codes ahead of the one compared that are asked of memory already.
const AHEAD: usize = 12;

/// The file of one kind of one revision, mapped read-only.
pub(super) struct MihIndex {
    map: Mmap,
    layout: Layout,
    masks: Masks,
    sieve: Sieve,
}

/// One code found: its place in the hash file, and its distance.
pub(super) type FoundCode = (u32, u32);

impl MihIndex {
    /// Builds the file for codes that stand back to back, `size` bytes each (8 or 32). Durable when it returns.
    pub(super) fn build(codes: &[u8], size: usize, path: &Path, threads: usize) -> Result<(), IndexError> {
        build::build(codes, size, path, threads)
    }

    /// Opens a file for `n` codes of `size` bytes. Checks its frame and head; the whole checksum is read by
    /// [`MihIndex::verify`] only, since the file may be larger than memory.
    pub(super) fn open(path: &Path, n: usize, size: usize) -> Result<Self, IndexError> {
        let mut file = File::open(path).map_err(IndexError::io(path))?;
        envelope::check_frame(&mut file, path, KIND)?;
        #[expect(unsafe_code, reason = "mapping a file is unsafe in Rust's book")]
        // SAFETY: published files are never written again by us; every access is checked against the map's length.
        let map = unsafe { Mmap::map(&file) }.map_err(IndexError::io(path))?;
        let layout = Layout::new(n, size);
        if !layout.fits_head(&map) {
            return Err(IndexError::damaged(path, "made for other codes"));
        }
        // Its pages are visited here and there: reading ahead would only fetch what is not wanted.
        let _ = map.advise(memmap2::Advice::Random);
        Ok(Self { map, layout, masks: Masks::new(), sieve: runs::sieve() })
    }

    /// Reads the whole file and compares its checksum.
    pub(super) fn verify(path: &Path) -> Result<(), IndexError> {
        envelope::check(path, KIND).map(|_| ())
    }

    /// Whether visiting the buckets of a radius is faster than scanning all codes.
    pub(super) fn is_faster_than_a_scan(&self, radius: u32) -> bool {
        let quotas = plan::quotas(self.layout.bands, radius);
        quotas.is_some_and(|quotas| self.masks.visits(&quotas) * CODES_A_VISIT < self.layout.n)
    }

    /// Every code within `radius` of the query, by place. `None` where the radius is beyond what this index
    /// answers (63 for 256 bits, 15 for 64). `codes` are those the index was built for.
    pub(super) fn within(&self, codes: &[u8], query: &[u8], radius: u32) -> Option<Vec<FoundCode>> {
        let size = query.len();
        let quotas = plan::quotas(self.layout.bands, radius)?;
        let mut places = Vec::new();
        let mut ids = Vec::new();
        for band in 0..self.layout.bands {
            let next = (band + 1) % self.layout.bands;
            let (bucket, following) = (band_of(query, band), band_of(query, next));
            let most = quotas[band] + quotas[next];
            let (directory, values, band_ids) = self.band(band);
            places.clear();
            for mask in self.masks.below(quotas[band]) {
                let bucket = usize::from(bucket ^ mask);
                let (from, to) = (directory[bucket] as usize, directory[bucket + 1] as usize);
                // A damaged directory finds nothing; it does not stop the program.
                let Some(run) = values.get(from..to).filter(|run| !run.is_empty()) else { continue };
                (self.sieve)(run, following, most - 1 - mask.count_ones(), from as u32, &mut places);
            }
            ids.extend(places.iter().filter_map(|place| band_ids.get(*place as usize)));
        }
        let mut found = Vec::new();
        let code_at = |id: u32| codes.get(id as usize * size..(id as usize + 1) * size);
        for (i, id) in ids.iter().enumerate() {
            if let Some(ahead) = ids.get(i + AHEAD) {
                prefetch(codes, *ahead as usize * size);
            }
            let Some(code) = code_at(*id) else { continue };
            let distance = distance(code, query);
            if distance <= radius {
                found.push((*id, distance));
            }
        }
        found.sort_unstable();
        found.dedup();
        Some(found)
    }

    /// Directory, next band's values, places of one band.
    fn band(&self, band: usize) -> (&[u32], &[u16], &[u32]) {
        let (directory, values, ids) = self.layout.band_offsets(band);
        let n = self.layout.n;
        (
            bytemuck::cast_slice(&self.map[directory..directory + (BUCKETS + 1) * 4]),
            bytemuck::cast_slice(&self.map[values..values + n * 2]),
            bytemuck::cast_slice(&self.map[ids..ids + n * 4]),
        )
    }
}

/// Value of a band of a code.
fn band_of(code: &[u8], band: usize) -> u16 {
    let at = band * BAND_BITS / 8;
    u16::from_le_bytes([code[at], code[at + 1]])
}

fn distance(a: &[u8], b: &[u8]) -> u32 {
    let word = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_le_bytes);
    a.chunks_exact(8).zip(b.chunks_exact(8)).map(|(a, b)| (word(a) ^ word(b)).count_ones()).sum()
}

/// Asks memory for what will be read soon; no more than a hint.
fn prefetch(bytes: &[u8], at: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(byte) = bytes.get(at) {
        #[expect(unsafe_code, reason = "a hint that reads nothing")]
        // SAFETY: the address is inside the slice; a prefetch has no effect that a program can see.
        unsafe {
            std::arch::x86_64::_mm_prefetch(std::ptr::from_ref(byte).cast::<i8>(), std::arch::x86_64::_MM_HINT_T0);
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (bytes, at);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn brute(codes: &[u8], query: &[u8], radius: u32) -> Vec<FoundCode> {
        let near = |(id, code): (usize, &[u8])| Some((id as u32, distance(code, query))).filter(|(_, d)| *d <= radius);
        codes.chunks_exact(query.len()).enumerate().filter_map(near).collect()
    }

    /// A code at exactly `bits` bits from another, the bits chosen by a seed.
    fn flip(code: &[u8], bits: u32, mut seed: u64) -> Vec<u8> {
        let mut out = code.to_vec();
        let all = code.len() as u64 * 8;
        while distance(&out, code) < bits {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let bit = (seed >> 33) % all;
            out[bit as usize / 8] |= 0;
            if (out[bit as usize / 8] ^ code[bit as usize / 8]) >> (bit % 8) & 1 == 0 {
                out[bit as usize / 8] ^= 1 << (bit % 8);
            }
        }
        out
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn at_every_radius_it_finds_exactly_what_brute_force_finds(seed in any::<u64>(), extra in 0_usize..60, wide in any::<bool>()) {
            let (size, radius_max) = if wide { (32, 63) } else { (8, 12) };
            let mut state = seed;
            let mut byte = || { state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1); (state >> 56) as u8 };
            let query: Vec<u8> = (0..size).map(|_| byte()).collect();
            let mut codes: Vec<u8> = (0..extra * size).map(|_| byte()).collect();
            // Codes at every distance up to past the largest radius, twice.
            for bits in 0..radius_max + 3 {
                codes.extend(flip(&query, bits, seed ^ u64::from(bits)));
                codes.extend(flip(&query, bits, seed.rotate_left(bits)));
            }
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("mih");
            MihIndex::build(&codes, size, &path, 2).unwrap();
            MihIndex::verify(&path).unwrap();
            let index = MihIndex::open(&path, codes.len() / size, size).unwrap();
            let queries: Vec<&[u8]> = vec![&query, &codes[..size]];
            for radius in 0..=radius_max {
                let expected: Vec<_> = queries.iter().map(|query| brute(&codes, query, radius)).collect();
                for (query, expected) in queries.iter().zip(&expected) {
                    prop_assert_eq!(&index.within(&codes, query, radius).unwrap(), expected);
                }
                prop_assert_eq!(&index.within_many(&codes, &queries, radius).unwrap(), &expected);
            }
        }
    }

    #[test]
    fn an_empty_index_and_one_of_one_code_answer() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mih");
        for codes in [vec![], vec![7_u8; 32]] {
            MihIndex::build(&codes, 32, &path, 1).unwrap();
            let index = MihIndex::open(&path, codes.len() / 32, 32).unwrap();
            let found = index.within(&codes, &[7; 32], 31).unwrap();
            assert_eq!(found.len(), codes.len() / 32);
        }
    }

    #[test]
    fn a_file_made_for_other_codes_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mih");
        MihIndex::build(&[1; 64], 32, &path, 1).unwrap();
        assert!(MihIndex::open(&path, 3, 32).is_err());
        std::fs::write(&path, b"short").unwrap();
        assert!(MihIndex::open(&path, 2, 32).is_err());
    }
}
