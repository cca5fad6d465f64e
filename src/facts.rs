//! Everything that is known of one record: what its columns say, and what we computed of its picture.
//!
//! Used at ingest (what is indexed) and by search (what is shown), so that both read a record in one way.

use std::sync::Arc;

use crate::identifier::Identifier;
use crate::mapping::{Fields, Mapping};
use crate::record::{Record, Value};
use crate::web_address::{NormalizedUrl, host_and_parents};

/// Columns that ingest adds to a row whose picture was at hand; no manifest has such names.
pub const COMPUTED_PREFIX: &str = "rollcall:";
const SHA256: &str = "rollcall:sha256";
const MD5: &str = "rollcall:md5";
const WIDTH: &str = "rollcall:width";
const HEIGHT: &str = "rollcall:height";
const FORMAT: &str = "rollcall:format";
const QUALITY: &str = "rollcall:quality";

/// What we computed from the picture's own bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PictureFacts {
    pub sha256: String,
    pub md5: String,
    pub width: u32,
    pub height: u32,
    pub format: String,
    /// PDQ's quality figure, 0 to 100.
    pub quality: u8,
}

impl PictureFacts {
    /// Adds them to the row, so that they are kept with it.
    pub fn add_to(&self, record: &mut Record) {
        let text = |text: &str| Value::Text(text.to_owned());
        let cells = [
            (SHA256, text(&self.sha256)),
            (MD5, text(&self.md5)),
            (WIDTH, Value::Int(i64::from(self.width))),
            (HEIGHT, Value::Int(i64::from(self.height))),
            (FORMAT, text(&self.format)),
            (QUALITY, Value::Int(i64::from(self.quality))),
        ];
        record.values.extend(cells.map(|(name, value)| (Arc::from(name), value)));
    }

    /// Finds them again in a stored row.
    pub fn of(record: &Record) -> Option<Self> {
        let text = |name| record.value(name).and_then(Value::as_text).map(std::borrow::Cow::into_owned);
        let number = |name| match record.value(name) {
            Some(Value::Int(number)) => u32::try_from(*number).ok(),
            _ => None,
        };
        Some(Self {
            sha256: text(SHA256)?,
            md5: text(MD5)?,
            width: number(WIDTH)?,
            height: number(HEIGHT)?,
            format: text(FORMAT)?,
            quality: u8::try_from(number(QUALITY)?).ok()?,
        })
    }
}

/// A record, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    pub fields: Fields,
    pub picture: Option<PictureFacts>,
    /// Its addresses in their comparable writing, in the order of `fields.urls`; those without a host are left out.
    pub addresses: Vec<NormalizedUrl>,
}

impl Facts {
    pub fn read(mapping: &Mapping, record: &Record) -> Self {
        let fields = mapping.fields(record);
        let addresses = fields.urls.iter().filter_map(|url| NormalizedUrl::parse(url)).collect();
        Self { fields, picture: PictureFacts::of(record), addresses }
    }

    /// Exact names of its authors.
    pub fn identifiers(&self) -> Vec<Identifier> {
        let mut all = Vec::new();
        for author in &self.fields.authors {
            for identifier in Identifier::of_author(author) {
                if !all.contains(&identifier) {
                    all.push(identifier);
                }
            }
        }
        all
    }

    /// Hosts of its addresses with their parents, each once.
    pub fn hosts(&self) -> Vec<&str> {
        let mut all = Vec::new();
        for address in &self.addresses {
            for host in host_and_parents(address.host()) {
                if !all.contains(&host) {
                    all.push(host);
                }
            }
        }
        all
    }

    /// File digests, the manifest's and ours, each once.
    pub fn sha256(&self) -> Vec<&str> {
        both(self.fields.sha256.as_deref(), self.picture.as_ref().map(|picture| picture.sha256.as_str()))
    }

    pub fn md5(&self) -> Vec<&str> {
        both(self.fields.md5.as_deref(), self.picture.as_ref().map(|picture| picture.md5.as_str()))
    }

    /// The name its author is shown by.
    pub fn author(&self) -> Option<&str> {
        self.fields.authors.first().map(|author| author.value.as_str())
    }
}

fn both<'a>(given: Option<&'a str>, computed: Option<&'a str>) -> Vec<&'a str> {
    let computed = computed.filter(|computed| given != Some(computed));
    given.into_iter().chain(computed).collect()
}
