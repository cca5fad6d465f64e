use std::collections::BTreeMap;

use super::*;

/// A row at an address, by these authors.
pub(super) fn row(url: &str, authors: &[&str]) -> RowFacts {
    let record = RecordRef {
        id: url.to_owned(),
        dataset: "d".into(),
        revision: "1".into(),
        file: "f".into(),
        file_sha256: String::new(),
        row: 0,
        url: Some(url.to_owned()),
        source_id: None,
        sha256: None,
        md5: None,
        hashes: BTreeMap::new(),
    };
    let authors = authors.iter().map(|&author| author.to_owned()).collect();
    RowFacts { authors, ..RowFacts::of_record(record) }
}

fn claim(kind: Kind, subject: &str) -> Claim {
    Claim::new("c".into(), kind, subject, 0)
}

fn page(hops: &[&str], body: &str) -> Seen {
    let hops = hops.iter().map(|&hop| hop.to_owned()).collect();
    Seen::Page(SeenPage { hops, status: 200, body: body.as_bytes().to_vec() })
}

fn strength(outcome: &Outcome) -> Option<Strength> {
    match outcome {
        Outcome::Shown { strength, .. } => Some(*strength),
        Outcome::NotShown { .. } => None,
    }
}

const CODE: &str = "rollcall-0123456789abcdefghjkmnpq";

#[test]
fn a_domain_that_fits_is_strong_another_is_weak_and_a_missing_code_is_nothing() {
    let rows = [row("https://img.mira.example/1.jpg", &[])];
    let seen = |text: &str| Seen::Texts(vec!["v=spf1 -all".into(), text.to_owned()]);
    let look = |subject: &str, seen: &Seen| strength(&look(&rows, &claim(Kind::DnsTxt, subject), CODE, seen));
    assert_eq!(look("mira.example", &seen(CODE)), Some(Strength::Strong));
    assert_eq!(look("mira.example", &seen(&format!("rollcall-proof={CODE}"))), Some(Strength::Strong));
    assert_eq!(look("noor.example", &seen(CODE)), Some(Strength::Weak));
    assert_eq!(look("mira.example", &seen("rollcall-0000")), None);
    assert_eq!(look("mira.example", &Seen::Texts(Vec::new())), None);
    assert_eq!(look("mira.example", &Seen::Nothing("no".into())), None);
}

#[test]
fn a_file_on_the_web_server_has_the_code_in_a_line_of_its_own_and_does_not_lead_elsewhere() {
    let rows = [row("https://mira.example/1.jpg", &[])];
    let claim = claim(Kind::WellKnown, "mira.example");
    let of = |seen: &Seen| strength(&look(&rows, &claim, CODE, seen));
    let file = "https://mira.example/.well-known/rollcall-proof.txt";
    assert_eq!(of(&page(&[file], &format!("other\r\n{CODE}\r\n"))), Some(Strength::Strong));
    assert_eq!(of(&page(&[file, "https://www.mira.example/proof.txt"], CODE)), Some(Strength::Strong));
    assert_eq!(of(&page(&[file, "https://web.mira.example/proof.txt"], CODE)), Some(Strength::Strong));
    assert_eq!(of(&page(&[file], &format!("There is no {CODE} here"))), None);
    assert_eq!(of(&page(&[file, "https://evil.example/"], CODE)), None);
    assert_eq!(of(&Seen::Page(SeenPage { hops: vec![file.into()], status: 404, body: CODE.into() })), None);
}

#[test]
fn the_head_of_a_page_is_the_owners_and_its_comments_are_not() {
    let rows = [row("https://mira.example/art/1.jpg", &[])];
    let claim = claim(Kind::MetaTag, "https://mira.example/art/index.html");
    let of = |body: &str| strength(&look(&rows, &claim, CODE, &page(&["https://mira.example/art/index.html"], body)));
    let meta = format!("<meta name=\"rollcall-proof\" content=\"{CODE}\">");
    assert_eq!(of(&format!("<head>{meta}</head>")), Some(Strength::Strong));
    assert_eq!(of(&format!("<head></head><body>{meta}")), None);
    assert_eq!(of("<meta name=rollcall-proof content=other>"), None);
}

#[test]
fn a_profile_is_strong_by_its_own_description_and_fair_by_its_text() {
    let rows = [row("https://cdn.art.example/7.jpg", &["mira"])];
    let address = "https://art.example/@mira";
    let claim = claim(Kind::Profile, address);
    let of = |body: &str| strength(&look(&rows, &claim, CODE, &page(&[address], body)));
    let described = format!("<meta property=\"og:description\" content=\"Painter. {CODE}\"><body>");
    assert_eq!(of(&described), Some(Strength::Strong));
    assert_eq!(of(&format!("<body><p>{}", CODE.to_uppercase())), Some(Strength::Fair));
    assert_eq!(of("<body>nothing"), None);
    let elsewhere = super::look(
        &rows,
        &super::Claim { subject: "https://art.example/@noor".into(), ..claim.clone() },
        CODE,
        &page(&["https://art.example/@noor"], CODE),
    );
    assert_eq!(strength(&elsewhere), Some(Strength::Weak));
}

#[test]
fn a_page_that_repeats_its_address_or_leads_through_another_site_shows_nothing() {
    let rows = [row("https://art.example/mira/1", &["mira"])];
    let claim = claim(Kind::Profile, "https://art.example/mira");
    let echo = format!("https://art.example/search?q={CODE}");
    let first = "https://art.example/mira";
    assert_eq!(strength(&look(&rows, &claim, CODE, &page(&[first, &echo], CODE))), None);
    assert_eq!(strength(&look(&rows, &claim, CODE, &page(&[first, "https://evil.example/", first], CODE))), None);
}

#[test]
fn a_mailbox_answers_with_the_code_of_its_letter() {
    let mut rows = [row("https://art.example/1.jpg", &[])];
    rows[0].cells.push("Prints: mira@studio.example".into());
    assert!(stands_in_a_row(&rows, "mira@studio.example") && !stands_in_a_row(&rows, "noor@studio.example"));
    let claim = claim(Kind::RowEmail, "mira@studio.example");
    let of = |word: &str| strength(&look(&rows, &claim, CODE, &Seen::Word(word.to_owned())));
    assert_eq!(of(&format!(" {CODE}\n")), Some(Strength::Strong));
    assert_eq!(of("rollcall-1"), None);
}

#[test]
fn the_original_is_larger_than_what_was_published() {
    use crate::image_hash::{DecodeLimits, hash_for_index};
    let png = |side: u32| {
        let pixel = |x: u32, y: u32| {
            let at = |v: u32| v * 64 / side;
            image::Rgb([(at(x) * 4) as u8, (at(y) * 4) as u8, ((at(x) * at(y) + at(x)) % 256) as u8])
        };
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_fn(side, side, pixel).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    };
    let (small, large) = (png(128), png(512));
    let known = hash_for_index(&small, &DecodeLimits::default()).unwrap();
    let mut row = row("https://art.example/1.png", &[]);
    row.record.sha256 = Some(hex::encode(known.sha256));
    row.record.hashes.insert("pdqa".into(), known.pdqa.to_hex());
    (row.width, row.height) = (Some(128), Some(128));
    let claim = claim(Kind::OriginalFile, "");
    let of = |bytes: &[u8]| look(std::slice::from_ref(&row), &claim, "", &Seen::Picture(bytes.to_vec()));
    assert_eq!(strength(&of(&large)), Some(Strength::Fair), "{:?}", of(&large));
    assert_eq!(strength(&of(&small)), Some(Strength::Weak), "{:?}", of(&small));
    assert_eq!(strength(&of(b"no picture")), None);
}
