//! What the public is told: figures of requests, and of looks at releases. Nobody is named, and small counts are hidden
//! before anything leaves this file.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::{Desk, DeskError};
use crate::takedown::case::Actor;
use crate::takedown::statistics::small_counts::{Count, protect};
use crate::takedown::statistics::{Figures, Shown};
use crate::takedown::store::RELEASE_CHECKED;

/// Looks that are told, newest first: enough for years of releases.
const RELEASES_TOLD: i64 = 50;

/// What became of granted rows, in the order in which it is told.
pub const FATES: [&str; 4] = ["gone", "still_there", "moved", "cannot_tell"];

/// A look at a later release of a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseCheck {
    pub release: String,
    pub sha256: String,
    /// Rows by what became of them: names of [`FATES`].
    pub rows: BTreeMap<String, u64>,
}

/// The same as everybody may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownCheck {
    pub release: String,
    pub sha256: String,
    #[serde(skip)]
    pub at_ms: i64,
    /// Rows that were to be removed stand in it: told without their number.
    pub holds_removed_rows: bool,
    pub rows: BTreeMap<&'static str, Count>,
}

impl Desk {
    /// The figures of every dataset that was asked for anything.
    pub async fn public_figures(&self) -> Result<BTreeMap<String, Shown>, DeskError> {
        let waiting = self.store.waiting(&self.today().to_string()).await?;
        let figures = Figures::of(&self.store.groups().await?, &waiting);
        Ok(figures.iter().map(|(dataset, figures)| (dataset.clone(), Shown::of(figures))).collect())
    }

    /// Keeps in the log that a release was looked through.
    pub async fn keep_release_check(&self, dataset: &str, check: &ReleaseCheck) -> Result<(), DeskError> {
        let text = format!("The release {} was looked through for rows that are to be removed.", check.release);
        let detail = json!({ "release": check.release, "sha256": check.sha256, "rows": check.rows });
        let mut writing = self.store.write().await?;
        let what = (RELEASE_CHECKED, text.as_str());
        self.log_one(&mut writing, ("", Some(dataset)), &Actor::Portal, what, &detail).await?;
        Ok(writing.commit().await?)
    }

    /// Looks at releases of a dataset, newest first. How many rows were granted is in the published set, so a reader
    /// knows what the counts come to.
    pub async fn release_checks(&self, dataset: &str) -> Result<Vec<ShownCheck>, DeskError> {
        let lines = self.store.releases_checked(dataset, RELEASES_TOLD).await?;
        let shown = |(at_ms, detail): (i64, serde_json::Value)| {
            let text = |name: &str| detail[name].as_str().unwrap_or_default().to_owned();
            let rows = FATES.map(|fate| detail["rows"][fate].as_u64().unwrap_or(0));
            let [_, still_there, moved, _] = rows;
            let [counts] = protect([&rows], Some(rows.iter().sum()));
            ShownCheck {
                release: text("release"),
                sha256: text("sha256"),
                at_ms,
                holds_removed_rows: still_there + moved > 0,
                rows: FATES.into_iter().zip(counts).collect(),
            }
        };
        Ok(lines.into_iter().map(shown).collect())
    }
}
