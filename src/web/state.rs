//! What every handler shares, and the one way to put a question to the engine.

use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpRequest, web};
use arc_swap::ArcSwapOption;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::error::AppError;
use super::lineage::Followed;
use super::metrics::Metrics;
use super::proofs::Outside;
use super::rate_limit::{RateLimit, visitor_of};
use super::releases::Releases;
use super::reserved::Reserved;
use super::transparency::Kept;
use crate::config::{ServeConfig, TdmConfig, WebLimits};
use crate::evidence::key_ring::KeyRing;
use crate::publishing::versions::Versions;
use crate::search::engine::{Engine, SearchError};
use crate::takedown::desk::{Desk, DeskError};

/// How long a visitor waits for a free core before being asked to come back.
const PERMIT_WAIT: Duration = Duration::from_secs(2);
/// Tries with a wrong passphrase from one address. Nobody guesses one; each try costs the server a hash.
const WRONG_PASSPHRASES_AN_HOUR: u32 = 120;

/// Shared by all workers; cloning it is cheap.
#[derive(Clone)]
pub(super) struct AppState {
    pub(super) engine: Arc<Engine>,
    pub(super) limits: Arc<WebLimits>,
    /// `https://rollcall.example`, where the operator named one.
    pub(super) public_origin: Option<Arc<str>>,
    /// What is said about mining these pages.
    pub(super) tdm: Arc<TdmConfig>,
    pub(super) desk: Arc<Desk>,
    pub(super) metrics: Arc<Metrics>,
    /// Where the portal's signing keys lie.
    pub(super) keys: Arc<KeyRing>,
    /// The published removal sets.
    pub(super) versions: Arc<Versions>,
    /// Milliseconds since 1970.
    pub(super) clock: fn() -> i64,
    /// Requests for removal an address may file.
    pub(super) filings: Arc<RateLimit>,
    /// Wrong passphrases an address may try.
    pub(super) wrong_passphrases: Arc<RateLimit>,
    /// The way to other servers, where proofs lie.
    pub(super) outside: Outside,
    /// Domains that their owners keep out of datasets.
    pub(super) reserved: Arc<Reserved>,
    /// Up to where granted rows were looked for in derived datasets.
    pub(super) followed: Arc<ArcSwapOption<Followed>>,
    /// Releases that maintainers upload, and what was found in them.
    pub(super) releases: Arc<Releases>,
    /// The figures of the transparency page, counted a while ago.
    pub(super) figures: Arc<Kept>,
    searches: Arc<Semaphore>,
    uploads: Arc<Semaphore>,
}

impl AppState {
    pub(super) fn new(
        engine: Arc<Engine>,
        desk: Arc<Desk>,
        config: ServeConfig,
        public_origin: Option<String>,
    ) -> Self {
        let limits = config.limits;
        Self {
            engine,
            desk,
            tdm: Arc::new(config.tdm),
            keys: Arc::new(KeyRing::new(&config.data)),
            versions: Arc::new(Versions::new(&config.data)),
            clock: config.clock,
            filings: Arc::new(RateLimit::new(limits.filings_an_hour)),
            wrong_passphrases: Arc::new(RateLimit::new(WRONG_PASSPHRASES_AN_HOUR)),
            outside: Outside::new(config.outbound),
            reserved: Arc::new(Reserved::default()),
            followed: Arc::default(),
            releases: Arc::new(Releases::new(&config.data)),
            figures: Arc::new(Kept::default()),
            searches: Arc::new(Semaphore::new(limits.searches_at_once.max(1))),
            uploads: Arc::new(Semaphore::new(limits.uploads_at_once.max(1))),
            limits: Arc::new(limits),
            public_origin: public_origin.map(Arc::from),
            metrics: Arc::new(Metrics::default()),
        }
    }

    /// People reach this server by https, so cookies need not travel otherwise.
    pub(super) fn is_https(&self) -> bool {
        self.public_origin.as_deref().is_some_and(|origin| origin.starts_with("https://"))
    }

    /// Counts one filing of this visitor, or refuses it.
    pub(super) fn count_filing(&self, request: &HttpRequest) -> Result<(), AppError> {
        let visitor = visitor_of(request, self.public_origin.is_some());
        self.filings.take(visitor, Instant::now()).map_err(|seconds| AppError::TooMany { seconds })
    }

    /// Refuses a visitor who has tried many wrong passphrases, before another hash is worked out for them.
    pub(super) fn check_wrong_passphrases(&self, request: &HttpRequest) -> Result<(), AppError> {
        let visitor = visitor_of(request, self.public_origin.is_some());
        self.wrong_passphrases.check(visitor, Instant::now()).map_err(|seconds| AppError::TooMany { seconds })
    }

    pub(super) fn count_wrong_passphrase(&self, request: &HttpRequest) -> Result<(), AppError> {
        let visitor = visitor_of(request, self.public_origin.is_some());
        self.wrong_passphrases.take(visitor, Instant::now()).map_err(|seconds| AppError::TooMany { seconds })
    }

    /// What the desk answered to somebody who named a case and a passphrase: a wrong one counts against the visitor.
    pub(super) fn counted<T>(&self, request: &HttpRequest, answer: Result<T, DeskError>) -> Result<T, AppError> {
        if matches!(answer, Err(DeskError::NoSuchCase)) {
            self.count_wrong_passphrase(request)?;
        }
        Ok(answer?)
    }

    /// Runs `question` on a blocking thread, holding one of the search permits; [`AppError::Busy`] when none comes
    /// free in time. The permit is given back when the work ends, even where the visitor has left before.
    pub(super) async fn ask<T, F>(&self, question: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnOnce(&Engine) -> Result<T, SearchError> + Send + 'static,
    {
        let permit = wait_for(&self.searches).await?;
        let engine = self.engine.clone();
        let answer = web::block(move || {
            let answer = question(&engine);
            drop(permit);
            answer
        })
        .await
        .map_err(|error| AppError::internal(&anyhow::Error::from(error)))?;
        Ok(answer?)
    }

    /// Held while an upload is taken in: what bounds the memory of all uploads together.
    pub(super) async fn upload_permit(&self) -> Result<OwnedSemaphorePermit, AppError> {
        wait_for(&self.uploads).await
    }
}

async fn wait_for(permits: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, AppError> {
    match tokio::time::timeout(PERMIT_WAIT, permits.clone().acquire_owned()).await {
        Ok(Ok(permit)) => Ok(permit),
        // The semaphore is never closed, so only the wait can have run out.
        Ok(Err(_)) | Err(_) => Err(AppError::Busy),
    }
}
