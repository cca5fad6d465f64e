//! Codes made by a generator, as the benchmarks of picture search ask them: near copies among strangers.

use rollcall::demo::Rng;
use rollcall::hash_code::{HashCode, HashKind};

/// Codes where no other number is asked for.
pub const CODES: usize = 10_000_000;
/// Forms and parts of one picture: 8 forms, 33 parts.
pub const VARIANTS: usize = 8 * 33;

/// 200 pictures in all their forms and parts, nearly all of which are near no code.
pub fn batch(queries: &[HashCode], rng: &mut Rng) -> Vec<HashCode> {
    (0..200 * VARIANTS).map(|i| flip(queries[i % queries.len()], 60, rng)).collect()
}

/// 70 % random, 30 % near copies of others, back to back.
pub fn codes(n: usize, kind: HashKind, rng: &mut Rng) -> Vec<u8> {
    let mut codes = vec![0; n * 32];
    for i in 0..n {
        let code = if i % 10 < 7 || i < 100 {
            let words: [u64; 4] = std::array::from_fn(|_| rng.next_u64());
            let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            HashCode::new(kind, &bytes).expect("32 bytes")
        } else {
            let of = rng.next_u64() as usize % i;
            let bits = rng.next_u64() % 40;
            flip(HashCode::new(kind, &codes[of * 32..][..32]).expect("32 bytes"), bits, rng)
        };
        codes[i * 32..][..32].copy_from_slice(code.as_bytes());
    }
    codes
}

/// Half of the queries are near a code, half near none.
pub fn query(codes: &[u8], i: usize, kind: HashKind, rng: &mut Rng) -> HashCode {
    let of = rng.next_u64() as usize % (codes.len() / 32);
    let near = HashCode::new(kind, &codes[of * 32..][..32]).expect("32 bytes");
    flip(near, if i.is_multiple_of(2) { 20 } else { 400 }, rng)
}

pub fn flip(code: HashCode, bits: u64, rng: &mut Rng) -> HashCode {
    let mut bytes = code.as_bytes().to_vec();
    for _ in 0..bits {
        let bit = rng.next_u64() as usize % 256;
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    HashCode::new(code.kind(), &bytes).expect("32 bytes")
}
