//! Authorities of the operator's own, whose certificates are trusted beside those that everybody trusts.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use ureq::tls::{Certificate, PemItem, RootCerts, parse_pem};

/// Largest file of certificates, bytes: the bundle of all public authorities is a quarter of it.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Certificates of authorities, as a PEM file holds them. Cheap to clone.
#[derive(Clone)]
pub struct Authorities(Arc<Vec<Certificate<'static>>>);

#[derive(Debug, thiserror::Error)]
pub enum AuthoritiesError {
    #[error("the certificates in {path} cannot be read: {source}")]
    Read { path: String, source: std::io::Error },
    #[error("{path} is larger than a file of certificates is: name one with the certificates of your own authority")]
    TooLarge { path: String },
    #[error("{path} holds no certificate: it has to be in PEM, from -----BEGIN CERTIFICATE----- on")]
    NoCertificate { path: String },
    #[error("{path} holds a private key: take it out, only certificates belong here")]
    PrivateKey { path: String },
    #[error("{path} is damaged: {source}")]
    Damaged { path: String, source: ureq::Error },
}

impl Authorities {
    /// Reads a PEM file.
    pub fn read(path: &Path) -> Result<Self, AuthoritiesError> {
        let name = path.display().to_string();
        let read = |source| AuthoritiesError::Read { path: name.clone(), source };
        if std::fs::metadata(path).map_err(read)?.len() > FILE_BYTES_MAX {
            return Err(AuthoritiesError::TooLarge { path: name });
        }
        Self::from_pem(&std::fs::read(path).map_err(read)?, &name)
    }

    /// Reads the text of a PEM file; `path` is what errors call it.
    pub fn from_pem(pem: &[u8], path: &str) -> Result<Self, AuthoritiesError> {
        let path = || path.to_owned();
        let mut all = Vec::new();
        for item in parse_pem(pem) {
            match item.map_err(|source| AuthoritiesError::Damaged { path: path(), source })? {
                PemItem::Certificate(certificate) => all.push(certificate),
                PemItem::PrivateKey(_) => return Err(AuthoritiesError::PrivateKey { path: path() }),
                _ => {}
            }
        }
        if all.is_empty() { Err(AuthoritiesError::NoCertificate { path: path() }) } else { Ok(Self(Arc::new(all))) }
    }

    /// As the client wants them.
    pub(super) fn roots(&self) -> RootCerts {
        RootCerts::Specific(self.0.clone())
    }
}

impl fmt::Debug for Authorities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authorities({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_is_told_apart() {
        let read = |pem: &str| Authorities::from_pem(pem.as_bytes(), "own.pem").map_err(|error| error.to_string());
        let block = |kind: &str, body: &str| format!("-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n");
        assert_eq!(format!("{:?}", read(&block("CERTIFICATE", "AAEC").repeat(2)).unwrap()), "Authorities(2)");
        assert!(read("").unwrap_err().contains("own.pem holds no certificate"));
        assert!(read("<html>").unwrap_err().contains("holds no certificate"));
        assert!(read(&block("PRIVATE KEY", "AAEC")).unwrap_err().contains("private key"));
        assert!(read(&block("CERTIFICATE", "!!")).unwrap_err().contains("damaged"));
        let missing = Authorities::read(Path::new("no/such.pem")).unwrap_err().to_string();
        assert!(missing.contains("no/such.pem cannot be read"), "{missing}");
    }
}
