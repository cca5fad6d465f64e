//! From a block's coefficients to pixels, at full size or as exact averages of 2 x 2, 4 x 4 or 8 x 8 pixels.
//!
//! The average of neighboring pixels of a cosine is a shorter cosine: over pairs, frequency `u` of 8 points becomes
//! frequency `u` of 4 points times `cos(u pi / 16)`, and frequencies above 4 fold back onto `8 - u` with the other sign. So
//! each coefficient is weighed and added to its place in a smaller block as it is read, and the smaller block is
//! transformed. Plain loops over rows of numbers, which compilers turn into vectors; no step depends on the processor.

use std::f64::consts::PI;

/// Coefficients stand in the file from coarse to fine, in zigzag: the row and column of each.
const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63,
];

/// Adding this to a number of 0 to 255 leaves the number, rounded, in the lowest byte.
const ROUNDING: f32 = 12_582_912.0;

/// What a coefficient counts, quantisation included, and where in a block of `side * side` it belongs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Weight {
    pub(super) factor: f32,
    pub(super) place: u32,
}

/// Length of the list of weights: behind those of the 64 coefficients stand some that weigh nothing, for the end of a
/// block, which moves on by [`super::huffman::END_OF_BLOCK`].
pub(super) const PLACES: usize = 256;

/// Weights of the 64 coefficients in file order, for blocks brought to `side` pixels: 8, 4, 2 or 1.
pub(super) fn weights(steps: &[u16; 64], side: usize) -> [Weight; PLACES] {
    let axis: [(usize, f64); 8] = std::array::from_fn(|frequency| folded(frequency, side));
    std::array::from_fn(|k| {
        if k >= 64 {
            return Weight { factor: 0.0, place: 0 };
        }
        let (row, column) = (usize::from(ZIGZAG[k] / 8), usize::from(ZIGZAG[k] % 8));
        let ((down, a), (across, b)) = (axis[row], axis[column]);
        Weight { factor: (f64::from(steps[k]) * a * b) as f32, place: (down * side + across) as u32 }
    })
}

/// The frequency that one of 8 becomes when `8 / side` neighbors are averaged, and by how much it counts there.
fn folded(frequency: usize, side: usize) -> (usize, f64) {
    let norm = if frequency == 0 { 0.125f64.sqrt() } else { 0.5 };
    let wave = |point: usize| (PI / 16.0 * ((2 * point + 1) * frequency) as f64).cos();
    let neighbors = 8 / side;
    let mean = (0..neighbors).map(wave).sum::<f64>() / neighbors as f64;
    let around = frequency % (2 * side);
    let place = if around > side { 2 * side - around } else { around };
    if place == side {
        return (0, 0.0);
    }
    (place, norm * mean / (PI / (2 * side) as f64 * place as f64).cos())
}

/// The block's pixels at full size: 64 coefficients, already weighed, to rows of 8 bytes.
#[expect(clippy::inline_always, reason = "must be compiled anew inside each kernel, with its features")]
#[inline(always)]
pub(super) fn pixels_8(block: &[f32; 64]) -> [[u8; 8]; 8] {
    let mut rows = [[0.0; 8]; 8];
    for (row, values) in rows.iter_mut().zip(block.chunks_exact(8)) {
        row.copy_from_slice(values);
    }
    rows[0][0] += 128.0;
    along_columns(&mut rows);
    let mut turned = transposed(&rows);
    along_columns(&mut turned);
    let rows = transposed(&turned);
    let mut pixels = [[0; 8]; 8];
    for (out, row) in pixels.iter_mut().zip(&rows) {
        for (pixel, value) in out.iter_mut().zip(row) {
            *pixel = rounded(*value);
        }
    }
    pixels
}

/// The block at half its size: rows of 4 bytes.
#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
pub(super) fn pixels_4(block: &[f32; 16]) -> [[u8; 4]; 4] {
    let mut rows = [[0.0; 4]; 4];
    for (row, values) in rows.iter_mut().zip(block.chunks_exact(4)) {
        row.copy_from_slice(values);
    }
    rows[0][0] += 128.0;
    along_columns_4(&mut rows);
    let mut turned = transposed(&rows);
    along_columns_4(&mut turned);
    let rows = transposed(&turned);
    rows.map(|row| row.map(rounded))
}

/// The block at a quarter of its size: rows of 2 bytes.
#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
pub(super) fn pixels_2(block: &[f32; 4]) -> [[u8; 2]; 2] {
    let half = std::f32::consts::FRAC_1_SQRT_2;
    let (mean, across, down, both) = (block[0] + 128.0, block[1] * half, block[2] * half, block[3] * 0.5);
    [
        [mean + across + down + both, mean - across + down - both],
        [mean + across - down - both, mean - across - down + both],
    ]
    .map(|row| row.map(rounded))
}

#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
pub(super) fn rounded(value: f32) -> u8 {
    (value.clamp(0.0, 255.0) + ROUNDING).to_bits() as u8
}

#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
fn transposed<const N: usize>(rows: &[[f32; N]; N]) -> [[f32; N]; N] {
    let mut turned = [[0.0; N]; N];
    for (i, row) in rows.iter().enumerate() {
        for (j, value) in row.iter().enumerate() {
            turned[j][i] = *value;
        }
    }
    turned
}

/// Cosines of 1 to 7 sixteenths of a half turn.
const C: [f32; 8] = [
    1.0,
    0.980_785_25,
    0.923_879_5,
    0.831_469_6,
    std::f32::consts::FRAC_1_SQRT_2,
    0.555_570_24,
    0.382_683_43,
    0.195_090_32,
];

/// Eight points of each column: even frequencies are the same from both ends, odd ones change their sign.
#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
fn along_columns(rows: &mut [[f32; 8]; 8]) {
    let mut out = [[0.0f32; 8]; 8];
    for i in 0..8 {
        let [x0, x1, x2, x3, x4, x5, x6, x7] = std::array::from_fn(|row| rows[row][i]);
        let (sum, difference) = (x0 + C[4] * x4, x0 - C[4] * x4);
        let (outer, inner) = (C[2] * x2 + C[6] * x6, C[6] * x2 - C[2] * x6);
        let even = [sum + outer, difference + inner, difference - inner, sum - outer];
        let odd = [
            C[1] * x1 + C[3] * x3 + C[5] * x5 + C[7] * x7,
            C[3] * x1 - C[7] * x3 - C[1] * x5 - C[5] * x7,
            C[5] * x1 - C[1] * x3 + C[7] * x5 + C[3] * x7,
            C[7] * x1 - C[5] * x3 + C[3] * x5 - C[1] * x7,
        ];
        for point in 0..4 {
            out[point][i] = even[point] + odd[point];
            out[7 - point][i] = even[point] - odd[point];
        }
    }
    *rows = out;
}

/// Four points of each column.
#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
fn along_columns_4(rows: &mut [[f32; 4]; 4]) {
    let mut out = [[0.0f32; 4]; 4];
    for i in 0..4 {
        let [x0, x1, x2, x3] = std::array::from_fn(|row| rows[row][i]);
        let (sum, difference) = (x0 + C[4] * x2, x0 - C[4] * x2);
        let (outer, inner) = (C[2] * x1 + C[6] * x3, C[6] * x1 - C[2] * x3);
        out[0][i] = sum + outer;
        out[1][i] = difference + inner;
        out[2][i] = difference - inner;
        out[3][i] = sum - outer;
    }
    *rows = out;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The transform as the standard writes it.
    fn plain(block: &[f64; 64]) -> [[f64; 8]; 8] {
        let norm = |u: usize| if u == 0 { 0.5f64.sqrt() } else { 1.0 };
        let wave = |u: usize, x: usize| norm(u) * (((2 * x + 1) * u) as f64 * PI / 16.0).cos();
        let at = |x: usize, y: usize| (0..64).map(|k| block[k] * wave(k % 8, x) * wave(k / 8, y)).sum::<f64>() / 4.0;
        std::array::from_fn(|y| std::array::from_fn(|x| at(x, y) + 128.0))
    }

    fn weighed<const LEN: usize>(block: &[f64; 64], side: usize) -> [f32; LEN] {
        let mut out = [0.0; LEN];
        for (k, weight) in weights(&[1; 64], side).iter().take(64).enumerate() {
            out[weight.place as usize] += weight.factor * block[usize::from(ZIGZAG[k])] as f32;
        }
        out
    }

    #[test]
    fn every_size_is_the_plain_transform_averaged_over_boxes() {
        let mut state = 7u32;
        for _ in 0..200 {
            let block: [f64; 64] = std::array::from_fn(|k| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (f64::from(state >> 16) - 32_768.0) / 32_768.0 * 200.0 / (1 + k / 8 + k % 8) as f64
            });
            let expected = plain(&block);
            let check = |side: usize, x: usize, y: usize, pixel: u8| {
                let n = 8 / side;
                let cells = (0..n * n).map(|i| expected[y * n + i / n][x * n + i % n]);
                let mean = cells.sum::<f64>() / (n * n) as f64;
                let off = (mean.clamp(0.0, 255.0) - f64::from(pixel)).abs();
                assert!(off < 0.51, "{side}: {x} {y}: {mean} {pixel}");
            };
            let (full, half) = (pixels_8(&weighed(&block, 8)), pixels_4(&weighed(&block, 4)));
            let (quarter, eighth) = (pixels_2(&weighed(&block, 2)), weighed::<1>(&block, 1));
            for i in 0..64 {
                check(8, i % 8, i / 8, full[i / 8][i % 8]);
                check(4, i % 4, i / 4 % 4, half[i / 4 % 4][i % 4]);
                check(2, i % 2, i / 2 % 2, quarter[i / 2 % 2][i % 2]);
            }
            check(1, 0, 0, rounded(eighth[0] + 128.0));
        }
    }
}
