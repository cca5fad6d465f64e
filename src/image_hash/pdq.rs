//! `pdq`: Meta's PDQ as its reference programs compute it from the full-size picture.
//!
//! The picture is blurred by two passes of a box filter along both axes and then sampled at 64 x 64 places. Needed only to
//! ask datasets and hash lists that publish PDQ; our own index holds `pdqa`. Filters along rows and along columns commute,
//! so each row is blurred and sampled at once and no second full-size plane is needed.

use super::luma::Luma;
use super::transform::{Grid, SIDE};

/// Below this side PDQ defines no hash.
pub(super) const SIDE_MIN: u32 = 5;

/// The reduced picture PDQ hashes, or `None` where the picture is too small for it.
pub(super) fn blur_and_sample(luma: &Luma) -> Option<Grid> {
    if luma.width < SIDE_MIN || luma.height < SIDE_MIN {
        return None;
    }
    let (width, height) = (luma.width as usize, luma.height as usize);
    let mut filter = Filter::new(width);
    let mut columns = vec![vec![0.0; height]; SIDE];
    for (y, row) in luma.pixels.chunks_exact(width).enumerate() {
        let samples = filter.run(row.iter().map(|pixel| f64::from(*pixel)));
        for (column, sample) in columns.iter_mut().zip(samples) {
            column[y] = sample;
        }
    }
    let mut filter = Filter::new(height);
    let mut cells = vec![[0.0; SIDE]; SIDE];
    for (x, column) in columns.iter().enumerate() {
        let samples = filter.run(column.iter().copied());
        for (row, sample) in cells.iter_mut().zip(samples) {
            row[x] = sample;
        }
    }
    Some(Grid { cells })
}

/// Two box filters in a row over a line of one length, sampled at the centers of 64 equal parts.
struct Filter {
    window: usize,
    once: Vec<f64>,
    /// Sums of everything before each place, with one more place at the end.
    sums: Vec<f64>,
}

impl Filter {
    fn new(length: usize) -> Self {
        // Half a cell, rounded up: two passes blur over one cell.
        let window = length.div_ceil(2 * SIDE);
        Self { window, once: vec![0.0; length], sums: vec![0.0; length + 1] }
    }

    fn run(&mut self, line: impl Iterator<Item = f64>) -> [f64; SIDE] {
        sum_up(&mut self.sums, line);
        for at in 0..self.once.len() {
            self.once[at] = mean_around(&self.sums, self.window, at);
        }
        sum_up(&mut self.sums, self.once.iter().copied());
        let length = self.once.len();
        std::array::from_fn(|cell| mean_around(&self.sums, self.window, (2 * cell + 1) * length / (2 * SIDE)))
    }
}

fn sum_up(sums: &mut [f64], line: impl Iterator<Item = f64>) {
    let mut sum = 0.0;
    for (slot, value) in sums[1..].iter_mut().zip(line) {
        sum += value;
        *slot = sum;
    }
}

/// The mean of the window around a place; at the ends of the line, of the part of the window that exists. A window of even
/// length reaches one further to the right.
fn mean_around(sums: &[f64], window: usize, at: usize) -> f64 {
    let reach_right = usize::midpoint(window, 2);
    let from = at.saturating_sub(window - reach_right);
    let to = (at + reach_right).min(sums.len() - 1);
    (sums[to] - sums[from]) / (to - from) as f64
}
