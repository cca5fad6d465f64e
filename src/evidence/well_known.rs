//! What the portal publishes at `/.well-known/rollcall.json`: all that is needed to check its documents elsewhere.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::document::{FORMATS, SEPARATOR};
use super::key_ring::PublishedKey;
use super::signing::ALGORITHM;

/// The root of a published removal set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedRoot {
    pub dataset: String,
    pub version: String,
    /// Hexadecimal, as in receipts.
    pub root: String,
    /// SHA-256 of the set's document.
    pub sha256: String,
    /// ISO 8601.
    pub published_at: String,
}

/// The document, unsigned: it is what signatures are checked against.
pub fn document(keys: &[PublishedKey], roots: &[PublishedRoot]) -> Value {
    json!({
        "format": "rollcall-keys/1",
        "algorithm": ALGORITHM,
        "keys": keys,
        "formats": FORMATS.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        "signed": {
            "canonical_form": "RFC 8785; whole numbers below 2^53 only",
            "separator": String::from_utf8_lossy(SEPARATOR),
            "over": "the separator, then the canonical form of the document without its member signature",
            "parts": "SHA-256 of the canonical form of each member but parts and signature",
        },
        "removal_sets": roots,
    })
}
