//! Files as they come: turned, odd, damaged, hostile.

use image::{DynamicImage, ImageFormat};
use proptest::prelude::*;

use super::*;

const FORMATS: [ImageFormat; 6] =
    [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif, ImageFormat::Bmp, ImageFormat::Tiff];

fn refused(bytes: &[u8]) -> DecodeError {
    let limits = DecodeLimits::default();
    let error = hash_for_index(bytes, &limits).unwrap_err();
    assert_eq!(hash_for_query(bytes, &limits).unwrap_err(), error);
    error
}

#[test]
fn every_position_of_the_camera_is_undone() {
    let jpeg = encoded(&drawn(160, 112).into(), ImageFormat::Jpeg);
    let forms = query_hash(&jpeg);
    let expected = [
        (1, "as is"),
        (2, "mirrored"),
        (3, "rotated 180"),
        (4, "flipped"),
        (5, "transposed"),
        (6, "rotated 90"),
        (7, "transversed"),
        (8, "rotated 270"),
    ];
    for (orientation, name) in expected {
        let turned = query_hash(&with_orientation(&jpeg, orientation));
        assert_eq!(turned.variants[0].code, forms.find(name, HashKind::Pdqa).unwrap(), "{orientation}");
        assert_eq!(turned.width, if orientation < 5 { 160 } else { 112 });
        if orientation > 1 {
            assert_eq!(turned.find(AS_STORED, HashKind::Phash), forms.find("as is", HashKind::Phash));
        }
    }
}

#[test]
fn brightness_taken_from_a_jpeg_is_that_of_its_colors() {
    // Colors in the middle of the range: others are clamped on the way over RGB, and only there.
    let mut picture = drawn(333, 222);
    picture.iter_mut().for_each(|value| *value = *value / 2 + 64);
    let jpeg = encoded(&picture.into(), ImageFormat::Jpeg);
    let fast = decode(&jpeg, &DecodeLimits::default()).unwrap().luma;
    let slow = Luma::from_image(&decode::decode_stored(&jpeg, &DecodeLimits::default()).unwrap().image, Alpha::Dropped);
    let off = fast.pixels.iter().zip(&slow.pixels).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(off <= Some(1), "{off:?}");
}

#[test]
fn a_jpeg_that_stores_red_green_and_blue_is_read_as_such() {
    let grey = DynamicImage::from(DynamicImage::from(drawn(64, 64)).to_luma8()).to_rgb8();
    let jpeg = encoded(&grey.clone().into(), ImageFormat::Jpeg);
    assert_eq!(&jpeg[2..4], b"\xFF\xE0");
    let jfif_end = 4 + usize::from(u16::from_be_bytes([jpeg[4], jpeg[5]]));
    let adobe = b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0\0";
    let stored_rgb = [&jpeg[..2], adobe, &jpeg[jfif_end..]].concat();
    // The picture is grey, so the first component (brightness) is now red, and green and blue are 128.
    let read = decode(&stored_rgb, &DecodeLimits::default()).unwrap().luma;
    let plain = decode(&jpeg, &DecodeLimits::default()).unwrap().luma;
    for (read, plain) in read.pixels.iter().zip(&plain.pixels) {
        assert!(read.abs_diff(luma::luma_of(*plain, 128, 128)) <= 2, "{read} {plain}");
    }
    let mut named = stored_rgb;
    let (frame, scan) = (position(&named, b"\xFF\xC0"), position(&named, b"\xFF\xDA"));
    for (component, name) in b"RGB".iter().enumerate() {
        named[frame + 10 + 3 * component] = *name;
        named[scan + 5 + 2 * component] = *name;
    }
    assert_eq!(decode(&named, &DecodeLimits::default()).unwrap().luma, read);
}

fn position(bytes: &[u8], marker: &[u8]) -> usize {
    bytes.windows(2).position(|pair| pair == marker).unwrap()
}

#[test]
fn every_format_is_recognised_by_its_bytes() {
    let picture = DynamicImage::from(drawn(90, 60));
    let plain = index_hash(&png(picture.clone())).pdqa;
    for (format, name) in FORMATS.into_iter().zip(["JPEG", "PNG", "WebP", "GIF", "BMP", "TIFF"]) {
        let hashes = index_hash(&encoded(&picture, format));
        assert_eq!((hashes.format, hashes.width, hashes.height), (name, 90, 60));
        // JPEG is lossy and GIF has but 256 colors.
        let distance = hashes.pdqa.distance(&plain);
        assert!(distance <= if matches!(name, "GIF" | "JPEG") { 40 } else { 0 }, "{name}: {distance} bits");
    }
}

#[test]
fn a_file_that_breaks_off_is_said_to() {
    let picture = DynamicImage::from(drawn(200, 200));
    for format in FORMATS {
        let bytes = encoded(&picture, format);
        let error = refused(&bytes[..bytes.len() / 2]);
        assert!(matches!(error, DecodeError::Truncated { .. }), "{format:?}: {error:?}");
    }
}

#[test]
fn a_decompression_bomb_is_refused_before_it_is_opened() {
    let mut bmp = encoded(&drawn(10, 10).into(), ImageFormat::Bmp);
    bmp[18..22].copy_from_slice(&29_000u32.to_le_bytes());
    bmp[22..26].copy_from_slice(&29_000u32.to_le_bytes());
    let mut png = png(drawn(10, 10));
    png[16..20].copy_from_slice(&40_000u32.to_be_bytes());
    let checksum = crc32fast::hash(&png[12..29]);
    png[29..33].copy_from_slice(&checksum.to_be_bytes());
    let mut jpeg = encoded(&drawn(10, 10).into(), ImageFormat::Jpeg);
    let frame = position(&jpeg, b"\xFF\xC0");
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    let mut gif = encoded(&drawn(10, 10).into(), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0xFF; 4]);
    for bytes in [bmp, png, jpeg, gif] {
        assert!(matches!(refused(&bytes), DecodeError::TooLarge { .. }));
    }
    let small = DecodeLimits { allocation_bytes_max: 1000, ..DecodeLimits::default() };
    for format in FORMATS {
        let bytes = encoded(&drawn(40, 40).into(), format);
        assert!(matches!(hash_for_index(&bytes, &small), Err(DecodeError::TooMuchMemory { .. })), "{format:?}");
    }
}

#[test]
fn every_error_is_a_sentence_with_an_advice() {
    let format = "PNG";
    let errors = [
        DecodeError::Heic,
        DecodeError::Svg,
        DecodeError::TooLarge { format, width: 1, height: 2, pixels_max: 3, side_max: 4 },
        DecodeError::Corrupt { format },
        refused(b""),
        refused(b"GIF89a"),
        refused(b"hello, world"),
        refused(b"%PDF-1.4"),
    ];
    for error in errors {
        let text = error.to_string();
        assert!(text.ends_with('.') && text.starts_with(char::is_uppercase) && !text.contains("  "), "{text}");
        assert!(!error.code().contains(' '));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_damage_to_a_file_makes_it_panic(
        which in 0..6usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let limits = DecodeLimits { pixels_max: 1_000_000, ..DecodeLimits::default() };
        let mut bytes = encoded(&drawn(37, 29).into(), FORMATS[which]);
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        match (hash_for_index(&bytes, &limits), hash_for_query(&bytes, &limits)) {
            (Ok(index), Ok(query)) => prop_assert_eq!(index.pdqa, query.variants[0].code),
            (index, query) => {
                prop_assert!(index.is_err() || query.is_err());
            }
        }
    }

    #[test]
    fn no_bytes_at_all_make_it_panic(magic in 0..6usize, bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let limits = DecodeLimits { pixels_max: 1_000_000, ..DecodeLimits::default() };
        let head = &encoded(&drawn(3, 2).into(), FORMATS[magic])[..12];
        let _ = hash_for_query(&bytes, &limits);
        let _ = hash_for_query(&[head, &bytes].concat(), &limits);
    }
}
