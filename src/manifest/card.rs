//! Dataset cards.
