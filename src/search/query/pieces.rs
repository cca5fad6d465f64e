//! What was typed, cut into pieces: at spaces outside quotes, with a leading minus and a field name set apart.

/// One thing typed: `-domain:"example.org"` has everything a piece can have.
pub(super) struct Piece {
    pub negated: bool,
    pub field: Option<String>,
    pub quoted: bool,
    pub text: String,
}

/// Cuts a query at spaces outside quotes. A quote that is never closed reaches to the end.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let negated = rest.starts_with('-') && rest[1..].starts_with(|c: char| !c.is_whitespace() && c != '-');
        if negated {
            rest = &rest[1..];
        }
        let mut field = None;
        if let Some((name, after)) = rest.split_once(':')
            && let Some(name) = field_name(name)
            && !after.is_empty()
            && !after.starts_with(char::is_whitespace)
        {
            field = Some(name.to_owned());
            rest = after;
        }
        let quote = rest.chars().next().filter(|c| is_quote(*c));
        let (piece, after) = match quote {
            Some(quote) => {
                let inner = &rest[quote.len_utf8()..];
                match inner.char_indices().find(|(_, c)| is_quote(*c)) {
                    Some((end, close)) => (&inner[..end], &inner[end + close.len_utf8()..]),
                    None => (inner, ""),
                }
            }
            None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        if !piece.trim().is_empty() {
            pieces.push(Piece { negated, field, quoted: quote.is_some(), text: piece.trim().to_owned() });
        }
        rest = after.trim_start();
    }
    pieces
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}')
}

fn field_name(name: &str) -> Option<&'static str> {
    match name.to_ascii_lowercase().as_str() {
        "author" | "by" | "from" => Some("author"),
        "domain" | "site" => Some("domain"),
        "url" => Some("url"),
        "dataset" => Some("dataset"),
        "lang" | "language" => Some("lang"),
        "after" | "since" => Some("after"),
        "before" | "until" => Some("before"),
        _ => None,
    }
}
