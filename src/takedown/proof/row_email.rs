//! A code that was sent to an address which stands in a row, typed in by who reads that mailbox.

use super::{Claim, Outcome, RowFacts, code, fit};
use crate::takedown::desk::types::Strength;

pub(super) fn check(rows: &[RowFacts], claim: &Claim, expected: &str, typed: &str) -> Outcome {
    if !code::is_same(typed, expected) {
        return Outcome::not_shown("This is not the code of the letter.");
    }
    let n = fit::rows_with_mailbox(rows, &claim.subject);
    Outcome::by_fit("The code that was sent to the address came back.", n, rows.len(), Strength::Strong)
}
