//! What is personal goes when its time has come: found, listed, erased.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;

use super::intake::searched;
use super::shelf::Taken;
use super::{Desk, DeskError};
use crate::takedown::case::{Actor, Case};
use crate::takedown::clock::{Term, Unit};
use crate::takedown::event_log::ERASURE;
use crate::takedown::post;
use crate::takedown::retention::{self, Part};
use crate::takedown::store::{Erased, QuietCase};

/// Cases that are looked at at a time.
const CASES_AT_A_TIME: i64 = 500;
/// The fewest days of a month: a case filed later than the shortest term ago cannot be due.
const SHORTEST_MONTH_DAYS: i64 = 28;
const DAY_MS: i64 = 86_400_000;

/// What is due, or was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RetentionReport {
    /// ISO 8601.
    pub today: String,
    /// It was erased; otherwise only looked for.
    pub applied: bool,
    pub cases: Vec<CaseErasure>,
    /// Cases by part.
    pub counts: BTreeMap<&'static str, u64>,
}

/// One case of which something is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseErasure {
    pub number: String,
    /// The day it ended.
    pub ended: String,
    /// Parts, with the day each was due.
    pub due: BTreeMap<&'static str, String>,
}

/// What of a case is due today.
struct Due {
    ended: Date,
    parts: BTreeMap<Part, Date>,
}

impl Desk {
    /// Looks for what is due and, with `apply`, erases it: case by case, each in one transaction. What was erased once is
    /// only taken up again where something was added since.
    pub async fn retention(&self, apply: bool) -> Result<RetentionReport, DeskError> {
        let mut report = RetentionReport {
            today: self.today().to_string(),
            applied: apply,
            cases: Vec::new(),
            counts: Part::ALL.into_iter().map(|part| (part.name(), 0)).collect(),
        };
        let before_ms = self.now_ms() - self.shortest_term_ms();
        let mut after = String::new();
        loop {
            let cases = self.store.quiet_cases(&after, before_ms, CASES_AT_A_TIME).await?;
            let Some(last) = cases.last() else {
                if apply && !report.cases.is_empty() {
                    self.store.clear_journal().await?;
                }
                return Ok(report);
            };
            after.clone_from(&last.number);
            for quiet in &cases {
                let Some(due) = self.due_of(quiet).await? else { continue };
                if apply && !self.erase(quiet, &due).await? {
                    continue;
                }
                for part in due.parts.keys() {
                    *report.counts.entry(part.name()).or_default() += 1;
                }
                report.cases.push(CaseErasure {
                    number: quiet.number.clone(),
                    ended: due.ended.to_string(),
                    due: due.parts.iter().map(|(part, day)| (part.name(), day.to_string())).collect(),
                });
            }
        }
    }

    fn shortest_term_ms(&self) -> i64 {
        let days = |term: Term| match term.unit {
            Unit::Months => i64::from(term.count) * SHORTEST_MONTH_DAYS,
            Unit::Days | Unit::BusinessDays => i64::from(term.count),
        };
        // A day less: where the operator's day begins is not where the day of the clock does.
        let shortest = self.rules.retention().0.each().map(|(_, term)| days(term)).min().unwrap_or_default();
        (shortest - 1).max(0) * DAY_MS
    }

    /// Parts that are due by the last thing that happened, and still are once the case was read.
    async fn due_of(&self, quiet: &QuietCase) -> Result<Option<Due>, DeskError> {
        if self.parts_due(quiet, self.date_of(quiet.last_ms)).is_empty() {
            return Ok(None);
        }
        let taken = self.take(&quiet.number).await?;
        Ok(self.due_of_taken(quiet, &taken))
    }

    fn due_of_taken(&self, quiet: &QuietCase, taken: &Taken) -> Option<Due> {
        let targets = taken.targets.iter().map(|stored| &stored.target);
        let ended = retention::ended(targets, self.date_of(quiet.last_ms))?;
        let parts = self.parts_due(quiet, ended);
        (!parts.is_empty()).then_some(Due { ended, parts })
    }

    fn parts_due(&self, quiet: &QuietCase, ended: Date) -> BTreeMap<Part, Date> {
        let (terms, calendar) = self.rules.retention();
        let today = self.today();
        let is_left = |part: &Part| quiet.erased.get(part).is_none_or(|erased_ms| *erased_ms <= quiet.last_ms);
        terms.due(ended, calendar).into_iter().filter(|(part, day)| *day <= today && is_left(part)).collect()
    }

    /// `false` where the case has gone on meanwhile.
    async fn erase(&self, quiet: &QuietCase, due: &Due) -> Result<bool, DeskError> {
        let parts: BTreeSet<Part> = due.parts.keys().copied().collect();
        let mut writing = self.store.write().await?;
        // Nobody else writes until the commit: this is the case as it will be erased.
        let taken = self.take(&quiet.number).await?;
        if self.due_of_taken(quiet, &taken).is_none_or(|still| still.parts != due.parts) {
            return Ok(false);
        }
        if parts.contains(&Part::Letters) {
            // Before the commit: a run that is cut short here is finished by the next one.
            self.delete_letter_files(&quiet.number).await?;
        }
        let mut case = taken.row.case.clone();
        let mut erased: Erased = quiet.erased.clone();
        for part in &parts {
            retention::erase_case(*part, &mut case, |name| self.is_choice(&taken.row.case, name));
            writing.erase_part(&quiet.number, *part).await?;
            erased.insert(*part, self.now_ms());
        }
        for stored in &taken.targets {
            let mut target = stored.target.clone();
            for part in &parts {
                retention::erase_target(*part, &mut target);
            }
            if target != stored.target {
                writing.keep_erased_target(stored, &target).await?;
            }
        }
        writing.keep_erased_case(&case, &searched(&case), &erased).await?;
        let of = |kinds: fn(Part) -> &'static [&'static str]| -> Vec<&str> {
            parts.iter().flat_map(|part| kinds(*part)).copied().collect()
        };
        let lines = writing.erase_events(&quiet.number, &of(Part::texts_of), &of(Part::details_of)).await?;
        let words: Vec<&str> = parts.iter().map(|part| part.words()).collect();
        let text = format!("The time to keep this was over. Erased: {}.", words.join(", "));
        let names: Vec<&str> = parts.iter().map(|part| part.name()).collect();
        let detail = json!({ "parts": names, "ended": due.ended.to_string(), "lines": lines });
        self.log_one(&mut writing, (&quiet.number, None), &Actor::Portal, (ERASURE, &text), &detail).await?;
        writing.commit().await?;
        Ok(true)
    }

    fn is_choice(&self, case: &Case, answer: &str) -> bool {
        let rules = self.rules.of(case.basis, case.requester.country.as_deref());
        rules.field(&format!("answers.{answer}")).is_some_and(|field| !field.choices.is_empty())
    }

    /// Letters that were written to files: those of a mail server are not ours any more.
    async fn delete_letter_files(&self, number: &str) -> Result<(), DeskError> {
        for id in self.store.letter_ids(number).await? {
            post::delete_file(&self.config.data, &id)?;
        }
        Ok(())
    }
}
