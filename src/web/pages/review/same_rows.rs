//! Rows of a derived dataset that are the same as rows granted in its source: looked over, taken over or not.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{Staff, see_other};
use crate::takedown::accounts::Account;
use crate::takedown::proposal::{Proposal, ProposedRow};
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::format;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::pages::case_words::dataset_in_words;
use crate::web::session;
use crate::web::state::AppState;

/// The page of proposals.
const HERE: &str = "/review/same-rows";

#[derive(Template)]
#[template(path = "review_same_rows_page.html")]
struct SameRowsPage {
    layout: Layout,
    staff: Staff,
    notice: Option<String>,
    proposals: Vec<ProposalView>,
}

struct ProposalView {
    id: String,
    source: String,
    source_slug: String,
    dataset: String,
    dataset_slug: String,
    count: String,
    made: String,
    rows: Vec<RowView>,
}

struct RowView {
    id: String,
    words: String,
    place: String,
    by: &'static str,
}

/// What came of a case's granted rows, for the page of the case.
pub(super) struct SpreadView {
    pub(super) dataset: String,
    pub(super) words: String,
    /// The case that was made of it, where the account may see it.
    pub(super) case: Option<String>,
    /// It waits, and is the account's to decide.
    pub(super) is_own: bool,
}

/// `GET /review/same-rows`
pub(in crate::web) async fn page(
    request: HttpRequest,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    // What was granted a moment ago is on the page.
    state.propose_same_rows().await.map_err(|error| AppError::internal(&error))?;
    let proposals = state.desk.proposals(&account).await?;
    let page = SameRowsPage {
        layout: Layout::new("Same rows", Nav::Elsewhere),
        staff: Staff::new(&account),
        notice: done(request.query_string()),
        proposals: proposals.iter().map(|proposal| ProposalView::new(proposal, &state)).collect(),
    };
    send(&page, StatusCode::OK, Keep::Nothing)
}

/// `POST /review/same-rows/{id}`: the ticked rows are taken over, or none of it is.
pub(in crate::web) async fn decide(
    request: HttpRequest,
    id: Path<String>,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    let form = Form::read(payload).await?;
    match form.get("act") {
        "accept" => {
            let records: Vec<String> = form.all("record").map(str::to_owned).collect();
            if records.is_empty() {
                return Err(AppError::bad("record", "No row is ticked. Tick those that are to be removed."));
            }
            let number = state.desk.accept_proposal(&account, &id, &records).await?;
            Ok(see_other(&format!("{HERE}?accepted={number}")))
        }
        "dismiss" => {
            state.desk.dismiss_proposal(&account, &id).await?;
            Ok(see_other(&format!("{HERE}?dismissed=1")))
        }
        _ => Err(AppError::bad("act", "“act” is “accept” or “dismiss”.")),
    }
}

/// What came of the granted rows of a case.
pub(super) async fn spread(account: &Account, number: &str, state: &AppState) -> Result<Vec<SpreadView>, AppError> {
    let proposals = state.desk.proposals_of(account, number).await?;
    let view = |proposal: &Proposal| {
        let covers = account.covers(&proposal.dataset);
        let rows = format::counted(proposal.rows.len() as u64, "row", "rows");
        SpreadView {
            dataset: dataset_in_words(&state.engine, &proposal.dataset),
            words: format!("{rows} proposed, {}", proposal.state.words()),
            case: proposal.case.clone().filter(|_| covers),
            is_own: covers && proposal.decided_ms.is_none(),
        }
    };
    Ok(proposals.iter().map(view).collect())
}

impl ProposalView {
    fn new(proposal: &Proposal, state: &AppState) -> Self {
        Self {
            id: proposal.id.clone(),
            source: dataset_in_words(&state.engine, &proposal.source),
            source_slug: proposal.source.clone(),
            dataset: dataset_in_words(&state.engine, &proposal.dataset),
            dataset_slug: proposal.dataset.clone(),
            count: format::counted(proposal.rows.len() as u64, "row", "rows"),
            made: format::date(&state.desk.date_of(proposal.made_ms).to_string()),
            rows: proposal.rows.iter().map(RowView::new).collect(),
        }
    }
}

impl RowView {
    fn new(row: &ProposedRow) -> Self {
        let record = &row.record;
        Self {
            id: record.id.clone(),
            words: record.url.clone().unwrap_or_else(|| format!("row {}", record.row)),
            place: format!("{}, file {}, row {}", record.revision, record.file, record.row),
            by: row.by.words(),
        }
    }
}

fn done(query: &str) -> Option<String> {
    if query.starts_with("dismissed=") {
        return Some("Not taken over. The rows stay as they are.".to_owned());
    }
    let number = query.strip_prefix("accepted=")?;
    let is_number = number.len() == 9 && number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_number.then(|| format!("Taken over as case {number}, in your name."))
}
