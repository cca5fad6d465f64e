//! Words by the thousand, with the frequencies that real text has: a few very often, most hardly ever (Zipf's law).
//!
//! Index sizes and speeds measured on captions out of forty words would flatter us; these have a long tail.

use super::random::Rng;

/// Distinct words: about what ten million English captions use more than a few times.
const WORDS_MAX: usize = 60_000;

#[rustfmt::skip]
const COMMON: [&str; 96] = [
    "the", "of", "and", "in", "a", "with", "for", "on", "to", "by", "at", "from", "image", "photo", "black", "white", "home", "new",
    "stock", "design", "red", "blue", "vintage", "wall", "picture", "print", "free", "book", "green", "wood", "women", "men", "house",
    "garden", "set", "kitchen", "small", "large", "beach", "dress", "old", "art", "canvas", "poster", "map", "table", "room", "light",
    "cover", "silver", "gold", "leather", "summer", "winter", "wedding", "shirt", "boat", "harbour", "flower", "tree", "water", "sea",
    "river", "mountain", "sky", "sunset", "city", "street", "view", "church", "bridge", "north", "south", "island", "night", "day",
    "hand", "made", "painted", "glass", "stone", "paper", "portrait", "landscape", "abstract", "pattern", "modern", "classic", "style",
    "case", "bag", "shoes", "ring", "watch", "coffee", "bread",
];

const ONSETS: [&str; 28] = [
    "b", "br", "c", "ch", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pl", "qu", "r", "s",
    "sh", "st", "t", "tr", "v", "w", "z",
];
const VOWELS: [&str; 12] = ["a", "e", "i", "o", "u", "ai", "ea", "ie", "oo", "ou", "y", "au"];
const ENDS: [&str; 18] =
    ["", "", "", "n", "r", "l", "s", "t", "m", "nd", "st", "ck", "ng", "rt", "x", "th", "lle", "ne"];

/// The word list, most frequent first.
pub struct Vocabulary {
    words: Vec<String>,
    log_count: f32,
}

impl Vocabulary {
    #[expect(clippy::cast_precision_loss)]
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::for_part(seed, "vocabulary", 0);
        let mut known: std::collections::HashSet<String> = COMMON.iter().map(|&word| word.to_owned()).collect();
        let mut words: Vec<String> = COMMON.iter().map(|&word| word.to_owned()).collect();
        while words.len() < WORDS_MAX {
            // Rare words are longer, as in every language.
            let syllables = if words.len() < 3000 { rng.count(1, 2) } else { rng.count(2, 4) };
            let mut word = String::new();
            for _ in 0..syllables {
                word.extend([rng.pick(&ONSETS), rng.pick(&VOWELS), rng.pick(&ENDS)]);
            }
            if known.insert(word.clone()) {
                words.push(word);
            }
        }
        let log_count = (words.len() as f32).ln();
        Self { words, log_count }
    }

    /// A word: rank `r` comes about `1/r` as often as the first.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn word(&self, rng: &mut Rng) -> &str {
        let rank = (rng.unit() * self.log_count).exp() as usize;
        &self.words[rank.saturating_sub(1).min(self.words.len() - 1)]
    }

    /// A rare word, as names are.
    pub fn name(&self, rng: &mut Rng) -> &str {
        rng.choose::<String>(&self.words[3000..])
    }
}
