//! Pictures drawn from a seed, and the edits that copies on the web go through.
//!
//! The demo fills its datasets with them; tests and benchmarks draw with the same calls. One seed gives one picture,
//! at any size; another seed gives a clearly different one.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageError, Rgb, RgbImage, imageops};

use super::canvas::Canvas;
use super::palette::Palette;
use super::random::Rng;
use super::scenes::SCENES;

/// A picture and what it shows.
pub struct Drawing {
    pub picture: RgbImage,
    /// A caption's core, lower case: `two sailing boats and a striped lighthouse`.
    pub subject: String,
    /// How the light is: `at dusk`.
    pub mood: &'static str,
}

/// Draws the picture of a seed.
pub fn draw(seed: u64, width: u32, height: u32) -> RgbImage {
    draw_described(seed, width, height).picture
}

/// The number of the scene that a seed shows: pictures of one scene are laid out alike.
pub fn scene_of(seed: u64) -> usize {
    begin(seed).2
}

/// What is drawn first of all: the random numbers to go on with, the colours and the scene's number.
fn begin(seed: u64) -> (Rng, Palette, usize) {
    let mut rng = Rng::for_part(seed, "picture", 0);
    let palette = Palette::any(&mut rng);
    let numbers: [usize; SCENES.len()] = std::array::from_fn(|number| number);
    let scene = *rng.choose(&numbers);
    (rng, palette, scene)
}

/// Draws the picture of a seed and says what is on it.
pub fn draw_described(seed: u64, width: u32, height: u32) -> Drawing {
    let (mut rng, palette, scene) = begin(seed);
    let mut canvas = Canvas::new(width, height, &mut rng);
    let subject = SCENES[scene](&mut canvas, &mut rng, &palette);
    let brush = rng.between(0.02, 0.08);
    Drawing { picture: canvas.finish(&mut rng, brush), subject, mood: palette.mood }
}

/// Left becomes right.
pub fn mirror(picture: &RgbImage) -> RgbImage {
    imageops::flip_horizontal(picture)
}

/// A frame of one colour around the whole picture; it grows by twice `thickness` each way.
pub fn border(picture: &RgbImage, thickness: u32, colour: [u8; 3]) -> RgbImage {
    let size = (picture.width() + 2 * thickness, picture.height() + 2 * thickness);
    let mut framed = RgbImage::from_pixel(size.0, size.1, Rgb(colour));
    imageops::replace(&mut framed, picture, i64::from(thickness), i64::from(thickness));
    framed
}

/// Cuts `share` (0 to 0.45) of the width and of the height away on every side.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
pub fn crop(picture: &RgbImage, share: f32) -> RgbImage {
    let share = share.clamp(0.0, 0.45);
    let (x, y) = ((picture.width() as f32 * share) as u32, (picture.height() as f32 * share) as u32);
    imageops::crop_imm(picture, x, y, picture.width() - 2 * x, picture.height() - 2 * y).to_image()
}

/// The picture at `share` of its size, each way, averaged over areas.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
pub fn resize(picture: &RgbImage, share: f32) -> RgbImage {
    let side = |length: u32| ((length as f32 * share).round() as u32).max(1);
    imageops::thumbnail(picture, side(picture.width()), side(picture.height()))
}

/// Through JPEG at a quality of 1 to 100 and back, with what that loses.
pub fn recompress(picture: &RgbImage, quality: u8) -> Result<RgbImage, ImageError> {
    Ok(image::load_from_memory_with_format(&jpeg(picture, quality)?, image::ImageFormat::Jpeg)?.into_rgb8())
}

/// The picture as a JPEG file.
pub fn jpeg(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, ImageError> {
    // About two bits a pixel at quality 85.
    let mut bytes = Vec::with_capacity(picture.as_raw().len() / 8);
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture)?;
    Ok(bytes)
}

/// The picture as a PNG file.
pub fn png(picture: &RgbImage) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_picture_and_other_seeds_give_others() {
        let first = draw(11, 160, 120);
        assert_eq!(first, draw(11, 160, 120));
        for seed in 12..40 {
            let other = draw(seed, 160, 120);
            let apart: u64 = first.as_raw().iter().zip(other.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
            assert!(apart / first.as_raw().len() as u64 > 15, "seed {seed} looks like seed 11");
        }
    }

    #[test]
    fn a_seed_keeps_its_picture_at_another_size() {
        let large = resize(&draw(5, 640, 480), 0.25);
        let small = draw(5, 160, 120);
        let apart: u64 = large.as_raw().iter().zip(small.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        assert!(apart / (small.as_raw().len() as u64) < 15);
    }

    #[test]
    fn no_picture_is_flat() {
        for seed in 0..60 {
            let picture = draw(seed, 96, 72);
            let levels: std::collections::BTreeSet<u8> = picture.pixels().map(|pixel| pixel.0[1] / 16).collect();
            assert!(levels.len() >= 4, "seed {seed} has {} levels", levels.len());
        }
    }

    #[test]
    fn edits_do_what_they_say() {
        let picture = draw(3, 100, 80);
        assert_eq!(mirror(&mirror(&picture)), picture);
        assert_eq!(mirror(&picture).get_pixel(0, 7), picture.get_pixel(99, 7));
        assert_eq!(border(&picture, 10, [1, 2, 3]).dimensions(), (120, 100));
        assert_eq!(border(&picture, 10, [1, 2, 3]).get_pixel(10, 10), picture.get_pixel(0, 0));
        assert_eq!(crop(&picture, 0.1).dimensions(), (80, 64));
        assert_eq!(resize(&picture, 0.5).dimensions(), (50, 40));
        let lossy = recompress(&picture, 40).unwrap();
        assert_eq!(lossy.dimensions(), picture.dimensions());
        assert_ne!(lossy, picture);
    }

    #[test]
    fn the_smallest_sizes_do_not_fail() {
        for (width, height) in [(1, 1), (1, 40), (40, 1), (0, 0)] {
            for seed in 0..20 {
                let picture = draw(seed, width, height);
                assert_eq!(picture.dimensions(), (width.max(1), height.max(1)));
            }
        }
    }
}
