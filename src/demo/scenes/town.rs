//! A city by the river, and balloons over the fields.

use super::{counted, sky};
use crate::demo::canvas::{Canvas, Paint, Point, mix, shade};
use crate::demo::palette::Palette;
use crate::demo::random::Rng;

pub fn skyline(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette) -> String {
    let aspect = canvas.aspect();
    let street = rng.between(0.7, 0.92);
    sky(canvas, rng, palette, street);
    for depth in [0.25_f32, 0.6, 1.0] {
        let mut x = -rng.between(0.0, 0.1);
        while x < aspect {
            let width = rng.between(0.06, 0.16) * (0.7 + depth * 0.6);
            let top = street - rng.between(0.1, 0.55) * (1.2 - depth * 0.45);
            let wall = mix(palette.far, shade(mix(palette.near, palette.accent(rng), 0.25), 0.8), depth);
            tower(canvas, rng, palette, (x, top), (x + width, street), (wall, depth));
            x += width * rng.between(0.85, 1.25);
        }
    }
    if rng.chance(0.55) {
        canvas.reflect(street, palette.water, 0.5);
        if rng.chance(0.6) {
            bridge(canvas, palette, street);
            return "a city skyline with a bridge over the river".to_owned();
        }
        return "a city skyline mirrored in the river".to_owned();
    }
    canvas.rect(
        (0.0, street),
        (aspect, 1.01),
        Paint::Rough { colour: shade(palette.near, 0.6), amount: 0.35, scale: 2.0 },
    );
    for lamp in 0..8_u8 {
        let x = (f32::from(lamp) + 0.5) / 8.0 * aspect;
        canvas.line((x, street - 0.12), (x, street + 0.04), 0.006, Paint::Flat([40, 40, 44]));
        canvas.disc((x, street - 0.12), 0.012, Paint::Flat(palette.light));
    }
    "towers and street lamps in the old town".to_owned()
}

pub fn balloons(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette) -> String {
    let aspect = canvas.aspect();
    let horizon = rng.between(0.7, 0.85);
    sky(canvas, rng, palette, horizon);
    let wave = rng.between(1.0, 3.0);
    canvas.below(
        |x| horizon - 0.04 + (x * wave).sin() * 0.04,
        Paint::Rough { colour: palette.far, amount: 0.25, scale: 1.5 },
    );
    canvas.below(
        |x| horizon + 0.04 + (x * wave * 1.4 + 2.0).sin() * 0.03,
        Paint::Rough { colour: palette.near, amount: 0.35, scale: 2.5 },
    );
    let count = rng.count(1, 6);
    for number in 0..count {
        let radius = if number == 0 { rng.between(0.15, 0.24) } else { rng.between(0.05, 0.13) };
        let place = (rng.between(0.1, 0.9) * aspect, rng.between(0.08 + radius, horizon - radius * 1.3));
        balloon(canvas, rng, palette, place, radius);
    }
    format!("{} over the fields", counted(count, "hot-air balloon", "hot-air balloons"))
}

fn balloon(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette, (x, y): Point, radius: f32) {
    let colours = [palette.accent(rng), palette.accent(rng)];
    let foot = y + radius * 1.45;
    let skirt = [
        (x - radius * 0.8, y + radius * 0.55),
        (x + radius * 0.8, y + radius * 0.55),
        (x + radius * 0.16, foot),
        (x - radius * 0.16, foot),
    ];
    canvas.polygon(&skirt, Paint::Flat(shade(colours[0], 0.8)));
    canvas.disc((x, y), radius, Paint::Flat(colours[0]));
    for (place, width) in [(-0.62_f32, 0.16_f32), (0.0, 0.24), (0.62, 0.16)] {
        canvas.ellipse(
            (x + place * radius, y),
            (radius * width, radius * (1.0 - place.abs() * 0.36)),
            0.0,
            Paint::Flat(colours[1]),
        );
    }
    canvas.blend_ellipse(
        (x + radius * 0.35, y + radius * 0.1),
        (radius * 0.62, radius * 0.86),
        0.0,
        Paint::Flat([20, 20, 40]),
        0.22,
    );
    canvas.blend_ellipse(
        (x - radius * 0.4, y - radius * 0.35),
        (radius * 0.25, radius * 0.35),
        0.4,
        Paint::Flat([255, 255, 250]),
        0.3,
    );
    for side in [-1.0_f32, 1.0] {
        canvas.line(
            (x + side * radius * 0.15, foot),
            (x + side * radius * 0.12, foot + radius * 0.3),
            radius * 0.03,
            Paint::Flat([60, 50, 44]),
        );
    }
    let basket = ((x - radius * 0.17, foot + radius * 0.28), (x + radius * 0.17, foot + radius * 0.55));
    canvas.rect(basket.0, basket.1, Paint::Flat([128, 88, 52]));
}

fn tower(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette, from: Point, to: Point, (wall, depth): ([u8; 3], f32)) {
    canvas.rect(from, to, Paint::Down { top: shade(wall, 1.08), bottom: shade(wall, 0.86), from: from.1, to: to.1 });
    match rng.below(4) {
        0 => canvas.polygon(
            &[from, (f32::midpoint(from.0, to.0), from.1 - 0.07), (to.0, from.1)],
            Paint::Flat(shade(wall, 0.75)),
        ),
        1 => canvas.line(
            (f32::midpoint(from.0, to.0), from.1),
            (f32::midpoint(from.0, to.0), from.1 - 0.09),
            0.006,
            Paint::Flat(wall),
        ),
        2 => canvas.ellipse(
            (f32::midpoint(from.0, to.0), from.1),
            ((to.0 - from.0) / 2.0, 0.035),
            0.0,
            Paint::Flat(shade(wall, 0.85)),
        ),
        _ => {}
    }
    if depth < 0.5 {
        return;
    }
    let (pitch_x, pitch_y) = (rng.between(0.018, 0.03), rng.between(0.026, 0.045));
    let lit_share = if palette.is_night { 0.6 } else { 0.25 };
    let mut y = from.1 + 0.02;
    while y + pitch_y < to.1 {
        let mut x = from.0 + 0.008;
        while x + pitch_x < to.0 {
            let colour =
                if rng.chance(lit_share) { mix(palette.light, palette.accents[1], 0.3) } else { shade(wall, 0.62) };
            canvas.rect((x, y), (x + pitch_x * 0.55, y + pitch_y * 0.55), Paint::Flat(colour));
            x += pitch_x;
        }
        y += pitch_y;
    }
}

fn bridge(canvas: &mut Canvas, palette: &Palette, street: f32) {
    let aspect = canvas.aspect();
    let deck = (street + 0.05).min(0.9);
    let steel = shade(mix(palette.accents[0], [60, 60, 70], 0.6), 0.7);
    canvas.rect((0.0, deck), (aspect, deck + 0.025), Paint::Flat(steel));
    let towers = [aspect * 0.3, aspect * 0.7];
    for x in towers {
        canvas.rect((x - 0.014, deck - 0.26), (x + 0.014, 1.0), Paint::Flat(steel));
    }
    let cable = |x: f32| {
        let t = ((x - towers[0]) / (towers[1] - towers[0]) - 0.5).abs() * 2.0;
        if t <= 1.0 { deck - 0.02 - t * t * 0.24 } else { deck - 0.26 + (t - 1.0) * 0.19 }
    };
    let mut before = (0.0, cable(0.0));
    for step in 1..=48_u8 {
        let x = f32::from(step) / 48.0 * aspect;
        let here = (x, cable(x));
        canvas.line(before, here, 0.007, Paint::Flat(steel));
        canvas.line(here, (x, deck), 0.003, Paint::Flat(steel));
        before = here;
    }
}
