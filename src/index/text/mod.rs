//! Full text of one revision, on tantivy. The only place that names it.
//!
//! Fields: `caption` and `author` as words with positions; `slug`, the words of an address's path; `ident`, `host` and
//! `lang` as exact terms; `key`, 64-bit digests of whole addresses, file digests and source ids; and as columns
//! `domain` (counts), `created` (ranges) and `row` (the ordinal). The rows themselves are in the row store.

mod cutter;
mod hidden;
mod query;
mod read;
mod seal;
mod write;

use sha2::{Digest, Sha256};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};

pub use cutter::slug_words;
pub use hidden::HiddenDocs;
pub use query::{Clause, ExactField, WordField};
pub use read::{After, Found, Page, TextIndex, TextQuery};
pub use write::{PreparedText, TextDoc, TextWriter};

/// What a key is a digest of: two kinds never share a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    Url,
    Md5,
    Sha1,
    Sha256,
    SourceId,
}

/// The first 64 bits of SHA-256 over kind and value: with a billion rows a false hit has odds of one in twenty billion
/// a query, and nobody can make two values meet on purpose.
pub fn key(kind: KeyKind, value: &str) -> u64 {
    let tag = match kind {
        KeyKind::Url => b"url:",
        KeyKind::Md5 => b"md5:",
        KeyKind::Sha1 => b"sh1:",
        KeyKind::Sha256 => b"sha:",
        KeyKind::SourceId => b"sid:",
    };
    let digest = Sha256::new().chain_update(tag).chain_update(value.as_bytes()).finalize();
    digest[..8].try_into().map_or(0, u64::from_be_bytes)
}

#[derive(Debug, Clone, Copy)]
struct Fields {
    caption: Field,
    author: Field,
    slug: Field,
    ident: Field,
    host: Field,
    lang: Field,
    key: Field,
    domain: Field,
    created: Field,
    row: Field,
}

const WORDS: &str = "words";
const SLUG: &str = "slug";

fn schema() -> (Schema, Fields) {
    let indexing = |tokenizer: &str, record| {
        TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record).set_fieldnorms(false)
    };
    let text = |indexing| TextOptions::default().set_indexing_options(indexing);
    let exact = || text(indexing("raw", IndexRecordOption::Basic));
    let with_positions = IndexRecordOption::WithFreqsAndPositions;
    let mut builder = Schema::builder();
    let fields = Fields {
        caption: builder.add_text_field("caption", text(indexing(WORDS, with_positions).set_fieldnorms(true))),
        author: builder.add_text_field("author", text(indexing(WORDS, with_positions))),
        slug: builder.add_text_field("slug", text(indexing(SLUG, IndexRecordOption::Basic))),
        ident: builder.add_text_field("ident", exact()),
        host: builder.add_text_field("host", exact()),
        lang: builder.add_text_field("lang", exact()),
        key: builder.add_u64_field("key", NumericOptions::default() | INDEXED),
        domain: builder.add_text_field("domain", TextOptions::default().set_fast("raw")),
        created: builder.add_i64_field("created", FAST),
        row: builder.add_u64_field("row", FAST),
    };
    (builder.build(), fields)
}

fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(WORDS, TextAnalyzer::from(cutter::Cutter::words()));
    manager.register(SLUG, TextAnalyzer::from(cutter::Cutter::slug()));
    manager
}
