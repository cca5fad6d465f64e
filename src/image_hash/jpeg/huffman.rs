//! Huffman tables that give a symbol, what it means and how many bits it takes with its value, in one look.

use super::bits::Bits;

/// Codes of up to this many bits are found in one look: nearly all of them; a table of this size stays in the cache.
const LOOK_BITS: u32 = 10;
const CODE_BITS_MAX: usize = 16;
/// One or two symbols with their values are found in one look at this many bits.
const PAIR_BITS: u32 = 11;
/// Steps that end a block: more than a block has coefficients.
pub(super) const END_OF_BLOCK: u32 = 100;

/// A symbol with its value: packed as bits taken (5), bits of the value among them (4), and zeros before it (7).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Symbol(u16);

/// Several symbols at once that are only passed over: packed as bits taken (5), and coefficients passed (8).
#[derive(Debug, Clone, Copy, Default)]
struct Leap(u16);

/// One or two symbols whose codes and values all stand in a look.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pair {
    /// Bits of the first, and of both; 0 where not even the first is whole.
    pub(super) bits_one: u8,
    pub(super) bits_both: u8,
    /// Coefficients that each moves on by, itself among them; 0 where there is no second.
    pub(super) steps_one: u8,
    pub(super) steps_two: u8,
    pub(super) one: i16,
    pub(super) two: i16,
}

/// What a table's symbols stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Dc,
    Ac,
}

#[derive(Debug, Clone)]
pub(super) struct Table {
    looks: Vec<Symbol>,
    leaps: Vec<Leap>,
    pairs: Vec<Pair>,
    /// One past the last code of each length, as a 16-bit number; and what to add to a code to find its symbol.
    ends: [u32; CODE_BITS_MAX + 1],
    offsets: [i32; CODE_BITS_MAX + 1],
    symbols: Vec<Symbol>,
}

impl Table {
    /// From the numbers of codes of each length and the symbols in order; `None` if they make no code.
    pub(super) fn new(class: Class, counts: &[u8; CODE_BITS_MAX], symbols: &[u8]) -> Option<Self> {
        let (mut ends, mut offsets) = ([0; CODE_BITS_MAX + 1], [0; CODE_BITS_MAX + 1]);
        let mut looks = vec![Symbol(0); 1 << LOOK_BITS];
        let mut meanings = Vec::with_capacity(symbols.len());
        let (mut code, mut n) = (0u32, 0usize);
        for (length, count) in (1u32..).zip(counts) {
            offsets[length as usize] = n as i32 - code as i32;
            for symbol in symbols.get(n..n + usize::from(*count))? {
                let meaning = Symbol::new(class, length, *symbol);
                meanings.push(meaning);
                if length <= LOOK_BITS {
                    let first = (code << (LOOK_BITS - length)) as usize;
                    looks.get_mut(first..first + (1 << (LOOK_BITS - length)))?.fill(meaning);
                }
                code += 1;
            }
            n += usize::from(*count);
            if code > 1 << length {
                return None;
            }
            ends[length as usize] = code << (16 - length);
            code <<= 1;
        }
        Some(Self { looks, leaps: Vec::new(), pairs: Vec::new(), ends, offsets, symbols: meanings })
    }

    /// Prepares [`Table::pass`] for many blocks.
    pub(super) fn prepare_leaps(&mut self) {
        if !self.leaps.is_empty() {
            return;
        }
        let leap = |index: usize| {
            let (mut taken, mut passed) = (0, 0);
            loop {
                let symbol = self.looks[(index << taken) & ((1 << LOOK_BITS) - 1)];
                let is_end = symbol.zeros() == END_OF_BLOCK;
                let fits = taken + symbol.taken() <= LOOK_BITS && (is_end || passed + symbol.zeros() < 63);
                if symbol == Symbol(0) || !fits {
                    break;
                }
                taken += symbol.taken();
                passed += symbol.zeros() + 1;
                if is_end {
                    break;
                }
            }
            Leap((taken | passed << 5) as u16)
        };
        self.leaps = (0..1 << LOOK_BITS).map(leap).collect();
    }

    /// Prepares [`Table::pair`] for many blocks.
    pub(super) fn prepare_pairs(&mut self) {
        if !self.pairs.is_empty() {
            return;
        }
        let whole = |index: u32, taken: u32| {
            let next = (index << taken) & ((1 << PAIR_BITS) - 1);
            let symbol = self.looks[(next >> (PAIR_BITS - LOOK_BITS)) as usize];
            let is_whole = symbol != Symbol(0) && taken + symbol.taken() <= PAIR_BITS;
            is_whole.then(|| (symbol, symbol.value_in(next >> (PAIR_BITS - symbol.taken())) as i16))
        };
        let pair = |index: u32| {
            let Some((one, value)) = whole(index, 0) else { return Pair::default() };
            let mut pair = Pair {
                bits_one: one.taken() as u8,
                bits_both: one.taken() as u8,
                steps_one: one.zeros() as u8 + 1,
                one: value,
                ..Pair::default()
            };
            let is_end = one.zeros() == END_OF_BLOCK;
            if let Some((two, value)) = whole(index, one.taken()).filter(|_| !is_end) {
                pair.bits_both += two.taken() as u8;
                (pair.steps_two, pair.two) = (two.zeros() as u8 + 1, value);
            }
            pair
        };
        self.pairs = (0..1 << PAIR_BITS).map(pair).collect();
    }

    /// The next one or two symbols, where they were prepared and are short; see [`Table::read`] else.
    #[expect(clippy::inline_always, reason = "as below")]
    #[inline(always)]
    pub(super) fn pair(&self, bits: &Bits<'_>) -> Option<Pair> {
        self.pairs.get(bits.peek(PAIR_BITS) as usize).copied().filter(|pair| pair.bits_one > 0)
    }

    /// The next symbol; `None` where the bits are none.
    #[expect(clippy::inline_always, reason = "must be compiled anew inside each kernel, with its features")]
    #[inline(always)]
    pub(super) fn read(&self, bits: &Bits<'_>) -> Option<Symbol> {
        let symbol = self.looks[bits.peek(LOOK_BITS) as usize & ((1 << LOOK_BITS) - 1)];
        if symbol == Symbol(0) { self.read_long(bits.peek(16)) } else { Some(symbol) }
    }

    /// Takes the bits by value: a reader whose address is given away does not stay in registers.
    #[cold]
    #[inline(never)]
    fn read_long(&self, next: u32) -> Option<Symbol> {
        let length = (1..=CODE_BITS_MAX).find(|length| next < self.ends[*length])?;
        let place = (next >> (CODE_BITS_MAX - length)) as i32 + self.offsets[length];
        self.symbols.get(usize::try_from(place).ok()?).copied().filter(|symbol| *symbol != Symbol(0))
    }

    /// Passes over the coefficients of one block behind its first; `None` if they are none.
    #[expect(clippy::inline_always, reason = "as above")]
    #[inline(always)]
    pub(super) fn pass(&self, bits: &mut Bits<'_>) -> Option<()> {
        let mut k = 1;
        while k < 64 {
            bits.refill();
            if let Some(leap) = self.leaps.get(bits.peek(LOOK_BITS) as usize) {
                let (taken, passed) = (u32::from(leap.0 & 31), u32::from(leap.0 >> 5));
                // A leap over the last coefficient might take bits of the next block; so it must end in front of it or
                // with a mark of the block's end that stands inside.
                if taken > 0 && (k + passed < 64 || (passed > END_OF_BLOCK && k + passed <= END_OF_BLOCK + 64)) {
                    bits.skip(taken);
                    k += passed;
                    continue;
                }
            }
            let symbol = self.read(bits)?;
            bits.skip(symbol.taken());
            k += symbol.zeros() + 1;
        }
        (k == 64 || k > END_OF_BLOCK).then_some(())
    }
}

impl Symbol {
    /// What a symbol means; zero, which is none, for those that no plain file has.
    fn new(class: Class, length: u32, symbol: u8) -> Self {
        let (zeros, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        let zeros = match (class, zeros, size) {
            (Class::Dc, 0, 0..=11) | (Class::Ac, _, 1..) | (Class::Ac, 15, 0) => zeros,
            (Class::Ac, 0, 0) => END_OF_BLOCK,
            _ => return Self(0),
        };
        Self(((length + size) | size << 5 | zeros << 9) as u16)
    }

    /// Bits of code and value together, 1 to 31.
    pub(super) fn taken(self) -> u32 {
        u32::from(self.0 & 31)
    }

    pub(super) fn zeros(self) -> u32 {
        u32::from(self.0 >> 9)
    }

    /// The value behind the code that `bits` stands before.
    #[expect(clippy::inline_always, reason = "as above")]
    #[inline(always)]
    pub(super) fn value(self, bits: &Bits<'_>) -> i32 {
        self.value_in(bits.peek(self.taken()))
    }

    /// The value in the bits of the whole symbol.
    #[expect(clippy::inline_always, reason = "as above")]
    #[inline(always)]
    fn value_in(self, taken: u32) -> i32 {
        let size = u32::from(self.0 >> 5) & 15;
        let raw = (taken & ((1 << size) - 1)) as i32;
        let full = 1 << size;
        // Values whose highest bit is not set are the negative ones.
        if raw < full >> 1 { raw + 1 - full } else { raw }
    }
}
