//! Full text of one revision, on tantivy. The only place that names it.
//!
//! Fields: `caption` and `author` as words with positions; `slug`, the words of an address's path; `ident`, `host` and
//! `lang` as exact terms; `key`, 64-bit digests of whole addresses, file digests, source ids and account names; and as columns
//! `domain` (counts), `created` (ranges) and `row` (the ordinal). The rows themselves are in the row store.

mod cutter;
mod hidden;
mod query;
mod range;
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
pub use range::KeyCount;
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
    /// An account's name in the writing of `Identifier::display`.
    Identifier,
}

/// Bits of a key that say its kind.
const KIND_BITS: u32 = 3;

/// Three bits of kind, then 61 of the value: its SHA-256's first, or, where it is a digest itself, its own first 32 and
/// then those of its SHA-256, so that every digit of it counts. With a billion rows a false hit has odds of one in two
/// billion a query. Keys of a kind lie in the order of their digests, so that all whose digest begins alike stand
/// together ([`TextIndex::keys_beginning`]).
pub fn key(kind: KeyKind, value: &str) -> u64 {
    let mut first = [0; 8];
    let hashed = Sha256::digest(value.as_bytes());
    first.copy_from_slice(&hashed[..8]);
    if matches!(kind, KeyKind::Md5 | KeyKind::Sha1 | KeyKind::Sha256)
        && let Some(digits) = value.as_bytes().get(..8)
        && hex::decode_to_slice(digits, &mut first[..4]).is_ok()
    {
        first[4..].copy_from_slice(&hashed[..4]);
    }
    key_of(kind, u64::from_be_bytes(first))
}

/// The key of a kind with these bits.
fn key_of(kind: KeyKind, first_bits: u64) -> u64 {
    (kind as u64) << (64 - KIND_BITS) | first_bits >> KIND_BITS
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
