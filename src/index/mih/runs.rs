//! The innermost loop: which of a bucket's codes have a next band near enough to the query's.
//!
//! Three ways to do the same, chosen once for the processor at hand; tested against one another.

/// Pushes the places (from `first` on) of the values that differ from `query` in at most `most` bits.
pub(super) type Sieve = fn(values: &[u16], query: u16, most: u32, first: u32, out: &mut Vec<u32>);

/// The fastest sieve this processor has.
#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "code compiled for more than the lowest processor is unsafe to call")]
pub(super) fn sieve() -> Sieve {
    if is_x86_feature_detected!("avx512bitalg")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512f")
    {
        // SAFETY: the features were just found on this processor.
        return |values, query, most, first, out| unsafe { sieve_avx512(values, query, most, first, out) };
    }
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the feature was just found on this processor.
        return |values, query, most, first, out| unsafe { sieve_avx2(values, query, most, first, out) };
    }
    sieve_plain
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn sieve() -> Sieve {
    sieve_plain
}

fn sieve_plain(values: &[u16], query: u16, most: u32, first: u32, out: &mut Vec<u32>) {
    for (place, value) in (first..).zip(values) {
        if (value ^ query).count_ones() <= most {
            out.push(place);
        }
    }
}

/// 32 values an instruction, with the processor's own bit count.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512bitalg")]
#[expect(unsafe_code, reason = "a masked load from a pointer")]
fn sieve_avx512(values: &[u16], query: u16, most: u32, first: u32, out: &mut Vec<u32>) {
    use std::arch::x86_64::{
        _mm512_cmple_epu16_mask, _mm512_maskz_loadu_epi16, _mm512_popcnt_epi16, _mm512_set1_epi16, _mm512_xor_si512,
    };
    let query = _mm512_set1_epi16(query.cast_signed());
    let most = _mm512_set1_epi16(most as i16);
    for (place, chunk) in (first..).step_by(32).zip(values.chunks(32)) {
        let there = u32::MAX >> (32 - chunk.len());
        // SAFETY: only the values of the chunk are loaded; the mask covers no more.
        let loaded = unsafe { _mm512_maskz_loadu_epi16(there, chunk.as_ptr().cast()) };
        let differing = _mm512_popcnt_epi16(_mm512_xor_si512(loaded, query));
        let mut near = _mm512_cmple_epu16_mask(differing, most) & there;
        while near != 0 {
            out.push(place + near.trailing_zeros());
            near &= near - 1;
        }
    }
}

/// 16 values at a time; bits are counted by a table of nibbles.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[expect(unsafe_code, reason = "an unaligned load from a pointer")]
fn sieve_avx2(values: &[u16], query: u16, most: u32, first: u32, out: &mut Vec<u32>) {
    use std::arch::x86_64::{
        _mm256_add_epi8, _mm256_and_si256, _mm256_cmpgt_epi16, _mm256_loadu_si256, _mm256_maddubs_epi16,
        _mm256_movemask_epi8, _mm256_set1_epi8, _mm256_set1_epi16, _mm256_setr_epi8, _mm256_shuffle_epi8,
        _mm256_srli_epi16, _mm256_xor_si256,
    };
    let table = _mm256_setr_epi8(
        0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
    );
    let (low, ones) = (_mm256_set1_epi8(15), _mm256_set1_epi8(1));
    let query_all = _mm256_set1_epi16(query.cast_signed());
    let most_all = _mm256_set1_epi16(most as i16);
    let chunks = values.chunks_exact(16);
    let rest = chunks.remainder();
    let whole = (values.len() - rest.len()) as u32;
    for (place, chunk) in (first..).step_by(16).zip(chunks) {
        // SAFETY: the chunk has exactly the 32 bytes that are loaded.
        let loaded = unsafe { _mm256_loadu_si256(chunk.as_ptr().cast()) };
        let differing = _mm256_xor_si256(loaded, query_all);
        let bits = _mm256_add_epi8(
            _mm256_shuffle_epi8(table, _mm256_and_si256(differing, low)),
            _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(differing, 4), low)),
        );
        let far = _mm256_cmpgt_epi16(_mm256_maddubs_epi16(bits, ones), most_all);
        // Two mask bits a value: keep the even ones.
        let mut near = !_mm256_movemask_epi8(far).cast_unsigned() & 0x5555_5555;
        while near != 0 {
            out.push(place + near.trailing_zeros() / 2);
            near &= near - 1;
        }
    }
    sieve_plain(rest, query, most, first + whole, out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_sieve_keeps_the_same(values in prop::collection::vec(any::<u16>(), 0..200), query in any::<u16>(), most in 0_u32..17) {
            let mut expected = Vec::new();
            sieve_plain(&values, query, most, 7, &mut expected);
            let mut found = Vec::new();
            sieve()(&values, query, most, 7, &mut found);
            prop_assert_eq!(&found, &expected);
            #[cfg(target_arch = "x86_64")]
            if is_x86_feature_detected!("avx2") {
                found.clear();
                #[expect(unsafe_code, reason = "the feature was just found")]
                // SAFETY: the feature was just found on this processor.
                unsafe { sieve_avx2(&values, query, most, 7, &mut found) };
                prop_assert_eq!(&found, &expected);
            }
        }
    }
}
