//! A small seeded source of chance: the demo and the benchmarks must come out the same on every machine.
//!
//! The generator is xoshiro256++ started by splitmix64 (Blackman and Vigna, "Scrambled linear pseudorandom number
//! generators", 2018), written from the description. Nothing here is fit for secrets.

/// A seeded generator. Two with the same seed give the same values.
#[derive(Debug, Clone)]
pub struct Rng {
    state: [u64; 4],
}

impl Rng {
    pub fn new(seed: u64) -> Self {
        let mut mixed = seed;
        let mut next = || {
            mixed = mixed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            finalise(mixed)
        };
        Self { state: [next(), next(), next(), next()] }
    }

    /// A generator of its own for one part of the work, so that parts can be made in any order.
    pub fn for_part(seed: u64, part: &str, number: u64) -> Self {
        let label = part
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |sum: u64, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        Self::new(finalise(seed ^ label) ^ finalise(number.wrapping_add(0x51_7cc1_b727)))
    }

    pub fn next_u64(&mut self) -> u64 {
        let s = &mut self.state;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// Evenly spread over 0 (in) to 1 (out).
    #[expect(clippy::cast_precision_loss)] // 24 bits fit an f32 exactly.
    pub fn unit(&mut self) -> f32 {
        (self.next_u64() >> 40) as f32 / 16_777_216.0
    }

    /// Evenly spread over `low` (in) to `high` (out).
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// A whole number below `bound`; 0 where `bound` is 0.
    #[expect(clippy::cast_possible_truncation)] // The result is below `bound`, a usize.
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next_u64()) * bound as u128) >> 64) as usize
    }

    /// A whole number from `low` to `high`, both in.
    pub fn count(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    pub fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// One of the items. The slice must not be empty.
    pub fn pick<'a, T: ?Sized>(&mut self, items: &'a [&'a T]) -> &'a T {
        items[self.below(items.len())]
    }

    /// One of the items, by reference. The slice must not be empty.
    pub fn choose<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// `length` characters out of an alphabet of single bytes.
    pub fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(alphabet[self.below(alphabet.len())])).collect()
    }

    /// `length` lower-case hexadecimal digits.
    pub fn hex(&mut self, length: usize) -> String {
        self.text(b"0123456789abcdef", length)
    }
}

/// The finishing mix of splitmix64: close inputs give far outputs.
fn finalise(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_values_and_another_seed_others() {
        let mut first = Rng::new(7);
        let mut second = Rng::new(7);
        let mut third = Rng::new(8);
        let values: Vec<u64> = (0..50).map(|_| first.next_u64()).collect();
        assert!(values.iter().all(|&value| value == second.next_u64()));
        assert!(values.iter().any(|&value| value != third.next_u64()));
    }

    #[test]
    fn values_stay_in_their_bounds_and_reach_both_ends() {
        let mut rng = Rng::new(1);
        let counts: Vec<usize> = (0..2000).map(|_| rng.count(3, 6)).collect();
        assert_eq!((counts.iter().min(), counts.iter().max()), (Some(&3), Some(&6)));
        assert!((0..2000).all(|_| (0.0..1.0).contains(&rng.unit())));
        assert_eq!(rng.below(0), 0);
    }
}
