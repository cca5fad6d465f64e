//! Decides what the columns of a manifest mean: by `--map`, by a preset, or by a guess that says why.
//!
//! Used by the ingest room once a revision, on a sample of its first rows. Reads no files and changes no record;
//! applying the decision is [`Mapping::fields`]'s work.

use crate::dataset::DatasetCard;
use crate::mapping::{Binding, Fields, Mapping, Role};
use crate::record::Record;

mod guess;
mod likeness;
mod map_flag;
mod names;
mod presets;
mod rules;
mod survey;

pub use map_flag::{map_flag, parse_map};

use presets::{NAMED, Named, POSITIONAL, Positional, Shape};
use survey::Survey;

/// Rows of a sample that are looked at; more do not change a decision, they only take time.
pub const SAMPLE_ROWS_MAX: usize = 1_000;
/// Column names listed in an error: enough to choose from, not a wall.
const NAMES_SHOWN_MAX: usize = 60;
/// Share of a column's filled cells that must look like what a layout without names expects there.
const SHAPE_SHARE_MIN: f64 = 0.8;

/// What is known besides the rows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hints<'a> {
    pub file_name: &'a str,
    /// `--preset`.
    pub preset: Option<&'a str>,
    /// `--map`; empty where it was not given.
    pub map: &'a [Binding],
    /// Refuse to guess.
    pub strict: bool,
    pub card: Option<&'a DatasetCard>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecidedBy {
    Preset(&'static str),
    Map,
    Guess,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub mapping: Mapping,
    pub decided_by: DecidedBy,
    /// Names of the roles a record can be found through, each once; `picture` where pictures come with the rows.
    pub searchable: Vec<&'static str>,
    /// Lines to print. For a guess: each column with its role and why, then the `--map` to type to change it.
    pub notes: Vec<String>,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ColumnsError {
    #[error("there are no rows in it")]
    NoRows,
    #[error(
        "nothing to search by was recognised. Columns: {}. Say what they mean, for instance: {example}",
        shown(columns)
    )]
    NothingSearchable { columns: Vec<String>, example: String },
    #[error("no preset fits and guessing was forbidden. Columns: {}. The guess would be: {example}", shown(columns))]
    Strict { columns: Vec<String>, example: String },
    #[error("there is no preset called {name:?}. Presets: {}", preset_names().join(", "))]
    UnknownPreset { name: String },
    #[error(
        "preset {name} does not fit: it needs {needs}. Columns: {}. You can say what they mean: {example}",
        shown(columns)
    )]
    PresetDoesNotFit { name: &'static str, needs: String, columns: Vec<String>, example: String },
    #[error("--map: there is no column {column:?}. Columns: {}", shown(columns))]
    NoSuchColumn { column: String, columns: Vec<String> },
    #[error(
        "--map: {part:?} {problem}. Write role=column, for instance --map url=URL,caption=TEXT. Roles: {}",
        roles()
    )]
    BadMap { part: String, problem: &'static str },
}

/// Names of all presets, each once, in alphabetical order.
pub fn preset_names() -> Vec<&'static str> {
    let mut names: Vec<_> = NAMED.iter().map(|preset| preset.name).collect();
    names.extend(POSITIONAL.iter().map(|preset| preset.name));
    names.sort_unstable();
    names.dedup();
    names
}

/// Decides what the columns mean. `--map` goes before `--preset`, that before a preset found by the column names,
/// that before a guess.
///
/// # Errors
/// Where the hints do not fit the columns, where nothing could be searched, or under `strict` instead of a guess.
/// Each error lists the columns found and, where it can, a `--map` to type.
pub fn decide(sample: &[Record], hints: &Hints) -> Result<Decision, ColumnsError> {
    let sample = &sample[..sample.len().min(SAMPLE_ROWS_MAX)];
    if sample.is_empty() {
        return Err(ColumnsError::NoRows);
    }
    let survey = Survey::of(sample);
    if !hints.map.is_empty() {
        return by_map(sample, &survey, hints.map);
    }
    if let Some(name) = hints.preset {
        return by_named_preset(sample, &survey, name);
    }
    if let Some((name, mapping)) = by_detection(&survey) {
        return Ok(decision(sample, mapping, DecidedBy::Preset(name), Vec::new()));
    }
    let guess = guess::guess(&survey, hints);
    let columns = survey.columns();
    let mapping = Mapping { bindings: guess.bindings };
    let searchable = mapping.bindings.iter().any(|binding| binding.role.is_searchable());
    if !searchable && !sample.iter().any(|record| record.picture.is_some()) {
        let example = map_example(&columns);
        return Err(ColumnsError::NothingSearchable { columns, example });
    }
    if hints.strict {
        return Err(ColumnsError::Strict { columns, example: map_flag(&mapping.bindings) });
    }
    let mut notes = guess.notes;
    if !mapping.bindings.is_empty() {
        notes.push(format!("to change this, give it yourself: {}", map_flag(&mapping.bindings)));
    }
    Ok(decision(sample, mapping, DecidedBy::Guess, notes))
}

fn decision(sample: &[Record], mapping: Mapping, decided_by: DecidedBy, mut notes: Vec<String>) -> Decision {
    let mut searchable: Vec<&'static str> = Role::ALL
        .into_iter()
        .filter(|role| role.is_searchable() && mapping.bindings.iter().any(|binding| binding.role == *role))
        .filter(|role| is_filled(*role, &mapping, sample))
        .map(Role::name)
        .collect();
    if sample.iter().any(|record| record.picture.is_some()) {
        searchable.push("picture");
    }
    if let DecidedBy::Preset(name) = decided_by {
        notes.push(format!("read as {name}: {}", map_flag(&mapping.bindings)));
    }
    Decision { mapping, decided_by, searchable, notes }
}

/// Digests and hashes count only where at least one sampled value is one: a shortened md5 finds nothing.
fn is_filled(role: Role, mapping: &Mapping, sample: &[Record]) -> bool {
    let exact = [Role::Md5, Role::Sha1, Role::Sha256, Role::Phash, Role::Pdq, Role::Dhash, Role::Ahash];
    if !exact.contains(&role) {
        return true;
    }
    let bindings = mapping.bindings.iter().filter(|binding| binding.role == role).cloned().collect();
    let alone = Mapping { bindings };
    sample.iter().any(|record| alone.fields(record) != Fields::default())
}

fn by_map(sample: &[Record], survey: &Survey, map: &[Binding]) -> Result<Decision, ColumnsError> {
    let mut bindings = Vec::with_capacity(map.len());
    for binding in map {
        let column = survey
            .spelled(&binding.column)
            .ok_or_else(|| ColumnsError::NoSuchColumn { column: binding.column.clone(), columns: survey.columns() })?;
        bindings.push(Binding { column, ..binding.clone() });
    }
    Ok(decision(sample, Mapping { bindings }, DecidedBy::Map, Vec::new()))
}

fn by_named_preset(sample: &[Record], survey: &Survey, name: &str) -> Result<Decision, ColumnsError> {
    let known = preset_names().into_iter().find(|known| known.eq_ignore_ascii_case(name));
    let known = known.ok_or_else(|| ColumnsError::UnknownPreset { name: name.to_owned() })?;
    let named = || NAMED.iter().filter(|preset| preset.name == known);
    let positional = || POSITIONAL.iter().filter(|preset| preset.name == known);
    let found = named()
        .find(|preset| fits_names(preset, survey))
        .map(|preset| bind_names(preset, survey))
        .or_else(|| positional().find(|preset| fits_shapes(preset, survey)).map(|preset| bind_places(preset, survey)))
        // Asked for by name, a preset may also be used where a mark is missing or the values look odd.
        .or_else(|| named().map(|preset| bind_names(preset, survey)).find(has_searchable))
        .or_else(|| {
            let fits = |preset: &&Positional| preset.shapes.len() == survey.top.len();
            positional().find(fits).map(|preset| bind_places(preset, survey))
        });
    let Some(mapping) = found else {
        let needs = named().map(|preset| preset.needs.join(" + "));
        let needs = needs.chain(positional().map(|preset| format!("{} columns without names", preset.shapes.len())));
        return Err(ColumnsError::PresetDoesNotFit {
            name: known,
            needs: needs.collect::<Vec<_>>().join(", or "),
            columns: survey.columns(),
            example: map_example(&survey.columns()),
        });
    };
    Ok(decision(sample, mapping, DecidedBy::Preset(known), Vec::new()))
}

fn by_detection(survey: &Survey) -> Option<(&'static str, Mapping)> {
    if survey.headerless {
        let preset = POSITIONAL.iter().find(|preset| fits_shapes(preset, survey))?;
        return Some((preset.name, bind_places(preset, survey)));
    }
    let fitting = NAMED.iter().filter(|preset| fits_names(preset, survey));
    fitting.map(|preset| (preset.name, bind_names(preset, survey))).find(|(_, mapping)| has_searchable(mapping))
}

fn has_searchable(mapping: &Mapping) -> bool {
    mapping.bindings.iter().any(|binding| binding.role.is_searchable())
}

fn fits_names(preset: &Named, survey: &Survey) -> bool {
    if preset.exact {
        let foreign = |name: &String| !preset.needs.contains(&name.as_str()) && !names::is_row_number(name);
        return preset.needs.iter().all(|need| survey.top.iter().any(|name| name == need))
            && !survey.top.iter().any(foreign);
    }
    let has = |name: &&str| survey.top_named(name).is_some();
    preset.needs.iter().all(has) && (preset.any_of.is_empty() || preset.any_of.iter().any(has))
}

fn bind_names(preset: &Named, survey: &Survey) -> Mapping {
    let bind = |(role, columns, transform): &(Role, &str, _)| {
        let column = columns.split('|').find_map(|column| survey.spelled(column))?;
        Some(Binding { role: *role, column, transform: *transform })
    };
    Mapping { bindings: preset.roles.iter().filter_map(bind).collect() }
}

fn fits_shapes(preset: &Positional, survey: &Survey) -> bool {
    survey.headerless
        && preset.shapes.len() == survey.top.len()
        && preset.shapes.iter().zip(&survey.top).all(|(shape, name)| {
            let Some(column) = survey.column(name) else { return *shape == Shape::Any };
            let share = match shape {
                Shape::Any => 1.0,
                Shape::Url => column.share(|seen| seen.url),
                Shape::Text => column.share(|seen| seen.words),
                Shape::Hex32 => column.share(|seen| seen.hex32),
                Shape::Hex64 => column.share(|seen| seen.hex64),
                Shape::Nsid => column.share(|seen| seen.nsid),
                Shape::Number => column.share(|seen| seen.number),
                Shape::Scores => column.share(|seen| seen.scores),
            };
            share >= SHAPE_SHARE_MIN
        })
}

fn bind_places(preset: &Positional, survey: &Survey) -> Mapping {
    let mut bindings: Vec<Binding> = Vec::with_capacity(preset.roles.len());
    for (role, place, transform) in preset.roles {
        let Some(column) = survey.top.get(*place) else { continue };
        let binding = Binding { role: *role, column: column.clone(), transform: *transform };
        if !bindings.contains(&binding) {
            bindings.push(binding);
        }
    }
    Mapping { bindings }
}

/// A `--map` to start from, made of the columns that are there.
fn map_example(columns: &[String]) -> String {
    match columns {
        [] => "--map url=COLUMN,caption=COLUMN".to_owned(),
        [only] => format!("--map caption={}", map_flag::quoted(only)),
        [first, second, ..] => {
            format!("--map url={},caption={}", map_flag::quoted(first), map_flag::quoted(second))
        }
    }
}

fn shown(columns: &[String]) -> String {
    let mut text = columns.iter().take(NAMES_SHOWN_MAX).map(String::as_str).collect::<Vec<_>>().join(", ");
    if columns.len() > NAMES_SHOWN_MAX {
        text.push_str(", and ");
        text.push_str(&(columns.len() - NAMES_SHOWN_MAX).to_string());
        text.push_str(" more");
    }
    text
}

fn roles() -> String {
    Role::ALL.map(Role::name).join(", ")
}

#[cfg(test)]
mod tests;
