//! How pictures are compared, and how often that is right: the measured table in plain words.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::hash_code::HashKind;
use crate::search::verdicts::{EditRecall, FalsePairs, MEASURED, Odds};
use crate::web::error::AppError;
use crate::web::format;
use crate::web::layout::{Keep, Layout, Nav, send};

/// Sizes of portals that the page tells radii for, in fingerprints held.
const SIZES: [u64; 5] = [100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];
/// Codes of an ordinary query that are not of the whole picture as it lies.
const OTHER_PROBES: u64 = 270;

#[derive(Template)]
#[template(path = "matching_page.html")]
struct MatchingPage {
    layout: Layout,
    date: String,
    pictures: String,
    pairs: String,
    edited: String,
    words: Vec<WordRow>,
    sizes: Vec<SizeRow>,
    false_pairs: Vec<FalseRow>,
    mean: EditRow,
    edits: Vec<EditRow>,
}

/// Up to how many differing bits each word goes, on a portal of a million fingerprints.
struct WordRow {
    word: &'static str,
    whole: String,
    part: String,
}

struct SizeRow {
    codes: String,
    whole: u32,
    part: u32,
}

struct FalseRow {
    what: &'static str,
    pairs: String,
    within: [String; 4],
}

struct EditRow {
    edit: &'static str,
    shares: [String; 5],
}

/// `GET /matching`
pub(in crate::web) async fn page() -> Result<HttpResponse, AppError> {
    send(&MatchingPage::new(), StatusCode::OK, Keep::Revalidated)
}

impl MatchingPage {
    fn new() -> Self {
        let n = MEASURED.edits.len().max(1) as f32;
        let mean = |share: fn(&EditRecall) -> f32| MEASURED.edits.iter().map(share).sum::<f32>() / n;
        let mean = EditRecall {
            edit: "all of them, on average",
            plain: mean(|edit| edit.plain),
            asked_31: mean(|edit| edit.asked_31),
            asked_48: mean(|edit| edit.asked_48),
            harder_48: mean(|edit| edit.harder_48),
            copy_asks_48: mean(|edit| edit.copy_asks_48),
            copy_asks_windows_31: mean(|edit| edit.copy_asks_windows_31),
            copy_asks_windows_48: mean(|edit| edit.copy_asks_windows_48),
        };
        Self {
            layout: Layout::new("How pictures are compared", Nav::About),
            date: format::date(MEASURED.date),
            pictures: format::count(u64::from(MEASURED.drawn + MEASURED.from_folders)),
            pairs: format::count(MEASURED.pairs),
            edited: format::count(u64::from(MEASURED.edited)),
            words: words(),
            sizes: SIZES.into_iter().map(SizeRow::new).collect(),
            false_pairs: MEASURED.false_pairs.iter().map(FalseRow::new).collect(),
            mean: EditRow::new(&mean),
            edits: MEASURED.edits.iter().map(EditRow::new).collect(),
        }
    }
}

fn odds(is_whole: bool, codes: u64) -> Odds {
    Odds { kind: HashKind::Pdqa, is_whole, codes, probes: if is_whole { 1 } else { OTHER_PROBES } }
}

fn words() -> Vec<WordRow> {
    use crate::search::results::Verdict;
    let up_to = |is_whole: bool, verdict: Verdict| {
        let odds = odds(is_whole, SIZES[1]);
        let farthest = (0..=odds.radius()).rev().find(|distance| odds.verdict(*distance) == verdict);
        farthest.map_or_else(|| "not given".to_owned(), |distance| format!("up to {distance}"))
    };
    let verdicts = [Verdict::AlmostSurely, Verdict::Probably, Verdict::Maybe];
    verdicts
        .map(|verdict| WordRow { word: verdict.words(), whole: up_to(true, verdict), part: up_to(false, verdict) })
        .into()
}

impl SizeRow {
    fn new(codes: u64) -> Self {
        Self { codes: format::count(codes), whole: odds(true, codes).radius(), part: odds(false, codes).radius() }
    }
}

impl FalseRow {
    fn new(row: &FalsePairs) -> Self {
        let within = [row.within_31, row.within_40, row.within_48, row.within_60].map(format::count);
        Self { what: row.what, pairs: format::count(row.pairs), within }
    }
}

impl EditRow {
    fn new(row: &EditRecall) -> Self {
        let shares = [row.plain, row.asked_48, row.harder_48, row.copy_asks_48, row.copy_asks_windows_48];
        Self { edit: row.edit, shares: shares.map(|share| format!("{share:.0} %")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_every_edit_and_every_word() {
        let html = MatchingPage::new().render().unwrap();
        for word in ["almost surely", "probably", "maybe"] {
            assert!(html.contains(word), "{word}");
        }
        assert!(MEASURED.edits.iter().all(|row| html.contains(row.edit)));
    }
}
