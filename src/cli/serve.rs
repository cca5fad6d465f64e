//! `rollcall serve`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::{cores, print};
use crate::config::{ServeConfig, WebLimits};
use crate::search::engine::Engine;
use crate::web::Portal;

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "ROLLCALL_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub(super) listen: String,
    /// Address that people use, where a proxy stands in front: https://rollcall.example.
    #[arg(long, env = "ROLLCALL_PUBLIC_URL", value_name = "URL")]
    pub(super) public_url: Option<String>,
    /// Largest picture that may be uploaded, in MiB.
    #[arg(long, env = "ROLLCALL_UPLOAD_MIB", value_name = "MIB", default_value_t = WebLimits::default().upload_bytes_max >> 20)]
    pub(super) upload_mib: usize,
    /// Most pictures in one request.
    #[arg(long, env = "ROLLCALL_PICTURES", value_name = "N", default_value_t = WebLimits::default().pictures_max)]
    pub(super) pictures: usize,
}

impl ServeArguments {
    fn config(&self, data: PathBuf) -> ServeConfig {
        let limits = WebLimits { upload_bytes_max: self.upload_mib << 20, pictures_max: self.pictures, ..WebLimits::default() };
        ServeConfig { data, listen: self.listen.clone(), public_url: self.public_url.clone(), workers: cores(), limits }
    }
}

pub(super) fn run(data: PathBuf, arguments: &ServeArguments) -> anyhow::Result<ExitCode> {
    serve(data, arguments, |_| Ok(()))
}

/// Serves until told to stop by SIGINT or SIGTERM; `ready` is called once connections are accepted.
pub(super) fn serve(data: PathBuf, arguments: &ServeArguments, ready: impl FnOnce(&str) -> anyhow::Result<()>) -> anyhow::Result<ExitCode> {
    let engine = Arc::new(Engine::open(&data)?);
    let portal = Portal::build(arguments.config(data), engine)?;
    let address = format!("http://{}", portal.address());
    actix_web::rt::System::new().block_on(async {
        let stop = CancellationToken::new();
        let signals = actix_web::rt::spawn(cancel_on_signal(stop.clone()));
        // The socket is bound and queues connections from here on.
        print(&format!("listening on {address}\n"))?;
        ready(&address)?;
        let served = portal.run(stop).await;
        signals.abort();
        served
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn cancel_on_signal(stop: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) else {
        return;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    stop.cancel();
}
