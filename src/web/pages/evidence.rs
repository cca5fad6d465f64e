//! Evidence to print or to take away: the page of one record's, and of a whole result's.

use actix_web::http::StatusCode;
use actix_web::web::{self, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::evidence::pack::{DOES_NOT_PROVE, Matched, PROVES, Pack, PackRecord, SIGNED_MEANS};
use crate::web::error::AppError;
use crate::web::evidence::{self, RECORDS_MAX, RecordRequest, Signed};
use crate::web::format;
use crate::web::hits::record_href;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::reading::hash_bits;
use crate::web::search_params::SearchParams;
use crate::web::state::AppState;

/// Characters of a cell on the page of a whole result; the file has all of it.
const CELL_CHARS_MAX: usize = 600;

#[derive(Template)]
#[template(path = "evidence_page.html")]
struct EvidencePage {
    layout: Layout,
    heading: String,
    back_href: String,
    back_words: String,
    /// The search, of a result.
    question: Option<QuestionView>,
    made_at: String,
    made_at_iso: String,
    portal: Option<String>,
    key_id: String,
    json_href: String,
    csv_href: String,
    pdf_href: String,
    records: Vec<RecordView>,
    coverage: Vec<CoverageLine>,
    proves: &'static str,
    does_not_prove: &'static str,
    signed_means: &'static str,
}

struct QuestionView {
    q: String,
    filters: Vec<(String, String)>,
    read_as: String,
    /// `12 records; all of them are in this pack.`
    found: String,
}

struct RecordView {
    id: String,
    href: String,
    dataset: String,
    slug: String,
    revision: String,
    file: String,
    file_sha256: String,
    row: String,
    indexed_at: String,
    indexed_records: String,
    matched: Option<String>,
    asked_and_held: Option<(String, String)>,
    columns: Vec<(String, Option<String>)>,
}

struct CoverageLine {
    dataset: String,
    revision: String,
    records: String,
    searchable: String,
}

/// `GET /records/{id}/evidence`
pub(in crate::web) async fn of_record(
    id: web::Path<String>,
    request: HttpRequest,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let asked = RecordRequest::parse(request.query_string())?;
    let id = id.into_inner();
    let signed = evidence::of_record(&state, id.clone(), &asked).await?;
    if let Some(form) = asked.form {
        return Ok(evidence::send(signed, form));
    }
    let record = record_href(&id);
    let place = format!("/api/v1{record}/evidence");
    let hrefs = ["json", "csv", "pdf"].map(|form| format!("{place}{}", asked.query(Some(form))));
    let heading = format!("Evidence: record {id}");
    let back = (record, "The record’s own page".to_owned());
    send(&EvidencePage::new(&signed, heading, back, hrefs, usize::MAX), StatusCode::OK, Keep::Nothing)
}

/// `GET /search/evidence`
pub(in crate::web) async fn of_result(
    request: HttpRequest,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let mut params = SearchParams::parse(request.query_string(), &state.limits)?;
    if params.asks_nothing() {
        return Err(AppError::bad("q", "There is no evidence of nothing: search for something first."));
    }
    params.cursor = None;
    let signed = evidence::of_result(&state, &params).await?;
    if let Some(form) = evidence::Form::parse(request.query_string())? {
        return Ok(evidence::send(signed, form));
    }
    let place = params.evidence_href();
    let hrefs = ["json", "csv", "pdf"].map(|form| format!("/api/v1{place}&format={form}"));
    let n_records = format::counted(signed.pack.records.len() as u64, "record", "records");
    let back = (params.href(), "The results".to_owned());
    let page = EvidencePage::new(&signed, format!("Evidence: {n_records}"), back, hrefs, CELL_CHARS_MAX);
    send(&page, StatusCode::OK, Keep::Nothing)
}

impl EvidencePage {
    fn new(signed: &Signed, heading: String, back: (String, String), hrefs: [String; 3], chars_max: usize) -> Self {
        let Signed { pack, document } = signed;
        let [json_href, csv_href, pdf_href] = hrefs;
        Self {
            layout: Layout::new(heading.clone(), Nav::Elsewhere),
            heading,
            back_href: back.0,
            back_words: back.1,
            question: question(pack),
            made_at: format::date(&pack.made_at()),
            made_at_iso: pack.made_at(),
            portal: pack.portal.clone(),
            key_id: document.key_id().to_owned(),
            json_href,
            csv_href,
            pdf_href,
            records: pack.records.iter().map(|record| RecordView::new(record, chars_max)).collect(),
            coverage: pack.coverage.iter().map(coverage_line).collect(),
            proves: PROVES,
            does_not_prove: DOES_NOT_PROVE,
            signed_means: SIGNED_MEANS,
        }
    }
}

fn question(pack: &Pack) -> Option<QuestionView> {
    let question = pack.question.as_ref()?;
    let n_included = pack.records.len() as u64;
    let total = format::counted(question.total, "record", "records");
    let found = if n_included == question.total {
        format!("{total}; all of them are in this pack.")
    } else {
        let at_least = if question.total_is_exact { "" } else { "At least " };
        let included = format::count(n_included);
        format!(
            "{at_least}{total}; the first {included} are in this pack, which holds {RECORDS_MAX} at most. Narrow the search to get the others."
        )
    };
    Some(QuestionView {
        q: question.q.clone(),
        filters: question.filters.clone(),
        read_as: question.read_as.clone(),
        found,
    })
}

impl RecordView {
    fn new(record: &PackRecord, chars_max: usize) -> Self {
        let cell =
            |value: &String| if chars_max == usize::MAX { value.clone() } else { format::shortened(value, chars_max) };
        Self {
            id: record.id.clone(),
            href: record_href(&record.id),
            dataset: if record.dataset_title.is_empty() {
                record.dataset.clone()
            } else {
                record.dataset_title.clone()
            },
            slug: record.dataset.clone(),
            revision: record.revision.clone(),
            file: record.file.clone(),
            file_sha256: record.file_sha256.clone(),
            row: format::number(&record.row),
            indexed_at: record.indexed_at.clone(),
            indexed_records: format::number(&record.indexed_records),
            matched: record.matched.as_ref().map(how),
            asked_and_held: record.matched.as_ref().map(|matched| (matched.asked.clone(), matched.held.clone())),
            columns: record
                .columns
                .iter()
                .map(|column| (column.name.clone(), column.value.as_ref().map(cell)))
                .collect(),
        }
    }
}

fn how(matched: &Matched) -> String {
    match matched.by.as_str() {
        "sha256" | "md5" => format!("By checksum ({}): equal, so it is the same file.", matched.by.to_uppercase()),
        kind => format!(
            "By picture fingerprint ({kind}): {} of {} bits differ; up to {} were accepted.",
            matched.distance,
            hash_bits(kind),
            matched.radius
        ),
    }
}

fn coverage_line(coverage: &crate::evidence::pack::PackCoverage) -> CoverageLine {
    CoverageLine {
        dataset: coverage.dataset.clone(),
        revision: coverage.revision.clone(),
        records: format!("{} of {}", format::number(&coverage.indexed), format::number(&coverage.total)),
        searchable: coverage.searchable.join(", "),
    }
}
