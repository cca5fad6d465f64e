//! The work bench of one transition: the target being changed, and what the change leads to.

use std::sync::Arc;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{DecisionError, LetterKind, NewEvent, Outcome};
use crate::takedown::case::{Actor, RecordRef, RowState, Target, TargetRow, TargetState};
use crate::takedown::clock::{self, Calendar, Term};
use crate::takedown::memo::read_date;
use crate::takedown::reasons::{EXPLANATION_CHARS_MAX, FACTS_CHARS_MAX, Ground, REFERENCE_CHARS_MAX, Reasons};
use crate::takedown::rules::{AfterPause, Deadline, Effect, Pause, Rules};

pub(super) struct Step<'a> {
    pub(super) target: Target,
    pub(super) rules: &'a Rules,
    calendar: &'a Calendar,
    pub(super) today: Date,
    now_ms: i64,
    before: TargetState,
    /// The rows' states before, to see which are hidden or shown again.
    rows_before: Vec<RowState>,
    events: Vec<NewEvent>,
    letters: Vec<LetterKind>,
}

impl<'a> Step<'a> {
    pub(super) fn new(target: &Target, rules: &'a Rules, calendar: &'a Calendar, today: Date, now_ms: i64) -> Self {
        Self {
            target: target.clone(),
            rules,
            calendar,
            today,
            now_ms,
            before: target.state,
            rows_before: target.rows.iter().map(|row| row.state).collect(),
            events: Vec::new(),
            letters: Vec::new(),
        }
    }

    pub(super) fn outcome(self) -> Outcome {
        let mut hide = Vec::new();
        let mut unhide = Vec::new();
        for (at, row) in self.target.rows.iter().enumerate() {
            let before = self.rows_before.get(at).copied().unwrap_or(RowState::Pending);
            if row.state == before {
                continue;
            }
            if row.state.is_hidden() {
                hide.push(at);
            } else if before.is_hidden() {
                unhide.push(at);
            }
        }
        Outcome { target: self.target, events: self.events, letters: self.letters, hide, unhide }
    }

    /// Goes on only in one of the states.
    pub(super) fn only_in(&self, act: &'static str, states: &[TargetState]) -> Result<(), DecisionError> {
        if states.contains(&self.target.state) {
            Ok(())
        } else {
            Err(DecisionError::WrongState { act, state: self.target.state })
        }
    }

    /// Goes on only while nothing is decided.
    pub(super) fn only_open(&self, act: &'static str) -> Result<(), DecisionError> {
        if self.target.state.is_open() {
            Ok(())
        } else {
            Err(DecisionError::WrongState { act, state: self.target.state })
        }
    }

    /// Adds an event; where the state changed, the detail says from what to what.
    pub(super) fn event(&mut self, actor: Actor, kind: &'static str, text: impl Into<String>, mut detail: Value) {
        if let Some(fields) = detail.as_object_mut()
            && self.before != self.target.state
        {
            fields.insert("from".to_owned(), json!(self.before.name()));
            fields.insert("to".to_owned(), json!(self.target.state.name()));
        }
        let dataset = Some(self.target.dataset.clone());
        self.events.push(NewEvent { dataset, actor, kind, text: text.into(), detail });
    }

    pub(super) fn letter(&mut self, kind: LetterKind) {
        if !self.letters.contains(&kind) {
            self.letters.push(kind);
        }
    }

    pub(super) fn date_after(&self, deadline: &Deadline) -> String {
        clock::due(self.today, deadline.term(), self.calendar).to_string()
    }

    /// The clock begins today.
    pub(super) fn start_clock(&mut self) {
        self.target.memo.clock_from = Some(self.today.to_string());
        self.target.memo.paused_days = 0;
        self.target.memo.paused_on = None;
        self.target.paused_ms = None;
        self.set_due();
    }

    fn set_due(&mut self) {
        self.target.due = Some(self.due_of(self.whole_term()).to_string());
    }

    /// The end of the first term, within which an extension has to be told.
    pub(super) fn first_due(&self) -> Date {
        self.due_of(self.rules.decide.term())
    }

    fn due_of(&self, term: Term) -> Date {
        let from = read_date(self.target.memo.clock_from.as_deref()).unwrap_or(self.today);
        clock::due_after_pause(from, term, self.target.memo.paused_days, self.calendar)
    }

    /// The term with its extension; rule files have both in one unit.
    fn whole_term(&self) -> Term {
        let mut term = self.rules.decide.term();
        if self.target.extended
            && let Some(extension) = &self.rules.extension
        {
            term.count = term.count.saturating_add(extension.count);
        }
        term
    }

    pub(super) fn extend(&mut self) {
        self.target.extended = true;
        self.set_due();
    }

    pub(super) fn is_paused(&self) -> bool {
        self.target.memo.paused_on.is_some()
    }

    /// Stops the clock where the rules let a question of this kind do so. Whatever the rules, the question ends.
    pub(super) fn ask(&mut self, reasons: &Reasons, about_identity: bool) {
        self.target.memo.asked = Some(reasons.clone());
        self.target.memo.expires_on = Some(self.date_after(&self.rules.expire));
        let stops = match self.rules.pause {
            Pause::Never => false,
            Pause::Identity => about_identity,
            Pause::AnyQuestion => true,
        };
        if stops && !self.is_paused() {
            self.target.memo.paused_on = Some(self.today.to_string());
            self.target.paused_ms = Some(self.now_ms);
            self.target.due = None;
        }
    }

    /// What was asked for has come.
    pub(super) fn answered(&mut self) {
        self.target.memo.expires_on = None;
        self.resume();
    }

    fn resume(&mut self) {
        let Some(since) = read_date(self.target.memo.paused_on.take().as_deref()) else { return };
        self.target.paused_ms = None;
        match self.rules.after_pause {
            AfterPause::Restart => self.start_clock(),
            AfterPause::Resume => {
                let days = clock::days_between(since, self.today);
                self.target.memo.paused_days = self.target.memo.paused_days.saturating_add(days);
                self.set_due();
            }
        }
    }

    /// Nothing is due any more.
    pub(super) fn stop_clock(&mut self) {
        self.target.due = None;
        self.target.paused_ms = None;
        self.target.memo.paused_on = None;
        self.target.memo.expires_on = None;
    }

    /// A decision is made: the clock ends and that of the appeal begins.
    pub(super) fn decided_by(&mut self, by: Option<&str>) {
        self.target.memo.was_due = self.target.due.clone();
        self.stop_clock();
        self.target.decided_ms = Some(self.now_ms);
        self.target.memo.decided_on = Some(self.today.to_string());
        self.target.memo.decided_by = by.map(ToOwned::to_owned);
        self.target.memo.proposal = None;
        self.target.memo.asked = None;
        self.set_appeal_until();
    }

    pub(super) fn set_appeal_until(&mut self) {
        self.target.memo.appeal_until = self.rules.appeal.as_ref().map(|appeal| self.date_after(&appeal.within));
    }

    pub(super) fn has_granted_rows(&self) -> bool {
        self.target.rows.iter().any(|row| row.state.is_granted())
    }

    pub(super) fn has_removed_rows(&self) -> bool {
        self.target.rows.iter().any(|row| row.state == RowState::Granted)
    }

    /// What a grant makes of a row under this basis.
    pub(super) fn granted_row(&self) -> RowState {
        match self.rules.effect {
            Effect::Remove => RowState::Granted,
            Effect::Restrict => RowState::SetAside,
            Effect::Inform => RowState::Answered,
        }
    }

    /// What a row is until it is decided.
    pub(super) fn undecided_row(&self) -> RowState {
        if self.rules.hide_at_filing { RowState::Restricted } else { RowState::Pending }
    }

    /// Appends rows that are not there yet; says how many.
    pub(super) fn add_rows(&mut self, records: Vec<RecordRef>) -> usize {
        let mut known: std::collections::HashSet<String> =
            self.target.rows.iter().map(|row| row.record.id.clone()).collect();
        let state = self.undecided_row();
        let before = self.target.rows.len();
        let new = records.into_iter().filter(|record| known.insert(record.id.clone()));
        self.target.rows.extend(new.map(|record| TargetRow { record: Arc::new(record), state }));
        self.target.rows.len() - before
    }

    /// Rows without a decision become `state`.
    pub(super) fn settle_undecided(&mut self, state: RowState) {
        for row in self.target.rows.iter_mut().filter(|row| row.state.is_undecided()) {
            row.state = state;
        }
    }

    /// The reasons, complete and within their limits. The rules' own article stands in for a reference left empty.
    pub(super) fn reasons(&self, given: &Reasons) -> Result<Reasons, DecisionError> {
        let limits = [
            ("reasons.reference", &given.reference, REFERENCE_CHARS_MAX),
            ("reasons.explanation", &given.explanation, EXPLANATION_CHARS_MAX),
            ("reasons.facts", &given.facts, FACTS_CHARS_MAX),
        ];
        for (field, text, max) in limits {
            within(field, text, max)?;
        }
        if given.explanation.trim().is_empty() && given.facts.trim().is_empty() {
            return Err(DecisionError::ReasonsMissing("reasons.explanation"));
        }
        let mut reasons = given.clone();
        if reasons.reference.trim().is_empty() {
            reasons.reference = match reasons.ground {
                Ground::Law => self.rules.reference.clone(),
                Ground::Terms => String::new(),
            };
        }
        Ok(reasons)
    }
}

/// Refuses a text that is too long, by characters.
pub(super) fn within(field: &'static str, text: &str, max: usize) -> Result<(), DecisionError> {
    // A character has at least one byte: most texts need no counting.
    if text.len() > max && text.chars().count() > max {
        return Err(DecisionError::TooLong { field, max });
    }
    Ok(())
}

/// `1 row`, `12 rows`.
pub(super) fn counted(rows: usize) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}

pub(super) fn staff(name: &str) -> Actor {
    Actor::Staff(name.to_owned())
}
