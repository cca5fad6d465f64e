//! Taking in a dataset revision: manifest files to a published index.
//!
//! Used by the command line and the demo. One thread reads, all cores prepare (fields, picture hashes, packed rows),
//! one thread appends in order. Nothing of an unfinished run is ever visible; a run that was killed goes on from its
//! last checkpoint, which follows the end of a file (see [`CHECKPOINT_ROWS`]).

mod pipeline;
mod plan;
mod prepare;
mod report;
mod tally;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

use crate::image_hash::DecodeLimits;
use crate::index::IndexError;
use crate::index::draft::{Draft, DraftConfig};
use crate::index::layout::{Layout, is_name, is_slug};
use crate::index::revision::Revision;
use crate::manifest::ManifestError;
use crate::manifest::card::CardError;
use crate::manifest::columns::ColumnsError;
use crate::mapping::Binding;

pub use plan::Plan;
pub use report::{FileReport, Report};
use tally::Tally;

/// Rows after which the end of a file is a checkpoint. Fewer are read again in no time; a checkpoint takes about 50 ms.
pub const CHECKPOINT_ROWS: u64 = 10_000;
/// Bytes of manifest after which the end of a file is a checkpoint: tar shards have few rows and many bytes.
pub const CHECKPOINT_BYTES: u64 = 32 << 20;

/// What to take in, and how.
#[derive(Debug, Clone)]
pub struct IngestRequest {
    pub paths: Vec<PathBuf>,
    pub dataset: String,
    pub revision: String,
    pub title: Option<String>,
    pub preset: Option<String>,
    pub map: Vec<Binding>,
    /// Refuse what would have to be guessed.
    pub strict: bool,
    pub card: Option<PathBuf>,
    /// Threads that prepare records, and threads of the text index.
    pub threads: usize,
    /// Memory for the text index while it is built.
    pub text_heap_bytes: usize,
    pub limits: DecodeLimits,
}

/// Counters that a progress bar may look at while a run goes on.
#[derive(Debug, Default)]
pub struct Progress {
    pub rows: AtomicU64,
    pub bytes: AtomicU64,
    pub bytes_total: AtomicU64,
    pub files: AtomicU64,
    pub files_total: AtomicU64,
}

/// What became of a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Published(Revision),
    /// The same files had been taken in under this name before: nothing was changed.
    AlreadyThere(Revision),
}

#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    #[error("{0}")]
    BadRequest(String),
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error("{file}: {source}")]
    Columns { file: String, source: ColumnsError },
    #[error(transparent)]
    Card(#[from] CardError),
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error("nothing could be read from these files: {0}")]
    Nothing(String),
}

/// Takes in a revision. `now_ms` is the clock: milliseconds since 1970.
///
/// # Errors
/// When the request makes no sense, no columns can be mapped, nothing at all can be read, or the disk fails. A bad row
/// or a damaged file is not an error: it is counted in the revision's description.
pub fn ingest(
    data: &Path,
    request: &IngestRequest,
    now_ms: &dyn Fn() -> i64,
    progress: &Progress,
) -> Result<Outcome, IngestError> {
    check(request)?;
    let layout = Layout::new(data);
    let started = now_ms();
    let plan = Plan::make(request)?;
    if let Some(there) = published(&layout, request, &plan)? {
        return Ok(Outcome::AlreadyThere(there));
    }
    let config = DraftConfig { text_threads: request.threads, text_heap_bytes: request.text_heap_bytes };
    let open = || Draft::open::<Tally>(&layout, &request.dataset, &request.revision, config);
    let mut opened = open();
    let is_useless = match &opened {
        Ok((_, tally)) => tally.as_ref().is_some_and(|tally| !tally.goes_on_with(&plan)),
        Err(error) => {
            matches!(error, IndexError::Damaged { .. } | IndexError::Version { .. } | IndexError::Text { .. })
        }
    };
    if is_useless {
        // Its files have changed since, or it is damaged. Closed before it is removed.
        drop(opened);
        Draft::discard(&layout, &request.dataset, &request.revision)?;
        opened = open();
    }
    let (mut draft, tally) = opened?;
    let mut tally = tally.unwrap_or_else(|| Tally::new(&plan));
    pipeline::run(request, &plan, &mut draft, &mut tally, progress)?;
    if draft.records() == 0 {
        drop(draft);
        Draft::discard(&layout, &request.dataset, &request.revision)?;
        return Err(IngestError::Nothing(tally.why_nothing()));
    }
    let mut revision = tally.into_revision(request, plan);
    revision.published_at_ms = now_ms();
    revision.seconds =
        std::time::Duration::from_millis(u64::try_from(revision.published_at_ms - started).unwrap_or(0)).as_secs_f64();
    draft.publish(&layout, &revision)?;
    Ok(Outcome::Published(revision))
}

fn check(request: &IngestRequest) -> Result<(), IngestError> {
    let bad = |text: String| Err(IngestError::BadRequest(text));
    if !is_slug(&request.dataset) {
        return bad(format!(
            "{:?} cannot be a dataset's short name: use lower-case letters, digits and hyphens, as in laion-400m",
            request.dataset
        ));
    }
    if !is_name(&request.revision) {
        return bad(format!(
            "{:?} cannot be a revision's name: use letters, digits, dots and hyphens, as in 2024-11",
            request.revision
        ));
    }
    Ok(())
}

/// The revision of this name, where it is there already, made of files of the same names and sizes.
fn published(layout: &Layout, request: &IngestRequest, plan: &Plan) -> Result<Option<Revision>, IngestError> {
    let directory = layout.revision(&request.dataset, &request.revision);
    if !directory.exists() {
        return Ok(None);
    }
    let there = Revision::load(&directory)?;
    let same = there.files.len() == plan.files.len()
        && there.files.iter().zip(&plan.files).all(|(a, b)| a.name == b.source.name && a.bytes == b.source.bytes);
    if !same {
        return Err(IngestError::BadRequest(format!(
            "revision {} of {} is here already and was made of other files: give this one another name with --revision",
            request.revision, request.dataset
        )));
    }
    // A run killed between its last two steps has published but not yet pointed at it.
    if layout.current(&request.dataset)?.is_none() {
        layout.set_current(&request.dataset, &request.revision)?;
    }
    Ok(Some(there))
}
