//! `rollcall dataset recipient add | list | remove`: who received a dataset.

use std::fmt::Write as _;
use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::json;

use super::dataset::known;
use super::desk::StoreArguments;
use super::{print, print_json};
use crate::index::layout::Layout;
use crate::takedown::case::Actor;
use crate::takedown::desk::{DeskError, block_on};
use crate::takedown::recipient::Recipient;

#[derive(Debug, Args)]
pub(super) struct RecipientArguments {
    #[command(subcommand)]
    command: RecipientCommand,
}

#[derive(Debug, Subcommand)]
enum RecipientCommand {
    /// Registers somebody who received the dataset.
    Add {
        slug: String,
        #[arg(long, value_name = "NAME")]
        name: String,
        #[arg(long, value_name = "ADDRESS")]
        email: String,
    },
    /// Who is told.
    List {
        slug: String,
        #[arg(long)]
        json: bool,
    },
    /// Tells them no more; that they were told before is kept, their address is not.
    Remove {
        slug: String,
        #[arg(long, value_name = "ADDRESS")]
        email: String,
    },
}

pub(super) fn run(
    data: &Path,
    layout: &Layout,
    store: &StoreArguments,
    arguments: RecipientArguments,
) -> anyhow::Result<()> {
    match arguments.command {
        RecipientCommand::Add { slug, name, email } => {
            known(layout, &slug)?;
            let desk = store.desk_made(data)?;
            block_on(desk.add_recipient(&slug, &name, &email, &Actor::Portal))??;
            print(&format!("{} is told of removals from {slug}.\n", name.trim()))
        }
        RecipientCommand::List { slug, json } => {
            known(layout, &slug)?;
            let all = match store.desk(data)? {
                Some(desk) => block_on(desk.recipients(Some(&slug)))??,
                None => Vec::new(),
            };
            list(&all, json)
        }
        RecipientCommand::Remove { slug, email } => {
            let desk = store.desk_made(data)?;
            let all = block_on(desk.recipients(Some(&slug)))??;
            let known = all.into_iter().find(|known| known.email.as_deref() == Some(email.trim()));
            let known = known.ok_or(DeskError::NoSuchRecipient)?;
            block_on(desk.remove_recipient(&known.id, &Actor::Portal))??;
            print(&format!("{} is told no more of removals from {slug}.\n", known.name))
        }
    }
}

fn list(all: &[Recipient], json: bool) -> anyhow::Result<()> {
    let live = all.iter().filter(|known| known.removed_ms.is_none());
    if json {
        let lines: Vec<_> = live.map(|known| json!({ "name": known.name, "email": known.email })).collect();
        return print_json(&lines);
    }
    let mut out = String::new();
    for known in live {
        writeln!(out, "{}  {}", known.name, known.email.as_deref().unwrap_or_default())?;
    }
    if out.is_empty() {
        out.push_str("Nobody is told.\n");
    }
    print(&out)
}
