//! The small datasets that the tests search, taken in through the ordinary path.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use rollcall::demo::pictures::{draw, jpeg, resize};
use rollcall::image_hash::DecodeLimits;
use rollcall::ingest::{IngestRequest, Outcome, Progress, ingest};
use rollcall::manifest::columns::parse_map;

/// 21 November 2026, 18:40 UTC: when all test data was taken in.
pub(super) const NOW_MS: i64 = 1_795_286_400_000;

/// Posts in several languages on several websites: enough of them for three pages of results.
pub(super) const POSTS: &str = "posts";
pub(super) const N_POSTS: usize = 45;
/// Pictures with captions, and a card that tells much.
pub(super) const GALLERY: &str = "gallery";
pub(super) const N_PICTURES: u64 = 4;
/// Everything in it tries to become code.
pub(super) const HOSTILE: &str = "hostile";
pub(super) const SCRIPT: &str = "<script>alert(1)</script>";
pub(super) const IMG: &str = "<img src=x onerror=alert(1)>";

/// The data directory of the shared server, filled once for this process.
pub(super) fn shared() -> &'static Path {
    static SHARED: LazyLock<PathBuf> = LazyLock::new(|| {
        let all = Path::new(env!("CARGO_TARGET_TMPDIR"));
        clear_left_behind(all);
        let home = all.join(format!("http-{}", std::process::id()));
        let data = home.join("data");
        take_in_posts(&data, &home.join("posts"), "2024-11", N_POSTS);
        take_in_gallery(&data, &home.join("gallery"));
        take_in_hostile(&data, &home.join("hostile"));
        data
    });
    &SHARED
}

/// A static is never dropped: what ended processes left is deleted by the next one.
fn clear_left_behind(all: &Path) {
    for entry in fs::read_dir(all).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.strip_prefix("http-").is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

pub(super) fn take_in(data: &Path, source: &Path, dataset: &str, revision: &str, map: &str) {
    let request = IngestRequest {
        paths: vec![source.to_owned()],
        dataset: dataset.to_owned(),
        revision: revision.to_owned(),
        title: None,
        preset: None,
        map: if map.is_empty() { Vec::new() } else { parse_map(map).unwrap() },
        strict: false,
        card: None,
        threads: 1,
        text_heap_bytes: 32 << 20,
        index_windows: false,
        limits: DecodeLimits::default(),
    };
    let outcome = ingest(data, &request, &|| NOW_MS, &Progress::default()).unwrap();
    assert!(matches!(outcome, Outcome::Published(_)), "{outcome:?}");
}

/// `n` posts: every one has the words “striped lantern”; every third is by Ada, every fifth in German.
pub(super) fn take_in_posts(data: &Path, source: &Path, revision: &str, n: usize) {
    let mut csv = "link,body,who,when,tongue,mood\n".to_owned();
    for i in 0..n {
        let host = ["harbour.example", "img.harbour.example", "attic.example"][i % 3];
        let who = if i % 3 == 0 { "ada.bsky.social" } else { "grace.bsky.social" };
        let tongue = if i % 5 == 0 { "de" } else { "en" };
        let (month, day) = (1 + i / 28, 1 + i % 28);
        writeln!(
            csv,
            "https://{host}/pictures/{revision}-{i}.jpg,A striped lantern number{i} by the sea,{who},2024-{month:02}-{day:02}T08:00:00Z,{tongue},calm"
        )
        .unwrap();
    }
    fs::create_dir_all(source).unwrap();
    let file = source.join(format!("posts-{revision}.csv"));
    fs::write(&file, csv).unwrap();
    take_in(data, &file, POSTS, revision, "url=link,caption=body,author=who,created_at=when,language=tongue");
}

/// The bytes of picture `i` of the gallery.
pub(super) fn picture(i: u64) -> Vec<u8> {
    jpeg(&draw(7_000 + i, 320, 240), 90).unwrap()
}

/// The same picture at half its size, compressed harder.
pub(super) fn smaller_picture(i: u64) -> Vec<u8> {
    jpeg(&resize(&draw(7_000 + i, 320, 240), 0.5), 60).unwrap()
}

/// A picture that no dataset holds.
pub(super) fn other_picture() -> Vec<u8> {
    jpeg(&draw(99, 320, 240), 90).unwrap()
}

pub(super) fn take_in_gallery(data: &Path, source: &Path) {
    fs::create_dir_all(source).unwrap();
    let mut metadata = String::new();
    for i in 0..N_PICTURES {
        fs::write(source.join(format!("{i}.jpg")), picture(i)).unwrap();
        writeln!(metadata, "{{\"file_name\": \"{i}.jpg\", \"text\": \"A drawing of the harbour, plate {i}\"}}")
            .unwrap();
    }
    fs::write(source.join("metadata.jsonl"), metadata).unwrap();
    let card = "---\npretty_name: The test gallery\nlicense: cc-by-4.0\nlanguage:\n- en\nsource_datasets:\n- attic-scans\n---\n\
                # The test gallery\n\nDrawings of a harbour, made for tests.\n";
    fs::write(source.join("README.md"), card).unwrap();
    take_in(data, source, GALLERY, "v1", "");
}

fn take_in_hostile(data: &Path, source: &Path) {
    fs::create_dir_all(source).unwrap();
    let row = format!(
        "javascript:alert(1),a hostile caption {SCRIPT} &amp; ']]>,\"\"\"><svg onload=alert(1)>\",{IMG}\n\
         \"https://evil.example/{SCRIPT}?a=\"\"onmouseover=alert(1)\",hostile too,'-alert(1)-',x\n"
    );
    let file = source.join(format!("{IMG}.csv"));
    fs::write(&file, format!("url,text,author,{IMG}\n{row}")).unwrap();
    let card = format!(
        "---\npretty_name: \"Hostile {SCRIPT}\"\nlicense: \"{IMG}\"\nlanguage:\n- \"{SCRIPT}\"\nsource_datasets:\n- \"{IMG}\"\n---\n\
         # Hostile\n\nA card with {SCRIPT} and {IMG} in it. [Click](javascript:alert(1))\n"
    );
    fs::write(source.join("README.md"), card).unwrap();
    take_in(data, &file, HOSTILE, "1", "url=url,caption=text,author=author");
}
