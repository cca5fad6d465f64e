//! A code in the head of a page: whoever writes the page's markup can put it there, and those who comment cannot.

use super::html::Head;
use super::{Claim, META_NAME, Outcome, RowFacts, SeenPage, code, fit, web_page};
use crate::takedown::desk::types::Strength;

pub(super) fn check(rows: &[RowFacts], claim: &Claim, expected: &str, page: &SeenPage) -> Outcome {
    let text = match web_page::text(page, &web_page::host_of(&claim.subject), false, expected) {
        Ok(text) => text,
        Err(why) => return Outcome::not_shown(why),
    };
    let metas = Head::read(&text).metas;
    let ours: Vec<_> = metas.iter().filter(|(name, _)| name == META_NAME).collect();
    if !ours.iter().any(|(_, content)| code::is_same(content, expected)) {
        return Outcome::not_shown(if ours.is_empty() {
            "The page has no such line in its head."
        } else {
            "The page has such a line in its head, with another code."
        });
    }
    let n = fit::rows_below_page(rows, &claim.subject);
    Outcome::by_fit("The code stands in the head of the page.", n, rows.len(), Strength::Strong)
}
