//! Ed25519 keys: made from 32 random bytes, kept as PEM, named by their fingerprint; signing and checking with them.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use ed25519_dalek::ed25519::pkcs8::KeypairBytes;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// What documents and the list of keys call the algorithm; browsers know it by the same name.
pub const ALGORITHM: &str = "Ed25519";
/// Random bytes a key is made from.
pub const SEED_BYTES: usize = 32;
/// Bytes of the fingerprint that name a key: 64 bits tell the handful of keys of a portal apart.
const KEY_ID_BYTES: usize = 8;
/// A PEM key has about 120 bytes; anything far longer is another file.
const PEM_BYTES_MAX: u64 = 16 << 10;

#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    #[error("{path}: {source}")]
    Io { path: String, source: std::io::Error },
    #[error("{0} is there already: a key is never written over; choose another file or move this one away")]
    Exists(String),
    #[error(
        "this is no Ed25519 private key in PEM (-----BEGIN PRIVATE KEY-----): make one with rollcall key make --out FILE"
    )]
    NoPrivateKey,
    #[error("this is no Ed25519 public key: a PEM file (-----BEGIN PUBLIC KEY-----) or 64 hexadecimal digits are read")]
    NoPublicKey,
    #[error("{0} is far too large for a key")]
    TooLarge(String),
    #[error(
        "the list of keys {0} is damaged: restore it from a backup, or move the keys directory away to begin with a new key"
    )]
    DamagedRing(String),
    #[error("{0} has no signing key yet: it is made when the portal is first served")]
    NoKey(String),
}

impl SigningError {
    pub(super) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.display().to_string();
        move |source| Self::Io { path, source }
    }
}

/// A key that signs. Never printed, never logged.
#[derive(Clone)]
pub struct PrivateKey(SigningKey);

/// A key that checks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PrivateKey {
    /// A key from 32 bytes of randomness.
    pub fn from_seed(seed: &[u8; SEED_BYTES]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// Reads PKCS#8 in PEM, as this program and OpenSSL write it.
    pub fn from_pem(pem: &str) -> Result<Self, SigningError> {
        SigningKey::from_pkcs8_pem(pem.trim()).map(Self).map_err(|_| SigningError::NoPrivateKey)
    }

    /// Reads a PEM file.
    pub fn read(path: &Path) -> Result<Self, SigningError> {
        Self::from_pem(&read_small(path)?)
    }

    /// PKCS#8 in PEM: the older of its two forms, which every OpenSSL reads.
    pub fn to_pem(&self) -> Result<String, SigningError> {
        let pair = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        pair.to_pkcs8_pem(LineEnding::LF).map(|pem| pem.as_str().to_owned()).map_err(|_| SigningError::NoPrivateKey)
    }

    /// Writes a new file that only its owner can read; a file that is there already stays as it is.
    pub fn write_new(&self, path: &Path) -> Result<(), SigningError> {
        let pem = self.to_pem()?;
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let mut file = file.map_err(|source| match source.kind() {
            std::io::ErrorKind::AlreadyExists => SigningError::Exists(path.display().to_string()),
            _ => SigningError::io(path)(source),
        })?;
        file.write_all(pem.as_bytes()).and_then(|()| file.sync_all()).map_err(SigningError::io(path))
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// 64 bytes. The same message always gives the same signature.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.public().id())
    }
}

impl PublicKey {
    /// Reads 64 hexadecimal digits, as documents hold it.
    pub fn from_hex(digits: &str) -> Result<Self, SigningError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| SigningError::NoPublicKey)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| SigningError::NoPublicKey)?;
        // A weak key "verifies" signatures that nobody made.
        if key.is_weak() { Err(SigningError::NoPublicKey) } else { Ok(Self(key)) }
    }

    pub fn to_hex(self) -> String {
        hex::encode(self.0.as_bytes())
    }

    /// Reads a PEM public key.
    pub fn from_pem(pem: &str) -> Result<Self, SigningError> {
        let key = VerifyingKey::from_public_key_pem(pem.trim()).map_err(|_| SigningError::NoPublicKey)?;
        Self::from_hex(&hex::encode(key.as_bytes()))
    }

    pub fn to_pem(self) -> Result<String, SigningError> {
        self.0.to_public_key_pem(LineEnding::LF).map_err(|_| SigningError::NoPublicKey)
    }

    /// The name of the key: the first 16 hexadecimal digits of the SHA-256 of its 32 bytes.
    pub fn id(self) -> String {
        hex::encode(&Sha256::digest(self.0.as_bytes())[..KEY_ID_BYTES])
    }

    /// Whether the holder of the private key signed exactly this message.
    pub fn verify(self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.id())
    }
}

/// Reads a file that should be a key, and no more of it than a key has.
pub(super) fn read_small(path: &Path) -> Result<String, SigningError> {
    let size = fs::metadata(path).map_err(SigningError::io(path))?.len();
    if size > PEM_BYTES_MAX {
        return Err(SigningError::TooLarge(path.display().to_string()));
    }
    fs::read_to_string(path).map_err(SigningError::io(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_from_its_pem_and_signs_the_same() {
        let key = PrivateKey::from_seed(&[9; 32]);
        let again = PrivateKey::from_pem(&key.to_pem().unwrap()).unwrap();
        assert_eq!(again.public(), key.public());
        assert_eq!(again.sign(b"x"), key.sign(b"x"));
        assert_eq!(PublicKey::from_pem(&key.public().to_pem().unwrap()).unwrap(), key.public());
        assert_eq!(PublicKey::from_hex(&key.public().to_hex()).unwrap(), key.public());
        assert_eq!(key.public().id().len(), 16);
    }

    /// RFC 8032, section 7.1, test 2.
    #[test]
    fn signatures_are_those_of_the_standard() {
        let seed = hex::decode("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb").unwrap();
        let key = PrivateKey::from_seed(seed.as_slice().try_into().unwrap());
        assert_eq!(key.public().to_hex(), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        let signature = key.sign(&[0x72]);
        assert!(hex::encode(signature).starts_with("92a009a9f0d4cab8720e820b5f642540"));
        assert!(key.public().verify(&[0x72], &signature));
        assert!(!key.public().verify(&[0x73], &signature));
        assert!(!key.public().verify(&[0x72], &signature[..63]));
    }

    #[test]
    fn a_key_that_verifies_anything_is_refused() {
        assert!(PublicKey::from_hex(&format!("01{}", "00".repeat(31))).is_err());
        assert!(PublicKey::from_hex("zz").is_err());
        assert!(PublicKey::from_pem("-----BEGIN CERTIFICATE-----").is_err());
    }

    #[test]
    fn a_key_file_is_private_and_never_written_over() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("mine.pem");
        PrivateKey::from_seed(&[1; 32]).write_new(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let error = PrivateKey::from_seed(&[2; 32]).write_new(&path).unwrap_err();
        assert!(matches!(error, SigningError::Exists(_)));
        assert_eq!(PrivateKey::read(&path).unwrap().public(), PrivateKey::from_seed(&[1; 32]).public());
    }

    #[test]
    fn a_key_is_not_told_by_its_debug_text() {
        let key = PrivateKey::from_seed(&[3; 32]);
        assert_eq!(format!("{key:?}"), format!("PrivateKey({})", key.public().id()));
    }
}
