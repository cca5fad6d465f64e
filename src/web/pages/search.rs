//! The results of a search by words: what was found, how the query was read, what could not be searched.

use actix_web::http::StatusCode;
use actix_web::web::ThinData;
use actix_web::{HttpRequest, HttpResponse, ResponseError as _};
use askama::Template;

use super::search_filters::Filters;
use crate::search::results::{FacetCount, TextResults};
use crate::web::coverage::CoverageView;
use crate::web::error::AppError;
use crate::web::hits::HitView;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::records::CASE_RECORDS_MAX;
use crate::web::search_params::SearchParams;
use crate::web::state::AppState;
use crate::web::takes::Take;
use crate::web::{format, reading};

#[derive(Template)]
#[template(path = "search_page.html")]
struct SearchPage {
    layout: Layout,
    query_chars_max: usize,
    params: SearchParams,
    /// What is wrong with the query, in a sentence.
    problem: Option<String>,
    /// `None` before anything was asked, or when it could not be.
    answer: Option<AnswerView>,
}

struct AnswerView {
    /// `12 records in 3 datasets.`
    sentence: String,
    /// How the query was read, in words; empty where only filters were given.
    read_as: String,
    /// Address of the same search read as plain words.
    plain_words_href: Option<String>,
    /// Address of the same search read for what it looks like, when it is now read as plain words.
    is_plain_words: bool,
    recognised_href: String,
    is_any_word: bool,
    all_words_href: String,
    coverage: CoverageView,
    filters: Filters,
    hits: Vec<HitView>,
    evidence_href: String,
    next_href: Option<String>,
    first_page_href: Option<String>,
    /// Offered when nothing has all the words.
    any_word: Option<AnyWordOffer>,
    /// Offered when there is more than this page shows.
    take_all: Option<TakeAll>,
}

/// All records of a search, for one request.
struct TakeAll {
    /// What the button sends; `None` where they are more than a request may hold.
    take: Option<String>,
    records: String,
    records_max: String,
}

struct AnyWordOffer {
    href: String,
    records: String,
}

/// `GET /search`
pub(in crate::web) async fn page(
    request: HttpRequest,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let (params, answer) = match SearchParams::parse(request.query_string(), &state.limits) {
        Ok(params) => {
            let answer = answer(&state, &params).await;
            (params, answer)
        }
        Err(error) => (SearchParams::default(), Err(error)),
    };
    let (answer, problem, status) = match answer {
        Ok(answer) => (answer, None, StatusCode::OK),
        // What the visitor typed is the matter: say so beside the box, with their words still in it.
        Err(error @ AppError::BadRequest { .. }) => (None, Some(error.to_string()), error.status_code()),
        Err(error) => return Err(error),
    };
    let title = if params.q.is_empty() { "Search".to_owned() } else { format::shortened(&params.q, 60) };
    let query_chars_max = state.limits.query_chars_max;
    let page = SearchPage { layout: Layout::new(title, Nav::Search), query_chars_max, params, problem, answer };
    send(&page, status, Keep::Nothing)
}

async fn answer(state: &AppState, params: &SearchParams) -> Result<Option<AnswerView>, AppError> {
    if params.asks_nothing() {
        return Ok(None);
    }
    let request = params.request();
    let results = state.ask(move |engine| engine.text(&request)).await?;
    Ok(Some(AnswerView::new(params, &results)))
}

impl AnswerView {
    fn new(params: &SearchParams, results: &TextResults) -> Self {
        let read_as = &results.query.read_as;
        let next_href = results.next.clone().map(|cursor| params.href_with(|next| next.cursor = Some(cursor)));
        Self {
            sentence: sentence(results),
            read_as: reading::sentence(read_as),
            plain_words_href: (results.query.can_be_plain_words && !params.as_words)
                .then(|| params.href_with(|changed| changed.as_words = true)),
            is_plain_words: params.as_words,
            recognised_href: params.href_with(|changed| changed.as_words = false),
            is_any_word: params.any_word,
            all_words_href: params.href_with(|changed| changed.any_word = false),
            coverage: CoverageView::of_text(&results.coverage, read_as),
            filters: Filters::new(params, results),
            hits: results.hits.iter().map(HitView::new).collect(),
            evidence_href: SearchParams { cursor: None, limit: 0, ..params.clone() }.evidence_href(),
            next_href,
            first_page_href: params.cursor.is_some().then(|| params.href_with(|_| {})),
            any_word: results.any_word_total.filter(|&n| n > 0).map(|n| AnyWordOffer {
                href: params.href_with(|changed| changed.any_word = true),
                records: format::counted(n, "record has", "records have"),
            }),
            take_all: (results.total > results.hits.len() as u64).then(|| TakeAll::new(params, results.total)),
        }
    }
}

impl TakeAll {
    fn new(params: &SearchParams, n_records: u64) -> Self {
        let search = SearchParams { cursor: None, limit: 0, ..params.clone() };
        let fits = n_records <= CASE_RECORDS_MAX as u64;
        Self {
            take: fits.then(|| Take::Search(search.query_string()).format()),
            records: format::counted(n_records, "record", "records"),
            records_max: format::count(CASE_RECORDS_MAX as u64),
        }
    }
}

fn sentence(results: &TextResults) -> String {
    if results.total == 0 {
        return "Nothing was found in what could be searched.".to_owned();
    }
    let at_least = if results.total_is_exact { "" } else { "At least " };
    let records = format::counted(results.total, "record", "records");
    // The facet counts what other datasets would have, too.
    let is_searched = |slug: &str| results.coverage.iter().any(|coverage| coverage.dataset == slug);
    let has_hits = |facet: &&FacetCount| facet.count > 0 && is_searched(&facet.value);
    let n_datasets = results.facets.dataset.iter().filter(has_hits).count() as u64;
    match n_datasets {
        0 => format!("{at_least}{records}."),
        n => format!("{at_least}{records} in {}.", format::counted(n, "dataset", "datasets")),
    }
}
