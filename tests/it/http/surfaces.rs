//! Every address that shows something of a dataset, in one list: what must change together.

use super::client::{Client, text_of};
use super::data::{GALLERY, picture};

/// One way to see the gallery from outside.
pub(super) struct Surface {
    pub(super) name: &'static str,
    /// Whether the gallery is seen there.
    pub(super) shows: fn(&Client) -> bool,
}

const fn surface(name: &'static str, shows: fn(&Client) -> bool) -> Surface {
    Surface { name, shows }
}

/// The first record of the gallery, on a server that shows it.
pub(super) fn record_id(client: &Client) -> String {
    let found = client.search("/api/v1/search", &[("q", "plate 0"), ("dataset", GALLERY)]).expect(200).json();
    found["hits"][0]["id"].as_str().unwrap().to_owned()
}

/// All of them but the record's own two addresses, which need its id: see [`RECORD`].
pub(super) const ALL: &[Surface] = &[
    surface("holdings on the home page", |client| {
        client.get("/").page().texts(".holdings").iter().any(|line| line.contains("2 datasets"))
    }),
    surface("list of datasets", |client| client.get("/datasets").page().words().contains("The test gallery")),
    surface("hits of a search", |client| {
        client.search("/search", &[("q", "plate")]).expect(200).page().has(".hits .hit")
    }),
    surface("filters of a search", |client| {
        let page = client.search("/search", &[("q", "the")]).expect(200).page();
        page.all(".facet a").into_iter().any(|link| text_of(link).contains("gallery"))
    }),
    surface("coverage of a search", |client| {
        let page = client.search("/search", &[("q", "the")]).expect(200).page();
        page.texts(".coverage").iter().any(|text| text.contains("gallery"))
    }),
    surface("picture results", |client| {
        client.post_pictures("/image", &[("a.jpg", &picture(0))]).expect(200).page().has(".verdict .hit")
    }),
    surface("coverage of the picture results", |client| {
        let page = client.post_pictures("/image", &[("a.jpg", &picture(0))]).expect(200).page();
        page.texts(".coverage").iter().any(|text| text.contains("gallery"))
    }),
    surface("API: list of datasets", |client| {
        let list = client.get("/api/v1/datasets").expect(200).json();
        list["datasets"].as_array().unwrap().iter().any(|dataset| dataset["slug"] == GALLERY)
    }),
    surface("API: hits of a search", |client| {
        client.search("/api/v1/search", &[("q", "plate")]).expect(200).json()["total"] != 0
    }),
    surface("API: facets of a search", |client| {
        client.search("/api/v1/search", &[("q", "the")]).expect(200).json()["facets"].to_string().contains(GALLERY)
    }),
    surface("API: coverage of a search", |client| {
        client.search("/api/v1/search", &[("q", "the")]).expect(200).json()["coverage"].to_string().contains(GALLERY)
    }),
    surface("API: hits of a picture", |client| {
        let found = client.post_pictures("/api/v1/match", &[("a.jpg", &picture(0))]).expect(200).json();
        found["queries"][0]["hits"].to_string().contains(GALLERY)
    }),
    surface("API: coverage of a picture", |client| {
        let found = client.post_pictures("/api/v1/match", &[("a.jpg", &picture(0))]).expect(200).json();
        found["coverage"].to_string().contains(GALLERY)
    }),
    surface("evidence of a search", |client| {
        client.search("/search/evidence", &[("q", "plate")]).expect(200).page().has(".exhibit")
    }),
    surface("API: evidence of a search", |client| {
        let pack = client.search("/api/v1/search/evidence", &[("q", "plate")]).expect(200).json();
        pack["records"].to_string().contains(GALLERY)
    }),
    surface("API: coverage of evidence", |client| {
        let pack = client.search("/api/v1/search/evidence", &[("q", "the")]).expect(200).json();
        pack["coverage"].to_string().contains(GALLERY)
    }),
    surface("metrics", |client| client.get("/metrics").expect(200).text().contains("dataset=\"gallery\"")),
    surface("readiness", |client| client.get("/readyz").expect(200).text().contains("2 datasets")),
];

/// The addresses of one record; each has its evidence below it.
pub(super) const RECORD: &[&str] = &["/records/", "/api/v1/records/"];
