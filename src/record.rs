//! One row of a manifest, as its file gave it.
//!
//! A [`Record`] keeps every column under the name the file used, so that nothing a publisher wrote is lost.
//! What the columns *mean* (which one is the picture's address, which one names a person) is the business of
//! [`crate::mapping`], which reads a record and gives [`crate::mapping::Fields`].

use std::path::PathBuf;
use std::sync::Arc;

/// The name of a column as the file spells it. Shared, since a million rows carry the same few names.
pub type ColumnName = Arc<str>;

/// One cell. Lists and structs are kept as the JSON text they stand for.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// A list or an object, as compact JSON text.
    Json(String),
}

impl Value {
    /// The cell as a person would write it; `None` for null. Borrows where the cell is text already.
    pub fn as_text(&self) -> Option<std::borrow::Cow<'_, str>> {
        match self {
            Self::Null => None,
            Self::Bool(value) => Some(value.to_string().into()),
            Self::Int(value) => Some(value.to_string().into()),
            Self::Float(value) => Some(value.to_string().into()),
            Self::Text(text) | Self::Json(text) => Some(text.as_str().into()),
        }
    }

    /// Null or a text of nothing but white space.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// Bytes of memory the cell holds outside itself: what bounded queues count.
    pub fn heap_bytes(&self) -> usize {
        match self {
            Self::Text(text) | Self::Json(text) => text.len(),
            _ => 0,
        }
    }
}

/// The short decimal number that a 32-bit float was written from: 0.3312, not 0.331200003623962.
pub fn decimal_of(value: f32) -> f64 {
    let wide = f64::from(value);
    // Scores are mostly between -1 and 1, where eight decimals always tell two floats apart; cheaper than printing.
    let rounded = (wide * 1e8).round() / 1e8;
    if wide.abs() < 1.0 && (rounded as f32).to_bits() == value.to_bits() {
        return rounded;
    }
    value.to_string().parse().unwrap_or(wide)
}

/// A picture that came with the row: the bytes themselves, or a file beside the manifest that is read when its
/// turn comes (so that a folder of large pictures never stands in memory at once).
#[derive(Debug, Clone, PartialEq)]
pub enum Picture {
    Bytes(Vec<u8>),
    File(PathBuf),
}

/// One row of a manifest file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    /// Position in its file, counted from 0 over data rows (a header line is not a row).
    pub row: u64,
    /// Cells in the file's column order. A column that this row does not have is simply absent.
    pub values: Vec<(ColumnName, Value)>,
    /// The picture, where it is at hand. Never stored; hashed and dropped.
    pub picture: Option<Picture>,
}

impl Record {
    /// The cell under exactly this column name.
    pub fn value(&self, column: &str) -> Option<&Value> {
        self.values.iter().find(|(name, _)| &**name == column).map(|(_, value)| value)
    }

    /// Bytes of memory the record holds, roughly: what bounded queues count.
    pub fn heap_bytes(&self) -> usize {
        let picture = match &self.picture {
            Some(Picture::Bytes(bytes)) => bytes.len(),
            _ => 0,
        };
        picture + self.values.iter().map(|(_, value)| 48 + value.heap_bytes()).sum::<usize>()
    }
}
