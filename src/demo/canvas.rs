//! A small rasteriser on 8-bit RGB: polygons, ellipses, gradients, texture. The scenes paint with it.
//!
//! Lengths are in picture heights: y runs from 0 (top) to 1 (bottom), x from 0 to [`Canvas::aspect`]. So one seed
//! gives one picture at any size. It draws what our own code asks for and never reads outside data.

use std::sync::OnceLock;

use image::RgbImage;

use super::random::Rng;

pub type Rgb = [u8; 3];
pub type Point = (f32, f32);

/// Rows of samples inside one pixel row: enough for edges without steps.
const SUBROWS: u16 = 3;

/// How a shape is coloured.
#[derive(Debug, Clone, Copy)]
pub enum Paint {
    Flat(Rgb),
    /// From one colour at height `from` to another at height `to`.
    Down {
        top: Rgb,
        bottom: Rgb,
        from: f32,
        to: f32,
    },
    /// One colour, lightened and darkened by noise: `amount` 0 to 1, `scale` in noise tiles a picture height.
    Rough {
        colour: Rgb,
        amount: f32,
        scale: f32,
    },
    /// Lit from the upper left, like a ball.
    Ball {
        centre: Point,
        radius: f32,
        light: Rgb,
        dark: Rgb,
    },
    /// Bands of two colours, `period` wide, leaning by `slope` (0 gives upright bands).
    Bands {
        colours: [Rgb; 2],
        period: f32,
        slope: f32,
    },
}

/// A picture in the making.
pub struct Canvas {
    width: u32,
    height: u32,
    scale: f32,
    pixels: Vec<u8>,
    noise: &'static Noise,
    /// Where in the noise tile this picture looks, so that no two share their clouds.
    shift: Point,
    cover: Vec<f32>,
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
impl Canvas {
    pub fn new(width: u32, height: u32, rng: &mut Rng) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        Self {
            width,
            height,
            scale: height as f32,
            pixels: vec![0; width as usize * height as usize * 3],
            noise: Noise::shared(),
            shift: (rng.unit(), rng.unit()),
            cover: vec![0.0; width as usize + 2],
        }
    }

    /// The right edge: width over height.
    pub fn aspect(&self) -> f32 {
        self.width as f32 / self.scale
    }

    /// Smooth noise around 0.5 at a place, `scale` tiles a picture height.
    pub fn noise(&self, x: f32, y: f32, scale: f32) -> f32 {
        self.noise.at(x * scale + self.shift.0, y * scale + self.shift.1)
    }

    /// Fills a polygon by the even-odd rule with smooth edges.
    pub fn polygon(&mut self, points: &[Point], paint: Paint) {
        self.blend(points, paint, 1.0);
    }

    /// Fills a polygon, `alpha` 0 (nothing) to 1 (all).
    pub fn blend(&mut self, points: &[Point], paint: Paint, alpha: f32) {
        let low = points.iter().map(|point| point.1).fold(f32::MAX, f32::min) * self.scale;
        let high = points.iter().map(|point| point.1).fold(f32::MIN, f32::max) * self.scale;
        if points.len() < 3 || high <= 0.0 || low >= self.scale {
            return;
        }
        let edges: Vec<(Point, Point)> = (0..points.len())
            .map(|at| (points[at], points[(at + 1) % points.len()]))
            .map(|(a, b)| ((a.0 * self.scale, a.1 * self.scale), (b.0 * self.scale, b.1 * self.scale)))
            .map(|(a, b)| if a.1 <= b.1 { (a, b) } else { (b, a) })
            .collect();
        let mut crossings: Vec<f32> = Vec::new();
        let last = (high.ceil() as u32).min(self.height);
        for row in low.max(0.0) as u32..last {
            let mut touched = (usize::MAX, 0);
            for sub in 0..SUBROWS {
                let y = row as f32 + (f32::from(sub) + 0.5) / f32::from(SUBROWS);
                crossings.clear();
                for &((ax, ay), (bx, by)) in &edges {
                    if ay <= y && y < by {
                        crossings.push(ax + (bx - ax) * (y - ay) / (by - ay));
                    }
                }
                crossings.sort_unstable_by(f32::total_cmp);
                for pair in crossings.chunks_exact(2) {
                    self.cover_span(pair[0], pair[1], &mut touched);
                }
            }
            self.flush_row(row, touched, paint, alpha);
        }
    }

    /// An ellipse, turned by `turn` radians.
    pub fn ellipse(&mut self, centre: Point, radii: Point, turn: f32, paint: Paint) {
        self.blend_ellipse(centre, radii, turn, paint, 1.0);
    }

    pub fn blend_ellipse(&mut self, centre: Point, radii: Point, turn: f32, paint: Paint, alpha: f32) {
        let corners = 12 + ((radii.0.max(radii.1) * self.scale) as usize / 3).min(52);
        let (sin, cos) = turn.sin_cos();
        let points: Vec<Point> = (0..corners)
            .map(|corner| {
                let (s, c) = (corner as f32 * std::f32::consts::TAU / corners as f32).sin_cos();
                let (x, y) = (c * radii.0, s * radii.1);
                (centre.0 + x * cos - y * sin, centre.1 + x * sin + y * cos)
            })
            .collect();
        self.blend(&points, paint, alpha);
    }

    pub fn disc(&mut self, centre: Point, radius: f32, paint: Paint) {
        self.ellipse(centre, (radius, radius), 0.0, paint);
    }

    /// An upright rectangle between two corners.
    pub fn rect(&mut self, from: Point, to: Point, paint: Paint) {
        self.polygon(&[from, (to.0, from.1), to, (from.0, to.1)], paint);
    }

    /// A straight stroke.
    pub fn line(&mut self, from: Point, to: Point, thickness: f32, paint: Paint) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy).max(1e-6);
        let (nx, ny) = (-dy / length * thickness / 2.0, dx / length * thickness / 2.0);
        self.polygon(
            &[(from.0 + nx, from.1 + ny), (to.0 + nx, to.1 + ny), (to.0 - nx, to.1 - ny), (from.0 - nx, from.1 - ny)],
            paint,
        );
    }

    /// Everything under a skyline: `profile` gives the height of the edge at each x.
    pub fn below(&mut self, profile: impl Fn(f32) -> f32, paint: Paint) {
        let aspect = self.aspect();
        let steps = 110;
        let mut points: Vec<Point> =
            (0..=steps).map(|step| step as f32 * aspect / steps as f32).map(|x| (x, profile(x))).collect();
        points.push((aspect, 1.01));
        points.push((0.0, 1.01));
        self.polygon(&points, paint);
    }

    /// Lays a colour over the rows `from` to `to` where `density(noise)` says so: clouds, haze, foam, aurora.
    /// `stretch` gives the noise tiles a picture height along x and y.
    pub fn veil(&mut self, colour: Rgb, rows: (f32, f32), stretch: Point, density: impl Fn(f32, f32) -> f32) {
        let first = (rows.0.max(0.0) * self.scale) as u32;
        let last = ((rows.1 * self.scale).max(0.0) as u32).min(self.height);
        let step = stretch.0 / self.scale;
        for row in first..last {
            let y = row as f32 / self.scale;
            let tile_y = y * stretch.1 + self.shift.1;
            let start = (row * self.width) as usize * 3;
            let line = &mut self.pixels[start..start + self.width as usize * 3];
            for (x, pixel) in line.chunks_exact_mut(3).enumerate() {
                let noise = self.noise.at(x as f32 * step + self.shift.0, tile_y);
                let alpha = (density(noise, y) * 256.0).clamp(0.0, 256.0) as i32;
                mix_into(pixel, colour, alpha);
            }
        }
    }

    /// Turns the lower part of the picture into water: mirrors what stands above `shore` with ripples, tinted.
    pub fn reflect(&mut self, shore: f32, tint: Rgb, depth: f32) {
        let shore_row = ((shore * self.scale) as u32).clamp(1, self.height);
        let row_bytes = self.width as usize * 3;
        for row in shore_row..self.height {
            let depth_rows = (row - shore_row) as f32;
            let wave = (depth_rows * 0.55).sin() * (1.0 + depth_rows * 0.02);
            let source = (shore_row as f32 - 1.0 - depth_rows + wave).clamp(0.0, shore_row as f32 - 1.0) as usize;
            let sway = ((depth_rows * 0.21).sin() * depth_rows * 0.015) as isize;
            let (above, here) = self.pixels.split_at_mut(row as usize * row_bytes);
            for x in 0..self.width as usize {
                let from = x.saturating_add_signed(sway).min(self.width as usize - 1);
                let at = source * row_bytes + from * 3;
                let pixel = &mut here[x * 3..x * 3 + 3];
                pixel.copy_from_slice(&above[at..at + 3]);
                mix_into(pixel, tint, (depth * 256.0) as i32);
            }
        }
    }

    /// The last coat: brush texture, a darker rim, fine grain. Gives back the picture.
    pub fn finish(mut self, rng: &mut Rng, brush: f32) -> RgbImage {
        let seed = rng.next_u64() as u32 | 1;
        let (offset_x, offset_y) = (rng.below(NOISE_SIDE), rng.below(NOISE_SIDE));
        let strength = (brush * 256.0) as i32;
        let (half_x, half_y) = (self.width as f32 / 2.0, self.scale / 2.0);
        let per_height = NOISE_SIDE as f32 * 3.0 / self.scale;
        let mut grain = seed;
        for row in 0..self.height {
            let dy = (row as f32 - half_y) / half_y;
            let tile_row = (((row as f32 * per_height) as usize + offset_y) % NOISE_SIDE) * NOISE_SIDE;
            let start = (row * self.width) as usize * 3;
            let line = &mut self.pixels[start..start + self.width as usize * 3];
            for (x, pixel) in line.chunks_exact_mut(3).enumerate() {
                let dx = (x as f32 - half_x) / half_x;
                let rim = 262 - ((dx * dx + dy * dy) * 26.0) as i32;
                let tile_x = ((x as f32 * per_height * 0.7) as usize + offset_x) % NOISE_SIDE;
                let texture = (i32::from(self.noise.bytes[tile_row + tile_x]) - 128) * strength / 128;
                grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let speck = i32::from((grain >> 29) as u8) - 3;
                let factor = rim + texture;
                for channel in pixel {
                    *channel = (((i32::from(*channel) * factor) >> 8) + speck).clamp(0, 255) as u8;
                }
            }
        }
        RgbImage::from_raw(self.width, self.height, self.pixels).unwrap_or_default()
    }

    /// Adds one span of one sample row to the coverage of its pixel row, as slopes to be summed in `flush_row`.
    fn cover_span(&mut self, from: f32, to: f32, touched: &mut (usize, usize)) {
        let limit = self.width as f32;
        let (from, to) = (from.clamp(0.0, limit), to.clamp(0.0, limit));
        if to <= from {
            return;
        }
        let weight = 1.0 / f32::from(SUBROWS);
        for (edge, sign) in [(from, weight), (to, -weight)] {
            let cell = edge as usize;
            let part = edge - cell as f32;
            self.cover[cell] += sign * (1.0 - part);
            self.cover[cell + 1] += sign * part;
        }
        *touched = (touched.0.min(from as usize), touched.1.max(to as usize + 1));
    }

    fn flush_row(&mut self, row: u32, touched: (usize, usize), paint: Paint, alpha: f32) {
        if touched.0 > touched.1 {
            return;
        }
        let y = (row as f32 + 0.5) / self.scale;
        let level = (alpha * 256.0).clamp(0.0, 256.0);
        let start = (row * self.width) as usize * 3;
        let flat = match paint {
            Paint::Flat(_) | Paint::Down { .. } => Some(self.colour(paint, 0.0, y)),
            _ => None,
        };
        let mut sum = 0.0;
        for x in touched.0..=touched.1.min(self.width as usize + 1) {
            sum += std::mem::take(&mut self.cover[x]);
            if sum > 0.003 && x < self.width as usize {
                let colour = flat.unwrap_or_else(|| self.colour(paint, (x as f32 + 0.5) / self.scale, y));
                let at = start + x * 3;
                mix_into(&mut self.pixels[at..at + 3], colour, (sum * level) as i32);
            }
        }
    }

    #[inline]
    fn colour(&self, paint: Paint, x: f32, y: f32) -> Rgb {
        match paint {
            Paint::Flat(colour) => colour,
            Paint::Down { top, bottom, from, to } => mix(top, bottom, (y - from) / (to - from)),
            Paint::Rough { colour, amount, scale } => {
                shade(colour, 1.0 + (self.noise(x, y, scale) - 0.5) * 1.3 * amount)
            }
            Paint::Ball { centre, radius, light, dark } => {
                let distance = (x - centre.0 + radius * 0.4).hypot(y - centre.1 + radius * 0.45);
                mix(light, dark, distance / (radius * 1.55))
            }
            Paint::Bands { colours, period, slope } => {
                let place = ((x + y * slope) / period).rem_euclid(1.0);
                colours[usize::from(place >= 0.5)]
            }
        }
    }
}

/// `share` 0 gives the first colour, 1 the second.
#[expect(clippy::cast_possible_truncation)]
pub fn mix(first: Rgb, second: Rgb, share: f32) -> Rgb {
    let mut colour = first;
    mix_into(&mut colour, second, (share.clamp(0.0, 1.0) * 256.0) as i32);
    colour
}

/// Brighter (over 1) or darker (under 1).
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn shade(colour: Rgb, factor: f32) -> Rgb {
    colour.map(|channel| (f32::from(channel) * factor).clamp(0.0, 255.0) as u8)
}

/// Moves a pixel towards a colour, `alpha` 0 to 256.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A blend of two bytes is a byte.
#[inline]
fn mix_into(pixel: &mut [u8], colour: Rgb, alpha: i32) {
    let alpha = alpha.clamp(0, 256);
    let blend = |here: u8, target: u8| (i32::from(here) + (((i32::from(target) - i32::from(here)) * alpha) >> 8)) as u8;
    if let [red, green, blue] = pixel {
        *red = blend(*red, colour[0]);
        *green = blend(*green, colour[1]);
        *blue = blend(*blue, colour[2]);
    }
}

const NOISE_SIDE: usize = 256;

/// A tile of summed value noise that repeats without a seam. Made once for the process: it is the same for every
/// picture, which only looks at different places of it.
struct Noise {
    bytes: Vec<u8>,
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
impl Noise {
    fn shared() -> &'static Self {
        static SHARED: OnceLock<Noise> = OnceLock::new();
        SHARED.get_or_init(|| Self::new(&mut Rng::new(0x006e_6f69_7365)))
    }

    fn new(rng: &mut Rng) -> Self {
        let mut sum = vec![0.0_f32; NOISE_SIDE * NOISE_SIDE];
        let mut amplitude = 1.0;
        for cells in [4_usize, 8, 16, 32, 64] {
            let lattice: Vec<f32> = (0..cells * cells).map(|_| rng.unit()).collect();
            let side = NOISE_SIDE / cells;
            for y in 0..NOISE_SIDE {
                for x in 0..NOISE_SIDE {
                    let (cx, cy) = (x / side, y / side);
                    let (fx, fy) = (ease((x % side) as f32 / side as f32), ease((y % side) as f32 / side as f32));
                    let corner = |dx: usize, dy: usize| lattice[(cy + dy) % cells * cells + (cx + dx) % cells];
                    let top = corner(0, 0) + (corner(1, 0) - corner(0, 0)) * fx;
                    let low = corner(0, 1) + (corner(1, 1) - corner(0, 1)) * fx;
                    sum[y * NOISE_SIDE + x] += (top + (low - top) * fy) * amplitude;
                }
            }
            amplitude *= 0.5;
        }
        let (low, high) = sum.iter().fold((f32::MAX, f32::MIN), |(low, high), &v| (low.min(v), high.max(v)));
        let bytes = sum.iter().map(|value| ((value - low) / (high - low) * 255.0) as u8).collect();
        Self { bytes }
    }

    /// Between the four nearest cells; one tile is one unit.
    #[inline]
    fn at(&self, x: f32, y: f32) -> f32 {
        let side = NOISE_SIDE as f32;
        let (x, y) = ((x * side + 65_536.0).max(0.0), (y * side + 65_536.0).max(0.0));
        let (cx, cy) = (x as usize, y as usize);
        let (fx, fy) = (x - cx as f32, y - cy as f32);
        let cell =
            |dx: usize, dy: usize| f32::from(self.bytes[(cy + dy) % NOISE_SIDE * NOISE_SIDE + (cx + dx) % NOISE_SIDE]);
        let top = cell(0, 0) + (cell(1, 0) - cell(0, 0)) * fx;
        let low = cell(0, 1) + (cell(1, 1) - cell(0, 1)) * fx;
        (top + (low - top) * fy) / 255.0
    }
}

fn ease(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}
