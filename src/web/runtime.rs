//! Running a portal from a plain program: its own runtime, stopped by SIGINT or SIGTERM.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::Portal;

/// Serves until the process is told to stop, then lets open requests finish. `ready` is called first: the socket is
/// bound by then and queues connections.
///
/// # Errors
/// What `ready` or the server returns.
pub fn run_until_signalled(portal: Portal, ready: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
    actix_web::rt::System::new().block_on(async {
        let stop = CancellationToken::new();
        let signals = actix_web::rt::spawn(cancel_on_signal(stop.clone()));
        ready()?;
        let served = portal.run(stop).await;
        signals.abort();
        served
    })
}

async fn cancel_on_signal(stop: CancellationToken) {
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    stop.cancel();
}
