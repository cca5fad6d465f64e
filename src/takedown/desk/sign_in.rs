//! Signing in and staying signed in.

use super::{Desk, DeskError, aside};
use crate::takedown::accounts::{self, Account, SESSION_IDLE_MS, SESSION_MAX_MS};
use crate::takedown::case::Actor;
use crate::takedown::store::AccountRow;

/// How long wrong tries of a name are remembered.
const FAILURES_KEPT_MS: i64 = 86_400_000;
/// How exactly a session's last request is kept: not every page view is worth a write.
const SEEN_EVERY_MS: i64 = 60_000;

/// A session that was begun. The token goes into the visitor's cookie; only its digest is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub token: String,
    pub account: Account,
    /// The session ends then at the latest, milliseconds.
    pub ends_ms: i64,
}

impl Desk {
    /// Begins a session.
    ///
    /// # Errors
    /// [`DeskError::WrongCredentials`] for a wrong name, password or code, all told and timed alike;
    /// [`DeskError::CodeNeeded`] where name and password are right and the account has a second factor;
    /// [`DeskError::Throttled`] after too many of either.
    pub async fn sign_in(&self, name: &str, password: &str, totp: Option<&str>) -> Result<SignedIn, DeskError> {
        let name: String = name.trim().to_lowercase().chars().take(accounts::NAME_CHARS_MAX).collect();
        self.count_a_try(&name).await?;
        let row = self.store.account(&name).await?;
        let hash = row.as_ref().map_or_else(|| accounts::decoy().to_owned(), |row| row.password_hash.clone());
        let password = password.to_owned();
        let right = aside(move || accounts::verify_password(&password, &hash)).await?;
        let Some(row) = row.filter(|row| right && !row.account.disabled) else {
            self.log_refusal(&name).await?;
            return Err(DeskError::WrongCredentials);
        };
        let step = match (&row.totp_secret, totp.map(str::trim).filter(|code| !code.is_empty())) {
            (None, _) => None,
            (Some(_), None) => {
                // Not a failure: the page asks for the code next, with the same password.
                self.forgive_a_try(&name).await?;
                return Err(DeskError::CodeNeeded);
            }
            (Some(secret), Some(code)) => {
                let step = accounts::totp_step(secret, code, self.now_ms())?;
                if step.is_none() {
                    self.log_refusal(&name).await?;
                    return Err(DeskError::WrongCredentials);
                }
                step
            }
        };
        self.begin_session(row, step).await
    }

    /// Whether this is the account's password: asked again for what a session that was left open must not do. Wrong ones
    /// count as at the door.
    pub async fn check_password(&self, account: &Account, password: &str) -> Result<(), DeskError> {
        self.count_a_try(&account.name).await?;
        let row = self.store.account(&account.name).await?.ok_or(DeskError::NoSession)?;
        let password = password.to_owned();
        if !aside(move || accounts::verify_password(&password, &row.password_hash)).await? {
            self.log_refusal(&account.name).await?;
            return Err(DeskError::WrongCredentials);
        }
        self.forgive_a_try(&account.name).await
    }

    async fn begin_session(&self, row: AccountRow, step: Option<i64>) -> Result<SignedIn, DeskError> {
        let account = row.account;
        let now_ms = self.now_ms();
        let token = accounts::new_secret(&*self.config.entropy);
        let mut writing = self.store.write().await?;
        if let Some(step) = step
            && !writing.take_totp_step(&account.name, step).await?
        {
            // A code works once: this one was seen by somebody.
            return Err(DeskError::WrongCredentials);
        }
        let ended_before = now_ms - SESSION_MAX_MS;
        writing.insert_session(&accounts::digest(&token), &account.name, now_ms, ended_before).await?;
        let actor = Actor::Staff(account.name.clone());
        self.told(writing, &account.name, ("signed_in", "Somebody signed in."), &actor).await?;
        Ok(SignedIn { token, account, ends_ms: now_ms + SESSION_MAX_MS })
    }

    /// The account behind a session.
    pub async fn session(&self, token: &str) -> Result<Account, DeskError> {
        let digest = accounts::digest(token);
        let (row, made_ms, seen_ms) = self.store.session(&digest).await?.ok_or(DeskError::NoSession)?;
        let now_ms = self.now_ms();
        if row.account.disabled || now_ms >= made_ms + SESSION_MAX_MS || now_ms >= seen_ms + SESSION_IDLE_MS {
            self.store.end_session(&digest).await?;
            return Err(DeskError::NoSession);
        }
        if now_ms >= seen_ms + SEEN_EVERY_MS {
            self.store.touch_session(&digest, now_ms).await?;
        }
        Ok(row.account)
    }

    pub async fn sign_out(&self, token: &str) -> Result<(), DeskError> {
        Ok(self.store.end_session(&accounts::digest(token)).await?)
    }

    /// The account behind an API token.
    pub async fn account_by_token(&self, bearer: &str) -> Result<Account, DeskError> {
        let row = self.store.token_account(&accounts::digest(bearer.trim())).await?;
        row.map(|row| row.account).filter(|account| !account.disabled).ok_or(DeskError::NoSession)
    }

    /// Counts a try before it is looked at, so that many at the same moment do not all slip through; signing in takes
    /// the count back.
    async fn count_a_try(&self, name: &str) -> Result<(), DeskError> {
        let now_ms = self.now_ms();
        let mut writing = self.store.write().await?;
        let (failures, last_ms) = writing.failures(name).await?;
        if let Some(wait_ms) = accounts::wait_ms(failures, last_ms, now_ms) {
            return Err(DeskError::Throttled { seconds: (wait_ms + 999) / 1_000 });
        }
        writing.count_failure(name, now_ms, now_ms - FAILURES_KEPT_MS).await?;
        Ok(writing.commit().await?)
    }

    async fn forgive_a_try(&self, name: &str) -> Result<(), DeskError> {
        let mut writing = self.store.write().await?;
        writing.forgive_failure(name).await?;
        Ok(writing.commit().await?)
    }

    /// Only names that exist: what is typed as a name may be a password.
    async fn log_refusal(&self, name: &str) -> Result<(), DeskError> {
        if self.store.account(name).await?.is_none() {
            return Ok(());
        }
        let writing = self.store.write().await?;
        self.told(writing, name, ("sign_in_refused", "A sign-in was refused."), &Actor::Portal).await
    }
}
