//! `lantern-shards`: what img2dataset leaves on disk, webdataset tars with their parquet and statistics. A quarter
//! of the pictures are copies of `orchard-prints`; some rows could not be fetched, one was refused by its site.

use std::path::Path;

use serde_json::{Value, json};

use super::parquet_file::{Cells, ParquetFile};
use super::people::{MIRA, PEOPLE};
use super::pictures::{draw_described, jpeg};
use super::prints::{DRAWN, QUALITY, SIZES, copy_of, draw_print};
use super::random::Rng;
use super::{DemoError, english, parallel, sha256_hex, web_address, write_file};

const SHARDS: usize = 2;
const SHARD_ROWS: usize = 55;

const COLUMNS: [&str; 11] = [
    "OPTIONAL BYTE_ARRAY url (UTF8)",
    "OPTIONAL BYTE_ARRAY key (UTF8)",
    "OPTIONAL BYTE_ARRAY caption (UTF8)",
    "OPTIONAL BYTE_ARRAY status (UTF8)",
    "OPTIONAL BYTE_ARRAY error_message (UTF8)",
    "OPTIONAL INT32 width",
    "OPTIONAL INT32 height",
    "OPTIONAL INT32 original_width",
    "OPTIONAL INT32 original_height",
    "OPTIONAL BYTE_ARRAY exif (UTF8)",
    "OPTIONAL BYTE_ARRAY sha256 (UTF8)",
];

/// One row; `picture` is absent where the fetch failed.
struct Row {
    key: String,
    url: String,
    caption: String,
    error: Option<&'static str>,
    picture: Option<Vec<u8>>,
    size: (u32, u32),
}

pub(super) fn write_shards(dir: &Path, seed: u64) -> Result<(), DemoError> {
    let rows = parallel(SHARDS * SHARD_ROWS, |number| make_row(seed, number))?;
    for (shard, rows) in rows.chunks(SHARD_ROWS).enumerate() {
        write_tar(&dir.join(format!("{shard:05}.tar")), rows)?;
        write_metadata(&dir.join(format!("{shard:05}.parquet")), rows)?;
        let failed = rows.iter().filter(|row| row.error.is_some()).count();
        let stats = json!({
            "count": rows.len(), "successes": rows.len() - failed, "failed_to_download": failed, "failed_to_resize": 0,
            "duration": 12.5, "start_time": 1_700_000_000.0, "end_time": 1_700_000_012.5,
            "status_dict": {"success": rows.len() - failed, "HTTP Error 404: Not Found": failed}
        });
        write_file(&dir.join(format!("{shard:05}_stats.json")), format!("{stats:#}\n").as_bytes())?;
    }
    Ok(())
}

fn make_row(seed: u64, number: usize) -> Result<Row, DemoError> {
    let mut rng = Rng::for_part(seed, "lantern-shards", number as u64);
    let key = format!("{:05}{:04}", number / SHARD_ROWS, number % SHARD_ROWS);
    let error = match rng.below(18) {
        0 => Some("HTTP Error 404: Not Found"),
        1 if number.is_multiple_of(2) => Some("Use of image disallowed by X-Robots-Tag directive"),
        _ => None,
    };
    let person = if rng.chance(0.3) { MIRA } else { rng.choose(&PEOPLE) };
    let is_copy = number % 4 == 3;
    let (picture, quality, caption) = if is_copy {
        let print = draw_print(seed, rng.below(DRAWN));
        let (copy, quality, _) = copy_of(&mut rng, &print.picture);
        (copy, quality, english::caption_of(&mut rng, &print.subject, print.mood, person.name))
    } else {
        let size = SIZES[number % SIZES.len()];
        let drawing = draw_described(rng.next_u64(), size.0, size.1);
        let caption = english::caption_of(&mut rng, &drawing.subject, drawing.mood, person.name);
        (drawing.picture, QUALITY, caption)
    };
    let url = if rng.chance(0.3) {
        web_address::picture_url_of(&mut rng, person)
    } else {
        web_address::picture_url(&mut rng, &caption)
    };
    let size = picture.dimensions();
    let picture = match error {
        Some(_) => None,
        None => Some(jpeg(&picture, quality).map_err(|source| DemoError::picture(Path::new(&key), source))?),
    };
    Ok(Row { key, url, caption, error, picture, size })
}

impl Row {
    fn metadata(&self) -> Value {
        json!({
            "url": self.url, "key": self.key, "caption": self.caption, "status": self.status(), "error_message": self.error,
            "width": self.size.0, "height": self.size.1, "original_width": self.size.0, "original_height": self.size.1,
            "exif": "{}", "sha256": self.sha256()
        })
    }

    fn status(&self) -> &'static str {
        if self.error.is_some() { "failed_to_download" } else { "success" }
    }

    /// The tool hashes the file as fetched; these were small enough to be kept as they came.
    fn sha256(&self) -> Option<String> {
        self.picture.as_deref().map(sha256_hex)
    }
}

fn write_tar(path: &Path, rows: &[Row]) -> Result<(), DemoError> {
    let failed = |source| DemoError::io(path, source);
    let mut tar = tar::Builder::new(std::fs::File::create(path).map_err(failed)?);
    let mut add = |name: String, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append_data(&mut header, name, bytes)
    };
    for row in rows {
        let Some(picture) = &row.picture else { continue };
        add(format!("{}.jpg", row.key), picture).map_err(failed)?;
        add(format!("{}.json", row.key), row.metadata().to_string().as_bytes()).map_err(failed)?;
        add(format!("{}.txt", row.key), row.caption.as_bytes()).map_err(failed)?;
    }
    tar.finish().map_err(failed)
}

fn write_metadata(path: &Path, rows: &[Row]) -> Result<(), DemoError> {
    let text = |cell: &dyn Fn(&Row) -> Option<String>| Cells::Text(rows.iter().map(cell).collect());
    let side = |cell: fn(&Row) -> u32| {
        Cells::Int(rows.iter().map(|row| row.picture.as_ref().and_then(|_| i32::try_from(cell(row)).ok())).collect())
    };
    let mut file = ParquetFile::create(path, &COLUMNS)?;
    file.write_group(vec![
        text(&|row| Some(row.url.clone())),
        text(&|row| Some(row.key.clone())),
        text(&|row| Some(row.caption.clone())),
        text(&|row| Some(row.status().to_owned())),
        text(&|row| row.error.map(str::to_owned)),
        side(|row| row.size.0),
        side(|row| row.size.1),
        side(|row| row.size.0),
        side(|row| row.size.1),
        text(&|row| row.picture.as_ref().map(|_| "{}".to_owned())),
        text(&Row::sha256),
    ])?;
    file.finish()
}
