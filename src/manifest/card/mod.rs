//! Dataset cards: what a publisher wrote about the whole, from a Hugging Face README, `dataset_infos.json` or
//! Croissant JSON-LD.
//!
//! Used by the ingest room once a revision. Facts are copied, never judged; what is missing stays missing, and a
//! field of an unexpected shape is passed over rather than refused.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::dataset::DatasetCard;

mod croissant;
mod hugging_face;

/// Largest README or `dataset_infos.json`, bytes: the longest real ones, with hundreds of configurations, have about 1 MiB.
const CARD_BYTES_MAX: u64 = 4 << 20;
/// Largest Croissant file: some list every file of the dataset.
const CROISSANT_BYTES_MAX: u64 = 16 << 20;
/// Longest description kept, characters: a page shows a paragraph, not a paper.
const DESCRIPTION_CHARS_MAX: usize = 4_000;
/// Longest other text kept, characters.
const TEXT_CHARS_MAX: usize = 500;
/// Most entries kept of a list.
const LIST_MAX: usize = 1_000;
/// Bytes looked at to tell whether a README has front matter.
const FRONT_BYTES: u64 = 64;

#[derive(Debug, thiserror::Error)]
pub enum CardError {
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{path} is larger than {limit} bytes, too large for a dataset card", path = path.display())]
    TooLarge { path: PathBuf, limit: u64 },
    #[error("{path} is no dataset card: {detail}", path = path.display())]
    Unreadable { path: PathBuf, detail: String },
}

/// Reads a card of any of the three kinds.
///
/// # Errors
/// Where the file cannot be read, is too large, or is neither a README with or without front matter nor one of the
/// two kinds of JSON.
pub fn read_card(path: &Path) -> Result<DatasetCard, CardError> {
    let is_json = path
        .extension()
        .is_some_and(|ending| ["json", "jsonld"].iter().any(|known| ending.eq_ignore_ascii_case(known)));
    let bytes = read_at_most(path, if is_json { CROISSANT_BYTES_MAX } else { CARD_BYTES_MAX })?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_start_matches('\u{feff}');
    let unreadable = |detail: String| CardError::Unreadable { path: path.to_owned(), detail };
    if !is_json {
        return hugging_face::readme(text).map_err(unreadable);
    }
    let json: serde_json::Value = serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))?;
    if croissant::is_croissant(&json) {
        return Ok(croissant::card(&json));
    }
    if bytes.len() as u64 > CARD_BYTES_MAX {
        return Err(CardError::TooLarge { path: path.to_owned(), limit: CARD_BYTES_MAX });
    }
    hugging_face::infos(&json).ok_or_else(|| unreadable("neither Croissant nor dataset_infos.json".to_owned()))
}

/// The card that lies in or beside the paths to be ingested. Croissant says most about columns, a README about
/// licence and contact: a README with front matter goes first, then Croissant, then `dataset_infos.json`.
pub fn find_card(paths: &[PathBuf]) -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for path in paths {
        let folder = if path.is_dir() { path.clone() } else { path.parent().map(Path::to_owned).unwrap_or_default() };
        let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
        // A shard usually lies in `data/`, one below its card.
        let above = if path.is_dir() { None } else { folder.parent().map(Path::to_owned) };
        let above = above.filter(|_| folder.file_name().is_some_and(|name| name == "data" || name == "train"));
        for folder in [Some(folder), above].into_iter().flatten() {
            if !folders.contains(&folder) {
                folders.push(folder);
            }
        }
    }
    let file = |name: &str, fits: fn(&Path) -> bool| {
        folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file() && fits(path))
    };
    file("README.md", has_front_matter)
        .or_else(|| file("croissant.json", is_croissant_file))
        .or_else(|| file("metadata.json", is_croissant_file))
        .or_else(|| file("dataset_infos.json", |_| true))
}

fn has_front_matter(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(FRONT_BYTES).read_to_end(&mut start));
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
    read.is_ok() && (start.starts_with(b"---\n") || start.starts_with(b"---\r\n"))
}

fn is_croissant_file(path: &Path) -> bool {
    let Ok(bytes) = read_at_most(path, CROISSANT_BYTES_MAX) else { return false };
    serde_json::from_slice(&bytes).is_ok_and(|json| croissant::is_croissant(&json))
}

fn read_at_most(path: &Path, limit: u64) -> Result<Vec<u8>, CardError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes));
    read.map_err(|source| CardError::Io { path: path.to_owned(), source })?;
    if bytes.len() as u64 > limit {
        return Err(CardError::TooLarge { path: path.to_owned(), limit });
    }
    Ok(bytes)
}

/// White space collapsed; `None` for nothing and for what cards write instead of nothing.
fn tidy(text: &str, chars_max: usize) -> Option<String> {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let nothing =
        ["", "none", "null", "unknown", "n/a", "tbd", "[more information needed]", "[needs more information]"];
    let lower = joined.to_ascii_lowercase();
    if nothing.contains(&lower.as_str()) || lower.contains("more information needed") && joined.len() < 200 {
        return None;
    }
    Some(shortened(joined, chars_max))
}

fn shortened(text: String, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text,
    }
}

fn push_once(list: &mut Vec<String>, entry: Option<String>) {
    if let Some(entry) = entry
        && list.len() < LIST_MAX
        && !list.contains(&entry)
    {
        list.push(entry);
    }
}

#[cfg(test)]
mod tests;
