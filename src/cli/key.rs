//! `rollcall key list | rotate | make`: the keys that documents are signed with.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{now_ms, print, print_json, random_seed};
use crate::evidence::key_ring::{KeyRing, PublishedKey};
use crate::evidence::signing::{PrivateKey, PublicKey};

#[derive(Debug, Args)]
pub(super) struct KeyArguments {
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Debug, Subcommand)]
enum KeyCommand {
    /// The portal's keys, present and past, with their dates.
    List {
        #[arg(long)]
        json: bool,
    },
    /// Makes a new key for the portal. The old one signs no more; what it signed stays valid. A running server follows.
    Rotate {
        #[arg(long)]
        json: bool,
    },
    /// Makes a key of your own, to sign attestations with: keep FILE to yourself, give others what is printed.
    Make {
        /// Where the private key is written; never written over.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

pub(super) fn run(data: &Path, arguments: KeyArguments) -> anyhow::Result<ExitCode> {
    let ring = KeyRing::new(data);
    match arguments.command {
        KeyCommand::List { json } => {
            let keys = ring.keys()?;
            if json {
                print_json(&json!({ "keys": keys }))?;
            } else {
                print(&table(&keys)?)?;
            }
        }
        KeyCommand::Rotate { json } => {
            let new = ring.rotate(&random_seed()?, now_ms())?;
            if json {
                print_json(&new)?;
            } else {
                print(&format!("The portal now signs with the key {}.\n", new.key_id))?;
            }
        }
        KeyCommand::Make { out } => {
            let key = PrivateKey::from_seed(&random_seed()?);
            key.write_new(&out)?;
            let public = key.public();
            let out = out.display();
            print(&format!(
                "Key {}: the private half is in {out}. The public half:\n{}",
                public.id(),
                public.to_pem()?
            ))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn table(keys: &[PublishedKey]) -> anyhow::Result<String> {
    let mut out = String::new();
    for key in keys {
        let until = match &key.retired_at {
            Some(retired_at) => format!("retired {retired_at}"),
            None => "signs now".to_owned(),
        };
        writeln!(out, "{}  made {}  {until}", key.key_id, key.made_at)?;
        out.push_str(&PublicKey::from_hex(&key.public_key)?.to_pem()?);
    }
    Ok(out)
}
