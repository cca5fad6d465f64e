//! Pictures drawn by code, hashed through the front door of the room; `real` holds those over pictures of other people.

mod files;
mod hashes;
mod real;

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use super::*;

/// A picture with large shapes, fine detail and no symmetry, the same on every machine: whole numbers only.
fn drawn(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (u, v) = (i64::from(x) * 1000 / i64::from(width), i64::from(y) * 1000 / i64::from(height));
        let blob = |cx: i64, cy: i64, r: i64| (255 - ((u - cx).pow(2) + (v - cy).pow(2)) * 255 / (r * r)).max(0);
        let stripes = (u * 3 + v * 2) / 90 % 2 * 60;
        let red = blob(250, 300, 260) + stripes / 2 + v / 10;
        let green = blob(700, 620, 330) + stripes + u / 12;
        let blue = blob(560, 180, 180) + blob(150, 850, 200) + (u * v / 9000) % 80;
        Rgb([red.clamp(0, 255) as u8, green.clamp(0, 255) as u8, blue.clamp(0, 255) as u8])
    })
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

fn png(image: impl Into<DynamicImage>) -> Vec<u8> {
    encoded(&image.into(), ImageFormat::Png)
}

fn index_hash(bytes: &[u8]) -> PictureHashes {
    hash_for_index(bytes, &DecodeLimits::default()).unwrap()
}

fn query_hash(bytes: &[u8]) -> QueryHashes {
    hash_for_query(bytes, &DecodeLimits::default()).unwrap()
}

impl QueryHashes {
    fn find(&self, name: &str, kind: HashKind) -> Option<HashCode> {
        self.variants.iter().find(|v| v.part.is_none() && v.name == name && v.code.kind() == kind).map(|v| v.code)
    }
}

/// Puts a camera's note about its position into a JPEG, right behind its first marker.
fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    let length = (exif.len() + 2) as u16;
    [&jpeg[..2], b"\xFF\xE1", &length.to_be_bytes(), &exif, &jpeg[2..]].concat()
}
