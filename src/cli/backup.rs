//! `rollcall backup` and `rollcall restore`: the whole data directory in one file, and back.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;

use super::desk::DeskArguments;
use super::print;
use crate::takedown::desk::block_on;
use crate::takedown::store::FILE_NAME;

/// Compression: indexes hardly shrink further at higher levels, and a backup should not take the night.
const LEVEL: i32 = 3;

#[derive(Debug, Args)]
pub(super) struct BackupArguments {
    /// The backup to write (`.tar.zst`); must not be there yet.
    file: std::path::PathBuf,
    #[command(flatten)]
    desk: DeskArguments,
}

#[derive(Debug, Args)]
pub(super) struct RestoreArguments {
    /// The backup to read.
    file: std::path::PathBuf,
}

/// Writes a backup. The server may run meanwhile: cases are copied as they are at one moment, published revisions never
/// change.
pub(super) fn backup(data: &Path, arguments: &BackupArguments) -> anyhow::Result<ExitCode> {
    let to = &arguments.file;
    if !data.is_dir() {
        bail!("there is no data directory at {}", data.display());
    }
    let desk = arguments.desk.open(data)?;
    let near = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let scratch = tempfile::Builder::new().prefix(".rollcall-backup-").tempdir_in(near)?;
    let copy = scratch.path().join(FILE_NAME);
    let has_cases = block_on(desk.copy_store_to(&copy))??;
    let draft = scratch.path().join("backup.tar.zst");
    // It holds the signing key and every case: nobody else of this machine may read it.
    let file = File::options().write(true).create_new(true).mode(0o600).open(&draft);
    let file = BufWriter::new(file.with_context(|| format!("cannot write {}", draft.display()))?);
    let mut archive = tar::Builder::new(zstd::Encoder::new(file, LEVEL)?);
    archive.follow_symlinks(false);
    if has_cases {
        archive.append_path_with_name(&copy, FILE_NAME)?;
    }
    append(&mut archive, data, Path::new(""))?;
    let mut file = archive.into_inner()?.finish()?;
    file.flush()?;
    file.get_ref().sync_all()?;
    // A link, not a rename: it fails where a file is there already.
    std::fs::hard_link(&draft, to).with_context(|| format!("cannot make {} (is it there already?)", to.display()))?;
    let bytes = std::fs::metadata(to)?.len();
    print(&format!("wrote {}, {} MiB\n", to.display(), bytes.div_ceil(1 << 20)))?;
    if !has_cases {
        print("the cases lie in PostgreSQL and are not in this file: back them up with pg_dump\n")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Unpacks a backup into a data directory that is not there or empty.
pub(super) fn restore(data: &Path, arguments: &RestoreArguments) -> anyhow::Result<ExitCode> {
    let from = &arguments.file;
    if data.exists() && std::fs::read_dir(data)?.next().is_some() {
        bail!("{} is not empty: name a new directory with --data", data.display());
    }
    let file = File::open(from).with_context(|| format!("cannot read {}", from.display()))?;
    std::fs::create_dir_all(data)?;
    let mut archive = tar::Archive::new(zstd::Decoder::new(BufReader::new(file))?);
    archive.set_preserve_mtime(true);
    for entry in archive.entries().with_context(|| format!("{} is not a backup", from.display()))? {
        let mut entry = entry.with_context(|| format!("{} is damaged", from.display()))?;
        // Only what a backup of ours holds: files and directories, none of them outside.
        let kind = entry.header().entry_type();
        let name = entry.path()?.into_owned();
        if !(kind.is_file() || kind.is_dir()) || !entry.unpack_in(data)? {
            bail!("{} holds {}, which no backup of rollcall does", from.display(), name.display());
        }
    }
    print(&format!("restored {}\n", data.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// Adds what lies in `directory` under `name`, but for the live database, whose copy stands for it, and for drafts: they
/// change while an ingest runs and can be taken in again.
fn append<W: std::io::Write>(archive: &mut tar::Builder<W>, directory: &Path, name: &Path) -> anyhow::Result<()> {
    for entry in sorted(directory)? {
        let (path, file_name) = (entry.path(), entry.file_name());
        let is_database = name.as_os_str().is_empty() && file_name.to_string_lossy().starts_with(FILE_NAME);
        let name = name.join(&file_name);
        let kind = entry.file_type()?;
        let reading = || format!("cannot read {}", path.display());
        if kind.is_dir() {
            archive.append_dir(&name, &path).with_context(reading)?;
            if file_name != "drafts" {
                append(archive, &path, &name)?;
            }
        } else if kind.is_file() && !is_database {
            archive.append_path_with_name(&path, &name).with_context(reading)?;
        }
    }
    Ok(())
}

fn sorted(directory: &Path) -> anyhow::Result<Vec<std::fs::DirEntry>> {
    let mut entries = std::fs::read_dir(directory)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    Ok(entries)
}
