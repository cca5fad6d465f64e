//! What one dataset has for the pictures of a request: their codes looked up together, each record by its best match,
//! records with one and the same picture folded into one.

use std::collections::{BTreeMap, HashMap};

use super::engine::{PICTURE_LIMIT_MAX, SearchError};
use super::pictures::Probe;
use super::results::Verdict;
use super::snapshot::OpenDataset;
use super::verdicts::Odds;
use crate::hash_code::{HashCode, HashKind};
use crate::image_hash::QUALITY_MIN;
use crate::index::hashes::HashFile;
use crate::index::text::{After, Clause, KeyKind, Page, TextQuery, key};

/// One picture on more records of a dataset than this is a blank, a logo, a banner: told once, with their number.
pub(super) const COPIES_MIN: usize = 10;
/// Most records of one file that are counted one by one.
const SAME_FILE_MAX: usize = 1 << 20;

/// How a record was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Name of the digest.
    Digest(&'static str),
    /// By the probe's code of this index, and the part of the record's picture it met.
    Code { code: usize, part: Option<u8> },
}

/// The best way in which a record was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match {
    pub by: By,
    pub distance: u32,
    pub radius: u32,
    pub verdict: Verdict,
    /// Where the code stands in its file.
    place: u32,
}

/// A record found, standing for all of the dataset that hold the same picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub ordinal: u64,
    pub how: Match,
    /// Records that hold the picture, this one included.
    pub copies: u64,
}

/// How far each code of each probe is looked for.
pub(super) struct Plan {
    /// By probe, then code.
    pub radii: Vec<Vec<(u32, Odds)>>,
    /// Fold records that hold one picture.
    pub folds: bool,
}

/// What a dataset holds for each probe.
pub(super) fn in_dataset(dataset: &OpenDataset, probes: &[Probe], plan: &Plan) -> Result<Vec<Vec<Found>>, SearchError> {
    let mut best: Vec<HashMap<u64, Match>> = probes.iter().map(|_| HashMap::new()).collect();
    for (probe, best) in probes.iter().zip(&mut best) {
        same_files(dataset, probe, best)?;
    }
    // All codes of one kind and radius are looked up together, whichever picture they are of.
    let mut together: BTreeMap<(HashKind, u32), Vec<(usize, usize)>> = BTreeMap::new();
    for (p, probe) in probes.iter().enumerate() {
        for (c, code) in probe.codes.iter().enumerate() {
            together.entry((code.code.kind(), plan.radii[p][c].0)).or_default().push((p, c));
        }
    }
    for ((kind, radius), asked) in together {
        let codes: Vec<HashCode> = asked.iter().map(|(p, c)| probes[*p].codes[*c].code).collect();
        for ((p, c), found) in asked.into_iter().zip(dataset.near(kind, &codes, radius)) {
            let odds = plan.radii[p][c].1;
            for near in found.into_iter().filter(|near| near.quality.is_none_or(|quality| quality >= QUALITY_MIN)) {
                // A part of the record's picture is one more chance, as a part of the query's is.
                let odds = Odds { is_whole: odds.is_whole && near.part.is_none(), ..odds };
                let how = Match {
                    by: By::Code { code: c, part: near.part },
                    distance: near.distance,
                    radius,
                    verdict: odds.verdict(near.distance),
                    place: near.place,
                };
                offer(&mut best[p], u64::from(near.ordinal), how);
            }
        }
    }
    Ok(best
        .into_iter()
        .zip(probes)
        .map(|(best, probe)| fold(best, probe, &dataset.generation.hashes, plan.folds))
        .collect())
}

fn offer(best: &mut HashMap<u64, Match>, ordinal: u64, how: Match) {
    let rank = |how: &Match| (how.verdict, how.distance);
    best.entry(ordinal)
        .and_modify(|known| {
            if rank(&how) < rank(known) {
                *known = how;
            }
        })
        .or_insert(how);
}

fn same_files(dataset: &OpenDataset, probe: &Probe, best: &mut HashMap<u64, Match>) -> Result<(), SearchError> {
    let digests = [("sha256", KeyKind::Sha256, &probe.sha256), ("md5", KeyKind::Md5, &probe.md5)];
    for (by, kind, digest) in digests {
        let Some(digest) = digest else { continue };
        let page = records_with(dataset, kind, digest)?;
        for found in page.found {
            let how = Match { by: By::Digest(by), distance: 0, radius: 0, verdict: Verdict::SameFile, place: u32::MAX };
            offer(best, found.ordinal, how);
        }
    }
    Ok(())
}

/// Every record with a digest.
pub(super) fn records_with(dataset: &OpenDataset, kind: KeyKind, digest: &str) -> Result<Page, SearchError> {
    let query = TextQuery { clause: Clause::Flat(Box::new(Clause::Key(key(kind, digest))), 1.0) };
    let text = &dataset.generation.text;
    let ask = |limit| dataset.page(&query, &[text], limit, After::Start).map_err(anyhow::Error::from);
    let page = ask(PICTURE_LIMIT_MAX)?;
    let total = usize::try_from(page.total).unwrap_or(usize::MAX);
    if total <= PICTURE_LIMIT_MAX { Ok(page) } else { Ok(ask(total.min(SAME_FILE_MAX))?) }
}

/// What makes two records hold one picture: the same file, or whole pictures with the same code.
#[derive(PartialEq, Eq, Hash)]
enum Picture {
    File,
    Code(HashCode),
}

fn fold(best: HashMap<u64, Match>, probe: &Probe, files: &BTreeMap<HashKind, HashFile>, folds: bool) -> Vec<Found> {
    let single = |(ordinal, how): (u64, Match)| Found { ordinal, how, copies: 1 };
    if best.len() <= COPIES_MIN || !folds {
        return best.into_iter().map(single).collect();
    }
    let mut groups: HashMap<Option<Picture>, Vec<(u64, Match)>> = HashMap::new();
    for (ordinal, how) in best {
        let picture = match how.by {
            By::Digest(_) => Some(Picture::File),
            By::Code { code, .. } => {
                let file = probe.codes.get(code).and_then(|code| files.get(&code.code.kind()));
                file.and_then(|file| file.first_code_at(how.place)).map(Picture::Code)
            }
        };
        groups.entry(picture).or_default().push((ordinal, how));
    }
    let mut all = Vec::new();
    for (picture, group) in groups {
        if picture.is_none() || group.len() <= COPIES_MIN {
            all.extend(group.into_iter().map(single));
            continue;
        }
        let copies = group.len() as u64;
        let first = group.into_iter().min_by_key(|(ordinal, how)| (how.verdict, how.distance, *ordinal));
        all.extend(first.map(|(ordinal, how)| Found { ordinal, how, copies }));
    }
    all
}
