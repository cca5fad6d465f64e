//! The page of one case: where it stands, whose turn it is, what was said, and what the person can do.
//!
//! It opens by number and passphrase alone. A wrong number and a wrong passphrase get the same answer.

mod acts;
mod confirm;
mod counter_notice;
mod message_form;
mod proof_view;
mod proofs;
mod receipt;
mod view;

pub(in crate::web) use acts::{appeal, as_download, attachment, leave, message, narrow, withdraw};
pub(in crate::web) use confirm::{ask as ask_about_email, confirm as confirm_email};
pub(in crate::web) use counter_notice::{form as counter_notice_form, send as send_counter_notice};
pub(in crate::web) use message_form::{FILE_BYTES_MAX, kind_of, read as read_part, shown_name, unreadable};
pub(in crate::web) use proofs::{act as act_on_proof, file as send_proof};
pub(in crate::web) use receipt::page as receipt;

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Path, Payload, ThinData};
use actix_web::{HttpRequest, HttpResponse, ResponseError as _};
use askama::Template;

use self::view::CasePage;
use crate::takedown::desk::DeskError;
use crate::web::case_cookie;
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::state::AppState;

/// Longest case number that is looked at, characters. Ours have nine.
const NUMBER_CHARS_MAX: usize = 20;

#[derive(Template)]
#[template(path = "case_door_page.html")]
struct DoorPage {
    layout: Layout,
    number: String,
    problem: Option<String>,
}

/// `GET /cases`
pub(in crate::web) async fn door() -> Result<HttpResponse, AppError> {
    ask_for_passphrase("", None, StatusCode::OK)
}

/// `POST /cases`: signs in to a case and leads to its page.
pub(in crate::web) async fn enter(
    request: HttpRequest,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let form = Form::read(payload).await?;
    let typed = form.get("number");
    if typed.is_empty() || form.get("passphrase").is_empty() {
        let problem = "Type both: the number of your case, and its six words.".to_owned();
        let number = typed.chars().take(NUMBER_CHARS_MAX).collect::<String>();
        return ask_for_passphrase(&number, Some(problem), StatusCode::BAD_REQUEST);
    }
    let Some(number) = readable_number(typed) else {
        return refuse(&typed.chars().take(NUMBER_CHARS_MAX).collect::<String>());
    };
    let passphrase = form.get("passphrase");
    state.check_wrong_passphrases(&request)?;
    match state.desk.case(&number, passphrase).await {
        Ok(case) => {
            let mut response = HttpResponse::SeeOther();
            response.insert_header((LOCATION, format!("/cases/{}", case.number)));
            response.cookie(case_cookie::keep(&case.number, passphrase, state.is_https()));
            Ok(response.finish())
        }
        Err(DeskError::NoSuchCase) => {
            state.count_wrong_passphrase(&request)?;
            refuse(&number)
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /cases/{number}`
pub(in crate::web) async fn page(
    request: HttpRequest,
    number: Path<String>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let number = readable_number(&number).ok_or(AppError::NoSuchCase)?;
    let Some(passphrase) = case_cookie::read(&request) else {
        return ask_for_passphrase(&number, None, StatusCode::OK);
    };
    state.check_wrong_passphrases(&request)?;
    let followed = match state.desk.follow(&number, &passphrase).await {
        Ok(followed) => followed,
        Err(DeskError::NoSuchCase) => {
            state.count_wrong_passphrase(&request)?;
            return refuse(&number);
        }
        Err(error) => return Err(error.into()),
    };
    let page = CasePage::new(&followed, &state);
    let mut response = send(&page, StatusCode::OK, Keep::Nothing)?;
    let cookie = case_cookie::keep(&followed.case.number, &passphrase, state.is_https());
    response.add_cookie(&cookie).map_err(|error| AppError::internal(&anyhow::Error::from(error)))?;
    Ok(response)
}

/// A number as typed, in the writing of the store; `None` for what cannot be one. Nothing else ever stands in the path
/// of a cookie.
fn readable_number(typed: &str) -> Option<String> {
    let number: String = typed.trim().to_ascii_uppercase().replace([' ', '–', '—'], "-");
    let is_fine = !number.is_empty()
        && number.len() <= NUMBER_CHARS_MAX
        && number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_fine.then_some(number)
}

fn ask_for_passphrase(number: &str, problem: Option<String>, status: StatusCode) -> Result<HttpResponse, AppError> {
    let page = DoorPage { layout: Layout::new("Removal", Nav::Removal), number: number.to_owned(), problem };
    send(&page, status, Keep::Nothing)
}

fn refuse(number: &str) -> Result<HttpResponse, AppError> {
    let error = AppError::NoSuchCase;
    ask_for_passphrase(number, Some(error.to_string()), error.status_code())
}

/// The number of the address and the passphrase of the cookie, for everything that is done to a case.
fn credentials(request: &HttpRequest, number: &str, state: &AppState) -> Result<(String, String), AppError> {
    let number = readable_number(number).ok_or(AppError::NoSuchCase)?;
    let passphrase = case_cookie::read(request).ok_or(AppError::CaseClosed)?;
    state.check_wrong_passphrases(request)?;
    Ok((number, passphrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_however_it_is_written_and_nothing_else_is() {
        assert_eq!(readable_number(" k7q2–m4xd ").as_deref(), Some("K7Q2-M4XD"));
        assert_eq!(readable_number("K7Q2 M4XD").as_deref(), Some("K7Q2-M4XD"));
        for bad in ["", "a;path=/", "../x", "é", &"A".repeat(21)] {
            assert_eq!(readable_number(bad), None, "{bad}");
        }
    }
}
