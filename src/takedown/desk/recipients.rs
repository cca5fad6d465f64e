//! Recipients of datasets: registered, told once a version of the removal set, and whether they said that it arrived.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Desk, DeskError};
use crate::takedown::accounts::{Account, Role, digest, new_secret};
use crate::takedown::case::Actor;
use crate::takedown::post;
use crate::takedown::recipient::{self, Notice, NoticeCounts, Recipient};
use crate::takedown::store::{NewLetter, NewNotice, Writing};

/// Most recipients of a dataset that are told by letter; a dataset with more publishes its set and announces it.
pub const RECIPIENTS_MAX: usize = 500;
/// Longest name, characters.
pub const RECIPIENT_NAME_CHARS_MAX: usize = 200;
/// Notices that are listed.
const NOTICES_LISTED: i64 = 500;

impl Desk {
    /// Registers somebody who received a dataset. `by`: an admin, or the portal for the command line.
    ///
    /// # Errors
    /// [`DeskError::BadAddress`], [`DeskError::RecipientExists`], and [`DeskError::TooMuch`] for a name that is empty or
    /// too long and for one recipient too many.
    pub async fn add_recipient(
        &self,
        dataset: &str,
        name: &str,
        email: &str,
        by: &Actor,
    ) -> Result<Recipient, DeskError> {
        let name = name.trim();
        if !(1..=RECIPIENT_NAME_CHARS_MAX).contains(&name.chars().count()) {
            let what = format!("A recipient has a name of at most {RECIPIENT_NAME_CHARS_MAX} characters.");
            return Err(DeskError::TooMuch(what));
        }
        let email = email.trim();
        if !post::is_address(email) {
            return Err(DeskError::BadAddress);
        }
        let new = Recipient {
            id: new_secret(&*self.config.entropy)[..16].to_owned(),
            dataset: dataset.to_owned(),
            name: name.to_owned(),
            email: Some(email.to_owned()),
            added_ms: self.now_ms(),
            removed_ms: None,
        };
        let mut writing = self.store.write().await?;
        let live = self.store.recipients(Some(dataset)).await?;
        if live.iter().filter(|known| known.removed_ms.is_none()).count() >= RECIPIENTS_MAX {
            return Err(DeskError::TooMuch(format!("A dataset has at most {RECIPIENTS_MAX} recipients here.")));
        }
        if !writing.insert_recipient(&new).await? {
            return Err(DeskError::RecipientExists);
        }
        self.log_recipient(&mut writing, &new, by, ("recipient_added", "A recipient of the dataset was registered."))
            .await?;
        writing.commit().await?;
        Ok(new)
    }

    /// Nobody is written to any more; that they were is kept.
    pub async fn remove_recipient(&self, id: &str, by: &Actor) -> Result<(), DeskError> {
        let all = self.store.recipients(None).await?;
        let known = all.into_iter().find(|known| known.id == id).ok_or(DeskError::NoSuchRecipient)?;
        let mut writing = self.store.write().await?;
        if !writing.remove_recipient(id, self.now_ms()).await? {
            return Err(DeskError::NoSuchRecipient);
        }
        self.log_recipient(&mut writing, &known, by, ("recipient_removed", "A recipient of the dataset was removed."))
            .await?;
        Ok(writing.commit().await?)
    }

    /// Those who are told, and those who were: of one dataset or of all.
    pub async fn recipients(&self, dataset: Option<&str>) -> Result<Vec<Recipient>, DeskError> {
        Ok(self.store.recipients(dataset).await?)
    }

    /// The same for the datasets of an account, with the notices they were sent, newest first.
    pub async fn recipients_of(&self, account: &Account) -> Result<(Vec<Recipient>, Vec<Notice>), DeskError> {
        let mut recipients = self.store.recipients(None).await?;
        recipients.retain(|known| account.covers(&known.dataset));
        let mut notices = self.store.notices(NOTICES_LISTED).await?;
        notices.retain(|notice| account.covers(&notice.dataset));
        Ok((recipients, notices))
    }

    /// Only admins say who received a dataset.
    pub fn may_name_recipients(account: &Account) -> Result<(), DeskError> {
        if account.role == Role::Admin {
            return Ok(());
        }
        Err(DeskError::Forbidden { account: account.name.clone(), needs: "the role admin".into() })
    }

    /// Datasets of which somebody is to be told.
    pub async fn datasets_with_recipients(&self) -> Result<Vec<String>, DeskError> {
        Ok(self.store.datasets_with_recipients().await?)
    }

    /// Rows were granted that no published version holds yet.
    pub async fn has_unpublished_grants(&self, dataset: &str) -> Result<bool, DeskError> {
        Ok(self.store.has_unpublished_grants(dataset).await?)
    }

    /// Whether everybody was told of this version of a dataset's set or of a later one, with its digest where that is
    /// known by now.
    pub async fn are_told(&self, dataset: &str, version: u32, is_signed: bool) -> Result<bool, DeskError> {
        let told = self.store.told_through(dataset).await?;
        let lacks_digest = is_signed && self.store.lacks_digest(dataset, version).await?;
        Ok(told.is_some_and(|told| told >= version) && !lacks_digest)
    }

    /// Writes a notice of this version to every recipient that was told of none from it on; gives how many. Each goes out
    /// as other letters do.
    pub async fn tell_recipients(
        &self,
        dataset: &str,
        version: u32,
        set_digest: Option<&str>,
    ) -> Result<usize, DeskError> {
        let mut writing = self.store.write().await?;
        if let Some(set_digest) = set_digest {
            writing.name_digest(dataset, version, set_digest).await?;
        }
        let recipients = writing.not_told(dataset, version).await?;
        for to in &recipients {
            self.write_notice(&mut writing, to, version, set_digest).await?;
        }
        writing.commit().await?;
        Ok(recipients.len())
    }

    /// The notice behind the secret of its link.
    pub async fn notice(&self, token: &str) -> Result<Notice, DeskError> {
        self.store.notice(&digest(token.trim())).await?.ok_or(DeskError::NoSuchLink)
    }

    /// A recipient says that a notice arrived. The first time counts.
    pub async fn acknowledge_notice(&self, token: &str) -> Result<Notice, DeskError> {
        let mut writing = self.store.write().await?;
        let found = writing.acknowledge(&digest(token.trim()), self.now_ms()).await?;
        let (notice, first) = found.ok_or(DeskError::NoSuchLink)?;
        if first {
            let what = ("notice_acknowledged", "A recipient said that a notice arrived.");
            let detail = json!({ "recipient": notice.recipient_id, "version": notice.version });
            let about = ("", Some(notice.dataset.as_str()));
            self.log_one(&mut writing, about, &Actor::Portal, what, &detail).await?;
        }
        writing.commit().await?;
        Ok(notice)
    }

    /// Notices of a dataset by version.
    pub async fn notice_counts(&self, dataset: &str) -> Result<BTreeMap<u32, NoticeCounts>, DeskError> {
        Ok(self.store.notice_counts(dataset).await?)
    }

    async fn write_notice(
        &self,
        writing: &mut Writing,
        to: &Recipient,
        version: u32,
        set_digest: Option<&str>,
    ) -> Result<(), DeskError> {
        let id = || new_secret(&*self.config.entropy)[..32].to_owned();
        let (notice, letter, token) = (id(), id(), new_secret(&*self.config.entropy));
        let (subject, text) = recipient::write(&self.rules, to, version, set_digest, &token);
        let letter_line = NewLetter {
            id: &letter,
            number: "",
            dataset: Some(&to.dataset),
            kind: recipient::NOTICE_KIND,
            addressee: "recipients".to_owned(),
            to: to.email.as_deref(),
            subject: &subject,
            text: &text,
            written_ms: self.now_ms(),
        };
        writing.insert_letter(&letter_line).await?;
        let new = NewNotice {
            id: &notice,
            recipient: &to.id,
            dataset: &to.dataset,
            version,
            digest: set_digest,
            token: &digest(&token),
            letter: &letter,
            written_ms: self.now_ms(),
        };
        writing.insert_notice(&new).await?;
        let what = ("notice", "A notice of what to remove was written to a recipient of the dataset.");
        let detail = json!({ "recipient": to.id, "version": version });
        self.log_one(writing, ("", Some(&to.dataset)), &Actor::Portal, what, &detail).await
    }

    /// Who it is stays out of the log: recipients may be people.
    async fn log_recipient(
        &self,
        writing: &mut Writing,
        who: &Recipient,
        by: &Actor,
        what: (&str, &str),
    ) -> Result<(), DeskError> {
        self.log_one(writing, ("", Some(&who.dataset)), by, what, &json!({ "recipient": who.id })).await
    }
}
