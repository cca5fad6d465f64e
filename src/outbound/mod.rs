//! The one way out: pages and DNS records that people publish to show that something is theirs.
//!
//! Somebody else writes the addresses that are asked here, so nothing of the own network may be reached with them. Names
//! are resolved by [`dns`], every address they lead to is looked at by [`address`] before a connection is made, and again
//! on every redirect; the connection goes to the addresses that were looked at and to no others. Sizes, hops and time are
//! bounded. No cookies, no credentials, no proxy of the environment.
//!
//! All calls block: the web room runs them on blocking threads.

mod address;
mod authorities;
mod dns;
mod fetch;

use std::net::SocketAddr;
use std::time::Duration;

pub use address::is_public;
pub use authorities::{Authorities, AuthoritiesError};
pub use dns::first_name_server;

/// How far out of this machine anything may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nothing is asked of anybody.
    Off,
    /// Addresses of the public internet, by https and http at their own ports.
    Public,
    /// This machine only, any port, encrypted only where authorities of its own are named: for tests.
    Loopback,
}

impl std::str::FromStr for Reach {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self::Off),
            "public" => Ok(Self::Public),
            "loopback" => Ok(Self::Loopback),
            _ => Err("it is off, public or loopback".to_owned()),
        }
    }
}

/// What is allowed, and how much of it.
#[derive(Debug, Clone)]
pub struct OutboundConfig {
    pub reach: Reach,
    /// Who is asked for names; `None` takes the first name server of the system.
    pub dns_server: Option<SocketAddr>,
    /// Whose certificates are trusted beside those of the authorities that everybody trusts.
    pub authorities: Option<Authorities>,
    pub limits: Limits,
}

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// A page with a proof in it is read so far; the rest is cut off.
    pub body_bytes: usize,
    /// For one question with all its redirects.
    pub time: Duration,
    /// For one question to the name server, its repetition included.
    pub dns_time: Duration,
    pub redirects: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Profiles of large sites are half a megabyte of script before the first word.
            body_bytes: 1 << 20,
            // Somebody waits for the page that says what was found.
            time: Duration::from_secs(10),
            dns_time: Duration::from_secs(4),
            redirects: 5,
        }
    }
}

impl OutboundConfig {
    pub fn new(reach: Reach) -> Self {
        Self { reach, dns_server: None, authorities: None, limits: Limits::default() }
    }
}

/// A page as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Every address that was asked, the first one first; the body is of the last.
    pub hops: Vec<String>,
    pub status: u16,
    /// Cut off where it was longer than [`Limits::body_bytes`].
    pub body: Vec<u8>,
}

#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    #[error("this portal asks nothing of other servers: its operator has switched that off")]
    Off,
    #[error("this is not an address that can be asked: {0}")]
    Address(&'static str),
    #[error("the name {0} leads to no address")]
    NoSuchName(String),
    #[error("the name leads into a private network, which is never asked")]
    Private,
    #[error("the page leads on more than {0} times")]
    TooManyRedirects(usize),
    #[error("the page leads on to an address that is not asked: {0}")]
    BadRedirect(&'static str),
    #[error("no answer came in time")]
    TimedOut,
    #[error("the name server could not be asked: {0}")]
    NameServer(String),
    #[error(
        "the server’s certificate comes from an authority that this portal does not know, so nobody could be sure whose answer it is"
    )]
    UnknownAuthority,
    #[error("the server could not be asked: {0}")]
    Failed(String),
}

/// The client that all questions to the outside go through.
#[derive(Debug, Clone)]
pub struct Outbound {
    config: OutboundConfig,
}

impl Outbound {
    pub fn new(config: OutboundConfig) -> Self {
        Self { config }
    }

    pub fn is_on(&self) -> bool {
        self.config.reach != Reach::Off
    }

    /// Names may carry a port and are asked without encryption: in tests only.
    pub fn is_loopback(&self) -> bool {
        self.config.reach == Reach::Loopback
    }

    /// The address of a page on a host that was named without one.
    pub fn address_of(&self, host: &str, path: &str) -> String {
        let is_plain = self.is_loopback() && self.config.authorities.is_none();
        let scheme = if is_plain { "http" } else { "https" };
        format!("{scheme}://{host}{path}")
    }

    /// Reads a page, following redirects. An answer of any status is an answer.
    pub fn get(&self, address: &str) -> Result<Page, OutboundError> {
        fetch::get(&self.config, address)
    }

    /// The texts of a name's TXT records; none where the name has none or is not there.
    pub fn txt(&self, name: &str) -> Result<Vec<String>, OutboundError> {
        if !self.is_on() {
            return Err(OutboundError::Off);
        }
        dns::txt(&self.config, name)
    }
}
