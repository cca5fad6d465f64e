//! The portal's keys in its data directory: the one that signs, and all that ever did.
//!
//! ```text
//! DATA/keys/            0700
//! DATA/keys/ring.json   0600  every public key with its dates, the present one last
//! DATA/keys/KEYID.pem   0600  the private key that signs; a retired one is deleted, so it cannot sign any more
//! DATA/keys/lock        held while the ring is changed
//! ```

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::signing::{PrivateKey, PublicKey, SEED_BYTES, SigningError};
use crate::timestamp::Timestamp;

/// A public key of the portal with its dates, as the well-known list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedKey {
    pub key_id: String,
    /// 64 hexadecimal digits.
    pub public_key: String,
    /// ISO 8601.
    pub made_at: String,
    /// `None` while it signs. What it signed before stays valid.
    pub retired_at: Option<String>,
}

/// The ring as its file has it.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Ring {
    keys: Vec<PublishedKey>,
}

/// Where the portal's keys lie. Cheap to clone; every call looks at the disk, so a rotation is seen at once by a server
/// that runs.
#[derive(Debug, Clone)]
pub struct KeyRing {
    directory: PathBuf,
}

impl KeyRing {
    /// The ring of a data directory; nothing is read or made yet.
    pub fn new(data: &Path) -> Self {
        Self { directory: data.join("keys") }
    }

    /// Makes the first key from the seed, where there is none. Two programs that start together agree on one.
    pub fn make_first(&self, seed: &[u8; SEED_BYTES], now_ms: i64) -> Result<(), SigningError> {
        if self.ring_path().exists() {
            return Ok(());
        }
        let _lock = self.lock()?;
        if self.ring_path().exists() {
            return Ok(());
        }
        self.add(Ring::default(), seed, now_ms).map(drop)
    }

    /// Retires the present key and makes a new one; says which.
    pub fn rotate(&self, seed: &[u8; SEED_BYTES], now_ms: i64) -> Result<PublishedKey, SigningError> {
        let _lock = self.lock()?;
        let ring = if self.ring_path().exists() { self.load()? } else { Ring::default() };
        self.add(ring, seed, now_ms)
    }

    /// Every key, the present one last.
    pub fn keys(&self) -> Result<Vec<PublishedKey>, SigningError> {
        if !self.ring_path().exists() {
            return Err(SigningError::NoKey(self.directory.display().to_string()));
        }
        Ok(self.load()?.keys)
    }

    /// The key that signs now.
    pub fn signer(&self) -> Result<PrivateKey, SigningError> {
        match self.present() {
            // A rotation between reading the list and reading the key deletes the key that was read of: look again.
            Err(SigningError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => self.present(),
            found => found,
        }
    }

    fn present(&self) -> Result<PrivateKey, SigningError> {
        let keys = self.keys()?;
        let present = keys.iter().rev().find(|key| key.retired_at.is_none()).ok_or_else(|| self.damaged())?;
        let path = self.key_path(&present.key_id);
        let mode = fs::metadata(&path).map_err(SigningError::io(&path))?.permissions().mode();
        if mode & 0o077 != 0 {
            tracing::warn!(path = %path.display(), "the portal's private key can be read by other accounts of this machine: chmod 600, and rotate it with rollcall key rotate if they are not trusted");
        }
        let key = PrivateKey::read(&path)?;
        if key.public().to_hex() == present.public_key { Ok(key) } else { Err(self.damaged()) }
    }

    /// Private key first, list second, old private key last: whenever it is cut short, the list names a key that is there.
    fn add(&self, mut ring: Ring, seed: &[u8; SEED_BYTES], now_ms: i64) -> Result<PublishedKey, SigningError> {
        let key = PrivateKey::from_seed(seed);
        let now = Timestamp::from_millis(now_ms).to_string();
        let added = PublishedKey {
            key_id: key.public().id(),
            public_key: key.public().to_hex(),
            made_at: now.clone(),
            retired_at: None,
        };
        key.write_new(&self.key_path(&added.key_id))?;
        let mut retired = Vec::new();
        for old in ring.keys.iter_mut().filter(|old| old.retired_at.is_none()) {
            old.retired_at = Some(now.clone());
            retired.push(self.key_path(&old.key_id));
        }
        ring.keys.push(added.clone());
        self.save(&ring)?;
        for path in retired {
            if let Err(error) = fs::remove_file(&path)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                return Err(SigningError::io(&path)(error));
            }
        }
        Ok(added)
    }

    fn load(&self) -> Result<Ring, SigningError> {
        let path = self.ring_path();
        let text = fs::read_to_string(&path).map_err(SigningError::io(&path))?;
        let ring: Ring = serde_json::from_str(&text).map_err(|_| self.damaged())?;
        let fits = |key: &PublishedKey| PublicKey::from_hex(&key.public_key).is_ok_and(|read| read.id() == key.key_id);
        if ring.keys.is_empty() || !ring.keys.iter().all(fits) { Err(self.damaged()) } else { Ok(ring) }
    }

    /// Durable and never half there: written beside, flushed, renamed.
    fn save(&self, ring: &Ring) -> Result<(), SigningError> {
        let (path, draft) = (self.ring_path(), self.directory.join("ring.json.new"));
        let mut text = serde_json::to_string_pretty(ring).map_err(|_| self.damaged())?;
        text.push('\n');
        let write = || {
            let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&draft, &path)?;
            File::open(&self.directory)?.sync_all()
        };
        write().map_err(SigningError::io(&path))
    }

    /// Makes the directory where there is none, and holds its lock until dropped.
    fn lock(&self) -> Result<File, SigningError> {
        let directory = &self.directory;
        if let Some(data) = directory.parent() {
            fs::create_dir_all(data).map_err(SigningError::io(data))?;
        }
        match DirBuilder::new().mode(0o700).create(directory) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(SigningError::io(directory)(error));
            }
            _ => {}
        }
        let path = directory.join("lock");
        let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
        let file = file.map_err(SigningError::io(&path))?;
        file.lock().map_err(SigningError::io(&path))?;
        Ok(file)
    }

    fn ring_path(&self) -> PathBuf {
        self.directory.join("ring.json")
    }

    fn key_path(&self, key_id: &str) -> PathBuf {
        self.directory.join(format!("{key_id}.pem"))
    }

    fn damaged(&self) -> SigningError {
        SigningError::DamagedRing(self.ring_path().display().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn the_first_key_is_made_once_and_only_its_owner_can_read_it() {
        let home = tempfile::tempdir().unwrap();
        let ring = KeyRing::new(&home.path().join("data"));
        assert!(matches!(ring.signer(), Err(SigningError::NoKey(_))));
        ring.make_first(&[1; 32], 0).unwrap();
        ring.make_first(&[2; 32], 0).unwrap();
        let key = ring.signer().unwrap();
        assert_eq!(key.public(), PrivateKey::from_seed(&[1; 32]).public());
        let keys = home.path().join("data/keys");
        assert_eq!(mode(&keys), 0o700);
        assert_eq!(mode(&keys.join("ring.json")), 0o600);
        assert_eq!(mode(&keys.join(format!("{}.pem", key.public().id()))), 0o600);
    }

    #[test]
    fn a_rotated_key_stays_listed_and_can_sign_no_more() {
        let home = tempfile::tempdir().unwrap();
        let ring = KeyRing::new(home.path());
        ring.make_first(&[1; 32], 1_000).unwrap();
        let old = ring.signer().unwrap();
        let new = ring.rotate(&[2; 32], 2_000).unwrap();
        assert_eq!(ring.signer().unwrap().public().id(), new.key_id);
        let keys = ring.keys().unwrap();
        assert_eq!(keys[0].key_id, old.public().id());
        assert_eq!(keys[0].retired_at.as_deref(), Some("1970-01-01T00:00:02Z"));
        assert_eq!(keys[1], new);
        assert!(!home.path().join(format!("keys/{}.pem", old.public().id())).exists());
    }

    #[test]
    fn a_damaged_list_is_told_and_nothing_is_signed() {
        let home = tempfile::tempdir().unwrap();
        let ring = KeyRing::new(home.path());
        ring.make_first(&[1; 32], 0).unwrap();
        let path = home.path().join("keys/ring.json");
        let text = fs::read_to_string(&path).unwrap().replace("\"public_key\": \"", "\"public_key\": \"00");
        fs::write(&path, text).unwrap();
        assert!(matches!(ring.signer(), Err(SigningError::DamagedRing(_))));
    }

    #[test]
    fn two_that_start_together_make_one_key() {
        let home = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for seed in 0..8 {
                let ring = KeyRing::new(home.path());
                scope.spawn(move || ring.make_first(&[seed; 32], 0).unwrap());
            }
        });
        assert_eq!(KeyRing::new(home.path()).keys().unwrap().len(), 1);
    }
}
