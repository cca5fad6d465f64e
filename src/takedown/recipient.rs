//! Who received a dataset, and the notices that tell them what to remove (GDPR Article 19).

use serde::{Deserialize, Serialize};

use super::desk::types::PostState;
use super::rules::RuleBook;

/// The kind of the letter, in the store of letters.
pub const NOTICE_KIND: &str = "recipient_notice";
/// What the link of a notice ends in before its secret.
pub const TOKEN_MARK: &str = "/acknowledge?token=";

/// Somebody who received a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    pub id: String,
    pub dataset: String,
    pub name: String,
    /// Gone once they are removed.
    pub email: Option<String>,
    pub added_ms: i64,
    pub removed_ms: Option<i64>,
}

/// A notice that was written: one a recipient and version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    pub dataset: String,
    pub recipient_id: String,
    /// Their name.
    pub recipient: String,
    /// Of the dataset's removal set.
    pub version: u32,
    /// SHA-256 of the set's file, once it is signed.
    pub digest: Option<String>,
    pub written_ms: i64,
    pub acknowledged_ms: Option<i64>,
    pub post: PostState,
}

/// Notices of one version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct NoticeCounts {
    pub written: u64,
    pub acknowledged: u64,
}

/// Subject and text of a notice. `token`: the secret of its link.
pub fn write(book: &RuleBook, to: &Recipient, version: u32, digest: Option<&str>, token: &str) -> (String, String) {
    let site = book.operator.public_url.as_deref().unwrap_or_default();
    let value = |name: &str| match name {
        "recipient" => one_line(&to.name),
        "dataset" => to.dataset.clone(),
        "version" => version.to_string(),
        "digest" => digest.map_or_else(
            || {
                "It is signed with the next publication: from then on it is at this address, and its digest with it."
                    .to_owned()
            },
            |digest| format!("SHA-256 of its file: {digest}"),
        ),
        "set" => format!("{site}/api/v1/removals/{}/{version}", to.dataset),
        "link" => format!("{site}{TOKEN_MARK}{token}"),
        "operator" => book.operator.name.clone(),
        "contact" => book.operator.contact.clone(),
        _ => String::new(),
    };
    let (subject, text) = book.notice().fill(value);
    (one_line(&subject), text.trim().to_owned() + "\n")
}

/// The text of a letter without the secret of its link: only its digest is kept once it was sent.
pub fn without_secret(text: &str) -> String {
    let mut parts = text.split(TOKEN_MARK);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(TOKEN_MARK);
        kept.push('…');
        kept.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    kept
}

fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_says_what_to_apply_and_where_to_answer_and_keeps_no_secret_afterwards() {
        let book = RuleBook::built_in().with_public_url(Some("https://rollcall.example/"));
        let to = Recipient {
            id: "1".into(),
            dataset: "posts".into(),
            name: "Lab\nof Tides {link}".into(),
            email: None,
            added_ms: 0,
            removed_ms: None,
        };
        let token = "ab".repeat(32);
        let (subject, text) = write(&book, &to, 3, Some("5e5e"), &token);
        assert_eq!(subject, "Rows to remove from posts: version 3 of the removal set");
        for part in ["To Lab of Tides {link}", "https://rollcall.example/api/v1/removals/posts/3", "5e5e", &token] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let kept = without_secret(&text);
        assert!(!kept.contains(&token) && kept.contains("/acknowledge?token=…"), "{kept}");
        assert_eq!(kept.replace('…', &token), text);
    }
}
