//! A case as its maintainers read it: who asks, on what ground, how surely, what happened before and beside it.

use askama::Template;

use super::Staff;
use super::case::Told;
use super::proofs::{ClaimView, kind_in_words};
use super::queue::strength;
use super::same_rows::SpreadView;
use super::target_view::TargetView;
use crate::takedown::accounts::Account;
use crate::takedown::case::{Actor, Case, Event};
use crate::takedown::desk::types::{AttachmentLine, LetterLine, PostState, Proof, RelatedCase, Review};
use crate::takedown::letters::refusal_words;
use crate::takedown::rules::Rules;
use crate::web::format;
use crate::web::layout::{Layout, Nav};
use crate::web::pages::case_words::{dataset_in_words, relationship_in_words};
use crate::web::pages::places::name_of;
use crate::web::state::AppState;

#[derive(Template)]
#[template(path = "review_case_page.html")]
pub(super) struct CasePage {
    layout: Layout,
    staff: Staff,
    notice: Option<String>,
    number: String,
    title: String,
    law: String,
    source: String,
    filed: String,
    targets: Vec<TargetView>,
    told: Vec<(String, String)>,
    statements: Vec<&'static str>,
    missing: Vec<String>,
    proofs: Vec<ProofView>,
    claims: Vec<ClaimView>,
    related: Vec<RelatedView>,
    events: Vec<EventView>,
    letters: Vec<LetterView>,
    files: Vec<FileView>,
    /// The same rows in derived datasets.
    spread: Vec<SpreadView>,
    spread_count: String,
}

struct ProofView {
    line: String,
    note: String,
}

struct RelatedView {
    number: String,
    /// What a form that decides both together names.
    pick: String,
    words: String,
    why: String,
    is_open: bool,
}

struct EventView {
    when: String,
    when_iso: String,
    who: String,
    text: String,
    mark: String,
}

struct LetterView {
    subject: String,
    text: String,
    about: String,
}

struct FileView {
    id: String,
    name: String,
    about: String,
}

impl CasePage {
    pub(super) fn new(
        account: &Account,
        review: &Review,
        spread: Vec<SpreadView>,
        state: &AppState,
        told: &Told,
    ) -> Self {
        let case = &review.case;
        let rules = state.desk.rules().of(case.basis, case.requester.country.as_deref());
        let day = |ms: i64| state.desk.date_of(ms).to_string();
        let targets = case.targets.iter().enumerate();
        Self {
            layout: Layout::new(format!("Case {}", case.number), Nav::Elsewhere),
            staff: Staff::new(account),
            notice: told.notice.clone(),
            number: case.number.clone(),
            title: rules.title.clone(),
            law: rules.law.clone(),
            source: rules.source.clone(),
            filed: format::date(&day(case.filed_ms)),
            targets: targets.map(|(n, target)| TargetView::new(n, target, review, account, state, told)).collect(),
            told: requester(case, rules),
            statements: statements(case),
            missing: review.missing.iter().map(|name| field_in_words(name, rules)).collect(),
            proofs: review.proofs.iter().map(|proof| ProofView::new(proof, &day)).collect(),
            claims: ClaimView::all(review, state),
            related: review.related.iter().map(|other| RelatedView::new(other, state)).collect(),
            events: case.events.iter().rev().map(|event| EventView::new(event, state)).collect(),
            letters: review.letters.iter().rev().map(|letter| LetterView::new(letter, &day)).collect(),
            files: review.attachments.iter().map(|file| FileView::new(file, &day)).collect(),
            spread_count: format::counted(spread.len() as u64, "derived dataset", "derived datasets"),
            spread,
        }
    }

    /// Whether another case can be decided in one go with this one.
    fn has_open_related(&self) -> bool {
        self.related.iter().any(|other| other.is_open)
    }
}

impl ProofView {
    fn new(proof: &Proof, day: &impl Fn(i64) -> String) -> Self {
        let when = format::date(&day(proof.checked_ms));
        let (kind, strength) = (kind_in_words(&proof.kind), strength(Some(proof.strength)));
        let line = format!("{kind}: {}, {strength} proof, checked {when}", proof.subject);
        Self { line, note: proof.note.clone() }
    }
}

impl RelatedView {
    fn new(other: &RelatedCase, state: &AppState) -> Self {
        let mut why = Vec::new();
        if other.same_person {
            why.push("the same person".to_owned());
        }
        if other.same_rows > 0 {
            why.push(format::counted(other.same_rows, "row both ask about", "rows both ask about"));
        }
        if other.same_pictures > 0 {
            why.push(format::counted(other.same_pictures, "picture both ask about", "pictures both ask about"));
        }
        let filed = format::date(&state.desk.date_of(other.filed_ms).to_string());
        let dataset = dataset_in_words(&state.engine, &other.dataset);
        Self {
            number: other.number.clone(),
            pick: format!("{} {}", other.number, other.dataset),
            words: format!("{dataset}, filed {filed}, {}", other.state.words()),
            why: format::list(&why),
            is_open: other.state.is_open(),
        }
    }
}

impl EventView {
    fn new(event: &Event, state: &AppState) -> Self {
        let when_iso = state.desk.date_of(event.at_ms).to_string();
        let who = match &event.actor {
            Actor::Requester => "the person".to_owned(),
            Actor::Staff(name) => name.clone(),
            Actor::Portal => "this portal".to_owned(),
        };
        let dataset = event.dataset.as_deref().map(|slug| dataset_in_words(&state.engine, slug));
        Self {
            when: format!("{}, {}", format::date(&when_iso), state.desk.time_of(event.at_ms)),
            when_iso,
            who: dataset.map_or_else(|| who.clone(), |dataset| format!("{who} · {dataset}")),
            text: event.text.clone(),
            mark: format!("entry {} · {}", event.seq, event.hash.get(..12).unwrap_or_default()),
        }
    }
}

impl LetterView {
    fn new(letter: &LetterLine, day: &impl Fn(i64) -> String) -> Self {
        let way = match letter.post {
            PostState::Page => "on the case page only",
            PostState::Queued => "waits to be posted",
            PostState::Sent => "posted",
            PostState::Failed => "could not be posted",
        };
        let about = format!("{}, {way}", format::date(&day(letter.written_ms)));
        Self { subject: letter.subject.clone(), text: letter.text.clone(), about }
    }
}

impl FileView {
    fn new(file: &AttachmentLine, day: &impl Fn(i64) -> String) -> Self {
        let size = format::bytes(&file.bytes.to_string());
        let about = format!("{size}, {}, {}", file.media_type, format::date(&day(file.at_ms)));
        Self { id: file.id.clone(), name: file.name.clone(), about }
    }
}

/// What a form calls a field of the contract.
fn field_in_words(name: &str, rules: &Rules) -> String {
    let declared = |name: &str| match name {
        "good_faith" => "that it is asked in good faith",
        "accuracy" => "that what is said is accurate",
        _ => "the declaration under penalty of perjury",
    };
    match (rules.field(name), name.strip_prefix("statements.")) {
        (Some(field), _) => format!("“{}”", field.label),
        (None, Some(statement)) => declared(statement).to_owned(),
        (None, None) => name.replace(['_', '.'], " "),
    }
}

fn requester(case: &Case, rules: &Rules) -> Vec<(String, String)> {
    let who = &case.requester;
    let asks_as = who.relationship.as_deref().map(|name| relationship_in_words(name).to_owned());
    let country = who.country.as_deref().map(|code| name_of(code).to_owned());
    let named = [
        ("Name", &who.name),
        ("Asks", &asks_as),
        ("E-mail", &who.email),
        ("Address", &who.address),
        ("Telephone", &who.phone),
        ("Country", &country),
        ("Signature", &case.signature),
        ("What could not be found", &case.cannot_find),
    ];
    let mut told: Vec<(String, String)> = named
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value.clone().filter(|value| !value.is_empty())?)))
        .collect();
    if !case.explanation.is_empty() {
        told.push(("Explanation".to_owned(), case.explanation.clone()));
    }
    if !case.typed_urls.is_empty() {
        told.push(("Addresses typed".to_owned(), case.typed_urls.join("\n")));
    }
    told.extend(case.answers.iter().map(|(name, answer)| {
        let field = rules.field(&format!("answers.{name}"));
        let chosen = field.and_then(|field| field.choices.iter().find(|choice| choice.value == *answer));
        let asked = field.map_or_else(|| name.replace('_', " "), |field| field.label.clone());
        (asked, chosen.map_or_else(|| answer.clone(), |choice| choice.label.clone()))
    }));
    let share = if case.share_name { "yes" } else { "no" };
    told.push(("The name may be handed on".to_owned(), share.to_owned()));
    told
}

fn statements(case: &Case) -> Vec<&'static str> {
    let made = case.statements;
    [
        (made.good_faith, "said in good faith"),
        (made.accuracy, "said to be accurate"),
        (made.perjury, "declared under penalty of perjury"),
    ]
    .into_iter()
    .filter_map(|(is_made, words)| is_made.then_some(words))
    .collect()
}

/// Reasons as a maintainer reads them.
pub(super) fn reasons_in_words(reasons: &crate::takedown::reasons::Reasons) -> Vec<(&'static str, String)> {
    let refusal = reasons.refusal.map(refusal_words).unwrap_or_default();
    [
        ("Why not", refusal.to_owned()),
        ("What was found", reasons.facts.clone()),
        ("Reference", reasons.reference.clone()),
        ("Why that leads here", reasons.explanation.clone()),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .collect()
}
