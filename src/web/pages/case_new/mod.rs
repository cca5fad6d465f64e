//! Filing a request: three plain questions, the fields that follow from them, the letter to look over, the receipt.
//!
//! Each step is one POST to the same address that carries everything so far in its own body, so the server keeps
//! nothing of a request until it is filed, and no address holds any of it.

mod draft;
mod form_view;
mod questions;
mod receipt;
mod subject;
mod summary;

use actix_web::http::StatusCode;
use actix_web::web::{Payload, ThinData};
use actix_web::{HttpRequest, HttpResponse};

use self::draft::Draft;
use self::form_view::FormPage;
use self::questions::QuestionsPage;
use self::receipt::ReceiptPage;
use self::subject::Subject;
use self::summary::SummaryPage;
use crate::takedown::basis::Basis;
use crate::takedown::case::RecordRef;
use crate::takedown::desk::DeskError;
use crate::takedown::filing::{Check, check, choose_basis};
use crate::web::basket;
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::layout::{Keep, send};
use crate::web::state::AppState;
use crate::web::takes::resolve;

/// What the button that was pressed asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Questions,
    Form,
    /// The letter, if nothing is missing.
    Check,
    File,
}

/// A draft with what it is about looked up.
struct Looked {
    draft: Draft,
    records: Vec<RecordRef>,
    subject: Subject,
}

/// `GET /cases/new`
pub(in crate::web) async fn start(ThinData(state): ThinData<AppState>) -> Result<HttpResponse, AppError> {
    let looked = look(&state, Draft::default(), false).await?;
    questions(&state, looked, false)
}

/// `POST /cases/new`
pub(in crate::web) async fn go_on(
    request: HttpRequest,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let form = Form::read(payload).await?;
    let mut draft = Draft::read(&form);
    if let Some(basis) = Basis::from_name(form.get("switch")) {
        draft.set("basis", basis.name());
    }
    let step = match form.get("step") {
        _ if form.has("switch") => Step::Form,
        "form" => Step::Form,
        "check" => Step::Check,
        "file" => Step::File,
        _ => Step::Questions,
    };
    let came_from_questions = step == Step::Form && draft.basis().is_none();
    let looked = look(&state, draft, came_from_questions).await?;
    let is_ready = looked.draft.is_answered() && looked.draft.has_subject();
    match step {
        Step::Questions => questions(&state, looked, false),
        _ if !is_ready => questions(&state, looked, true),
        Step::Form => fields(&state, looked, &Check::default()),
        Step::Check => summary(&state, looked),
        Step::File => file(&request, &state, looked).await,
    }
}

async fn look(state: &AppState, mut draft: Draft, finds_typed: bool) -> Result<Looked, AppError> {
    let limits = state.limits.clone();
    state
        .ask(move |engine| {
            if finds_typed {
                draft.find_typed(engine)?;
            }
            let taken = resolve(engine, &draft.takes, &limits)?;
            let subject = Subject::new(engine, &draft, &taken)?;
            Ok(Looked { draft, records: taken.records, subject })
        })
        .await
}

fn questions(state: &AppState, looked: Looked, is_checked: bool) -> Result<HttpResponse, AppError> {
    let page = QuestionsPage::new(&looked.draft, looked.subject, &state.engine.datasets(), is_checked);
    let status = if is_checked { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    send(&page, status, Keep::Nothing)
}

/// The basis that was chosen, else the one that fits best.
fn basis_of(state: &AppState, draft: &Draft) -> (Basis, Vec<Basis>) {
    let fitting = choose_basis(draft.answers(), state.desk.rules());
    let basis = draft.basis().or(fitting.first().copied()).unwrap_or(Basis::Plain);
    (basis, fitting)
}

fn fields(state: &AppState, looked: Looked, check: &Check) -> Result<HttpResponse, AppError> {
    let (basis, fitting) = basis_of(state, &looked.draft);
    let is_fine = check.missing.is_empty() && check.problems.is_empty();
    let page = FormPage::new(&looked.draft, basis, state.desk.rules(), &fitting, looked.subject, check);
    send(&page, if is_fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, Keep::Nothing)
}

fn summary(state: &AppState, looked: Looked) -> Result<HttpResponse, AppError> {
    let (basis, _) = basis_of(state, &looked.draft);
    let filing = looked.draft.filing(basis);
    let found = check(&filing, state.desk.rules(), looked.records.len());
    if !(found.missing.is_empty() && found.problems.is_empty()) {
        return fields(state, looked, &found);
    }
    let rules = state.desk.rules().of(basis, looked.draft.lives());
    let page = SummaryPage::new(&looked.draft, &filing, rules, looked.subject, &state.engine);
    send(&page, StatusCode::OK, Keep::Nothing)
}

/// Files it and answers with the receipt itself, not with a redirect: the passphrase is shown this once and kept by
/// nobody, so no later request could show it.
async fn file(request: &HttpRequest, state: &AppState, mut looked: Looked) -> Result<HttpResponse, AppError> {
    state.count_filing(request)?;
    let (basis, _) = basis_of(state, &looked.draft);
    let filing = looked.draft.filing(basis);
    let records = std::mem::take(&mut looked.records);
    let filed = match state.desk.file_with(filing, records, looked.draft.datasets()).await {
        Ok(filed) => filed,
        Err(DeskError::Missing(found)) => return fields(state, looked, &found),
        Err(error) => return Err(error.into()),
    };
    let page = ReceiptPage::new(&filed, state);
    let mut response = send(&page, StatusCode::CREATED, Keep::Nothing)?;
    // What was ticked is asked for now.
    response.add_cookie(&basket::forget()).map_err(|error| AppError::internal(&anyhow::Error::from(error)))?;
    Ok(response)
}
