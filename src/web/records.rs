//! Record ids as the takedown room wants them: looked up, with all that finds the row again in a later revision.

use crate::search::engine::{Engine, SearchError};
use crate::takedown::case::RecordRef;

/// Most rows of one case: a large archive's; more are several cases. Also what bounds the work of one filing.
pub(super) const CASE_RECORDS_MAX: usize = 5_000;
/// Unknown ids that an answer names; the rest are counted.
const UNKNOWN_NAMED_MAX: usize = 20;

#[derive(Debug, thiserror::Error)]
pub(super) enum RefsError {
    /// The first of them.
    #[error("there is no record {}", .0.join(", "))]
    Unknown(Vec<String>),
    #[error(transparent)]
    Search(#[from] SearchError),
}

/// Looks every id up. Ids that stand twice are taken once.
pub(super) fn refs(engine: &Engine, ids: &[String]) -> Result<Vec<RecordRef>, RefsError> {
    let mut seen = std::collections::HashSet::new();
    let mut found = Vec::with_capacity(ids.len());
    let mut unknown = Vec::new();
    for id in ids.iter().filter(|id| seen.insert(id.as_str())) {
        match engine.record(id) {
            Ok(detail) => found.push(detail.reference()),
            Err(SearchError::NoSuchRecord(_)) => {
                unknown.push(id.chars().take(100).collect());
                if unknown.len() == UNKNOWN_NAMED_MAX {
                    break;
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    if unknown.is_empty() { Ok(found) } else { Err(RefsError::Unknown(unknown)) }
}
