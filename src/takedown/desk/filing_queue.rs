//! Filings that come at the same moment share a commit.
//!
//! A commit waits for the disk, some milliseconds, and only one can run at a time. Whoever gets to write takes
//! everybody who waits along; nobody is answered before the commit that holds their case is on the disk.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::sync::oneshot;

use super::shelf::hide_and_show;
use super::{Desk, DeskError};
use crate::takedown::decision::Outcome;
use crate::takedown::letters::Letter;
use crate::takedown::store::{CaseRow, StoreError};

/// Filings in one commit: enough to make the wait for the disk small beside the work, few enough that nobody waits long
/// for the others' rows.
const BATCH: usize = 64;

/// A case that is ready to be written.
pub(super) struct Prepared {
    pub(super) row: CaseRow,
    pub(super) outcomes: Vec<Outcome>,
    /// With the dataset each is about.
    pub(super) letters: Vec<(Letter, Option<String>)>,
    /// Digest of the secret in the link that confirms the address.
    pub(super) mail_token: Option<String>,
}

type Answer = oneshot::Sender<Result<bool, String>>;

#[derive(Default)]
pub(super) struct FilingQueue {
    waiting: Mutex<Vec<(Arc<Prepared>, Answer)>>,
    /// Held by whoever writes for all.
    pen: tokio::sync::Mutex<()>,
}

impl FilingQueue {
    fn join(&self, prepared: &Arc<Prepared>) -> oneshot::Receiver<Result<bool, String>> {
        let (answer, wait) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push((prepared.clone(), answer));
        wait
    }

    fn next_batch(&self) -> Vec<(Arc<Prepared>, Answer)> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let end = waiting.len().min(BATCH);
        waiting.drain(..end).collect()
    }
}

impl Desk {
    /// Writes a prepared case; on the disk when it returns. `false` where its number is taken.
    pub(super) async fn write_filing(&self, prepared: Prepared) -> Result<bool, DeskError> {
        let prepared = Arc::new(prepared);
        loop {
            let mut wait = self.filings.join(&prepared);
            let answer = loop {
                let pen = self.filings.pen.lock().await;
                match wait.try_recv() {
                    Err(oneshot::error::TryRecvError::Empty) => self.write_batch(self.filings.next_batch()).await,
                    Ok(answer) => break Some(answer),
                    Err(oneshot::error::TryRecvError::Closed) => break None,
                }
                drop(pen);
            };
            match answer {
                Some(Ok(written)) => return Ok(written),
                Some(Err(error)) => return Err(StoreError::Damaged(error).into()),
                // Whoever wrote for us went away (its visitor hung up). Our case is there or it is not.
                None => {
                    let there = self.store.passphrase_hash(&prepared.row.case.number).await?;
                    if there.is_some_and(|hash| hash == prepared.row.passphrase_hash) {
                        return Ok(true);
                    }
                }
            }
        }
    }

    async fn write_batch(&self, batch: Vec<(Arc<Prepared>, Answer)>) {
        match self.write_all(batch.iter().map(|(prepared, _)| &**prepared)).await {
            Ok(written) => {
                for ((_, answer), written) in batch.into_iter().zip(written) {
                    let _ = answer.send(Ok(written));
                }
            }
            // One of them cannot be written: each alone, so that the others are not refused with it.
            Err(_) => {
                for (prepared, answer) in batch {
                    let alone = self.write_all(std::iter::once(&*prepared)).await;
                    let alone = alone.map(|written| written.first().copied().unwrap_or(false));
                    let _ = answer.send(alone.map_err(|error| error.to_string()));
                }
            }
        }
    }

    async fn write_all<'a>(&self, all: impl Iterator<Item = &'a Prepared>) -> Result<Vec<bool>, DeskError> {
        let mut writing = self.store.write().await?;
        let mut written = Vec::new();
        for prepared in all {
            let fresh = writing.insert_case(&prepared.row).await?;
            written.push(fresh);
            if !fresh {
                continue;
            }
            let case = &prepared.row.case;
            for outcome in &prepared.outcomes {
                let id = writing.insert_target(&case.number, &outcome.target).await?;
                writing.insert_words(id, &prepared.row.search).await?;
                self.log_all(&mut writing, &case.number, &outcome.events).await?;
                hide_and_show(&mut writing, id, outcome).await?;
            }
            if let Some(digest) = &prepared.mail_token {
                writing.insert_mail_token(digest, &case.number, self.now_ms()).await?;
            }
            for (letter, dataset) in &prepared.letters {
                self.post(&mut writing, &case.number, dataset.as_deref(), letter, false).await?;
            }
            if prepared.outcomes.iter().all(|outcome| outcome.events.is_empty()) {
                let filed = ("filed", "The request was filed.");
                self.log_one(&mut writing, (&case.number, None), &super::FILER, filed, &Value::Null).await?;
            }
        }
        writing.commit().await?;
        Ok(written)
    }
}
