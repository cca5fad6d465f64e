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
<<<<<<< HEAD

/// The columns that img2dataset adds and renames, and those people let it keep.
const CRAWLED: &[(Role, &str, Transform)] = &[
    (Url, "url", AsIs),
    (Caption, "caption|text|txt", AsIs),
    (Author, "author|artist", AsIs),
    (Width, "original_width|width", AsIs),
    (Height, "original_height|height", AsIs),
    (Sha256, "sha256", AsIs),
    (Md5, "md5", AsIs),
    (Phash, "image_phash", AsIs),
    (Language, "language", AsIs),
    (Licence, "license", AsIs),
    (Nsfw, "nsfw|punsafe", AsIs),
    (SourceId, "uid|sample_id|id|hash|key", AsIs),
];

/// The columns of all releases of LAION; each has some of them.
const LAION: &[(Role, &str, Transform)] = &[
    (Url, "url", AsIs),
    (Caption, "text", AsIs),
    (Caption, "top_caption", AsIs),
    (Language, "language", AsIs),
    (Licence, "license", AsIs),
    (Width, "width", AsIs),
    (Height, "height", AsIs),
    (Md5, "md5", AsIs),
    (SourceId, "sample_id|hash", AsIs),
    (Nsfw, "nsfw|punsafe", AsIs),
];

const LAION_MARKS: &[&str] =
    &["similarity", "punsafe", "pwatermark", "aesthetic", "nsfw", "__index_level_0__", "license", "aesthetic_score"];

const BLUESKY: &[(Role, &str, Transform)] = &[
    (PageUrl, "link", AsIs),
    (Caption, "text", AsIs),
    (Author, "author", AsIs),
    (Did, "did|author_did", AsIs),
    (Handle, "author_handle|handle", AsIs),
    (CreatedAt, "created_at|createdat|indexed_at|indexedat", AsIs),
    (Language, "predicted_language|langs|language", AsIs),
    (SourceId, "uri", AsIs),
    (Caption, "images[].alt", AsIs),
];

const REDDIT_POST: &[(Role, &str, Transform)] = &[
    (Url, "url", AsIs),
    (PageUrl, "permalink", AsIs),
    (PageUrl, "thumbnail", AsIs),
    (Caption, "title", AsIs),
    (Caption, "selftext", AsIs),
    (RedditUser, "author", AsIs),
    (CreatedAt, "created_utc", AsIs),
    (Nsfw, "over_18", AsIs),
    (SourceId, "name", AsIs),
    (SourceId, "id", AsIs),
];

pub(super) const NAMED: &[Named] = &[
    Named {
        name: "datacomp",
        needs: &["uid", "url", "text"],
        any_of: &["clip_b32_similarity_score", "original_width", "face_bboxes", "sha256"],
        exact: false,
        roles: CRAWLED,
    },
    Named {
        name: "coyo",
        needs: &["url", "text", "image_phash"],
        any_of: &[],
        exact: false,
        roles: &[
            (Url, "url", AsIs),
            (Caption, "text", AsIs),
            (Width, "width", AsIs),
            (Height, "height", AsIs),
            (Phash, "image_phash", AsIs),
            (Nsfw, "nsfw_score_opennsfw2", AsIs),
            (SourceId, "id", AsIs),
        ],
    },
    Named { name: "laion-coco", needs: &["url", "text", "top_caption"], any_of: &[], exact: false, roles: LAION },
    Named { name: "laion-400m", needs: &["sample_id", "url", "text"], any_of: &[], exact: false, roles: LAION },
    Named { name: "laion", needs: &["url", "text"], any_of: LAION_MARKS, exact: false, roles: LAION },
    Named { name: "laion", needs: &["URL", "TEXT"], any_of: &[], exact: true, roles: LAION },
    Named {
        name: "re-laion",
        needs: &["url", "caption"],
        any_of: &["punsafe", "pwatermark", "similarity"],
        exact: false,
        roles: CRAWLED,
    },
    Named {
        name: "img2dataset",
        needs: &["key", "status", "error_message"],
        any_of: &["url", "caption", "sha256", "exif"],
        exact: false,
        roles: CRAWLED,
    },
    Named {
        name: "wit",
        needs: &["page_url", "image_url", "caption_reference_description"],
        any_of: &[],
        exact: false,
        roles: &[
            (Url, "image_url", AsIs),
            (PageUrl, "page_url", AsIs),
            (Caption, "page_title", AsIs),
            (Caption, "section_title", AsIs),
            (Caption, "caption_reference_description", AsIs),
            (Caption, "caption_attribution_description", AsIs),
            (Caption, "caption_alt_text_description", AsIs),
            (Caption, "context_page_description", AsIs),
            (Caption, "context_section_description", AsIs),
            (Language, "language", AsIs),
            (Width, "original_width", AsIs),
            (Height, "original_height", AsIs),
        ],
    },
    Named {
        name: "redcaps",
        needs: &["image_id", "subreddit", "author"],
        any_of: &["caption", "raw_caption"],
        exact: false,
        roles: &[
            (Url, "url|image_url", AsIs),
            (PageUrl, "permalink", AsIs),
            (Caption, "raw_caption|caption", AsIs),
            (RedditUser, "author", AsIs),
            (CreatedAt, "created_utc", AsIs),
            (SourceId, "image_id", AsIs),
        ],
    },
    Named {
        name: "sbu",
        needs: &["image_urls", "captions"],
        any_of: &[],
        exact: false,
        roles: &[(Url, "image_urls", AsIs), (Caption, "captions", AsIs), (Nsid, "user_ids", AsIs)],
    },
    Named {
        name: "sbu",
        needs: &["image_url", "caption", "user_id"],
        any_of: &[],
        exact: false,
        roles: &[(Url, "image_url", AsIs), (Caption, "caption", AsIs), (Nsid, "user_id", AsIs)],
    },
    Named {
        name: "cc3m-labeled",
        needs: &["caption", "labels", "mids"],
        any_of: &["url", "image_url"],
        exact: false,
        roles: &[(Url, "url|image_url", AsIs), (Caption, "caption", AsIs), (Caption, "labels", AsIs)],
    },
    Named {
        name: "yfcc100m",
        needs: &["unickname", "datetaken"],
        any_of: &[],
        exact: false,
        roles: &[
            (Url, "downloadurl", AsIs),
            (PageUrl, "pageurl", AsIs),
            (Caption, "title", UrlDecoded),
            (Caption, "description", UrlDecoded),
            (Caption, "usertags", UrlDecoded),
            (Nsid, "uid", AsIs),
            (UserName, "unickname", UrlDecoded),
            (CreatedAt, "datetaken", AsIs),
            (CreatedAt, "dateuploaded", AsIs),
            (Licence, "licensename", AsIs),
            (Md5, "hash", AsIs),
            (SourceId, "photoid", AsIs),
        ],
    },
    Named {
        name: "open-images",
        needs: &["imageid", "originalurl", "originallandingurl"],
        any_of: &[],
        exact: false,
        roles: &[
            (Url, "originalurl", AsIs),
            (PageUrl, "originallandingurl", AsIs),
            (PageUrl, "thumbnail300kurl", AsIs),
            (Caption, "title", AsIs),
            (Author, "author", AsIs),
            (ProfileUrl, "authorprofileurl", AsIs),
            (Licence, "license", AsIs),
            (Md5, "originalmd5", Base64),
            (SourceId, "imageid", AsIs),
        ],
    },
    Named {
        name: "coco",
        needs: &["coco_url", "file_name"],
        any_of: &[],
        exact: false,
        roles: &[
            (Url, "coco_url", AsIs),
            (Url, "flickr_url", AsIs),
            (Caption, "captions", AsIs),
            (Caption, "caption", AsIs),
            (Caption, "annotations[].caption", AsIs),
            (CreatedAt, "date_captured", AsIs),
            (Licence, "license_url|license_name|license", AsIs),
            (Width, "width", AsIs),
            (Height, "height", AsIs),
            (SourceId, "id", AsIs),
        ],
    },
    Named {
        name: "bluesky",
        needs: &["uri", "text"],
        any_of: &["reply_to", "has_images", "createdat", "created_at", "cid", "author", "predicted_language"],
        exact: false,
        roles: BLUESKY,
    },
    Named {
        name: "bluesky",
        needs: &["uri", "record"],
        any_of: &[],
        exact: false,
        roles: &[
            (Caption, "record.text", AsIs),
            (Caption, "record.embed.images[].alt", AsIs),
            (Author, "author", AsIs),
            (Did, "author.did", AsIs),
            (Handle, "author.handle", AsIs),
            (CreatedAt, "record.createdAt", AsIs),
            (Language, "record.langs", AsIs),
            (SourceId, "uri", AsIs),
        ],
    },
    Named {
        name: "bluesky-jetstream",
        needs: &["did", "time_us", "commit"],
        any_of: &[],
        exact: false,
        roles: &[
            (Url, "commit.record.external.uri", AsIs),
            (Caption, "commit.record.text", AsIs),
            (Caption, "commit.record.embed.images[].alt", AsIs),
            (Caption, "commit.record.description", AsIs),
            (Did, "did", AsIs),
            (CreatedAt, "commit.record.createdAt", AsIs),
            (CreatedAt, "time_us", AsIs),
            (Language, "commit.record.langs", AsIs),
            (SourceId, "commit.cid", AsIs),
        ],
    },
    Named {
        name: "reddit-comments",
        needs: &["body", "author"],
        any_of: &["link_id", "parent_id", "subreddit", "subreddit_id"],
        exact: false,
        roles: &[
            (PageUrl, "permalink", AsIs),
            (Caption, "body", AsIs),
            (RedditUser, "author", AsIs),
            (CreatedAt, "created_utc", AsIs),
            (SourceId, "name", AsIs),
            (SourceId, "id", AsIs),
        ],
    },
    Named {
        name: "reddit-submissions",
        needs: &["title", "selftext"],
        any_of: &["subreddit", "subreddit_id", "created_utc", "permalink"],
        exact: false,
        roles: REDDIT_POST,
    },
    Named {
        name: "fineweb",
        needs: &["text", "url", "dump"],
        any_of: &["file_path", "token_count", "language_score", "date"],
        exact: false,
        roles: &[
            (Url, "url", AsIs),
            (Caption, "text", AsIs),
            (CreatedAt, "date", AsIs),
            (Language, "language", AsIs),
            (SourceId, "id", AsIs),
        ],
    },
    Named {
        name: "c4",
        needs: &["text", "timestamp", "url"],
        any_of: &[],
        exact: false,
        roles: &[(Url, "url", AsIs), (Caption, "text", AsIs), (CreatedAt, "timestamp", AsIs)],
    },
    Named {
        name: "the-stack-v1",
        needs: &["hexsha", "max_stars_repo_name"],
        any_of: &[],
        exact: false,
        roles: &[
            (Caption, "max_stars_repo_path", AsIs),
            (Caption, "content", AsIs),
            (Repo, "max_stars_repo_name", AsIs),
            (Repo, "max_issues_repo_name", AsIs),
            (Repo, "max_forks_repo_name", AsIs),
            (Language, "lang", AsIs),
            (Licence, "max_stars_repo_licenses", AsIs),
            (CreatedAt, "max_stars_repo_stars_event_min_datetime", AsIs),
            (SourceId, "hexsha", AsIs),
        ],
    },
    Named {
        name: "the-stack-v2",
        needs: &["repo_name", "revision_id"],
        any_of: &["blob_id", "directory_id", "snapshot_id"],
        exact: false,
        roles: &[
            (Url, "repo_url", AsIs),
            (Caption, "path", AsIs),
            (Caption, "files[].path", AsIs),
            (Caption, "content", AsIs),
            (Repo, "repo_name", AsIs),
            (Language, "language", AsIs),
            (Licence, "detected_licenses", AsIs),
            (CreatedAt, "committer_date|revision_date|visit_date", AsIs),
            (SourceId, "blob_id|directory_id", AsIs),
        ],
    },
    Named {
        name: "common-crawl-index",
        needs: &["url", "url_surtkey"],
        any_of: &[],
        exact: false,
        roles: &[
            (Url, "url", AsIs),
            (Language, "content_languages", AsIs),
            (CreatedAt, "fetch_time", AsIs),
            (SourceId, "content_digest", AsIs),
        ],
    },
    Named {
        name: "wikipedia",
        needs: &["id", "url", "title", "text"],
        any_of: &[],
        exact: true,
        roles: &[(Url, "url", AsIs), (Caption, "title", AsIs), (Caption, "text", AsIs), (SourceId, "id", AsIs)],
    },
    Named {
        name: "dolma",
        needs: &["id", "text", "source", "added"],
        any_of: &[],
        exact: false,
        roles: &[
            (Url, "metadata.url|url", AsIs),
            (Caption, "metadata.title", AsIs),
            (Caption, "text", AsIs),
            (Author, "metadata.author", AsIs),
            (CreatedAt, "created", AsIs),
            (SourceId, "id", AsIs),
        ],
    },
    Named {
        name: "conceptual-captions",
        needs: &["image_url", "caption"],
        any_of: &[],
        exact: true,
        roles: &[(Url, "image_url", AsIs), (Caption, "caption", AsIs)],
    },
];
=======
>>>>>>> columns
