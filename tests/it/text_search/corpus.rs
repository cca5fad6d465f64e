//! The records that the table of queries is about.

use rollcall::manifest::columns::parse_map;
use rollcall::search::engine::Engine;
use rollcall::search::results::Hit;
use serde_json::{Value as Json, json};

use crate::support::{Home, request};

const MAP: &str = "url=url,caption=caption,author=author,handle=handle,did=did,nsid=nsid,reddit_user=reddit,repo=repo,\
                   created_at=date,language=lang,sha256=sha256,sha1=sha1,md5=md5,source_id=uri";

pub(super) struct Corpus(Vec<(&'static str, Json)>);

impl Corpus {
    pub(super) fn new() -> Self {
        let mut all = written();
        all.extend(accounts());
        Self(all)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn label(&self, hit: &Hit) -> &'static str {
        self.0[hit.row.parse::<usize>().unwrap()].0
    }

    /// Takes the records in as the dataset `corpus`.
    pub(super) fn engine(&self, home: &Home) -> Engine {
        let lines: Vec<_> = self.0.iter().map(|(_, record)| record.to_string()).collect();
        let path = home.file("corpus.jsonl", lines.join("\n"));
        let mut request = request(&[&path], "corpus", "r1");
        request.map = parse_map(MAP).unwrap();
        home.try_ingest(&request).unwrap();
        home.engine()
    }
}

fn written() -> Vec<(&'static str, Json)> {
    vec![
        (
            "dawn",
            json!({"caption": "Harbour at dawn, two boats", "author": "Mira Okonkwo", "date": "2021-05-01", "lang": "en",
            "url": "https://photos.tidewater.example/2021/harbour-dawn.jpg", "shelf": "a4"}),
        ),
        (
            "dusk",
            json!({"caption": "Boats at dusk in the old harbour", "author": "Jonas Lindqvist", "lang": "en",
            "date": "2022-07-09T12:00:00Z", "url": "http://www.tidewater.example:80/dusk.jpg?size=large"}),
        ),
        (
            "fog",
            json!({"caption": "Fog over the harbour", "author": "Żoë Ångström", "date": "2023-03-01", "lang": "sv"}),
        ),
        ("cafe", json!({"caption": "Le café crème, Straße nach Łódź", "lang": "fr"})),
        ("full", json!({"caption": "ＦＵＬＬ ｗｉｄｔｈ ﬁne print"})),
        ("quote", json!({"caption": "O'Neil's bench"})),
        ("markup", json!({"caption": "<img src=x onerror=alert(1)> & more"})),
        ("cjk", json!({"caption": "青空写真館の朝", "lang": "ja"})),
        ("thai", json!({"caption": "แมวน้อยบนหลังคา", "lang": "th"})),
        ("korean", json!({"caption": "한국어사진 모음집", "lang": "ko"})),
        ("tag", json!({"caption": "sunrise #GoldenHour and #calm"})),
        ("slug", json!({"url": "https://cdn.pictures.example/miraokonkwo/Winter-Market_2019.JPG"})),
        ("path", json!({"url": "https://img.example/galerie/f%C3%AAte%20foraine.png"})),
        ("ines scattered", json!({"caption": "the vale where ines sang"})),
        (
            "of ines",
            json!({"caption": "a portrait with ines vale in it, among very many other people and things and words"}),
        ),
        ("by ines", json!({"caption": "untitled", "author": "Ines Vale"})),
    ]
}

fn accounts() -> Vec<(&'static str, Json)> {
    let empty = json!({
        "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "sha1": "da39a3ee5e6b4b0d3255bfef95601890afd80709", "md5": "D41D8CD98F00B204E9800998ECF8427E",
    });
    vec![
        (
            "sky",
            json!({"caption": "my morning walk", "did": "did:plc:ewvi7nxzyoun6zhxrhs64oiz", "handle": "pell.bsky.social",
            "uri": "at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/app.bsky.feed.post/3kabc"}),
        ),
        ("mention", json!({"caption": "thanks @pell.bsky.social for the company"})),
        ("gull", json!({"caption": "three gulls", "handle": "@gull_watcher"})),
        ("reddit", json!({"caption": "about knots", "reddit": "Salt_and_Tar"})),
        ("flickr", json!({"url": "https://farm.example/1.jpg", "nsid": "12345678@N00"})),
        ("repo", json!({"caption": "fn main", "repo": "Harbour-Lights/beacon"})),
        ("digest", empty),
    ]
}
