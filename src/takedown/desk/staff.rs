//! What maintainers do: look through the queue, look at a case, decide it.

use std::collections::BTreeSet;

use super::person::normal_number;
use super::shelf::{Extras, Step, Taken};
use super::types::{Attachment, DecisionOrder, Queue, QueueFilter, Review};
use super::{Desk, DeskError};
use crate::takedown::accounts::{Account, Role};
use crate::takedown::case::{Actor, Case, Decision, RowState, TargetRow};
use crate::takedown::decision::{Act, Rows, Ruling};
use crate::takedown::filing::{self, Filing};
use crate::takedown::reasons::Reasons;
use crate::takedown::store::{Place, picture_key, row_key};

/// Rows of a case by which other cases are looked for: whoever shares rows shares some of the first two thousand.
const ROWS_COMPARED: usize = 2_000;
/// Most cases in one bulk decision: a screenful at the largest page.
pub const BULK_MAX: usize = 500;

impl Desk {
    /// A page of the queue: the account's datasets only.
    pub async fn queue(&self, account: &Account, filter: &QueueFilter) -> Result<Queue, DeskError> {
        let own = own_datasets(account);
        let place = match &filter.cursor {
            Some(cursor) => Some(Place::read(cursor).ok_or(DeskError::BadCursor)?),
            None => None,
        };
        let (lines, next) = self.store.queue(own, filter, place.as_ref()).await?;
        let counts = self.store.counts(own).await?;
        let overdue = self.store.overdue(own, &self.today().to_string()).await?;
        Ok(Queue { lines, counts, overdue, next })
    }

    /// A case with everything a decision rests on; only the targets of the account's datasets.
    pub async fn review(&self, account: &Account, number: &str) -> Result<Review, DeskError> {
        let (taken, case) = self.whole(&normal_number(number)).await?;
        let number = case.number.clone();
        let seen = |dataset: &str| account.covers(dataset);
        let targets: Vec<_> = taken.targets.iter().filter(|stored| seen(&stored.target.dataset)).collect();
        if targets.is_empty() {
            return Err(DeskError::NoSuchCase);
        }
        let rows = || {
            let of = |stored: &&crate::takedown::store::StoredTarget| stored.target.dataset.clone();
            targets.iter().flat_map(move |stored| stored.target.rows.iter().map(move |row| (of(stored), &row.record)))
        };
        let row_keys: Vec<i64> =
            rows().take(ROWS_COMPARED).map(|(dataset, record)| row_key(&dataset, &record.id)).collect();
        let pictures: BTreeSet<i64> =
            rows().take(ROWS_COMPARED).filter_map(|(_, record)| picture_key(record)).collect();
        let pictures: Vec<i64> = pictures.into_iter().collect();
        let mut related = self.store.related(&number, &taken.row.person, &row_keys, &pictures).await?;
        related.retain(|other| seen(&other.dataset));
        let total_rows = taken.targets.iter().map(|stored| stored.target.rows.len()).sum();
        let missing = filing::missing(&filing_of(&taken), &self.rules, total_rows);
        let versions = targets.iter().map(|stored| (stored.target.dataset.clone(), stored.version)).collect();
        let assigned = targets
            .iter()
            .filter_map(|stored| Some((stored.target.dataset.clone(), stored.assigned.clone()?)))
            .collect();
        let own_events = |event: &crate::takedown::case::Event| event.dataset.as_deref().is_none_or(seen);
        let events = case.events.iter().filter(|event| own_events(event)).cloned().collect();
        let mut letters = self.store.letters(&number, true).await?;
        letters.retain(|letter| letter.dataset.as_deref().is_none_or(seen));
        Ok(Review {
            case: Case { targets: targets.iter().map(|stored| stored.target.clone()).collect(), events, ..case },
            versions,
            assigned,
            related,
            proofs: self.store.proofs(&number).await?,
            claims: self.store.claims(&number).await?,
            letters,
            attachments: self.store.attachments(&number).await?,
            missing,
        })
    }

    /// Decides rows of one target. Takes effect at once: rows that were granted are in the tombstone feed when this
    /// returns.
    pub async fn decide(&self, account: &Account, number: &str, order: &DecisionOrder) -> Result<Review, DeskError> {
        self.act(account, number, &order.dataset, decide_act(account, order), order.expected_version).await
    }

    /// One decision for many cases; each is its own transaction with its own outcome, and what cannot be decided so does
    /// not hold up the others. `order.expected_version` is not looked at.
    pub async fn decide_many(
        &self,
        account: &Account,
        numbers: &[String],
        order: &DecisionOrder,
    ) -> Result<Vec<(String, Result<(), DeskError>)>, DeskError> {
        if numbers.len() > BULK_MAX {
            return Err(DeskError::TooMuch(format!("at most {BULK_MAX} cases are decided at once")));
        }
        needs_maintainer(account)?;
        let mut outcomes = Vec::with_capacity(numbers.len());
        for number in numbers {
            let act = decide_act(account, order);
            let outcome = self.do_act(account, number, &order.dataset, act, None).await;
            outcomes.push((number.clone(), outcome));
        }
        Ok(outcomes)
    }

    /// Anything the state machine knows, done by this account (whatever name the act holds).
    pub async fn act(
        &self,
        account: &Account,
        number: &str,
        dataset: &str,
        act: Act,
        expected_version: Option<i64>,
    ) -> Result<Review, DeskError> {
        self.do_act(account, number, dataset, act, expected_version).await?;
        self.review(account, number).await
    }

    /// [`Desk::act`] without the case afterwards.
    pub async fn do_act(
        &self,
        account: &Account,
        number: &str,
        dataset: &str,
        act: Act,
        expected: Option<i64>,
    ) -> Result<(), DeskError> {
        if !account.covers(dataset) {
            // Like a case that is not there: whether somebody asked another dataset is not this account's business.
            return Err(DeskError::NoSuchCase);
        }
        if matches!(act, Act::Restore { .. } | Act::CourtAction { .. }) {
            needs_maintainer(account)?;
        }
        let act = signed(act, &account.name);
        let number = normal_number(number);
        if matches!(act, Act::DecideAppeal { ruling: Ruling::Reverse, .. }) {
            let taken = self.take(&number).await?;
            // Where everything was granted, turning that over shows rows again, as restoring does.
            let is_open = |row: &TargetRow| !row.state.is_granted() && row.state != RowState::Withdrawn;
            if !taken.target(dataset)?.target.rows.iter().any(is_open) {
                needs_maintainer(account)?;
            }
        }
        let changed = self
            .change(&number, &Extras::default(), |_| {
                Ok(vec![Step { dataset: dataset.to_owned(), act: act.clone(), expected }])
            })
            .await?;
        // A first person's word under the two-person rule decides nothing yet, here or there.
        if changed.iter().any(|target| target.memo.proposal.is_some()) {
            return Ok(());
        }
        self.follow_to_duplicates(&number, dataset, &act).await
    }

    /// What was decided about all rows of a case is decided about the cases that were marked as the same. What was
    /// decided about some rows only is for somebody to look at.
    async fn follow_to_duplicates(&self, number: &str, dataset: &str, act: &Act) -> Result<(), DeskError> {
        let follows = matches!(
            act,
            Act::Decide {
                decision: Decision::Granted | Decision::Refused | Decision::OutOfScope | Decision::Forwarded,
                rows: Rows::All,
                ..
            }
        );
        if !follows {
            return Ok(());
        }
        for (duplicate, of) in self.store.duplicates(dataset).await? {
            if normal_number(&of) != number {
                continue;
            }
            let step = || Step { dataset: dataset.to_owned(), act: act.clone(), expected: None };
            match self.change(&duplicate, &Extras::default(), |_| Ok(vec![step()])).await {
                // It has no rows that could be granted, or somebody is at it: it stays in the queue.
                Ok(_) | Err(DeskError::Refused(_) | DeskError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Writes to the person.
    pub async fn reply(&self, account: &Account, number: &str, dataset: &str, text: &str) -> Result<Review, DeskError> {
        let act = Act::Message { text: text.to_owned(), by: Actor::Staff(account.name.clone()) };
        self.act(account, number, dataset, act, None).await
    }

    pub async fn decide_appeal(
        &self,
        account: &Account,
        number: &str,
        dataset: &str,
        ruling: Ruling,
        reasons: Reasons,
    ) -> Result<Review, DeskError> {
        let act = Act::DecideAppeal { ruling, reasons, by: account.name.clone() };
        self.act(account, number, dataset, act, None).await
    }

    /// Takes a grant back: its rows are shown again.
    pub async fn restore(
        &self,
        account: &Account,
        number: &str,
        dataset: &str,
        reasons: Reasons,
    ) -> Result<Review, DeskError> {
        let act = Act::Restore { reasons, by: Actor::Staff(account.name.clone()) };
        self.act(account, number, dataset, act, None).await
    }

    pub async fn staff_attachment(&self, account: &Account, number: &str, id: &str) -> Result<Attachment, DeskError> {
        let number = self.seen_by(account, number).await?;
        self.store.attachment(&number, id).await?.ok_or(DeskError::NoSuchAttachment)
    }

    /// The number of a case that the account may see.
    pub(super) async fn seen_by(&self, account: &Account, number: &str) -> Result<String, DeskError> {
        let taken = self.take(&normal_number(number)).await?;
        let seen = taken.targets.iter().any(|stored| account.covers(&stored.target.dataset));
        if seen { Ok(taken.row.case.number) } else { Err(DeskError::NoSuchCase) }
    }
}

fn own_datasets(account: &Account) -> Option<&[String]> {
    if account.sees_all() { None } else { Some(&account.datasets) }
}

pub(super) fn needs_maintainer(account: &Account) -> Result<(), DeskError> {
    if account.role >= Role::Maintainer {
        return Ok(());
    }
    Err(DeskError::Forbidden { account: account.name.clone(), needs: "the role maintainer or admin".into() })
}

fn decide_act(account: &Account, order: &DecisionOrder) -> Act {
    Act::Decide {
        decision: order.decision,
        rows: order.rows.clone(),
        reasons: order.reasons.clone(),
        scope: order.scope,
        by: account.name.clone(),
    }
}

/// The act as done by `name`: nobody signs for somebody else.
fn signed(act: Act, name: &str) -> Act {
    let staff = || Actor::Staff(name.to_owned());
    let mut act = act;
    match &mut act {
        Act::Start { by }
        | Act::AskProof { by, .. }
        | Act::Decide { by, .. }
        | Act::AddRows { by, .. }
        | Act::DecideAppeal { by, .. }
        | Act::CourtAction { by, .. }
        | Act::MarkDuplicate { by, .. } => name.clone_into(by),
        Act::Message { by, .. } | Act::ProofChecked { by, .. } | Act::Restore { by, .. } | Act::Close { by } => {
            *by = staff();
        }
        // The portal's own, the person's, or (a counter-notice) of somebody who wrote a letter.
        Act::Acknowledge
        | Act::Withdraw
        | Act::Narrow { .. }
        | Act::Appeal { .. }
        | Act::CounterNotice { .. }
        | Act::Publish { .. }
        | Act::Verify { .. }
        | Act::Expire
        | Act::Reopen { .. } => {}
    }
    act
}

/// What was filed, for the check of what is missing.
fn filing_of(taken: &Taken) -> Filing {
    let case = taken.row.case.clone();
    Filing {
        basis: case.basis,
        requester: case.requester,
        explanation: case.explanation,
        statements: case.statements,
        signature: case.signature,
        typed_urls: case.typed_urls,
        cannot_find: case.cannot_find,
        scope: case.scope,
        share_name: case.share_name,
        answers: case.answers,
        email_optin: false,
    }
}
