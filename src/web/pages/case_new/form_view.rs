//! The second step: only the fields that the basis asks for, each with why it is asked, as the rule file has them.

use std::collections::BTreeMap;

use askama::Template;

use super::draft::Draft;
use super::questions::Choice;
use super::subject::Subject;
use crate::takedown::basis::Basis;
use crate::takedown::filing::Check;
use crate::takedown::rules::{Binding, Effect, Field, LetterKind, RuleBook, Rules};
use crate::takedown::tombstone::Scope;
use crate::web::format;
use crate::web::layout::{Layout, Nav};
use crate::web::pages::places::{PLACES, name_of};

/// Up to so many choices are shown side by side; more become a list that opens.
const RADIOS_MAX: usize = 7;

#[derive(Template)]
#[template(path = "case_new_form_page.html")]
pub(super) struct FormPage {
    layout: Layout,
    subject: Subject,
    hidden: Vec<(String, String)>,
    title: String,
    explanation: String,
    law: String,
    /// `within one month of the day it arrives, by law`
    decided: String,
    hides_at_once: bool,
    /// Suggested first, with what else fits and all the others.
    others: Vec<Other>,
    /// What is missing or wrong, with the field it is about.
    problems: Vec<ProblemLine>,
    fields: Vec<FieldView>,
    statements: Vec<StatementView>,
    scopes: Vec<Choice>,
    /// Asked although the rules do not: without an address letters are on the case page only.
    email: Option<FieldView>,
    email_optin: bool,
    share_name: Option<bool>,
    /// Whoever's material is taken down is told, and the law expects by whom.
    tells_affected: bool,
}

struct Other {
    basis: &'static str,
    title: String,
    short: String,
}

struct ProblemLine {
    field: String,
    words: String,
}

pub(super) struct FieldView {
    name: String,
    label: String,
    why: String,
    is_required: bool,
    value: String,
    kind: Kind,
    choices: Vec<Choice>,
    problem: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Email,
    Area,
    Radios,
    Select,
}

struct StatementView {
    name: String,
    text: String,
    why: String,
    is_required: bool,
    is_ticked: bool,
    problem: Option<String>,
}

impl FieldView {
    fn is_area(&self) -> bool {
        self.kind == Kind::Area
    }
    fn is_radios(&self) -> bool {
        self.kind == Kind::Radios
    }
    fn is_select(&self) -> bool {
        self.kind == Kind::Select
    }
    fn is_email(&self) -> bool {
        self.kind == Kind::Email
    }
    fn is_name(&self) -> bool {
        self.name == "requester.name"
    }
}

impl FormPage {
    pub(super) fn new(
        draft: &Draft,
        basis: Basis,
        book: &RuleBook,
        fitting: &[Basis],
        subject: Subject,
        check: &Check,
    ) -> Self {
        let rules = book.of(basis, draft.lives());
        let problems = Problems::new(check);
        let fields: Vec<_> = rules
            .fields
            .iter()
            .filter(|field| field.name != "records" && field.name != "scope" && field.name != "share_name")
            .map(|field| FieldView::new(field, draft, &problems))
            .collect();
        let statements: Vec<_> = rules
            .statements
            .iter()
            .map(|statement| {
                let name = format!("statements.{}", statement.name);
                StatementView {
                    is_ticked: draft.has(&name),
                    problem: problems.of(&name),
                    text: statement.text.clone(),
                    why: statement.why.clone(),
                    is_required: statement.required,
                    name,
                }
            })
            .collect();
        let asks = |name: &str| rules.field(name).is_some();
        let email = (!asks("requester.email")).then(|| FieldView::optional_email(draft, &problems));
        let shown = |name: &str| {
            asks(name)
                || name.starts_with("statements.")
                || ["scope", "share_name", "requester.email", "email_optin", "basis", "asked"].contains(&name)
        };
        let lines = problems.lines(rules);
        let mut hidden = draft.hidden(shown);
        hidden.push(("basis".to_owned(), basis.name().to_owned()));
        let tells_affected = rules.notices.contains(&LetterKind::AffectedParty);
        // A tick that was taken away stays away: only the first look at a basis has its default.
        let is_first_look = draft.get("asked") != basis.name();
        let share_name = draft.has("share_name") || (is_first_look && tells_affected);
        hidden.push(("asked".to_owned(), basis.name().to_owned()));
        Self {
            layout: Layout::new(rules.title.clone(), Nav::Removal),
            subject,
            hidden,
            title: rules.title.clone(),
            explanation: rules.explanation.clone(),
            law: rules.law.clone(),
            decided: decided(rules),
            hides_at_once: rules.hide_at_filing,
            others: others(basis, book, draft, fitting),
            problems: lines,
            fields,
            statements,
            scopes: if rules.effect == Effect::Inform { Vec::new() } else { scopes(draft) },
            email,
            email_optin: draft.has("email_optin"),
            share_name: (asks("requester.name") && rules.effect != Effect::Inform).then_some(share_name),
            tells_affected,
        }
    }
}

impl FieldView {
    fn new(field: &Field, draft: &Draft, problems: &Problems<'_>) -> Self {
        let given = draft.get(&field.name);
        let value = match (field.name.as_str(), given) {
            // What was answered before need not be typed again.
            ("requester.country", "") => draft.get("lives").chars().take(2).collect(),
            _ => given.to_owned(),
        };
        let choice = |value: &str, words: &str, chosen: &str| Choice {
            value: value.to_owned(),
            words: words.to_owned(),
            is_chosen: value == chosen,
        };
        let choices: Vec<_> = match field.name.as_str() {
            "requester.country" if field.choices.is_empty() => {
                let countries = PLACES.iter().filter(|place| place.code.len() == 2);
                countries.map(|place| choice(place.code, name_of(place.code), &value)).collect()
            }
            _ => field.choices.iter().map(|one| choice(&one.value, &one.label, &value)).collect(),
        };
        let kind = match field.name.as_str() {
            _ if choices.len() > RADIOS_MAX => Kind::Select,
            _ if !choices.is_empty() => Kind::Radios,
            "requester.email" => Kind::Email,
            "requester.name" | "requester.phone" | "signature" => Kind::Text,
            _ => Kind::Area,
        };
        Self {
            name: field.name.clone(),
            label: field.label.clone(),
            why: field.why.clone(),
            is_required: field.required,
            value,
            kind,
            choices,
            problem: problems.of(&field.name),
        }
    }

    fn optional_email(draft: &Draft, problems: &Problems<'_>) -> Self {
        Self {
            name: "requester.email".to_owned(),
            label: "E-mail address".to_owned(),
            why: "Only if you want to be written to. Without one, every letter is on the page of your case.".to_owned(),
            is_required: false,
            value: draft.get("requester.email").to_owned(),
            kind: Kind::Email,
            choices: Vec::new(),
            problem: problems.of("requester.email"),
        }
    }
}

/// What a check found, by field.
struct Problems<'a>(BTreeMap<&'a str, String>);

impl<'a> Problems<'a> {
    fn new(check: &'a Check) -> Self {
        let mut all = BTreeMap::new();
        for problem in &check.problems {
            all.insert(problem.field.as_str(), problem.what.clone());
        }
        for field in &check.missing {
            all.entry(field).or_insert_with(|| "This is needed.".to_owned());
        }
        Self(all)
    }

    fn of(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    fn lines(&self, rules: &Rules) -> Vec<ProblemLine> {
        let line = |(field, what): (&&str, &String)| {
            let statement = field.strip_prefix("statements.").and_then(|name| rules.statement(name));
            let label = match (rules.field(field), statement) {
                (Some(field), _) => field.label.clone(),
                (None, Some(statement)) => format::shortened(&statement.text, 80),
                (None, None) => match *field {
                    "records" => "What it is about".to_owned(),
                    other => other.to_owned(),
                },
            };
            let colon = if label.ends_with(['.', '?', '!', '…']) { "" } else { ":" };
            ProblemLine { field: (*field).to_owned(), words: format!("{label}{colon} {what}") }
        };
        self.0.iter().map(line).collect()
    }
}

/// The bases that fit come first, then the others: the person may know better.
fn others(chosen: Basis, book: &RuleBook, draft: &Draft, fitting: &[Basis]) -> Vec<Other> {
    let rest = Basis::ALL.into_iter().filter(|basis| !fitting.contains(basis));
    let all = fitting.iter().copied().chain(rest).filter(|basis| *basis != chosen);
    all.map(|basis| {
        let rules = book.of(basis, draft.lives());
        Other { basis: basis.name(), title: rules.title.clone(), short: rules.short.clone() }
    })
    .collect()
}

fn scopes(draft: &Draft) -> Vec<Choice> {
    let chosen = Scope::from_name(draft.get("scope")).unwrap_or_default();
    let choice = |scope: Scope| Choice {
        value: scope.name().to_owned(),
        words: format::capitalised(scope.words()),
        is_chosen: scope == chosen,
    };
    Scope::ALL.into_iter().map(choice).collect()
}

/// `within 1 month, by law (Article 12(3))`
pub(super) fn decided(rules: &Rules) -> String {
    let deadline = &rules.decide;
    let term = term(deadline.count, deadline.unit);
    match deadline.binding {
        Binding::Law => format!("within {term}; that is the law ({})", deadline.source),
        Binding::Promise => format!("within {term}; that is a promise of this portal, not a law"),
    }
}

fn term(count: u32, unit: crate::takedown::clock::Unit) -> String {
    use crate::takedown::clock::Unit;
    let (one, many) = match unit {
        Unit::Months => ("month", "months"),
        Unit::BusinessDays => ("business day", "business days"),
        Unit::Days => ("day", "days"),
    };
    format::counted(u64::from(count), one, many)
}
