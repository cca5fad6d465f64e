//! Checking a signed document: in the browser where it can, else by sending it here.

use actix_multipart::Multipart;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::ThinData;
use askama::Template;

use crate::evidence::verify::KeyCheck;
use crate::web::documents::{self, Checked};
use crate::web::error::AppError;
use crate::web::format;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::state::AppState;

#[derive(Template)]
#[template(path = "verify_page.html")]
struct VerifyPage {
    layout: Layout,
    answer: Option<AnswerView>,
}

struct AnswerView {
    is_valid: bool,
    heading: &'static str,
    sentences: Vec<String>,
}

/// `GET /verify`
pub(in crate::web) async fn form() -> Result<HttpResponse, AppError> {
    let page = VerifyPage { layout: Layout::new("Check a document", Nav::Elsewhere), answer: None };
    send(&page, StatusCode::OK, Keep::Revalidated)
}

/// `POST /verify`
pub(in crate::web) async fn check(
    parts: Multipart,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let bytes = documents::take_in(parts, &state).await?;
    let checked = documents::check(&state, bytes).await?;
    let answer = Some(AnswerView::new(&checked));
    let page = VerifyPage { layout: Layout::new("Check a document", Nav::Elsewhere), answer };
    send(&page, StatusCode::OK, Keep::Nothing)
}

impl AnswerView {
    fn new(checked: &Checked) -> Self {
        let report = &checked.report;
        let heading = match (report.valid, checked.is_of_another) {
            (true, false) => "Valid",
            (true, true) => "Unchanged, but not signed by this portal",
            (false, _) => "Not valid",
        };
        let mut sentences: Vec<_> = report.faults.iter().map(|fault| fault.sentence.clone()).collect();
        if report.valid {
            sentences.push(format!("This is {}, and not one byte of it was changed since it was signed.", report.what));
            let made_at = report.made_at.as_deref().map(format::date);
            sentences.extend(made_at.map(|date| format!("It says it was made on {date}.")));
        }
        let key_id = report.key_id.clone().unwrap_or_default();
        if report.valid {
            sentences.push(match (checked.is_of_another, report.key) {
                (true, _) => format!("Its key {key_id} is none of this portal’s. It may be a maintainer’s or another portal’s: ask whoever gave you the file for their key, and compare."),
                (false, KeyCheck::Retired) => format!("It is signed by this portal’s key {key_id}, which was retired since; what it signed before stays valid."),
                (false, _) => format!("It is signed by this portal’s key {key_id}."),
            });
        }
        Self { is_valid: report.valid && !checked.is_of_another, heading, sentences }
    }
}
