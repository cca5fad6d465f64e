//! One page, by GET, with its redirects followed by hand so that each is looked at before it is asked.

use std::fmt;
use std::io::Read as _;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use url::{Host, Url};

use super::address::may_be_asked;
use super::{OutboundConfig, OutboundError, Page, Reach, dns};

/// Says what asks and nothing of who runs it.
const USER_AGENT: &str = "Rollcall (checks a proof that the owner of this page asked for)";
/// Longest address, bytes: what browsers take.
const ADDRESS_BYTES_MAX: usize = 2_000;
/// Longest head of an answer, bytes.
const HEAD_BYTES_MAX: usize = 64 << 10;
/// Addresses of a name that are tried, and the most that the client takes.
const ADDRESSES_MAX: usize = 4;
/// How the TLS library begins what it says of a certificate that it does not take.
const BAD_CERTIFICATE: &str = "invalid peer certificate";

pub(super) fn get(config: &OutboundConfig, address: &str) -> Result<Page, OutboundError> {
    if config.reach == Reach::Off {
        return Err(OutboundError::Off);
    }
    let deadline = Instant::now() + config.limits.time;
    let mut url = readable(address, config.reach).map_err(OutboundError::Address)?;
    let mut hops = Vec::new();
    loop {
        hops.push(url.to_string());
        let answer = ask(config, &url, deadline)?;
        let Some(to) = answer.leads_to else {
            return Ok(Page { hops, status: answer.status, body: answer.body });
        };
        if hops.len() > config.limits.redirects {
            return Err(OutboundError::TooManyRedirects(config.limits.redirects));
        }
        url = led_to(&url, &to, config.reach).map_err(OutboundError::BadRedirect)?;
    }
}

/// Where a redirect leads, if that may be asked.
fn led_to(from: &Url, location: &str, reach: Reach) -> Result<Url, &'static str> {
    let next = from.join(location).map_err(|_| "it cannot be read")?;
    if from.scheme() == "https" && next.scheme() != "https" {
        return Err("it is without encryption");
    }
    readable(next.as_str(), reach)
}

/// An address that may be asked as far as its writing goes; what it leads to is looked at later.
fn readable(address: &str, reach: Reach) -> Result<Url, &'static str> {
    if address.len() > ADDRESS_BYTES_MAX {
        return Err("it is too long");
    }
    let mut url = Url::parse(address).map_err(|_| "it cannot be read")?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err("it begins with neither https:// nor http://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it holds a name or a password");
    }
    // The parser leaves the scheme's own port out.
    if url.port().is_some() && reach != Reach::Loopback {
        return Err("it names a port");
    }
    url.set_fragment(None);
    Ok(url)
}

/// What came of one address.
struct Answer {
    status: u16,
    leads_to: Option<String>,
    body: Vec<u8>,
}

fn ask(config: &OutboundConfig, url: &Url, deadline: Instant) -> Result<Answer, OutboundError> {
    let port = url.port_or_known_default().ok_or(OutboundError::Address("it names no port"))?;
    let found: Vec<IpAddr> = match url.host().ok_or(OutboundError::Address("it names no host"))? {
        Host::Ipv4(address) => vec![address.into()],
        Host::Ipv6(address) => vec![address.into()],
        Host::Domain(name) => dns::addresses(config, name, deadline)?,
    };
    // One private address among public ones is enough: a name of the public internet has none.
    if !found.iter().all(|address| may_be_asked(*address, config.reach)) {
        return Err(OutboundError::Private);
    }
    let looked_at: Vec<_> = found.into_iter().take(ADDRESSES_MAX).map(|ip| SocketAddr::new(ip, port)).collect();
    let call = |roots: RootCerts| {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(OutboundError::TimedOut);
        }
        agent(looked_at.clone(), roots, left).get(url.as_str()).call().map_err(|error| told(&error))
    };
    let mut answer = call(RootCerts::WebPki);
    // The client takes one set of authorities or the other. Nothing was asked yet where a certificate was refused.
    if let (Err(OutboundError::UnknownAuthority), Some(own)) = (&answer, &config.authorities) {
        answer = call(own.roots());
    }
    let mut response = answer?;
    let status = response.status().as_u16();
    let location = response.headers().get("location").filter(|_| matches!(status, 301 | 302 | 303 | 307 | 308));
    if let Some(location) = location {
        let to = location.to_str().map_err(|_| OutboundError::BadRedirect("it cannot be read"))?;
        return Ok(Answer { status, leads_to: Some(to.to_owned()), body: Vec::new() });
    }
    let mut body = Vec::new();
    let reader = response.body_mut().with_config().limit(u64::MAX).reader();
    let read = reader.take(config.limits.body_bytes as u64).read_to_end(&mut body);
    read.map_err(|error| told(&ureq::Error::from(error)))?;
    Ok(Answer { status, leads_to: None, body })
}

/// A client for one question: it connects to the addresses that were looked at, whatever the name leads to by then.
fn agent(looked_at: Vec<SocketAddr>, roots: RootCerts, time: Duration) -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        // The environment's would be asked in place of the addresses that were looked at.
        .proxy(None)
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .timeout_global(Some(time))
        .max_response_header_size(HEAD_BYTES_MAX)
        .max_idle_connections(0)
        .user_agent(USER_AGENT)
        .accept("text/html, text/plain, */*;q=0.5")
        .build();
    ureq::Agent::with_parts(config, DefaultConnector::new(), Pinned(looked_at))
}

/// Resolves every name to the addresses that were looked at.
struct Pinned(Vec<SocketAddr>);

impl fmt::Debug for Pinned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pinned")
    }
}

impl Resolver for Pinned {
    fn resolve(
        &self,
        _uri: &ureq::http::Uri,
        _config: &ureq::config::Config,
        _timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut all = self.empty();
        for address in self.0.iter().take(ADDRESSES_MAX) {
            all.push(*address);
        }
        if all.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(all) }
    }
}

/// In a few words, without what the other server sent.
fn told(error: &ureq::Error) -> OutboundError {
    match error {
        ureq::Error::Timeout(_) => OutboundError::TimedOut,
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => OutboundError::TimedOut,
        ureq::Error::Io(error) => match error.get_ref().map(ToString::to_string) {
            // What is wrong with a certificate comes wrapped up in what reading from the server led to.
            Some(text) if text.starts_with(BAD_CERTIFICATE) => about_certificate(&text),
            _ => OutboundError::Failed(error.kind().to_string()),
        },
        ureq::Error::ConnectionFailed => OutboundError::Failed("nobody answers there".to_owned()),
        ureq::Error::Rustls(error) => about_certificate(&error.to_string()),
        ureq::Error::Tls(_) => OutboundError::Failed("its encryption is not one that is known here".to_owned()),
        ureq::Error::LargeResponseHeader(..) => OutboundError::Failed("its answer has too long a head".to_owned()),
        _ => OutboundError::Failed("its answer cannot be read".to_owned()),
    }
}

fn about_certificate(text: &str) -> OutboundError {
    let failed = |why: &str| OutboundError::Failed(why.to_owned());
    match text {
        _ if text.contains("UnknownIssuer") => OutboundError::UnknownAuthority,
        _ if text.contains("not valid for name") => failed("its certificate is one of another name"),
        _ if text.contains("expired") => failed("its certificate has expired"),
        _ => failed("its certificate is not valid"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_web_addresses_are_asked() {
        for good in ["https://a.example/", "http://a.example/x?y=1", "https://a.example:443/", "http://a.example:80/"] {
            assert!(readable(good, Reach::Public).is_ok(), "{good}");
        }
        let long = format!("https://a.example/{}", "x".repeat(ADDRESS_BYTES_MAX));
        for bad in [
            "ftp://a.example/",
            "file:///etc/passwd",
            "gopher://a.example/",
            "data:text/plain,x",
            "a.example",
            "https://me@a.example/",
            "https://me:word@a.example/",
            "https://a.example:8443/",
            "http://a.example:22/",
            "https://",
            "javascript:1",
            &long,
        ] {
            assert!(readable(bad, Reach::Public).is_err(), "{bad}");
        }
        assert!(readable("http://localhost:8080/", Reach::Loopback).is_ok());
    }

    #[test]
    fn a_redirect_never_leaves_encryption_and_never_gains_a_port() {
        let from = Url::parse("https://a.example/x/y").unwrap();
        let to = |location: &str| led_to(&from, location, Reach::Public).map(String::from);
        assert_eq!(to("../z").unwrap(), "https://a.example/z");
        assert_eq!(to("//b.example/").unwrap(), "https://b.example/");
        for bad in
            ["http://a.example/", "ftp://a.example/", "https://a.example:8443/", "https://me@a.example/", "https://["]
        {
            assert!(to(bad).is_err(), "{bad}");
        }
        let plain = Url::parse("http://a.example/").unwrap();
        assert!(led_to(&plain, "https://a.example/", Reach::Public).is_ok());
    }

    #[test]
    fn odd_writings_of_private_addresses_are_recognized() {
        let config = OutboundConfig::new(Reach::Public);
        for odd in [
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://169.254.169.254/latest/meta-data/",
            "http://0/",
            "http://10.0.0.1/",
            "http://[fd00::1]/",
            "http://１２７.0.0.1/",
        ] {
            assert!(matches!(get(&config, odd), Err(OutboundError::Private)), "{odd}");
        }
    }
}
