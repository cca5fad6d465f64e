//! Column names as lower-case words, and the words that give a role away, in several languages.

mod lists;

pub(super) use lists::*;

/// `flickrLarge_source` and `images[].LargeURL` as words: `flickr large source`, `images large url`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    let mut letters = name.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(letter) = letters.next() {
        let humped = letter.is_uppercase() && before.is_lowercase();
        // `URLSource`: the last capital of a run begins the next word.
        let run_ends =
            letter.is_uppercase() && before.is_uppercase() && letters.peek().is_some_and(|c| c.is_lowercase());
        if (humped || run_ends || !letter.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Names that readers and tools make up for files without names: `0`, `column_1`, `c3`, `_c0`, `f7`.
pub(super) fn is_made_up(name: &str) -> bool {
    let rest = name.trim().to_ascii_lowercase();
    let rest = rest.trim_start_matches('_');
    let rest =
        ["unnamed: ", "column", "col", "field", "c", "f"].iter().find_map(|p| rest.strip_prefix(p)).unwrap_or(rest);
    let rest = rest.trim_start_matches(['_', ' ', '-']);
    !rest.is_empty() && rest.len() <= 4 && rest.bytes().all(|byte| byte.is_ascii_digit())
}

/// Row numbers that pandas leaves in files.
pub(super) fn is_row_number(name: &str) -> bool {
    let name = name.trim();
    name.is_empty() || name.starts_with("__index_level_") || name.starts_with("Unnamed: ") || name == "index"
}
