//! A case as its owner reads it.

use std::collections::BTreeMap;

use askama::Template;

use crate::takedown::case::{Actor, Case, Event, Target, TargetRow, TargetState};
use crate::takedown::desk::types::{AttachmentLine, Followed, LetterLine, PostState};
use crate::takedown::reasons::{Ground, Reasons};
use crate::takedown::timeline::{self, Who};
use crate::web::format::{self, capitalised};
use crate::web::layout::{Layout, Nav};
use crate::web::pages::case::message_form::{FILE_BYTES_MAX, FILES_MAX};
use crate::web::pages::case::proof_view::ProofsView;
use crate::web::pages::case_words::{caption_of_shown, dataset_in_words, row_state_in_words};
use crate::web::pages::places::name_of;
use crate::web::state::AppState;

/// Rows of a target listed one by one; the rest are counted.
const ROWS_SHOWN_MAX: usize = 100;

#[derive(Template)]
#[template(path = "case_page.html")]
pub(super) struct CasePage {
    layout: Layout,
    number: String,
    title: String,
    filed: String,
    targets: Vec<TargetView>,
    /// Something may still be withdrawn.
    is_open: bool,
    events: Vec<EventView>,
    letters: Vec<LetterView>,
    attachments: Vec<FileView>,
    told: Vec<Told>,
    email_line: Option<String>,
    file_bytes_max: String,
    files_max: usize,
    has_counter_notice: bool,
    proofs: ProofsView,
}

#[expect(clippy::struct_excessive_bools, reason = "the template asks each of them where it draws its part")]
struct TargetView {
    slug: String,
    /// Unique on the page.
    number: usize,
    title: String,
    state: String,
    next: String,
    whose_turn: &'static str,
    by: Option<String>,
    by_iso: String,
    records: String,
    reasons: Vec<(&'static str, String)>,
    asked: Option<String>,
    /// Why it takes longer than was said.
    longer: Option<String>,
    rows: Vec<RowView>,
    n_more: Option<String>,
    can_narrow: bool,
    can_appeal: bool,
    can_withdraw: bool,
    appeal_until: Option<String>,
    /// Something was decided that a receipt can be given for.
    has_receipt: bool,
}

struct RowView {
    id: String,
    /// What the record says, where it may be shown.
    caption: Option<String>,
    /// It has a page of its own.
    is_shown: bool,
    words: String,
    place: String,
    state: &'static str,
    is_open: bool,
}

struct EventView {
    when: String,
    when_iso: String,
    who: String,
    text: String,
    dataset: Option<String>,
    mark: String,
}

struct LetterView {
    subject: String,
    text: String,
    when: String,
    way: &'static str,
}

struct FileView {
    id: String,
    name: String,
    about: String,
}

/// A line of what the person told, for the fold at the end.
struct Told {
    name: &'static str,
    value: String,
}

impl CasePage {
    pub(super) fn new(followed: &Followed, state: &AppState) -> Self {
        let case = &followed.case;
        let book = state.desk.rules();
        let day = |ms: i64| state.desk.date_of(ms).to_string();
        let titles: BTreeMap<&str, String> = case
            .targets
            .iter()
            .map(|target| (target.dataset.as_str(), dataset_in_words(&state.engine, &target.dataset)))
            .collect();
        let title_of = |slug: &str| titles.get(slug).cloned().unwrap_or_else(|| slug.to_owned());
        let targets: Vec<_> = case
            .targets
            .iter()
            .enumerate()
            .map(|(number, target)| TargetView::new(target, number, title_of(&target.dataset), state))
            .collect();
        let rules = book.of(case.basis, case.requester.country.as_deref());
        let event = |event: &Event| EventView {
            when: format!("{}, {}", format::date(&day(event.at_ms)), state.desk.time_of(event.at_ms)),
            when_iso: day(event.at_ms),
            who: who_did(&event.actor).to_owned(),
            text: event.text.clone(),
            dataset: event.dataset.as_deref().map(title_of),
            mark: format!("entry {} · {}", event.seq, event.hash.get(..12).unwrap_or_default()),
        };
        Self {
            layout: Layout::new(format!("Case {}", case.number), Nav::Removal),
            number: case.number.clone(),
            title: rules.title.clone(),
            filed: format::date(&day(case.filed_ms)),
            is_open: targets.iter().any(|target| target.can_withdraw),
            targets,
            events: case.events.iter().rev().map(event).collect(),
            letters: followed.letters.iter().rev().map(|letter| LetterView::new(letter, &day)).collect(),
            attachments: followed.attachments.iter().map(|file| FileView::new(file, &day)).collect(),
            told: told(case),
            email_line: email_line(followed),
            file_bytes_max: format::bytes(&FILE_BYTES_MAX.to_string()),
            files_max: FILES_MAX,
            has_counter_notice: rules.counter_notice.is_some(),
            proofs: ProofsView::new(followed, state),
        }
    }
}

impl TargetView {
    fn new(target: &Target, number: usize, title: String, state: &AppState) -> Self {
        let book = state.desk.rules();
        let rules = book.regime(target.basis, &target.memo.regime);
        let next = timeline::next(target, book);
        let is_open = target.state.is_open();
        let can_appeal = is_decided(target.state)
            && rules.appeal.is_some()
            && !target.memo.appeal_decided
            && target.memo.appeal_until.as_deref().is_none_or(|until| *until >= *state.desk.today().to_string());
        let n_more = target.rows.len().saturating_sub(ROWS_SHOWN_MAX) as u64;
        let n_open = target.rows.iter().filter(|row| row.state.is_undecided()).count();
        Self {
            slug: target.dataset.clone(),
            number,
            title,
            state: capitalised(target.state.words()),
            next: next.what,
            whose_turn: match next.who {
                Who::Requester => "Your turn:",
                Who::Maintainer => "The maintainers’ turn:",
                Who::Portal => "Nobody has to do anything:",
                Who::Nobody => "",
            },
            by_iso: next.by.clone().unwrap_or_default(),
            by: next.by.as_deref().map(format::date),
            records: counts(&target.rows),
            reasons: reasons(target),
            asked: (target.state == TargetState::NeedsInfo).then(|| in_words(target.memo.asked.as_ref())).flatten(),
            longer: (is_open && target.extended).then(|| in_words(target.memo.extension.as_ref())).flatten(),
            has_receipt: target.decided_ms.is_some(),
            rows: target.rows.iter().take(ROWS_SHOWN_MAX).map(|row| RowView::new(row, state)).collect(),
            n_more: (n_more > 0).then(|| format::counted(n_more, "more record", "more records")),
            can_narrow: is_open && n_open > 1,
            can_appeal,
            can_withdraw: is_open || target.state == TargetState::AppealReview,
            appeal_until: target.memo.appeal_until.as_deref().filter(|_| can_appeal).map(format::date),
        }
    }
}

impl RowView {
    fn new(row: &TargetRow, state: &AppState) -> Self {
        let record = &row.record;
        let shown = caption_of_shown(&state.engine, &record.id);
        Self {
            is_shown: shown.is_some(),
            caption: shown.filter(|caption| !caption.is_empty()),
            id: record.id.clone(),
            words: record.url.clone().or_else(|| record.source_id.clone()).unwrap_or_else(|| record.file.clone()),
            place: format!("revision {}, {}, row {}", record.revision, record.file, format::count(record.row)),
            state: row_state_in_words(row.state),
            is_open: row.state.is_undecided(),
        }
    }
}

impl LetterView {
    fn new(letter: &LetterLine, day: &impl Fn(i64) -> String) -> Self {
        let way = match letter.post {
            PostState::Page => "on this page only",
            PostState::Queued => "on its way by e-mail",
            PostState::Sent => "sent by e-mail, too",
            PostState::Failed => "could not be sent by e-mail",
        };
        Self {
            subject: letter.subject.clone(),
            text: letter.text.clone(),
            when: format::date(&day(letter.written_ms)),
            way,
        }
    }
}

impl FileView {
    fn new(file: &AttachmentLine, day: &impl Fn(i64) -> String) -> Self {
        let size = format::bytes(&file.bytes.to_string());
        let about = format!("{size}, {}, {}", format::date(&day(file.at_ms)), who_did(&file.by));
        Self { id: file.id.clone(), name: file.name.clone(), about }
    }
}

fn who_did(actor: &Actor) -> &str {
    match actor {
        Actor::Requester => "you",
        // Who works here is named to the operator, not to everybody who files.
        Actor::Staff(_) => "the maintainers",
        Actor::Portal => "this portal",
    }
}

/// Decided in a way that somebody else can look at again: a grant may reach less far than the person needs.
fn is_decided(state: TargetState) -> bool {
    matches!(
        state,
        TargetState::Granted
            | TargetState::Published
            | TargetState::Verified
            | TargetState::Partial
            | TargetState::Refused
            | TargetState::OutOfScope
            | TargetState::Forwarded
            | TargetState::Restored
            | TargetState::Closed
            | TargetState::Expired
    )
}

/// `3 records: 2 to be removed, 1 refused`
fn counts(rows: &[TargetRow]) -> String {
    let all = format::counted(rows.len() as u64, "record", "records");
    let mut by_state: Vec<(&'static str, u64)> = Vec::new();
    for row in rows {
        let words = row_state_in_words(row.state);
        match by_state.iter_mut().find(|(known, _)| *known == words) {
            Some((_, n)) => *n += 1,
            None => by_state.push((words, 1)),
        }
    }
    match by_state.as_slice() {
        [] => "No record yet: the maintainers look for it".to_owned(),
        [(words, _)] => format!("{all}: {words}"),
        many => {
            let parts: Vec<_> = many.iter().map(|(words, n)| format!("{} {words}", format::count(*n))).collect();
            format!("{all}: {}", format::list(&parts))
        }
    }
}

fn reasons(target: &Target) -> Vec<(&'static str, String)> {
    let Some(reasons) = &target.reasons else { return Vec::new() };
    let ground = match reasons.ground {
        Ground::Law => "The law",
        Ground::Terms => "The terms",
    };
    let refusal = reasons.refusal.map(crate::takedown::letters::refusal_words).unwrap_or_default();
    let parts = [
        ("Why not", refusal.to_owned()),
        ("What was found", reasons.facts.clone()),
        (ground, reasons.reference.clone()),
        ("Why that leads here", reasons.explanation.clone()),
    ];
    parts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

fn in_words(reasons: Option<&Reasons>) -> Option<String> {
    let reasons = reasons?;
    let text = if reasons.explanation.is_empty() { &reasons.facts } else { &reasons.explanation };
    (!text.is_empty()).then(|| text.clone())
}

fn told(case: &Case) -> Vec<Told> {
    let requester = &case.requester;
    let line = |name, value: &Option<String>| value.clone().map(|value| Told { name, value });
    let mut told: Vec<Told> = [
        line("Name", &requester.name),
        line("E-mail", &requester.email),
        line("Address", &requester.address),
        line("Telephone", &requester.phone),
        line("Country", &requester.country.as_deref().map(|code| name_of(code).to_owned())),
        line("Signature", &case.signature),
        line("What could not be found", &case.cannot_find),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !case.explanation.is_empty() {
        told.push(Told { name: "Explanation", value: case.explanation.clone() });
    }
    if !case.typed_urls.is_empty() {
        told.push(Told { name: "Addresses you typed", value: case.typed_urls.join("\n") });
    }
    told
}

fn email_line(followed: &Followed) -> Option<String> {
    let email = followed.case.requester.email.as_deref()?;
    Some(if followed.email_confirmed {
        format!("Letters also go to {email}.")
    } else {
        format!(
            "Letters are on this page only. None goes to {email}: you did not ask for it, or did not confirm the address."
        )
    })
}
