//! Text to words: the one way in which captions, names and queries are cut and folded, so that what is typed finds
//! what was written.
//!
//! Words are runs of letters and digits, in lower case, without accents (é = e, ß = ss, ø = o), compatibility forms
//! resolved (ﬁ = fi, Ａ = A). Scripts that put no spaces between words (Chinese, Japanese, Korean, Thai, Lao, Khmer,
//! Burmese) are cut into overlapping pairs of characters, the last character once more alone, so that any stretch of
//! two or more is found as a phrase and one character as the beginning of a pair. Apostrophes inside a word are
//! dropped (O'Neil = oneil).

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_compatible;

/// Longest word in bytes: longer runs are encoded data, not words, and would only swell the index.
pub const WORD_BYTES_MAX: usize = 64;

/// A word with its place in the text it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    /// Byte offsets in the text given (after [`canonical`]).
    pub from: usize,
    pub to: usize,
    /// Counts words; the parts of a phrase stand at consecutive positions.
    pub position: usize,
}

/// Composes what must be composed before it can be cut (Korean letters written apart, Japanese voicing marks written
/// apart); everything else is left as it is, so that offsets stay true to the text shown.
pub fn canonical(text: &str) -> Cow<'_, str> {
    let apart = |c: char| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3099}' | '\u{309a}');
    if !text.is_ascii() && text.chars().any(apart) { text.nfc().collect::<String>().into() } else { text.into() }
}

/// Calls `found` for every word. The text must have gone through [`canonical`].
pub fn each_word(text: &str, mut found: impl FnMut(&str, usize, usize, usize)) {
    let mut cutter = Cutter { word: String::new(), from: 0, to: 0, position: 0, pair: None };
    for (at, c) in text.char_indices() {
        cutter.push(c, at, &mut found);
    }
    cutter.end_word(&mut found);
    cutter.end_run(&mut found);
}

/// All words of a text.
pub fn words(text: &str) -> Vec<Word> {
    let mut all = Vec::new();
    each_word(text, |word, from, to, position| all.push(Word { text: word.to_owned(), from, to, position }));
    all
}

/// The folded words on one line: what two writings of one name have in common.
pub fn fold_to_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    each_word(&canonical(text), |word, _, _, _| {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    });
    line
}

/// Whether a character belongs to a script that is written without spaces.
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' // Thai, Lao, Burmese, Khmer
        | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3031}'..='\u{3035}' // CJK radicals, iteration marks
        | '\u{3040}'..='\u{30ff}' | '\u{3100}'..='\u{312f}' | '\u{31a0}'..='\u{31ff}' // kana, bopomofo
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' // Han, Hangul
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{323af}')
}

struct Cutter {
    word: String,
    from: usize,
    to: usize,
    position: usize,
    /// Last character of an unspaced run, with its offsets.
    pair: Option<(char, usize, usize)>,
}

impl Cutter {
    fn push(&mut self, c: char, at: usize, found: &mut impl FnMut(&str, usize, usize, usize)) {
        let end = at + c.len_utf8();
        if c.is_ascii_alphanumeric() {
            self.end_run(found);
            self.grow(c.to_ascii_lowercase(), at, end);
        } else if c.is_ascii() {
            // An apostrophe between letters belongs to the word; any other sign ends it.
            if c != '\'' {
                self.end_word(found);
            }
            self.end_run(found);
        } else if is_unspaced(c) {
            self.push_unspaced(c, at, end, found);
        } else if !is_mark(c) && c != '\u{2019}' && c != '\u{ad}' && c != '\u{200d}' && c != '\u{200c}' {
            self.end_run(found);
            if c.is_alphanumeric() || is_inner_sign(c) {
                self.grow_folded(c, at, end);
            } else {
                self.end_word(found);
            }
        }
    }

    fn push_unspaced(&mut self, c: char, at: usize, end: usize, found: &mut impl FnMut(&str, usize, usize, usize)) {
        self.end_word(found);
        // Half-width kana have full-width forms; Han and Hangul stay as they are.
        let c = if matches!(c, '\u{ff66}'..='\u{ff9f}') { first_compatible(c) } else { c };
        if let Some((last, from, _)) = self.pair.replace((c, at, end)) {
            let mut buffer = [0; 8];
            let n = last.encode_utf8(&mut buffer).len();
            let n = n + c.encode_utf8(&mut buffer[n..]).len();
            if let Ok(pair) = std::str::from_utf8(&buffer[..n]) {
                found(pair, from, end, self.position);
                self.position += 1;
            }
        }
    }

    fn grow(&mut self, c: char, at: usize, end: usize) {
        if self.word.is_empty() {
            self.from = at;
        }
        self.word.push(c);
        self.to = end;
    }

    fn grow_folded(&mut self, c: char, at: usize, end: usize) {
        let mut folded: [char; 20] = ['\0'; 20];
        let mut n = 0;
        decompose_compatible(c, |part| {
            if !is_mark(part) && (part.is_alphanumeric() || is_inner_sign(part)) && n < folded.len() {
                folded[n] = part;
                n += 1;
            }
        });
        if folded[..n].iter().any(|part| is_unspaced(*part)) {
            // An ideograph in a ring or raised: taken as the sign it is, not as a part of running text.
            return self.grow(c, at, end);
        }
        for &part in &folded[..n] {
            match part {
                'ß' | 'ẞ' => self.grow_all("ss", at, end),
                'æ' | 'Æ' => self.grow_all("ae", at, end),
                'œ' | 'Œ' => self.grow_all("oe", at, end),
                'ø' | 'Ø' => self.grow('o', at, end),
                'ł' | 'Ł' => self.grow('l', at, end),
                'đ' | 'Đ' | 'ð' | 'Ð' => self.grow('d', at, end),
                'þ' | 'Þ' => self.grow_all("th", at, end),
                'ı' => self.grow('i', at, end),
                'ς' => self.grow('σ', at, end),
                _ => part.to_lowercase().filter(|c| !is_mark(*c)).for_each(|c| self.grow(c, at, end)),
            }
        }
    }

    fn grow_all(&mut self, text: &str, at: usize, end: usize) {
        text.chars().for_each(|c| self.grow(c, at, end));
    }

    fn end_word(&mut self, found: &mut impl FnMut(&str, usize, usize, usize)) {
        if self.word.is_empty() {
            return;
        }
        if self.word.len() <= WORD_BYTES_MAX {
            found(&self.word, self.from, self.to, self.position);
        }
        self.position += 1;
        self.word.clear();
    }

    fn end_run(&mut self, found: &mut impl FnMut(&str, usize, usize, usize)) {
        if let Some((last, from, to)) = self.pair.take() {
            found(last.encode_utf8(&mut [0; 4]), from, to, self.position);
            self.position += 1;
        }
    }
}

/// Accents and points that are dropped: those of Latin, Greek, Cyrillic, Hebrew and Arabic. Vowel signs of Indic
/// scripts carry the word and stay.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{0591}'..='\u{05c7}' | '\u{064b}'..='\u{065f}' | '\u{0670}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}')
}

/// Signs that are not letters by Unicode's book and yet stand inside words: Indic vowel signs and joiners.
fn is_inner_sign(c: char) -> bool {
    matches!(c, '\u{0900}'..='\u{0dff}' | '\u{0f71}'..='\u{0fbc}') && !matches!(c, '\u{0964}' | '\u{0965}' | '\u{0970}')
}

fn first_compatible(c: char) -> char {
    let mut first = c;
    let mut seen = false;
    decompose_compatible(c, |part| {
        if !seen {
            first = part;
            seen = true;
        }
    });
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str) -> Vec<String> {
        words(&canonical(text)).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn case_accents_and_forms_are_folded() {
        assert_eq!(
            cut("Żółć Straße ÆSIR O'Neil’s ﬁne Ａ１ Ελλάς"),
            ["zolc", "strasse", "aesir", "oneils", "fine", "a1", "ελλασ"]
        );
        assert_eq!(cut("cafe\u{301}"), cut("caf\u{e9}"));
    }

    #[test]
    fn hashtags_and_signs_only_separate() {
        assert_eq!(cut("#FirstPost, rock-&-roll… 50%"), ["firstpost", "rock", "roll", "50"]);
        assert_eq!(cut("🎨🎨"), Vec::<String>::new());
    }

    #[test]
    fn scripts_without_spaces_become_pairs() {
        assert_eq!(cut("青空写真 ok"), ["青空", "空写", "写真", "真", "ok"]);
        assert_eq!(cut("가"), ["가"]);
        assert_eq!(cut("\u{1100}\u{1161}\u{11a8}\u{1100}\u{1161}"), cut("각가"));
        assert_eq!(cut("か\u{3099}く"), cut("がく"));
    }

    #[test]
    fn offsets_point_into_the_text() {
        let text = "Eén Żeń, 青空";
        for word in words(text) {
            assert!(text.is_char_boundary(word.from) && text.is_char_boundary(word.to));
        }
        assert_eq!(&text[words(text)[1].from..words(text)[1].to], "Żeń");
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "[ -~À-ɏΑ-ωЀ-ӿ’ﬀ-ﬆＡ-Ｚａ-ｚ]{0,60}") {
            let once = fold_to_line(&text);
            prop_assert_eq!(fold_to_line(&once), once);
        }

        #[test]
        fn any_text_is_cut_without_a_panic(text in "\\PC{0,60}") {
            let _ = cut(&text);
        }
    }
}
