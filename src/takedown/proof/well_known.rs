//! A code in a file at a fixed place on a domain's web server: whoever can put it there runs the site.

use super::{Claim, Outcome, RowFacts, SeenPage, code, fit, web_page};
use crate::takedown::desk::types::Strength;

/// Where the file lies.
pub const PATH: &str = "/.well-known/rollcall-proof.txt";
/// Lines of the file that are looked at: an archive may have several cases.
const LINES_MAX: usize = 200;

pub(super) fn check(rows: &[RowFacts], claim: &Claim, expected: &str, page: &SeenPage) -> Outcome {
    let text = match web_page::text(page, &web_page::host_of(&claim.subject), true, expected) {
        Ok(text) => text,
        Err(why) => return Outcome::not_shown(why),
    };
    // A line of its own: a page for whatever is not there, which repeats what it was asked, never has one.
    if !text.lines().take(LINES_MAX).any(|line| code::is_same(line.trim_start_matches('\u{feff}'), expected)) {
        return Outcome::not_shown("The file is there, and no line of it is the code.");
    }
    let n = fit::rows_on_domain(rows, &claim.subject);
    Outcome::by_fit("The code stands in the file on the domain’s web server.", n, rows.len(), Strength::Strong)
}
