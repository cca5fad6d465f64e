//! Where things lie in the data directory, and how files get there without ever being half there.
//!
//! ```text
//! DATA/datasets/SLUG/CURRENT            name of the published revision
//! DATA/datasets/SLUG/WITHDRAWN          present when the operator took it out of search: the reason
//! DATA/datasets/SLUG/DERIVED_FROM       present where the operator named datasets it was made from: one a line
//! DATA/datasets/SLUG/revisions/REV/     a published revision, never changed
//! DATA/datasets/SLUG/drafts/REV/        a run that has not finished; nothing reads it but its own continuation
//! ```

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::IndexError;

/// Longest slug or revision name, bytes: they become directory names.
const NAME_BYTES_MAX: usize = 100;

const SOURCES: &str = "DERIVED_FROM";

/// Whether a dataset slug can be one: lower-case letters, digits, `-`, `_`, `.`, beginning with a letter or digit.
pub fn is_slug(text: &str) -> bool {
    is_name(text) && text.bytes().all(|b| !b.is_ascii_uppercase())
}

/// Whether a revision name can be one: letters, digits, `-`, `_`, `.`, `+`, beginning with a letter or digit.
pub fn is_name(text: &str) -> bool {
    (1..=NAME_BYTES_MAX).contains(&text.len())
        && text.as_bytes()[0].is_ascii_alphanumeric()
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'+'))
}

/// The directories of one data directory.
#[derive(Debug, Clone)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    pub fn new(data: &Path) -> Self {
        Self { root: data.join("datasets") }
    }

    pub fn dataset(&self, slug: &str) -> PathBuf {
        self.root.join(slug)
    }

    pub fn revision(&self, slug: &str, revision: &str) -> PathBuf {
        self.dataset(slug).join("revisions").join(revision)
    }

    pub fn draft(&self, slug: &str, revision: &str) -> PathBuf {
        self.dataset(slug).join("drafts").join(revision)
    }

    /// Slugs with a published revision, sorted.
    pub fn slugs(&self) -> Result<Vec<String>, IndexError> {
        let mut slugs = directory_names(&self.root)?;
        slugs.retain(|slug| is_slug(slug) && self.dataset(slug).join("CURRENT").exists());
        Ok(slugs)
    }

    /// Name of the published revision; `None` where there is none.
    pub fn current(&self, slug: &str) -> Result<Option<String>, IndexError> {
        read_line(&self.dataset(slug).join("CURRENT"))
    }

    /// Tells a published revision from one of the same name that was dropped and taken in again. Reads no file.
    pub fn identity(&self, slug: &str, revision: &str) -> Result<(u64, i64), IndexError> {
        use std::os::unix::fs::MetadataExt as _;
        let path = self.revision(slug, revision).join("revision");
        let meta = fs::metadata(&path).map_err(IndexError::io(&path))?;
        Ok((meta.ino(), meta.mtime() * 1_000_000_000 + meta.mtime_nsec()))
    }

    /// Names of all revisions kept, sorted.
    pub fn revisions(&self, slug: &str) -> Result<Vec<String>, IndexError> {
        directory_names(&self.dataset(slug).join("revisions"))
    }

    /// The operator's reason, where the dataset is withdrawn.
    pub fn withdrawn(&self, slug: &str) -> Result<Option<String>, IndexError> {
        read_line(&self.dataset(slug).join("WITHDRAWN"))
    }

    /// Makes a revision the one that is searched. Durable when it returns.
    pub fn set_current(&self, slug: &str, revision: &str) -> Result<(), IndexError> {
        write_durably(&self.dataset(slug).join("CURRENT"), revision.as_bytes())
    }

    /// Takes a dataset out of search for a reason, or with `None` puts it back. Durable when it returns.
    pub fn set_withdrawn(&self, slug: &str, reason: Option<&str>) -> Result<(), IndexError> {
        let directory = self.dataset(slug);
        let path = directory.join("WITHDRAWN");
        match reason {
            Some(reason) => write_durably(&path, reason.as_bytes()),
            None => match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(IndexError::io(&path)(error)),
                _ => sync_directory(&directory),
            },
        }
    }

    /// Datasets that this one was made from, as the operator named them.
    pub fn named_sources(&self, slug: &str) -> Result<Vec<String>, IndexError> {
        let text = read_line(&self.dataset(slug).join(SOURCES))?.unwrap_or_default();
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// Names all of them anew; each fits on a line. Durable when it returns.
    pub fn set_named_sources(&self, slug: &str, sources: &[String]) -> Result<(), IndexError> {
        write_durably(&self.dataset(slug).join(SOURCES), sources.join("\n").as_bytes())
    }

    /// Deletes one revision, or the whole dataset where it was the last.
    pub fn drop_revision(&self, slug: &str, revision: Option<&str>) -> Result<(), IndexError> {
        let dataset = self.dataset(slug);
        let doomed = match revision {
            // A name that is none could lead out of the directory.
            Some(revision) if !is_name(revision) || !self.revision(slug, revision).is_dir() => {
                return Err(IndexError::Refused(format!("{slug} has no revision called {revision}")));
            }
            Some(revision) if self.current(slug)?.as_deref() == Some(revision) => {
                return Err(IndexError::Refused(format!(
                    "{revision} is the revision of {slug} that is being searched: publish another one first, or drop the whole dataset"
                )));
            }
            Some(revision) if !self.revision(slug, revision).exists() => {
                return Err(IndexError::Refused(format!("there is no revision {revision} of {slug}")));
            }
            Some(revision) => self.revision(slug, revision),
            None => dataset,
        };
        // CURRENT goes first, so that a crash half-way leaves nothing that looks whole.
        if revision.is_none() {
            match fs::remove_file(doomed.join("CURRENT")) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(IndexError::io(&doomed)(error));
                }
                _ => {}
            }
        }
        fs::remove_dir_all(&doomed).map_err(IndexError::io(&doomed))
    }
}

/// Writes a small file so that after a crash it is either the old or the new one: new file, fsync, rename, fsync.
pub fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), IndexError> {
    let new = path.with_extension("new");
    let mut file = File::create(&new).map_err(IndexError::io(&new))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(IndexError::io(&new))?;
    fs::rename(&new, path).map_err(IndexError::io(path))?;
    sync_directory(path.parent().unwrap_or(Path::new(".")))
}

/// Makes renames and new names in a directory durable.
pub fn sync_directory(path: &Path) -> Result<(), IndexError> {
    File::open(path).and_then(|directory| directory.sync_all()).map_err(IndexError::io(path))
}

fn read_line(path: &Path) -> Result<Option<String>, IndexError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text.trim_end().to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(IndexError::io(path)(error)),
    }
}

fn directory_names(path: &Path) -> Result<Vec<String>, IndexError> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(IndexError::io(path)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(IndexError::io(path))?;
        if entry.path().is_dir()
            && let Ok(name) = entry.file_name().into_string()
        {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_directory() {
        for bad in ["", "..", ".hidden", "a/b", "a b", "-x", "é", &"x".repeat(101)] {
            assert!(!is_name(bad), "{bad}");
        }
        assert!(is_name("2024-11_v1.0+a") && is_slug("laion-400m") && !is_slug("LAION"));
    }

    #[test]
    fn dropping_a_revision_never_deletes_anything_but_an_old_revision() {
        let data = tempfile::tempdir().unwrap();
        let layout = Layout::new(data.path());
        for revision in ["1", "2"] {
            fs::create_dir_all(layout.revision("posts", revision)).unwrap();
        }
        layout.set_current("posts", "2").unwrap();
        for wrong in ["", "..", "../../other", "2", "9"] {
            let refused = layout.drop_revision("posts", Some(wrong));
            assert!(matches!(refused, Err(IndexError::Refused(_))), "{wrong:?}: {refused:?}");
        }
        assert_eq!(layout.revisions("posts").unwrap(), ["1", "2"]);
        layout.drop_revision("posts", Some("1")).unwrap();
        assert_eq!(layout.revisions("posts").unwrap(), ["2"]);
    }
}
