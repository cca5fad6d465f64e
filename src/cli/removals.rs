//! `rollcall removals`: a removal set applied to a manifest, looked for in a release, written in another form. With a set's
//! file none of it needs a data directory; by a dataset's name, sets are those of the portal.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::desk::{DeskArguments, entropy};
use super::{WrongUse, cores, now_ms, print, print_json};
use crate::evidence::key_ring::KeyRing;
use crate::evidence::signing::PrivateKey;
use crate::hash_code::HashCode;
use crate::image_hash::{self, DecodeLimits};
use crate::manifest::columns::parse_map;
use crate::mapping::Binding;
use crate::publishing::publish::{Published, publish};
use crate::publishing::release::{ReleaseReport, look_through};
use crate::publishing::versions::Versions;
use crate::removal::apply::output::Output;
use crate::removal::apply::{Applied, ApplyRequest, Mode, apply, attestation};
use crate::removal::export::{ExportFormat, export};
use crate::removal::identity::ColumnHints;
use crate::removal::rescan::{RescanRequest, SetRescanReport, rescan_set};
use crate::removal::set_file::SetFile;
use crate::removal::signed::SignedSet;
use crate::takedown::desk::block_on;
use crate::timestamp::Timestamp;

/// Rows named on the terminal; `--json` names all.
const PLACES_SHOWN_MAX: usize = 20;

#[derive(Debug, Args)]
pub(super) struct RemovalsArguments {
    #[command(subcommand)]
    command: RemovalsCommand,
}

#[derive(Debug, Subcommand)]
enum RemovalsCommand {
    /// The versions of a dataset's removal set.
    List(ListArguments),
    /// Writes a manifest again without the rows of a removal set.
    Apply(ApplyArguments),
    /// Says which rows of a release are in a removal set.
    Rescan(RescanArguments),
    /// Writes a removal set in another form.
    Export(ExportArguments),
}

#[derive(Debug, Args)]
struct ColumnArguments {
    /// Read the columns as this kind of dataset does, instead of finding out.
    #[arg(long, value_name = "NAME", conflicts_with = "map")]
    preset: Option<String>,
    /// Which column means what: url=URL,`source_id=uid`.
    #[arg(long, value_name = "ROLE=COLUMN,...")]
    map: Option<String>,
    /// Also decode pictures that come with the rows, and compare them by their picture hashes.
    #[arg(long)]
    pictures: bool,
}

#[derive(Debug, Args)]
struct ApplyArguments {
    /// The removal set: signed JSON, or its JSON lines, CSV, parquet or numpy form.
    #[arg(value_name = "SET")]
    set: PathBuf,
    /// The manifest file: parquet, CSV, TSV, JSON lines (these three also .gz or .zst), webdataset tar.
    #[arg(long, value_name = "IN")]
    manifest: PathBuf,
    /// Where the cleaned file goes; OUT.attestation.json beside it says what was done.
    #[arg(long, value_name = "OUT")]
    out: PathBuf,
    /// Leave removed rows out, or keep their places with nothing in them.
    #[arg(long, value_enum, default_value_t = ModeArgument::Drop)]
    mode: ModeArgument,
    /// Ed25519 private key (PEM) to sign the attestation with: your own, not the portal's.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Also compare the rows of a file that the set knows by number: takes out rows granted in another release, and
    /// repetitions of a granted row.
    #[arg(long)]
    thorough: bool,
    #[command(flatten)]
    columns: ColumnArguments,
    /// Print what was done as one JSON document.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ModeArgument {
    Drop,
    Blank,
}

#[derive(Debug, Args)]
struct RescanArguments {
    /// Files of the release, or directories of them.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Look for the rows of this removal set; needs no data directory.
    #[arg(long, value_name = "SET", conflicts_with_all = ["dataset", "revision"], required_unless_present = "dataset")]
    set: Option<PathBuf>,
    /// Look for the rows that were granted here of this dataset, and write what is found into their cases.
    #[arg(long, value_name = "SLUG", requires = "revision")]
    dataset: Option<String>,
    /// What the release is called.
    #[arg(long, value_name = "REV", requires = "dataset")]
    revision: Option<String>,
    #[command(flatten)]
    desk: DeskArguments,
    #[command(flatten)]
    columns: ColumnArguments,
    /// Print the report as one JSON document.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct ListArguments {
    slug: String,
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct ExportArguments {
    /// The dataset, of this portal. Without --version, what was decided since the last version is published first.
    #[arg(required_unless_present = "set", conflicts_with = "set")]
    slug: Option<String>,
    #[arg(long, value_name = "N", requires = "slug")]
    version: Option<u32>,
    #[command(flatten)]
    desk: DeskArguments,
    /// The signed removal set, or a table made of it, instead of a dataset of this portal.
    #[arg(long, value_name = "FILE")]
    set: Option<PathBuf>,
    /// json, jsonl, csv, parquet, or npy (uids only).
    #[arg(long, value_name = "F")]
    format: String,
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(super) fn run(data: &Path, arguments: RemovalsArguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        RemovalsCommand::List(arguments) => run_list(data, &arguments),
        RemovalsCommand::Apply(arguments) => run_apply(&arguments),
        RemovalsCommand::Rescan(arguments) => run_rescan(data, &arguments),
        RemovalsCommand::Export(arguments) => run_export(data, &arguments),
    }
}

fn run_apply(arguments: &ApplyArguments) -> anyhow::Result<ExitCode> {
    let map = arguments.columns.bindings()?;
    let key = arguments.key.as_deref().map(PrivateKey::read).transpose()?;
    let set = SetFile::open(&arguments.set)?;
    let mode = match arguments.mode {
        ModeArgument::Drop => Mode::Drop,
        ModeArgument::Blank => Mode::Blank,
    };
    let applied = apply(&ApplyRequest {
        set: &set,
        manifest: &arguments.manifest,
        out: &arguments.out,
        mode,
        hints: ColumnHints { map: &map, preset: arguments.columns.preset.as_deref() },
        codes: if arguments.columns.pictures { Some(&codes_of) } else { None },
        threads: cores(),
        thorough: arguments.thorough,
    })?;
    attestation::write(&arguments.out, &set, &applied, mode, Timestamp::from_millis(now_ms()), key.as_ref())?;
    if arguments.json {
        let attestation = std::fs::read(attestation::path_of(&arguments.out))?;
        return print_json(&serde_json::from_slice::<serde_json::Value>(&attestation)?).map(|()| ExitCode::SUCCESS);
    }
    print(&told(&set, &applied, &arguments.out))?;
    Ok(ExitCode::SUCCESS)
}

fn told(set: &SetFile, applied: &Applied, out: &Path) -> String {
    let found = &applied.found;
    let mut text = match &set.signed {
        Some(signed) => format!(
            "removal set {} version {}, signed by key {}\n",
            signed.set.dataset,
            signed.set.version,
            signed.key_id()
        ),
        None => "a list of uids, not signed\n".to_owned(),
    };
    let _ = writeln!(text, "rows in {}, removed {}, rows out {}", applied.rows_in, found.rows.len(), applied.rows_out);
    for (by, rows) in &found.by {
        let _ = writeln!(text, "  by {} {rows}", by.name());
    }
    let _ = writeln!(text, "rows were compared by {}", found.compared.join(", "));
    if found.unreadable > 0 {
        let _ = writeln!(text, "{} rows could not be read; they were kept as they are", found.unreadable);
    }
    if found.near > 0 {
        let _ = writeln!(text, "{} rows hold pictures much like removed ones; they were kept", found.near);
    }
    if applied.has_parquet_beside {
        text.push_str("the parquet beside this shard holds the same rows: apply the set to it too\n");
    }
    let _ = writeln!(text, "wrote {} and {}", out.display(), attestation::path_of(out).display());
    text
}

fn run_list(data: &Path, arguments: &ListArguments) -> anyhow::Result<ExitCode> {
    let versions = Versions::new(data).list(&arguments.slug)?;
    if arguments.json {
        print_json(&versions)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = String::new();
    for line in &versions {
        let _ = writeln!(
            text,
            "version {}  {}  {} files, {} hashes  {}  signed by {}",
            line.version, line.created, line.files, line.hashes, line.sha256, line.key_id
        );
    }
    if versions.is_empty() {
        let _ = writeln!(text, "No version yet: rollcall removals export {} makes the first.", arguments.slug);
    }
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn run_rescan(data: &Path, arguments: &RescanArguments) -> anyhow::Result<ExitCode> {
    let map = arguments.columns.bindings()?;
    let request = RescanRequest {
        paths: &arguments.paths,
        hints: ColumnHints { map: &map, preset: arguments.columns.preset.as_deref() },
        codes: if arguments.columns.pictures { Some(&codes_of) } else { None },
    };
    if let (Some(dataset), Some(release)) = (&arguments.dataset, &arguments.revision) {
        let desk = arguments.desk.open(data)?;
        let report = block_on(look_through(&desk, dataset, release, &request))??;
        if arguments.json {
            print_json(&report)?;
        } else {
            print(&looked_through(&report))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let set = SetFile::open(arguments.set.as_deref().unwrap_or(Path::new("")))?;
    let report = rescan_set(&set, &request)?;
    if arguments.json {
        print_json(&report)?;
    } else {
        print(&found_again(&report))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn looked_through(report: &ReleaseReport) -> String {
    let rows: u64 = report.scanned.files.iter().map(|file| file.rows).sum();
    let mut text =
        format!("{} files, {rows} rows read of {} {}\n", report.scanned.files.len(), report.dataset, report.release);
    for (fate, rows) in &report.scanned.counts {
        let _ = writeln!(text, "  {}: {rows}", fate.replace('_', " "));
    }
    let _ = writeln!(
        text,
        "cases: {} verified, {} opened again, {} of which it cannot be told, {} left as they are (in no published set yet, or open for another reason)",
        report.verified, report.reopened, report.untold, report.unchanged
    );
    text
}

fn found_again(report: &SetRescanReport) -> String {
    let rows: u64 = report.files.iter().map(|file| file.rows).sum();
    let mut text = format!(
        "{} files, {rows} rows: {} rows of the set are still there, {} hold pictures much like removed ones\n",
        report.files.len(),
        report.still_there.len(),
        report.near_copies.len()
    );
    for place in report.still_there.iter().take(PLACES_SHOWN_MAX) {
        let _ = writeln!(text, "  {} row {} by {}", place.file, place.row, place.by.name());
    }
    if report.still_there.len() > PLACES_SHOWN_MAX {
        let _ = writeln!(text, "  and {} more: --json names all", report.still_there.len() - PLACES_SHOWN_MAX);
    }
    for reason in &report.cannot_tell {
        let _ = writeln!(text, "cannot tell: {reason}");
    }
    text
}

fn run_export(data: &Path, arguments: &ExportArguments) -> anyhow::Result<ExitCode> {
    let format = ExportFormat::from_name(&arguments.format)
        .ok_or_else(|| WrongUse(format!("--format {}: json, jsonl, csv, parquet or npy", arguments.format)))?;
    let signed = match (&arguments.slug, &arguments.set) {
        (Some(slug), _) => of_portal(data, slug, arguments)?,
        (None, set) => SetFile::open(set.as_deref().unwrap_or(Path::new("")))?
            .signed
            .ok_or_else(|| WrongUse("a list of uids cannot be made into anything else".to_owned()))?,
    };
    let mut out = Output::create(&arguments.out)?;
    export(&signed, format, &mut out)?;
    let written = out.finish()?;
    let is_empty_list = format == ExportFormat::Npy && signed.set.uids.is_empty();
    let note = is_empty_list
        .then_some("no row of this set has a uid of 32 hexadecimal digits, so the list is empty: take another form");
    print_json(&json!({
        "dataset": signed.set.dataset,
        "version": signed.set.version,
        "set": signed.sha256,
        "format": arguments.format,
        "sha256": written.sha256,
        "bytes": written.bytes,
        "note": note,
    }))?;
    Ok(ExitCode::SUCCESS)
}

/// A version of this portal's; without a number the newest, made first where something was decided since the last.
fn of_portal(data: &Path, slug: &str, arguments: &ExportArguments) -> anyhow::Result<SignedSet> {
    let versions = Versions::new(data);
    if let Some(version) = arguments.version {
        return Ok(versions.load(slug, version)?);
    }
    let mut seed = [0; 32];
    entropy(&mut seed);
    let keys = KeyRing::new(data);
    keys.make_first(&seed, now_ms())?;
    entropy(&mut seed);
    let desk = arguments.desk.open(data)?;
    match block_on(publish(&desk, &keys, &versions, slug, seed, now_ms()))?? {
        Published::Next(set) | Published::Same(set) => Ok(set),
        Published::Nothing => anyhow::bail!("nothing was granted of {slug} yet, so there is no removal set"),
    }
}

impl ColumnArguments {
    fn bindings(&self) -> Result<Vec<Binding>, WrongUse> {
        let map = self.map.as_deref().map(parse_map).transpose();
        map.map(Option::unwrap_or_default).map_err(|error| WrongUse(error.to_string()))
    }
}

/// The codes that ingest computes of a picture; none of one that cannot be decoded.
fn codes_of(bytes: &[u8]) -> Vec<HashCode> {
    match image_hash::hash_for_index(bytes, &DecodeLimits::default()) {
        Ok(hashes) => std::iter::once(hashes.pdqa).chain(hashes.parts.iter().map(|part| part.code)).collect(),
        Err(_) => Vec::new(),
    }
}
