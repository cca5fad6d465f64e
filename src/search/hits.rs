//! A stored row as a hit of a list, or with everything known of it.

use std::collections::BTreeMap;

use super::coverage;
use super::engine::SearchError;
use super::highlight::Marker;
use super::record_id;
use super::results::{Cell, Highlight, Hit, RecordDetail};
use super::snapshot::Opened;
use super::suppression::Hidden;
use crate::facts::{COMPUTED_PREFIX, Facts};
use crate::mapping::Mapping;
use crate::record::{Record, Value};
use crate::timestamp::Timestamp;

/// Longest caption in a list, characters; the record's own page has all of it.
const CAPTION_CHARS: usize = 1000;

/// Reads the record behind an ordinal as a hit.
pub(super) fn hit(dataset: &Opened, ordinal: u64, score: f32, marker: Option<&Marker>) -> Result<Hit, SearchError> {
    let (record, facts) = read(dataset, ordinal)?;
    Ok(of_facts(dataset, ordinal, score, &record, &facts, marker))
}

/// Everything known of the record behind an ordinal.
pub(super) fn detail(dataset: &Opened, hidden: &Hidden, ordinal: u64) -> Result<RecordDetail, SearchError> {
    let (record, facts) = read(dataset, ordinal)?;
    let mut hit = of_facts(dataset, ordinal, 1.0, &record, &facts, None);
    hit.caption.clone_from(&facts.fields.caption);
    let file = dataset.generation.revision.file_of(ordinal);
    let mapping = file.and_then(|file| dataset.generation.revision.mapping_of(file));
    let picture = facts.picture.as_ref();
    let first = |all: Vec<&str>| all.first().map(|text| (*text).to_owned());
    Ok(RecordDetail {
        urls: facts.fields.urls.clone(),
        authors: facts.fields.authors.iter().map(|author| author.value.clone()).collect(),
        language: facts.fields.language.clone(),
        licence: facts.fields.licence.clone(),
        width: facts.fields.width.or(picture.map(|picture| picture.width)),
        height: facts.fields.height.or(picture.map(|picture| picture.height)),
        sha256: first(facts.sha256()),
        md5: first(facts.md5()),
        source_id: facts.fields.source_id.clone(),
        nsfw: facts.fields.nsfw.clone(),
        hashes: hashes(dataset, ordinal),
        cells: record.values.iter().map(|(column, value)| cell(column, value, mapping)).collect(),
        file_sha256: file.map(|file| file.sha256.clone()).unwrap_or_default(),
        indexed_at: Timestamp::from_millis(dataset.generation.revision.published_at_ms).to_string(),
        all_hashes: all_hashes(dataset, ordinal, &facts),
        coverage: coverage::of_opened(dataset, hidden, &[]),
        hit,
    })
}

/// What is known of the record behind an ordinal.
pub(super) fn facts(dataset: &Opened, ordinal: u64) -> Result<Facts, SearchError> {
    Ok(read(dataset, ordinal)?.1)
}

fn read(dataset: &Opened, ordinal: u64) -> Result<(Record, Facts), SearchError> {
    let generation = &dataset.generation;
    let missing = || {
        anyhow::anyhow!(
            "record {ordinal} of {} is in the text index and not in the row file: ingest this revision again",
            dataset.slug
        )
    };
    let record = generation.rows.record(ordinal).map_err(anyhow::Error::from)?.ok_or_else(missing)?;
    let mapping = generation
        .revision
        .file_of(ordinal)
        .and_then(|file| generation.revision.mapping_of(file))
        .ok_or_else(missing)?;
    let facts = Facts::read(mapping, &record);
    Ok((record, facts))
}

fn of_facts(
    dataset: &Opened,
    ordinal: u64,
    score: f32,
    record: &Record,
    facts: &Facts,
    marker: Option<&Marker>,
) -> Hit {
    let revision = &dataset.generation.revision;
    let fields = &facts.fields;
    let author = facts.author().map(str::to_owned);
    let url = fields.urls.first().or(fields.file_names.first()).cloned().or_else(|| record_file_name(record));
    let caption = fields.caption.as_deref().map(shorten);
    let searched = [("caption", fields.caption.as_deref()), ("author", author.as_deref()), ("url", url.as_deref())];
    let highlights = marker.map_or_else(Vec::new, |marker| {
        let excerpt = |(field, text): (&str, Option<&str>)| {
            Some(Highlight { field: field.to_owned(), html: marker.excerpt(text?)? })
        };
        searched.into_iter().filter_map(excerpt).collect()
    });
    Hit {
        id: record_id::format(dataset.tag, ordinal),
        dataset: dataset.slug.clone(),
        dataset_title: revision.title.clone(),
        revision: revision.revision.clone(),
        file: revision.file_of(ordinal).map(|file| file.name.clone()).unwrap_or_default(),
        row: record.row.to_string(),
        url,
        caption,
        author,
        created_at: fields.created_at.map(|at| at.to_string()),
        highlights,
        score,
    }
}

/// What a picture from a folder or shard is called, where it has no address.
fn record_file_name(record: &Record) -> Option<String> {
    ["file_name", "__key__"]
        .into_iter()
        .find_map(|column| record.value(column)?.as_text().map(std::borrow::Cow::into_owned))
}

fn hashes(dataset: &Opened, ordinal: u64) -> BTreeMap<String, String> {
    let Ok(ordinal) = u32::try_from(ordinal) else { return BTreeMap::new() };
    let of = |(kind, file): (&crate::hash_code::HashKind, &crate::index::hashes::HashFile)| {
        let code = file.of_record(ordinal).first().copied()?;
        Some((kind.name().to_owned(), code.to_hex()))
    };
    dataset.generation.hashes.iter().filter_map(of).collect()
}

/// Every checksum and fingerprint known of it, by kind: a picture inside a border has two of one kind.
fn all_hashes(dataset: &Opened, ordinal: u64, facts: &Facts) -> BTreeMap<String, Vec<String>> {
    let digests = |all: Vec<&str>| all.into_iter().map(str::to_ascii_lowercase).collect();
    let mut all =
        BTreeMap::from([("sha256".to_owned(), digests(facts.sha256())), ("md5".to_owned(), digests(facts.md5()))]);
    let Ok(ordinal) = u32::try_from(ordinal) else { return all };
    for (kind, file) in &dataset.generation.hashes {
        let codes = file.of_record(ordinal).into_iter().map(crate::hash_code::HashCode::to_hex);
        all.insert(kind.name().to_owned(), codes.collect());
    }
    all
}

fn cell(column: &str, value: &Value, mapping: Option<&Mapping>) -> Cell {
    let bound = |binding: &&crate::mapping::Binding| {
        binding.column == column || binding.column.strip_prefix(column).is_some_and(|rest| rest.starts_with(['.', '[']))
    };
    let role =
        mapping.and_then(|mapping| mapping.bindings.iter().find(bound)).map(|binding| binding.role.name().to_owned());
    let role = role.or_else(|| column.starts_with(COMPUTED_PREFIX).then(|| "computed".to_owned()));
    Cell { column: column.to_owned(), role, value: value.as_text().map(std::borrow::Cow::into_owned) }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(CAPTION_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
