//! Entropy-coded data without its escapes, and the bits of it.

/// Zeros behind a segment, so that the reader's last words need no care.
const PADDING: usize = 16;

/// One stretch of entropy-coded data, up to a marker. The room is used again for the next.
#[derive(Debug, Default)]
pub(super) struct Segment {
    bytes: Vec<u8>,
    /// Without the padding.
    length: usize,
}

impl Segment {
    /// Copies from `at` up to the next marker, and says which marker that is and where the data behind it starts; `None`
    /// if the file ends before one.
    pub(super) fn fill(&mut self, file: &[u8], mut at: usize) -> Option<(u8, usize)> {
        self.bytes.clear();
        loop {
            while let Some(chunk) = file.get(at..at + 16) {
                // All sixteen are looked at, so that the comparison is one instruction.
                if chunk.iter().fold(0, |any, byte| any | u8::from(*byte == 0xFF)) != 0 {
                    break;
                }
                self.bytes.extend_from_slice(chunk);
                at += 16;
            }
            while *file.get(at)? != 0xFF {
                self.bytes.push(file[at]);
                at += 1;
            }
            let mut next = at + 1;
            // Any number of 0xFF may stand before a marker.
            while *file.get(next)? == 0xFF {
                next += 1;
            }
            if file[next] != 0 {
                self.length = self.bytes.len();
                self.bytes.resize(self.length + PADDING, 0);
                return Some((file[next], next + 1));
            }
            if next > at + 1 {
                return None;
            }
            self.bytes.push(0xFF);
            at = next + 1;
        }
    }

    pub(super) fn bits(&self) -> Bits<'_> {
        Bits { bytes: &self.bytes, end: self.length as u64 * 8, at: 0, window: 0, count: 0 }
    }
}

/// Bits from the highest of the first byte on. Behind the end come zeros; [`Bits::is_past_end`] tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    /// In bits.
    end: u64,
    /// The byte that the window is filled from next.
    at: usize,
    /// The next bits, from the top.
    window: u64,
    /// How many bits of the window count.
    count: u32,
}

#[expect(clippy::inline_always, reason = "must be compiled anew inside each kernel, with its features")]
impl Bits<'_> {
    /// Brings at least 56 bits into the window: more than one symbol with its value takes.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        let word = self.bytes.get(self.at..self.at.wrapping_add(8));
        let word = word.and_then(|word| word.try_into().ok()).map_or(0, u64::from_be_bytes);
        self.window |= word >> self.count;
        self.at += (63 - self.count as usize) >> 3;
        // Whole bytes only: 56 to 63.
        self.count |= 0x38;
    }

    /// The next `n` bits, 1 to 32, as a number; does not move on.
    #[inline(always)]
    pub(super) fn peek(&self, n: u32) -> u32 {
        (self.window >> (64 - n)) as u32
    }

    #[inline(always)]
    pub(super) fn skip(&mut self, n: u32) {
        self.window <<= n;
        self.count -= n;
    }

    #[inline(always)]
    fn position(&self) -> u64 {
        self.at as u64 * 8 - u64::from(self.count)
    }

    #[inline(always)]
    pub(super) fn is_past_end(&self) -> bool {
        self.position() > self.end
    }

    /// True where nothing but the filling of the last byte is left.
    #[inline(always)]
    pub(super) fn is_at_end(&self) -> bool {
        let position = self.position();
        position <= self.end && self.end - position < 8
    }
}
