//! The one error of the web room: what a visitor is told when something does not work.
//!
//! Its own dress is problem+json (RFC 9457), for the API; [`super::error_page`] dresses the same error as a page.
//! Nothing internal reaches the visitor: an internal error is logged once, with a number that the visitor can quote.

use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;

use super::records::RefsError;
use crate::search::engine::SearchError;
use crate::takedown::desk::DeskError;
use crate::takedown::filing::Check;

/// Seconds after which a visitor who met a busy server may well try again: most searches take milliseconds.
const RETRY_AFTER_SECONDS: u32 = 2;
/// How much of a dataset's name that was asked for is said back, characters.
const DATASET_CHARS_SHOWN: usize = 100;

/// Numbers internal errors, so that a visitor's report can be found in the log.
static FAULTS: AtomicU64 = AtomicU64::new(0);

#[derive(Debug, thiserror::Error)]
pub(super) enum AppError {
    #[error("There is no page at this address.")]
    NoSuchPage,
    #[error("There is no such address in this API. The addresses are listed in /api/openapi.json.")]
    NoSuchEndpoint,
    #[error("There is no dataset called “{0}” here. It may have been renamed, withdrawn or dropped.")]
    NoSuchDataset(String),
    #[error(
        "There is no record with this id here. Ids belong to one revision of a dataset; a newer revision may have replaced it, or the dataset was withdrawn."
    )]
    NoSuchRecord,
    /// For a wrong number and a wrong passphrase alike: nobody learns which cases there are.
    #[error(
        "No case has this number and passphrase. Look at both again: the number has letters and digits, the passphrase six words."
    )]
    NoSuchCase,
    #[error(
        "The way into this case is closed: it closes after half an hour. Nothing was changed. Sign in again with number and passphrase."
    )]
    CaseClosed,
    #[error("This link is not valid any more. Nothing was changed.")]
    NoSuchLink,
    #[error(
        "No such removal set of “{dataset}” has been published here. One that a notice announced is here once it is signed."
    )]
    NoSuchSet { dataset: String },
    #[error("There is no such file in this case.")]
    NoSuchAttachment,
    /// What a request must say under its legal basis and does not: names of fields.
    #[error("{}", not_complete(.0))]
    Missing(Check),
    #[error("There is no record here with the id {}. Nothing was filed.", .0.join(", "))]
    UnknownRecords(Vec<String>),
    /// The request is understood and cannot be done as the case stands; `detail` says why.
    #[error("{detail}")]
    NotPossible { detail: String },
    #[error("This address has sent many requests in a short time. Nothing was filed. Try again in {}.", minutes(*.seconds))]
    TooMany { seconds: u32 },
    /// The staff's pages: leads to the sign-in page, which leads back to `to`.
    #[error("Sign in first.")]
    SignInFirst { to: String },
    /// The API of the staff, asked without a token or with one that is not valid.
    #[error(
        "This address is for the staff: send an API token as “Authorization: Bearer TOKEN”. `rollcall account token` makes one."
    )]
    TokenNeeded,
    #[error("{detail}")]
    Forbidden { detail: String },
    /// What a decision must say and does not.
    #[error("{}", told("Nothing was decided.", .0))]
    NotDecided(Check),
    #[error("This address cannot be used that way. It answers to: {allowed}.")]
    MethodNotAllowed { allowed: &'static str },
    /// `detail` is a sentence for the visitor; `field` names the parameter or part it is about.
    #[error("{detail}")]
    BadRequest { field: &'static str, detail: String },
    #[error("{detail}")]
    TooLarge { detail: String },
    #[error("{detail}")]
    UnsupportedMedia { detail: &'static str },
    #[error("The upload stopped arriving, so it was given up. Nothing of it was kept.")]
    UploadTimedOut,
    #[error("This request came from a page of another site, and such requests are refused to protect you.")]
    CrossSite,
    #[error("All of this server's searchers are at work. Nothing was lost; try again in a few seconds.")]
    Busy,
    #[error("Something went wrong on this server. It has been noted as fault {0}. Nothing of what you sent was kept.")]
    Internal(u64),
}

impl AppError {
    /// Logs the whole chain once and keeps only a number for the visitor.
    pub(super) fn internal(error: &anyhow::Error) -> Self {
        let fault = FAULTS.fetch_add(1, Ordering::Relaxed) + 1;
        tracing::error!(fault, error = format!("{error:#}"), "a request failed");
        Self::Internal(fault)
    }

    pub(super) fn bad(field: &'static str, detail: impl Into<String>) -> Self {
        Self::BadRequest { field, detail: detail.into() }
    }

    /// The account has no role for a dataset.
    pub(super) fn forbidden_dataset(dataset: &str) -> Self {
        let dataset: String = dataset.chars().take(DATASET_CHARS_SHOWN).collect();
        Self::Forbidden { detail: format!("This account does not work on the dataset “{dataset}”.") }
    }

    /// A few words that name the situation.
    pub(super) fn title(&self) -> &'static str {
        match self {
            Self::NoSuchPage => "Page not found",
            Self::NoSuchEndpoint => "No such address",
            Self::NoSuchDataset(_) => "Dataset not found",
            Self::NoSuchRecord => "Record not found",
            Self::NoSuchCase => "No such case",
            Self::NoSuchLink => "Link not valid",
            Self::CaseClosed => "Sign in again",
            Self::NoSuchAttachment => "File not found",
            Self::NoSuchSet { .. } => "No such removal set",
            Self::Missing(_) => "This request is not complete",
            Self::UnknownRecords(_) => "Unknown records",
            Self::NotPossible { .. } => "This cannot be done now",
            Self::TooMany { .. } => "Too many requests",
            Self::SignInFirst { .. } => "Sign in first",
            Self::TokenNeeded => "A token is needed",
            Self::Forbidden { .. } => "Not for this account",
            Self::NotDecided(_) => "This decision is not complete",
            Self::MethodNotAllowed { .. } => "Method not allowed",
            Self::BadRequest { .. } => "This could not be understood",
            Self::TooLarge { .. } => "Too much at once",
            Self::UnsupportedMedia { .. } => "This kind of content is not read here",
            Self::UploadTimedOut => "The upload did not finish",
            Self::CrossSite => "Refused",
            Self::Busy => "The server is busy",
            Self::Internal(_) => "Something went wrong here",
        }
    }
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NoSuchPage
            | Self::NoSuchEndpoint
            | Self::NoSuchDataset(_)
            | Self::NoSuchRecord
            | Self::NoSuchCase
            | Self::NoSuchLink
            | Self::NoSuchAttachment
            | Self::NoSuchSet { .. } => StatusCode::NOT_FOUND,
            Self::SignInFirst { .. } => StatusCode::SEE_OTHER,
            Self::TokenNeeded => StatusCode::UNAUTHORIZED,
            Self::Missing(_) | Self::NotDecided(_) | Self::UnknownRecords(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NotPossible { .. } => StatusCode::CONFLICT,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadRequest { .. } => StatusCode::BAD_REQUEST,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMedia { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::UploadTimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::CrossSite | Self::CaseClosed | Self::Forbidden { .. } => StatusCode::FORBIDDEN,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        let mut problem = json!({
            "type": "about:blank",
            "title": self.title(),
            "status": status.as_u16(),
            "detail": self.to_string(),
        });
        match self {
            Self::BadRequest { field, .. } => problem["field"] = json!(field),
            Self::Missing(check) | Self::NotDecided(check) => {
                problem["missing"] = json!(check.missing);
                let wrong = check.problems.iter().map(|wrong| json!({"field": wrong.field, "detail": wrong.what}));
                problem["problems"] = wrong.collect();
            }
            Self::UnknownRecords(ids) => {
                problem["field"] = json!("records");
                problem["unknown"] = json!(ids);
            }
            _ => {}
        }
        let mut response =
            HttpResponse::build(status).content_type("application/problem+json").body(problem.to_string());
        match self {
            Self::Busy => {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS));
            }
            Self::TooMany { seconds } => {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*seconds));
            }
            Self::SignInFirst { to } => {
                let to = url::form_urlencoded::byte_serialize(to.as_bytes()).collect::<String>();
                if let Ok(place) = HeaderValue::from_str(&format!("/review/sign-in?to={to}")) {
                    response.headers_mut().insert(LOCATION, place);
                }
            }
            Self::TokenNeeded => {
                response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::MethodNotAllowed { allowed } => {
                response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
            }
            _ => {}
        }
        response
    }
}

fn not_complete(check: &Check) -> String {
    told("This request is not complete. Nothing was filed.", check)
}

/// A sentence, then what is missing and what cannot be right.
fn told(sentence: &str, check: &Check) -> String {
    let mut sentence = sentence.to_owned();
    if !check.missing.is_empty() {
        sentence.push_str(" Missing: ");
        sentence.push_str(&check.missing.join(", "));
        sentence.push('.');
    }
    for problem in &check.problems {
        sentence.push(' ');
        sentence.push_str(&problem.what);
    }
    sentence
}

fn minutes(seconds: u32) -> String {
    super::format::counted(u64::from(seconds.div_ceil(60)), "minute", "minutes")
}

impl From<SearchError> for AppError {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::NoSuchDataset(slug) => Self::NoSuchDataset(slug),
            SearchError::NoSuchRecord(_) => Self::NoSuchRecord,
            SearchError::BadQuery { field, detail } => Self::BadRequest { field, detail },
            SearchError::Index(error) => Self::internal(&error),
        }
    }
}

impl From<RefsError> for AppError {
    fn from(error: RefsError) -> Self {
        match error {
            RefsError::Unknown(ids) => Self::UnknownRecords(ids),
            RefsError::Search(error) => error.into(),
        }
    }
}

impl From<DeskError> for AppError {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::NoSuchCase => Self::NoSuchCase,
            DeskError::NoSuchAttachment => Self::NoSuchAttachment,
            DeskError::Missing(check) => Self::Missing(check),
            DeskError::NoSuchTarget(dataset) => {
                Self::NotPossible { detail: format!("This case does not ask the dataset “{dataset}”.") }
            }
            DeskError::Conflict { .. } => Self::NotPossible {
                detail: "The case was changed at the same moment. Look at it again, then repeat what you wanted."
                    .to_owned(),
            },
            DeskError::Refused(refusal) => {
                Self::NotPossible { detail: format!("This is not possible as the case stands: {refusal}.") }
            }
            DeskError::TooMuch(detail) => Self::TooLarge { detail },
            DeskError::NotClaimed(detail) => Self::NotPossible { detail },
            DeskError::Throttled { seconds } => Self::TooMany { seconds: u32::try_from(seconds).unwrap_or(u32::MAX) },
            DeskError::BadCursor => {
                Self::bad("cursor", "This cursor is not one of this queue. Begin at its first page.")
            }
            DeskError::NoSuchLink => Self::NoSuchLink,
            DeskError::NoSuchProposal => Self::NotPossible {
                detail:
                    "This proposal does not wait any more: somebody has decided about it, or the grant was taken back."
                        .to_owned(),
            },
            DeskError::BadAddress => Self::bad("email", "This is no e-mail address that letters can go to."),
            DeskError::RecipientExists => {
                Self::NotPossible { detail: "This address is told about this dataset already.".to_owned() }
            }
            DeskError::NoSuchRecipient => {
                Self::NotPossible { detail: "This recipient is not there any more.".to_owned() }
            }
            DeskError::NoSuchView => Self::NotPossible { detail: "This view is not there any more.".to_owned() },
            DeskError::ViewExists(name) => {
                Self::NotPossible { detail: format!("You have a view called “{name}” already. Take another name.") }
            }
            DeskError::Forbidden { needs, .. } => {
                Self::Forbidden { detail: format!("This account may not do that: it needs {needs}.") }
            }
            DeskError::NoSuchAccount(name) => {
                Self::NotPossible { detail: format!("There is no account “{name}” that works on this dataset.") }
            }
            other => Self::internal(&anyhow::Error::from(other)),
        }
    }
}

impl From<askama::Error> for AppError {
    fn from(error: askama::Error) -> Self {
        Self::internal(&anyhow::Error::from(error))
    }
}
