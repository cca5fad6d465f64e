//! `rollcall ingest`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::progress::Meter;
use super::{FAILED, WrongUse, cores, now_ms, print, print_json};
use crate::image_hash::DecodeLimits;
use crate::index::revision::Revision;
use crate::ingest::{IngestError, IngestRequest, Outcome, Progress, Report, ingest};
use crate::manifest::columns::{ColumnsError, parse_map};

/// Memory for building the text index, unless `--memory` says otherwise.
const MEMORY_MIB: usize = 512;
/// The least that the text index works with, for each of its threads.
const MEMORY_MIB_MIN: usize = 32;

#[derive(Debug, Args)]
pub(super) struct IngestArguments {
    /// Manifest files, shards, picture folders, or directories of them.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Short name of the dataset: lower-case letters, digits, hyphens.
    #[arg(long, value_name = "SLUG")]
    dataset: String,
    /// Name of this state of the dataset, such as a date or version.
    #[arg(long, value_name = "REV")]
    revision: String,
    /// Title for people; else the dataset card's, else the short name.
    #[arg(long, value_name = "T")]
    title: Option<String>,
    /// Read the columns as this kind of dataset does, instead of finding out.
    #[arg(long, value_name = "NAME", conflicts_with = "map")]
    preset: Option<String>,
    /// Which column means what: url=URL,caption=TEXT,author=creator[].`full_name`.
    #[arg(long, value_name = "ROLE=COLUMN,...")]
    map: Option<String>,
    /// Dataset card (Hugging Face README.md) or Croissant file; else one lying beside the files.
    #[arg(long, value_name = "FILE")]
    card: Option<PathBuf>,
    /// Refuse a layout that no preset knows, instead of guessing.
    #[arg(long)]
    strict: bool,
    /// Keep fingerprints of 12 parts of every picture too: somebody who searches with a crop finds the whole more often,
    /// for up to thirteen times the fingerprints on disk.
    #[arg(long)]
    index_windows: bool,
    /// Memory for building the text index, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = MEMORY_MIB)]
    memory: usize,
    /// Print the report as one JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(data: &Path, arguments: IngestArguments) -> anyhow::Result<ExitCode> {
    let map = arguments.map.as_deref().map(parse_map).transpose().map_err(|error| WrongUse(error.to_string()))?;
    let threads = cores();
    let request = IngestRequest {
        paths: arguments.paths,
        dataset: arguments.dataset,
        revision: arguments.revision,
        title: arguments.title,
        preset: arguments.preset,
        map: map.unwrap_or_default(),
        strict: arguments.strict,
        card: arguments.card,
        threads,
        text_heap_bytes: arguments.memory.max(MEMORY_MIB_MIN * threads) << 20,
        index_windows: arguments.index_windows,
        limits: DecodeLimits::default(),
    };
    let progress = Arc::new(Progress::default());
    let meter = Meter::start(progress.clone());
    let outcome = ingest(data, &request, &now_ms, &progress);
    meter.stop();
    let (revision, word) = match outcome.map_err(wrong_use)? {
        Outcome::Published(revision) => (revision, "published"),
        Outcome::AlreadyThere(revision) => (revision, "already there"),
    };
    show(&revision, word, arguments.json)?;
    // A damaged file was kept as far as it went; whoever runs this must still hear of it.
    Ok(if revision.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// A name that cannot be one is a mistake in the call; everything else is a failure.
fn wrong_use(error: IngestError) -> anyhow::Error {
    match error {
        IngestError::BadName(_) | IngestError::Columns { source: ColumnsError::UnknownPreset { .. }, .. } => {
            WrongUse(error.to_string()).into()
        }
        error => error.into(),
    }
}

fn show(revision: &Revision, word: &'static str, json: bool) -> anyhow::Result<()> {
    let report = Report::new(revision, word);
    if json {
        return print_json(&report);
    }
    if word != "published" {
        print(&format!(
            "{} {} is here already, made of the same files: nothing was changed.\n",
            revision.dataset, revision.revision
        ))?;
    }
    print(&report.to_string())
}
