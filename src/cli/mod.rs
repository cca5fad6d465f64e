//! The command line: one file a command. Parses, calls a room, prints. The only room that writes to standard output and
//! that looks at the clock.

mod account;
mod backup;
mod dataset;
mod demo;
mod desk;
mod health;
mod ingest;
mod key;
mod progress;
mod query;
mod recipient;
mod removals;
mod retention;
mod serve;
mod verify;

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Done, failed, wrong use.
const FAILED: u8 = 1;
const WRONG_USE: u8 = 2;

/// Am I in there? A self-hosted portal over the manifests of public AI training datasets.
#[derive(Debug, Parser)]
#[command(name = "rollcall", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Args)]
struct Common {
    /// Directory that holds everything: datasets, cases, letters.
    #[arg(long, global = true, env = "ROLLCALL_DATA", default_value = "./rollcall-data", value_name = "DIR")]
    data: PathBuf,
    /// What is logged to standard error: error, warn, info, debug, or a filter such as rollcall=debug.
    #[arg(long, global = true, env = "ROLLCALL_LOG", default_value = "warn,rollcall=info", value_name = "FILTER")]
    log: String,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Draws sample datasets, takes them in, serves them: everything to try, nothing to set up.
    Demo(demo::DemoArguments),
    /// Serves the pages and the API.
    Serve(serve::ServeArguments),
    /// Takes in a revision of a dataset from its manifest files.
    Ingest(ingest::IngestArguments),
    /// Searches by words, names, addresses: what the page answers, on the terminal.
    Search(query::SearchArguments),
    /// Searches by picture.
    Match(query::MatchArguments),
    /// Lists datasets, shows one, takes one out of search, deletes one.
    Dataset(dataset::DatasetArguments),
    /// Checks an evidence pack, a receipt or any other signed document, offline.
    Verify(verify::VerifyArguments),
    /// Lists the portal's signing keys, makes a new one, makes one for a maintainer.
    Key(key::KeyArguments),
    /// Makes accounts for those who decide cases, changes them, lists them.
    Account(account::AccountArguments),
    /// Writes the whole data directory to one file, while the server runs.
    Backup(backup::BackupArguments),
    /// Makes a new data directory from a backup.
    Restore(backup::RestoreArguments),
    /// Removal sets: applies one to a manifest, looks for its rows in a new release, converts it.
    Removals(removals::RemovalsArguments),
    /// Erases what is personal in cases that ended long ago, or says what is due.
    Retention(retention::RetentionArguments),
    /// Asks a running server whether it is well; for container health checks.
    Health(health::HealthArguments),
}

/// A mistake in how the program was called, as opposed to one met while it ran.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct WrongUse(String);

/// Runs the program.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { WRONG_USE } else { 0 });
        }
    };
    if let Err(error) = start_log(&arguments.common.log) {
        complain(&error);
        return ExitCode::from(WRONG_USE);
    }
    match run(arguments) {
        Ok(code) => code,
        Err(error) => {
            complain(&error);
            ExitCode::from(if error.is::<WrongUse>() { WRONG_USE } else { FAILED })
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let data = arguments.common.data;
    match arguments.command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Serve(arguments) => serve::run(data, &arguments),
        Command::Ingest(arguments) => ingest::run(&data, arguments),
        Command::Search(arguments) => query::search(&data, &arguments),
        Command::Match(arguments) => query::find_pictures(&data, &arguments),
        Command::Dataset(arguments) => dataset::run(&data, arguments),
        Command::Verify(arguments) => verify::run(&data, &arguments),
        Command::Key(arguments) => key::run(&data, arguments),
        Command::Account(arguments) => account::run(&data, arguments),
        Command::Backup(arguments) => backup::backup(&data, &arguments),
        Command::Restore(arguments) => backup::restore(&data, &arguments),
        Command::Removals(arguments) => removals::run(&data, arguments),
        Command::Retention(arguments) => retention::run(&data, &arguments),
        Command::Health(arguments) => health::run(&arguments),
    }
}

fn start_log(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter).map_err(|error| WrongUse(format!("--log {filter}: {error}")))?;
    // It would write whole questions to name servers, which people named.
    let filter = filter.add_directive("hickory_proto=off".parse()?);
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init()
        .map_err(anyhow::Error::from_boxed)
}

/// Prints an error to standard error, with those of its causes that it does not tell itself.
fn complain(error: &anyhow::Error) {
    let _ = writeln!(std::io::stderr(), "rollcall: {}", told_once(error));
}

/// An error and its causes, each said once: some errors name their cause in their own sentence.
fn told_once(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |told, cause| {
        let cause = cause.to_string();
        if told.is_empty() {
            cause
        } else if told.contains(&cause) {
            told
        } else {
            format!("{told}: {cause}")
        }
    })
}

/// Prints to standard output; a reader that has gone away (`| head`) is no error.
fn print(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints one JSON document.
fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    print(&text)
}

/// Milliseconds since 1970: the clock that rooms are given.
fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// Randomness for a key: what rooms are given.
fn random_seed() -> anyhow::Result<[u8; 32]> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| anyhow::anyhow!("the system gives no randomness: {error}"))?;
    Ok(seed)
}

/// Cores to use.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_that_the_error_names_itself_is_told_once() {
        let missing = || std::io::Error::other("no such file");
        let twice = anyhow::Error::new(missing()).context("part-0.csv: no such file");
        assert_eq!(told_once(&twice), "part-0.csv: no such file");
        let apart = anyhow::Error::new(missing()).context("part-0.csv cannot be read");
        assert_eq!(told_once(&apart), "part-0.csv cannot be read: no such file");
    }
}
