//! One binary for all integration tests: they start the real thing, on temporary directories and free ports.

#![expect(clippy::unwrap_used, reason = "a test that unwraps is a test that fails")]

mod outside; // name servers and web servers of this machine, for what asks others
mod outside_tls; // the same with certificates, of an authority that the test makes up
mod support; // temporary data directories, manifests written in a line, the program as a child process

mod cases_store; // the desk on both databases: cases, decisions, accounts, feeds, post, durability
mod command_line; // flags, exit codes, JSON on standard output
mod evidence; // documents saved from a server and checked by the program, byte by byte
mod http; // the real server: pages, API, errors, security, life and death
mod ingest; // every format in, the report out; bad rows; interrupted runs; revisions
mod outbound; // the client that asks other servers: what it refuses, where it stops
mod picture_parts; // screenshots, crops, looking harder, parts in the index, one picture on many records
mod picture_search; // same file, near copies, refusals in plain words
mod publishing; // from a grant to a set, a cleaned manifest, a receipt
mod real_data; // the manifests and pictures of ../shared/data, where that folder is
mod removals; // sets applied and looked for, on real and made manifests
mod suppression; // decisions meet the index: hidden, still hidden later, given back
mod text_search; // what is typed and what is found
mod tidy; // import arrows, ceilings, documents that must be complete
