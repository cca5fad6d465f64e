//! The guess for manifests that no preset knows: for each role the columns a careful person would choose, and why.
//!
//! Each rule in [`super::rules`] proposes columns for one role; a column taken by an earlier rule is left alone.

use super::Hints;
use super::names;
use super::rules::{self, Proposal};
use super::survey::Survey;
use crate::dataset::DatasetCard;
use crate::mapping::{Binding, Role};

pub(super) struct Guess {
    pub bindings: Vec<Binding>,
    pub notes: Vec<String>,
}

/// Guesses a mapping. May be empty; whether it is enough is the caller's to say.
pub(super) fn guess(survey: &Survey, hints: &Hints) -> Guess {
    let pdq_file = hints.file_name.to_ascii_lowercase().contains("pdq");
    let mut survey = Named { survey, renamed: Vec::new(), pdq_file };
    survey.name_by_card(hints.card);
    let mut taken: Vec<usize> = Vec::new();
    let mut proposals: Vec<Proposal> = Vec::new();
    for rule in rules::ALL {
        for proposal in rule(&survey, &taken) {
            if !taken.contains(&proposal.column) {
                taken.push(proposal.column);
                proposals.push(proposal);
            }
        }
    }
    proposals.extend(rules::second_meanings(&survey, &proposals));
    let order = |role: Role| Role::ALL.iter().position(|known| *known == role);
    // A stable sort: within a role, the rule's own order says which leads.
    proposals.sort_by_key(|proposal| order(proposal.role));
    let name = |proposal: &Proposal| survey.survey.columns[proposal.column].name.clone();
    Guess {
        bindings: proposals
            .iter()
            .map(|proposal| Binding { role: proposal.role, column: name(proposal), transform: proposal.transform })
            .collect(),
        notes: proposals
            .iter()
            .map(|proposal| format!("{} -> {}, because {}", name(proposal), proposal.role.name(), proposal.because))
            .collect(),
    }
}

/// A survey whose nameless columns may have got names from the dataset's card.
pub(super) struct Named<'a> {
    pub survey: &'a Survey,
    /// Words of the card's names, by position; empty where the file has names of its own.
    renamed: Vec<Vec<String>>,
    /// Does the file call itself one of PDQ hashes, which look like SHA-256?
    pub pdq_file: bool,
}

impl Named<'_> {
    /// A card that lists exactly as many columns as a file without names has is taken to list them in order.
    fn name_by_card(&mut self, card: Option<&DatasetCard>) {
        let Some(card) = card else { return };
        if self.survey.headerless && card.columns.len() == self.survey.top.len() {
            self.renamed = card.columns.iter().map(|name| names::words(name)).collect();
        }
    }

    /// The words of a column's name; none for a made-up name.
    pub fn words(&self, column: usize) -> &[String] {
        let column = &self.survey.columns[column];
        if !self.survey.headerless {
            return &column.words;
        }
        let place = self.survey.top.iter().position(|name| *name == column.name);
        place.and_then(|place| self.renamed.get(place)).map_or(&[], Vec::as_slice)
    }

    pub fn has(&self, column: usize, words: &[&str]) -> bool {
        self.words(column).iter().any(|word| words.contains(&word.as_str()))
    }

    /// Is the whole name one of these? Gives its place in the list.
    pub fn rank(&self, column: usize, whole: &[&str]) -> Option<usize> {
        let name = self.words(column).join("_");
        whole.iter().position(|known| *known == name)
    }

    pub fn nameless(&self) -> bool {
        self.survey.headerless && self.renamed.is_empty()
    }
}
