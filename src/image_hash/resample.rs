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
    let narrow = if luma.width == width { None } else { Some(resize_rows(luma, width)) };
    let narrow = narrow.as_ref().unwrap_or(luma);
    if narrow.height == height { narrow.clone() } else { resize_columns(narrow, height) }
}

fn resize_rows(luma: &Luma, width: u32) -> Luma {
    let weights = weights(luma.width, width);
    let rows = luma.pixels.chunks_exact(luma.width as usize);
    let pixels = rows.flat_map(|row| weights.iter().map(|weights| weights.apply(row))).collect();
    Luma { width, height: luma.height, pixels }
}

fn resize_columns(luma: &Luma, height: u32) -> Luma {
    let weights = weights(luma.height, height);
    let mut pixels = vec![0; luma.width as usize * height as usize];
    let mut column = Vec::with_capacity(luma.height as usize);
    for x in 0..luma.width as usize {
        column.clear();
        column.extend(luma.pixels[x..].iter().step_by(luma.width as usize));
        for (pixel, weights) in pixels[x..].iter_mut().step_by(luma.width as usize).zip(&weights) {
            *pixel = weights.apply(&column);
        }
    }
    Luma { width: luma.width, height, pixels }
}

/// The weights of one output pixel: for the input pixels from `first` on.
struct Weights {
    first: usize,
    weights: Vec<i32>,
}

impl Weights {
    /// The weights add up to 1 and their sizes to less than 2, so a sum stays below 2^31; C's wrapping would do the same.
    fn apply(&self, line: &[u8]) -> u8 {
        let half = 1i32 << (PRECISION_BITS - 1);
        let products = line[self.first..].iter().zip(&self.weights).map(|(p, w)| i32::from(*p).wrapping_mul(*w));
        let sum = products.fold(half, i32::wrapping_add);
        (sum >> PRECISION_BITS).clamp(0, 255) as u8
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

fn to_fixed(weight: f64) -> i32 {
    let scaled = weight * f64::from(1u32 << PRECISION_BITS);
    (if weight < 0.0 { scaled - 0.5 } else { scaled + 0.5 }) as i32
}

fn lanczos(x: f64) -> f64 {
    if (-REACH..REACH).contains(&x) { sinc(x) * sinc(x / REACH) } else { 0.0 }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (x * PI).sin() / (x * PI) }
}
