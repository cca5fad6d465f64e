//! The little of a page that is looked at: the title and the `<meta>` elements of its head.
//!
//! No parser of whole pages: what stands in the body, in comments, scripts and other text that is not markup is passed
//! over, since strangers may have written it. One walk over the text, whatever is in it.

/// Elements whose content is not markup.
const RAW: [&str; 8] = ["script", "style", "textarea", "title", "noscript", "template", "iframe", "xmp"];
/// Elements of a head that are looked at; pages have some dozens.
const METAS_MAX: usize = 300;

/// What the head of a page says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) title: String,
    /// Name (or property) in lower case, and content.
    pub(super) metas: Vec<(String, String)>,
}

impl Head {
    pub(super) fn read(page: &str) -> Self {
        // ASCII letters only are changed, so places are the same in both.
        let lower = page.to_ascii_lowercase();
        let mut head = Self::default();
        let mut at = 0;
        while let Some(open) = lower[at..].find('<').map(|found| at + found) {
            let rest = &lower[open..];
            if let Some(comment) = rest.strip_prefix("<!--") {
                let Some(end) = comment.find("-->") else { break };
                at = open + 4 + end + 3;
                continue;
            }
            let name: String =
                rest[1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').take(12).collect();
            if matches!(name.as_str(), "body" | "/head" | "/html") || head.metas.len() >= METAS_MAX {
                break;
            }
            let Some(close) = end_of_tag(rest) else { break };
            let after = open + close + 1;
            at = after;
            if name == "meta" {
                head.take_meta(&page[open + 5..open + close]);
            } else if RAW.contains(&name.as_str()) {
                let Some(end) = lower[after..].find(&format!("</{name}")) else { break };
                if name == "title" && head.title.is_empty() {
                    page[after..after + end].trim().clone_into(&mut head.title);
                }
                at = after + end;
            }
        }
        head
    }

    fn take_meta(&mut self, attributes: &str) {
        let (mut name, mut content) = (None, None);
        for (key, value) in Attributes(attributes) {
            match key.as_str() {
                "name" | "property" => name = name.or(Some(value.to_ascii_lowercase())),
                "content" => content = content.or(Some(value.to_owned())),
                _ => {}
            }
        }
        if let (Some(name), Some(content)) = (name, content) {
            self.metas.push((name, content));
        }
    }
}

/// Where a tag ends, passing over `>` in quoted values.
fn end_of_tag(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// `name="x" content=y`
struct Attributes<'a>(&'a str);

impl<'a> Iterator for Attributes<'a> {
    type Item = (String, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '=' || c == '/').unwrap_or(rest.len());
        // A value without a name: one sign is passed over, so that every step gets on.
        let end = if end == 0 { rest.chars().next().map_or(1, char::len_utf8) } else { end };
        let key = rest[..end].to_ascii_lowercase();
        let after = rest[end..].trim_start();
        let Some(value) = after.strip_prefix('=') else {
            self.0 = after;
            return Some((key, ""));
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, rest) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        self.0 = rest;
        Some((key, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metas(page: &str) -> Vec<(String, String)> {
        Head::read(page).metas
    }

    #[test]
    fn the_head_says_what_its_owner_wrote_there() {
        let page = "<!DOCTYPE html><html><head><title>Mira &amp; co</title>\
            <META NAME='Rollcall-Proof' CONTENT=\"a > b\"/><meta property=og:description content=plain>\
            <meta charset=utf-8><meta content='first' name=x content='second'></head><body></body>";
        let head = Head::read(page);
        assert_eq!(head.title, "Mira &amp; co");
        let pairs: Vec<_> = head.metas.iter().map(|(name, content)| (name.as_str(), content.as_str())).collect();
        assert_eq!(pairs, [("rollcall-proof", "a > b"), ("og:description", "plain"), ("x", "first")]);
    }

    #[test]
    fn what_is_not_in_the_head_is_passed_over() {
        let meta = "<meta name=rollcall-proof content=code>";
        for page in [
            format!("<body>{meta}"),
            format!("<head></head>{meta}"),
            format!("<!-- {meta} --><body>"),
            format!("<script>let x = '{meta}'</script><body>"),
            format!("<textarea>{meta}</textarea><body>"),
            format!("<title>{meta}</title><body>"),
            format!("<noscript>{meta}</noscript><body>"),
            format!("<meta name=description content=\"{meta}\"><body>").replace("code>", "code\">"),
        ] {
            assert!(!metas(&page).iter().any(|(name, _)| name == "rollcall-proof"), "{page}");
        }
        assert_eq!(metas(&format!("<script>x</script>{meta}")).len(), 1);
    }

    #[test]
    fn broken_pages_end_quietly() {
        for page in
            ["<", "<meta", "<meta name='x", "<!--", "<title>", "<meta =\"x\" = = />", "\u{fe0f}<é>", "<meta é=ü/>"]
        {
            assert!(metas(page).len() <= 1, "{page}");
        }
        assert!(Head::read(&"<meta name=a content=b>".repeat(1000)).metas.len() <= METAS_MAX);
    }
}
