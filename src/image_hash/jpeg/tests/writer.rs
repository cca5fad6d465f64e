//! A writer of JPEG files with any sampling, restart markers and codes of all lengths, full of random coefficients.

/// What to write.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written<'a> {
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) sampling: &'a [(u8, u8)],
    /// In units; 0 for none.
    pub(super) restart_interval: u16,
    pub(super) seed: u32,
}

struct Bits {
    out: Vec<u8>,
    waiting: u64,
    n: u32,
}

impl Bits {
    fn put(&mut self, value: u32, length: u32) {
        self.waiting = self.waiting << length | u64::from(value);
        self.n += length;
        while self.n >= 8 {
            let byte = (self.waiting >> (self.n - 8)) as u8;
            self.out.push(byte);
            if byte == 0xFF {
                self.out.push(0);
            }
            self.n -= 8;
            self.waiting &= (1 << self.n) - 1;
        }
    }

    fn close(&mut self) {
        if self.n > 0 {
            self.put((1 << (8 - self.n)) - 1, 8 - self.n);
        }
    }
}

/// The symbols of a block behind its first coefficient, in the order of their codes: 3 of 3 bits (the block's end among
/// them), 60 of 8 bits, the rest of 13.
fn symbols() -> Vec<u8> {
    let mut all = vec![0x00, 0x01, 0x11];
    let rest = (0..16).flat_map(|zeros| (1..=10).map(move |size| zeros << 4 | size)).chain([0xF0]);
    all.extend(rest.filter(|symbol| ![0x01, 0x11].contains(symbol)));
    all
}

fn code(symbol: u8) -> (u32, u32) {
    let place = symbols().iter().position(|known| *known == symbol).unwrap() as u32;
    match place {
        0..3 => (place, 3),
        3..63 => ((3 << 5) + place - 3, 8),
        _ => ((((3 << 5) + 60) << 5) + place - 63, 13),
    }
}

/// A number's size in bits, and the bits.
fn sized(value: i32) -> (u32, u32) {
    let size = 32 - value.unsigned_abs().leading_zeros();
    (size, if value < 0 { (value + (1 << size) - 1) as u32 } else { value as u32 })
}

impl Written<'_> {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let n = self.sampling.len() as u8;
        let mut bytes = vec![0xFF, 0xD8];
        let mut segment = |marker: u8, body: &[u8]| {
            bytes.extend([0xFF, marker]);
            bytes.extend((body.len() as u16 + 2).to_be_bytes());
            bytes.extend(body);
        };
        let steps: Vec<u8> = std::iter::once(0).chain((0..64).map(|k| 2 + k / 4)).collect();
        segment(0xDB, &steps);
        let [h1, h0] = self.height.to_be_bytes();
        let [w1, w0] = self.width.to_be_bytes();
        let components = self.sampling.iter().zip(1..).flat_map(|((across, down), name)| [name, across << 4 | down, 0]);
        segment(0xC0, &[8, h1, h0, w1, w0, n].into_iter().chain(components).collect::<Vec<_>>());
        // Twelve codes of four bits.
        segment(0xC4, &[&[0, 0, 0, 0, 12][..], &[0; 12], &(0..12).collect::<Vec<_>>()].concat());
        let mut counts = [0; 16];
        (counts[2], counts[7], counts[12]) = (3, 60, symbols().len() as u8 - 63);
        segment(0xC4, &[&[0x10][..], &counts, &symbols()].concat());
        segment(0xDD, &self.restart_interval.to_be_bytes());
        let names = (1..=n).flat_map(|name| [name, 0]);
        segment(0xDA, &[n].into_iter().chain(names).chain([0, 63, 0]).collect::<Vec<_>>());
        bytes.extend(self.scan());
        bytes.extend([0xFF, 0xD9]);
        bytes
    }

    fn scan(&self) -> Vec<u8> {
        let mut bits = Bits { out: Vec::new(), waiting: 0, n: 0 };
        let mut state = self.seed.wrapping_mul(97) + 1;
        let mut random = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 12) % below
        };
        let (across, down) = self.sampling[0];
        let units = usize::from(self.width).div_ceil(8 * usize::from(across))
            * usize::from(self.height).div_ceil(8 * usize::from(down));
        // The other decoder reads one component's blocks one by one, too.
        for unit in 0..units {
            if self.restart_interval > 0 && unit > 0 && unit % usize::from(self.restart_interval) == 0 {
                bits.close();
                bits.out.extend([0xFF, 0xD0 + (unit / usize::from(self.restart_interval) - 1) as u8 % 8]);
            }
            for (across, down) in self.sampling {
                for _ in 0..across * down {
                    Self::block(&mut bits, &mut random);
                }
            }
        }
        bits.close();
        bits.out
    }

    fn block(bits: &mut Bits, random: &mut impl FnMut(u32) -> u32) {
        let (size, value) = sized(random(15) as i32 - 7);
        bits.put(size, 4);
        bits.put(value, size);
        let mut k = 1;
        loop {
            // Some blocks end early, some have their last coefficient.
            let zeros = if random(3) == 0 { random(30) } else { 0 };
            if k + zeros > 63 || random(40) == 0 {
                let (code, length) = code(0);
                bits.put(code, length);
                return;
            }
            for _ in 0..zeros / 16 {
                let (code, length) = code(0xF0);
                bits.put(code, length);
            }
            let value = match random(20) {
                0 => random(13) as i32 - 6,
                sign => (sign % 2) as i32 * 2 - 1,
            };
            let (size, value) = sized(if value == 0 { 1 } else { value });
            let (code, length) = code(((zeros % 16) as u8) << 4 | size as u8);
            bits.put(code, length);
            bits.put(value, size);
            k += zeros + 1;
            if k == 64 {
                return;
            }
        }
    }
}
