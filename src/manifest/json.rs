//! JSON documents: one value that holds the rows somewhere inside.
//!
//! The document is walked twice and never held: the first walk looks at what its members are, the second one reads
//! the rows. Rows are, in this order: the elements of a top-level array; COCO's annotations joined with its images;
//! a member that is an array of objects; parallel arrays; an object whose members are all objects, by id; or the
//! document itself when it is one flat object.

use super::cells::{Cells, ColumnNames};
use super::input::Input;
use super::json_row::add_members;
use super::json_scan::{Fit, Keep, Scanner};
use super::jsonl::LINE_BYTES_MAX;
use super::rows::{Rows, Stop};
use super::{coco, parallel};
use crate::record::Value;

/// Members that are the rows wherever they are an array of objects, best first.
const ROW_MEMBERS: [&str; 12] = [
    "annotations",
    "data",
    "rows",
    "items",
    "orderedItems",
    "records",
    "results",
    "posts",
    "tweets",
    "entries",
    "documents",
    "examples",
];
/// Most members of the document that are looked at: more of them are ids, not parts.
const PARTS_MAX: usize = 256;
/// Under this name the id of a row goes where rows are the members of an object.
const KEY_COLUMN: &str = "__key__";

/// Reads the rows of a document.
pub(super) fn read(input: &Input, rows: &mut Rows<'_>) -> Result<(), Stop> {
    let mut look = Scanner::new(input.second_look()?)?;
    let start = look.peek()?;
    match start {
        None => return Ok(()),
        Some(b'[') => return read_array(&mut Scanner::new(input.reader()?)?, rows),
        Some(b'{') => {}
        Some(_) => return Err(Stop::Unsupported("it is neither a JSON array nor a JSON object".to_owned())),
    }
    let contents = contents(&mut look)?;
    let layout = layout(&contents);
    let mut scanner = Scanner::new(input.reader()?)?;
    match layout {
        Layout::Coco => coco::read(input, scanner, rows),
        Layout::Member(name) => {
            enter(&mut scanner, &name)?;
            read_array(&mut scanner, rows)
        }
        Layout::Parallel(names) => parallel::read(input, scanner, &names, rows),
        Layout::EntriesOf(name) => {
            enter(&mut scanner, &name)?;
            read_entries(&mut scanner, rows)
        }
        Layout::Entries => read_entries(&mut scanner, rows),
        Layout::OneRow => {
            let mut names = ColumnNames::default();
            read_element(&mut scanner, &mut Vec::new(), Cells::new(&mut names), rows)
        }
        Layout::Unknown => Err(Stop::Unsupported(format!(
            "no list of records was found in this JSON document; its members are: {}",
            contents.parts.iter().map(|part| part.name.as_str()).take(20).collect::<Vec<_>>().join(", ")
        ))),
    }
}

/// A top-level member of the document.
#[derive(Debug)]
struct Part {
    name: String,
    kind: Kind,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Kind {
    /// An array, its length, and whether its first element is an object or array.
    Array {
        length: u64,
        of_objects: bool,
        of_scalars: bool,
    },
    /// An object, and whether it has members which are all objects.
    Object {
        all_objects: bool,
    },
    Scalar,
}

#[derive(Debug)]
struct Contents {
    parts: Vec<Part>,
    /// Whether all members, counted or not, are objects.
    all_objects: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Layout {
    Coco,
    Member(String),
    Parallel(Vec<String>),
    EntriesOf(String),
    Entries,
    OneRow,
    Unknown,
}

fn contents(scanner: &mut Scanner) -> Result<Contents, Stop> {
    let mut contents = Contents { parts: Vec::new(), all_objects: true };
    let mut is_first = true;
    scanner.expect(b'{')?;
    loop {
        match scanner.has_next(b'}', &mut is_first) {
            Ok(true) => {}
            Ok(false) => break,
            // A document that ends early still shows what it holds: its rows are read up to the damage.
            Err(Stop::Damaged(_)) if !contents.parts.is_empty() => break,
            Err(stop) => return Err(stop),
        }
        let name = scanner.name()?;
        let (kind, is_whole) = kind_of(scanner)?;
        contents.all_objects &= matches!(kind, Kind::Object { .. });
        if contents.parts.len() < PARTS_MAX {
            contents.parts.push(Part { name, kind });
        }
        if !is_whole {
            break;
        }
    }
    contents.all_objects &= !contents.parts.is_empty();
    Ok(contents)
}

/// What a value is, and whether its end was reached (damaged documents do not have one).
fn kind_of(scanner: &mut Scanner) -> Result<(Kind, bool), Stop> {
    match scanner.peek()? {
        Some(b'[') => {
            let (mut length, mut of_objects, mut of_scalars) = (0, false, false);
            let whole = walk_through(scanner, b'[', b']', &mut |scanner| {
                if length == 0 {
                    let first = scanner.peek()?;
                    of_objects = first == Some(b'{');
                    of_scalars = !matches!(first, Some(b'{' | b'['));
                }
                scanner.value(Keep::Nothing)?;
                length += 1;
                Ok(())
            })?;
            Ok((Kind::Array { length, of_objects, of_scalars }, whole))
        }
        Some(b'{') => {
            let (mut is_empty, mut all) = (true, true);
            let whole = walk_through(scanner, b'{', b'}', &mut |scanner| {
                scanner.name()?;
                is_empty = false;
                all &= scanner.peek()? == Some(b'{');
                scanner.value(Keep::Nothing).map(|_| ())
            })?;
            Ok((Kind::Object { all_objects: all && !is_empty }, whole))
        }
        _ => scanner.value(Keep::Nothing).map(|_| (Kind::Scalar, true)),
    }
}

/// Visits the elements between two brackets; `false` when the document broke off inside.
fn walk_through(
    scanner: &mut Scanner,
    open: u8,
    close: u8,
    visit: &mut dyn FnMut(&mut Scanner) -> Result<(), Stop>,
) -> Result<bool, Stop> {
    scanner.expect(open)?;
    let mut is_first = true;
    loop {
        let outcome = scanner
            .has_next(close, &mut is_first)
            .and_then(|more| if more { visit(scanner).map(|()| true) } else { Ok(false) });
        match outcome {
            Ok(true) => {}
            Ok(false) => return Ok(true),
            Err(Stop::Damaged(_)) => return Ok(false),
            Err(stop) => return Err(stop),
        }
    }
}

fn layout(contents: &Contents) -> Layout {
    let objects = |name: &str| {
        contents.parts.iter().any(|part| part.name == name && matches!(part.kind, Kind::Array { of_objects: true, .. }))
    };
    if objects("images") && objects("annotations") {
        return Layout::Coco;
    }
    if let Some(name) = ROW_MEMBERS.iter().find(|name| objects(name)) {
        return Layout::Member((*name).to_owned());
    }
    let lengths = |wanted: fn(&Kind) -> Option<u64>| {
        contents.parts.iter().filter_map(move |part| wanted(&part.kind).map(|length| (length, part.name.clone())))
    };
    let largest = lengths(|kind| match kind {
        Kind::Array { length, of_objects: true, .. } => Some(*length),
        _ => None,
    });
    if let Some((_, name)) = largest.max_by_key(|(length, _)| *length) {
        return Layout::Member(name);
    }
    let scalars: Vec<_> = lengths(|kind| match kind {
        Kind::Array { length, of_scalars: true, .. } if *length > 0 => Some(*length),
        _ => None,
    })
    .collect();
    if scalars.len() >= 2 && scalars.iter().all(|(length, _)| *length == scalars[0].0) {
        return Layout::Parallel(scalars.into_iter().map(|(_, name)| name).collect());
    }
    let entries = contents.parts.iter().find(|part| part.kind == Kind::Object { all_objects: true });
    if contents.all_objects && (contents.parts.len() > 1 || entries.is_none()) {
        return Layout::Entries;
    }
    if let Some(part) = entries {
        return Layout::EntriesOf(part.name.clone());
    }
    // A known member that is empty (a subreddit without pictures) is a document of no rows.
    let is_empty = |part: &&Part| matches!(part.kind, Kind::Array { length: 0, .. });
    if let Some(part) = contents.parts.iter().filter(is_empty).find(|part| ROW_MEMBERS.contains(&part.name.as_str())) {
        return Layout::Member(part.name.clone());
    }
    if contents.parts.iter().any(|part| part.kind == Kind::Scalar) { Layout::OneRow } else { Layout::Unknown }
}

/// Goes to the value of a member of the top-level object.
pub(super) fn enter(scanner: &mut Scanner, member: &str) -> Result<(), Stop> {
    let mut is_first = true;
    scanner.expect(b'{')?;
    while scanner.has_next(b'}', &mut is_first)? {
        if scanner.name()? == member {
            return Ok(());
        }
        scanner.value(Keep::Nothing)?;
    }
    Err(Stop::Damaged(format!("its member {member:?} was there a moment ago")))
}

fn read_array(scanner: &mut Scanner, rows: &mut Rows<'_>) -> Result<(), Stop> {
    let mut names = ColumnNames::default();
    let mut json = Vec::new();
    let mut is_first = true;
    scanner.expect(b'[')?;
    while scanner.has_next(b']', &mut is_first)? {
        read_element(scanner, &mut json, Cells::new(&mut names), rows)?;
    }
    Ok(())
}

fn read_entries(scanner: &mut Scanner, rows: &mut Rows<'_>) -> Result<(), Stop> {
    let mut names = ColumnNames::default();
    let mut json = Vec::new();
    let mut is_first = true;
    scanner.expect(b'{')?;
    while scanner.has_next(b'}', &mut is_first)? {
        let key = scanner.name()?;
        let mut cells = Cells::new(&mut names);
        cells.push(KEY_COLUMN, Value::Text(key));
        read_element(scanner, &mut json, cells, rows)?;
    }
    Ok(())
}

/// Reads one element as a row that may have cells already.
fn read_element(
    scanner: &mut Scanner,
    json: &mut Vec<u8>,
    mut cells: Cells<'_>,
    rows: &mut Rows<'_>,
) -> Result<(), Stop> {
    json.clear();
    if scanner.value(Keep::In(json, LINE_BYTES_MAX))? == Fit::TooLong {
        *json = Vec::new();
        return rows.reject("row too long", format!("the record is longer than {} MiB", LINE_BYTES_MAX >> 20));
    }
    match add_members(json, &mut cells) {
        Ok(()) => rows.deliver(cells.finish(), None),
        Err(detail) => rows.reject("not JSON", detail),
    }
}

#[cfg(test)]
mod tests {
    use crate::manifest::tests_support::{damaged_rows, read_file};
    use crate::record::Value;

    #[test]
    fn redcaps_rows_are_its_annotations() {
        let json = br#"{"info": {"url": "x"}, "annotations": [{"image_id": "a", "score": 3}, 7, {"image_id": "b"}]}"#;
        let outcome = read_file("a.json", json);
        assert_eq!(outcome.texts("image_id"), ["a", "b"]);
        assert_eq!(outcome.reasons(), [(1, "not JSON")]);
        assert!(read_file("b.json", br#"{"annotations": []}"#).records.is_empty());
    }

    #[test]
    fn the_largest_list_of_objects_is_the_rows_when_no_name_is_known() {
        let outcome = read_file("a.json", br#"{"few":[{"x":1}],"many":[{"x":2},{"x":3}],"n":4}"#);
        assert_eq!(outcome.column("x"), [Value::Int(2), Value::Int(3)]);
    }

    #[test]
    fn objects_by_id_are_rows_with_their_id() {
        let outcome = read_file("a.json", br#"{"id1":{"t":"one"},"id2":{"t":"two"}}"#);
        assert_eq!(
            (outcome.texts("__key__"), outcome.texts("t")),
            (vec!["id1".into(), "id2".into()], vec!["one".into(), "two".into()])
        );
    }

    #[test]
    fn sbu_arrays_are_zipped_and_a_single_object_is_a_row() {
        let sbu = br#"{"image_urls": ["u1", "u2"], "captions": ["c1", "c2"], "user_ids": ["a", null]}"#;
        let outcome = read_file("a.json", sbu);
        assert_eq!(
            (outcome.texts("image_urls"), outcome.texts("captions")),
            (vec!["u1".into(), "u2".into()], vec!["c1".into(), "c2".into()])
        );
        assert_eq!(outcome.column("user_ids"), [Value::Text("a".into()), Value::Null]);
        assert_eq!(read_file("b.json", b"{\n \"url\": \"u\"\n}").texts("url"), ["u"]);
    }

    #[test]
    fn a_cut_off_document_gives_its_rows_and_then_an_error() {
        for json in [r#"[{"a":1},{"a":2},{"a":"#, r#"{"x":1,"data":[{"a":1},{"a":2},{"a":"#, "[{\"a\":1},\n{\"a\":2}"] {
            let outcome = read_file("a.json", json.as_bytes());
            assert_eq!(damaged_rows(&outcome), Some(2), "{json}");
            assert_eq!(outcome.records.len(), 2);
        }
    }

    #[test]
    fn coco_captions_are_joined_with_their_pictures() {
        let json = br#"{"licenses":[{"id":4,"name":"CC BY","url":"http://l"}],
            "annotations":[{"image_id":9,"id":1,"caption":"a dog"},{"image_id":8,"id":2,"caption":"a cat"}],
            "images":[{"id":9,"license":4,"coco_url":"http://9.jpg"},{"id":7,"coco_url":"http://7.jpg"}]}"#;
        let outcome = read_file("a.json", json);
        assert_eq!(outcome.records.len(), 3);
        let first = &outcome.records[0];
        assert_eq!(first.value("caption"), Some(&Value::Text("a dog".into())));
        assert_eq!(first.value("image.id"), Some(&Value::Int(9)));
        assert_eq!(first.value("license"), Some(&Value::Text("CC BY".into())));
        assert_eq!(first.value("license.url"), Some(&Value::Text("http://l".into())));
        assert_eq!(outcome.records[1].value("coco_url"), None);
        assert_eq!(outcome.records[2].value("coco_url"), Some(&Value::Text("http://7.jpg".into())));
    }
}
