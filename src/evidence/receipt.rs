//! A receipt: what was decided about a person's rows, and the proof that each stands in a published removal set.
//!
//! A removal set names nobody: each of its leaves is a hash of a row's identity with a salt of its own, and only the
//! root of all leaves is published. The receipt gives its holder the identity, the salt and the path, so that anybody
//! they show it to can reach the published root again, and nobody else can look for a row in the set.

use serde_json::{Map, Value, json};

use super::canonical;
use super::document::{Document, DocumentError, RECEIPT};
use super::merkle::{Hash, PATH_MAX, is_in_tree, leaf_hash};
use super::signing::PrivateKey;
use super::verify::Fault;
use crate::timestamp::Timestamp;

/// Bytes of randomness in a leaf: without them nobody can guess which row it stands for.
pub const SALT_BYTES: usize = 16;

/// What tells one row from all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowIdentity {
    pub dataset: String,
    pub revision: String,
    pub file: String,
    /// SHA-256 of that file, hexadecimal.
    pub file_sha256: String,
    /// Counted from 0 in that file.
    pub row: u64,
}

impl RowIdentity {
    fn to_json(&self) -> Value {
        json!({
            "dataset": self.dataset,
            "revision": self.revision,
            "file": self.file,
            "file_sha256": self.file_sha256,
            "row": self.row.to_string(),
        })
    }

    /// The leaf that stands for this row: the salt, then the identity in canonical JSON, hashed as RFC 6962 hashes leaves.
    pub fn leaf(&self, salt: &[u8; SALT_BYTES]) -> Hash {
        leaf_of(&self.to_json(), salt)
    }
}

/// Everything is a string below, so that the canonical form always is there.
fn leaf_of(identity: &Value, salt: &[u8]) -> Hash {
    let mut bytes = salt.to_vec();
    bytes.extend(canonical::to_bytes(identity).unwrap_or_default());
    leaf_hash(&bytes)
}

/// What a look at a later release found of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RescanResult {
    Absent,
    StillThere,
    Moved,
    CannotTell,
}

impl RescanResult {
    pub fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::StillThere => "still there",
            Self::Moved => "moved",
            Self::CannotTell => "cannot tell",
        }
    }
}

/// One look at a later release.
#[derive(Debug, Clone)]
pub struct Rescan {
    /// The release, and the SHA-256 of what was read of it.
    pub release: String,
    pub release_sha256: String,
    pub checked_at_ms: i64,
    pub result: RescanResult,
    /// `part-3.parquet row 17`, where it is still there or was moved.
    pub place: Option<String>,
}

impl Rescan {
    /// `absent from release R (SHA-256 ...), checked on 2026-11-22T...`
    fn sentence(&self) -> String {
        // Looks of the first version did not keep the digest where rows were found.
        let release = match self.release_sha256.as_str() {
            "" => self.release.clone(),
            sha256 => format!("{} (SHA-256 {sha256})", self.release),
        };
        let checked = Timestamp::from_millis(self.checked_at_ms);
        let at = self.place.as_ref().map(|place| format!(" at {place}")).unwrap_or_default();
        match self.result {
            RescanResult::Absent => format!("absent from release {release}, checked on {checked}"),
            RescanResult::StillThere => format!("still there in release {release}{at}, checked on {checked}"),
            RescanResult::Moved => format!("moved in release {release}{at}, checked on {checked}"),
            RescanResult::CannotTell => {
                format!("it could not be told whether it is in release {release}, checked on {checked}")
            }
        }
    }
}

/// One row of a receipt.
#[derive(Debug, Clone)]
pub struct ReceiptRow {
    pub identity: RowIdentity,
    /// `granted`, `refused`, ...
    pub decision: String,
    /// Where it stands in the removal set; `None` where it is in none (refused, or not yet published).
    pub proof: Option<RowProof>,
    pub rescans: Vec<Rescan>,
}

/// A row's place in the tree of a removal set.
#[derive(Debug, Clone)]
pub struct RowProof {
    pub salt: [u8; SALT_BYTES],
    pub index: u64,
    pub path: Vec<Hash>,
}

/// The removal set that the rows stand in.
#[derive(Debug, Clone)]
pub struct PublishedSet {
    pub version: u64,
    /// SHA-256 of the set's own document.
    pub sha256: String,
    pub root: Hash,
    pub leaves: u64,
    pub published_at_ms: i64,
}

/// What a receipt says.
#[derive(Debug, Clone)]
pub struct Receipt {
    pub dataset: String,
    pub dataset_title: String,
    /// The case's number, where the person wants it on the receipt.
    pub case: Option<String>,
    pub received_at_ms: i64,
    pub decided_at_ms: Option<i64>,
    pub made_at_ms: i64,
    pub set: Option<PublishedSet>,
    pub rows: Vec<ReceiptRow>,
}

/// What a receipt says of itself.
pub const MEANING: &str = "Each row below that has a proof stands in the removal set named here: its leaf, hashed up its path, gives the root that the portal publishes. A removal set asks everybody who uses the dataset to leave the row out; it cannot make them. What a later release of the dataset was seen to hold is under rescans.";

/// What nobody should read into a receipt; for pages and paper.
pub const NOT_PROVED: &str = "It does not prove that everybody who holds a copy of the dataset has left the rows out, nor that a model that was trained before has forgotten them. It says what was decided here, what was published, and what later releases were seen to hold.";

impl Receipt {
    pub fn sign(&self, key: &PrivateKey) -> Result<Document, DocumentError> {
        let moment = |ms: i64| Timestamp::from_millis(ms).to_string();
        let set = self.set.as_ref().map(|set| {
            json!({
                "version": set.version.to_string(),
                "sha256": set.sha256,
                "root": hex::encode(set.root),
                "leaves": set.leaves.to_string(),
                "published_at": moment(set.published_at_ms),
            })
        });
        let parts = json!({
            "dataset": {"slug": self.dataset, "title": self.dataset_title},
            "case": self.case,
            "dates": {"received_at": moment(self.received_at_ms), "decided_at": self.decided_at_ms.map(moment)},
            "made_at": moment(self.made_at_ms),
            "set": set,
            "rows": self.rows.iter().map(ReceiptRow::to_json).collect::<Vec<_>>(),
            "meaning": MEANING,
        });
        let parts = match parts {
            Value::Object(parts) => parts,
            _ => Map::new(),
        };
        Document::sign(RECEIPT, parts, key)
    }
}

impl ReceiptRow {
    fn to_json(&self) -> Value {
        let proof = self.proof.as_ref().map(|proof| {
            json!({
                "salt": hex::encode(proof.salt),
                "leaf": hex::encode(self.identity.leaf(&proof.salt)),
                "index": proof.index.to_string(),
                "path": proof.path.iter().map(hex::encode).collect::<Vec<_>>(),
            })
        });
        let rescan = |rescan: &Rescan| {
            json!({
                "release": rescan.release,
                "release_sha256": rescan.release_sha256,
                "checked_at": Timestamp::from_millis(rescan.checked_at_ms).to_string(),
                "result": rescan.result.name(),
                "place": rescan.place,
                "sentence": rescan.sentence(),
            })
        };
        json!({
            "identity": self.identity.to_json(),
            "decision": self.decision,
            "proof": proof,
            "rescans": self.rescans.iter().map(rescan).collect::<Vec<_>>(),
        })
    }
}

/// What is wrong inside a receipt whose signature is right: a path that does not lead to the root.
pub(super) fn check(members: &Map<String, Value>) -> Vec<Fault> {
    let empty = Vec::new();
    let rows = members.get("rows").and_then(Value::as_array).unwrap_or(&empty);
    let wrong = |(at, row): (usize, &Value)| {
        let has_no_proof = row.get("proof").is_none_or(Value::is_null);
        let is_proved = has_no_proof || members.get("set").and_then(|set| row_is_in(row, set)) == Some(true);
        (!is_proved).then(|| {
            Fault::new(
                "rows",
                format!(
                    "Row {at} of this receipt does not stand in the removal set: its path does not lead to the root."
                ),
            )
        })
    };
    rows.iter().enumerate().filter_map(wrong).collect()
}

fn row_is_in(row: &Value, set: &Value) -> Option<bool> {
    let proof = row.get("proof")?;
    let salt = hex::decode(proof.get("salt")?.as_str()?).ok()?;
    let leaf = leaf_of(row.get("identity")?, &salt);
    let steps = proof.get("path")?.as_array()?;
    if steps.len() > PATH_MAX || proof.get("leaf")?.as_str()? != hex::encode(leaf) {
        return Some(false);
    }
    let path = steps.iter().map(hash).collect::<Option<Vec<_>>>()?;
    let number = |value: &Value| value.as_str()?.parse::<u64>().ok();
    Some(is_in_tree(leaf, number(proof.get("index")?)?, number(set.get("leaves")?)?, &path, &hash(set.get("root")?)?))
}

fn hash(value: &Value) -> Option<Hash> {
    let mut hash = Hash::default();
    hex::decode_to_slice(value.as_str()?, &mut hash).ok()?;
    Some(hash)
}

/// The root that a receipt leads to, for comparing with the published one: dataset, version, root.
pub(super) fn root_of(members: &Map<String, Value>) -> Option<[&str; 3]> {
    let text = |part: &str, name: &str| members.get(part)?.get(name)?.as_str();
    Some([text("dataset", "slug")?, text("set", "version")?, text("set", "root")?])
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::evidence::merkle::Tree;
    use crate::evidence::verify::verify;

    fn identity(row: u64) -> RowIdentity {
        RowIdentity {
            dataset: "gallery".into(),
            revision: "2026".into(),
            file: "part-0.csv".into(),
            file_sha256: "ab".repeat(32),
            row,
        }
    }

    pub(in crate::evidence) fn receipt(rows: u64) -> Receipt {
        let salt = |row: u64| [row as u8; SALT_BYTES];
        let tree = Tree::new((0..rows).map(|row| identity(row).leaf(&salt(row))).collect());
        let proved = |row: u64| ReceiptRow {
            identity: identity(row),
            decision: "granted".into(),
            proof: Some(RowProof { salt: salt(row), index: row, path: tree.path(row as usize).unwrap() }),
            rescans: vec![Rescan {
                release: "2027".into(),
                release_sha256: "cd".repeat(32),
                checked_at_ms: 0,
                result: RescanResult::Absent,
                place: None,
            }],
        };
        Receipt {
            dataset: "gallery".into(),
            dataset_title: "A gallery".into(),
            case: None,
            received_at_ms: 0,
            decided_at_ms: Some(1000),
            made_at_ms: 2000,
            set: Some(PublishedSet {
                version: 3,
                sha256: "ef".repeat(32),
                root: tree.root(),
                leaves: rows,
                published_at_ms: 1500,
            }),
            rows: vec![proved(2), proved(5)],
        }
    }

    #[test]
    fn a_receipt_proves_that_its_rows_are_in_the_set() {
        let signed = receipt(11).sign(&PrivateKey::from_seed(&[1; 32])).unwrap();
        let report = verify(signed.bytes(), None);
        assert!(report.valid, "{:?}", report.sentences());
        assert!(report.summary.contains("a receipt"));
        let said = signed.part("rows").unwrap()[0]["rescans"][0]["sentence"].as_str().unwrap();
        assert!(said.starts_with("absent from release 2027 (SHA-256 cdcd"), "{said}");
        assert!(said.ends_with("checked on 1970-01-01T00:00:00Z"), "{said}");
    }

    #[test]
    fn a_well_signed_receipt_whose_path_leads_elsewhere_is_not_valid() {
        let mut wrong = receipt(11);
        wrong.set.as_mut().unwrap().root[0] ^= 1;
        let report = verify(wrong.sign(&PrivateKey::from_seed(&[1; 32])).unwrap().bytes(), None);
        assert!(!report.valid);
        assert_eq!(report.faults[0].part, "rows");
        assert!(report.faults[0].sentence.contains("does not lead to the root"));
    }

    #[test]
    fn a_refused_row_needs_no_proof() {
        let mut refused = receipt(11);
        refused.set = None;
        for row in &mut refused.rows {
            row.decision = "refused".into();
            row.proof = None;
        }
        assert!(verify(refused.sign(&PrivateKey::from_seed(&[1; 32])).unwrap().bytes(), None).valid);
    }
}
