//! `skyline-posts`: a CSV with the six columns of the Bluesky post sets, described by a Croissant file.

use std::path::Path;

use serde_json::json;

use super::people::{MIRA, PEOPLE};
use super::random::Rng;
use super::{DemoError, moment, talk};

const ROWS: usize = 600;
/// Strangers who post beside the invented people.
const STRANGERS: usize = 90;
/// The alphabet of `did:plc` and of record keys.
const BASE32: &[u8] = b"abcdefghijklmnopqrstuvwxyz234567";
/// 1 February 2023, seconds since 1970: the first post.
const FIRST_SECOND: i64 = 1_675_209_600;

/// Writes the posts; a quarter of them answer an earlier one.
pub(super) fn write_csv(path: &Path, seed: u64) -> Result<(), DemoError> {
    let mut rng = Rng::for_part(seed, "skyline-posts", 0);
    let strangers: Vec<String> = (0..STRANGERS).map(|_| format!("did:plc:{}", rng.text(BASE32, 24))).collect();
    let mut csv = csv::Writer::from_path(path).map_err(|source| DemoError::csv(path, source))?;
    let mut row = |cells: &[&str]| csv.write_record(cells).map_err(|source| DemoError::csv(path, source));
    row(&["text", "created_at", "author", "uri", "has_images", "reply_to"])?;
    let mut uris: Vec<String> = Vec::new();
    let mut second = FIRST_SECOND;
    for number in 0..ROWS {
        let person = match rng.below(20) {
            0 => Some(MIRA),
            1..4 => Some(rng.choose(&PEOPLE)),
            _ => None,
        };
        let author = person.map_or_else(|| rng.choose(&strangers).clone(), |person| person.did.to_owned());
        let text = talk::post(&mut rng, person);
        let uri = format!("at://{author}/app.bsky.feed.post/3k{}", rng.text(BASE32, 11));
        second += i64::try_from(rng.count(4_000, 180_000)).unwrap_or(4_000);
        let reply_to = if number > 10 && rng.chance(0.25) { rng.choose(&uris).clone() } else { String::new() };
        let has_images = if rng.chance(0.3) { "True" } else { "False" };
        row(&[&text, &moment(second), &author, &uri, has_images, &reply_to])?;
        uris.push(uri);
    }
    csv.flush().map_err(|source| DemoError::io(path, source))
}

/// The description a dataset host would give, in Croissant 1.0.
pub(super) fn write_croissant(path: &Path, csv: &Path, seed_name: &str) -> Result<(), DemoError> {
    let bytes = std::fs::read(csv).map_err(|source| DemoError::io(csv, source))?;
    let field = |name: &str, kind: &str, about: &str| {
        json!({
            "@type": "cr:Field", "@id": format!("posts/{name}"), "name": name, "description": about, "dataType": kind,
            "source": {"fileObject": {"@id": "posts.csv"}, "extract": {"column": name}}
        })
    };
    let document = json!({
        "@context": {
            "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/",
            "cr": "http://mlcommons.org/croissant/", "dct": "http://purl.org/dc/terms/", "conformsTo": "dct:conformsTo",
            "extract": "cr:extract", "field": "cr:field", "fileObject": "cr:fileObject", "recordSet": "cr:recordSet",
            "source": "cr:source", "column": "cr:column", "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
            "prov": "http://www.w3.org/ns/prov#", "rai": "http://mlcommons.org/croissant/RAI/"
        },
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "Skyline posts",
        "description": "Six hundred short public posts, invented for the demonstration. No real person wrote any of them.",
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "url": "https://datasets.skyline.example/posts",
        "version": seed_name,
        "datePublished": "2024-11-26",
        "inLanguage": ["en", "nl", "es", "de", "fr", "ja", "zh", "ko", "th", "ar"],
        "creator": {"@type": "sc:Organization", "name": "Skyline Research Collective", "url": "https://skyline.example", "email": "removals@skyline.example"},
        "prov:wasDerivedFrom": [{"@id": "https://firehose.skyline.example/2024"}],
        "rai:personalSensitiveInformation": ["Account identifiers", "Texts written by natural persons"],
        "distribution": [{
            "@type": "cr:FileObject", "@id": "posts.csv", "name": "posts.csv", "contentUrl": "posts.csv",
            "encodingFormat": "text/csv", "contentSize": format!("{} B", bytes.len()), "sha256": super::sha256_hex(&bytes)
        }],
        "recordSet": [{
            "@type": "cr:RecordSet", "@id": "posts", "name": "posts",
            "field": [
                field("text", "sc:Text", "The post as written."),
                field("created_at", "sc:Date", "When it was written, UTC."),
                field("author", "sc:Text", "Decentralised identifier of the account."),
                field("uri", "sc:URL", "Address of the post in the network."),
                field("has_images", "sc:Boolean", "Whether pictures were attached."),
                field("reply_to", "sc:URL", "The post it answers, if any.")
            ]
        }]
    });
    super::write_file(path, format!("{document:#}\n").as_bytes())
}
