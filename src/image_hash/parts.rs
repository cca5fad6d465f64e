//! The codes of a plane of brightness: of the whole, of its parts, in eight forms; those an index keeps and those a query
//! asks by.

use std::collections::HashSet;

use image::RgbImage;

use super::luma::Luma;
use super::transform::{Form, Grid};
use super::windows::{self, Sums, Window};
use super::{QUALITY_MIN, Variant, content_box, pdqa, trim};
use crate::hash_code::{HashCode, HashKind};

/// A part that differs in fewer bits than this from what is kept already is not worth another code in the index.
const PART_BITS_MIN: u32 = 6;

/// The number of the part inside a picture's plain border.
pub const INSIDE_BORDER: u8 = 0;

/// How much a query tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Effort {
    /// The whole, the picture inside its border or screenshot, and 32 parts.
    #[default]
    Ordinary,
    /// 92 parts more: off-centre crops and corners. Four times the look-ups.
    Harder,
}

/// What an index keeps of a picture beside the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IndexParts {
    /// The picture inside its plain border, where it has one.
    #[default]
    Trimmed,
    /// That and the 12 parts that crops most often leave: queries that are crops are found better, for up to thirteen
    /// times the codes.
    Windows,
}

/// A code of a part, with the number that hash files know the part by; see [`part_name`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartCode {
    pub part: u8,
    pub code: HashCode,
}

/// What an index keeps of one plane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexCodes {
    pub whole: HashCode,
    /// Of the whole.
    pub quality: u8,
    /// Those with enough in them that differ enough from one another.
    pub parts: Vec<PartCode>,
}

/// What a part is called, by its number in hash files.
pub fn part_name(part: u8) -> Option<&'static str> {
    windows::indexed_name(part)
}

/// The `pdqa` codes an index keeps, of a picture that is decoded already.
pub fn index_codes(luma: &Luma, parts: IndexParts) -> IndexCodes {
    let inside = trim::inside_border(luma).map(|part| pdqa::area_average(&luma.cut(&part)));
    let windows = if parts == IndexParts::Windows { window_grids(luma) } else { Vec::new() };
    IndexCodes::of(&pdqa::area_average(luma), inside, windows)
}

/// The parts an index may hold, with their numbers.
pub(super) fn window_grids(luma: &Luma) -> Vec<(u8, Grid)> {
    let sums = Sums::of(luma);
    let parts = windows::indexed_parts(luma.width, luma.height).into_iter();
    parts.map(|(number, part)| (number, sums.grid(&part))).collect()
}

impl IndexCodes {
    pub(super) fn of(whole: &Grid, inside: Option<Grid>, windows: Vec<(u8, Grid)>) -> Self {
        let code_of = |grid: &Grid| grid.frequencies().code(HashKind::Pdqa, Form::AsIs);
        let mut codes = Self { whole: code_of(whole), quality: whole.quality(), parts: Vec::new() };
        let inside = inside.into_iter().map(|grid| (INSIDE_BORDER, grid));
        for (part, grid) in inside.chain(windows).filter(|(_, grid)| grid.quality() >= QUALITY_MIN) {
            let code = code_of(&grid);
            let differs = |known: &HashCode| known.distance(&code) >= PART_BITS_MIN;
            if differs(&codes.whole) && codes.parts.iter().all(|kept| differs(&kept.code)) {
                codes.parts.push(PartCode { part, code });
            }
        }
        codes
    }
}

/// The `pdqa` codes a query asks by, of a picture that is decoded already, and PDQ's quality figure of the whole. The
/// whole comes first, as it is.
pub fn query_variants(picture: &RgbImage, effort: Effort) -> (Vec<Variant>, u8) {
    let contents = content_box::contents(&content_box::small(&picture.clone().into()));
    let luma = Luma::of_rgb(picture);
    let whole = pdqa::area_average(&luma);
    (Variants::of(&whole, &luma, contents, effort).into_vec(), whole.quality())
}

/// Variants of one picture, no code twice: symmetric pictures have fewer forms than eight. The first name of a code is
/// kept.
#[derive(Default)]
pub(super) struct Variants {
    list: Vec<Variant>,
    seen: HashSet<HashCode>,
}

impl Variants {
    /// `whole` is the grid of the whole, `contents` where the picture may be, if this is a screenshot.
    pub(super) fn of(whole: &Grid, luma: &Luma, contents: Vec<Window>, effort: Effort) -> Self {
        let mut variants = Self::default();
        variants.push_forms(None, whole);
        let sums = Sums::of(luma);
        let (width, height) = (luma.width, luma.height);
        let mut parts: Vec<_> = trim::inside_border(luma).into_iter().collect();
        parts.extend(contents.into_iter().filter(|part| part.says_something(width.into(), height.into())));
        parts.extend(windows::parts(width, height));
        if effort == Effort::Harder {
            parts.extend(windows::further_parts(width, height));
        }
        for part in parts {
            let grid = sums.grid(&part);
            // A part with little in it looks like every other such part.
            if grid.quality() >= QUALITY_MIN {
                variants.push_forms(Some(part.name), &grid);
            }
        }
        variants
    }

    fn push_forms(&mut self, part: Option<&'static str>, grid: &Grid) {
        let frequencies = grid.frequencies();
        for form in Form::ALL {
            self.push(Variant { part, name: form.name(), code: frequencies.code(HashKind::Pdqa, form) });
        }
    }

    pub(super) fn push(&mut self, variant: Variant) {
        if self.seen.insert(variant.code) {
            self.list.push(variant);
        }
    }

    pub(super) fn into_vec(self) -> Vec<Variant> {
        self.list
    }
}
