//! What could and could not be searched, in one honest line that opens.

use std::fmt::Write as _;

use super::format;
use super::reading;
use crate::search::results::{Coverage, ReadAs};

/// The line, and the table under it.
pub(super) struct CoverageView {
    pub(super) line: String,
    pub(super) rows: Vec<CoverageRow>,
}

pub(super) struct CoverageRow {
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) revision: String,
    /// `1,000 of 1,000 records`
    pub(super) records: String,
    /// What can be searched there.
    pub(super) searchable: String,
    /// Why it was not searched, where it was not.
    pub(super) not_searched: Option<String>,
    /// `fingerprints of 900 pictures (pdqa)`
    pub(super) hashed: Vec<String>,
}

/// What `static/picture.js` works out of a picture.
const HASHED_ON_DEVICE: [&str; 3] = ["pdqa", "sha256", "md5"];

/// How many names of unsearched datasets the line itself carries; the rest stand in the table.
const NAMED_IN_LINE_MAX: usize = 3;

impl CoverageView {
    pub(super) fn of_text(coverage: &[Coverage], read_as: &[ReadAs]) -> Self {
        Self::new(coverage, |dataset| {
            let missing = read_as.iter().filter_map(|part| reading::needs(&part.kind));
            let missing = missing.filter(|(name, _)| !dataset.searchable.iter().any(|have| have == name));
            match missing.map(|(_, words)| words).next() {
                Some(words) => format!("it has no {words}"),
                None => "it cannot be asked this".to_owned(),
            }
        })
    }

    pub(super) fn of_pictures(coverage: &[Coverage]) -> Self {
        Self::new(coverage, |_| "it came without pictures or their fingerprints".to_owned())
    }

    /// Of pictures that are fingerprinted on the visitor's device: by our own fingerprint and by checksums only.
    pub(super) fn of_hashed_pictures(coverage: &[Coverage]) -> Self {
        let answers =
            |dataset: &Coverage| dataset.searchable.iter().any(|kind| HASHED_ON_DEVICE.contains(&kind.as_str()));
        let hashed: Vec<_> = coverage
            .iter()
            .map(|dataset| Coverage { answers_query: dataset.answers_query && answers(dataset), ..dataset.clone() })
            .collect();
        let of_other_kinds: Vec<_> = coverage
            .iter()
            .filter(|dataset| dataset.answers_query && !answers(dataset))
            .map(|dataset| &dataset.dataset)
            .collect();
        Self::new(&hashed, |dataset| {
            if of_other_kinds.contains(&&dataset.dataset) {
                "it has only fingerprints of other kinds, which are worked out where the picture itself is sent"
                    .to_owned()
            } else {
                "it came without pictures or their fingerprints".to_owned()
            }
        })
    }

    fn new(coverage: &[Coverage], why_not: impl Fn(&Coverage) -> String) -> Self {
        let rows: Vec<_> = coverage.iter().map(|dataset| CoverageRow::new(dataset, &why_not)).collect();
        Self { line: line(&rows), rows }
    }
}

impl CoverageRow {
    fn new(dataset: &Coverage, why_not: impl Fn(&Coverage) -> String) -> Self {
        let searchable: Vec<_> = dataset.searchable.iter().map(|name| reading::searchable_in_words(name)).collect();
        let hashed = dataset.hashed.iter();
        Self {
            slug: dataset.dataset.clone(),
            title: title_of(dataset),
            revision: dataset.revision.clone(),
            records: records_in_words(dataset),
            searchable: format::list(&searchable),
            not_searched: (!dataset.answers_query).then(|| why_not(dataset)),
            hashed: hashed.map(|(kind, n)| format!("{} with a {kind} fingerprint", format::number(n))).collect(),
        }
    }
}

fn title_of(dataset: &Coverage) -> String {
    if dataset.dataset_title.is_empty() { dataset.dataset.clone() } else { dataset.dataset_title.clone() }
}

/// `1,000 records`, or `1,000 of 5,000 records` where not all of them are here.
pub(super) fn records_in_words(dataset: &Coverage) -> String {
    let indexed = format::number(&dataset.indexed);
    if dataset.indexed == dataset.total {
        let noun = if dataset.indexed == "1" { "record" } else { "records" };
        return format!("all {indexed} {noun}");
    }
    format!("{indexed} of {} records", format::number(&dataset.total))
}

fn line(rows: &[CoverageRow]) -> String {
    let n_searched = rows.iter().filter(|row| row.not_searched.is_none()).count();
    let mut line = match (rows.len(), n_searched) {
        (0, _) => return "This portal holds no datasets yet, so nothing was searched.".to_owned(),
        (1, 1) => format!("Searched the one dataset asked: {}.", rows[0].title),
        (all, searched) if all == searched => format!("Searched all {all} datasets."),
        (all, searched) => format!("Searched {searched} of {all} {}.", if all == 1 { "dataset" } else { "datasets" }),
    };
    let not_searched: Vec<_> = rows.iter().filter_map(|row| row.not_searched.as_ref().map(|why| (row, why))).collect();
    for (row, why) in not_searched.iter().take(NAMED_IN_LINE_MAX) {
        // Writing to a string cannot fail.
        let _ = write!(line, " {} was not: {why}.", row.title);
    }
    if not_searched.len() > NAMED_IN_LINE_MAX {
        let _ = write!(line, " Nor were {} more.", not_searched.len() - NAMED_IN_LINE_MAX);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dataset(title: &str, searchable: &[&str], answers_query: bool) -> Coverage {
        Coverage {
            dataset: title.to_lowercase(),
            dataset_title: title.into(),
            revision: "1".into(),
            indexed: "1000".into(),
            total: "5000".into(),
            searchable: searchable.iter().map(ToString::to_string).collect(),
            hashed: std::collections::BTreeMap::new(),
            answers_query,
        }
    }

    #[test]
    fn the_line_says_what_was_not_searched_and_why() {
        let read_as = [ReadAs { kind: "did".into(), value: "did:plc:x".into() }];
        let coverage = [dataset("Posts", &["caption", "author"], true), dataset("COYO", &["caption", "url"], false)];
        let view = CoverageView::of_text(&coverage, &read_as);
        assert_eq!(view.line, "Searched 1 of 2 datasets. COYO was not: it has no account names.");
        assert_eq!(view.rows[0].records, "1,000 of 5,000 records");
    }

    #[test]
    fn an_empty_portal_says_so() {
        assert!(CoverageView::of_text(&[], &[]).line.contains("holds no datasets"));
    }
}
