//! The 63 edits that copies of pictures on the web go through, by name.

use image::{RgbImage, imageops};
use rollcall::demo::Rng;
use rollcall::demo::pictures::recompress;

use super::{light, overlay, shape};

/// One way of changing a picture.
pub struct Edit {
    /// As the public table calls it.
    pub name: &'static str,
    pub apply: fn(&RgbImage, &mut Rng) -> RgbImage,
}

const WHITE: [u8; 3] = [255; 3];
const BLACK: [u8; 3] = [0; 3];

fn jpeg(picture: &RgbImage, quality: u8) -> RgbImage {
    recompress(picture, quality).expect("a picture in memory can be packed and unpacked")
}

fn square(picture: &RgbImage) -> RgbImage {
    shape::proportions(picture, if picture.width() == picture.height() { 0.8 } else { 1.0 })
}

fn reposted(picture: &RgbImage) -> RgbImage {
    let cut = shape::cut(&light::contrast(picture, 1.15), [0.02; 4]);
    jpeg(&shape::fit(&overlay::mark_corner(&cut), 600), 60)
}

/// All of them, in the order of the table.
#[rustfmt::skip]
pub const EDITS: [Edit; 63] = [
    Edit { name: "saved as JPEG, quality 70", apply: |p, _| jpeg(p, 70) },
    Edit { name: "saved as JPEG, quality 50", apply: |p, _| jpeg(p, 50) },
    Edit { name: "saved as JPEG, quality 30", apply: |p, _| jpeg(p, 30) },
    Edit { name: "saved as JPEG, quality 10", apply: |p, _| jpeg(p, 10) },
    Edit { name: "made smaller, 256 pixels", apply: |p, _| shape::fit(p, 256) },
    Edit { name: "made smaller, 128 pixels", apply: |p, _| shape::fit(p, 128) },
    Edit { name: "made smaller, 64 pixels", apply: |p, _| shape::fit(p, 64) },
    Edit { name: "made twice as large", apply: |p, _| shape::enlarge(p) },
    // No library at hand writes lossy WebP; JPEG at this quality loses at least as much.
    Edit { name: "saved at quality 25, as a lossy WebP of 40", apply: |p, _| jpeg(p, 25) },
    Edit { name: "brought to 64 colours", apply: |p, _| light::palette(p, 64) },
    Edit { name: "made grey", apply: |p, _| light::grey(p) },
    Edit { name: "30 % brighter", apply: |p, _| light::brighter(p, 1.3) },
    Edit { name: "30 % darker", apply: |p, _| light::brighter(p, 0.7) },
    Edit { name: "40 % more contrast", apply: |p, _| light::contrast(p, 1.4) },
    Edit { name: "40 % less contrast", apply: |p, _| light::contrast(p, 0.6) },
    Edit { name: "gamma 0.5", apply: |p, _| light::gamma(p, 0.5) },
    Edit { name: "gamma 2", apply: |p, _| light::gamma(p, 2.0) },
    Edit { name: "colours twice as strong", apply: |p, _| light::saturate(p, 2.0) },
    Edit { name: "blurred a little", apply: |p, _| light::blur(p, 0.005) },
    Edit { name: "blurred much", apply: |p, _| light::blur(p, 0.015) },
    Edit { name: "some noise", apply: |p, rng| light::noise(p, 15.0, rng) },
    Edit { name: "much noise", apply: |p, rng| light::noise(p, 40.0, rng) },
    Edit { name: "signature in the corner", apply: |p, _| overlay::mark_corner(p) },
    Edit { name: "text all over it", apply: |p, _| overlay::mark_tiled(p) },
    Edit { name: "logo over 10 %, in the corner", apply: |p, _| overlay::logo(p, 0.10, false) },
    Edit { name: "logo over 10 %, in the middle", apply: |p, _| overlay::logo(p, 0.10, true) },
    Edit { name: "logo over 25 %, in the corner", apply: |p, _| overlay::logo(p, 0.25, false) },
    Edit { name: "logo over 25 %, in the middle", apply: |p, _| overlay::logo(p, 0.25, true) },
    Edit { name: "filled up to a square, white", apply: |p, _| overlay::letterbox(p, WHITE) },
    Edit { name: "filled up to a square, black", apply: |p, _| overlay::letterbox(p, BLACK) },
    Edit { name: "white frame, 5 %", apply: |p, _| overlay::framed(p, 0.05, WHITE) },
    Edit { name: "black frame, 10 %", apply: |p, _| overlay::framed(p, 0.10, BLACK) },
    Edit { name: "thin black frame, 2 %", apply: |p, _| overlay::framed(p, 0.02, BLACK) },
    Edit { name: "mirrored", apply: |p, _| imageops::flip_horizontal(p) },
    Edit { name: "turned by a quarter", apply: |p, _| imageops::rotate270(p) },
    Edit { name: "upside down", apply: |p, _| imageops::rotate180(p) },
    Edit { name: "tilted by 2 degrees", apply: |p, _| shape::turned(p, 2.0) },
    Edit { name: "tilted by 5 degrees", apply: |p, _| shape::turned(p, 5.0) },
    Edit { name: "tilted by 2 degrees and cropped", apply: |p, _| shape::turned_and_cut(p, 2.0) },
    Edit { name: "tilted by 5 degrees and cropped", apply: |p, _| shape::turned_and_cut(p, 5.0) },
    Edit { name: "2 % cut on every side", apply: |p, _| shape::cut(p, [0.02; 4]) },
    Edit { name: "5 % cut on every side", apply: |p, _| shape::cut(p, [0.05; 4]) },
    Edit { name: "10 % cut on every side", apply: |p, _| shape::cut(p, [0.10; 4]) },
    Edit { name: "20 % cut on every side", apply: |p, _| shape::cut(p, [0.20; 4]) },
    Edit { name: "bottom 10 % cut", apply: |p, _| shape::cut(p, [0.0, 0.0, 0.0, 0.10]) },
    Edit { name: "right 20 % cut", apply: |p, _| shape::cut(p, [0.0, 0.0, 0.20, 0.0]) },
    Edit { name: "70 % of its area, from anywhere", apply: |p, rng| shape::anywhere(p, 0.7, rng) },
    Edit { name: "cropped to a square", apply: |p, _| square(p) },
    Edit { name: "cropped to 4:5", apply: |p, _| shape::proportions(p, 0.8) },
    Edit { name: "cropped to 16:9", apply: |p, _| shape::proportions(p, 16.0 / 9.0) },
    Edit { name: "squeezed to 80 % of its width", apply: |p, _| shape::squash(p, p.width() * 8 / 10, p.height()) },
    Edit { name: "squeezed into a square", apply: |p, _| shape::squash(p, 512, 512) },
    Edit { name: "screenshot on a phone", apply: |p, _| overlay::phone(p, false) },
    Edit { name: "screenshot on a phone, dark", apply: |p, _| overlay::phone(p, true) },
    Edit { name: "screenshot on a desktop", apply: |p, _| overlay::desktop(p) },
    Edit { name: "caption above it", apply: |p, _| overlay::captioned(p) },
    Edit { name: "warm tint", apply: |p, _| light::tint(p, [1.15, 1.0, 0.8]) },
    Edit { name: "cool tint", apply: |p, _| light::tint(p, [0.75, 0.95, 1.2]) },
    Edit { name: "sepia", apply: |p, _| light::sepia(p) },
    Edit { name: "inverted", apply: |p, _| light::invert(p) },
    Edit { name: "thumbnail: 256 pixels, JPEG 60", apply: |p, _| jpeg(&shape::fit(p, 256), 60) },
    Edit { name: "social: square, 400 pixels, JPEG 70", apply: |p, _| jpeg(&shape::fit(&square(p), 400), 70) },
    Edit { name: "reposted: contrast, cut, signed, JPEG 60", apply: |p, _| reposted(p) },
];
