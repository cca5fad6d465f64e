//! A pack on paper: its content laid out over pages, with the signed document itself attached inside.

use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};

use super::document::Document;
use super::pack::{DOES_NOT_PROVE, PROVES, Pack, PackCoverage, PackRecord, SIGNED_MEANS};
use super::pdf_text::{Face, lines};

/// A4, in points, and its margins.
const PAGE: (f32, f32) = (595.0, 842.0);
const MARGIN: f32 = 56.0;
const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
/// Where labels end and what they stand for begins.
const INDENT: f32 = 110.0;
/// Longest cell printed, characters; longer ones are whole in the attached document.
const CELL_CHARS_MAX: usize = 3000;
/// Most pages: beyond, the attached document is the only place.
const PAGES_MAX: usize = 400;
const ATTACHED: &str = "evidence.json";
pub(super) const LETTERS: &str = "This page uses fonts that every reader has and that know Western letters only. A letter they do not have is written as [U+…], its number in Unicode; the attached file has it as it is.";

const CATALOG: Ref = Ref::new(1);
const PAGE_TREE: Ref = Ref::new(2);
const FONTS: [(Face, &[u8], &[u8], Ref); 3] = [
    (Face::Helvetica, b"H", b"Helvetica", Ref::new(3)),
    (Face::Bold, b"B", b"Helvetica-Bold", Ref::new(4)),
    (Face::Courier, b"C", b"Courier", Ref::new(5)),
];
const INFO: Ref = Ref::new(6);
const FILE: Ref = Ref::new(7);
const FILE_SPEC: Ref = Ref::new(8);
/// Pages and their contents take the numbers from here on, in turn.
const FIRST_PAGE: i32 = 9;

/// Draws the pack; `signed` is the same pack as [`Pack::sign`] gave it.
pub fn draw(pack: &Pack, signed: &Document) -> Vec<u8> {
    let mut paper = Paper::new();
    let title = match (&pack.question, pack.records.as_slice()) {
        (None, [record]) => format!("Evidence: record {}", record.id),
        (_, records) => format!("Evidence: {} records", records.len()),
    };
    paper.write(&title, Face::Bold, 16.0, 0.0);
    paper.gap(6.0);
    head(&mut paper, pack, signed);
    for (at, record) in pack.records.iter().enumerate() {
        paper.gap(14.0);
        if pack.records.len() > 1 {
            paper.write(&format!("Record {} of {}", at + 1, pack.records.len()), Face::Bold, 12.0, 0.0);
        }
        draw_record(&mut paper, record);
    }
    paper.gap(14.0);
    paper.write("What was searched", Face::Bold, 12.0, 0.0);
    pack.coverage.iter().for_each(|coverage| draw_coverage(&mut paper, coverage));
    paper.finish(&title, ATTACHED, signed.bytes())
}

fn head(paper: &mut Paper, pack: &Pack, signed: &Document) {
    paper.pair("Made at", &pack.made_at(), Face::Courier);
    if let Some(portal) = &pack.portal {
        paper.pair("Portal", portal, Face::Courier);
    }
    if let Some(question) = &pack.question {
        paper.pair("Searched for", &question.q, Face::Helvetica);
        question
            .filters
            .iter()
            .for_each(|(name, value)| paper.pair(&format!("Filter: {name}"), value, Face::Helvetica));
        paper.pair("Read as", &question.read_as, Face::Helvetica);
        let at_least = if question.total_is_exact { "" } else { "at least " };
        let found = format!("{at_least}{} records, {} of them in this pack", question.total, pack.records.len());
        paper.pair("Found", &found, Face::Helvetica);
    }
    paper.pair("Signed by key", signed.key_id(), Face::Courier);
    paper.pair("Signed file", &format!("{ATTACHED}, attached to this PDF, SHA-256 {}", signed.sha256()), Face::Courier);
    for (label, text) in [
        ("What this proves", PROVES),
        ("What it does not prove", DOES_NOT_PROVE),
        ("The signature", SIGNED_MEANS),
        ("How these pages are written", LETTERS),
    ] {
        paper.gap(6.0);
        paper.write(label, Face::Bold, 10.0, 0.0);
        paper.write(text, Face::Helvetica, 10.0, 0.0);
    }
}

fn draw_record(paper: &mut Paper, record: &PackRecord) {
    let dataset = format!("{} ({})", record.dataset_title, record.dataset);
    let index = format!("published here at {}, {} records", record.indexed_at, record.indexed_records);
    let known = [
        ("Record id", &record.id),
        ("Dataset", &dataset),
        ("Revision", &record.revision),
        ("File", &record.file),
        ("File’s SHA-256", &record.file_sha256),
        ("Row, from 0", &record.row),
        ("Index", &index),
    ];
    for (label, value) in known {
        paper.pair(label, value, Face::Courier);
    }
    if let Some(matched) = &record.matched {
        let how = format!(
            "by {}: {} bits differ, up to {} were allowed; asked {}, the record has {}",
            matched.by, matched.distance, matched.radius, matched.asked, matched.held
        );
        paper.pair("Matched", &how, Face::Courier);
    }
    paper.gap(6.0);
    paper.write("The row as the file has it", Face::Bold, 10.0, 0.0);
    for column in &record.columns {
        let value = column.value.as_deref().unwrap_or("(empty)");
        match value.char_indices().nth(CELL_CHARS_MAX) {
            Some((end, _)) => {
                let more = format!("{} ... (cut here: whole in {ATTACHED})", &value[..end]);
                paper.pair(&column.name, &more, Face::Courier);
            }
            None => paper.pair(&column.name, value, Face::Courier),
        }
    }
}

fn draw_coverage(paper: &mut Paper, coverage: &PackCoverage) {
    let hashed: Vec<_> = coverage.hashed.iter().map(|(kind, n)| format!("{n} with {kind}")).collect();
    let mut text = format!(
        "revision {}: {} of {} records; searchable by {}",
        coverage.revision,
        coverage.indexed,
        coverage.total,
        coverage.searchable.join(", ")
    );
    if !hashed.is_empty() {
        text = format!("{text}; fingerprints: {}", hashed.join(", "));
    }
    paper.pair(&coverage.dataset, &text, Face::Helvetica);
}

/// Pages being filled from the top.
pub(super) struct Paper {
    pages: Vec<Content>,
    y: f32,
    is_full: bool,
}

impl Paper {
    pub(super) fn new() -> Self {
        Self { pages: vec![Content::new()], y: PAGE.1 - MARGIN, is_full: false }
    }

    pub(super) fn gap(&mut self, points: f32) {
        self.y -= points;
    }

    /// Makes sure that a line of this height fits; says whether there is paper at all.
    fn has_room(&mut self, height: f32) -> bool {
        if self.y - height < MARGIN {
            if self.pages.len() == PAGES_MAX {
                self.is_full = true;
                return false;
            }
            self.pages.push(Content::new());
            self.y = PAGE.1 - MARGIN;
        }
        true
    }

    fn put(&mut self, bytes: &[u8], face: Face, size: f32, indent: f32) {
        let Some((_, name, ..)) = FONTS.iter().find(|(known, ..)| *known == face) else { return };
        if let Some(page) = self.pages.last_mut() {
            page.begin_text().set_font(Name(name), size);
            page.next_line(MARGIN + indent, self.y).show(Str(bytes)).end_text();
        }
    }

    /// A paragraph.
    pub(super) fn write(&mut self, text: &str, face: Face, size: f32, indent: f32) {
        for line in lines(text, face, size, WIDTH - indent) {
            if self.has_room(size * 1.35) {
                self.y -= size * 1.35;
                self.put(&line, face, size, indent);
            }
        }
    }

    /// A label with what it stands for beside it.
    pub(super) fn pair(&mut self, label: &str, value: &str, face: Face) {
        let size = if face == Face::Courier { 8.5 } else { 9.5 };
        let names = lines(label, Face::Helvetica, 8.5, INDENT - 8.0);
        let values = lines(value, face, size, WIDTH - INDENT);
        for at in 0..names.len().max(values.len()) {
            if !self.has_room(12.5) {
                return;
            }
            self.y -= 12.5;
            if let Some(name) = names.get(at) {
                self.put(name, Face::Helvetica, 8.5, 0.0);
            }
            if let Some(value) = values.get(at) {
                self.put(value, face, size, INDENT);
            }
        }
    }

    /// The pages, with the signed document attached as a file of the name `called`.
    pub(super) fn finish(mut self, title: &str, called: &str, attached: &[u8]) -> Vec<u8> {
        if self.is_full {
            self.y = MARGIN - 4.0;
            let note = format!("Cut after {PAGES_MAX} pages: the rest is in {called}.");
            self.put(note.as_bytes(), Face::Bold, 9.0, 0.0);
        }
        let mut pdf = Pdf::new();
        let mut catalog = pdf.catalog(CATALOG);
        catalog.pages(PAGE_TREE).lang(TextStr("en"));
        catalog.names().embedded_files().names().insert(Str(called.as_bytes()), FILE_SPEC);
        catalog.finish();
        pdf.document_info(INFO).title(TextStr(title)).producer(TextStr("Rollcall"));
        pdf.embedded_file(FILE, attached).subtype(Name(b"application/json")).params().size(attached.len() as i32);
        let mut spec = pdf.file_spec(FILE_SPEC);
        spec.path(Str(called.as_bytes())).unic_file(TextStr(called)).embedded_file(FILE);
        spec.description(TextStr("The signed document that these pages show"));
        spec.finish();
        for (_, _, base, id) in FONTS {
            pdf.type1_font(id).base_font(Name(base)).encoding_predefined(Name(b"WinAnsiEncoding"));
        }
        let n_pages = self.pages.len();
        let page_ref = |at: usize| Ref::new(FIRST_PAGE + 2 * at as i32);
        pdf.pages(PAGE_TREE).kids((0..n_pages).map(page_ref)).count(n_pages as i32);
        for (at, mut content) in self.pages.into_iter().enumerate() {
            let number = format!("{} of {n_pages}", at + 1);
            content.begin_text().set_font(Name(b"H"), 8.0);
            content.next_line(MARGIN, MARGIN / 2.0).show(Str(number.as_bytes())).end_text();
            let content_ref = Ref::new(page_ref(at).get() + 1);
            let mut page = pdf.page(page_ref(at));
            page.media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).parent(PAGE_TREE).contents(content_ref);
            let mut resources = page.resources();
            let mut fonts = resources.fonts();
            for (_, name, _, id) in FONTS {
                fonts.pair(Name(name), id);
            }
            fonts.finish();
            resources.finish();
            page.finish();
            pdf.stream(content_ref, &content.finish());
        }
        pdf.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::pack::tests::sample;
    use crate::evidence::signing::PrivateKey;

    fn contains(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn the_pages_hold_the_record_and_the_signed_document() {
        let pack = sample();
        let signed = pack.sign(&PrivateKey::from_seed(&[5; 32])).unwrap();
        let pdf = draw(&pack, &signed);
        assert!(pdf.starts_with(b"%PDF-"));
        assert!(contains(&pdf, pack.records[0].id.as_bytes()));
        assert!(contains(&pdf, b"[U+6F22][U+5B57]"));
        assert!(contains(&pdf, signed.bytes()), "the signed file is attached as it is");
        assert_eq!(draw(&pack, &signed), pdf);
    }

    #[test]
    fn a_long_pack_goes_over_pages_and_has_an_end() {
        let mut pack = sample();
        pack.records[0].columns[0].value = Some("long words\n".repeat(2000));
        pack.records = vec![pack.records[0].clone(); 200];
        let signed = pack.sign(&PrivateKey::from_seed(&[5; 32])).unwrap();
        let pdf = draw(&pack, &signed);
        assert!(contains(&pdf, b"Cut after 400 pages"));
        assert!(contains(&pdf, b"/Count 400"));
    }
}
