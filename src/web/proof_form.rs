//! A file that is sent as a proof: the original of a picture, or a mandate.

use actix_multipart::Multipart;
use futures_util::StreamExt as _;

use super::error::AppError;
use super::pages::case::{FILE_BYTES_MAX, kind_of, read_part, shown_name, unreadable};
use crate::takedown::desk::types::Attachment;
use crate::takedown::proof::Kind;

/// Parts of the form; ours has three.
const PARTS_MAX: usize = 10;
/// Longest part that is no file, bytes.
const FIELD_BYTES_MAX: usize = 200;

pub(super) struct ProofForm {
    pub(super) kind: Kind,
    pub(super) file: Attachment,
    /// The sender says that it shows a document of identity.
    pub(super) is_identity: bool,
}

impl ProofForm {
    /// `picture_bytes_max`: for the original of a picture, which is compared and forgotten.
    pub(super) async fn read(mut parts: Multipart, picture_bytes_max: usize) -> Result<Self, AppError> {
        let (mut kind, mut file, mut is_identity, mut n_parts) = (None, None, false, 0);
        while let Some(field) = parts.next().await {
            let mut field = field.map_err(|error| unreadable(&error))?;
            n_parts += 1;
            if n_parts > PARTS_MAX {
                return Err(AppError::bad("file", "This form has more parts than ours."));
            }
            let given = field.content_disposition().and_then(|disposition| disposition.get_filename());
            let given = given.unwrap_or_default().to_owned();
            match field.name() {
                Some("kind") => {
                    let name = read_part(&mut field, FIELD_BYTES_MAX, "field").await?;
                    kind = Kind::from_name(String::from_utf8_lossy(&name).trim()).filter(|kind| kind.is_upload());
                }
                Some("identity") => is_identity = !read_part(&mut field, FIELD_BYTES_MAX, "field").await?.is_empty(),
                Some("file") if file.is_none() => {
                    file = Some((shown_name(&given), read_part(&mut field, picture_bytes_max, "file").await?));
                }
                _ => drop(read_part(&mut field, FIELD_BYTES_MAX, "field").await?),
            }
        }
        let kind = kind.ok_or_else(|| AppError::bad("kind", "“kind” is original_file or mandate."))?;
        let (name, bytes) = file
            .filter(|(_, bytes)| !bytes.is_empty())
            .ok_or_else(|| AppError::bad("file", "No file was chosen. Nothing was sent."))?;
        if kind == Kind::Mandate && bytes.len() > FILE_BYTES_MAX {
            let most = super::format::bytes(&FILE_BYTES_MAX.to_string());
            return Err(AppError::TooLarge { detail: format!("A file may have up to {most}. Nothing was sent.") });
        }
        let media_type = kind_of(&bytes).ok_or(AppError::UnsupportedMedia {
            detail: "The file can be a picture (JPEG, PNG, WebP, GIF, TIFF) or, for a mandate, PDF or plain text. Nothing was kept.",
        })?;
        Ok(Self { kind, file: Attachment { name, media_type: media_type.to_owned(), bytes }, is_identity })
    }
}
