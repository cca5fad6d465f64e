//! Edits of light and color: every pixel by itself, and blurs.

use image::{Rgb, RgbImage, imageops};
use rollcall::demo::Rng;

fn each(picture: &RgbImage, mut value: impl FnMut([f32; 3]) -> [f32; 3]) -> RgbImage {
    let mut out = picture.clone();
    for pixel in out.pixels_mut() {
        *pixel = Rgb(value(pixel.0.map(f32::from)).map(|channel| channel.clamp(0.0, 255.0) as u8));
    }
    out
}

fn grey_of([red, green, blue]: [f32; 3]) -> f32 {
    0.299 * red + 0.587 * green + 0.114 * blue
}

pub fn grey(picture: &RgbImage) -> RgbImage {
    each(picture, |pixel| [grey_of(pixel); 3])
}

pub fn brighter(picture: &RgbImage, factor: f32) -> RgbImage {
    each(picture, |pixel| pixel.map(|channel| channel * factor))
}

/// Away from (over 1) or towards the picture's mean brightness.
pub fn contrast(picture: &RgbImage, factor: f32) -> RgbImage {
    let n = picture.width() * picture.height();
    let sum: f64 = picture.pixels().map(|pixel| f64::from(grey_of(pixel.0.map(f32::from)))).sum();
    let mean = (sum / f64::from(n)).round() as f32;
    each(picture, |pixel| pixel.map(|channel| mean + (channel - mean) * factor))
}

pub fn gamma(picture: &RgbImage, exponent: f32) -> RgbImage {
    each(picture, |pixel| pixel.map(|channel| (255.0 * (channel / 255.0).powf(exponent)).round()))
}

pub fn saturate(picture: &RgbImage, factor: f32) -> RgbImage {
    each(picture, |pixel| {
        let grey = grey_of(pixel);
        pixel.map(|channel| grey + (channel - grey) * factor)
    })
}

pub fn tint(picture: &RgbImage, factors: [f32; 3]) -> RgbImage {
    each(picture, |[red, green, blue]| [red * factors[0], green * factors[1], blue * factors[2]])
}

pub fn sepia(picture: &RgbImage) -> RgbImage {
    each(picture, |[red, green, blue]| {
        [
            0.393 * red + 0.769 * green + 0.189 * blue,
            0.349 * red + 0.686 * green + 0.168 * blue,
            0.272 * red + 0.534 * green + 0.131 * blue,
        ]
    })
}

pub fn invert(picture: &RgbImage) -> RgbImage {
    each(picture, |pixel| pixel.map(|channel| 255.0 - channel))
}

/// Gaussian, its deviation a share of the longer side.
pub fn blur(picture: &RgbImage, share: f32) -> RgbImage {
    imageops::fast_blur(picture, picture.width().max(picture.height()) as f32 * share)
}

/// Gaussian noise in every channel.
pub fn noise(picture: &RgbImage, deviation: f32, rng: &mut Rng) -> RgbImage {
    let mut normal = || {
        let (radius, angle) = ((-2.0 * (1.0 - rng.unit()).ln()).sqrt(), rng.unit() * std::f32::consts::TAU);
        radius * angle.cos() * deviation
    };
    each(picture, |pixel| pixel.map(|channel| channel + normal()))
}

/// The picture in `n` colors: boxes of colors are halved at their median along their longest side, as old GIF makers do.
pub fn palette(picture: &RgbImage, n: usize) -> RgbImage {
    let step = (picture.pixels().len() / 20_000).max(1);
    let mut boxes: Vec<Vec<[u8; 3]>> = vec![picture.pixels().step_by(step).map(|pixel| pixel.0).collect()];
    let range = |colors: &[[u8; 3]], channel: usize| {
        let values = colors.iter().map(|color| color[channel]);
        values.clone().max().unwrap_or(0) - values.min().unwrap_or(0)
    };
    let longest = |colors: &[[u8; 3]]| (0..3).map(|channel| (range(colors, channel), channel)).max().unwrap_or((0, 0));
    while boxes.len() < n {
        let widest = (0..boxes.len()).max_by_key(|at| u64::from(longest(&boxes[*at]).0) * boxes[*at].len() as u64);
        let Some(widest) = widest.filter(|at| longest(&boxes[*at]).0 > 0) else { break };
        let mut colors = boxes.swap_remove(widest);
        let channel = longest(&colors).1;
        colors.sort_unstable_by_key(|color| color[channel]);
        let upper = colors.split_off(colors.len() / 2);
        boxes.extend([colors, upper]);
    }
    let mean = |colors: &Vec<[u8; 3]>| {
        let sum = |channel: usize| colors.iter().map(|color| u32::from(color[channel])).sum::<u32>();
        let n = (colors.len() as u32).max(1);
        std::array::from_fn(|channel| i32::try_from(sum(channel) / n).unwrap_or(0))
    };
    let colors: Vec<[i32; 3]> = boxes.iter().map(mean).collect();
    let mut out = picture.clone();
    for pixel in out.pixels_mut() {
        let here = pixel.0.map(i32::from);
        let far = |color: &&[i32; 3]| (0..3).map(|channel| (color[channel] - here[channel]).pow(2)).sum::<i32>();
        if let Some(nearest) = colors.iter().min_by_key(far) {
            pixel.0 = nearest.map(|channel| u8::try_from(channel).unwrap_or(0));
        }
    }
    out
}
