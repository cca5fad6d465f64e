//! Finding the picture inside a plain border: frames, letterboxes, the white around a scan.

use super::luma::Luma;
use super::windows::Window;

/// What the part inside a border is called.
pub(super) const NAME: &str = "border trimmed";
/// How far a pixel of a border may be from the border's own brightness: what JPEG adds.
const TOLERANCE: u8 = 14;
/// Share of a line's pixels that must be of the border's brightness, in thousandths.
const LINE_PERMILLE: usize = 985;
/// At most this share of a side is taken for border, in hundredths.
const SIDE_PERCENT_MAX: usize = 47;
/// What is left must be at least this share of each side, in hundredths: less is no framed picture but an object on a ground.
const LEFT_PERCENT_MIN: usize = 20;
/// Pixels shaved beyond the border: scaling and JPEG blur its edge.
const SHAVED: usize = 1;
/// Rounds: a frame inside a letterbox takes two.
const ROUNDS: usize = 2;

/// The part inside a plain border; `None` where there is no border. Reads each line of the border once.
pub(super) fn inside_border(luma: &Luma) -> Option<Window> {
    let (width, height) = (luma.width as usize, luma.height as usize);
    if width < 32 || height < 32 {
        return None;
    }
    let mut inner = Inner { left: 0, top: 0, right: width, bottom: height };
    for _ in 0..ROUNDS {
        let before = inner;
        inner.top += run(inner.top..inner.bottom, height, |y| inner.row(luma, y));
        inner.bottom -= run((inner.top..inner.bottom).rev(), height, |y| inner.row(luma, y));
        inner.left += run(inner.left..inner.right, width, |x| inner.column(luma, x));
        inner.right -= run((inner.left..inner.right).rev(), width, |x| inner.column(luma, x));
        let too_small = (inner.right - inner.left) * 100 < width * LEFT_PERCENT_MIN
            || (inner.bottom - inner.top) * 100 < height * LEFT_PERCENT_MIN;
        if too_small {
            return None;
        }
        if inner == before {
            break;
        }
    }
    if inner == (Inner { left: 0, top: 0, right: width, bottom: height }) {
        return None;
    }
    let shaved = |at: usize, end: usize| if at == end { 0 } else { SHAVED };
    let part = |at: usize, side: usize| at as f64 / side as f64;
    Some(Window {
        name: NAME,
        left: part(inner.left + shaved(inner.left, 0), width),
        top: part(inner.top + shaved(inner.top, 0), height),
        right: part(inner.right - shaved(inner.right, width), width),
        bottom: part(inner.bottom - shaved(inner.bottom, height), height),
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Inner {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Inner {
    fn row(self, luma: &Luma, y: usize) -> Vec<u8> {
        luma.pixels[y * luma.width as usize..][self.left..self.right].to_vec()
    }

    fn column(self, luma: &Luma, x: usize) -> Vec<u8> {
        (self.top..self.bottom).map(|y| luma.pixels[y * luma.width as usize + x]).collect()
    }
}

/// How many lines from the edge inwards are of one brightness: that of the outermost.
fn run(lines: impl Iterator<Item = usize>, side: usize, line: impl Fn(usize) -> Vec<u8>) -> usize {
    let mut border = None;
    let mut n = 0;
    for at in lines.take(side * SIDE_PERCENT_MAX / 100) {
        let mut pixels = line(at);
        let colour = *border.get_or_insert_with(|| {
            let middle = pixels.len() / 2;
            *pixels.select_nth_unstable(middle).1
        });
        let same = pixels.iter().filter(|pixel| pixel.abs_diff(colour) <= TOLERANCE).count();
        if same * 1000 < pixels.len() * LINE_PERMILLE {
            break;
        }
        n += 1;
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(frame: u32, colour: u8) -> Luma {
        let (width, height) = (200, 150);
        let value = |x: u32, y: u32| {
            let inside = x >= frame && y >= frame && x < width - frame && y < height - frame;
            if inside { (x * 7 + y * 11 % 97) as u8 } else { colour }
        };
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| value(x, y)).collect();
        Luma { width, height, pixels }
    }

    #[test]
    fn a_frame_is_found_to_the_pixel() {
        let part = inside_border(&framed(15, 250)).unwrap();
        assert!((part.left * 200.0 - 16.0).abs() < 1.5 && (part.bottom * 150.0 - 134.0).abs() < 1.5, "{part:?}");
    }

    #[test]
    fn a_picture_without_a_border_and_a_blank_have_none() {
        assert_eq!(inside_border(&framed(0, 0)), None);
        let blank = Luma { width: 100, height: 100, pixels: vec![255; 10_000] };
        assert_eq!(inside_border(&blank), None);
    }
}
