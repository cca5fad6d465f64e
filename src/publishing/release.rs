//! A later release looked through: does it still hold what was removed?

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::PublishingError;
use super::publish::row_of;
use crate::removal::granted::GrantedRow;
use crate::removal::rescan::{Fate, RescanReport, RescanRequest, rescan};
use crate::takedown::decision::Act;
use crate::takedown::desk::public_figures::ReleaseCheck;
use crate::takedown::desk::types::GrantedRow as Granted;
use crate::takedown::desk::{Desk, DeskError};

/// What was found, and which cases heard of it.
#[derive(Debug, Serialize)]
pub struct ReleaseReport {
    pub dataset: String,
    pub release: String,
    /// SHA-256 over the SHA-256 of all files in the order of their names; of one file, its own.
    pub sha256: String,
    #[serde(flatten)]
    pub scanned: RescanReport,
    /// Cases none of whose rows is there any more.
    pub verified: u64,
    /// Cases that were opened again, since rows of theirs are there.
    pub reopened: u64,
    /// Cases that stay as they are: their rows are in no published set yet, or they are open for another reason.
    pub unchanged: u64,
    /// Cases of which it could not be told.
    pub untold: u64,
}

/// Looks for every granted row of a dataset in a release, and writes what it found into the cases.
///
/// # Errors
/// Where the paths hold no manifest, or the store fails.
pub async fn look_through(
    desk: &Desk,
    dataset: &str,
    release: &str,
    request: &RescanRequest<'_>,
) -> Result<ReleaseReport, PublishingError> {
    let wanted = Wanted::of(desk, dataset).await?;
    let scanned = wanted.scan(request)?;
    wanted.tell(desk, release, scanned).await
}

/// The rows that are looked for: the three steps of [`look_through`] apart, for callers that may not read files where
/// they wait for the store.
pub struct Wanted {
    dataset: String,
    granted: Vec<Granted>,
}

impl Wanted {
    pub async fn of(desk: &Desk, dataset: &str) -> Result<Self, PublishingError> {
        Ok(Self { dataset: dataset.to_owned(), granted: desk.granted_rows(dataset).await? })
    }

    /// Rows that are looked for; one that several cases were granted counts for each.
    pub fn len(&self) -> usize {
        self.granted.len()
    }

    pub fn is_empty(&self) -> bool {
        self.granted.is_empty()
    }

    /// Reads the release. Blocks for as long as that takes.
    pub fn scan(&self, request: &RescanRequest<'_>) -> Result<RescanReport, PublishingError> {
        let rows: Vec<GrantedRow> = self.granted.iter().map(|row| row_of(&row.record)).collect();
        Ok(rescan(&rows, request)?)
    }

    /// Tells the cases what was found.
    pub async fn tell(
        self,
        desk: &Desk,
        release: &str,
        scanned: RescanReport,
    ) -> Result<ReleaseReport, PublishingError> {
        let Self { dataset, granted } = self;
        let sha256 = sha256_of(&scanned);
        let mut by_case: BTreeMap<&str, Vec<(&str, &Fate)>> = BTreeMap::new();
        for (row, fate) in granted.iter().zip(&scanned.rows) {
            by_case.entry(&row.case).or_default().push((&row.record.id, &fate.fate));
        }
        let (mut verified, mut reopened, mut unchanged, mut untold) = (0, 0, 0, 0);
        for (case, fates) in by_case {
            let with = |is_it: fn(&Fate) -> bool| -> Vec<String> {
                let ids: BTreeSet<&str> = fates.iter().filter(|(_, fate)| is_it(fate)).map(|(id, _)| *id).collect();
                ids.into_iter().map(str::to_owned).collect()
            };
            let found = with(|fate| matches!(fate, Fate::StillThere { .. } | Fate::Moved { .. }));
            let not_told = with(|fate| matches!(fate, Fate::CannotTell { .. }));
            let gone = fates.iter().all(|(_, fate)| matches!(fate, Fate::Gone { .. }));
            let reopens = !found.is_empty();
            let act = if reopens {
                Act::Reopen { release: release.to_owned(), sha256: sha256.clone(), found, untold: not_told }
            } else if gone {
                Act::Verify { release: release.to_owned(), sha256: sha256.clone() }
            } else {
                untold += 1;
                continue;
            };
            match desk.portal_act(case, &dataset, act).await {
                Ok(()) if reopens => reopened += 1,
                Ok(()) => verified += 1,
                Err(DeskError::Refused(_)) => unchanged += 1,
                Err(error) => return Err(error.into()),
            }
        }
        let check = ReleaseCheck {
            release: release.to_owned(),
            sha256: sha256.clone(),
            rows: scanned.counts.iter().map(|(fate, rows)| ((*fate).to_owned(), *rows)).collect(),
        };
        desk.keep_release_check(&dataset, &check).await?;
        Ok(ReleaseReport {
            dataset,
            release: release.to_owned(),
            sha256,
            scanned,
            verified,
            reopened,
            unchanged,
            untold,
        })
    }
}

/// SHA-256 over the SHA-256 of all files in the order of their names; of one file, its own.
fn sha256_of(scanned: &RescanReport) -> String {
    let mut files: Vec<(&str, &str)> =
        scanned.files.iter().map(|file| (file.file.as_str(), file.sha256.as_str())).collect();
    files.sort_unstable();
    match files.as_slice() {
        [(_, only)] => (*only).to_owned(),
        all => hex::encode(all.iter().fold(Sha256::new(), |hash, (_, sha256)| hash.chain_update(sha256)).finalize()),
    }
}
