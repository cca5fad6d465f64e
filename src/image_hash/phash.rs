//! The 64-bit hashes of Python's `imagehash` package: `phash`, `dhash` and `average_hash` with `hash_size` 8.
//!
//! Computed only to ask datasets that carry such columns (COYO-700M's `image_phash` is the first). They are to equal
//! Python's bit for bit, so they follow its steps: Pillow's brightness, Pillow's Lanczos, the cosine transform of `SciPy`.

use std::f64::consts::PI;

use super::luma::Luma;
use super::resample::resize;
use crate::hash_code::{HashCode, HashKind};

/// Bits on a side.
const BITS: usize = 8;
/// Side of the thumbnail that `phash` transforms.
const THUMBNAIL: usize = 32;
/// Frequencies that are zero in truth come out as noise near 1e-11; they are rounded to this step, far below any real
/// difference, so that flat and symmetric pictures get the hash that exact arithmetic gives.
const STEP: f64 = 1.0 / 1_048_576.0;

/// `imagehash.phash(image, 8)`: which of the 8 x 8 lowest frequencies lie above their median.
pub(super) fn phash(luma: &Luma) -> HashCode {
    let thumbnail = resize(luma, THUMBNAIL as u32, THUMBNAIL as u32);
    let cosine =
        |frequency: usize, at: usize| 2.0 * (PI * (frequency * (2 * at + 1)) as f64 / (2 * THUMBNAIL) as f64).cos();
    let mut half = [[0.0; THUMBNAIL]; BITS];
    for (frequency, sums) in half.iter_mut().enumerate() {
        for (y, row) in thumbnail.pixels.chunks_exact(THUMBNAIL).enumerate() {
            let factor = cosine(frequency, y);
            for (sum, pixel) in sums.iter_mut().zip(row) {
                *sum += factor * f64::from(*pixel);
            }
        }
    }
    let frequencies: [f64; 64] = std::array::from_fn(|k| {
        let sum: f64 = half[k / BITS].iter().enumerate().map(|(x, value)| value * cosine(k % BITS, x)).sum();
        (sum / STEP).round() * STEP + 0.0
    });
    let mut sorted = frequencies;
    sorted.sort_unstable_by(f64::total_cmp);
    let median = f64::midpoint(sorted[31], sorted[32]);
    code(HashKind::Phash, frequencies.iter().map(|value| *value > median))
}

/// `imagehash.dhash(image, 8)`: where brightness rises from left to right.
pub(super) fn dhash(luma: &Luma) -> HashCode {
    let thumbnail = resize(luma, BITS as u32 + 1, BITS as u32);
    let rows = thumbnail.pixels.chunks_exact(BITS + 1);
    code(HashKind::Dhash, rows.flat_map(|row| row.windows(2).map(|pair| pair[1] > pair[0])))
}

/// `imagehash.average_hash(image, 8)`: what is brighter than the mean.
pub(super) fn ahash(luma: &Luma) -> HashCode {
    let thumbnail = resize(luma, BITS as u32, BITS as u32);
    let sum: u32 = thumbnail.pixels.iter().map(|pixel| u32::from(*pixel)).sum();
    code(HashKind::Ahash, thumbnail.pixels.iter().map(|pixel| u32::from(*pixel) * 64 > sum))
}

/// Packs bits row by row, the first one most significant.
fn code(kind: HashKind, bits: impl Iterator<Item = bool>) -> HashCode {
    let packed = bits.take(64).fold(0u64, |packed, bit| packed << 1 | u64::from(bit));
    HashCode::new(kind, &packed.to_be_bytes()).expect("kinds of 64 bits have 8 bytes")
}
