//! What the columns of a manifest mean: roles, bindings of columns to roles, and the fields read through them.
//!
//! A [`Mapping`] is decided once for a revision (by a preset, a guess or `--map`), stored with the index, and
//! applied both at ingest and whenever a stored record is shown: the raw row is the only copy of the data.

use serde::{Deserialize, Serialize};

use crate::hash_code::HashCode;
use crate::record::Record;
use crate::timestamp::Timestamp;

/// What a column can mean to a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Address of the picture, post or document itself.
    Url,
    /// Address of a page about it or around it. Searched like `Url`, shown second.
    PageUrl,
    /// The words: caption, post text, title, document.
    Caption,
    /// A person or account, of whatever kind the value turns out to be.
    Author,
    Handle,
    Did,
    Nsid,
    UserName,
    RedditUser,
    ProfileUrl,
    /// `owner/name` of a code repository.
    Repo,
    CreatedAt,
    Language,
    Licence,
    Width,
    Height,
    Md5,
    Sha1,
    Sha256,
    Phash,
    Pdq,
    Dhash,
    Ahash,
    /// The publisher's own id of the row: DataComp uid, post uri, COYO id.
    SourceId,
    Nsfw,
}

/// How a cell is turned into the text that is searched and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Transform {
    #[default]
    AsIs,
    /// `a+b%20c`, as YFCC100M writes its texts.
    UrlDecoded,
    /// Tags dropped, entities resolved.
    Html,
    /// A digest written in base64, as Open Images does.
    Base64,
}

/// One column bound to one role. Several bindings may share a role; the first that has a value leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    pub role: Role,
    /// Column name, or a path into a JSON column: `images[].image_url`, `commit.record.text`. A column whose own
    /// name has dots or brackets is found by its whole name first.
    pub column: String,
    #[serde(default)]
    pub transform: Transform,
}

/// Which columns play which role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Mapping {
    pub bindings: Vec<Binding>,
}

/// A person or account as a column names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The role it came by: `Author`, `Handle`, `Did`, `Nsid`, `UserName`, `RedditUser`, `ProfileUrl`, `Repo`.
    pub role: Role,
    /// The text as given, trimmed.
    pub value: String,
}

/// What a record says, read through a mapping. Texts are trimmed; blank ones are absent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fields {
    /// Addresses, the picture's own first, pages after it, each once.
    pub urls: Vec<String>,
    /// All captions, joined by a line break.
    pub caption: Option<String>,
    pub authors: Vec<Author>,
    pub created_at: Option<Timestamp>,
    pub language: Option<String>,
    pub licence: Option<String>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// Lower-case hexadecimal.
    pub md5: Option<String>,
    pub sha1: Option<String>,
    pub sha256: Option<String>,
    /// Picture hashes that the manifest carries (not those we compute).
    pub hashes: Vec<HashCode>,
    pub source_id: Option<String>,
    pub nsfw: Option<String>,
}

impl Mapping {
    /// Reads a record through this mapping. Never fails: a cell that does not parse for its role is left out.
    pub fn fields(&self, _record: &Record) -> Fields {
        todo!("written by the columns helper")
    }
}
