//! Finding the picture inside a screenshot: what is left when the plain ground of an app or a page is taken away.
//!
//! A screenshot of a post is one color nearly everywhere around the picture, with lines of text here and there. So the
//! ground is the commonest color along the edges; rows that are mostly something else are the picture's rows, and of
//! those the columns that are mostly something else its columns. Colors are looked at, not brightness: cream paper on a
//! white page is hardly darker than the page. Used for queries only: datasets hold pictures.

use std::collections::BTreeMap;

use image::{DynamicImage, Rgb, RgbImage};

use super::windows::Window;

/// What the part found is called.
pub(super) const NAME: &str = "content of the screenshot";
/// Longest side of the plane that is looked at; larger ones are averaged down. The browser's module looks at larger ones
/// only: averages do not show how a decoder brings colors to full size, and what is smaller is hardly a screenshot.
const PLANE_SIDE_MAX: u32 = 384;
/// How far a pixel of the ground may be from the ground's color, in any channel: averaging leaves little of JPEG's noise.
const TOLERANCE: u8 = 6;
/// Steps of a channel that count as one when the commonest color is looked for.
const STEP: u8 = 8;
/// Share of a row that must be something else, tried in this order: a picture over the full width, then one beside a
/// column of text.
const ROW_SHARES: [f32; 2] = [0.5, 0.25];
/// Share of a column, within the rows found.
const COLUMN_SHARE: f32 = 0.5;
/// Share of a row, within the columns found: this second look drops rows of text beside the picture.
const ROW_SHARE_WITHIN: f32 = 0.6;
/// Lines of ground that a picture may have inside (a white stripe in it), for rows and for columns.
const ROW_GAP: usize = 2;
const COLUMN_GAP: usize = 4;
/// Least share of each side that is a picture and not a button.
const SIDE_SHARE_MIN: f32 = 0.15;
/// A box of at least this share of both sides is the whole picture.
const WHOLE_SHARE: f64 = 0.98;

/// The picture averaged down to what is looked at, laid on white. Reads every pixel once.
pub(super) fn small(image: &DynamicImage) -> RgbImage {
    match image {
        DynamicImage::ImageRgb8(rgb) => averaged::<3>(rgb.as_raw(), rgb.width(), rgb.height(), |p| p),
        DynamicImage::ImageLuma8(grey) => averaged::<1>(grey.as_raw(), grey.width(), grey.height(), |[l]| [l; 3]),
        other => {
            let rgba = other.to_rgba8();
            let on_white = |[red, green, blue, alpha]: [u32; 4]| {
                [red, green, blue].map(|channel| (channel * alpha + 255 * (255 - alpha)) / 255)
            };
            averaged::<4>(rgba.as_raw(), rgba.width(), rgba.height(), on_white)
        }
    }
}

/// Means of square blocks of pixels of `N` bytes each.
fn averaged<const N: usize>(raw: &[u8], width: u32, height: u32, color: impl Fn([u32; N]) -> [u32; 3]) -> RgbImage {
    let times = width.max(height).div_ceil(PLANE_SIDE_MAX).max(1);
    let (across, down) = (width / times, height / times);
    let mut out = RgbImage::new(across, down);
    let mut sums = vec![[0_u32; 3]; across as usize];
    // A block has at most 79 x 79 pixels (sides end at 30,000): its sum stays below 2^21.
    for (y, rows) in raw.chunks_exact((width as usize * N * times as usize).max(1)).take(down as usize).enumerate() {
        sums.fill([0; 3]);
        for row in rows.chunks_exact(width as usize * N) {
            for (sum, block) in sums.iter_mut().zip(row.chunks_exact(times as usize * N)) {
                for pixel in block.chunks_exact(N) {
                    let color = color(std::array::from_fn(|channel| u32::from(pixel[channel])));
                    (0..3).for_each(|channel| sum[channel] += color[channel]);
                }
            }
        }
        for (x, sum) in sums.iter().enumerate() {
            out.put_pixel(x as u32, y as u32, Rgb(sum.map(|sum| (sum / (times * times)) as u8)));
        }
    }
    out
}

/// Where the content may be: none, one or two guesses.
pub(super) fn contents(small: &RgbImage) -> Vec<Window> {
    let mut found: Vec<Window> = Vec::new();
    if small.width().min(small.height()) < 16 {
        return found;
    }
    let ground = ground(small);
    let is_other = |pixel: &Rgb<u8>| (0..3).any(|channel| pixel.0[channel].abs_diff(ground[channel]) > TOLERANCE);
    let differs = Differs {
        width: small.width() as usize,
        height: small.height() as usize,
        cells: small.pixels().map(is_other).collect(),
    };
    for share in ROW_SHARES {
        if let Some(window) = differs.content(share)
            && !found.contains(&window)
        {
            found.push(window);
        }
    }
    found
}

/// The commonest color along the edges.
fn ground(small: &RgbImage) -> [u8; 3] {
    let (right, bottom) = (small.width() - 1, small.height() - 1);
    let rows = (0..=right).flat_map(|x| [(x, 0), (x, bottom)]);
    let columns = (0..=bottom).flat_map(|y| [(0, y), (right, y)]);
    let mut steps: BTreeMap<[u8; 3], (u32, [u32; 3])> = BTreeMap::new();
    for (x, y) in rows.chain(columns) {
        let pixel = small.get_pixel(x, y).0;
        let (n, sum) = steps.entry(pixel.map(|channel| channel / STEP)).or_default();
        *n += 1;
        (0..3).for_each(|channel| sum[channel] += u32::from(pixel[channel]));
    }
    let commonest = steps.into_values().max_by_key(|(n, _)| *n);
    commonest.map_or([0; 3], |(n, sum)| sum.map(|sum| (sum / n.max(1)) as u8))
}

/// Which pixels are not of the ground.
struct Differs {
    width: usize,
    height: usize,
    cells: Vec<bool>,
}

impl Differs {
    fn of_row(&self, y: usize, (from, to): (usize, usize)) -> f32 {
        let cells = &self.cells[y * self.width..][from..to];
        cells.iter().filter(|differs| **differs).count() as f32 / (to - from) as f32
    }

    fn of_column(&self, x: usize, (from, to): (usize, usize)) -> f32 {
        (from..to).filter(|y| self.cells[y * self.width + x]).count() as f32 / (to - from) as f32
    }

    fn content(&self, row_share: f32) -> Option<Window> {
        let is_long = |run: &(usize, usize), side: usize| (run.1 - run.0) as f32 / side as f32 >= SIDE_SHARE_MIN;
        let rows = longest((0..self.height).map(|y| self.of_row(y, (0, self.width)) > row_share), ROW_GAP);
        let rows = Some(rows).filter(|rows| is_long(rows, self.height))?;
        let columns = longest((0..self.width).map(|x| self.of_column(x, rows) > COLUMN_SHARE), COLUMN_GAP);
        let columns = Some(columns).filter(|columns| is_long(columns, self.width))?;
        let within = longest((0..self.height).map(|y| self.of_row(y, columns) > ROW_SHARE_WITHIN), ROW_GAP);
        let rows = Some(within).filter(|rows| is_long(rows, self.height)).unwrap_or(rows);
        let part = |at: usize, side: usize| at as f64 / side as f64;
        let window = Window {
            name: NAME,
            left: part(columns.0, self.width),
            top: part(rows.0, self.height),
            right: part(columns.1, self.width),
            bottom: part(rows.1, self.height),
        };
        let is_whole = window.right - window.left >= WHOLE_SHARE && window.bottom - window.top >= WHOLE_SHARE;
        (!is_whole).then_some(window)
    }
}

/// The longest run of lines, bridging up to `gap` others inside: first, and one past the last.
fn longest(lines: impl Iterator<Item = bool>, gap: usize) -> (usize, usize) {
    let mut best = (0, 0);
    let mut run: Option<(usize, usize)> = None;
    for (at, _) in lines.enumerate().filter(|(_, is_in)| *is_in) {
        run = match run {
            Some((from, until)) if at - until <= gap => Some((from, at + 1)),
            _ => Some((at, at + 1)),
        };
        best = run.filter(|(from, until)| until - from > best.1 - best.0).unwrap_or(best);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paint(width: u32, height: u32, value: impl Fn(u32, u32) -> u8) -> RgbImage {
        small(&RgbImage::from_fn(width, height, |x, y| Rgb([value(x, y); 3])).into())
    }

    fn textured(x: u32, y: u32) -> u8 {
        (x * 7 % 90 + y * 5 % 60 + 20) as u8
    }

    #[test]
    fn the_picture_of_a_post_is_found_between_its_lines_of_text() {
        let screen = paint(360, 780, |x, y| match (x, y) {
            (_, 100..520) => textured(x, y),
            (20..200, 30..40 | 540..550 | 570..580) if x % 5 < 3 => 30,
            _ => 250,
        });
        let found = contents(&screen);
        let first = found.first().unwrap();
        assert!((first.top * 780.0 - 100.0).abs() < 7.0 && (first.bottom * 780.0 - 520.0).abs() < 7.0, "{first:?}");
        assert!(first.left < 0.02 && first.right > 0.98);
    }

    #[test]
    fn a_picture_beside_a_column_of_text_is_found() {
        let screen = paint(1280, 720, |x, y| match (x, y) {
            (128..800, 80..600) => textured(x, y),
            (960..1200, 80..600) if y % 40 < 12 => 200,
            _ => 245,
        });
        let near = |window: &Window| {
            (window.left * 1280.0 - 128.0).abs() < 14.0 && (window.right * 1280.0 - 800.0).abs() < 14.0
        };
        assert!(contents(&screen).iter().any(near), "{:?}", contents(&screen));
    }

    #[test]
    fn cream_paper_on_a_white_page_is_found_by_its_color() {
        let screen = RgbImage::from_fn(800, 600, |x, y| match (x, y) {
            (200..600, 150..500) => Rgb([250, 246, 228]),
            _ => Rgb([247, 247, 247]),
        });
        let found = contents(&small(&screen.into()));
        let first = found.first().unwrap();
        assert!((first.left - 0.25).abs() < 0.01 && (first.bottom - 500.0 / 600.0).abs() < 0.01, "{first:?}");
    }

    #[test]
    fn a_full_picture_a_blank_and_a_speck_have_no_content_box() {
        assert_eq!(contents(&paint(600, 400, textured)), []);
        assert_eq!(contents(&paint(600, 400, |_, _| 255)), []);
        assert_eq!(contents(&paint(1, 1, |_, _| 3)), []);
    }
}
