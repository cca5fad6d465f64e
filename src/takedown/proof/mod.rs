//! The ladder of proofs: how somebody can show that what they ask about is theirs.
//!
//! Nobody has to climb it for a plain request below the operator's size; it helps where there is doubt. Each kind is a
//! small module with one function, from the rows of the case, the claim and what was seen to an [`Outcome`]: no network,
//! no clock, no store. What a person has to publish is a code that only this portal can make ([`code`]); what a domain or
//! a page has to do with the rows is in [`fit`].
//!
//! Only what fits rows of the case gives a strong proof. Whoever shows that another domain is theirs has shown something
//! too, but not that the rows are: it is recorded as weak.

pub mod code;
mod dns_txt;
mod fit;
mod html;
mod meta_tag;
mod original;
mod profile;
mod row_email;
mod subject;
mod web_page;
mod well_known;

use serde::{Deserialize, Serialize};

pub use self::subject::{Subject, SubjectError};
pub use self::well_known::PATH as WELL_KNOWN_PATH;
use crate::takedown::case::RecordRef;
use crate::takedown::desk::types::Strength;

/// The label in front of a domain whose TXT record may hold the code.
pub const DNS_LABEL: &str = "_rollcall";
/// The name of the `<meta>` element that may hold the code.
pub const META_NAME: &str = "rollcall-proof";

/// What somebody can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A code in the domain's DNS.
    DnsTxt,
    /// A code in a file on the domain's web server.
    WellKnown,
    /// A code in the head of a page.
    MetaTag,
    /// A code in the text of a profile or a post.
    Profile,
    /// A code sent to an address that stands in a row.
    RowEmail,
    /// The picture from which the row's was made.
    OriginalFile,
    /// A mandate to ask for somebody else; a person looks at it.
    Mandate,
}

impl Kind {
    pub const ALL: [Self; 7] = [
        Self::DnsTxt,
        Self::WellKnown,
        Self::MetaTag,
        Self::Profile,
        Self::RowEmail,
        Self::OriginalFile,
        Self::Mandate,
    ];

    /// The name in the API and the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::DnsTxt => "dns_txt",
            Self::WellKnown => "well_known",
            Self::MetaTag => "meta_tag",
            Self::Profile => "profile",
            Self::RowEmail => "row_email",
            Self::OriginalFile => "original_file",
            Self::Mandate => "mandate",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// In words, for pages.
    pub fn words(self) -> &'static str {
        match self {
            Self::DnsTxt => "A record in a domain’s DNS",
            Self::WellKnown => "A file on a domain’s web server",
            Self::MetaTag => "A line in the head of a page",
            Self::Profile => "A profile or a post",
            Self::RowEmail => "An e-mail address that stands in a record",
            Self::OriginalFile => "The original of a picture",
            Self::Mandate => "A mandate to ask for somebody",
        }
    }

    /// The code is published, so that whoever asks is shown it; of the others, one travels by letter.
    pub fn publishes_code(self) -> bool {
        matches!(self, Self::DnsTxt | Self::WellKnown | Self::MetaTag | Self::Profile)
    }

    /// Another server is asked to see it.
    pub fn asks_outside(self) -> bool {
        self.publishes_code()
    }

    /// Comes as a file.
    pub fn is_upload(self) -> bool {
        matches!(self, Self::OriginalFile | Self::Mandate)
    }
}

/// Something that a person set out to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Unique in its case: the same thing shown again is the same claim.
    pub id: String,
    pub kind: Kind,
    /// A domain, an address of a page, a mailbox; the name of a file.
    pub subject: String,
    pub made_ms: i64,
    pub state: ClaimState,
    /// When it was looked at last.
    #[serde(default)]
    pub checked_ms: Option<i64>,
    #[serde(default)]
    pub strength: Option<Strength>,
    /// What was seen, in a sentence.
    #[serde(default)]
    pub note: String,
    /// When the letter with the code was written.
    #[serde(default)]
    pub mailed_ms: Option<i64>,
    /// The attached file that a person has to look at.
    #[serde(default)]
    pub attachment: Option<String>,
    /// The sender says that the file shows a document of identity: it is deleted once looked at.
    #[serde(default)]
    pub is_identity: bool,
}

impl Claim {
    /// One that nobody has looked at yet.
    pub fn new(id: String, kind: Kind, subject: &str, made_ms: i64) -> Self {
        Self {
            id,
            kind,
            subject: subject.to_owned(),
            made_ms,
            state: ClaimState::Waiting,
            checked_ms: None,
            strength: None,
            note: String::new(),
            mailed_ms: None,
            attachment: None,
            is_identity: false,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimState {
    /// Nobody has looked yet.
    Waiting,
    Shown,
    NotShown,
    /// One of the staff has to look.
    WithStaff,
}

impl ClaimState {
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Shown => "shown",
            Self::NotShown => "not_shown",
            Self::WithStaff => "with_staff",
        }
    }
}

/// What is known of a row that a proof is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFacts {
    pub record: RecordRef,
    /// Every address of the row.
    pub urls: Vec<String>,
    /// Its authors' names, accounts or profiles, as the row gives them.
    pub authors: Vec<String>,
    /// All cells of the row as text, to look for a mailbox in.
    pub cells: Vec<String>,
    pub width: Option<u32>,
    pub height: Option<u32>,
}

impl RowFacts {
    /// A row of which only the case's own copy is known.
    pub fn of_record(record: RecordRef) -> Self {
        let urls = record.url.iter().cloned().collect();
        Self { record, urls, authors: Vec::new(), cells: Vec::new(), width: None, height: None }
    }
}

/// A page as it was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenPage {
    /// Every address that was asked, in order.
    pub hops: Vec<String>,
    pub status: u16,
    pub body: Vec<u8>,
}

/// What was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// TXT records.
    Texts(Vec<String>),
    Page(SeenPage),
    /// What the person typed.
    Word(String),
    /// An uploaded picture.
    Picture(Vec<u8>),
    /// Nothing could be looked at: why, in words for the person.
    Nothing(String),
}

/// What came of looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Shown { strength: Strength, note: String },
    NotShown { note: String },
}

impl Outcome {
    fn not_shown(note: impl Into<String>) -> Self {
        Self::NotShown { note: note.into() }
    }

    /// Strong where rows fit; weak otherwise. `what` begins the sentence: “The code stands in ...”.
    fn by_fit(what: &str, n_fitting: usize, n_rows: usize, strength: Strength) -> Self {
        if n_fitting == 0 {
            let note = format!("{what} None of the records has to do with it, so it shows little about them.");
            return Self::Shown { strength: Strength::Weak, note };
        }
        Self::Shown { strength, note: format!("{what} {}", of_rows(n_fitting, n_rows)) }
    }
}

/// Holds what was seen against a claim. `code` is what the person was to publish or to type.
pub fn look(rows: &[RowFacts], claim: &Claim, code: &str, seen: &Seen) -> Outcome {
    match (claim.kind, seen) {
        (_, Seen::Nothing(why)) => Outcome::not_shown(why),
        (Kind::DnsTxt, Seen::Texts(texts)) => dns_txt::check(rows, claim, code, texts),
        (Kind::WellKnown, Seen::Page(page)) => well_known::check(rows, claim, code, page),
        (Kind::MetaTag, Seen::Page(page)) => meta_tag::check(rows, claim, code, page),
        (Kind::Profile, Seen::Page(page)) => profile::check(rows, claim, code, page),
        (Kind::RowEmail, Seen::Word(word)) => row_email::check(rows, claim, code, word),
        (Kind::OriginalFile, Seen::Picture(bytes)) => original::check(rows, bytes),
        _ => Outcome::not_shown("There was nothing to look at."),
    }
}

/// Whether a mailbox stands in a row: no letter goes to any other.
pub fn stands_in_a_row(rows: &[RowFacts], mailbox: &str) -> bool {
    fit::rows_with_mailbox(rows, mailbox) > 0
}

/// The host of a domain, a page or a mailbox, without its port.
pub fn host_of(subject: &Subject) -> String {
    web_page::host_of(subject.as_str())
}

/// Domains that rows lie on, most frequent first, for the person to choose from.
pub fn domains_of(rows: &[RowFacts], most: usize) -> Vec<String> {
    fit::domains(rows, most)
}

fn of_rows(n: usize, all: usize) -> String {
    match (n, all) {
        (1, 1) => "The record of this case has to do with it.".to_owned(),
        (n, all) if n == all => format!("All {all} records have to do with it."),
        (1, all) => format!("1 of {all} records has to do with it."),
        (n, all) => format!("{n} of {all} records have to do with it."),
    }
}

#[cfg(test)]
mod tests;
