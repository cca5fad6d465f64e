//! The sample datasets of `rollcall demo`.
pub mod canvas;
mod palette;
pub mod pictures;
pub mod random;
mod scenes;
