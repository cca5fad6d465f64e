//! What the demo's pictures show: one function a scene. Each paints on a canvas and says in words what it painted,
//! so that captions are true.

mod indoors;
mod outdoors;
mod patterns;
mod town;
mod water;

use super::canvas::{Canvas, Paint, mix};
use super::palette::Palette;
use super::random::Rng;

/// Paints a scene and gives its description, to be continued by the palette's mood.
pub type Scene = fn(&mut Canvas, &mut Rng, &Palette) -> String;

/// Every scene, the most liked ones first.
pub const SCENES: [Scene; 14] = [
    water::harbour,
    outdoors::hills,
    town::skyline,
    indoors::still_life,
    indoors::bouquet,
    water::canal,
    outdoors::mountains,
    town::balloons,
    water::reef,
    indoors::portrait,
    outdoors::meadow,
    patterns::quilt,
    patterns::composition,
    outdoors::bird,
];

/// Sky, sun or moon with stars, and some clouds down to the horizon.
fn sky(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette, horizon: f32) {
    let aspect = canvas.aspect();
    let paint = Paint::Down { top: palette.sky[0], bottom: palette.sky[1], from: 0.0, to: horizon };
    canvas.rect((0.0, 0.0), (aspect, 1.0), paint);
    if palette.is_night {
        for _ in 0..rng.count(40, 120) {
            let place = (rng.between(0.0, aspect), rng.between(0.0, horizon));
            let colour = mix(palette.sky[0], palette.light, rng.between(0.4, 1.0));
            let radius = rng.between(0.0015, 0.005);
            canvas.disc(place, radius, Paint::Flat(colour));
        }
    }
    if rng.chance(0.75) {
        let place = (rng.between(0.1, 0.9) * aspect, rng.between(0.08, 0.75) * horizon);
        let radius = rng.between(0.035, 0.085);
        for ring in (1..5_u8).rev() {
            let spread = radius * (1.0 + f32::from(ring) * 0.45);
            canvas.blend_ellipse(place, (spread, spread), 0.0, Paint::Flat(palette.light), 0.12);
        }
        canvas.disc(place, radius, Paint::Flat(palette.light));
    }
    let threshold = rng.between(0.42, 0.66);
    let colour = if palette.is_night { palette.far } else { mix(palette.light, palette.sky[1], 0.15) };
    let stretch = (rng.between(0.35, 0.8), rng.between(0.9, 1.8));
    canvas.veil(colour, (0.0, horizon), stretch, |noise, _| ((noise - threshold) * 4.0).clamp(0.0, 0.85));
}

/// Picks a way to say a number.
fn number(count: usize) -> &'static str {
    ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"].get(count).copied().unwrap_or("many")
}

/// `1 boat`, `three boats`: the number in words and the noun in its form.
fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("a {one}") } else { format!("{} {many}", number(count)) }
}
