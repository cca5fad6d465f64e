//! The fingerprints a browser works out are the server's, but for what two JPEG decoders make differently of one file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, RgbaImage, imageops};
use rollcall::demo::pictures::{border, draw, jpeg, mirror, png, resize};
use rollcall::hash_code::{HashCode, HashKind};
use rollcall::image_hash::{DecodeLimits, QUALITY_MIN, hash_for_query};
use serde_json::{Value, json};

use crate::Stage;
use crate::webdriver::{Browser, Session};

/// What the two may differ by in the whole picture.
const BITS_MAX: u32 = 2;
/// Files given to the page at once: each answer holds up to 264 codes.
const FILES_AT_ONCE: usize = 40;

/// Differences by what they are of: the whole picture as it lies, and all the rest.
#[derive(Default)]
struct Table {
    pictures: usize,
    with_profile: usize,
    /// Bits of difference and how often: whole pictures, those with a color profile, forms and parts.
    whole: BTreeMap<u32, usize>,
    whole_with_profile: BTreeMap<u32, usize>,
    variants: BTreeMap<u32, usize>,
    /// Of those, the ones of what is inside a screenshot.
    screenshots: BTreeMap<u32, usize>,
    /// Names of variants that only one of the two has: parts whose quality lies at the bound.
    one_sided: usize,
    too_plain: usize,
    not_opened_by_browser: Vec<String>,
    not_opened_by_server: Vec<String>,
    /// Whole pictures beyond the bound, by name.
    far: Vec<(String, u32)>,
}

pub fn of_drawn_pictures(stage: &Stage) {
    let folder = tempfile::tempdir().unwrap();
    let files = write_drawn(folder.path());
    let table = compare(stage, &files);
    table.print("drawn pictures");
    assert_eq!(table.pictures, files.len(), "{:?} {:?}", table.not_opened_by_browser, table.not_opened_by_server);
    assert!(table.far.is_empty(), "further than {BITS_MAX} bits: {:?}", table.far);
    let beyond: usize = table.variants.range(BITS_MAX + 1..).map(|(_, n)| n).sum();
    let all: usize = table.variants.values().sum();
    assert!(beyond * 1000 <= all, "{beyond} of {all} forms and parts are further than {BITS_MAX} bits");
    assert!(table.one_sided * 100 <= all, "{} of {all} have a name on one side only", table.one_sided);
    let alike: usize = table.screenshots.range(..=BITS_MAX).map(|(_, n)| n).sum();
    assert!(alike >= 8 * SCREENSHOTS, "pictures in screenshots: {:?}", table.screenshots);
}

pub fn of_real_pictures(stage: &Stage) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/images");
    if !folder.is_dir() {
        println!("conformance: no real pictures at {}", folder.display());
        return;
    }
    // A driver takes no address with a step upwards in it.
    let folder = folder.canonicalize().unwrap();
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    if std::env::var_os("ROLLCALL_ALL_PICTURES").is_none() {
        // All of them take minutes of both cores. Of hundreds of plates of one series, laid out alike, fewer say as much.
        let mut at = 0..;
        files.retain(|path| {
            let step: usize = if path.to_string_lossy().contains(SERIES) { 24 } else { 3 };
            at.next().is_some_and(|at: usize| at.is_multiple_of(step))
        });
    }
    let table = compare(stage, &files);
    table.print("real pictures");
    println!("not opened by Chromium: {}", table.not_opened_by_browser.join(", "));
    println!("not opened by the server: {}", table.not_opened_by_server.join(", "));
    println!("further than {BITS_MAX} bits: {:?}", table.far);
    let unexplained: Vec<_> =
        table.far.iter().filter(|(name, _)| !KNOWN_TO_DIFFER.iter().any(|known| name.contains(known))).collect();
    assert!(unexplained.is_empty(), "{unexplained:?}");
}

/// The browser looks for it in pictures of more than so many pixels.
const SCREENSHOT_SIDE_MIN: u32 = 384;
/// Screenshots among the drawn pictures: half of them PNG, half JPEG.
const SCREENSHOTS: usize = 6;
/// A folder of plates of one series.
const SERIES: &str = "usda_pomological";
/// What a picture inside a screenshot is called.
const SCREENSHOT: &str = "content of the screenshot";
/// Pictures that the two decoders take for different pictures, and why.
const KNOWN_TO_DIFFER: &[&str] = &[
    // Its note about how the camera was held has the prefix that JPEG wants; Chromium reads none such in WebP.
    "pillow_hopper_orientation_6.webp",
];

fn compare(stage: &Stage, files: &[PathBuf]) -> Table {
    let session = stage.driver.open(Browser::default());
    session.go(&format!("{}/image", stage.demo.address));
    let mut table = Table::default();
    for some in files.chunks(FILES_AT_ONCE) {
        for (path, answer) in some.iter().zip(hashed_by_browser(&session, some)) {
            table.add(path, &answer);
        }
    }
    table
}

/// Calls the page's own module on each file, as the page does.
fn hashed_by_browser(session: &Session<'_>, files: &[PathBuf]) -> Vec<Value> {
    session.run("const input = document.getElementById('image'); input.value = ''", &[]);
    let names: Vec<_> = files.iter().map(|path| path.to_str().unwrap()).collect();
    session.find("input#image").enter(&names.join("\n"));
    let script = "
        const done = arguments[0];
        (async () => {
            const named = async (in_file, name) =>
                (await (await fetch(in_file)).text()).match(new RegExp(`/static/${name}[.][0-9a-f]+[.]js`))[0];
            const hasher = await named(document.querySelector('script[src]').src, 'portfolio').then((file) => named(file, 'hasher'));
            const { hashPicture } = await import(await named(hasher, 'picture'));
            const answers = [];
            for (const file of document.getElementById('image').files) {
                try { answers.push(await hashPicture(file)); } catch (error) { answers.push({ problem: error.message }); }
            }
            return answers;
        })().then(done, (error) => done(String(error)));";
    let answers = session.run_until_done(script, &[]);
    answers.as_array().unwrap_or_else(|| panic!("the page failed: {answers}")).clone()
}

impl Table {
    fn add(&mut self, path: &Path, browser: &Value) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let bytes = std::fs::read(path).unwrap();
        let server = hash_for_query(&bytes, &DecodeLimits::default());
        let server = match (server, browser["problem"].is_null()) {
            (Ok(server), true) => server,
            (server, opened) => {
                if server.is_err() {
                    self.not_opened_by_server.push(name.clone());
                }
                if !opened {
                    self.not_opened_by_browser.push(name);
                }
                return;
            }
        };
        self.pictures += 1;
        assert_eq!(browser["hashes"]["sha256"], json!([hex::encode(server.sha256)]), "{name}");
        assert_eq!(browser["hashes"]["md5"], json!([hex::encode(server.md5)]), "{name}");
        let Some(given) = browser["hashes"]["pdqa"].as_array().filter(|_| server.quality >= QUALITY_MIN) else {
            self.too_plain += 1;
            return;
        };
        // Two guesses of where a screenshot's picture is have one name.
        let mut by_browser: BTreeMap<String, Vec<HashCode>> = BTreeMap::new();
        for (name, code) in given.iter().map(named_code) {
            by_browser.entry(name).or_default().push(code);
        }
        let is_profiled = has_profile(&bytes);
        self.with_profile += usize::from(is_profiled);
        for variant in server.variants.iter().filter(|variant| variant.code.kind() == HashKind::Pdqa) {
            // In small pictures only the server looks for it: decoders differ in how they bring colors to full size.
            if variant.part == Some(SCREENSHOT) && server.width.max(server.height) <= SCREENSHOT_SIDE_MIN {
                continue;
            }
            let codes = by_browser.entry(variant.label()).or_default();
            let nearest = (0..codes.len()).min_by_key(|at| codes[*at].distance(&variant.code));
            let Some(code) = nearest.map(|at| codes.swap_remove(at)) else {
                self.one_sided += 1;
                continue;
            };
            let bits = code.distance(&variant.code);
            if variant.label() != "as is" {
                *self.variants.entry(bits).or_default() += 1;
                if variant.part == Some(SCREENSHOT) {
                    *self.screenshots.entry(bits).or_default() += 1;
                }
                continue;
            }
            *(if is_profiled { &mut self.whole_with_profile } else { &mut self.whole }).entry(bits).or_default() += 1;
            if bits > BITS_MAX {
                self.far.push((name.clone(), bits));
            }
        }
        self.one_sided += by_browser.values().map(Vec::len).sum::<usize>();
    }

    fn print(&self, what: &str) {
        println!(
            "{what}: {} opened by both ({} with a color profile), {} too plain to be compared, {} by the server only, {} by the browser only",
            self.pictures,
            self.with_profile,
            self.too_plain,
            self.not_opened_by_browser.iter().filter(|name| !self.not_opened_by_server.contains(name)).count(),
            self.not_opened_by_server.iter().filter(|name| !self.not_opened_by_browser.contains(name)).count(),
        );
        for (name, bits) in [
            ("whole", &self.whole),
            ("whole, with profile", &self.whole_with_profile),
            ("forms and parts", &self.variants),
            ("of screenshots' content", &self.screenshots),
        ] {
            let columns: Vec<_> = bits.iter().map(|(bits, n)| format!("{bits}: {n}")).collect();
            println!("  {name:24} bits of difference: {}", columns.join(", "));
        }
        println!("  {} forms and parts have their name on one side only", self.one_sided);
    }
}

fn named_code(given: &Value) -> (String, HashCode) {
    let code = HashCode::from_hex(HashKind::Pdqa, given["code"].as_str().unwrap()).unwrap();
    (given["variant"].as_str().unwrap().to_owned(), code)
}

/// Whether a file carries a color profile: by the marks of JPEG, PNG and WebP.
fn has_profile(bytes: &[u8]) -> bool {
    [&b"ICC_PROFILE"[..], b"iCCP", b"ICCP"].iter().any(|mark| bytes.windows(mark.len()).any(|part| part == *mark))
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending != "csv" && ending != "md" && ending != "txt") {
            found.push(path);
        }
    }
}

/// Pictures of many sizes and kinds: JPEG, PNG, transparent, framed, mirrored, tiny, wide, turned by a camera's note, and
/// on the screen of a phone.
fn write_drawn(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut write = |name: &str, bytes: Vec<u8>| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        files.push(path);
    };
    for seed in 0..12 {
        let (width, height) = [(640, 480), (333, 500), (97, 61), (2100, 700)][seed as usize % 4];
        let picture = draw(seed, width, height);
        write(&format!("{seed}.jpg"), jpeg(&picture, 85).unwrap());
        write(&format!("{seed}.png"), png(&picture).unwrap());
        write(&format!("{seed}-framed.png"), png(&border(&picture, 15, [20, 30, 40])).unwrap());
        write(&format!("{seed}-small.jpg"), jpeg(&resize(&mirror(&picture), 0.6), 60).unwrap());
        let clear = RgbaImage::from_fn(width, height, |x, y| {
            let [red, green, blue] = picture.get_pixel(x, y).0;
            image::Rgba([red, green, blue, (x * 255 / width) as u8])
        });
        let mut bytes = std::io::Cursor::new(Vec::new());
        DynamicImage::ImageRgba8(clear).write_to(&mut bytes, ImageFormat::Png).unwrap();
        write(&format!("{seed}-clear.png"), bytes.into_inner());
        if (seed as usize) < SCREENSHOTS / 2 {
            let screen =
                screenshot(&draw(seed, 640, 480), [[255, 255, 255], [21, 32, 43], [250, 246, 228]][seed as usize % 3]);
            write(&format!("{seed}-screen.png"), png(&screen).unwrap());
            write(&format!("{seed}-screen.jpg"), jpeg(&screen, 85).unwrap());
        }
        write(&format!("{seed}-turned.jpg"), turned(&jpeg(&picture, 90).unwrap(), (seed % 8 + 1) as u8));
    }
    files
}

/// A post on a phone: the picture over the full width, lines of words above and below, all else ground.
fn screenshot(picture: &RgbImage, ground: [u8; 3]) -> RgbImage {
    let mut screen = RgbImage::from_pixel(picture.width(), picture.height() * 2, Rgb(ground));
    imageops::replace(&mut screen, picture, 0, i64::from(picture.height() / 2));
    for line in [40, 70, 100, 780, 810, 840] {
        for (x, y) in (30..420_u32).step_by(9).flat_map(|x| (line..line + 12).map(move |y| (x, y))) {
            screen.put_pixel(x, y, Rgb(ground.map(|channel| 255 - channel)));
        }
    }
    screen
}

/// A JPEG with a camera's note (Exif) that says how it was held, 1 to 8.
fn turned(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}
