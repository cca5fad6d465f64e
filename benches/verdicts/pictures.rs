//! The pictures measured with: drawn by code, and read from folders.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};
use rollcall::demo::pictures::{draw, scene_of};
use rollcall::image_hash::{IndexParts, Luma, QUALITY_MIN, index_codes};

/// Longest side of a picture as it is measured with: what the web shows.
const SIDE_MAX: u32 = 640;
/// Sizes that pictures are drawn in.
const DRAWN_SIZES: [(u32, u32); 6] = [(320, 240), (240, 320), (400, 300), (300, 300), (480, 270), (360, 240)];

/// A picture with something in it.
pub struct Picture {
    pub name: String,
    pub pixels: RgbImage,
    /// Which of our scenes it shows, where it is drawn: pictures of one scene are laid out alike.
    pub scene: Option<usize>,
}

/// Does work for every number below `n` on all cores; the results are in order.
pub fn parallel<T: Send>(n: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let next = AtomicUsize::new(0);
    let mut parts: Vec<(usize, T)> = std::thread::scope(|scope| {
        let worker = || {
            let mut done = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= n {
                    return done;
                }
                done.push((at, work(at)));
            }
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no worker panics")).collect()
    });
    parts.sort_unstable_by_key(|(at, _)| *at);
    parts.into_iter().map(|(_, result)| result).collect()
}

fn says_something(picture: &RgbImage) -> bool {
    picture.width() >= 32
        && picture.height() >= 32
        && index_codes(&Luma::of_rgb(picture), IndexParts::Trimmed).quality >= QUALITY_MIN
}

/// Pictures of the first seeds, those with too little in them left out.
pub fn drawn(n: usize) -> Vec<Picture> {
    let one = |seed: usize| {
        let (width, height) = DRAWN_SIZES[seed % DRAWN_SIZES.len()];
        let pixels = draw(seed as u64, width, height);
        says_something(&pixels).then(|| Picture {
            name: format!("drawn {seed}"),
            pixels,
            scene: Some(scene_of(seed as u64)),
        })
    };
    parallel(n, one).into_iter().flatten().collect()
}

/// Every picture below a folder that can be read and has something in it, each once. Where a folder holds a
/// `pairs.csv`, the files in its first column are edited copies of others and left out.
pub fn of_folder(folder: &Path) -> Vec<Picture> {
    let mut paths = Vec::new();
    walk(folder, &mut paths);
    paths.sort();
    let pairs = std::fs::read_to_string(folder.join("pairs.csv")).unwrap_or_default();
    let copies: HashSet<&str> = pairs.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    paths.retain(|path| !copies.contains(name(path).as_str()));
    let read = |at: usize| {
        let pixels = read(&paths[at])?;
        says_something(&pixels).then(|| Picture { name: name(&paths[at]), pixels, scene: None })
    };
    let mut seen = HashSet::new();
    let all = parallel(paths.len(), read).into_iter().flatten();
    all.filter(|picture| seen.insert(picture.pixels.as_raw().clone())).collect()
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { walk(&path, paths) } else { paths.push(path) }
    }
}

/// Laid on white, no larger than the web shows.
fn read(path: &Path) -> Option<RgbImage> {
    let bytes = std::fs::read(path).ok()?;
    let image = image::load_from_memory(&bytes).ok()?;
    let longest = image.width().max(image.height());
    let image = if longest > SIDE_MAX { image.resize(SIDE_MAX, SIDE_MAX, FilterType::Lanczos3) } else { image };
    let shown = image.to_rgba8();
    let mut out = RgbImage::from_pixel(shown.width(), shown.height(), Rgb([255; 3]));
    let mut layered = image::DynamicImage::from(out.clone()).to_rgba8();
    imageops::overlay(&mut layered, &shown, 0, 0);
    for (x, y, pixel) in out.enumerate_pixels_mut() {
        let [red, green, blue, _] = layered.get_pixel(x, y).0;
        *pixel = Rgb([red, green, blue]);
    }
    Some(out)
}
