//! Text as the fonts built into every PDF reader can show it: one byte a letter (Windows code page 1252), and how wide.

/// Widths of Helvetica's letters from space to tilde, in thousandths of the font's size (Adobe's published metrics).
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];
/// Any other letter of it: no letter of the code page that words are made of is wider but a few capitals.
const OTHER_WIDTH: u16 = 667;
/// Every letter of Courier.
const COURIER_WIDTH: u16 = 600;
/// The letters of code page 1252 between 0x80 and 0x9f; those it leaves out are the replacement character.
const HIGH: [char; 32] = [
    '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}', '\u{fffd}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
];

/// The two faces that are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    Helvetica,
    Bold,
    Courier,
}

/// A text's bytes; a letter that the fonts do not have becomes `[U+6F22]`, its number in Unicode.
pub(super) fn encode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            ' '..='~' | '\u{a0}'..='\u{ff}' => out.push(letter as u8),
            '\t' => out.extend(b"    "),
            _ => match HIGH.iter().position(|&known| known == letter && known != '\u{fffd}') {
                Some(at) => out.push(0x80 + at as u8),
                None => out.extend(format!("[U+{:04X}]", u32::from(letter)).as_bytes()),
            },
        }
    }
    out
}

/// Breaks a text into lines no wider than `width` points: at its own line ends, at spaces, and inside of what has none.
pub(super) fn lines(text: &str, face: Face, size: f32, width: f32) -> Vec<Vec<u8>> {
    text.lines().flat_map(|line| broken(&encode(line), face, size, width)).collect()
}

fn broken(line: &[u8], face: Face, size: f32, width: f32) -> Vec<Vec<u8>> {
    let most = width * 1000.0 / size;
    let mut lines = Vec::new();
    let (mut start, mut used, mut space) = (0, 0.0, None);
    for (at, &byte) in line.iter().enumerate() {
        used += f32::from(width_of(byte, face));
        if used > most && at > start {
            let end = space.filter(|&space| space > start).unwrap_or(at);
            lines.push(line[start..end].to_vec());
            start = if line[end] == b' ' { end + 1 } else { end };
            used = line.get(start..=at).unwrap_or_default().iter().map(|&byte| f32::from(width_of(byte, face))).sum();
            space = None;
        }
        if byte == b' ' {
            space = Some(at);
        }
    }
    lines.push(line.get(start..).unwrap_or_default().to_vec());
    lines
}

fn width_of(byte: u8, face: Face) -> u16 {
    match (face, byte) {
        (Face::Courier, _) => COURIER_WIDTH,
        (_, b' '..=b'~') => HELVETICA[usize::from(byte - b' ')],
        _ => OTHER_WIDTH,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_the_fonts_do_not_have_are_written_by_number() {
        assert_eq!(encode("Zoë’s €"), b"Zo\xeb\x92s \x80");
        assert_eq!(encode("a\u{6f22}\u{1f600}\u{81}"), b"a[U+6F22][U+1F600][U+0081]");
    }

    #[test]
    fn lines_fit_and_lose_nothing_but_the_space_they_break_at() {
        let text = "a short sentence with averyveryveryveryveryveryverylongword in it";
        let lines = lines(text, Face::Courier, 10.0, 60.0);
        assert!(lines.iter().all(|line| line.len() <= 10), "{lines:?}");
        let kept = |bytes: &[u8]| bytes.iter().filter(|byte| **byte != b' ').count();
        assert_eq!(lines.iter().map(|line| kept(line)).sum::<usize>(), kept(text.as_bytes()));
        assert_eq!(broken(b"", Face::Helvetica, 10.0, 60.0), [Vec::<u8>::new()]);
        assert_eq!(broken(b"   ", Face::Helvetica, 10.0, 1.0).concat().iter().filter(|byte| **byte != b' ').count(), 0);
    }
}
