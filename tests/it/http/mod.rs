//! The real server on a free port of this machine, asked over HTTP.
#![expect(clippy::unwrap_used, reason = "a test that unwraps is a test that fails")]

mod client; // asks, and reads what comes back as HTML or JSON
mod data; // the small datasets that the tests search
mod server; // a portal on its own thread, started and stopped
mod surfaces; // every address that shows something of a dataset

mod api; // the JSON of every address has the members and types of the contract
mod cases; // filing, following and withdrawing a case through the API
mod cases_kept; // a case that was answered is on the disk; nothing personal is in the log
mod cases_pages; // the same through the pages, without JavaScript
mod counter_notice; // by whoever's material was taken down
mod crawl; // every link of every page leads somewhere; every page is whole without JavaScript
mod errors; // what is refused, how it is said, and what the visitor can do next
mod evidence; // signed packs in every form, and what checks them
mod exports; // single decisions in the shapes that others take
mod hostile; // names, captions and questions that try to become code
mod life; // published, withdrawn, stopped: what the outside sees of it
mod lineage; // datasets made from datasets: same rows proposed, recipients told
mod openapi; // the API's document holds what the API really answers
mod pages; // what stands on each page
mod pictures; // pictures that stay on the device, portfolios, a record's own picture
mod privacy; // what is never written down
mod proofs; // showing that something is one's own: codes, letters, originals, mandates
mod proofs_https; // proofs over https, with an authority of the operator's own
mod range; // look-up by the first digits of a digest
mod receipt_page; // a receipt to read and to print
mod releases; // new releases, uploaded and looked through
mod reservations; // whole domains, and those who ask about opt-outs
mod review_api; // deciding through the API
mod review_pages; // the same through the pages, without JavaScript
mod review_views; // filters of the queue, kept under a name
mod security; // headers on every answer; requests of other sites
mod transparency; // figures of requests, with what is small hidden
