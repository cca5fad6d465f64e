//! Evidence packs of what the search gives: gathered, signed, and sent in the form that was asked.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use url::form_urlencoded;

use super::error::AppError;
use super::reading;
use super::search_params::SearchParams;
use super::state::AppState;
use crate::evidence::document::Document;
use crate::evidence::pack::{Column, Matched, Pack, PackCoverage, PackRecord, Question};
use crate::evidence::pdf;
use crate::search::engine::{PICTURE_RADIUS_MAX, SearchError, TEXT_LIMIT_MAX};
use crate::search::results::{Coverage, RecordDetail};

/// Most records of a result in one pack.
pub(super) const RECORDS_MAX: usize = TEXT_LIMIT_MAX;
/// Most text in one pack: some rows hold whole books.
const PACK_TEXT_BYTES_MAX: usize = 16 << 20;
/// Longest parameter of an address: a fingerprint has 64 characters.
const PARAMETER_CHARS_MAX: usize = 200;

/// The forms a pack is sent in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Csv,
    Pdf,
}

/// What an address asks of one record's evidence.
#[derive(Debug, Default, Clone)]
pub(super) struct RecordRequest {
    /// `None` is the form of the address: a page, or JSON.
    pub(super) form: Option<Form>,
    pub(super) matched: Option<MatchRequest>,
}

/// The fingerprint that a picture search found the record by.
#[derive(Debug, Clone)]
pub(super) struct MatchRequest {
    pub(super) by: String,
    pub(super) hash: String,
    pub(super) radius: u32,
}

/// A pack with its signature.
pub(super) struct Signed {
    pub(super) pack: Pack,
    pub(super) document: Document,
}

impl Form {
    /// Reads `format` out of an address.
    pub(super) fn parse(query_string: &str) -> Result<Option<Self>, AppError> {
        let format = form_urlencoded::parse(query_string.as_bytes()).find(|(name, _)| name == "format");
        match format.as_ref().map(|(_, value)| &**value) {
            None | Some("") => Ok(None),
            Some("json") => Ok(Some(Self::Json)),
            Some("csv") => Ok(Some(Self::Csv)),
            Some("pdf") => Ok(Some(Self::Pdf)),
            Some(_) => Err(AppError::bad("format", "“format” can be “json”, “csv” or “pdf”.")),
        }
    }
}

impl RecordRequest {
    pub(super) fn parse(query_string: &str) -> Result<Self, AppError> {
        let (mut by, mut hash, mut radius) = (None, None, None);
        for (name, value) in form_urlencoded::parse(query_string.as_bytes()) {
            if value.chars().count() > PARAMETER_CHARS_MAX {
                return Err(AppError::bad("hash", "A part of this address is too long."));
            }
            match &*name {
                "by" => by = Some(value.into_owned()),
                "hash" => hash = Some(value.into_owned()),
                "radius" => {
                    let known = value.parse().ok().filter(|radius| *radius <= PICTURE_RADIUS_MAX);
                    let wrong = || {
                        AppError::bad("radius", format!("“radius” is a number of bits from 0 to {PICTURE_RADIUS_MAX}."))
                    };
                    radius = Some(known.ok_or_else(wrong)?);
                }
                _ => {}
            }
        }
        let matched = match (by, hash) {
            (Some(by), Some(hash)) => Some(MatchRequest { by, hash, radius: radius.unwrap_or(0) }),
            (None, None) => None,
            _ => {
                return Err(AppError::bad(
                    "hash",
                    "“by” and “hash” go together: the kind of fingerprint, and the fingerprint.",
                ));
            }
        };
        Ok(Self { form: Form::parse(query_string)?, matched })
    }

    /// The part of an address after `?` that asks the same in a form.
    pub(super) fn query(&self, form: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(matched) = &self.matched {
            query.append_pair("by", &matched.by).append_pair("hash", &matched.hash);
            query.append_pair("radius", &matched.radius.to_string());
        }
        if let Some(form) = form {
            query.append_pair("format", form);
        }
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }
}

/// The signed pack of one record.
pub(super) async fn of_record(state: &AppState, id: String, request: &RecordRequest) -> Result<Signed, AppError> {
    let matched = request.matched.clone();
    let signer = Signer::new(state);
    state
        .ask(move |engine| {
            let detail = engine.record(&id)?;
            let matched = matched.map(|asked| held_against(&detail, &asked)).transpose()?;
            let coverage = vec![coverage(&detail.coverage)];
            signer.sign(Pack { records: vec![record(detail, matched)], coverage, ..Pack::default() })
        })
        .await
}

/// The signed pack of a result: its first records.
pub(super) async fn of_result(state: &AppState, params: &SearchParams) -> Result<Signed, AppError> {
    let mut request = params.request();
    (request.limit, request.cursor) = (RECORDS_MAX, None);
    let params = params.clone();
    let signer = Signer::new(state);
    state
        .ask(move |engine| {
            let results = engine.text(&request)?;
            let mut records = Vec::with_capacity(results.hits.len());
            let mut text_bytes = 0;
            for hit in &results.hits {
                let found = record(engine.record(&hit.id)?, None);
                text_bytes += found.text_bytes();
                if text_bytes > PACK_TEXT_BYTES_MAX {
                    break;
                }
                records.push(found);
            }
            let question = Question {
                read_as: reading::sentence(&results.query.read_as),
                total: results.total,
                total_is_exact: results.total_is_exact,
                filters: filters(&params),
                q: params.q,
            };
            let coverage = results.coverage.iter().map(coverage).collect();
            signer.sign(Pack { question: Some(question), records, coverage, ..Pack::default() })
        })
        .await
}

/// What a pack needs besides its content.
struct Signer {
    keys: std::sync::Arc<crate::evidence::key_ring::KeyRing>,
    made_at_ms: i64,
    portal: Option<String>,
}

impl Signer {
    fn new(state: &AppState) -> Self {
        let portal = state.public_origin.as_deref().map(str::to_owned);
        Self { keys: state.keys.clone(), made_at_ms: (state.clock)(), portal }
    }

    fn sign(self, pack: Pack) -> Result<Signed, SearchError> {
        let pack = Pack { made_at_ms: self.made_at_ms, portal: self.portal, ..pack };
        let key = self.keys.signer().map_err(anyhow::Error::from)?;
        let document = pack.sign(&key).map_err(anyhow::Error::from)?;
        Ok(Signed { pack, document })
    }
}

fn held_against(detail: &RecordDetail, asked: &MatchRequest) -> Result<Matched, SearchError> {
    let compared = detail.compare(&asked.by, &asked.hash)?;
    if compared.distance > asked.radius {
        let (distance, radius) = (compared.distance, asked.radius);
        let detail = format!(
            "These fingerprints differ by {distance} bits, more than the radius of {radius}: they are no match."
        );
        return Err(SearchError::BadQuery { field: "radius", detail });
    }
    let radius = asked.radius;
    Ok(Matched { by: compared.by, asked: compared.asked, held: compared.held, distance: compared.distance, radius })
}

fn record(detail: RecordDetail, matched: Option<Matched>) -> PackRecord {
    let hit = detail.hit;
    PackRecord {
        id: hit.id,
        dataset: hit.dataset,
        dataset_title: hit.dataset_title,
        revision: hit.revision,
        file: hit.file,
        file_sha256: detail.file_sha256,
        row: hit.row,
        indexed_at: detail.indexed_at,
        indexed_records: detail.coverage.indexed,
        url: hit.url,
        caption: hit.caption,
        author: hit.author,
        created_at: hit.created_at,
        columns: detail
            .cells
            .into_iter()
            .map(|cell| Column { name: cell.column, role: cell.role, value: cell.value })
            .collect(),
        matched,
    }
}

fn coverage(coverage: &Coverage) -> PackCoverage {
    PackCoverage {
        dataset: coverage.dataset.clone(),
        revision: coverage.revision.clone(),
        indexed: coverage.indexed.clone(),
        total: coverage.total.clone(),
        searchable: coverage.searchable.clone(),
        hashed: coverage.hashed.clone(),
    }
}

fn filters(params: &SearchParams) -> Vec<(String, String)> {
    let one = |name: &str, value: &Option<String>| value.clone().map(|value| (name.to_owned(), value));
    let mut all: Vec<_> = params.dataset.iter().map(|slug| ("dataset".to_owned(), slug.clone())).collect();
    all.extend(one("domain", &params.domain));
    all.extend(one("author", &params.author));
    all.extend(one("lang", &params.lang));
    all.extend(one("after", &params.after));
    all.extend(one("before", &params.before));
    if params.as_words {
        all.push(("as".to_owned(), "words".to_owned()));
    }
    if params.any_word {
        all.push(("match".to_owned(), "any".to_owned()));
    }
    all
}

/// Sends a pack as a file.
pub(super) fn send(signed: Signed, form: Form) -> HttpResponse {
    let name = match (&signed.pack.question, signed.pack.records.as_slice()) {
        (None, [record]) => record.id.clone(),
        _ => signed.document.sha256()[..16].to_owned(),
    };
    let (content_type, ending, body) = match form {
        Form::Json => ("application/json", "json", signed.document.into_bytes()),
        Form::Csv => ("text/csv; charset=utf-8", "csv", signed.pack.csv()),
        Form::Pdf => ("application/pdf", "pdf", pdf::draw(&signed.pack, &signed.document)),
    };
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"rollcall-evidence-{name}.{ending}\"")))
        .insert_header(("X-Robots-Tag", "noindex, nofollow, noarchive"))
        .body(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_is_asked_with_kind_and_fingerprint_together() {
        let request = RecordRequest::parse("by=pdqa&hash=00ff&radius=31&format=pdf").unwrap();
        assert_eq!(request.form, Some(Form::Pdf));
        assert_eq!(request.query(Some("csv")), "?by=pdqa&hash=00ff&radius=31&format=csv");
        assert_eq!(RecordRequest::parse("").unwrap().query(None), "");
        for wrong in ["by=pdqa", "hash=00", "by=a&hash=b&radius=64", "by=a&hash=b&radius=x", "format=xml"] {
            assert!(RecordRequest::parse(wrong).is_err(), "{wrong}");
        }
        assert!(RecordRequest::parse(&format!("by=a&hash={}", "0".repeat(500))).is_err());
    }
}
