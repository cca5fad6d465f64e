//! Notices to those who received a dataset: one a recipient and version of its removal set.
//!
//! They are told at once when something was granted, of the version that will hold it; the digest joins the notice when
//! that version is signed. What is granted until then is in the same version, and in the same notice.

use super::PublishingError;
use super::versions::Versions;
use crate::takedown::desk::Desk;

/// Writes what is to be written, for all datasets that have recipients; gives how many notices. Costs a few looks at the
/// store where there is nothing to do.
///
/// # Errors
/// Where the store or the published sets cannot be read; notices that were written stay.
pub async fn write_due(desk: &Desk, versions: &Versions) -> Result<usize, PublishingError> {
    let mut written = 0;
    for dataset in desk.datasets_with_recipients().await? {
        let last = versions.last_number(&dataset)?;
        if let Some(version) = last
            && !desk.are_told(&dataset, version, true).await?
        {
            let set = versions.load(&dataset, version)?;
            written += desk.tell_recipients(&dataset, version, Some(&set.sha256)).await?;
        }
        let next = last.unwrap_or(0) + 1;
        if desk.has_unpublished_grants(&dataset).await? && !desk.are_told(&dataset, next, false).await? {
            written += desk.tell_recipients(&dataset, next, None).await?;
        }
    }
    Ok(written)
}
