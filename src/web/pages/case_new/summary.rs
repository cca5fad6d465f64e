//! The third step: what will be sent to whom, as the letter it is. Nothing has been sent until then.

use askama::Template;

use super::draft::Draft;
use super::subject::Subject;
use crate::search::engine::Engine;
use crate::takedown::filing::Filing;
use crate::takedown::rules::{Effect, LetterKind, Rules};
use crate::web::layout::{Layout, Nav};
use crate::web::pages::case_words::{dataset_in_words, relationship_in_words};
use crate::web::pages::places::name_of;

#[derive(Template)]
#[template(path = "case_new_summary_page.html")]
pub(super) struct SummaryPage {
    layout: Layout,
    hidden: Vec<(String, String)>,
    subject: Subject,
    /// Asked without a record that was found.
    asked_datasets: Vec<String>,
    title: String,
    law: String,
    decided: String,
    hides_at_once: bool,
    /// `Ada Lovelace, for myself`
    from: String,
    /// Name, address, phone: lines under the sender.
    contact: Vec<String>,
    explanation: Vec<String>,
    /// The basis's own questions with the answers.
    answers: Vec<(String, String)>,
    statements: Vec<String>,
    signature: Option<String>,
    scope: Option<&'static str>,
    typed_urls: Vec<String>,
    cannot_find: Option<String>,
    email: Option<String>,
    email_optin: bool,
    /// What leaves the portal for the datasets' publishers.
    handed_on: &'static str,
    /// What whoever's material is taken down gets to know.
    told_affected: Option<&'static str>,
}

impl SummaryPage {
    pub(super) fn new(draft: &Draft, filing: &Filing, rules: &Rules, subject: Subject, engine: &Engine) -> Self {
        let requester = &filing.requester;
        let name = requester.name.clone().unwrap_or_else(|| "Somebody who gave no name".to_owned());
        let relationship = requester.relationship.as_deref().map(relationship_in_words);
        let contact = [
            requester.address.clone(),
            requester.country.as_deref().map(|code| name_of(code).to_owned()),
            requester.phone.clone(),
            requester.email.clone(),
        ];
        let answers = filing.answers.iter().filter_map(|(name, value)| {
            let field = rules.field(&format!("answers.{name}"))?;
            let choice = field.choices.iter().find(|choice| choice.value == *value);
            Some((field.label.clone(), choice.map_or_else(|| value.clone(), |choice| choice.label.clone())))
        });
        let given = [
            ("good_faith", filing.statements.good_faith),
            ("accuracy", filing.statements.accuracy),
            ("perjury", filing.statements.perjury),
        ];
        let statements = given.into_iter().filter(|(_, is_given)| *is_given);
        let statements = statements.filter_map(|(name, _)| Some(rules.statement(name)?.text.clone())).collect();
        let shares_name = filing.share_name && requester.name.is_some();
        Self {
            layout: Layout::new("What will be sent", Nav::Removal),
            hidden: draft.hidden(|_| false),
            asked_datasets: draft.datasets().iter().map(|slug| dataset_in_words(engine, slug)).collect(),
            title: rules.title.clone(),
            law: rules.law.clone(),
            decided: super::form_view::decided(rules),
            hides_at_once: rules.hide_at_filing && !subject.datasets.is_empty(),
            from: relationship.map_or_else(|| name.clone(), |relationship| format!("{name}, {relationship}")),
            contact: contact.into_iter().flatten().collect(),
            explanation: paragraphs(&filing.explanation),
            answers: answers.collect(),
            statements,
            signature: filing.signature.clone(),
            scope: (rules.effect != Effect::Inform).then(|| filing.scope.words()),
            typed_urls: filing.typed_urls.clone(),
            cannot_find: filing.cannot_find.clone(),
            email: requester.email.clone(),
            email_optin: filing.email_optin,
            told_affected: rules.notices.contains(&LetterKind::AffectedParty).then_some(if shares_name {
                "that such a notice came, and your name, as you allowed."
            } else {
                "that such a notice came, not from whom."
            }),
            handed_on: handed_on(rules, shares_name),
            subject,
        }
    }
}

fn handed_on(rules: &Rules, shares_name: bool) -> &'static str {
    match (rules.effect, shares_name) {
        (Effect::Inform, _) => "are told nothing: you ask what is held, and nothing is taken out.",
        (Effect::Restrict, true) => {
            "are told, if it is granted: which records may not be used for now, and your name, as you allowed. Not your address, phone or e-mail."
        }
        (Effect::Restrict, false) => {
            "are told, if it is granted: which records may not be used for now. Not who asked: neither name nor address."
        }
        (Effect::Remove, true) => {
            "are told, if it is granted: which records to take out, and your name, as you allowed. Not your address, phone or e-mail."
        }
        (Effect::Remove, false) => {
            "are told, if it is granted: which records to take out. Not who asked: neither name nor address."
        }
    }
}

fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
