//! Cells whose text is wrapped: plus and percent encoding, HTML, base64. Never fails: what cannot be unwrapped stays.

use std::borrow::Cow;

use super::Transform;

/// Character entities people write by name; numbered ones are read by their number.
const ENTITIES: [(&str, &str); 22] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("mdash", "—"),
    ("ndash", "–"),
    ("hellip", "…"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("copy", "©"),
    ("eacute", "é"),
    ("auml", "ä"),
    ("ouml", "ö"),
    ("uuml", "ü"),
    ("szlig", "ß"),
    ("bull", "•"),
];
/// Longest entity looked for, `&#x10FFFF;` with room to spare: a lone `&` must not search the whole text.
const ENTITY_BYTES_MAX: usize = 12;

/// The text as the publisher meant it. Base64 is no text and passes unchanged; digests unwrap it themselves.
pub fn apply(transform: Transform, text: &str) -> Cow<'_, str> {
    match transform {
        Transform::AsIs | Transform::Base64 => Cow::Borrowed(text),
        Transform::UrlDecoded => url_decoded(text),
        Transform::Html => html(text),
    }
}

fn url_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['+', '%']) {
        return Cow::Borrowed(text);
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().trim().to_owned();
    Cow::Owned(decoded)
}

/// Drops tags (a blank stands where a block or a line ended) and resolves entities.
fn html(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '&']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = if rest.starts_with('<') { tag(rest, &mut out) } else { entity(rest, &mut out) };
        // What is neither a tag nor an entity is text.
        if taken == 0 {
            out.push_str(&rest[..1]);
            rest = &rest[1..];
        } else {
            rest = &rest[taken..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Length of the tag at the start, 0 if there is none.
fn tag(rest: &str, out: &mut String) -> usize {
    let name = rest[1..].trim_start_matches('/');
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!') {
        return 0;
    }
    let Some(end) = rest.find('>') else { return 0 };
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let inline = ["a", "b", "i", "em", "strong", "span", "u", "sup", "sub", "font"];
    if !inline.iter().any(|known| name.eq_ignore_ascii_case(known)) {
        out.push(' ');
    }
    end + 1
}

/// Length of the entity at the start, 0 if there is none.
fn entity(rest: &str, out: &mut String) -> usize {
    let Some(end) = rest.bytes().take(ENTITY_BYTES_MAX).position(|byte| byte == b';') else { return 0 };
    let name = &rest[1..end];
    if let Some((_, text)) = ENTITIES.iter().find(|(known, _)| *known == name) {
        out.push_str(text);
        return end + 1;
    }
    let Some(number) = name.strip_prefix('#') else { return 0 };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    let Some(c) = code.ok().and_then(char::from_u32).filter(|c| !c.is_control()) else { return 0 };
    out.push(c);
    end + 1
}

/// Bytes of a base64 text (RFC 4648, either alphabet, padding optional) into `out`; their number, or `None`.
pub fn base64(text: &str, out: &mut [u8]) -> Option<usize> {
    let (mut held, mut bits, mut length) = (0_u32, 0, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        held = (held << 6 | u32::from(six)) & 0xfff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            *out.get_mut(length)? = u8::try_from(held >> bits & 0xff).ok()?;
            length += 1;
        }
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_loses_its_tags_and_keeps_its_words() {
        for (text, expected) in [
            ("<p>A pupil of <a href=\"x>y\">Jacob</a>,</p><p>who</p>", "A pupil of y\">Jacob, who"),
            ("Michelle &amp; I &#8217;n &#x27;s", "Michelle & I ’n 's"),
            ("1 < 2 && 3 > 2 &nosuch; &", "1 < 2 && 3 > 2 &nosuch; &"),
            ("one<br/>two", "one two"),
            ("<", "<"),
        ] {
            assert_eq!(apply(Transform::Html, text), expected, "{text:?}");
        }
    }

    #[test]
    fn plus_and_percent_are_undone() {
        assert_eq!(apply(Transform::UrlDecoded, "Caf%C3%A9+au+lait%2C"), "Café au lait,");
        assert_eq!(apply(Transform::UrlDecoded, "100%"), "100%");
    }

    #[test]
    fn base64_gives_bytes_or_nothing() {
        let mut out = [0; 3];
        assert_eq!(base64("TWFu", &mut out), Some(3));
        assert_eq!(&out, b"Man");
        assert_eq!(base64("TWE=", &mut out), Some(2));
        assert_eq!(base64("TWFuTWFu", &mut out), None, "longer than its place");
        assert_eq!(base64("T*==", &mut out), None);
    }
}
