//! A person's receipt: what was decided about their rows, and where they stand in the published set.

use std::collections::HashMap;

use super::PublishingError;
use super::publish::identity;
use super::versions::{Private, Versions};
use crate::evidence::document::Document;
use crate::evidence::key_ring::KeyRing;
use crate::evidence::merkle::{Hash, Tree};
use crate::evidence::receipt::{PublishedSet, Receipt, ReceiptRow, Rescan, RescanResult, RowProof, SALT_BYTES};
use crate::takedown::case::{Case, Event, RowState, Target, TargetRow};
use crate::timestamp::Timestamp;

/// Signs the receipt of one target of a case. The same state gives the same bytes.
///
/// # Errors
/// Where the key cannot be read, or a published set was damaged.
pub fn receipt(
    case: &Case,
    target: &Target,
    title: &str,
    keys: &KeyRing,
    versions: &Versions,
) -> Result<Document, PublishingError> {
    let proofs = Proofs::of(case, target, versions)?;
    let rescans = |row: &TargetRow| rescans(case, target, row);
    let row = |row: &TargetRow| ReceiptRow {
        identity: identity(&row.record),
        decision: decision(row.state).to_owned(),
        proof: proofs.as_ref().and_then(|proofs| proofs.of_row(row)),
        rescans: if row.state == RowState::Granted { rescans(row) } else { Vec::new() },
    };
    let receipt = Receipt {
        dataset: target.dataset.clone(),
        dataset_title: title.to_owned(),
        case: Some(case.number.clone()),
        received_at_ms: target.received_ms,
        decided_at_ms: target.decided_ms,
        made_at_ms: state_since(case, proofs.as_ref()),
        set: proofs.as_ref().map(|proofs| proofs.set.clone()),
        rows: target.rows.iter().map(row).collect(),
    };
    Ok(receipt.sign(&keys.signer()?)?)
}

/// The last change of anything a receipt tells. A receipt is dated by it, so that it is the same file, byte for byte,
/// until something changes: a copy on paper and one that is fetched a year later have one digest.
fn state_since(case: &Case, proofs: Option<&Proofs>) -> i64 {
    let published = proofs.map_or(0, |proofs| proofs.set.published_at_ms);
    case.events.iter().map(|event| event.at_ms).max().unwrap_or(case.filed_ms).max(published)
}

/// Where the rows of one case stand in the newest set that has any of them.
struct Proofs {
    set: PublishedSet,
    /// By record id.
    salts: HashMap<String, [u8; SALT_BYTES]>,
    leaves: Vec<Hash>,
    tree: Tree,
}

impl Proofs {
    fn of(case: &Case, target: &Target, versions: &Versions) -> Result<Option<Self>, PublishingError> {
        let Some(signed) = versions.latest(&target.dataset)? else { return Ok(None) };
        let private = versions.private(&target.dataset, signed.set.version)?;
        let salts = salts(&private, &case.number);
        if salts.is_empty() {
            return Ok(None);
        }
        let leaves: Vec<Hash> = private.leaves.iter().filter_map(|leaf| hash(leaf)).collect();
        let tree = Tree::new(leaves.clone());
        let published_at = Timestamp::parse(&signed.set.created).map_or(0, Timestamp::as_millis);
        let set = PublishedSet {
            version: u64::from(signed.set.version),
            sha256: signed.sha256.clone(),
            root: tree.root(),
            leaves: leaves.len() as u64,
            published_at_ms: published_at,
        };
        Ok(Some(Self { set, salts, leaves, tree }))
    }

    fn of_row(&self, row: &TargetRow) -> Option<RowProof> {
        let salt = *self.salts.get(&row.record.id)?;
        // Leaves lie in order.
        let index = self.leaves.binary_search(&identity(&row.record).leaf(&salt)).ok()?;
        Some(RowProof { salt, index: index as u64, path: self.tree.path(index)? })
    }
}

fn salts(private: &Private, case: &str) -> HashMap<String, [u8; SALT_BYTES]> {
    let of = |leaf: &super::versions::OwnedLeaf| {
        let mut salt = [0; SALT_BYTES];
        hex::decode_to_slice(&leaf.salt, &mut salt).ok()?;
        Some((leaf.record.clone(), salt))
    };
    private.owned.iter().filter(|leaf| leaf.case == case).filter_map(of).collect()
}

fn hash(digits: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    hex::decode_to_slice(digits, &mut hash).ok()?;
    Some(hash)
}

/// What looks at later releases found of a row, as the case's log has it.
fn rescans(case: &Case, target: &Target, row: &TargetRow) -> Vec<Rescan> {
    let of_target = case.events.iter().filter(|event| event.dataset.as_deref() == Some(target.dataset.as_str()));
    let look = |event: &Event| {
        let result = match event.kind.as_str() {
            "regression" if is_among(event, "records", &row.record.id, true) => RescanResult::StillThere,
            "regression" if is_among(event, "untold", &row.record.id, false) => RescanResult::CannotTell,
            "verified" | "regression" => RescanResult::Absent,
            _ => return None,
        };
        let text =
            |name: &str| event.detail.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        Some(Rescan {
            release: text("release"),
            release_sha256: text("sha256"),
            checked_at_ms: event.at_ms,
            result,
            place: None,
        })
    };
    of_target.filter_map(look).collect()
}

/// Whether a list of an event holds this record. Events of the first version have no lists: they are about all.
fn is_among(event: &Event, list: &str, id: &str, without_list: bool) -> bool {
    let records = event.detail.get(list).and_then(serde_json::Value::as_array);
    records.map_or(without_list, |records| records.iter().any(|record| record.as_str() == Some(id)))
}

fn decision(state: RowState) -> &'static str {
    match state {
        RowState::Granted => "granted",
        RowState::Refused => "refused",
        RowState::OutOfScope => "out of scope",
        RowState::Forwarded => "forwarded",
        RowState::Restored => "restored",
        RowState::Answered => "answered",
        RowState::Withdrawn => "withdrawn",
        RowState::Restricted => "hidden while it is decided",
        RowState::SetAside => "set aside",
        RowState::Pending => "not decided yet",
    }
}
