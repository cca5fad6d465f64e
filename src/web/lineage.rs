//! What follows from grants beyond their own dataset: the same rows looked for in datasets made from it, notices to those
//! who received it. Done every few seconds, and before a page that shows it.

use std::sync::Arc;

use actix_web::web;

use super::state::AppState;
use crate::publishing::notices;
use crate::search::lineage::Descent;
use crate::takedown::desk::lineage::PROPOSED_ROWS_MAX;

/// Targets that are compared at a time, and in one round of all: a round ends before the next is due.
const TARGETS_AT_A_TIME: i64 = 10;
const TARGETS_A_ROUND: usize = 200;
/// Rows looked for twice as many as are proposed: some were decided about before.
const ROWS_LOOKED_FOR: usize = 2 * PROPOSED_ROWS_MAX;

/// How far was looked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Followed {
    through: i64,
    descents: Vec<Descent>,
}

impl AppState {
    /// Looks for granted rows in derived datasets and proposes what is found, as far as one round goes; gives how many
    /// targets were compared.
    pub(super) async fn propose_same_rows(&self) -> anyhow::Result<usize> {
        let engine = self.engine.clone();
        let descents = web::block(move || engine.descents()).await??;
        let now = Followed { through: self.desk.log_head().await?, descents: descents.clone() };
        if self.followed.load().as_deref() == Some(&now) {
            return Ok(0);
        }
        let mut compared = 0;
        for descent in &descents {
            while compared < TARGETS_A_ROUND {
                let n = self.compare(descent).await?;
                compared += n;
                if n == 0 {
                    break;
                }
            }
        }
        if compared < TARGETS_A_ROUND {
            // All of it: not again before something is written into the log, or a dataset comes or goes.
            self.followed.store(Some(Arc::new(now)));
        }
        Ok(compared)
    }

    async fn compare(&self, descent: &Descent) -> anyhow::Result<usize> {
        let Descent { source, derived, revision } = descent;
        let targets = self.desk.to_look_for(source, derived, revision, TARGETS_AT_A_TIME).await?;
        let n = targets.len();
        for target in targets {
            let (engine, slug) = (self.engine.clone(), derived.clone());
            let (target, found) = web::block(move || {
                let found = engine.same_rows(&slug, &target.records, ROWS_LOOKED_FOR);
                (target, found)
            })
            .await?;
            self.desk.propose(&target, derived, revision, found?).await?;
        }
        Ok(n)
    }

    /// Both of it.
    pub(super) async fn follow_grants(&self) -> anyhow::Result<()> {
        self.propose_same_rows().await?;
        notices::write_due(&self.desk, &self.versions).await?;
        Ok(())
    }
}
