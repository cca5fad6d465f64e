//! One decision for many cases, after a page that shows all of them and asks whether that is meant.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Payload, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::decision_form::{ReasonsForm, Typed, decisions, order, scopes};
use super::{Choice, Staff, see_other};
use crate::takedown::accounts::{Account, Role};
use crate::takedown::decision::Rows;
use crate::takedown::desk::DeskError;
use crate::takedown::tombstone::Scope;
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::format;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::pages::case_words::dataset_in_words;
use crate::web::session;
use crate::web::state::AppState;

/// Most requests at once: what a person can look over before saying yes to all of them.
const PICKS_MAX: usize = 200;

#[derive(Template)]
#[template(path = "review_bulk_page.html")]
struct BulkPage {
    layout: Layout,
    staff: Staff,
    picks: Vec<PickView>,
    count: String,
    decisions: Vec<Choice>,
    scopes: Vec<Choice>,
    reasons: ReasonsForm,
    notice: Option<String>,
}

struct PickView {
    value: String,
    number: String,
    dataset: String,
    /// Why it was not decided, where that was tried.
    problem: Option<String>,
}

/// A request: a case and one of its datasets.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pick {
    number: String,
    dataset: String,
}

/// `POST /review/bulk`: first the page that asks, then, with `sure`, the decision.
pub(in crate::web) async fn decide_many(
    request: HttpRequest,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    if account.role < Role::Maintainer {
        return Err(AppError::Forbidden { detail: "Deciding many at once needs the role maintainer.".to_owned() });
    }
    let form = Form::read(payload).await?;
    let picks: Vec<Pick> = form.all("pick").filter_map(Pick::read).collect();
    if picks.is_empty() {
        return Err(AppError::bad("pick", "No request was ticked. Go back and tick some."));
    }
    if picks.len() > PICKS_MAX {
        return Err(AppError::TooLarge { detail: format!("Decide at most {PICKS_MAX} requests at once.") });
    }
    let typed = Typed::of(&form);
    if !form.has("go") {
        return draw(&account, &state, &picks, &typed, &BTreeMap::new(), None);
    }
    if !form.has("sure") {
        let what = "Nothing was decided yet. Look the list over, then tick that you did.".to_owned();
        return draw(&account, &state, &picks, &typed, &BTreeMap::new(), Some(what));
    }
    let mut whole = match order(&form, Rows::All) {
        Ok(order) => order,
        Err(error) => return draw(&account, &state, &picks, &typed, &BTreeMap::new(), Some(error.to_string())),
    };
    whole.expected_version = None;
    let mut by_dataset: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for pick in &picks {
        by_dataset.entry(&pick.dataset).or_default().push(pick.number.clone());
    }
    let mut refused: BTreeMap<(String, String), String> = BTreeMap::new();
    for (dataset, numbers) in by_dataset {
        dataset.clone_into(&mut whole.dataset);
        for (number, outcome) in state.desk.decide_many(&account, &numbers, &whole).await? {
            match outcome {
                Ok(()) => {}
                Err(DeskError::Refused(why)) => {
                    refused.insert((number, dataset.to_owned()), format!("{why}."));
                }
                Err(DeskError::NoSuchCase | DeskError::NoSuchTarget(_)) => {
                    refused.insert((number, dataset.to_owned()), "There is no such request.".to_owned());
                }
                Err(DeskError::Conflict { .. }) => {
                    let why = "Somebody else changed it at the same moment.".to_owned();
                    refused.insert((number, dataset.to_owned()), why);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    if refused.is_empty() {
        return Ok(see_other(&format!("/review?decided={}", picks.len())));
    }
    let n_done = picks.len() - refused.len();
    let left: Vec<Pick> = picks.into_iter().filter(|pick| refused.contains_key(&pick.key())).collect();
    let what = format!(
        "{} decided. These could not be, for the reason beside each.",
        format::counted(n_done as u64, "request was", "requests were")
    );
    draw(&account, &state, &left, &typed, &refused, Some(what))
}

impl Pick {
    fn read(value: &str) -> Option<Self> {
        let (number, dataset) = value.split_once(' ')?;
        Some(Self { number: number.to_owned(), dataset: dataset.to_owned() })
    }

    fn key(&self) -> (String, String) {
        (self.number.clone(), self.dataset.clone())
    }
}

fn draw(
    account: &Account,
    state: &AppState,
    picks: &[Pick],
    typed: &Typed,
    refused: &BTreeMap<(String, String), String>,
    notice: Option<String>,
) -> Result<HttpResponse, AppError> {
    // Rows cannot be named across cases.
    let fits_many = |choice: &Choice| !["partial", "ask_proof"].contains(&choice.value.as_str());
    let status = if notice.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let page = BulkPage {
        layout: Layout::new("Decide together", Nav::Elsewhere),
        staff: Staff::new(account),
        count: format::counted(picks.len() as u64, "request", "requests"),
        picks: picks
            .iter()
            .map(|pick| PickView {
                value: format!("{} {}", pick.number, pick.dataset),
                number: pick.number.clone(),
                dataset: dataset_in_words(&state.engine, &pick.dataset),
                problem: refused.get(&pick.key()).cloned(),
            })
            .collect(),
        decisions: decisions(None, None, typed).into_iter().filter(fits_many).collect(),
        scopes: std::iter::once(Choice::new("", "As each person asked", ""))
            .chain(scopes(Scope::Row, typed).into_iter().map(|choice| Choice { is_chosen: false, ..choice }))
            .collect(),
        reasons: ReasonsForm::new("bulk", "", typed),
        notice,
    };
    send(&page, status, Keep::Nothing)
}
