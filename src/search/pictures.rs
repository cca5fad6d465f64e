//! Searching by picture: the same file by its digests, near copies by hashes, with a verdict in words.
//!
//! Radii and verdicts for 256-bit hashes rest on measurements over 390 million pairs of unrelated pictures: none was
//! nearer than 60 bits; up to 31 an unrelated pair has odds below one in a hundred billion, up to 48 below one in two
//! billion. The 64-bit hashes are weak: over hundreds of millions of rows even a distance of 2 may be chance.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::coverage::{self, Need};
use super::engine::{GivenHash, PICTURE_LIMIT_MAX, PICTURE_RADIUS_MAX, PictureQuery, SearchError};
use super::hits;
use super::results::{PictureAnswer, PictureHit, PictureResults, Verdict};
use super::snapshot::{OpenDataset, Snapshot};
use crate::hash_code::{HashCode, HashKind};
use crate::image_hash::{self, AS_STORED, DecodeLimits, Form, QUALITY_MIN, Variant};
use crate::index::hashes::QUALITY_UNKNOWN;
use crate::index::text::{After, Clause, KeyKind, TextQuery, key};

const LIMIT_DEFAULT: usize = 50;
/// Radius of the picture as it is, where none is asked for.
const RADIUS_WHOLE: u32 = 60;
/// Radius of its mirrored and turned forms: each is one more chance to be wrong.
const RADIUS_FORM: u32 = 31;
/// The most that may be asked for those.
const RADIUS_FORM_MAX: u32 = 40;
/// Radius of 64-bit hashes.
const RADIUS_SHORT: u32 = 4;
/// Most hashes of one kind in one query.
const HASHES_MAX: usize = 512;
const NEEDS: [Need; 1] =
    [&["sha256", "md5", "pdqa", "pdq", "phash", "dhash", "ahash", "img_gradient", "img_mean", "img_blockhash"]];

/// A picture as it is looked for.
#[derive(Default)]
struct Probe {
    sha256: Option<String>,
    md5: Option<String>,
    /// How each is called, whether it is of the whole picture as it lies, and the code.
    codes: Vec<ProbeCode>,
}

struct ProbeCode {
    variant: String,
    is_whole: bool,
    code: HashCode,
}

/// The best way in which a record was found.
struct Match {
    by: &'static str,
    distance: u32,
    radius: u32,
    asked: String,
    variant: String,
    verdict: Verdict,
}

pub(super) fn search(
    snapshot: &Snapshot,
    queries: Vec<PictureQuery>,
    radius: Option<u32>,
    limit: usize,
    limits: &DecodeLimits,
) -> Result<PictureResults, SearchError> {
    if radius.is_some_and(|radius| radius > PICTURE_RADIUS_MAX) {
        return Err(SearchError::BadQuery {
            field: "radius",
            detail: format!("“radius” must be a number of bits from 0 to {PICTURE_RADIUS_MAX}."),
        });
    }
    let limit = if limit == 0 { LIMIT_DEFAULT } else { limit.min(PICTURE_LIMIT_MAX) };
    let datasets: Vec<&Arc<OpenDataset>> = snapshot.searchable().collect();
    let answers =
        queries.into_iter().map(|query| answer(&datasets, query, radius, limit, limits)).collect::<Result<_, _>>()?;
    Ok(PictureResults {
        queries: answers,
        coverage: datasets.iter().map(|dataset| coverage::of(dataset, &NEEDS)).collect(),
    })
}

fn answer(
    datasets: &[&Arc<OpenDataset>],
    query: PictureQuery,
    radius: Option<u32>,
    limit: usize,
    limits: &DecodeLimits,
) -> Result<PictureAnswer, SearchError> {
    let (name, probe, quality, problem) = match query {
        PictureQuery::Picture { name, bytes } => match probe_of_picture(&bytes, limits) {
            Ok((probe, quality)) => {
                let flat = "This picture has too little in it (a blank, a plain colour, a few lines) to tell copies of it from other \
                            such pictures. Only the very same file was looked for.";
                (name, probe, Some(quality), (quality < QUALITY_MIN).then(|| flat.to_owned()))
            }
            Err(problem) => return Ok(PictureAnswer { name, quality: None, hits: Vec::new(), problem: Some(problem) }),
        },
        PictureQuery::Hashes { name, hashes } => match probe_of_hashes(&hashes) {
            Ok(probe) => (name, probe, None, None),
            Err(problem) => return Ok(PictureAnswer { name, quality: None, hits: Vec::new(), problem: Some(problem) }),
        },
    };
    let mut found: Vec<(usize, u64, Match)> = Vec::new();
    for (i, dataset) in datasets.iter().enumerate() {
        found.extend(in_dataset(dataset, &probe, radius)?.into_iter().map(|(ordinal, how)| (i, ordinal, how)));
    }
    found.sort_by(|(i, a, x), (j, b, y)| (x.verdict, x.distance, i, a).cmp(&(y.verdict, y.distance, j, b)));
    found.truncate(limit);
    let hit = |(i, ordinal, how): (usize, u64, Match)| {
        let bits = 256.0_f32;
        let score = 1.0 - f32::from(u16::try_from(how.distance).unwrap_or(256)) / bits;
        Ok(PictureHit {
            hit: hits::hit(datasets[i], ordinal, score, None)?,
            matched_by: how.by.to_owned(),
            distance: how.distance,
            radius: how.radius,
            query_hash: how.asked,
            variant: how.variant,
            verdict: how.verdict,
        })
    };
    Ok(PictureAnswer { name, quality, hits: found.into_iter().map(hit).collect::<Result<_, SearchError>>()?, problem })
}

fn probe_of_picture(bytes: &[u8], limits: &DecodeLimits) -> Result<(Probe, u8), String> {
    let hashes = image_hash::hash_for_query(bytes, limits).map_err(|error| error.to_string())?;
    let codes = if hashes.quality < QUALITY_MIN {
        Vec::new()
    } else {
        hashes.variants.iter().map(ProbeCode::of_variant).collect()
    };
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

/// Every record of a dataset that matches, each by its best match.
fn in_dataset(dataset: &OpenDataset, probe: &Probe, radius: Option<u32>) -> Result<HashMap<u64, Match>, SearchError> {
    let mut best: HashMap<u64, Match> = HashMap::new();
    let mut offer = |ordinal: u64, how: Match| {
        let better =
            best.get(&ordinal).is_none_or(|known| (how.verdict, how.distance) < (known.verdict, known.distance));
        if better {
            best.insert(ordinal, how);
        }
    };
    let text = &dataset.generation.text;
    let digests = [("sha256", KeyKind::Sha256, &probe.sha256), ("md5", KeyKind::Md5, &probe.md5)];
    for (by, kind, digest) in digests {
        let Some(digest) = digest else { continue };
        let query = TextQuery { clause: Clause::Flat(Box::new(Clause::Key(key(kind, digest))), 1.0) };
        let page = dataset.page(&query, &[text], PICTURE_LIMIT_MAX, After::Start).map_err(anyhow::Error::from)?;
        for found in page.found {
            let how = Match {
                by,
                distance: 0,
                radius: 0,
                asked: digest.clone(),
                variant: Form::AsIs.name().to_owned(),
                verdict: Verdict::SameFile,
            };
            offer(found.ordinal, how);
        }
    }
    let mut by_kind: BTreeMap<(HashKind, u32), Vec<&ProbeCode>> = BTreeMap::new();
    for code in &probe.codes {
        by_kind.entry((code.code.kind(), code.radius(radius))).or_default().push(code);
    }
    for ((kind, radius), codes) in by_kind {
        let queries: Vec<HashCode> = codes.iter().map(|code| code.code).collect();
        for (code, found) in codes.into_iter().zip(dataset.near(kind, &queries, radius)) {
            for near in found.into_iter().filter(|near| near.quality >= QUALITY_MIN || near.quality == QUALITY_UNKNOWN)
            {
                let verdict = code.verdict(near.distance);
                let variant = code.variant.clone();
                offer(
                    u64::from(near.ordinal),
                    Match {
                        by: kind.name(),
                        distance: near.distance,
                        radius,
                        asked: code.code.to_hex(),
                        variant,
                        verdict,
                    },
                );
            }
        }
    }
    Ok(best)
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

    fn radius(&self, asked: Option<u32>) -> u32 {
        match (self.code.kind().bytes(), asked) {
            (32, Some(asked)) if self.is_whole => asked,
            (32, Some(asked)) => asked.min(RADIUS_FORM_MAX),
            (32, None) if self.is_whole => RADIUS_WHOLE,
            (32, None) => RADIUS_FORM,
            (_, asked) => asked.unwrap_or(RADIUS_SHORT).min(RADIUS_SHORT),
        }
    }

    fn verdict(&self, distance: u32) -> Verdict {
        match (self.code.kind().bytes(), distance) {
            (32, 0..=31) if self.is_whole => Verdict::AlmostSurely,
            (32, 0..=20) => Verdict::AlmostSurely,
            (32, 0..=48) if self.is_whole => Verdict::Probably,
            (32, 0..=31) => Verdict::Probably,
            _ => Verdict::Maybe,
        }
    }
}
