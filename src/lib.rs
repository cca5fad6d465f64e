//! Rollcall answers one question about public AI training datasets: am I in there?
//!
//! The rooms, in reading order. `ARCHITECTURE.md` says who may import whom.

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
pub mod image_hash;
pub mod index;
pub mod ingest;
pub mod manifest;
pub mod search;
pub mod web;
