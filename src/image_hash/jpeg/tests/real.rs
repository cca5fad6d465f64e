//! Other people's pictures, where the shared data folder stands beside the project.
#![expect(clippy::print_stdout, reason = "says that it skips where the real data are not there, and what was measured")]

use std::path::{Path, PathBuf};

use super::*;
use crate::hash_code::{HashCode, HashKind};
use crate::image_hash::pdqa::area_average_shrunk;
use crate::image_hash::transform::Form;

/// All JPEG files of the shared folder, by their first bytes.
fn pictures() -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/images");
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
    }
    let folders = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let files = folders.filter_map(|folder| std::fs::read_dir(folder.path()).ok()).flatten().flatten();
    let read = files.filter_map(|file| Some((file.path(), std::fs::read(file.path()).ok()?)));
    read.filter(|(_, bytes)| bytes.starts_with(b"\xFF\xD8\xFF")).collect()
}

fn code(shrunk: &Shrunk) -> (HashCode, u8) {
    let grid = area_average_shrunk(shrunk);
    (grid.frequencies().code(HashKind::Pdqa, Form::AsIs), grid.quality())
}

#[test]
fn other_peoples_files_are_decoded_alike() {
    let (mut n_plain, mut n_other, mut n_moved) = (0, 0, 0);
    for (path, bytes) in pictures() {
        let Some(full) = ours(&bytes, 1) else {
            n_other += 1;
            continue;
        };
        n_plain += 1;
        let off = farthest(&full.plane.pixels, &theirs(&bytes).pixels);
        assert!(off <= 2, "{}: {off}", path.display());
        let (shrunk, _) = decode_shrunk(&bytes, &limits()).unwrap();
        let (whole, quality) = code(&full);
        let distance = code(&shrunk).0.distance(&whole);
        n_moved += u32::from(distance > 0);
        assert!(distance <= 2 || quality < 50, "{}: {distance} bits by {}", path.display(), shrunk.step);
    }
    println!("{n_plain} plain, {n_other} other, {n_moved} of them with bits moved");
}
