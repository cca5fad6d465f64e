//! What the tests of this room share: a granted row, and a set of some.

use super::granted::GrantedRow;
use super::set::{RemovalSet, SetInput};
use crate::hash_code::{HashCode, HashKind};
use crate::timestamp::Timestamp;

/// A granted row of which everything is known.
pub(super) fn granted(row: u64) -> GrantedRow {
    let mut code = [0x5a; 32];
    code[..8].copy_from_slice(&row.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    GrantedRow {
        dataset: "seen".into(),
        revision: "r1".into(),
        file: "part-0.parquet".into(),
        file_sha256: "ab".repeat(32),
        row,
        url: Some(format!("pictures.example/portrait-of-jane-{row}.jpg")),
        source_id: Some(format!("{:032x}", 0xfeed_0000_u64 + row)),
        sha256: Some(format!("{row:064x}")),
        md5: Some(format!("{row:032x}")),
        codes: vec![HashCode::new(HashKind::Pdqa, &code).unwrap()],
    }
}

pub(super) fn set_of(rows: &[GrantedRow]) -> RemovalSet {
    RemovalSet::build(&SetInput {
        dataset: "seen",
        version: 2,
        created_at: Timestamp::from_millis(1_795_000_000_000),
        predecessor: Some("cd".repeat(32)),
        tree: None,
        rows,
        entropy: [9; 32],
    })
    .unwrap()
}
