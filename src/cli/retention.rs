//! `rollcall retention`: what is personal and past its time, listed or erased.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::desk::DeskArguments;
use super::{print, print_json};
use crate::takedown::desk::block_on;
use crate::takedown::desk::retention::RetentionReport;

#[derive(Debug, Args)]
pub(super) struct RetentionArguments {
    /// Say what would be erased today, and erase nothing.
    #[arg(long, required_unless_present = "apply", conflicts_with = "apply")]
    dry_run: bool,
    /// Erase what is due. A running server does the same once an hour.
    #[arg(long)]
    apply: bool,
    #[command(flatten)]
    desk: DeskArguments,
    /// Print what was found as one JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(data: &Path, arguments: &RetentionArguments) -> anyhow::Result<ExitCode> {
    let desk = arguments.desk.open(data)?;
    let report = block_on(desk.retention(arguments.apply && !arguments.dry_run))??;
    if arguments.json {
        print_json(&report)?;
    } else {
        print(&told(&report)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn told(report: &RetentionReport) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    for case in &report.cases {
        let parts: Vec<String> = case.due.iter().map(|(part, day)| format!("{part} (due {day})")).collect();
        writeln!(out, "{}  ended {}  {}", case.number, case.ended, parts.join(", "))?;
    }
    let n = report.cases.len();
    let cases = if n == 1 { "1 case".to_owned() } else { format!("{n} cases") };
    match (n, report.applied) {
        (0, _) => writeln!(out, "Nothing is due on {}.", report.today)?,
        (_, true) => writeln!(out, "Erased in {cases}.")?,
        (_, false) => writeln!(out, "Due in {cases} on {}; nothing was erased.", report.today)?,
    }
    Ok(out)
}
