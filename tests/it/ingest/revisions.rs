//! The same revision again, a new one beside it, withdrawn and put back, dropped.

use std::fmt::Write as _;

use rollcall::ingest::{IngestError, Outcome};
use rollcall::search::engine::SearchError;

use crate::support::{Home, captions, request, typed};

fn csv(captions: &[&str]) -> String {
    let mut text = String::from("url,caption\n");
    for (row, caption) in captions.iter().enumerate() {
        writeln!(text, "https://a.example/{row}.jpg,{caption}").unwrap();
    }
    text
}

#[test]
fn the_same_revision_twice_changes_not_a_byte() {
    let home = Home::new();
    let path = home.file("rows.csv", csv(&["a boat", "a gull"]));
    let first = home.run_ingest(&path, "rows", "r1", &[]).expect(0).json();
    let before = home.data_files();
    let again = home.run_ingest(&path, "rows", "r1", &[]).expect(0).json();
    assert!(home.data_files() == before);
    assert_eq!((&first["outcome"], &again["outcome"]), (&"published".into(), &"already there".into()));
    assert_eq!((&first["rows_indexed"], &first["files"]), (&again["rows_indexed"], &again["files"]));
}

#[test]
fn the_same_revision_of_other_files_is_refused() {
    let home = Home::new();
    let path = home.file("rows.csv", csv(&["a boat", "a gull"]));
    home.take_in(&[&path], "rows", "r1");
    let before = home.data_files();
    let other = home.file("other.csv", csv(&["a rope"]));
    let longer = home.file("b/rows.csv", csv(&["a boat", "a gull", "a rope"]));
    let same_size = home.file("c/rows.csv", csv(&["a boat", "a cull"]));
    for paths in [vec![other.as_path()], vec![&longer], vec![&same_size], vec![&path, &other]] {
        match home.try_ingest(&request(&paths, "rows", "r1")) {
            Err(IngestError::BadRequest(why)) => assert!(why.contains("--revision"), "{why}"),
            other => panic!("{paths:?}: {other:?}"),
        }
    }
    let mut mapped = request(&[&path], "rows", "r1");
    mapped.map = rollcall::manifest::columns::parse_map("author=caption").unwrap();
    assert!(matches!(home.try_ingest(&mapped), Err(IngestError::BadRequest(why)) if why.contains("columns")));
    assert!(home.data_files() == before);
}

#[test]
fn a_new_revision_replaces_the_old_at_once_and_the_old_is_kept_until_dropped() {
    let home = Home::new();
    let old = home.file("old.csv", csv(&["a boat", "an old gull"]));
    let new = home.file("new.csv", csv(&["a boat", "a new gull", "a rope"]));
    home.take_in(&[&old], "rows", "r1");
    let engine = home.engine();
    let old_id = engine.text(&typed("gull")).unwrap().hits.remove(0).id;
    assert!(!engine.refresh().unwrap(), "nothing has changed yet");

    home.take_in(&[&new], "rows", "r2");
    assert_eq!(captions(&engine.text(&typed("gull")).unwrap()), ["an old gull"], "the old snapshot until it looks");
    assert!(engine.refresh().unwrap());
    let found = engine.text(&typed("gull")).unwrap();
    assert_eq!((captions(&found), found.hits[0].revision.as_str()), (vec!["a new gull".to_owned()], "r2"));
    assert_eq!(
        engine.record(&old_id).unwrap().hit.caption.as_deref(),
        Some("an old gull"),
        "a link to the old still works"
    );
    let told = engine.dataset("rows").unwrap().revisions;
    let told: Vec<_> = told.iter().map(|of| (of.revision.as_str(), of.records.as_str(), of.is_current)).collect();
    assert_eq!(told, [("r2", "3", true), ("r1", "2", false)]);

    let refused = home.run(&["dataset", "drop", "rows", "--revision", "r2"]).expect(1).stderr;
    assert!(refused.contains("is being searched"), "{refused}");
    home.run(&["dataset", "drop", "rows", "--revision", "r1"]).expect(0);
    assert!(!home.data_files().keys().any(|path| path.to_str().unwrap().contains("/r1/")));
    engine.refresh().unwrap();
    assert!(matches!(engine.record(&old_id), Err(SearchError::NoSuchRecord(_))));
    assert_eq!(engine.text(&typed("gull")).unwrap().total, 1);

    home.run(&["dataset", "drop", "rows"]).expect(0);
    assert!(engine.refresh().unwrap());
    assert_eq!(engine.text(&typed("gull")).unwrap().total, 0);
    assert!(matches!(engine.dataset("rows"), Err(SearchError::NoSuchDataset(_))));
    assert!(home.data_files().is_empty(), "{:?}", home.data_files().keys());
    // What was dropped can be taken in anew under the same name.
    home.take_in(&[&new], "rows", "r1");
    assert!(engine.refresh().unwrap());
    assert_eq!(engine.text(&typed("gull")).unwrap().total, 1);
}

#[test]
fn a_dropped_revision_taken_in_again_with_other_rows_is_seen_by_a_running_engine() {
    let home = Home::new();
    let path = home.file("rows.csv", csv(&["a boat"]));
    home.take_in(&[&path], "rows", "r1");
    let engine = home.engine();
    home.run(&["dataset", "drop", "rows"]).expect(0);
    let path = home.file("rows.csv", csv(&["a gull"]));
    home.take_in(&[&path], "rows", "r1");
    assert!(engine.refresh().unwrap());
    assert_eq!(captions(&engine.text(&typed("dataset:rows")).unwrap()), ["a gull"]);
}

#[test]
fn what_is_withdrawn_is_found_nowhere_until_it_is_put_back() {
    let home = Home::new();
    let path = home.file("rows.csv", csv(&["a boat"]));
    home.take_in(&[&path], "rows", "r1");
    home.take_in(&[&path], "kept", "r1");
    let engine = home.engine();
    let hits = engine.text(&typed("boat")).unwrap().hits;
    let id = hits.iter().find(|hit| hit.dataset == "rows").unwrap().id.clone();
    home.run(&["dataset", "withdraw", "rows", "--reason", "asked by its publisher"]).expect(0);
    assert!(engine.refresh().unwrap());
    let found = engine.text(&typed("boat")).unwrap();
    assert_eq!((found.total, found.coverage.len(), found.facets.dataset.len()), (1, 1, 1));
    assert!(matches!(engine.record(&id), Err(SearchError::NoSuchRecord(_))));
    assert!(matches!(engine.text(&typed("dataset:rows boat")), Err(SearchError::BadQuery { field: "dataset", .. })));
    let detail = engine.dataset("rows").unwrap();
    assert_eq!((detail.withdrawn.as_deref(), detail.top_domains.len()), (Some("asked by its publisher"), 0));
    home.take_in(&[&path], "rows", "r2");
    engine.refresh().unwrap();
    assert_eq!(engine.text(&typed("boat")).unwrap().total, 1, "a new revision does not bring it back");
    home.run(&["dataset", "withdraw", "rows", "--undo"]).expect(0);
    assert!(engine.refresh().unwrap());
    assert_eq!(engine.text(&typed("boat")).unwrap().total, 2);
    assert_eq!(engine.record(&id).unwrap().hit.caption.as_deref(), Some("a boat"));
}

#[test]
fn nothing_of_a_failed_run_is_left_to_be_seen() {
    let home = Home::new();
    let path = home.file("rows.csv", csv(&["a boat"]));
    home.take_in(&[&path], "rows", "r1");
    let before = home.data_files();
    let useless = home.file("useless.csv", "colour,shape\nred,round\n");
    let broken = home.file("broken.jsonl", "{\"caption\": \n{\"caption\": \n");
    for bad in [&useless, &broken] {
        home.run_ingest(bad, "rows", "r2", &[]).expect(1);
        home.run_ingest(bad, "new", "r1", &[]).expect(1);
    }
    assert!(home.data_files() == before, "{:?}", home.data_files().keys());
    assert_eq!(home.engine().datasets().len(), 1);
}

#[test]
fn two_runs_of_one_revision_do_not_meet() {
    let home = Home::new();
    let path = home.file("rows.csv", csv(&["a boat"]));
    let lock = home.path("data/datasets/rows/drafts/r1/lock");
    home.file("data/datasets/rows/drafts/r1/lock", "");
    let held = std::fs::File::open(&lock).unwrap();
    held.lock().unwrap();
    let refused = home.run_ingest(&path, "rows", "r1", &[]).expect(1).stderr;
    assert!(refused.contains("another run"), "{refused}");
    drop(held);
    assert!(matches!(home.try_ingest(&request(&[&path], "rows", "r1")), Ok(Outcome::Published(_))));
}
