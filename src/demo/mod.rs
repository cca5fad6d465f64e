//! The sample datasets of `rollcall demo`.
