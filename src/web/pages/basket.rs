//! The basket: what has been ticked, on the way to a request. Kept by the visitor's browser, see [`crate::web::basket`].

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Payload, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::config::WebLimits;
use crate::search::engine::{Engine, SearchError};
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::format;
use crate::web::hits::{dataset_title, record_href};
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::state::AppState;
use crate::web::takes::{Take, Takes, copies_of, search_request};
use crate::web::{basket, reading};

/// Entries shown one by one; the rest are counted. Each costs a look into a dataset.
const SHOWN_MAX: usize = 200;
/// Characters of a caption shown.
const CAPTION_CHARS_MAX: usize = 160;

#[derive(Template)]
#[template(path = "basket_page.html")]
struct BasketPage {
    layout: Layout,
    entries: Vec<Entry>,
    /// `and 40 more`
    more: Option<String>,
    /// All of them, as the next form carries them.
    takes: String,
    is_full: bool,
}

/// One line of the basket.
pub(super) struct Entry {
    /// What it is written as: what the button to remove it sends.
    pub(super) take: String,
    pub(super) words: String,
    /// Where it stands, or what it comes to.
    pub(super) place: String,
    pub(super) href: Option<String>,
    pub(super) is_gone: bool,
}

/// `GET /basket`
pub(in crate::web) async fn page(
    request: HttpRequest,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    show(&state, basket::read(&request), false).await
}

/// `POST /basket`: `take` adds, `drop` removes one, `empty` all.
pub(in crate::web) async fn change(
    request: HttpRequest,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let form = Form::read(payload).await?;
    let before = basket::read(&request);
    let mut takes = if form.has("empty") { Takes::default() } else { before.clone() };
    form.all("take").for_each(|field| takes.add(field));
    form.all("drop").for_each(|field| takes.remove(field));
    match basket::keep(&takes, state.is_https()) {
        Some(cookie) => {
            let mut response = HttpResponse::SeeOther();
            response.insert_header((LOCATION, "/basket")).cookie(cookie);
            Ok(response.finish())
        }
        // More than the cookie holds: this page carries all of them to the request, what was kept before stays kept.
        None => show(&state, takes, true).await,
    }
}

async fn show(state: &AppState, takes: Takes, is_full: bool) -> Result<HttpResponse, AppError> {
    let shown = takes.clone();
    let limits = state.limits.clone();
    let entries = state
        .ask(move |engine| shown.iter().take(SHOWN_MAX).map(|take| Entry::new(engine, take, &limits)).collect())
        .await?;
    let n_more = takes.iter().count().saturating_sub(SHOWN_MAX) as u64;
    let page = BasketPage {
        layout: Layout::new("What you have ticked", Nav::Removal),
        entries,
        more: (n_more > 0).then(|| format::counted(n_more, "more record", "more records")),
        takes: takes.field(),
        is_full,
    };
    send(&page, StatusCode::OK, Keep::Nothing)
}

impl Entry {
    pub(super) fn new(engine: &Engine, take: &Take, limits: &WebLimits) -> Result<Self, SearchError> {
        let entry = match take {
            Take::Record(id) => Self::of_record(engine, id)?,
            Take::Copies(id) => Self::of_copies(engine, id)?,
            Take::Search(query) => Self::of_search(engine, query, limits)?,
        };
        Ok(Self { take: take.format(), ..entry })
    }

    fn of_record(engine: &Engine, id: &str) -> Result<Self, SearchError> {
        let Some(record) = found(engine.record(id))? else { return Ok(Self::gone()) };
        let hit = &record.hit;
        let text = hit.caption.as_deref().or(hit.url.as_deref()).unwrap_or("A record without text");
        Ok(Self {
            take: String::new(),
            words: format::shortened(text, CAPTION_CHARS_MAX),
            place: format!("{}, revision {}, row {}", dataset_title(hit), hit.revision, format::number(&hit.row)),
            href: Some(record_href(id)),
            is_gone: false,
        })
    }

    fn of_copies(engine: &Engine, id: &str) -> Result<Self, SearchError> {
        let Some(record) = found(engine.record(id))? else { return Ok(Self::gone()) };
        let n_copies = copies_of(engine, &record)?.len() as u64;
        let text = record.hit.caption.as_deref().or(record.hit.url.as_deref()).unwrap_or("a record without text");
        Ok(Self {
            take: String::new(),
            words: format!("All copies of the picture of: {}", format::shortened(text, CAPTION_CHARS_MAX)),
            place: format!("{} now, in all datasets held here", format::counted(n_copies, "record", "records")),
            href: Some(record_href(id)),
            is_gone: false,
        })
    }

    fn of_search(engine: &Engine, query: &str, limits: &WebLimits) -> Result<Self, SearchError> {
        let Some(mut request) = search_request(query, limits) else { return Ok(Self::gone()) };
        request.limit = 1;
        let results = match engine.text(&request) {
            Ok(results) => results,
            Err(SearchError::BadQuery { .. } | SearchError::NoSuchDataset(_)) => return Ok(Self::gone()),
            Err(error) => return Err(error),
        };
        let read_as = format::shortened(&reading::sentence(&results.query.read_as), CAPTION_CHARS_MAX);
        Ok(Self {
            take: String::new(),
            words: format!("All records found by: {read_as}"),
            place: format!("{} now", format::counted(results.total, "record", "records")),
            href: Some(format!("/search?{query}")),
            is_gone: false,
        })
    }

    fn gone() -> Self {
        Self {
            take: String::new(),
            words: "A record that is no longer shown here".to_owned(),
            place: "It may have been removed, or replaced by a newer revision.".to_owned(),
            href: None,
            is_gone: true,
        }
    }
}

/// `None` for a record that is not there (any more).
fn found<T>(answer: Result<T, SearchError>) -> Result<Option<T>, SearchError> {
    match answer {
        Ok(record) => Ok(Some(record)),
        Err(SearchError::NoSuchRecord(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
