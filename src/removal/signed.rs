//! A removal set as a signed document: one JSON file in canonical form, called by its own SHA-256.

use roaring::RoaringBitmap;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::blind::{self, TAG_BYTES, Tag};
use super::set::{KnownFile, RemovalSet, TreeHead, is_sha256};
use super::{RemovalError, base64};
use crate::evidence::document::{Document, FORMAT, PARTS, REMOVAL_SET, SIGNATURE};
use crate::evidence::signing::{ALGORITHM, PrivateKey, PublicKey};
use crate::evidence::{canonical, verify};

/// What a set says about itself, so that nobody takes it for more than it is.
const SAYS: &str = "Rows to take out of this dataset. For release files listed under files, by row number: whoever holds \
such a file can read which rows they are. For any other copy, by blinded hashes: without the original manifest they \
tell nothing; whoever holds it can compute the hash of any row in it and ask. Among the hashes are decoys, so their \
number does not say how many were granted.";
/// The kinds of fact a hash may stand for, in the words that are hashed before the fact.
const FACTS: [&str; 8] = ["url", "source_id", "sha256", "md5", "pdqa", "pdqa band N", "pdq", "pdq band N"];

/// A set with its signature.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedSet {
    pub set: RemovalSet,
    /// SHA-256 of the file: the set's name among all versions.
    pub sha256: String,
    pub seal: Seal,
    bytes: Vec<u8>,
}

/// Who signed, and the signature; hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    pub public_key: String,
    pub value: String,
}

impl SignedSet {
    /// Signs a set with the portal's key.
    pub fn sign(set: &RemovalSet, key: &PrivateKey) -> Result<Self, RemovalError> {
        let document = Document::sign(REMOVAL_SET, parts_of(set)?, key)?;
        Self::of(document.into_bytes())
    }

    /// Reads a set's file and checks its signature.
    ///
    /// # Errors
    /// Where it is no set, or one byte of it was changed: the error says which part.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, RemovalError> {
        let report = verify::verify(&bytes, None);
        if !report.valid {
            let faults: Vec<String> = report.faults.into_iter().map(|fault| fault.sentence).collect();
            return Err(RemovalError::NotTheSet(faults.join(" ")));
        }
        if report.format.as_deref() != Some(REMOVAL_SET) {
            return Err(RemovalError::NotTheSet(report.summary));
        }
        Self::of(bytes)
    }

    /// Puts a set together again from what an export holds of it: the same parts under the same signature.
    pub(super) fn rebuild(set: &RemovalSet, seal: &Seal) -> Result<Self, RemovalError> {
        let bad = |_| RemovalError::NotTheSet("its key is none".to_owned());
        let key_id = PublicKey::from_hex(&seal.public_key).map_err(bad)?.id();
        let mut members = parts_of(set)?;
        members.insert(FORMAT.to_owned(), Value::from(REMOVAL_SET));
        let mut prints = Map::new();
        for (name, part) in &members {
            prints.insert(name.clone(), Value::from(hex::encode(Sha256::digest(canonical::to_bytes(part)?))));
        }
        members.insert(PARTS.to_owned(), Value::Object(prints));
        let signature = json!({
            "algorithm": ALGORITHM,
            "key_id": key_id,
            "public_key": seal.public_key,
            "value": seal.value,
        });
        members.insert(SIGNATURE.to_owned(), signature);
        let mut bytes = canonical::to_bytes(&Value::Object(members))?;
        bytes.push(b'\n');
        Self::parse(bytes)
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The name of the key that signed it.
    pub fn key_id(&self) -> String {
        PublicKey::from_hex(&self.seal.public_key).map(PublicKey::id).unwrap_or_default()
    }

    fn of(bytes: Vec<u8>) -> Result<Self, RemovalError> {
        let members: Map<String, Value> =
            serde_json::from_slice(&bytes).map_err(|error| RemovalError::NotTheSet(error.to_string()))?;
        let set = set_of(&members).ok_or_else(|| {
            RemovalError::NotTheSet("its parts are not those of a removal set this program can read".to_owned())
        })?;
        let text = |name: &str| members[SIGNATURE][name].as_str().unwrap_or_default().to_owned();
        let seal = Seal { public_key: text("public_key"), value: text("value") };
        Ok(Self { set, sha256: hex::encode(Sha256::digest(&bytes)), seal, bytes })
    }
}

fn parts_of(set: &RemovalSet) -> Result<Map<String, Value>, RemovalError> {
    let mut files = Vec::with_capacity(set.files.len());
    for file in &set.files {
        files.push(json!({
            "sha256": file.sha256,
            "revision": file.revision,
            "count": file.rows.len(),
            "rows": base64::encode(&bitmap_bytes(&file.rows)?),
        }));
    }
    let uids: Vec<u8> = set.uids.iter().flat_map(|uid| uid.to_be_bytes()).collect();
    let parts = json!({
        "dataset": set.dataset,
        "version": set.version,
        "made_at": set.created,
        "predecessor": set.predecessor,
        "tree": set.tree.as_ref().map(|tree| json!({"root": tree.root, "leaves": tree.leaves})),
        "counts": {"files": set.files.len(), "rows_in_files": set.known_rows(), "hashes_with_decoys": set.tags.len()},
        "blinding": {
            "function": "HMAC-SHA256",
            "salt": hex::encode(set.salt),
            "message": "kind, a zero byte, the fact",
            "kinds": FACTS,
            "bytes_kept": TAG_BYTES,
            "false_matches": {
                "expected": format!("{:.1e}", blind::false_matches(set.tags.len())),
                "rows": blind::ROWS_STATED.to_string(),
                "facts_a_row": blind::FACTS_A_ROW,
            },
        },
        "files": files,
        "hashes": base64::encode(set.tags.as_flattened()),
        "uids": base64::encode(&uids),
        "says": SAYS,
    });
    match parts {
        Value::Object(parts) => Ok(parts),
        _ => Ok(Map::new()),
    }
}

/// The standard serialisation that every roaring library reads.
fn bitmap_bytes(rows: &RoaringBitmap) -> Result<Vec<u8>, RemovalError> {
    let mut bytes = Vec::with_capacity(rows.serialized_size());
    rows.serialize_into(&mut bytes).map_err(|error| RemovalError::NotTheSet(error.to_string()))?;
    Ok(bytes)
}

fn set_of(parts: &Map<String, Value>) -> Option<RemovalSet> {
    let text = |name: &str| parts.get(name)?.as_str();
    let maybe = |name: &str| match parts.get(name)? {
        Value::Null => Some(None),
        value => Some(Some(value.as_str()?.to_owned())),
    };
    let tree = match parts.get("tree")? {
        Value::Null => None,
        tree => Some(TreeHead { root: tree["root"].as_str()?.to_owned(), leaves: tree["leaves"].as_u64()? }),
    };
    let salt = hex::decode(parts.get("blinding")?["salt"].as_str()?).ok()?;
    let files = parts.get("files")?.as_array()?.iter().map(file_of).collect::<Option<Vec<_>>>()?;
    let uids = base64::decode(text("uids")?)?;
    let (uids, rest) = uids.as_chunks::<16>();
    let uids: Vec<u128> = uids.iter().map(|uid| u128::from_be_bytes(*uid)).collect();
    let tags = base64::decode(text("hashes")?)?;
    let (tags, rest_of_tags) = tags.as_chunks::<TAG_BYTES>();
    let tags: Vec<Tag> = tags.to_vec();
    let whole = rest.is_empty() && rest_of_tags.is_empty();
    let sorted = tags.is_sorted() && uids.is_sorted() && files.is_sorted_by(|a, b| a.sha256 < b.sha256);
    (whole && sorted).then_some(RemovalSet {
        dataset: text("dataset")?.to_owned(),
        version: u32::try_from(parts.get("version")?.as_u64()?).ok()?,
        created: text("made_at")?.to_owned(),
        predecessor: maybe("predecessor")?,
        tree,
        salt: salt.try_into().ok()?,
        files,
        tags,
        uids,
    })
}

fn file_of(value: &Value) -> Option<KnownFile> {
    let rows = base64::decode(value["rows"].as_str()?)?;
    let sha256 = value["sha256"].as_str()?.to_owned();
    is_sha256(&sha256).then_some(KnownFile {
        sha256,
        revision: value["revision"].as_str()?.to_owned(),
        rows: RoaringBitmap::deserialize_from(rows.as_slice()).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::removal::tests_support::{granted, set_of as built};

    fn signed() -> SignedSet {
        let rows: Vec<_> = (0..40).map(granted).collect();
        SignedSet::sign(&built(&rows), &PrivateKey::from_seed(&[4; 32])).unwrap()
    }

    #[test]
    fn a_signed_set_is_read_back_and_called_by_its_sha256() {
        let signed = signed();
        assert_eq!(SignedSet::parse(signed.bytes().to_vec()).unwrap(), signed);
        assert_eq!(signed.sha256, hex::encode(Sha256::digest(signed.bytes())));
        assert_eq!(SignedSet::rebuild(&signed.set, &signed.seal).unwrap(), signed);
        assert_eq!(signed.key_id(), PrivateKey::from_seed(&[4; 32]).public().id());
    }

    #[test]
    fn a_changed_byte_is_refused_with_the_part_it_is_in() {
        let bytes = signed().bytes().to_vec();
        let at = bytes.windows(10).position(|window| window == b"\"hashes\":\"").unwrap() + 30;
        let mut changed = bytes;
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let error = SignedSet::parse(changed).unwrap_err().to_string();
        assert!(error.contains("hashes"), "{error}");
    }

    #[test]
    fn nothing_of_a_row_stands_in_the_set_in_clear() {
        let text = String::from_utf8(signed().bytes().to_vec()).unwrap();
        for number in 0..40 {
            let row = granted(number);
            let clear = [row.url, row.sha256, row.md5, Some(row.codes[0].to_hex()), Some(row.file)];
            for fact in clear.into_iter().flatten() {
                assert!(!text.contains(&fact), "{fact}");
                assert!(!text.contains(&base64::encode(fact.as_bytes())[..12]), "{fact}");
            }
        }
        for word in ["jane", "portrait", "example", "part-0"] {
            assert!(!text.contains(word), "{word}");
        }
    }

    #[test]
    fn the_set_says_how_often_it_errs() {
        let signed = signed();
        let value: Value = serde_json::from_slice(signed.bytes()).unwrap();
        let stated: f64 = value["blinding"]["false_matches"]["expected"].as_str().unwrap().parse().unwrap();
        assert!(stated > 0.0 && stated < 1e-9);
    }
}
