//! One decision in the shapes that others take: the EU's DSA Transparency Database ([`dsa`]), the Lumen database
//! ([`lumen`]), the Data Rights Protocol ([`drp`]). Pure: nothing is sent anywhere.
//!
//! The first two are read by everybody. Texts that a person wrote are left out of them where they can be, and what is
//! taken from a decision is stripped of what names somebody ([`redact`]).

pub mod drp;
pub mod dsa;
pub mod lumen;
pub mod redact;

use super::case::{Case, Target};

/// What an export is made from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub case: &'a Case,
    /// One of the case's targets.
    pub target: &'a Target,
    /// How pages call the dataset.
    pub dataset_title: &'a str,
    /// Who runs the portal.
    pub operator: &'a str,
    /// `https://rollcall.example`, where the portal has an address of its own.
    pub public_url: Option<&'a str>,
}

/// Why there is no such export.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    #[error(
        "nothing is removed or hidden by this decision, and the DSA Transparency Database takes statements of restrictions only"
    )]
    NotRestricted,
    #[error("nothing is decided yet")]
    NotDecided,
    #[error("the statement would be refused: {field} {what}")]
    Invalid { field: &'static str, what: String },
}

/// Text of at most so many characters.
fn shortened(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        None => text.to_owned(),
        Some(_) => text.chars().take(chars_max.saturating_sub(1)).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests;
