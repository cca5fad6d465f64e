//! `orchard-prints`: a folder of pictures with `metadata.jsonl`, as Hugging Face's image folders are. A third of
//! the pictures are copies of others: smaller, recompressed, mirrored, framed.

use std::path::Path;

use image::RgbImage;
use serde_json::json;

use super::people::PEOPLE;
use super::pictures::{Drawing, border, draw_described, jpeg, mirror, resize};
use super::random::Rng;
use super::{DemoError, english, parallel, write_file};

/// Pictures that are drawn; every second one gets a copy.
pub(super) const DRAWN: usize = 90;
/// What the web serves most: small, some upright.
pub(super) const SIZES: [(u32, u32); 6] = [(320, 240), (320, 240), (360, 270), (320, 400), (400, 300), (480, 320)];
pub(super) const QUALITY: u8 = 85;

/// The seed of print `number`. `lantern-shards` and the pictures to try draw the same.
pub(super) fn picture_seed(seed: u64, number: usize) -> u64 {
    Rng::for_part(seed, "print", number as u64).next_u64()
}

pub(super) fn draw_print(seed: u64, number: usize) -> Drawing {
    let size = SIZES[number % SIZES.len()];
    draw_described(picture_seed(seed, number), size.0, size.1)
}

/// Writes the pictures and their metadata into a folder.
pub(super) fn write_folder(dir: &Path, seed: u64) -> Result<(), DemoError> {
    let rows = parallel(DRAWN, |number| write_print(dir, seed, number))?;
    let lines: Vec<String> = rows.into_iter().flatten().map(|row| row.to_string()).collect();
    write_file(&dir.join("metadata.jsonl"), (lines.join("\n") + "\n").as_bytes())
}

/// One print and perhaps a copy of it, with their metadata rows.
fn write_print(dir: &Path, seed: u64, number: usize) -> Result<Vec<serde_json::Value>, DemoError> {
    let mut rng = Rng::for_part(seed, "orchard-prints", number as u64);
    let drawing = draw_print(seed, number);
    let artist = rng.choose(&PEOPLE).name;
    let file_name = format!("print-{number:03}.jpg");
    let text = english::caption_of(&mut rng, &drawing.subject, drawing.mood, artist);
    let mut rows = vec![json!({"file_name": file_name, "text": text, "artist": artist, "year": 2009 + rng.below(15)})];
    save(dir, &file_name, &drawing.picture, QUALITY)?;
    if number % 2 == 1 {
        let (copy, quality, what) = copy_of(&mut rng, &drawing.picture);
        let file_name = format!("copy-{number:03}-{what}.jpg");
        save(dir, &file_name, &copy, quality)?;
        rows.push(json!({"file_name": file_name, "text": format!("{text} ({what})"), "artist": artist, "year": null}));
    }
    Ok(rows)
}

/// A copy as it wanders through the web: the picture, the JPEG quality, and the word for it.
pub(super) fn copy_of(rng: &mut Rng, picture: &RgbImage) -> (RgbImage, u8, &'static str) {
    match rng.below(4) {
        0 => (resize(picture, rng.between(0.45, 0.8)), 75, "small"),
        1 => (picture.clone(), 38, "recompressed"),
        2 => (mirror(picture), 80, "mirrored"),
        _ => (border(picture, 12, [250, 248, 244]), 80, "framed"),
    }
}

fn save(dir: &Path, name: &str, picture: &RgbImage, quality: u8) -> Result<(), DemoError> {
    let path = dir.join(name);
    let bytes = jpeg(picture, quality).map_err(|source| DemoError::picture(&path, source))?;
    write_file(&path, &bytes)
}
