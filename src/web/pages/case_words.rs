//! States and reasons of a case in plain words. The pages of the person and of the maintainers say the same.

use crate::search::engine::Engine;
use crate::takedown::case::RowState;
use crate::takedown::desk::ANY_DATASET;
use crate::takedown::reasons::RefusalReason;

/// A dataset's title, in words also where a case names none.
pub(in crate::web) fn dataset_in_words(engine: &Engine, slug: &str) -> String {
    if slug == ANY_DATASET {
        return "Whichever dataset it stands in".to_owned();
    }
    let known = engine.datasets().into_iter().find(|dataset| dataset.slug == slug);
    known.map(|dataset| dataset.title).filter(|title| !title.is_empty()).unwrap_or_else(|| slug.to_owned())
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

pub(in crate::web) fn refusal_in_words(reason: RefusalReason) -> &'static str {
    match reason {
        RefusalReason::NoMatch => "What was described was not found in the dataset.",
        RefusalReason::InsufficientVerification => "It was not shown that the request comes from who it is about.",
        RefusalReason::SuspectedFraud => "The request does not seem to be honest.",
        RefusalReason::ClaimNotCovered => "The law or the terms that were named do not cover it.",
        RefusalReason::OutsideJurisdiction => "The law that was named does not apply where it would have to.",
        RefusalReason::TooManyRequests => "The same was asked again and again.",
        RefusalReason::ExceptionApplies => "The law has an exception for a case like this.",
        RefusalReason::IncompleteNotice => "Something the law demands of a notice is missing.",
        RefusalReason::NotOurData => "The data is not held by those who were asked.",
        RefusalReason::DuplicateOf => "The same was decided in another case.",
        RefusalReason::Other => "For another reason, given below.",
    }
}
