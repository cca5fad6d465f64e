//! One's own account: the second factor, the password.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Payload, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{Staff, see_other};
use crate::takedown::accounts::{Account, PASSWORD_CHARS_MIN};
use crate::takedown::desk::{DeskError, Enrolment};
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::format;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::session;
use crate::web::state::AppState;

const HERE: &str = "/review/account";

#[derive(Template)]
#[template(path = "review_account_page.html")]
struct AccountPage {
    layout: Layout,
    staff: Staff,
    role: &'static str,
    datasets: String,
    has_totp: bool,
    /// Shown this once.
    enrolment: Option<Enrolment>,
    notice: Option<String>,
    password_chars_min: usize,
}

/// `GET /review/account`
pub(in crate::web) async fn page(
    request: HttpRequest,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    draw(&account, None, None, StatusCode::OK)
}

/// `POST /review/account/totp`: a new secret. The page that shows it is the answer itself: it is never shown again.
pub(in crate::web) async fn begin_totp(
    request: HttpRequest,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    let form = Form::read(payload).await?;
    match state.desk.enroll_totp(&account, form.get("password")).await {
        Ok(enrolment) => draw(&account, Some(enrolment), None, StatusCode::OK),
        Err(error) => refuse(&account, error),
    }
}

/// `POST /review/account/totp/confirm`
pub(in crate::web) async fn confirm_totp(
    request: HttpRequest,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    let form = Form::read(payload).await?;
    let code: String = form.get("code").chars().filter(char::is_ascii_digit).take(10).collect();
    match state.desk.confirm_totp(&account, &code).await {
        Ok(()) => Ok(see_other(HERE)),
        Err(DeskError::WrongCredentials) => {
            let what = "This code does not fit. Look whether the clock of your telephone is right, and begin again.";
            say(&account, what)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /review/account/totp/remove`
pub(in crate::web) async fn remove_totp(
    request: HttpRequest,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    let form = Form::read(payload).await?;
    match state.desk.remove_totp(&account, form.get("password")).await {
        Ok(()) => Ok(see_other(HERE)),
        Err(error) => refuse(&account, error),
    }
}

/// `POST /review/account/password`: ends every session of the account, this one too.
pub(in crate::web) async fn set_password(
    request: HttpRequest,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let account = session::account(&request, &state).await?;
    let form = Form::read(payload).await?;
    // A session may have been left open: the old password is asked for. The second factor was given when it began.
    if let Err(error) = state.desk.check_password(&account, form.get("password")).await {
        return refuse(&account, error);
    }
    if form.get("new") != form.get("again") {
        return say(&account, "The new password was typed in two ways. Nothing was changed.");
    }
    match state.desk.set_password(&account.name, form.get("new")).await {
        Ok(()) => {
            let mut response = HttpResponse::SeeOther();
            response.insert_header((LOCATION, "/review/sign-in?said=password")).cookie(session::forget());
            Ok(response.finish())
        }
        Err(DeskError::Credential(problem)) => say(&account, &format!("Nothing was changed: {problem}.")),
        Err(error) => Err(error.into()),
    }
}

/// The page again, with why a password was not taken.
fn refuse(account: &Account, error: DeskError) -> Result<HttpResponse, AppError> {
    match error {
        DeskError::WrongCredentials => say(account, "The password is wrong. Nothing was changed."),
        DeskError::Throttled { seconds } => {
            let wait = format::counted(u64::try_from(seconds).unwrap_or_default(), "second", "seconds");
            say(account, &format!("Too many wrong passwords. Try again in {wait}."))
        }
        error => Err(error.into()),
    }
}

fn say(account: &Account, what: &str) -> Result<HttpResponse, AppError> {
    draw(account, None, Some(what.to_owned()), StatusCode::FORBIDDEN)
}

fn draw(
    account: &Account,
    enrolment: Option<Enrolment>,
    notice: Option<String>,
    status: StatusCode,
) -> Result<HttpResponse, AppError> {
    let page = AccountPage {
        layout: Layout::new("Your account", Nav::Elsewhere),
        staff: Staff::new(account),
        role: account.role.name(),
        datasets: if account.sees_all() { "all datasets".to_owned() } else { format::list(&account.datasets) },
        has_totp: account.totp,
        enrolment,
        notice,
        password_chars_min: PASSWORD_CHARS_MIN,
    };
    send(&page, status, Keep::Nothing)
}
