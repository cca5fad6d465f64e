//! Limits and settings, read once, passed as small structs. Every number has its reason.

use std::path::PathBuf;

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
}

impl Default for WebLimits {
    fn default() -> Self {
        Self { upload_bytes_max: 32 << 20, request_bytes_max: 256 << 20, pictures_max: 200, query_chars_max: 4000 }
    }
}
