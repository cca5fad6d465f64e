//! Where the parts of a multi-index file lie.
//!
//! Payload: a head of 48 bytes (u64 codes, u64 bytes a code, zeros; with the envelope's header 64 bytes), then for each
//! band `[u32; 65537]` where its buckets begin, `[u16; n]` the next band's value of every code, `[u32; n]` the codes'
//! places in the hash file; each array padded to 64 bytes.

use crate::index::envelope::{FOOTER_BYTES, HEADER_BYTES};

pub(super) const BUCKETS: usize = 1 << super::plan::BAND_BITS;
const HEAD_BYTES: usize = 64;
const DIRECTORY_BYTES: usize = padded((BUCKETS + 1) * 4);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub n: usize,
    pub bands: usize,
    size: usize,
}

impl Layout {
    pub(super) fn new(n: usize, size: usize) -> Self {
        Self { n, size, bands: size * 8 / super::plan::BAND_BITS }
    }

    pub(super) fn file_bytes(&self) -> usize {
        self.band_start(self.bands) + FOOTER_BYTES as usize
    }

    pub(super) fn band_start(&self, band: usize) -> usize {
        HEAD_BYTES + band * self.band_bytes()
    }

    fn band_bytes(&self) -> usize {
        DIRECTORY_BYTES + padded(self.n * 2) + padded(self.n * 4)
    }

    /// Where one band's directory, next band's values and places begin, from the file's start.
    pub(super) fn band_offsets(&self, band: usize) -> (usize, usize, usize) {
        let directory = self.band_start(band);
        let filters = directory + DIRECTORY_BYTES;
        (directory, filters, filters + padded(self.n * 2))
    }

    /// The payload's first bytes.
    pub(super) fn head(&self) -> [u8; HEAD_BYTES - HEADER_BYTES as usize] {
        let mut head = [0; HEAD_BYTES - HEADER_BYTES as usize];
        head[..8].copy_from_slice(&(self.n as u64).to_le_bytes());
        head[8..16].copy_from_slice(&(self.size as u64).to_le_bytes());
        head
    }

    /// Whether a file's head says what it should.
    pub(super) fn fits_head(&self, file: &[u8]) -> bool {
        file.len() == self.file_bytes() && file[HEADER_BYTES as usize..HEAD_BYTES] == self.head()
    }
}

const fn padded(bytes: usize) -> usize {
    bytes.div_ceil(64) * 64
}
