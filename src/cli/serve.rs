//! `rollcall serve`.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;

use super::desk::{DeskArguments, engine_less};
use super::{cores, now_ms, print, random_seed};
use crate::config::{ServeConfig, TdmConfig, WebLimits};
use crate::outbound::{Authorities, OutboundConfig, Reach};
use crate::takedown::desk::Desk;
use crate::web::{Portal, run_until_signalled};

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "ROLLCALL_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub(super) listen: String,
    /// Address that people use, where a proxy stands in front: <https://rollcall.example>.
    #[arg(long, env = "ROLLCALL_PUBLIC_URL", value_name = "URL")]
    pub(super) public_url: Option<String>,
    /// Largest picture that may be uploaded, in MiB.
    #[arg(long, env = "ROLLCALL_UPLOAD_MIB", value_name = "MIB", default_value_t = WebLimits::default().upload_bytes_max >> 20)]
    pub(super) upload_mib: usize,
    /// Most pictures in one request.
    #[arg(long, env = "ROLLCALL_PICTURES", value_name = "N", default_value_t = WebLimits::default().pictures_max)]
    pub(super) pictures: usize,
    /// Most requests for removal that one address may file in an hour.
    #[arg(long, env = "ROLLCALL_FILINGS", value_name = "N", default_value_t = WebLimits::default().filings_an_hour)]
    pub(super) filings: u32,
    /// What may be asked of other servers, where somebody shows that a domain or a page is theirs: public, off, or
    /// loopback (this machine only, for tests).
    #[arg(long, env = "ROLLCALL_OUTBOUND", value_name = "REACH", default_value = "public")]
    pub(super) outbound: Reach,
    /// Name server that is asked for those names, ADDR or ADDR:PORT; the system's where absent.
    #[arg(long, env = "ROLLCALL_DNS_SERVER", value_name = "ADDR", value_parser = name_server)]
    pub(super) dns_server: Option<SocketAddr>,
    /// PEM file with certificates of authorities of your own, trusted beside the public ones when other servers are asked.
    #[arg(long, env = "ROLLCALL_OUTBOUND_CA", value_name = "FILE")]
    pub(super) outbound_ca: Option<PathBuf>,
    /// Largest release that a maintainer may upload to be looked through, in MiB.
    #[arg(long, env = "ROLLCALL_RELEASE_MIB", value_name = "MIB", default_value_t = WebLimits::default().release_bytes_max >> 20)]
    pub(super) release_mib: u64,
    /// Whether mining these pages for text and data is reserved (1) or not (0).
    #[arg(long, env = "ROLLCALL_TDM_RESERVATION", value_name = "0|1", default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=1))]
    pub(super) tdm_reservation: u8,
    /// Address of the terms under which mining is allowed.
    #[arg(long, env = "ROLLCALL_TDM_POLICY", value_name = "URL")]
    pub(super) tdm_policy: Option<url::Url>,
    #[command(flatten)]
    pub(super) desk: DeskArguments,
}

fn name_server(text: &str) -> Result<SocketAddr, String> {
    let alone = || text.parse().map(|ip: IpAddr| SocketAddr::new(ip, 53));
    text.parse().or_else(|_| alone()).map_err(|_| "it is an address like 192.0.2.53 or 192.0.2.53:5353".to_owned())
}

impl ServeArguments {
    fn config(&self, data: PathBuf) -> anyhow::Result<ServeConfig> {
        let limits = WebLimits {
            upload_bytes_max: self.upload_mib << 20,
            pictures_max: self.pictures,
            filings_an_hour: self.filings,
            release_bytes_max: self.release_mib << 20,
            ..WebLimits::default()
        };
        Ok(ServeConfig {
            data,
            listen: self.listen.clone(),
            public_url: self.public_url.clone(),
            workers: cores(),
            limits,
            tdm: TdmConfig {
                reserved: self.tdm_reservation == 1,
                policy: self.tdm_policy.as_ref().map(ToString::to_string),
            },
            clock: now_ms,
            signing_seed: random_seed()?,
            outbound: OutboundConfig {
                dns_server: self.dns_server,
                authorities: self.outbound_ca.as_deref().map(Authorities::read).transpose()?,
                ..OutboundConfig::new(self.outbound)
            },
        })
    }
}

pub(super) fn run(data: PathBuf, arguments: &ServeArguments) -> anyhow::Result<ExitCode> {
    serve(data, arguments, |_| Ok(()))
}

/// Serves until told to stop by SIGINT or SIGTERM; `ready` is called with the address once connections are accepted.
pub(super) fn serve(
    data: PathBuf,
    arguments: &ServeArguments,
    ready: impl FnOnce(&str) -> anyhow::Result<()>,
) -> anyhow::Result<ExitCode> {
    // Said before anything is made in the data directory.
    arguments.listen.to_socket_addrs().with_context(|| format!("cannot listen on {}", arguments.listen))?;
    let desk = Arc::new(Desk::open_blocking(arguments.desk.config(&data, arguments.public_url.clone())?)?);
    let engine = Arc::new(engine_less(&data, &desk)?);
    let portal = Portal::build(arguments.config(data)?, engine, desk)?;
    let address = format!("http://{}", portal.address());
    run_until_signalled(portal, || {
        print(&format!("listening on {address}\n"))?;
        ready(&address)
    })?;
    Ok(ExitCode::SUCCESS)
}
