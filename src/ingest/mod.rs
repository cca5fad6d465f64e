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
use crate::index::draft::{self, Draft, DraftConfig};
use crate::index::layout::{Layout, is_name, is_slug};
use crate::index::revision::{Revision, SourceFile};
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
    /// Keep hashes of parts of every picture too: crops of it are found better, for up to thirteen times the hashes.
    pub index_windows: bool,
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
    /// A dataset or revision cannot be called so.
    #[error("{0}")]
    BadName(String),
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
        Ok((_, None)) => false,
        Ok((_, Some(tally))) => {
            !tally.goes_on_with(&plan, request.index_windows) || !are_unchanged(&tally.files, &plan)?
        }
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
    let mut tally = tally.unwrap_or_else(|| Tally::new(&plan, request.index_windows));
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
    let bad = |text: String| Err(IngestError::BadName(text));
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

/// The revision of this name, where it is there already, made of the same files.
fn published(layout: &Layout, request: &IngestRequest, plan: &Plan) -> Result<Option<Revision>, IngestError> {
    let directory = layout.revision(&request.dataset, &request.revision);
    if !directory.exists() {
        return Ok(None);
    }
    let there = Revision::load(&directory)?;
    let refused = |why: &str| {
        Err(IngestError::BadRequest(format!(
            "revision {} of {} is here already and {why}: give this one another name with --revision",
            request.revision, request.dataset
        )))
    };
    if there.files.len() != plan.files.len() || !are_unchanged(&there.files, plan)? {
        return refused("was made of other files");
    }
    let asks_for_columns = request.preset.is_some() || !request.map.is_empty();
    let same_columns = there.mappings.iter().map(|used| &used.mapping).eq(plan.mappings.iter().map(|m| &m.mapping));
    if asks_for_columns && !same_columns {
        return refused("its columns were read in another way");
    }
    if request.index_windows && !there.index_windows {
        return refused("was made without hashes of parts of pictures");
    }
    draft::finish_publishing(layout, &request.dataset, &request.revision)?;
    Ok(Some(there))
}

/// Whether files that were read before are those at the head of the plan still: by name, size and contents. Reads them
/// through once, which takes a small part of the time that reading their rows does.
fn are_unchanged(files: &[SourceFile], plan: &Plan) -> Result<bool, ManifestError> {
    for (before, now) in files.iter().zip(&plan.files) {
        if before.name != now.source.name || before.bytes != now.source.bytes {
            return Ok(false);
        }
        // Folders have no digest that could be had without reading their metadata.
        let sha256 = now.source.digest()?.sha256;
        if !sha256.is_empty() && sha256 != before.sha256 {
            return Ok(false);
        }
    }
    Ok(true)
}
