//! What a visitor of the demo can type and which pictures they can drop on the page.

use std::path::{Path, PathBuf};

use super::people::MIRA;
use super::pictures::{border, crop, draw, jpeg, mirror, png, resize};
use super::prints::{QUALITY, draw_print};
use super::{DemoError, write_file};

/// Queries worth trying, each with what it shows.
pub(super) fn words() -> Vec<(String, String)> {
    let mira = MIRA;
    let pairs: [(&str, &str); 11] = [
        (mira.name, "one artist in several datasets, by name"),
        (mira.did, "her posts, by the account's lasting identifier"),
        ("u/tidewater_mira", "her comments, by user name"),
        (mira.site, "every picture address on her site and its sub-domains"),
        ("@mira.example", "posts that mention her handle"),
        ("\"striped lighthouse\"", "an exact phrase"),
        ("lighthouse -dusk", "a word without another"),
        ("灯台", "Japanese, found inside running text"),
        ("faro dataset:harbour-pairs", "one dataset only"),
        ("#linocut after:2024-01-01", "a hashtag since a date"),
        ("tiny purple elephants on skateboards", "what a page without hits says"),
    ];
    pairs.iter().map(|&(query, shows)| (query.to_owned(), shows.to_owned())).collect()
}

/// Writes the pictures to drop on the page, each with what it shows.
pub(super) fn write_pictures(dir: &Path, seed: u64) -> Result<Vec<(PathBuf, String)>, DemoError> {
    let print = |number| draw_print(seed, number).picture;
    let drawn = |path: &Path, bytes: Result<Vec<u8>, image::ImageError>| {
        write_file(path, &bytes.map_err(|source| DemoError::picture(path, source))?)
    };
    let mut written = Vec::new();
    let mut add = |name: &str, shows: &str, bytes: Result<Vec<u8>, image::ImageError>| {
        let path = dir.join(name);
        drawn(&path, bytes)?;
        written.push((path, shows.to_owned()));
        Ok::<(), DemoError>(())
    };
    add("same-file.jpg", "the very file of a print: found by its checksum", jpeg(&print(0), QUALITY))?;
    add(
        "smaller-and-recompressed.jpg",
        "a print at half its size, compressed harder",
        jpeg(&resize(&print(1), 0.5), 55),
    )?;
    add("mirrored.jpg", "a print with left and right swapped", jpeg(&mirror(&print(2)), 80))?;
    add("framed.png", "a print in a white frame", png(&border(&print(4), 20, [255, 255, 255])))?;
    add("trimmed.jpg", "a print with a little cut away on every side", jpeg(&crop(&print(6), 0.02), QUALITY))?;
    add(
        "not-in-any-dataset.jpg",
        "a picture that no dataset here holds",
        jpeg(&draw(seed ^ 0x006e_6f74_6865_7265, 400, 300), QUALITY),
    )?;
    Ok(written)
}
