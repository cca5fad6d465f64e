//! A request as a notice for the Lumen database, with nobody private in it.
//!
//! Field names are those of Lumen's API for creating notices. Lumen publishes what it is sent: the sender's name, mail and
//! postal address are never in it, the words of a person only where the work cannot be described otherwise (DMCA), and
//! records are named by their page here, not by the address that leads to the person.

use serde::Serialize;

use super::redact::{REDACTED, Redactor};
use super::{ExportError, Source, shortened};
use crate::takedown::basis::Basis;
use crate::takedown::case::TargetState;

/// Addresses in one notice: Lumen takes thousands; the rest is counted in the body.
const URLS_MAX: usize = 1_000;
/// Longest description of a work, characters.
const DESCRIPTION_CHARS_MAX: usize = 2_000;

/// The body of a call that creates a notice; the caller adds their `authentication_token`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Submission {
    pub notice: Notice,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    pub title: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    pub subject: String,
    pub body: String,
    /// `2026-11-22`.
    pub date_sent: String,
    pub date_received: String,
    pub source: &'static str,
    pub action_taken: Action,
    pub jurisdiction_list: String,
    pub works_attributes: Vec<Work>,
    pub entity_notice_roles_attributes: Vec<EntityRole>,
}

/// Lumen's types of notice, as far as ours fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Kind {
    #[serde(rename = "DMCA")]
    Dmca,
    DataProtection,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Action {
    Yes,
    No,
    Partial,
    Unspecified,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Work {
    pub kind: &'static str,
    pub description: String,
    pub infringing_urls_attributes: Vec<Address>,
    pub copyrighted_urls_attributes: Vec<Address>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Address {
    pub url: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntityRole {
    /// `sender`, `recipient`.
    pub name: &'static str,
    pub entity_attributes: Entity,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entity {
    pub name: String,
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// The notice of one target. `received_on`: the day the request arrived.
///
/// # Errors
/// Where nothing is decided yet: Lumen takes what has been acted upon.
pub fn notice(source: &Source<'_>, received_on: &str) -> Result<Submission, ExportError> {
    let (case, target) = (source.case, source.target);
    if target.decided_ms.is_none() {
        return Err(ExportError::NotDecided);
    }
    let kind = match target.basis {
        Basis::Dmca => Kind::Dmca,
        Basis::Plain | Basis::Dsa => Kind::Other,
        _ => Kind::DataProtection,
    };
    let what = match kind {
        Kind::Dmca => "Copyright complaint",
        Kind::DataProtection => "Data protection request",
        Kind::Other => "Request for removal",
    };
    let description = match kind {
        // The work is what only the complainant can name.
        Kind::Dmca => shortened(&Redactor::of(case, target).clean(&case.explanation), DESCRIPTION_CHARS_MAX),
        _ => format!("Rows of the dataset “{}” that a person asks about", source.dataset_title),
    };
    let n_rows = target.rows.len();
    let pages = source.public_url.map(|portal| {
        let page = |id: &String| Address { url: format!("{}/records/{id}", portal.trim_end_matches('/')) };
        target.rows.iter().take(URLS_MAX).map(|row| page(&row.record.id)).collect()
    });
    let country = case.requester.country.as_deref().map(|country| country.chars().take(2).collect::<String>());
    let country = country.filter(|code| code.len() == 2).map(|code| code.to_uppercase());
    let notice = Notice {
        title: format!("{what} to {}", source.operator),
        kind,
        subject: format!("{what} about rows of the dataset “{}”", source.dataset_title),
        body: format!(
            "{n_rows} rows of the dataset “{}” were asked about. Addresses in the rows are left out: they lead to the person. The sender is a private person and not named.",
            source.dataset_title
        ),
        date_sent: received_on.to_owned(),
        date_received: received_on.to_owned(),
        source: "Online Form",
        action_taken: action(source),
        jurisdiction_list: country.clone().unwrap_or_default(),
        works_attributes: vec![Work {
            kind: "Dataset rows",
            description,
            infringing_urls_attributes: pages.unwrap_or_default(),
            copyrighted_urls_attributes: Vec::new(),
        }],
        entity_notice_roles_attributes: vec![
            EntityRole {
                name: "sender",
                entity_attributes: Entity {
                    name: REDACTED.to_owned(),
                    kind: "individual",
                    country_code: country,
                    url: None,
                },
            },
            EntityRole {
                name: "recipient",
                entity_attributes: Entity {
                    name: source.operator.to_owned(),
                    kind: "organization",
                    country_code: None,
                    url: source.public_url.map(ToOwned::to_owned),
                },
            },
        ],
    };
    Ok(Submission { notice })
}

fn action(source: &Source<'_>) -> Action {
    let rows = &source.target.rows;
    let granted = rows.iter().filter(|row| row.state.is_granted()).count();
    match source.target.state {
        TargetState::Forwarded | TargetState::OutOfScope => Action::Unspecified,
        _ if granted == 0 => Action::No,
        _ if granted < rows.len() => Action::Partial,
        _ => Action::Yes,
    }
}
