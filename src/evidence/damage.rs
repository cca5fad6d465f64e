//! Where in a damaged document a byte lies: in which of its parts. Reads what is no longer JSON.

use super::document::{PARTS, SIGNATURE, is_name_byte};

/// A name longer than this is damage, not a name.
const NAME_BYTES_MAX: usize = 64;

/// The top-level member that the byte at `at` belongs to; `None` before the first and after the last.
///
/// Reads on from the beginning the way a JSON reader does, so that a quotation mark that is gone or too many leads both
/// astray alike and the member that the reader was in when it stumbled is the damaged one.
pub(super) fn part_at(bytes: &[u8], at: usize) -> Option<String> {
    let mut depth = 0_usize;
    let mut part = None;
    let mut expects_name = false;
    let mut place = 0;
    while place < at.min(bytes.len()) {
        match bytes[place] {
            b'"' => {
                let end = end_of_text(bytes, place);
                if depth == 1 && expects_name {
                    part = name_from(bytes, place + 1);
                    expects_name = false;
                }
                place = end;
                continue;
            }
            open @ (b'{' | b'[') => {
                depth += 1;
                expects_name = depth == 1 && open == b'{';
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return None;
                }
            }
            b',' if depth == 1 => expects_name = true,
            _ => {}
        }
        place += 1;
    }
    // The reader stumbled over the name itself, or over what should have been the quotation mark before it.
    if expects_name && depth == 1 {
        let from = at + usize::from(bytes.get(at).is_some_and(|byte| !is_name_byte(*byte)));
        return name_from(bytes, from).or(part);
    }
    part
}

/// The place after the closing quotation mark, or the end where there is none.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut place = start + 1;
    while place < bytes.len() {
        match bytes[place] {
            b'\\' => place += 2,
            b'"' => return place + 1,
            _ => place += 1,
        }
    }
    bytes.len()
}

/// The name that stands here. Where a quotation mark beside it became a letter, it is found again by being named elsewhere
/// in the document: in the list of parts.
fn name_from(bytes: &[u8], from: usize) -> Option<String> {
    let name: Vec<u8> = bytes.get(from..)?.iter().copied().take_while(|byte| is_name_byte(*byte)).collect();
    if name.is_empty() || name.len() > NAME_BYTES_MAX {
        return None;
    }
    let candidates = [&name[..], &name[1..], &name[..name.len() - 1]];
    let known = candidates.into_iter().find(|candidate| is_known(bytes, candidate)).unwrap_or(&name);
    Some(String::from_utf8_lossy(known).into_owned())
}

fn is_known(bytes: &[u8], name: &[u8]) -> bool {
    let member = [b"\"", name, b"\":\""].concat();
    [PARTS, SIGNATURE].iter().any(|known| known.as_bytes() == name)
        || bytes.windows(member.len()).any(|window| window == member)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_by_the_member_around_it() {
        let text = br#"{"first":{"a":"}, \" {"},"second":[1,{"first":2}]}"#;
        let at = |needle: &str| String::from_utf8_lossy(text).find(needle).unwrap();
        assert_eq!(part_at(text, at("a\"")).as_deref(), Some("first"));
        assert_eq!(part_at(text, at("[1")).as_deref(), Some("second"));
        assert_eq!(part_at(text, at("2}")).as_deref(), Some("second"));
        assert_eq!(part_at(text, 0), None);
        assert_eq!(part_at(text, text.len() + 5), None);
    }

    #[test]
    fn a_broken_name_is_still_read() {
        assert_eq!(part_at(br#"{"a":1,#second":2}"#, 7).as_deref(), Some("second"));
        assert_eq!(part_at(br#"{"a":1,"second#:{"b":2}}"#, 19).as_deref(), Some("second"));
        assert_eq!(part_at(br#"{"a":1,"parts":{"a":"00"},xsignature":{}}"#, 26).as_deref(), Some("signature"));
        assert_eq!(part_at(br#"{"ax:1,"parts":{"a":"00"}}"#, 8).as_deref(), Some("a"));
    }
}
