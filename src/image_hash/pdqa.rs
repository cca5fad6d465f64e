//! `pdqa`: PDQ's transform over an exact area average to 64 x 64; the hash computed for every picture at hand.
//!
//! Each cell is the mean brightness of exactly the part of the picture it covers, pixels at its edge counted by the share
//! inside. So a resized copy keeps its cells, which PDQ's own blur and sampling do not. All sums are whole numbers: the
//! grid of a mirrored picture is the mirrored grid, to the last bit.

use super::luma::{Luma, Shrunk};
use super::transform::{Grid, SIDE};

/// Averages the picture down to 64 x 64. One pass over the rows; cost is that of reading the plane once.
pub(super) fn area_average(luma: &Luma) -> Grid {
    let axis = |length: u32| Axis { length: length as usize, step: 1 };
    average(&luma.pixels, axis(luma.width), axis(luma.height))
}

/// The same from a plane that was averaged over boxes: a box that a cell's edge runs through is taken to be flat.
pub(super) fn area_average_shrunk(shrunk: &Shrunk) -> Grid {
    let axis = |length: u32| Axis { length: length as usize, step: shrunk.step };
    average(&shrunk.plane.pixels, axis(shrunk.width), axis(shrunk.height))
}

/// A side of `length` pixels, of which each box holds `step` (the last may hold fewer).
#[derive(Debug, Clone, Copy)]
struct Axis {
    length: usize,
    step: usize,
}

/// Lengths are counted in 64ths of a pixel: a pixel is 64 long, a cell as long as the picture has pixels, so every share
/// is a whole number. The largest sum, 30,000 x 30,000 x 255, takes 38 bits.
fn average(pixels: &[u8], across: Axis, down: Axis) -> Grid {
    let area = (across.length * down.length) as f64;
    let stride = across.length.div_ceil(across.step);
    let mut columns = vec![0u32; stride];
    // The same for every row of cells: the boxes a cell touches, and how much of each.
    let shares: Vec<(usize, Vec<u32>)> = (0..SIDE)
        .map(|cell| {
            let (first, last) = across.covered(cell);
            (first, (first..last).map(|x| across.share(cell, x)).collect())
        })
        .collect();
    let cells = (0..SIDE).map(|cell| {
        columns.fill(0);
        let (first, last) = down.covered(cell);
        let rows = pixels.chunks_exact(stride).enumerate().skip(first).take(last - first);
        for (y, row) in rows {
            add_row(&mut columns, row, down.share(cell, y));
        }
        std::array::from_fn(|cell| {
            let (first, shares) = &shares[cell];
            let sum: u64 =
                columns[*first..].iter().zip(shares).map(|(sum, share)| u64::from(*sum) * u64::from(*share)).sum();
            sum as f64 / area
        })
    });
    Grid { cells: cells.collect() }
}

impl Axis {
    /// The boxes a cell touches: first, and one past the last.
    fn covered(self, cell: usize) -> (usize, usize) {
        let length = SIDE * self.step;
        (cell * self.length / length, ((cell + 1) * self.length).div_ceil(length))
    }

    /// How much of a box lies in a cell, in 64ths of a pixel: at least 1 for a box the cell touches.
    fn share(self, cell: usize, place: usize) -> u32 {
        let length = SIDE * self.step;
        let from = (cell * self.length).max(place * length);
        let to = ((cell + 1) * self.length).min((place + 1) * length);
        to.saturating_sub(from) as u32
    }
}

/// Adds `weight` times a row. A column's sum is at most `height * 255`, far inside 32 bits.
fn add_row(columns: &mut [u32], row: &[u8], weight: u32) {
    for (sum, pixel) in columns.iter_mut().zip(row) {
        *sum += weight * u32::from(*pixel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(width: u32, height: u32, value: impl Fn(u32, u32) -> u8) -> Luma {
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| value(x, y)).collect();
        Luma { width, height, pixels }
    }

    #[test]
    fn a_flat_picture_of_any_size_has_flat_cells() {
        for (width, height) in [(1, 1), (3, 200), (63, 65), (64, 64), (500, 333)] {
            let grid = area_average(&plane(width, height, |_, _| 77));
            assert!(grid.cells.iter().flatten().all(|cell| (cell - 77.0).abs() < 1e-9), "{width} x {height}");
            assert_eq!(grid.quality(), 0);
        }
    }

    #[test]
    fn pixels_at_a_cell_border_are_shared_out() {
        // 96 columns: a cell is 1.5 pixels long, so the second cell has half of column 1 and all of column 2.
        let grid = area_average(&plane(96, 64, |x, _| if x == 1 { 240 } else { 0 }));
        assert!((grid.cells[0][0] - 80.0).abs() < 1e-9);
        assert!((grid.cells[0][1] - 80.0).abs() < 1e-9);
        assert!(grid.cells[0][2].abs() < 1e-9);
    }

    #[test]
    fn the_mean_of_the_picture_is_the_mean_of_the_cells() {
        let luma = plane(123, 457, |x, y| (x * 7 + y * 13) as u8);
        let mean = luma.pixels.iter().map(|p| f64::from(*p)).sum::<f64>() / luma.pixels.len() as f64;
        let grid = area_average(&luma);
        assert!((grid.cells.iter().flatten().sum::<f64>() / 4096.0 - mean).abs() < 1e-9);
    }
}
