//! Who received the datasets, what they were told, and whether they said that it arrived.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{Choice, Staff, see_other};
use crate::takedown::accounts::{Account, Role};
use crate::takedown::case::Actor;
use crate::takedown::desk::Desk;
use crate::takedown::desk::recipients::RECIPIENT_NAME_CHARS_MAX;
use crate::takedown::desk::types::PostState;
use crate::takedown::recipient::{Notice, Recipient};
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::format;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::pages::case_words::dataset_in_words;
use crate::web::session;
use crate::web::state::AppState;

const HERE: &str = "/review/recipients";

#[derive(Template)]
#[template(path = "review_recipients_page.html")]
struct RecipientsPage {
    layout: Layout,
    staff: Staff,
    /// Only admins add and remove.
    is_admin: bool,
    datasets: Vec<Choice>,
    recipients: Vec<RecipientView>,
    notices: Vec<NoticeView>,
    name_chars_max: usize,
}

struct RecipientView {
    id: String,
    name: String,
    email: String,
    dataset: String,
}

struct NoticeView {
    name: String,
    dataset: String,
    version: u32,
    digest: String,
    written: String,
    state: String,
}

/// `GET /review/recipients`
pub(in crate::web) async fn page(
    request: HttpRequest,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    state.follow_grants().await.map_err(|error| AppError::internal(&error))?;
    let (recipients, notices) = state.desk.recipients_of(&account).await?;
    let page = RecipientsPage {
        layout: Layout::new("Recipients", Nav::Elsewhere),
        is_admin: account.role == Role::Admin,
        staff: Staff::new(&account),
        datasets: datasets(&account, &state),
        recipients: recipients
            .iter()
            .filter(|known| known.removed_ms.is_none())
            .map(|known| RecipientView::new(known, &state))
            .collect(),
        notices: notices.iter().map(|notice| NoticeView::new(notice, &state)).collect(),
        name_chars_max: RECIPIENT_NAME_CHARS_MAX,
    };
    send(&page, StatusCode::OK, Keep::Nothing)
}

/// `POST /review/recipients`
pub(in crate::web) async fn add(
    request: HttpRequest,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    Desk::may_name_recipients(&account)?;
    let form = Form::read(payload).await?;
    let dataset = form.get("dataset").to_owned();
    let known = dataset.clone();
    state.ask(move |engine| engine.dataset(&known)).await?;
    let by = Actor::Staff(account.name.clone());
    state.desk.add_recipient(&dataset, form.get("name"), form.get("email"), &by).await?;
    Ok(see_other(HERE))
}

/// `POST /review/recipients/{id}/remove`
pub(in crate::web) async fn remove(
    request: HttpRequest,
    id: Path<String>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    Desk::may_name_recipients(&account)?;
    state.desk.remove_recipient(&id, &Actor::Staff(account.name.clone())).await?;
    Ok(see_other(HERE))
}

fn datasets(account: &Account, state: &AppState) -> Vec<Choice> {
    let all = state.engine.datasets().into_iter().filter(|dataset| account.covers(&dataset.slug));
    all.map(|dataset| Choice::new(dataset.slug, dataset.title, "")).collect()
}

impl RecipientView {
    fn new(known: &Recipient, state: &AppState) -> Self {
        Self {
            id: known.id.clone(),
            name: known.name.clone(),
            email: known.email.clone().unwrap_or_default(),
            dataset: dataset_in_words(&state.engine, &known.dataset),
        }
    }
}

impl NoticeView {
    fn new(notice: &Notice, state: &AppState) -> Self {
        let day = |ms: i64| format::date(&state.desk.date_of(ms).to_string());
        let sent = match notice.post {
            PostState::Page => "written",
            PostState::Queued => "waits to be posted",
            PostState::Sent => "sent",
            PostState::Failed => "could not be posted",
        };
        Self {
            name: notice.recipient.clone(),
            dataset: dataset_in_words(&state.engine, &notice.dataset),
            version: notice.version,
            digest: notice.digest.clone().unwrap_or_else(|| "not signed yet".to_owned()),
            written: day(notice.written_ms),
            state: notice
                .acknowledged_ms
                .map_or_else(|| sent.to_owned(), |ms| format!("{sent}, acknowledged on {}", day(ms))),
        }
    }
}
