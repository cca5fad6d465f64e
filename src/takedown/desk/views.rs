//! Views of the queue: filters that somebody asks for often, kept with their account under a name.

use super::{Desk, DeskError};
use crate::takedown::accounts::{Account, new_secret};

/// Most views of an account: more would be a list to search in, not tabs.
pub const VIEWS_MAX: usize = 20;
/// Longest name, characters: it stands on a tab.
pub const VIEW_NAME_CHARS_MAX: usize = 40;
/// Longest filter, bytes: every parameter at its limit, percent-encoded.
const FILTER_BYTES_MAX: usize = 4_000;

/// A filter under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub id: String,
    pub name: String,
    /// As it stands in the queue's address; the web room writes and reads it.
    pub filter: String,
}

impl Desk {
    /// The account's own views, oldest first.
    pub async fn views(&self, account: &Account) -> Result<Vec<View>, DeskError> {
        Ok(self.store.views(&account.name).await?)
    }

    /// Keeps a filter under a name.
    ///
    /// # Errors
    /// [`DeskError::ViewExists`] where the name is taken; [`DeskError::TooMuch`] for one view too many or a name that
    /// is empty or too long.
    pub async fn add_view(&self, account: &Account, name: &str, filter: &str) -> Result<View, DeskError> {
        let name = plain_name(name)?;
        if filter.len() > FILTER_BYTES_MAX {
            return Err(DeskError::TooMuch("This filter is too long to be kept.".into()));
        }
        let id = new_secret(&*self.config.entropy)[..16].to_owned();
        let view = View { id, name, filter: filter.to_owned() };
        let mut writing = self.store.write().await?;
        if self.store.views(&account.name).await?.len() >= VIEWS_MAX {
            return Err(DeskError::TooMuch(format!("An account keeps at most {VIEWS_MAX} views. Remove one first.")));
        }
        if !writing.insert_view(&account.name, &view, self.now_ms()).await? {
            return Err(DeskError::ViewExists(view.name));
        }
        writing.commit().await?;
        Ok(view)
    }

    pub async fn rename_view(&self, account: &Account, id: &str, name: &str) -> Result<(), DeskError> {
        let name = plain_name(name)?;
        let mut writing = self.store.write().await?;
        if writing.has_view(&account.name, &name, id).await? {
            return Err(DeskError::ViewExists(name));
        }
        if !writing.rename_view(&account.name, id, &name).await? {
            return Err(DeskError::NoSuchView);
        }
        Ok(writing.commit().await?)
    }

    pub async fn remove_view(&self, account: &Account, id: &str) -> Result<(), DeskError> {
        let mut writing = self.store.write().await?;
        if !writing.delete_view(&account.name, id).await? {
            return Err(DeskError::NoSuchView);
        }
        Ok(writing.commit().await?)
    }
}

/// One line with something in it.
fn plain_name(typed: &str) -> Result<String, DeskError> {
    let words: Vec<&str> =
        typed.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    let name = words.join(" ");
    match name.chars().count() {
        1..=VIEW_NAME_CHARS_MAX => Ok(name),
        _ => Err(DeskError::TooMuch(format!("A view has a name of at most {VIEW_NAME_CHARS_MAX} characters."))),
    }
}
