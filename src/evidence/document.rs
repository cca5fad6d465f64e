//! A signed document: a JSON object whose every part has a fingerprint, with one signature over all of them.
//!
//! ```text
//! { "format": "rollcall-receipt/1",
//!   ...the parts, each a member of its own...,
//!   "parts": { name: SHA-256 of the canonical bytes of that member, for every member but parts and signature },
//!   "signature": { "algorithm": "Ed25519", "key_id", "public_key", "value" } }
//! ```
//!
//! What is signed is [`SEPARATOR`] and then the canonical bytes of all but `signature`. The file is the canonical bytes
//! of the whole and one line end, nothing else. Keys, signatures and fingerprints are lower-case hexadecimal.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::canonical::{self, CanonicalError};
use super::signing::{ALGORITHM, PrivateKey};

/// Stands before what is signed, so that a signature made here can never be one over something else.
pub const SEPARATOR: &[u8] = b"rollcall-signed-document/1\n";

/// Records found, and where they stand.
pub const EVIDENCE: &str = "rollcall-evidence/1";
/// A decision about a person's row, and its place in a removal set.
pub const RECEIPT: &str = "rollcall-receipt/1";
/// What trainers take out.
pub const REMOVAL_SET: &str = "rollcall-removal-set/1";
/// That a removal set was applied to a file.
pub const ATTESTATION: &str = "rollcall-attestation/1";
/// The kinds of document known here, each in words.
pub const FORMATS: [(&str, &str); 4] = [
    (EVIDENCE, "an evidence pack"),
    (RECEIPT, "a receipt"),
    (REMOVAL_SET, "a removal set"),
    (ATTESTATION, "an attestation that a removal set was applied"),
];

/// Members that are not parts.
pub const PARTS: &str = "parts";
pub const SIGNATURE: &str = "signature";
/// The part that says what kind of document it is.
pub const FORMAT: &str = "format";
/// The part that says when it was made (ISO 8601), where a document has one.
pub const MADE_AT: &str = "made_at";

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    #[error("part {part}: {source}")]
    Part { part: String, source: CanonicalError },
    #[error("no part may be called {0}: the document itself uses that name")]
    Reserved(String),
    #[error("part names are lower-case letters, digits and underscores: {0:?} is none")]
    Name(String),
}

/// A document with its signature.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    members: Map<String, Value>,
    bytes: Vec<u8>,
}

impl Document {
    /// Signs parts, given as a JSON object's members.
    pub fn sign(format: &str, parts: Map<String, Value>, key: &PrivateKey) -> Result<Self, DocumentError> {
        let mut members = Map::new();
        members.insert(FORMAT.to_owned(), Value::from(format));
        for (name, part) in parts {
            if [FORMAT, PARTS, SIGNATURE].contains(&name.as_str()) {
                return Err(DocumentError::Reserved(name));
            }
            if name.is_empty() || !name.bytes().all(is_name_byte) {
                return Err(DocumentError::Name(name));
            }
            members.insert(name, part);
        }
        let listed = fingerprints(&members)?;
        members.insert(PARTS.to_owned(), Value::Object(listed));
        let whole = |error| DocumentError::Part { part: "document".to_owned(), source: error };
        let value = hex::encode(key.sign(&signed_bytes(&members).map_err(whole)?));
        let public = key.public();
        let signature = json!({
            "algorithm": ALGORITHM,
            "key_id": public.id(),
            "public_key": public.to_hex(),
            "value": value,
        });
        members.insert(SIGNATURE.to_owned(), signature);
        let bytes = file_bytes(&members).map_err(whole)?;
        Ok(Self { members, bytes })
    }

    /// The file: canonical bytes and a line end.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// SHA-256 of the file, in hexadecimal: what a content-addressed document is called by.
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.bytes))
    }

    pub fn part(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// All members, `format`, `parts` and `signature` too.
    pub fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// The name of the key that signed it.
    pub fn key_id(&self) -> &str {
        self.members[SIGNATURE]["key_id"].as_str().unwrap_or_default()
    }
}

/// What part names are made of.
pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
}

/// The fingerprint of every member but `parts` and `signature`.
pub(super) fn fingerprints(members: &Map<String, Value>) -> Result<Map<String, Value>, DocumentError> {
    let parts = members.iter().filter(|(name, _)| ![PARTS, SIGNATURE].contains(&name.as_str()));
    parts
        .map(|(name, part)| match canonical::to_bytes(part) {
            Ok(bytes) => Ok((name.clone(), Value::from(hex::encode(Sha256::digest(bytes))))),
            Err(source) => Err(DocumentError::Part { part: name.clone(), source }),
        })
        .collect()
}

/// What the signature is made over.
pub(super) fn signed_bytes(members: &Map<String, Value>) -> Result<Vec<u8>, CanonicalError> {
    let mut unsigned = members.clone();
    unsigned.shift_remove(SIGNATURE);
    let mut message = SEPARATOR.to_vec();
    message.extend(canonical::to_bytes(&Value::Object(unsigned))?);
    Ok(message)
}

/// The file that these members make.
pub(super) fn file_bytes(members: &Map<String, Value>) -> Result<Vec<u8>, CanonicalError> {
    let mut bytes = canonical::to_bytes(&Value::Object(members.clone()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn the_same_parts_and_key_give_the_same_file_whatever_their_order() {
        let key = PrivateKey::from_seed(&[1; 32]);
        let one = Document::sign(RECEIPT, parts(&json!({"a": 1, "b": [true]})), &key).unwrap();
        let other = Document::sign(RECEIPT, parts(&json!({"b": [true], "a": 1})), &key).unwrap();
        assert_eq!(one.bytes(), other.bytes());
        assert_eq!(one.key_id(), key.public().id());
        assert!(one.bytes().starts_with(b"{\"a\":1,\"b\":[true],\"format\":\"rollcall-receipt/1\",\"parts\":{"));
        assert!(one.bytes().ends_with(b"}\n"));
    }

    #[test]
    fn what_cannot_be_signed_is_told_with_its_part() {
        let key = PrivateKey::from_seed(&[1; 32]);
        let refused = |value| Document::sign(RECEIPT, parts(value), &key).unwrap_err();
        assert!(matches!(refused(&json!({"score": 0.5})), DocumentError::Part { part, .. } if part == "score"));
        assert_eq!(refused(&json!({"parts": 1})), DocumentError::Reserved("parts".into()));
        assert_eq!(refused(&json!({"Über": 1})), DocumentError::Name("Über".into()));
    }
}
