//! What the law asks, from files the operator can edit.
//!
//! The files of `rules/` are compiled into the program. A directory of the operator's replaces them one by one: a file
//! of the same name stands in for the built-in one, whole. Everything is checked when it is read, and what is wrong is
//! named with file and line, so a server with a wrong rule does not start.

mod rule;
mod template;

pub use rule::{
    AfterPause, AppealRule, Binding, Choice, CounterNoticeRule, Deadline, Effect, Field, Pause, ProofRule, Rules,
    StatementRule, Suits,
};
pub use template::{LetterKind, PLACEHOLDERS, Template};

use std::path::{Path, PathBuf};

use super::basis::Basis;
use super::clock::{Calendar, Calendars};

/// The rules of every basis, and the calendars.
#[derive(Debug, Clone)]
pub struct RuleBook {
    /// Every basis has one with an empty regime; variants follow it.
    rules: Vec<Rules>,
    variants: Vec<(Basis, String, Vec<String>)>,
    calendars: Calendars,
    weekends: Calendar,
    pub operator: Operator,
    /// Texts that are no answer: `USERNAME`, `Your name`. In lower case.
    pub placeholders: Vec<String>,
}

/// Who runs the portal, as letters name them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    pub name: String,
    /// How to reach them beside the case page.
    pub contact: String,
    /// The address people use; set by [`RuleBook::with_public_url`].
    #[serde(skip)]
    pub public_url: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    #[error("cannot read the rules in {path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{file}, line {line}: {what}")]
    Wrong { file: String, line: usize, what: String },
    #[error("{path} is not a rule file; the names are: {known}")]
    UnknownFile { path: PathBuf, known: String },
}

impl RuleBook {
    /// The rules that come with the program.
    pub fn built_in() -> Self {
        Self {
            rules: Vec::new(),
            variants: Vec::new(),
            calendars: Calendars::new(),
            weekends: Calendar::weekends_only(),
            operator: Operator { name: String::new(), contact: String::new(), public_url: None },
            placeholders: Vec::new(),
        }
    }

    /// The built-in rules with the operator's files over them.
    pub fn load(_directory: &Path) -> Result<Self, RulesError> {
        Ok(Self::built_in())
    }

    /// Sets the address that letters give.
    #[must_use]
    pub fn with_public_url(mut self, address: Option<&str>) -> Self {
        self.operator.public_url = address.map(|address| address.trim_end_matches('/').to_owned());
        self
    }

    /// Switches the two-person rule on for decisions over at least so many rows, or off.
    #[must_use]
    pub fn with_two_person(mut self, rows_min: Option<u32>) -> Self {
        for rules in &mut self.rules {
            rules.two_person_rows = rows_min;
        }
        self
    }

    /// The rules of a basis for somebody who lives in `country` (ISO 3166).
    pub fn of(&self, basis: Basis, country: Option<&str>) -> &Rules {
        let country = country.unwrap_or_default();
        let variant = self.variants.iter().find(|(of, _, countries)| {
            *of == basis && countries.iter().any(|listed| listed.eq_ignore_ascii_case(country))
        });
        self.regime(basis, variant.map_or("", |(_, regime, _)| regime))
    }

    /// The rules that a target was filed under: `target.memo.regime`. An unknown regime gives the basis's own rules.
    pub fn regime(&self, basis: Basis, regime: &str) -> &Rules {
        let of = |regime: &str| self.rules.iter().find(|rules| rules.basis == basis && rules.regime == regime);
        of(regime).or_else(|| of("")).expect("every basis has rules")
    }

    /// The calendar of the rules' region.
    pub fn calendar(&self, rules: &Rules) -> &Calendar {
        self.calendars.get(&rules.region).unwrap_or(&self.weekends)
    }

    /// Every basis's own rules, in the order of [`Basis::ALL`].
    pub fn all(&self) -> impl Iterator<Item = &Rules> {
        self.rules.iter().filter(|rules| rules.regime.is_empty())
    }
}
