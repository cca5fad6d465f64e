//! A receipt on paper: what it says, with the signed file itself attached inside.

use serde_json::Value;

use super::document::Document;
use super::pdf::{LETTERS, Paper};
use super::pdf_text::Face;
use super::receipt::{MEANING, NOT_PROVED};

/// Most rows drawn: beyond, the attached file is the place.
const ROWS_MAX: usize = 2_000;
const ATTACHED: &str = "receipt.json";

/// Draws a receipt as it was signed: nothing is on the paper that is not in the file.
pub fn draw(signed: &Document) -> Vec<u8> {
    let at = |part: &str, name: &str| text(signed.part(part).and_then(|part| part.get(name)));
    let mut paper = Paper::new();
    let title = format!("Receipt: {}", at("dataset", "title"));
    paper.write(&title, Face::Bold, 16.0, 0.0);
    paper.gap(6.0);
    for (label, value) in [
        ("Case", text(signed.part("case"))),
        ("Dataset", at("dataset", "slug")),
        ("Received", at("dates", "received_at")),
        ("Decided", at("dates", "decided_at")),
        ("Made at", text(signed.part("made_at"))),
        ("Signed by key", signed.key_id()),
        ("Removal set", at("set", "version")),
        ("Its SHA-256", at("set", "sha256")),
        ("Its root", at("set", "root")),
        ("Published", at("set", "published_at")),
    ] {
        if !value.is_empty() {
            paper.pair(label, value, Face::Courier);
        }
    }
    paper.pair("Signed file", &format!("{ATTACHED}, attached to this PDF, SHA-256 {}", signed.sha256()), Face::Courier);
    for (label, text) in [
        ("What this proves", MEANING),
        ("What it does not prove", NOT_PROVED),
        ("How these pages are written", LETTERS),
    ] {
        paper.gap(6.0);
        paper.write(label, Face::Bold, 10.0, 0.0);
        paper.write(text, Face::Helvetica, 10.0, 0.0);
    }
    let rows = signed.part("rows").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    for row in rows.iter().take(ROWS_MAX) {
        draw_row(&mut paper, row);
    }
    if rows.len() > ROWS_MAX {
        paper.gap(8.0);
        paper.write(&format!("And {} more rows: see {ATTACHED}.", rows.len() - ROWS_MAX), Face::Helvetica, 10.0, 0.0);
    }
    paper.finish(&title, ATTACHED, signed.bytes())
}

fn draw_row(paper: &mut Paper, row: &Value) {
    let identity = |name: &str| text(row.get("identity").and_then(|identity| identity.get(name)));
    let proof = |name: &str| text(row.get("proof").and_then(|proof| proof.get(name)));
    paper.gap(10.0);
    paper.write(&format!("Row {} of {}", identity("row"), identity("file")), Face::Bold, 10.0, 0.0);
    for (label, value) in [
        ("Decision", text(row.get("decision"))),
        ("Revision", identity("revision")),
        ("File’s SHA-256", identity("file_sha256")),
        ("Leaf in the set", proof("leaf")),
        ("Place of the leaf", proof("index")),
    ] {
        if !value.is_empty() {
            paper.pair(label, value, Face::Courier);
        }
    }
    for rescan in row.get("rescans").and_then(Value::as_array).into_iter().flatten() {
        paper.pair("Seen later", text(rescan.get("sentence")), Face::Helvetica);
    }
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::receipt::tests::receipt;
    use crate::evidence::signing::PrivateKey;

    #[test]
    fn the_pages_hold_the_rows_and_the_signed_file() {
        let signed = receipt(11).sign(&PrivateKey::from_seed(&[5; 32])).unwrap();
        let pdf = draw(&signed);
        let contains = |part: &[u8]| pdf.windows(part.len()).any(|window| window == part);
        assert!(pdf.starts_with(b"%PDF-") && contains(signed.bytes()));
        assert!(contains(b"Row 5 of part-0.csv") && contains(b"absent from release 2027"));
        assert_eq!(draw(&signed), pdf);
    }
}
