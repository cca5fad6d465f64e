//! What the columns of a manifest mean: roles, bindings of columns to roles, and the fields read through them.
//!
//! A [`Mapping`] is decided once for a revision (by a preset, a guess or `--map`), stored with the index, and
//! applied both at ingest and whenever a stored record is shown: the raw row is the only copy of the data.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::hash_code::{HashCode, HashKind};
use crate::record::Record;
use crate::timestamp::Timestamp;

pub(crate) mod authors;
mod cells;
mod transform;
pub(crate) mod values;

use cells::Cells;

pub(crate) use cells::Cell;

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
    /// The publisher's own id of the row: the uid of `DataComp`, a post's uri, COYO id.
    SourceId,
    /// Name of the picture's file, as in `train/jane-doe-portrait.jpg`: its words are searched.
    FileName,
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
    pub file_names: Vec<String>,
    pub nsfw: Option<String>,
}

impl Role {
    /// Every role, in the order pages and help texts list them.
    pub const ALL: [Self; 26] = [
        Self::Url,
        Self::PageUrl,
        Self::Caption,
        Self::Author,
        Self::Handle,
        Self::Did,
        Self::Nsid,
        Self::UserName,
        Self::RedditUser,
        Self::ProfileUrl,
        Self::Repo,
        Self::CreatedAt,
        Self::Language,
        Self::Licence,
        Self::Width,
        Self::Height,
        Self::Md5,
        Self::Sha1,
        Self::Sha256,
        Self::Phash,
        Self::Pdq,
        Self::Dhash,
        Self::Ahash,
        Self::SourceId,
        Self::FileName,
        Self::Nsfw,
    ];

    /// The name in `--map` and in JSON: `page_url`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::PageUrl => "page_url",
            Self::Caption => "caption",
            Self::Author => "author",
            Self::Handle => "handle",
            Self::Did => "did",
            Self::Nsid => "nsid",
            Self::UserName => "user_name",
            Self::RedditUser => "reddit_user",
            Self::ProfileUrl => "profile_url",
            Self::Repo => "repo",
            Self::CreatedAt => "created_at",
            Self::Language => "language",
            Self::Licence => "licence",
            Self::Width => "width",
            Self::Height => "height",
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Phash => "phash",
            Self::Pdq => "pdq",
            Self::Dhash => "dhash",
            Self::Ahash => "ahash",
            Self::SourceId => "source_id",
            Self::FileName => "file_name",
            Self::Nsfw => "nsfw",
        }
    }

    /// Does the role name a person or an account?
    pub fn is_author(self) -> bool {
        use Role::{Author, Did, Handle, Nsid, ProfileUrl, RedditUser, Repo, UserName};
        matches!(self, Author | Handle | Did | Nsid | UserName | RedditUser | ProfileUrl | Repo)
    }

    /// Can a record be found through this role alone?
    pub fn is_searchable(self) -> bool {
        use Role::{Ahash, Caption, Dhash, FileName, Md5, PageUrl, Pdq, Phash, Sha1, Sha256, Url};
        self.is_author()
            || matches!(self, Url | PageUrl | Caption | FileName | Md5 | Sha1 | Sha256 | Phash | Pdq | Dhash | Ahash)
    }
}

impl Mapping {
    /// Reads a record through this mapping. Never fails: a cell that does not parse for its role is left out.
    ///
    /// Addresses and captions keep the order of the bindings; of the single values the first readable one counts.
    /// Accounts that an address gives away (`at://did:…`, a Flickr or Bluesky page) are added to the authors.
    pub fn fields(&self, record: &Record) -> Fields {
        let mut fields = Fields::default();
        let mut cells = Cells::new(record);
        let mut captions = Captions::default();
        // Two rounds, so that pages come after pictures however the bindings are ordered.
        for pages in [false, true] {
            for binding in self.bindings.iter().filter(|binding| (binding.role == Role::PageUrl) == pages) {
                cells.each(&binding.column, &mut |cell| match binding.role {
                    Role::Caption => captions.add(values::caption(cell, binding.transform)),
                    _ => fields.take(binding, cell),
                });
            }
        }
        fields.caption = captions.joined();
        authors::derive(&mut fields);
        fields
    }
}

/// Gathers the captions of one row, each once.
#[derive(Default)]
struct Captions {
    first: Option<String>,
    more: Vec<String>,
}

impl Captions {
    fn add(&mut self, caption: Option<String>) {
        let Some(caption) = caption else { return };
        match &self.first {
            None => self.first = Some(caption),
            Some(first) if *first == caption || self.more.contains(&caption) => {}
            Some(_) => self.more.push(caption),
        }
    }

    fn joined(self) -> Option<String> {
        let mut text = self.first?;
        for caption in self.more {
            text.push('\n');
            text.push_str(&caption);
        }
        Some(text)
    }
}

impl Fields {
    /// Puts a cell where its role belongs, unless that place is taken already.
    fn take(&mut self, binding: &Binding, cell: Cell<'_>) {
        let transform = binding.transform;
        let hash = |kind| values::hash(kind, cell);
        let plain = || values::plain(cell, transform).map(Cow::into_owned);
        match binding.role {
            Role::Url | Role::PageUrl => {
                if let Some(url) = values::url(cell, transform)
                    && !self.urls.iter().any(|known| **known == *url)
                {
                    self.urls.push(url.into_owned());
                }
            }
            Role::Caption => {}
            Role::CreatedAt => fill(&mut self.created_at, || values::moment(cell, transform)),
            Role::Language => fill(&mut self.language, plain),
            Role::Licence => fill(&mut self.licence, || values::licence(cell, transform).map(Cow::into_owned)),
            Role::Width => fill(&mut self.width, || values::dimension(cell)),
            Role::Height => fill(&mut self.height, || values::dimension(cell)),
            Role::Md5 => fill(&mut self.md5, || values::digest(cell, 16, transform)),
            Role::Sha1 => fill(&mut self.sha1, || values::digest(cell, 20, transform)),
            Role::Sha256 => fill(&mut self.sha256, || values::digest(cell, 32, transform)),
            Role::Phash => self.hashes.extend(hash(HashKind::Phash)),
            Role::Pdq => self.hashes.extend(hash(HashKind::Pdq)),
            Role::Dhash => self.hashes.extend(hash(HashKind::Dhash)),
            Role::Ahash => self.hashes.extend(hash(HashKind::Ahash)),
            Role::SourceId => fill(&mut self.source_id, plain),
            Role::FileName => self.file_names.extend(plain()),
            Role::Nsfw => fill(&mut self.nsfw, plain),
            role => {
                if let Some(value) = values::author(cell, transform) {
                    self.add_author(role, value);
                }
            }
        }
    }

    /// Each account once; the exact role replaces the general one.
    fn add_author(&mut self, role: Role, value: String) {
        match self.authors.iter_mut().find(|author| author.value == value) {
            Some(known) if known.role == Role::Author => known.role = role,
            Some(_) => {}
            None => self.authors.push(Author { role, value }),
        }
    }
}

/// The first readable value wins; later ones are not even parsed.
fn fill<T>(place: &mut Option<T>, value: impl FnOnce() -> Option<T>) {
    if place.is_none() {
        *place = value();
    }
}

#[cfg(test)]
mod tests;
