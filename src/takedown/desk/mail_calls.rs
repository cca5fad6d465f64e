//! What the portal does by itself, asked every few seconds by the server: post letters, close what waited too long.

use super::shelf::{Extras, Step};
use super::types::PostState;
use super::{Desk, DeskError};
use crate::takedown::decision::Act;
use crate::takedown::post::Mail;
use crate::takedown::recipient::{NOTICE_KIND, without_secret};

/// Letters in one round.
const LETTERS_AT_A_TIME: i64 = 50;
/// Attempts before a letter is given up: with the waits below, about two days.
const ATTEMPTS_MAX: i64 = 12;
/// The wait after the first failed attempt; it doubles with each further one ...
const WAIT_FIRST_MS: i64 = 60_000;
/// ... up to this.
const WAIT_MAX_MS: i64 = 8 * 3_600_000;
/// How long a letter is ours while it is being posted. A process that ends meanwhile leaves it to be posted again.
const CLAIM_MS: i64 = 5 * 60_000;

impl Desk {
    /// Posts letters that are due; gives how many went out. Every letter is posted at least once; one that was under
    /// way when the process was killed may go out twice.
    pub async fn post_letters(&self) -> Result<usize, DeskError> {
        let mut sent = 0;
        for letter in self.store.due_letters(self.now_ms(), LETTERS_AT_A_TIME).await? {
            if !self.store.claim_letter(&letter, self.now_ms() + CLAIM_MS).await? {
                continue;
            }
            let mail = Mail {
                id: &letter.id,
                to: &letter.to,
                subject: &letter.subject,
                text: &letter.text,
                written_ms: letter.written_ms,
            };
            let (state, next_ms) = match self.postman.carry(&mail).await {
                Ok(()) => {
                    sent += 1;
                    (PostState::Sent, self.now_ms())
                }
                Err(error) => {
                    let attempts = letter.attempts + 1;
                    // The case's number and the kind of fault, never an address: mail servers repeat it in what they say,
                    // and the log may be read by others than the case.
                    tracing::warn!(case = letter.number, attempts, why = error.kind(), "a letter could not be posted");
                    let wait = (WAIT_FIRST_MS << (attempts - 1).clamp(0, 20)).min(WAIT_MAX_MS);
                    let state = if attempts >= ATTEMPTS_MAX { PostState::Failed } else { PostState::Queued };
                    (state, self.now_ms() + wait)
                }
            };
            self.store.settle_letter(&letter.id, state, next_ms).await?;
            if state != PostState::Queued && letter.kind == NOTICE_KIND {
                // The secret of its link was for the recipient: from here on only its digest is known.
                self.store.replace_letter_text(&letter.id, &without_secret(&letter.text)).await?;
            }
        }
        Ok(sent)
    }

    /// Closes targets whose question was not answered in time; gives how many.
    pub async fn run_clocks(&self) -> Result<usize, DeskError> {
        let mut closed = 0;
        for (number, dataset) in self.store.waiting_for_people().await? {
            let step = || Step { dataset: dataset.clone(), act: Act::Expire, expected: None };
            match self.change(&number, &Extras::default(), |_| Ok(vec![step()])).await {
                Ok(_) => closed += 1,
                // Not yet, or answered this very moment.
                Err(DeskError::Refused(_) | DeskError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(closed)
    }
}
