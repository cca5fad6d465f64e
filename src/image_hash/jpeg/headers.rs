//! The tables of a plain JPEG in one scan, or nothing: whatever is not as it should be is left to the other decoder.

use image::metadata::Orientation;

use super::huffman::{Class, Table};

/// Everything that decoding the brightness of a plain file needs.
#[derive(Debug)]
pub(super) struct Headers {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) components: Vec<Component>,
    /// Coefficients' steps of the brightness.
    pub(super) steps: [u16; 64],
    pub(super) dc: [Option<Table>; 4],
    pub(super) ac: [Option<Table>; 4],
    /// Units between restart markers; 0 for none.
    pub(super) restart_interval: usize,
    pub(super) orientation: Orientation,
    /// Where the entropy-coded data starts.
    pub(super) scan_at: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Component {
    identifier: u8,
    /// Blocks across and down in each unit.
    pub(super) across: usize,
    pub(super) down: usize,
    step_table: usize,
    pub(super) dc_table: usize,
    pub(super) ac_table: usize,
}

impl Headers {
    /// Reads all segments up to the scan; `None` unless it is baseline or extended, 8 bits, grey or with two colours, the
    /// brightness at full resolution, and all in one scan.
    pub(super) fn read(file: &[u8]) -> Option<Self> {
        let mut read = Read::default();
        let mut at = 2;
        loop {
            if *file.get(at)? != 0xFF {
                return None;
            }
            while *file.get(at)? == 0xFF {
                at += 1;
            }
            let marker = file[at];
            let length = usize::from(u16::from_be_bytes([*file.get(at + 1)?, *file.get(at + 2)?]));
            let segment = file.get(at + 3..at + 1 + length)?;
            at += 1 + length;
            match marker {
                0xC0 | 0xC1 if read.components.is_empty() => read.frame(segment)?,
                0xC4 => read.huffman_tables(segment)?,
                0xDB => read.step_tables(segment)?,
                0xDA => {
                    read.scan(segment)?;
                    return read.finish(at);
                }
                0xDD => read.restart_interval = usize::from(u16::from_be_bytes(segment.try_into().ok()?)),
                0xE1 => read.exif(segment),
                0xE0 | 0xE2..=0xEF | 0xFE => {}
                _ => return None,
            }
        }
    }
}

#[derive(Default)]
struct Read {
    width: usize,
    height: usize,
    components: Vec<Component>,
    steps: [Option<[u16; 64]>; 4],
    dc: [Option<Table>; 4],
    ac: [Option<Table>; 4],
    restart_interval: usize,
    orientation: Option<Orientation>,
}

impl Read {
    fn frame(&mut self, segment: &[u8]) -> Option<()> {
        let &[8, h1, h0, w1, w0, n @ (1 | 3), ref rest @ ..] = segment else { return None };
        self.width = usize::from(u16::from_be_bytes([w1, w0]));
        self.height = usize::from(u16::from_be_bytes([h1, h0]));
        if rest.len() != usize::from(n) * 3 || self.width == 0 || self.height == 0 {
            return None;
        }
        for entry in rest.chunks_exact(3) {
            let (across, down) = (usize::from(entry[1] >> 4), usize::from(entry[1] & 15));
            let step_table = usize::from(entry[2]);
            if !(1..=4).contains(&across) || !(1..=4).contains(&down) || step_table > 3 {
                return None;
            }
            // Where there is one component, its blocks follow one another, whatever the header says.
            let (across, down) = if n == 1 { (1, 1) } else { (across, down) };
            let component = Component { identifier: entry[0], across, down, step_table, dc_table: 0, ac_table: 0 };
            self.components.push(component);
        }
        let luma = self.components[0];
        self.components.iter().all(|c| c.across <= luma.across && c.down <= luma.down).then_some(())
    }

    fn huffman_tables(&mut self, mut segment: &[u8]) -> Option<()> {
        while let [which, rest @ ..] = segment {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let (symbols, rest) = rest.split_at_checked(counts.iter().map(|n| usize::from(*n)).sum())?;
            let (class, tables) = match which >> 4 {
                0 => (Class::Dc, &mut self.dc),
                1 => (Class::Ac, &mut self.ac),
                _ => return None,
            };
            *tables.get_mut(usize::from(which & 15))? = Some(Table::new(class, counts, symbols)?);
            segment = rest;
        }
        Some(())
    }

    fn step_tables(&mut self, mut segment: &[u8]) -> Option<()> {
        while let [which, rest @ ..] = segment {
            let mut steps = [0; 64];
            let rest = match which >> 4 {
                0 => {
                    let (bytes, rest) = rest.split_first_chunk::<64>()?;
                    steps = bytes.map(u16::from);
                    rest
                }
                1 => {
                    let (bytes, rest) = rest.split_first_chunk::<128>()?;
                    for (step, pair) in steps.iter_mut().zip(bytes.chunks_exact(2)) {
                        *step = u16::from_be_bytes([pair[0], pair[1]]);
                    }
                    rest
                }
                _ => return None,
            };
            *self.steps.get_mut(usize::from(which & 15))? = Some(steps);
            segment = rest;
        }
        Some(())
    }

    fn scan(&mut self, segment: &[u8]) -> Option<()> {
        let (n, rest) = segment.split_first()?;
        let n = usize::from(*n);
        // All frequencies at full precision, all components, in the frame's order.
        if n == 0 || n != self.components.len() || rest.len() != 2 * n + 3 || rest[2 * n..] != [0, 63, 0] {
            return None;
        }
        for (component, entry) in self.components.iter_mut().zip(rest.chunks_exact(2)) {
            if component.identifier != entry[0] {
                return None;
            }
            (component.dc_table, component.ac_table) = (usize::from(entry[1] >> 4), usize::from(entry[1] & 15));
            self.dc.get(component.dc_table)?.as_ref()?;
            self.ac.get(component.ac_table)?.as_ref()?;
        }
        Some(())
    }

    fn exif(&mut self, segment: &[u8]) {
        if let Some(exif) = segment.strip_prefix(b"Exif\0\0")
            && !exif.is_empty()
        {
            self.orientation = Some(Orientation::from_exif_chunk(exif).unwrap_or(Orientation::NoTransforms));
        }
    }

    fn finish(self, scan_at: usize) -> Option<Headers> {
        let steps = self.steps[self.components[0].step_table]?;
        Some(Headers {
            width: self.width,
            height: self.height,
            components: self.components,
            steps,
            dc: self.dc,
            ac: self.ac,
            restart_interval: self.restart_interval,
            orientation: self.orientation.unwrap_or(Orientation::NoTransforms),
            scan_at,
        })
    }
}
