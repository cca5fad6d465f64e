//! What this portal is and what becomes of what people send it, in plain words.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::web::error::AppError;
use crate::web::layout::{Keep, Layout, Nav, send};

#[derive(Template)]
#[template(path = "about_page.html")]
struct AboutPage {
    layout: Layout,
}

#[derive(Template)]
#[template(path = "privacy_page.html")]
struct PrivacyPage {
    layout: Layout,
}

/// `GET /about`
pub(in crate::web) async fn about() -> Result<HttpResponse, AppError> {
    send(&AboutPage { layout: Layout::new("About", Nav::About) }, StatusCode::OK, Keep::Revalidated)
}

/// `GET /privacy`
pub(in crate::web) async fn privacy() -> Result<HttpResponse, AppError> {
    send(&PrivacyPage { layout: Layout::new("Privacy", Nav::Privacy) }, StatusCode::OK, Keep::Revalidated)
}
