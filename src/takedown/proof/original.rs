//! The picture from which a row's was made: larger than what was published.
//!
//! The very file of the row can be had by everybody who has the row, and a larger one can be made from it; so the same
//! file is a weak proof and a larger one a fair one, for a person to look at.

use super::{Outcome, RowFacts};
use crate::hash_code::{HashCode, HashKind};
use crate::image_hash::{DecodeLimits, QUALITY_MIN, QueryHashes, hash_for_query};
use crate::takedown::desk::types::Strength;

/// Bits of 256 in which two pictures may differ that are one: what a re-compression moves, no crop.
const NEAR_256: u32 = 31;
/// The same of 64.
const NEAR_64: u32 = 4;

pub(super) fn check(rows: &[RowFacts], bytes: &[u8]) -> Outcome {
    let picture = match hash_for_query(bytes, &DecodeLimits::default()) {
        Ok(picture) => picture,
        Err(error) => return Outcome::not_shown(error.to_string()),
    };
    let (sha256, md5) = (hex::encode(picture.sha256), hex::encode(picture.md5));
    let is_same = |row: &&RowFacts| {
        row.record.sha256.as_ref().is_some_and(|held| held.eq_ignore_ascii_case(&sha256))
            || row.record.md5.as_ref().is_some_and(|held| held.eq_ignore_ascii_case(&md5))
    };
    let near: Vec<&RowFacts> = rows.iter().filter(|row| !is_same(row) && is_near(row, &picture)).collect();
    let size = format!("{} × {} pixels", picture.width, picture.height);
    let larger = near.iter().filter(|row| is_larger(&picture, row)).count();
    if larger > 0 {
        let note = format!("The uploaded picture ({size}) is larger than what {} and shows the same.", stand(larger));
        return Outcome::Shown { strength: Strength::Fair, note };
    }
    let same = rows.iter().filter(is_same).count();
    if same > 0 {
        let note =
            format!("The uploaded file is the very one that {}; whoever has the record can have it.", stand(same));
        return Outcome::Shown { strength: Strength::Weak, note };
    }
    if !near.is_empty() {
        let note = format!(
            "The uploaded picture ({size}) shows the same as what {}, and is not known to be larger.",
            stand(near.len())
        );
        return Outcome::Shown { strength: Strength::Weak, note };
    }
    Outcome::not_shown(if picture.quality < QUALITY_MIN {
        "There is too little in the picture to tell it from others."
    } else {
        "None of the records has a fingerprint of this picture. Records without one cannot be compared."
    })
}

fn stand(n: usize) -> String {
    if n == 1 { "stands in one record".to_owned() } else { format!("stands in {n} records") }
}

fn is_near(row: &RowFacts, picture: &QueryHashes) -> bool {
    if picture.quality < QUALITY_MIN {
        return false;
    }
    row.record.hashes.iter().any(|(name, held)| {
        let Some(kind) = HashKind::from_name(name) else { return false };
        let Some(held) = HashCode::from_hex(kind, held) else { return false };
        let near = if kind.bytes() == 32 { NEAR_256 } else { NEAR_64 };
        let whole = picture.variants.iter().filter(|variant| variant.part.is_none() && variant.code.kind() == kind);
        whole.into_iter().any(|variant| variant.code.distance(&held) <= near)
    })
}

/// Larger on both sides, however it lies.
fn is_larger(picture: &QueryHashes, row: &RowFacts) -> bool {
    let (Some(width), Some(height)) = (row.width, row.height) else { return false };
    let (long, short) = (picture.width.max(picture.height), picture.width.min(picture.height));
    long > width.max(height) && short > width.min(height)
}
