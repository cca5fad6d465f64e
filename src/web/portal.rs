//! The running server: bound to its address, serving until it is told to stop.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::{Condition, from_fn};
use actix_web::web::{PathConfig, ThinData};
use actix_web::{App, HttpServer};
use anyhow::Context;
use tokio_util::sync::CancellationToken;

use super::error::AppError;
use super::state::AppState;
use super::{metrics, routes, security, tdm};
use crate::config::ServeConfig;
use crate::evidence::key_ring::KeyRing;
use crate::search::engine::Engine;
use crate::takedown::desk::Desk;

/// How often the data directory is looked at for newly published or withdrawn datasets.
const REFRESH_EVERY: Duration = Duration::from_secs(1);
/// How often letters are posted and clocks looked at.
const ROUNDS_EVERY: Duration = Duration::from_secs(5);
/// How often what is past its time is looked for: it is counted in days.
const RETENTION_EVERY: Duration = Duration::from_hours(1);
/// How long open requests may take to finish once the server is told to stop: a large upload may be under way.
const SHUTDOWN_TIMEOUT_SECONDS: u64 = 10;
/// Blocking threads a worker may start. Searches are bounded by permits, so few are ever used.
const BLOCKING_THREADS_A_WORKER: usize = 16;

/// A portal that has its address and waits to be run.
pub struct Portal {
    listener: TcpListener,
    address: SocketAddr,
    workers: usize,
    sends_hsts: bool,
    state: AppState,
}

impl Portal {
    /// Binds the listening address (port 0 takes a free one) without serving yet; makes the signing key where the data
    /// directory has none.
    pub fn build(config: ServeConfig, engine: Arc<Engine>, desk: Arc<Desk>) -> anyhow::Result<Self> {
        let keys = KeyRing::new(&config.data);
        keys.make_first(&config.signing_seed, (config.clock)()).context("the portal has no key to sign with")?;
        let public_origin = config.public_url.as_deref().map(security::origin_of).transpose()?;
        let listener =
            TcpListener::bind(&config.listen).with_context(|| format!("cannot listen on {}", config.listen))?;
        let address = listener.local_addr().context("the listening socket has no address")?;
        let sends_hsts = public_origin.as_deref().is_some_and(|origin| origin.starts_with("https://"));
        let workers = config.workers.max(1);
        let state = AppState::new(engine, desk, config, public_origin);
        Ok(Self { listener, address, workers, sends_hsts, state })
    }

    /// The address that was bound, with the real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` is cancelled, then lets open requests finish.
    pub async fn run(self, shutdown: CancellationToken) -> anyhow::Result<()> {
        let Self { listener, workers, sends_hsts, state, .. } = self;
        let stop_refresh = shutdown.child_token();
        let refresh = tokio::spawn(refresh_until(state.clone(), stop_refresh.clone()));
        let rounds = tokio::spawn(rounds_until(state.clone(), shutdown.child_token()));
        let retention = tokio::spawn(retention_until(state.desk.clone(), shutdown.child_token()));
        let served = HttpServer::new(move || {
            App::new()
                .app_data(ThinData(state.clone()))
                .app_data(PathConfig::default().error_handler(|_, _| AppError::NoSuchPage.into()))
                .configure(routes::configure)
                .wrap(from_fn(metrics::count))
                .wrap(from_fn(tdm::declare))
                .wrap(Condition::new(sends_hsts, security::hsts_header()))
                .wrap(security::default_headers())
        })
        .workers(workers)
        .worker_max_blocking_threads(BLOCKING_THREADS_A_WORKER)
        .shutdown_timeout(SHUTDOWN_TIMEOUT_SECONDS)
        .shutdown_signal(shutdown.cancelled_owned())
        .listen(listener)
        .context("cannot serve on the bound address")?
        .run()
        .await;
        stop_refresh.cancel();
        rounds.abort();
        retention.abort();
        refresh.await.context("the task that looks for new datasets ended badly")?;
        served.context("the server stopped with an error")
    }
}

/// Posts letters, closes what waited too long and follows grants to other datasets and recipients, until stopped. A
/// failure is logged once, when it begins.
async fn rounds_until(state: AppState, stop: CancellationToken) {
    let mut failing = false;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(ROUNDS_EVERY) => {}
        }
        let outcome = async {
            // Letters go out and clocks run whatever comes of the rest.
            let followed = state.follow_grants().await;
            state.desk.post_letters().await?;
            state.desk.run_clocks().await?;
            followed
        };
        match outcome.await {
            Ok(()) => failing = false,
            Err(error) if !failing => {
                tracing::error!(error = format!("{error:#}"), "letters cannot be posted and clocks not kept");
                failing = true;
            }
            Err(_) => {}
        }
    }
}

/// Erases what is past its time, at once and then every hour, until stopped.
async fn retention_until(desk: Arc<Desk>, stop: CancellationToken) {
    loop {
        match desk.retention(true).await {
            Ok(report) if report.cases.is_empty() => {}
            Ok(report) => tracing::info!(cases = report.cases.len(), "what was past its time in cases was erased"),
            Err(error) => tracing::error!(%error, "what is past its time cannot be erased"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(RETENTION_EVERY) => {}
        }
    }
}

/// Looks for published and withdrawn datasets, and for what other servers on the same store decided.
async fn refresh(state: &AppState) -> anyhow::Result<bool> {
    state.follow_decisions().await?;
    let engine = state.engine.clone();
    Ok(tokio::task::spawn_blocking(move || engine.refresh()).await??)
}

/// Keeps up with datasets and decisions until stopped. A failure is logged once, when it begins, not every second.
async fn refresh_until(state: AppState, stop: CancellationToken) {
    let mut failing = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(REFRESH_EVERY) => {}
        }
        match refresh(&state).await.map_err(|error| format!("{error:#}")) {
            Ok(changed) => {
                if failing.take().is_some() {
                    tracing::info!("the data directory and the store can be read again");
                }
                if changed {
                    tracing::info!("the datasets that can be searched have changed");
                }
            }
            Err(error) if failing.as_ref() == Some(&error) => {}
            Err(error) => {
                tracing::error!(%error, "cannot look for new datasets and decisions; what is open is still served");
                failing = Some(error);
            }
        }
    }
}
