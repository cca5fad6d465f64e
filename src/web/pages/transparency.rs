//! Requests in figures, dataset by dataset.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Query, ThinData};
use askama::Template;

use crate::takedown::basis::Basis;
use crate::takedown::desk::public_figures::FATES;
use crate::takedown::statistics::Outcome;
use crate::takedown::statistics::small_counts::Count;
use crate::web::api::transparency::Asked;
use crate::web::error::AppError;
use crate::web::format;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::state::AppState;
use crate::web::transparency::{self, CheckReport, DatasetReport, SetReport};

#[derive(Template)]
#[template(path = "transparency_page.html")]
struct TransparencyPage {
    layout: Layout,
    heading: String,
    /// The one dataset that was asked for.
    only: Option<String>,
    counted: String,
    counted_iso: String,
    datasets: Vec<DatasetView>,
}

struct DatasetView {
    n: usize,
    slug: String,
    title: String,
    is_held: bool,
    requests: String,
    /// Whether anything at all can be told.
    has_figures: bool,
    bases: Vec<(String, String)>,
    outcomes: Vec<(String, String)>,
    rest: Vec<(&'static str, String)>,
    sets: Vec<SetView>,
    checks: Vec<CheckView>,
}

struct SetView {
    version: u32,
    href: String,
    date: String,
    date_iso: String,
    rows: String,
    sha256: String,
}

struct CheckView {
    release: String,
    sha256: String,
    date: String,
    date_iso: String,
    result: String,
}

/// `GET /transparency`
pub(in crate::web) async fn page(
    asked: Query<Asked>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let slug = asked.dataset.as_deref().filter(|slug| !slug.is_empty());
    let report = transparency::of(&state, slug).await?;
    let only = slug.and(report.datasets.first()).map(|dataset| dataset.title.clone());
    let page = TransparencyPage {
        layout: Layout::new("Requests in figures", Nav::Elsewhere),
        heading: only
            .as_ref()
            .map_or("Requests in figures".to_owned(), |title| format!("Requests in figures: {title}")),
        only,
        counted: format::date(&report.counted_at),
        datasets: report.datasets.iter().enumerate().map(|(n, dataset)| DatasetView::new(n, dataset, &state)).collect(),
        counted_iso: report.counted_at,
    };
    send(&page, StatusCode::OK, Keep::Revalidated)
}

impl DatasetView {
    fn new(n: usize, dataset: &DatasetReport, state: &AppState) -> Self {
        let figures = &dataset.figures;
        let bases = Basis::ALL.map(|basis| {
            let title = state.desk.rules().of(basis, None).title.clone();
            (title, figures.by_basis.get(basis.name()).copied().unwrap_or(Count::Few))
        });
        let outcomes = Outcome::ALL.map(|outcome| {
            let count = figures.by_outcome.get(outcome.name()).copied().unwrap_or(Count::Few);
            (outcome_in_words(outcome).to_owned(), count)
        });
        let mut rest = vec![
            ("Past the day they were due, now", in_words(figures.overdue)),
            ("Appeals", in_words(figures.appeals)),
            ("Decisions that an appeal changed", in_words(figures.reversed)),
            ("Grants that were taken back", in_words(figures.restored)),
        ];
        let days = |days: u32| format::counted(u64::from(days), "day", "days");
        if let Some(took) = figures.days_to_decide {
            rest.insert(0, ("Half were decided within", days(took.median)));
            rest.insert(1, ("Nine in ten were decided within", days(took.percentile_90)));
        }
        Self {
            n,
            slug: dataset.dataset.clone(),
            title: dataset.title.clone(),
            is_held: state.engine.datasets().iter().any(|held| held.slug == dataset.dataset),
            requests: in_words(figures.requests),
            has_figures: figures.requests != Count::Few,
            bases: lines(bases.to_vec(), "Each other ground"),
            outcomes: lines(outcomes.to_vec(), "Each other outcome"),
            rest,
            sets: dataset.removal_sets.iter().map(|set| SetView::new(&dataset.dataset, set)).collect(),
            checks: dataset.releases_checked.iter().map(CheckView::new).collect(),
        }
    }
}

/// Counts that say something, then one line for all the others.
fn lines(counts: Vec<(String, Count)>, others: &str) -> Vec<(String, String)> {
    let has_few = counts.iter().any(|(_, count)| *count == Count::Few);
    let told = counts.into_iter().filter(|(_, count)| *count != Count::Few);
    let mut lines: Vec<_> = told.map(|(name, count)| (name, in_words(count))).collect();
    if has_few {
        let name = if lines.is_empty() { others.replacen(" other", "", 1) } else { others.to_owned() };
        lines.push((name, in_words(Count::Few)));
    }
    lines
}

fn in_words(count: Count) -> String {
    match count {
        Count::Exact(n) => format::count(n),
        Count::Few => "fewer than five".to_owned(),
        Count::AtLeast(5) => "five or more".to_owned(),
        Count::AtLeast(n) => format!("at least {}", format::count(n)),
    }
}

fn outcome_in_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Granted => "Granted",
        Outcome::Partial => "Granted in part",
        Outcome::Refused => "Not granted",
        Outcome::OutOfScope => "Not for this portal to decide",
        Outcome::Forwarded => "Handed on",
        Outcome::Withdrawn => "Withdrawn by the person",
        Outcome::Expired => "Closed: a question had no answer",
        Outcome::Undecided => "Not decided yet",
    }
}

impl SetView {
    fn new(slug: &str, set: &SetReport) -> Self {
        let slug: String = url::form_urlencoded::byte_serialize(slug.as_bytes()).collect();
        Self {
            version: set.version,
            href: format!("/api/v1/removals/{slug}/{}", set.version),
            date: format::date(&set.published_at),
            date_iso: set.published_at.clone(),
            rows: set
                .rows_at_most
                .as_deref()
                .map_or_else(|| "not stated".to_owned(), |n| format!("up to {}", format::number(n))),
            sha256: set.sha256.clone(),
        }
    }
}

impl CheckView {
    fn new(check: &CheckReport) -> Self {
        let words = |fate: &str| match fate {
            "gone" => "gone",
            "still_there" => "still there",
            "moved" => "found in another place",
            _ => "cannot be told",
        };
        let parts = FATES.into_iter().filter_map(|fate| Some((words(fate), check.check.rows.get(fate)?)));
        let parts: Vec<String> = parts.map(|(words, count)| format!("{words}: {}", in_words(*count))).collect();
        Self {
            release: check.check.release.clone(),
            sha256: check.check.sha256.clone(),
            date: format::date(&check.checked_at),
            date_iso: check.checked_at.clone(),
            result: parts.join(" · "),
        }
    }
}
