//! The queue: what is to be decided, soonest due first.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::StatusCode;
use actix_web::web::ThinData;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use url::form_urlencoded;

use super::due::Due;
use super::views::address;
use super::{Choice, Staff, see_other};
use crate::takedown::accounts::Account;
use crate::takedown::basis::Basis;
use crate::takedown::case::TargetState;
use crate::takedown::desk::types::{Queue, QueueLine, Strength};
use crate::takedown::desk::views::{VIEW_NAME_CHARS_MAX, View};
use crate::web::error::AppError;
use crate::web::format;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::pages::case_words::dataset_in_words;
use crate::web::queue_params::QueueParams;
use crate::web::session;
use crate::web::state::AppState;

#[derive(Template)]
#[template(path = "review_queue_page.html")]
struct QueuePage {
    layout: Layout,
    staff: Staff,
    heading: String,
    counts: String,
    views: Vec<ViewLink>,
    /// What of the address is the filter: a view keeps it.
    filter: String,
    /// The own view that is shown, where it is one.
    own: Option<View>,
    view_name_chars_max: usize,
    states: Vec<Choice>,
    datasets: Vec<Choice>,
    bases: Vec<Choice>,
    dues: Vec<Choice>,
    q: String,
    lines: Vec<LineView>,
    next: Option<String>,
    is_filtered: bool,
    notice: Option<String>,
}

/// A filter that is asked for often, as a link: one of everybody's, or one that the account has kept.
struct ViewLink {
    href: String,
    words: String,
    is_current: bool,
}

/// What follows `/review?`, and what it is called.
const VIEWS: [(&str, &str); 6] = [
    ("", "All open"),
    ("due=over", "Overdue"),
    ("due=week", "Due within a week"),
    ("state=appeal_review", "Appeals"),
    ("state=needs_info", "Waiting for the person"),
    ("mine=1", "Given to me"),
];

struct LineView {
    number: String,
    dataset: String,
    dataset_words: String,
    due: Due,
    what: String,
    who: String,
    rows: String,
    proof: &'static str,
    state: &'static str,
    assigned: Option<String>,
}

/// `GET /review`
pub(in crate::web) async fn page(
    request: HttpRequest,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    let params = QueueParams::read(request.query_string());
    let filter = params.filter(&account, state.desk.today())?;
    let queue = state.desk.queue(&account, &filter).await?;
    let views = state.desk.views(&account).await?;
    let page = QueuePage::new(&account, &params, &queue, views, &state, request.query_string());
    send(&page, StatusCode::OK, Keep::Nothing)
}

/// `GET /review/next?after=NUMBER`: to the case that stands behind this one among the open ones, soonest due first; to the
/// first where this one is open no more, and to the queue where none is left.
pub(in crate::web) async fn next(
    request: HttpRequest,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    let filter = QueueParams::read("").filter(&account, state.desk.today())?;
    let queue = state.desk.queue(&account, &filter).await?;
    let query = request.query_string();
    let after = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "after");
    let after = after.map(|(_, number)| number.into_owned()).unwrap_or_default();
    let numbers: Vec<&str> = queue.lines.iter().map(|line| line.number.as_str()).collect();
    let behind = numbers.iter().rposition(|number| *number == after).map_or(0, |at| at + 1);
    let next = numbers[behind..].iter().chain(&numbers).find(|number| **number != after);
    Ok(next.map_or_else(|| see_other("/review"), |number| see_other(&format!("/review/cases/{number}"))))
}

impl QueuePage {
    fn new(
        account: &Account,
        params: &QueueParams,
        queue: &Queue,
        own_views: Vec<View>,
        state: &AppState,
        query: &str,
    ) -> Self {
        let slugs: BTreeSet<&str> = queue.counts.iter().map(|count| count.dataset.as_str()).collect();
        let titles: BTreeMap<&str, String> =
            slugs.iter().map(|slug| (*slug, dataset_in_words(&state.engine, slug))).collect();
        let mut states = vec![Choice::new("", "All open", &params.state), Choice::new("all", "All", &params.state)];
        states.extend(TargetState::ALL.iter().map(|state| Choice::new(state.name(), state.words(), &params.state)));
        let mut datasets = vec![Choice::new("", "All", &params.dataset)];
        datasets.extend(titles.iter().map(|(slug, title)| Choice::new(*slug, title, &params.dataset)));
        let mut bases = vec![Choice::new("", "All", &params.basis)];
        let rules = state.desk.rules();
        bases.extend(
            Basis::ALL
                .iter()
                .map(|basis| Choice::new(basis.name(), rules.of(*basis, None).short.clone(), &params.basis)),
        );
        let dues = [("", "Whenever"), ("over", "Overdue"), ("today", "Today or before"), ("week", "Within a week")];
        let filter = params.view();
        let link = |asked: &str, words: &str| ViewLink {
            href: address(asked),
            words: words.to_owned(),
            is_current: asked == filter,
        };
        let views = VIEWS.iter().map(|(asked, words)| link(asked, words));
        let views = views.chain(own_views.iter().map(|view| link(&view.filter, &view.name))).collect();
        Self {
            layout: Layout::new("Queue", Nav::Elsewhere),
            staff: Staff::new(account),
            heading: heading(queue),
            counts: counts(queue),
            views,
            own: own_views.into_iter().find(|view| view.filter == filter),
            view_name_chars_max: VIEW_NAME_CHARS_MAX,
            states,
            datasets,
            bases,
            dues: dues.into_iter().map(|(value, words)| Choice::new(value, words, &params.due)).collect(),
            q: params.q.clone(),
            lines: queue.lines.iter().map(|line| LineView::new(line, &titles, state)).collect(),
            next: queue.next.as_deref().map(|cursor| params.next_page("/review", cursor)),
            is_filtered: !filter.is_empty(),
            filter,
            notice: done(query),
        }
    }
}

impl LineView {
    fn new(line: &QueueLine, titles: &BTreeMap<&str, String>, state: &AppState) -> Self {
        let rules = state.desk.rules().of(line.basis, None);
        let name = line.name.clone().unwrap_or_else(|| "no name".to_owned());
        let relationship = line.relationship.as_deref().filter(|relationship| *relationship != "self");
        Self {
            number: line.number.clone(),
            dataset: line.dataset.clone(),
            dataset_words: titles.get(line.dataset.as_str()).cloned().unwrap_or_else(|| line.dataset.clone()),
            due: Due::new(line.due.as_deref(), line.paused, rules.warnings, state.desk.today()),
            what: rules.short.clone(),
            who: relationship.map_or_else(|| name.clone(), |relationship| format!("{name} ({relationship})")),
            rows: format::count(line.rows),
            proof: strength(line.proof),
            state: line.state.words(),
            assigned: line.assigned.clone(),
        }
    }
}

pub(super) fn strength(proof: Option<Strength>) -> &'static str {
    match proof {
        None | Some(Strength::None) => "none",
        Some(Strength::Weak) => "weak",
        Some(Strength::Fair) => "fair",
        Some(Strength::Strong) => "strong",
    }
}

fn heading(queue: &Queue) -> String {
    let open: u64 = queue.counts.iter().filter(|count| count.state.is_waiting()).map(|count| count.targets).sum();
    format!("{} to decide", format::count(open))
}

/// `3 overdue · 12 received · 2 being looked at`: what is open, by state.
fn counts(queue: &Queue) -> String {
    let mut parts = vec![format!("{} overdue", format::count(queue.overdue))];
    for state in TargetState::ALL.into_iter().filter(|state| state.is_waiting()) {
        let n: u64 = queue.counts.iter().filter(|count| count.state == state).map(|count| count.targets).sum();
        if n > 0 {
            parts.push(format!("{} {}", format::count(n), state.words()));
        }
    }
    parts.join(" · ")
}

/// What a bulk decision did, said once it led back here.
fn done(query: &str) -> Option<String> {
    let n: u64 = query.strip_prefix("decided=")?.parse().ok()?;
    Some(format!("Decided: {}.", format::counted(n, "request", "requests")))
}
