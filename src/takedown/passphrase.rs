//! The six words that open a case. They are shown once; the store keeps their Argon2id hash.

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use diceware_wordlists::EFF_LONG_WORDLIST;

/// Words in a passphrase. Six of 7,776 are 77 bits.
pub const WORDS: usize = 6;
/// Longest text that is looked at as a passphrase, bytes: six words of nine letters and room for mistakes.
const BYTES_MAX: usize = 200;
/// Memory and passes of the hash. A passphrase of ours has 77 bits of entropy, so nobody guesses it however cheap a
/// guess is; the hash keeps a stolen store from being a list of passphrases. Light, because every look at a case page
/// pays it. (Passwords that people choose get the full price: see [`super::accounts`].)
const MEMORY_KIB: u32 = 8 << 10;
const PASSES: u32 = 1;

/// A new passphrase: words of the EFF's long list with a space between.
pub fn generate(entropy: &dyn Fn(&mut [u8])) -> String {
    let words: Vec<&str> = (0..WORDS).map(|_| EFF_LONG_WORDLIST[below(EFF_LONG_WORDLIST.len(), entropy)]).collect();
    words.join(" ")
}

/// A number below `limit` (at most 65,536), every one as likely.
fn below(limit: usize, entropy: &dyn Fn(&mut [u8])) -> usize {
    // Numbers of the last, incomplete round are thrown again.
    let whole_rounds = 65_536 / limit * limit;
    loop {
        let mut bytes = [0; 2];
        entropy(&mut bytes);
        let number = usize::from(u16::from_le_bytes(bytes));
        if number < whole_rounds {
            return number % limit;
        }
    }
}

/// One writing of what was typed: small letters, one space between words, whatever stood there (people write hyphens,
/// commas and new lines). The list has words with a hyphen in them, so a hyphen counts as a space on both sides.
pub fn normalize(typed: &str) -> String {
    let mut end = typed.len().min(BYTES_MAX);
    while !typed.is_char_boundary(end) {
        end -= 1;
    }
    let separated = typed[..end].to_lowercase();
    let words = separated.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The hash to keep, in PHC writing. Takes milliseconds: not for an async thread.
pub fn hash(passphrase: &str, entropy: &dyn Fn(&mut [u8])) -> Result<String, argon2::password_hash::Error> {
    let mut salt = [0; 16];
    entropy(&mut salt);
    let salt = SaltString::encode_b64(&salt)?;
    Ok(hasher()?.hash_password(normalize(passphrase).as_bytes(), &salt)?.to_string())
}

/// Whether `typed` is the passphrase behind `hash`. Takes as long for a `hash` of nobody's ([`decoy`]).
pub fn verify(typed: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(normalize(typed).as_bytes(), &hash).is_ok())
}

/// A hash that no passphrase has: verified against where there is no case, so that an answer takes as long.
pub fn decoy() -> &'static str {
    "$argon2id$v=19$m=8192,t=1,p=1$ZGVjb3kgc2FsdCBkZWNveQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
}

fn hasher() -> Result<Argon2<'static>, argon2::password_hash::Error> {
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(MEMORY_KIB, PASSES, 1, None)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// Bytes that are different every time and the same in every run.
    fn counting() -> impl Fn(&mut [u8]) {
        let state = Cell::new(1_u64);
        move |bytes| {
            for byte in bytes {
                state.set(state.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
                *byte = (state.get() >> 56) as u8;
            }
        }
    }

    #[test]
    fn a_passphrase_is_six_words_and_opens_what_it_was_hashed_for() {
        let entropy = counting();
        let passphrase = generate(&entropy);
        assert_eq!(passphrase.split(' ').count(), WORDS);
        let kept = hash(&passphrase, &entropy).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=8192,t=1,p=1$"), "{kept}");
        assert!(!kept.contains(passphrase.split(' ').next().unwrap()));
        assert!(verify(&passphrase, &kept));
        assert!(!verify(&generate(&entropy), &kept));
        assert!(!verify("", &kept));
    }

    #[test]
    fn it_does_not_matter_how_the_words_are_set_apart_or_written() {
        let entropy = counting();
        let kept = hash("ember yo-yo canal drift velvet onion", &entropy).unwrap();
        for typed in ["Ember  YO-YO canal\ndrift velvet onion ", "ember-yo-yo-canal-drift-velvet-onion"] {
            assert!(verify(typed, &kept), "{typed}");
        }
        assert!(!verify("ember yo canal drift velvet onion", &kept));
    }

    #[test]
    fn two_hashes_of_one_passphrase_differ() {
        let entropy = counting();
        assert_ne!(hash("ember", &entropy).unwrap(), hash("ember", &entropy).unwrap());
    }

    #[test]
    fn nothing_opens_the_decoy_and_a_huge_text_is_cut() {
        assert!(PasswordHash::new(decoy()).is_ok(), "the decoy must cost as much as a real hash");
        assert!(!verify("ember", decoy()));
        assert!(normalize(&"é".repeat(100_000)).len() <= BYTES_MAX);
    }

    #[test]
    fn every_word_can_come_up() {
        let entropy = counting();
        let seen: std::collections::BTreeSet<usize> = (0..200_000).map(|_| below(7_776, &entropy)).collect();
        assert_eq!((seen.len(), seen.first(), seen.last()), (7_776, Some(&0), Some(&7_775)));
    }
}
