//! `rollcall demo`: sample datasets drawn by code, taken in through the ordinary path, served.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::desk::DeskArguments;
use super::serve::{ServeArguments, serve};
use super::{cores, now_ms, print};
use crate::demo::{DemoData, DemoDataset, write_datasets};
use crate::image_hash::DecodeLimits;
use crate::ingest::{IngestRequest, Progress, ingest};
use crate::takedown::accounts::Role;
use crate::takedown::desk::{DeskError, block_on};
use crate::takedown::passphrase;

/// The same samples every time: what the README shows is what is seen.
const SEED: u64 = 20_261_122;
/// Memory for the text index: the samples are small.
const HEAP_BYTES: usize = 64 << 20;

/// The demo's maintainer.
const ACCOUNT: &str = "maintainer";

#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    #[command(flatten)]
    serve: ServeArguments,
}

pub(super) fn run(arguments: &DemoArguments) -> anyhow::Result<ExitCode> {
    // Deleted when the demo ends.
    let directory = tempfile::Builder::new().prefix("rollcall-demo-").tempdir()?;
    print("Drawing sample datasets and taking them in ...\n")?;
    let samples = write_datasets(&directory.path().join("samples"), SEED)?;
    let data = directory.path().join("data");
    for dataset in &samples.datasets {
        let revision = ingest(&data, &request(dataset), &now_ms, &Progress::default())?;
        if let crate::ingest::Outcome::Published(revision) = revision {
            print(&format!(
                "  {:<22} {:>5} records, {:>3} pictures hashed\n",
                dataset.slug, revision.rows_indexed, revision.images_hashed
            ))?;
        }
    }
    let credentials = make_account(&data, &arguments.serve.desk)?;
    serve(data, &arguments.serve, |address| {
        print(&things_to_try(address, &samples, directory.path())?)?;
        print(&format!("\nTo decide requests, sign in at {address}/review with\n{credentials}"))
    })
}

/// An account for whoever tries the demo: the same name, another password every time.
fn make_account(data: &Path, arguments: &DeskArguments) -> anyhow::Result<String> {
    let desk = arguments.open(data)?;
    let password = passphrase::generate(&super::desk::entropy);
    match block_on(desk.add_account(ACCOUNT, Role::Maintainer, Vec::new(), &password))? {
        Ok(_) => {}
        // With --database the account of an earlier demo may be there.
        Err(DeskError::AccountExists(_)) => block_on(desk.set_password(ACCOUNT, &password))??,
        Err(error) => return Err(error.into()),
    }
    let token = block_on(desk.make_token(ACCOUNT))??;
    Ok(format!("  name:      {ACCOUNT}\n  password:  {password}\n  API token: {token}\n"))
}

fn request(dataset: &DemoDataset) -> IngestRequest {
    IngestRequest {
        paths: dataset.paths.clone(),
        dataset: dataset.slug.to_owned(),
        revision: dataset.revision.to_owned(),
        title: Some(dataset.title.to_owned()),
        preset: None,
        map: Vec::new(),
        strict: false,
        card: dataset.card.clone(),
        threads: cores(),
        text_heap_bytes: HEAP_BYTES,
        index_windows: false,
        limits: DecodeLimits::default(),
    }
}

fn things_to_try(address: &str, samples: &DemoData, directory: &Path) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    writeln!(out, "\nOpen {address} in a browser and type:")?;
    for (typed, shows) in &samples.try_words {
        writeln!(out, "  {typed:<44} {shows}")?;
    }
    writeln!(out, "Or drop one of these pictures on the page:")?;
    for (path, shows) in &samples.query_pictures {
        writeln!(out, "  {}  {shows}", path.display())?;
    }
    writeln!(out, "Everything lies in {} and is deleted when you press Ctrl-C.", directory.display())?;
    Ok(out)
}
