//! The answer to one picture as its page shows it: grouped by how sure the match is, in words.

use url::form_urlencoded;

use crate::search::results::{PictureAnswer, PictureHit, Verdict};
use crate::web::format;
use crate::web::hits::HitView;
use crate::web::reading::hash_bits;
use crate::web::takes::{Take, Takes};

const VERDICTS: [Verdict; 4] = [Verdict::SameFile, Verdict::AlmostSurely, Verdict::Probably, Verdict::Maybe];

pub(super) struct PictureView {
    /// Its place among the pictures asked about, from 0: by this a script knows the file it was.
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) problem: Option<String>,
    /// `3 records look like this picture.`
    pub(super) sentence: String,
    pub(super) groups: Vec<VerdictGroup>,
}

pub(super) struct VerdictGroup {
    /// The verdict as the API names it.
    pub(super) verdict: &'static str,
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
    /// How it was matched, for those who ask.
    pub(super) how: String,
    /// Where the record's picture can be looked at.
    pub(super) picture_href: String,
    /// The site its picture would be loaded from; empty where the record names no web address.
    pub(super) site: String,
    /// Evidence that names the match with both fingerprints.
    pub(super) evidence_href: String,
}

impl PictureView {
    pub(super) fn new(number: usize, answer: &PictureAnswer) -> Self {
        let groups = VERDICTS.into_iter().filter_map(|verdict| {
            let hits: Vec<_> =
                answer.hits.iter().filter(|hit| hit.verdict == verdict).map(PictureHitView::new).collect();
            (!hits.is_empty()).then(|| VerdictGroup::new(verdict, hits))
        });
        Self {
            number,
            name: answer.name.clone(),
            problem: answer.problem.clone(),
            sentence: if answer.problem.is_some() && answer.hits.is_empty() { String::new() } else { sentence(answer) },
            groups: groups.collect(),
        }
    }

    /// Every part once, with nothing in it.
    pub(super) fn blank() -> Self {
        let groups = VERDICTS.into_iter().map(|verdict| VerdictGroup {
            take_all: (verdict != Verdict::Maybe).then(String::new),
            ..VerdictGroup::new(verdict, vec![PictureHitView::blank()])
        });
        Self {
            number: 0,
            name: String::new(),
            problem: Some(String::new()),
            sentence: " ".to_owned(),
            groups: groups.collect(),
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
    fn new(verdict: Verdict, hits: Vec<PictureHitView>) -> Self {
        let (title, explanation) = match verdict {
            Verdict::SameFile => (
                "The same file",
                "The checksums are equal: the dataset lists exactly this file, bit for bit. There is no room for chance.",
            ),
            Verdict::AlmostSurely => (
                "Almost surely the same picture",
                "A picture’s fingerprint is a short code of its light and dark parts. These differ very little: in tests on hundreds of millions of pairs of unrelated whole pictures, none came as close. Copies that were resized, saved again or slightly changed look like this.",
            ),
            Verdict::Probably => (
                "Probably the same picture",
                "The fingerprints are close, as with copies that were cropped, recoloured or written on. Now and then an unrelated picture comes this close. Compare with your own eyes.",
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
        Self { verdict: verdict.words(), title, explanation, count, is_folded, take_all, hits }
    }
}

impl PictureHitView {
    fn new(hit: &PictureHit) -> Self {
        let view = HitView::new(&hit.hit);
        let matched = form_urlencoded::Serializer::new(String::new())
            .append_pair("by", &hit.matched_by)
            .append_pair("hash", &hit.query_hash)
            .append_pair("radius", &hit.radius.to_string())
            .finish();
        Self {
            picture_href: format!("{}/picture", view.href),
            evidence_href: format!("{}/evidence?{matched}", view.href),
            site: hit.hit.url.as_deref().and_then(site_of).unwrap_or_default(),
            hit: view,
            variant: variant_sentence(&hit.variant),
            how: how(hit),
        }
    }

    fn blank() -> Self {
        Self {
            hit: HitView::blank(),
            variant: Some(String::new()),
            how: String::new(),
            picture_href: String::new(),
            evidence_href: String::new(),
            site: String::new(),
        }
    }
}

/// The name of a web address's site, as links say it.
pub(super) fn site_of(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// `centre square, mirrored`: what was done to the visitor's picture before it was alike. `static/words.js` says the same.
fn variant_sentence(variant: &str) -> Option<String> {
    if matches!(variant, "as is" | "") {
        return None;
    }
    let (part, form) = variant.rsplit_once(", ").map_or((None, variant), |(part, form)| (Some(part), form));
    Some(match (part, form_in_words(form)) {
        (None, Some(lying)) => format!("Found when your picture is {lying}."),
        (None, None) => format!("Found when your picture is {}.", part_in_words(form)),
        (Some(part), lying) => {
            format!("Found when your picture is {} and {}.", part_in_words(part), lying.unwrap_or(form))
        }
    })
}

fn form_in_words(form: &str) -> Option<&'static str> {
    Some(match form {
        "mirrored" => "mirrored",
        "flipped" => "turned upside down in a mirror",
        "rotated 90" => "turned clockwise by a quarter",
        "rotated 180" => "turned upside down",
        "rotated 270" => "turned counter-clockwise by a quarter",
        "transposed" => "mirrored and turned counter-clockwise by a quarter",
        "transversed" => "mirrored and turned clockwise by a quarter",
        "as stored" => "taken as it is stored",
        _ => return None,
    })
}

fn part_in_words(part: &str) -> String {
    if part == "border trimmed" {
        return "taken without its border".to_owned();
    }
    if part.starts_with("inner ") {
        return format!("cropped to its {part}");
    }
    let cut = part.strip_suffix(" cut").and_then(|part| part.split_once(' '));
    match cut {
        Some((side @ ("left" | "top" | "right" | "bottom"), share)) => format!("cut by {share} at the {side}"),
        _ => format!("cropped ({part})"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_are_said_in_words() {
        let said = |variant| variant_sentence(variant).unwrap();
        assert_eq!(variant_sentence("as is"), None);
        assert_eq!(said("mirrored"), "Found when your picture is mirrored.");
        assert_eq!(said("border trimmed"), "Found when your picture is taken without its border.");
        assert_eq!(said("centre square"), "Found when your picture is cropped (centre square).");
        assert_eq!(
            said("inner 80 %, rotated 180"),
            "Found when your picture is cropped to its inner 80 % and turned upside down."
        );
        assert_eq!(said("left 5 % cut, mirrored"), "Found when your picture is cut by 5 % at the left and mirrored.");
    }

    #[test]
    fn only_web_addresses_have_a_site() {
        assert_eq!(site_of("https://cdn.example.org/a.jpg").as_deref(), Some("cdn.example.org"));
        assert_eq!(site_of("http://127.0.0.1:81/a.jpg").as_deref(), Some("127.0.0.1:81"));
        for other in ["javascript:alert(1)", "data:image/png;base64,xx", "ftp://a/b", "a.jpg", ""] {
            assert_eq!(site_of(other), None, "{other}");
        }
    }
}
