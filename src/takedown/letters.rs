//! Letters: the templates of the rule files, filled in.

use super::case::{Case, Target};
use super::rules::{LetterKind, RuleBook};

/// A letter, ready to be sent and to be kept on the case page. Plain text, lines of any length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub kind: LetterKind,
    pub to: Addressee,
    /// The e-mail address, where one is known. Whether it was confirmed is for the caller to check.
    pub email: Option<String>,
    pub subject: String,
    pub text: String,
}

/// To whom a letter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addressee {
    /// The person who filed the case. Also shown on the case page.
    Requester,
    /// The publisher and others who received the dataset. Never shown what the person did not agree to share.
    Recipients,
    /// Whoever's material was taken down.
    AffectedParty,
}

/// Writes a letter about one target, or about the whole case, from the case as it is after the change.
pub fn write(kind: LetterKind, case: &Case, _target: Option<&Target>, _book: &RuleBook) -> Letter {
    Letter {
        kind,
        to: Addressee::Requester,
        email: case.requester.email.clone(),
        subject: String::new(),
        text: String::new(),
    }
}

/// The letter with the link that confirms an e-mail address.
pub fn confirm_email(number: &str, email: &str, link: &str, book: &RuleBook) -> Letter {
    let _ = (number, link, book);
    Letter {
        kind: LetterKind::ConfirmEmail,
        to: Addressee::Requester,
        email: Some(email.to_owned()),
        subject: String::new(),
        text: String::new(),
    }
}
