//! The same rows in datasets made from this one: proposed to their maintainers, taken over or not.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use serde_json::json;

use super::person::normal_number;
use super::staff::needs_maintainer;
use super::types::DecisionOrder;
use super::{Desk, DeskError};
use crate::takedown::accounts::{Account, new_secret};
use crate::takedown::basis::Basis;
use crate::takedown::case::{Actor, Decision, RecordRef, Requester, RowState, Statements};
use crate::takedown::decision::Rows;
use crate::takedown::filing::Filing;
use crate::takedown::proposal::{Proposal, ProposalState, ProposedRow};
use crate::takedown::reasons::{Ground, Reasons};
use crate::takedown::store::Look;
use crate::takedown::tombstone::Scope;

/// Most rows of one proposal: what a maintainer can look over; the others come once these are decided.
pub const PROPOSED_ROWS_MAX: usize = 1_000;
/// Proposals that are listed at once.
const PROPOSALS_LISTED: i64 = 200;
/// Whoever began to take one over and was cut off leaves it free again after this.
const CLAIM_MS: i64 = 5 * 60_000;

/// A target whose granted rows are to be looked for in a derived dataset.
#[derive(Debug, Clone)]
pub struct ToLookFor {
    target: i64,
    version: i64,
    pub records: Vec<RecordRef>,
}

impl Desk {
    /// Targets of `source` whose granted rows were not yet looked for in this revision of `derived`.
    pub async fn to_look_for(
        &self,
        source: &str,
        derived: &str,
        revision: &str,
        limit: i64,
    ) -> Result<Vec<ToLookFor>, DeskError> {
        let targets = self.store.not_looked_at(source, derived, revision, limit).await?;
        let of = |stored: crate::takedown::store::StoredTarget| {
            let rows = stored.target.rows.into_iter().filter(|row| row.state == RowState::Granted);
            ToLookFor {
                target: stored.id,
                version: stored.version,
                records: rows.map(|row| Arc::unwrap_or_clone(row.record)).collect(),
            }
        };
        Ok(targets.into_iter().map(of).collect())
    }

    /// Proposes what was found, in the place of what was proposed for the same rows before. Rows that somebody has
    /// decided about, or that wait already, are not proposed again.
    pub async fn propose(
        &self,
        looked_for: &ToLookFor,
        derived: &str,
        revision: &str,
        found: Vec<ProposedRow>,
    ) -> Result<(), DeskError> {
        let mut writing = self.store.write().await?;
        let (target, version) = (looked_for.target, looked_for.version);
        if !writing.looked(&Look { target, version, dataset: derived, revision }).await? {
            return Ok(());
        }
        let known: HashSet<String> =
            writing.clear_pending(target, derived).await?.into_iter().map(|row| row.record.id).collect();
        let new: Vec<ProposedRow> =
            found.into_iter().filter(|row| !known.contains(&row.record.id)).take(PROPOSED_ROWS_MAX).collect();
        if !new.is_empty() {
            let id = new_secret(&*self.config.entropy)[..32].to_owned();
            writing.insert_proposal(&id, target, derived, &new, self.now_ms()).await?;
        }
        Ok(writing.commit().await?)
    }

    /// What waits for the account's datasets, oldest first.
    pub async fn proposals(&self, account: &Account) -> Result<Vec<Proposal>, DeskError> {
        let mut all = self.store.pending_proposals(PROPOSALS_LISTED).await?;
        all.retain(|proposal| account.covers(&proposal.dataset));
        Ok(all)
    }

    /// Something was written into the log since a reader last looked: what may have been granted, or taken back.
    pub async fn log_head(&self) -> Result<i64, DeskError> {
        Ok(self.store.log_head().await?)
    }

    /// What came of the granted rows of a case, of the datasets that are the account's.
    pub async fn proposals_of(&self, account: &Account, number: &str) -> Result<Vec<Proposal>, DeskError> {
        let mut all = self.store.proposals_of_case(&normal_number(number)).await?;
        all.retain(|proposal| account.covers(&proposal.source));
        Ok(all)
    }

    /// Takes rows of a proposal over: a case of the portal's own, granted at once under the maintainer's name; it names
    /// nobody and not the case it came from. Gives its number.
    ///
    /// # Errors
    /// [`DeskError::NoSuchProposal`] where it does not wait any more or is not the account's.
    pub async fn accept_proposal(&self, account: &Account, id: &str, ids: &[String]) -> Result<String, DeskError> {
        let proposal = self.own_proposal(account, id).await?;
        let wanted: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
        let rows = proposal.rows.iter().filter(|row| wanted.contains(row.record.id.as_str()));
        let records: Vec<RecordRef> = rows.map(|row| row.record.clone()).collect();
        if records.is_empty() {
            return Err(crate::takedown::decision::DecisionError::NoRecords.into());
        }
        self.mark(account, id, ProposalState::Accepting).await?;
        match self.take_over(account, &proposal, records).await {
            Ok(number) => {
                let mut writing = self.store.write().await?;
                writing.settle_proposal(id, ProposalState::Accepted, Some(&number)).await?;
                let text =
                    format!("The same rows of {} were removed too: it was made from this dataset.", proposal.dataset);
                let about = (proposal.source_case.as_str(), Some(proposal.source.as_str()));
                let detail = json!({ "dataset": proposal.dataset, "rows": ids.len() });
                self.log_one(&mut writing, about, &Actor::Portal, ("derived", &text), &detail).await?;
                writing.commit().await?;
                Ok(number)
            }
            Err(error) => {
                let mut writing = self.store.write().await?;
                writing.settle_proposal(id, ProposalState::Pending, None).await?;
                writing.commit().await?;
                Err(error)
            }
        }
    }

    /// Says no: the rows stay, and are not proposed again for the same grant.
    pub async fn dismiss_proposal(&self, account: &Account, id: &str) -> Result<(), DeskError> {
        self.own_proposal(account, id).await?;
        self.mark(account, id, ProposalState::Dismissed).await
    }

    async fn own_proposal(&self, account: &Account, id: &str) -> Result<Proposal, DeskError> {
        needs_maintainer(account)?;
        let proposal = self.store.proposal(id).await?;
        proposal.filter(|proposal| account.covers(&proposal.dataset)).ok_or(DeskError::NoSuchProposal)
    }

    async fn mark(&self, account: &Account, id: &str, state: ProposalState) -> Result<(), DeskError> {
        let now_ms = self.now_ms();
        let mut writing = self.store.write().await?;
        if !writing.claim_proposal(id, state, &account.name, now_ms, now_ms - CLAIM_MS).await? {
            return Err(DeskError::NoSuchProposal);
        }
        Ok(writing.commit().await?)
    }

    async fn take_over(
        &self,
        account: &Account,
        proposal: &Proposal,
        records: Vec<RecordRef>,
    ) -> Result<String, DeskError> {
        let explanation = format!(
            "Nobody filed this: the portal found rows that are the same as rows granted in {}, from which this dataset \
             was made, and {} took them over.",
            proposal.source, account.name
        );
        let filed = self.file(own_filing(&explanation), records).await?;
        let number = filed.case.number;
        let order = DecisionOrder {
            dataset: proposal.dataset.clone(),
            rows: Rows::All,
            decision: Decision::Granted,
            reasons: Reasons {
                ground: Ground::Terms,
                reference: format!("Rows granted in {}", proposal.source),
                explanation,
                facts: "Each row has the same file, address, picture or number as a granted one.".to_owned(),
                refusal: None,
            },
            scope: Some(Scope::Row),
            expected_version: None,
        };
        self.decide(account, &number, &order).await?;
        Ok(number)
    }
}

/// A request of the portal's own: nobody is behind it.
fn own_filing(explanation: &str) -> Filing {
    Filing {
        basis: Basis::Plain,
        requester: Requester::default(),
        explanation: explanation.to_owned(),
        statements: Statements::default(),
        signature: None,
        typed_urls: Vec::new(),
        cannot_find: None,
        scope: Scope::Row,
        share_name: false,
        answers: BTreeMap::new(),
        email_optin: false,
    }
}
