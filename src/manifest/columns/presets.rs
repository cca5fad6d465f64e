//! The manifests that everybody knows, as a table: which columns give a family away, and what each column means.
//!
//! Names are compared without regard to case; the binding carries the spelling that was found. Rows are tried in
//! order, so a family with a narrower mark stands before one with a wider. Only [`super::decide`] reads the table.

mod named;

pub(super) use named::NAMED;

use crate::mapping::Role::{Caption, CreatedAt, Licence, Md5, Nsid, PageUrl, Sha256, SourceId, Url, UserName};
use crate::mapping::Transform::{AsIs, UrlDecoded};
use crate::mapping::{Role, Transform};

/// One known layout of a file with column names.
pub(super) struct Named {
    pub name: &'static str,
    /// All of these must be there.
    pub needs: &'static [&'static str],
    /// And at least one of these, unless the list is empty.
    pub any_of: &'static [&'static str],
    /// The names in `needs` must be spelled exactly so, and no others than the table's may stand beside them.
    pub exact: bool,
    /// What the columns mean. `a|b` takes the first that is there; `a.b[].c` is a path into a JSON column.
    pub roles: &'static [(Role, &'static str, Transform)],
}

/// What a column of a file without names holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Url,
    /// Words.
    Text,
    Hex32,
    Hex64,
    Nsid,
    Number,
    /// Numbers with commas between them.
    Scores,
    Any,
}

/// One known layout of a file without column names.
pub(super) struct Positional {
    pub name: &'static str,
    /// One for each column, in order.
    pub shapes: &'static [Shape],
    pub roles: &'static [(Role, usize, Transform)],
}

/// The roles of YFCC100M's columns, counted from the account's; the id and hash before it vary.
const YFCC: [(Role, usize, Transform); 10] = [
    (Url, 13, AsIs),
    (PageUrl, 12, AsIs),
    (Caption, 5, UrlDecoded),
    (Caption, 6, UrlDecoded),
    (Caption, 7, UrlDecoded),
    (Nsid, 0, AsIs),
    (UserName, 1, UrlDecoded),
    (CreatedAt, 2, AsIs),
    (CreatedAt, 3, AsIs),
    (Licence, 14, AsIs),
];

/// The same, counted from the file's first column, with the columns that stand before the account.
const fn yfcc<const N: usize>(account: usize, before: [(Role, usize, Transform); N]) -> [(Role, usize, Transform); 12] {
    let mut roles = [(SourceId, 0, AsIs); 12];
    let mut i = 0;
    while i < 10 {
        roles[i] = (YFCC[i].0, YFCC[i].1 + account, YFCC[i].2);
        i += 1;
    }
    i = 0;
    while i < 2 {
        roles[10 + i] = before[if i < N { i } else { 0 }];
        i += 1;
    }
    roles
}

const YFCC_23: [(Role, usize, Transform); 12] = yfcc(1, [(SourceId, 0, AsIs)]);
const YFCC_24_LINE: [(Role, usize, Transform); 12] = yfcc(2, [(SourceId, 1, AsIs)]);
const YFCC_24_HASH: [(Role, usize, Transform); 12] = yfcc(2, [(SourceId, 0, AsIs), (Md5, 1, AsIs)]);
const YFCC_25: [(Role, usize, Transform); 12] = yfcc(3, [(SourceId, 1, AsIs), (Md5, 2, AsIs)]);

use Shape::{Any, Hex32, Hex64, Number, Scores, Text};
const URL: Shape = Shape::Url;
const NSID: Shape = Shape::Nsid;

pub(super) const POSITIONAL: &[Positional] = &[
    Positional { name: "cc3m", shapes: &[Text, URL], roles: &[(Url, 1, AsIs), (Caption, 0, AsIs)] },
    Positional { name: "cc12m", shapes: &[URL, Text], roles: &[(Url, 0, AsIs), (Caption, 1, AsIs)] },
    Positional {
        name: "cc12m-hashes",
        shapes: &[URL, Hex64, Hex32],
        roles: &[(Url, 0, AsIs), (Sha256, 1, AsIs), (Md5, 2, AsIs)],
    },
    Positional {
        name: "cc3m-labeled",
        shapes: &[Text, URL, Any, Any, Scores],
        roles: &[(Url, 1, AsIs), (Caption, 0, AsIs), (Caption, 2, AsIs)],
    },
    Positional { name: "yfcc100m-hashes", shapes: &[Number, Hex32], roles: &[(SourceId, 0, AsIs), (Md5, 1, AsIs)] },
    Positional {
        name: "yfcc100m",
        shapes: &[
            Number, NSID, Any, Any, Any, Any, Any, Any, Any, Any, Any, Any, Any, URL, URL, Any, Any, Any, Any, Any,
            Any, Any, Any,
        ],
        roles: &YFCC_23,
    },
    Positional {
        name: "yfcc100m",
        shapes: &[
            Number, Number, NSID, Any, Any, Any, Any, Any, Any, Any, Any, Any, Any, Any, URL, URL, Any, Any, Any, Any,
            Any, Any, Any, Any,
        ],
        roles: &YFCC_24_LINE,
    },
    Positional {
        name: "yfcc100m",
        shapes: &[
            Number, Any, NSID, Any, Any, Any, Any, Any, Any, Any, Any, Any, Any, Any, URL, URL, Any, Any, Any, Any,
            Any, Any, Any, Any,
        ],
        roles: &YFCC_24_HASH,
    },
    Positional {
        name: "yfcc100m",
        shapes: &[
            Number, Number, Any, NSID, Any, Any, Any, Any, Any, Any, Any, Any, Any, Any, Any, URL, URL, Any, Any, Any,
            Any, Any, Any, Any, Any,
        ],
        roles: &YFCC_25,
    },
];
