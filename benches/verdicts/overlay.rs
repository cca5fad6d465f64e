//! Edits that put a picture into something or something onto it: frames, marks, logos, screenshots, captions.
//!
//! Letters come from a font of three by five dots, so that no font file is needed and every machine draws the same.

use image::imageops::{self, FilterType};
use image::{GrayImage, Luma, Rgb, RgbImage};

type Color = [u8; 3];
const WHITE: Color = [255, 255, 255];
const BLACK: Color = [0, 0, 0];

/// Fills a rectangle given by its corners, to the nearest pixel, inside the picture.
fn fill(picture: &mut RgbImage, [left, top, right, bottom]: [f32; 4], color: Color) {
    let (width, height) = (picture.width(), picture.height());
    let clip = |at: f32, side: u32| (at.round().max(0.0) as u32).min(side);
    for y in clip(top, height)..clip(bottom, height) {
        for x in clip(left, width)..clip(right, width) {
            picture.put_pixel(x, y, Rgb(color));
        }
    }
}

fn disc(picture: &mut RgbImage, [left, top, right, bottom]: [f32; 4], color: Color) {
    let (rx, ry) = ((right - left) / 2.0, (bottom - top) / 2.0);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (dx, dy) = ((x as f32 - left - rx) / rx, (y as f32 - top - ry) / ry);
        if dx * dx + dy * dy <= 1.0 {
            *pixel = Rgb(color);
        }
    }
}

/// Three by five dots of a letter, row by row from the top.
fn dots(letter: char) -> u16 {
    const LETTERS: [u16; 26] = [
        0b010_101_111_101_101,
        0b110_101_110_101_110,
        0b011_100_100_100_011,
        0b110_101_101_101_110,
        0b111_100_110_100_111,
        0b111_100_110_100_100,
        0b011_100_101_101_011,
        0b101_101_111_101_101,
        0b111_010_010_010_111,
        0b001_001_001_101_010,
        0b101_101_110_101_101,
        0b100_100_100_100_111,
        0b101_111_111_101_101,
        0b110_101_101_101_101,
        0b010_101_101_101_010,
        0b110_101_110_100_100,
        0b010_101_101_110_011,
        0b110_101_110_101_101,
        0b011_100_010_001_110,
        0b111_010_010_010_010,
        0b101_101_101_101_111,
        0b101_101_101_101_010,
        0b101_101_111_111_101,
        0b101_101_010_101_101,
        0b101_101_010_010_010,
        0b111_001_010_100_111,
    ];
    const DIGITS: [u16; 10] = [
        0b111_101_101_101_111,
        0b010_110_010_010_111,
        0b110_001_010_100_111,
        0b110_001_010_001_110,
        0b101_101_111_001_001,
        0b111_100_110_001_110,
        0b011_100_110_101_010,
        0b111_001_010_010_010,
        0b010_101_010_101_010,
        0b010_101_011_001_110,
    ];
    match letter.to_ascii_uppercase() {
        letter @ 'A'..='Z' => LETTERS[letter as usize - 'A' as usize],
        digit @ '0'..='9' => DIGITS[digit as usize - '0' as usize],
        '.' | ',' => 0b000_000_000_000_010,
        ':' => 0b000_010_000_010_000,
        '/' => 0b001_001_010_100_100,
        '-' => 0b000_000_111_000_000,
        '#' => 0b101_111_101_111_101,
        _ => 0,
    }
}

/// How wide a text is at a size.
fn length(text: &str, size: f32) -> f32 {
    text.chars().count() as f32 * size * 0.6
}

/// Calls for every dot of a text with its corners.
fn each_dot(text: &str, (x, y): (f32, f32), size: f32, mut dot: impl FnMut([f32; 4])) {
    let (across, down) = (size * 0.15, size * 0.15);
    for (place, letter) in text.chars().enumerate() {
        let bits = dots(letter);
        for at in (0..15_u16).filter(|at| bits >> (14 - at) & 1 == 1) {
            let left = x + place as f32 * size * 0.6 + f32::from(at % 3) * across;
            let top = y + size * 0.15 + f32::from(at / 3) * down;
            dot([left, top, left + across, top + down]);
        }
    }
}

fn write(picture: &mut RgbImage, text: &str, at: (f32, f32), size: f32, color: Color) {
    each_dot(text, at, size.max(8.0), |corners| fill(picture, corners, color));
}

/// A signature in the lower right corner, outlined.
pub fn mark_corner(picture: &RgbImage) -> RgbImage {
    let mut out = picture.clone();
    let text = "C artist-name.example";
    let size = (longest(picture) * 0.035).max(8.0);
    let (x, y) = (picture.width() as f32 - length(text, size) - 4.0, picture.height() as f32 - size - 4.0);
    each_dot(text, (x, y), size, |[left, top, right, bottom]| {
        fill(&mut out, [left - 1.0, top - 1.0, right + 1.0, bottom + 1.0], BLACK);
    });
    write(&mut out, text, (x, y), size, WHITE);
    out
}

/// Lines of half-transparent text over the whole picture, leaning.
pub fn mark_tiled(picture: &RgbImage) -> RgbImage {
    let (width, height) = (picture.width() * 2, picture.height() * 2);
    let mut layer = GrayImage::new(width, height);
    let text = "PREVIEW  stock.example   ";
    let size = (longest(picture) * 0.06).max(8.0);
    let step = length(text, size);
    let mut line = 0_u8;
    while f32::from(line) * size * 3.0 < height as f32 {
        let mut x = -f32::from(line % 2) * step / 2.0;
        while x < width as f32 {
            each_dot(text, (x, f32::from(line) * size * 3.0), size, |[left, top, right, bottom]| {
                for y in (top.max(0.0) as u32)..(bottom as u32).min(height) {
                    for x in (left.max(0.0) as u32)..(right.max(0.0) as u32).min(width) {
                        layer.put_pixel(x, y, Luma([255]));
                    }
                }
            });
            x += step;
        }
        line += 1;
    }
    let (sin, cos) = 30.0_f32.to_radians().sin_cos();
    let mut out = picture.clone();
    for (x, y, pixel) in out.enumerate_pixels_mut() {
        let (dx, dy) = (x as f32 - width as f32 / 4.0, y as f32 - height as f32 / 4.0);
        let (from_x, from_y) = (width as f32 / 2.0 + dx * cos - dy * sin, height as f32 / 2.0 + dx * sin + dy * cos);
        let is_text = layer.get_pixel_checked(from_x.max(0.0) as u32, from_y.max(0.0) as u32);
        if is_text.is_some_and(|dot| dot.0[0] > 0) {
            pixel.0 = pixel.0.map(|channel| (f32::from(channel) + (255.0 - f32::from(channel)) * 90.0 / 255.0) as u8);
        }
    }
    out
}

/// A logo that covers a share of the area, in the lower right corner or the middle.
pub fn logo(picture: &RgbImage, share: f32, is_centred: bool) -> RgbImage {
    let mut out = picture.clone();
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let (w, h) = (width * share.sqrt(), height * share.sqrt());
    let (x, y) = if is_centred { ((width - w) / 2.0, (height - h) / 2.0) } else { (width - w, height - h) };
    fill(&mut out, [x, y, x + w, y + h], [230, 40, 60]);
    disc(&mut out, [x + w * 0.2, y + h * 0.2, x + w * 0.8, y + h * 0.8], WHITE);
    write(&mut out, "LOGO", (x + w * 0.3, y + h * 0.4), h * 0.2, [20, 20, 20]);
    out
}

fn longest(picture: &RgbImage) -> f32 {
    picture.width().max(picture.height()) as f32
}

/// The picture on a ground, its upper left corner at a place.
fn on_ground(picture: &RgbImage, (width, height): (u32, u32), (x, y): (u32, u32), color: Color) -> RgbImage {
    let mut out = RgbImage::from_pixel(width, height, Rgb(color));
    imageops::replace(&mut out, picture, i64::from(x), i64::from(y));
    out
}

/// Filled up to a square; a square to a wide picture.
pub fn letterbox(picture: &RgbImage, color: Color) -> RgbImage {
    let (width, height) = picture.dimensions();
    let side = width.max(height);
    if width == height {
        return on_ground(picture, (side * 14 / 10, side), (side / 5, 0), color);
    }
    on_ground(picture, (side, side), ((side - width) / 2, (side - height) / 2), color)
}

/// A frame as thick as a share of the longer side.
pub fn framed(picture: &RgbImage, share: f32, color: Color) -> RgbImage {
    let thick = (longest(picture) * share).round() as u32;
    on_ground(picture, (picture.width() + 2 * thick, picture.height() + 2 * thick), (thick, thick), color)
}

/// A post in an app on a phone: header above, buttons and text below.
pub fn phone(picture: &RgbImage, is_dark: bool) -> RgbImage {
    let (ground, ink) = if is_dark { ([18, 18, 20], [235, 235, 235]) } else { (WHITE, [30, 30, 30]) };
    let w = picture.width() as f32;
    let (top, bottom) = ((w * 0.16).round() as u32, (w * 0.30).round() as u32);
    let mut out = on_ground(picture, (picture.width(), picture.height() + top + bottom), (0, top), ground);
    write(&mut out, "12:41", (w * 0.03, w * 0.012), w * 0.03, ink);
    disc(&mut out, [w * 0.03, w * 0.06, w * 0.11, w * 0.14], [120, 140, 200]);
    write(&mut out, "some-user - 3h", (w * 0.14, w * 0.075), w * 0.035, ink);
    let y = (top + picture.height()) as f32;
    for button in 0..4_u8 {
        let x = w * (0.03 + 0.1 * f32::from(button));
        disc(&mut out, [x, y + w * 0.02, x + w * 0.06, y + w * 0.08], ink);
        let line = (w / 200.0).max(1.0);
        disc(&mut out, [x + line, y + w * 0.02 + line, x + w * 0.06 - line, y + w * 0.08 - line], ground);
    }
    write(&mut out, "1,204 likes", (w * 0.03, y + w * 0.10), w * 0.035, ink);
    write(&mut out, "some-user look at this amazing piece #art", (w * 0.03, y + w * 0.16), w * 0.033, ink);
    write(&mut out, "View all 32 comments", (w * 0.03, y + w * 0.22), w * 0.03, [140, 140, 140]);
    out
}

/// A browser window on a wide screen; the picture takes about half of its width.
pub fn desktop(picture: &RgbImage) -> RgbImage {
    let width = ((picture.width() as f32 * 1.8).round() as u32).max(640);
    let height = width * 9 / 16;
    let (w, h) = (width as f32, height as f32);
    let mut out = RgbImage::from_pixel(width, height, Rgb([245, 245, 247]));
    fill(&mut out, [0.0, 0.0, w, h * 0.06], [60, 60, 70]);
    fill(&mut out, [w * 0.1, h * 0.015, w * 0.7, h * 0.045], [230, 230, 235]);
    write(&mut out, "https://gallery.example/post/1234", (w * 0.11, h * 0.018), h * 0.02, [60, 60, 60]);
    for line in 0..12_u8 {
        let (y, more) = (h * (0.12 + 0.06 * f32::from(line)), 0.05 * f32::from(line % 3));
        fill(&mut out, [w * 0.75, y, w * (0.90 + more), y + h * 0.02], [200, 200, 205]);
    }
    let share = (w * 0.55 / picture.width() as f32).min(h * 0.85 / picture.height() as f32);
    let scaled = |length: u32| ((length as f32 * share).round() as u32).max(1);
    let shown = imageops::resize(picture, scaled(picture.width()), scaled(picture.height()), FilterType::Lanczos3);
    imageops::replace(&mut out, &shown, (w * 0.1).round() as i64, (h * 0.1).round() as i64);
    out
}

/// Two lines of text on white above it.
pub fn captioned(picture: &RgbImage) -> RgbImage {
    let (w, h) = (picture.width() as f32, picture.height() as f32);
    let above = (h * 0.2).round() as u32;
    let mut out = on_ground(picture, (picture.width(), picture.height() + above), (0, above), WHITE);
    for (line, text) in ["when the model has", "seen your art before"].into_iter().enumerate() {
        write(&mut out, text, (w * 0.05, h * (0.03 + 0.07 * line as f32)), h * 0.06, BLACK);
    }
    out
}
