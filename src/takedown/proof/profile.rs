//! A code in the text of a profile or a post: the one way for people whose pages belong to a large site.
//!
//! What stands in the head of such a page (its title and descriptions) the site wrote from the owner's own words. What
//! stands elsewhere may be a comment of anybody's, so it counts for less.

use super::html::Head;
use super::{Claim, Outcome, RowFacts, SeenPage, fit, web_page};
use crate::takedown::desk::types::Strength;

pub(super) fn check(rows: &[RowFacts], claim: &Claim, expected: &str, page: &SeenPage) -> Outcome {
    let text = match web_page::text(page, &web_page::host_of(&claim.subject), false, expected) {
        Ok(text) => text,
        Err(why) => return Outcome::not_shown(why),
    };
    let holds = |text: &str| !expected.is_empty() && text.to_ascii_lowercase().contains(expected);
    if !holds(&text) {
        return Outcome::not_shown(
            "The code does not stand in the page as this portal reads it. It is read without signing in and without scripts; some sites show nothing then.",
        );
    }
    let n = fit::rows_of_profile(rows, &claim.subject);
    let head = Head::read(&text);
    if holds(&head.title) || head.metas.iter().any(|(_, content)| holds(content)) {
        return Outcome::by_fit("The code stands in the page’s own description.", n, rows.len(), Strength::Strong);
    }
    let what = "The code stands in the text of the page, where others may be able to write too.";
    Outcome::by_fit(what, n, rows.len(), Strength::Fair)
}
