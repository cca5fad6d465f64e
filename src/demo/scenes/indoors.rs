//! Still lifes, flowers in a vase, portraits made of plain shapes.

use super::counted;
use crate::demo::canvas::{Canvas, Paint, Point, Rgb, mix, shade};
use crate::demo::palette::Palette;
use crate::demo::random::Rng;

pub fn still_life(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette) -> String {
    let table = rng.between(0.52, 0.66);
    room(canvas, rng, palette, table);
    let aspect = canvas.aspect();
    let bottle = rng.chance(0.6);
    if bottle {
        let x = rng.between(0.15, 0.85) * aspect;
        draw_bottle(canvas, rng, palette, (x, table + 0.12));
    }
    let bowl = rng.chance(0.65);
    let middle = rng.between(0.35, 0.65) * aspect;
    let fruit: Rgb = *rng.choose(&[[206, 52, 46], [236, 150, 40], [246, 208, 70], [120, 158, 60], [112, 52, 96]]);
    let count = rng.count(3, 8);
    for number in 0..count {
        let radius = rng.between(0.06, 0.095);
        let place = if bowl && number < 5 {
            (middle + rng.between(-0.17, 0.17), table + rng.between(-0.02, 0.06))
        } else {
            (rng.between(0.1, 0.9) * aspect, rng.between(table + 0.14, 0.9))
        };
        draw_fruit(canvas, place, radius, mix(fruit, palette.accent(rng), rng.between(0.0, 0.35)));
    }
    if bowl {
        let glaze = palette.accent(rng);
        let (left, right, y) = (middle - 0.28, middle + 0.28, table + 0.06);
        let body = [
            (left, y),
            (right, y),
            (middle + 0.17, y + 0.16),
            (middle + 0.1, y + 0.2),
            (middle - 0.1, y + 0.2),
            (middle - 0.17, y + 0.16),
        ];
        canvas.polygon(
            &body,
            Paint::Ball { centre: (middle, y + 0.05), radius: 0.28, light: shade(glaze, 1.2), dark: shade(glaze, 0.5) },
        );
        canvas.line((left, y + 0.02), (right, y + 0.02), 0.014, Paint::Flat(shade(glaze, 0.7)));
        canvas.line((middle - 0.24, y + 0.07), (middle + 0.24, y + 0.07), 0.01, Paint::Flat([244, 240, 230]));
    }
    let name = match fruit {
        [206, ..] => ("apple", "apples"),
        [236, ..] => ("orange", "oranges"),
        [246, ..] => ("lemon", "lemons"),
        [120, ..] => ("pear", "pears"),
        _ => ("plum", "plums"),
    };
    let with = match (bowl, bottle) {
        (true, true) => "in a glazed bowl beside a bottle",
        (true, false) => "in a glazed bowl",
        (false, true) => "and a bottle on a table",
        (false, false) => "on a striped cloth",
    };
    format!("a still life with {} {with}", counted(count, name.0, name.1))
}

pub fn bouquet(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette) -> String {
    let table = rng.between(0.7, 0.82);
    room(canvas, rng, palette, table);
    let aspect = canvas.aspect();
    let middle = rng.between(0.4, 0.6) * aspect;
    let mouth = table - 0.12;
    let stems = rng.count(5, 13);
    let petals = rng.count(5, 11);
    let (main, other) = (palette.accent(rng), palette.accent(rng));
    let heads: Vec<Point> =
        (0..stems).map(|_| (middle + rng.between(-0.34, 0.34), rng.between(0.1, mouth - 0.14))).collect();
    for &head in &heads {
        canvas.line((middle + (head.0 - middle) * 0.15, mouth + 0.04), head, 0.009, Paint::Flat([72, 104, 62]));
        let leaf = (f32::midpoint(head.0, middle), f32::midpoint(head.1, mouth));
        canvas.ellipse(
            leaf,
            (0.065, 0.02),
            rng.between(-1.5, 1.5),
            Paint::Flat(shade([86, 126, 72], rng.between(0.7, 1.2))),
        );
    }
    for &head in &heads {
        let colour = shade(if rng.chance(0.65) { main } else { other }, rng.between(0.85, 1.15));
        let radius = rng.between(0.05, 0.095);
        flower(canvas, rng, head, radius, petals, colour);
    }
    let glass = palette.accent(rng);
    let vase = [
        (middle - 0.09, mouth),
        (middle + 0.09, mouth),
        (middle + 0.06, mouth + 0.05),
        (middle + 0.13, mouth + 0.16),
        (middle + 0.08, table + 0.13),
        (middle - 0.08, table + 0.13),
        (middle - 0.13, mouth + 0.16),
        (middle - 0.06, mouth + 0.05),
    ];
    canvas.polygon(
        &vase,
        Paint::Ball {
            centre: (middle, mouth + 0.14),
            radius: 0.17,
            light: shade(glass, 1.3),
            dark: shade(glass, 0.45),
        },
    );
    format!("a bouquet of {} in a vase", counted(stems, "flower", "flowers"))
}

pub fn portrait(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette) -> String {
    let aspect = canvas.aspect();
    let ground = palette.sky[1];
    canvas.rect((0.0, 0.0), (aspect, 1.0), Paint::Rough { colour: ground, amount: 0.25, scale: 0.8 });
    for _ in 0..rng.count(4, 9) {
        let place = (rng.between(0.0, aspect), rng.between(0.0, 0.9));
        let (width, height) = (rng.between(0.08, 0.4), rng.between(0.08, 0.4));
        canvas.blend(
            &[(place.0 - width, place.1), (place.0, place.1 - height), (place.0 + width, place.1 + height * 0.3)],
            Paint::Flat(palette.accent(rng)),
            0.5,
        );
    }
    let middle = rng.between(0.4, 0.6) * aspect;
    let skin: Rgb =
        *rng.choose(&[[240, 206, 178], [214, 166, 128], [176, 122, 88], [128, 84, 60], [88, 58, 44], [96, 132, 150]]);
    let hair: Rgb =
        *rng.choose(&[[36, 28, 30], [92, 58, 38], [176, 128, 64], [168, 66, 40], [190, 188, 186], [58, 76, 120]]);
    let face = (middle, rng.between(0.38, 0.44));
    let radius = rng.between(0.15, 0.19);
    if rng.chance(0.6) {
        canvas.ellipse(
            (middle, face.1 + 0.08),
            (radius * 1.35, radius * 1.75),
            0.0,
            Paint::Rough { colour: hair, amount: 0.35, scale: 3.0 },
        );
    }
    let coat = palette.accent(rng);
    torso(canvas, rng, coat, face, radius, skin);
    canvas.ellipse(
        face,
        (radius, radius * 1.28),
        0.0,
        Paint::Ball { centre: face, radius: radius * 1.25, light: shade(skin, 1.1), dark: shade(skin, 0.68) },
    );
    face_lines(canvas, rng, face, radius, skin);
    fringe(canvas, rng, face, radius, hair);
    let hat = rng.chance(0.35);
    if hat {
        let felt = palette.accent(rng);
        canvas.ellipse(
            (middle, face.1 - radius * 0.9),
            (radius * 1.75, radius * 0.26),
            0.0,
            Paint::Flat(shade(felt, 0.7)),
        );
        canvas.ellipse((middle, face.1 - radius * 1.3), (radius * 0.95, radius * 0.62), 0.0, Paint::Flat(felt));
    }
    if hat {
        "a portrait in plain shapes, with a wide hat".to_owned()
    } else {
        "a portrait in plain shapes, in a bright coat".to_owned()
    }
}

/// Neck, shoulders and the coat over them.
fn torso(canvas: &mut Canvas, rng: &mut Rng, coat: Rgb, face: Point, radius: f32, skin: Rgb) {
    let middle = face.0;
    let shoulder = face.1 + radius * 2.1;
    let body = [
        (middle - 0.1, shoulder - 0.08),
        (middle + 0.1, shoulder - 0.08),
        (middle + 0.36, shoulder + 0.08),
        (middle + 0.45, 1.02),
        (middle - 0.45, 1.02),
        (middle - 0.36, shoulder + 0.08),
    ];
    let cloth = if rng.chance(0.5) {
        Paint::Bands {
            colours: [coat, shade(coat, 0.78)],
            period: rng.between(0.05, 0.14),
            slope: rng.between(-0.6, 0.6),
        }
    } else {
        Paint::Rough { colour: coat, amount: 0.3, scale: 2.0 }
    };
    canvas.rect((middle - 0.065, face.1 + radius * 0.7), (middle + 0.065, shoulder), Paint::Flat(shade(skin, 0.8)));
    canvas.polygon(&body, cloth);
    canvas.polygon(
        &[(middle - 0.1, shoulder - 0.09), (middle, shoulder + 0.12), (middle + 0.1, shoulder - 0.09)],
        Paint::Flat(shade(skin, 0.86)),
    );
}

fn fringe(canvas: &mut Canvas, rng: &mut Rng, face: Point, radius: f32, hair: Rgb) {
    let outline = [
        (face.0 - radius * 1.05, face.1 - radius * 0.2),
        (face.0 - radius * 0.9, face.1 - radius),
        (face.0, face.1 - radius * 1.5),
        (face.0 + radius * 0.95, face.1 - radius),
        (face.0 + radius * 1.05, face.1 - radius * 0.1),
        (face.0 + radius * 0.6, face.1 - radius * rng.between(0.6, 0.95)),
        (face.0 - radius * 0.3, face.1 - radius * rng.between(0.5, 0.9)),
    ];
    canvas.polygon(&outline, Paint::Rough { colour: hair, amount: 0.35, scale: 3.0 });
}

/// Eyes, brow and nose as a few flat strokes: nobody in particular.
fn face_lines(canvas: &mut Canvas, rng: &mut Rng, face: Point, radius: f32, skin: Rgb) {
    let dark = shade(skin, 0.35);
    for side in [-1.0_f32, 1.0] {
        let eye = (face.0 + side * radius * 0.42, face.1 - radius * 0.08);
        canvas.ellipse(eye, (radius * 0.17, radius * 0.07), 0.0, Paint::Flat(dark));
        canvas.line(
            (eye.0 - radius * 0.22, eye.1 - radius * 0.22),
            (eye.0 + radius * 0.22, eye.1 - radius * rng.between(0.2, 0.28)),
            radius * 0.06,
            Paint::Flat(shade(skin, 0.5)),
        );
    }
    let nose = [
        (face.0, face.1 - radius * 0.15),
        (face.0 + radius * 0.18, face.1 + radius * 0.42),
        (face.0 - radius * 0.06, face.1 + radius * 0.42),
    ];
    canvas.blend(&nose, Paint::Flat(dark), 0.35);
    canvas.ellipse(
        (face.0, face.1 + radius * 0.75),
        (radius * 0.3, radius * 0.07),
        0.0,
        Paint::Flat(mix(dark, [178, 60, 60], 0.5)),
    );
}

/// A wall, sometimes with a window or stripes, and a table with a cloth.
fn room(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette, table: f32) {
    let aspect = canvas.aspect();
    let wall = mix(palette.sky[1], palette.far, rng.between(0.0, 0.6));
    canvas.rect((0.0, 0.0), (aspect, 1.0), Paint::Rough { colour: wall, amount: 0.22, scale: 0.7 });
    if rng.chance(0.4) {
        let bands = Paint::Bands {
            colours: [shade(wall, 1.08), shade(wall, 0.93)],
            period: rng.between(0.06, 0.2),
            slope: 0.0,
        };
        canvas.blend(&[(0.0, 0.0), (aspect, 0.0), (aspect, table), (0.0, table)], bands, 0.6);
    }
    if rng.chance(0.45) {
        let (x, y) = (rng.between(0.02, 0.7) * aspect, rng.between(0.04, 0.12));
        let (width, height) = (rng.between(0.22, 0.36), rng.between(0.3, 0.42));
        canvas.rect((x - 0.015, y - 0.015), (x + width + 0.015, y + height + 0.015), Paint::Flat([244, 240, 230]));
        canvas.rect(
            (x, y),
            (x + width, y + height),
            Paint::Down { top: palette.sky[0], bottom: palette.sky[1], from: y, to: y + height },
        );
        canvas.rect(
            (x, y + height * 0.75),
            (x + width, y + height),
            Paint::Rough { colour: palette.near, amount: 0.4, scale: 3.0 },
        );
        canvas.line((x + width / 2.0, y), (x + width / 2.0, y + height), 0.012, Paint::Flat([244, 240, 230]));
    }
    let cloth = palette.accent(rng);
    let paint = if rng.chance(0.5) {
        Paint::Bands {
            colours: [cloth, mix(cloth, [250, 248, 240], 0.7)],
            period: rng.between(0.08, 0.25),
            slope: rng.between(-1.0, 1.0),
        }
    } else {
        Paint::Rough { colour: mix([132, 96, 66], cloth, 0.25), amount: 0.35, scale: 1.6 }
    };
    canvas.rect((0.0, table), (aspect, 1.01), paint);
    canvas.blend(
        &[(0.0, table), (aspect, table), (aspect, table + 0.04), (0.0, table + 0.04)],
        Paint::Flat([24, 20, 30]),
        0.25,
    );
}

fn draw_fruit(canvas: &mut Canvas, centre: Point, radius: f32, colour: Rgb) {
    canvas.blend_ellipse(
        (centre.0 + radius * 0.3, centre.1 + radius * 0.9),
        (radius * 1.1, radius * 0.25),
        0.0,
        Paint::Flat([20, 16, 24]),
        0.4,
    );
    canvas.disc(
        centre,
        radius,
        Paint::Ball {
            centre,
            radius,
            light: mix(shade(colour, 1.25), [255, 255, 240], 0.25),
            dark: shade(colour, 0.42),
        },
    );
    canvas.line(
        (centre.0, centre.1 - radius * 0.85),
        (centre.0 + radius * 0.15, centre.1 - radius * 1.25),
        radius * 0.12,
        Paint::Flat([84, 62, 40]),
    );
    canvas.ellipse(
        (centre.0 + radius * 0.4, centre.1 - radius * 1.1),
        (radius * 0.34, radius * 0.14),
        -0.4,
        Paint::Flat([88, 128, 60]),
    );
}

fn draw_bottle(canvas: &mut Canvas, rng: &mut Rng, palette: &Palette, (x, foot): Point) {
    let (height, half) = (rng.between(0.38, 0.5), rng.between(0.05, 0.075));
    let glass = mix(palette.accent(rng), [40, 84, 70], 0.5);
    let neck = half * 0.36;
    let top = foot - height;
    let shape = [
        (x - half, foot),
        (x - half, top + height * 0.42),
        (x - neck, top + height * 0.26),
        (x - neck, top),
        (x + neck, top),
        (x + neck, top + height * 0.26),
        (x + half, top + height * 0.42),
        (x + half, foot),
    ];
    canvas.polygon(
        &shape,
        Paint::Ball {
            centre: (x, foot - height * 0.3),
            radius: height * 0.5,
            light: shade(glass, 1.35),
            dark: shade(glass, 0.5),
        },
    );
    canvas.line(
        (x - half * 0.6, top + height * 0.45),
        (x - half * 0.6, foot - 0.03),
        half * 0.16,
        Paint::Flat(mix(glass, [255, 255, 255], 0.6)),
    );
    canvas.rect(
        (x - half * 0.95, foot - height * 0.4),
        (x + half * 0.95, foot - height * 0.16),
        Paint::Flat([240, 228, 200]),
    );
}

fn flower(canvas: &mut Canvas, rng: &mut Rng, head: Point, radius: f32, petals: usize, colour: Rgb) {
    let start = rng.between(0.0, 1.0);
    for petal in 0..petals {
        #[expect(clippy::cast_precision_loss)]
        let angle = start + std::f32::consts::TAU * petal as f32 / petals as f32;
        let place = (head.0 + angle.cos() * radius * 0.62, head.1 + angle.sin() * radius * 0.62);
        let tint = shade(colour, if petal % 2 == 0 { 1.08 } else { 0.86 });
        canvas.ellipse(place, (radius * 0.58, radius * 0.3), angle, Paint::Flat(tint));
    }
    canvas.disc(
        head,
        radius * 0.3,
        Paint::Ball { centre: head, radius: radius * 0.3, light: [250, 214, 96], dark: [140, 88, 34] },
    );
}
