//! The linear scan: the distance of one code to all codes of a file, as fast as memory gives them.
//!
//! One plain loop, compiled three times for what the processor can do (AVX-512 with its own bit count, AVX2, plain),
//! chosen at run time.

/// Codes whose distances are computed before any is compared: keeps the loop free of branches.
const BATCH: usize = 64;

/// Calls `found(index, distance)` for every code within `radius`, in order. `codes` holds codes of `query.len()` bytes
/// (8 or 32) back to back; a rest that is no whole code is ignored.
pub fn scan(codes: &[u8], query: &[u8], radius: u32, mut found: impl FnMut(usize, u32)) {
    match query.len() {
        8 => scan_words::<1>(codes, query, radius, &mut found),
        32 => scan_words::<4>(codes, query, radius, &mut found),
        _ => {}
    }
}

fn scan_words<const WORDS: usize>(codes: &[u8], query: &[u8], radius: u32, found: &mut dyn FnMut(usize, u32)) {
    let mut words = [0; WORDS];
    for (word, bytes) in words.iter_mut().zip(query.chunks_exact(8)) {
        *word = word_of(bytes);
    }
    let distances = kernel::<WORDS>();
    let size = WORDS * 8;
    let mut out = [0; BATCH];
    for (batch, bytes) in codes.chunks(BATCH * size).enumerate() {
        let n = bytes.len() / size;
        distances(bytes, &words, &mut out);
        for (i, distance) in out[..n].iter().enumerate() {
            if *distance <= radius {
                found(batch * BATCH + i, *distance);
            }
        }
    }
}

type Kernel<const WORDS: usize> = fn(&[u8], &[u64; WORDS], &mut [u32; BATCH]);

#[expect(clippy::inline_always, reason = "must be compiled anew inside each kernel, with its features")]
#[inline(always)]
fn distances<const WORDS: usize>(bytes: &[u8], query: &[u64; WORDS], out: &mut [u32; BATCH]) {
    for (out, code) in out.iter_mut().zip(bytes.chunks_exact(WORDS * 8)) {
        let mut distance = 0;
        for word in 0..WORDS {
            distance += (word_of(&code[word * 8..word * 8 + 8]) ^ query[word]).count_ones();
        }
        *out = distance;
    }
}

#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
fn word_of(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_le_bytes)
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "code compiled for more than the lowest processor is unsafe to call")]
fn kernel<const WORDS: usize>() -> Kernel<WORDS> {
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vpopcntdq,popcnt")]
    fn avx512<const WORDS: usize>(bytes: &[u8], query: &[u64; WORDS], out: &mut [u32; BATCH]) {
        distances(bytes, query, out);
    }
    #[target_feature(enable = "avx2,popcnt")]
    fn avx2<const WORDS: usize>(bytes: &[u8], query: &[u64; WORDS], out: &mut [u32; BATCH]) {
        distances(bytes, query, out);
    }
    if is_x86_feature_detected!("avx512vpopcntdq")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vl")
    {
        // SAFETY: the features were just found on this processor.
        return |bytes, query, out| unsafe { avx512(bytes, query, out) };
    }
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt") {
        // SAFETY: the features were just found on this processor.
        return |bytes, query, out| unsafe { avx2(bytes, query, out) };
    }
    distances
}

#[cfg(not(target_arch = "x86_64"))]
fn kernel<const WORDS: usize>() -> Kernel<WORDS> {
    distances
}
