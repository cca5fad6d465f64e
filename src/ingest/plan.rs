//! What a run is going to read: the files, and how the columns of each are understood.

use crate::dataset::DatasetCard;
use crate::ingest::{IngestError, IngestRequest};
use crate::manifest::columns::{self, ColumnsError, DecidedBy, Hints};
use crate::manifest::{ManifestError, Source, card, discover};
use crate::mapping::Mapping;
use crate::record::Record;

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

#[derive(Debug, Clone)]
pub struct Plan {
    pub files: Vec<PlannedFile>,
    pub mappings: Vec<PlannedMapping>,
    pub card: DatasetCard,
}

impl Plan {
    /// Finds the files and decides how each is read. Reads a few rows of every file.
    pub fn make(request: &IngestRequest) -> Result<Self, IngestError> {
        let sources = discover(&request.paths)?;
        if sources.is_empty() {
            return Err(IngestError::BadRequest("no manifest files were found under the given paths".to_owned()));
        }
        let card_path = request.card.clone().or_else(|| card::find_card(&request.paths));
        let card = match card_path {
            Some(path) => card::read_card(&path)?,
            None => DatasetCard::default(),
        };
        let mut plan = Self { files: Vec::with_capacity(sources.len()), mappings: Vec::new(), card };
        let mut damage = None;
        for source in sources {
            // A file without a readable row says nothing about columns and has none to misread. What is wrong with it
            // is told when its turn to be read comes.
            let mapping = match source.sample(SAMPLE_ROWS) {
                Ok(sample) if sample.is_empty() => 0,
                Ok(sample) => plan.mapping_for(&source, &sample, request)?,
                Err(error @ ManifestError::Damaged { .. }) => {
                    damage.get_or_insert(error);
                    0
                }
                Err(error) => return Err(error.into()),
            };
            plan.files.push(PlannedFile { source, mapping });
        }
        match (plan.mappings.is_empty(), damage, plan.files.first()) {
            (true, Some(damage), _) => Err(damage.into()),
            (true, None, Some(file)) => {
                Err(IngestError::Columns { file: file.source.name.clone(), source: ColumnsError::NoRows })
            }
            _ => Ok(plan),
        }
    }

    fn mapping_for(
        &mut self,
        source: &Source,
        sample: &[Record],
        request: &IngestRequest,
    ) -> Result<usize, IngestError> {
        let hints = Hints {
            file_name: &source.name,
            preset: request.preset.as_deref(),
            map: &request.map,
            strict: request.strict,
            card: Some(&self.card),
        };
        let decision = columns::decide(sample, &hints)
            .map_err(|error| IngestError::Columns { file: source.name.clone(), source: error })?;
        if let Some(known) = self.mappings.iter().position(|known| known.mapping == decision.mapping) {
            return Ok(known);
        }
        let decided_by = match decision.decided_by {
            DecidedBy::Preset(name) => format!("preset {name}"),
            DecidedBy::Map => "--map".to_owned(),
            DecidedBy::Guess => "guess".to_owned(),
        };
        self.mappings.push(PlannedMapping { mapping: decision.mapping, decided_by, notes: decision.notes });
        Ok(self.mappings.len() - 1)
    }
}
