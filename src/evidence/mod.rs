//! Documents that prove something and can be checked anywhere, without us: signed, and in one writing only.
//!
//! A [`document::Document`] is a JSON object in canonical form with a fingerprint of each of its parts and one Ed25519
//! signature over all of it. Packs ([`pack`]), receipts ([`receipt`]), and whatever else the portal or a maintainer
//! signs are documents; [`verify`] reads any of them and says which part was changed. Keys are [`signing`]; the portal's
//! own lie in its [`key_ring`]; what others need to check a document is [`well_known`].
//!
//! Only nouns are below this room. Clock and randomness are parameters.

pub mod canonical;
pub mod document;
pub mod key_ring;
pub mod merkle;
pub mod pack;
pub mod pdf;
pub mod receipt;
pub mod receipt_pdf;
pub mod signing;
pub mod verify;
pub mod well_known;

mod damage;
mod pdf_text;
