//! Every address this server answers, in one table.

use actix_web::guard;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Route};

use super::decisions::follow;
use super::error::AppError;
use super::error_page::error_page;
use super::security::same_origin;
use super::{api, assets, documents, metrics, pages, tdm};

/// One address and what answers it.
pub(super) struct Entry {
    pub(super) path: &'static str,
    /// What it answers to, as the `Allow` header of a refusal says it.
    pub(super) allowed: &'static str,
    routes: &'static [fn() -> Route],
}

const fn entry(path: &'static str, allowed: &'static str, routes: &'static [fn() -> Route]) -> Entry {
    Entry { path, allowed, routes }
}

/// For machines that watch the server; plain text.
const OPERATION: &[Entry] = &[
    entry("/healthz", "GET, HEAD", &[|| get().to(metrics::health)]),
    entry("/readyz", "GET, HEAD", &[|| get().to(metrics::ready)]),
    entry("/metrics", "GET, HEAD", &[|| get().to(metrics::page)]),
    entry("/.well-known/rollcall.json", "GET, HEAD", &[|| get().to(documents::well_known)]),
    entry("/.well-known/tdmrep.json", "GET, HEAD", &[|| get().to(tdm::document)]),
    entry("/robots.txt", "GET, HEAD", &[|| get().to(assets::robots)]),
    entry("/favicon.ico", "GET, HEAD", &[|| get().to(assets::favicon)]),
    entry("/favicon.svg", "GET, HEAD", &[|| get().to(assets::favicon)]),
    // The address that the client `datadiligence` asks, with its slash at the end.
    entry("/api/v2/query/urls/", "POST", &[|| web::post().to(api::opt_outs::spawning)]),
    entry("/api/openapi.json", "GET, HEAD", &[|| get().to(api::openapi::document)]),
];

/// For people; HTML, errors too.
const PAGES: &[Entry] = &[
    entry("/", "GET, HEAD", &[|| get().to(pages::home::page)]),
    entry("/search", "GET, HEAD", &[|| get().to(pages::search::page)]),
    entry("/search/evidence", "GET, HEAD", &[|| get().to(pages::evidence::of_result)]),
    entry("/image", "GET, HEAD, POST", &[|| get().to(pages::image::form), || web::post().to(pages::image::results)]),
    entry("/image/blank", "GET, HEAD", &[|| get().to(pages::image::blank)]),
    entry("/records/{id}", "GET, HEAD", &[|| get().to(pages::record::page)]),
    entry("/records/{id}/picture", "GET, HEAD", &[|| get().to(pages::remote_picture::page)]),
    entry("/records/{id}/evidence", "GET, HEAD", &[|| get().to(pages::evidence::of_record)]),
    entry("/verify", "GET, HEAD, POST", &[|| get().to(pages::verify::form), || web::post().to(pages::verify::check)]),
    entry("/records/{id}/copies", "GET, HEAD", &[|| get().to(pages::copies::page)]),
    entry("/datasets", "GET, HEAD", &[|| get().to(pages::datasets::list)]),
    entry("/datasets/{slug}", "GET, HEAD", &[|| get().to(pages::dataset::page)]),
    entry("/transparency", "GET, HEAD", &[|| get().to(pages::transparency::page)]),
    entry("/private", "GET, HEAD", &[|| get().to(pages::private::page)]),
    entry("/matching", "GET, HEAD", &[|| get().to(pages::matching::page)]),
    entry("/basket", "GET, HEAD, POST", &[|| get().to(pages::basket::page), || web::post().to(pages::basket::change)]),
    entry("/cases", "GET, HEAD, POST", &[|| get().to(pages::case::door), || web::post().to(pages::case::enter)]),
    entry(
        "/cases/new",
        "GET, HEAD, POST",
        &[|| get().to(pages::case_new::start), || web::post().to(pages::case_new::go_on)],
    ),
    entry(
        "/cases/confirm/{token}",
        "GET, HEAD, POST",
        &[|| get().to(pages::case::ask_about_email), || web::post().to(pages::case::confirm_email)],
    ),
    entry("/cases/{number}", "GET, HEAD", &[|| get().to(pages::case::page)]),
    entry("/cases/{number}/receipt", "GET, HEAD", &[|| get().to(pages::case::receipt)]),
    entry("/cases/{number}/messages", "POST", &[|| web::post().to(pages::case::message)]),
    entry("/cases/{number}/narrow", "POST", &[|| web::post().to(pages::case::narrow)]),
    entry("/cases/{number}/withdraw", "POST", &[|| web::post().to(pages::case::withdraw)]),
    entry("/cases/{number}/appeal", "POST", &[|| web::post().to(pages::case::appeal)]),
    entry("/cases/{number}/proofs", "POST", &[|| web::post().to(pages::case::act_on_proof)]),
    entry("/cases/{number}/proofs/file", "POST", &[|| web::post().to(pages::case::send_proof)]),
    entry("/cases/{number}/leave", "POST", &[|| web::post().to(pages::case::leave)]),
    entry("/cases/{number}/attachments/{id}", "GET, HEAD", &[|| get().to(pages::case::attachment)]),
    entry(
        "/cases/{number}/counter-notice",
        "GET, HEAD, POST",
        &[|| get().to(pages::case::counter_notice_form), || web::post().to(pages::case::send_counter_notice)],
    ),
    entry("/review", "GET, HEAD", &[|| get().to(pages::review::queue)]),
    entry(
        "/review/sign-in",
        "GET, HEAD, POST",
        &[|| get().to(pages::review::sign_in_form), || web::post().to(pages::review::enter)],
    ),
    entry("/review/sign-out", "POST", &[|| web::post().to(pages::review::sign_out)]),
    entry("/review/account", "GET, HEAD", &[|| get().to(pages::review::account)]),
    entry("/review/account/totp", "POST", &[|| web::post().to(pages::review::begin_totp)]),
    entry("/review/account/totp/confirm", "POST", &[|| web::post().to(pages::review::confirm_totp)]),
    entry("/review/account/totp/remove", "POST", &[|| web::post().to(pages::review::remove_totp)]),
    entry("/review/account/password", "POST", &[|| web::post().to(pages::review::set_password)]),
    entry("/review/views", "POST", &[|| web::post().to(pages::review::add_view)]),
    entry("/review/views/{id}", "POST", &[|| web::post().to(pages::review::change_view)]),
    entry("/review/same-rows", "GET, HEAD", &[|| get().to(pages::review::same_rows)]),
    entry("/review/same-rows/{id}", "POST", &[|| web::post().to(pages::review::decide_same_rows)]),
    entry(
        "/review/recipients",
        "GET, HEAD, POST",
        &[|| get().to(pages::review::recipients), || web::post().to(pages::review::add_recipient)],
    ),
    entry("/review/recipients/{id}/remove", "POST", &[|| web::post().to(pages::review::remove_recipient)]),
    entry(
        "/review/releases",
        "GET, HEAD, POST",
        &[|| get().to(pages::review::release_form), || web::post().to(pages::review::look_through)],
    ),
    entry("/review/bulk", "POST", &[|| web::post().to(pages::review::decide_many)]),
    entry("/review/cases/{number}", "GET, HEAD", &[|| get().to(pages::review::case)]),
    entry("/review/cases/{number}/decide", "POST", &[|| web::post().to(pages::review::decide)]),
    entry("/review/cases/{number}/act", "POST", &[|| web::post().to(pages::review::act)]),
    entry("/review/cases/{number}/proofs", "POST", &[|| web::post().to(pages::review::act_on_proof)]),
    entry("/review/cases/{number}/export/{file}", "GET, HEAD", &[|| get().to(pages::review::export)]),
    entry("/review/cases/{number}/pictures/{id}", "GET, HEAD", &[|| get().to(pages::review::picture)]),
    entry("/review/next", "GET, HEAD", &[|| get().to(pages::review::next)]),
    entry("/review/cases/{number}/records/{id}", "GET, HEAD", &[|| get().to(pages::review::record)]),
    entry("/review/cases/{number}/attachments/{id}", "GET, HEAD", &[|| get().to(pages::review::attachment)]),
    entry(
        "/review/cases/{number}/attachments/{id}/delete",
        "POST",
        &[|| web::post().to(pages::review::delete_attachment)],
    ),
    entry(
        "/reservations",
        "GET, HEAD, POST",
        &[|| get().to(pages::reservations::form), || web::post().to(pages::reservations::act)],
    ),
    entry(
        "/acknowledge",
        "GET, HEAD, POST",
        &[|| get().to(pages::acknowledge::page), || web::post().to(pages::acknowledge::acknowledge)],
    ),
    entry("/about", "GET, HEAD", &[|| get().to(pages::about::about)]),
    entry("/privacy", "GET, HEAD", &[|| get().to(pages::about::privacy)]),
    entry("/static/{file}", "GET, HEAD", &[|| get().to(assets::file)]),
];

/// Where the API lives.
const API_PREFIX: &str = "/api/v1";

/// For programs, under [`API_PREFIX`]; JSON, errors as problem+json. Each is described in `api/openapi.json`.
pub(super) const API: &[Entry] = &[
    entry("/datasets", "GET, HEAD", &[|| get().to(api::datasets::list)]),
    entry("/datasets/{slug}", "GET, HEAD", &[|| get().to(api::datasets::one)]),
    entry("/search", "GET, HEAD", &[|| get().to(api::search::search)]),
    entry("/search/evidence", "GET, HEAD", &[|| get().to(api::evidence::of_result)]),
    entry("/match", "POST", &[|| web::post().to(api::pictures::search)]),
    entry("/records/{id}", "GET, HEAD", &[|| get().to(api::records::one)]),
    entry("/optouts", "POST", &[|| web::post().to(api::opt_outs::look_up)]),
    entry("/transparency", "GET, HEAD", &[|| get().to(api::transparency::report)]),
    entry("/removals/{slug}", "GET, HEAD", &[|| get().to(api::removals::newest)]),
    entry("/removals/{slug}/versions", "GET, HEAD", &[|| get().to(api::removals::list)]),
    entry("/removals/{slug}/{version}", "GET, HEAD", &[|| get().to(api::removals::version)]),
    entry("/records/{id}/evidence", "GET, HEAD", &[|| get().to(api::evidence::of_record)]),
    entry("/records/{id}/copies", "GET, HEAD", &[|| get().to(api::copies::list)]),
    entry("/range/{kind}/{prefix}", "GET, HEAD", &[|| get().to(api::range::search)]),
    entry("/cases", "POST", &[|| web::post().to(api::cases::file)]),
    entry("/cases/{number}", "GET, HEAD", &[|| get().to(api::cases::one)]),
    entry("/cases/{number}/drp", "GET, HEAD", &[|| get().to(api::cases::status)]),
    entry("/cases/{number}/withdraw", "POST", &[|| web::post().to(api::cases::withdraw)]),
    entry("/cases/{number}/messages", "POST", &[|| web::post().to(api::cases::message)]),
    entry("/cases/{number}/appeal", "POST", &[|| web::post().to(api::cases::appeal)]),
    entry("/cases/{number}/receipt", "GET, HEAD", &[|| get().to(api::cases::receipt)]),
    entry(
        "/cases/{number}/proofs",
        "GET, HEAD, POST",
        &[|| get().to(api::proofs::list), || web::post().to(api::proofs::act)],
    ),
    entry("/review/cases", "GET, HEAD", &[|| get().to(api::review::queue)]),
    entry("/review/cases/{number}", "GET, HEAD", &[|| get().to(api::review::one)]),
    entry("/review/cases/{number}/decisions", "POST", &[|| web::post().to(api::review::decide)]),
];

/// Puts the table into an app.
pub(super) fn configure(config: &mut ServiceConfig) {
    for entry in OPERATION {
        config.service(resource(entry));
    }
    let mut api = web::scope(API_PREFIX);
    for entry in API {
        api = api.service(resource(entry));
    }
    // A scope without a default of its own would answer an unknown address with nothing at all.
    let api = api.default_service(web::to(no_such_endpoint));
    config.service(api.wrap(from_fn(follow)).wrap(from_fn(same_origin)));
    // Other versions, mistyped: programs ask here too, and get a problem, not a page.
    config.service(web::scope("/api").default_service(web::to(no_such_endpoint)));
    let mut pages = web::scope("");
    for entry in PAGES {
        pages = pages.service(resource(entry));
    }
    // The last wrap runs first: a refusal by `same_origin` becomes a page too.
    let pages = pages.default_service(web::to(no_such_page)).wrap(from_fn(follow));
    config.service(pages.wrap(from_fn(same_origin)).wrap(from_fn(error_page)));
}

fn resource(entry: &'static Entry) -> actix_web::Resource {
    let mut resource = web::resource(entry.path);
    for route in entry.routes {
        resource = resource.route(route());
    }
    let allowed = entry.allowed;
    resource
        .default_service(web::to(move || async move { Err::<HttpResponse, _>(AppError::MethodNotAllowed { allowed }) }))
}

/// GET, and HEAD, which is a GET whose body is not sent.
fn get() -> Route {
    Route::new().guard(guard::fn_guard(|context| matches!(context.head().method, Method::GET | Method::HEAD)))
}

async fn no_such_endpoint() -> Result<HttpResponse, AppError> {
    Err(AppError::NoSuchEndpoint)
}

async fn no_such_page() -> Result<HttpResponse, AppError> {
    Err(AppError::NoSuchPage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_the_api_is_described_in_its_document() {
        let document: serde_json::Value = serde_json::from_str(api::openapi::DOCUMENT).unwrap();
        let described = document["paths"].as_object().unwrap();
        for entry in API {
            let methods = described[&format!("{API_PREFIX}{}", entry.path)].as_object().unwrap();
            for method in entry.allowed.split(", ").filter(|method| *method != "HEAD") {
                assert!(methods.contains_key(&method.to_lowercase()), "{method} {}", entry.path);
            }
        }
        let n_described = described.keys().filter(|path| path.starts_with(API_PREFIX)).count();
        assert_eq!(n_described, API.len(), "the document describes an address that is not in the table");
    }

    #[test]
    fn every_reference_in_the_api_document_leads_somewhere() {
        let document: serde_json::Value = serde_json::from_str(api::openapi::DOCUMENT).unwrap();
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#").skip(1) {
            let pointer = reference.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
    }
}
