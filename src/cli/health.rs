//! `rollcall health`: for container health checks, which should not need another program in the image.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;

const TIMEOUT: Duration = Duration::from_secs(3);
/// The status line and a little more is all that is looked at.
const ANSWER_BYTES_MAX: u64 = 4096;

#[derive(Debug, Args)]
pub(super) struct HealthArguments {
    /// Address the server listens on.
    #[arg(long, env = "ROLLCALL_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: String,
}

pub(super) fn run(arguments: &HealthArguments) -> anyhow::Result<ExitCode> {
    // A server that listens on all addresses is asked on the loopback one.
    let listen = arguments.listen.replace("0.0.0.0:", "127.0.0.1:").replace("[::]:", "[::1]:");
    let address = listen.to_socket_addrs()?.next().with_context(|| format!("{listen} is no address"))?;
    let mut stream =
        TcpStream::connect_timeout(&address, TIMEOUT).with_context(|| format!("nothing listens on {listen}"))?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.write_all(format!("GET /readyz HTTP/1.1\r\nHost: {listen}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.take(ANSWER_BYTES_MAX).read_to_string(&mut answer)?;
    let status = answer.lines().next().unwrap_or_default();
    if !status.contains(" 200 ") {
        bail!("{listen} answered {status:?}");
    }
    Ok(ExitCode::SUCCESS)
}
