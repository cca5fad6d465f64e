//! What this portal is and what becomes of what people send it, in plain words.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::ThinData;
use askama::Template;

use crate::takedown::clock::Term;
use crate::takedown::retention::Part;
use crate::web::error::AppError;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::state::AppState;

#[derive(Template)]
#[template(path = "about_page.html")]
struct AboutPage {
    layout: Layout,
}

#[derive(Template)]
#[template(path = "privacy_page.html")]
struct PrivacyPage {
    layout: Layout,
    /// What of a request is kept for how long.
    kept: Vec<String>,
}

/// `GET /about`
pub(in crate::web) async fn about() -> Result<HttpResponse, AppError> {
    send(&AboutPage { layout: Layout::new("About", Nav::About) }, StatusCode::OK, Keep::Revalidated)
}

/// `GET /privacy`
pub(in crate::web) async fn privacy(ThinData(state): ThinData<AppState>) -> Result<HttpResponse, AppError> {
    let line = |(part, term): (Part, Term)| format!("{}: {}", part.words(), term.words());
    let kept = state.desk.rules().retention().0.each().map(line).collect();
    send(&PrivacyPage { layout: Layout::new("Privacy", Nav::Privacy), kept }, StatusCode::OK, Keep::Revalidated)
}
