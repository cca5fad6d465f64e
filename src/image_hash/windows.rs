//! Parts of a picture that a copy may consist of: what is left when platforms and people crop.
//!
//! A dataset may hold the centre square of a picture, or the picture without its lower tenth. So a query asks not only by
//! the whole picture but by 32 parts of it, chosen by measurement (which crops are common, which parts find them), and
//! by 92 more where it looks harder. An index may hold 12 parts of every picture, for queries that are crops themselves.
//! All parts come from one table of sums, so that each costs as little as the hash itself.

use super::luma::Luma;
use super::transform::{Grid, SIDE};

/// Longest side of the plane the sums are taken over. Larger pictures are averaged down first: a cell of the smallest part
/// still covers several pixels.
const PLANE_SIDE_MAX: u32 = 1024;
/// Parts smaller than this many pixels on a side say nothing of their own.
const PART_SIDE_MIN: f64 = 32.0;

/// A part of a picture, in shares of its sides, with the name results give it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Window {
    pub name: &'static str,
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

/// Margins cut off on all sides, in per cent.
const INSETS: [(&str, f64); 7] = [
    ("inner 95 %", 2.5),
    ("inner 90 %", 5.0),
    ("inner 85 %", 7.5),
    ("inner 80 %", 10.0),
    ("inner 70 %", 15.0),
    ("inner 60 %", 20.0),
    ("inner 50 %", 25.0),
];
/// Proportions of crops, and where along the longer side they are taken: 0 at its begin, 1 at its end.
const CROPS: [(&str, f64, f64); 9] = [
    ("centre square", 1.0, 0.5),
    ("centre 16:9", 16.0 / 9.0, 0.5),
    ("centre 4:5", 0.8, 0.5),
    ("centre 9:16", 9.0 / 16.0, 0.5),
    ("centre 2:3", 2.0 / 3.0, 0.5),
    ("centre 4:3", 4.0 / 3.0, 0.5),
    ("centre 2:1", 2.0, 0.5),
    ("upper 16:9", 16.0 / 9.0, 0.25),
    ("lower 16:9", 16.0 / 9.0, 0.75),
];
/// One side cut, in per cent: names for left, top, right, bottom.
const CUTS: [(f64, [&str; 4]); 4] = [
    (5.0, ["left 5 % cut", "top 5 % cut", "right 5 % cut", "bottom 5 % cut"]),
    (10.0, ["left 10 % cut", "top 10 % cut", "right 10 % cut", "bottom 10 % cut"]),
    (20.0, ["left 20 % cut", "top 20 % cut", "right 20 % cut", "bottom 20 % cut"]),
    (30.0, ["left 30 % cut", "top 30 % cut", "right 30 % cut", "bottom 30 % cut"]),
];

/// Further crops for a query that looks harder, off the centre: name, proportions. Taken at the begin, a quarter, three
/// quarters and the end of the longer side.
const CROPS_OFF_CENTRE: [(&str, f64); 8] = [
    ("square off the centre", 1.0),
    ("4:5 off the centre", 0.8),
    ("5:4 off the centre", 1.25),
    ("4:3 off the centre", 4.0 / 3.0),
    ("3:4 off the centre", 0.75),
    ("2:3 off the centre", 2.0 / 3.0),
    ("9:16 off the centre", 9.0 / 16.0),
    ("16:9 off the centre", 16.0 / 9.0),
];
const PLACES_OFF_CENTRE: [f64; 4] = [0.0, 0.25, 0.75, 1.0];
/// Further cuts of one side.
const CUTS_FURTHER: [(f64, [&str; 4]); 3] = [
    (15.0, ["left 15 % cut", "top 15 % cut", "right 15 % cut", "bottom 15 % cut"]),
    (25.0, ["left 25 % cut", "top 25 % cut", "right 25 % cut", "bottom 25 % cut"]),
    (40.0, ["left 40 % cut", "top 40 % cut", "right 40 % cut", "bottom 40 % cut"]),
];
/// Cuts of two sides that face each other: name, per cent on each side, whether they are left and right.
const CUTS_OF_TWO_SIDES: [(&str, f64, bool); 8] = [
    ("5 % cut left and right", 5.0, true),
    ("10 % cut left and right", 10.0, true),
    ("15 % cut left and right", 15.0, true),
    ("20 % cut left and right", 20.0, true),
    ("5 % cut above and below", 5.0, false),
    ("10 % cut above and below", 10.0, false),
    ("15 % cut above and below", 15.0, false),
    ("20 % cut above and below", 20.0, false),
];
/// Parts of the picture's own proportions off its centre: name, per cent of each side. Taken at the eight places of a
/// three by three grid that are not its middle.
const PARTS_OFF_CENTRE: [(&str, f64); 5] = [
    ("90 % off the centre", 90.0),
    ("80 % off the centre", 80.0),
    ("70 % off the centre", 70.0),
    ("60 % off the centre", 60.0),
    ("50 % off the centre", 50.0),
];
/// The parts an index may hold beside the whole picture. Their places in this list, from 1, stand in hash files: add at
/// the end, never reorder.
const INDEXED: [&str; 12] = [
    "inner 90 %",
    "inner 80 %",
    "inner 70 %",
    "inner 60 %",
    "inner 50 %",
    "centre 16:9",
    "centre 4:5",
    "centre square",
    "centre 9:16",
    "centre 2:3",
    "centre 4:3",
    "centre 2:1",
];

/// The name of a part by its number in hash files; 0 is the picture inside its border.
pub(super) fn indexed_name(number: u8) -> Option<&'static str> {
    match number {
        0 => Some(super::trim::NAME),
        number => INDEXED.get(usize::from(number) - 1).copied(),
    }
}

/// The 12 parts an index may hold, with their numbers.
pub(super) fn indexed_parts(width: u32, height: u32) -> Vec<(u8, Window)> {
    let all = parts(width, height);
    let numbered = (1..).zip(INDEXED);
    numbered.filter_map(|(number, name)| Some((number, *all.iter().find(|part| part.name == name)?))).collect()
}

/// The 32 parts of a picture of these proportions; those that would be the whole picture are left out.
pub(super) fn parts(width: u32, height: u32) -> Vec<Window> {
    let (w, h) = (f64::from(width), f64::from(height));
    let inset = |(name, percent): &(&'static str, f64)| Window::WHOLE.named(name).cut(percent / 100.0, [true; 4]);
    let crop = |(name, aspect, along): &(&'static str, f64, f64)| Window::crop(name, w / h, *aspect, *along);
    let mut all: Vec<Window> = INSETS.iter().map(inset).chain(CROPS.iter().map(crop)).collect();
    all.extend(CUTS.iter().flat_map(cuts_of_one_side));
    all.retain(|part| part.says_something(w, h));
    all
}

/// 92 more, for a query that looks harder.
pub(super) fn further_parts(width: u32, height: u32) -> Vec<Window> {
    let (w, h) = (f64::from(width), f64::from(height));
    let crops = CROPS_OFF_CENTRE.iter().flat_map(|(name, aspect)| {
        PLACES_OFF_CENTRE.iter().map(move |along| Window::crop(name, w / h, *aspect, *along))
    });
    let two_sides = CUTS_OF_TWO_SIDES.iter().map(|(name, percent, sideways)| {
        Window::WHOLE.named(name).cut(percent / 100.0, [*sideways, !sideways, *sideways, !sideways])
    });
    let places = (0..9_u8).filter(|place| *place != 4).map(|place| (f64::from(place % 3), f64::from(place / 3)));
    let off_centre = PARTS_OFF_CENTRE.iter().flat_map(|(name, percent)| {
        let share = percent / 100.0;
        let at = move |(x, y): (f64, f64)| ((1.0 - share) * x / 2.0, (1.0 - share) * y / 2.0);
        places.clone().map(at).map(move |(left, top)| Window {
            name,
            left,
            top,
            right: left + share,
            bottom: top + share,
        })
    });
    let mut all: Vec<Window> =
        crops.chain(CUTS_FURTHER.iter().flat_map(cuts_of_one_side)).chain(two_sides).chain(off_centre).collect();
    all.retain(|part| part.says_something(w, h));
    all
}

fn cuts_of_one_side((percent, names): &(f64, [&'static str; 4])) -> [Window; 4] {
    std::array::from_fn(|side| {
        Window::WHOLE.named(names[side]).cut(percent / 100.0, std::array::from_fn(|this| this == side))
    })
}

impl Window {
    const WHOLE: Self = Self { name: "", left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };

    fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    /// Cuts a share off some of left, top, right, bottom.
    fn cut(self, share: f64, [left, top, right, bottom]: [bool; 4]) -> Self {
        let cut = |is_cut: bool| if is_cut { share } else { 0.0 };
        Self {
            name: self.name,
            left: self.left + cut(left),
            top: self.top + cut(top),
            right: self.right - cut(right),
            bottom: self.bottom - cut(bottom),
        }
    }

    /// The largest part with the proportions `aspect` of a picture with the proportions `of`.
    fn crop(name: &'static str, of: f64, aspect: f64, along: f64) -> Self {
        let share = if of > aspect { aspect / of } else { of / aspect };
        let from = (1.0 - share) * along;
        if of > aspect {
            Self { left: from, right: from + share, ..Self::WHOLE.named(name) }
        } else {
            Self { top: from, bottom: from + share, ..Self::WHOLE.named(name) }
        }
    }

    /// Neither too small to say something nor the whole picture.
    pub(super) fn says_something(&self, width: f64, height: f64) -> bool {
        let (across, down) = ((self.right - self.left) * width, (self.bottom - self.top) * height);
        across >= PART_SIDE_MIN && down >= PART_SIDE_MIN && (across < width * 0.99 || down < height * 0.99)
    }
}

/// Sums of brightness over all rectangles from the top left corner: any part's mean in four look-ups.
pub(super) struct Sums {
    width: usize,
    height: usize,
    table: Vec<f64>,
}

impl Sums {
    /// One pass over the plane, averaged down first where it is large.
    pub(super) fn of(luma: &Luma) -> Self {
        let times = luma.width.max(luma.height).div_ceil(PLANE_SIDE_MAX).max(1) as usize;
        let (width, height) = ((luma.width as usize / times).max(1), (luma.height as usize / times).max(1));
        let stride = luma.width as usize;
        let mut table = vec![0.0; (width + 1) * (height + 1)];
        let area = (times * times) as f64;
        for y in 0..height {
            let mut row = 0.0;
            for x in 0..width {
                let block = (y * times..(y + 1) * times).map(|y| &luma.pixels[y * stride + x * times..][..times]);
                row += f64::from(block.flatten().map(|pixel| u32::from(*pixel)).sum::<u32>()) / area;
                table[(y + 1) * (width + 1) + x + 1] = table[y * (width + 1) + x + 1] + row;
            }
        }
        Self { width, height, table }
    }

    /// The part averaged to 64 x 64 cells.
    pub(super) fn grid(&self, part: &Window) -> Grid {
        let (left, right) = (part.left * self.width as f64, part.right * self.width as f64);
        let (top, bottom) = (part.top * self.height as f64, part.bottom * self.height as f64);
        let edge = |from: f64, to: f64, i: usize| from + (to - from) * i as f64 / SIDE as f64;
        let area = (right - left) * (bottom - top) / (SIDE * SIDE) as f64;
        let mut above: Vec<f64> = (0..=SIDE).map(|x| self.until(edge(left, right, x), top)).collect();
        let cells = (1..=SIDE).map(|y| {
            let y = edge(top, bottom, y);
            let below: Vec<f64> = (0..=SIDE).map(|x| self.until(edge(left, right, x), y)).collect();
            let row = std::array::from_fn(|x| (below[x + 1] - below[x] - above[x + 1] + above[x]) / area);
            above = below;
            row
        });
        Grid { cells: cells.collect() }
    }

    /// Sum over the rectangle from the corner to a place between pixels: exact, since a pixel is flat.
    fn until(&self, x: f64, y: f64) -> f64 {
        let place = |at: f64, side: usize| {
            let whole = (at as usize).min(side - 1);
            (whole, (at - whole as f64).clamp(0.0, 1.0))
        };
        let ((x, along), (y, down)) = (place(x, self.width), place(y, self.height));
        let at = |x: usize, y: usize| self.table[y * (self.width + 1) + x];
        let upper = at(x, y) * (1.0 - along) + at(x + 1, y) * along;
        let lower = at(x, y + 1) * (1.0 - along) + at(x + 1, y + 1) * along;
        upper * (1.0 - down) + lower * down
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash_code::HashKind;
    use crate::image_hash::pdqa::area_average;
    use crate::image_hash::transform::Form;

    fn picture(width: u32, height: u32) -> Luma {
        let wave = |x: u32, y: u32| {
            (f64::from(x) / 9.0).sin() * 60.0 + (f64::from(y) / 13.0 + f64::from(x) / 40.0).cos() * 50.0
        };
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| (128.0 + wave(x, y)) as u8);
        Luma { width, height, pixels: pixels.collect() }
    }

    fn cut(luma: &Luma, left: u32, top: u32, width: u32, height: u32) -> Luma {
        let row = |y: u32| &luma.pixels[(y * luma.width + left) as usize..][..width as usize];
        Luma { width, height, pixels: (top..top + height).flat_map(row).copied().collect() }
    }

    #[test]
    fn a_part_hashes_as_the_cropped_picture_does() {
        let whole = picture(640, 480);
        let sums = Sums::of(&whole);
        let code = |grid: Grid| grid.frequencies().code(HashKind::Pdqa, Form::AsIs);
        let parts = parts(640, 480);
        let find = |name: &str| parts.iter().find(|part| part.name == name).unwrap();
        for (name, cropped) in [
            ("centre square", cut(&whole, 80, 0, 480, 480)),
            ("inner 80 %", cut(&whole, 64, 48, 512, 384)),
            ("bottom 10 % cut", cut(&whole, 0, 0, 640, 432)),
        ] {
            let distance = code(sums.grid(find(name))).distance(&code(area_average(&cropped)));
            assert!(distance <= 2, "{name}: {distance}");
        }
    }

    #[test]
    fn there_are_32_parts_of_an_ordinary_picture_and_fewer_of_a_small_one() {
        assert_eq!(parts(500, 333).len(), 32);
        assert!(parts(40, 40).len() < 20);
        assert!(parts(1, 1).is_empty());
    }

    #[test]
    fn looking_harder_adds_92_parts_inside_the_picture_and_an_index_holds_12() {
        let further = further_parts(500, 333);
        assert_eq!(further.len(), 92);
        let inside = |part: &Window| part.left >= 0.0 && part.top >= 0.0 && part.right < 1.0001 && part.bottom < 1.0001;
        assert!(further.iter().chain(&parts(333, 500)).all(|part| inside(part) && part.left < part.right));
        let indexed = indexed_parts(500, 333);
        assert_eq!(indexed.len(), 12);
        assert!(indexed.iter().all(|(number, part)| indexed_name(*number) == Some(part.name)));
        assert_eq!((indexed_name(0), indexed_name(13)), (Some("border trimmed"), None));
    }
}
