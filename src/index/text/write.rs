//! Filling a text index: documents in, segments out, a checkpoint whenever asked.

use std::path::{Path, PathBuf};

use tantivy::index::SegmentId;
use tantivy::indexer::NoMergePolicy;
use tantivy::{Index, IndexWriter, TantivyDocument};

use super::{Fields, schema, seal, tokenizers};
use crate::index::IndexError;

/// Segments that a search may have to visit before they are merged.
const SEGMENTS_MAX: usize = 8;
/// Documents of a merged segment: large enough to be few, small enough to be merged in bounded time and memory.
const SEGMENT_DOCS: u32 = 20_000_000;

/// What is indexed of one record.
#[derive(Debug, Default)]
pub struct TextDoc<'a> {
    pub caption: Option<&'a str>,
    pub authors: Vec<&'a str>,
    /// Paths of its addresses.
    pub paths: Vec<&'a str>,
    pub idents: Vec<String>,
    /// Hosts and their parents.
    pub hosts: Vec<&'a str>,
    /// Codes it is filed under: `en-us` also under `en`.
    pub langs: Vec<String>,
    pub keys: Vec<u64>,
    /// Registrable domain of its first address.
    pub domain: Option<&'a str>,
    pub created_at_ms: Option<i64>,
}

/// A document ready but for its ordinal, which is known only once everything before it is in place.
pub struct PreparedText(TantivyDocument);

pub struct TextWriter {
    path: PathBuf,
    writer: IndexWriter,
    fields: Fields,
}

impl TextWriter {
    /// Starts an index, or goes on with one from its last checkpoint, whose note it gives back.
    pub fn open(path: &Path, threads: usize, heap_bytes: usize) -> Result<(Self, Option<String>), IndexError> {
        std::fs::create_dir_all(path).map_err(IndexError::io(path))?;
        let (schema, fields) = schema();
        let text = |error| IndexError::text(path)(error);
        let directory = tantivy::directory::MmapDirectory::open(path).map_err(IndexError::text(path))?;
        let index = Index::builder()
            .schema(schema)
            .tokenizers(tokenizers())
            .fast_field_tokenizers(tokenizers())
            .open_or_create(directory)
            .map_err(text)?;
        let note = index.load_metas().map_err(text)?.payload;
        let writer: IndexWriter = index.writer_with_num_threads(threads, heap_bytes).map_err(text)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok((Self { path: path.to_owned(), writer, fields }, note))
    }

    /// Turns a record's texts into a document. Needs no order and no lock: done on many threads.
    pub fn preparer(&self) -> impl Fn(&TextDoc<'_>) -> PreparedText + Send + Sync + use<> {
        let fields = self.fields;
        move |doc| {
            let mut out = TantivyDocument::new();
            if let Some(caption) = doc.caption {
                out.add_text(fields.caption, caption);
            }
            doc.authors.iter().for_each(|author| out.add_text(fields.author, author));
            doc.paths.iter().filter(|path| !path.is_empty()).for_each(|path| out.add_text(fields.slug, path));
            doc.idents.iter().for_each(|ident| out.add_text(fields.ident, ident));
            doc.hosts.iter().for_each(|host| out.add_text(fields.host, host));
            doc.langs.iter().for_each(|lang| out.add_text(fields.lang, lang));
            doc.keys.iter().for_each(|key| out.add_u64(fields.key, *key));
            if let Some(domain) = doc.domain {
                out.add_text(fields.domain, domain);
            }
            if let Some(created) = doc.created_at_ms {
                out.add_i64(fields.created, created);
            }
            PreparedText(out)
        }
    }

    pub fn add(&self, ordinal: u64, doc: PreparedText) -> Result<(), IndexError> {
        let PreparedText(mut doc) = doc;
        doc.add_u64(self.fields.row, ordinal);
        self.writer.add_document(doc).map(|_| ()).map_err(IndexError::text(&self.path))
    }

    /// Makes everything added so far durable, together with a note: both or neither.
    pub fn checkpoint(&mut self, note: &str) -> Result<(), IndexError> {
        let mut commit = self.writer.prepare_commit().map_err(IndexError::text(&self.path))?;
        commit.set_payload(note);
        commit.commit().map(|_| ()).map_err(IndexError::text(&self.path))
    }

    /// Merges small segments, so that a search visits few, closes, and seals what there is.
    pub fn finish(mut self) -> Result<(), IndexError> {
        let path = self.path.clone();
        let mut segments: Vec<(u32, SegmentId)> = self
            .writer
            .index()
            .searchable_segment_metas()
            .map_err(IndexError::text(&path))?
            .iter()
            .map(|meta| (meta.num_docs(), meta.id()))
            .collect();
        if segments.len() > SEGMENTS_MAX {
            segments.sort();
            for group in groups(&segments) {
                self.writer.merge(&group).wait().map_err(IndexError::text(&path))?;
            }
            self.writer.garbage_collect_files().wait().map_err(IndexError::text(&path))?;
        }
        self.writer.wait_merging_threads().map_err(IndexError::text(&path))?;
        seal::write(&path)
    }
}

/// Segments to merge together, smallest first, each group up to [`SEGMENT_DOCS`] documents; groups of one are left.
fn groups(segments: &[(u32, SegmentId)]) -> Vec<Vec<SegmentId>> {
    let mut groups: Vec<Vec<SegmentId>> = Vec::new();
    let mut docs = 0;
    for (n, id) in segments {
        match groups.last_mut() {
            Some(group) if docs + n <= SEGMENT_DOCS => {
                group.push(*id);
                docs += n;
            }
            _ => {
                groups.push(vec![*id]);
                docs = *n;
            }
        }
    }
    groups.retain(|group| group.len() > 1);
    groups
}
