//! From what was filed to what is kept: numbers, names, who it was, what is asked of which dataset.

use std::collections::{BTreeMap, HashSet};

use sha2::{Digest as _, Sha256};

use crate::takedown::case::{Case, RecordRef, Requester};
use crate::takedown::decision::Outcome;
use crate::takedown::filing::Filing;
use crate::takedown::retention::MARK;
use crate::takedown::search_words;

/// The dataset of a case that names none: somebody has to find out which one is meant.
pub const ANY_DATASET: &str = "any";
/// Longest file name that is kept, characters.
const FILE_NAME_CHARS_MAX: usize = 200;
/// How much of the explanation the queue's search looks through, characters.
const SEARCHED_CHARS: usize = 2_000;

/// A number as it is kept, from what somebody typed: `k7q2m4xd`, `K7Q2 M4XD`, O for 0, I and L for 1.
pub fn normal_number(typed: &str) -> String {
    let sign = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    // One more than a number has, so that a longer text is not taken for one.
    let signs: Vec<char> = typed.chars().filter(char::is_ascii_alphanumeric).map(sign).take(9).collect();
    let (left, right) = signs.split_at(signs.len().min(4));
    format!("{}-{}", left.iter().collect::<String>(), right.iter().collect::<String>())
}

/// Records of one dataset together, each once, and the datasets that are asked without a record.
pub(super) fn by_dataset(records: Vec<RecordRef>, datasets: Vec<String>) -> BTreeMap<String, Vec<RecordRef>> {
    let mut all: BTreeMap<String, Vec<RecordRef>> = datasets.into_iter().map(|dataset| (dataset, Vec::new())).collect();
    let mut seen = HashSet::new();
    for record in records {
        if seen.insert((record.dataset.clone(), record.id.clone())) {
            all.entry(record.dataset.clone()).or_default().push(record);
        }
    }
    if all.is_empty() {
        all.insert(ANY_DATASET.to_owned(), Vec::new());
    }
    all
}

pub(super) fn one_after_the_other(mut first: Outcome, second: Outcome) -> Outcome {
    first.target = second.target;
    first.events.extend(second.events);
    first.letters.extend(second.letters);
    first.hide.extend(second.hide);
    first.unhide.extend(second.unhide);
    first
}

pub(super) fn case_of(number: &str, filing: &Filing, now_ms: i64) -> Case {
    let filing = filing.clone();
    Case {
        number: number.to_owned(),
        basis: filing.basis,
        filed_ms: now_ms,
        requester: filing.requester,
        explanation: filing.explanation,
        statements: filing.statements,
        signature: filing.signature,
        typed_urls: filing.typed_urls,
        cannot_find: filing.cannot_find,
        scope: filing.scope,
        share_name: filing.share_name,
        answers: filing.answers,
        targets: Vec::new(),
        events: Vec::new(),
    }
}

/// Who filed it, so that other cases of theirs are found: by address, else by name and country.
pub(super) fn person_of(requester: &Requester) -> String {
    let plain = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_lowercase();
    let (email, name) = (plain(&requester.email), plain(&requester.name));
    let known_by = if !email.is_empty() {
        format!("email {email}")
    } else if !name.is_empty() {
        format!("name {name} {}", plain(&requester.country))
    } else {
        return String::new();
    };
    hex::encode(Sha256::digest(known_by.as_bytes()))
}

/// What the queue finds a case by: its words in a line. The number also as one word; what was erased is none.
pub(super) fn searched(case: &Case) -> String {
    let requester = &case.requester;
    let explanation: String = case.explanation.chars().take(SEARCHED_CHARS).collect();
    let joined = case.number.replace('-', "");
    let mut parts = vec![case.number.as_str(), &joined, &explanation];
    parts.extend(
        [&requester.name, &requester.email, &case.signature, &case.cannot_find]
            .into_iter()
            .flatten()
            .map(String::as_str),
    );
    parts.extend(case.typed_urls.iter().map(String::as_str));
    search_words::line(&parts.join("\n").replace(MARK, ""))
}

/// A file's name without any folder and without what a terminal or a header would act on.
pub(super) fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control()).take(FILE_NAME_CHARS_MAX).collect();
    if plain.trim_matches(['.', ' ']).is_empty() { "file".to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_however_it_was_typed() {
        for typed in ["K7Q2-M40D", "k7q2m40d", " K7Q2 M4OD ", "k7q2–m4od"] {
            assert_eq!(normal_number(typed), "K7Q2-M40D", "{typed}");
        }
        assert_ne!(normal_number("K7Q2-M40DX"), "K7Q2-M40D");
        assert_eq!(normal_number(""), "-");
    }

    #[test]
    fn the_same_person_is_known_again_by_address_or_by_name() {
        let of = |name: &str, email: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            person_of(&Requester { name: some(name), email: some(email), ..Requester::default() })
        };
        assert_eq!(of("Mira Okoye", "mira@example.org"), of("M. Okoye", " Mira@example.org"));
        assert_eq!(of("Mira Okoye", ""), of("mira okoye ", ""));
        assert_ne!(of("Mira Okoye", ""), of("Noor Haddad", ""));
        assert_eq!(of("", ""), "");
    }

    #[test]
    fn a_file_name_is_only_a_name() {
        for (name, plain) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\me\\a b.png", "a b.png"),
            ("a\r\nb", "ab"),
            ("..", "file"),
            ("", "file"),
        ] {
            assert_eq!(plain_name(name), plain);
        }
    }
}
