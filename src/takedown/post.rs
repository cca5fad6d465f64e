//! Post: letters out of the store to the mail server, or to files.

use std::path::{Path, PathBuf};

/// How letters leave the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostConfig {
    /// Each letter becomes an `.eml` file in `DATA/letters/`.
    Files,
    Smtp(SmtpConfig),
}

/// The operator's mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpConfig {
    /// `smtp://mail.example:587` (STARTTLS is used where the server has it), `smtps://...`, with `user:password@` where
    /// it asks for one.
    pub url: String,
    /// `Rollcall <rollcall@example.org>`
    pub from: String,
}

impl std::fmt::Debug for SmtpConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address may hold a password.
        f.debug_struct("SmtpConfig").field("from", &self.from).finish_non_exhaustive()
    }
}

/// What goes wrong with post.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    #[error("--smtp cannot be used: {0}")]
    Address(String),
    #[error("--smtp-from is not a mail address: {0}")]
    From(String),
    #[error("{} cannot be written: {source}", .path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("the letter cannot be made into a mail: {0}")]
    Mail(String),
    #[error("the mail server refused it: {0}")]
    Refused(String),
}

pub(super) struct Postman;
impl Postman {
    pub(super) fn new(_config: &PostConfig, _data: &Path) -> Result<Self, PostError> {
        Ok(Self)
    }
}
