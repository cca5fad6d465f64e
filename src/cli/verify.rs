//! `rollcall verify`: is this document as it was signed? Needs no server, no data directory, no network. With
//! `--log-of-cases`: is the log of the cases as it was written? (`--log` is the filter of what is logged, everywhere.)

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;

use super::desk::StoreArguments;
use super::{FAILED, print, print_json};
use crate::evidence::verify::{KnownKeys, verify};
use crate::takedown::desk::block_on;

/// Largest document read: a removal set of ten million rows is smaller.
const FILE_BYTES_MAX: u64 = 1 << 30;
/// Largest list of keys.
const KEYS_BYTES_MAX: u64 = 16 << 20;

#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// An evidence pack, a receipt, an attestation, a removal set.
    #[arg(required_unless_present = "log_of_cases", conflicts_with = "log_of_cases")]
    file: Option<PathBuf>,
    /// Check the hash-chained log of the cases instead of a document: a line that was changed, taken out or moved is named.
    #[arg(long)]
    log_of_cases: bool,
    #[command(flatten)]
    store: StoreArguments,
    /// The key it should be signed by: a PEM public key, or the portal's saved /.well-known/rollcall.json. Without it the
    /// key inside the document is used.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(data: &Path, arguments: &VerifyArguments) -> anyhow::Result<ExitCode> {
    let Some(file) = &arguments.file else { return check_log(data, arguments) };
    let known = match &arguments.key {
        None => None,
        Some(path) => {
            let text = String::from_utf8(read(path, KEYS_BYTES_MAX)?).unwrap_or_default();
            Some(KnownKeys::read(&text).with_context(|| format!("{}", path.display()))?)
        }
    };
    let report = verify(&read(file, FILE_BYTES_MAX)?, known.as_ref());
    if arguments.json {
        print_json(&report)?;
    } else {
        print(&format!("{}: {}\n", file.display(), report.sentences().join("\n")))?;
    }
    Ok(ExitCode::from(if report.valid { 0 } else { FAILED }))
}

/// Walks through the log of all cases.
fn check_log(data: &Path, arguments: &VerifyArguments) -> anyhow::Result<ExitCode> {
    let Some(desk) = arguments.store.desk(data)? else { bail!("there are no cases in {}", data.display()) };
    let check = block_on(desk.verify_log())??;
    if arguments.json {
        print_json(&check)?;
    } else {
        let told = match &check.problem {
            None => format!("{} lines, each fits the one before. The last is {}.", check.events, check.head),
            Some(problem) => format!("NOT as it was written: line {}: {}", problem.seq, problem.what),
        };
        print(&format!("log of the cases: {told}\n"))?;
    }
    Ok(ExitCode::from(if check.problem.is_none() { 0 } else { FAILED }))
}

fn read(path: &Path, bytes_max: u64) -> anyhow::Result<Vec<u8>> {
    let size = fs::metadata(path).with_context(|| format!("{} cannot be read", path.display()))?.len();
    if size > bytes_max {
        bail!("{} has {size} bytes; nothing that is checked here is larger than {bytes_max}", path.display());
    }
    fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}
