//! Hugging Face: the README's YAML front matter and Markdown in their several vintages, and the older
//! `dataset_infos.json`.

use serde_json::Value as Json;

use super::{DESCRIPTION_CHARS_MAX, TEXT_CHARS_MAX, push_once, tidy};
use crate::dataset::DatasetCard;

/// Depth of YAML nesting read; cards have five levels, and the parser's own recursion must stay bounded.
const YAML_INDENT_MAX: usize = 200;
/// Most `*` signs (aliases) in front matter: aliases of aliases grow without bound, and no card uses one.
const YAML_ALIASES_MAX: usize = 200;

/// Reads a README. Front matter that is no YAML is passed over: the text below it still says what the dataset is.
pub(super) fn readme(text: &str) -> Result<DatasetCard, String> {
    let (front, body) = split(text);
    let mut card = DatasetCard::default();
    let front = front.map(yaml);
    if let Some(Ok(front)) = &front {
        front_matter(front, &mut card);
    }
    markdown(body, &mut card);
    match front {
        Some(Err(detail)) if card == DatasetCard::default() => Err(detail),
        _ if card == DatasetCard::default() => Err("it says nothing about a dataset".to_owned()),
        _ => Ok(card),
    }
}

/// Reads `dataset_infos.json`: one object a configuration. `None` where it is something else.
pub(super) fn infos(json: &Json) -> Option<DatasetCard> {
    let configs = json.as_object()?;
    let fits = |info: &Json| info.get("features").is_some() || info.get("splits").is_some();
    let mut infos = configs.values().filter(|info| fits(info)).peekable();
    infos.peek()?;
    let mut card = DatasetCard::default();
    for info in infos {
        let text = |key: &str, chars| tidy(info.get(key)?.as_str()?, chars);
        card.description = card.description.or_else(|| text("description", DESCRIPTION_CHARS_MAX));
        card.licence = card.licence.or_else(|| text("license", TEXT_CHARS_MAX));
        card.homepage = card.homepage.or_else(|| text("homepage", TEXT_CHARS_MAX));
        info_numbers(info, &mut card);
    }
    Some(card)
}

/// The part between the first line `---` and the next, and what follows.
fn split(text: &str) -> (Option<&str>, &str) {
    let rest = text.strip_prefix("---").and_then(|rest| rest.strip_prefix('\n').or_else(|| rest.strip_prefix("\r\n")));
    let Some(rest) = rest else { return (None, text) };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "---" {
            return (Some(&rest[..at]), &rest[at + line.len()..]);
        }
        at += line.len();
    }
    (None, text)
}

fn yaml(text: &str) -> Result<Json, String> {
    let deep = text.lines().any(|line| line.len() - line.trim_start().len() > YAML_INDENT_MAX);
    let brackets = text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count();
    if deep || brackets > 10_000 || text.matches('*').count() > YAML_ALIASES_MAX && text.contains('&') {
        return Err("its front matter is nested too deeply".to_owned());
    }
    let value: serde_yaml_ng::Value = serde_yaml_ng::from_str(text).map_err(|error| error.to_string())?;
    // Keys that are no texts, and numbers JSON does not have, make only this step fail.
    serde_json::to_value(value).map_err(|error| error.to_string())
}

fn front_matter(front: &Json, card: &mut DatasetCard) {
    let list = |keys: &[&str]| {
        let mut found = Vec::new();
        for value in keys.iter().filter_map(|key| front.get(key)) {
            texts(value, &mut found);
        }
        found
    };
    card.title = list(&["pretty_name", "title"]).into_iter().next();
    // `license: other` hides its name in `license_name`.
    let licences = list(&["license", "licenses"]);
    let named = list(&["license_name"]).into_iter().next();
    let plain: Vec<_> = licences.into_iter().filter(|text| named.is_none() || text != "other").collect();
    let all: Vec<_> = plain.into_iter().chain(named).collect();
    card.licence = (!all.is_empty()).then(|| super::shortened(all.join(", "), TEXT_CHARS_MAX));
    card.languages = list(&["language", "languages"]);
    let sources = list(&["source_datasets"]);
    card.sources = sources.into_iter().filter(|source| source != "original").collect();
    match front.get("dataset_info") {
        Some(Json::Array(infos)) => infos.iter().for_each(|info| info_numbers(info, card)),
        Some(info) => info_numbers(info, card),
        None => {}
    }
}

/// Texts in a list, a text, or (in the oldest cards) lists under configuration names.
fn texts(value: &Json, found: &mut Vec<String>) {
    match value {
        Json::String(text) => push_once(found, tidy(text, TEXT_CHARS_MAX)),
        // YAML 1.1 reads the language `no` as false.
        Json::Bool(false) => push_once(found, Some("no".to_owned())),
        Json::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Json::Object(object) => object.values().for_each(|item| texts(item, found)),
        _ => {}
    }
}

/// Counts and column names of one configuration; those of several are added up.
fn info_numbers(info: &Json, card: &mut DatasetCard) {
    let splits: Vec<&Json> = match info.get("splits") {
        Some(Json::Array(splits)) => splits.iter().collect(),
        Some(Json::Object(splits)) => splits.values().collect(),
        _ => Vec::new(),
    };
    let add = |place: &mut Option<u64>, number: Option<u64>| {
        if let Some(number) = number {
            *place = Some(place.unwrap_or(0).saturating_add(number));
        }
    };
    for split in splits {
        add(&mut card.total_records, split.get("num_examples").and_then(Json::as_u64));
    }
    let size = info.get("dataset_size").or_else(|| info.get("download_size"));
    add(&mut card.total_bytes, size.and_then(Json::as_u64));
    match info.get("features") {
        Some(Json::Array(features)) => {
            for feature in features {
                push_once(
                    &mut card.columns,
                    feature.get("name").and_then(Json::as_str).and_then(|n| tidy(n, TEXT_CHARS_MAX)),
                );
            }
        }
        Some(Json::Object(features)) => {
            features.keys().for_each(|name| push_once(&mut card.columns, tidy(name, TEXT_CHARS_MAX)));
        }
        _ => {}
    }
}

/// What the text below says: heading, summary, home page, point of contact.
fn markdown(body: &str, card: &mut DatasetCard) {
    let mut lines = body.lines().peekable();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if let Some(heading) = line.strip_prefix('#') {
            let heading = heading.trim_start_matches('#').trim();
            if card.title.is_none() {
                let name = heading.strip_prefix("Dataset Card for").unwrap_or(heading);
                card.title = tidy(name.trim_matches(['"', ' ', '*']), TEXT_CHARS_MAX);
            }
            if heading.eq_ignore_ascii_case("dataset summary") && card.description.is_none() {
                card.description = paragraph(&mut lines);
            }
            continue;
        }
        let item = line.trim_start_matches(['-', '*', ' ']);
        for (label, place) in [("homepage", &mut card.homepage), ("point of contact", &mut card.contact)] {
            if place.is_none()
                && let Some(rest) = strip_label(item, label)
            {
                *place = target(rest);
            }
        }
    }
    if card.description.is_none() {
        let mut lines = body.lines().peekable();
        let after_heading = lines.by_ref().any(|line| line.starts_with("# "));
        card.description = after_heading.then(|| paragraph(&mut lines)).flatten();
    }
}

/// The first paragraph of plain text before the next heading.
fn paragraph<'a>(lines: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>) -> Option<String> {
    let mut text = String::new();
    while let Some(line) = lines.next_if(|line| !line.trim_start().starts_with('#')) {
        let line = line.trim();
        let furniture = line.starts_with(['|', '<', '!', '-', '*']) || line.starts_with("```");
        if line.is_empty() || furniture {
            if text.is_empty() {
                continue;
            }
            break;
        }
        text.push_str(line);
        text.push(' ');
    }
    tidy(&text, DESCRIPTION_CHARS_MAX)
}

/// `Homepage:** https://…` after its label, whatever stars stand around it.
fn strip_label<'a>(item: &'a str, label: &str) -> Option<&'a str> {
    let (name, rest) = item.split_once(':')?;
    name.trim_matches(['*', ' ', '_']).eq_ignore_ascii_case(label).then(|| rest.trim_start_matches(['*', ' ', '_']))
}

/// Where a Markdown link leads, or the text itself; a mail address without its scheme.
fn target(text: &str) -> Option<String> {
    let text = text.trim();
    let link = text.split_once("](").and_then(|(_, rest)| rest.split_once(')')).map(|(link, _)| link);
    let name = text.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(name, _)| name);
    if name.is_some_and(|name| name.to_ascii_lowercase().contains("more information")) {
        return None;
    }
    let found = link.unwrap_or(text).trim_matches(['<', '>', '[', ']', ' ']);
    tidy(found.strip_prefix("mailto:").unwrap_or(found), TEXT_CHARS_MAX)
}
