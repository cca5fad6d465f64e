//! Preparing records on any thread: read through the mapping, hash the picture, make the text document, pack the row.

use std::borrow::Cow;

use crate::facts::{Facts, PictureFacts};
use crate::hash_code::HashCode;
use crate::image_hash::{self, DecodeLimits, IndexParts};
use crate::index::IndexError;
use crate::index::draft::{self, Prepared};
use crate::index::hashes::{self, QUALITY_UNKNOWN};
use crate::index::text::{KeyKind, PreparedText, TextDoc, key};
use crate::mapping::Mapping;
use crate::record::{Picture, Record};

use super::tally::BatchTally;

/// Largest picture file that is read whole, bytes: as large as what a visitor may upload.
const PICTURE_BYTES_MAX: u64 = 64 << 20;
/// A code with nearly all bits alike is a flat picture or a placeholder: it matches everything flat and tells nothing.
const POPCOUNT_SHARE_MIN: u32 = 16;

/// How pictures at hand are hashed.
#[derive(Debug, Clone, Copy)]
pub(super) struct PictureWork<'a> {
    pub limits: &'a DecodeLimits,
    pub parts: IndexParts,
}

/// What was computed of one picture.
struct Hashed {
    facts: PictureFacts,
    /// Quality or mark of a part, and code; the whole picture's first.
    codes: Vec<(u8, HashCode)>,
    is_plain: bool,
}

/// Prepares a batch: everything that can be done without knowing what came before.
pub(super) fn prepare(
    mut records: Vec<Record>,
    mapping: &Mapping,
    pictures: PictureWork<'_>,
    text: &(dyn Fn(&TextDoc<'_>) -> PreparedText + Sync),
) -> Result<(Prepared, BatchTally), IndexError> {
    let mut tally = BatchTally { rows_read: records.len() as u64, ..BatchTally::default() };
    let before: Vec<u64> = records.iter().map(|record| record.row).collect();
    records.retain(|record| record.picture.is_some() || record.values.iter().any(|(_, value)| !value.is_blank()));
    if records.len() < before.len() {
        let kept: std::collections::HashSet<u64> = records.iter().map(|record| record.row).collect();
        tally.empty.extend(before.into_iter().filter(|row| !kept.contains(row)));
    }
    let mut docs = Vec::with_capacity(records.len());
    let mut hashes = Vec::new();
    for (index, record) in records.iter_mut().enumerate() {
        if let Some(picture) = record.picture.take() {
            match hash_picture(picture, pictures) {
                Ok(Hashed { facts, codes, is_plain }) => {
                    hashes.extend(codes.into_iter().map(|(mark, code)| (index, mark, code)));
                    facts.add_to(record);
                    tally.images_hashed += 1;
                    tally.images_plain += u64::from(is_plain);
                }
                Err(reason) => *tally.images_refused.entry(reason.into_owned()).or_insert(0) += 1,
            }
        }
        let facts = Facts::read(mapping, record);
        let carried = facts.fields.hashes.iter().filter(|code| says_something(code));
        hashes.extend(carried.map(|code| (index, QUALITY_UNKNOWN, *code)));
        docs.push(text(&document(&facts)));
        tally.count(&facts);
    }
    let carriers: std::collections::BTreeSet<_> = hashes.iter().map(|(index, _, code)| (code.kind(), *index)).collect();
    for (kind, _) in carriers {
        *tally.hashed.entry(kind.name()).or_insert(0) += 1;
    }
    tally.rows_indexed = records.len() as u64;
    Ok((Prepared { blocks: draft::pack_rows(&records)?, docs, hashes }, tally))
}

fn hash_picture(picture: Picture, work: PictureWork<'_>) -> Result<Hashed, Cow<'static, str>> {
    let bytes = match picture {
        Picture::Bytes(bytes) => bytes,
        Picture::File(path) => {
            let len = std::fs::metadata(&path).map_err(|_| "the picture file is missing")?.len();
            if len > PICTURE_BYTES_MAX {
                return Err("the picture file is larger than 64 MiB".into());
            }
            std::fs::read(&path).map_err(|_| "the picture file cannot be read")?
        }
    };
    let hashed = image_hash::hash_for_index_with(&bytes, work.limits, work.parts);
    let picture = hashed.map_err(|error| Cow::Owned(error.code().to_owned()))?;
    let facts = PictureFacts {
        sha256: hex::encode(picture.sha256),
        md5: hex::encode(picture.md5),
        width: picture.width,
        height: picture.height,
        format: picture.format.to_owned(),
        quality: picture.quality,
    };
    let parts = picture.parts.iter().map(|part| (hashes::mark_of_part(part.part), part.code));
    let codes = std::iter::once((picture.quality, picture.pdqa)).chain(parts).collect();
    Ok(Hashed { facts, codes, is_plain: picture.is_plain() })
}

/// `en-US` as `en-us` and `en`.
fn langs(text: &str) -> Vec<String> {
    let whole = text.to_lowercase().replace('_', "-");
    match whole.split_once('-') {
        Some((primary, _)) => vec![primary.to_owned(), whole.clone()],
        None => vec![whole],
    }
}

fn says_something(code: &HashCode) -> bool {
    let bits = u32::try_from(code.as_bytes().len() * 8).unwrap_or(256);
    (bits / POPCOUNT_SHARE_MIN..=bits - bits / POPCOUNT_SHARE_MIN).contains(&code.popcount())
}

fn document(facts: &Facts) -> TextDoc<'_> {
    let fields = &facts.fields;
    let mut keys = Vec::with_capacity(4);
    keys.extend(facts.addresses.iter().map(|address| key(KeyKind::Url, address.as_str())));
    keys.extend(facts.sha256().into_iter().map(|digest| key(KeyKind::Sha256, digest)));
    keys.extend(facts.md5().into_iter().map(|digest| key(KeyKind::Md5, digest)));
    keys.extend(fields.sha1.iter().map(|digest| key(KeyKind::Sha1, digest)));
    keys.extend(fields.source_id.iter().map(|id| key(KeyKind::SourceId, id)));
    let identifiers = facts.identifiers();
    keys.extend(identifiers.iter().map(|identifier| key(KeyKind::Identifier, &identifier.display())));
    let first = facts.addresses.first();
    let mut paths: Vec<&str> = facts.addresses.iter().map(crate::web_address::NormalizedUrl::path).collect();
    // Addresses without a host, and the file names of pictures: a name is often nowhere else.
    paths.extend(fields.urls.iter().filter(|url| !url.contains("://")).map(String::as_str));
    // A name is often that of a site: `miraokonkwo.example`.
    paths.extend(facts.addresses.iter().map(|address| crate::web_address::chosen_part(address.host())));
    paths.extend(fields.file_names.iter().map(String::as_str));
    TextDoc {
        caption: fields.caption.as_deref(),
        authors: fields.authors.iter().map(|author| author.value.as_str()).collect(),
        paths,
        idents: identifiers.iter().map(crate::identifier::Identifier::term).collect(),
        hosts: facts.hosts(),
        langs: fields.language.as_deref().map(langs).unwrap_or_default(),
        keys,
        domain: first.map(|address| crate::web_address::registrable_domain(address.host())),
        created_at_ms: fields.created_at.map(crate::timestamp::Timestamp::as_millis),
    }
}
