//! Beside deciding: who works on what, proofs of who asks, files that must go.

use serde_json::json;

use super::types::{Proof, Review};
use super::{Desk, DeskError};
use crate::takedown::accounts::Account;
use crate::takedown::case::Actor;
use crate::takedown::decision::Act;

impl Desk {
    /// Gives a target to an account of its dataset, or to nobody.
    pub async fn assign(
        &self,
        account: &Account,
        number: &str,
        dataset: &str,
        to: Option<&str>,
    ) -> Result<Review, DeskError> {
        let number = self.seen_by(account, number).await?;
        if !account.covers(dataset) {
            return Err(DeskError::NoSuchTarget(dataset.to_owned()));
        }
        if let Some(name) = to {
            let found = self.store.account(name).await?;
            let fits = found.is_some_and(|row| !row.account.disabled && row.account.covers(dataset));
            if !fits {
                return Err(DeskError::NoSuchAccount(name.to_owned()));
            }
        }
        let taken = self.take(&number).await?;
        let stored = taken.target(dataset)?;
        let mut writing = self.store.write().await?;
        if !writing.assign(stored.id, stored.version, to).await? {
            return Err(DeskError::Conflict { version: stored.version + 1 });
        }
        let actor = Actor::Staff(account.name.clone());
        let what = ("assigned", "The request was given to a maintainer.");
        self.log_one(&mut writing, (&number, Some(dataset)), &actor, what, &json!({ "to": to })).await?;
        writing.commit().await?;
        self.review(account, &number).await
    }

    /// Keeps a proof of who asks; targets that waited for one go on.
    pub async fn add_proof(&self, number: &str, proof: Proof, by: Actor) -> Result<(), DeskError> {
        let taken = self.take(&super::person::normal_number(number)).await?;
        let number = taken.row.case.number.clone();
        let known = self.store.proofs(&number).await?;
        let strongest = known.iter().chain([&proof]).max_by_key(|proof| proof.strength).unwrap_or(&proof).clone();
        let mut writing = self.store.write().await?;
        writing.insert_proof(&number, &proof, &strongest).await?;
        let detail = json!({ "kind": proof.kind, "strength": proof.strength });
        let what = ("proof_kept", "A proof of who asks was checked.");
        self.log_one(&mut writing, (&number, None), &by, what, &detail).await?;
        writing.commit().await?;
        for stored in &taken.targets {
            let act = Act::ProofChecked { summary: proof.note.clone(), by: by.clone() };
            // Only targets that wait for a proof take notice of one.
            if self.outcome(&stored.target, &act).is_ok() {
                let dataset = stored.target.dataset.clone();
                self.change(&number, &super::shelf::Extras::default(), |_| {
                    Ok(vec![super::shelf::Step { dataset: dataset.clone(), act: act.clone(), expected: None }])
                })
                .await?;
            }
        }
        Ok(())
    }

    /// Deletes an attached file for good (a document of identity, once looked at); that it was there stays in the log.
    pub async fn delete_attachment(&self, account: &Account, number: &str, id: &str) -> Result<Review, DeskError> {
        let number = self.seen_by(account, number).await?;
        let mut writing = self.store.write().await?;
        if !writing.delete_attachment(&number, id).await? {
            return Err(DeskError::NoSuchAttachment);
        }
        let actor = Actor::Staff(account.name.clone());
        let what = ("attachment_deleted", "An attached file was deleted after it was looked at.");
        self.log_one(&mut writing, (&number, None), &actor, what, &json!({ "attachment": id })).await?;
        writing.commit().await?;
        self.review(account, &number).await
    }
}
