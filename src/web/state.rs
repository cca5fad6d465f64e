//! What every handler shares, and the one way to put a question to the engine.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::AppError;
use super::metrics::Metrics;
use crate::config::{ServeConfig, WebLimits};
use crate::evidence::key_ring::KeyRing;
use crate::search::engine::{Engine, SearchError};

/// How long a visitor waits for a free core before being asked to come back.
const PERMIT_WAIT: Duration = Duration::from_secs(2);

/// Shared by all workers; cloning it is cheap.
#[derive(Clone)]
pub(super) struct AppState {
    pub(super) engine: Arc<Engine>,
    pub(super) limits: Arc<WebLimits>,
    /// `https://rollcall.example`, where the operator named one.
    pub(super) public_origin: Option<Arc<str>>,
    pub(super) metrics: Arc<Metrics>,
    /// Where the portal's signing keys lie.
    pub(super) keys: Arc<KeyRing>,
    /// Milliseconds since 1970.
    pub(super) clock: fn() -> i64,
    searches: Arc<Semaphore>,
    uploads: Arc<Semaphore>,
}

impl AppState {
    pub(super) fn new(engine: Arc<Engine>, config: ServeConfig, public_origin: Option<String>) -> Self {
        let limits = config.limits;
        Self {
            engine,
            keys: Arc::new(KeyRing::new(&config.data)),
            clock: config.clock,
            searches: Arc::new(Semaphore::new(limits.searches_at_once.max(1))),
            uploads: Arc::new(Semaphore::new(limits.uploads_at_once.max(1))),
            limits: Arc::new(limits),
            public_origin: public_origin.map(Arc::from),
            metrics: Arc::new(Metrics::default()),
        }
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
