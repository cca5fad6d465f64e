//! [`crate::words`] as tantivy wants it, and the words of an address.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::words;

/// Words of an address longer than this are ids, not names.
const SLUG_WORD_MAX: usize = 40;
/// A mixture of letters and digits longer than this is an id: `img20190412` stays, a content hash goes.
const SLUG_MIXED_MAX: usize = 14;
/// A run that changes between cases, letters and digits more often than this is an id.
const SLUG_CUTS_MAX: usize = 3;
/// In a longer mixture than this, a stretch of letters must be long enough to be a word.
const SLUG_MIXED_ANY: usize = 5;
const SLUG_MIXED_LETTERS_MIN: usize = 3;
/// A number longer than this is an id, unless it is a date written as one; it is still found through the whole address.
const SLUG_NUMBER_MAX: usize = 6;
const SLUG_DATE_DIGITS: usize = 8;

#[derive(Clone, Copy)]
enum Way {
    Words,
    Slug,
}

#[derive(Clone)]
pub(super) struct Cutter {
    way: Way,
    words: Vec<Piece>,
    texts: String,
    token: Token,
}

#[derive(Clone, Copy)]
struct Piece {
    end: usize,
    from: usize,
    to: usize,
    position: usize,
}

impl Cutter {
    pub(super) fn words() -> Self {
        Self::new(Way::Words)
    }

    pub(super) fn slug() -> Self {
        Self::new(Way::Slug)
    }

    fn new(way: Way) -> Self {
        Self { way, words: Vec::new(), texts: String::new(), token: Token::default() }
    }
}

pub(super) struct CutterStream<'a> {
    cutter: &'a mut Cutter,
    next: usize,
}

impl Tokenizer for Cutter {
    type TokenStream<'a> = CutterStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> CutterStream<'a> {
        self.words.clear();
        self.texts.clear();
        let (pieces, texts) = (&mut self.words, &mut self.texts);
        let mut keep = |word: &str, from, to, position| {
            texts.push_str(word);
            pieces.push(Piece { end: texts.len(), from, to, position });
        };
        match self.way {
            Way::Words => words::each_word(&words::canonical(text), keep),
            Way::Slug => {
                let mut position = 0;
                slug_words(text, |word| {
                    keep(word, 0, 0, position);
                    position += 1;
                });
            }
        }
        CutterStream { cutter: self, next: 0 }
    }
}

impl TokenStream for CutterStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(piece) = self.cutter.words.get(self.next) else { return false };
        let start = self.next.checked_sub(1).map_or(0, |before| self.cutter.words[before].end);
        let token = &mut self.cutter.token;
        token.text.clear();
        token.text.push_str(&self.cutter.texts[start..piece.end]);
        token.offset_from = piece.from;
        token.offset_to = piece.to;
        token.position = piece.position;
        self.next += 1;
        true
    }

    fn token(&self) -> &Token {
        &self.cutter.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.cutter.token
    }
}

/// Words of a path or file name: whole runs, and what they are made of (`MiraOkonkwo2019` is also `mira`, `okonkwo`,
/// `2019`). Ids are left out: nobody types them as words, and they would make up half the index.
pub fn slug_words(path: &str, mut found: impl FnMut(&str)) {
    let mut emit = |word: &str| {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let all = word.chars().count();
        let fits = match letters {
            0 => {
                all <= SLUG_NUMBER_MAX
                    || (all == SLUG_DATE_DIGITS && (word.starts_with("19") || word.starts_with("20")))
            }
            _ if letters == all => {
                (2..=SLUG_WORD_MAX).contains(&all) || words::is_unspaced(word.chars().next().unwrap_or(' '))
            }
            _ => all <= SLUG_MIXED_ANY || (all <= SLUG_MIXED_MAX && letters_in_a_row(word) >= SLUG_MIXED_LETTERS_MIN),
        };
        if fits {
            found(word);
        }
    };
    let path = words::canonical(path);
    for run in path.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric()).filter(|run| !run.is_empty()) {
        words::each_word(run, |word, from, to, _| {
            emit(word);
            // The parts of a run that changes case or kind; a folded word of another length has no such parts.
            let Some(given) = run.get(from..to).filter(|given| given.is_ascii() && given.len() == word.len()) else {
                return;
            };
            let cuts: Vec<usize> = cuts(given.as_bytes()).collect();
            // An id changes at every other sign; a name does so rarely.
            if (1..=SLUG_CUTS_MAX).contains(&cuts.len()) {
                let mut start = 0;
                for end in cuts.into_iter().chain([word.len()]) {
                    if end - start >= 3 {
                        emit(&word[start..end]);
                    }
                    start = end;
                }
            }
        });
    }
}

/// Length of the longest stretch of letters.
fn letters_in_a_row(word: &str) -> usize {
    word.split(|c: char| !c.is_alphabetic()).map(|stretch| stretch.chars().count()).max().unwrap_or(0)
}

/// Where a run of ASCII letters and digits changes from lower to upper case, or between letters and digits.
fn cuts(run: &[u8]) -> impl Iterator<Item = usize> + '_ {
    (1..run.len()).filter(|&i| {
        let (a, b) = (run[i - 1], run[i]);
        (a.is_ascii_lowercase() && b.is_ascii_uppercase()) || a.is_ascii_digit() != b.is_ascii_digit()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(path: &str) -> Vec<String> {
        let mut all = Vec::new();
        slug_words(path, |word| all.push(word.to_owned()));
        all
    }

    #[test]
    fn names_in_paths_come_out() {
        assert_eq!(cut("/art/Mira-Okonkwo_2019.jpg"), ["art", "mira", "okonkwo", "2019", "jpg"]);
        assert_eq!(cut("/MiraOkonkwo12.png"), ["miraokonkwo12", "mira", "okonkwo", "png"]);
        assert_eq!(cut("/写真/x"), ["写真", "真"]);
    }

    #[test]
    fn ids_in_paths_stay_out() {
        assert_eq!(cut("/000/1834e46cb57a3651812b47d1678e02ec.jpg?ga=191230122222"), ["000", "jpg", "ga"]);
        assert_eq!(cut("/a8f3k2x9/1372976012-20190412_dsc00123"), ["20190412", "dsc00123", "dsc", "00123"]);
    }
}
