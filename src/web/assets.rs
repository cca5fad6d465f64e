//! The few static files, inside the binary. Their content hash stands in their address, so browsers may keep them for
//! good: a changed file has a new address.

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, ETag, EntityTag, Header as _, IfNoneMatch};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest, Sha256};

use super::error::AppError;

struct Asset {
    name: &'static str,
    bytes: Bytes,
    content_type: &'static str,
    /// `/static/style.0a1b2c3d4e5f.css`
    href: String,
}

const ICON: &[u8] = include_bytes!("../../static/icon.svg");
const SVG: &str = "image/svg+xml";

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let mut assets = vec![
        Asset::new(
            "style.css",
            Bytes::from_static(include_bytes!("../../static/style.css")),
            "text/css; charset=utf-8",
        ),
        Asset::new("icon.svg", Bytes::from_static(ICON), SVG),
    ];
    for (name, text) in MODULES {
        let module = Asset::new(name, with_addresses(text, &assets).into(), "text/javascript; charset=utf-8");
        assets.push(module);
    }
    assets
});

/// The scripts, each after those it imports.
const MODULES: [(&str, &str); 19] = [
    ("keep.js", include_str!("../../static/keep.js")),
    ("content_box.js", include_str!("../../static/content_box.js")),
    ("brightness.js", include_str!("../../static/brightness.js")),
    ("fingerprint.js", include_str!("../../static/fingerprint.js")),
    ("md5.js", include_str!("../../static/md5.js")),
    ("parts.js", include_str!("../../static/parts.js")),
    ("picture.js", include_str!("../../static/picture.js")),
    ("hash_worker.js", include_str!("../../static/hash_worker.js")),
    ("hasher.js", include_str!("../../static/hasher.js")),
    ("files.js", include_str!("../../static/files.js")),
    ("words.js", include_str!("../../static/words.js")),
    ("portfolio.js", include_str!("../../static/portfolio.js")),
    ("answer.js", include_str!("../../static/answer.js")),
    ("save.js", include_str!("../../static/save.js")),
    ("drop.js", include_str!("../../static/drop.js")),
    ("review.js", include_str!("../../static/review.js")),
    ("verify.js", include_str!("../../static/verify.js")),
    ("readings.js", include_str!("../../static/readings.js")),
    ("private.js", include_str!("../../static/private.js")),
];

impl Asset {
    fn new(name: &'static str, bytes: Bytes, content_type: &'static str) -> Self {
        let hash = hex::encode(&Sha256::digest(&bytes)[..6]);
        let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
        Self { name, bytes, content_type, href: format!("/static/{stem}.{hash}.{ending}") }
    }
}

/// A script with `"./name.js"` made into the address of that file: so a change of any file it imports changes its own
/// address, too.
fn with_addresses(text: &str, known: &[Asset]) -> String {
    known.iter().fold(text.to_owned(), |text, asset| {
        text.replace(&format!("\"./{}\"", asset.name), &format!("\"{}\"", asset.href))
    })
}

/// Address of a static file; an unknown name gives an address that answers 404, which the tests would notice.
pub(super) fn href(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("/static/missing", |asset| &asset.href)
}

/// `GET /static/{file}`
pub(super) async fn file(name: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let href = format!("/static/{name}");
    let asset = ASSETS.iter().find(|asset| asset.href == href).ok_or(AppError::NoSuchPage)?;
    // The address holds the content hash already, so it serves as the tag.
    let tag = EntityTag::new_strong(asset.href.clone());
    let is_known = match IfNoneMatch::parse(&request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(&tag)),
        Err(_) => false,
    };
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable")).insert_header(ETag(tag));
    Ok(if is_known { response.finish() } else { response.content_type(asset.content_type).body(asset.bytes.clone()) })
}

/// `GET /favicon.ico` and `/favicon.svg`: browsers ask for these by themselves.
pub(super) async fn favicon() -> HttpResponse {
    HttpResponse::Ok().content_type(SVG).insert_header((CACHE_CONTROL, "public, max-age=86400")).body(ICON)
}

/// `GET /robots.txt`: answers about people are not for search engines to keep.
pub(super) async fn robots() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").insert_header((CACHE_CONTROL, "no-cache")).body(
        "User-agent: *\nDisallow: /search\nDisallow: /image\nDisallow: /records/\nDisallow: /basket\nDisallow: /cases\nDisallow: /review\nDisallow: /verify\nDisallow: /api/\nDisallow: /metrics\n",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_file_holds_its_hash() {
        let address = href("style.css");
        let hash = address.strip_prefix("/static/style.").and_then(|rest| rest.strip_suffix(".css"));
        assert!(hash.is_some_and(|hash| hash.len() == 12), "{address}");
    }

    #[test]
    fn every_import_of_a_script_leads_to_a_file() {
        for asset in ASSETS.iter() {
            let text = String::from_utf8_lossy(&asset.bytes);
            assert!(!text.contains("\"./"), "{}: imports what does not stand before it", asset.name);
        }
        let drop = ASSETS.iter().find(|asset| asset.name == "drop.js").unwrap();
        assert!(String::from_utf8_lossy(&drop.bytes).contains(href("answer.js")));
    }

    #[test]
    fn no_static_file_reaches_for_another_site() {
        for asset in ASSETS.iter() {
            let text = String::from_utf8_lossy(&asset.bytes).replace("http://www.w3.org/2000/svg", "");
            assert!(!text.contains("http:") && !text.contains("https:") && !text.contains("@import"), "{}", asset.name);
        }
    }
}
