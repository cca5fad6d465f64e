//! All records of a dataset that hold the same picture as one of them: what a folded hit stands for.

use super::engine::{PICTURE_LIMIT_MAX, SearchError};
use super::results::CopiesPage;
use super::snapshot::OpenDataset;
use super::{hits, matches};
use crate::hash_code::HashKind;
use crate::index::text::KeyKind;

const LIMIT_DEFAULT: usize = 50;

/// By the code of its whole picture, in the order of kinds; where it has none, by the checksum of its file; where it has
/// none either, it stands alone.
pub(super) fn of(dataset: &OpenDataset, ordinal: u64, offset: usize, limit: usize) -> Result<CopiesPage, SearchError> {
    let limit = if limit == 0 { LIMIT_DEFAULT } else { limit.min(PICTURE_LIMIT_MAX) };
    let (same_by, ordinals) = match by_code(dataset, ordinal) {
        Some((kind, ordinals)) => (kind.name(), ordinals),
        None => by_digest(dataset, ordinal)?,
    };
    let shown = ordinals.iter().skip(offset).take(limit);
    let hits = shown.map(|ordinal| hits::hit(dataset, *ordinal, 1.0, None)).collect::<Result<_, _>>()?;
    let next = offset.saturating_add(limit);
    Ok(CopiesPage {
        of: hits::hit(dataset, ordinal, 1.0, None)?,
        same_by: same_by.to_owned(),
        total: ordinals.len() as u64,
        hits,
        next: (next < ordinals.len()).then(|| next.to_string()),
    })
}

fn by_code(dataset: &OpenDataset, ordinal: u64) -> Option<(HashKind, Vec<u64>)> {
    let local = u32::try_from(ordinal).ok()?;
    dataset.generation.hashes.iter().find_map(|(kind, file)| {
        let code = *file.of_record(local).first()?;
        let is_whole = |place| file.first_code_at(place) == Some(code);
        let found = dataset.near(*kind, &[code], 0).into_iter().flatten().filter(|near| is_whole(near.place));
        let mut ordinals: Vec<u64> = found.map(|near| u64::from(near.ordinal)).collect();
        ordinals.dedup();
        Some((*kind, ordinals))
    })
}

fn by_digest(dataset: &OpenDataset, ordinal: u64) -> Result<(&'static str, Vec<u64>), SearchError> {
    let detail = hits::detail(dataset, &dataset.hidden, ordinal)?;
    let digests = [("sha256", KeyKind::Sha256, detail.sha256), ("md5", KeyKind::Md5, detail.md5)];
    for (name, kind, digest) in digests {
        let Some(digest) = digest else { continue };
        let page = matches::records_with(dataset, kind, &digest)?;
        let mut ordinals: Vec<u64> = page.found.iter().map(|found| found.ordinal).collect();
        ordinals.sort_unstable();
        return Ok((name, ordinals));
    }
    Ok(("record", vec![ordinal]))
}
