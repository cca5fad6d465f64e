//! The granted rows, indexed by everything they are known by, and what was found of them so far.

use std::collections::{BTreeSet, HashMap};

use super::{Fate, Place, RowFate, ScannedFile};
use crate::hash_code::HashCode;
use crate::removal::blind::tells_a_picture;
use crate::removal::granted::GrantedRow;
use crate::removal::identity::RowFacts;
use crate::removal::matcher::By;
use crate::removal::set::is_counter;

/// Differing bits up to which a picture is taken for a copy: what search calls "almost surely".
const DISTANCE_MAX: u32 = 31;
/// Bytes of the bands by which near codes are met. A copy within seven bits always keeps one of eight bands, one within
/// 31 mostly does.
const BAND_BYTES: usize = 4;

/// A band of a code: kind and place, and its bits.
type Band = (&'static str, usize, [u8; BAND_BYTES]);

pub(super) struct Wanted<'g> {
    granted: &'g [GrantedRow],
    urls: HashMap<&'g str, Vec<usize>>,
    ids: HashMap<&'g str, Vec<usize>>,
    sha256: HashMap<&'g str, Vec<usize>>,
    md5: HashMap<&'g str, Vec<usize>>,
    bands: HashMap<Band, Vec<usize>>,
    found: Vec<Found>,
}

#[derive(Default, Clone)]
struct Found {
    best: Option<Place>,
    is_same_place: bool,
    places: u64,
}

impl<'g> Wanted<'g> {
    pub fn new(granted: &'g [GrantedRow]) -> Self {
        let found = vec![Found::default(); granted.len()];
        let mut wanted = Self {
            granted,
            urls: HashMap::new(),
            ids: HashMap::new(),
            sha256: HashMap::new(),
            md5: HashMap::new(),
            bands: HashMap::new(),
            found,
        };
        for (at, row) in granted.iter().enumerate() {
            let keys = [
                (&mut wanted.urls, row.url.as_deref()),
                (&mut wanted.ids, telling_id(row)),
                (&mut wanted.sha256, row.sha256.as_deref()),
                (&mut wanted.md5, row.md5.as_deref()),
            ];
            for (index, key) in keys {
                if let Some(key) = key {
                    index.entry(key).or_default().push(at);
                }
            }
            for band in row.codes.iter().filter(|code| tells_a_picture(code)).flat_map(bands) {
                wanted.bands.entry(band).or_default().push(at);
            }
        }
        wanted
    }

    /// Looks at a row of the release.
    pub fn look(&mut self, file: &str, row: u64, facts: &RowFacts) {
        let mut met: Vec<(usize, By, Option<u32>)> = Vec::new();
        let mut add = |all: Option<&Vec<usize>>, by: By| {
            for at in all.into_iter().flatten() {
                if !met.iter().any(|(known, ..)| known == at) {
                    met.push((*at, by, None));
                }
            }
        };
        for url in &facts.urls {
            add(self.urls.get(url.as_str()), By::Url);
        }
        add(facts.source_id.as_deref().and_then(|id| self.ids.get(id)), By::SourceId);
        for digest in &facts.sha256 {
            add(self.sha256.get(digest.as_str()), By::Sha256);
        }
        for digest in &facts.md5 {
            add(self.md5.get(digest.as_str()), By::Md5);
        }
        if !self.bands.is_empty() {
            for code in facts.codes.iter().filter(|code| tells_a_picture(code)) {
                for (at, distance) in self.near(code) {
                    if !met.iter().any(|(known, ..)| *known == at) {
                        met.push((at, By::Picture, Some(distance)));
                    }
                }
            }
        }
        for (at, by, distance) in met {
            self.note(at, Place { file: file.to_owned(), row, by, distance });
        }
    }

    /// A file that is the very one a row was granted in holds that row, whatever it could be compared by.
    pub fn meet_file(&mut self, file: &ScannedFile) {
        if file.sha256.is_empty() {
            return;
        }
        for at in 0..self.granted.len() {
            let row = &self.granted[at];
            if row.file_sha256 == file.sha256 && !self.found[at].is_same_place {
                self.note(at, Place { file: file.file.clone(), row: row.row, by: By::Row, distance: None });
            }
        }
    }

    pub fn fates(&self, files: &[ScannedFile]) -> Vec<RowFate> {
        let rows = self.granted.iter().zip(&self.found);
        rows.map(|(row, found)| RowFate {
            revision: row.revision.clone(),
            file: row.file.clone(),
            row: row.row,
            fate: match &found.best {
                Some(place) if found.is_same_place => Fate::StillThere { found: place.clone() },
                Some(place) => Fate::Moved { found: place.clone() },
                None => not_found(row, files),
            },
            also: found.places.saturating_sub(1),
        })
        .collect()
    }

    fn near(&self, code: &HashCode) -> Vec<(usize, u32)> {
        let candidates: BTreeSet<usize> =
            bands(code).filter_map(|band| self.bands.get(&band)).flatten().copied().collect();
        let close = |at: &usize| {
            let same_kind = self.granted[*at].codes.iter().filter(|known| known.kind() == code.kind());
            same_kind.map(|known| known.distance(code)).min().filter(|distance| *distance <= DISTANCE_MAX)
        };
        candidates.iter().filter_map(|at| Some((*at, close(at)?))).collect()
    }

    /// Notes a find. The same place is better than any other, an exact find better than a near one, an earlier one than a later one.
    fn note(&mut self, at: usize, place: Place) {
        let (row, found) = (&self.granted[at], &mut self.found[at]);
        found.places += 1;
        let is_exact = place.distance.is_none_or(|distance| distance == 0);
        let is_same_file = place.file == row.file || place.by == By::Row;
        let is_same_place = is_exact && is_same_file && place.row == row.row;
        let is_better = match &found.best {
            None => true,
            Some(best) => {
                let was_exact = best.distance.is_none_or(|distance| distance == 0);
                (is_same_place && !found.is_same_place) || (is_exact && !was_exact)
            }
        };
        if is_better {
            found.best = Some(place);
            found.is_same_place = is_same_place;
        }
    }
}

/// The fate of a row that nothing was found of.
fn not_found(row: &GrantedRow, files: &[ScannedFile]) -> Fate {
    let keys = keys_of(row);
    if keys.is_empty() {
        let reason = "nothing is known of the row but its place: no address, no id, no digest, no picture".to_owned();
        return Fate::CannotTell { reason };
    }
    let mut looked_by = BTreeSet::new();
    for file in files {
        if file.sha256.is_empty() && file.problem.is_some() {
            let problem = file.problem.as_deref().unwrap_or_default();
            return Fate::CannotTell { reason: format!("{}: {problem}", file.file) };
        }
        let shared: Vec<&'static str> = keys.iter().copied().filter(|key| can_ask(file, key)).collect();
        if shared.is_empty() && file.rows > 0 {
            let reason = format!("{} has no {} to look for", file.file, keys.join(", no "));
            return Fate::CannotTell { reason };
        }
        looked_by.extend(shared);
    }
    Fate::Gone { looked_by: looked_by.into_iter().collect() }
}

/// A picture at hand gives its digests too.
fn can_ask(file: &ScannedFile, key: &str) -> bool {
    let has = |name: &str| file.compares.contains(&name);
    has(key) || (matches!(key, "sha256" | "md5" | "picture") && has("picture"))
}

fn keys_of(row: &GrantedRow) -> Vec<&'static str> {
    let has_code = |name: &str| row.codes.iter().any(|code| tells_a_picture(code) && code.kind().name() == name);
    let keys = [
        ("url", row.url.is_some()),
        ("source_id", telling_id(row).is_some()),
        ("sha256", row.sha256.is_some()),
        ("md5", row.md5.is_some()),
        ("picture", has_code("pdqa")),
        ("pdq", has_code("pdq")),
    ];
    keys.into_iter().filter(|(_, known)| *known).map(|(name, _)| name).collect()
}

/// An id that only counts the rows of a file is another row's in another release.
fn telling_id(row: &GrantedRow) -> Option<&str> {
    let has_better = row.url.is_some() || row.sha256.is_some() || row.md5.is_some() || !row.codes.is_empty();
    row.source_id.as_deref().filter(|id| !(has_better && is_counter(id)))
}

fn bands(code: &HashCode) -> impl Iterator<Item = Band> + use<> {
    let kind = code.kind().name();
    let (bands, _) = code.as_bytes().as_chunks::<BAND_BYTES>();
    let bands: Vec<[u8; BAND_BYTES]> = bands.to_vec();
    bands.into_iter().enumerate().map(move |(place, band)| (kind, place, band))
}
