//! What tells a row of any release from the others: its address, its id, its file's digests, its picture's codes.

use std::borrow::Cow;
use std::path::Path;

use md5::Md5;
use sha2::{Digest as _, Sha256};

use super::RemovalError;
use crate::hash_code::{HashCode, HashKind};
use crate::manifest::columns::{self, ColumnsError, Hints};
use crate::manifest::{RowBatch, Source};
use crate::mapping::{Binding, Cell, Mapping, Role, Transform, values};
use crate::record::{Picture, Record};
use crate::web_address::NormalizedUrl;

/// Rows looked at to understand the columns of a file: as many as ingest looks at, so that both understand the same.
const SAMPLE_ROWS: usize = 200;
/// Largest picture file that is read whole, bytes: as ingest does.
const PICTURE_BYTES_MAX: u64 = 64 << 20;

/// Gives the codes of a picture's bytes. This room decodes no pictures itself.
pub type PictureCodes<'a> = &'a (dyn Fn(&[u8]) -> Vec<HashCode> + Sync);

/// How columns are understood where the caller knows better: `--map` and `--preset`.
#[derive(Debug, Clone, Copy, Default)]
pub struct ColumnHints<'a> {
    pub map: &'a [Binding],
    pub preset: Option<&'a str>,
}

/// The part of a file's mapping by which its rows are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    mapping: Mapping,
    /// Names of what can be compared: `url`, `source_id`, `sha256`, `md5`, `pdq`, `picture`.
    pub compares: Vec<&'static str>,
    /// The columns needed for it.
    pub columns: Vec<String>,
    pub has_pictures: bool,
}

/// What one row is known by.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RowFacts {
    pub urls: Vec<NormalizedUrl>,
    pub source_id: Option<String>,
    /// Lower-case hexadecimal; the manifest's and, of a picture at hand, our own.
    pub sha256: Vec<String>,
    pub md5: Vec<String>,
    pub codes: Vec<HashCode>,
}

/// What a row can be asked for, in its comparable writing. Nothing is worked out before it is asked for.
pub trait KnownBy {
    fn source_id(&self) -> Option<Cow<'_, str>>;
    fn urls(&self) -> impl Iterator<Item = Cow<'_, str>>;
    fn sha256(&self) -> impl Iterator<Item = Cow<'_, str>>;
    fn md5(&self) -> impl Iterator<Item = Cow<'_, str>>;
    fn codes(&self) -> impl Iterator<Item = HashCode>;
}

impl KnownBy for RowFacts {
    fn source_id(&self) -> Option<Cow<'_, str>> {
        self.source_id.as_deref().map(Cow::Borrowed)
    }

    fn urls(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.urls.iter().map(|url| Cow::Borrowed(url.as_str()))
    }

    fn sha256(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.sha256.iter().map(|digest| Cow::Borrowed(digest.as_str()))
    }

    fn md5(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.md5.iter().map(|digest| Cow::Borrowed(digest.as_str()))
    }

    fn codes(&self) -> impl Iterator<Item = HashCode> {
        self.codes.iter().copied()
    }
}

/// A row that stands in columns, read as [`Identity::facts`] reads a record, without its picture: for the columns of
/// [`Identity::columns`], in their order.
pub struct CellsOfRow<'b> {
    pub identity: &'b Identity,
    pub batch: &'b RowBatch<'b>,
    /// Counted in the batch.
    pub row: usize,
}

impl<'b> CellsOfRow<'b> {
    /// The bindings of a role whose cell is not null.
    fn cells(&self, role: Role) -> impl Iterator<Item = (Cell<'b>, Transform)> {
        let (batch, row) = (self.batch, self.row);
        let bindings = self.identity.mapping.bindings.iter().enumerate();
        bindings
            .filter(move |(_, binding)| binding.role == role)
            .filter_map(move |(column, binding)| batch.cell(column, row).map(|cell| (cell, binding.transform)))
    }

    fn digest(&self, role: Role, bytes: usize) -> impl Iterator<Item = Cow<'_, str>> {
        let mut digests = self.cells(role).filter_map(move |(cell, transform)| values::digest(cell, bytes, transform));
        digests.next().map(Cow::Owned).into_iter()
    }
}

impl KnownBy for CellsOfRow<'_> {
    fn source_id(&self) -> Option<Cow<'_, str>> {
        self.cells(Role::SourceId).find_map(|(cell, transform)| values::plain(cell, transform))
    }

    fn urls(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let urls = self.cells(Role::Url).chain(self.cells(Role::PageUrl));
        urls.filter_map(|(cell, transform)| match values::url(cell, transform)? {
            Cow::Borrowed(url) => NormalizedUrl::text_of(url),
            Cow::Owned(url) => NormalizedUrl::text_of(&url).map(|text| Cow::Owned(text.into_owned())),
        })
    }

    fn sha256(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.digest(Role::Sha256, 32)
    }

    fn md5(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.digest(Role::Md5, 16)
    }

    fn codes(&self) -> impl Iterator<Item = HashCode> {
        self.cells(Role::Pdq).filter_map(|(cell, _)| values::hash(HashKind::Pdq, cell))
    }
}

impl Identity {
    /// Finds out how a file's columns are to be understood, as ingest does. An empty file compares nothing.
    pub fn find(source: &Source, hints: ColumnHints<'_>) -> Result<Self, RemovalError> {
        let sample = source.sample(SAMPLE_ROWS)?;
        let has_pictures = sample.iter().any(|record| record.picture.is_some());
        let asked = Hints { file_name: &source.name, preset: hints.preset, map: hints.map, strict: false, card: None };
        let mapping = match columns::decide(&sample, &asked) {
            Ok(decision) => decision.mapping,
            Err(ColumnsError::NoRows | ColumnsError::NothingSearchable { .. }) => Mapping::default(),
            Err(problem) => return Err(RemovalError::Columns { file: source.name.clone(), source: problem }),
        };
        Ok(Self::of(&mapping, has_pictures))
    }

    /// The comparable part of a mapping. A page's address tells a row only where no row has an address of its own:
    /// many pictures stand on one page.
    pub fn of(mapping: &Mapping, has_pictures: bool) -> Self {
        let has_url = mapping.bindings.iter().any(|binding| binding.role == Role::Url);
        let url = if has_url { Role::Url } else { Role::PageUrl };
        let telling = [url, Role::SourceId, Role::Sha256, Role::Md5, Role::Pdq];
        let bindings: Vec<Binding> =
            mapping.bindings.iter().filter(|binding| telling.contains(&binding.role)).cloned().collect();
        let mut compares: Vec<&'static str> = Vec::new();
        for binding in &bindings {
            let name = if binding.role == Role::PageUrl { "url" } else { binding.role.name() };
            if !compares.contains(&name) {
                compares.push(name);
            }
        }
        if has_pictures {
            compares.push("picture");
        }
        let columns = bindings.iter().map(|binding| binding.column.clone()).collect();
        Self { mapping: Mapping { bindings }, compares, columns, has_pictures }
    }

    /// Whether there is anything to compare rows by.
    pub fn is_empty(&self) -> bool {
        self.compares.is_empty()
    }

    /// Reads a row. Picture bytes are hashed where they came with it, and decoded where `codes` is given.
    pub fn facts(&self, record: &Record, codes: Option<PictureCodes<'_>>) -> RowFacts {
        let fields = self.mapping.fields(record);
        let mut facts = RowFacts {
            urls: fields.urls.iter().filter_map(|url| NormalizedUrl::parse(url)).collect(),
            source_id: fields.source_id,
            sha256: fields.sha256.into_iter().collect(),
            md5: fields.md5.into_iter().collect(),
            codes: fields.hashes,
        };
        if let Some(bytes) = record.picture.as_ref().and_then(picture_bytes).filter(|bytes| !bytes.is_empty()) {
            facts.sha256.push(hex::encode(Sha256::digest(&bytes)));
            facts.md5.push(hex::encode(Md5::digest(&bytes)));
            facts.codes.extend(codes.map(|codes| codes(&bytes)).unwrap_or_default());
        }
        facts
    }
}

/// The picture's bytes; of a file that is too large or gone, none.
fn picture_bytes(picture: &Picture) -> Option<Cow<'_, [u8]>> {
    match picture {
        Picture::Bytes(bytes) => Some(Cow::Borrowed(bytes)),
        Picture::File(path) => file_bytes(path).map(Cow::Owned),
    }
}

fn file_bytes(path: &Path) -> Option<Vec<u8>> {
    let size = std::fs::metadata(path).ok()?.len();
    (size <= PICTURE_BYTES_MAX).then(|| std::fs::read(path).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Value;

    fn mapping(roles: &[(Role, &str)]) -> Mapping {
        let binding = |(role, column): &(Role, &str)| Binding {
            role: *role,
            column: (*column).into(),
            transform: Transform::AsIs,
        };
        Mapping { bindings: roles.iter().map(binding).collect() }
    }

    fn record(cells: &[(&str, &str)]) -> Record {
        let values = cells.iter().map(|(name, text)| ((*name).into(), Value::Text((*text).into()))).collect();
        Record { row: 0, values, picture: None }
    }

    #[test]
    fn a_page_shared_by_many_pictures_tells_no_row_unless_there_is_nothing_else() {
        let row = record(&[("url", "https://www.a.example/1.jpg"), ("page", "https://b.example/")]);
        let both = Identity::of(&mapping(&[(Role::Url, "url"), (Role::PageUrl, "page")]), false);
        let urls = |identity: &Identity| -> Vec<String> {
            identity.facts(&row, None).urls.iter().map(|url| url.as_str().to_owned()).collect()
        };
        assert_eq!(urls(&both), ["a.example/1.jpg"]);
        assert_eq!(both.columns, ["url"]);
        let page = Identity::of(&mapping(&[(Role::PageUrl, "page"), (Role::Caption, "text")]), false);
        assert_eq!((urls(&page), page.compares), (vec!["b.example".to_owned()], vec!["url"]));
        assert!(Identity::of(&mapping(&[(Role::Caption, "text")]), false).is_empty());
    }

    #[test]
    fn a_picture_at_hand_is_known_by_its_digests_and_codes() {
        let mut row = record(&[]);
        row.picture = Some(Picture::Bytes(b"abc".to_vec()));
        let identity = Identity::of(&Mapping::default(), true);
        let code = HashCode::new(crate::hash_code::HashKind::Pdqa, &[1; 32]).unwrap();
        let facts = identity.facts(&row, Some(&|_: &[u8]| vec![code]));
        assert_eq!(facts.md5, ["900150983cd24fb0d6963f7d28e17f72"]);
        assert!(facts.sha256[0].starts_with("ba7816bf8f01cfea"));
        assert_eq!(facts.codes, [code]);
    }
}
