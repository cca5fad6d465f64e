//! Croissant 1.0 and 1.1 (the JSON-LD of `MLCommons` for datasets). Terms are read with or without their prefixes
//! (`sc:`, `cr:`, `schema:`), since files differ in their `@context`.

use serde_json::Value as Json;

use super::{DESCRIPTION_CHARS_MAX, TEXT_CHARS_MAX, push_once, tidy};
use crate::dataset::DatasetCard;

/// How deep `subField`s are followed.
const SUB_FIELDS_DEPTH_MAX: usize = 8;

/// Does the JSON call itself Croissant, or is it a schema.org dataset with Croissant's parts?
pub(super) fn is_croissant(json: &Json) -> bool {
    let conforms = each(term(json, "conformsTo")).any(|value| text_of(value).is_some_and(|t| t.contains("croissant")));
    let dataset = each(json.get("@type")).any(|kind| kind.as_str().is_some_and(|kind| kind.ends_with("Dataset")));
    conforms || dataset && (term(json, "distribution").is_some() || term(json, "recordSet").is_some())
}

pub(super) fn card(json: &Json) -> DatasetCard {
    let first = |name, chars| each(term(json, name)).find_map(|value| tidy(text_of(value)?, chars));
    let mut card = DatasetCard {
        title: first("name", TEXT_CHARS_MAX),
        description: first("description", DESCRIPTION_CHARS_MAX),
        licence: first("license", TEXT_CHARS_MAX),
        publisher: names(json, "publisher").or_else(|| names(json, "creator")).or_else(|| names(json, "author")),
        homepage: first("url", TEXT_CHARS_MAX),
        contact: contact(json),
        total_bytes: bytes(json),
        ..DatasetCard::default()
    };
    for language in each(term(json, "inLanguage")) {
        push_once(&mut card.languages, text_of(language).and_then(|text| tidy(text, TEXT_CHARS_MAX)));
    }
    for name in ["wasDerivedFrom", "isBasedOn"] {
        for source in each(term(json, name)) {
            let location = each(term(source, "atLocation")).find_map(text_of);
            let text = location.or_else(|| text_of(source));
            push_once(&mut card.sources, text.and_then(|text| tidy(text, TEXT_CHARS_MAX)));
        }
    }
    for set in each(term(json, "recordSet")) {
        for field in each(term(set, "field")) {
            columns(field, 0, &mut card.columns);
        }
    }
    card
}

fn columns(field: &Json, depth: usize, found: &mut Vec<String>) {
    let extract = term(field, "source").and_then(|source| term(source, "extract"));
    let column = extract.and_then(|extract| term(extract, "column")).and_then(Json::as_str);
    push_once(found, column.and_then(|column| tidy(column, TEXT_CHARS_MAX)));
    if depth < SUB_FIELDS_DEPTH_MAX {
        each(term(field, "subField")).for_each(|field| columns(field, depth + 1, found));
    }
}

fn names(json: &Json, role: &str) -> Option<String> {
    let mut names = Vec::new();
    for person in each(term(json, role)) {
        push_once(&mut names, text_of(person).and_then(|name| tidy(name, TEXT_CHARS_MAX)));
    }
    (!names.is_empty()).then(|| super::shortened(names.join(", "), TEXT_CHARS_MAX))
}

/// The first e-mail address of those who made or publish it.
fn contact(json: &Json) -> Option<String> {
    let people = ["contactPoint", "publisher", "creator", "author"].into_iter().flat_map(|role| each(term(json, role)));
    people.into_iter().find_map(|person| tidy(term(person, "email")?.as_str()?, TEXT_CHARS_MAX))
}

/// Sum of the sizes of the files, where any says its size.
fn bytes(json: &Json) -> Option<u64> {
    let sizes = each(term(json, "distribution")).filter(|file| term(file, "containedIn").is_none());
    let sizes = sizes.filter_map(|file| size(term(file, "contentSize")?));
    sizes.fold(None, |sum, size| Some(sum.unwrap_or(0_u64).saturating_add(size)))
}

/// `28890697 B`, `1.2 GB`, or a number of bytes.
fn size(value: &Json) -> Option<u64> {
    if let Some(bytes) = value.as_u64() {
        return Some(bytes);
    }
    let text = value.as_str()?.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" | "byte" | "bytes" => 1.0,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => 1_048_576.0,
        "gib" => 1_073_741_824.0,
        "tib" => 1_099_511_627_776.0,
        _ => return None,
    };
    let bytes = number.parse::<f64>().ok()? * unit;
    // The guard keeps the number far from what an integer cannot hold.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    (0.0..1e18).contains(&bytes).then_some(bytes as u64)
}

/// A property under its bare name or under any prefix or address that ends in it.
fn term<'a>(json: &'a Json, name: &str) -> Option<&'a Json> {
    let object = json.as_object()?;
    let prefixed = |key: &str| key.strip_suffix(name).is_some_and(|rest| rest.ends_with([':', '/', '#']));
    let value = object.get(name).or_else(|| object.iter().find(|(key, _)| prefixed(key)).map(|(_, value)| value));
    value.filter(|value| !value.is_null())
}

/// The elements of a list, or the value itself.
fn each(value: Option<&Json>) -> impl Iterator<Item = &Json> {
    let (list, one) = match value {
        Some(Json::Array(items)) => (items.as_slice(), None),
        other => (&[][..], other),
    };
    list.iter().chain(one)
}

/// A text, or the text of an object that stands for one: its value, name, address or id.
fn text_of(value: &Json) -> Option<&str> {
    value.as_str().or_else(|| {
        ["@value", "name", "url", "@id"].into_iter().find_map(|key| term(value, key).and_then(Json::as_str))
    })
}
