//! Runs killed at many moments and started again: what is published in the end is what an undisturbed run publishes,
//! and until then nothing of it is seen.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rollcall::demo::pictures::{draw, jpeg};
use rollcall::index::revision::Revision;
use rollcall::search::engine::Engine;

use crate::support::{Home, files_below, look_for, tar_of, typed};

/// Rows of a file: enough for its end to be a checkpoint.
const ROWS: usize = 10_100;
const FILES: usize = 3;
const PICTURES: usize = 4;
const RECORDS: usize = ROWS * FILES + PICTURES;
/// How long any run may take before the test gives up on it.
const PATIENCE: Duration = Duration::from_mins(2);

fn write_manifests(home: &Home) {
    let pictures: Vec<_> = (0..PICTURES as u64).map(|seed| jpeg(&draw(seed, 120, 90), 80).unwrap()).collect();
    let names: Vec<_> = (0..PICTURES).map(|at| format!("{at:03}.jpg")).collect();
    let shard: Vec<_> = names.iter().map(String::as_str).zip(pictures.iter().map(Vec::as_slice)).collect();
    home.file("set/0.tar", tar_of(&shard));
    let words = ["boat", "gull", "rope", "lamp", "pier"];
    for file in 0..FILES {
        let mut text = String::from("url,caption\n");
        for row in 0..ROWS {
            writeln!(text, "https://a.example/{file}/{row},{} {}", words[row % 5], words[row / 7 % 5]).unwrap();
        }
        home.file(&format!("set/{}.csv", file + 1), text);
    }
}

/// What a published revision is, whenever and in however many runs it was made.
#[derive(PartialEq)]
struct Published {
    description: Revision,
    rows_and_hashes: Vec<(PathBuf, Vec<u8>)>,
    answers: String,
}

fn published(home: &Home) -> Published {
    let directory = home.path("data/datasets/set/revisions/r2");
    let mut description = Revision::load(&directory).unwrap();
    (description.published_at_ms, description.seconds) = (0, 0.0);
    let files = files_below(&directory).into_iter();
    let files = files.map(|(path, bytes)| (path.strip_prefix(&directory).unwrap().to_owned(), bytes));
    let of_ours = |path: &Path| path == Path::new("rows") || path.to_str().unwrap().starts_with("hash-");
    let engine = home.engine();
    let mut answers = String::new();
    for q in ["boat", "boat gull", "\"rope lamp\"", "lamp -pier", "a.example", "https://a.example/2/10099"] {
        let found = engine.text(&typed(q)).unwrap();
        answers += &serde_json::to_string(&(q, found.total, found.hits, found.facets)).unwrap();
    }
    let found = look_for(&engine, &jpeg(&draw(2, 120, 90), 60).unwrap(), None);
    answers += &serde_json::to_string(&found.hits).unwrap();
    let rows_and_hashes: Vec<_> = files.filter(|(path, _)| of_ours(path)).collect();
    assert_eq!(rows_and_hashes.len(), 2, "the rows and one kind of hash, and nothing left over");
    Published { description, rows_and_hashes, answers }
}

/// What a visitor sees of the dataset at this moment: the revision and its number of records.
fn seen(home: &Home) -> Option<(String, String)> {
    let engine = Engine::open(&home.data(), Vec::new()).unwrap();
    let seen = engine.datasets().into_iter().next().map(|of| (of.revision, of.records));
    let hits = engine.text(&typed("pier")).unwrap().hits;
    assert!(hits.iter().all(|hit| seen.as_ref().is_some_and(|(revision, _)| *revision == hit.revision)));
    seen
}

/// When to kill a run.
#[derive(Debug, Clone)]
enum Moment {
    /// This path below the dataset's directory exists.
    Exists(&'static str),
    /// The draft has a checkpoint more than before the run.
    NextCheckpoint,
    /// After this share of an undisturbed run's time.
    Share(f32),
}

/// Starts a run and kills it at a moment, looking all the while; says whether it had finished before.
fn kill_at(home: &Home, moment: &Moment, whole: Duration, old: Option<&(String, String)>) -> bool {
    let set = home.path("set");
    let arguments = ["ingest", set.to_str().unwrap(), "--dataset", "set", "--revision", "r2", "--json"];
    let dataset = home.path("data/datasets/set");
    let note = || std::fs::read(dataset.join("drafts/r2/text/meta.json")).unwrap_or_default();
    let note_before = note();
    let began = Instant::now();
    let mut child = home.command(&arguments).spawn().unwrap();
    loop {
        let has_come = match moment {
            Moment::Exists(path) => dataset.join(path).exists(),
            Moment::NextCheckpoint => {
                let note = note();
                note != note_before && String::from_utf8_lossy(&note).contains("payload")
            }
            Moment::Share(share) => began.elapsed() >= whole.mul_f32(*share),
        };
        let ended = child.try_wait().unwrap();
        if has_come || ended.is_some() {
            child.kill().unwrap();
            return child.wait().unwrap().success();
        }
        let seen = seen(home);
        let is_new =
            seen.as_ref().is_some_and(|(revision, records)| revision == "r2" && *records == RECORDS.to_string());
        assert!(seen.as_ref() == old || is_new, "{moment:?}: half a revision is seen: {seen:?}");
        assert!(began.elapsed() < PATIENCE, "{moment:?} never came");
        std::thread::yield_now();
    }
}

#[test]
fn a_run_killed_at_any_moment_goes_on_to_the_same_end() {
    let calm = Home::new();
    write_manifests(&calm);
    let began = Instant::now();
    calm.run_ingest(&calm.path("set"), "set", "r2", &[]).expect(0);
    let (whole, expected) = (began.elapsed(), published(&calm));
    assert_eq!(expected.description.rows_indexed, RECORDS as u64);

    // Each state of a run in turn, going on from where the last was killed, beside an old revision that stays.
    let home = Home::new();
    write_manifests(&home);
    let old = home.file("old.csv", "url,caption\nhttps://a.example/old,an old pier\n");
    home.take_in(&[&old], "set", "r1");
    let old = seen(&home);
    let states = [
        Moment::Exists("drafts/r2/text"),
        Moment::Share(0.3),
        Moment::NextCheckpoint,
        Moment::NextCheckpoint,
        Moment::Exists("drafts/r2/hash-pdqa"),
        Moment::Exists("drafts/r2/text/seal"),
        Moment::Exists("drafts/r2/revision"),
        Moment::Exists("revisions/r2"),
    ];
    for state in &states {
        kill_at(&home, state, whole, old.as_ref());
    }
    home.run_ingest(&home.path("set"), "set", "r2", &[]).expect(0);
    assert!(published(&home) == expected, "killed state by state");

    // Moments drawn from a seed, as they come.
    let home = Home::new();
    write_manifests(&home);
    let mut rng = rollcall::demo::Rng::for_part(17, "kill", 0);
    for _ in 0..4 {
        if kill_at(&home, &Moment::Share(rng.between(0.05, 0.95)), whole, None) {
            break;
        }
    }
    home.run_ingest(&home.path("set"), "set", "r2", &[]).expect(0);
    assert!(published(&home) == expected, "killed at drawn moments");
}

#[test]
fn a_run_killed_between_its_last_two_steps_is_finished_by_the_next() {
    let home = Home::new();
    let old = home.file("old.csv", "url,caption\nhttps://a.example/old,an old pier\n");
    let new = home.file("new.csv", "url,caption\nhttps://a.example/new,a new pier\n");
    home.take_in(&[&old], "set", "r1");
    home.take_in(&[&new], "set", "r2");
    // As it stands when the revision has been moved to its place and nothing points at it yet.
    home.file("data/datasets/set/CURRENT", "r1");
    home.file("data/datasets/set/revisions/r2/lock", "");
    home.file("data/datasets/set/revisions/r2/hash-pdqa.draft", "");
    assert_eq!(seen(&home).unwrap().0, "r1");
    home.run_ingest(&new, "set", "r2", &[]).expect(0);
    assert_eq!(seen(&home).unwrap().0, "r2");
    let left: Vec<_> = home.data_files().into_keys().filter(|path| path.ends_with("lock")).collect();
    assert!(left.is_empty(), "{left:?}");
    // Taking in the old one again does not bring it back: it was finished long ago.
    home.run_ingest(&old, "set", "r1", &[]).expect(0);
    assert_eq!(seen(&home).unwrap().0, "r2");
}

#[test]
fn a_draft_whose_files_have_changed_is_begun_anew() {
    let home = Home::new();
    write_manifests(&home);
    let killed = kill_at(&home, &Moment::NextCheckpoint, Duration::ZERO, None);
    assert!(!killed, "the run had ended before its first checkpoint");
    // The first rows, read and done with, are others now: of the same size.
    let path = home.path("set/1.csv");
    let text = std::fs::read_to_string(&path).unwrap().replacen("boat", "buoy", 1);
    std::fs::write(&path, text).unwrap();
    home.run_ingest(&home.path("set"), "set", "r2", &[]).expect(0);
    assert_eq!(home.engine().text(&typed("buoy")).unwrap().total, 1);
}
