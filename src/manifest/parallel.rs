//! JSON documents of parallel arrays, as SBU Captions is: `{"image_urls": [...], "captions": [...]}`.
//!
//! Each array is walked by a reader of its own, side by side, so that nothing of a document of any size is held.

use super::cells::{Cells, ColumnNames};
use super::input::Input;
use super::json::enter;
use super::json_row::value_of;
use super::json_scan::{Fit, Keep, Scanner};
use super::lines::text_of;
use super::rows::{Rows, Stop};

/// Most arrays read side by side: each takes an open file and, for a packed one, an unpacker.
const ARRAYS_MAX: usize = 32;
/// Longest element, bytes.
const ELEMENT_BYTES_MAX: usize = 16 << 20;

/// Reads element after element of all these members. `first` is the reader that hashes; it walks the first array.
pub(super) fn read(input: &Input, first: Scanner, members: &[String], rows: &mut Rows<'_>) -> Result<(), Stop> {
    if members.len() > ARRAYS_MAX {
        return Err(Stop::Unsupported(format!("{} parallel arrays; at most {ARRAYS_MAX} are read", members.len())));
    }
    let mut scanners = vec![first];
    for _ in 1..members.len() {
        scanners.push(Scanner::new(input.second_look()?)?);
    }
    for (scanner, member) in scanners.iter_mut().zip(members) {
        enter(scanner, member)?;
        scanner.expect(b'[')?;
    }
    let mut names = ColumnNames::default();
    let mut is_first = vec![true; members.len()];
    let mut json = Vec::new();
    loop {
        let mut cells = Cells::new(&mut names);
        let mut too_long = None;
        for (index, scanner) in scanners.iter_mut().enumerate() {
            if !scanner.has_next(b']', &mut is_first[index])? {
                // All were counted to be of one length before.
                return Ok(());
            }
            json.clear();
            match scanner.value(Keep::In(&mut json, ELEMENT_BYTES_MAX))? {
                Fit::Fits => cells.push(&members[index], value_of(text_of(&json).trim_end())),
                Fit::TooLong => too_long = Some(&members[index]),
            }
        }
        match too_long {
            None => rows.deliver(cells.finish(), None)?,
            Some(member) => {
                rows.reject("row too long", format!("{member} is longer than {} MiB", ELEMENT_BYTES_MAX >> 20))?;
            }
        }
    }
}
