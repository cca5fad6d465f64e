//! What is removed is nowhere, what is near it stays, and what is given back is there again.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rollcall::hash_code::{HashCode, HashKind};
use rollcall::search::engine::{Engine, PictureOptions, PictureQuery, TextRequest};
use rollcall::search::results::RecordDetail;
use rollcall::takedown::tombstone::{Scope, Tombstone};

use super::support::Home;

const SITE: &str = "https://pictures.example";

fn ask(engine: &Engine, q: &str) -> Vec<String> {
    let request = TextRequest { q: q.to_owned(), limit: 200, ..TextRequest::default() };
    let results = engine.text(&request).unwrap();
    assert_eq!(results.total, results.hits.len() as u64, "{q}");
    let by_dataset: u64 = results.facets.dataset.iter().map(|facet| facet.count).sum();
    assert_eq!(by_dataset, results.total, "{q}: facets by dataset");
    results.hits.into_iter().map(|hit| hit.id).collect()
}

fn entry(seq: i64, detail: &RecordDetail, scope: Scope, lifted: bool) -> Tombstone {
    Tombstone { seq, dataset: detail.hit.dataset.clone(), scope, record: detail.reference(), lifted }
}

/// Four rows: two of one address, one of another, one like it in another dataset.
fn pictures(home: &Home) -> Engine {
    let rows =
        format!("url,caption\n{SITE}/a.jpg,red lantern\n{SITE}/a.jpg,blue lantern\n{SITE}/b.jpg,green lantern\n");
    let first = home.file("first.csv", rows);
    home.take_in(&[&first], "first", "r1");
    let other = home.file("other.csv", format!("url,caption\n{SITE}/a.jpg,another lantern\n{SITE}/c.jpg,lantern\n"));
    home.take_in(&[&other], "other", "r1");
    home.engine()
}

fn record(engine: &Engine, q: &str) -> RecordDetail {
    let ids = ask(engine, q);
    assert_eq!(ids.len(), 1, "{q}");
    engine.record(&ids[0]).unwrap()
}

#[test]
fn a_row_that_is_removed_is_neither_found_nor_counted_nor_shown() {
    let home = Home::new();
    let engine = pictures(&home);
    let red = record(&engine, "red lantern");
    engine.suppress(vec![entry(1, &red, Scope::Row, false)]).unwrap();
    assert_eq!(ask(&engine, "lantern").len(), 4);
    assert!(ask(&engine, "red lantern").is_empty());
    assert_eq!(ask(&engine, &format!("{SITE}/a.jpg")).len(), 2, "another row of the same address stays");
    assert!(engine.record(&red.hit.id).is_err());
    let first = engine.dataset("first").unwrap();
    assert_eq!((first.summary.records.as_str(), first.summary.coverage.indexed.as_str()), ("2", "2"));
    assert_eq!(first.top_domains[0].count, 2);
    assert_eq!(engine.datasets()[0].records, "2");
    assert!(Engine::open(&home.data(), vec![entry(1, &red, Scope::Row, false)]).unwrap().record(&red.hit.id).is_err());
}

#[test]
fn copies_and_other_datasets_are_hidden_as_far_as_the_decision_reaches() {
    let home = Home::new();
    for (scope, left) in [(Scope::Row, 4), (Scope::Copies, 3), (Scope::Everywhere, 2)] {
        let engine = pictures_once(&home);
        let red = record(&engine, "red lantern");
        engine.suppress(vec![entry(1, &red, scope, false)]).unwrap();
        assert_eq!(ask(&engine, "lantern").len(), left, "{scope:?}");
    }
}

fn pictures_once(home: &Home) -> Engine {
    if home.data().exists() { home.engine() } else { pictures(home) }
}

#[test]
fn a_removed_record_stays_away_in_a_later_revision_and_in_the_one_that_is_kept() {
    let home = Home::new();
    let post = |id: &&str| {
        let uri = format!("at://did:plc:abc/app.bsky.feed.post/{id}");
        let text = format!("harbour post {id}");
        serde_json::json!({"text": text, "uri": uri, "author": "did:plc:abc", "created_at": "2024-01-01T00:00:00Z"})
            .to_string()
    };
    let posts = |ids: &[&str]| ids.iter().map(post).collect::<Vec<_>>().join("\n");
    let first = home.file("r1.jsonl", posts(&["one", "two", "three"]));
    home.take_in(&[&first], "posts", "r1");
    let engine = home.engine();
    let two = record(&engine, "harbour post two");
    engine.suppress(vec![entry(7, &two, Scope::Row, false)]).unwrap();
    let later = home.file("r2.jsonl", posts(&["four", "two", "one"]));
    home.take_in(&[&later], "posts", "r2");
    assert!(engine.refresh().unwrap());
    assert_eq!(ask(&engine, "harbour").len(), 2);
    assert!(ask(&engine, "harbour post two").is_empty());
    assert!(engine.record(&two.hit.id).is_err(), "the older revision does not show it either");
    engine.suppress(vec![entry(8, &two, Scope::Row, true)]).unwrap();
    assert_eq!(ask(&engine, "harbour post two").len(), 1, "a reversed decision brings it back");
    assert!(engine.record(&two.hit.id).is_ok());
}

#[test]
fn the_same_revision_taken_in_again_from_another_file_hides_the_same_record() {
    let home = Home::new();
    let engine = pictures(&home);
    let green = record(&engine, "green lantern");
    engine.suppress(vec![entry(1, &green, Scope::Row, false)]).unwrap();
    home.run(&["dataset", "drop", "first"]).expect(0);
    let rows = format!("url,caption\n{SITE}/b.jpg,green lantern\n{SITE}/a.jpg,red lantern\n");
    let again = home.file("again.csv", rows);
    home.take_in(&[&again], "first", "r1");
    engine.refresh().unwrap();
    assert!(ask(&engine, "green lantern").is_empty());
    assert_eq!(ask(&engine, "red lantern").len(), 1);
}

#[test]
fn a_removed_picture_is_not_matched_and_its_near_copies_go_with_it_where_the_decision_says() {
    let home = Home::new();
    let samples = rollcall::demo::write_datasets(&home.path("samples"), 5).unwrap();
    let prints = samples.datasets.iter().find(|dataset| dataset.slug == "orchard-prints").unwrap();
    home.take_in(&[&prints.paths[0]], "prints", "r1");
    let engine = home.engine();
    let try_out = home.path("samples").join("try/smaller-and-recompressed.jpg");
    let asked = || vec![PictureQuery::Picture { name: "mine".into(), bytes: std::fs::read(&try_out).unwrap() }];
    let found = |engine: &Engine| {
        engine
            .pictures(asked(), &PictureOptions { radius: Some(31), ..PictureOptions::default() })
            .unwrap()
            .queries
            .remove(0)
            .hits
    };
    let before = found(&engine);
    assert!(!before.is_empty());
    let mine = engine.record(&before[0].hit.id).unwrap();
    let hashed = |engine: &Engine| engine.datasets()[0].coverage.hashed["pdqa"].parse::<u64>().unwrap();
    let n_hashed = hashed(&engine);
    engine.suppress(vec![entry(1, &mine, Scope::Row, false)]).unwrap();
    assert!(found(&engine).iter().all(|hit| hit.hit.id != mine.hit.id));
    assert_eq!(hashed(&engine), n_hashed - 1);
    engine.suppress(vec![entry(2, &mine, Scope::Copies, false)]).unwrap();
    for hit in found(&engine) {
        let other = engine.record(&hit.hit.id).unwrap();
        assert!(code(&other).distance(&code(&mine)) > 31, "a copy is still there: {}", hit.hit.id);
    }
    engine.suppress(vec![entry(3, &mine, Scope::Row, true)]).unwrap();
    assert_eq!(found(&engine).len(), before.len());
    assert_eq!(hashed(&engine), n_hashed);
}

fn code(detail: &RecordDetail) -> HashCode {
    HashCode::from_hex(HashKind::Pdqa, &detail.hashes["pdqa"]).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_run_of_removals_and_reversals_leaves_what_is_not_covered(
        acts in prop::collection::vec((0_usize..12, any::<bool>()), 1..30),
    ) {
        let home = Home::new();
        let rows: Vec<_> = (0..12).map(|i| format!("{SITE}/{i}.jpg,lantern number{i}")).collect();
        let file = home.file("rows.csv", format!("url,caption\n{}\n", rows.join("\n")));
        home.take_in(&[&file], "rows", "r1");
        let engine = home.engine();
        let details: Vec<_> = (0..12).map(|i| record(&engine, &format!("number{i}"))).collect();
        let mut standing = [false; 12];
        let mut feed = Vec::new();
        for (seq, (row, lifts)) in acts.into_iter().enumerate() {
            standing[row] = !lifts;
            let entry = entry(seq as i64 + 1, &details[row], Scope::Row, lifts);
            engine.suppress(vec![entry.clone()]).unwrap();
            feed.push(entry);
        }
        let expected: BTreeSet<_> =
            details.iter().zip(standing).filter(|(_, is_hidden)| !is_hidden).map(|(detail, _)| detail.hit.id.clone()).collect();
        for engine in [engine, Engine::open(&home.data(), feed).unwrap()] {
            prop_assert_eq!(&ask(&engine, "lantern").into_iter().collect::<BTreeSet<_>>(), &expected);
        }
    }
}
