//! Errors as pages: what happened, what is safe, and where to go from here.

use std::borrow::Cow;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};
use askama::Template;

use super::error::AppError;
use super::layout::{Layout, Nav};

/// A link that an error page offers.
struct NextStep {
    href: Cow<'static, str>,
    words: Cow<'static, str>,
}

impl NextStep {
    const fn to(href: &'static str, words: &'static str) -> Self {
        Self { href: Cow::Borrowed(href), words: Cow::Borrowed(words) }
    }
}

#[derive(Template)]
#[template(path = "error_page.html")]
struct ErrorPage {
    layout: Layout,
    title: String,
    detail: String,
    next_steps: Vec<NextStep>,
}

/// Wraps the pages: any refusal or failure that is not a page yet becomes one.
pub(super) async fn error_page(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_page(&response) {
        return Ok(response);
    }
    let page = match response.response().error().and_then(|error| error.as_error::<AppError>()) {
        Some(error) => ErrorPage::for_error(error, response.request().path()),
        None => ErrorPage::for_status(status),
    };
    // A page about an error that cannot be drawn itself: the plain error still says what happened.
    let Ok(html) = page.render() else { return Ok(response) };
    let (request, plain) = response.into_parts();
    let mut dressed = HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html);
    for name in [ALLOW, RETRY_AFTER] {
        if let Some(value) = plain.headers().get(&name) {
            dressed.headers_mut().insert(name, value.clone());
        }
    }
    Ok(ServiceResponse::new(request, dressed))
}

fn is_page(response: &ServiceResponse<BoxBody>) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    content_type.is_some_and(|value| value.starts_with(b"text/html"))
}

impl ErrorPage {
    fn for_error(error: &AppError, path: &str) -> Self {
        let is_staff = path.starts_with("/review");
        if is_staff && matches!(error, AppError::NoSuchCase) {
            // Staff have no passphrase to look at again.
            let title = error.title().to_owned();
            let detail = "There is no such case among the datasets of this account.".to_owned();
            return Self { layout: Layout::new(title.clone(), Nav::Elsewhere), title, detail, next_steps: vec![QUEUE] };
        }
        Self {
            layout: Layout::new(error.title(), Nav::Elsewhere),
            title: error.title().to_owned(),
            detail: error.to_string(),
            next_steps: back_to_case(error, path).map_or_else(|| next_steps(error), |step| vec![step]),
        }
    }

    /// For failures that are not ours by type: the framework's own.
    fn for_status(status: StatusCode) -> Self {
        let title = status.canonical_reason().unwrap_or("This did not work");
        Self {
            layout: Layout::new(title, Nav::Elsewhere),
            title: title.to_owned(),
            detail: "The request could not be answered. Nothing of what you sent was kept.".to_owned(),
            next_steps: vec![SEARCH, PICTURE],
        }
    }
}

const SEARCH: NextStep = NextStep::to("/", "Search by words, name or address");
const PICTURE: NextStep = NextStep::to("/image", "Search by picture");
const VERIFY: NextStep = NextStep::to("/verify", "Choose the document to check");
const CASES: NextStep = NextStep::to("/cases", "Find your case by its number and passphrase");
const NEW_CASE: NextStep = NextStep::to("/cases/new", "Ask for removal");
const QUEUE: NextStep = NextStep::to("/review", "Back to the queue");
const DATASETS: NextStep = NextStep::to("/datasets", "See the datasets held here");

/// Whoever did something to a case, or decides it, goes on there.
fn back_to_case(error: &AppError, path: &str) -> Option<NextStep> {
    let is_elsewhere =
        matches!(error, AppError::NoSuchCase | AppError::NoSuchPage | AppError::NoSuchLink | AppError::CaseClosed);
    let (before, rest) = path.split_once("/cases/")?;
    let (number, below) = rest.split_once('/')?;
    let is_number = number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_case = ["", "/review"].contains(&before) && is_number && !number.is_empty() && !below.is_empty();
    (is_case && !is_elsewhere).then(|| NextStep {
        href: format!("{before}/cases/{number}").into(),
        words: format!("Back to case {number}").into(),
    })
}

fn next_steps(error: &AppError) -> Vec<NextStep> {
    match error {
        AppError::NoSuchDataset(_) | AppError::NoSuchSet { .. } => vec![DATASETS, SEARCH],
        AppError::NoSuchRecord => {
            vec![NextStep::to("/", "Search again: the record may stand in the newer revision"), DATASETS]
        }
        AppError::NoSuchCase
        | AppError::NoSuchLink
        | AppError::CaseClosed
        | AppError::NoSuchAttachment
        | AppError::NotPossible { .. } => vec![CASES, NEW_CASE],
        AppError::Forbidden { .. } | AppError::NotDecided(_) => vec![QUEUE],
        AppError::Missing(_) | AppError::UnknownRecords(_) | AppError::TooMany { .. } => vec![NEW_CASE, CASES],
        AppError::TooLarge { .. } | AppError::UnsupportedMedia { .. } | AppError::UploadTimedOut => {
            vec![NextStep::to("/image", "Choose other pictures"), SEARCH]
        }
        AppError::BadRequest { field: "document", .. } => vec![VERIFY, SEARCH],
        AppError::BadRequest { field: "image", .. } => {
            vec![NextStep::to("/image", "Choose pictures to search for"), SEARCH]
        }
        AppError::CrossSite => {
            vec![NextStep::to("/", "Start here, on this site's own page"), PICTURE]
        }
        _ => vec![SEARCH, PICTURE, DATASETS],
    }
}
