//! What every page shares: its title, where it stands in the navigation, how it is sent.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use askama::Template;

use super::assets;
use super::error::AppError;

/// The entry of the navigation that is marked as the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nav {
    Search,
    Picture,
    Datasets,
    Removal,
    About,
    Privacy,
    Elsewhere,
}

pub(super) struct Layout {
    /// Title of the page, without the portal's name.
    pub(super) title: String,
    nav: Nav,
}

impl Layout {
    pub(super) fn new(title: impl Into<String>, nav: Nav) -> Self {
        Self { title: title.into(), nav }
    }

    pub(super) fn is_search(&self) -> bool {
        self.nav == Nav::Search
    }
    pub(super) fn is_picture(&self) -> bool {
        self.nav == Nav::Picture
    }
    pub(super) fn is_datasets(&self) -> bool {
        self.nav == Nav::Datasets
    }
    pub(super) fn is_removal(&self) -> bool {
        self.nav == Nav::Removal
    }
    pub(super) fn is_about(&self) -> bool {
        self.nav == Nav::About
    }
    pub(super) fn is_privacy(&self) -> bool {
        self.nav == Nav::Privacy
    }

    /// Address of a static file, its content hash in the name.
    #[expect(clippy::unused_self, reason = "templates reach functions through the layout they hold")]
    pub(super) fn asset(&self, name: &str) -> &'static str {
        assets::href(name)
    }
}

/// How long a page may be kept by a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Answers about a person: never stored anywhere.
    Nothing,
    /// The same for everybody: may be stored, asked again each time.
    Revalidated,
}

/// Draws a page and sends it.
pub(super) fn send(page: &impl Template, status: StatusCode, keep: Keep) -> Result<HttpResponse, AppError> {
    let html = page.render()?;
    let mut response = HttpResponse::build(status);
    response.content_type("text/html; charset=utf-8");
    match keep {
        Keep::Nothing => response
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header(("X-Robots-Tag", "noindex, nofollow, noarchive")),
        Keep::Revalidated => response.insert_header((CACHE_CONTROL, "no-cache")),
    };
    Ok(response.body(html))
}
