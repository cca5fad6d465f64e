//! Making accounts and changing them.

use serde_json::json;

use super::{Desk, DeskError, aside};
use crate::takedown::accounts::{self, Account, CredentialError, Role};
use crate::takedown::case::Actor;
use crate::takedown::store::{AccountRow, Writing};

/// What an authenticator app needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Base32, to be typed.
    pub secret: String,
    /// `otpauth://totp/...`
    pub address: String,
}

impl Desk {
    /// A new account. `datasets`: what it works on; none means all.
    pub async fn add_account(
        &self,
        name: &str,
        role: Role,
        datasets: Vec<String>,
        password: &str,
    ) -> Result<Account, DeskError> {
        accounts::check_name(name)?;
        let password_hash = self.hashed(password).await?;
        let made_ms = self.now_ms();
        let account = Account { name: name.to_owned(), role, datasets, disabled: false, totp: false, made_ms };
        let row = AccountRow { account: account.clone(), password_hash, totp_secret: None, totp_pending: None };
        let mut writing = self.store.write().await?;
        if !writing.insert_account(&row).await? {
            return Err(DeskError::AccountExists(name.to_owned()));
        }
        let detail = json!({ "account": name, "role": role.name(), "datasets": account.datasets });
        let what = ("account_added", "An account was made.");
        self.log_one(&mut writing, ("", None), &Actor::Portal, what, &detail).await?;
        writing.commit().await?;
        Ok(account)
    }

    pub async fn accounts(&self) -> Result<Vec<Account>, DeskError> {
        Ok(self.store.accounts().await?.into_iter().map(|row| row.account).collect())
    }

    /// Ends the account's sessions and tokens. What it did stays in the log; a new password puts it in use again.
    pub async fn disable_account(&self, name: &str) -> Result<(), DeskError> {
        let mut writing = self.store.write().await?;
        if !writing.disable_account(name).await? {
            return Err(DeskError::NoSuchAccount(name.to_owned()));
        }
        self.told(writing, name, ("account_disabled", "An account was disabled."), &Actor::Portal).await
    }

    pub async fn set_password(&self, name: &str, password: &str) -> Result<(), DeskError> {
        let hash = self.hashed(password).await?;
        let mut writing = self.store.write().await?;
        if !writing.set_password(name, &hash).await? {
            return Err(DeskError::NoSuchAccount(name.to_owned()));
        }
        self.told(writing, name, ("password_set", "An account was given a new password."), &Actor::Portal).await
    }

    /// An API token. It is shown this once: only its digest is kept.
    pub async fn make_token(&self, name: &str) -> Result<String, DeskError> {
        let row = self.store.account(name).await?.filter(|row| !row.account.disabled);
        row.ok_or_else(|| DeskError::NoSuchAccount(name.to_owned()))?;
        let token = accounts::new_secret(&*self.config.entropy);
        let mut writing = self.store.write().await?;
        writing.insert_token(&accounts::digest(&token), name, self.now_ms()).await?;
        self.told(writing, name, ("token_made", "An API token was made."), &Actor::Portal).await?;
        Ok(token)
    }

    /// A new second factor, in force once [`Desk::confirm_totp`] was given a code of it. Where there is one already the
    /// password is asked for again, since a session may have been left open.
    pub async fn enroll_totp(&self, account: &Account, password: &str) -> Result<Enrolment, DeskError> {
        if self.store.account(&account.name).await?.is_some_and(|row| row.totp_secret.is_some()) {
            self.check_password(account, password).await?;
        }
        let secret = accounts::new_totp_secret(&*self.config.entropy);
        let mut writing = self.store.write().await?;
        writing.propose_totp(&account.name, &secret).await?;
        writing.commit().await?;
        Ok(Enrolment { address: accounts::totp_address(&account.name, &secret), secret })
    }

    pub async fn confirm_totp(&self, account: &Account, code: &str) -> Result<(), DeskError> {
        let row = self.store.account(&account.name).await?;
        let secret = row.and_then(|row| row.totp_pending).ok_or(DeskError::WrongCredentials)?;
        let step = accounts::totp_step(&secret, code, self.now_ms())?.ok_or(DeskError::WrongCredentials)?;
        let mut writing = self.store.write().await?;
        if !writing.take_totp_step(&account.name, step).await? {
            return Err(DeskError::WrongCredentials);
        }
        writing.set_totp(&account.name, Some(&secret)).await?;
        let actor = Actor::Staff(account.name.clone());
        self.told(writing, &account.name, ("totp_set", "A second factor was set up."), &actor).await
    }

    /// Takes the second factor away; asks for the password again.
    pub async fn remove_totp(&self, account: &Account, password: &str) -> Result<(), DeskError> {
        self.check_password(account, password).await?;
        let mut writing = self.store.write().await?;
        writing.set_totp(&account.name, None).await?;
        let actor = Actor::Staff(account.name.clone());
        self.told(writing, &account.name, ("totp_removed", "A second factor was taken away."), &actor).await
    }

    async fn hashed(&self, password: &str) -> Result<String, DeskError> {
        let (password, entropy) = (password.to_owned(), self.config.entropy.clone());
        let hash: Result<String, CredentialError> =
            aside(move || accounts::hash_password(&password, &*entropy)).await?;
        Ok(hash?)
    }

    /// Logs a change of an account and commits it.
    pub(super) async fn told(
        &self,
        mut writing: Writing,
        name: &str,
        what: (&str, &str),
        actor: &Actor,
    ) -> Result<(), DeskError> {
        self.log_one(&mut writing, ("", None), actor, what, &json!({ "account": name })).await?;
        Ok(writing.commit().await?)
    }
}
