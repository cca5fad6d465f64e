//! Edits of size and shape: scaled, cut, turned.

use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};
use rollcall::demo::Rng;

/// Brought to a longest side; a picture that is no longer is made smaller all the same.
pub fn fit(picture: &RgbImage, side: u32) -> RgbImage {
    let longest = picture.width().max(picture.height());
    let side = if longest <= side && side >= 128 { (longest * 6 / 10).max(16) } else { side };
    let share = f64::from(side) / f64::from(longest);
    let scaled = |length: u32| ((f64::from(length) * share).round() as u32).max(8);
    imageops::resize(picture, scaled(picture.width()), scaled(picture.height()), FilterType::Lanczos3)
}

pub fn enlarge(picture: &RgbImage) -> RgbImage {
    let width = (picture.width() * 2).min(2000);
    let height = picture.height() * width / picture.width();
    imageops::resize(picture, width, height.max(1), FilterType::CatmullRom)
}

pub fn squash(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    imageops::resize(picture, width.max(8), height.max(8), FilterType::Lanczos3)
}

/// Shares cut off left, top, right, bottom.
pub fn cut(picture: &RgbImage, [left, top, right, bottom]: [f64; 4]) -> RgbImage {
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let (x, y) = ((width * left).round(), (height * top).round());
    let (across, down) = ((width * (1.0 - right)).round() - x, (height * (1.0 - bottom)).round() - y);
    imageops::crop_imm(picture, x as u32, y as u32, across as u32, down as u32).to_image()
}

/// The largest part of these proportions, from the middle.
pub fn proportions(picture: &RgbImage, aspect: f64) -> RgbImage {
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    if width / height > aspect {
        let share = (1.0 - height * aspect / width) / 2.0;
        cut(picture, [share, 0.0, share, 0.0])
    } else {
        let share = (1.0 - width / aspect / height) / 2.0;
        cut(picture, [0.0, share, 0.0, share])
    }
}

/// A part with a share of the area, of the picture's own proportions, anywhere.
pub fn anywhere(picture: &RgbImage, area: f64, rng: &mut Rng) -> RgbImage {
    let lost = 1.0 - area.sqrt();
    let (left, top) = (f64::from(rng.unit()) * lost, f64::from(rng.unit()) * lost);
    cut(picture, [left, top, lost - left, lost - top])
}

/// Turned by some degrees about its middle, its corners lost, the gaps black.
pub fn turned(picture: &RgbImage, degrees: f64) -> RgbImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (middle_x, middle_y) = (f64::from(picture.width()) / 2.0, f64::from(picture.height()) / 2.0);
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let (x, y) = (f64::from(x) + 0.5 - middle_x, f64::from(y) + 0.5 - middle_y);
        between(picture, middle_x + x * cos - y * sin - 0.5, middle_y + x * sin + y * cos - 0.5)
    })
}

/// Turned, and cut to the largest part without gaps.
pub fn turned_and_cut(picture: &RgbImage, degrees: f64) -> RgbImage {
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (sin, cos) = (sin.abs(), cos.abs());
    let (long, short) = (width.max(height), width.min(height));
    let (across, down) = if short <= 2.0 * sin * cos * long {
        let half = short / 2.0;
        if width < height { (half / sin, half / cos) } else { (half / cos, half / sin) }
    } else {
        let scale = cos * cos - sin * sin;
        ((width * cos - height * sin) / scale, (height * cos - width * sin) / scale)
    };
    let (left, top) = (((width - across) / 2.0 / width).max(0.0), ((height - down) / 2.0 / height).max(0.0));
    cut(&turned(picture, degrees), [left, top, left, top])
}

/// The color between four pixels; black outside.
fn between(picture: &RgbImage, x: f64, y: f64) -> Rgb<u8> {
    let at = |x: i64, y: i64| {
        let inside = u32::try_from(x).ok().zip(u32::try_from(y).ok());
        inside.and_then(|(x, y)| picture.get_pixel_checked(x, y)).map_or([0.0; 3], |pixel| pixel.0.map(f64::from))
    };
    let (left, top) = (x.floor(), y.floor());
    let (along, down) = (x - left, y - top);
    let (left, top) = (left as i64, top as i64);
    let corners = [at(left, top), at(left + 1, top), at(left, top + 1), at(left + 1, top + 1)];
    let weights = [(1.0 - along) * (1.0 - down), along * (1.0 - down), (1.0 - along) * down, along * down];
    Rgb(std::array::from_fn(|channel| {
        corners.iter().zip(weights).map(|(corner, weight)| corner[channel] * weight).sum::<f64>().round() as u8
    }))
}
