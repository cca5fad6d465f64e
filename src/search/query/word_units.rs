//! Text as a query asks for it: folded words with their places, and runs of unspaced scripts kept together.

use crate::words;

/// A folded word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::search) struct QueryWord {
    pub text: String,
    /// Offset to the first word of its phrase.
    pub offset: usize,
    /// One character of an unspaced script: stands for every pair that begins with it.
    pub is_prefix: bool,
}

/// The words of a text as a query asks for them, with their places.
pub(in crate::search) fn query_words(text: &str) -> Vec<QueryWord> {
    let all = words::words(&words::canonical(text));
    let first = all.first().map_or(0, |word| word.position);
    let mut out: Vec<QueryWord> = Vec::new();
    for (i, word) in all.iter().enumerate() {
        let mut chars = word.text.chars();
        let alone = matches!((chars.next(), chars.next()), (Some(c), None) if words::is_unspaced(c));
        // The last character of a run is in the pair before it; asking for it alone would ask for the end of a run.
        let in_pair = alone && i > 0 && all[i - 1].to == word.to && all[i - 1].from < word.from;
        if !in_pair {
            out.push(QueryWord { text: word.text.clone(), offset: word.position - first, is_prefix: alone });
        }
    }
    out
}

/// Plain text as units that must each be found: single words, and runs of unspaced scripts kept together.
pub(super) fn units(text: &str) -> Vec<Vec<QueryWord>> {
    let mut units: Vec<Vec<QueryWord>> = Vec::new();
    for piece in text.split_whitespace() {
        let mut run: Vec<QueryWord> = Vec::new();
        for word in query_words(piece) {
            let unspaced = word.text.chars().next().is_some_and(words::is_unspaced);
            let goes_on = unspaced
                && run.last().is_some_and(|last| {
                    last.offset + 1 == word.offset && last.text.chars().next().is_some_and(words::is_unspaced)
                });
            if !goes_on && !run.is_empty() {
                units.push(std::mem::take(&mut run));
            }
            run.push(word);
        }
        if !run.is_empty() {
            units.push(run);
        }
    }
    for unit in &mut units {
        let first = unit.first().map_or(0, |word| word.offset);
        for word in unit {
            word.offset -= first;
        }
    }
    let mut seen = std::collections::HashSet::new();
    units.retain(|unit| seen.insert(unit.iter().map(|word| word.text.clone()).collect::<Vec<_>>()));
    units
}
