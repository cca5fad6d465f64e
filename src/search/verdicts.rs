//! How sure a match is, in words: from measured chances, never from taste.
//!
//! `cargo bench --bench verdicts` hashes pictures that have nothing to do with one another, counts how many come how
//! near by chance, and writes [`MEASURED`]. From it follow how far to look (`Odds::radius`: less far the more codes there
//! are) and what a distance is called (`Odds::verdict`). The page `/matching` shows the same table.

#[rustfmt::skip]
mod measured;

use super::results::Verdict;
use crate::hash_code::HashKind;

pub use measured::MEASURED;

/// Farthest that the whole picture as it lies is looked for, bits of 256.
pub const RADIUS_WHOLE_MAX: u32 = 60;
/// Farthest that its mirrored and turned forms and its parts are looked for: each is one more chance to be wrong.
pub const RADIUS_PART_MAX: u32 = 48;
/// Farthest that hashes of 64 bits are looked for.
pub const RADIUS_SHORT_MAX: u32 = 4;
/// Words are chosen as if at least so many hashes had been searched, so that they mean the same on a small portal as on
/// a middling one.
const CODES_MIN: f64 = 1e6;
/// Expected false pictures among all searched, at a distance and nearer, up to which a match is almost sure.
const ALMOST_SURELY_MAX: f64 = 1e-3;
/// And up to which it is probable. Forms and parts are not looked for beyond.
const PROBABLY_MAX: f64 = 0.1;
/// Farther than these, a match is never called so: what was measured there is continued from farther out, and the
/// customary radius of the field and half as much again are as far as it was borne out on other people's pictures.
const ALMOST_SURELY_DISTANCE_MAX: u32 = 31;
const PROBABLY_DISTANCE_MAX: u32 = 48;
/// And up to which the whole picture is looked for.
const WHOLE_MAX: f64 = 1.0;
/// 64-bit hashes are shown as “maybe” only, folded, so a few false ones may be among them.
const SHORT_MAX: f64 = 10.0;

/// What was measured, on which pictures.
pub struct Measured {
    /// `YYYY-MM-DD`
    pub date: &'static str,
    /// Pictures that have nothing to do with one another: drawn by code, and from folders.
    pub drawn: u32,
    pub from_folders: u32,
    pub pairs: u64,
    /// Pictures that the edits were made of.
    pub edited: u32,
    /// Logarithm to base 10 of the share of pairs of unrelated codes within each radius: whole against whole, then any
    /// other form or part. Where too few were seen to count, continued downwards along the slope that was.
    pub log_share_whole: [f32; 64],
    pub log_share_part: [f32; 64],
    /// The same of 64-bit hashes, at 0 to 12.
    pub log_share_short: &'static [(&'static str, [f32; 13])],
    /// Of pairs of unrelated pictures, how many were found false.
    pub false_pairs: &'static [FalsePairs],
    /// Share of copies found, in per cent, by what was done to them.
    pub edits: &'static [EditRecall],
}

/// How many pairs of unrelated pictures a way of searching takes for copies.
pub struct FalsePairs {
    pub what: &'static str,
    pub pairs: u64,
    pub within_31: u64,
    pub within_40: u64,
    pub within_48: u64,
    pub within_60: u64,
}

/// Copies found of those edited in one way, in per cent.
pub struct EditRecall {
    pub edit: &'static str,
    /// The original asks, the dataset holds the copy: by the whole picture only, within 48 bits.
    pub plain: f32,
    /// By all that a query asks by: within 31 bits, within 48.
    pub asked_31: f32,
    pub asked_48: f32,
    /// Looking harder, within 48.
    pub harder_48: f32,
    /// The copy asks, the dataset holds the original: within 48.
    pub copy_asks_48: f32,
    /// The same where the dataset holds 12 parts of its pictures too: within 31, within 48.
    pub copy_asks_windows_31: f32,
    pub copy_asks_windows_48: f32,
}

/// How a code is compared: what it is of, and how many chances the search gives it.
#[derive(Debug, Clone, Copy)]
pub struct Odds {
    pub kind: HashKind,
    /// Of the whole picture as it lies; else a form or a part.
    pub is_whole: bool,
    /// Codes it is compared with.
    pub codes: u64,
    /// Codes of the query that are compared so.
    pub probes: u64,
}

impl Odds {
    /// Unrelated pictures that a search with these odds is expected to find within a radius.
    pub fn expected_false(&self, radius: u32) -> f64 {
        self.codes as f64 * self.chances(radius)
    }

    /// How far to look where the visitor does not say.
    pub fn radius(&self) -> u32 {
        let (farthest, limit) = match (self.kind.bytes(), self.is_whole) {
            (32, true) => (RADIUS_WHOLE_MAX, WHOLE_MAX),
            (32, false) => (RADIUS_PART_MAX, PROBABLY_MAX),
            _ => (RADIUS_SHORT_MAX, SHORT_MAX),
        };
        (0..=farthest).rev().find(|radius| self.expected_false(*radius) <= limit).unwrap_or(0)
    }

    /// The word for a match at a distance.
    pub fn verdict(&self, distance: u32) -> Verdict {
        let expected = CODES_MIN.max(self.codes as f64) * self.chances(distance);
        if self.kind.bytes() != 32 {
            return Verdict::Maybe;
        }
        if distance <= ALMOST_SURELY_DISTANCE_MAX && expected <= ALMOST_SURELY_MAX {
            Verdict::AlmostSurely
        } else if distance <= PROBABLY_DISTANCE_MAX && expected <= PROBABLY_MAX {
            Verdict::Probably
        } else {
            Verdict::Maybe
        }
    }

    /// Expected false matches a code compared with.
    fn chances(&self, radius: u32) -> f64 {
        let at = radius as usize;
        let log = match (self.kind.bytes(), self.is_whole) {
            (32, true) => MEASURED.log_share_whole.get(at).copied(),
            (32, false) => MEASURED.log_share_part.get(at).copied(),
            _ => {
                let of_kind = MEASURED.log_share_short.iter().find(|(name, _)| *name == self.kind.name());
                of_kind.and_then(|(_, shares)| shares.get(at).copied())
            }
        };
        // Beyond what was measured, anything may match.
        self.probes as f64 * 10.0_f64.powf(f64::from(log.unwrap_or(0.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn odds(is_whole: bool, codes: u64, probes: u64) -> Odds {
        Odds { kind: HashKind::Pdqa, is_whole, codes, probes }
    }

    #[test]
    fn words_grow_weaker_with_distance_and_with_size() {
        for is_whole in [true, false] {
            let probes = if is_whole { 1 } else { 263 };
            for codes in [1_000, 10_000_000, 1_000_000_000] {
                let odds = odds(is_whole, codes, probes);
                let words: Vec<Verdict> = (0..=60).map(|distance| odds.verdict(distance)).collect();
                assert!(words.is_sorted(), "{words:?}");
            }
            let at = |codes| odds(is_whole, codes, probes).verdict(40);
            assert!(at(1_000) <= at(10_000_000_000));
        }
        assert_eq!(odds(true, 1_000, 1).verdict(20), Verdict::AlmostSurely);
        assert_eq!(odds(true, 1_000, 1).verdict(60), Verdict::Maybe);
    }

    #[test]
    fn the_radius_tightens_with_size_and_keeps_false_pictures_rare() {
        let radii: Vec<u32> = [1_000, 1_000_000, 100_000_000, 5_000_000_000]
            .map(|codes| {
                let odds = odds(false, codes, 263);
                assert!(odds.expected_false(odds.radius()) <= 0.1 || odds.radius() == 0);
                odds.radius()
            })
            .into();
        assert!(radii.is_sorted_by(|a, b| a >= b), "{radii:?}");
        assert_eq!((radii[0], odds(true, 1_000, 1).radius()), (RADIUS_PART_MAX, RADIUS_WHOLE_MAX));
    }

    #[test]
    fn short_hashes_never_get_more_than_a_maybe() {
        let odds = Odds { kind: HashKind::Phash, is_whole: true, codes: 10, probes: 1 };
        assert_eq!(odds.verdict(0), Verdict::Maybe);
        assert!(odds.radius() <= RADIUS_SHORT_MAX);
    }

    #[test]
    fn the_table_holds_all_63_edits_and_shares_that_grow_with_the_radius() {
        assert_eq!(MEASURED.edits.len(), 63);
        assert!(MEASURED.log_share_whole.is_sorted() && MEASURED.log_share_part.is_sorted());
        assert!(MEASURED.pairs >= 10_000_000);
    }
}
