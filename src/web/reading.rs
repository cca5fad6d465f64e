//! How a query was read, in words.

use crate::search::results::ReadAs;

/// `the account did:plc:abc on Bluesky`: fits after “Read as:”.
pub(super) fn in_words(read_as: &ReadAs) -> String {
    let value = &read_as.value;
    match read_as.kind.as_str() {
        "words" if !value.trim().contains(char::is_whitespace) => format!("the word “{value}”"),
        "words" => format!("the words “{value}”"),
        "phrase" => format!("exactly “{value}”, in this order"),
        "not" => format!("without “{value}”"),
        "author" => format!("by the author “{value}”"),
        "handle" => format!("the account @{}", value.trim_start_matches('@')),
        "did" => format!("the account {value} on Bluesky (a DID is an account’s permanent name)"),
        "post" => format!("the post {value}"),
        "reddit_user" => format!("the Reddit account u/{}", value.trim_start_matches("u/")),
        "nsid" => format!("the Flickr account {value}"),
        "repo" => format!("the code repository {value}"),
        "domain" => format!("the website {value} and everything under it"),
        "url" => format!("the address {value}"),
        "digest" => format!("the file with the checksum {value}"),
        "dataset" => format!("in the dataset {value}"),
        "lang" => format!("in the language “{value}”"),
        "after" => format!("dated {} or later", super::format::date(value)),
        "before" => format!("dated before {}", super::format::date(value)),
        _ => format!("“{value}”"),
    }
}

/// All parts of a reading as one clause.
pub(super) fn sentence(parts: &[ReadAs]) -> String {
    parts.iter().map(in_words).collect::<Vec<_>>().join("; ")
}

/// What a dataset must have for a query of this kind: the name in its `searchable` list, and what people call it.
pub(super) fn needs(kind: &str) -> Option<(&'static str, &'static str)> {
    match kind {
        "author" | "handle" | "did" | "reddit_user" | "nsid" | "repo" | "post" => Some(("author", "account names")),
        "domain" | "url" => Some(("url", "addresses")),
        "words" | "phrase" | "not" => Some(("caption", "texts")),
        "digest" => Some(("sha256", "file checksums")),
        "lang" => Some(("language", "languages")),
        "after" | "before" => Some(("created_at", "dates")),
        _ => None,
    }
}

/// What can be searched, as people call it.
pub(super) fn searchable_in_words(name: &str) -> String {
    match name {
        "caption" => "texts".into(),
        "url" => "addresses".into(),
        "author" => "account names".into(),
        "file_name" => "file names".into(),
        "created_at" => "dates".into(),
        "language" | "lang" => "languages".into(),
        "source_id" => "the publisher's own ids".into(),
        "sha256" | "sha1" | "md5" => format!("file checksums ({})", name.to_uppercase()),
        "pdqa" | "pdq" | "phash" | "dhash" | "ahash" => format!("picture fingerprints ({name})"),
        other => other.to_owned(),
    }
}

/// The kinds of picture fingerprint, as the explanation of a match names them.
pub(super) fn hash_bits(kind: &str) -> u32 {
    match kind {
        "pdqa" | "pdq" => 256,
        _ => 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &str, value: &str) -> ReadAs {
        ReadAs { kind: kind.into(), value: value.into() }
    }

    #[test]
    fn a_reading_is_a_clause_in_plain_words() {
        assert_eq!(in_words(&read("words", "red bicycle")), "the words “red bicycle”");
        assert_eq!(in_words(&read("handle", "@ada.bsky.social")), "the account @ada.bsky.social");
        assert_eq!(
            sentence(&[read("phrase", "by the sea"), read("after", "2024-02-01")]),
            "exactly “by the sea”, in this order; dated 1 February 2024 or later"
        );
    }

    #[test]
    fn an_unknown_kind_still_shows_its_value() {
        assert_eq!(in_words(&read("future", "x")), "“x”");
    }
}
