//! What the queue is searched by: the words of a case, each once, and the words that somebody types.
//!
//! A case is found when each word that was typed is the beginning of a word of its own, in any order. Words are cut and
//! folded as everywhere here ([`crate::words`]), so `chloe` finds Chloé and `mira@example` finds mira@example.org.

use std::collections::BTreeSet;

use crate::words::{canonical, each_word};

/// Words of a search that are looked at: nobody types more than a name and an address.
const TYPED_MAX: usize = 8;

/// The words of a text in one line, each behind a space, so that ` mir` stands in it where a word begins so.
pub(super) fn line(text: &str) -> String {
    let mut words = BTreeSet::new();
    each_word(&canonical(text), |word, _, _, _| {
        words.insert(word.to_owned());
    });
    words.iter().flat_map(|word| [" ", word]).collect()
}

/// The words of a [`line()`].
pub(super) fn of_line(line: &str) -> Vec<&str> {
    line.split(' ').filter(|word| !word.is_empty()).collect()
}

/// The words somebody looks for.
pub(super) fn typed(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    each_word(&canonical(text), |word, _, _, _| {
        if words.len() < TYPED_MAX && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    });
    words
}

/// What comes after every word that begins so, byte by byte.
pub(super) fn after_prefix(prefix: &str) -> Vec<u8> {
    let mut end = prefix.as_bytes().to_vec();
    // No byte of a text is the largest there is.
    if let Some(last) = end.last_mut() {
        *last += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_each_word_once_behind_a_space() {
        assert_eq!(line("Chloé Okoye\nchloe@example.org\nO'Neil, O'Neil"), " chloe example okoye oneil org");
        assert_eq!(of_line(&line("b a b")), ["a", "b"]);
        assert_eq!((line("%_!"), of_line("").len()), (String::new(), 0));
    }

    #[test]
    fn what_is_typed_is_cut_as_what_was_written() {
        assert_eq!(typed(" Mira@EXAMPLE mira "), ["mira", "example"]);
        assert_eq!(typed("100% O"), ["100", "o"]);
        assert!(typed("% _").is_empty());
        assert_eq!(typed("a b c d e f g h i j").len(), TYPED_MAX);
    }

    #[test]
    fn all_words_that_begin_so_lie_before_the_end() {
        for (prefix, word) in [("mir", "mira"), ("mir", "mir\u{10ffff}"), ("é", "éa"), ("小", "小明")] {
            assert!(word.as_bytes() >= prefix.as_bytes() && word.as_bytes() < after_prefix(prefix).as_slice());
        }
        assert!(b"mis".as_slice() >= after_prefix("mir").as_slice());
    }
}
