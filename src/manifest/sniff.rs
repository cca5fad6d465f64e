//! What a file is, by its first bytes; its name only helps where the bytes leave a choice.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use super::dialect::{LOOK_BYTES, detect};
use super::input::{look_ahead, open_unpacked};
use super::json_scan::{Keep, Scanner};
use super::lines::{BOM, is_utf16};
use super::rows::Stop;
use super::{Format, is_picture_magic};

/// Bytes in which a text has no zero byte.
const TEXT_LOOK_BYTES: usize = 8 << 10;

/// The extension in lower case, without compression and without a query that a download left in the name
/// (`GCC-training.tsv?_ga=2.1`).
pub(super) fn inner_extension(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let name = name.split(['?', '&']).next().unwrap_or_default();
    let name = name.split("%3f").next().unwrap_or_default();
    let name =
        ["gz", "zst", "zstd"].iter().find_map(|packed| name.strip_suffix(packed)?.strip_suffix('.')).unwrap_or(name);
    let extension = name.rsplit_once('.').map(|(_, extension)| extension).unwrap_or_default();
    // What the Conceptual Captions site appends to its names.
    extension.split("_ga").next().unwrap_or_default().to_owned()
}

/// The format of a file; `None` when it is nothing that holds rows. `is_named` says that the file was asked for by
/// name, so that a plain text is taken as a list of lines.
pub(super) fn format_of(path: &Path, is_named: bool) -> Result<Option<Format>, Stop> {
    let mut magic = Vec::new();
    File::open(path)?.take(16).read_to_end(&mut magic)?;
    if magic.starts_with(b"PAR1") {
        return Ok(Some(Format::Parquet));
    }
    let refusal = match magic.as_slice() {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Some("a zip archive: unpack it first"),
        [b'B', b'Z', b'h', ..] => Some("compressed with bzip2: unpack it first (bunzip2)"),
        [0xfd, b'7', b'z', b'X', b'Z', ..] => Some("compressed with xz: unpack it first (unxz)"),
        [b'7', b'z', 0xbc, 0xaf, ..] => Some("a 7z archive: unpack it first"),
        [b'A', b'R', b'R', b'O', b'W', b'1', ..] => Some("an Arrow file: convert it to parquet first"),
        _ => None,
    };
    if let Some(refusal) = refusal {
        return Err(Stop::Unsupported(refusal.to_owned()));
    }
    if is_picture_magic(&magic) {
        return Ok(None);
    }
    let (head, _) = look_ahead(open_unpacked(path)?, LOOK_BYTES);
    if head.starts_with(b"PAR1") {
        return Err(Stop::Unsupported("a parquet file that is compressed as a whole: unpack it first".to_owned()));
    }
    format_of_content(&head, &inner_extension(path), is_named)
}

fn format_of_content(head: &[u8], extension: &str, is_named: bool) -> Result<Option<Format>, Stop> {
    if head.get(257..262) == Some(b"ustar") || (extension == "tar" && head.len() >= 512) {
        return Ok(Some(Format::Tar { metadata: None }));
    }
    let by_name = match extension {
        "jsonl" | "ndjson" => Some(Format::JsonLines),
        "json" | "geojson" => Some(Format::Json),
        "csv" | "tsv" | "tab" => Some(Format::Delimited),
        _ => None,
    };
    if is_html(head) {
        let page = "it is a web page, not a manifest: the download was probably refused".to_owned();
        return if by_name.is_some() || extension == "parquet" { Err(Stop::Damaged(page)) } else { Ok(None) };
    }
    if extension == "parquet" {
        return Err(Stop::Damaged("it does not begin like a parquet file".to_owned()));
    }
    if is_utf16(head) {
        return if by_name.is_some() || is_named {
            Err(Stop::Unsupported(super::lines::UTF16_REFUSED.to_owned()))
        } else {
            Ok(None)
        };
    }
    if head.iter().take(TEXT_LOOK_BYTES).any(|byte| *byte == 0) {
        return Ok(None);
    }
    let text = head.strip_prefix(BOM).unwrap_or(head).trim_ascii_start();
    match text.first() {
        None => return Ok(by_name),
        Some(b'{') => return Ok(Some(object_format(text, by_name.as_ref()))),
        Some(b'[') if by_name != Some(Format::Delimited) => return Ok(Some(by_name.unwrap_or(Format::Json))),
        Some(b'<') if by_name.is_none() => return Ok(None),
        _ => {}
    }
    // A file called JSON lines may begin with a bad line.
    if by_name == Some(Format::JsonLines) {
        return Ok(by_name);
    }
    if by_name == Some(Format::Json) {
        return Ok(None);
    }
    let is_list_of_lines = is_named && matches!(extension, "txt" | "");
    let takes = by_name.is_some() || is_list_of_lines || detect(head, extension).is_table;
    Ok(takes.then_some(Format::Delimited))
}

/// A web page, as servers send it in place of a file that they do not give.
fn is_html(head: &[u8]) -> bool {
    let text = head.strip_prefix(BOM).unwrap_or(head).trim_ascii_start();
    let starts = |tag: &[u8]| text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
    starts(b"<!doctype html") || starts(b"<html")
}

/// A text that starts with an object: a document, or the first of many lines.
fn object_format(text: &[u8], by_name: Option<&Format>) -> Format {
    let Ok(mut scanner) = Scanner::new(Box::new(Cursor::new(text.to_vec()))) else { return Format::Json };
    if scanner.value(Keep::Nothing).is_err() {
        // It does not end in what was looked at: either a very long line or a document. Documents of that size are
        // either broken into lines or called .json.
        let goes_over_lines = text.contains(&b'\n');
        return match by_name {
            Some(Format::JsonLines) => Format::JsonLines,
            Some(Format::Json) => Format::Json,
            _ if goes_over_lines => Format::Json,
            _ => Format::JsonLines,
        };
    }
    match scanner.peek() {
        Ok(None) if by_name != Some(&Format::JsonLines) => Format::Json,
        _ => Format::JsonLines,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_is_found_behind_compression_and_download_queries() {
        let extension = |name: &str| inner_extension(Path::new(name));
        assert_eq!(extension("a/RC_2012-01.zst"), "");
        assert_eq!(extension("a.JSONL.gz"), "jsonl");
        assert_eq!(extension("GCC-training.tsv?_ga=2.19.-18"), "tsv");
        assert_eq!(extension("GCC-training.tsv%3F_ga%3D2.191230122"), "tsv");
        assert_eq!(extension("GCC-1.1.0-Validation.tsv_ga=2.141047602.-1896"), "-1896");
    }

    #[test]
    fn content_leads_over_the_name() {
        let format = |text: &str, extension: &str| format_of_content(text.as_bytes(), extension, false).ok().flatten();
        assert_eq!(format("{\"a\":1}\n{\"a\":2}\n", "json"), Some(Format::JsonLines));
        assert_eq!(format("{\"a\":\n1}", "jsonl"), Some(Format::JsonLines));
        assert_eq!(format("{\"a\":\n[1]}\n", "json"), Some(Format::Json));
        assert_eq!(format(" [{}]", ""), Some(Format::Json));
        assert_eq!(format("http://a\tx\nhttp://b\ty\n", "1896"), Some(Format::Delimited));
        assert_eq!(format("<xml/>", "xml"), None);
        assert_eq!(format("just words\n", "md"), None);
    }

    #[test]
    fn an_error_page_saved_under_a_manifests_name_is_no_manifest() {
        for extension in ["csv", "parquet", "jsonl", "json"] {
            let refused = format_of_content(b" <!DOCTYPE HTML>\n<html><p>404, not found", extension, true);
            assert!(matches!(refused, Err(Stop::Damaged(why)) if why.contains("web page")), "{extension}");
        }
    }
}
