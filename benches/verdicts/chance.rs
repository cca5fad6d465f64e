//! How many pairs of unrelated pictures come how near by chance, for each way of searching.

use std::collections::{BTreeMap, HashMap, HashSet};

use image::DynamicImage;
use rollcall::hash_code::{HashCode, HashKind};
use rollcall::image_hash::{Effort, IndexParts, Luma, index_codes, other_kinds_of, query_variants};
use rollcall::index::scan::scan;
use serde_json::{Value, json};

use super::pictures::{Picture, parallel};

/// Distances are counted up to this: far enough to see the slope.
pub const FARTHEST: usize = 100;
/// Further than this, forms and parts are not counted: the flood would be large.
const PARTS_FARTHEST: u32 = 72;
/// Pairs nearer than this are told by name, so that somebody can look whether they are unrelated indeed.
const TOLD: u32 = 50;
/// Fewer than this many say nothing of a share.
const SEEN_MIN: u64 = 10;
/// Radii over which the slope is taken that shares are continued by.
const SLOPE_OVER: usize = 8;
/// The steepest slope believed, decades a bit. Real pictures have layouts in common, so that their near misses thin out
/// far more slowly than those of coin tosses; this is what hundreds of millions of pairs of paintings showed.
const SLOPE_MAX: f64 = 0.12;

/// Pairs counted by the distance of their nearest codes.
pub struct Counts {
    pub pairs: u64,
    /// Codes compared in a pair, on average.
    pub codes: f64,
    /// Pairs at each distance exactly.
    pub at: Vec<u64>,
    /// Of all these, pairs of drawings of one scene: laid out alike, as no two unrelated pictures are.
    pub pairs_of_one_scene: u64,
    pub at_of_one_scene: Vec<u64>,
}

impl Counts {
    pub fn within(&self, radius: usize) -> u64 {
        self.at.iter().take(radius + 1).sum()
    }

    fn log_share(&self, radius: usize) -> f64 {
        (self.within(radius) as f64 / (self.pairs as f64 * self.codes)).log10()
    }

    /// The nearest radius within which enough were seen to count.
    fn first_seen(&self) -> usize {
        let last = self.at.len() - 1;
        (0..=last).find(|radius| self.within(*radius) >= SEEN_MIN).unwrap_or(last)
    }

    /// By how many decades a bit the share grows where the first are seen.
    pub fn slope(&self) -> f64 {
        let first = self.first_seen();
        let end = (first + SLOPE_OVER).min(self.at.len() - 1);
        let slope = (self.log_share(end) - self.log_share(first)) / (end - first).max(1) as f64;
        if slope.is_finite() && slope > 0.0 { slope.min(SLOPE_MAX) } else { SLOPE_MAX }
    }

    /// Logarithm of the share of compared codes within each radius below `n`; where too few were seen, continued down a
    /// slope.
    pub fn log_shares(&self, n: usize, slope: f64) -> Vec<f32> {
        let first = self.first_seen();
        let base = if self.within(first) == 0 {
            (3.0 / (self.pairs as f64 * self.codes)).log10()
        } else {
            self.log_share(first)
        };
        let share = |radius: usize| {
            if radius > first { self.log_share(radius) } else { base - slope * (first - radius) as f64 }
        };
        (0..n).map(|radius| share(radius) as f32).collect()
    }
}

/// The codes of one picture.
pub struct Codes {
    pub whole: HashCode,
    /// Its border taken away.
    pub trimmed: Vec<HashCode>,
    pub windows: Vec<HashCode>,
    /// All a query asks by but the whole as it lies.
    pub others: Vec<HashCode>,
}

pub fn codes_of(picture: &Picture, effort: Effort, parts: IndexParts) -> Codes {
    let luma = Luma::of_rgb(&picture.pixels);
    let index = index_codes(&luma, parts);
    let of = |wanted: bool| {
        let chosen = index.parts.iter().filter(|part| (part.part == 0) == wanted);
        chosen.map(|part| part.code).collect()
    };
    let (variants, _) = query_variants(&picture.pixels, effort);
    let others = variants.iter().map(|variant| variant.code).filter(|code| *code != index.whole).collect();
    Codes { whole: index.whole, trimmed: of(true), windows: of(false), others }
}

/// Pairs that are not unrelated: known to show the same thing, or of one series. Drawings of one scene are told apart, and
/// counted: what is said of a picture's odds comes from all pairs, the hardest among them.
#[derive(Clone, Default)]
pub struct Related {
    pub pairs: HashSet<(usize, usize)>,
    /// The scene of each picture.
    pub scenes: Vec<Option<usize>>,
    /// Runs of pictures of one series each: first, and one past the last.
    pub series: Vec<(usize, usize)>,
}

impl Related {
    fn has(&self, i: usize, j: usize) -> bool {
        self.pairs.contains(&(i, j)) || self.series.iter().any(|(from, to)| (*from..*to).contains(&i) && j < *to)
    }

    fn of_one_scene(&self, i: usize, j: usize) -> bool {
        let scene = |at: usize| self.scenes.get(at).copied().flatten();
        scene(i).is_some() && scene(i) == scene(j)
    }

    /// How many pairs of the first `n` pictures show one scene.
    fn scenes_among(&self, n: usize) -> u64 {
        let mut sizes: BTreeMap<usize, u64> = BTreeMap::new();
        self.scenes.iter().take(n).flatten().for_each(|scene| *sizes.entry(*scene).or_default() += 1);
        sizes.values().map(|size| size * (size - 1) / 2).sum()
    }

    /// How many pairs of the first `n` pictures are left out.
    fn among(&self, n: usize) -> u64 {
        let in_series = |i: usize, j: usize| self.series.iter().any(|(from, to)| i >= *from && j < *to);
        let alone = self.pairs.iter().filter(|(i, j)| *j < n && !in_series(*i, *j)).count() as u64;
        let runs = self.series.iter().map(|(from, to)| to.min(&n).saturating_sub(*from) as u64);
        alone + runs.map(|len| len * len.saturating_sub(1) / 2).sum::<u64>()
    }
}

/// Every pair, its first picture asking and its second held, counted by the nearest of their codes.
pub fn count(
    asking: &[Vec<HashCode>],
    held: &[Vec<HashCode>],
    farthest: u32,
    related: &Related,
) -> (Counts, Vec<(usize, usize, u32)>) {
    let flat: Vec<u8> = held.iter().flatten().flat_map(|code| code.as_bytes().to_vec()).collect();
    let owners: Vec<usize> =
        held.iter().enumerate().flat_map(|(owner, codes)| codes.iter().map(move |_| owner)).collect();
    let size = held.iter().flatten().next().map_or(32, |code| code.as_bytes().len());
    let nearest = parallel(asking.len(), |i| {
        let begin = owners.partition_point(|owner| *owner <= i);
        let mut best: HashMap<usize, u32> = HashMap::new();
        for code in &asking[i] {
            scan(&flat[begin * size..], code.as_bytes(), farthest, |at, distance| {
                let known = best.entry(owners[begin + at]).or_insert(distance);
                *known = distance.min(*known);
            });
        }
        best.into_iter().filter(|(j, _)| !related.has(i, *j)).collect::<Vec<_>>()
    });
    let n = asking.len() as u64;
    let pairs = n * n.saturating_sub(1) / 2 - related.among(asking.len());
    let mut at = vec![0; farthest as usize + 1];
    let mut at_of_one_scene = at.clone();
    let mut told = Vec::new();
    for (i, of_picture) in nearest.into_iter().enumerate() {
        for (j, distance) in of_picture {
            at[distance as usize] += 1;
            at_of_one_scene[distance as usize] += u64::from(related.of_one_scene(i, j));
            if distance <= TOLD {
                told.push((i, j, distance));
            }
        }
    }
    told.sort_unstable_by_key(|(i, j, distance)| (*distance, *i, *j));
    let mean = |lists: &[Vec<HashCode>]| lists.iter().map(Vec::len).sum::<usize>() as f64 / lists.len().max(1) as f64;
    let pairs_of_one_scene = related.scenes_among(asking.len());
    (Counts { pairs, codes: mean(asking) * mean(held), at, pairs_of_one_scene, at_of_one_scene }, told)
}

/// What the table needs, counted over many pictures and, the costly ways, over the first of them.
pub struct Chance {
    pub whole: Counts,
    pub part: Counts,
    pub ordinary: Counts,
    pub harder: Counts,
    pub windows: Counts,
    /// Pictures of one series with one another, as a query asks.
    pub series: Option<Counts>,
    pub kinds: BTreeMap<HashKind, Counts>,
    pub told: Vec<String>,
}

pub fn measure(pictures: &[Picture], n_costly: usize, related: &Related) -> Chance {
    let all = parallel(pictures.len(), |at| codes_of(&pictures[at], Effort::Ordinary, IndexParts::Trimmed));
    let lists = |codes: &[Codes], list: fn(&Codes) -> Vec<HashCode>| codes.iter().map(list).collect::<Vec<_>>();
    let whole_of: fn(&Codes) -> Vec<HashCode> = |codes| vec![codes.whole];
    let held_of: fn(&Codes) -> Vec<HashCode> = |codes| [vec![codes.whole], codes.trimmed.clone()].concat();
    let asking_of: fn(&Codes) -> Vec<HashCode> = |codes| [vec![codes.whole], codes.others.clone()].concat();
    let (whole, mut told) = count(&lists(&all, whole_of), &lists(&all, whole_of), FARTHEST as u32, related);
    eprintln!("whole against whole: {} pairs, {} within 60", whole.pairs, whole.within(60));
    let (ordinary, more) = count(&lists(&all, asking_of), &lists(&all, held_of), PARTS_FARTHEST, related);
    eprintln!("an ordinary query: {} within 48, {} within 60", ordinary.within(48), ordinary.within(60));
    told.extend(more);
    let others = lists(&all, |codes| codes.others.clone());
    let (part, _) = count(&others, &lists(&all, held_of), PARTS_FARTHEST, related);
    let of_series = related.series.first().map(|(from, to)| &all[*from..*to]);
    let nothing = Related::default();
    let in_series = |all: &[Codes]| count(&lists(all, asking_of), &lists(all, held_of), PARTS_FARTHEST, &nothing).0;
    let series = of_series.map(in_series);
    drop(all);
    let few = &pictures[..n_costly.min(pictures.len())];
    let wide = parallel(few.len(), |at| codes_of(&few[at], Effort::Harder, IndexParts::Windows));
    let (harder, _) = count(&lists(&wide, asking_of), &lists(&wide, held_of), PARTS_FARTHEST, related);
    eprintln!("looking harder: {} pairs, {} within 48", harder.pairs, harder.within(48));
    let all_held = lists(&wide, |codes| [vec![codes.whole], codes.trimmed.clone(), codes.windows.clone()].concat());
    drop(wide);
    let asking = parallel(few.len(), |at| codes_of(&few[at], Effort::Ordinary, IndexParts::Trimmed));
    let (windows, more) = count(&lists(&asking, asking_of), &all_held, 60, related);
    eprintln!("parts in the index: {} pairs, {} within 48", windows.pairs, windows.within(48));
    told.extend(more);
    let mut names: Vec<String> = Vec::new();
    for (i, j, distance) in told {
        let line = format!("{distance:>3} {} | {}", pictures[i].name, pictures[j].name);
        if !names.iter().any(|known| known[4..] == line[4..]) {
            names.push(line);
        }
    }
    Chance { whole, part, ordinary, harder, windows, series, kinds: kinds(few, related), told: names }
}

/// The kinds other people publish, whole pictures only.
fn kinds(pictures: &[Picture], related: &Related) -> BTreeMap<HashKind, Counts> {
    let of_picture = |at: usize| other_kinds_of(&DynamicImage::from(pictures[at].pixels.clone()));
    let all = parallel(pictures.len(), of_picture);
    let kinds = HashKind::ALL.into_iter().filter(|kind| *kind != HashKind::Pdqa);
    let of_kind = |kind: HashKind| {
        let code = |variants: &Vec<rollcall::image_hash::Variant>| {
            variants.iter().find(|variant| variant.code.kind() == kind).map(|variant| variant.code)
        };
        let lists: Vec<Vec<HashCode>> = all.iter().map(|variants| code(variants).into_iter().collect()).collect();
        let farthest = if kind.bytes() == 32 { FARTHEST as u32 } else { 16 };
        (kind, count(&lists, &lists, farthest, related).0)
    };
    kinds.map(of_kind).collect()
}

/// False pairs at every second radius: of all, and of those whose pictures do not show one scene of ours.
pub fn report(counts: &Counts) -> Value {
    let within = |at: &dyn Fn(usize) -> u64| -> serde_json::Map<String, Value> {
        let radii = (0..counts.at.len()).filter(|radius| radius.is_multiple_of(2) && *radius <= 64);
        radii.map(|radius| (radius.to_string(), json!((0..=radius).map(at).sum::<u64>()))).collect()
    };
    json!({
        "pairs": counts.pairs,
        "codes_compared_a_pair": counts.codes,
        "pairs_within": within(&|distance| counts.at[distance]),
        "unrelated_pairs": counts.pairs - counts.pairs_of_one_scene,
        "unrelated_pairs_within": within(&|distance| counts.at[distance] - counts.at_of_one_scene[distance]),
    })
}
