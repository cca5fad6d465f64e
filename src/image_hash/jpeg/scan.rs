//! The entropy-coded data of a plain JPEG to brightness, at full size or averaged over boxes; colours are passed over.
//!
//! One routine, compiled twice for what the processor can do and chosen at run time; both give the same bytes. Anything
//! but a clean end of data gives nothing, and the other decoder says what is wrong.

use super::bits::{Bits, Segment};
use super::cosine::{PLACES, Weight, pixels_2, pixels_4, pixels_8, rounded, weights};
use super::headers::Headers;
use super::huffman::{END_OF_BLOCK, Table};

/// Below this many blocks, preparing a table to pass over colours faster costs more than it saves.
const LEAPS_BLOCKS_MIN: usize = 600;

/// The brightness averaged over boxes of `step` x `step` pixels (1, 2, 4 or 8), boxes at the right and lower edge over what
/// they have. `None` if the file is not entirely clean.
pub(super) fn decode(file: &[u8], headers: &mut Headers, step: usize) -> Option<Vec<u8>> {
    let blocks = headers.width.div_ceil(8) * headers.height.div_ceil(8);
    if blocks >= LEAPS_BLOCKS_MIN {
        for (number, component) in headers.components.iter().enumerate() {
            let table = headers.ac[component.ac_table].as_mut()?;
            if number == 0 && step < 8 { table.prepare_pairs() } else { table.prepare_leaps() }
        }
    }
    let (stride, rows) = (headers.width.div_ceil(step), headers.height.div_ceil(step));
    let mut pixels = vec![0; stride * rows];
    let kernel = match step {
        1 => kernel::<8, 64>(),
        2 => kernel::<4, 16>(),
        4 => kernel::<2, 4>(),
        _ => kernel::<1, 1>(),
    };
    kernel(file, headers, &mut pixels)?;
    Some(pixels)
}

type Kernel = fn(&[u8], &Headers, &mut [u8]) -> Option<()>;

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "code compiled for more than the lowest processor is unsafe to call")]
fn kernel<const SIDE: usize, const LEN: usize>() -> Kernel {
    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
    fn modern<const SIDE: usize, const LEN: usize>(file: &[u8], headers: &Headers, pixels: &mut [u8]) -> Option<()> {
        scan::<SIDE, LEN>(file, headers, pixels)
    }
    if is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
    {
        // SAFETY: the features were just found on this processor.
        return |file, headers, pixels| unsafe { modern::<SIDE, LEN>(file, headers, pixels) };
    }
    scan::<SIDE, LEN>
}

#[cfg(not(target_arch = "x86_64"))]
fn kernel<const SIDE: usize, const LEN: usize>() -> Kernel {
    scan::<SIDE, LEN>
}

/// Blocks are brought to `SIDE` pixels, `LEN` of them.
#[expect(clippy::inline_always, reason = "must be compiled anew inside each kernel, with its features")]
#[inline(always)]
fn scan<const SIDE: usize, const LEN: usize>(file: &[u8], headers: &Headers, pixels: &mut [u8]) -> Option<()> {
    let (luma, colours) = headers.components.split_first()?;
    let (dc, ac) = (headers.dc[luma.dc_table].as_ref()?, headers.ac[luma.ac_table].as_ref()?);
    let mut plane = Plane::<SIDE, LEN>::new(headers, pixels);
    let mut segment = Segment::default();
    let (mut marker, mut next) = segment.fill(file, headers.scan_at)?;
    let mut bits = segment.bits();
    let (mut mean, mut restarts) = (0i32, 0u8);
    let mut left = if headers.restart_interval == 0 { usize::MAX } else { headers.restart_interval };
    for down in 0..plane.blocks_down.div_ceil(luma.down) {
        for across in 0..plane.blocks_across.div_ceil(luma.across) {
            if left == 0 {
                if marker != 0xD0 | restarts || !bits.is_at_end() {
                    return None;
                }
                (restarts, mean, left) = ((restarts + 1) & 7, 0, headers.restart_interval);
                (marker, next) = segment.fill(file, next)?;
                bits = segment.bits();
            }
            left -= 1;
            for y in 0..luma.down {
                for x in 0..luma.across {
                    bits.refill();
                    let symbol = dc.read(&bits)?;
                    mean = mean.wrapping_add(symbol.value(&bits));
                    bits.skip(symbol.taken());
                    plane.block(&mut bits, ac, mean, across * luma.across + x, down * luma.down + y)?;
                }
            }
            for colour in colours {
                let (dc, ac) = (headers.dc[colour.dc_table].as_ref()?, headers.ac[colour.ac_table].as_ref()?);
                for _ in 0..colour.across * colour.down {
                    bits.refill();
                    bits.skip(dc.read(&bits)?.taken());
                    ac.pass(&mut bits)?;
                }
            }
            if bits.is_past_end() {
                return None;
            }
        }
    }
    (marker == 0xD9 && bits.is_at_end()).then_some(())
}

/// The plane being written, and what it takes to write it.
struct Plane<'a, const SIDE: usize, const LEN: usize> {
    pixels: &'a mut [u8],
    stride: usize,
    rows: usize,
    width: usize,
    height: usize,
    blocks_across: usize,
    blocks_down: usize,
    weights: [Weight; PLACES],
    weights_full: [Weight; PLACES],
    /// Blocks in this column or row have boxes that reach over the picture's edge; `usize::MAX` for none.
    cut_column: usize,
    cut_row: usize,
}

#[expect(clippy::inline_always, reason = "as above")]
impl<'a, const SIDE: usize, const LEN: usize> Plane<'a, SIDE, LEN> {
    const STEP: usize = 8 / SIDE;

    fn new(headers: &Headers, pixels: &'a mut [u8]) -> Self {
        let (width, height) = (headers.width, headers.height);
        let cut = |length: usize| if length.is_multiple_of(Self::STEP) { usize::MAX } else { length / 8 };
        Self {
            pixels,
            stride: width.div_ceil(Self::STEP),
            rows: height.div_ceil(Self::STEP),
            width,
            height,
            blocks_across: width.div_ceil(8),
            blocks_down: height.div_ceil(8),
            weights: weights(&headers.steps, SIDE),
            weights_full: weights(&headers.steps, 8),
            cut_column: cut(width),
            cut_row: cut(height),
        }
    }

    /// Reads the coefficients behind the first and writes the block's pixels.
    #[inline(always)]
    fn block(&mut self, bits: &mut Bits<'_>, ac: &Table, mean: i32, x: usize, y: usize) -> Option<()> {
        if x >= self.blocks_across || y >= self.blocks_down {
            return ac.pass(bits);
        }
        if x == self.cut_column || y == self.cut_row {
            *bits = self.cut_block(*bits, ac, mean, x, y)?;
            return Some(());
        }
        if SIDE == 1 {
            self.pixels[y * self.stride + x] = rounded(mean as f32 * self.weights[0].factor + 128.0);
            return ac.pass(bits);
        }
        let mut block = [0.0; LEN];
        coefficients(&mut block, &self.weights, bits, ac, mean)?;
        match SIDE {
            8 => self.store(&pixels_8(block.as_slice().try_into().ok()?), x, y),
            4 => self.store(&pixels_4(block.as_slice().try_into().ok()?), x, y),
            _ => self.store(&pixels_2(block.as_slice().try_into().ok()?), x, y),
        }
        Some(())
    }

    #[inline(always)]
    fn store<const N: usize>(&mut self, block: &[[u8; N]; N], x: usize, y: usize) {
        let (left, top) = (x * N, y * N);
        let n_columns = (self.stride - left).min(N);
        for (row, at) in block.iter().zip(top..self.rows) {
            let out = &mut self.pixels[at * self.stride + left..][..n_columns];
            match <&mut [u8; N]>::try_from(&mut *out) {
                Ok(whole) => *whole = *row,
                Err(_) => out.copy_from_slice(&row[..n_columns]),
            }
        }
    }

    /// A block some of whose boxes lie partly outside the picture: averaged from the pixels inside.
    /// Gives the reader back: one whose address is given away does not stay in registers.
    #[inline(never)]
    fn cut_block<'b>(&mut self, mut bits: Bits<'b>, ac: &Table, mean: i32, x: usize, y: usize) -> Option<Bits<'b>> {
        let mut block = [0.0; 64];
        coefficients(&mut block, &self.weights_full, &mut bits, ac, mean)?;
        let full = pixels_8(&block);
        let (n_columns, n_rows) = ((self.width - x * 8).min(8), (self.height - y * 8).min(8));
        for (j, rows) in full[..n_rows].chunks(Self::STEP).enumerate() {
            for i in 0..n_columns.div_ceil(Self::STEP) {
                let columns = i * Self::STEP..((i + 1) * Self::STEP).min(n_columns);
                let count = (rows.len() * columns.len()) as u32;
                let sum: u32 = rows.iter().flat_map(|row| &row[columns.clone()]).map(|pixel| u32::from(*pixel)).sum();
                self.pixels[(y * SIDE + j) * self.stride + x * SIDE + i] = ((sum + count / 2) / count) as u8;
            }
        }
        Some(bits)
    }
}

/// Adds each coefficient, weighed, to its place; `None` where the bits are none.
#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
fn coefficients<const LEN: usize>(
    block: &mut [f32; LEN],
    weights: &[Weight; PLACES],
    bits: &mut Bits<'_>,
    ac: &Table,
    mean: i32,
) -> Option<()> {
    block[0] = mean as f32 * weights[0].factor;
    let mut add = |k: u32, value: i32| {
        // Both lengths are powers of two; the masks spare comparisons.
        let weight = weights[k as usize & (PLACES - 1)];
        block[weight.place as usize & (LEN - 1)] += weight.factor * value as f32;
    };
    let mut k = 1;
    while k < 64 {
        bits.refill();
        if let Some(pair) = ac.pair(bits) {
            k += u32::from(pair.steps_one);
            add(k - 1, i32::from(pair.one));
            if k < 64 {
                bits.skip(u32::from(pair.bits_both));
                // Where there is no second, nothing is added to the first.
                k += u32::from(pair.steps_two);
                add(k - 1, i32::from(pair.two));
            } else {
                // What stands behind it is the next block's.
                bits.skip(u32::from(pair.bits_one));
            }
            continue;
        }
        let symbol = ac.read(bits)?;
        let value = symbol.value(bits);
        bits.skip(symbol.taken());
        k += symbol.zeros() + 1;
        add(k - 1, value);
    }
    (k == 64 || k > END_OF_BLOCK).then_some(())
}
