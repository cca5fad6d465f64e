//! Every format in, the report out; bad rows; damaged files; revisions; interrupted runs.

mod columns; // presets, maps, guesses, cards
mod damage; // bad rows, files cut short, published files with a flipped bit
mod formats; // one test over every format
mod interrupted; // runs killed at many moments
mod revisions; // the same again, a new one, withdrawn, dropped
