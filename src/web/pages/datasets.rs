//! The list of datasets held here.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::ThinData;
use askama::Template;

use crate::search::results::DatasetSummary;
use crate::web::coverage;
use crate::web::error::AppError;
use crate::web::format;
use crate::web::hits::dataset_href;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::reading;
use crate::web::state::AppState;

#[derive(Template)]
#[template(path = "datasets_page.html")]
struct DatasetsPage {
    layout: Layout,
    sentence: String,
    datasets: Vec<DatasetRow>,
}

struct DatasetRow {
    href: String,
    title: String,
    revision: String,
    records: String,
    licence: Option<String>,
    publisher: Option<String>,
    searchable: String,
    taken_in: String,
    taken_in_iso: String,
}

/// `GET /datasets`
pub(in crate::web) async fn list(ThinData(state): ThinData<AppState>) -> Result<HttpResponse, AppError> {
    let datasets = state.engine.datasets();
    let n_records: u64 = datasets.iter().filter_map(|dataset| dataset.records.parse::<u64>().ok()).sum();
    let sentence = format!(
        "{} with {} can be searched here.",
        format::counted(datasets.len() as u64, "dataset", "datasets"),
        format::counted(n_records, "record", "records")
    );
    let page = DatasetsPage {
        layout: Layout::new("Datasets", Nav::Datasets),
        sentence,
        datasets: datasets.iter().map(DatasetRow::new).collect(),
    };
    send(&page, StatusCode::OK, Keep::Revalidated)
}

impl DatasetRow {
    fn new(dataset: &DatasetSummary) -> Self {
        let searchable: Vec<_> =
            dataset.coverage.searchable.iter().map(|name| reading::searchable_in_words(name)).collect();
        Self {
            href: dataset_href(&dataset.slug),
            title: dataset.title.clone(),
            revision: dataset.revision.clone(),
            records: coverage::records_in_words(&dataset.coverage),
            licence: dataset.licence.clone(),
            publisher: dataset.publisher.clone(),
            searchable: format::list(&searchable),
            taken_in: format::date(&dataset.ingested_at),
            taken_in_iso: dataset.ingested_at.clone(),
        }
    }
}
