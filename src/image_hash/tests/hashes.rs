//! What the hashes are, and what they survive.

use image::imageops::{self, FilterType};
use image::{DynamicImage, GrayImage, ImageFormat, Luma as Grey, Rgba, RgbaImage};

use super::*;

#[test]
fn the_hashes_of_a_drawn_picture_never_change() {
    let hashes = query_hash(&png(drawn(300, 200)));
    let whole = hashes.variants.iter().filter(|v| v.part.is_none());
    let listed: Vec<String> = whole.map(|v| format!("{} {:?}", v.name, v.code)).collect();
    assert_eq!(listed, GOLDEN, "{listed:#?}");
    assert_eq!((hashes.quality, hashes.width, hashes.height, hashes.format), (100, 300, 200, "PNG"));
}

#[test]
fn the_digests_are_those_of_the_file() {
    let bytes = png(GrayImage::new(8, 8));
    let hashes = index_hash(&bytes);
    assert_eq!(hashes.sha256.as_slice(), Sha256::digest(&bytes).as_slice());
    assert_eq!(hashes.md5.as_slice(), Md5::digest(&bytes).as_slice());
}

#[test]
fn the_eight_forms_are_the_hashes_of_the_turned_pictures() {
    let picture = drawn(311, 203);
    let turned = [
        ("as is", picture.clone()),
        ("rotated 90", imageops::rotate90(&picture)),
        ("rotated 180", imageops::rotate180(&picture)),
        ("rotated 270", imageops::rotate270(&picture)),
        ("mirrored", imageops::flip_horizontal(&picture)),
        ("flipped", imageops::flip_vertical(&picture)),
        ("transposed", imageops::flip_horizontal(&imageops::rotate90(&picture))),
        ("transversed", imageops::flip_vertical(&imageops::rotate90(&picture))),
    ];
    let forms = query_hash(&png(picture));
    for (name, picture) in turned {
        assert_eq!(forms.find(name, HashKind::Pdqa).unwrap(), index_hash(&png(picture)).pdqa, "{name}");
    }
}

#[test]
fn a_symmetric_picture_has_fewer_forms() {
    let picture = GrayImage::from_fn(200, 200, |x, y| {
        let (dx, dy) = (x.abs_diff(100).min(x.abs_diff(99)), y.abs_diff(100).min(y.abs_diff(99)));
        Grey([(dx * dx + dy * dy / 2).min(255) as u8])
    });
    let hashes = query_hash(&png(picture.clone()));
    assert!(hashes.find("mirrored", HashKind::Pdqa).is_none());
    assert!(hashes.find("rotated 180", HashKind::Pdqa).is_none());
    assert!(hashes.find("rotated 90", HashKind::Pdqa).is_some());
    assert_eq!(index_hash(&png(imageops::flip_horizontal(&picture))).pdqa, hashes.variants[0].code);
}

#[test]
fn query_and_index_agree_to_the_bit() {
    let picture = DynamicImage::from(drawn(400, 300));
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Tiff] {
        let bytes = encoded(&picture, format);
        let (index, query) = (index_hash(&bytes), query_hash(&bytes));
        assert_eq!(query.variants[0], Variant { part: None, name: "as is", code: index.pdqa });
        assert_eq!((query.quality, query.sha256), (index.quality, index.sha256));
    }
}

#[test]
fn smaller_copies_and_lossy_copies_stay_near() {
    let picture = DynamicImage::from(drawn(800, 600));
    let original = index_hash(&png(picture.clone())).pdqa;
    for (width, height) in [(400, 300), (256, 192), (640, 640), (1200, 900)] {
        let copy = picture.resize_exact(width, height, FilterType::Lanczos3);
        let distance = index_hash(&png(copy.clone())).pdqa.distance(&original);
        assert!(distance <= 6, "{width} x {height}: {distance} bits");
        let distance = index_hash(&encoded(&copy, ImageFormat::Jpeg)).pdqa.distance(&original);
        assert!(distance <= 8, "{width} x {height} as JPEG: {distance} bits");
    }
}

#[test]
fn another_picture_is_far_away() {
    let other = RgbImage::from_fn(300, 200, |x, y| Rgb([(x * y / 97) as u8, (x * 3 + y) as u8, (y * y / 50) as u8]));
    let distance = index_hash(&png(other)).pdqa.distance(&index_hash(&png(drawn(300, 200))).pdqa);
    assert!(distance > 90, "{distance}");
}

#[test]
fn flat_pictures_are_of_low_quality() {
    let flat = index_hash(&png(GrayImage::from_pixel(100, 100, Grey([200]))));
    assert_eq!((flat.quality, flat.pdqa.popcount()), (0, 0));
    assert!(flat.quality < QUALITY_MIN && index_hash(&png(drawn(300, 200))).quality >= QUALITY_MIN);
}

#[test]
fn tiny_pictures_are_hashed_and_have_no_pdq() {
    for (width, height) in [(1, 1), (4, 300), (300, 1)] {
        let hashes = query_hash(&png(drawn(width, height)));
        assert_eq!((hashes.width, hashes.height), (width, height));
        assert!(hashes.find("as is", HashKind::Pdq).is_none());
        assert!(hashes.find("as is", HashKind::Phash).is_some());
    }
}

#[test]
fn transparency_is_white_and_hides_its_colors() {
    let picture = drawn(200, 200);
    let hidden = |x: u32, y: u32| (x / 50 + y / 70).is_multiple_of(2);
    let transparent = RgbaImage::from_fn(200, 200, |x, y| {
        let Rgb([r, g, b]) = *picture.get_pixel(x, y);
        Rgba([r, g, b, if hidden(x, y) { 0 } else { 255 }])
    });
    let on_white =
        RgbImage::from_fn(200, 200, |x, y| if hidden(x, y) { Rgb([255; 3]) } else { *picture.get_pixel(x, y) });
    let hashes = query_hash(&png(transparent));
    assert_eq!(hashes.variants[0].code, index_hash(&png(on_white.clone())).pdqa);
    let (white, plain) = (query_hash(&png(on_white)), query_hash(&png(picture)));
    assert_eq!(hashes.find("as is", HashKind::Phash), white.find("as is", HashKind::Phash));
    assert_eq!(hashes.find(AS_STORED, HashKind::Phash), plain.find("as is", HashKind::Phash));
}

#[test]
fn deep_colors_hash_like_their_eight_bit_copies() {
    let picture = DynamicImage::from(drawn(150, 100));
    let expected = index_hash(&png(picture.clone())).pdqa;
    let deep = DynamicImage::from(picture.to_rgb16());
    assert_eq!(index_hash(&png(deep.clone())).pdqa, expected);
    assert_eq!(index_hash(&encoded(&deep, ImageFormat::Tiff)).pdqa, expected);
    let grey = DynamicImage::from(picture.to_luma8());
    let deep_grey = DynamicImage::from(grey.to_luma16());
    assert_eq!(index_hash(&png(deep_grey)).pdqa, index_hash(&png(grey)).pdqa);
}

/// phash, dhash and ahash were compared with Python imagehash 4.3 over Pillow 13, pdq with pdqhash 0.2.8.
const GOLDEN: &[&str] = &[
    "as is pdqa:6a24ad4bca58d50b6a3022b720542225154a32bf333b8e76fffe5ddcaaabaa23",
    "rotated 90 pdqa:254eee59ba3ec5b9bd4a0dc9fa2e05f9511b37c9c82e7a2925bbf20909ae0036",
    "rotated 180 pdqa:2f7107619f097f813b65881d7501489f401f9815666e24dcaaabf776fffe0089",
    "rotated 270 pdqa:701b40f34f6b6b13e81f8563ad73ab53044e1d638d7b108370ee58a354fbaa9c",
    "mirrored pdqa:0f21f80e9b09805e3b6526e231013760401f67ea666edb23a8ab0889fffeff76",
    "flipped pdqa:7a2452b4ea5c2ad46e32dd4862549dca154acd40333b7189fffea223aaab55dc",
    "transposed pdqa:701bb80ccf6b10ece81f509cad7b50ac044e629c8d7b2e7c70ee875c54fb5563",
    "transversed pdqa:244e13a69a3e3a46bd4af236f82efa06111bc836c82e85d625bb0df601aeffc9",
    "as is pdq:6a24ad4bca18d52b6a3023b72254a221154a32bf233b8e76fdfe5ddcaaabaa23",
    "as is phash:91426a9939b56e6e",
    "as is dhash:dbc9ccdcfaba9c9c",
    "as is ahash:0000602f1f1f0f06",
    "as is img_gradient:dbd3333b5f5d3939",
    "as is img_mean:000020f0f8f8f060",
    "as is img_blockhash:003e1ef6f0f07303",
];
