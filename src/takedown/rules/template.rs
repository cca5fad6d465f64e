//! Kinds of letters, and their templates: plain text with `{placeholders}`.

use serde::{Deserialize, Serialize};

/// Every letter that the portal writes. Names are those of the rule files and the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// Confirmation of receipt.
    Acknowledgement,
    /// A maintainer wrote to the person.
    Message,
    NeedsInfo,
    /// Who asks is in doubt; says which proofs are possible.
    ProofAsked,
    /// More time is taken.
    Extension,
    /// Some rows are decided, others not yet.
    RowsDecided,
    Granted,
    Partial,
    Refused,
    OutOfScope,
    Forwarded,
    Duplicate,
    /// To those who received the data (GDPR Article 19 and 17(2)).
    Recipients,
    /// To whoever's material was taken down (17 U.S.C. § 512(g)(2)(A), DSA Article 17).
    AffectedParty,
    /// A copy of the counter-notice, to the person who complained.
    CounterNoticeCopy,
    /// To whoever sent the counter-notice: it arrived.
    CounterNoticeReceived,
    Restored,
    /// An action before a court keeps the material down.
    LitigationHold,
    /// The removal set is public.
    Published,
    /// A later release was looked through and does not hold the rows.
    Verified,
    /// A later release holds the rows again: the case is open again.
    Regression,
    AppealReceived,
    Upheld,
    Reversed,
    Withdrawn,
    Expired,
    Closed,
    /// Rows were added to or taken out of the case.
    RowsChanged,
    /// The link that confirms an address; written by [`crate::takedown::letters::confirm_email`].
    ConfirmEmail,
    /// The code for a mailbox that stands in a row; written by [`crate::takedown::letters::proof_code`].
    ProofCode,
}

impl LetterKind {
    pub const ALL: [Self; 30] = [
        Self::Acknowledgement,
        Self::Message,
        Self::NeedsInfo,
        Self::ProofAsked,
        Self::Extension,
        Self::RowsDecided,
        Self::Granted,
        Self::Partial,
        Self::Refused,
        Self::OutOfScope,
        Self::Forwarded,
        Self::Duplicate,
        Self::Recipients,
        Self::AffectedParty,
        Self::CounterNoticeCopy,
        Self::CounterNoticeReceived,
        Self::Restored,
        Self::LitigationHold,
        Self::Published,
        Self::Verified,
        Self::Regression,
        Self::AppealReceived,
        Self::Upheld,
        Self::Reversed,
        Self::Withdrawn,
        Self::Expired,
        Self::Closed,
        Self::RowsChanged,
        Self::ConfirmEmail,
        Self::ProofCode,
    ];

    /// The name in the rule files and the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Acknowledgement => "acknowledgement",
            Self::Message => "message",
            Self::NeedsInfo => "needs_info",
            Self::ProofAsked => "proof_asked",
            Self::Extension => "extension",
            Self::RowsDecided => "rows_decided",
            Self::Granted => "granted",
            Self::Partial => "partial",
            Self::Refused => "refused",
            Self::OutOfScope => "out_of_scope",
            Self::Forwarded => "forwarded",
            Self::Duplicate => "duplicate",
            Self::Recipients => "recipients",
            Self::AffectedParty => "affected_party",
            Self::CounterNoticeCopy => "counter_notice_copy",
            Self::CounterNoticeReceived => "counter_notice_received",
            Self::Restored => "restored",
            Self::LitigationHold => "litigation_hold",
            Self::Published => "published",
            Self::Verified => "verified",
            Self::Regression => "regression",
            Self::AppealReceived => "appeal_received",
            Self::Upheld => "upheld",
            Self::Reversed => "reversed",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Closed => "closed",
            Self::RowsChanged => "rows_changed",
            Self::ConfirmEmail => "confirm_email",
            Self::ProofCode => "proof_code",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What a template may name. Filled in by [`crate::takedown::letters`].
pub const PLACEHOLDERS: [&str; 39] = [
    "number",
    "page",
    "greeting",
    "operator",
    "contact",
    "title",
    "law",
    "reference",
    "dataset",
    "datasets",
    "rows",
    "rows_granted",
    "rows_refused",
    "records",
    "received",
    "due",
    "acknowledge_by",
    "decide_term",
    "reasons",
    "refusal",
    "question",
    "message",
    "redress",
    "appeal_until",
    "scope",
    "requester",
    "explanation",
    "version",
    "release",
    "other_case",
    "counter_notice",
    "counter_notice_page",
    "restore_from",
    "restore_until",
    "link",
    "code",
    // Of the notice to recipients only.
    "recipient",
    "digest",
    "set",
];

/// A letter before it is filled in. Its placeholders are known ones: checked when the rule files are read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "super::file::RawTemplate")]
pub struct Template {
    pub subject: String,
    pub text: String,
}

impl Template {
    /// Both parts with every placeholder replaced. What comes out of `value` is not looked through again, so nothing a
    /// person wrote can reach for another value.
    pub fn fill(&self, value: impl Fn(&str) -> String) -> (String, String) {
        (fill(&self.subject, &value), fill(&self.text, &value))
    }
}

/// The first `{name}` that is no placeholder, or a brace that stands alone.
pub fn unknown_placeholder(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let from = &rest[at..];
        let name = from.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        match name {
            Some((name, after)) if PLACEHOLDERS.contains(&name) => rest = after,
            Some((name, _)) if name.len() <= 40 && !name.contains(['{', '\n']) => return Some(format!("{{{name}}}")),
            _ => return Some(from.chars().take(20).collect()),
        }
    }
    None
}

fn fill(text: &str, value: &impl Fn(&str) -> String) -> String {
    let mut filled = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = inside.split_once('}') else {
            filled.push('{');
            rest = inside;
            continue;
        };
        filled.push_str(&value(name));
        rest = after;
    }
    filled.push_str(rest);
    filled
}
