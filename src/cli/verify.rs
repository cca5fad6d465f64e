//! `rollcall verify`: is this document as it was signed? Needs no server, no data directory, no network.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;

use super::{FAILED, print, print_json};
use crate::evidence::verify::{KnownKeys, verify};

/// Largest document read: a removal set of ten million rows is smaller.
const FILE_BYTES_MAX: u64 = 1 << 30;
/// Largest list of keys.
const KEYS_BYTES_MAX: u64 = 16 << 20;

#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// An evidence pack, a receipt, an attestation, a removal set.
    file: PathBuf,
    /// The key it should be signed by: a PEM public key, or the portal's saved /.well-known/rollcall.json. Without it the
    /// key inside the document is used.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &VerifyArguments) -> anyhow::Result<ExitCode> {
    let known = match &arguments.key {
        None => None,
        Some(path) => {
            let text = String::from_utf8(read(path, KEYS_BYTES_MAX)?).unwrap_or_default();
            Some(KnownKeys::read(&text).with_context(|| format!("{}", path.display()))?)
        }
    };
    let report = verify(&read(&arguments.file, FILE_BYTES_MAX)?, known.as_ref());
    if arguments.json {
        print_json(&report)?;
    } else {
        print(&format!("{}: {}\n", arguments.file.display(), report.sentences().join("\n")))?;
    }
    Ok(ExitCode::from(if report.valid { 0 } else { FAILED }))
}

fn read(path: &Path, bytes_max: u64) -> anyhow::Result<Vec<u8>> {
    let size = fs::metadata(path).with_context(|| format!("{} cannot be read", path.display()))?.len();
    if size > bytes_max {
        bail!("{} has {size} bytes; nothing that is checked here is larger than {bytes_max}", path.display());
    }
    fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}
