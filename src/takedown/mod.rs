//! From hit to decision: the case a person files, the clock it runs against, what is decided and why.
//!
//! Used by the web room (pages of the person, queue of the maintainer, API) and the command line (accounts), all through
//! [`desk::Desk`]. [`crate::search`] reads from it what must not be shown. It knows records only as [`case::RecordRef`]s
//! it is given: it never sees an index, HTTP, the clock or randomness (both are parameters of the desk).
//!
//! In reading order: [`basis`], [`case`], [`reasons`] (nouns); [`rules`] (what the law asks, from files the operator can
//! edit), [`clock`] (days and months by the book), [`filing`] (what a basis requires), [`decision`] (the state machine,
//! pure), [`letters`], [`search_words`] (what the queue is searched by), [`proof`] (who asks, and how that was shown),
//! [`statistics`]; [`store`] (the only place that names the database), [`desk`] (the calls).

pub mod basis;
pub mod case;
pub mod memo;
pub mod proposal;
pub mod reasons;
pub mod tombstone;

pub mod clock;
pub mod decision;
pub mod filing;
pub mod letters;
pub mod proof;
pub mod recipient;
pub mod retention;
pub mod rules;
mod search_words;
pub mod statistics;
pub mod timeline;

pub mod accounts;
pub mod desk;
pub mod event_log;
pub mod export;
pub mod passphrase;
pub mod post;
pub mod store;
