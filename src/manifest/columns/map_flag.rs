//! The text of `--map`: `url=URL,caption=TEXT,author=creator[].full_name,md5=hash:base64`, read and written.
//!
//! A column with a comma, an equals sign, a quote or an ending like a transform is put in double quotes, a quote
//! inside it doubled.

use super::ColumnsError;
use crate::mapping::{Binding, Role, Transform};

/// Most bindings in one `--map`: no manifest means 200 things, and the text comes from outside.
const BINDINGS_MAX: usize = 200;

/// Words people use for a role besides its name.
const ALIASES: [(&str, Role); 26] = [
    ("text", Role::Caption),
    ("title", Role::Caption),
    ("description", Role::Caption),
    ("alt", Role::Caption),
    ("image", Role::Url),
    ("image_url", Role::Url),
    ("page", Role::PageUrl),
    ("link", Role::PageUrl),
    ("thumbnail", Role::PageUrl),
    ("license", Role::Licence),
    ("id", Role::SourceId),
    ("uid", Role::SourceId),
    ("user", Role::Author),
    ("artist", Role::Author),
    ("creator", Role::Author),
    ("photographer", Role::Author),
    ("username", Role::UserName),
    ("profile", Role::ProfileUrl),
    ("repository", Role::Repo),
    ("reddit", Role::RedditUser),
    ("date", Role::CreatedAt),
    ("created", Role::CreatedAt),
    ("lang", Role::Language),
    ("image_phash", Role::Phash),
    ("file", Role::FileName),
    ("filename", Role::FileName),
];

const TRANSFORMS: [(&str, Transform); 5] = [
    ("plus", Transform::UrlDecoded),
    ("url_decoded", Transform::UrlDecoded),
    ("html", Transform::Html),
    ("base64", Transform::Base64),
    ("as_is", Transform::AsIs),
];

/// Reads the text of `--map`.
///
/// # Errors
/// [`ColumnsError::BadMap`] with the part that cannot be read.
pub fn parse_map(text: &str) -> Result<Vec<Binding>, ColumnsError> {
    let mut bindings = Vec::new();
    for part in parts(text).into_iter().filter(|part| !part.trim().is_empty()) {
        let bad = |problem| ColumnsError::BadMap { part: part.trim().to_owned(), problem };
        let (role, column) = part.split_once('=').ok_or_else(|| bad("has no ="))?;
        let role = role_named(role).ok_or_else(|| bad("does not begin with a role"))?;
        let (column, transform) = column_and_transform(column.trim()).ok_or_else(|| bad("has a broken quotation"))?;
        if column.is_empty() {
            return Err(bad("names no column"));
        }
        if bindings.len() == BINDINGS_MAX {
            return Err(bad("is one part too many"));
        }
        bindings.push(Binding { role, column, transform });
    }
    if bindings.is_empty() {
        return Err(ColumnsError::BadMap { part: text.trim().to_owned(), problem: "maps nothing" });
    }
    Ok(bindings)
}

/// Writes bindings as the flag to type, shell quoting included where it is needed.
pub fn map_flag(bindings: &[Binding]) -> String {
    let part = |binding: &Binding| {
        let transform = match binding.transform {
            Transform::AsIs => "",
            Transform::UrlDecoded => ":plus",
            Transform::Html => ":html",
            Transform::Base64 => ":base64",
        };
        format!("{}={}{transform}", binding.role.name(), quoted(&binding.column))
    };
    let map = bindings.iter().map(part).collect::<Vec<_>>().join(",");
    let plain = |c: char| c.is_ascii_alphanumeric() || "=,._:-/@+".contains(c);
    if map.chars().all(plain) { format!("--map {map}") } else { format!("--map '{}'", map.replace('\'', r"'\''")) }
}

/// The column as it must stand in a map.
pub(super) fn quoted(column: &str) -> String {
    let looks_transformed = column_and_transform(column).is_some_and(|(read, _)| read != column);
    if column.contains([',', '=', '"']) || column != column.trim() || looks_transformed {
        format!("\"{}\"", column.replace('"', "\"\""))
    } else {
        column.to_owned()
    }
}

fn role_named(text: &str) -> Option<Role> {
    let name = text.trim().to_lowercase().replace('-', "_");
    let role = Role::ALL.into_iter().find(|role| role.name() == name);
    role.or_else(|| ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, role)| *role))
}

/// Splits at commas outside quotes.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut inside) = (Vec::new(), 0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => inside = !inside,
            b',' if !inside => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// `None` for a quotation that does not end or is followed by something else than a transform.
fn column_and_transform(text: &str) -> Option<(String, Transform)> {
    let transform = |name: &str| TRANSFORMS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, t)| *t);
    if let Some(rest) = text.strip_prefix('"') {
        let end = rest.rfind('"')?;
        let column = rest[..end].replace("\"\"", "\"");
        return match &rest[end + 1..] {
            "" => Some((column, Transform::AsIs)),
            after => Some((column, transform(after.strip_prefix(':')?)?)),
        };
    }
    match text.rsplit_once(':').and_then(|(column, name)| Some((column, transform(name)?))) {
        Some((column, transform)) => Some((column.trim().to_owned(), transform)),
        None => Some((text.to_owned(), Transform::AsIs)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_map_is_read_with_aliases_paths_and_transforms() {
        let bindings = parse_map("url=URL, text=TEXT,author=creator[].full_name,md5=hash:base64,License=ns:x").unwrap();
        let read: Vec<_> = bindings.iter().map(|b| (b.role, b.column.as_str(), b.transform)).collect();
        let expected = [
            (Role::Url, "URL", Transform::AsIs),
            (Role::Caption, "TEXT", Transform::AsIs),
            (Role::Author, "creator[].full_name", Transform::AsIs),
            (Role::Md5, "hash", Transform::Base64),
            (Role::Licence, "ns:x", Transform::AsIs),
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn a_broken_map_says_which_part_and_lists_the_roles() {
        for (text, part) in [("url", "url"), ("a=b", "a=b"), ("url=", "url="), ("", ""), ("url=\"x", "url=\"x")] {
            let error = parse_map(text).unwrap_err().to_string();
            assert!(error.contains(&format!("{part:?}")) && error.contains("page_url"), "{error}");
        }
    }

    #[test]
    fn the_flag_is_quoted_for_the_shell_when_it_must_be() {
        let binding = |column: &str| Binding { role: Role::Url, column: column.to_owned(), transform: Transform::AsIs };
        assert_eq!(map_flag(&[binding("URL")]), "--map url=URL");
        assert_eq!(map_flag(&[binding("images[].url")]), "--map 'url=images[].url'");
        assert_eq!(map_flag(&[binding("it's")]), r"--map 'url=it'\''s'");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(columns in prop::collection::vec("[a-z,=\": .]{0,6}[a-z]:?(html)?", 1..5)) {
            let bind = |column: &String| Binding { role: Role::Url, column: column.clone(), transform: Transform::Html };
            let bindings: Vec<Binding> = columns.iter().map(bind).collect();
            let text = bindings.iter().map(|b| format!("url={}:html", quoted(&b.column))).collect::<Vec<_>>().join(",");
            prop_assert_eq!(parse_map(&text).unwrap(), bindings);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,60}") {
            let _ = parse_map(&text);
        }
    }
}
