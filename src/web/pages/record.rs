//! The record page: everything known of one row, and where it stands.

use actix_web::http::StatusCode;
use actix_web::web::ThinData;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::search::results::{Cell, RecordDetail};
use crate::web::error::AppError;
use crate::web::format;
use crate::web::hits::{dataset_href, dataset_title, record_href};
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::search_params::SearchParams;
use crate::web::state::AppState;

/// Addresses of a record whose websites are offered as searches.
const DOMAIN_LINKS_MAX: usize = 4;

#[derive(Template)]
#[template(path = "record_page.html")]
struct RecordPage {
    layout: Layout,
    id: String,
    evidence_href: String,
    heading: String,
    dataset: String,
    dataset_href: String,
    revision: String,
    file: String,
    file_sha256: String,
    row: String,
    caption: Option<String>,
    facts: Vec<Fact>,
    more: Vec<MoreLink>,
    cells: Vec<CellView>,
    /// Its picture can be told from others, so copies of it can be found.
    has_picture: bool,
}

/// One line of what is known, in plain words.
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) values: Vec<String>,
    /// Identifiers, addresses and checksums stand in mono.
    pub(super) is_identifier: bool,
}

struct MoreLink {
    href: String,
    words: String,
}

pub(super) struct CellView {
    pub(super) column: String,
    /// What the column was read as, in words.
    pub(super) role: Option<String>,
    pub(super) value: Option<String>,
}

/// `GET /records/{id}`
pub(in crate::web) async fn page(
    id: web::Path<String>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let id = id.into_inner();
    let record = state.ask(move |engine| engine.record(&id)).await?;
    send(&RecordPage::new(record), StatusCode::OK, Keep::Nothing)
}

impl RecordPage {
    fn new(record: RecordDetail) -> Self {
        let dataset = dataset_title(&record.hit).into_owned();
        let row = format::number(&record.hit.row);
        Self {
            layout: Layout::new(format!("Record {row} of {dataset}"), Nav::Elsewhere),
            heading: format!("A record in {dataset}"),
            dataset_href: dataset_href(&record.hit.dataset),
            has_picture: !record.hashes.is_empty() || record.sha256.is_some() || record.md5.is_some(),
            facts: facts(&record),
            more: more(&record),
            evidence_href: format!("{}/evidence", record_href(&record.hit.id)),
            id: record.hit.id,
            dataset,
            revision: record.hit.revision,
            file: record.hit.file,
            file_sha256: record.file_sha256,
            row,
            caption: record.hit.caption,
            cells: record.cells.into_iter().map(CellView::new).collect(),
        }
    }
}

pub(super) fn facts(record: &RecordDetail) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |name: &str, values: Vec<String>, is_identifier| {
        if !values.is_empty() {
            facts.push(Fact { name: name.to_owned(), values, is_identifier });
        }
    };
    let one = |value: &Option<String>| value.iter().cloned().collect::<Vec<_>>();
    add("By", record.authors.clone(), true);
    add(if record.urls.len() == 1 { "Address" } else { "Addresses" }, record.urls.clone(), true);
    add("Date", record.hit.created_at.iter().map(|iso| format::date(iso)).collect(), false);
    add("Language", one(&record.language), false);
    add("Licence, as the dataset states it", one(&record.licence), false);
    let size = record.width.zip(record.height).map(|(width, height)| format!("{width} × {height} pixels"));
    add("Picture size", size.into_iter().collect(), false);
    add("Publisher’s own id", one(&record.source_id), true);
    add("Marked by the publisher as unsafe for work", one(&record.nsfw), false);
    add("Checksum of the file (SHA-256)", one(&record.sha256), true);
    add("Checksum of the file (MD5)", one(&record.md5), true);
    for (kind, hash) in &record.hashes {
        add(&format!("Picture fingerprint ({kind})"), vec![hash.clone()], true);
    }
    facts
}

/// Searches that gather what belongs together: the same author, the same website.
fn more(record: &RecordDetail) -> Vec<MoreLink> {
    let mut more: Vec<_> = record
        .authors
        .iter()
        .map(|author| MoreLink {
            href: SearchParams { author: Some(author.clone()), ..SearchParams::default() }.href(),
            words: format!("See all records by {}", format::shortened(author, 60)),
        })
        .collect();
    let mut hosts: Vec<String> = Vec::new();
    for address in &record.urls {
        let host = url::Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned));
        if let Some(host) = host.filter(|host| !hosts.contains(host)) {
            hosts.push(host);
        }
    }
    more.extend(hosts.into_iter().take(DOMAIN_LINKS_MAX).map(|host| MoreLink {
        words: format!("See all records from {host}"),
        href: SearchParams { domain: Some(host), ..SearchParams::default() }.href(),
    }));
    more
}

impl CellView {
    pub(super) fn new(cell: Cell) -> Self {
        Self {
            column: cell.column,
            role: cell.role.as_deref().map(role_in_words),
            value: cell.value.as_deref().map(format::cell),
        }
    }
}

/// What a column means, as people say it.
pub(super) fn role_in_words(role: &str) -> String {
    match role {
        "url" => "address",
        "page_url" => "address of the page around it",
        "caption" => "text",
        "author" => "author",
        "handle" => "account name",
        "did" => "permanent account name (DID)",
        "nsid" => "Flickr account number",
        "user_name" => "user name",
        "reddit_user" => "Reddit account",
        "profile_url" => "address of a profile",
        "repo" => "code repository",
        "created_at" => "date",
        "language" => "language",
        "licence" => "licence",
        "width" => "width in pixels",
        "height" => "height in pixels",
        "md5" | "sha1" | "sha256" => return format!("checksum of the file ({})", role.to_uppercase()),
        "phash" | "pdq" | "dhash" | "ahash" => return format!("picture fingerprint ({role})"),
        "source_id" => "publisher’s own id",
        "nsfw" => "marked as unsafe for work",
        other => other,
    }
    .to_owned()
}
