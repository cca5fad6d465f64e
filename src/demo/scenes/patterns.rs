//! Quilts and compositions of circles, bars and triangles.

use crate::demo::canvas::{Canvas, Paint, mix, shade};
use crate::demo::palette::Palette;
use crate::demo::random::Rng;

pub fn quilt(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette) -> String {
    let aspect = canvas.aspect();
    let side = rng.between(0.12, 0.26);
    let cloth = mix(palette.light, palette.sky[1], 0.4);
    canvas.rect((0.0, 0.0), (aspect, 1.0), Paint::Rough { colour: cloth, amount: 0.2, scale: 2.0 });
    let mut y = -rng.between(0.0, 0.1);
    while y < 1.0 {
        let mut x = -rng.between(0.0, 0.05);
        while x < aspect {
            tile(canvas, rng, palette, (x, y), side);
            x += side;
        }
        y += side;
    }
    "a hand-sewn patchwork quilt".to_owned()
}

pub fn composition(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette) -> String {
    let aspect = canvas.aspect();
    let ground = mix(palette.sky[1], palette.light, 0.5);
    canvas.rect((0.0, 0.0), (aspect, 1.0), Paint::Rough { colour: ground, amount: 0.15, scale: 0.9 });
    for _ in 0..rng.count(2, 4) {
        let place = (rng.between(0.0, aspect), rng.between(0.0, 1.0));
        let radius = rng.between(0.16, 0.42);
        canvas.disc(place, radius, Paint::Rough { colour: palette.accent(rng), amount: 0.25, scale: 1.5 });
        canvas.disc(
            place,
            radius * rng.between(0.3, 0.75),
            Paint::Flat(shade(palette.accent(rng), rng.between(0.7, 1.1))),
        );
    }
    for _ in 0..rng.count(3, 8) {
        let from = (rng.between(0.0, aspect), rng.between(0.0, 1.0));
        let to = (rng.between(0.0, aspect), rng.between(0.0, 1.0));
        canvas.line(from, to, rng.between(0.008, 0.06), Paint::Flat(shade(palette.accent(rng), rng.between(0.3, 1.0))));
    }
    for _ in 0..rng.count(2, 6) {
        let (x, y, size) = (rng.between(0.0, aspect), rng.between(0.0, 1.0), rng.between(0.06, 0.25));
        let lean = rng.between(-1.0, 1.0) * size;
        let bands = Paint::Bands {
            colours: [palette.accent(rng), ground],
            period: rng.between(0.02, 0.06),
            slope: rng.between(-1.0, 1.0),
        };
        canvas.polygon(&[(x - size, y + size), (x + lean, y - size), (x + size, y + size * 0.7)], bands);
    }
    for _ in 0..rng.count(5, 16) {
        let place = (rng.between(0.0, aspect), rng.between(0.0, 1.0));
        canvas.disc(place, rng.between(0.008, 0.03), Paint::Flat(shade(palette.accent(rng), 0.6)));
    }
    "an abstract composition of circles and bars".to_owned()
}

fn tile(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette, (x, y): (f32, f32), side: f32) {
    let (right, low) = (x + side, y + side);
    let (first, second) = (palette.accent(rng), shade(palette.accent(rng), 0.85));
    let rough = |colour| Paint::Rough { colour, amount: 0.22, scale: 4.0 };
    match rng.below(6) {
        0 => canvas.polygon(&[(x, y), (right, y), (x, low)], rough(first)),
        1 => {
            canvas.rect((x, y), (right, low), rough(first));
            canvas.polygon(
                &[(x + side / 2.0, y), (right, y + side / 2.0), (x + side / 2.0, low), (x, y + side / 2.0)],
                rough(second),
            );
        }
        2 => {
            canvas.rect(
                (x, y),
                (right, low),
                Paint::Bands { colours: [first, second], period: side / 3.0, slope: 0.0 },
            );
        }
        3 => {
            canvas.rect((x, y), (right, low), rough(second));
            canvas.disc((x + side / 2.0, y + side / 2.0), side * 0.36, rough(first));
        }
        4 => {
            canvas.rect(
                (x, y),
                (right, low),
                Paint::Bands { colours: [first, second], period: side / 2.5, slope: 1.0 },
            );
        }
        _ => {
            canvas.rect((x, y), (x + side / 2.0, y + side / 2.0), rough(first));
            canvas.rect((x + side / 2.0, y + side / 2.0), (right, low), rough(second));
        }
    }
    let thread = shade(palette.light, 0.8);
    canvas.line((x, y), (right, y), 0.004, Paint::Flat(thread));
    canvas.line((x, y), (x, low), 0.004, Paint::Flat(thread));
}
