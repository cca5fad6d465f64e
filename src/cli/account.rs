//! `rollcall account`: who may sign in and decide.

use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};

use super::desk::DeskArguments;
use super::{WrongUse, print, print_json};
use crate::takedown::accounts::{Account, PASSWORD_BYTES_MAX, Role};
use crate::takedown::desk::block_on;

#[derive(Debug, Args)]
pub(super) struct AccountArguments {
    #[command(subcommand)]
    command: AccountCommand,
    #[command(flatten)]
    desk: DeskArguments,
}

#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// Makes an account. The password is asked for twice, or read from standard input, one line.
    Add {
        name: String,
        #[arg(long)]
        role: RoleName,
        /// A dataset it works on; may be repeated. Without any it works on all.
        #[arg(long, value_name = "SLUG")]
        dataset: Vec<String>,
    },
    /// Lists the accounts.
    List {
        #[arg(long)]
        json: bool,
    },
    /// Ends its sessions and tokens and lets nobody sign in with it. A new password puts it in use again.
    Disable { name: String },
    /// Sets a new password, asked for like that of `add`. Its sessions end.
    Password { name: String },
    /// Makes an API token and prints it, this once.
    Token { name: String },
}

/// The roles of the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleName {
    Admin,
    Maintainer,
    Reviewer,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Admin => Self::Admin,
            RoleName::Maintainer => Self::Maintainer,
            RoleName::Reviewer => Self::Reviewer,
        }
    }
}

pub(super) fn run(data: &Path, arguments: AccountArguments) -> anyhow::Result<ExitCode> {
    let desk = arguments.desk.open(data)?;
    match arguments.command {
        AccountCommand::Add { name, role, dataset } => {
            crate::takedown::accounts::check_name(&name).map_err(|error| WrongUse(error.to_string()))?;
            let password = read_password()?;
            let account = block_on(desk.add_account(&name, role.into(), dataset, &password))??;
            print(&format!("added {}, {} of {}\n", account.name, account.role.name(), datasets_of(&account)))?;
        }
        AccountCommand::List { json } => {
            let accounts = block_on(desk.accounts())??;
            if json {
                print_json(&accounts)?;
            } else {
                accounts.iter().try_for_each(|account| print(&line_of(account)))?;
            }
        }
        AccountCommand::Disable { name } => {
            block_on(desk.disable_account(&name))??;
            print(&format!("disabled {name}\n"))?;
        }
        AccountCommand::Password { name } => {
            let password = read_password()?;
            block_on(desk.set_password(&name, &password))??;
            print(&format!("new password for {name}\n"))?;
        }
        AccountCommand::Token { name } => {
            let token = block_on(desk.make_token(&name))??;
            print(&format!("{token}\n"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn datasets_of(account: &Account) -> String {
    if account.sees_all() { "all datasets".to_owned() } else { account.datasets.join(", ") }
}

fn line_of(account: &Account) -> String {
    let mut notes = datasets_of(account);
    if account.totp {
        notes.push_str(", second factor");
    }
    if account.disabled {
        notes.push_str(", disabled");
    }
    format!("{:<24} {:<11} {notes}\n", account.name, account.role.name())
}

/// Asked for twice where somebody types, else one line of standard input.
fn read_password() -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        let first = rpassword::prompt_password("Password: ")?;
        let again = rpassword::prompt_password("Once more: ")?;
        if first != again {
            return Err(WrongUse("the two passwords differ".into()).into());
        }
        return Ok(first);
    }
    let mut line = String::new();
    // A limit and its line break more: what is longer is refused as too long, not cut.
    let mut input = std::io::stdin().lock().take(PASSWORD_BYTES_MAX as u64 + 3);
    input.read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(WrongUse("no password on standard input".into()).into());
    }
    Ok(password.to_owned())
}
