//! The answer to one picture as its page shows it: grouped by how sure the match is, in words.

use crate::search::results::{PictureAnswer, PictureHit, Verdict};
use crate::web::format;
use crate::web::hits::HitView;
use crate::web::reading::hash_bits;
use crate::web::takes::{Take, Takes};

/// PDQ's own bound: below it a picture has too little structure for its fingerprint to say much.
const QUALITY_ENOUGH: u8 = 50;

pub(super) struct PictureView {
    pub(super) name: String,
    pub(super) problem: Option<String>,
    /// `3 records look like this picture.`
    pub(super) sentence: String,
    /// Said where the picture has too little in it to tell from others.
    pub(super) plain_picture: bool,
    pub(super) groups: Vec<VerdictGroup>,
}

pub(super) struct VerdictGroup {
    pub(super) title: &'static str,
    pub(super) explanation: &'static str,
    pub(super) count: String,
    /// Shown closed: too unsure to be put before a worried person unasked.
    pub(super) is_folded: bool,
    /// What the button that takes all of them sends; not offered where most are other pictures.
    pub(super) take_all: Option<String>,
    pub(super) hits: Vec<PictureHitView>,
}

pub(super) struct PictureHitView {
    pub(super) hit: HitView,
    /// `Found when mirrored.`
    pub(super) variant: Option<String>,
    /// `This picture appears 1,200 times in this dataset`, and where all are listed.
    pub(super) copies: Option<(String, String)>,
    /// How it was matched, for those who ask.
    pub(super) how: String,
}

impl PictureView {
    pub(super) fn new(answer: &PictureAnswer) -> Self {
        let verdicts = [Verdict::SameFile, Verdict::AlmostSurely, Verdict::Probably, Verdict::Maybe];
        let groups: Vec<_> = verdicts.into_iter().filter_map(|verdict| VerdictGroup::new(verdict, answer)).collect();
        Self {
            name: answer.name.clone(),
            problem: answer.problem.clone(),
            sentence: sentence(answer),
            plain_picture: answer.quality.is_some_and(|quality| quality < QUALITY_ENOUGH),
            groups,
        }
    }
}

fn sentence(answer: &PictureAnswer) -> String {
    let n_sure = answer.hits.iter().filter(|hit| hit.verdict != Verdict::Maybe).count() as u64;
    match (n_sure, answer.hits.len()) {
        (0, 0) => "Not found in the pictures that could be compared.".to_owned(),
        (0, _) => "No sure match. Some records look a little like it.".to_owned(),
        (1, _) => "1 record holds this picture or a copy of it.".to_owned(),
        (n, _) => format!("{} records hold this picture or a copy of it.", format::count(n)),
    }
}

impl VerdictGroup {
    fn new(verdict: Verdict, answer: &PictureAnswer) -> Option<Self> {
        let hits: Vec<_> = answer.hits.iter().filter(|hit| hit.verdict == verdict).map(PictureHitView::new).collect();
        if hits.is_empty() {
            return None;
        }
        let (title, explanation) = match verdict {
            Verdict::SameFile => (
                "The same file",
                "The checksums are equal: the dataset lists exactly this file, bit for bit. There is no room for chance.",
            ),
            Verdict::AlmostSurely => (
                "Almost surely the same picture",
                "A picture’s fingerprint is a short code of its light and dark parts. These differ so little that chance alone would bring one such match in a thousand searches, or fewer. Copies that were resized, saved again or slightly changed look like this.",
            ),
            Verdict::Probably => (
                "Probably the same picture",
                "The fingerprints are close, as with copies that were cropped, recoloured or written on. In one of ten searches at most, an unrelated picture comes this close. Compare with your own eyes.",
            ),
            Verdict::Maybe => (
                "Maybe",
                "The fingerprints are a little alike. Most of these are other pictures that share a layout, some are heavily changed copies.",
            ),
        };
        let count = format::counted(hits.len() as u64, "record", "records");
        let is_folded = verdict == Verdict::Maybe;
        let take_all = (!is_folded && hits.len() > 1)
            .then(|| hits.iter().map(|found| Take::Record(found.hit.id.clone())).collect::<Takes>().field());
        Some(Self { title, explanation, count, is_folded, take_all, hits })
    }
}

impl PictureHitView {
    fn new(hit: &PictureHit) -> Self {
        let variant = match hit.variant.as_str() {
            "as is" | "" => None,
            other => Some(format!("Found when your picture is {}.", variant_in_words(other))),
        };
        let hit_view = HitView::new(&hit.hit);
        let copies = (hit.copies > 1).then(|| {
            (
                format!("This picture appears {} times in this dataset.", format::count(hit.copies)),
                format!("{}/copies", hit_view.href),
            )
        });
        let part = hit.record_part.as_ref().map(|part| format!("A part of the dataset’s picture was met: {part}."));
        let variant = [variant, part].into_iter().flatten().reduce(|said, more| format!("{said} {more}"));
        Self { hit: hit_view, variant, copies, how: how(hit) }
    }
}

fn variant_in_words(variant: &str) -> String {
    match variant {
        "rotated 90" | "rotated 180" | "rotated 270" => format!("{variant} degrees"),
        other => match other.strip_prefix("crop ") {
            Some(window) => format!("cropped ({window})"),
            None => other.to_owned(),
        },
    }
}

fn how(hit: &PictureHit) -> String {
    match hit.matched_by.as_str() {
        "sha256" | "md5" | "sha1" => {
            format!("Matched by checksum ({}): equal.", hit.matched_by.to_uppercase())
        }
        kind => format!(
            "Matched by picture fingerprint ({kind}): {} of {} bits differ; up to {} were accepted.",
            hit.distance,
            hash_bits(kind),
            hit.radius
        ),
    }
}
