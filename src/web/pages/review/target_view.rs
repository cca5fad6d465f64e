//! One dataset of a case: its rows, its clock, and what can be done now.

use super::Choice;
use super::case::{Shown, Told};
use super::case_view::reasons_in_words;
use super::decision_form::{ReasonsForm, Typed, decisions, refusal_name, scopes};
use super::due::Due;
use crate::takedown::accounts::{Account, Role};
use crate::takedown::case::{RowState, Target, TargetRow, TargetState};
use crate::takedown::desk::types::Review;
use crate::takedown::memo::{CounterNotice, Proposal};
use crate::takedown::rules::Rules;
use crate::web::format;
use crate::web::pages::case_words::{dataset_in_words, row_state_in_words};
use crate::web::state::AppState;

/// Rows on a page: what can be ticked one by one without losing one's place.
const ROWS_SHOWN: usize = 100;

#[expect(clippy::struct_excessive_bools, reason = "the template asks each of them where it draws its part")]
pub(super) struct TargetView {
    pub(super) n: usize,
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) state: &'static str,
    pub(super) due: Due,
    pub(super) extended: bool,
    pub(super) received: String,
    pub(super) version: String,
    pub(super) assigned: Option<String>,
    pub(super) is_mine: bool,
    pub(super) next: String,
    pub(super) count: String,
    pub(super) n_undecided: usize,
    pub(super) rows: Vec<RowView>,
    pub(super) pages: Option<PagesView>,
    pub(super) can_decide: bool,
    pub(super) can_start: bool,
    pub(super) decisions: Vec<Choice>,
    pub(super) scopes: Vec<Choice>,
    pub(super) form: ReasonsForm,
    pub(super) reasons: Vec<(&'static str, String)>,
    pub(super) decided_by: Option<String>,
    pub(super) asked: Option<String>,
    pub(super) appeal: Option<AppealView>,
    pub(super) proposal: Option<ProposalView>,
    pub(super) counter_notice: Vec<(&'static str, String)>,
    pub(super) restore_from: Option<String>,
    pub(super) can_restore: bool,
    pub(super) can_note_court: bool,
    pub(super) can_close: bool,
}

/// Where the rows that are shown stand among all of them.
pub(super) struct PagesView {
    pub(super) page: usize,
    pub(super) words: String,
    pub(super) first: Option<String>,
    pub(super) previous: Option<String>,
    pub(super) next: Option<String>,
    pub(super) last: Option<String>,
}

pub(super) struct RowView {
    pub(super) id: String,
    pub(super) url: Option<String>,
    /// What the record says, hidden or not.
    pub(super) caption: Option<String>,
    pub(super) words: String,
    pub(super) place: String,
    pub(super) state: &'static str,
    pub(super) is_undecided: bool,
    pub(super) is_ticked: bool,
}

pub(super) struct AppealView {
    pub(super) why: String,
    /// The account may not decide it: it made the decision.
    pub(super) same_reviewer: bool,
    pub(super) form: ReasonsForm,
}

pub(super) struct ProposalView {
    pub(super) by: String,
    pub(super) words: String,
    pub(super) reasons: Vec<(&'static str, String)>,
    /// This account made it; somebody else has to confirm.
    pub(super) is_own: bool,
    pub(super) hidden: Vec<(&'static str, String)>,
}

impl TargetView {
    pub(super) fn new(
        n: usize,
        target: &Target,
        review: &Review,
        account: &Account,
        state: &AppState,
        told: &Told,
    ) -> Self {
        let book = state.desk.rules();
        let rules = book.regime(target.basis, &target.memo.regime);
        let empty = Typed::default();
        let typed = if told.typed.dataset == target.dataset { &told.typed } else { &empty };
        let wanted = if told.shown.dataset == target.dataset { told.shown.page } else { 1 };
        let page = wanted.clamp(1, target.rows.len().div_ceil(ROWS_SHOWN).max(1));
        let shown = target.rows.iter().skip((page - 1) * ROWS_SHOWN).take(ROWS_SHOWN);
        let assigned = review.assigned.get(&target.dataset).cloned();
        let received = state.desk.date_of(target.received_ms).to_string();
        Self {
            n,
            slug: target.dataset.clone(),
            title: dataset_in_words(&state.engine, &target.dataset),
            state: target.state.words(),
            due: Due::new(target.due.as_deref(), target.paused_ms.is_some(), rules.warnings, state.desk.today()),
            extended: target.extended,
            received: format::date(&received),
            version: review.versions.get(&target.dataset).map(ToString::to_string).unwrap_or_default(),
            is_mine: assigned.as_deref() == Some(&account.name),
            assigned,
            next: crate::takedown::timeline::next(target, book).what,
            count: format::counted(target.rows.len() as u64, "record", "records"),
            n_undecided: target.rows.iter().filter(|row| row.state.is_undecided()).count(),
            rows: shown.map(|row| RowView::new(row, typed, state)).collect(),
            pages: PagesView::new(&review.case.number, target, page),
            can_decide: target.state.is_open(),
            can_start: matches!(target.state, TargetState::Submitted | TargetState::Acknowledged),
            decisions: decisions(Some(target), Some(rules), typed),
            scopes: scopes(target.memo.scope, typed),
            form: ReasonsForm::new(n.to_string(), &rules.reference, typed),
            reasons: target.reasons.as_ref().map(reasons_in_words).unwrap_or_default(),
            decided_by: target.memo.decided_by.clone(),
            asked: target.memo.asked.as_ref().map(|asked| format!("{} {}", asked.explanation, asked.facts)),
            appeal: appeal(n, target, account, rules, typed),
            proposal: target.memo.proposal.as_ref().map(|proposal| ProposalView::new(proposal, account)),
            counter_notice: target.memo.counter_notice.as_ref().map(counter_notice).unwrap_or_default(),
            restore_from: target.memo.restore_from.as_deref().map(format::date),
            can_restore: account.role >= Role::Maintainer
                && !target.state.is_open()
                && target.state != TargetState::AppealReview
                && target.rows.iter().any(|row| row.state.is_hidden()),
            can_note_court: account.role >= Role::Maintainer && target.state == TargetState::CounterNotice,
            can_close: !target.state.is_waiting() && target.state != TargetState::Closed,
        }
    }

    /// One row, or none: then there is nothing to tick.
    pub(super) fn is_single(&self) -> bool {
        self.n_undecided <= 1 && self.pages.is_none()
    }
}

impl PagesView {
    fn new(number: &str, target: &Target, page: usize) -> Option<Self> {
        let n = target.rows.len();
        let n_pages = n.div_ceil(ROWS_SHOWN);
        if n_pages < 2 {
            return None;
        }
        let to = |other: usize| Shown::href(number, &target.dataset, other);
        let count = |n: usize| format::count(n as u64);
        let (from, until) = ((page - 1) * ROWS_SHOWN + 1, n.min(page * ROWS_SHOWN));
        Some(Self {
            page,
            words: format!("Records {} to {} of {}", count(from), count(until), count(n)),
            first: (page > 2).then(|| to(1)),
            previous: (page > 1).then(|| to(page - 1)),
            next: (page < n_pages).then(|| to(page + 1)),
            last: (page + 1 < n_pages).then(|| to(n_pages)),
        })
    }
}

impl RowView {
    fn new(row: &TargetRow, typed: &Typed, state: &AppState) -> Self {
        let record = &row.record;
        let words = record.url.clone().or_else(|| record.source_id.clone()).unwrap_or_else(|| record.file.clone());
        Self {
            words,
            caption: super::record::caption(&state.engine, &record.id),
            url: record.url.clone(),
            place: format!("revision {}, {}, row {}", record.revision, record.file, format::count(record.row)),
            state: match row.state {
                RowState::Withdrawn => "taken out by the person",
                state => row_state_in_words(state),
            },
            is_undecided: row.state.is_undecided(),
            is_ticked: typed.ticked.contains(&record.id),
            id: record.id.clone(),
        }
    }
}

impl ProposalView {
    fn new(proposal: &Proposal, account: &Account) -> Self {
        let name = serde_json::to_value(proposal.decision).ok();
        let decision = name.as_ref().and_then(|name| name.as_str()).unwrap_or_default().to_owned();
        let rows = if proposal.rows.is_empty() {
            "all rows".to_owned()
        } else {
            format::counted(proposal.rows.len() as u64, "row", "rows")
        };
        let reasons = &proposal.reasons;
        let ground = match reasons.ground {
            crate::takedown::reasons::Ground::Law => "law",
            crate::takedown::reasons::Ground::Terms => "terms",
        };
        let mut hidden = vec![
            ("decision", decision.clone()),
            ("which", if proposal.rows.is_empty() { "all" } else { "ticked" }.to_owned()),
            ("ground", ground.to_owned()),
            ("reference", reasons.reference.clone()),
            ("explanation", reasons.explanation.clone()),
            ("facts", reasons.facts.clone()),
            ("refusal", reasons.refusal.map(refusal_name).unwrap_or_default()),
            ("scope", proposal.scope.map(|scope| scope.name().to_owned()).unwrap_or_default()),
        ];
        hidden.extend(proposal.rows.iter().map(|id| ("record", id.clone())));
        Self {
            by: proposal.by.clone(),
            words: format!("{}, {rows}", decision.replace('_', " ")),
            reasons: reasons_in_words(reasons),
            is_own: proposal.by == account.name,
            hidden,
        }
    }
}

fn appeal(n: usize, target: &Target, account: &Account, rules: &Rules, typed: &Typed) -> Option<AppealView> {
    if target.state != TargetState::AppealReview {
        return None;
    }
    let memo = &target.memo;
    Some(AppealView {
        why: memo.appeal.clone().unwrap_or_default(),
        same_reviewer: [&memo.decided_by, &memo.proposed_by].into_iter().flatten().any(|name| *name == account.name),
        form: ReasonsForm::new(format!("appeal-{n}"), &rules.reference, typed),
    })
}

fn counter_notice(notice: &CounterNotice) -> Vec<(&'static str, String)> {
    let email = notice.email.clone().unwrap_or_default();
    [
        ("From", notice.name.clone()),
        ("Address", notice.address.clone()),
        ("Telephone", notice.phone.clone()),
        ("E-mail", email),
        ("Material", notice.material.clone()),
        ("Why it was a mistake", notice.explanation.clone()),
        ("Signature", notice.signature.clone()),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .collect()
}
