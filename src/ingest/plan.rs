//! What a run is going to read: the files, and how the columns of each are understood.

use std::path::Path;

use crate::dataset::DatasetCard;
use crate::index::revision::FileProblem;
use crate::ingest::{IngestError, IngestRequest};
use crate::manifest::columns::{self, ColumnsError, DecidedBy, Hints};
use crate::manifest::{LeftOut, ManifestError, Source, card, survey};
use crate::mapping::Mapping;

/// Rows looked at to understand the columns of a file.
const SAMPLE_ROWS: usize = 200;

/// A file with the mapping it is read through.
#[derive(Debug, Clone)]
pub struct PlannedFile {
    pub source: Source,
    /// Index into [`Plan::mappings`].
    pub mapping: usize,
}

/// How columns are read, and who decided it.
#[derive(Debug, Clone)]
pub struct PlannedMapping {
    pub mapping: Mapping,
    pub decided_by: String,
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub files: Vec<PlannedFile>,
    pub mappings: Vec<PlannedMapping>,
    pub card: DatasetCard,
    /// Files of the given directories that are no manifests, or tables without anything to search by.
    pub left_out: Vec<FileProblem>,
    /// Files of the given directories that are called manifests and cannot be read at all.
    pub broken: Vec<FileProblem>,
}

/// What a file's first rows say of its columns.
enum Look {
    Mapping(usize),
    /// An empty or damaged file says nothing: whatever it holds is read as the other files are.
    Nothing(IngestError),
    /// A table that is about something else.
    Foreign(IngestError),
}

impl Plan {
    /// Finds the files and decides how each is read. Reads a few rows of every file.
    pub fn make(request: &IngestRequest) -> Result<Self, IngestError> {
        let survey = survey(&request.paths)?;
        let card_path = request.card.clone().or_else(|| card::find_card(&request.paths));
        let card = match card_path {
            Some(path) => card::read_card(&path)?,
            None => DatasetCard::default(),
        };
        let mut plan = Self { card, ..Self::default() };
        for LeftOut { path, reason, is_broken } in survey.left_out {
            let problem = FileProblem { file: name_of(&path, request), detail: reason };
            if is_broken { plan.broken.push(problem) } else { plan.left_out.push(problem) }
        }
        let mut first_error = None;
        for source in survey.sources {
            let mapping = match plan.look_at(&source, request)? {
                Look::Mapping(mapping) => mapping,
                Look::Nothing(error) => {
                    first_error.get_or_insert(error);
                    plan.mappings.len().saturating_sub(1)
                }
                Look::Foreign(error) => {
                    plan.left_out.push(FileProblem { file: source.name, detail: why_foreign(&error) });
                    first_error.get_or_insert(error);
                    continue;
                }
            };
            plan.files.push(PlannedFile { source, mapping });
        }
        match (first_error, plan.mappings.is_empty()) {
            (Some(error), true) => Err(error),
            (None, true) => {
                Err(IngestError::BadRequest("no manifest files were found under the given paths".to_owned()))
            }
            (_, false) => Ok(plan),
        }
    }

    fn look_at(&mut self, source: &Source, request: &IngestRequest) -> Result<Look, IngestError> {
        let sample = match source.sample(SAMPLE_ROWS) {
            Ok(sample) => sample,
            Err(error @ ManifestError::Damaged { .. }) => return Ok(Look::Nothing(error.into())),
            Err(error) => return Err(error.into()),
        };
        let hints = Hints {
            file_name: &source.name,
            preset: request.preset.as_deref(),
            map: &request.map,
            strict: request.strict,
            card: Some(&self.card),
        };
        let decision = match columns::decide(&sample, &hints) {
            Ok(decision) => decision,
            Err(problem) => {
                let is_named = request.paths.contains(&source.path);
                let foreign = !is_named && is_foreign(&problem, request);
                let nothing = problem == ColumnsError::NoRows;
                let error = IngestError::Columns { file: source.name.clone(), source: problem };
                return match (nothing, foreign) {
                    (true, _) => Ok(Look::Nothing(error)),
                    (_, true) => Ok(Look::Foreign(error)),
                    _ => Err(error),
                };
            }
        };
        if let Some(known) = self.mappings.iter().position(|known| known.mapping == decision.mapping) {
            return Ok(Look::Mapping(known));
        }
        let decided_by = match decision.decided_by {
            DecidedBy::Preset(name) => format!("preset {name}"),
            DecidedBy::Map => "--map".to_owned(),
            DecidedBy::Guess => "guess".to_owned(),
        };
        self.mappings.push(PlannedMapping { mapping: decision.mapping, decided_by, notes: decision.notes });
        Ok(Look::Mapping(self.mappings.len() - 1))
    }
}

/// Is a table found in a directory about something else than what is taken in? Where `--map` names at least one of
/// its columns it is meant, and then the map is wrong.
fn is_foreign(problem: &ColumnsError, request: &IngestRequest) -> bool {
    match problem {
        ColumnsError::NothingSearchable { .. } | ColumnsError::PresetDoesNotFit { .. } => true,
        ColumnsError::NoSuchColumn { columns, .. } => {
            !request.map.iter().any(|binding| columns.iter().any(|column| column.eq_ignore_ascii_case(&binding.column)))
        }
        _ => false,
    }
}

fn why_foreign(error: &IngestError) -> String {
    match error {
        IngestError::Columns { source, .. } => source.to_string(),
        other => other.to_string(),
    }
}

/// A file's path below the argument it was found under.
fn name_of(path: &Path, request: &IngestRequest) -> String {
    let below = request.paths.iter().find_map(|argument| path.strip_prefix(argument).ok());
    below.unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan_of(files: &[(&str, &str)], map: &str) -> Result<Plan, IngestError> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let map = if map.is_empty() { Vec::new() } else { columns::parse_map(map).unwrap() };
        let paths = vec![folder.path().to_owned()];
        let (dataset, revision) = ("d".to_owned(), "r".to_owned());
        let limits = crate::image_hash::DecodeLimits::default();
        let (title, preset, card) = (None, None, None);
        Plan::make(&IngestRequest {
            paths,
            dataset,
            revision,
            title,
            preset,
            map,
            strict: false,
            card,
            threads: 1,
            text_heap_bytes: 0,
            index_windows: false,
            limits,
        })
    }

    const FULL: &str = "url,caption\nhttps://a.example/1.jpg,a cat\nhttps://a.example/2.jpg,a dog\n";
    const SIDE: &str = "edited,distance\n1.jpg,3\n2.jpg,4\n";

    #[test]
    fn empty_shards_before_full_ones_are_read_as_the_full_ones() {
        let plan = plan_of(&[("0.csv", ""), ("1.csv", "url,caption\n"), ("2.csv", FULL)], "").unwrap();
        assert_eq!((plan.files.len(), plan.mappings.len()), (3, 1));
        assert!(plan.files.iter().all(|file| file.mapping == 0));
        assert!(plan_of(&[("0.csv", "")], "").unwrap_err().to_string().contains("no rows"));
    }

    #[test]
    fn a_broken_shard_is_told_and_does_not_stop_the_others() {
        let page = "<!doctype html><p>404</p>";
        let plan = plan_of(&[("0.parquet", page), ("1.csv", FULL), ("2.zip", "PK\u{3}\u{4}")], "").unwrap();
        assert_eq!(plan.files.len(), 1);
        assert_eq!((plan.broken[0].file.as_str(), plan.left_out[0].file.as_str()), ("0.parquet", "2.zip"));
    }

    #[test]
    fn a_side_table_is_left_out_unless_nothing_else_is_there_or_the_map_means_it() {
        let files = [("data.csv", FULL), ("side.csv", SIDE)];
        let plan = plan_of(&files, "").unwrap();
        assert_eq!((plan.files.len(), plan.left_out[0].file.as_str()), (1, "side.csv"));
        assert_eq!(plan_of(&files, "url=url").unwrap().left_out.len(), 1);
        assert!(plan_of(&files, "url=url,caption=edited").is_err());
        assert!(plan_of(&[("side.csv", SIDE)], "").unwrap_err().to_string().contains("--map"));
    }
}
