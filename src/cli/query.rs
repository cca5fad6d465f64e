//! `rollcall search` and `rollcall match`: the same answers as the pages and the API, on the terminal.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use super::desk::StoreArguments;
use super::{WrongUse, print, print_json};
use crate::search::engine::{PictureOptions, PictureQuery, SearchError, TextRequest};
use crate::search::results::{Hit, PictureResults, TextResults};

#[derive(Debug, Args)]
pub(super) struct SearchArguments {
    #[command(flatten)]
    store: StoreArguments,
    /// What to look for, as it would be typed into the page's box.
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,
    /// Search only this dataset; may be given several times.
    #[arg(long, value_name = "SLUG")]
    dataset: Vec<String>,
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Where the next page starts, as printed by the page before.
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
    /// Read the query as plain words, whatever it looks like.
    #[arg(long)]
    words: bool,
    /// Any of the words is enough.
    #[arg(long)]
    any: bool,
    /// Print what the API gives.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct MatchArguments {
    #[command(flatten)]
    store: StoreArguments,
    /// Pictures to look for.
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
    /// Differing bits of 256 that still count, 0 to 63.
    #[arg(long, value_name = "N")]
    radius: Option<u32>,
    /// Hits a picture.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Try four times as many crops of each picture: finds more, takes longer.
    #[arg(long)]
    harder: bool,
    /// Search only this dataset; may be given several times.
    #[arg(long, value_name = "SLUG")]
    dataset: Vec<String>,
    /// Print what the API gives.
    #[arg(long)]
    json: bool,
}

pub(super) fn search(data: &Path, arguments: &SearchArguments) -> anyhow::Result<ExitCode> {
    let request = TextRequest {
        q: arguments.query.join(" "),
        dataset: arguments.dataset.clone(),
        limit: arguments.limit,
        cursor: arguments.cursor.clone(),
        as_words: arguments.words,
        any_word: arguments.any,
        ..TextRequest::default()
    };
    let results = arguments.store.engine(data)?.text(&request).map_err(wrong_use)?;
    if arguments.json {
        print_json(&results)?;
    } else {
        print(&text_page(&results)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn find_pictures(data: &Path, arguments: &MatchArguments) -> anyhow::Result<ExitCode> {
    let mut queries = Vec::with_capacity(arguments.images.len());
    for path in &arguments.images {
        let bytes = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        queries.push(PictureQuery::Picture { name: path.display().to_string(), bytes });
    }
    let options = PictureOptions {
        radius: arguments.radius,
        limit: arguments.limit,
        harder: arguments.harder,
        dataset: arguments.dataset.clone(),
        every_copy: false,
    };
    let results = arguments.store.engine(data)?.pictures(queries, &options).map_err(wrong_use)?;
    if arguments.json {
        print_json(&results)?;
    } else {
        print(&picture_page(&results)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A query that cannot be read is wrong use; everything else is a failure.
fn wrong_use(error: SearchError) -> anyhow::Error {
    match error {
        SearchError::BadQuery { .. } => WrongUse(error.to_string()).into(),
        error => error.into(),
    }
}

fn text_page(results: &TextResults) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let read_as: Vec<_> = results.query.read_as.iter().map(|read| format!("{} {}", read.kind, read.value)).collect();
    let records = if results.total == 1 { "record" } else { "records" };
    writeln!(out, "{} {records}. Read as: {}.", results.total, read_as.join("; "))?;
    for hit in &results.hits {
        write_hit(&mut out, hit)?;
    }
    if let Some(total) = results.any_word_total {
        writeln!(out, "Nothing has all of these words; {total} records have any of them: add --any.")?;
    }
    for coverage in results.coverage.iter().filter(|coverage| !coverage.answers_query) {
        writeln!(out, "Not searched: {} has nothing this query asks for.", coverage.dataset)?;
    }
    if let Some(next) = &results.next {
        writeln!(out, "More: --cursor {next}")?;
    }
    Ok(out)
}

fn picture_page(results: &PictureResults) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    for answer in &results.queries {
        writeln!(out, "{}: {} found", answer.name, answer.hits.len())?;
        if let Some(problem) = &answer.problem {
            writeln!(out, "  {problem}")?;
        }
        for found in &answer.hits {
            writeln!(
                out,
                "  {} ({}, {} bits of difference, {})",
                found.verdict.words(),
                found.matched_by,
                found.distance,
                found.variant
            )?;
            if let Some(part) = &found.record_part {
                writeln!(out, "  met a part of the dataset's picture: {part}")?;
            }
            if found.copies > 1 {
                writeln!(out, "  this picture appears {} times in this dataset", found.copies)?;
            }
            write_hit(&mut out, &found.hit)?;
        }
    }
    Ok(out)
}

fn write_hit(out: &mut String, hit: &Hit) -> std::fmt::Result {
    writeln!(out, "\n{} {}  {} row {}  [{}]", hit.dataset, hit.revision, hit.file, hit.row, hit.id)?;
    let fields = [&hit.caption, &hit.url, &hit.author, &hit.created_at];
    fields.into_iter().flatten().try_for_each(|text| writeln!(out, "  {}", text.replace('\n', "\n  ")))
}
