//! A portal on its own thread, started and stopped.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rollcall::config::ServeConfig;
use rollcall::search::engine::Engine;
use rollcall::takedown::desk::{Desk, DeskConfig, block_on};
use rollcall::web::Portal;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::client::{Client, PATIENCE};
use super::data;

/// A running portal; stopped when dropped.
pub(super) struct Server {
    address: SocketAddr,
    stop: CancellationToken,
    thread: Option<JoinHandle<anyhow::Result<()>>>,
    data: PathBuf,
    /// What the staff's pages work with: tests decide through it.
    desk: Arc<Desk>,
    /// Deleted with the server, where it has a directory of its own.
    directory_kept: Option<TempDir>,
}

/// A desk for tests: the real clock, letters into files.
fn desk_config(data: &Path) -> DeskConfig {
    let clock = || jiff::Timestamp::now().as_millisecond();
    let entropy = |bytes: &mut [u8]| getrandom::fill(bytes).unwrap();
    DeskConfig::new(data.to_owned(), Arc::new(clock), Arc::new(entropy))
}

impl Server {
    /// Over a data directory that is there already.
    pub(super) fn over(data: &Path) -> Self {
        Self::with(ServeConfig::for_testing(data.to_owned()))
    }

    pub(super) fn with(config: ServeConfig) -> Self {
        let data = config.data.clone();
        let desk = Arc::new(Desk::open_blocking(desk_config(&data)).unwrap());
        let feed = block_on(desk.all_tombstones()).unwrap().unwrap();
        let engine = Arc::new(Engine::open(&data, feed).unwrap());
        let portal = Portal::build(config, engine, desk.clone()).unwrap();
        let address = portal.address();
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let serve = move || actix_web::rt::System::new().block_on(portal.run(stopped));
        let thread = std::thread::Builder::new().name("portal".to_owned()).spawn(serve).unwrap();
        Self { address, stop, thread: Some(thread), data, desk, directory_kept: None }
    }

    /// Over a directory of its own that `fill` fills: for tests that change what is held.
    pub(super) fn own(fill: impl FnOnce(&Path)) -> Self {
        Self::own_with(fill, |config| config)
    }

    /// The same, with other settings.
    pub(super) fn own_with(fill: impl FnOnce(&Path), settings: impl FnOnce(ServeConfig) -> ServeConfig) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("data");
        fill(&data);
        let mut server = Self::with(settings(ServeConfig::for_testing(data)));
        server.directory_kept = Some(directory);
        server
    }

    pub(super) fn client(&self) -> Client {
        Client::new(self.address)
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn desk(&self) -> &Desk {
        &self.desk
    }

    pub(super) fn data(&self) -> &Path {
        &self.data
    }

    /// Tells it to stop, without waiting.
    pub(super) fn tell_to_stop(&self) {
        self.stop.cancel();
    }

    /// Waits until it has ended.
    pub(super) fn join(mut self) -> anyhow::Result<()> {
        self.thread.take().unwrap().join().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // A failure of its own must not hide the one that the test found.
            let _ = thread.join();
        }
    }
}

/// The server that tests share which only ask: its datasets are taken in once.
pub(super) fn shared() -> &'static Server {
    static SHARED: LazyLock<Server> = LazyLock::new(|| Server::over(data::shared()));
    &SHARED
}

/// A visitor of the shared server.
pub(super) fn visitor() -> Client {
    shared().client()
}

/// Waits until something is so; fails where it never is.
pub(super) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "never came: {what}");
        std::thread::park_timeout(Duration::from_millis(10));
    }
}
