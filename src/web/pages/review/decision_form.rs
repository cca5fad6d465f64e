//! The form of a decision: what stands in it, and what is read from it.

use super::Choice;
use super::case::Shown;
use crate::takedown::case::{Decision, Target};
use crate::takedown::decision::Rows;
use crate::takedown::desk::types::DecisionOrder;
use crate::takedown::letters::refusal_words;
use crate::takedown::reasons::{Ground, Reasons, RefusalReason};
use crate::takedown::rules::Rules;
use crate::takedown::tombstone::Scope;
use crate::web::error::AppError;
use crate::web::form::Form;

const REFUSALS: [RefusalReason; 11] = [
    RefusalReason::NoMatch,
    RefusalReason::InsufficientVerification,
    RefusalReason::SuspectedFraud,
    RefusalReason::ClaimNotCovered,
    RefusalReason::OutsideJurisdiction,
    RefusalReason::TooManyRequests,
    RefusalReason::ExceptionApplies,
    RefusalReason::IncompleteNotice,
    RefusalReason::NotOurData,
    RefusalReason::DuplicateOf,
    RefusalReason::Other,
];

/// What was typed into a form that could not be taken: shown again, so that nothing is lost.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub(super) dataset: String,
    decision: String,
    ground: String,
    reference: String,
    explanation: String,
    facts: String,
    refusal: String,
    scope: String,
    pub(super) ticked: Vec<String>,
    /// The rows among which they were ticked.
    pub(super) shown: Shown,
}

impl Typed {
    pub(super) fn of(form: &Form) -> Self {
        let get = |name: &str| form.get(name).to_owned();
        Self {
            dataset: get("dataset"),
            decision: get("decision"),
            ground: get("ground"),
            reference: get("reference"),
            explanation: get("explanation"),
            facts: get("facts"),
            refusal: get("refusal"),
            scope: get("scope"),
            ticked: form.all("record").map(str::to_owned).collect(),
            shown: Shown { dataset: get("dataset"), page: get("rows").parse().unwrap_or_default() },
        }
    }
}

/// The fields of a statement of reasons.
pub(super) struct ReasonsForm {
    /// Sets the ids of one form apart from those of another on the same page.
    pub(super) n: String,
    pub(super) grounds: Vec<Choice>,
    pub(super) refusals: Vec<Choice>,
    pub(super) reference: String,
    pub(super) explanation: String,
    pub(super) facts: String,
}

impl ReasonsForm {
    pub(super) fn new(n: impl Into<String>, reference: &str, typed: &Typed) -> Self {
        let ground = if typed.ground.is_empty() { "law" } else { &typed.ground };
        let mut refusals = vec![Choice::new("", "Only where something is refused", &typed.refusal)];
        refusals.extend(
            REFUSALS.iter().map(|refusal| Choice::new(refusal_name(*refusal), refusal_words(*refusal), &typed.refusal)),
        );
        Self {
            n: n.into(),
            grounds: vec![
                Choice::new("law", "The law", ground),
                Choice::new("terms", "The dataset’s or this portal’s own terms", ground),
            ],
            refusals,
            reference: if typed.reference.is_empty() { reference.to_owned() } else { typed.reference.clone() },
            explanation: typed.explanation.clone(),
            facts: typed.facts.clone(),
        }
    }
}

/// What can be decided, in words.
pub(super) fn decisions(target: Option<&Target>, rules: Option<&Rules>, typed: &Typed) -> Vec<Choice> {
    let mut all = vec![
        ("granted", "Grant: the rows are removed"),
        ("refused", "Refuse"),
        ("partial", "Grant the ticked rows, refuse all others"),
        ("forwarded", "Hand on to whoever can decide it"),
        ("out_of_scope", "Not ours to decide"),
        ("needs_info", "Ask the person a question"),
    ];
    let n_rows = target.map_or(usize::MAX, |target| target.rows.len());
    let doubt_is_known = rules.is_some_and(|rules| rules.may_ask_proof(n_rows));
    if doubt_is_known {
        all.push(("ask_proof", "Ask for a proof of who asks"));
    }
    let extends = rules.is_none_or(|rules| rules.extension.is_some())
        && target.is_none_or(|target| !target.extended && target.paused_ms.is_none());
    if extends {
        all.push(("extended", "Take more time"));
    }
    all.into_iter().map(|(value, words)| Choice::new(value, words, &typed.decision)).collect()
}

pub(super) fn scopes(asked: Scope, typed: &Typed) -> Vec<Choice> {
    let chosen = if typed.scope.is_empty() { asked.name() } else { &typed.scope };
    vec![
        Choice::new(Scope::Row.name(), "These rows, in later revisions too", chosen),
        Choice::new(Scope::Copies.name(), "And every copy of their pictures in this dataset", chosen),
        Choice::new(Scope::Everywhere.name(), "And in all other datasets held here", chosen),
    ]
}

/// The order that a form gives.
pub(super) fn order(form: &Form, rows: Rows) -> Result<DecisionOrder, AppError> {
    let decision: Decision = word(form.get("decision"))
        .ok_or_else(|| AppError::bad("decision", "Choose what is decided. Nothing was changed."))?;
    Ok(DecisionOrder {
        dataset: form.get("dataset").to_owned(),
        rows,
        decision,
        reasons: reasons(form)?,
        scope: Scope::from_name(form.get("scope")),
        expected_version: form.get("version").parse().ok(),
    })
}

pub(super) fn reasons(form: &Form) -> Result<Reasons, AppError> {
    let ground: Ground = word(form.get("ground"))
        .ok_or_else(|| AppError::bad("ground", "Say whether the decision rests on the law or on terms."))?;
    let refusal = form.filled("refusal").and_then(|name| word(&name));
    let text = |name: &str| form.get(name).to_owned();
    Ok(Reasons {
        ground,
        reference: text("reference"),
        explanation: text("explanation"),
        facts: text("facts"),
        refusal,
    })
}

/// A name of the API, read.
pub(super) fn word<T: serde::de::DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

pub(super) fn refusal_name(refusal: RefusalReason) -> String {
    serde_json::to_value(refusal).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_name_that_is_read_back() {
        for refusal in REFUSALS {
            assert_eq!(word::<RefusalReason>(&refusal_name(refusal)), Some(refusal));
        }
    }
}
