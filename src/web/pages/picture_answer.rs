//! The answer to one or many pictures as its page shows it: a summary first, then the pictures that were found, those
//! that could not be checked, and those that were not found.

use std::collections::{BTreeMap, BTreeSet};

use super::picture_view::PictureView;
use crate::search::results::{PictureAnswer, PictureHit, Verdict};
use crate::web::coverage::CoverageView;
use crate::web::format;
use crate::web::hits::{dataset_href, dataset_title};

pub(super) struct PictureAnswerView {
    /// `17 of your 200 pictures were found in 3 datasets.`
    pub(super) sentence: String,
    /// What the sentence leaves out; may be empty.
    pub(super) note: String,
    /// In how many pictures' hits a dataset stands, most first; empty where one picture was asked about.
    pub(super) datasets: Vec<DatasetTally>,
    pub(super) found: Vec<PictureView>,
    pub(super) failed: Vec<PictureView>,
    pub(super) missed: Vec<PictureView>,
    /// `183 pictures were not found`
    pub(super) missed_title: String,
    pub(super) is_alone: bool,
    /// Nothing was asked: what a script fills.
    pub(super) is_blank: bool,
    pub(super) coverage: CoverageView,
}

pub(super) struct DatasetTally {
    pub(super) title: String,
    pub(super) href: String,
    pub(super) pictures: String,
}

impl PictureAnswerView {
    pub(super) fn new(answers: &[PictureAnswer], coverage: CoverageView) -> Self {
        let n_asked = answers.len() as u64;
        let mut view = Self { is_blank: false, is_alone: n_asked == 1, ..Self::empty(coverage) };
        let mut n_unsure = 0;
        for (number, answer) in answers.iter().enumerate() {
            let picture = PictureView::new(number, answer);
            // A picture with too little in it has a problem, and may still be found as the very same file.
            if answer.hits.iter().any(is_sure) {
                view.found.push(picture);
            } else if answer.problem.is_some() {
                view.failed.push(picture);
            } else {
                n_unsure += u64::from(!answer.hits.is_empty());
                view.missed.push(picture);
            }
        }
        let tally = tally(answers);
        view.sentence = match (view.is_alone, view.failed.len()) {
            (true, 1) => "Your picture could not be checked.".to_owned(),
            _ => sentence(view.found.len() as u64, n_asked, tally.len() as u64),
        };
        if !view.is_alone {
            view.note = note(n_unsure, view.failed.len() as u64);
            view.datasets = tally;
        }
        let missed = format::counted(view.missed.len() as u64, "picture was", "pictures were");
        view.missed_title = format!("{missed} not found");
        view
    }

    pub(super) fn has_no_hits(&self) -> bool {
        self.found.iter().chain(&self.failed).chain(&self.missed).all(|picture| picture.groups.is_empty())
    }

    /// The markup of every part once, without anything in it.
    pub(super) fn blank(coverage: CoverageView) -> Self {
        Self { found: vec![PictureView::blank()], ..Self::empty(coverage) }
    }

    fn empty(coverage: CoverageView) -> Self {
        Self {
            sentence: "Checking your pictures …".to_owned(),
            note: String::new(),
            datasets: Vec::new(),
            found: Vec::new(),
            failed: Vec::new(),
            missed: Vec::new(),
            missed_title: String::new(),
            is_alone: false,
            is_blank: true,
            coverage,
        }
    }
}

fn is_sure(hit: &PictureHit) -> bool {
    hit.verdict != Verdict::Maybe
}

/// Datasets by the number of pictures found in them.
fn tally(answers: &[PictureAnswer]) -> Vec<DatasetTally> {
    let mut tally: BTreeMap<&str, (u64, String)> = BTreeMap::new();
    for answer in answers {
        let mut of_picture = BTreeSet::new();
        for hit in answer.hits.iter().filter(|hit| is_sure(hit)) {
            if of_picture.insert(&hit.hit.dataset) {
                let title = || (0, dataset_title(&hit.hit).into_owned());
                tally.entry(&hit.hit.dataset).or_insert_with(title).0 += 1;
            }
        }
    }
    let mut tally: Vec<_> = tally.into_iter().collect();
    tally.sort_by_key(|(_, (n, _))| std::cmp::Reverse(*n));
    let view = |(slug, (n, title)): (&str, (u64, String))| DatasetTally {
        title,
        href: dataset_href(slug),
        pictures: format::counted(n, "picture", "pictures"),
    };
    tally.into_iter().map(view).collect()
}

fn sentence(n_found: u64, n_asked: u64, n_datasets: u64) -> String {
    let datasets = format::counted(n_datasets, "dataset", "datasets");
    match (n_found, n_asked) {
        (0, 1) => "Your picture was not found.".to_owned(),
        (_, 1) => format!("Your picture was found in {datasets}."),
        (0, asked) => format!("None of your {} pictures was found.", format::count(asked)),
        (found, asked) => {
            let are = if found == 1 { "was" } else { "were" };
            format!("{} of your {} pictures {are} found in {datasets}.", format::count(found), format::count(asked))
        }
    }
}

fn note(n_unsure: u64, n_failed: u64) -> String {
    let pictures = |n| format::counted(n, "picture", "pictures");
    let mut said = Vec::new();
    if n_unsure > 0 {
        said.push(format!("For {} there are only unsure matches; they are folded away.", pictures(n_unsure)));
    }
    if n_failed > 0 {
        said.push(format!("{} could not be checked.", pictures(n_failed)));
    }
    said.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_counts_pictures_that_were_found() {
        assert_eq!(sentence(0, 1, 0), "Your picture was not found.");
        assert_eq!(sentence(1, 1, 2), "Your picture was found in 2 datasets.");
        assert_eq!(sentence(17, 200, 3), "17 of your 200 pictures were found in 3 datasets.");
        assert_eq!(sentence(1, 5, 1), "1 of your 5 pictures was found in 1 dataset.");
        assert_eq!(sentence(0, 3, 0), "None of your 3 pictures was found.");
    }

    #[test]
    fn the_note_says_what_the_sentence_leaves_out() {
        assert_eq!(note(0, 0), "");
        assert_eq!(note(1, 0), "For 1 picture there are only unsure matches; they are folded away.");
        assert!(note(2, 1).ends_with("folded away. 1 picture could not be checked."));
    }
}
