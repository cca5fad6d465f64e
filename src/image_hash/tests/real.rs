//! Other people's pictures and other people's hashes of them, where the shared data folder stands beside the project.
#![expect(clippy::print_stdout, reason = "says that it skips where the real data are not there")]

use std::path::{Path, PathBuf};

use super::*;

/// The folder of pictures, or `None` with a line that says so.
fn pictures() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/images");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is not there", folder.display());
    None
}

/// The program that published the hashes first takes 512 x 512 pixels out of larger pictures, without any filter.
fn nearest_512(luma: &Luma) -> Luma {
    let at = |to: u32, length: u32| to * length / 512;
    let places = (0..512).flat_map(|y| (0..512).map(move |x| (x, y)));
    let pixels = places.map(|(x, y)| luma.pixels[(at(y, luma.height) * luma.width + at(x, luma.width)) as usize]);
    Luma { width: 512, height: 512, pixels: pixels.collect() }
}

#[test]
fn pdq_is_the_published_one() {
    let Some(folder) = pictures() else { return };
    let listing = std::fs::read_to_string(folder.join("near_dups/PDQMD5TestData.csv")).unwrap();
    let mut n_compared = 0;
    for line in listing.lines().skip(1) {
        let (path, hash) = line.split_once(',').unwrap();
        let name = path.rsplit('/').next().unwrap();
        let file = if path.contains("bridge-mods") {
            format!("near_dups/pdq_mods_{name}")
        } else {
            format!("formats/pdq_{name}")
        };
        let Ok(bytes) = std::fs::read(folder.join(file)) else { continue };
        let published = HashCode::from_hex(HashKind::Pdq, hash).unwrap();
        let stored = decode::decode_stored(&bytes, &DecodeLimits::default()).unwrap();
        let luma = Luma::from_image(&stored.image, Alpha::Dropped);
        let luma = if luma.width.max(luma.height) > 512 { nearest_512(&luma) } else { luma };
        let ours = pdq::blur_and_sample(&luma).unwrap().frequencies().code(HashKind::Pdq, Form::AsIs);
        let distance = ours.distance(&published);
        println!("{name}: {distance}");
        assert!(distance <= 2, "{name}: {distance} bits");
        n_compared += 1;
    }
    assert_eq!(n_compared, 14);
}

#[test]
fn phash_is_the_one_python_computes() {
    let Some(folder) = pictures() else { return };
    let (mut n_compared, mut n_exact) = (0, 0);
    // The large folder is left out for time; it was compared once by hand.
    for name in ["formats", "near_dups", "gcompris_detail_crops", "openimages_cc_by"] {
        let mut reader = csv::Reader::from_path(folder.join(name).join("images.csv")).unwrap();
        for row in reader.records() {
            let row = row.unwrap();
            // Pillow cuts 16-bit grey at 255, which nobody wants to repeat.
            if &row[6] == "I;16" {
                continue;
            }
            let Some(expected) = HashCode::from_hex(HashKind::Phash, &row[7]) else { continue };
            let bytes = std::fs::read(folder.join(name).join(&row[0])).unwrap();
            let Ok(stored) = decode::decode_stored(&bytes, &DecodeLimits::default()) else { continue };
            let ours = phash::phash(&Luma::from_image(&stored.image, Alpha::Dropped));
            // JPEG and WebP decoders differ by a unit here and there, which can exchange two bits.
            assert!(ours.distance(&expected) <= 2, "{}: {ours:?} {expected:?}", &row[0]);
            n_compared += 1;
            n_exact += u32::from(ours == expected);
        }
    }
    println!("{n_exact} of {n_compared} to the bit");
    assert!(n_compared > 200 && n_exact * 100 > n_compared * 90, "{n_exact} of {n_compared}");
}

#[test]
fn real_damaged_files_are_called_what_they_are() {
    let Some(folder) = pictures() else { return };
    let cases = [
        ("linku_kimono.avif", "avif"),
        ("pillow_avif_hopper.heif", "heic"),
        ("pillow_broken_data_stream.png", "corrupt"),
        ("pillow_hopper.ico", "icon"),
        ("pillow_hopper.ppm", "unsupported"),
        ("pillow_truncated_image.png", "truncated"),
        ("pillow_truncated_jpeg.jpg", "truncated"),
        ("skimage_truncated.jpg", "truncated"),
    ];
    for (file, code) in cases {
        let bytes = std::fs::read(folder.join("formats").join(file)).unwrap();
        assert_eq!(hash_for_index(&bytes, &DecodeLimits::default()).unwrap_err().code(), code, "{file}");
    }
    let hash = |file: &str| index_hash(&std::fs::read(folder.join("formats").join(file)).unwrap()).pdqa;
    let turned = hash("pillow_hopper_orientation_6.webp");
    assert!(turned.distance(&hash("pillow_hopper.webp")) <= 8, "a position noted in a WebP is undone");
}

#[test]
fn a_border_of_real_pictures_is_kept_as_if_each_were_looked_at_to_the_pixel() {
    let Some(folder) = pictures() else { return };
    let (mut n_compared, mut n_bordered, mut n_other) = (0, 0, 0);
    for name in ["coco_cc_free", "openimages_cc_by", "near_dups"] {
        for entry in std::fs::read_dir(folder.join(name)).unwrap().flatten() {
            let bytes = std::fs::read(entry.path()).unwrap();
            let Ok(decoded) = decode(&bytes, &DecodeLimits::default()) else { continue };
            let exact = index_codes(&decoded.luma, IndexParts::Trimmed).parts;
            let kept = index_hash(&bytes).parts;
            n_compared += 1;
            n_bordered += u32::from(!exact.is_empty());
            let is_near = kept.len() == exact.len()
                && kept.iter().zip(&exact).all(|(a, b)| a.part == b.part && a.code.distance(&b.code) <= 2);
            n_other += u32::from(!is_near);
        }
    }
    println!("{n_compared} pictures, {n_bordered} with a border that is kept, {n_other} kept differently");
    assert!(n_compared > 100 && n_bordered > 3 && n_other * 100 <= n_compared, "{n_other} of {n_compared}");
}
