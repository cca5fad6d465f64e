//! The statement that a set was applied: what went in, what came out, and by which version; signed by the maintainer.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::output::write_whole;
use super::{Applied, Mode};
use crate::evidence::canonical;
use crate::evidence::document::{ATTESTATION, Document, FORMAT};
use crate::evidence::signing::PrivateKey;
use crate::removal::RemovalError;
use crate::removal::set_file::SetFile;
use crate::timestamp::Timestamp;

/// Where the attestation of an output stands.
pub fn path_of(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".attestation.json");
    name.into()
}

/// Writes the attestation beside the output; with a key it is a signed document, without one plain JSON that says so.
pub fn write(
    out: &Path,
    set: &SetFile,
    applied: &Applied,
    mode: Mode,
    at: Timestamp,
    key: Option<&PrivateKey>,
) -> Result<(), RemovalError> {
    let mut parts = parts_of(set, applied, mode, at);
    let bytes = if let Some(key) = key {
        Document::sign(ATTESTATION, parts, key)?.into_bytes()
    } else {
        parts.insert(FORMAT.to_owned(), Value::from(ATTESTATION));
        parts.insert("note".to_owned(), Value::from("not signed: apply with --key FILE to sign it"));
        let mut bytes = canonical::to_bytes(&Value::Object(parts))?;
        bytes.push(b'\n');
        bytes
    };
    write_whole(&path_of(out), &bytes)
}

fn parts_of(set: &SetFile, applied: &Applied, mode: Mode, at: Timestamp) -> Map<String, Value> {
    let signed = set.signed.as_ref();
    let found = &applied.found;
    let by: Map<String, Value> = found.by.iter().map(|(by, rows)| (by.name().to_owned(), Value::from(*rows))).collect();
    let parts = json!({
        "made_at": at.to_string(),
        "made_with": concat!("rollcall ", env!("CARGO_PKG_VERSION")),
        "set": {
            "dataset": signed.map(|signed| signed.set.dataset.clone()),
            "version": signed.map(|signed| signed.set.version),
            "sha256": set.sha256,
        },
        "input": {"sha256": applied.input.sha256, "bytes": applied.input.bytes},
        "output": {"sha256": applied.output.sha256, "bytes": applied.output.bytes},
        "mode": mode.name(),
        "rows_in": applied.rows_in,
        "rows_out": applied.rows_out,
        "removed": found.rows.len(),
        "removed_by": by,
        "compared_by": found.compared,
        "unreadable_kept": found.unreadable,
        "near_copies_kept": found.near,
    });
    match parts {
        Value::Object(parts) => parts,
        _ => Map::new(),
    }
}
