//! A message with files: taken in within limits, kinds of files told by their bytes.

use actix_multipart::{Field, Multipart, MultipartError};
use futures_util::StreamExt as _;

use crate::takedown::desk::types::Attachment;
use crate::web::error::AppError;
use crate::web::format;

/// Largest file, bytes: a scan of a letter, a photo of a passport page cut to what matters.
pub(in crate::web) const FILE_BYTES_MAX: usize = 8_000_000;
/// Files in one message.
pub(in crate::web) const FILES_MAX: usize = 5;
/// Longest message, bytes; the desk has a bound in characters of its own.
const TEXT_BYTES_MAX: usize = 64 << 10;
const PARTS_MAX: usize = 20;
const NAME_CHARS_MAX: usize = 120;

pub(super) struct MessageForm {
    pub(super) text: String,
    pub(super) attachments: Vec<Attachment>,
}

impl MessageForm {
    pub(super) async fn read(mut parts: Multipart) -> Result<Self, AppError> {
        let mut form = Self { text: String::new(), attachments: Vec::new() };
        let mut n_parts = 0;
        while let Some(field) = parts.next().await {
            let mut field = field.map_err(|error| unreadable(&error))?;
            n_parts += 1;
            if n_parts > PARTS_MAX {
                return Err(AppError::bad("file", "This form has more parts than ours."));
            }
            match field.name() {
                Some("text") => {
                    let bytes = read(&mut field, TEXT_BYTES_MAX, "message").await?;
                    String::from_utf8_lossy(&bytes).replace("\r\n", "\n").trim().clone_into(&mut form.text);
                }
                Some("file") => form.take_file(&mut field).await?,
                _ => drop(read(&mut field, TEXT_BYTES_MAX, "field").await?),
            }
        }
        Ok(form)
    }

    async fn take_file(&mut self, field: &mut Field) -> Result<(), AppError> {
        let given = field.content_disposition().and_then(|disposition| disposition.get_filename()).unwrap_or("");
        let name = shown_name(given);
        let bytes = read(field, FILE_BYTES_MAX, "file").await?;
        if bytes.is_empty() {
            return Ok(()); // A file input that was left empty.
        }
        if self.attachments.len() == FILES_MAX {
            let detail =
                format!("A message takes {FILES_MAX} files. Nothing was sent; send the others in a second one.");
            return Err(AppError::TooLarge { detail });
        }
        let Some(media_type) = kind_of(&bytes) else {
            return Err(AppError::UnsupportedMedia {
                detail: "Files can be pictures (JPEG, PNG, WebP, GIF, TIFF), PDF or plain text. Nothing was sent.",
            });
        };
        self.attachments.push(Attachment { name, media_type: media_type.to_owned(), bytes });
        Ok(())
    }
}

pub(in crate::web) async fn read(field: &mut Field, bytes_max: usize, what: &str) -> Result<Vec<u8>, AppError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|error| unreadable(&error))?;
        if bytes.len() + chunk.len() > bytes_max {
            let most = format::bytes(&bytes_max.to_string());
            return Err(AppError::TooLarge { detail: format!("A {what} may have up to {most}. Nothing was sent.") });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// What a file is, by its first bytes. The name it was given says nothing.
pub(in crate::web) fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 7] = [
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF8", "image/gif"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"%PDF-", "application/pdf"),
        (b"RIFF", "image/webp"),
    ];
    let known = KINDS.into_iter().find(|(begin, _)| bytes.starts_with(begin)).map(|(_, kind)| kind);
    let is_fine = |kind: &str| kind != "image/webp" || bytes.get(8..12) == Some(b"WEBP");
    let is_text = || std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
    known.filter(|kind| is_fine(kind)).or_else(|| is_text().then_some("text/plain"))
}

pub(in crate::web) fn shown_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or(given);
    let shown: String = last.chars().filter(|character| !character.is_control()).take(NAME_CHARS_MAX).collect();
    if shown.trim().is_empty() { "file".to_owned() } else { shown }
}

pub(in crate::web) fn unreadable(error: &MultipartError) -> AppError {
    match error {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible
        | MultipartError::BoundaryMissing => {
            AppError::UnsupportedMedia { detail: "A message with files is sent as multipart/form-data." }
        }
        _ => AppError::bad("file", "The message broke off or is damaged. Nothing of it was kept; send it again."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        assert_eq!(kind_of(b"%PDF-1.7 ..."), Some("application/pdf"));
        assert_eq!(kind_of(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(kind_of("Ein Brief über alles".as_bytes()), Some("text/plain"));
        assert_eq!(kind_of(b"RIFF\0\0\0\0AVI "), None);
        assert_eq!(kind_of(b"PK\x03\x04\x00\xff"), None);
        assert_eq!(kind_of(b"MZ\x90\0"), None);
    }

    #[test]
    fn a_name_is_no_path() {
        assert_eq!(shown_name("../../etc/pass\0wd"), "passwd");
        assert_eq!(shown_name(""), "file");
    }
}
