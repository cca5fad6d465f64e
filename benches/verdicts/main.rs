//! How sure a picture match is: recall over 63 edits and false matches among unrelated pictures, for every kind of hash
//! and way of searching.
//!
//! ```text
//! cargo bench --bench verdicts -- [--drawn N] [--costly N] [--edited N] [--date YYYY-MM-DD] [--related FILE]
//!     [--series FOLDER] [FOLDER]...
//! ```
//!
//! Pictures drawn by code are measured with, and those of the folders given, which must be unrelated to one another
//! (`--related` names pairs that are not, one a line, file names with a tab between; pictures of a folder given after
//! `--series` are plates of one series, counted by themselves). Prints one JSON document. With `--date`, writes the table that the program's words come from, `src/search/verdicts/measured.rs`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a benchmark prints, and reads pictures without the house's limits"
)]

mod chance;
mod edits;
mod light;
mod overlay;
mod pictures;
mod recall;
mod shape;
mod table;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use chance::Related;
use pictures::Picture;

/// Pictures drawn: with them a hundred million pairs and more are compared.
const DRAWN: usize = 15_000;
/// Pictures of which looking harder and parts in the index are counted: ten million pairs need 4,473.
const COSTLY: usize = 4_700;
/// Pictures drawn and of each folder that are edited.
const EDITED: usize = 90;

struct Arguments {
    drawn: usize,
    costly: usize,
    edited: usize,
    date: Option<String>,
    related: Option<PathBuf>,
    /// With whether it is a series.
    folders: Vec<(PathBuf, bool)>,
}

fn arguments() -> Option<Arguments> {
    let mut all =
        Arguments { drawn: DRAWN, costly: COSTLY, edited: EDITED, date: None, related: None, folders: Vec::new() };
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let mut is_asked = false;
    while let Some(word) = words.next() {
        is_asked = true;
        let mut number = || words.next().and_then(|n| n.parse().ok()).expect("a number follows");
        match word.as_str() {
            "--drawn" => all.drawn = number(),
            "--costly" => all.costly = number(),
            "--edited" => all.edited = number(),
            "--date" => all.date = words.next(),
            "--related" => all.related = words.next().map(PathBuf::from),
            "--series" => all.folders.extend(words.next().map(|folder| (PathBuf::from(folder), true))),
            folder => all.folders.push((PathBuf::from(folder), false)),
        }
    }
    is_asked.then_some(all)
}

fn main() {
    let Some(arguments) = arguments() else {
        println!(
            "verdicts: takes ten minutes; say what to measure with: cargo bench --bench verdicts -- --drawn 15000 [FOLDER]..."
        );
        return;
    };
    let mut unrelated: Vec<Picture> = Vec::new();
    let mut edited: Vec<usize> = Vec::new();
    let mut series = Vec::new();
    for (folder, is_series) in &arguments.folders {
        let found = pictures::of_folder(folder);
        eprintln!("{}: {} pictures", folder.display(), found.len());
        let step = found.len().div_ceil(arguments.edited.max(1)).max(1);
        edited.extend((0..found.len()).step_by(step).map(|at| unrelated.len() + at));
        if *is_series {
            series.push((unrelated.len(), unrelated.len() + found.len()));
        }
        unrelated.extend(found);
    }
    let from_folders = unrelated.len();
    let drawn = pictures::drawn(arguments.drawn);
    eprintln!("drawn: {} pictures with something in them", drawn.len());
    edited.extend((0..drawn.len().min(arguments.edited)).map(|at| from_folders + at));
    unrelated.extend(drawn);
    let head = table::Head {
        date: arguments.date.clone().unwrap_or_default(),
        drawn: unrelated.len() - from_folders,
        from_folders,
        edited: edited.len(),
    };
    let originals: Vec<&Picture> = edited.iter().map(|at| &unrelated[*at]).collect();
    let recall = recall::measure(&originals);
    eprintln!("{} pictures edited in {} ways", originals.len(), recall.len());
    let scenes = unrelated.iter().map(|picture| picture.scene).collect();
    let related = Related { pairs: related(&unrelated, arguments.related.as_deref()), scenes, series };
    let chance = chance::measure(&unrelated, arguments.costly, &related);
    println!("{:#}", table::report(&head, &chance, &recall));
    if arguments.date.is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/search/verdicts/measured.rs");
        std::fs::write(&path, table::source(&head, &chance, &recall)).expect("the table can be written");
    }
}

/// Pairs of pictures that the file says show the same thing.
fn related(pictures: &[Picture], file: Option<&Path>) -> HashSet<(usize, usize)> {
    let Some(file) = file else { return HashSet::new() };
    let text = std::fs::read_to_string(file).expect("the file of related pictures can be read");
    let at: HashMap<&str, usize> = pictures.iter().enumerate().map(|(at, p)| (p.name.as_str(), at)).collect();
    let pair = |line: &str| {
        let (one, other) = line.split_once('\t')?;
        let (one, other) = (*at.get(one.trim())?, *at.get(other.trim())?);
        Some((one.min(other), one.max(other)))
    };
    text.lines().filter_map(pair).collect()
}
