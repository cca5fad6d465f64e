//! What the maintainers do with proofs: look again, and look at files that only a person can judge.

use actix_web::web::{Path, Payload, ThinData};
use actix_web::{HttpRequest, HttpResponse};

use super::see_other;
use crate::takedown::case::Actor;
use crate::takedown::desk::types::Review;
use crate::takedown::proof::{Claim, ClaimState, Kind};
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::format;
use crate::web::state::AppState;
use crate::web::{proofs, session};

/// Something that a person set out to show.
pub(super) struct ClaimView {
    pub(super) id: String,
    pub(super) line: String,
    pub(super) note: String,
    /// Another server can be asked again.
    pub(super) can_look: bool,
    /// A file waits for somebody's eyes.
    pub(super) file: Option<String>,
    pub(super) is_identity: bool,
}

impl ClaimView {
    pub(super) fn all(review: &Review, state: &AppState) -> Vec<Self> {
        review.claims.iter().map(|claim| Self::new(claim, state)).collect()
    }

    fn new(claim: &Claim, state: &AppState) -> Self {
        let when = claim.checked_ms.map(|ms| format::date(&state.desk.date_of(ms).to_string()));
        let words = match (claim.state, when) {
            (ClaimState::Waiting, _) => "not looked at yet".to_owned(),
            (ClaimState::WithStaff, _) => "waits for one of you to look at it".to_owned(),
            (ClaimState::Shown, Some(when)) => {
                format!("shown, {} proof, looked at on {when}", super::queue::strength(claim.strength))
            }
            (ClaimState::NotShown, Some(when)) => format!("not shown, looked at on {when}"),
            (ClaimState::Shown | ClaimState::NotShown, None) => String::new(),
        };
        Self {
            id: claim.id.clone(),
            line: format!("{}: {}, {words}", claim.kind.words(), claim.subject),
            note: claim.note.clone(),
            can_look: claim.kind.asks_outside() && state.outside.is_on(),
            file: claim.attachment.clone().filter(|_| claim.state == ClaimState::WithStaff),
            is_identity: claim.is_identity,
        }
    }
}

/// The name of a kind in words, from what the store has of it.
pub(super) fn kind_in_words(name: &str) -> &str {
    match Kind::from_name(name) {
        Some(kind) => kind.words(),
        None => name,
    }
}

/// `POST /review/cases/{number}/proofs`
pub(in crate::web) async fn act(
    request: HttpRequest,
    number: Path<String>,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    let form = Form::read(payload).await?;
    let review = state.desk.review(&account, &number).await?;
    let case = &review.case;
    match form.get("act") {
        "look" => {
            proofs::check(&state, case, form.get("id"), None, Actor::Staff(account.name.clone())).await?;
        }
        verdict @ ("enough" | "not_enough") => {
            let is_enough = verdict == "enough";
            let (id, note) = (form.get("id"), form.get("note"));
            state.desk.judge_file(&account, &case.number, id, is_enough, form.has("identity"), note).await?;
        }
        _ => return Err(AppError::bad("act", "“act” is look, enough or not_enough.")),
    }
    Ok(see_other(&format!("/review/cases/{}#who", case.number)))
}
