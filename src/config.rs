//! Limits and settings, read once, passed as small structs. Every number has its reason.

use std::path::PathBuf;

use crate::outbound::{OutboundConfig, Reach};

/// What `rollcall serve` needs.
#[derive(Debug, Clone)]
pub struct ServeConfig {
    pub data: PathBuf,
    /// `127.0.0.1:8080`; port 0 takes a free one.
    pub listen: String,
    /// The address people use (`https://rollcall.example`), where a proxy stands in front. Switches HSTS on for https
    /// and is what cross-site checks compare with.
    pub public_url: Option<String>,
    /// Actix worker threads.
    pub workers: usize,
    pub limits: WebLimits,
    pub tdm: TdmConfig,
    /// Milliseconds since 1970: when evidence says it was made.
    pub clock: fn() -> i64,
    /// Fresh randomness that the portal's signing key is made from, where the data directory has none yet.
    pub signing_seed: [u8; 32],
    /// What may be asked of other servers, where somebody shows that a domain or a page is theirs.
    pub outbound: OutboundConfig,
}

impl ServeConfig {
    /// Settings for tests: a free port of the own machine, one worker, limits small enough to run into, a
    /// clock that stands still, a key that is no secret, nobody to ask.
    pub fn for_testing(data: PathBuf) -> Self {
        Self {
            data,
            listen: "127.0.0.1:0".into(),
            public_url: None,
            workers: 1,
            limits: WebLimits::for_testing(),
            tdm: TdmConfig::default(),
            clock: || 1_795_300_000_000,
            signing_seed: [7; 32],
            outbound: OutboundConfig::new(Reach::Off),
        }
    }
}

/// What the portal says about mining its own pages for training (TDM Reservation Protocol).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TdmConfig {
    /// Mining is reserved.
    pub reserved: bool,
    /// Where the terms are, for those who want to ask.
    pub policy: Option<String>,
}

impl Default for TdmConfig {
    /// Pages with people's rows are not for training on.
    fn default() -> Self {
        Self { reserved: true, policy: None }
    }
}

/// What one visitor may ask of the web room.
#[derive(Debug, Clone)]
pub struct WebLimits {
    /// Largest picture, bytes: a 40-megapixel camera JPEG is 25 MB.
    pub upload_bytes_max: usize,
    /// Largest whole request, bytes: a batch of pictures.
    pub request_bytes_max: usize,
    /// Most pictures in one request.
    pub pictures_max: usize,
    /// Longest text in the box, characters.
    pub query_chars_max: usize,
    /// Searches and picture hashings that run at the same time: they keep a core busy each, so as many as cores.
    pub searches_at_once: usize,
    /// Uploads taken in at the same time. Each holds at most about two pictures' worth of memory.
    pub uploads_at_once: usize,
    /// Requests for removal that one address may file in an hour: an artist with many, a class at school, not a flood.
    pub filings_an_hour: u32,
    /// Largest release that a maintainer may upload, bytes; it waits on the disk until it is looked through.
    pub release_bytes_max: u64,
    /// How long the figures of the transparency page are kept before they are counted again, seconds.
    pub figures_seconds: u64,
}

impl Default for WebLimits {
    fn default() -> Self {
        Self {
            upload_bytes_max: 32 << 20,
            request_bytes_max: 256 << 20,
            pictures_max: 200,
            query_chars_max: 4000,
            searches_at_once: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            uploads_at_once: 16,
            filings_an_hour: 60,
            release_bytes_max: 4 << 30,
            figures_seconds: 60,
        }
    }
}

impl WebLimits {
    /// Small limits, so that a test reaches them with small data.
    pub fn for_testing() -> Self {
        Self {
            upload_bytes_max: 2 << 20,
            request_bytes_max: 6 << 20,
            pictures_max: 5,
            query_chars_max: 400,
            searches_at_once: 2,
            uploads_at_once: 2,
            filings_an_hour: 5,
            release_bytes_max: 3 << 20,
            figures_seconds: 0,
        }
    }
}
