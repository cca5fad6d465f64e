//! Texts stripped of what names a private person: what the case knows of them, and what looks like an address.
//!
//! A machine cannot know every name. So an export leaves out what the person wrote wherever its form allows, and the page
//! asks the maintainer to read it before it goes out.

use super::super::case::{Case, Target};

/// What stands in the place of what was taken out.
pub const REDACTED: &str = "[redacted]";
/// Shorter parts of a name are words, too: taking "Li" out would take it out of "Lisbon" as well.
const NAME_CHARS_MIN: usize = 3;
/// Digits in a row, with spaces and signs between, from which on they are read as a telephone number.
const PHONE_DIGITS_MIN: usize = 8;
/// Signs that may stand between the digits of a telephone number.
const PHONE_SIGNS: &str = " -./()+";

/// What must not stand in an export.
pub struct Redactor {
    /// In lower case, longest first: a whole name before its parts.
    known: Vec<String>,
}

impl Redactor {
    pub fn of(case: &Case, target: &Target) -> Self {
        let who = &case.requester;
        let mut known: Vec<String> = Vec::new();
        let of_notice = target.memo.counter_notice.as_ref();
        let names = [&who.name, &case.signature].into_iter().flatten();
        for name in names.chain(of_notice.map(|notice| &notice.name)) {
            known.push(name.clone());
            known.extend(name.split_whitespace().map(ToOwned::to_owned));
        }
        let others = [&who.email, &who.address, &who.phone].into_iter().flatten();
        known.extend(others.chain(of_notice.map(|notice| &notice.address)).cloned());
        known.extend(case.typed_urls.iter().cloned());
        known.push(case.number.clone());
        for row in &target.rows {
            known.extend([&row.record.url, &row.record.source_id].into_iter().flatten().cloned());
        }
        let mut known: Vec<String> = known
            .iter()
            .map(|text| text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
            .filter(|text| text.chars().count() >= NAME_CHARS_MIN)
            .collect();
        known.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        known.dedup();
        Self { known }
    }

    /// The text without what is known of the person, and without web addresses, e-mail addresses, account names and
    /// telephone numbers of anybody.
    pub fn clean(&self, text: &str) -> String {
        let known = self.known.iter().fold(text.to_owned(), |text, what| without(&text, what));
        let words: Vec<&str> = known.split_inclusive(char::is_whitespace).collect();
        let words: String =
            words.iter().map(|word| if is_address(word) { kept_space(word) } else { (*word).to_owned() }).collect();
        without_phones(&words)
    }
}

/// Every place of `what` (in lower case), where it stands as words of its own, replaced.
fn without(text: &str, what: &str) -> String {
    let lower: Vec<(usize, char)> =
        text.char_indices().flat_map(|(at, c)| c.to_lowercase().map(move |l| (at, l))).collect();
    let what: Vec<char> = what.chars().collect();
    let (mut out, mut from, mut at) = (String::new(), 0, 0);
    while at + what.len() <= lower.len() {
        let here = &lower[at..at + what.len()];
        let is_word = |side: Option<&(usize, char)>| side.is_some_and(|(_, c)| c.is_alphanumeric());
        let matches = here.iter().map(|(_, c)| c).eq(what.iter());
        let before = at.checked_sub(1).and_then(|at| lower.get(at));
        if matches && !is_word(before) && !is_word(lower.get(at + what.len())) {
            out.push_str(&text[from..here[0].0]);
            out.push_str(REDACTED);
            from = lower.get(at + what.len()).map_or(text.len(), |(end, _)| *end);
            at += what.len();
        } else {
            at += 1;
        }
    }
    out.push_str(&text[from..]);
    out
}

/// A web address, an e-mail address, a DID or an account name.
fn is_address(word: &str) -> bool {
    let word = word.trim().trim_matches(|c: char| !c.is_alphanumeric() && c != '@');
    let has_host = |host: &str| host.split_once('.').is_some_and(|(name, rest)| !name.is_empty() && rest.len() >= 2);
    word.contains("://")
        || word.starts_with("www.")
        || word.starts_with("did:")
        || (word.starts_with('@') && word.len() > 1)
        || word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && has_host(host))
}

/// The mark, with the space that followed the word.
fn kept_space(word: &str) -> String {
    let space: String = word.chars().skip_while(|c| !c.is_whitespace()).collect();
    format!("{REDACTED}{space}")
}

fn without_phones(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_digit() || (PHONE_SIGNS.contains(c) && (!run.is_empty() || c == '+')) {
            run.push(c);
            continue;
        }
        let number = run.trim_end_matches(|c: char| !c.is_ascii_digit() && c != ')');
        if number.chars().filter(char::is_ascii_digit).count() >= PHONE_DIGITS_MIN && !is_date(number) {
            out.push_str(REDACTED);
            out.push_str(&run[number.len()..]);
        } else {
            out.push_str(&run);
        }
        run.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

/// `2026-11-22` has eight digits, too.
fn is_date(text: &str) -> bool {
    text.trim().parse::<jiff::civil::Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redactor(known: &[&str]) -> Redactor {
        Redactor { known: known.iter().map(|text| text.to_lowercase()).collect() }
    }

    #[test]
    fn what_is_known_of_a_person_is_taken_out_however_it_is_written() {
        let redactor = redactor(&["Ada Lindqvist", "Lindqvist", "Ada"]);
        for (text, clean) in [
            ("ADA LINDQVIST asked.", "[redacted] asked."),
            ("Ada’s picture, by Ms. Lindqvist", "[redacted]’s picture, by Ms. [redacted]"),
            ("Adam and adaptation stay", "Adam and adaptation stay"),
            ("İstanbul Ada", "İstanbul [redacted]"),
        ] {
            assert_eq!(redactor.clean(text), clean);
        }
    }

    #[test]
    fn addresses_and_numbers_of_anybody_are_taken_out() {
        let redactor = redactor(&[]);
        for (text, clean) in [
            ("write to a.b@c.example, now", "write to [redacted] now"),
            ("see https://x.example/a?b or www.y.example.", "see [redacted] or [redacted]"),
            ("posted by @ada.bsky.social and did:plc:abc", "posted by [redacted] and [redacted]"),
            ("call +49 (40) 123 456-78 today", "call [redacted] today"),
            ("row 17 of 2,048 rows on 2026-11-22", "row 17 of 2,048 rows on 2026-11-22"),
            ("Article 17(1)(a), 512(c)(3) and e.g. this", "Article 17(1)(a), 512(c)(3) and e.g. this"),
        ] {
            assert_eq!(redactor.clean(text), clean);
        }
    }
}
