//! Removal sets on real and made manifests, through the program: applied, compared row by row, looked for again.

mod applied;
mod interrupted;
mod made; // sets of some rows of a file
mod real;
