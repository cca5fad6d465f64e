//! The plane of brightness that every hash is computed from: 8 bits a pixel.
//!
//! Brightness is 0.299 R + 0.587 G + 0.114 B in the integer form that Pillow uses for `convert("L")`, so that the hashes
//! Python computes come out bit for bit. Colour profiles are ignored, as the field does.

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage};

use super::windows::Window;

/// Brightness of a picture, row by row from the top left; `pixels.len()` is `width * height`, both at least 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Luma {
    pub width: u32,
    pub height: u32,
    pub pixels: Vec<u8>,
}

/// A plane averaged over boxes of `step` x `step` pixels of a picture of `width` x `height`; boxes at the right and lower
/// edge are averaged over what they have. With a `step` of 1 it is the plane itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shrunk {
    pub(super) plane: Luma,
    pub(super) step: usize,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Shrunk {
    pub(super) fn whole(plane: Luma) -> Self {
        Self { step: 1, width: plane.width, height: plane.height, plane }
    }

    /// Turned and mirrored; sides that are no multiple of the step stay as they are only in a picture that is not turned.
    pub(super) fn oriented(self, orientation: Orientation) -> Self {
        use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
        let swaps = matches!(orientation, Rotate90 | Rotate90FlipH | Rotate270 | Rotate270FlipH);
        let (width, height) = if swaps { (self.height, self.width) } else { (self.width, self.height) };
        Self { plane: self.plane.oriented(orientation), step: self.step, width, height }
    }
}

/// What becomes of transparency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alpha {
    /// The picture is laid on white: what a visitor sees, and what hidden colours cannot disturb.
    OnWhite,
    /// The colours are taken as stored, as Pillow's `convert("L")` takes them.
    Dropped,
}

impl Luma {
    /// Brightness of a picture that is decoded already and has at least one pixel.
    pub fn of_rgb(picture: &image::RgbImage) -> Self {
        let pixels = picture.as_raw().chunks_exact(3).map(|p| luma_of(p[0], p[1], p[2])).collect();
        Self { width: picture.width(), height: picture.height(), pixels }
    }

    /// Brightness of any decoded picture of 8 bits; deeper ones are brought to 8 bits first.
    pub(super) fn from_image(image: &DynamicImage, alpha: Alpha) -> Self {
        let (width, height) = (image.width(), image.height());
        let pixels = match image {
            DynamicImage::ImageLuma8(grey) => grey.as_raw().clone(),
            DynamicImage::ImageLumaA8(grey) => {
                grey.as_raw().chunks_exact(2).map(|p| cover(p[0], p[1], alpha)).collect()
            }
            DynamicImage::ImageRgb8(rgb) => rgb.as_raw().chunks_exact(3).map(|p| luma_of(p[0], p[1], p[2])).collect(),
            DynamicImage::ImageRgba8(rgba) => {
                rgba.as_raw().chunks_exact(4).map(|p| cover(luma_of(p[0], p[1], p[2]), p[3], alpha)).collect()
            }
            deep => {
                let rgba = deep.to_rgba8();
                rgba.as_raw().chunks_exact(4).map(|p| cover(luma_of(p[0], p[1], p[2]), p[3], alpha)).collect()
            }
        };
        Self { width, height, pixels }
    }

    /// A part of the plane, to the nearest pixel.
    pub(super) fn cut(&self, part: &Window) -> Self {
        let place = |share: f64, side: u32| ((share * f64::from(side)).round() as usize).min(side as usize);
        let (left, right) = (place(part.left, self.width), place(part.right, self.width));
        let (top, bottom) = (place(part.top, self.height), place(part.bottom, self.height));
        let rows = self.pixels.chunks_exact(self.width as usize).take(bottom).skip(top);
        let pixels = rows.flat_map(|row| row[left..right].iter().copied()).collect();
        Self { width: (right - left) as u32, height: (bottom - top) as u32, pixels }
    }

    /// The plane turned and mirrored as a camera's note about its position asks.
    pub(super) fn oriented(self, orientation: Orientation) -> Self {
        if orientation == Orientation::NoTransforms {
            return self;
        }
        let (width, height) = (self.width, self.height);
        let Some(plane) = GrayImage::from_raw(width, height, self.pixels) else {
            return Self { width: 1, height: 1, pixels: vec![0] };
        };
        let mut image = DynamicImage::ImageLuma8(plane);
        image.apply_orientation(orientation);
        let (width, height) = (image.width(), image.height());
        Self { width, height, pixels: image.into_bytes() }
    }
}

/// Pillow's brightness: 16-bit fixed point, rounded.
pub(super) fn luma_of(red: u8, green: u8, blue: u8) -> u8 {
    let sum = u32::from(red) * 19_595 + u32::from(green) * 38_470 + u32::from(blue) * 7_471 + 0x8000;
    (sum >> 16) as u8
}

fn cover(luma: u8, opacity: u8, alpha: Alpha) -> u8 {
    match alpha {
        Alpha::Dropped => luma,
        Alpha::OnWhite => {
            let mixed = u32::from(luma) * u32::from(opacity) + 255 * (255 - u32::from(opacity));
            ((mixed + 127) / 255) as u8
        }
    }
}
