//! The last step: number and passphrase, large, to write down or print. Shown once.

use askama::Template;

use crate::takedown::desk::types::Filed;
use crate::takedown::timeline;
use crate::web::format;
use crate::web::layout::{Layout, Nav};
use crate::web::pages::case_words::dataset_in_words;
use crate::web::state::AppState;

#[derive(Template)]
#[template(path = "case_new_receipt_page.html")]
pub(super) struct ReceiptPage {
    layout: Layout,
    number: String,
    passphrase: String,
    title: String,
    filed: String,
    targets: Vec<TargetLine>,
    email: Option<String>,
}

struct TargetLine {
    title: String,
    records: String,
    next: String,
    due: Option<String>,
}

impl ReceiptPage {
    pub(super) fn new(filed: &Filed, state: &AppState) -> Self {
        let case = &filed.case;
        let book = state.desk.rules();
        let targets = case.targets.iter().map(|target| TargetLine {
            title: dataset_in_words(&state.engine, &target.dataset),
            records: match target.rows.len() as u64 {
                0 => "the maintainers look for it".to_owned(),
                n => format::counted(n, "record", "records"),
            },
            next: timeline::next(target, book).what,
            due: target.due.as_deref().map(format::date),
        });
        Self {
            layout: Layout::new(format!("Case {}", case.number), Nav::Removal),
            number: case.number.clone(),
            passphrase: filed.passphrase.clone(),
            title: book.of(case.basis, case.requester.country.as_deref()).title.clone(),
            filed: format::date(&state.desk.date_of(case.filed_ms).to_string()),
            targets: targets.collect(),
            email: case.requester.email.clone(),
        }
    }
}
