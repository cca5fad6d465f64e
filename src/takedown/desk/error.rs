//! What the desk answers when it cannot do what it was asked.

use super::super::accounts::CredentialError;
use super::super::decision::DecisionError;
use super::super::filing::Check;
use super::super::post::PostError;
use super::super::rules::RulesError;
use super::super::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// Names of the API, and what is there but cannot be right.
    #[error("the request lacks: {}", told(.0))]
    Missing(Check),
    #[error("there is no case with this number and passphrase")]
    NoSuchCase,
    #[error("the case does not ask the dataset {0}")]
    NoSuchTarget(String),
    #[error("there is no such attachment")]
    NoSuchAttachment,
    /// Somebody was faster; `version` is the one that holds now.
    #[error("the case was changed meanwhile (it is at version {version} now): look at it again")]
    Conflict { version: i64 },
    #[error(transparent)]
    Refused(#[from] DecisionError),
    #[error("{0}")]
    TooMuch(String),
    /// A proof cannot be asked for or looked at so; a sentence for the person.
    #[error("{0}")]
    NotClaimed(String),
    #[error("the account {account} may not do this: it needs {needs}")]
    Forbidden { account: String, needs: String },
    /// The same for a wrong name, password or code.
    #[error("name, password or code is wrong")]
    WrongCredentials,
    /// Name and password are right, and the account has a second factor.
    #[error("the code of the second factor is missing")]
    CodeNeeded,
    #[error("too many wrong passwords: try again in {seconds} seconds")]
    Throttled { seconds: i64 },
    #[error("nobody is signed in with this, or the session has ended")]
    NoSession,
    #[error("there is no account {0}")]
    NoSuchAccount(String),
    #[error("there is an account {0} already")]
    AccountExists(String),
    #[error("this link is not valid any more")]
    NoSuchLink,
    #[error("this proposal does not wait any more, or is not for this account")]
    NoSuchProposal,
    #[error("the e-mail address cannot be used")]
    BadAddress,
    #[error("the dataset has a recipient with this e-mail address already")]
    RecipientExists,
    #[error("there is no such recipient")]
    NoSuchRecipient,
    #[error("there is no such view")]
    NoSuchView,
    #[error("there is a view {0} already")]
    ViewExists(String),
    #[error("the cursor is not one of this queue")]
    BadCursor,
    #[error(transparent)]
    Credential(#[from] CredentialError),
    #[error(transparent)]
    Rules(#[from] RulesError),
    #[error(transparent)]
    Post(#[from] PostError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the work could not be run: {0}")]
    Runtime(std::io::Error),
}

fn told(check: &Check) -> String {
    let problems = check.problems.iter().map(|problem| format!("{}: {}", problem.field, problem.what));
    check.missing.iter().cloned().chain(problems).collect::<Vec<_>>().join(", ")
}
