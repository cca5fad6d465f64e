//! Signing in and out.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Payload, ThinData};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use url::form_urlencoded;

use crate::takedown::accounts::NAME_CHARS_MAX;
use crate::takedown::desk::DeskError;
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::format;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::session;
use crate::web::state::AppState;

#[derive(Template)]
#[template(path = "review_sign_in_page.html")]
struct SignInPage {
    layout: Layout,
    name: String,
    to: String,
    notice: Option<String>,
}

/// `GET /review/sign-in`
pub(in crate::web) async fn form(request: HttpRequest) -> Result<HttpResponse, AppError> {
    let query: Vec<(String, String)> =
        form_urlencoded::parse(request.query_string().as_bytes()).take(10).map(|(n, v)| (n.into(), v.into())).collect();
    let find = |name: &str| query.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value);
    let notice = (find("said") == "password").then(|| "Your password is changed. Sign in with the new one.".to_owned());
    draw(String::new(), find("to"), notice, StatusCode::OK)
}

/// `POST /review/sign-in`
pub(in crate::web) async fn enter(
    request: HttpRequest,
    payload: Payload,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let form = Form::read(payload).await?;
    let name: String = form.get("name").chars().take(NAME_CHARS_MAX).collect();
    let to = form.get("to");
    state.check_wrong_passphrases(&request)?;
    let signed_in = state.desk.sign_in(&name, form.get("password"), form.filled("code").as_deref()).await;
    let problem = match signed_in {
        Ok(signed_in) => {
            let mut response = HttpResponse::SeeOther();
            response.insert_header((LOCATION, session::way_back(to)));
            response.cookie(session::keep(&signed_in.token, state.is_https()));
            return Ok(response.finish());
        }
        Err(DeskError::WrongCredentials) => {
            // One address that tries many names is slowed down as one that tries many passwords is.
            state.count_wrong_passphrase(&request)?;
            "Name, password or code is wrong.".to_owned()
        }
        Err(DeskError::CodeNeeded) => {
            "This account has a second factor. Type the password once more, and the six digits of your authenticator."
                .to_owned()
        }
        Err(DeskError::Throttled { seconds }) => {
            let wait = format::counted(u64::try_from(seconds).unwrap_or_default(), "second", "seconds");
            format!("Too many wrong passwords for this name. Try again in {wait}.")
        }
        Err(error) => return Err(error.into()),
    };
    draw(name, to, Some(problem), StatusCode::FORBIDDEN)
}

/// `POST /review/sign-out`
pub(in crate::web) async fn sign_out(
    request: HttpRequest,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    if let Some(token) = session::token(&request) {
        state.desk.sign_out(&token).await?;
    }
    let mut response = HttpResponse::SeeOther();
    response.insert_header((LOCATION, "/review/sign-in")).cookie(session::forget());
    Ok(response.finish())
}

fn draw(name: String, to: &str, notice: Option<String>, status: StatusCode) -> Result<HttpResponse, AppError> {
    let layout = Layout::new("Sign in", Nav::Elsewhere);
    send(&SignInPage { layout, name, to: session::way_back(to), notice }, status, Keep::Nothing)
}
