//! COCO captions: `images[]` and `annotations[]` joined by the picture's id, licences by name.
//!
//! The pictures and licences are read into memory first (COCO has 123,000 of them, about 50 MB), then the annotations
//! are streamed: one row an annotation, with its picture's columns after its own. Pictures without an annotation
//! follow as rows of their own.

use std::collections::HashMap;

use super::cells::{Cells, ColumnNames};
use super::input::Input;
use super::json_row::add_members;
use super::json_scan::{Fit, Keep, Scanner};
use super::jsonl::LINE_BYTES_MAX;
use super::rows::{Rows, Stop};
use crate::record::{ColumnName, Value};

/// Most memory for the pictures of one document, bytes: about four million pictures.
const IMAGES_BYTES_MAX: usize = 2 << 30;
/// Largest picture or licence entry, bytes.
const ENTRY_BYTES_MAX: usize = 1 << 20;

type Row = Vec<(ColumnName, Value)>;

struct Image {
    row: Row,
    has_annotation: bool,
}

/// Reads the rows. `scanner` is the reader that hashes.
pub(super) fn read(input: &Input, mut scanner: Scanner, rows: &mut Rows<'_>) -> Result<(), Stop> {
    let mut join = Join::default();
    join.gather(Scanner::new(input.second_look()?)?)?;
    let mut json = Vec::new();
    let mut is_first = true;
    scanner.expect(b'{')?;
    while scanner.has_next(b'}', &mut is_first)? {
        if scanner.name()? != "annotations" {
            scanner.value(Keep::Nothing)?;
            continue;
        }
        let mut is_first = true;
        scanner.expect(b'[')?;
        while scanner.has_next(b']', &mut is_first)? {
            json.clear();
            if scanner.value(Keep::In(&mut json, LINE_BYTES_MAX))? == Fit::TooLong {
                rows.reject("row too long", format!("the record is longer than {} MiB", LINE_BYTES_MAX >> 20))?;
                continue;
            }
            match join.annotation(&json) {
                Ok(values) => rows.deliver(values, None)?,
                Err(detail) => rows.reject("not JSON", detail)?,
            }
        }
    }
    for position in 0..join.images.len() {
        if !join.images[position].has_annotation {
            let values = join.image_alone(position);
            rows.deliver(values, None)?;
        }
    }
    Ok(())
}

#[derive(Default)]
struct Join {
    names: ColumnNames,
    images: Vec<Image>,
    image_of_id: HashMap<String, usize>,
    licences: HashMap<String, (Option<Value>, Option<Value>)>,
}

impl Join {
    /// Reads all pictures and licences. A document that breaks off gives those before the break.
    fn gather(&mut self, mut scanner: Scanner) -> Result<(), Stop> {
        match self.gather_all(&mut scanner) {
            Err(Stop::Damaged(_)) | Ok(()) => Ok(()),
            Err(stop) => Err(stop),
        }
    }

    fn gather_all(&mut self, scanner: &mut Scanner) -> Result<(), Stop> {
        let mut bytes = 0_usize;
        let mut json = Vec::new();
        let mut is_first = true;
        scanner.expect(b'{')?;
        while scanner.has_next(b'}', &mut is_first)? {
            let member = scanner.name()?;
            if !matches!(member.as_str(), "images" | "licenses") || scanner.peek()? != Some(b'[') {
                scanner.value(Keep::Nothing)?;
                continue;
            }
            let mut is_first = true;
            scanner.expect(b'[')?;
            while scanner.has_next(b']', &mut is_first)? {
                json.clear();
                if scanner.value(Keep::In(&mut json, ENTRY_BYTES_MAX))? == Fit::TooLong {
                    continue;
                }
                let mut cells = Cells::new(&mut self.names);
                if add_members(&json, &mut cells).is_err() {
                    continue;
                }
                let row = cells.finish();
                bytes += 128 + row.iter().map(|(_, value)| 48 + value.heap_bytes()).sum::<usize>();
                if bytes > IMAGES_BYTES_MAX {
                    return Err(Stop::Unsupported("its list of pictures takes more than 2 GiB of memory".to_owned()));
                }
                self.keep(&member, row);
            }
        }
        Ok(())
    }

    fn keep(&mut self, member: &str, row: Row) {
        let cell = |name: &str| row.iter().find(|(known, _)| &**known == name).map(|(_, value)| value.clone());
        let Some(id) = cell("id").and_then(|id| id.as_text().map(std::borrow::Cow::into_owned)) else {
            return;
        };
        if member == "licenses" {
            self.licences.insert(id, (cell("name"), cell("url")));
        } else {
            self.image_of_id.insert(id, self.images.len());
            self.images.push(Image { row, has_annotation: false });
        }
    }

    /// The row of one annotation, or what is wrong with it.
    fn annotation(&mut self, json: &[u8]) -> Result<Row, String> {
        let mut cells = Cells::new(&mut self.names);
        add_members(json, &mut cells)?;
        let mut row = cells.finish();
        let id = row.iter().find(|(name, _)| &**name == "image_id").and_then(|(_, value)| value.as_text());
        if let Some(position) = id.and_then(|id| self.image_of_id.get(&*id).copied()) {
            self.images[position].has_annotation = true;
            self.add_image(position, &mut row);
        }
        Ok(row)
    }

    fn image_alone(&mut self, position: usize) -> Row {
        let mut row = Row::new();
        self.add_image(position, &mut row);
        row
    }

    /// Adds the picture's columns; one whose name is taken gets `image.` before it.
    fn add_image(&mut self, position: usize, row: &mut Row) {
        let own_columns = row.len();
        for (name, value) in &self.images[position].row {
            let is_taken = row[..own_columns].iter().any(|(own, _)| own == name);
            let name = if is_taken {
                self.names.shared(&format!("image.{name}")).unwrap_or_else(|| name.clone())
            } else {
                name.clone()
            };
            let licence =
                (&*name == "license").then(|| value.as_text().and_then(|id| self.licences.get(&*id))).flatten();
            match licence {
                None => row.push((name, value.clone())),
                Some((licence_name, url)) => {
                    row.push((name, licence_name.clone().unwrap_or_else(|| value.clone())));
                    if let (Some(url), Some(column)) = (url, self.names.shared("license.url")) {
                        row.push((column, url.clone()));
                    }
                }
            }
        }
    }
}
