//! A statement of reasons as the EU's DSA Transparency Database takes it.
//!
//! Names and limits are those of its API (the documentation and the model of its public repository): closed lists are
//! enums here, so that nothing else can be written, and the texts are checked by [`Statement::check`].

use serde::Serialize;

use super::redact::Redactor;
use super::{ExportError, Source, shortened};
use crate::takedown::basis::Basis;
use crate::takedown::case::{RowState, Target, TargetState};
use crate::takedown::memo::read_date;
use crate::takedown::reasons::{EXPLANATION_CHARS_MAX, FACTS_CHARS_MAX, Ground, REFERENCE_CHARS_MAX};

/// Longest identifier of a statement, characters.
const PUID_CHARS_MAX: usize = 500;
/// Countries of the European Economic Area, as the database names them: a record is hidden from all of them.
pub const TERRITORIES: [&str; 30] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];
/// Stands in the facts where the day the content was made is not known.
const DATE_NOTE: &str =
    "The date on which the content was made is not known here; the date given is that of the request.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Visibility {
    DecisionVisibilityContentRemoved,
    DecisionVisibilityContentDisabled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DecisionGround {
    DecisionGroundIllegalContent,
    DecisionGroundIncompatibleContent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Category {
    StatementCategoryDataProtectionAndPrivacyViolations,
    StatementCategoryIntellectualPropertyInfringements,
    /// The notice does not say what kind of law it names.
    StatementCategoryNotSpecifiedNotice,
    StatementCategoryOtherViolationTc,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Keyword {
    KeywordRightToBeForgotten,
    KeywordCopyrightInfringement,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum ContentType {
    #[serde(rename = "CONTENT_TYPE_OTHER")]
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum SourceType {
    #[serde(rename = "SOURCE_ARTICLE_16")]
    Article16,
    #[serde(rename = "SOURCE_TYPE_OTHER_NOTIFICATION")]
    OtherNotification,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum YesNo {
    Yes,
    No,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Automated {
    #[serde(rename = "AUTOMATED_DECISION_NOT_AUTOMATED")]
    Not,
}

/// One statement, as its JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    pub decision_visibility: Vec<Visibility>,
    pub decision_ground: DecisionGround,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub illegal_content_legal_ground: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub illegal_content_explanation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incompatible_content_ground: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incompatible_content_explanation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incompatible_content_illegal: Option<YesNo>,
    pub category: Category,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub category_specification: Vec<Keyword>,
    pub content_type: Vec<ContentType>,
    pub content_type_other: String,
    /// `2026-11-22`.
    pub content_date: String,
    pub territorial_scope: Vec<&'static str>,
    pub application_date: String,
    pub decision_facts: String,
    pub source_type: SourceType,
    pub automated_detection: YesNo,
    pub automated_decision: Automated,
    /// A pseudonym of the decision: nobody finds the case by it.
    pub puid: String,
}

/// The statement of one decision. `received_on`: the day the request arrived. `puid`: always the same for one decision,
/// and nothing that leads to the case.
///
/// # Errors
/// Where nothing is restricted by the decision, or a field would be refused.
pub fn statement(source: &Source<'_>, received_on: &str, puid: String) -> Result<Statement, ExportError> {
    let target = source.target;
    if target.decided_ms.is_none() {
        return Err(ExportError::NotDecided);
    }
    if !target.rows.iter().any(|row| row.state.is_hidden()) {
        return Err(ExportError::NotRestricted);
    }
    let reasons = target.reasons.as_ref().ok_or(ExportError::NotDecided)?;
    let redactor = Redactor::of(source.case, target);
    let text = |text: &str, max| Some(shortened(&redactor.clean(text), max));
    let ground = text(&reasons.reference, REFERENCE_CHARS_MAX);
    let explanation = text(&reasons.explanation, EXPLANATION_CHARS_MAX);
    let is_law = reasons.ground == Ground::Law;
    let (category, keyword) = category(target.basis);
    let applied_on = target.memo.decided_on.clone().unwrap_or_else(|| received_on.to_owned());
    let facts = redactor.clean(&reasons.facts);
    let facts = shortened(facts.trim(), FACTS_CHARS_MAX - DATE_NOTE.chars().count() - 1);
    let statement = Statement {
        decision_visibility: vec![visibility(target)],
        decision_ground: if is_law {
            DecisionGround::DecisionGroundIllegalContent
        } else {
            DecisionGround::DecisionGroundIncompatibleContent
        },
        illegal_content_legal_ground: ground.clone().filter(|_| is_law),
        illegal_content_explanation: explanation.clone().filter(|_| is_law),
        incompatible_content_ground: ground.filter(|_| !is_law),
        incompatible_content_explanation: explanation.filter(|_| !is_law),
        incompatible_content_illegal: (!is_law).then_some(YesNo::No),
        category,
        category_specification: keyword.into_iter().collect(),
        content_type: vec![ContentType::Other],
        content_type_other: "Rows of a dataset for training AI models".to_owned(),
        content_date: received_on.to_owned(),
        territorial_scope: TERRITORIES.to_vec(),
        application_date: applied_on,
        decision_facts: format!("{facts} {DATE_NOTE}").trim().to_owned(),
        source_type: if target.basis == Basis::Dsa { SourceType::Article16 } else { SourceType::OtherNotification },
        automated_detection: YesNo::No,
        automated_decision: Automated::Not,
        puid,
    };
    statement.check()?;
    Ok(statement)
}

/// Removed where a later release was seen to be without the rows; until then they are hidden here, no more.
fn visibility(target: &Target) -> Visibility {
    let is_gone = target.memo.verified_sha256.is_some()
        && matches!(target.state, TargetState::Verified | TargetState::Closed)
        && target.rows.iter().any(|row| row.state == RowState::Granted);
    if is_gone { Visibility::DecisionVisibilityContentRemoved } else { Visibility::DecisionVisibilityContentDisabled }
}

fn category(basis: Basis) -> (Category, Option<Keyword>) {
    match basis {
        Basis::GdprErasure | Basis::Ccpa => {
            (Category::StatementCategoryDataProtectionAndPrivacyViolations, Some(Keyword::KeywordRightToBeForgotten))
        }
        Basis::GdprObjection | Basis::GdprAccess | Basis::GdprRestriction => {
            (Category::StatementCategoryDataProtectionAndPrivacyViolations, None)
        }
        Basis::Dmca => {
            (Category::StatementCategoryIntellectualPropertyInfringements, Some(Keyword::KeywordCopyrightInfringement))
        }
        Basis::Dsa => (Category::StatementCategoryNotSpecifiedNotice, None),
        Basis::Plain => (Category::StatementCategoryOtherViolationTc, None),
    }
}

impl Statement {
    /// What the database would refuse.
    pub fn check(&self) -> Result<(), ExportError> {
        let is_law = self.decision_ground == DecisionGround::DecisionGroundIllegalContent;
        let (ground, explanation) = if is_law {
            (&self.illegal_content_legal_ground, &self.illegal_content_explanation)
        } else {
            (&self.incompatible_content_ground, &self.incompatible_content_explanation)
        };
        within("the ground", ground.as_deref().unwrap_or_default(), REFERENCE_CHARS_MAX)?;
        within("the explanation", explanation.as_deref().unwrap_or_default(), EXPLANATION_CHARS_MAX)?;
        within("decision_facts", &self.decision_facts, FACTS_CHARS_MAX)?;
        within("content_type_other", &self.content_type_other, REFERENCE_CHARS_MAX)?;
        within("puid", &self.puid, PUID_CHARS_MAX)?;
        if !self.puid.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
            return Err(invalid("puid", "may hold letters, digits, - and _ only"));
        }
        for (field, date) in [("content_date", &self.content_date), ("application_date", &self.application_date)] {
            if read_date(Some(date)).is_none() {
                return Err(invalid(field, "is not a date"));
            }
        }
        Ok(())
    }
}

fn within(field: &'static str, text: &str, max: usize) -> Result<(), ExportError> {
    match text.chars().count() {
        0 => Err(invalid(field, "is empty")),
        n if n > max => Err(invalid(field, &format!("has {n} characters, {max} are allowed"))),
        _ => Ok(()),
    }
}

fn invalid(field: &'static str, what: &str) -> ExportError {
    ExportError::Invalid { field, what: what.to_owned() }
}
