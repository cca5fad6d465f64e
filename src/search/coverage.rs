//! What of each dataset could be searched: the half of an answer that others leave out.

use std::collections::BTreeMap;

use super::query::{Query, Term};
use super::results::Coverage;
use super::snapshot::{OpenDataset, Opened};
use super::suppression::Hidden;

/// Fields whose presence makes a dataset searchable by them, in the order pages name them.
const FIELDS: [&str; 10] =
    ["caption", "url", "file_name", "author", "created_at", "language", "source_id", "sha256", "sha1", "md5"];

/// A requirement: any of these fields will do.
pub(super) type Need = &'static [&'static str];

/// Coverage of one dataset, with whether it has what the query needs.
pub(super) fn of(dataset: &OpenDataset, needs: &[Need]) -> Coverage {
    of_opened(dataset, &dataset.hidden, needs)
}

/// The same of a revision that was opened for one question, less what is hidden in it.
pub(super) fn of_opened(dataset: &Opened, hidden: &Hidden, needs: &[Need]) -> Coverage {
    let revision = &dataset.generation.revision;
    let has = |field: &str| {
        revision.having.get(field).is_some_and(|n| *n > 0) || revision.hashed.get(field).is_some_and(|n| *n > 0)
    };
    let mut searchable: Vec<String> =
        FIELDS.iter().filter(|field| has(field)).map(|field| (*field).to_owned()).collect();
    searchable.extend(revision.hashed.keys().cloned());
    let shown = |(kind, n): (&String, &u64)| (kind.clone(), n.saturating_sub(hidden.hashed(kind)).to_string());
    let hashed: BTreeMap<_, _> = revision.hashed.iter().map(shown).collect();
    Coverage {
        dataset: dataset.slug.clone(),
        dataset_title: revision.title.clone(),
        revision: revision.revision.clone(),
        indexed: revision.rows_indexed.saturating_sub(hidden.len()).to_string(),
        total: revision.total_records().to_string(),
        searchable,
        hashed,
        answers_query: needs.iter().all(|need| need.iter().any(|field| has(field))),
    }
}

/// What a dataset must have for a query to be able to find anything in it.
pub(super) fn needs(query: &Query) -> Vec<Need> {
    let mut needs: Vec<Need> = query.terms.iter().map(of_term).collect();
    if query.after.is_some() || query.before.is_some() {
        needs.push(&["created_at"]);
    }
    if !query.langs.is_empty() {
        needs.push(&["language"]);
    }
    needs
}

fn of_term(term: &Term) -> Need {
    match term {
        Term::Word(_) => &["caption", "url", "file_name", "author"],
        Term::Phrase(_) => &["caption", "author"],
        Term::Identifier(_) | Term::Author(_) => &["author"],
        Term::Domain(_) | Term::Url(_) => &["url"],
        Term::Post(_) => &["source_id"],
        Term::Digest(digest) => match digest.len() {
            32 => &["md5", "source_id"],
            40 => &["sha1", "source_id"],
            _ => &["sha256", "source_id"],
        },
    }
}
