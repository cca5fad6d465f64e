//! `rollcall removals`: a removal set applied to a manifest, looked for in a release, written in another form. None of
//! it needs a data directory.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::{WrongUse, cores, now_ms, print, print_json};
use crate::evidence::signing::PrivateKey;
use crate::hash_code::HashCode;
use crate::image_hash::{self, DecodeLimits};
use crate::manifest::columns::parse_map;
use crate::mapping::Binding;
use crate::removal::apply::output::Output;
use crate::removal::apply::{Applied, ApplyRequest, Mode, apply, attestation};
use crate::removal::export::{ExportFormat, export};
use crate::removal::identity::ColumnHints;
use crate::removal::rescan::{RescanRequest, SetRescanReport, rescan_set};
use crate::removal::set_file::SetFile;
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
    /// The removal set to look for.
    #[arg(long, value_name = "SET")]
    set: PathBuf,
    #[command(flatten)]
    columns: ColumnArguments,
    /// Print the report as one JSON document.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct ExportArguments {
    /// The signed removal set, or a table made of it.
    #[arg(long, value_name = "FILE")]
    set: PathBuf,
    /// json, jsonl, csv, parquet, or npy (uids only).
    #[arg(long, value_name = "F")]
    format: String,
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(super) fn run(arguments: RemovalsArguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        RemovalsCommand::Apply(arguments) => run_apply(&arguments),
        RemovalsCommand::Rescan(arguments) => run_rescan(&arguments),
        RemovalsCommand::Export(arguments) => run_export(&arguments),
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
    text.push_str(&format!(
        "rows in {}, removed {}, rows out {}\n",
        applied.rows_in,
        found.rows.len(),
        applied.rows_out
    ));
    for (by, rows) in &found.by {
        text.push_str(&format!("  by {} {rows}\n", by.name()));
    }
    text.push_str(&format!("rows were compared by {}\n", found.compared.join(", ")));
    if found.unreadable > 0 {
        text.push_str(&format!("{} rows could not be read; they were kept as they are\n", found.unreadable));
    }
    if found.near > 0 {
        text.push_str(&format!("{} rows hold pictures much like removed ones; they were kept\n", found.near));
    }
    if applied.has_parquet_beside {
        text.push_str("the parquet beside this shard holds the same rows: apply the set to it too\n");
    }
    text.push_str(&format!("wrote {} and {}\n", out.display(), attestation::path_of(out).display()));
    text
}

fn run_rescan(arguments: &RescanArguments) -> anyhow::Result<ExitCode> {
    let map = arguments.columns.bindings()?;
    let set = SetFile::open(&arguments.set)?;
    let report = rescan_set(
        &set,
        &RescanRequest {
            paths: &arguments.paths,
            hints: ColumnHints { map: &map, preset: arguments.columns.preset.as_deref() },
            codes: if arguments.columns.pictures { Some(&codes_of) } else { None },
        },
    )?;
    if arguments.json {
        print_json(&report)?;
    } else {
        print(&found_again(&report))?;
    }
    Ok(ExitCode::SUCCESS)
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
        text.push_str(&format!("  {} row {} by {}\n", place.file, place.row, place.by.name()));
    }
    if report.still_there.len() > PLACES_SHOWN_MAX {
        text.push_str(&format!("  and {} more: --json names all\n", report.still_there.len() - PLACES_SHOWN_MAX));
    }
    for reason in &report.cannot_tell {
        text.push_str(&format!("cannot tell: {reason}\n"));
    }
    text
}

fn run_export(arguments: &ExportArguments) -> anyhow::Result<ExitCode> {
    let format = ExportFormat::from_name(&arguments.format)
        .ok_or_else(|| WrongUse(format!("--format {}: json, jsonl, csv, parquet or npy", arguments.format)))?;
    let set = SetFile::open(&arguments.set)?;
    let signed = set.signed.ok_or_else(|| WrongUse("a list of uids cannot be made into anything else".to_owned()))?;
    let mut out = Output::create(&arguments.out)?;
    export(&signed, format, &mut out)?;
    let written = out.finish()?;
    print_json(&json!({
        "dataset": signed.set.dataset,
        "version": signed.set.version,
        "set": signed.sha256,
        "format": arguments.format,
        "sha256": written.sha256,
        "bytes": written.bytes,
    }))?;
    Ok(ExitCode::SUCCESS)
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
