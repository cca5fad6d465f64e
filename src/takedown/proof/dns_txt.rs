//! A code in the DNS of a domain: whoever can write there has the domain and all below it.

use super::{Claim, Outcome, RowFacts, code, fit};
use crate::takedown::desk::types::Strength;

/// Texts of the records of the domain and of its `_rollcall` label.
pub(super) fn check(rows: &[RowFacts], claim: &Claim, expected: &str, texts: &[String]) -> Outcome {
    let is_code = |text: &String| {
        let value = text.strip_prefix("rollcall-proof=").unwrap_or(text);
        code::is_same(value, expected)
    };
    if !texts.iter().any(is_code) {
        let note = match texts.len() {
            0 => "No TXT record was found. A new record can take an hour to be seen everywhere.".to_owned(),
            n => format!(
                "{n} TXT {} found, and none holds the code. A new record can take an hour to be seen everywhere.",
                if n == 1 { "record was" } else { "records were" }
            ),
        };
        return Outcome::not_shown(note);
    }
    let n = fit::rows_on_domain(rows, &claim.subject);
    Outcome::by_fit("The code stands in the DNS of the domain.", n, rows.len(), Strength::Strong)
}
