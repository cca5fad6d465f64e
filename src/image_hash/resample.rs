//! Resizing a plane of brightness as Pillow's `resize(size, LANCZOS)` does, to the last bit.
//!
//! Python's picture hashes are computed from Pillow's thumbnails, so a hash that is to equal theirs needs the same
//! arithmetic: two passes, along rows first, each rounded to 8 bits, with weights in 22-bit fixed point. The arithmetic is
//! that of Pillow's `Resample.c`, the code is ours. Used by [`super::phash`] only.

use std::f64::consts::PI;

use super::luma::Luma;

/// Reach of the Lanczos window on each side, in pixels of the smaller picture.
const REACH: f64 = 3.0;
/// Bits behind the point in a weight: 32, less 8 for the pixel and 2 for the window's overshoot.
const PRECISION_BITS: u32 = 32 - 8 - 2;

/// Resizes to `width` x `height`. A side that has its length already is not filtered.
pub(super) fn resize(luma: &Luma, width: u32, height: u32) -> Luma {
    let mut pixels = None;
    if luma.width != width {
        let weights = weights(luma.width, width);
        let rows = luma.pixels.chunks_exact(luma.width as usize);
        pixels = Some(rows.flat_map(|row| weights.iter().map(|w| w.apply(row.iter().copied()))).collect::<Vec<u8>>());
    }
    let mut pixels = pixels.unwrap_or_else(|| luma.pixels.clone());
    if luma.height != height {
        let stride = width as usize;
        let weights = weights(luma.height, height);
        let column = |x: usize| pixels[x..].iter().step_by(stride).copied();
        pixels = weights.iter().flat_map(|w| (0..stride).map(|x| w.apply(column(x))).collect::<Vec<u8>>()).collect();
    }
    Luma { width, height, pixels }
}

/// The weights of one output pixel: for the input pixels from `first` on.
struct Weights {
    first: usize,
    weights: Vec<i64>,
}

impl Weights {
    fn apply(&self, line: impl Iterator<Item = u8>) -> u8 {
        let half = 1i64 << (PRECISION_BITS - 1);
        let sum: i64 = line.skip(self.first).zip(&self.weights).map(|(pixel, weight)| i64::from(pixel) * weight).sum();
        ((sum + half) >> PRECISION_BITS).clamp(0, 255) as u8
    }
}

fn weights(from: u32, to: u32) -> Vec<Weights> {
    let scale = f64::from(from) / f64::from(to);
    // When enlarging, the window keeps its width in input pixels.
    let stretch = scale.max(1.0);
    let support = REACH * stretch;
    (0..to)
        .map(|place| {
            let center = (f64::from(place) + 0.5) * scale;
            // Truncation, not rounding down: as in C. Both ends are clamped to the line.
            let first = ((center - support + 0.5) as i64).max(0);
            let end = ((center + support + 0.5) as i64).min(i64::from(from));
            let raw: Vec<f64> = (first..end).map(|x| lanczos((x as f64 - center + 0.5) * (1.0 / stretch))).collect();
            let sum: f64 = raw.iter().sum();
            let fixed = raw.iter().map(|weight| to_fixed(if sum == 0.0 { *weight } else { weight / sum }));
            Weights { first: first as usize, weights: fixed.collect() }
        })
        .collect()
}

fn to_fixed(weight: f64) -> i64 {
    let scaled = weight * f64::from(1u32 << PRECISION_BITS);
    (if weight < 0.0 { scaled - 0.5 } else { scaled + 0.5 }) as i64
}

fn lanczos(x: f64) -> f64 {
    if (-REACH..REACH).contains(&x) { sinc(x) * sinc(x / REACH) } else { 0.0 }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (x * PI).sin() / (x * PI) }
}
