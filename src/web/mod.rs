//! The web room: pages for people, the same answers as JSON for programs, over HTTP.
//!
//! Used by the command line (`serve`, `demo`) through [`Portal`]. It asks [`crate::search`] and shows what comes back;
//! it never opens an index or a manifest itself, never writes a visitor's words or pictures to the log or the disk,
//! and never sends a visitor's browser to another site for anything but a link the visitor clicks.
//! The only room that names actix or askama.

mod portal;
mod routes;
mod runtime;

mod api;
mod pages;

mod assets;
mod basket;
mod case_cookie;
mod coverage;
mod decisions;
mod documents;
mod error;
mod error_page;
mod evidence;
mod form;
mod format;
mod hits;
mod layout;
mod lineage;
mod marked;
mod metrics;
mod proof_form;
mod proofs;
mod queue_params;
mod rate_limit;
mod reading;
mod receipts;
mod records;
mod releases;
mod reserved;
mod search_params;
mod security;
mod session;
mod state;
mod takes;
mod tdm;
mod transparency;
mod upload;

pub use portal::Portal;
pub use runtime::run_until_signalled;
