//! Where published removal sets lie.
//!
//! ```text
//! DATA/removals/SLUG/000001.json     the signed set, as it is handed out; never written again
//! DATA/removals/SLUG/000001.private  0600  whose rows stand where in its tree: what receipts are made from
//! DATA/removals/SLUG/000001.told     there once every case has heard of it
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::PublishingError;
use crate::evidence::well_known::PublishedRoot;
use crate::removal::signed::SignedSet;

/// The versions of all datasets in one data directory. Cheap to clone; every call looks at the disk.
#[derive(Debug, Clone)]
pub struct Versions {
    directory: PathBuf,
}

/// One version as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionLine {
    pub dataset: String,
    pub version: u32,
    /// ISO 8601.
    pub created: String,
    /// SHA-256 of the set's file: its name among all versions, and its `ETag`.
    pub sha256: String,
    pub predecessor: Option<String>,
    pub key_id: String,
    pub root: Option<String>,
    pub leaves: Option<String>,
    /// Release files whose rows are known by number.
    pub files: u64,
    /// Hashes, decoys among them.
    pub hashes: u64,
    pub bytes: u64,
}

/// A leaf of a version's tree that stands for somebody's row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct OwnedLeaf {
    pub case: String,
    /// Id of the record at filing.
    pub record: String,
    /// Hexadecimal.
    pub salt: String,
}

/// What must not be published of a version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Private {
    /// By case, then record.
    pub owned: Vec<OwnedLeaf>,
    /// All leaves in the order of the tree, hexadecimal; those that nobody owns fill it up.
    pub leaves: Vec<String>,
}

impl Versions {
    pub fn new(data: &Path) -> Self {
        Self { directory: data.join("removals") }
    }

    /// Every version of a dataset, oldest first.
    pub fn list(&self, slug: &str) -> Result<Vec<VersionLine>, PublishingError> {
        self.after(slug, 0)
    }

    /// The versions of a dataset after one: a version never changes, so whoever knows the older ones need not ask again.
    pub fn after(&self, slug: &str, known: u32) -> Result<Vec<VersionLine>, PublishingError> {
        let newer = self.numbers(slug)?.into_iter().filter(|version| *version > known);
        newer.map(|version| self.load(slug, version).map(|set| line(&set))).collect()
    }

    /// Datasets that have versions, by name.
    pub fn datasets(&self) -> Result<Vec<String>, PublishingError> {
        names_in(&self.directory)
    }

    /// The number of the newest version; reads no set.
    pub fn last_number(&self, slug: &str) -> Result<Option<u32>, PublishingError> {
        Ok(self.numbers(slug)?.pop())
    }

    pub fn latest(&self, slug: &str) -> Result<Option<SignedSet>, PublishingError> {
        let last = self.numbers(slug)?.pop();
        last.map(|version| self.load(slug, version)).transpose()
    }

    /// # Errors
    /// Where there is no such version, or its file is not what was signed.
    pub fn load(&self, slug: &str, version: u32) -> Result<SignedSet, PublishingError> {
        let path = self.path(slug, version, "json");
        let missing = || PublishingError::NoSuchVersion { dataset: slug.to_owned(), version };
        if !is_slug(slug) || !path.exists() {
            return Err(missing());
        }
        let bytes = fs::read(&path).map_err(PublishingError::io(&path))?;
        SignedSet::parse(bytes).map_err(|error| PublishingError::damaged(&path, error.to_string()))
    }

    /// The roots of all versions, for the well-known document.
    pub fn roots(&self) -> Result<Vec<PublishedRoot>, PublishingError> {
        let mut roots = Vec::new();
        for dataset in self.datasets()? {
            let lines = self.list(&dataset)?.into_iter();
            roots.extend(lines.filter_map(|line| {
                Some(PublishedRoot {
                    dataset: line.dataset,
                    version: line.version.to_string(),
                    root: line.root?,
                    sha256: line.sha256,
                    published_at: line.created,
                })
            }));
        }
        Ok(roots)
    }

    pub(super) fn private(&self, slug: &str, version: u32) -> Result<Private, PublishingError> {
        let path = self.path(slug, version, "private");
        let bytes = fs::read(&path).map_err(PublishingError::io(&path))?;
        serde_json::from_slice(&bytes).map_err(|error| PublishingError::damaged(&path, error.to_string()))
    }

    /// The private half first: a set is there only when its receipts can be made.
    pub(super) fn add(&self, set: &SignedSet, private: &Private) -> Result<(), PublishingError> {
        let (slug, version) = (&set.set.dataset, set.set.version);
        let directory = self.directory.join(slug);
        fs::create_dir_all(&directory).map_err(PublishingError::io(&directory))?;
        let private = serde_json::to_vec(private).unwrap_or_default();
        Self::write(&self.path(slug, version, "private"), &private, 0o600)?;
        Self::write(&self.path(slug, version, "json"), set.bytes(), 0o644)
    }

    pub(super) fn is_told(&self, slug: &str, version: u32) -> bool {
        self.path(slug, version, "told").exists()
    }

    pub(super) fn set_told(&self, slug: &str, version: u32) -> Result<(), PublishingError> {
        Self::write(&self.path(slug, version, "told"), b"", 0o644)
    }

    /// Held while the next version is made: two that publish at once make one version.
    pub(super) fn lock(&self, slug: &str) -> Result<File, PublishingError> {
        if !is_slug(slug) {
            return Err(PublishingError::NoSuchDataset(slug.to_owned()));
        }
        let directory = self.directory.join(slug);
        fs::create_dir_all(&directory).map_err(PublishingError::io(&directory))?;
        let path = directory.join("lock");
        let lock = File::create(&path).map_err(PublishingError::io(&path))?;
        lock.lock().map_err(PublishingError::io(&path))?;
        Ok(lock)
    }

    fn numbers(&self, slug: &str) -> Result<Vec<u32>, PublishingError> {
        if !is_slug(slug) {
            return Ok(Vec::new());
        }
        let names = names_in(&self.directory.join(slug))?;
        let mut numbers: Vec<u32> = names.iter().filter_map(|name| name.strip_suffix(".json")?.parse().ok()).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn path(&self, slug: &str, version: u32, extension: &str) -> PathBuf {
        self.directory.join(slug).join(format!("{version:06}.{extension}"))
    }

    /// Whole or not at all, and on the disk before it returns.
    fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), PublishingError> {
        let draft = path.with_extension("draft");
        let written = (|| {
            let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&draft)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&draft, path)?;
            path.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())
        })();
        written.map_err(PublishingError::io(path))
    }
}

fn line(set: &SignedSet) -> VersionLine {
    let tree = set.set.tree.as_ref();
    VersionLine {
        dataset: set.set.dataset.clone(),
        version: set.set.version,
        created: set.set.created.clone(),
        sha256: set.sha256.clone(),
        predecessor: set.set.predecessor.clone(),
        key_id: set.key_id(),
        root: tree.map(|tree| tree.root.clone()),
        leaves: tree.map(|tree| tree.leaves.to_string()),
        files: set.set.files.len() as u64,
        hashes: set.set.tags.len() as u64,
        bytes: set.bytes().len() as u64,
    }
}

/// What names a dataset becomes a name on the disk here: letters, digits and a few signs, nothing that climbs.
fn is_slug(slug: &str) -> bool {
    !slug.is_empty()
        && slug.len() <= 100
        && !slug.starts_with('.')
        && slug.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

fn names_in(directory: &Path) -> Result<Vec<String>, PublishingError> {
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(PublishingError::io(directory))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(PublishingError::io(directory))?;
        names.extend(entry.file_name().to_str().map(str::to_owned));
    }
    names.sort_unstable();
    Ok(names)
}
