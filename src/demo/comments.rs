//! `threadbare-comments`: JSON lines with the keys of the Reddit dumps, zstd-compressed. Some authors are deleted,
//! and some times are texts, as in the real dumps.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use serde_json::json;

use super::people::{MIRA, PEOPLE};
use super::random::Rng;
use super::{DemoError, talk};

const ROWS: usize = 700;
/// 1 March 2021, seconds since 1970: the first comment.
const FIRST_SECOND: i64 = 1_614_556_800;
const BASE36: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

const ROOMS: [&str; 8] = [
    "printmakingcorner",
    "tidetables",
    "slowbread",
    "harbourhistory",
    "quiltsandsails",
    "amIinthedata",
    "birdsfromtrains",
    "oldmapshelp",
];
const FIRST: [&str; 14] = [
    "salty", "quiet", "north", "paper", "rusty", "early", "amber", "plain", "wet", "copper", "second", "mossy", "cold",
    "kind",
];
const SECOND: [&str; 14] = [
    "otter", "kettle", "anchor", "pigeon", "button", "ladder", "teapot", "heron", "pebble", "ferry", "onion",
    "lantern", "badger", "spoon",
];

pub(super) fn write_jsonl_zst(path: &Path, seed: u64) -> Result<(), DemoError> {
    let mut rng = Rng::for_part(seed, "threadbare-comments", 0);
    let failed = |source| DemoError::io(path, source);
    let mut out = zstd::Encoder::new(File::create(path).map_err(failed)?, 3).map_err(failed)?;
    let mut second = FIRST_SECOND;
    for _ in 0..ROWS {
        let person = match rng.below(24) {
            0 => Some(MIRA),
            1..4 => Some(rng.choose(&PEOPLE)),
            _ => None,
        };
        second += i64::try_from(rng.count(60, 200_000)).unwrap_or(60);
        let line = comment(&mut rng, person, second);
        writeln!(out, "{line}").map_err(failed)?;
    }
    out.finish().map(|_| ()).map_err(failed)
}

fn comment(rng: &mut Rng, person: Option<&super::people::Person>, second: i64) -> serde_json::Value {
    let is_deleted = person.is_none() && rng.chance(0.06);
    let author = match person {
        Some(person) => person.reddit.to_owned(),
        None if is_deleted => "[deleted]".to_owned(),
        None => format!("{}_{}{}", rng.pick(&FIRST), rng.pick(&SECOND), rng.below(100)),
    };
    let body = if is_deleted { "[removed]".to_owned() } else { talk::comment(rng, person) };
    let (room, thread, id) = (rng.pick(&ROOMS), rng.text(BASE36, 6), rng.text(BASE36, 7));
    let parent = if rng.chance(0.5) { format!("t3_{thread}") } else { format!("t1_{}", rng.text(BASE36, 7)) };
    // Dumps before and after 2019 disagree on the type of this number.
    let created_utc = if rng.chance(0.1) { json!(second.to_string()) } else { json!(second) };
    json!({
        "id": id, "author": author, "author_flair_text": null, "body": body, "subreddit": room,
        "subreddit_id": format!("t5_{}", rng.text(BASE36, 5)), "link_id": format!("t3_{thread}"), "parent_id": parent,
        "created_utc": created_utc, "retrieved_on": second + 86_400,
        "score": i64::try_from(rng.below(60)).unwrap_or(0) - 5, "controversiality": u8::from(rng.chance(0.04)),
        "gilded": 0, "edited": rng.chance(0.05), "distinguished": null, "stickied": false,
        "permalink": format!("/r/{room}/comments/{thread}/_/{id}/")
    })
}
