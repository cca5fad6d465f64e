//! Which share of edited copies is found, for each edit, way of searching and kind of hash.

use std::collections::BTreeMap;

use image::{DynamicImage, RgbImage};
use rollcall::demo::Rng;
use rollcall::hash_code::{HashCode, HashKind};
use rollcall::image_hash::{
    Effort, IndexCodes, IndexParts, Luma, QUALITY_MIN, Variant, index_codes, other_kinds_of, query_variants,
};

use super::edits::EDITS;
use super::pictures::{Picture, parallel};

/// Farther than any radius: nothing was comparable.
const NEVER: u32 = 999;

/// Distances of one copy to its original, by each way of searching.
#[derive(Clone)]
pub struct Distances {
    /// Whole against whole.
    pub plain: u32,
    /// The original asks: its forms and parts.
    pub asked: u32,
    pub harder: u32,
    /// The copy asks.
    pub copy_asks: u32,
    pub copy_asks_windows: u32,
    /// Other kinds, whole against whole.
    pub kinds: BTreeMap<HashKind, u32>,
}

/// By edit, then picture.
pub fn measure(pictures: &[&Picture]) -> Vec<Vec<Distances>> {
    let by_picture = parallel(pictures.len(), |at| of_picture(&pictures[at].pixels, at as u64));
    let of_edit = |edit: usize| by_picture.iter().map(|distances: &Vec<Distances>| distances[edit].clone()).collect();
    (0..EDITS.len()).map(of_edit).collect()
}

fn of_picture(original: &RgbImage, seed: u64) -> Vec<Distances> {
    let luma = Luma::of_rgb(original);
    let ordinary = asking(original, Effort::Ordinary);
    let harder = asking(original, Effort::Harder);
    let held = index_codes(&luma, IndexParts::Windows);
    let own_kinds = kinds(original);
    let of_edit = |(number, edit): (usize, &super::edits::Edit)| {
        let mut rng = Rng::for_part(seed, "edit", number as u64);
        let copy = (edit.apply)(original, &mut rng);
        let luma = Luma::of_rgb(&copy);
        let copy_held = index_codes(&luma, IndexParts::Trimmed);
        let copy_asking = asking(&copy, Effort::Ordinary);
        let copy_kinds = kinds(&copy);
        let is_comparable = copy_held.quality >= QUALITY_MIN;
        let kind = |(kind, code): (&HashKind, &HashCode)| {
            let distance = copy_kinds.get(kind).filter(|_| is_comparable).map_or(NEVER, |copy| copy.distance(code));
            (*kind, distance)
        };
        Distances {
            plain: if is_comparable { held.whole.distance(&copy_held.whole) } else { NEVER },
            asked: nearest(&ordinary, &kept(&copy_held, true)),
            harder: nearest(&harder, &kept(&copy_held, true)),
            copy_asks: nearest(&copy_asking, &kept(&held, false)),
            copy_asks_windows: nearest(&copy_asking, &kept(&held, true)),
            kinds: own_kinds.iter().map(kind).collect(),
        }
    };
    EDITS.iter().enumerate().map(of_edit).collect()
}

/// The codes a search asks by: of a plain picture only those of its parts.
fn asking(picture: &RgbImage, effort: Effort) -> Vec<HashCode> {
    let (variants, quality) = query_variants(picture, effort);
    let is_asked = |variant: &&Variant| quality >= QUALITY_MIN || variant.part.is_some();
    variants.iter().filter(is_asked).map(|variant| variant.code).collect()
}

/// The codes of an index that may be met: of a plain picture only those of its parts.
fn kept(codes: &IndexCodes, with_windows: bool) -> Vec<HashCode> {
    let whole = (codes.quality >= QUALITY_MIN).then_some(codes.whole);
    let parts = codes.parts.iter().filter(|part| with_windows || part.part == 0).map(|part| part.code);
    whole.into_iter().chain(parts).collect()
}

fn nearest(asking: &[HashCode], held: &[HashCode]) -> u32 {
    asking.iter().flat_map(|code| held.iter().map(|held| held.distance(code))).min().unwrap_or(NEVER)
}

fn kinds(picture: &RgbImage) -> BTreeMap<HashKind, HashCode> {
    let mut kinds = BTreeMap::new();
    for variant in other_kinds_of(&DynamicImage::from(picture.clone())) {
        kinds.entry(variant.code.kind()).or_insert(variant.code);
    }
    kinds
}

/// Share within a radius, in per cent.
pub fn share(distances: &[Distances], radius: u32, way: impl Fn(&Distances) -> u32) -> f32 {
    let found = distances.iter().filter(|distances| way(distances) <= radius).count();
    found as f32 * 100.0 / distances.len().max(1) as f32
}
