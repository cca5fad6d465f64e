//! `rollcall dataset list | show | withdraw | drop | derived-from`.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};

use super::desk::StoreArguments;
use super::recipient::{self, RecipientArguments};
use super::{print, print_json};
use crate::index::generation::Generation;
use crate::index::layout::Layout;
use crate::search::engine::Engine;
use crate::search::results::DatasetDetail;

/// Longest name of a source, characters, as in cards; and most of them.
const SOURCE_CHARS_MAX: usize = 500;
const SOURCES_MAX: usize = 100;

#[derive(Debug, Args)]
pub(super) struct DatasetArguments {
    #[command(flatten)]
    store: StoreArguments,
    #[command(subcommand)]
    command: DatasetCommand,
}

#[derive(Debug, Subcommand)]
enum DatasetCommand {
    /// What has been taken in.
    List {
        #[arg(long)]
        json: bool,
    },
    /// The biography of one dataset.
    Show {
        slug: String,
        #[arg(long)]
        json: bool,
        /// Read every byte of its index and compare checksums.
        #[arg(long)]
        verify: bool,
    },
    /// Takes a dataset out of every search at once; its page says why. `ingest` of a new revision does not bring it back.
    Withdraw {
        slug: String,
        #[arg(long, value_name = "T", required_unless_present = "undo")]
        reason: Option<String>,
        /// Puts it back into search.
        #[arg(long, conflicts_with = "reason")]
        undo: bool,
    },
    /// Says that a dataset was made from another: what is removed from the source is proposed for it too.
    DerivedFrom {
        slug: String,
        /// The source's short name here, or its name or address as cards give it.
        source: String,
        /// Takes it back. What the dataset's card says is not ours to take back.
        #[arg(long)]
        undo: bool,
    },
    /// Who received a dataset: they are told of every version of its removal set.
    Recipient(RecipientArguments),
    /// Deletes a dataset, or an old revision of it.
    Drop {
        slug: String,
        #[arg(long, value_name = "REV")]
        revision: Option<String>,
    },
}

pub(super) fn run(data: &Path, arguments: DatasetArguments) -> anyhow::Result<ExitCode> {
    let layout = Layout::new(data);
    match arguments.command {
        DatasetCommand::List { json } => list(&arguments.store.engine(data)?, json)?,
        DatasetCommand::Show { slug, json, verify } => {
            show(&arguments.store.engine(data)?, &layout, &slug, json, verify)?;
        }
        DatasetCommand::Withdraw { slug, reason, undo } => {
            known(&layout, &slug)?;
            let reason = reason.as_deref().map(str::trim).filter(|_| !undo);
            if reason == Some("") {
                bail!("say why in --reason: it stands on the dataset's page");
            }
            layout.set_withdrawn(&slug, reason)?;
            print(&format!("{slug} is {} search.\n", if undo { "back in" } else { "withdrawn from" }))?;
        }
        DatasetCommand::DerivedFrom { slug, source, undo } => derived_from(&layout, &slug, &source, undo)?,
        DatasetCommand::Recipient(command) => recipient::run(data, &layout, &arguments.store, command)?,
        DatasetCommand::Drop { slug, revision } => {
            known(&layout, &slug)?;
            layout.drop_revision(&slug, revision.as_deref())?;
            print(&format!(
                "{slug} {}is deleted.\n",
                revision.map(|revision| format!("{revision} ")).unwrap_or_default()
            ))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn derived_from(layout: &Layout, slug: &str, source: &str, undo: bool) -> anyhow::Result<()> {
    known(layout, slug)?;
    let source = source.split_whitespace().collect::<Vec<_>>().join(" ");
    if source.is_empty() || source.chars().count() > SOURCE_CHARS_MAX || source == slug {
        bail!("a source is another dataset's name or address, of at most {SOURCE_CHARS_MAX} characters");
    }
    let mut sources = layout.named_sources(slug)?;
    let at = sources.iter().position(|known| *known == source);
    match (undo, at) {
        (true, Some(at)) => drop(sources.remove(at)),
        (true, None) => bail!("{source} was not named as a source of {slug} by this command"),
        (false, Some(_)) => {}
        (false, None) if sources.len() == SOURCES_MAX => bail!("{slug} has {SOURCES_MAX} sources already"),
        (false, None) => sources.push(source.clone()),
    }
    layout.set_named_sources(slug, &sources)?;
    print(&format!("{slug} is {}made from {source}.\n", if undo { "not " } else { "" }))
}

pub(super) fn known(layout: &Layout, slug: &str) -> anyhow::Result<()> {
    if !layout.slugs()?.iter().any(|known| known == slug) {
        bail!("there is no dataset called {slug}");
    }
    Ok(())
}

fn list(engine: &Engine, json: bool) -> anyhow::Result<()> {
    let all = engine.datasets();
    if json {
        return print_json(&all);
    }
    let mut out = String::new();
    for dataset in &all {
        writeln!(out, "{}  {}  {} records  {}", dataset.slug, dataset.revision, dataset.records, dataset.title)?;
    }
    if all.is_empty() {
        out.push_str("No datasets yet: take one in with rollcall ingest.\n");
    }
    print(&out)
}

fn show(engine: &Engine, layout: &Layout, slug: &str, json: bool, verify: bool) -> anyhow::Result<()> {
    known(layout, slug)?;
    if verify && let Some(revision) = layout.current(slug)? {
        let directory = layout.revision(slug, &revision);
        Generation::open(&directory)?.verify(&directory)?;
    }
    let detail = engine.dataset(slug)?;
    if json {
        return print_json(&detail);
    }
    let mut out = biography(&detail)?;
    if verify {
        out.push_str("Every file of its index was read and is whole.\n");
    }
    print(&out)
}

fn biography(detail: &DatasetDetail) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let summary = &detail.summary;
    writeln!(out, "{} ({})", summary.title, summary.slug)?;
    if let Some(reason) = &detail.withdrawn {
        writeln!(out, "Withdrawn from search: {reason}")?;
    }
    let facts = [
        ("Publisher", &summary.publisher),
        ("Licence", &summary.licence),
        ("Homepage", &detail.homepage),
        ("Contact", &detail.contact),
    ];
    for (name, value) in facts {
        if let Some(value) = value {
            writeln!(out, "{name}: {value}")?;
        }
    }
    writeln!(
        out,
        "Records: {} of {}, revision {}, taken in {}",
        summary.records, summary.coverage.total, summary.revision, summary.ingested_at
    )?;
    writeln!(out, "Searchable: {}", summary.coverage.searchable.join(", "))?;
    if summary.coverage.index_windows {
        writeln!(out, "Pictures: fingerprints of 12 parts of each are held too, so that crops find it")?;
    }
    if let Some(plain) = &summary.coverage.plain_pictures {
        writeln!(out, "Pictures too plain to be told apart: {plain}")?;
    }
    writeln!(
        out,
        "Columns read by {}: {}",
        detail.mapping_decided_by,
        detail.mapping.iter().map(|(role, column)| format!("{role}={column}")).collect::<Vec<_>>().join(", ")
    )?;
    for source in &detail.made_from {
        writeln!(out, "Made from: {} ({} says so)", source.dataset.as_ref().unwrap_or(&source.name), source.said_by)?;
    }
    for other in &detail.used_for {
        writeln!(out, "Used for: {}", other.dataset)?;
    }
    for revision in &detail.revisions {
        writeln!(
            out,
            "Revision {}: {} records{}",
            revision.revision,
            revision.records,
            if revision.is_current { ", searched" } else { "" }
        )?;
    }
    for file in &detail.files {
        writeln!(out, "File {}: {} bytes, {} rows, sha256 {}", file.path, file.bytes, file.rows_read, file.sha256)?;
    }
    detail.rejected.iter().try_for_each(|(reason, n)| writeln!(out, "Left out: {n} x {reason}"))?;
    Ok(out)
}
