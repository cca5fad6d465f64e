//! The last step: number and passphrase, large, to write down or print. Shown once.

use askama::Template;

use super::subject::Subject;
use crate::takedown::desk::types::Filed;
use crate::takedown::timeline;
use crate::web::format;
use crate::web::layout::{Layout, Nav};
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
    pub(super) fn new(filed: &Filed, subject: &Subject, state: &AppState) -> Self {
        let case = &filed.case;
        let book = state.desk.rules();
        let targets = case.targets.iter().map(|target| {
            let title = subject.datasets.iter().find(|dataset| dataset.slug == target.dataset);
            TargetLine {
                title: title.map_or_else(|| target.dataset.clone(), |dataset| dataset.title.clone()),
                records: format::counted(target.rows.len() as u64, "record", "records"),
                next: timeline::next(case, target, book).what,
                due: target.due.as_deref().map(format::date),
            }
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
