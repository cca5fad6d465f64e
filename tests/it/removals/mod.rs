//! Removal sets on real and made manifests, through the program: applied, compared row by row, looked for again.

mod applied;
mod interrupted;
mod learned; // what can be learned from a published set, and what cannot
mod made; // sets of some rows of a file
mod real;
