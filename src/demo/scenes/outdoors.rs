//! Hills, mountains, meadows, birds.

use super::{counted, sky};
use crate::demo::canvas::{Canvas, Paint, Point, Rgb, mix, shade};
use crate::demo::palette::Palette;
use crate::demo::random::Rng;

pub fn hills(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette) -> String {
    let aspect = canvas.aspect();
    let horizon = rng.between(0.34, 0.54);
    sky(canvas, rng, palette, horizon + 0.1);
    let layers = rng.count(3, 5);
    for layer in 0..layers {
        let depth = (part(layer) + 0.3) / part(layers);
        let base = horizon + depth * (0.86 - horizon);
        let colour = mix(palette.far, palette.near, depth);
        let (first, second) = (rng.between(0.0, 6.0), rng.between(1.4, 3.4));
        let height = rng.between(0.03, 0.08);
        let profile = move |x: f32| {
            base + (x * second + first).sin() * height + (x * second * 2.7 + first * 2.0).sin() * height * 0.3
        };
        canvas.below(profile, Paint::Rough { colour, amount: 0.18 + depth * 0.2, scale: 0.8 + depth * 2.0 });
        if rng.chance(0.6) {
            for row in 0..rng.count(4, 9) {
                let offset = 0.02 + part(row) * 0.018;
                let furrow = shade(colour, 0.82);
                stripe(canvas, aspect, |x| profile(x) + offset * (1.0 + x * 0.3), furrow);
            }
        }
        for _ in 0..rng.count(0, 5) {
            let x = rng.between(0.0, aspect);
            let size = rng.between(0.03, 0.06) + depth * 0.1;
            if rng.chance(0.5) {
                conifer(canvas, (x, profile(x)), size, shade(palette.near, rng.between(0.5, 0.8)));
            } else {
                round_tree(canvas, rng, (x, profile(x)), size, mix(palette.near, palette.accents[1], 0.3));
            }
        }
    }
    if rng.chance(0.5) {
        let place = (rng.between(0.2, 0.8) * aspect, rng.between(0.68, 0.84));
        barn(canvas, palette, place, rng.between(0.08, 0.14));
        return format!("{} folds of hills with trees and a red barn", super::number(layers));
    }
    "rolling fields and scattered trees".to_owned()
}

pub fn mountains(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette) -> String {
    let aspect = canvas.aspect();
    let shore = rng.between(0.6, 0.78);
    sky(canvas, rng, palette, shore);
    if palette.is_night {
        let (sway, threshold) = (rng.between(0.3, 0.8), rng.between(0.4, 0.5));
        let green = mix(palette.accents[0], [120, 240, 190], 0.5);
        canvas
            .veil(green, (0.02, shore), (sway, 0.12), |noise, y| (noise - threshold) * 3.2 * (1.0 - y / 0.7).max(0.0));
    }
    let peaks = rng.count(3, 6);
    for _ in 0..peaks {
        let top = (rng.between(0.0, aspect), rng.between(0.14, 0.42));
        let half = rng.between(0.3, 0.6);
        peak(canvas, rng, palette, top, half, shore);
    }
    let edge: Vec<f32> = (0..40_u8).map(|_| rng.between(0.015, 0.075)).collect();
    for (at, height) in edge.iter().enumerate() {
        let x = part(at) * aspect / 38.0;
        conifer(canvas, (x, shore + 0.01), *height * 1.6, shade(palette.near, 0.55));
    }
    let lake = rng.chance(0.65);
    if lake {
        canvas.reflect(shore, palette.water, 0.35);
        "snow-capped mountains mirrored in a lake".to_owned()
    } else {
        canvas.below(
            |x| shore + (x * 4.0).sin() * 0.015,
            Paint::Rough { colour: palette.near, amount: 0.45, scale: 2.5 },
        );
        "a mountain range above a pine forest".to_owned()
    }
}

pub fn meadow(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette) -> String {
    let aspect = canvas.aspect();
    let horizon = rng.between(0.22, 0.42);
    sky(canvas, rng, palette, horizon);
    let (grass, far) = (mix(palette.near, [96, 140, 60], 0.45), mix(palette.far, palette.near, 0.4));
    let wave = rng.between(1.5, 4.0);
    canvas.below(|x| horizon - 0.05 + (x * wave).sin() * 0.03, Paint::Rough { colour: far, amount: 0.3, scale: 2.0 });
    canvas.below(
        |x| horizon + (x * wave * 0.6 + 1.0).cos() * 0.02,
        Paint::Rough { colour: grass, amount: 0.4, scale: 2.2 },
    );
    let main = palette.accent(rng);
    let other = palette.accent(rng);
    for _ in 0..rng.count(160, 300) {
        let near = rng.unit();
        let y = horizon + 0.03 + near * near * (1.0 - horizon);
        let x = rng.between(0.0, aspect);
        let size = 0.006 + near * near * 0.038;
        let tip = (x + rng.between(-0.4, 0.4) * size, y - size * 3.0);
        canvas.line((x, y), tip, size * 0.22, Paint::Flat(shade(grass, rng.between(0.5, 0.85))));
        if rng.chance(0.7) {
            let colour = if rng.chance(0.7) { main } else { other };
            canvas.ellipse(tip, (size, size * 0.7), 0.0, Paint::Flat(shade(colour, rng.between(0.8, 1.15))));
            canvas.disc(tip, size * 0.32, Paint::Flat(shade(colour, 0.4)));
        }
    }
    if rng.chance(0.5) {
        for post in 0..9_u8 {
            let x = f32::from(post) / 8.0 * aspect;
            canvas.line((x, horizon - 0.03), (x, horizon + 0.06), 0.012, Paint::Flat([104, 86, 70]));
        }
        canvas.line((0.0, horizon), (aspect, horizon + 0.012), 0.007, Paint::Flat([116, 96, 78]));
        return "a flower meadow behind an old fence".to_owned();
    }
    "a meadow full of wild flowers".to_owned()
}

pub fn bird(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette) -> String {
    let aspect = canvas.aspect();
    sky(canvas, rng, palette, 1.0);
    for _ in 0..rng.count(12, 30) {
        let place = (rng.between(0.0, aspect), rng.between(0.0, 1.0));
        let radius = rng.between(0.04, 0.16);
        let colour = mix(palette.near, palette.accent(rng), rng.between(0.0, 0.5));
        canvas.blend_ellipse(place, (radius, radius * 0.8), 0.3, Paint::Flat(colour), 0.22);
    }
    let bough = rng.between(0.66, 0.8);
    let tilt = rng.between(-0.12, 0.12);
    let on_bough = |x: f32| bough + (x / aspect - 0.5) * tilt + (x * 5.0).sin() * 0.01;
    stripe_wide(canvas, aspect, on_bough, [86, 66, 54], 0.035);
    for _ in 0..rng.count(14, 40) {
        let x = rng.between(0.0, aspect);
        let side = if rng.chance(0.5) { 1.0 } else { -1.0 };
        let place = (x, on_bough(x) + side * rng.between(0.03, 0.09));
        let leaf = mix(palette.near, palette.accents[1], rng.between(0.0, 0.6));
        canvas.ellipse(place, (0.045, 0.018), rng.between(-1.2, 1.2), Paint::Flat(leaf));
    }
    let birds = rng.count(1, 3);
    for number in 0..birds {
        let x = aspect * (part(number) + 0.5) / part(birds) + rng.between(-0.05, 0.05);
        let size = rng.between(0.12, 0.2) * if birds == 1 { 1.35 } else { 0.85 };
        perched(canvas, rng, palette, (x, on_bough(x)), size);
    }
    format!("{} on a leafy branch", counted(birds, "small bird", "small birds"))
}

fn perched(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette, foot: Point, size: f32) {
    let way = if rng.chance(0.5) { 1.0 } else { -1.0 };
    let (x, y) = (foot.0, foot.1 - size * 0.75);
    let back = palette.accent(rng);
    let belly = mix(palette.light, palette.accent(rng), 0.35);
    canvas.line(
        (x - way * size * 0.5, y + size * 0.2),
        (x - way * size * 1.5, y + size * 0.75),
        size * 0.24,
        Paint::Flat(shade(back, 0.55)),
    );
    canvas.line((x, y + size * 0.5), (x + way * 0.01, foot.1), size * 0.05, Paint::Flat([60, 48, 42]));
    canvas.line((x + size * 0.2, y + size * 0.5), (x + size * 0.2, foot.1), size * 0.05, Paint::Flat([60, 48, 42]));
    let paint =
        |colour: Rgb| Paint::Ball { centre: (x, y), radius: size, light: shade(colour, 1.2), dark: shade(colour, 0.6) };
    canvas.ellipse((x, y), (size * 0.85, size * 0.66), way * 0.5, paint(back));
    canvas.ellipse((x + way * size * 0.25, y + size * 0.2), (size * 0.55, size * 0.42), way * 0.5, paint(belly));
    let head = (x + way * size * 0.62, y - size * 0.55);
    canvas.disc(head, size * 0.44, paint(back));
    canvas.ellipse((x - way * size * 0.25, y), (size * 0.62, size * 0.3), way * 0.65, Paint::Flat(shade(back, 0.55)));
    let beak = [
        (head.0 + way * size * 0.36, head.1 - size * 0.1),
        (head.0 + way * size * 0.78, head.1 + size * 0.04),
        (head.0 + way * size * 0.36, head.1 + size * 0.14),
    ];
    canvas.polygon(&beak, Paint::Flat([224, 158, 50]));
    let eye = (head.0 + way * size * 0.16, head.1 - size * 0.07);
    canvas.disc(eye, size * 0.09, Paint::Flat([250, 248, 240]));
    canvas.disc(eye, size * 0.06, Paint::Flat([14, 14, 18]));
}

fn peak(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette, top: Point, half: f32, foot: f32) {
    let steps = 9;
    let side = |rng: &mut Rng, sign: f32| -> Vec<Point> {
        (1..=steps)
            .map(|step| {
                let t = part(step) / part(steps);
                (
                    top.0 + sign * half * t + rng.between(-0.02, 0.02),
                    top.1 + (foot - top.1) * t + rng.between(-0.018, 0.018),
                )
            })
            .collect()
    };
    let (left, right) = (side(rng, -1.0), side(rng, 1.0));
    let rock = mix(palette.far, palette.near, rng.between(0.1, 0.7));
    let mut outline: Vec<Point> = left.iter().rev().copied().collect();
    outline.push(top);
    outline.extend(&right);
    canvas.polygon(&outline, Paint::Rough { colour: rock, amount: 0.3, scale: 2.4 });
    let ridge = (top.0 + rng.between(-0.05, 0.05), foot);
    let mut shadow = vec![top];
    shadow.extend(&right);
    shadow.push(ridge);
    canvas.blend(&shadow, Paint::Flat([18, 22, 44]), 0.32);
    let snow = rng.count(2, 4);
    let mut cap = vec![top];
    cap.extend(&right[..snow]);
    let low = right[snow - 1];
    let high = left[snow - 1];
    for tooth in 1..6 {
        let t = part(tooth) / 6.0;
        let dip = if tooth % 2 == 0 { 0.04 } else { -0.035 };
        cap.push((low.0 + (high.0 - low.0) * t, low.1 + (high.1 - low.1) * t + dip));
    }
    cap.extend(left[..snow].iter().rev());
    canvas.polygon(
        &cap,
        Paint::Rough {
            colour: mix([246, 248, 252], palette.sky[1], if palette.is_night { 0.6 } else { 0.12 }),
            amount: 0.12,
            scale: 3.0,
        },
    );
}

fn conifer(canvas: &mut Canvas, (x, y): Point, size: f32, colour: Rgb) {
    canvas.line((x, y), (x, y - size * 0.5), size * 0.1, Paint::Flat([74, 58, 48]));
    for tier in 0..3_usize {
        let base = y - size * (0.2 + 0.36 * part(tier));
        let half = size * (0.42 - 0.1 * part(tier));
        let tint = shade(colour, 0.85 + 0.14 * part(tier));
        canvas.polygon(&[(x - half, base), (x, base - size * 0.62), (x + half, base)], Paint::Flat(tint));
    }
}

fn round_tree(canvas: &mut Canvas, rng: &mut Rng, (x, y): Point, size: f32, colour: Rgb) {
    canvas.line((x, y), (x, y - size), size * 0.14, Paint::Flat([84, 64, 50]));
    for _ in 0..5 {
        let centre = (x + rng.between(-0.4, 0.4) * size, y - size * rng.between(0.8, 1.5));
        let radius = size * rng.between(0.28, 0.46);
        let paint = Paint::Ball { centre, radius, light: shade(colour, 1.25), dark: shade(colour, 0.5) };
        canvas.disc(centre, radius, paint);
    }
}

fn barn(canvas: &mut Canvas, palette: &Palette, (x, y): Point, size: f32) {
    let wall = mix([168, 52, 44], palette.sky[0], 0.12);
    canvas.rect(
        (x - size, y - size * 0.8),
        (x + size, y),
        Paint::Bands { colours: [wall, shade(wall, 0.86)], period: size * 0.2, slope: 0.0 },
    );
    let roof = [
        (x - size * 1.15, y - size * 0.78),
        (x - size * 0.7, y - size * 1.4),
        (x + size * 0.7, y - size * 1.4),
        (x + size * 1.15, y - size * 0.78),
    ];
    canvas.polygon(&roof, Paint::Rough { colour: [88, 84, 88], amount: 0.3, scale: 5.0 });
    canvas.rect((x - size * 0.3, y - size * 0.5), (x + size * 0.3, y), Paint::Flat([240, 232, 218]));
    canvas.line((x - size * 0.3, y - size * 0.5), (x + size * 0.3, y), size * 0.06, Paint::Flat(wall));
    canvas.line((x + size * 0.3, y - size * 0.5), (x - size * 0.3, y), size * 0.06, Paint::Flat(wall));
}

fn stripe(canvas: &mut Canvas, aspect: f32, profile: impl Fn(f32) -> f32, colour: Rgb) {
    stripe_wide(canvas, aspect, profile, colour, 0.005);
}

fn stripe_wide(canvas: &mut Canvas, aspect: f32, profile: impl Fn(f32) -> f32, colour: Rgb, thickness: f32) {
    let along: Vec<f32> = (0..=40_u8).map(|step| f32::from(step) / 40.0 * aspect).collect();
    let mut outline: Vec<Point> = along.iter().map(|&x| (x, profile(x) - thickness / 2.0)).collect();
    outline.extend(along.iter().rev().map(|&x| (x, profile(x) + thickness / 2.0)));
    canvas.polygon(&outline, Paint::Rough { colour, amount: 0.25, scale: 4.0 });
}

/// A small count as a length.
#[expect(clippy::cast_precision_loss)]
fn part(count: usize) -> f32 {
    count as f32
}
