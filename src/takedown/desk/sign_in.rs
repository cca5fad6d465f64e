//! Signing in and staying signed in.

use crate::takedown::accounts::Account;

/// A session that was begun. The token goes into the visitor's cookie; only its digest is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub token: String,
    pub account: Account,
    /// The session ends then at the latest, milliseconds.
    pub ends_ms: i64,
}
