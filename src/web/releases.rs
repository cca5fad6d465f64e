//! New releases as maintainers upload them: streamed to the disk, looked through, deleted. What was found is kept in
//! memory for a while, so that the page that says it can be loaded again.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_multipart::{Field, Multipart};
use actix_web::web;
use futures_util::StreamExt as _;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::AppError;
use super::format;
use super::state::AppState;
use crate::publishing::PublishingError;
use crate::publishing::release::{ReleaseReport, Wanted};
use crate::removal::RemovalError;
use crate::removal::identity::ColumnHints;
use crate::removal::rescan::RescanRequest;

/// Where uploads wait, in the data directory. Backups leave out what is called so.
const DIRECTORY: &str = "drafts";
/// A connection that sends nothing for this long is given up.
const IDLE_MAX: Duration = Duration::from_secs(30);
/// Most files of one release in one upload; more are looked through on the command line.
const FILES_MAX: usize = 64;
/// Most parts of the form that are no files. Ours has two.
const FIELDS_MAX: usize = 8;
/// Longest field that is no file, bytes: a name of a dataset or a release.
const FIELD_BYTES_MAX: usize = 400;
/// Longest name of a file on the disk, bytes.
const NAME_BYTES_MAX: usize = 120;
/// What is read of a file that is too large after it was found to be: some browsers listen only when they have sent all.
const DRAIN_BYTES_MAX: usize = 64 << 20;
/// Reports kept: those of a busy day.
const REPORTS_MAX: usize = 32;

/// What all uploads share.
pub(super) struct Releases {
    directory: PathBuf,
    /// One at a time, from its first byte on: each fills the disk with a whole release and reads it.
    turn: Arc<Semaphore>,
    /// By their numbers, newest last.
    reports: Mutex<VecDeque<(u64, Arc<ReleaseReport>)>>,
}

/// An upload, on the disk; deleted when dropped.
pub(super) struct Upload {
    pub(super) dataset: String,
    pub(super) revision: String,
    directory: TempDir,
    files: Vec<PathBuf>,
    /// Given back when it has been looked through.
    _turn: OwnedSemaphorePermit,
}

impl Releases {
    /// Forgets what a server that was killed left behind.
    pub(super) fn new(data: &Path) -> Self {
        let directory = data.join(DIRECTORY);
        // Not being there is what it mostly is; anything else is told by the first upload.
        let _ = std::fs::remove_dir_all(&directory);
        Self { directory, turn: Arc::new(Semaphore::new(1)), reports: Mutex::default() }
    }

    pub(super) fn report(&self, number: u64) -> Option<Arc<ReleaseReport>> {
        let reports = self.reports.lock().unwrap_or_else(PoisonError::into_inner);
        reports.iter().find(|(known, _)| *known == number).map(|(_, report)| report.clone())
    }

    fn keep(&self, report: ReleaseReport) -> u64 {
        let mut reports = self.reports.lock().unwrap_or_else(PoisonError::into_inner);
        let number = reports.back().map_or(1, |(last, _)| last + 1);
        reports.push_back((number, Arc::new(report)));
        while reports.len() > REPORTS_MAX {
            reports.pop_front();
        }
        number
    }
}

/// Takes in a form's fields `dataset` and `revision` and its files. `may`: whether the account works on a dataset; asked
/// as soon as it is named, so that nobody fills the disk with what will be refused.
pub(super) async fn take_in(
    mut parts: Multipart,
    state: &AppState,
    may: impl Fn(&str) -> Result<(), AppError>,
) -> Result<Upload, AppError> {
    let turn = state.releases.turn.clone().try_acquire_owned().map_err(|_| AppError::Busy)?;
    let directory = directory(&state.releases.directory)?;
    let (mut dataset, mut revision, mut files) = (String::new(), String::new(), Vec::new());
    let (mut n_fields, mut left) = (0, state.limits.release_bytes_max);
    while let Some(field) = in_time(parts.next()).await? {
        let mut field = field.map_err(|_| broken())?;
        let is_file = field.name() == Some("release");
        if is_file {
            if files.len() == FILES_MAX {
                return Err(bad(format!(
                    "Up to {FILES_MAX} files at once. Look through larger releases with rollcall removals rescan."
                )));
            }
            let given = field.content_disposition().and_then(|part| part.get_filename()).unwrap_or_default();
            let path = place(directory.path(), given, files.len())?;
            let written = write(&mut field, &path, left, state.limits.release_bytes_max).await?;
            // A form without a file has a part without a name and without bytes.
            if written > 0 {
                files.push(path);
            }
            left -= written;
            continue;
        }
        n_fields += 1;
        if n_fields > FIELDS_MAX {
            return Err(bad("This form is not one of ours."));
        }
        let name = field.name().unwrap_or_default().to_owned();
        let value = short(&mut field).await?;
        match name.as_str() {
            "dataset" => {
                may(&value)?;
                dataset = value;
            }
            "revision" => revision = value,
            _ => {}
        }
    }
    if dataset.is_empty() {
        return Err(AppError::bad("dataset", "Say which dataset this is a release of."));
    }
    if revision.is_empty() {
        return Err(AppError::bad("revision", "Say what the release is called."));
    }
    if files.is_empty() {
        return Err(bad("No file came with this request. Choose the files of the release."));
    }
    Ok(Upload { dataset, revision, directory, files, _turn: turn })
}

/// Looks through an upload and tells the cases; gives the number of the report.
pub(super) async fn look_through(state: &AppState, upload: Upload) -> Result<u64, AppError> {
    let wanted = Wanted::of(&state.desk, &upload.dataset).await.map_err(failed)?;
    let scanned = web::block(move || {
        let Upload { revision, directory, files, .. } = upload;
        let request = RescanRequest { paths: &files, hints: ColumnHints::default(), codes: None };
        let scanned = wanted.scan(&request);
        drop(directory);
        (wanted, revision, scanned)
    });
    let (wanted, revision, scanned) = scanned.await.map_err(|error| AppError::internal(&error.into()))?;
    let report = wanted.tell(&state.desk, &revision, scanned.map_err(failed)?).await.map_err(failed)?;
    Ok(state.releases.keep(report))
}

fn failed(error: PublishingError) -> AppError {
    match error {
        // What the files are is the sender's matter.
        PublishingError::Removal(error @ RemovalError::Manifest(_)) => {
            bad(format!("These files could not be looked through: {error}."))
        }
        other => AppError::internal(&other.into()),
    }
}

fn directory(parent: &Path) -> Result<TempDir, AppError> {
    let made =
        std::fs::create_dir_all(parent).and_then(|()| tempfile::Builder::new().prefix("release-").tempdir_in(parent));
    made.map_err(|error| {
        AppError::internal(&anyhow::Error::from(error).context("an upload cannot be kept on the disk"))
    })
}

/// Where a file goes: under its own name, and beside others of the same name in a directory of its own.
fn place(directory: &Path, given: &str, number: usize) -> Result<PathBuf, AppError> {
    let name = file_name(given, number);
    let path = directory.join(&name);
    if !path.exists() {
        return Ok(path);
    }
    let own = directory.join(format!("{number}.d"));
    std::fs::create_dir_all(&own).map_err(|error| AppError::internal(&anyhow::Error::from(error)))?;
    Ok(own.join(name))
}

/// Streams a part to a file; gives its bytes.
async fn write(field: &mut Field, path: &Path, left: u64, most: u64) -> Result<u64, AppError> {
    let failed =
        |error: std::io::Error| AppError::internal(&anyhow::Error::from(error).context("an upload cannot be written"));
    let mut file = tokio::fs::File::create(path).await.map_err(failed)?;
    let mut written = 0;
    while let Some(chunk) = in_time(field.next()).await? {
        let chunk = chunk.map_err(|_| broken())?;
        written += chunk.len() as u64;
        if written > left {
            drain(field).await?;
            let most = format::bytes(&most.to_string());
            return Err(AppError::TooLarge {
                detail: format!(
                    "This release is larger than {most}, the most that can be uploaded here. Look through it where it lies, with rollcall removals rescan."
                ),
            });
        }
        file.write_all(&chunk).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)?;
    Ok(written)
}

/// Reads on for a while without keeping anything, so that the browser hears the answer.
async fn drain(field: &mut Field) -> Result<(), AppError> {
    let mut read = 0;
    while let Some(chunk) = in_time(field.next()).await? {
        read += chunk.map_err(|_| broken())?.len();
        if read > DRAIN_BYTES_MAX {
            break;
        }
    }
    Ok(())
}

async fn short(field: &mut Field) -> Result<String, AppError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = in_time(field.next()).await? {
        bytes.extend_from_slice(&chunk.map_err(|_| broken())?);
        if bytes.len() > FIELD_BYTES_MAX {
            return Err(bad("A field of this form is longer than any name."));
        }
    }
    Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
}

/// The name a file has in the release, as far as it is a plain one: rows are told to be where they were by it.
fn file_name(given: &str, number: usize) -> String {
    let name = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' }).collect();
    let name = name.trim_start_matches('.');
    // The end says the format.
    let name = &name[name.len().saturating_sub(NAME_BYTES_MAX)..];
    if name.is_empty() { format!("file-{number}") } else { name.to_owned() }
}

fn broken() -> AppError {
    bad("The upload broke off or is damaged. Nothing of it was kept; send it again.")
}

fn bad(detail: impl Into<String>) -> AppError {
    AppError::bad("release", detail)
}

async fn in_time<F: Future>(next: F) -> Result<F::Output, AppError> {
    tokio::time::timeout(IDLE_MAX, next).await.map_err(|_| AppError::UploadTimedOut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_outside_is_never_a_way_out_of_the_directory() {
        for (given, name) in [
            ("part-00000.parquet", "part-00000.parquet"),
            ("../../etc/passwd", "passwd"),
            ("C:\\data\\rows.csv.gz", "rows.csv.gz"),
            ("..", "file-3"),
            ("", "file-3"),
            (".hidden", "hidden"),
            ("Zeilen März.csv", "Zeilen_M_rz.csv"),
        ] {
            assert_eq!(file_name(given, 3), name, "{given}");
        }
        assert!(file_name(&format!("{}.csv", "x".repeat(500)), 0).ends_with("x.csv"));
    }
}
