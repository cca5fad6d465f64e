//! A domain's owner keeps it out of datasets as a whole: a code on the domain, a look, and those who train are told.

use actix_web::http::StatusCode;
use actix_web::web::{Payload, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::takedown::desk::Wish;
use crate::takedown::proof::{Kind, Outcome, Subject};
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::proofs::{self, Place};
use crate::web::state::AppState;

#[derive(Template)]
#[template(path = "reservations_page.html")]
struct ReservationsPage {
    layout: Layout,
    is_on: bool,
    asked: Option<Asked>,
    /// What a look came to.
    told: Option<String>,
}

/// A domain that somebody wants to reserve or to give up.
struct Asked {
    domain: String,
    kind: &'static str,
    wish: &'static str,
    gives_up: bool,
    places: Vec<Place>,
}

/// `GET /reservations`
pub(in crate::web) async fn form(ThinData(state): ThinData<AppState>) -> Result<HttpResponse, AppError> {
    draw(&state, None, None)
}

/// `POST /reservations`: the code for a domain (`act=code`), or a look at it (`act=look`).
pub(in crate::web) async fn act(
    request: HttpRequest,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let form = Form::read(payload).await?;
    let kind = Kind::from_name(form.get("kind")).filter(|kind| matches!(kind, Kind::DnsTxt | Kind::WellKnown));
    let kind = kind.ok_or_else(|| AppError::bad("kind", "“kind” is dns_txt or well_known."))?;
    let wish = Wish::from_name(form.get("wish"));
    let wish = wish.ok_or_else(|| AppError::bad("wish", "“wish” is reserve or give_up."))?;
    let domain = proofs::subject(&state, kind, form.get("domain"))?;
    let told = if form.get("act") == "look" {
        state.count_filing(&request)?;
        state.desk.begin_reservation(&domain).await?;
        let seen = proofs::see_domain(&state, kind, &domain).await?;
        let outcome = state.desk.end_reservation(kind, &domain, wish, &seen).await?;
        state.follow_reservations().await.map_err(|error| AppError::internal(&error))?;
        let (Outcome::Shown { note, .. } | Outcome::NotShown { note }) = outcome;
        Some(note)
    } else {
        None
    };
    let asked = asked(&state, kind, &domain, wish).await?;
    draw(&state, Some(asked), told)
}

async fn asked(state: &AppState, kind: Kind, domain: &Subject, wish: Wish) -> Result<Asked, AppError> {
    let code = state.desk.reservation_code(kind, domain, wish).await?;
    Ok(Asked {
        domain: domain.as_str().to_owned(),
        kind: kind.name(),
        wish: wish.name(),
        gives_up: wish == Wish::GiveUp,
        places: proofs::places_of(state, kind, domain.as_str(), &code),
    })
}

fn draw(state: &AppState, asked: Option<Asked>, told: Option<String>) -> Result<HttpResponse, AppError> {
    let layout = Layout::new("Reserve a domain", Nav::Removal);
    send(&ReservationsPage { layout, is_on: state.outside.is_on(), asked, told }, StatusCode::OK, Keep::Nothing)
}
