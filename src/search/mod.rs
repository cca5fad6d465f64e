//! The only door to hits.
pub mod results;
