//! The only door to hits: what exists, read from the index, less what must not be shown.
//!
//! Used by the web room and the command line, which both show [`results`]. Nothing else opens an index for reading, so
//! what is withdrawn is left out here, once, for every page, count and answer.
//!
//! In reading order: `engine` (the calls), `snapshot` (what is open), `suppression` (what must not be shown), `query`
//! (what was typed), `clauses` (what is asked of the index), `text` and `pictures` (the two searches), `matches` (what a
//! dataset has for pictures), `verdicts` (how sure), `copies`, `hits`, `highlight`, `coverage`, `biography`, `compare`.

mod biography;
mod clauses;
mod compare;
mod copies;
mod coverage;
mod cursor;
pub mod engine;
mod highlight;
mod hits;
pub mod lineage;
mod matches;
mod older;
mod opt_outs;
mod pictures;
mod query;
pub mod range;
mod record_id;
pub mod results;
mod snapshot;
mod suppression;
mod text;
pub mod verdicts;
