//! The only door to hits.
pub mod engine;
pub mod results;
