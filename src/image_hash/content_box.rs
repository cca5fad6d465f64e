//! Finding the picture inside a screenshot: what is left when the plain ground of an app or a page is taken away.
//!
//! A screenshot of a post is one color nearly everywhere around the picture, with lines of text here and there. So the
//! ground is the commonest brightness along the edges; rows that are mostly something else are the picture's rows, and
//! of those the columns that are mostly something else its columns. Used for queries only: datasets hold pictures.

use super::luma::Luma;
use super::windows::Window;

/// What the part found is called.
pub(super) const NAME: &str = "content of the screenshot";
/// Longest side of the plane that is looked at; larger ones are averaged down.
const PLANE_SIDE_MAX: u32 = 384;
/// How far a pixel of the ground may be from the ground's brightness.
const TOLERANCE: f32 = 10.0;
/// Steps of brightness that count as one when the commonest is looked for.
const STEP: usize = 8;
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

/// Where the content may be: none, one or two guesses.
pub(super) fn contents(luma: &Luma) -> Vec<Window> {
    let plane = Plane::of(luma);
    let mut found: Vec<Window> = Vec::new();
    if plane.width.min(plane.height) < 16 {
        return found;
    }
    let ground = plane.ground();
    let differs: Vec<bool> = plane.cells.iter().map(|cell| (cell - ground).abs() > TOLERANCE).collect();
    for share in ROW_SHARES {
        if let Some(window) = plane.content(&differs, share)
            && !found.contains(&window)
        {
            found.push(window);
        }
    }
    found
}

/// A picture averaged down.
struct Plane {
    width: usize,
    height: usize,
    cells: Vec<f32>,
}

impl Plane {
    fn of(luma: &Luma) -> Self {
        let times = luma.width.max(luma.height).div_ceil(PLANE_SIDE_MAX).max(1) as usize;
        let (width, height) = (luma.width as usize / times, luma.height as usize / times);
        let (stride, area) = (luma.width as usize, (times * times) as f32);
        let mut cells = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let rows = (y * times..(y + 1) * times).map(|y| &luma.pixels[y * stride + x * times..][..times]);
                cells.push(rows.flatten().map(|pixel| u32::from(*pixel)).sum::<u32>() as f32 / area);
            }
        }
        Self { width, height, cells }
    }

    /// The commonest brightness along the edges.
    fn ground(&self) -> f32 {
        let (w, h) = (self.width, self.height);
        let edge = (0..w)
            .flat_map(|x| [x, (h - 1) * w + x])
            .chain((0..h).flat_map(|y| [y * w, y * w + w - 1]))
            .map(|at| self.cells[at]);
        let mut steps = [(0_u32, 0.0_f32); 256 / STEP];
        for cell in edge {
            let step = &mut steps[(cell as usize / STEP).min(256 / STEP - 1)];
            *step = (step.0 + 1, step.1 + cell);
        }
        let (n, sum) = steps.into_iter().max_by_key(|(n, _)| *n).unwrap_or((1, 0.0));
        sum / n.max(1) as f32
    }

    fn content(&self, differs: &[bool], row_share: f32) -> Option<Window> {
        let share = |lines: usize, n: usize| lines as f32 / n as f32;
        let of_row = |y: usize, from: usize, to: usize| {
            share(differs[y * self.width..][from..to].iter().filter(|d| **d).count(), to - from)
        };
        let of_column = |x: usize, from: usize, to: usize| {
            share((from..to).filter(|y| differs[y * self.width + x]).count(), to - from)
        };
        let is_tall = |rows: &(usize, usize)| share(rows.1 - rows.0, self.height) >= SIDE_SHARE_MIN;
        let rows = longest((0..self.height).map(|y| of_row(y, 0, self.width) > row_share), ROW_GAP);
        let rows = Some(rows).filter(is_tall)?;
        let columns = longest((0..self.width).map(|x| of_column(x, rows.0, rows.1) > COLUMN_SHARE), COLUMN_GAP);
        if share(columns.1 - columns.0, self.width) < SIDE_SHARE_MIN {
            return None;
        }
        let within = longest((0..self.height).map(|y| of_row(y, columns.0, columns.1) > ROW_SHARE_WITHIN), ROW_GAP);
        let rows = Some(within).filter(is_tall).unwrap_or(rows);
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

    fn paint(width: u32, height: u32, value: impl Fn(u32, u32) -> u8) -> Luma {
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| value(x, y)).collect();
        Luma { width, height, pixels }
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
    fn a_full_picture_a_blank_and_a_speck_have_no_content_box() {
        assert_eq!(contents(&paint(300, 200, textured)), []);
        assert_eq!(contents(&paint(300, 200, |_, _| 255)), []);
        assert_eq!(contents(&paint(1, 1, |_, _| 3)), []);
    }
}
