//! The first step: what it is about, and three plain questions that lead to the right law.

use askama::Template;

use super::draft::{Draft, TYPED_URLS_MAX};
use super::subject::Subject;
use crate::search::results::DatasetSummary;
use crate::web::layout::{Layout, Nav};
use crate::web::pages::places::{PLACES, Place};

#[derive(Template)]
#[template(path = "case_new_questions_page.html")]
pub(super) struct QuestionsPage {
    layout: Layout,
    subject: Subject,
    hidden: Vec<(String, String)>,
    /// What is still missing, in sentences.
    problems: Vec<&'static str>,
    about: Vec<Choice>,
    relationship: Vec<Choice>,
    lives: String,
    places: &'static [Place],
    typed_urls: String,
    typed_urls_max: usize,
    cannot_find: String,
    datasets: Vec<DatasetChoice>,
}

/// One answer to choose.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) words: String,
    pub(super) is_chosen: bool,
}

struct DatasetChoice {
    slug: String,
    title: String,
    is_chosen: bool,
}

const ABOUT: [(&str, &str); 3] = [
    ("me", "About me: a picture of me, my name, my account, something I said"),
    ("my_work", "About my work: a picture, a text or code that I made or hold the rights in"),
    ("other", "About something else that I think is against the law"),
];

const RELATIONSHIP: [(&str, &str); 6] = [
    ("self", "Yes, for myself"),
    ("parent", "For a child, or somebody I am the guardian of"),
    ("agent", "For somebody who asked me to do this"),
    ("heir", "For somebody who has died"),
    ("rightholder", "For the company or group that holds the rights, and I am part of it"),
    ("authorised", "For the holder of the rights, who authorised me"),
];

/// Shown by this page, so not carried hidden. The basis follows from the answers.
const SHOWN: [&str; 7] = ["about", "requester.relationship", "lives", "typed_urls", "cannot_find", "dataset", "basis"];

impl QuestionsPage {
    pub(super) fn new(draft: &Draft, subject: Subject, datasets: &[DatasetSummary], is_checked: bool) -> Self {
        let mut problems = Vec::new();
        if is_checked && !draft.has_subject() {
            problems.push("Say what your request is about: tick records, give an address, or describe it.");
        }
        if is_checked && !draft.is_answered() {
            problems.push("Answer all three questions: they decide which rules help you.");
        }
        Self {
            layout: Layout::new("Ask for removal", Nav::Removal),
            hidden: draft.hidden(|name| SHOWN.contains(&name)),
            problems,
            about: choices(&ABOUT, draft.get("about")),
            relationship: choices(&RELATIONSHIP, draft.get("requester.relationship")),
            lives: draft.get("lives").to_owned(),
            places: PLACES,
            typed_urls: draft.get("typed_urls").to_owned(),
            typed_urls_max: TYPED_URLS_MAX,
            cannot_find: draft.get("cannot_find").to_owned(),
            datasets: datasets.iter().map(|dataset| DatasetChoice::new(dataset, draft)).collect(),
            subject,
        }
    }
}

impl DatasetChoice {
    fn new(dataset: &DatasetSummary, draft: &Draft) -> Self {
        Self {
            slug: dataset.slug.clone(),
            title: if dataset.title.is_empty() { dataset.slug.clone() } else { dataset.title.clone() },
            is_chosen: draft.all("dataset").any(|slug| slug == dataset.slug),
        }
    }
}

fn choices(all: &[(&str, &str)], chosen: &str) -> Vec<Choice> {
    let choice = |(value, words): &(&str, &str)| Choice {
        value: (*value).to_owned(),
        words: (*words).to_owned(),
        is_chosen: *value == chosen,
    };
    all.iter().map(choice).collect()
}
