//! A record's picture, loaded from its own address: the one document of this server that lets a browser go elsewhere.
//!
//! Opened by a click that says where it leads, alone or in a frame beside the visitor's own picture. It holds no script and
//! nothing of the visitor, and gives the site at the other end no referrer. This server itself fetches nothing.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Query, ThinData};
use askama::Template;
use serde::Deserialize;

use super::picture_view::site_of;
use crate::web::error::AppError;
use crate::web::hits::record_href;
use crate::web::layout::{Keep, Layout, Nav, send};
use crate::web::security::with_remote_picture;
use crate::web::state::AppState;

#[derive(Template)]
#[template(path = "remote_picture_page.html")]
struct RemotePicturePage {
    layout: Layout,
    is_framed: bool,
    record_href: String,
    /// Where it is loaded from; `None` where the record names no web address.
    picture: Option<RemotePicture>,
}

struct RemotePicture {
    url: String,
    site: String,
}

#[derive(Deserialize)]
pub(in crate::web) struct Params {
    /// `1` inside a page of ours: the picture alone.
    framed: Option<String>,
}

/// `GET /records/{id}/picture`
pub(in crate::web) async fn page(
    id: Path<String>,
    Query(params): Query<Params>,
    ThinData(state): ThinData<AppState>,
) -> Result<HttpResponse, AppError> {
    let id = id.into_inner();
    let record_href = record_href(&id);
    let record = state.ask(move |engine| engine.record(&id)).await?;
    let mut addresses = record.hit.url.iter().chain(&record.urls);
    let picture = addresses.find_map(|url| site_of(url).map(|site| RemotePicture { url: url.clone(), site }));
    let page = RemotePicturePage {
        layout: Layout::new("Picture of a record", Nav::Elsewhere),
        is_framed: params.framed.as_deref() == Some("1"),
        record_href,
        picture,
    };
    Ok(with_remote_picture(send(&page, StatusCode::OK, Keep::Nothing)?))
}
