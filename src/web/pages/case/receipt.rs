//! A receipt to read and to print: what the signed file says, in words.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;
use serde_json::Value;

use super::credentials;
use crate::evidence::receipt::{MEANING, NOT_PROVED};
use crate::web::error::AppError;
use crate::web::format;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::pages::case_words::dataset_in_words;
use crate::web::receipts::{self, Form, Signed};
use crate::web::state::AppState;

/// Rows on the page; the signed file has all.
const ROWS_SHOWN: usize = 500;

#[derive(Deserialize)]
pub(in crate::web) struct Asked {
    #[serde(default)]
    dataset: Option<String>,
    #[serde(default)]
    format: Option<String>,
}

#[derive(Template)]
#[template(path = "case_receipt_page.html")]
struct ReceiptPage {
    layout: Layout,
    number: String,
    dataset: String,
    json_href: String,
    pdf_href: String,
    /// Receipts of the case's other datasets.
    others: Vec<(String, String)>,
    facts: Vec<(&'static str, String)>,
    set: Option<SetView>,
    in_short: String,
    meaning: &'static str,
    not_proved: &'static str,
    rows: Vec<RowView>,
    n_more: String,
}

struct SetView {
    version: String,
    published: String,
    sha256: String,
    root: String,
}

struct RowView {
    words: String,
    revision: String,
    file_sha256: String,
    decision: String,
    /// The leaf, and where it stands in the tree.
    proof: Option<(String, String)>,
    later: Vec<String>,
}

/// `GET /cases/{number}/receipt`: the page; `?format=json` and `?format=pdf` the files.
pub(in crate::web) async fn page(
    request: HttpRequest,
    number: Path<String>,
    asked: Query<Asked>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let form = Form::read(asked.format.as_deref())?;
    let (number, passphrase) = credentials(&request, &number, &state)?;
    let case = state.desk.case(&number, &passphrase).await;
    let case = state.counted(&request, case)?;
    let slug = asked.dataset.as_deref().filter(|slug| !slug.is_empty());
    let signed = receipts::make(&state, case, slug).await?;
    match form {
        Some(form) => Ok(receipts::send(signed, form)),
        None => send(&ReceiptPage::new(&signed, &state), StatusCode::OK, Keep::Nothing),
    }
}

impl ReceiptPage {
    fn new(signed: &Signed, state: &AppState) -> Self {
        let document = &signed.document;
        let at = |part: &str, name: &str| text(document.part(part).and_then(|part| part.get(name)));
        let rows = document.part("rows").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let place = |slug: &str| {
            let slug: String = url::form_urlencoded::byte_serialize(slug.as_bytes()).collect();
            format!("/cases/{}/receipt?dataset={slug}", signed.number)
        };
        let own = place(&signed.dataset);
        let set = document.part("set").filter(|set| set.is_object()).map(|_| SetView {
            version: at("set", "version"),
            published: format::date(&at("set", "published_at")),
            sha256: at("set", "sha256"),
            root: at("set", "root"),
        });
        let date = |iso: String| if iso.is_empty() { "not yet".to_owned() } else { format::date(&iso) };
        Self {
            layout: Layout::new(format!("Receipt: case {}", signed.number), Nav::Removal),
            number: signed.number.clone(),
            dataset: dataset_in_words(&state.engine, &signed.dataset),
            json_href: format!("{own}&format=json"),
            pdf_href: format!("{own}&format=pdf"),
            others: signed.others.iter().map(|slug| (dataset_in_words(&state.engine, slug), place(slug))).collect(),
            facts: vec![
                ("Request received", date(at("dates", "received_at"))),
                ("Decided", date(at("dates", "decided_at"))),
                ("As things have stood since", date(text(document.part("made_at")))),
                ("Signed with the key", document.key_id().to_owned()),
                ("SHA-256 of the signed file", document.sha256()),
            ],
            in_short: in_short(rows, set.as_ref()),
            set,
            meaning: MEANING,
            not_proved: NOT_PROVED,
            rows: rows.iter().take(ROWS_SHOWN).map(RowView::new).collect(),
            n_more: match rows.len().saturating_sub(ROWS_SHOWN) {
                0 => String::new(),
                n => format::count(n as u64),
            },
        }
    }
}

/// One sentence for who reads no other.
fn in_short(rows: &[Value], set: Option<&SetView>) -> String {
    let n_rows = format::counted(rows.len() as u64, "record", "records");
    let n_granted = rows.iter().filter(|row| text(row.get("decision")) == "granted").count() as u64;
    let proved = rows.iter().filter(|row| row.get("proof").is_some_and(Value::is_object)).count() as u64;
    match set {
        Some(set) if proved > 0 => format!(
            "You asked about {n_rows}. {} to be removed, and {} in version {} of the public removal set.",
            format::counted(n_granted, "is", "are"),
            format::counted(proved, "stands", "stand"),
            set.version
        ),
        _ => format!(
            "You asked about {n_rows}. {} to be removed. None stands in a published removal set yet, so nothing can be proved yet.",
            format::counted(n_granted, "is", "are")
        ),
    }
}

impl RowView {
    fn new(row: &Value) -> Self {
        let identity = |name: &str| text(row.get("identity").and_then(|identity| identity.get(name)));
        let proof = row.get("proof").filter(|proof| proof.is_object());
        let sentences = row.get("rescans").and_then(Value::as_array).into_iter().flatten();
        Self {
            words: format!("Row {} of {}", format::number(&identity("row")), identity("file")),
            revision: identity("revision"),
            file_sha256: identity("file_sha256"),
            decision: text(row.get("decision")),
            proof: proof.map(|proof| (text(proof.get("leaf")), text(proof.get("index")))),
            later: sentences.map(|rescan| format::capitalised(&text(rescan.get("sentence")))).collect(),
        }
    }
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}
