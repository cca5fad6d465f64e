//! Looking up without saying what: a page whose script asks [`crate::web::api::range`] and compares in the browser.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::web::error::AppError;
use crate::web::layout::{Keep, Layout, Nav, send};

#[derive(Template)]
#[template(path = "private_page.html")]
struct PrivatePage {
    layout: Layout,
}

/// `GET /private`
pub(in crate::web) async fn page() -> Result<HttpResponse, AppError> {
    let page = PrivatePage { layout: Layout::new("Look up without saying what", Nav::Search) };
    send(&page, StatusCode::OK, Keep::Revalidated)
}
