//! A form that came by POST: its fields in the order they were sent, read within limits.

use actix_web::web::Payload;
use futures_util::StreamExt as _;
use url::form_urlencoded;

use super::error::AppError;

/// Largest form, bytes: five thousand record ids with their marks are 125 KB, texts at their limits some 60 KB more,
/// and percent-encoding may triple what is not plain letters.
const FORM_BYTES_MAX: usize = 1 << 20;
/// Most fields. Ours have some thirty; a page of results has at most 200 ticks, picture results a few thousand.
const FIELDS_MAX: usize = 12_000;

#[derive(Debug, Clone, Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) async fn read(payload: Payload) -> Result<Self, AppError> {
        Self::parse(&body(payload, FORM_BYTES_MAX).await?)
    }

    fn parse(bytes: &[u8]) -> Result<Self, AppError> {
        let fields: Vec<_> = form_urlencoded::parse(bytes)
            .take(FIELDS_MAX + 1)
            // Browsers send lines with CR LF; one writing is enough.
            .map(|(name, value)| (name.into_owned(), value.replace("\r\n", "\n").trim().to_owned()))
            .collect();
        if fields.len() > FIELDS_MAX {
            return Err(AppError::TooLarge { detail: "This form has more fields than any of ours.".to_owned() });
        }
        Ok(Self(fields))
    }

    /// The first field of this name; empty where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// The same, `None` where it is empty.
    pub(super) fn filled(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// A whole body, up to a bound.
pub(super) async fn body(mut payload: Payload, bytes_max: usize) -> Result<Vec<u8>, AppError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| AppError::bad("body", "The request broke off. Send it again."))?;
        if bytes.len() + chunk.len() > bytes_max {
            let most = super::format::bytes(&bytes_max.to_string());
            return Err(AppError::TooLarge {
                detail: format!("This is more than {most}, the most that is read here."),
            });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_trimmed_and_in_order() {
        let form = Form::parse(b"a=+x+&b=1%0D%0A2&a=y&c").unwrap();
        assert_eq!(form.all("a").collect::<Vec<_>>(), ["x", "y"]);
        assert_eq!((form.get("b"), form.get("nothing"), form.has("c")), ("1\n2", "", true));
        assert_eq!(form.filled("c"), None);
    }

    #[test]
    fn a_form_of_endless_fields_is_refused() {
        assert!(Form::parse("a&".repeat(FIELDS_MAX + 1).as_bytes()).is_err());
    }
}
