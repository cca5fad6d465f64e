//! States and reasons of a case in plain words. The pages of the person and of the maintainers say the same.

use crate::search::engine::Engine;
use crate::takedown::case::RowState;
use crate::takedown::desk::ANY_DATASET;
use crate::web::format;

/// As long as a line or two: the record's own page has all of it.
const CAPTION_CHARS_MAX: usize = 120;

/// A dataset's title, in words also where a case names none.
pub(in crate::web) fn dataset_in_words(engine: &Engine, slug: &str) -> String {
    if slug == ANY_DATASET {
        return "Whichever dataset it stands in".to_owned();
    }
    let known = engine.datasets().into_iter().find(|dataset| dataset.slug == slug);
    known.map(|dataset| dataset.title).filter(|title| !title.is_empty()).unwrap_or_else(|| slug.to_owned())
}

/// What a record that may be shown says of itself, empty where it has no words; `None` for one that is hidden or gone.
pub(in crate::web) fn caption_of_shown(engine: &Engine, id: &str) -> Option<String> {
    let caption = engine.record(id).ok()?.hit.caption.unwrap_or_default();
    Some(format::shortened(&caption, CAPTION_CHARS_MAX))
}

/// How the person stands to whom it is about, in words.
pub(in crate::web) fn relationship_in_words(value: &str) -> &str {
    match value {
        "self" => "for myself",
        "parent" => "as parent or guardian",
        "agent" => "for somebody who asked me to",
        "heir" => "for somebody who has died",
        "rightholder" => "as holder of the rights",
        "authorised" => "authorised by the holder of the rights",
        other => other,
    }
}

pub(in crate::web) fn row_state_in_words(state: RowState) -> &'static str {
    match state {
        RowState::Pending => "not decided yet",
        RowState::Restricted => "hidden from this portal",
        RowState::Granted => "to be removed",
        RowState::SetAside => "hidden from this portal and kept",
        RowState::Answered => "answered",
        RowState::Refused => "refused",
        RowState::OutOfScope => "not for this portal to decide",
        RowState::Forwarded => "handed on",
        RowState::Restored => "put back",
        RowState::Withdrawn => "taken out by you",
    }
}
