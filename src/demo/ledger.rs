//! `ledger-tsv`: caption and address, tab between, no header line, gzip: how Conceptual Captions is published.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::people::PEOPLE;
use super::random::Rng;
use super::{DemoError, english, web_address};

const ROWS: usize = 800;

pub(super) fn write_tsv_gz(path: &Path, seed: u64) -> Result<(), DemoError> {
    let mut rng = Rng::for_part(seed, "ledger-tsv", 0);
    let failed = |source| DemoError::io(path, source);
    let mut out = GzEncoder::new(File::create(path).map_err(failed)?, Compression::default());
    for _ in 0..ROWS {
        let (caption, url) = if rng.chance(0.05) {
            let person = rng.choose(&PEOPLE);
            (english::caption_by(&mut rng, person), web_address::picture_url_of(&mut rng, person))
        } else {
            let caption = english::caption(&mut rng);
            let url = web_address::picture_url(&mut rng, &caption);
            (caption, url)
        };
        writeln!(out, "{}\t{url}", caption.to_lowercase()).map_err(failed)?;
    }
    out.finish().map(|_| ()).map_err(failed)
}
