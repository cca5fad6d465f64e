//! A counter-notice under the DMCA: for whoever's material was taken down, not for who asked. It needs no passphrase:
//! the notice they received names the case. The answer never tells whether there is such a case.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::readable_number;
use crate::takedown::case::Actor;
use crate::takedown::decision::CounterNotice;
use crate::takedown::desk::DeskError;
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::layout::{Keep, Layout, Nav, send as send_page};
use crate::web::state::AppState;

/// Longest texts, characters.
const LINE_CHARS_MAX: usize = 500;
const TEXT_CHARS_MAX: usize = 5_000;

#[derive(Template)]
#[template(path = "case_counter_notice_page.html")]
struct CounterNoticePage {
    layout: Layout,
    number: String,
    notice: CounterNotice,
    dataset: String,
    datasets: Vec<(String, String)>,
    missing: Vec<&'static str>,
    is_sent: bool,
}

/// `GET /cases/{number}/counter-notice`
pub(in crate::web) async fn form(
    number: Path<String>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let number = readable_number(&number).ok_or(AppError::NoSuchCase)?;
    show(&state, number, CounterNotice::default(), String::new(), Vec::new(), false)
}

/// `POST /cases/{number}/counter-notice`
pub(in crate::web) async fn send(
    request: HttpRequest,
    number: Path<String>,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let number = readable_number(&number).ok_or(AppError::NoSuchCase)?;
    let form = Form::read(payload).await?;
    let line = |name: &str| form.get(name).chars().take(LINE_CHARS_MAX).collect::<String>();
    let text = |name: &str| form.get(name).chars().take(TEXT_CHARS_MAX).collect::<String>();
    let notice = CounterNotice {
        name: line("name"),
        address: line("address"),
        phone: line("phone"),
        email: form.filled("email").map(|email| email.chars().take(LINE_CHARS_MAX).collect()),
        material: text("material"),
        explanation: text("explanation"),
        perjury: form.has("perjury"),
        jurisdiction: form.has("jurisdiction"),
        signature: line("signature"),
    };
    let dataset = line("dataset");
    let missing = missing(&notice, &dataset);
    if !missing.is_empty() {
        return show(&state, number, notice, dataset, missing, false);
    }
    state.count_filing(&request)?;
    match state.desk.counter_notice(&number, &dataset, notice, Actor::Portal).await {
        // Whether there is such a case, and how it stands, is nobody's business who has no passphrase.
        Ok(()) | Err(DeskError::NoSuchCase | DeskError::NoSuchTarget(_) | DeskError::Refused(_)) => {
            show(&state, number, CounterNotice::default(), String::new(), Vec::new(), true)
        }
        Err(error) => Err(error.into()),
    }
}

fn missing(notice: &CounterNotice, dataset: &str) -> Vec<&'static str> {
    let all = [
        (dataset.is_empty(), "which dataset it stood in"),
        (notice.material.is_empty(), "what was taken down"),
        (notice.explanation.is_empty(), "why that was a mistake"),
        (notice.name.is_empty(), "your name"),
        (notice.address.is_empty(), "your address"),
        (notice.phone.is_empty(), "your telephone number"),
        (!notice.perjury, "the statement under penalty of perjury"),
        (!notice.jurisdiction, "the consent to the court"),
        (notice.signature.is_empty(), "your signature"),
    ];
    all.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, words)| words).collect()
}

fn show(
    state: &AppState,
    number: String,
    notice: CounterNotice,
    dataset: String,
    missing: Vec<&'static str>,
    is_sent: bool,
) -> Result<HttpResponse, AppError> {
    let datasets = state.engine.datasets().into_iter().map(|dataset| {
        let title = if dataset.title.is_empty() { dataset.slug.clone() } else { dataset.title };
        (dataset.slug, title)
    });
    let status = if missing.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let layout = Layout::new("Counter-notice", Nav::Removal);
    let page = CounterNoticePage { layout, number, notice, dataset, datasets: datasets.collect(), missing, is_sent };
    send_page(&page, status, Keep::Nothing)
}
