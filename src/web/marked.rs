//! Text that may stand in a page as it is: escaped, with what was searched in `<mark>`.

use std::fmt::{self, Write as _};

/// HTML that holds escaped text and `<mark>` only. The one type that templates do not escape again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marked(String);

impl askama::filters::HtmlSafe for Marked {}

impl fmt::Display for Marked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Marked {
    /// Takes the search's own highlighting. It promises escaped text; should that promise ever be broken, everything
    /// is escaped here, since datasets hold hostile captions.
    pub(super) fn from_highlight(html: &str) -> Self {
        let rest = html.replace("<mark>", "").replace("</mark>", "");
        if rest.contains(['<', '>']) { Self::from_text(html) } else { Self(html.to_owned()) }
    }

    pub(super) fn from_text(text: &str) -> Self {
        let mut out = String::with_capacity(text.len() + text.len() / 8);
        for character in text.chars() {
            match character {
                '&' | '<' | '>' | '"' | '\'' => {
                    // Writing to a string cannot fail.
                    let _ = write!(out, "&#{};", u32::from(character));
                }
                _ => out.push(character),
            }
        }
        Self(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_survive_and_nothing_else_does() {
        let good = "a <mark>red</mark> bicycle &amp; more";
        assert_eq!(Marked::from_highlight(good).to_string(), good);
        let bad = Marked::from_highlight("<mark>x</mark><script>alert(1)</script>").to_string();
        assert!(!bad.contains('<'), "{bad}");
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(Marked::from_text("<b>\"&'").to_string(), "&#60;b&#62;&#34;&#38;&#39;");
    }
}
