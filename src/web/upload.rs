//! Pictures sent by a visitor: taken in one by one, in memory, handed to the search in small batches and forgotten.
//!
//! Never touches the disk, never keeps a picture past the answer, never trusts a file name for more than showing it.

use std::time::Duration;

use actix_multipart::{Field, Multipart};
use futures_util::StreamExt as _;

use super::error::AppError;
use super::format;
use super::state::AppState;
use crate::search::engine::{PictureOptions, PictureQuery};
use crate::search::results::{Coverage, PictureAnswer, PictureResults};

/// A connection that sends nothing for this long is given up: phones on bad networks stall for seconds, not for half a
/// minute.
const IDLE_MAX: Duration = Duration::from_secs(30);
/// Pictures searched together: enough for the engine to share work between them.
const BATCH_PICTURES: usize = 16;
/// Longest file name shown, characters.
const NAME_CHARS_MAX: usize = 200;
/// Fields of a form that are no pictures. A form of ours has none; more than a few is not a form.
const OTHER_FIELDS_MAX: usize = 32;

/// Longest value of a field that is no picture.
const FIELD_BYTES_MAX: usize = 64;

/// Takes in a multipart body and searches every `image` part of it.
pub(super) async fn search(
    mut parts: Multipart,
    state: &AppState,
    options: PictureOptions,
) -> Result<PictureResults, AppError> {
    let _permit = state.upload_permit().await?;
    let mut intake = Intake::new(state, options);
    let mut n_other_fields = 0;
    while let Some(field) = in_time(parts.next()).await? {
        let mut field = field.map_err(|error| unreadable(&error))?;
        if field.name() == Some("image") {
            intake.take(&mut field).await?;
        } else {
            n_other_fields += 1;
            if n_other_fields > OTHER_FIELDS_MAX {
                return Err(AppError::bad("image", "This form has too many fields. Send pictures as “image” parts."));
            }
            let is_harder = field.name() == Some("harder");
            let value = intake.small(&mut field).await?;
            if is_harder {
                intake.options.harder = says_yes(&value);
            }
        }
    }
    intake.finish().await
}

/// A request being taken in: what has come, what has been answered.
struct Intake<'a> {
    state: &'a AppState,
    options: PictureOptions,
    bytes: usize,
    n_pictures: usize,
    waiting: Vec<PictureQuery>,
    waiting_bytes: usize,
    answers: Vec<PictureAnswer>,
    coverage: Vec<Coverage>,
}

impl<'a> Intake<'a> {
    fn new(state: &'a AppState, options: PictureOptions) -> Self {
        Self {
            state,
            options,
            bytes: 0,
            n_pictures: 0,
            waiting: Vec::new(),
            waiting_bytes: 0,
            answers: Vec::new(),
            coverage: Vec::new(),
        }
    }

    async fn take(&mut self, field: &mut Field) -> Result<(), AppError> {
        let given_name = field.content_disposition().and_then(|disposition| disposition.get_filename()).unwrap_or("");
        let given_name = given_name.to_owned();
        let mut bytes = Vec::new();
        let mut is_too_large = false;
        while let Some(chunk) = self.next_chunk(field).await? {
            if bytes.len() + chunk.len() > self.state.limits.upload_bytes_max {
                // Read on without keeping, so that the other pictures of the batch are still answered.
                is_too_large = true;
                bytes = Vec::new();
            }
            if !is_too_large {
                bytes.extend_from_slice(&chunk);
            }
        }
        if bytes.is_empty() && !is_too_large && given_name.is_empty() {
            return Ok(()); // A file input that was left empty.
        }
        self.n_pictures += 1;
        let limits = &self.state.limits;
        if self.n_pictures > limits.pictures_max {
            let detail =
                format!("At most {} pictures can be sent at once. Send the others after these.", limits.pictures_max);
            return Err(AppError::TooLarge { detail });
        }
        let name = shown_name(&given_name, self.n_pictures);
        if is_too_large {
            let most = format::bytes(&limits.upload_bytes_max.to_string());
            self.flush().await?;
            self.answers.push(problem(
                name,
                format!("This picture is larger than {most}, the most this server reads. Save a smaller copy and send that: a copy 1,000 pixels wide is found just as well."),
            ));
            return Ok(());
        }
        if bytes.is_empty() {
            self.flush().await?;
            self.answers.push(problem(name, "This file is empty. Choose the picture again.".to_owned()));
            return Ok(());
        }
        if self.waiting_bytes + bytes.len() > limits.upload_bytes_max || self.waiting.len() == BATCH_PICTURES {
            self.flush().await?;
        }
        self.waiting_bytes += bytes.len();
        self.waiting.push(PictureQuery::Picture { name, bytes });
        Ok(())
    }

    /// A field that is no picture: its first bytes.
    async fn small(&mut self, field: &mut Field) -> Result<Vec<u8>, AppError> {
        let mut value = Vec::new();
        while let Some(chunk) = self.next_chunk(field).await? {
            value.extend(chunk.iter().take(FIELD_BYTES_MAX - value.len()));
        }
        Ok(value)
    }

    async fn next_chunk(&mut self, field: &mut Field) -> Result<Option<actix_web::web::Bytes>, AppError> {
        let Some(chunk) = in_time(field.next()).await? else { return Ok(None) };
        let chunk = chunk.map_err(|error| unreadable(&error))?;
        self.bytes += chunk.len();
        let bytes_max = self.state.limits.request_bytes_max;
        if self.bytes > bytes_max {
            let most = format::bytes(&bytes_max.to_string());
            let detail = format!("These pictures together are larger than {most}. Send them in smaller batches.");
            return Err(AppError::TooLarge { detail });
        }
        Ok(Some(chunk))
    }

    /// Searches what waits, then forgets the pictures.
    async fn flush(&mut self) -> Result<(), AppError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.waiting_bytes = 0;
        let pictures = std::mem::take(&mut self.waiting);
        let options = self.options.clone();
        let found = self.state.ask(move |engine| engine.pictures(pictures, &options)).await?;
        self.answers.extend(found.queries);
        self.coverage = found.coverage;
        Ok(())
    }

    async fn finish(mut self) -> Result<PictureResults, AppError> {
        self.flush().await?;
        if self.answers.is_empty() {
            return Err(AppError::bad("image", "No picture came with this request. Choose at least one picture."));
        }
        Ok(PictureResults { queries: self.answers, coverage: self.coverage })
    }
}

/// A ticked box sends its value or `on`.
pub(super) fn says_yes(value: &[u8]) -> bool {
    matches!(value.trim_ascii(), b"1" | b"on" | b"yes" | b"true")
}

async fn in_time<F: Future>(next: F) -> Result<F::Output, AppError> {
    tokio::time::timeout(IDLE_MAX, next).await.map_err(|_| AppError::UploadTimedOut)
}

fn problem(name: String, sentence: String) -> PictureAnswer {
    PictureAnswer { name, quality: None, hits: Vec::new(), problem: Some(sentence), expected_false: 0.0 }
}

/// The parser's own words are for programmers; ours say what to do.
fn unreadable(error: &actix_multipart::MultipartError) -> AppError {
    match error {
        actix_multipart::MultipartError::ContentTypeMissing
        | actix_multipart::MultipartError::ContentTypeParse
        | actix_multipart::MultipartError::ContentTypeIncompatible
        | actix_multipart::MultipartError::BoundaryMissing => AppError::UnsupportedMedia {
            detail: "Pictures are sent as multipart/form-data, each in a part called “image”.",
        },
        _ => AppError::bad("image", "The upload broke off or is damaged. Nothing of it was kept; send it again."),
    }
}

/// The last part of the name the visitor's device gave, without characters that do not show.
fn shown_name(given: &str, number: usize) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or(given);
    let shown: String = last.chars().filter(|character| !character.is_control()).take(NAME_CHARS_MAX).collect();
    if shown.trim().is_empty() { format!("picture {number}") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_shown_without_its_path_and_control_characters() {
        assert_eq!(shown_name("../../etc/pass\u{0}wd", 1), "passwd");
        assert_eq!(shown_name("C:\\Pictures\\me.jpg", 1), "me.jpg");
        assert_eq!(shown_name("a/", 3), "picture 3");
        assert_eq!(shown_name(&"x".repeat(500), 1).len(), NAME_CHARS_MAX);
    }
}
