//! The first page: one question, one box, a place for pictures beside it, and what this portal holds.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::ThinData;
use askama::Template;

use crate::search::results::DatasetSummary;
use crate::web::error::AppError;
use crate::web::format;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::search_params::SearchParams;
use crate::web::security::with_own_pictures;
use crate::web::state::AppState;

/// What the first page says about the holdings.
struct Holdings {
    datasets: String,
    records: String,
    last_taken_in: Option<String>,
}

struct Example {
    words: &'static str,
    href: String,
}

#[derive(Template)]
#[template(path = "home_page.html")]
struct HomePage {
    layout: Layout,
    query_chars_max: usize,
    /// Pictures that one request may hold.
    pictures_max: usize,
    examples: Vec<Example>,
    /// `None` while the portal holds nothing.
    holdings: Option<Holdings>,
}

/// `GET /`
pub(in crate::web) async fn page(ThinData(state): ThinData<AppState>) -> Result<HttpResponse, AppError> {
    let page = HomePage {
        layout: Layout::new("Am I in there?", Nav::Search),
        query_chars_max: state.limits.query_chars_max,
        pictures_max: state.limits.pictures_max,
        examples: ["@ada.bsky.social", "example.org", "\"a dog on the beach\""].map(example).into(),
        holdings: Holdings::of(&state.engine.datasets()),
    };
    Ok(with_own_pictures(send(&page, StatusCode::OK, Keep::Revalidated)?))
}

fn example(words: &'static str) -> Example {
    Example { words, href: SearchParams { q: words.to_owned(), ..SearchParams::default() }.href() }
}

impl Holdings {
    fn of(datasets: &[DatasetSummary]) -> Option<Self> {
        // ISO 8601 in UTC sorts as text.
        let last_taken_in = datasets.iter().map(|dataset| dataset.ingested_at.as_str()).max()?;
        let n_records: u64 = datasets.iter().filter_map(|dataset| dataset.records.parse::<u64>().ok()).sum();
        Some(Self {
            datasets: format::counted(datasets.len() as u64, "dataset", "datasets"),
            records: format::counted(n_records, "record", "records"),
            last_taken_in: (!last_taken_in.is_empty()).then(|| format::date(last_taken_in)),
        })
    }
}
