//! Our decoder beside the other one: over files made here, files made to be odd, damaged files, and other people's.

mod real;
mod writer;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Rgb, RgbImage};
use proptest::prelude::*;

use super::*;
use writer::Written;

fn limits() -> DecodeLimits {
    DecodeLimits::default()
}

/// By our decoder, averaged over boxes.
fn ours(bytes: &[u8], step: usize) -> Option<Shrunk> {
    plain(bytes, &checked_frame(bytes, &limits()).ok()?, &limits(), step).map(|(shrunk, _)| shrunk)
}

/// By the other decoder.
fn theirs(bytes: &[u8]) -> Luma {
    decode_any(bytes, &checked_frame(bytes, &limits()).unwrap(), &limits()).unwrap().0
}

fn farthest(a: &[u8], b: &[u8]) -> u8 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0)
}

/// The plane averaged over boxes by plain sums.
fn boxes(luma: &Luma, step: usize) -> Vec<u8> {
    let (width, height) = (luma.width as usize, luma.height as usize);
    let mean = |left: usize, top: usize| {
        let rows = luma.pixels.chunks_exact(width).take((top + step).min(height)).skip(top);
        let pixels: Vec<u32> =
            rows.flat_map(|row| &row[left..(left + step).min(width)]).map(|pixel| u32::from(*pixel)).collect();
        ((pixels.iter().sum::<u32>() + pixels.len() as u32 / 2) / pixels.len() as u32) as u8
    };
    (0..height).step_by(step).flat_map(|top| (0..width).step_by(step).map(move |left| mean(left, top))).collect()
}

/// Middle tones only: nothing is cut off at black or white, where the mean of what was cut is not the mean.
fn soft(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let wave = |a: u32, b: u32| ((x * a + y * b) % 61 + (x * y / 7) % 23 + 90) as u8;
        Rgb([wave(1, 2), wave(3, 1), wave(2, 5)])
    })
}

fn encoded(picture: &DynamicImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality)).unwrap();
    bytes
}

#[test]
fn brightness_is_that_of_the_other_decoder_at_every_size_and_quality() {
    for (width, height) in [(1, 1), (7, 9), (8, 8), (17, 64), (200, 131), (333, 250)] {
        for quality in [5, 40, 75, 92, 100] {
            let colours = DynamicImage::from(soft(width, height));
            for picture in [colours.to_luma8().into(), colours] {
                let bytes = encoded(&picture, quality);
                let plane = ours(&bytes, 1).unwrap().plane;
                let off = farthest(&plane.pixels, &theirs(&bytes).pixels);
                assert!(off <= 2, "{width} x {height} at {quality}: {off}");
            }
        }
    }
}

#[test]
fn averages_are_those_of_the_full_plane_up_to_its_edges() {
    for (width, height) in [(1, 1), (7, 9), (64, 48), (123, 77), (258, 131)] {
        let bytes = encoded(&soft(width, height).into(), 90);
        let full = ours(&bytes, 1).unwrap().plane;
        for step in [2, 4, 8] {
            let shrunk = ours(&bytes, step).unwrap();
            assert_eq!((shrunk.width, shrunk.height), (width, height));
            let off = farthest(&shrunk.plane.pixels, &boxes(&full, step));
            assert!(off <= 1, "{width} x {height} by {step}: {off}");
        }
    }
}

#[test]
fn odd_sampling_restarts_and_long_codes_are_read_as_the_other_decoder_reads_them() {
    for sampling in [&[(1, 1)][..], &[(2, 2), (1, 1), (1, 1)], &[(2, 1), (1, 1), (1, 1)], &[(1, 2), (1, 1), (1, 1)]] {
        for restart_interval in [0, 1, 5, 16] {
            for seed in 0..4 {
                let written = Written { width: 61 + seed as u16 * 40, height: 45, sampling, restart_interval, seed };
                let bytes = written.bytes();
                let plane = ours(&bytes, 1).unwrap_or_else(|| panic!("{written:?} is not plain")).plane;
                let off = farthest(&plane.pixels, &theirs(&bytes).pixels);
                assert!(off <= 2, "{written:?}: {off}");
                for step in [2, 4, 8] {
                    assert!(ours(&bytes, step).is_some(), "{written:?} by {step}");
                }
            }
        }
    }
}

#[test]
fn a_scan_that_breaks_off_is_never_taken_for_whole() {
    let sampling = &[(2, 2), (1, 1), (1, 1)];
    let bytes = Written { width: 70, height: 50, sampling, restart_interval: 3, seed: 9 }.bytes();
    for end in 0..bytes.len() {
        for step in [1, 8] {
            assert!(ours(&bytes[..end], step).is_none(), "{end} of {}", bytes.len());
        }
    }
}

#[test]
fn a_large_picture_is_averaged_and_a_small_one_is_not() {
    let step = |width, height| {
        let bytes = encoded(&soft(width, height).into(), 50);
        decode_shrunk(&bytes, &limits()).unwrap().0.step
    };
    let steps: Vec<usize> = [200, 383, 384, 768, 1536].map(|side| step(side, side + 40)).into();
    assert_eq!(steps, [1, 1, 2, 4, 8]);
    assert_eq!(step(1100, 300), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_damage_makes_our_decoder_panic_or_run_on(
        seed in 0..50u32,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in proptest::option::of(any::<prop::sample::Index>()),
        step in prop::sample::select(vec![1usize, 2, 4, 8]),
    ) {
        let sampling = &[(2, 1), (1, 1), (1, 1)];
        let mut bytes = Written { width: 90, height: 40, sampling, restart_interval: 7, seed }.bytes();
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let limits = DecodeLimits { pixels_max: 1_000_000, ..DecodeLimits::default() };
        if let Ok(frame) = checked_frame(&bytes, &limits)
            && let Some((shrunk, _)) = plain(&bytes, &frame, &limits, step)
        {
            prop_assert_eq!(shrunk.plane.pixels.len(), (shrunk.plane.width * shrunk.plane.height) as usize);
        }
    }
}
