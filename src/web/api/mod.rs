//! The API: the same calls as the pages, as JSON. Errors are problem+json (RFC 9457).

pub(super) mod cases;
pub(super) mod copies;
pub(super) mod datasets;
pub(super) mod evidence;
pub(super) mod openapi;
pub(super) mod opt_outs;
pub(super) mod pictures;
pub(super) mod proofs;
pub(super) mod range;
pub(super) mod records;
pub(super) mod removals;
pub(super) mod review;
mod review_view;
pub(super) mod search;
pub(super) mod transparency;
