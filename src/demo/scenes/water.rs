//! Scenes at and under the water.

use super::{counted, sky};
use crate::demo::canvas::{Canvas, Paint, Point, mix, shade};
use crate::demo::palette::Palette;
use crate::demo::random::Rng;

pub fn harbour(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette) -> String {
    let aspect = canvas.aspect();
    let shore = rng.between(0.42, 0.62);
    sky(canvas, rng, palette, shore);
    let (roll, lift) = (rng.between(0.25, 0.6), rng.between(0.04, 0.14));
    let shift = rng.unit();
    let heights: Vec<f32> = (0..=60_u8).map(|x| canvas.noise(f32::from(x) / 60.0 * aspect, shift, roll)).collect();
    let coast = |x: f32| shore - heights[index(x / aspect)] * lift;
    canvas.below(coast, Paint::Rough { colour: palette.far, amount: 0.2, scale: 1.5 });
    let lighthouse = rng.chance(0.55);
    if lighthouse {
        let x = rng.between(0.08, 0.92) * aspect;
        let height = rng.between(0.22, 0.36);
        draw_lighthouse(canvas, rng, palette, (x, shore), height);
    }
    canvas.reflect(shore, palette.water, 0.55);
    waves(canvas, rng, palette, shore);
    let boats = rng.count(1, 4);
    let sails = rng.chance(0.6);
    for boat in 0..boats {
        let depth = (f32::from(u8::try_from(boat).unwrap_or(0)) + 1.0) / 5.0;
        let place = (rng.between(0.1, 0.9) * aspect, shore + 0.05 + depth * (0.9 - shore));
        let size = 0.06 + depth * 0.16;
        draw_boat(canvas, rng, palette, place, size, sails);
    }
    if rng.chance(0.45) {
        jetty(canvas, rng, palette, shore);
    }
    let kind = if sails { ("sailing boat", "sailing boats") } else { ("fishing boat", "fishing boats") };
    let light = if lighthouse { " and a striped lighthouse" } else { " in a quiet harbour" };
    format!("{}{light}", counted(boats, kind.0, kind.1))
}

pub fn canal(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette) -> String {
    let aspect = canvas.aspect();
    let quay = rng.between(0.6, 0.72);
    sky(canvas, rng, palette, quay);
    let mut x = -rng.between(0.0, 0.08);
    let mut houses = 0;
    while x < aspect {
        let width = rng.between(0.13, 0.24);
        let roof = rng.between(0.12, 0.34);
        let wall = mix(palette.accent(rng), [150, 96, 74], rng.between(0.1, 0.6));
        gabled_house(canvas, rng, palette, (x, roof), (width, quay), wall);
        x += width;
        houses += 1;
    }
    canvas.rect((0.0, quay), (aspect, quay + 0.03), Paint::Rough { colour: [92, 88, 84], amount: 0.4, scale: 4.0 });
    canvas.reflect(quay + 0.03, palette.water, 0.42);
    waves(canvas, rng, palette, quay + 0.03);
    let boats = rng.count(0, 2);
    for _ in 0..boats {
        let place = (rng.between(0.15, 0.85) * aspect, rng.between(quay + 0.1, 0.92));
        let size = rng.between(0.08, 0.13);
        draw_boat(canvas, rng, palette, place, size, false);
    }
    let boat = if boats == 0 { "still water".to_owned() } else { counted(boats, "moored boat", "moored boats") };
    format!("{} gabled houses along a canal with {boat}", super::number(houses))
}

pub fn reef(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette) -> String {
    let aspect = canvas.aspect();
    let deep = mix(palette.water, [6, 40, 84], 0.6);
    let top = mix(palette.water, [120, 220, 220], 0.55);
    canvas.rect((0.0, 0.0), (aspect, 1.0), Paint::Down { top, bottom: deep, from: 0.0, to: 1.0 });
    for _ in 0..rng.count(3, 6) {
        let (x, width, lean) = (rng.between(0.0, aspect), rng.between(0.03, 0.1), rng.between(-0.3, 0.3));
        let beam = [(x, 0.0), (x + width, 0.0), (x + width * 2.0 + lean, 1.0), (x + lean - width, 1.0)];
        canvas.blend(&beam, Paint::Flat([230, 250, 240]), 0.1);
    }
    let floor = rng.between(0.78, 0.88);
    let sand: Vec<f32> = (0..=60_u8).map(|x| canvas.noise(f32::from(x) / 40.0, 0.3, 0.5)).collect();
    canvas.below(
        |x| floor + (sand[index(x / aspect)] - 0.5) * 0.12,
        Paint::Rough { colour: mix([206, 184, 138], deep, 0.25), amount: 0.35, scale: 3.0 },
    );
    for _ in 0..rng.count(5, 12) {
        let root = (rng.between(0.0, aspect), rng.between(floor, 1.0));
        let colour = mix(palette.accent(rng), [220, 90, 120], 0.35);
        let angle = rng.between(-0.25, 0.25);
        let length = rng.between(0.07, 0.14);
        branch(canvas, rng, root, angle, length, colour, 4);
    }
    let fish = rng.count(3, 8);
    let stripe = palette.accent(rng);
    let body = palette.accent(rng);
    for _ in 0..fish {
        let place = (rng.between(0.08, 0.92) * aspect, rng.between(0.12, 0.72));
        draw_fish(canvas, rng, place, body, stripe);
    }
    for _ in 0..rng.count(6, 20) {
        let place = (rng.between(0.0, aspect), rng.between(0.0, 0.8));
        let radius = rng.between(0.004, 0.014);
        canvas.blend_ellipse(place, (radius, radius), 0.0, Paint::Flat([236, 250, 250]), 0.6);
    }
    format!("{} fish over a coral reef", super::number(fish))
}

/// A coral: a stroke that divides until it is thin.
fn branch(canvas: &mut Canvas, rng: &mut Rng, root: Point, angle: f32, length: f32, colour: [u8; 3], left: u8) {
    let tip = (root.0 + angle.sin() * length, root.1 - angle.cos() * length);
    canvas.line(root, tip, length * 0.2 + 0.004, Paint::Flat(shade(colour, 0.7 + f32::from(left) * 0.09)));
    if left > 0 {
        for side in [-1.0, 1.0] {
            let turn = angle + side * rng.between(0.2, 0.65);
            let next = length * rng.between(0.62, 0.8);
            branch(canvas, rng, tip, turn, next, colour, left - 1);
        }
    } else {
        canvas.disc(tip, 0.007, Paint::Flat(shade(colour, 1.2)));
    }
}

fn draw_fish(canvas: &mut Canvas, rng: &mut Rng, (x, y): Point, body: [u8; 3], stripe: [u8; 3]) {
    let length = rng.between(0.05, 0.12);
    let way = if rng.chance(0.5) { 1.0 } else { -1.0 };
    let tail = x - way * length;
    let fin = [
        (tail + way * length * 0.3, y),
        (tail - way * length * 0.5, y - length * 0.5),
        (tail - way * length * 0.3, y),
        (tail - way * length * 0.5, y + length * 0.5),
    ];
    canvas.polygon(&fin, Paint::Flat(shade(body, 0.8)));
    let paint = Paint::Ball { centre: (x, y), radius: length, light: shade(body, 1.25), dark: shade(body, 0.6) };
    canvas.ellipse((x, y), (length, length * 0.55), 0.0, paint);
    for band in [-0.35_f32, 0.2] {
        canvas.ellipse((x + band * length, y), (length * 0.09, length * 0.45), 0.0, Paint::Flat(stripe));
    }
    let eye = (x + way * length * 0.6, y - length * 0.12);
    canvas.disc(eye, length * 0.12, Paint::Flat([250, 250, 244]));
    canvas.disc(eye, length * 0.06, Paint::Flat([16, 18, 24]));
}

fn draw_lighthouse(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette, foot: Point, height: f32) {
    let (x, y) = foot;
    let rock = [(x - 0.13, y), (x - 0.07, y - 0.05), (x, y - 0.07), (x + 0.08, y - 0.045), (x + 0.15, y)];
    canvas.polygon(&rock, Paint::Rough { colour: shade(palette.near, 0.8), amount: 0.5, scale: 3.0 });
    let colour = palette.accent(rng);
    let top = y - 0.05 - height;
    let half = |t: f32| 0.028 + 0.02 * t;
    for band in 0..6_u8 {
        let (from, to) = (f32::from(band) / 6.0, f32::from(band + 1) / 6.0);
        let paint = if band % 2 == 0 { Paint::Flat(colour) } else { Paint::Flat([244, 240, 232]) };
        let (ya, yb) = (top + height * from, top + height * to + 0.002);
        canvas.polygon(&[(x - half(from), ya), (x + half(from), ya), (x + half(to), yb), (x - half(to), yb)], paint);
    }
    let shadow = [(x + 0.006, top), (x + half(0.0), top), (x + half(1.0), top + height), (x + 0.01, top + height)];
    canvas.blend(&shadow, Paint::Flat([20, 24, 40]), 0.28);
    canvas.rect((x - 0.02, top - 0.045), (x + 0.02, top), Paint::Flat(palette.light));
    canvas.polygon(
        &[(x - 0.032, top - 0.044), (x, top - 0.08), (x + 0.032, top - 0.044)],
        Paint::Flat(shade(colour, 0.7)),
    );
    let beam = [(x, top - 0.03), (x + 0.6, top - 0.1), (x + 0.6, top + 0.02)];
    canvas.blend(&beam, Paint::Flat(palette.light), if palette.is_night { 0.4 } else { 0.12 });
}

fn draw_boat(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette, place: Point, size: f32, sails: bool) {
    let (x, y) = place;
    let hull = palette.accent(rng);
    let lean = rng.between(-0.05, 0.05) * size;
    canvas.blend_ellipse((x, y + size * 0.24), (size * 1.1, size * 0.12), 0.0, Paint::Flat([10, 20, 34]), 0.35);
    let mast = (x + lean * 2.0, y - size * 1.7);
    canvas.line((x, y), mast, size * 0.05, Paint::Flat([70, 54, 44]));
    if sails {
        let cloth = palette.accent(rng);
        canvas.polygon(
            &[(mast.0 + size * 0.05, mast.1), (x + size * 0.95, y - size * 0.1), (x + size * 0.05, y - size * 0.1)],
            Paint::Down { top: shade(cloth, 1.15), bottom: shade(cloth, 0.8), from: mast.1, to: y },
        );
        canvas.polygon(
            &[
                (mast.0 - size * 0.05, mast.1 + size * 0.2),
                (x - size * 0.7, y - size * 0.1),
                (x - size * 0.05, y - size * 0.1),
            ],
            Paint::Flat([244, 238, 226]),
        );
    } else {
        let cabin = shade(palette.accent(rng), 1.1);
        canvas.rect((x - size * 0.5, y - size * 0.5), (x + size * 0.1, y), Paint::Flat(cabin));
        canvas.rect((x - size * 0.4, y - size * 0.4), (x - size * 0.2, y - size * 0.2), Paint::Flat([40, 56, 70]));
        canvas.line(mast, (x + size * 0.9, y - size * 0.05), size * 0.025, Paint::Flat([70, 60, 56]));
    }
    let planks = [
        (x - size, y - size * 0.12),
        (x + size * 1.1, y - size * 0.16),
        (x + size * 0.75, y + size * 0.25),
        (x - size * 0.75, y + size * 0.25),
    ];
    canvas.polygon(
        &planks,
        Paint::Down { top: shade(hull, 1.1), bottom: shade(hull, 0.55), from: y - size * 0.2, to: y + size * 0.25 },
    );
    canvas.line(
        (x - size, y - size * 0.1),
        (x + size * 1.1, y - size * 0.14),
        size * 0.06,
        Paint::Flat([246, 242, 232]),
    );
}

/// Light and dark strokes that grow towards the viewer.
fn waves(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette, shore: f32) {
    let aspect = canvas.aspect();
    for _ in 0..rng.count(50, 120) {
        let near = rng.unit();
        let y = shore + 0.01 + near * near * (1.0 - shore);
        let x = rng.between(-0.1, aspect);
        let length = 0.02 + near * rng.between(0.03, 0.16);
        let colour = if rng.chance(0.6) { mix(palette.water, palette.light, 0.55) } else { shade(palette.water, 0.6) };
        canvas.blend_ellipse((x + length, y), (length, 0.0015 + near * 0.004), 0.0, Paint::Flat(colour), 0.6);
    }
}

fn jetty(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette, shore: f32) {
    let aspect = canvas.aspect();
    let left = rng.chance(0.5);
    let at = |x: f32| if left { x } else { aspect - x };
    let wood = mix([112, 86, 62], palette.near, 0.3);
    let far = shore + 0.05;
    for post in 0..7_u8 {
        let t = f32::from(post) / 6.0;
        let x = at(0.05 + 0.4 * t);
        let y = 1.0 - (1.0 - far) * t;
        canvas.line((x, y - 0.06), (x, y + 0.09), 0.018 - t * 0.012, Paint::Flat(shade(wood, 0.6)));
    }
    let deck = [(at(-0.02), 0.86), (at(-0.02), 1.01), (at(0.22), 1.01), (at(0.47), far + 0.008), (at(0.445), far)];
    canvas.polygon(&deck, Paint::Bands { colours: [wood, shade(wood, 0.84)], period: 0.03, slope: 0.9 });
}

fn gabled_house(
    canvas: &mut Canvas,
    rng: &mut Rng,
    palette: &Palette,
    (x, roof): Point,
    (width, quay): Point,
    wall: [u8; 3],
) {
    let shoulder = roof + rng.between(0.08, 0.12);
    let edge = x + width;
    let middle = x + width / 2.0;
    let steps = rng.count(1, 4);
    let mut outline = vec![(x, quay), (x, shoulder)];
    for step in 1..=steps {
        let t = f32::from(u8::try_from(step).unwrap_or(1)) / f32::from(u8::try_from(steps + 1).unwrap_or(2));
        let (inset, y) = (t * width / 2.0, shoulder - t * (shoulder - roof));
        let before = outline[outline.len() - 1].1;
        outline.extend([(x + inset, before), (x + inset, y)]);
    }
    outline.push((middle, roof));
    let mirrored: Vec<Point> = outline.iter().rev().skip(1).map(|&(px, py)| (edge - (px - x), py)).collect();
    outline.extend(mirrored);
    canvas.polygon(&outline, Paint::Rough { colour: wall, amount: 0.22, scale: 5.0 });
    let columns = rng.count(2, 3);
    let lit = if palette.is_night { palette.light } else { [58, 70, 84] };
    let rows = rng.count(3, 4);
    for row in 0..rows {
        for column in 0..columns {
            let pitch = width / f32::from(u8::try_from(columns).unwrap_or(2));
            let wx = x + pitch * (f32::from(u8::try_from(column).unwrap_or(0)) + 0.5);
            let gap = (quay - shoulder) / (f32::from(u8::try_from(rows).unwrap_or(3)) + 0.4);
            let wy = shoulder + 0.02 + gap * f32::from(u8::try_from(row).unwrap_or(0));
            let half = pitch * 0.26;
            let pane = if rng.chance(0.75) { lit } else { shade(lit, 0.6) };
            canvas.rect(
                (wx - half - 0.006, wy - 0.006),
                (wx + half + 0.006, wy + gap * 0.6 + 0.006),
                Paint::Flat([240, 236, 226]),
            );
            canvas.rect((wx - half, wy), (wx + half, wy + gap * 0.6), Paint::Flat(pane));
        }
    }
    canvas.rect((middle - 0.02, quay - 0.09), (middle + 0.02, quay), Paint::Flat(shade(palette.accent(rng), 0.6)));
}

/// Which of 61 samples stands for a place from 0 to 1.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn index(place: f32) -> usize {
    ((place * 60.0) as usize).min(60)
}
