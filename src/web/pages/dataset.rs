//! The biography of one dataset.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::ThinData;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::record::role_in_words;
use crate::search::results::{Coverage, DatasetDetail, DerivedInfo, RevisionInfo, SourceFileInfo, SourceInfo};
use crate::takedown::desk::public_figures::ShownCheck;
use crate::takedown::recipient::NoticeCounts;
use crate::web::error::AppError;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::search_params::SearchParams;
use crate::web::state::AppState;
use crate::web::{coverage, format, reading};

/// Files listed on the page; the API lists all of them.
const FILES_SHOWN_MAX: usize = 500;
/// Versions of the removal set of which it is said who was told; the newest.
const VERSIONS_TOLD_MAX: usize = 10;
/// Looks at later releases told here; the public figures tell more.
const RELEASES_TOLD_MAX: usize = 10;
/// Websites listed.
const DOMAINS_SHOWN_MAX: usize = 20;

#[derive(Template)]
#[template(path = "dataset_page.html")]
struct DatasetPage {
    layout: Layout,
    slug: String,
    title: String,
    withdrawn: Option<String>,
    description: Option<String>,
    facts: Vec<Fact>,
    homepage: Option<Link>,
    contact: Contact,
    searchable: Vec<String>,
    hashed: Vec<String>,
    made_from: Vec<SourceView>,
    used_for: Vec<DerivedInfo>,
    told: Vec<String>,
    /// Looks at later releases, newest first.
    releases: Vec<String>,
    revisions: Vec<RevisionRow>,
    files: Vec<FileRow>,
    n_files_left_out: String,
    rejected: Vec<(String, String)>,
    mapping: Vec<(String, String)>,
    mapping_decided_by: String,
    top_domains: Vec<DomainRow>,
}

struct Fact {
    name: &'static str,
    value: String,
}

/// Text that is a link only where it is a plain web address.
struct Link {
    words: String,
    href: Option<String>,
}

/// Where to ask for removal at the source.
enum Contact {
    Known(Link),
    AtHomepage(Link),
    Unknown,
}

/// A dataset that this one was made from: a link where it is held here.
struct SourceView {
    words: String,
    /// Short name.
    slug: Option<String>,
    href: Option<String>,
    by_operator: bool,
}

struct RevisionRow {
    revision: String,
    records: String,
    taken_in: String,
    is_current: bool,
}

struct FileRow {
    path: String,
    sha256: String,
    bytes: String,
    rows_read: String,
    rows_indexed: String,
}

struct DomainRow {
    domain: String,
    href: String,
    records: String,
}

/// `GET /datasets/{slug}`
pub(in crate::web) async fn page(
    slug: web::Path<String>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let slug = slug.into_inner();
    let dataset = state.ask(move |engine| engine.dataset(&slug)).await?;
    let told = state.desk.notice_counts(&dataset.summary.slug).await?;
    let checks = state.desk.release_checks(&dataset.summary.slug).await?;
    let checks = checks.iter().take(RELEASES_TOLD_MAX).map(|check| release_in_words(check, &state)).collect();
    send(&DatasetPage::new(dataset, &told, checks), StatusCode::OK, Keep::Revalidated)
}

impl DatasetPage {
    fn new(dataset: DatasetDetail, told: &BTreeMap<u32, NoticeCounts>, releases: Vec<String>) -> Self {
        let facts = facts(&dataset);
        let contact = Contact::of(&dataset);
        let top_domains = top_domains(&dataset);
        let summary = dataset.summary;
        let n_left_out = dataset.files.len().saturating_sub(FILES_SHOWN_MAX) as u64;
        Self {
            layout: Layout::new(summary.title.clone(), Nav::Datasets),
            facts,
            contact,
            top_domains,
            withdrawn: dataset.withdrawn,
            description: dataset.description,
            homepage: dataset.homepage.map(Link::of),
            searchable: summary.coverage.searchable.iter().map(|name| reading::searchable_in_words(name)).collect(),
            hashed: hashed(&summary.coverage),
            made_from: dataset.made_from.into_iter().map(SourceView::new).collect(),
            used_for: dataset.used_for,
            told: told
                .iter()
                .rev()
                .take(VERSIONS_TOLD_MAX)
                .map(|(version, counts)| told_in_words(*version, *counts))
                .collect(),
            releases,
            revisions: dataset.revisions.into_iter().map(RevisionRow::new).collect(),
            files: dataset.files.into_iter().take(FILES_SHOWN_MAX).map(FileRow::new).collect(),
            n_files_left_out: if n_left_out == 0 { String::new() } else { format::count(n_left_out) },
            rejected: dataset.rejected.into_iter().map(|(why, n)| (why, format::number(&n))).collect(),
            mapping: dataset.mapping.into_iter().map(|(role, column)| (role_in_words(&role), column)).collect(),
            mapping_decided_by: dataset.mapping_decided_by,
            slug: summary.slug,
            title: summary.title,
        }
    }
}

/// `Version 2: 3 recipients told, 1 acknowledged`
fn told_in_words(version: u32, counts: NoticeCounts) -> String {
    let told = format::counted(counts.written, "recipient", "recipients");
    format!("Version {version}: {told} told, {} acknowledged", format::count(counts.acknowledged))
}

/// `Release 2025-02, looked through on 22 November 2026: it holds rows again that were to be removed.`
fn release_in_words(check: &ShownCheck, state: &AppState) -> String {
    let date = format::date(&state.desk.date_of(check.at_ms).to_string());
    let found = if check.holds_removed_rows {
        "it holds rows again that were to be removed"
    } else {
        "no row that was to be removed was found in it"
    };
    format!("Release {}, looked through on {date}: {found}.", check.release)
}

fn facts(dataset: &DatasetDetail) -> Vec<Fact> {
    let summary = &dataset.summary;
    let stated = |value: &Option<String>| value.clone().unwrap_or_else(|| "not stated".to_owned());
    let n_bytes: u64 = dataset.files.iter().filter_map(|file| file.bytes.parse::<u64>().ok()).sum();
    let n_files = format::counted(dataset.files.len() as u64, "file", "files");
    let mut facts = vec![
        Fact { name: "Made by", value: stated(&summary.publisher) },
        Fact { name: "Licence", value: stated(&summary.licence) },
        Fact { name: "Held here", value: coverage::records_in_words(&summary.coverage) },
        Fact { name: "Size of its files", value: format!("{} in {n_files}", format::bytes(&n_bytes.to_string())) },
        Fact { name: "Revision searched", value: summary.revision.clone() },
        Fact { name: "Taken in", value: format::date(&summary.ingested_at) },
    ];
    if !dataset.languages.is_empty() {
        facts.push(Fact { name: "Languages", value: dataset.languages.join(", ") });
    }
    facts
}

fn hashed(coverage: &Coverage) -> Vec<String> {
    let of_kind = |(kind, n): (&String, &String)| {
        format!("{} records have a picture fingerprint of the kind {kind}", format::number(n))
    };
    let mut lines: Vec<String> = coverage.hashed.iter().map(of_kind).collect();
    if coverage.index_windows {
        lines.push("fingerprints of 12 parts of each picture are held too, so that crops find it".to_owned());
    }
    lines.extend(coverage::plain_in_words(coverage));
    lines
}

fn top_domains(dataset: &DatasetDetail) -> Vec<DomainRow> {
    let slug = &dataset.summary.slug;
    let domains = dataset.top_domains.iter().take(DOMAINS_SHOWN_MAX);
    let row = |domain: &str, count| {
        let params =
            SearchParams { dataset: vec![slug.clone()], domain: Some(domain.to_owned()), ..SearchParams::default() };
        DomainRow { domain: domain.to_owned(), href: params.href(), records: format::count(count) }
    };
    domains.map(|facet| row(&facet.value, facet.count)).collect()
}

impl Link {
    /// A link for a web address or an e-mail address; anything else a card may hold stays text.
    fn of(words: String) -> Self {
        let href = match url::Url::parse(&words) {
            Ok(url) if matches!(url.scheme(), "http" | "https" | "mailto") => Some(url.to_string()),
            Ok(_) => None,
            Err(_) => is_mail_address(&words).then(|| format!("mailto:{words}")),
        };
        Self { words, href }
    }
}

fn is_mail_address(words: &str) -> bool {
    let is_plain = |part: &str| {
        !part.is_empty()
            && part.chars().all(|character| character.is_ascii_alphanumeric() || "._+-".contains(character))
    };
    words.split_once('@').is_some_and(|(name, host)| is_plain(name) && is_plain(host) && host.contains('.'))
}

impl Contact {
    fn of(dataset: &DatasetDetail) -> Self {
        match (&dataset.contact, &dataset.homepage) {
            (Some(contact), _) => Self::Known(Link::of(contact.clone())),
            (None, Some(homepage)) => Self::AtHomepage(Link::of(homepage.clone())),
            (None, None) => Self::Unknown,
        }
    }
}

impl SourceView {
    fn new(source: SourceInfo) -> Self {
        let link = Link::of(source.name);
        Self {
            words: source.title.unwrap_or(link.words),
            href: link.href.filter(|_| source.dataset.is_none()),
            slug: source.dataset,
            by_operator: source.said_by == "operator",
        }
    }
}

impl RevisionRow {
    fn new(revision: RevisionInfo) -> Self {
        Self {
            records: format::number(&revision.records),
            taken_in: format::date(&revision.ingested_at),
            is_current: revision.is_current,
            revision: revision.revision,
        }
    }
}

impl FileRow {
    fn new(file: SourceFileInfo) -> Self {
        Self {
            bytes: format::bytes(&file.bytes),
            rows_read: format::number(&file.rows_read),
            rows_indexed: format::number(&file.rows_indexed),
            path: file.path,
            sha256: file.sha256,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_and_mail_addresses_become_links() {
        let href = |words: &str| Link::of(words.to_owned()).href;
        assert_eq!(href("https://example.org/x").as_deref(), Some("https://example.org/x"));
        assert_eq!(href("removal@example.org").as_deref(), Some("mailto:removal@example.org"));
        assert_eq!(href("javascript:alert(1)"), None);
        assert_eq!(href("data:text/html,x"), None);
        assert_eq!(href("write to us"), None);
        assert_eq!(href("a@b.c?cc=evil@example.org"), None);
    }
}
