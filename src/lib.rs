//! Rollcall answers one question about public AI training datasets: am I in there?
//!
//! It takes in the published files of datasets ([`ingest`]) and answers searches by words, names, addresses and
//! pictures ([`search`]), as pages and JSON ([`web`]) and on the terminal ([`cli`]). The library exists for the program
//! `rollcall`, its tests and its benchmarks; it promises nothing to others.
//!
//! # Finding your way
//!
//! The modules below are in reading order: nouns first, then the rooms that do something. A row of a manifest is a
//! [`record::Record`]; what its columns mean is a [`mapping::Mapping`]; what is known of it through that is
//! [`facts::Facts`]. [`manifest`] reads files into records, [`image_hash`] pictures into hashes, [`index`] is what lies
//! on the disk.
//!
//! ```text
//! manifest ─┐
//! image_hash ┼─► ingest ─► index ─► search ─► web ─► cli
//! mapping ──┘
//! ```
//!
//! `ARCHITECTURE.md` says who may import whom, what must be nowhere, and how an ingest and a query go from door to
//! door. `tests/it/tidy.rs` keeps the arrows.

// Nouns: no IO, no clock, no room above them.
pub mod dataset;
pub mod facts;
pub mod hash_code;
pub mod identifier;
pub mod mapping;
pub mod record;
pub mod timestamp;
pub mod web_address;
pub mod words;

// Rooms.
pub mod cli;
pub mod config;
pub mod demo;
pub mod evidence;
pub mod image_hash;
pub mod index;
pub mod ingest;
pub mod manifest;
pub mod outbound;
pub mod publishing;
pub mod removal;
pub mod search;
pub mod takedown;
pub mod web;
