//! Searching by picture: the same file by its digests, near copies by hashes, with a verdict in words.
//!
//! All pictures of a request are hashed first; then each dataset is asked once for all of them ([`super::matches`]). How
//! far is looked and what a distance is called follows from measurements ([`super::verdicts`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::coverage::{self, Need};
use super::engine::{GivenHash, PICTURE_LIMIT_MAX, PICTURE_RADIUS_MAX, PictureOptions, PictureQuery, SearchError};
use super::hits;
use super::matches::{self, By, Found, Plan};
use super::results::{PictureAnswer, PictureHit, PictureResults};
use super::snapshot::{OpenDataset, Snapshot};
use super::verdicts::{Odds, RADIUS_PART_MAX, RADIUS_SHORT_MAX};
use crate::hash_code::{HashCode, HashKind};
use crate::image_hash::{self, AS_STORED, DecodeLimits, Effort, Form, QUALITY_MIN, Variant};

const LIMIT_DEFAULT: usize = 50;
/// Most hashes of one kind in one query: 124 parts and what is inside a border or a screenshot, in eight forms each.
const HASHES_MAX: usize = 1280;
const NEEDS: [Need; 1] =
    [&["sha256", "md5", "pdqa", "pdq", "phash", "dhash", "ahash", "img_gradient", "img_mean", "img_blockhash"]];

/// A picture as it is looked for.
#[derive(Default)]
pub(super) struct Probe {
    pub(super) sha256: Option<String>,
    pub(super) md5: Option<String>,
    /// How each is called, whether it is of the whole picture as it lies, and the code.
    pub(super) codes: Vec<ProbeCode>,
}

pub(super) struct ProbeCode {
    pub(super) variant: String,
    pub(super) is_whole: bool,
    pub(super) code: HashCode,
}

/// A picture asked about: what is looked for, or why nothing is.
struct Asked {
    name: String,
    quality: Option<u8>,
    problem: Option<String>,
    probe: Probe,
}

pub(super) fn search(
    snapshot: &Snapshot,
    queries: Vec<PictureQuery>,
    options: &PictureOptions,
    limits: &DecodeLimits,
) -> Result<PictureResults, SearchError> {
    if options.radius.is_some_and(|radius| radius > PICTURE_RADIUS_MAX) {
        return Err(SearchError::BadQuery {
            field: "radius",
            detail: format!("“radius” must be a number of bits from 0 to {PICTURE_RADIUS_MAX}."),
        });
    }
    let datasets = chosen(snapshot, &options.dataset)?;
    let asked: Vec<Asked> = queries.into_iter().map(|query| ask(query, options.effort(), limits)).collect();
    let (probes, heads): (Vec<Probe>, Vec<_>) =
        asked.into_iter().map(|asked| (asked.probe, (asked.name, asked.quality, asked.problem))).unzip();
    let plan = Plan { radii: radii(&datasets, &probes, options.radius), folds: !options.every_copy };
    let mut found: Vec<Vec<(usize, Found)>> = probes.iter().map(|_| Vec::new()).collect();
    for (i, dataset) in datasets.iter().enumerate() {
        for (found, here) in found.iter_mut().zip(matches::in_dataset(dataset, &probes, &plan)?) {
            found.extend(here.into_iter().map(|record| (i, record)));
        }
    }
    let limit = if options.limit == 0 { LIMIT_DEFAULT } else { options.limit.min(PICTURE_LIMIT_MAX) };
    let mut answers = Vec::with_capacity(probes.len());
    for (p, ((name, quality, problem), mut found)) in heads.into_iter().zip(found).enumerate() {
        let rank = |(i, found): &(usize, Found)| (found.how.verdict, found.how.distance, *i, found.ordinal);
        found.sort_by_key(rank);
        found.truncate(limit);
        let hits = found.iter().map(|(i, found)| hit(datasets[*i], &probes[p], found)).collect::<Result<_, _>>()?;
        answers.push(PictureAnswer { name, quality, hits, problem, expected_false: expected_false(&plan.radii[p]) });
    }
    Ok(PictureResults {
        queries: answers,
        coverage: datasets.iter().map(|dataset| coverage::of(dataset, &NEEDS)).collect(),
    })
}

/// The datasets named, or all that may be searched.
fn chosen<'a>(snapshot: &'a Snapshot, slugs: &[String]) -> Result<Vec<&'a Arc<OpenDataset>>, SearchError> {
    let all: Vec<_> = snapshot.searchable().collect();
    if let Some(unknown) = slugs.iter().find(|slug| !all.iter().any(|dataset| dataset.slug == **slug)) {
        return Err(SearchError::BadQuery {
            field: "dataset",
            detail: format!("There is no dataset called “{unknown}” here."),
        });
    }
    Ok(all.into_iter().filter(|dataset| slugs.is_empty() || slugs.contains(&dataset.slug)).collect())
}

fn ask(query: PictureQuery, effort: Effort, limits: &DecodeLimits) -> Asked {
    let (name, made) = match query {
        PictureQuery::Picture { name, bytes } => {
            (name, probe_of_picture(&bytes, effort, limits).map(|(probe, quality)| (probe, Some(quality))))
        }
        PictureQuery::Hashes { name, hashes } => (name, probe_of_hashes(&hashes).map(|probe| (probe, None))),
    };
    let flat = "This picture has too little in it (a blank, a plain colour, a few lines) to tell copies of it from other \
                such pictures. Only the very same file was looked for.";
    match made {
        Ok((probe, quality)) => {
            let problem = (quality.is_some() && probe.codes.is_empty()).then(|| flat.to_owned());
            Asked { name, quality, problem, probe }
        }
        Err(problem) => Asked { name, quality: None, problem: Some(problem), probe: Probe::default() },
    }
}

/// How far each code is looked for: what the visitor asked, or what keeps false pictures rare among so many.
fn radii(datasets: &[&Arc<OpenDataset>], probes: &[Probe], asked: Option<u32>) -> Vec<Vec<(u32, Odds)>> {
    let mut sizes: BTreeMap<HashKind, u64> = BTreeMap::new();
    for (kind, file) in datasets.iter().flat_map(|dataset| &dataset.generation.hashes) {
        *sizes.entry(*kind).or_insert(0) += file.len() as u64;
    }
    let of_probe = |probe: &Probe| {
        let mut alike: BTreeMap<(HashKind, bool), u64> = BTreeMap::new();
        for code in &probe.codes {
            *alike.entry((code.code.kind(), code.is_whole)).or_insert(0) += 1;
        }
        let of_code = |code: &ProbeCode| {
            let (kind, is_whole) = (code.code.kind(), code.is_whole);
            let codes = sizes.get(&kind).copied().unwrap_or(0);
            let odds = Odds { kind, is_whole, codes, probes: alike.get(&(kind, is_whole)).copied().unwrap_or(1) };
            let radius = match (kind.bytes(), asked) {
                (_, None) => odds.radius(),
                (32, Some(asked)) if is_whole => asked,
                (32, Some(asked)) => asked.min(RADIUS_PART_MAX),
                (_, Some(asked)) => asked.min(RADIUS_SHORT_MAX),
            };
            (radius, odds)
        };
        probe.codes.iter().map(of_code).collect()
    };
    probes.iter().map(of_probe).collect()
}

/// Unrelated pictures that chance alone is expected to bring, of those that are not folded away.
fn expected_false(radii: &[(u32, Odds)]) -> f64 {
    let long = radii.iter().filter(|(_, odds)| odds.kind.bytes() == 32);
    // Each code's odds count all codes like it.
    let sum: f64 = long.map(|(radius, odds)| odds.expected_false(*radius) / odds.probes.max(1) as f64).sum();
    // Three digits say all there is to say.
    format!("{sum:.3e}").parse().unwrap_or(sum)
}

fn hit(dataset: &OpenDataset, probe: &Probe, found: &Found) -> Result<PictureHit, SearchError> {
    let how = found.how;
    let bits = 256.0_f32;
    let score = 1.0 - f32::from(u16::try_from(how.distance).unwrap_or(256)) / bits;
    let (matched_by, query_hash, variant, part) = match how.by {
        By::Digest(name) => {
            let digest = if name == "md5" { &probe.md5 } else { &probe.sha256 };
            (name, digest.clone().unwrap_or_default(), Form::AsIs.name(), None)
        }
        By::Code { code, part } => {
            let code = &probe.codes[code];
            (code.code.kind().name(), code.code.to_hex(), code.variant.as_str(), part)
        }
    };
    Ok(PictureHit {
        hit: hits::hit(dataset, found.ordinal, score, None)?,
        matched_by: matched_by.to_owned(),
        query_hash,
        distance: how.distance,
        radius: how.radius,
        variant: variant.to_owned(),
        record_part: part.and_then(image_hash::part_name).map(str::to_owned),
        verdict: how.verdict,
        copies: found.copies,
    })
}

fn probe_of_picture(bytes: &[u8], effort: Effort, limits: &DecodeLimits) -> Result<(Probe, u8), String> {
    let hashes = image_hash::hash_for_query_with(bytes, limits, effort).map_err(|error| error.to_string())?;
    // Parts have enough in them, or they would not be there: a picture in a wide blank border is asked by what is inside.
    let says_something = |variant: &&Variant| hashes.quality >= QUALITY_MIN || variant.part.is_some();
    let codes = hashes.variants.iter().filter(says_something).map(ProbeCode::of_variant).collect();
    Ok((Probe { sha256: Some(hex::encode(hashes.sha256)), md5: Some(hex::encode(hashes.md5)), codes }, hashes.quality))
}

fn probe_of_hashes(hashes: &BTreeMap<String, Vec<GivenHash>>) -> Result<Probe, String> {
    let mut probe = Probe::default();
    for (kind, values) in hashes {
        if values.len() > HASHES_MAX {
            return Err(format!("{kind}: at most {HASHES_MAX} hashes of one kind can be asked at once"));
        }
        for GivenHash { code: value, variant } in values {
            let digest = |digits: usize| {
                let ok = value.len() == digits && value.bytes().all(|b| b.is_ascii_hexdigit());
                ok.then(|| value.to_ascii_lowercase())
                    .ok_or_else(|| format!("{kind}: {value:?} is not {digits} hexadecimal digits"))
            };
            match kind.as_str() {
                "sha256" => probe.sha256 = Some(digest(64)?),
                "md5" => probe.md5 = Some(digest(32)?),
                _ => {
                    let kind =
                        HashKind::from_name(kind).ok_or_else(|| format!("{kind}: there is no such kind of hash"))?;
                    let code = HashCode::from_hex(kind, value)
                        .ok_or_else(|| format!("{kind}: {value:?} is not {} hexadecimal digits", kind.bytes() * 2))?;
                    probe.codes.push(ProbeCode::given(variant.as_deref(), code));
                }
            }
        }
    }
    Ok(probe)
}

impl ProbeCode {
    fn of_variant(variant: &Variant) -> Self {
        let lies_as_it_is = variant.name == Form::AsIs.name() || variant.name == AS_STORED;
        Self { variant: variant.label(), is_whole: variant.part.is_none() && lies_as_it_is, code: variant.code }
    }

    /// A code that a caller brings. Without a name it is taken for the whole picture's.
    fn given(variant: Option<&str>, code: HashCode) -> Self {
        let variant = variant.unwrap_or(Form::AsIs.name());
        Self { variant: variant.to_owned(), is_whole: variant == Form::AsIs.name() || variant == AS_STORED, code }
    }
}
