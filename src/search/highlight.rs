//! Marking what was searched in the text that was found.

use std::collections::HashSet;

use super::clauses::phrase_words;
use super::query::{Query, Term};
use crate::words;

/// Longest piece of text shown around the marks, in characters: about four lines.
const EXCERPT_CHARS: usize = 320;
/// Text kept before the first mark.
const LEAD_CHARS: usize = 80;

/// The folded words whose occurrences are marked.
pub(super) struct Marker {
    words: HashSet<String>,
    prefixes: Vec<String>,
}

impl Marker {
    pub(super) fn new(query: &Query) -> Self {
        let mut marker = Self { words: HashSet::new(), prefixes: Vec::new() };
        for term in &query.terms {
            match term {
                Term::Word(words) | Term::Phrase(words) => {
                    for word in words {
                        if word.is_prefix {
                            marker.prefixes.push(word.text.clone());
                        } else {
                            marker.words.insert(word.text.clone());
                        }
                    }
                }
                Term::Author(name) => marker.words.extend(phrase_words(name)),
                Term::Identifier(identifier) => {
                    marker.words.extend(phrase_words(identifier.display().trim_start_matches("u/")));
                }
                Term::Domain(host) => marker.words.extend(phrase_words(host)),
                Term::Url(url) => marker.words.extend(phrase_words(url.as_str())),
                Term::Post(_) | Term::Digest(_) => {}
            }
        }
        marker
    }

    fn marks(&self, word: &str) -> bool {
        self.words.contains(word) || self.prefixes.iter().any(|prefix| word.starts_with(prefix))
    }

    /// The text with marks, escaped, cut to an excerpt around the first place with most marks; `None` without a mark.
    pub(super) fn excerpt(&self, text: &str) -> Option<String> {
        let text = words::canonical(text);
        let mut marks: Vec<(usize, usize)> = Vec::new();
        words::each_word(&text, |word, from, to, _| {
            if self.marks(word) {
                match marks.last_mut() {
                    Some(last) if from <= last.1 => last.1 = last.1.max(to),
                    _ => marks.push((from, to)),
                }
            }
        });
        let best = best_start(&marks)?;
        let (from, to) = window(&text, best);
        let mut html = String::with_capacity(to - from + 64);
        if from > 0 {
            html.push_str("… ");
        }
        let mut at = from;
        for (start, end) in marks.into_iter().filter(|(start, end)| *start >= from && *end <= to) {
            escape(&text[at..start], &mut html);
            html.push_str("<mark>");
            escape(&text[start..end], &mut html);
            html.push_str("</mark>");
            at = end;
        }
        escape(&text[at..to], &mut html);
        if to < text.len() {
            html.push_str(" …");
        }
        Some(html)
    }
}

/// Where the window with most marks begins.
fn best_start(marks: &[(usize, usize)]) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    for (i, (from, _)) in marks.iter().enumerate() {
        // Bytes for characters: a bound for the choice, not for the cut.
        let inside = marks[i..].iter().take_while(|(start, _)| start - from < EXCERPT_CHARS - LEAD_CHARS).count();
        if best.is_none_or(|(_, most)| inside > most) {
            best = Some((*from, inside));
        }
    }
    best.map(|(from, _)| from)
}

/// Byte range of the excerpt, at character boundaries and, where near, at a space.
fn window(text: &str, mark: usize) -> (usize, usize) {
    let lead = text[..mark].char_indices().rev().take(LEAD_CHARS).last().map_or(mark, |(at, _)| at);
    let from = if lead == 0 { 0 } else { text[lead..mark].find(' ').map_or(lead, |space| lead + space + 1) };
    let to = text[from..].char_indices().nth(EXCERPT_CHARS).map_or(text.len(), |(at, _)| from + at);
    let to = if to == text.len() { to } else { text[mark..to].rfind(' ').map_or(to, |space| mark + space) };
    (from, to.max(mark))
}

/// Escapes for HTML text and quoted attributes.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::engine::TextRequest;
    use proptest::prelude::*;

    fn excerpt(q: &str, text: &str) -> Option<String> {
        Marker::new(&Query::read(&TextRequest { q: q.to_owned(), ..TextRequest::default() }).unwrap()).excerpt(text)
    }

    #[test]
    fn words_are_marked_and_everything_is_escaped() {
        assert_eq!(excerpt("cafe", "<b>Café</b> & more").unwrap(), "&lt;b&gt;<mark>Café</mark>&lt;/b&gt; &amp; more");
        assert_eq!(excerpt("写真", "青空写真館").unwrap(), "青空<mark>写真</mark>館");
        assert_eq!(excerpt("boat", "no such word"), None);
    }

    #[test]
    fn a_long_text_is_cut_around_the_mark() {
        let text = format!("{} harbour {}", "word ".repeat(500), "after ".repeat(500));
        let html = excerpt("harbour", &text).unwrap();
        assert!(html.starts_with("… ") && html.ends_with(" …") && html.contains("<mark>harbour</mark>"));
        assert!(html.chars().count() < EXCERPT_CHARS + 40);
    }

    proptest! {
        #[test]
        fn any_text_is_cut_without_a_panic(text in "(\\PC{0,8} a ){0,120}") {
            if let Some(html) = excerpt("a", &text) {
                prop_assert!(html.contains("<mark>"));
            }
        }
    }
}
