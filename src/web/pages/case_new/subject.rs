//! What a request is about, as every step of it shows: so many records in these datasets, the first of them in words.

use std::collections::BTreeMap;

use super::draft::Draft;
use crate::search::engine::{Engine, SearchError};
use crate::takedown::case::RecordRef;
use crate::web::format;
use crate::web::records::CASE_RECORDS_MAX;
use crate::web::takes::Taken;

/// Records shown in words; the others are counted.
const SHOWN_MAX: usize = 5;
const CAPTION_CHARS_MAX: usize = 120;

/// The records by dataset.
pub(super) struct Subject {
    /// `12 records in 3 datasets`; empty without records.
    pub(super) sentence: String,
    pub(super) datasets: Vec<SubjectDataset>,
    pub(super) notes: Vec<String>,
}

pub(super) struct SubjectDataset {
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) count: String,
    pub(super) records: Vec<SubjectRecord>,
    /// `and 7 more records`
    pub(super) more: Option<String>,
}

pub(super) struct SubjectRecord {
    pub(super) id: String,
    pub(super) words: String,
    pub(super) place: String,
}

impl Subject {
    pub(super) fn new(engine: &Engine, draft: &Draft, taken: &Taken) -> Result<Self, SearchError> {
        let mut by_dataset: BTreeMap<&str, Vec<&RecordRef>> = BTreeMap::new();
        for record in &taken.records {
            by_dataset.entry(&record.dataset).or_default().push(record);
        }
        let n_records = taken.records.len() as u64;
        let n_datasets = by_dataset.len() as u64;
        let sentence = format!(
            "{} in {}",
            format::counted(n_records, "record", "records"),
            format::counted(n_datasets, "dataset", "datasets")
        );
        let titles: BTreeMap<String, String> =
            engine.datasets().into_iter().map(|dataset| (dataset.slug, dataset.title)).collect();
        let datasets = by_dataset.into_iter().map(|(slug, records)| {
            let title = titles.get(slug).filter(|title| !title.is_empty());
            SubjectDataset::new(engine, slug, title.map_or(slug, String::as_str), &records)
        });
        let datasets = datasets.collect::<Result<_, _>>()?;
        let notes = notes(draft, taken);
        Ok(Self { sentence: if n_records == 0 { String::new() } else { sentence }, datasets, notes })
    }
}

fn notes(draft: &Draft, taken: &Taken) -> Vec<String> {
    let mut notes = Vec::new();
    if taken.is_cut {
        let most = format::count(CASE_RECORDS_MAX as u64);
        notes.push(format!(
            "You took more than {most} records. One request holds that many: file a second one for the rest."
        ));
    }
    if taken.n_gone > 0 {
        let gone = format::counted(taken.n_gone as u64, "record is", "records are");
        notes.push(format!("{gone} no longer shown here and left out of this request."));
    }
    let n_typed = draft.typed_urls().len() as u64;
    if n_typed > 0 {
        let typed = format::counted(n_typed, "address", "addresses");
        notes.push(format!("We found no record for {typed} you typed. The maintainers will look for it."));
    }
    notes
}

impl SubjectDataset {
    fn new(engine: &Engine, slug: &str, title: &str, records: &[&RecordRef]) -> Result<Self, SearchError> {
        let n_more = records.len().saturating_sub(SHOWN_MAX) as u64;
        let shown = records.iter().take(SHOWN_MAX).map(|record| SubjectRecord::new(engine, record));
        Ok(Self {
            slug: slug.to_owned(),
            title: title.to_owned(),
            count: format::counted(records.len() as u64, "record", "records"),
            records: shown.collect::<Result<_, _>>()?,
            more: (n_more > 0).then(|| format!("and {}", format::counted(n_more, "more record", "more records"))),
        })
    }
}

impl SubjectRecord {
    fn new(engine: &Engine, record: &RecordRef) -> Result<Self, SearchError> {
        let caption = match engine.record(&record.id) {
            Ok(detail) => detail.hit.caption,
            Err(SearchError::NoSuchRecord(_)) => None,
            Err(error) => return Err(error),
        };
        let words = caption.or_else(|| record.url.clone()).unwrap_or_else(|| "a record without text".to_owned());
        Ok(Self { id: record.id.clone(), words: format::shortened(&words, CAPTION_CHARS_MAX), place: place(record) })
    }
}

/// `revision 2024-11, posts.csv, row 17`
pub(super) fn place(record: &RecordRef) -> String {
    format!("revision {}, {}, row {}", record.revision, record.file, format::count(record.row))
}
