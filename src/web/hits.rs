//! A found record as lists show it.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::format;
use super::marked::Marked;
use crate::search::results::Hit;

/// Characters of a caption shown in a list. Whole documents stand on the record page.
const CAPTION_CHARS_MAX: usize = 420;
/// Characters of an address shown in a list.
const URL_CHARS_MAX: usize = 300;

/// What may not stand as it is in one segment of a path.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'/')
    .add(b'%')
    .add(b'\\')
    .add(b'^')
    .add(b'|')
    .add(b'[')
    .add(b']')
    .add(b'&')
    .add(b'+');

pub(super) struct HitView {
    pub(super) id: String,
    pub(super) href: String,
    /// The text, or what stands for it; `None` where the record has no text at all.
    pub(super) caption: Option<Marked>,
    pub(super) author: Option<Marked>,
    pub(super) url: Option<Marked>,
    pub(super) source_id: Option<Marked>,
    pub(super) date: Option<String>,
    pub(super) date_iso: String,
    pub(super) dataset_href: String,
    pub(super) dataset: String,
    pub(super) revision: String,
    pub(super) file: String,
    pub(super) row: String,
}

impl HitView {
    pub(super) fn new(hit: &Hit) -> Self {
        let highlight = |field: &str| {
            let found = hit.highlights.iter().find(|highlight| highlight.field == field);
            found.map(|highlight| Marked::from_highlight(&highlight.html))
        };
        let text = |text: &Option<String>, chars_max| {
            text.as_deref().map(|text| Marked::from_text(&format::shortened(text, chars_max)))
        };
        Self {
            id: hit.id.clone(),
            href: record_href(&hit.id),
            caption: highlight("caption").or_else(|| text(&hit.caption, CAPTION_CHARS_MAX)),
            author: highlight("author").or_else(|| text(&hit.author, URL_CHARS_MAX)),
            url: highlight("url").or_else(|| text(&hit.url, URL_CHARS_MAX)),
            source_id: highlight("source_id"),
            date: hit.created_at.as_deref().map(format::date),
            date_iso: hit.created_at.clone().unwrap_or_default(),
            dataset_href: dataset_href(&hit.dataset),
            dataset: dataset_title(hit).into_owned(),
            revision: hit.revision.clone(),
            file: hit.file.clone(),
            row: format::number(&hit.row),
        }
    }
}

impl HitView {
    /// Every part, with nothing in it: the markup that a script fills.
    pub(super) fn blank() -> Self {
        let nothing = || Some(Marked::from_text(""));
        Self {
            id: String::new(),
            href: String::new(),
            caption: nothing(),
            author: nothing(),
            url: nothing(),
            source_id: None,
            date: None,
            date_iso: String::new(),
            dataset_href: String::new(),
            dataset: String::new(),
            revision: String::new(),
            file: String::new(),
            row: String::new(),
        }
    }
}

pub(super) fn dataset_title(hit: &Hit) -> Cow<'_, str> {
    if hit.dataset_title.is_empty() { (&hit.dataset).into() } else { (&hit.dataset_title).into() }
}

pub(super) fn record_href(id: &str) -> String {
    format!("/records/{}", utf8_percent_encode(id, SEGMENT))
}

pub(super) fn dataset_href(slug: &str) -> String {
    format!("/datasets/{}", utf8_percent_encode(slug, SEGMENT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_ids_stay_one_path_segment() {
        assert_eq!(record_href("a/../b?c#d"), "/records/a%2F..%2Fb%3Fc%23d");
        assert_eq!(dataset_href("laion-400m"), "/datasets/laion-400m");
    }
}
