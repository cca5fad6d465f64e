//! From a picture of 64 x 64 cells to 256 bits: the second half of PDQ, shared by `pdqa` and `pdq`.
//!
//! Source: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (Facebook, 2019): a 64-point cosine
//! transform of which 16 x 16 frequencies are kept (the constant one left out), each bit telling whether its frequency
//! lies above the median; bit 0 stands last in the usual writing. Works on numbers only, never on pixels.

use std::f64::consts::PI;
use std::sync::LazyLock;

use crate::hash_code::{HashCode, HashKind};

/// Cells on a side of the reduced picture.
pub(super) const SIDE: usize = 64;
/// Frequencies kept along each axis.
const FREQUENCIES: usize = 16;
/// Frequencies are rounded to this step. Pictures with a symmetry have frequencies that are zero, but come out as noise of
/// 1e-10 whose sign differs from machine to machine; real differences are a thousand times the step.
const STEP: f64 = 1.0 / 1024.0;
/// Sum of steps between neighboring cells that counts as one point of quality; PDQ's own figure.
const QUALITY_DIVISOR: i32 = 90;

/// Row `i` holds the cosine of frequency `i + 1` at 64 places.
static COSINES: LazyLock<Vec<[f64; SIDE]>> = LazyLock::new(|| {
    let scale = (2.0 / SIDE as f64).sqrt();
    let row = |i: usize| std::array::from_fn(|j| scale * (PI / 128.0 * ((i + 1) * (2 * j + 1)) as f64).cos());
    (0..FREQUENCIES).map(row).collect()
});

/// A picture reduced to 64 x 64 cells of brightness 0 to 255, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grid {
    pub(super) cells: Vec<[f64; SIDE]>,
}

impl Grid {
    /// PDQ's quality figure, 0 to 100: how much neighboring cells differ. Flat pictures, whose hashes say little, are low.
    pub(super) fn quality(&self) -> u8 {
        // PDQ cuts each step to whole hundredths of the full range, so that faint noise counts nothing.
        let step = |a: f64, b: f64| (((a - b) as f32 * 100.0) / 255.0).abs() as i32;
        let down: i32 = self.cells.windows(2).flat_map(|w| w[0].iter().zip(&w[1])).map(|(a, b)| step(*a, *b)).sum();
        let across: i32 = self.cells.iter().flat_map(|row| row.windows(2)).map(|w| step(w[0], w[1])).sum();
        ((down + across) / QUALITY_DIVISOR).clamp(0, 100) as u8
    }

    /// Cosines are the same from both ends or change their sign, so that lines are first added to and subtracted from
    /// their mirrored ones. Inner loops go along rows of numbers, which compilers turn into vectors.
    pub(super) fn frequencies(&self) -> Frequencies {
        let (sums, differences) = mirrored_pairs(&self.cells);
        let mut half = [[0.0; SIDE]; FREQUENCIES];
        for (i, (totals, cosines)) in half.iter_mut().zip(COSINES.iter()).enumerate() {
            for (row, cosine) in if i % 2 == 0 { &differences } else { &sums }.iter().zip(cosines) {
                for (total, cell) in totals.iter_mut().zip(row) {
                    *total += cosine * cell;
                }
            }
        }
        // Now the other axis: rows become columns.
        let turned: Vec<[f64; FREQUENCIES]> = (0..SIDE).map(|x| std::array::from_fn(|i| half[i][x])).collect();
        let (sums, differences) = mirrored_pairs(&turned);
        let mut values = [0.0; FREQUENCIES * FREQUENCIES];
        for (j, cosines) in COSINES.iter().enumerate() {
            let mut totals = [0.0; FREQUENCIES];
            for (row, cosine) in if j % 2 == 0 { &differences } else { &sums }.iter().zip(cosines) {
                for (total, cell) in totals.iter_mut().zip(row) {
                    *total += cosine * cell;
                }
            }
            for (i, total) in totals.iter().enumerate() {
                // Adding zero turns a negative zero into a plain one.
                values[i * FREQUENCIES + j] = (total / STEP).round() * STEP + 0.0;
            }
        }
        Frequencies { values }
    }
}

/// Sums and differences of the first line and the last, the second and the last but one, and so on.
fn mirrored_pairs<const N: usize>(lines: &[[f64; N]]) -> (Vec<[f64; N]>, Vec<[f64; N]>) {
    let pairs = || lines.iter().zip(lines.iter().rev()).take(lines.len() / 2);
    let sums = pairs().map(|(a, b)| std::array::from_fn(|x| a[x] + b[x])).collect();
    let differences = pairs().map(|(a, b)| std::array::from_fn(|x| a[x] - b[x])).collect();
    (sums, differences)
}

/// The 16 x 16 frequencies kept: first the one down the picture, then the one across.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Frequencies {
    values: [f64; FREQUENCIES * FREQUENCIES],
}

impl Frequencies {
    /// The code of the picture turned into `form`, without turning it: mirroring changes signs, transposing swaps axes.
    pub(super) fn code(&self, kind: HashKind, form: Form) -> HashCode {
        let (swap, odd_down, odd_across) = form.as_swap_and_signs();
        let turned: [f64; 256] = std::array::from_fn(|k| {
            let (i, j) = (k / FREQUENCIES, k % FREQUENCIES);
            let value = if swap { self.values[j * FREQUENCIES + i] } else { self.values[k] };
            // Index 0 is frequency 1, an odd one, which a mirror negates.
            let negate = (odd_down && i % 2 == 0) != (odd_across && j % 2 == 0);
            if negate { 0.0 - value } else { value }
        });
        let mut sorted = turned;
        // PDQ takes the lower of the two middle values.
        let (_, median, _) = sorted.select_nth_unstable_by(127, f64::total_cmp);
        let median = *median;
        let mut bytes = [0u8; 32];
        for (k, value) in turned.iter().enumerate() {
            if *value > median {
                bytes[31 - k / 8] |= 1 << (k % 8);
            }
        }
        HashCode::new(kind, &bytes).expect("kinds of PDQ's family have 32 bytes")
    }
}

/// The eight ways a picture can lie: as it is, turned by quarters, and the same mirrored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    AsIs,
    /// A quarter turn clockwise: the left edge becomes the top.
    Rotated90,
    Rotated180,
    /// A quarter turn counter-clockwise: the right edge becomes the top.
    Rotated270,
    /// Left and right exchanged.
    Mirrored,
    /// Top and bottom exchanged.
    Flipped,
    /// Mirrored at the diagonal from top left to bottom right: rows become columns.
    Transposed,
    /// Mirrored at the other diagonal.
    Transversed,
}

impl Form {
    pub const ALL: [Self; 8] = [
        Self::AsIs,
        Self::Rotated90,
        Self::Rotated180,
        Self::Rotated270,
        Self::Mirrored,
        Self::Flipped,
        Self::Transposed,
        Self::Transversed,
    ];

    /// The name in results: `as is`, `rotated 90` and so on.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AsIs => "as is",
            Self::Rotated90 => "rotated 90",
            Self::Rotated180 => "rotated 180",
            Self::Rotated270 => "rotated 270",
            Self::Mirrored => "mirrored",
            Self::Flipped => "flipped",
            Self::Transposed => "transposed",
            Self::Transversed => "transversed",
        }
    }

    /// Whether axes are swapped, then whether odd frequencies down and across change their sign (after the swap).
    fn as_swap_and_signs(self) -> (bool, bool, bool) {
        match self {
            Self::AsIs => (false, false, false),
            Self::Mirrored => (false, false, true),
            Self::Flipped => (false, true, false),
            Self::Rotated180 => (false, true, true),
            Self::Transposed => (true, false, false),
            Self::Rotated90 => (true, false, true),
            Self::Rotated270 => (true, true, false),
            Self::Transversed => (true, true, true),
        }
    }
}
